"""What the benchmark of speakers counts, and what it says where it has nothing to measure on."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import _speaker_sounds, speakers
from benchmarks._speaker_scores import (
    Share,
    find_owners,
    match_voices,
    score_overlaps,
    score_speakers,
)
from benchmarks._speaker_sounds import Said
from benchmarks._word_errors import HeardWord
from models import ModelKind, find_models_folder, is_model_whole

SAID = (
    Said(0.0, 2.0, "Ann", "how are you"),
    Said(2.2, 2.8, "Bob", "yes"),
    Said(3.0, 5.0, "Ann", "good to hear"),
)


def hear(*words: tuple[str, float, str]) -> list[HeardWord]:
    return [HeardWord(f" {text}", at, at + 0.4, voice) for text, at, voice in words]


RIGHT = hear(
    ("how", 0.1, "S1"), ("are", 0.7, "S1"), ("you", 1.3, "S1"), ("yes", 2.3, "S2"),
    ("good", 3.1, "S1"), ("to", 3.7, "S1"), ("hear", 4.3, "S1"),
)  # fmt: skip


def test_what_is_right_counts_as_right() -> None:
    score = score_speakers(SAID, RIGHT)

    shares = (score.words, score.first_words, score.changes, score.found_changes, score.replies)
    assert [share.value for share in shares] == [1.0] * 5
    assert (score.words.of, score.first_words.of, score.changes.of, score.replies.of) == (
        7,
        4,
        2,
        1,
    )
    assert score.confusion.value == 1.0


def test_a_swallowed_reply_costs_its_word_both_its_changes_and_itself() -> None:
    score = score_speakers(SAID, [HeardWord(w.text, w.start_s, w.end_s, "S1") for w in RIGHT])

    assert score.words.right == 6
    assert (score.changes.value, score.replies.value) == (0.0, 0.0)
    assert score.first_words.right == 3
    assert score.confusion.value < 1.0


def test_a_first_word_that_stays_with_the_turn_before_is_counted() -> None:
    moved = [*RIGHT[:4], HeardWord(" good", 3.1, 3.5, "S2"), *RIGHT[5:]]

    score = score_speakers(SAID, moved)

    assert (score.words.right, score.first_words.right) == (6, 3)


def test_a_word_belongs_to_whose_text_has_it_even_where_its_time_is_off() -> None:
    late = hear(("you", 2.3, "S1"), ("yes", 2.9, "S2"))

    assert find_owners(SAID, late) == ["Ann", "Bob"]


def test_where_two_speak_at_once_a_word_of_neither_counts_for_nobody() -> None:
    said = (Said(0.0, 2.0, "Ann"), Said(1.0, 3.0, "Bob"))

    assert find_owners(said, hear(("a", 0.2, ""), ("b", 1.3, ""), ("c", 2.4, ""))) == [
        "Ann", "", "Bob",
    ]  # fmt: skip


def test_more_voices_than_people_leave_the_surplus_nobody() -> None:
    owners = ["Ann", "Ann", "Bob"]
    words = hear(("a", 0, "S1"), ("b", 1, "S3"), ("c", 2, "S2"))

    people = match_voices(owners, words)

    assert people["S2"] == "Bob"
    assert sorted([people["S1"], people["S3"]]) == ["", "Ann"]


def test_a_stretch_of_two_voices_is_true_where_half_of_it_is() -> None:
    said = [Said(0, 5, "Ann"), Said(3, 8, "Bob"), Said(9, 12, "Ann"), Said(11.5, 13, "Bob")]

    score = score_overlaps(said, [(2.5, 4.5), (6.0, 7.0)])

    assert score.marked == Share(1, 2)
    assert score.found == Share(1, 1)  # the other one is shorter than a second


def test_without_recordings_and_voices_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_model_whole(ModelKind.VOICES, find_models_folder() / "voices"):
        pytest.skip("voices is not installed: earshot models get voices")
    if not is_model_whole(ModelKind.SPEECH, find_models_folder() / "base"):
        pytest.skip("base is not installed: earshot models get base")
    monkeypatch.setattr(_speaker_sounds, "find_recordings", lambda: None)
    monkeypatch.delenv(_speaker_sounds.VOICES_FOLDER, raising=False)
    monkeypatch.delenv(_speaker_sounds.CONVERSATIONS_FOLDER, raising=False)

    rows = speakers.run(quick=False)

    assert len(rows) == 4
    assert all(row.value is None and row.note for row in rows)


def test_without_the_voice_model_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path))

    (row,) = speakers.run(quick=True)

    assert row.value is None
    assert row.note
