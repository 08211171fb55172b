"""Make the sound of the demonstration interviews from their scripts, with the truth beside it.

    python -m tools.demonstration VOICES [NAME …]

reads ``models/demonstration/NAME.toml`` (without names, all of them) and writes ``NAME.flac`` and
``NAME.truth.json``: who says which word when. VOICES is the folder that ``tools.speak fetch``
filled. The same voices, espeak-ng and processor give the same bytes. The application never imports
this.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from tools.speak import RATE_HZ as VOICE_RATE_HZ
from tools.speak import Speaker, SpokenWord

_FOLDER = Path(__file__).parents[1] / "models" / "demonstration"
RATE_HZ = 16_000

_USUAL_PAUSE_S = (0.4, 0.9)
_LEAD_IN_S, _LEAD_OUT_S = 0.6, 1.0
_FADE_S = 0.01  # at the ends of what a voice says, so that nothing clicks

# Peaks lie at -17 dBFS and the room 67 dB below: a careful recording of a quiet room, and few
# enough bits for three interviews to be small.
_PEAK, _ROOM_DBFS = 0.14, -84.0
_BLEED_DB = -12.0  # of everybody else in a speaker's own microphone, across a table
_ECHO_S, _ECHO_DB = 0.18, -10.0  # of a carpeted room, all echoes together, on the table
_TABLE_DB = (0.0, -6.0)  # the interviewer sits nearer to the microphone than the other
_TELEPHONE_HZ = (300.0, 3400.0)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScriptTurn:
    """A turn of a script.

    said: what the voice reads. pause_before_s: from the end of all earlier turns, negative where it
    begins before that; None for a usual pause.
    """

    speaker: str
    text: str
    said: str
    pause_before_s: float | None


@dataclass(frozen=True, slots=True)
class Script:
    """An interview before it is spoken.

    voices: name and speed by speaker, in the script's order.
    """

    id: str
    seed: int
    recorded: str
    voices: dict[str, tuple[str, float]]
    turns: tuple[ScriptTurn, ...]


@dataclass(frozen=True, slots=True)
class _SpokenTurn:
    turn: ScriptTurn
    start_s: float
    samples: Floats
    words: tuple[SpokenWord, ...]

    @property
    def end_s(self) -> float:
        return self.words[-1].end_s


def read_script(path: Path) -> Script:
    """Read a script. Raises KeyError where something is missing from it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Script(
        id=data["id"],
        seed=data["seed"],
        recorded=data["recorded"],
        voices={one["code"]: (one["voice"], one["speed"]) for one in data["speaker"]},
        turns=tuple(
            ScriptTurn(
                one["speaker"], one["text"], one.get("said", one["text"]), one.get("pause_before_s")
            )
            for one in data["turn"]
        ),
    )


def speak_script(script: Script, speaker: Speaker) -> tuple[Floats, dict[str, object]]:
    """Speak a script and record it as it says.

    Returns samples of shape (frames, channels) at ``RATE_HZ``, and the truth as it is written.
    """
    draw = np.random.default_rng(script.seed)
    spoken = _speak_turns(script, speaker, draw)
    frames = round((max(one.end_s for one in spoken) + _LEAD_OUT_S) * RATE_HZ)
    voices = np.zeros((frames, len(script.voices)))
    codes = list(script.voices)
    for one in spoken:
        first = round(one.start_s * RATE_HZ)
        piece = one.samples[: frames - first]
        voices[first : first + len(piece), codes.index(one.turn.speaker)] += piece
    sound = _RECORDINGS[script.recorded](voices, draw)
    sound *= _PEAK / np.abs(sound).max()
    noise = np.stack([_make_room_noise(frames, draw) for _ in range(sound.shape[1])], axis=1)
    if script.recorded == "telephone":
        noise = _limit_to_telephone(noise)
    truth: dict[str, object] = {
        "id": script.id,
        "rate_hz": RATE_HZ,
        "duration_s": round(frames / RATE_HZ, 3),
        "turns": [_describe_turn(one) for one in spoken],
    }
    return sound + noise, truth


def _speak_turns(script: Script, speaker: Speaker, draw: np.random.Generator) -> list[_SpokenTurn]:
    spoken: list[_SpokenTurn] = []
    last_end_s = 0.0
    for turn in script.turns:
        voice, speed = script.voices[turn.speaker]
        said = speaker.say(turn.said, voice, speed=speed)
        usual_s = draw.uniform(*_USUAL_PAUSE_S)
        pause_s = usual_s if turn.pause_before_s is None else turn.pause_before_s
        start_s = last_end_s + pause_s if spoken else _LEAD_IN_S
        before_s = said.words[0].start_s  # the voice's own silence is no part of the pause
        kept = said.samples[round(before_s * VOICE_RATE_HZ) :]
        fade = np.linspace(0, 1, round(_FADE_S * VOICE_RATE_HZ))
        kept = kept.astype(np.float64)
        kept[: len(fade)] *= fade
        kept[-len(fade) :] *= fade[::-1]
        words = _time_written_words(turn, said.words, start_s - before_s)
        level = np.sqrt(np.mean(kept**2))
        spoken.append(
            _SpokenTurn(turn, start_s, soxr.resample(kept / level, VOICE_RATE_HZ, RATE_HZ), words)
        )
        last_end_s = max(one.end_s for one in spoken)
    return spoken


def _time_written_words(
    turn: ScriptTurn, spoken: tuple[SpokenWord, ...], shift_s: float
) -> tuple[SpokenWord, ...]:
    """Give the words of a turn's text the times of the words that were read.

    Where the two differ, in the middle ("oh double seven" for a number), the written words share
    the time of the read ones by their length.
    """
    written, read = turn.text.split(), [word.text for word in spoken]
    before = next((n for n, (a, b) in enumerate(zip(written, read, strict=False)) if a != b), None)
    if before is None:
        return tuple(SpokenWord(w.text, w.start_s + shift_s, w.end_s + shift_s) for w in spoken)
    after = next(
        n for n, (a, b) in enumerate(zip(reversed(written), reversed(read), strict=False)) if a != b
    )
    middle, covered = written[before : len(written) - after], spoken[before : len(read) - after]
    shares = np.cumsum([0, *map(len, middle)]) / sum(map(len, middle))
    length_s = covered[-1].end_s - covered[0].start_s
    edges_s = [covered[0].start_s + float(share) * length_s for share in shares]
    words = (
        *spoken[:before],
        *(SpokenWord(w, edges_s[n], edges_s[n + 1]) for n, w in enumerate(middle)),
        *spoken[len(read) - after :],
    )
    return tuple(SpokenWord(w.text, w.start_s + shift_s, w.end_s + shift_s) for w in words)


def _describe_turn(one: _SpokenTurn) -> dict[str, object]:
    return {
        "speaker": one.turn.speaker,
        "text": one.turn.text,
        "start_s": round(one.start_s, 3),
        "end_s": round(one.end_s, 3),
        "words": [
            {"text": w.text, "start_s": round(w.start_s, 3), "end_s": round(w.end_s, 3)}
            for w in one.words
        ],
    }


def _record_with_microphones(voices: Floats, _draw: np.random.Generator) -> Floats:
    """Give each speaker a channel in which the others are heard across the table."""
    return voices + 10 ** (_BLEED_DB / 20) * (voices.sum(axis=1, keepdims=True) - voices)


def _record_on_table(voices: Floats, draw: np.random.Generator) -> Floats:
    """Mix all speakers into one channel, at their distances, with the room's echo."""
    near = voices @ (10 ** (np.array(_TABLE_DB) / 20))
    at_s = np.arange(1, round(2 * _ECHO_S * RATE_HZ)) / RATE_HZ
    echo = draw.standard_normal(len(at_s)) * 10 ** (-3 * at_s / _ECHO_S)  # -60 dB after _ECHO_S
    echo *= 10 ** (_ECHO_DB / 20) / np.sqrt(np.sum(echo**2))
    size = len(near) + len(echo) + 1
    response = np.fft.rfft(np.concatenate([[1.0], echo]), size)
    return np.fft.irfft(np.fft.rfft(near, size) * response, size)[: len(near), None]


def _record_by_telephone(voices: Floats, _draw: np.random.Generator) -> Floats:
    return _limit_to_telephone(voices.sum(axis=1, keepdims=True))


_RECORDINGS = {
    "microphones": _record_with_microphones,
    "table": _record_on_table,
    "telephone": _record_by_telephone,
}


def _limit_to_telephone(sound: Floats) -> Floats:
    """Keep what a telephone passes, with slopes like those of a filter of the fourth order."""
    low_hz, high_hz = _TELEPHONE_HZ
    hertz = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE_HZ), 1.0)
    passed = 1 / np.sqrt((1 + (low_hz / hertz) ** 8) * (1 + (hertz / high_hz) ** 8))
    return np.fft.irfft(np.fft.rfft(sound, axis=0) * passed[:, None], len(sound), axis=0)


def _make_room_noise(count: int, draw: np.random.Generator) -> Floats:
    """Make noise that falls by 3 dB an octave above 50 Hz, as that of a quiet room roughly does."""
    spectrum = np.fft.rfft(draw.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, 50.0)), count)
    return noise * 10 ** (_ROOM_DBFS / 20) / np.sqrt(np.mean(noise**2))


def main() -> None:
    """Speak the scripts and write the sound and the truth of each beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voices", type=Path)
    parser.add_argument("name", nargs="*")
    wanted = parser.parse_args()
    speaker = Speaker(wanted.voices)
    for name in wanted.name or sorted(path.stem for path in _FOLDER.glob("*.toml")):
        path = _FOLDER / f"{name}.toml"
        sound, truth = speak_script(read_script(path), speaker)
        flac = path.with_suffix(".flac")
        soundfile.write(flac, sound, RATE_HZ, subtype="PCM_16", compression_level=1.0)
        text = json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
        path.with_suffix(".truth.json").write_text(text, encoding="utf-8")
        print(f"{name}: {truth['duration_s']} s, {flac.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
