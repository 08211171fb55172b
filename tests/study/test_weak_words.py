"""Words of which the model was not sure keep their probability until a person vouches for them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from study import (
    UNSURE,
    WEAK_PROBABILITY,
    ArtefactKind,
    DoubtFlag,
    FindReplace,
    InterviewDetails,
    Provenance,
    Transcript,
    Turn,
    Word,
    find_weak_words,
)
from study.store import Study, TranscriptEditor, read_newest_transcript
from study.turn_words import StoredWords

LOOP = DoubtFlag("loop")


def turn(key: int, text: str, *probabilities: float, flags: tuple[DoubtFlag, ...] = ()) -> Turn:
    words = tuple(
        Word(f" {word}", 10.0 * key + n, 10.0 * key + n + 0.5, probability)
        for n, (word, probability) in enumerate(zip(text.split(), probabilities, strict=True))
    )
    return Turn(key, "P07", 10.0 * key, 10.0 * key + len(words), text, words, flags)


TURNS = (
    turn(1, "We went to Skippden, by bus", 0.9, 0.9, 0.9, 0.2, 0.4, 0.9, flags=(UNSURE, LOOP)),
    turn(2, "Yes, I think so.", 0.9, 0.9, 0.9, 0.9),
    turn(3, "Oh Hepden Brige then", 0.9, 0.1, 0.3, 0.9, flags=(UNSURE,)),
)


@pytest.fixture
def pen(study: Study) -> Iterator[TranscriptEditor]:
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P07_i1"))
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(
            ArtefactKind.RAW, Transcript(TURNS, Provenance("transcribe", "earshot", "tiny.en"))
        )
    yield TranscriptEditor(study.interview(interview))
    kept = read_newest_transcript(study.interview(interview))
    assert kept is not None
    assert kept.transcript.turns[0].words[0].probability in {0.9, 1.0}


def weak(pen: TranscriptEditor) -> list[list[str]]:
    return [
        [t.text[start:end] for start, end, _ in find_weak_words(t)] for t in pen.transcript.turns
    ]


def test_a_weak_word_is_found_with_its_place_and_probability() -> None:
    assert find_weak_words(TURNS[0]) == [(11, 20, 0.2), (21, 23, 0.4)]
    assert find_weak_words(turn(1, "so so", WEAK_PROBABILITY, 0.49)) == [(3, 5, 0.49)]
    assert find_weak_words(turn(1, "well -", 0.9, 0.1)) == []  # nobody says a dash


def test_a_corrected_word_is_weak_no_more_and_the_others_of_its_turn_still_are(
    pen: TranscriptEditor,
) -> None:
    pen.set_text(1, "We went to Skipton, by bus")

    assert weak(pen)[0] == ["by"]
    assert pen.transcript.turns[0].flags == ()  # too little doubt is left, and it was looked at
    pen.set_text(3, "Oh Hebden Brige then")
    assert weak(pen)[2] == ["Brige"]
    pen.set_text(3, "Oh Hebden Bridge then")
    assert (weak(pen)[2], pen.transcript.turns[2].flags) == ([], ())
    pen.undo()
    assert (weak(pen)[2], weak(pen)[1]) == (["Brige"], [])


def test_a_turn_stays_unsure_while_enough_doubt_is_left(pen: TranscriptEditor) -> None:
    pen.set_text(3, "Oh Hepden Bridge then")

    assert (weak(pen)[2], pen.transcript.turns[2].flags) == (["Hepden"], (UNSURE,))


def test_words_that_were_confirmed_are_weak_no_more_even_after_a_join(
    pen: TranscriptEditor,
) -> None:
    pen.confirm_doubtful_turn(1)
    pen.join_turns(1)
    pen.join_turns(1)

    assert weak(pen) == [["Hepden", "Brige"]]
    assert pen.transcript.turns[0].flags == (UNSURE,)
    for _ in range(3):
        pen.undo()
    assert weak(pen)[0] == ["Skippden,", "by"]
    assert pen.transcript.turns[0].flags == (UNSURE, LOOP)


def test_a_weak_word_can_be_confirmed_in_a_turn_that_is_not_doubted(pen: TranscriptEditor) -> None:
    pen.split_turn(1, 21)

    assert weak(pen)[:2] == [["Skippden,"], ["by"]]
    assert [t.flags for t in pen.transcript.turns[:2]] == [(UNSURE, LOOP), (LOOP,)]
    assert pen.confirm_doubtful_turn(4)
    assert weak(pen)[:2] == [["Skippden,"], []]
    assert not pen.confirm_doubtful_turn(2)


def test_a_replaced_word_is_weak_no_more(pen: TranscriptEditor) -> None:
    replacing = FindReplace("Skippden", "Skipton")

    pen.replace_matches(replacing.find_matches(pen.state), replacing)

    assert weak(pen)[0] == ["by"]
    assert pen.transcript.turns[0].flags == (LOOP,)


def test_a_word_that_is_typed_over_is_weak_no_more_whatever_is_typed(
    pen: TranscriptEditor,
) -> None:
    text = pen.transcript.turns[0].text
    at = text.index("Skippden")
    new = text.replace("Skippden", "old Skippden")

    pen.set_text(pen.transcript.turns[0].key, new, over=(at, at + len("Skippden")))

    assert weak(pen)[0] == ["by"]


def test_a_comma_or_capital_leaves_a_word_as_weak_as_it_was(pen: TranscriptEditor) -> None:
    pen.set_text(3, "oh, hepden, brige then.")

    assert weak(pen)[2] == ["hepden,", "brige"]


def test_a_turn_without_weak_words_is_told_by_the_probabilities_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoded = msgspec.json.encode(TURNS)
    stored = msgspec.json.decode(encoded, type=tuple[Turn, ...])
    decoded = 0
    decode = StoredWords.decode

    def counted(self: StoredWords) -> tuple[Word, ...]:
        nonlocal decoded
        decoded += 1
        return decode(self)

    monkeypatch.setattr(StoredWords, "decode", counted)
    found = [find_weak_words(one) for one in stored]

    assert decoded == 2  # the first turn and the last, each once
    assert found == [find_weak_words(one) for one in TURNS]
