"""What may be a misheard name is on the risk sheet, the likeliest first, and is no question.

The lines were said by a synthetic voice and heard by tiny.en; a number after "/" is the probability
that it gave a word.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from anonymise.keep_list import load_shipped_keep_list
from anonymise.mention_decisions import accept_all_mentions
from anonymise.misheard_passages import MOST_IN_1000, rank_passages
from anonymise.risk_sheet import Concern, build_risk_sheet
from anonymise.search import search_transcript
from study import ArtefactKind, InterviewDetails, Participant, Provenance, Transcript, Turn, Word
from study.store import Study
from tests.anonymise.spoken_lines import TABLES

_SURE = 0.97
_TOKEN = re.compile(r"(\S+?)(?:/(\.\d+)([^\s/]*))?(\s+|$)")
# Nothing near tells that a name was said, or the model was sure of its words.
_OPEN = ("Professor Eggman leads on Mondays.",)


def make_turn(line: str, key: int = 1) -> Turn:
    """Return a turn with the probability of each word that has one."""
    plain = re.sub(r"[\[\]{}]", "", line)
    words = tuple(
        Word(f"{m[1]}{m[3] or ''}{m[4]}", n, n + 1, float(m[2] or _SURE))
        for n, m in enumerate(_TOKEN.finditer(plain))
    )
    return Turn(key, "P07", 0, len(words), "".join(word.text for word in words), words)


def list_passages(*turns: Turn, names: tuple[str, ...] = ()) -> list[str]:
    ranked = rank_passages([(turn, ()) for turn in turns], names, load_shipped_keep_list())
    return [one.turn.text[one.start : one.end] for one in ranked]


def rows(table: str) -> list[str]:
    lines = (TABLES / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#"]


def list_marked(line: str) -> list[str]:
    return re.findall(r"\[([^\]]+)\]", re.sub(r"/\.\d+", "", line))


@pytest.mark.parametrize("line", rows("misheard"))
def test_what_was_said_for_a_name_is_in_a_passage(line: str) -> None:
    turn = make_turn(line)
    listed = list_passages(turn)
    missed = [
        words
        for words in list_marked(line)
        if not any(one in words or words in one for one in listed)
    ]
    assert bool(missed) == (turn.text in _OPEN)


def test_words_that_the_model_was_sure_of_and_that_tell_nothing_are_in_none() -> None:
    assert (
        list_passages(
            make_turn("It rained from start to finish, and/.7 we played in/.6 the house.")
        )
        == []
    )


@pytest.mark.parametrize(
    "line",
    [
        "Yes./.2", "Oh,/.3 right./.4", "Alright/.4 then?", "No,/.2 no./.3", "Okay,/.3 thanks./.4",
        "Oh./.1", "Yeah,/.3 yeah,/.3 yeah.", "Well,/.2 I was there.", "Um,/.2 er,/.2 yes./.5",
    ],
)  # fmt: skip
def test_an_answer_alone_hides_no_name(line: str) -> None:
    """The officer read "yes" and "Oh" as words that may be a misheard name."""
    assert list_passages(make_turn(line)) == []


def test_a_name_in_an_answer_stays_in_a_passage() -> None:
    assert list_passages(make_turn("Oh,/.3 gets/.3 incomes/.3 at long,/.4 yes./.3"))


def test_a_turn_that_a_person_vouches_for_has_none() -> None:
    turn = make_turn("My friend gets/.3 incomes/.3 at long/.4 and his dog.")
    vouched = replace(turn, words=tuple(replace(word, probability=1.0) for word in turn.words))
    assert list_passages(turn)
    assert list_passages(vouched) == []


def test_the_likeliest_come_first_and_there_are_no_more_than_somebody_reads() -> None:
    words = ("capability", "diagonal", "harmony", "victory", "melody", "gravity", "density")
    lines = [f"It was very {word}/.3{n} in that room for us." for n in range(9) for word in words]
    turns = [make_turn(line, n) for n, line in enumerate(lines, 1)]
    listed = list_passages(*turns, make_turn("We used to live near harmony/.1 stall/.2 then.", 99))
    assert "harmony stall" in listed[0]
    said = sum(len(turn.text.split()) for turn in turns) + 8
    assert len(listed) == round(said * MOST_IN_1000 / 1000)


def test_words_that_sound_like_a_town_are_in_one_where_a_town_stands() -> None:
    assert list_passages(make_turn("They took him to work in turn, and/.7 a nurse came.")) == [
        "work in turn"
    ]


def test_words_that_sound_like_a_name_of_the_study_come_first() -> None:
    turns = (
        make_turn("And cereal hit/.7 the ceiling."),
        make_turn("It was in capability/.4 then.", 2),
    )
    assert "cereal" not in list_passages(*turns)[0]
    assert "cereal" in list_passages(*turns, names=("cyril",))[0]


def hear(study: Study, *turns: Turn, names: tuple[str, ...] = ()) -> None:
    with study.change("heard") as change:
        people = (Participant("P07", names=names),) if names else ()
        interview = change.add_interview(InterviewDetails("I1", people))
        heard = Transcript(turns, Provenance("transcribe", "test", model="whisper-x"))
        change.write_artefact(ArtefactKind.RAW, heard)
    search_transcript(study.interview(interview), name_model=None)
    accept_all_mentions(study.interview(interview))


def words(study: Study, concern: Concern) -> list[str]:
    return [one.words for one in build_risk_sheet(study) if one.concern is concern]


def test_a_passage_is_on_the_risk_sheet_and_holds_nothing_that_was_replaced(study: Study) -> None:
    turn = make_turn("She found him a place adding/.2 Entwistle near/.4 a/.2 ribbon/.3 there.")
    hear(study, turn, names=("Mary Entwistle",))
    listed = words(study, Concern.MISHEARD)
    assert any("ribbon" in one for one in listed)
    assert not any("Entwistle" in one for one in listed)


def test_a_rare_word_in_a_passage_is_not_listed_twice(study: Study) -> None:
    hear(study, make_turn("I went to the smirnaby/.2 stall/.2 as well."))
    assert words(study, Concern.RARE) == []
    assert words(study, Concern.MISHEARD) == ["smirnaby stall"]


def test_national_bodies_months_and_years_are_on_the_risk_sheet(study: Study) -> None:
    hear(study, make_turn("I rang the Salvation Army, and they took the licence in July for good."))
    assert [one.removeprefix("the ") for one in words(study, Concern.BODY)] == ["Salvation Army"]
    assert words(study, Concern.TIME) == ["July"]
