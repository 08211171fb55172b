"""The demonstration interviews: the sound, the truth and the script of each tell one story."""

import itertools
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from models.demonstration import DEMONSTRATION_NAMES, DEMONSTRATION_SOUND, load_demonstration

FOLDER = Path(__file__).parents[2] / "models" / "demonstration"
SCRIPTS: dict[str, dict[str, Any]] = {
    name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    for name in DEMONSTRATION_NAMES
}
TRUTHS: dict[str, dict[str, Any]] = {
    name: json.loads((FOLDER / f"{name}.truth.json").read_text(encoding="utf-8"))
    for name in DEMONSTRATION_NAMES
}

# 01632 is a dialling code that belongs to nobody.
KEPT_FREE_FOR_DRAMA = ("07700 900", "01632 960")

each_interview = pytest.mark.parametrize("name", DEMONSTRATION_NAMES)


def pauses_s(name: str) -> dict[str, float]:
    """How long it is quiet before each turn but the first, by the turn's text; overlap is < 0."""
    turns = TRUTHS[name]["turns"]
    return {
        later["text"]: later["start_s"] - earlier["end_s"]
        for earlier, later in itertools.pairwise(turns)
    }


def test_there_are_three_interviews_of_one_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(DEMONSTRATION_NAMES)
    assert len({script["id"] for script in SCRIPTS.values()}) == len(DEMONSTRATION_NAMES)
    assert {script["case"] for script in SCRIPTS.values()} == {"C01"}


def test_the_first_is_the_one_that_is_meant_without_a_name() -> None:
    assert load_demonstration() == load_demonstration("interview")
    assert load_demonstration().sound == DEMONSTRATION_SOUND


@each_interview
def test_an_interview_can_be_had_by_name(name: str) -> None:
    found = load_demonstration(name)

    assert found.sound.is_file()
    assert found.speakers == tuple(speaker["code"] for speaker in SCRIPTS[name]["speaker"])
    assert [text for _, text in found.turns] == [turn["text"] for turn in SCRIPTS[name]["turn"]]


@each_interview
def test_the_sound_is_as_long_and_as_fast_as_the_truth_says(name: str) -> None:
    sound = soundfile.info(FOLDER / f"{name}.flac")

    assert sound.samplerate == TRUTHS[name]["rate_hz"]
    has_microphone_each = SCRIPTS[name]["recorded"] == "microphones"
    assert sound.channels == (len(SCRIPTS[name]["speaker"]) if has_microphone_each else 1)
    assert sound.frames / sound.samplerate == pytest.approx(TRUTHS[name]["duration_s"], abs=0.002)


@each_interview
def test_the_truth_holds_every_turn_of_the_script_in_order(name: str) -> None:
    spoken = [(turn["speaker"], turn["text"]) for turn in TRUTHS[name]["turns"]]

    assert spoken == [(turn["speaker"], turn["text"]) for turn in SCRIPTS[name]["turn"]]


@each_interview
def test_the_words_of_a_turn_are_its_text(name: str) -> None:
    for turn in TRUTHS[name]["turns"]:
        assert " ".join(word["text"] for word in turn["words"]) == turn["text"]


@each_interview
def test_no_word_begins_before_its_speaker_has_ended_the_one_before(name: str) -> None:
    for code in (speaker["code"] for speaker in SCRIPTS[name]["speaker"]):
        spoken = [turn for turn in TRUTHS[name]["turns"] if turn["speaker"] == code]
        words = [word for turn in spoken for word in turn["words"]]
        ends = [0.0, *(word["end_s"] for word in words)]

        for word, earlier_end_s in zip(words, ends, strict=False):
            assert earlier_end_s <= word["start_s"] < word["end_s"] <= TRUTHS[name]["duration_s"]


@each_interview
def test_there_are_pauses_that_are_data_and_somebody_is_interrupted(name: str) -> None:
    lengths_s = pauses_s(name).values()

    assert sum(5.0 <= length_s <= 12.0 for length_s in lengths_s) >= 3
    assert any(-1.0 < length_s < -0.2 for length_s in lengths_s)


@pytest.mark.parametrize(
    ("name", "answer"), [("interview", "Frightened."), ("spouse", "Yes."), ("staff", "Lost.")]
)
def test_a_long_silence_stands_before_a_one_word_answer(name: str, answer: str) -> None:
    assert 6.0 <= pauses_s(name)[answer] <= 9.0


@each_interview
def test_people_hesitate_and_answer_in_one_word(name: str) -> None:
    said = [turn["text"] for turn in SCRIPTS[name]["turn"]]

    assert sum(" um," in text for text in said) >= 4
    assert sum(len(text.split()) == 1 for text in said) >= 2


def read_mono(name: str) -> tuple[npt.NDArray[np.float32], int]:
    samples, rate = soundfile.read(FOLDER / f"{name}.flac", dtype="float32", always_2d=True)
    return samples.mean(axis=1), rate


@each_interview
def test_no_pause_is_digital_silence(name: str) -> None:
    samples, rate = read_mono(name)
    tenths = samples[: len(samples) // (rate // 10) * (rate // 10)].reshape(-1, rate // 10)

    assert np.abs(tenths).max(axis=1).min() > 0


def test_a_microphone_hears_the_other_speaker_12_db_lower() -> None:
    samples, rate = soundfile.read(DEMONSTRATION_SOUND, dtype="float32")
    turns = TRUTHS["interview"]["turns"]
    for turn in (turns[2], turns[3]):  # one of each speaker, in nobody's words
        own = ["INT01", "P01"].index(turn["speaker"])
        said = samples[round(turn["start_s"] * rate) : round(turn["end_s"] * rate)]
        level = np.sqrt(np.mean(said**2, axis=0))

        assert 20 * np.log10(level[own] / level[1 - own]) == pytest.approx(12, abs=0.5)


def test_the_telephone_passes_nothing_above_4_khz() -> None:
    shares = {name: share_above_hz(name, 4000) for name in DEMONSTRATION_NAMES}

    assert shares["staff"] < 0.001 < min(shares["interview"], shares["spouse"])


def share_above_hz(name: str, limit_hz: float) -> float:
    samples, rate = read_mono(name)
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(power[np.fft.rfftfreq(len(samples), 1 / rate) > limit_hz].sum() / power.sum())


@each_interview
def test_every_identifying_detail_is_said_in_the_interview(name: str) -> None:
    said = [turn["text"] for turn in SCRIPTS[name]["turn"]]
    # The people of a case are spoken of in interviews that they do not sit in.
    everybody = {s["code"] for script in SCRIPTS.values() for s in script["speaker"]} | {"other"}

    for detail in SCRIPTS[name]["detail"]:
        assert any(detail["text"] in text for text in said), detail["text"]
        assert detail["about"] in everybody


def test_the_telephone_numbers_are_from_ranges_kept_free_for_drama() -> None:
    phones = [
        detail["text"]
        for script in SCRIPTS.values()
        for detail in script["detail"]
        if detail["kind"] == "phone"
    ]

    assert phones
    assert all(phone.startswith(KEPT_FREE_FOR_DRAMA) for phone in phones)
