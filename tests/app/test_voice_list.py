"""The voices of a transcript, for a person who says whose they are."""

from __future__ import annotations

from app import summarise_voices
from study import SPEAKER_UNSURE, DoubtFlag, Turn

UNSURE = (DoubtFlag(SPEAKER_UNSURE),)


def turn(key: int, speaker: str, seconds: float, *, unsure: bool = False) -> Turn:
    return Turn(key, speaker, 10.0 * key, 10.0 * key + seconds, f"turn {key}", (), UNSURE * unsure)


def test_voices_come_as_they_begin_with_what_they_say() -> None:
    first, second = summarise_voices([turn(1, "S2", 2.0), turn(2, "S1", 6.0), turn(3, "S2", 0.0)])

    assert (first.code, first.turns, first.seconds, first.share) == ("S2", 2, 2.0, 0.25)
    assert (second.code, second.turns, second.seconds, second.share) == ("S1", 1, 6.0, 0.75)
    assert second.first_words == "turn 2"


def test_a_voice_is_known_by_its_first_sure_turns_that_are_long_enough() -> None:
    turns = [
        turn(1, "S1", 0.4),
        turn(2, "S1", 3.0, unsure=True),
        turn(3, "S1", 1.5),
        turn(4, "S1", 9.0),
    ]

    assert [one.key for one in summarise_voices(turns)[0].samples] == [3, 4]


def test_a_voice_of_short_or_unsure_turns_is_known_by_the_longest() -> None:
    turns = [turn(1, "S1", 0.4), turn(2, "S1", 3.0, unsure=True), turn(3, "S1", 1.0)]

    assert [one.key for one in summarise_voices(turns)[0].samples] == [2, 3, 1]


def test_a_text_without_times_has_its_share_by_turns() -> None:
    turns = [Turn(n, code, 0.0, 0.0, "words") for n, code in enumerate(["S1", "S2", "S2", "S2"])]

    assert [voice.share for voice in summarise_voices(turns)] == [0.25, 0.75]


def test_nobody_speaks_in_an_empty_transcript() -> None:
    assert summarise_voices([]) == []
