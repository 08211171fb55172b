"""Speak the demonstration interview: from its script to a sound file and its truth.

Reads a script such as `models/demonstration/interview.toml`, writes beside it a FLAC file of
the same name and a `.truth.json` with the time of every turn and word. Run it in a fresh
process (`python -m tools.interview`): espeak-ng's sound depends on what it said
before. The sound that ships was made with espeak-ng 1.51.
"""

import argparse
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from tools.speech.voices import RATE_HZ, Speaker, Utterance, Voice

SCRIPT = Path(__file__).parents[1] / "models" / "demonstration" / "interview.toml"

# Gaps between turns: long enough for a voice-activity cut at 300 ms, short enough for talk.
_GAP_S = (0.4, 0.8)
_LEAD_IN_S = 0.6
_LEAD_OUT_S = 1.0

# Voices peak at -5 dBFS, and what a close microphone hears of a quiet room lies 70 dB below.
_PEAK = 0.56
_ROOM_DBFS = -75.0

# Everybody wears a microphone of their own, which hears the others from across the table.
_BLEED_DB = -30.0


@dataclass(frozen=True, slots=True)
class ScriptTurn:
    """One turn of the script; without a pause of its own it follows after a usual gap."""

    speaker: str
    text: str
    pause_before_s: float | None


@dataclass(frozen=True, slots=True)
class ScriptDetail:
    """Something said that identifies a person, as it stands in the turns."""

    text: str
    kind: str
    about: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Script:
    """An interview as it is written down before it is spoken."""

    id: str
    case: str
    title: str
    language: str
    seed: int
    voices: dict[str, Voice]
    turns: tuple[ScriptTurn, ...]
    details: tuple[ScriptDetail, ...]


def read_script(path: Path) -> Script:
    """Read a script. Raises KeyError or TypeError where something is missing from it."""
    with path.open("rb") as file:
        data = tomllib.load(file)
    return Script(
        id=data["id"],
        case=data["case"],
        title=data["title"],
        language=data["language"],
        seed=data["seed"],
        voices={speaker["code"]: Voice(**speaker["voice"]) for speaker in data["speaker"]},
        turns=tuple(
            ScriptTurn(turn["speaker"], turn["text"], turn.get("pause_before_s"))
            for turn in data["turn"]
        ),
        details=tuple(ScriptDetail(**detail) for detail in data["detail"]),
    )


def speak(script: Script, speaker: Speaker) -> tuple[np.ndarray, dict[str, object]]:
    """Speak all turns one after the other in a quiet room, each speaker into a microphone.

    Returns float32 samples of shape (frames, speakers) at RATE_HZ, channels in the order of the
    script's speakers, and the truth as it is written to disk.
    """
    draw = np.random.default_rng(script.seed)
    codes = list(script.voices)
    spoken: list[tuple[int, int, np.ndarray]] = []  # first frame, channel, samples
    turns: list[dict[str, object]] = []
    now = round(_LEAD_IN_S * RATE_HZ)
    for index, turn in enumerate(script.turns):
        if index > 0:
            usual_s = draw.uniform(*_GAP_S)
            now += round((turn.pause_before_s or usual_s) * RATE_HZ)
        utterance = _trimmed(speaker.say(turn.text, script.voices[turn.speaker]))
        spoken.append((now, codes.index(turn.speaker), utterance.samples))
        turns.append(_truth_of(turn, utterance, now / RATE_HZ))
        now += len(utterance.samples)
    sound = np.zeros((now + round(_LEAD_OUT_S * RATE_HZ), len(codes)))
    for first, channel, samples in spoken:
        sound[first : first + len(samples), channel] += samples
    sound += 10 ** (_BLEED_DB / 20) * (sound.sum(axis=1, keepdims=True) - sound)
    sound *= _PEAK / np.abs(sound).max()
    for channel in range(len(codes)):
        sound[:, channel] += _room(len(sound), draw)
    truth: dict[str, object] = {
        "id": script.id,
        "rate_hz": RATE_HZ,
        "duration_s": round(len(sound) / RATE_HZ, 3),
        "turns": turns,
    }
    return sound.astype(np.float32), truth


def _trimmed(utterance: Utterance) -> Utterance:
    """Cut the silence that espeak-ng leaves after the last word, so that gaps are as drawn."""
    end = round(utterance.words[-1].end_s * RATE_HZ)
    return Utterance(utterance.samples[:end], utterance.words, utterance.phonemes)


def _truth_of(turn: ScriptTurn, utterance: Utterance, start_s: float) -> dict[str, object]:
    words = [
        {
            "text": word.text,
            "start_s": round(start_s + word.start_s, 3),
            "end_s": round(start_s + word.end_s, 3),
        }
        for word in utterance.words
    ]
    return {
        "speaker": turn.speaker,
        "text": turn.text,
        "start_s": words[0]["start_s"],
        "end_s": words[-1]["end_s"],
        "words": words,
    }


def _room(count: int, draw: np.random.Generator) -> np.ndarray:
    """Noise that falls by 3 dB an octave above 50 Hz, as that of a quiet room roughly does."""
    spectrum = np.fft.rfft(draw.standard_normal(count))
    frequency_hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(frequency_hz, 50.0)), count)
    return noise * 10 ** (_ROOM_DBFS / 20) / np.sqrt(np.mean(noise**2))


def main() -> None:
    """Speak one script and write its sound and its truth beside it."""
    parser = argparse.ArgumentParser(description="Speak an interview script with espeak-ng.")
    parser.add_argument("script", nargs="?", type=Path, default=SCRIPT)
    path: Path = parser.parse_args().script
    sound, truth = speak(read_script(path), Speaker())
    soundfile.write(path.with_suffix(".flac"), sound, RATE_HZ, subtype="PCM_16")
    text = json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
    path.with_suffix(".truth.json").write_text(text, encoding="utf-8")
    print(f"{path.with_suffix('.flac').name}: {truth['duration_s']} s")


if __name__ == "__main__":
    main()
