"""What ``earshot transcribe`` says at the end."""

from __future__ import annotations

from dataclasses import replace

from cli import build_transcript_data, describe_transcript
from study import OTHER_LANGUAGE, Coverage, DoubtFlag, Provenance, Transcript, Turn


def transcript(coverage: Coverage) -> Transcript:
    return Transcript((), Provenance("transcribe", "earshot", "small.en"), coverage)


def test_passages_to_doubt_are_counted_and_placed() -> None:
    doubts = ((12.0, 16.0), (70.0, 74.0), (3661.0, 3665.0))
    lines = describe_transcript(transcript(Coverage(4000, 3000, 3000, (), 0.0, doubts, 12.0)))

    assert lines[-1] == "3 passages to check, 12 s, at 00:00:12, 00:01:10, 01:01:01"


def test_one_passage_is_one() -> None:
    lines = describe_transcript(transcript(Coverage(40, 30, 30, (), 0.0, ((12.0, 12.4),), 0.4)))

    assert lines[-1] == "1 passage to check, under 1 s, at 00:00:12"


def test_many_passages_name_the_first_five() -> None:
    doubts = tuple((60.0 * n, 60.0 * n + 1) for n in range(7))
    lines = describe_transcript(transcript(Coverage(4000, 3000, 3000, (), 0.0, doubts, 7.0)))

    places = "00:00:00, 00:01:00, 00:02:00, 00:03:00, 00:04:00, ..."
    assert lines[-1] == f"7 passages to check, 7 s, at {places}"


def test_a_hundred_percent_means_all_and_says_no_word_is_right() -> None:
    """It said "100% of it has words" where the interface said 99%."""
    nearly = describe_transcript(transcript(Coverage(182.0, 131.0, 130.5)))
    every = describe_transcript(transcript(Coverage(182.0, 131.0, 131.0)))
    silent = describe_transcript(transcript(Coverage(182.0, 0.0, 0.0)))

    assert nearly[1].endswith("of speech, 99% of it has some words")
    assert every[1].endswith("of speech, 100% of it has some words")
    assert silent[1].endswith("00:00:00 of speech")


def test_nothing_to_doubt_is_not_mentioned() -> None:
    lines = describe_transcript(transcript(Coverage(40, 30, 30)))

    assert len(lines) == 2


def test_not_one_word_is_said_loudly() -> None:
    lines = describe_transcript(transcript(Coverage(40, 30, 0.0, ((0.0, 30.0),), 30.0)))

    assert lines[-1].startswith("Not one word was understood")


def test_gaps_say_that_they_were_heard_twice() -> None:
    lines = describe_transcript(transcript(Coverage(40, 30, 25, ((5.0, 10.0),), 8.0)))

    assert "  no words from 00:00:05 to 00:00:10, even when heard again" in lines


def test_a_gap_within_a_second_has_one_place_and_many_are_counted() -> None:
    gaps = tuple((60.0 * n + 5.2, 60.0 * n + 5.9) for n in range(12))
    lines = describe_transcript(transcript(Coverage(4000, 3000, 2900, gaps, 8.4)))

    assert lines[2] == "  no words at 00:00:05, even when heard again"
    assert lines[12:] == ["  and no words at 2 more places"]


def test_passages_in_another_language_are_named_with_their_places() -> None:
    """French became an English sentence, and the verb said only that a passage is to doubt."""
    notes = {3.0: "", 13.0: "this sounds like German", 29.0: "this sounds like French"}
    turns = tuple(
        Turn(
            key,
            "S?",
            at_s,
            at_s + 2,
            "words",
            (),
            (DoubtFlag(OTHER_LANGUAGE, note),) if note else (),
        )
        for key, (at_s, note) in enumerate(notes.items())
    )

    lines = describe_transcript(replace(transcript(Coverage(40, 30, 30)), turns=turns))

    assert lines[-2:] == [
        "another language at 00:00:13: this sounds like German; do not rely on the words",
        "another language at 00:00:29: this sounds like French; do not rely on the words",
    ]


def test_scripts_are_told_the_seconds() -> None:
    coverage = Coverage(40, 30, 25, (), 8.0, ((5.0, 6.0),), 1.0)

    assert build_transcript_data(transcript(coverage))["coverage"] == coverage


def test_words_that_two_microphones_heard_are_counted() -> None:
    coverage = Coverage(40, 30, 30, echo_words=129, moved_words=1)

    assert describe_transcript(transcript(coverage))[-2:] == [
        "129 words were left out: another microphone heard the same, and louder",
        "1 word was given to another speaker, whose microphone was louder",
    ]
