"""Makes the sounds of the benchmark of speakers, of which it is known who speaks when.

Readers: human recordings from ``../shared/data/speech`` cut at their pauses, different readers in
turn. Made interviews: lines of ``speaker_lines.txt`` said by natural synthetic voices, through
``../shared/tools/speak.py`` and the voices in the folder that EARSHOT_NATURAL_VOICES names; one
microphone in a room, levels 15 dB apart, replies of one word, interruptions. What was said once
stays in the cache. Conversations: real recordings NAME.wav beside NAME.rttm in the folder that
EARSHOT_CONVERSATIONS names. Constants were fitted on the cases called "fitted", never on the
others; some of their readers and voices speak in those as well, but to other people.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import platformdirs
import soundfile
import soxr

from benchmarks._word_sounds import RATE, find_recordings, find_speech, read_samples

Samples = npt.NDArray[np.float64]
MakeLine = Callable[[str, str], Samples]
"""Says a text with a voice."""

VOICES_FOLDER = "EARSHOT_NATURAL_VOICES"
CONVERSATIONS_FOLDER = "EARSHOT_CONVERSATIONS"
READERS, INTERVIEW, CONVERSATION = "readers", "interview", "conversation"
AT_ONCE = "at once"

_SHORT = ("Mm.", "Yes.", "No.", "I see.")
_LINES = 11  # of each voice
_SPEEDS = {
    "jf_alpha": 1.0, "jm_kumo": 0.95, "jf_gongitsune": 1.08, "jf_tebukuro": 0.92,
    "jf_nezumi": 1.05, "jf_tebukuro+jm_kumo": 1.0,
}  # fmt: skip
_ALPHA, _KUMO, _GON, _TEBUKURO, _NEZUMI, _MIX = _SPEEDS
_FILES = {
    "jfk": ("jfk.flac",),
    "austen": tuple(f"sense_and_sensibility_01_austen_64kb-08{n}.wav" for n in (70, 80, 90)),
    "61": ("mfa_61-70968-0000.flac",),
    "mike": ("mfa_acoustic_corpus.wav",),
    "cold": ("mfa_cold_corpus.wav",),
    "lj": ("LJ050-0131.wav", "LJ002-0020.wav"),
    "2412": ("libri_2412-153948-0000.flac",),
}
_LONGEST_PIECE_S, _PIECE_PAUSE_S, _EDGE_S = 4.0, 0.15, 0.05
_INTERVIEW_S, _MOST_TURNS = 200.0, 36
_ROOM_S = 0.3  # until its sound is 60 dB down
_WETNESS = (0.3, 0.8, 0.5)  # of each person: how far from the microphone they sit
_LEVEL = 0.08


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is said: seconds, by whom, and the text, "" where it is not known."""

    start_s: float
    end_s: float
    speaker: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerCase:
    """A sound with its truth. is_fitted: whether constants were fitted on it."""

    name: str
    kind: str
    is_fitted: bool
    path: Path
    said: tuple[Said, ...]

    @property
    def speakers(self) -> list[str]:
        """Everybody who speaks."""
        return sorted({one.speaker for one in self.said})

    @property
    def seconds(self) -> float:
        """How long it is, to its last word."""
        return max(one.end_s for one in self.said)


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    people: tuple[str, ...]
    seed: int
    is_fitted: bool = False
    levels_db: tuple[float, ...] = (0.0, -15.0, -7.0)


_READINGS = (
    _Plan("two readers", ("jfk", "lj"), 1, is_fitted=True),
    _Plan("two readers", ("mike", "austen"), 2, is_fitted=True),
    _Plan("three readers", ("jfk", "austen", "2412"), 3, is_fitted=True),
    _Plan("three readers", ("cold", "lj", "61"), 4, is_fitted=True),
    _Plan("two readers", ("cold", "2412"), 5),
    _Plan("two readers", ("61", "austen"), 8),
    _Plan("three readers", ("mike", "lj", "jfk"), 6),
    _Plan("four readers", ("mike", "2412", "lj", "austen"), 7),
)
_INTERVIEWS = (
    _Plan("two people", (_ALPHA, _KUMO), 11, is_fitted=True),
    _Plan("two people", (_KUMO, _ALPHA), 12, is_fitted=True, levels_db=(0, -15, 0)),
    _Plan("two people", (_GON, _ALPHA), 13, is_fitted=True),
    _Plan("three people", (_ALPHA, _KUMO, _GON), 14, is_fitted=True),
    _Plan("two people", (_TEBUKURO, _NEZUMI), 21),
    _Plan("two people", (_MIX, _NEZUMI), 22),
    _Plan("two people", (_TEBUKURO, _KUMO), 23, levels_db=(-15, 0, 0)),
    _Plan("three people", (_TEBUKURO, _NEZUMI, _MIX), 24),
    _Plan("three people", (_GON, _NEZUMI, _MIX), 25),
)
_TWO, _THREE = "two people at once", "three people at once"
_INTERRUPTED = (
    _Plan(_TWO, (_ALPHA, _KUMO), 31, is_fitted=True, levels_db=(0, -4)),
    _Plan(_TWO, (_GON, _KUMO), 32, is_fitted=True, levels_db=(-8, 0)),
    _Plan(_THREE, (_ALPHA, _GON, _KUMO), 33, is_fitted=True, levels_db=(0, -6, -3)),
    _Plan(_TWO, (_TEBUKURO, _NEZUMI), 41, levels_db=(0, -4)),
    _Plan(_TWO, (_MIX, _NEZUMI), 42, levels_db=(-8, 0)),
    _Plan(_TWO, (_TEBUKURO, _KUMO), 43, levels_db=(0, -2)),
    _Plan(_THREE, (_GON, _NEZUMI, _MIX), 44, levels_db=(0, -6, -3)),
)
_INTERRUPTED_S, _TALKS_OVER = 120.0, 0.4  # the share of turns that begin over the one before
_OVER_S = (0.9, 2.4)  # by how much such a turn begins early
_UNDER_S = 1.2  # how far into somebody's line a word of another one begins, at least


def make_readings(folder: Path) -> list[SpeakerCase]:
    """Join human recordings; none where they are not on this computer."""
    recordings = find_recordings()
    if recordings is None:
        return []
    pieces = {who: _cut_reader(recordings, files) for who, files in _FILES.items()}
    return [_join_readers(folder, plan, pieces) for plan in _READINGS]


def make_interviews(folder: Path) -> list[SpeakerCase]:
    """Make interviews of natural voices; none where the voices are not on this computer."""
    say = find_voices()
    return [] if say is None else [_make_interview(folder, plan, say) for plan in _INTERVIEWS]


def make_interruptions(folder: Path) -> list[SpeakerCase]:
    """Make interviews in which people talk at once; none without natural voices."""
    say = find_voices()
    return [] if say is None else [_make_interrupted(folder, plan, say) for plan in _INTERRUPTED]


def read_conversations(folder: Path) -> list[SpeakerCase]:
    """Read real recordings whose truth is known; none where they are not on this computer."""
    place = os.environ.get(CONVERSATIONS_FOLDER)
    cases: list[SpeakerCase] = []
    for path in sorted(Path(place).glob("*.wav")) if place else ():
        lines = [line.split() for line in path.with_suffix(".rttm").read_text("utf-8").splitlines()]
        said = tuple(
            Said(float(line[3]), round(float(line[3]) + float(line[4]), 3), line[7])
            for line in lines
        )
        kept = folder / path.name
        soundfile.write(kept, read_samples(path), RATE, subtype="PCM_16")
        cases.append(SpeakerCase(path.stem, CONVERSATION, is_fitted=False, path=kept, said=said))
    return cases


def _cut_reader(folder: Path, files: Sequence[str]) -> list[Samples]:
    """Return a reader's recordings in pieces of up to four seconds, ended by pauses."""
    pieces: list[Samples] = []
    for name in files:
        sound = read_samples(folder / name)
        sound *= 0.06 / np.sqrt((sound**2).mean())
        runs: list[tuple[float, float]] = []
        for start_s, end_s in find_speech(sound, bridged_s=_PIECE_PAUSE_S):
            if runs and end_s - runs[-1][0] <= _LONGEST_PIECE_S:
                runs[-1] = (runs[-1][0], end_s)
            else:
                runs.append((start_s, end_s))
        for start_s, end_s in runs:
            begin = max(0, round((start_s - _EDGE_S) * RATE))
            pieces.append(sound[begin : round((end_s + _EDGE_S) * RATE)])
    return pieces


def _join_readers(folder: Path, plan: _Plan, pieces: dict[str, list[Samples]]) -> SpeakerCase:
    dice = np.random.default_rng(plan.seed)
    left = {who: list(pieces[who]) for who in plan.people}
    table = _Table()
    at_s = 0.5
    while any(left.values()):
        for who in plan.people:
            if not left[who]:
                continue
            for _ in range(min(len(left[who]), 1 if dice.random() < 0.7 else 2)):  # noqa: PLR2004
                at_s = table.put(left[who].pop(0), at_s, who) + dice.uniform(0, 0.3)
            at_s += dice.uniform(0, 1)
    return table.save(folder, plan, READERS, dice, noise_db=-35.0)


def _make_interview(folder: Path, plan: _Plan, say: MakeLine) -> SpeakerCase:
    """Let people talk for 200 s: turns of one to three lines, replies, interruptions."""
    dice = np.random.default_rng(plan.seed)
    talk = _Talk(plan, say, dice)
    who, at_s = 0, 0.6
    for _ in range(_MOST_TURNS):
        at_s = talk.take_turn(who, at_s)
        who = talk.choose_other(who)
        if dice.random() < 0.2:  # noqa: PLR2004 - a word is a whole turn
            at_s = talk.reply(who, at_s + dice.uniform(0, 0.7))
            who = talk.choose_other(who)
        interrupts = dice.random() < 0.12  # noqa: PLR2004
        at_s += -dice.uniform(0.2, 0.7) if interrupts else dice.uniform(0, 0.9)
        if at_s > _INTERVIEW_S:
            break
    return talk.table.save(folder, plan, INTERVIEW, dice, noise_db=-30.0)


def _make_interrupted(folder: Path, plan: _Plan, say: MakeLine) -> SpeakerCase:
    """Let people talk over one another: the one goes on, and the other begins before the end."""
    dice = np.random.default_rng(plan.seed)
    talk = _Talk(plan, say, dice)
    who, at_s, until_s = 0, 0.6, 0.0
    while at_s < _INTERRUPTED_S:
        end_s = talk.take_line(who, at_s)
        other = talk.choose_other(who)
        chance = dice.random()
        if chance < _TALKS_OVER:
            begin_s = max(until_s + 0.2, at_s + 0.5, end_s - dice.uniform(*_OVER_S))
        elif chance < 2 * _TALKS_OVER and end_s - at_s > 2 * _UNDER_S:
            talk.reply(other, max(until_s + 0.2, dice.uniform(at_s + _UNDER_S, end_s - _UNDER_S)))
            begin_s = end_s + dice.uniform(0.1, 0.8)
        else:
            begin_s = end_s + dice.uniform(0, 0.9)
        until_s = end_s
        who, at_s = other, begin_s
    return talk.table.save(folder, plan, AT_ONCE, dice, noise_db=-30.0)


class _Table:
    """What a microphone on a table hears."""

    def __init__(self) -> None:
        self._placed: list[tuple[float, Samples]] = []
        self._said: list[Said] = []

    def put(self, samples: Samples, at_s: float, speaker: str, text: str = "") -> float:
        """Add a voice and return where it ends, in seconds."""
        end_s = at_s + len(samples) / RATE
        self._placed.append((at_s, samples))
        self._said.append(Said(round(at_s, 3), round(end_s, 3), speaker, text))
        return end_s

    def save(
        self, folder: Path, plan: _Plan, kind: str, dice: np.random.Generator, noise_db: float
    ) -> SpeakerCase:
        seconds = max(one.end_s for one in self._said) + 0.5
        sound = np.zeros(round(seconds * RATE))
        for at_s, samples in self._placed:
            begin = round(at_s * RATE)
            part = sound[begin : begin + len(samples)]
            part += samples[: len(part)]
        sound += dice.normal(0, np.sqrt((sound**2).mean()) * 10 ** (noise_db / 20), len(sound))
        path = folder / f"speakers-{plan.seed}.wav"
        soundfile.write(path, sound * 0.7 / np.abs(sound).max(), RATE, subtype="PCM_16")
        said = tuple(sorted(self._said, key=lambda one: one.start_s))
        return SpeakerCase(plan.name, kind, plan.is_fitted, path, said)


class _Talk:
    """The people of a made interview, and what they have said so far."""

    def __init__(self, plan: _Plan, say: MakeLine, dice: np.random.Generator) -> None:
        self.table = _Table()
        self._plan, self._say, self._dice = plan, say, dice
        every = Path(__file__).with_name("speaker_lines.txt").read_text("utf-8").splitlines()
        names = list(_SPEEDS)
        self._lines = [
            [every[(6 * names.index(voice) + n) % len(every)] for n in range(_LINES)]
            for voice in plan.people
        ]
        self._used = [0] * len(plan.people)

    def choose_other(self, who: int) -> int:
        others = [n for n in range(len(self._plan.people)) if n != who]
        return others[int(self._dice.integers(len(others)))]

    def take_turn(self, who: int, at_s: float) -> float:
        count = int(self._dice.choice([1, 1, 2, 3]))
        for number in range(count):
            at_s = self.take_line(who, at_s)
            if number < count - 1 and self._dice.random() < 0.5:  # noqa: PLR2004
                other = self.choose_other(who)
                end_s = self.reply(other, at_s + self._dice.uniform(-0.1, 0.5))
                at_s = end_s + self._dice.uniform(0, 0.4)
            else:
                at_s += self._dice.uniform(0.15, 0.6)
        return at_s

    def take_line(self, who: int, at_s: float) -> float:
        text = self._lines[who][self._used[who] % _LINES]
        self._used[who] += 1
        return self._put(who, text, at_s)

    def reply(self, who: int, at_s: float) -> float:
        return self._put(who, _SHORT[int(self._dice.integers(len(_SHORT)))], at_s)

    def _put(self, who: int, text: str, at_s: float) -> float:
        voice = self._plan.people[who]
        heard = hear_in_room(self._say(text, voice), _WETNESS[who], self._dice)
        level = 10 ** (self._plan.levels_db[who] / 20)
        dry_s = len(self._say(text, voice)) / RATE
        self.table.put(heard * level, at_s, voice, text)
        return at_s + dry_s


def hear_in_room(samples: Samples, wetness: float, dice: np.random.Generator) -> Samples:
    """Return a voice as a microphone has it: itself, and a room that is 60 dB down after .3 s."""
    count = round(_ROOM_S * RATE)
    room = dice.normal(0, 1, count) * np.exp(-6.9 * np.arange(count) / count)
    room[: round(0.004 * RATE)] = 0
    room *= wetness / np.sqrt((room**2).sum())
    room[0] += 1
    size = len(samples) + count
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(room, size), size)
    return heard[: len(samples) + count // 3]


def find_voices() -> MakeLine | None:
    """Return what says a line, from the cache or else with the voices; None without voices."""
    folder = os.environ.get(VOICES_FOLDER)
    above = (parent / "shared" / "tools" / "speak.py" for parent in Path(__file__).parents[2:])
    program = next((path for path in above if path.is_file()), None)
    if folder is None or program is None:
        return None
    cache = Path(platformdirs.user_cache_dir("earshot-benchmarks"), "speakers")
    cache.mkdir(parents=True, exist_ok=True)
    speakers: list[Any] = []

    def say(text: str, voice: str) -> Samples:
        name = hashlib.sha256(f"{voice} {_SPEEDS.get(voice, 1.0)} {text}".encode()).hexdigest()[:16]
        kept = cache / f"{name}.npy"
        if not kept.exists():
            if not speakers:
                speakers.append(_load_program(program).Speaker(Path(folder)))
            wave, _ = speakers[0].say(text, voice, _SPEEDS.get(voice, 1.0))
            np.save(kept, _trim_line(np.asarray(wave, np.float64)))
        return np.asarray(np.load(kept), np.float64)

    return say


def _load_program(path: Path) -> Any:  # noqa: ANN401 - a program without types
    spec = importlib.util.spec_from_file_location("speak", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _trim_line(wave: Samples) -> npt.NDArray[np.float32]:
    """Return a line of 24 kHz at 16 kHz, without the silence at its ends."""
    sound = np.asarray(soxr.resample(wave, 24_000, RATE))
    power = np.convolve(sound**2, np.ones(320) / 320, "same")
    loud = np.flatnonzero(power > 1e-4 * power.max())
    sound = sound[max(0, loud[0] - 160) : loud[-1] + 160]
    return (sound * _LEVEL / np.sqrt((sound**2).mean())).astype(np.float32)
