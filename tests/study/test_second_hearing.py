"""A second hearing beside what stands: which words go to which turn, and taking them over."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.artefact_kinds import ArtefactKind
from study.edits import EditKind
from study.errors import NotHeardAgain
from study.records import (
    DoubtFlag,
    InterviewDetails,
    Provenance,
    Recognition,
    Transcript,
    Turn,
    Word,
)
from study.screen_text import parse_clock
from study.second_hearing import SecondHearing, compare_hearing, fit_passage
from study.store.keys import Argon2Cost
from study.store.study import Interview, Study
from study.store.transcript_editor import TranscriptEditor
from study.store.transcripts import is_worked_on, read_newest_transcript
from study.store.verification import verify_study

MADE_BY = Provenance("transcribe", "earshot tests", "tiny.en", "ab" * 32)


def turn(
    key: int,
    start_s: float,
    text: str,
    speaker: str = "P07",
    flags: tuple[DoubtFlag, ...] = (),
) -> Turn:
    """Make a turn with a word each half second."""
    words = tuple(
        Word(f" {word}" if n else word, start_s + n / 2, start_s + n / 2 + 0.4, 0.9)
        for n, word in enumerate(text.split())
    )
    return Turn(key, speaker, start_s, words[-1].end_s, text, words, flags)


def heard(*turns: Turn, start_s: float = 0.0, end_s: float = 100.0) -> SecondHearing:
    return SecondHearing(start_s, end_s, (start_s, end_s), Transcript(turns, MADE_BY))


STANDING = (
    turn(1, 0.0, "How did you hear of it", "INT01"),
    turn(2, 5.0, "My sister told me about the collage"),
    turn(3, 12.0, "No"),
)


def pairs(turns: tuple[Turn, ...], hearing: SecondHearing) -> dict[str, str | None]:
    return {
        one.number: one.heard.text if one.heard else None for one in compare_hearing(turns, hearing)
    }


def test_each_word_goes_to_the_turn_that_stands_at_its_time() -> None:
    hearing = heard(
        turn(1, 0.1, "How did you hear about it", "S?"),
        turn(2, 5.1, "My sister told me about the college", "S?"),
        turn(3, 11.9, "No", "S?"),
    )

    compared = compare_hearing(STANDING, hearing)

    assert [one.heard.text if one.heard else "" for one in compared] == [
        "How did you hear about it", "My sister told me about the college", "No",
    ]  # fmt: skip
    assert [(one.number, one.speaker) for one in compared] == [
        ("1", "INT01"), ("2", "P07"), ("3", "P07"),
    ]  # fmt: skip
    assert [one.is_offered for one in compared] == [True, True, False]


def test_one_heard_turn_is_parted_where_two_stand() -> None:
    hearing = heard(turn(1, 5.5, "My sister told me of the college there and I said No"))

    assert pairs(STANDING, hearing) == {
        "1": None,
        "2": "My sister told me of the college there",
        "+1": "and I said",  # too far from both
        "3": "No",
    }


def test_a_word_heard_a_little_early_stays_in_the_turn_that_has_it() -> None:
    standing = (turn(1, 0.0, "I went there"), turn(2, 1.5, "yesterday with Tom"))
    early = turn(1, -0.2, "I went there yesterday with Tom")

    assert pairs(standing, heard(early, start_s=-1.0)) == {
        "1": "I went there",
        "2": "yesterday with Tom",
    }


def test_where_two_speak_at_once_each_word_goes_to_its_own_speaker() -> None:
    standing = (turn(1, 0.0, "one two three four five six", "A"), turn(2, 1.0, "yes yes", "B"))
    hearing = heard(turn(1, 0.0, "one too three for five six", "A"), turn(2, 1.0, "yes guess", "B"))

    assert pairs(standing, hearing) == {"1": "one too three for five six", "2": "yes guess"}


def test_words_in_what_stood_as_a_silence_become_a_turn_of_their_own() -> None:
    hearing = heard(turn(7, 20.0, "Not at all", "S?"))

    added = compare_hearing(STANDING, hearing)[-1]

    assert (added.number, added.stands) == ("+7", None)
    assert added.heard is not None
    assert added.heard.text == "Not at all"


def test_a_turn_that_reaches_beyond_the_passage_keeps_its_words_there() -> None:
    doubt = (DoubtFlag("loop"),)
    standing = (turn(1, 0.0, "one two three four five six", flags=doubt),)
    hearing = heard(turn(1, 1.0, "THREE FOUR"), start_s=0.95, end_s=1.95)

    (one,) = compare_hearing(standing, hearing)

    assert one.heard is not None
    assert one.heard.text == "one two THREE FOUR five six"
    assert (one.heard.start_s, one.heard.end_s) == (standing[0].start_s, standing[0].end_s)
    assert one.heard.flags == doubt  # it is about words that stayed


def test_where_a_part_of_a_turn_was_not_heard_nothing_is_offered() -> None:
    (one,) = compare_hearing((turn(1, 0.0, "one two three four"),), heard(start_s=0.95, end_s=1.45))

    assert one.heard is not None
    assert one.heard.text == "one two four"
    assert not one.is_offered


def test_a_turn_that_was_heard_earlier_stays_behind_the_heading_before_it() -> None:
    (one,) = compare_hearing(STANDING[2:], heard(turn(1, 11.5, "Oh no")))

    assert one.heard is not None
    assert one.heard.text == "Oh no"
    assert one.heard.start_s == STANDING[2].start_s
    assert min(word.start_s for word in one.heard.words) == STANDING[2].start_s


def test_other_commas_and_capitals_are_the_same_words_and_not_offered() -> None:
    (one,) = compare_hearing((turn(1, 0, "Yes, I do."),), heard(turn(1, 0, "yes I do")))

    assert one.is_same
    assert not one.is_offered


def test_a_turn_in_which_nothing_was_heard_is_shown_and_never_offered() -> None:
    compared = compare_hearing(STANDING, heard())

    assert [one.heard for one in compared] == [None, None, None]
    assert not any(one.is_offered for one in compared)


def test_the_doubts_of_the_words_that_were_heard_come_with_them() -> None:
    doubt = (DoubtFlag("unsure"),)
    (one,) = compare_hearing(STANDING[2:], heard(turn(1, 12.0, "Now", flags=doubt)))

    assert one.heard is not None
    assert one.heard.flags == doubt


def test_other_words_of_a_draft_are_marked_and_the_same_words_are_not() -> None:
    quick = heard(turn(2, 5.0, "My sister told me about the college"), turn(3, 12.0, "No"))
    drafted = replace(quick.heard, recognition=Recognition(is_draft=True))

    compared = compare_hearing(STANDING[1:], replace(quick, heard=drafted))

    kinds = [[flag.kind for flag in one.heard.flags] for one in compared if one.heard]
    assert kinds == [["draft"], []]
    assert not any(one.heard.flags for one in compare_hearing(STANDING[1:], quick) if one.heard)


def test_the_edges_of_a_passage_move_into_the_pauses() -> None:
    start_s, end_s = fit_passage(STANDING, (5.4, 11.5))

    assert STANDING[0].end_s < start_s < STANDING[1].start_s
    assert STANDING[1].end_s < end_s < STANDING[2].start_s


def test_a_passage_holds_turns_without_times_of_words_whole() -> None:
    untimed = Turn(4, "P07", 20.0, 30.0, "Typed elsewhere.")

    assert fit_passage((*STANDING, untimed), (25.0, 40.0)) == (20.0, 40.0)


_WORDS = st.lists(st.sampled_from(["a", "b", "c", "one", "two", "Ann"]), min_size=1, max_size=8)


@given(
    texts=st.lists(_WORDS, min_size=1, max_size=6),
    joined=st.booleans(),
    edges=st.tuples(st.floats(0, 30), st.floats(0.5, 30)),
)
def test_hearing_the_same_words_again_changes_nothing(
    texts: list[list[str]],
    joined: bool,  # noqa: FBT001 - hypothesis hands it in
    edges: tuple[float, float],
) -> None:
    standing: list[Turn] = []
    for key, words in enumerate(texts, 1):
        start_s = standing[-1].end_s + 0.6 if standing else 0.0
        standing.append(turn(key, round(start_s, 3), " ".join(words)))
    passage = fit_passage(standing, (edges[0], edges[0] + edges[1]))
    words = tuple(
        Word(f" {word.text.strip()}", word.start_s, word.end_s, 0.5)
        for one in standing
        for word in one.words
        if passage[0] <= (word.start_s + word.end_s) / 2 < passage[1]
    )
    runs = [words] if joined else [(word,) for word in words]
    turns = [
        Turn(n, "S?", run[0].start_s, run[-1].end_s, "", run) for n, run in enumerate(runs) if run
    ]

    compared = compare_hearing(standing, heard(*turns, start_s=passage[0], end_s=passage[1]))

    assert [one.heard.text if one.heard else "" for one in compared] == [
        one.stands.text if one.stands else None for one in compared
    ]


@pytest.fixture
def interview(study: Study) -> Interview:
    """An interview with three turns, and a hearing of them all."""
    with study.change("transcribed") as change:
        made = change.add_interview(InterviewDetails("P07_i1"))
        change.write_artefact(ArtefactKind.RAW, Transcript(STANDING, MADE_BY))
    hearing = heard(
        turn(1, 5.0, "My sister told me about the college"), turn(2, 20.0, "Not at all")
    )
    with study.interview(made).change("heard again") as change:
        change.write_artefact(ArtefactKind.HEARING, hearing)
    return study.interview(made)


def said(interview: Interview) -> dict[int, str]:
    source = read_newest_transcript(interview)
    assert source is not None
    return {one.key: one.text for one in source.transcript.turns}


def test_a_turn_taken_over_is_one_edit_that_can_be_undone_and_done_again(
    interview: Interview,
) -> None:
    before = said(interview)
    editor = TranscriptEditor(interview)

    assert editor.take_heard_turns(1, ["2", "+2"]) == {2, 4}
    taken = said(interview)
    assert taken == before | {2: "My sister told me about the college", 4: "Not at all"}
    assert editor.state.undoable is EditKind.HEARD
    assert [edit.hearing for edit in editor.state.standing] == [1]
    editor.undo()
    assert said(interview) == before
    editor.redo()
    assert said(interview) == taken
    assert verify_study(interview.study) == []


def test_a_turn_without_words_goes_only_where_its_number_is_named(interview: Interview) -> None:
    editor = TranscriptEditor(interview)

    editor.take_heard_turns(1, ["3"])

    assert 3 not in said(interview)
    editor.undo()
    assert said(interview)[3] == "No"


def test_a_correction_made_meanwhile_elsewhere_is_kept(interview: Interview) -> None:
    TranscriptEditor(interview).set_text(1, "How did you come to hear of it")

    TranscriptEditor(interview).take_heard_turns(1, ["2"])

    assert said(interview)[1] == "How did you come to hear of it"
    assert said(interview)[2] == "My sister told me about the college"


@pytest.mark.parametrize(("version", "numbers"), [(2, ["2"]), (1, ["9"]), (1, ["+9", "2"])])
def test_what_was_not_heard_cannot_be_taken_over(
    interview: Interview, version: int, numbers: list[str]
) -> None:
    before = said(interview)

    with pytest.raises(NotHeardAgain):
        TranscriptEditor(interview).take_heard_turns(version, numbers)

    assert said(interview) == before


def test_taking_over_what_is_the_same_makes_no_edit(interview: Interview) -> None:
    editor = TranscriptEditor(interview)
    editor.take_heard_turns(1, ["2"])

    assert editor.take_heard_turns(1, ["2"]) == frozenset()
    assert editor.state.edits == 1


def test_an_interview_is_worked_on_from_the_first_correction_until_it_is_undone(
    interview: Interview,
) -> None:
    editor = TranscriptEditor(interview)

    assert not is_worked_on(interview)
    editor.set_text(3, "Never")
    assert is_worked_on(interview)
    editor.undo()
    assert not is_worked_on(interview)


_TAKER = """
import os, signal, sys
from pathlib import Path
from study.store.transcript_editor import TranscriptEditor
from study.store.study import Study
with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    editor = TranscriptEditor(study.interview("P07_i1"))
    editor.take_heard_turns(1, sys.argv[3].split(","))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_heard_and_taken_over_survives_kills(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    folder = tmp_path / "killed"
    study, _ = Study.create(folder, passphrase, cost=cheap)
    with study:
        with study.change("transcribed") as change:
            made = change.add_interview(InterviewDetails("P07_i1"))
            change.write_artefact(ArtefactKind.RAW, Transcript(STANDING, MADE_BY))
        with study.interview(made).change("heard again") as change:
            change.write_artefact(
                ArtefactKind.HEARING, heard(turn(1, 5.0, "My sister told me"), turn(2, 12, "Now"))
            )

    for number in ("2", "3"):  # each in a process of its own, which is killed at once
        killed = subprocess.run(
            [sys.executable, "-P", "-c", _TAKER, str(folder), passphrase, number], check=False
        )
        assert killed.returncode == -9

    with Study.open(folder, passphrase) as opened:
        texts = said(opened.interview(made))
        assert (texts[2], texts[3]) == ("My sister told me", "Now")
        assert verify_study(opened) == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("12:30", 750.0), ("1:02:03", 3723.0), ("750", 750.0), ("12:30.5", 750.5), (" 0:05 ", 5.0)],
)
def test_a_time_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert parse_clock(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "x", "12:60", "1:60:00", "-5", "1:2:3:4", "nan", "12.30:1", "1e3", "\u0661"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        parse_clock(text)
