"""The times of words leave with the words of the clean transcript, and with no other word."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.export_input import read_export_input
from handoff.spoken_words import TimedWord, estimate_words, read_spoken_words, time_words
from study import (
    VOUCHED_FOR,
    ArtefactKind,
    Category,
    DecidedMention,
    Decision,
    Mention,
    Provenance,
    Transcript,
    Turn,
    Verdict,
    Word,
)
from study.store import Study, TranscriptEditor

SAID = (
    Word(" Rose", 2.53, 2.81, 0.9),
    Word(" O'Neill's", 2.84, 3.47, 0.7),
    Word(" son", 3.52, 3.7, 0.9),
    Word(" did.", 3.7, 4.0, 0.9),
)
TURN = Turn(2, "P07", 2.5, 5.0, "Rose O'Neill's son did.", SAID)


def replaced(start: int, end: int, words: str) -> DecidedMention:
    mention = Mention("m", 2, start, end, Category.PERSON, "names", 0.9, words)
    return DecidedMention(mention, Decision("m", Verdict.ACCEPTED, 1, "t"))


def test_a_replacement_is_one_word_with_the_time_of_its_passage_in_tenths() -> None:
    words = time_words(TURN, [replaced(0, 12, "[Person 1, aunt]")], "[Person 1, aunt]'s son did.")

    assert words == (
        TimedWord("[Person 1, aunt]'s", 2.5, 3.5),
        TimedWord("son", 3.52, 3.7),
        TimedWord("did.", 3.7, 4.0),
    )


def test_a_replacement_leaves_the_times_of_the_words_beside_it_alone() -> None:
    (_, name, after, _) = time_words(TURN, [replaced(5, 12, "[N]")], "Rose [N]'s son did.")

    assert name == TimedWord("[N]'s", 2.81, 3.5)
    assert after == TimedWord("son", 3.52, 3.7)


def test_what_a_person_typed_is_marked_as_estimated() -> None:
    typed = Word(" son", 3.52, 3.7, VOUCHED_FOR)
    turn = Turn(2, "P07", 2.5, 5.0, "Rose O'Neill's son did.", (*SAID[:2], typed, SAID[3]))

    words = time_words(turn, [], turn.text, frozenset({(3.52, 3.7)}))

    assert [word.is_estimated for word in words] == [False, False, True, False]


def test_what_the_sound_has_no_word_for_shares_the_pause_it_stands_in() -> None:
    turn = Turn(2, "P07", 0.0, 9.0, "Well, my dear, yes.", (
        Word(" Well,", 0.0, 1.0, 0.9), Word(" yes.", 3.0, 4.0, 0.9),
    ))  # fmt: skip

    words = time_words(turn, [], turn.text)

    assert [(w.text, w.start_s, w.is_estimated) for w in words] == [
        ("Well,", 0.0, False), ("my", 1.0, True), ("dear,", pytest.approx(1.0 + 4 / 7), True),
        ("yes.", 3.0, False),
    ]  # fmt: skip


def test_fillers_that_are_left_out_take_no_time_from_the_words_around_them() -> None:
    said = tuple(
        Word(f" {text}", float(at), at + 0.9, 0.8)
        for at, text in enumerate(["Um,", "I", "I", "think,", "er,", "so."])
    )
    turn = Turn(1, "P07", 0.0, 6.0, "Um, I I think, er, so.", said)

    words = time_words(turn, [], "I think, so.")

    assert [(w.text, w.start_s) for w in words][-2:] == [("think,", 3.0), ("so.", 5.0)]
    assert not any(word.is_estimated for word in words)


def test_a_turn_without_times_of_words_shares_its_time_by_letters() -> None:
    assert estimate_words("a bbb", 4.0, 6.0) == (
        TimedWord("a", 4.0, 4.5, is_estimated=True),
        TimedWord("bbb", 4.5, 6.0, is_estimated=True),
    )


TOKENS = st.lists(
    st.sampled_from(["Rose", "did.", "Um,", "five-", "caf\u00e9", "it's"]), min_size=1, max_size=8
)


@given(TOKENS, st.data())
def test_the_words_are_the_clean_text_and_lie_in_order_within_the_turn(
    tokens: list[str], data: st.DataObject
) -> None:
    text = " ".join(tokens)
    times = sorted(
        data.draw(st.lists(st.floats(0, 9), min_size=2 * len(tokens), max_size=2 * len(tokens)))
    )
    said = tuple(Word(f" {t}", times[2 * i], times[2 * i + 1], 0.5) for i, t in enumerate(tokens))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), unique=True, max_size=6)))
    mentions = [
        replaced(start, end, data.draw(st.sampled_from(["[A]", "[Person 1, aunt]", "", "x y"])))
        for start, end in list(pairwise(cuts))[::2]
    ]
    clean, done = "", 0
    for one in mentions:
        clean += text[done : one.mention.start] + one.replacement
        done = one.mention.end
    clean += text[done:]

    words = time_words(Turn(1, "P07", 1.0, 8.0, text, said), mentions, clean)

    assert " ".join(word.text for word in words) == " ".join(clean.split())
    bounds = [at for word in words for at in (word.start_s, word.end_s)]
    assert bounds == sorted(bounds)
    assert all(1.0 <= at <= 8.0 for at in bounds)


def test_an_interview_hands_over_the_times_of_its_clean_words(study: Study, decided: str) -> None:
    handle = study.interview(decided)
    raw = handle.read_artefact(ArtefactKind.RAW, Transcript)
    assert raw is not None
    said = tuple(
        Word(f" {word}", 2.5 + i / 4, 2.7 + i / 4, 0.9)
        for i, word in enumerate(raw.turns[1].text.split())
    )
    one, two = raw.turns
    turns = (one, Turn(two.key, two.speaker, two.start_s, two.end_s, two.text, said))
    with handle.change("made for a test") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, Provenance("t", "e")))

    first, second = read_export_input(handle, date(2026, 11, 25)).lines

    assert first.words == ()
    assert [word.text for word in second.words] == [
        "[Person 1]", "did.", "My", "number", "is", "[Phone number 1].",
    ]  # fmt: skip
    assert second.words[1] == TimedWord("did.", 3.0, 3.2)


def test_a_word_that_was_typed_is_estimated_and_one_that_was_confirmed_is_not(
    study: Study, decided: str
) -> None:
    handle = study.interview(decided)
    said = tuple(Word(f" {w}", i, i + 0.5, 0.4) for i, w in enumerate(["Who", "told", "you?"]))
    turn = Turn(1, "INT01", 0.0, 4.0, "Who told you?", said)
    with handle.change("made for a test") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript((turn,), Provenance("t", "e")))
    editor = TranscriptEditor(handle)
    editor.set_text(1, "Who then told you?")
    editor.confirm_doubtful_turn(1)

    words = read_spoken_words(handle, {1: "Who then told you?"})[1]

    assert [(word.text, word.start_s, word.is_estimated) for word in words] == [
        ("Who", 0.0, False), ("then", 0.5, True), ("told", 1.0, False), ("you?", 2.0, False),
    ]  # fmt: skip
