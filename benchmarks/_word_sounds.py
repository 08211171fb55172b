"""Makes the sounds of the benchmark of words from short recordings with a reference.

The recordings lie in ``../shared/data/speech`` beside the clone, listed in its ``manifest.tsv``;
they are read and never copied here. What is spoken, when, is known from the making: each recording
is trimmed to its speech by its energy, and put where it is wanted. Nothing of Earshot's own voice
activity takes part. Every sound is the same each time.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from benchmarks._word_errors import Utterance, split_words
from study import Interval, intersect_intervals

_SHARED = Path("shared", "data", "speech")
RATE = 16_000
TALK, SPARSE, APART, NOTHING = "talk", "sparse", "microphones", "nothing"

Samples = npt.NDArray[np.float64]
MakeSound = Callable[[float, np.random.Generator], Samples]
"""Makes so many seconds of sound."""

_SEED = 14
_FRAME_S = 0.02
_RANGE_DB, _ABOVE_FLOOR_DB = 30.0, 6.0  # speech: so far below the loudest, so far above the floor
_BRIDGED_S, _SHORTEST_S = 0.3, 0.1  # pauses in speech that count as speech; clicks that do not
_RUMBLE_HZ = 100  # no voice is below
_EDGE_S = 0.25  # left round a piece when it is cut out
_LEVEL_DBFS, _QUIET_DBFS = -26.0, -50.0  # of a piece, while somebody speaks
_ROOM_DBFS = -75.0
_MINUTE_S = 60
_LONGEST_ANSWER = 3  # words
_LONGEST_QUESTION_S = 8.0
_QUESTIONS = 16
_BELOW_DB = 10.0  # noise and music below speech
_BLEED_DELAY_S = (0.003, 0.009, 0.017)  # the straight way across a table, and two walls
_BLEED_SHARES = (1.0, 0.35, 0.2)


@dataclass(frozen=True, slots=True, eq=False)  # an array has no equality of its own
class Piece:
    """A recording cut to its speech: samples at 16 kHz, reference, spans of sound in seconds.

    spoken: the spans in which there is a voice, without the rumble around it.
    """

    samples: Samples
    text: str
    spans: tuple[Interval, ...]
    spoken: tuple[Interval, ...]

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE

    @property
    def is_answer(self) -> bool:
        """Whether it is as short as an answer: three words at most."""
        return len(split_words(self.text)) <= _LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file and everything that is said in it, in order of time."""

    path: Path
    said: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Sounds that are measured together. kind: which aims hold."""

    name: str
    kind: str
    sounds: tuple[Sound, ...]


def find_speech(samples: Samples, bridged_s: float = _BRIDGED_S) -> tuple[Interval, ...]:
    """Return the spans of speech in a recording at 16 kHz, by energy alone.

    bridged_s: pauses in speech up to here count as speech.
    """
    frame = round(RATE * _FRAME_S)
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame)
    level_db = 10 * np.log10(np.maximum((whole**2).mean(axis=1), 1e-12))
    loud_db, floor_db = np.percentile(level_db, [95, 5])
    spans: list[Interval] = []
    for at in np.flatnonzero(level_db > max(loud_db - _RANGE_DB, floor_db + _ABOVE_FLOOR_DB)):
        start_s, end_s = float(at) * _FRAME_S, float(at + 1) * _FRAME_S
        if spans and start_s - spans[-1][1] <= bridged_s:
            spans[-1] = (spans[-1][0], end_s)
        else:
            spans.append((start_s, end_s))
    return tuple(span for span in spans if span[1] - span[0] > _SHORTEST_S)


def find_voice(samples: Samples) -> tuple[Interval, ...]:
    """Return the spans of speech in a recording at 16 kHz without those of rumble alone.

    In one recording a microphone rumbles for more than a second before the first word, 23 dB louder
    below 100 Hz than above.
    """
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) < _RUMBLE_HZ] = 0
    above = find_speech(np.asarray(np.fft.irfft(spectrum, len(samples))))
    return tuple(intersect_intervals(find_speech(samples), above))


def cut_piece(samples: Samples, text: str) -> Piece:
    """Trim a recording to its speech, at one level for all pieces."""
    spans = find_speech(samples)
    begin = max(0, round((spans[0][0] - _EDGE_S) * RATE))
    stop = min(len(samples), round((spans[-1][1] + _EDGE_S) * RATE))
    moved, spoken = (
        tuple((a - begin / RATE, b - begin / RATE) for a, b in found)
        for found in (spans, find_voice(samples))
    )
    piece = Piece(samples[begin:stop].copy(), text, moved, spoken)
    fade = np.linspace(0, 1, round(RATE * 0.01))
    piece.samples[: len(fade)] *= fade
    piece.samples[-len(fade) :] *= fade[::-1]
    return _at_level(piece, _LEVEL_DBFS)


def _at_level(piece: Piece, dbfs: float) -> Piece:
    spoken = np.concatenate(
        [piece.samples[round(a * RATE) : round(b * RATE)] for a, b in piece.spans]
    )
    now_db = 10 * np.log10(np.mean(spoken**2))
    return replace(piece, samples=piece.samples * 10 ** ((dbfs - now_db) / 20))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A piece in a joined sound, and by whom it is said."""

    piece: Piece
    start_s: float
    speaker: str = "A"

    @property
    def utterance(self) -> Utterance:
        """What it says, and when."""
        spans = tuple((self.start_s + a, self.start_s + b) for a, b in self.piece.spoken)
        return Utterance(self.speaker, self.piece.text, spans)


def join_pieces(placed: Sequence[Placed], seconds: float, dice: np.random.Generator) -> Samples:
    """Return a sound of that length with the pieces at their places, in a quiet room."""
    joined = dice.normal(0, 10 ** (_ROOM_DBFS / 20), round(seconds * RATE))
    for one in placed:
        begin = round(one.start_s * RATE)
        joined[begin : begin + len(one.piece.samples)] += one.piece.samples
    return joined


def place_pieces(pieces: Sequence[Piece], pauses_s: Sequence[float]) -> tuple[list[Placed], float]:
    """Put pieces one after the other, each after its pause; returns them and the end in seconds."""
    placed: list[Placed] = []
    at_s = 0.0
    for piece, pause_s in zip(pieces, pauses_s, strict=True):
        at_s = round(at_s + pause_s, 4)
        placed.append(Placed(piece, at_s))
        at_s += piece.seconds
    return placed, at_s + 1.0


def find_recordings() -> Path | None:
    """Return the folder of the recordings, beside the clone or above it; None if there is none."""
    above = (parent / _SHARED for parent in Path(__file__).parents[2:])
    return next((folder for folder in above if (folder / "manifest.tsv").is_file()), None)


def read_recordings(folder: Path) -> list[tuple[Path, str]]:
    """Return every recording of the folder that has a reference, with it."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t"))
    return [(folder / line["file"], line["reference"]) for line in lines if line["reference"]]


def read_samples(path: Path) -> Samples:
    """Return a recording in one channel at 16 kHz."""
    sound, rate = soundfile.read(path, dtype="float64", always_2d=True)
    return np.asarray(soxr.resample(sound.mean(axis=1), rate, RATE), np.float64)


class Workshop:
    """Makes the sounds of each case in a folder."""

    def __init__(self, folder: Path, recordings: Sequence[tuple[Path, str]]) -> None:
        """Cut every recording to its speech."""
        self._folder = folder
        self._recordings = recordings
        self.pieces = [cut_piece(read_samples(path), text) for path, text in recordings]
        self.answers = [p for p in self.pieces if p.is_answer]
        self._questions = [
            p for p in self.pieces if not p.is_answer and p.seconds <= _LONGEST_QUESTION_S
        ]
        self.cases: dict[str, Callable[[], Case]] = {
            "one by one": self._one_by_one,
            "ten minutes with pauses": self._ten_minutes,
            "every other 20 dB quieter": self._every_other_quieter,
            "telephone": self._telephone,
            "white noise 10 dB below": partial(self._masked, "white noise 10 dB below", make_hiss),
            "music 10 dB below": partial(self._masked, "music 10 dB below", make_music),
            "-50 dBFS": self._faint,
            "question and answer": self._questions_and_answers,
            "lone answers": self._lone_answers,
            **{
                _name_bleed(db): partial(self._two_microphones, _name_bleed(db), db)
                for db in (8, 12, 20)
            },
            **{name: partial(self._nothing, name, make) for name, make in _NOTHINGS.items()},
        }

    def _write(
        self, name: str, kind: str, sound: Samples, placed: Sequence[Placed], rate: int = RATE
    ) -> Case:
        path = self._folder / f"{name.replace(' ', '-').replace(',', '')}.wav"
        soundfile.write(path, np.clip(sound, -1, 1), rate, subtype="PCM_16")
        return Case(name, kind, (Sound(path, tuple(one.utterance for one in placed)),))

    def _one_by_one(self) -> Case:
        """Each recording as it is, in its own format."""
        sounds = (
            Sound(path, (Utterance("A", text, find_voice(read_samples(path))),))
            for path, text in self._recordings
        )
        return Case("one by one", TALK, tuple(sounds))

    def _ten_minutes(self) -> Case:
        """Each piece three times, pauses of half a second to some twenty between."""
        dice = _dice()
        pieces = [
            self.pieces[at]
            for _ in range(_count_rounds(self.pieces))
            for at in _shuffle(dice, self.pieces)
        ]
        pauses = np.exp(dice.uniform(np.log(0.6), np.log(20.0), len(pieces)))
        left_s = 10 * _MINUTE_S - 1.0 - sum(piece.seconds for piece in pieces)
        placed, end_s = place_pieces(pieces, list(pauses * left_s / pauses.sum()))
        return self._write(
            "ten minutes with pauses", TALK, join_pieces(placed, end_s, dice), placed
        )

    def _talk(self, dice: np.random.Generator) -> tuple[list[Placed], float]:
        """Each piece once, with the pauses of talk."""
        pieces = [self.pieces[at] for at in _shuffle(dice, self.pieces)]
        return place_pieces(pieces, list(dice.uniform(0.5, 2.0, len(pieces))))

    def _every_other_quieter(self) -> Case:
        dice = _dice()
        placed, end_s = self._talk(dice)
        placed = [
            replace(one, piece=_at_level(one.piece, _LEVEL_DBFS - 20 * (number % 2)))
            for number, one in enumerate(placed)
        ]
        joined = join_pieces(placed, end_s, dice)
        return self._write("every other 20 dB quieter", TALK, joined, placed)

    def _faint(self) -> Case:
        dice = _dice()
        placed, end_s = self._talk(dice)
        placed = [replace(one, piece=_at_level(one.piece, _QUIET_DBFS)) for one in placed]
        return self._write("-50 dBFS", TALK, join_pieces(placed, end_s, dice), placed)

    def _telephone(self) -> Case:
        """300 to 3400 Hz at 8 kHz, eight bits by mu-law."""
        dice = _dice()
        placed, end_s = self._talk(dice)
        narrow = np.asarray(soxr.resample(join_pieces(placed, end_s, dice), RATE, 8_000))
        spectrum = np.fft.rfft(narrow)
        hertz = np.fft.rfftfreq(len(narrow), 1 / 8_000)
        spectrum[(hertz < 300) | (hertz > 3_400)] = 0  # noqa: PLR2004 - the band
        band = np.fft.irfft(spectrum, len(narrow))
        pressed = np.sign(band) * np.log1p(255 * np.minimum(np.abs(band), 1)) / np.log(256)
        pressed = np.rint(pressed * 127) / 127
        heard = np.sign(pressed) * (256 ** np.abs(pressed) - 1) / 255
        return self._write("telephone", TALK, heard, placed, rate=8_000)

    def _nothing(self, name: str, make: MakeSound) -> Case:
        """A minute in which nobody speaks."""
        return self._write(name, NOTHING, make(_MINUTE_S, _dice()), [])

    def _masked(self, name: str, make: MakeSound) -> Case:
        """Talk over another sound."""
        dice = _dice()
        placed, end_s = self._talk(dice)
        joined = join_pieces(placed, end_s, dice)
        below = _scaled(make(end_s, dice), _LEVEL_DBFS - _BELOW_DB)
        return self._write(name, TALK, joined + below[: len(joined)], placed)

    def _questions_and_answers(self) -> Case:
        """A sentence, then a short answer by another person, sixteen times."""
        dice = _dice()
        pieces: list[Piece] = []
        pauses: list[float] = []
        for turn in range(_QUESTIONS):
            pieces += [
                self._questions[turn % len(self._questions)],
                self.answers[turn % len(self.answers)],
            ]
            pauses += [dice.uniform(0.8, 2.0), dice.uniform(0.3, 0.9)]
        placed, end_s = place_pieces(pieces, pauses)
        joined = join_pieces(placed, end_s, dice)
        return self._write("question and answer", SPARSE, joined, placed)

    def _lone_answers(self) -> Case:
        """The short answers alone, silence of ten to twenty seconds between."""
        dice = _dice()
        pieces = [self.answers[turn % len(self.answers)] for turn in range(_QUESTIONS)]
        placed, end_s = place_pieces(pieces, list(dice.uniform(10, 20, len(pieces))))
        return self._write("lone answers", SPARSE, join_pieces(placed, end_s, dice), placed)

    def _two_microphones(self, name: str, bleed_db: float) -> Case:
        """Two people in turn, each with a microphone that has the other so much quieter."""
        dice = _dice()
        placed, end_s = self._talk(dice)
        placed = [replace(one, speaker="AB"[number % 2]) for number, one in enumerate(placed)]
        own = [
            join_pieces([one for one in placed if one.speaker == who], end_s, dice) for who in "AB"
        ]
        channels = [own[mine] + cross_room(own[1 - mine], bleed_db) for mine in (0, 1)]
        return self._write(name, APART, np.stack(channels, axis=1), placed)


def cross_room(samples: Samples, bleed_db: float) -> Samples:
    """Return a voice as the neighbour's microphone has it: later, quieter, and off two walls."""
    heard = np.zeros_like(samples)
    for delay_s, share in zip(_BLEED_DELAY_S, _BLEED_SHARES, strict=True):
        late = round(delay_s * RATE)
        heard[late:] += share * samples[:-late]
    power = sum(share**2 for share in _BLEED_SHARES)
    return heard * 10 ** (-bleed_db / 20) / np.sqrt(power)


def make_hum(seconds: float, _: np.random.Generator) -> Samples:
    """Return the hum of the mains, with what a bad cable adds to it, at -40 dBFS."""
    at_s = np.arange(round(seconds * RATE)) / RATE
    tones = sum(np.sin(2 * np.pi * 50 * n * at_s + n) / n for n in (1, 2, 3, 5, 7))
    return _scaled(np.asarray(tones), -40.0)


def make_room(seconds: float, dice: np.random.Generator) -> Samples:
    """Return a room with nobody in it: low noise that swells, a chair now and then, -50 dBFS."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(dice.normal(0, 1, count))
    spectrum /= np.maximum(np.sqrt(np.fft.rfftfreq(count, 1 / RATE)), np.sqrt(20.0))
    noise = np.fft.irfft(spectrum, count)
    at_s = np.arange(count) / RATE
    noise = _scaled(noise * (1 + 0.5 * np.sin(2 * np.pi * at_s / 7)), -50.0)
    for begin_s in dice.uniform(1, seconds - 1, 8):
        knock = dice.normal(0, 0.02, RATE // 8) * np.exp(-np.arange(RATE // 8) / 300)
        begin = round(begin_s * RATE)
        noise[begin : begin + len(knock)] += knock
    return noise


def make_music(seconds: float, dice: np.random.Generator) -> Samples:
    """Return chords of four bars, now struck, now broken, with a bass below them."""
    sound: Samples = np.zeros(round((seconds + 3) * RATE))
    beat_s = 0.5
    for number in range(int(seconds / (4 * beat_s)) + 1):
        root = (48, 45, 41, 43)[number % 4]
        chord = [root + step for step in ((0, 4, 7, 12) if root != 45 else (0, 3, 7, 12))]  # noqa: PLR2004
        begin_s = number * 4 * beat_s
        _strike(sound, root - 12, begin_s, 2.0)
        if dice.random() < 0.5:  # noqa: PLR2004 - one of two
            for beat in range(4):
                for key in chord:
                    _strike(sound, key, begin_s + beat * beat_s, 0.8)
        else:
            for half in range(8):
                key = chord[int(dice.integers(len(chord)))] + 12
                _strike(sound, key, begin_s + half * beat_s / 2, 0.6)
    return _scaled(sound[: round(seconds * RATE)], -30.0)


def _strike(sound: Samples, key: int, begin_s: float, seconds: float) -> None:
    note = _make_note(key, seconds)
    begin = round(begin_s * RATE)
    part = sound[begin : begin + len(note)]
    part += note[: len(part)]


@cache
def _make_note(key: int, seconds: float) -> Samples:
    """Return one note of a plucked string; key as in MIDI."""
    at_s = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((key - 69) / 12)
    tone = sum(np.sin(2 * np.pi * hertz * n * at_s) / n**1.5 for n in range(1, 6))
    return np.asarray(tone) * np.exp(-at_s * 3)


def make_hiss(seconds: float, dice: np.random.Generator) -> Samples:
    """Return white noise."""
    return dice.normal(0, 1, round(seconds * RATE))


def _scaled(sound: Samples, dbfs: float) -> Samples:
    return sound * 10 ** (dbfs / 20) / np.sqrt(np.mean(sound**2))


def _count_rounds(pieces: Sequence[Piece]) -> int:
    """Return how often all pieces are said, so that they fill up to two thirds of ten minutes."""
    return max(1, int(400 / sum(piece.seconds for piece in pieces)))


def _shuffle(dice: np.random.Generator, pieces: Sequence[Piece]) -> list[int]:
    return [int(at) for at in dice.permutation(len(pieces))]


def _name_bleed(bleed_db: float) -> str:
    return f"two microphones, {bleed_db:g} dB"


def make_silence(seconds: float, _: np.random.Generator) -> Samples:
    """Return digital silence, as a muted microphone has it."""
    return np.zeros(round(seconds * RATE))


_NOTHINGS: dict[str, MakeSound] = {
    "silence": make_silence,
    "hum": make_hum,
    "room noise": make_room,
    "music": make_music,
}


def _dice() -> np.random.Generator:
    return np.random.default_rng(_SEED)


def sparse_blocks(pieces: Sequence[Piece], hours: int) -> Iterator[npt.NDArray[np.int16]]:
    """Yield a sound of so many hours minute by minute, with one piece at the start of each."""
    dice = _dice()
    for minute in range(hours * 60):
        piece = pieces[minute % len(pieces)]
        joined = join_pieces([Placed(piece, 2.0)], _MINUTE_S, dice)
        yield np.rint(np.clip(joined, -1, 1) * 32767).astype(np.int16)
