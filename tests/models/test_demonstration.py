"""The demonstration interview: its sound, its truth and its script tell the same story."""

import json
import tomllib
from pathlib import Path

import pytest
import soundfile

DEMONSTRATION = Path(__file__).parents[2] / "models" / "demonstration"
SCRIPT = tomllib.loads((DEMONSTRATION / "interview.toml").read_text(encoding="utf-8"))
TRUTH = json.loads((DEMONSTRATION / "truth.json").read_text(encoding="utf-8"))


def test_the_sound_is_as_long_and_as_fast_as_the_truth_says() -> None:
    sound = soundfile.info(DEMONSTRATION / "interview.flac")

    assert sound.samplerate == TRUTH["rate_hz"]
    assert sound.channels == len(SCRIPT["speaker"])
    assert sound.frames / sound.samplerate == pytest.approx(TRUTH["duration_s"], abs=0.002)


def test_the_truth_holds_every_turn_of_the_script_in_order() -> None:
    spoken = [(turn["speaker"], turn["text"]) for turn in TRUTH["turns"]]

    assert spoken == [(turn["speaker"], turn["text"]) for turn in SCRIPT["turn"]]


def test_the_words_of_a_turn_are_its_text() -> None:
    for turn in TRUTH["turns"]:
        assert " ".join(word["text"] for word in turn["words"]) == turn["text"]


def test_no_word_begins_before_the_one_before_it_ends() -> None:
    words = [word for turn in TRUTH["turns"] for word in turn["words"]]
    ends = [0.0, *(word["end_s"] for word in words)]

    for word, earlier_end_s in zip(words, ends, strict=False):
        assert earlier_end_s <= word["start_s"] < word["end_s"] <= TRUTH["duration_s"]


def test_turns_are_far_enough_apart_to_be_cut() -> None:
    pairs = zip(TRUTH["turns"], TRUTH["turns"][1:], strict=False)

    assert all(later["start_s"] - earlier["end_s"] >= 0.3 for earlier, later in pairs)


def test_a_long_silence_stands_before_a_one_word_answer() -> None:
    silences = {
        later["text"]: later["start_s"] - earlier["end_s"]
        for earlier, later in zip(TRUTH["turns"], TRUTH["turns"][1:], strict=False)
    }

    assert 4.0 <= silences["Frightened."] <= 5.0


@pytest.mark.parametrize("detail", SCRIPT["detail"], ids=lambda detail: detail["text"])
def test_every_identifying_detail_is_said_in_the_interview(detail: dict[str, str]) -> None:
    said = [turn["text"] for turn in SCRIPT["turn"]]
    people = {speaker["code"] for speaker in SCRIPT["speaker"]} | {"other"}

    assert any(detail["text"] in text for text in said)
    assert detail["about"] in people


def test_the_telephone_number_is_from_the_range_kept_free_for_drama() -> None:
    phones = [detail["text"] for detail in SCRIPT["detail"] if detail["kind"] == "phone"]

    assert phones
    assert all(phone.startswith("07700 900") for phone in phones)
