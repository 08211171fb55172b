"""Fit the limit from which on Earshot doubts a turn, and try it on recordings it was not fitted on.

    python -m tools.doubt WORK --speech ../shared/data/speech --say SPEAK.PY --voices KOKORO

Recordings of people with references, and lines that voices speak (``doubt_lines.txt``), are joined
with pauses: once as they are, and once each quiet, over a telephone, in hiss and in rumble. Each of
``--models`` transcribes them as an interview is transcribed. A turn is wrong where a word of it is
not what was said; fillers count neither way, and a word left out is in no turn. The tables show how
many of the doubted turns are wrong (precision) and how many of the wrong ones are doubted (recall):
on the recordings used for fitting, each judged by a limit that was fitted without it, and on those
held out, judged by the limit in use (``study.LEAST_DOUBT``).

Lines are spoken once and kept in WORK. ``--words`` reads the words that the last run left there.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from models import find_speech_model
from study import (
    LEAST_DOUBT,
    InterviewDetails,
    SoundFormat,
    Turn,
    Word,
    measure_doubt,
)
from study.store import Argon2Cost, IncomingSound, Study
from transcribe import transcribe_interview

RATE = 16_000
LEAST_PRECISION = 0.75  # three of four doubted turns are wrong: worth a look each time
PAUSE_S = 6.0  # between recordings: longer than any pause within a window
LEVEL_DBFS = -24.0  # of every recording, so that noise has one distance to all

# Named before any of them was transcribed. Speakers are whole on one side, but for the voice of the
# two "corpus" recordings, which has a cold in this one.
HELD_OUT = frozenset({
    "mfa_cold_corpus.wav", "LJ050-0131.wav", "LJ002-0020.wav", "mfa_common_voice_en_22058264.mp3",
    "libri_2412-153948-0000.flac",
})  # fmt: skip
# The voices of each part of the lines. The last part was written after the first two had been
# looked at, and heard once the rule was settled.
VOICES = {
    "fit": ("jf_alpha", "jf_gongitsune", "jm_kumo", "jf_alpha+jm_kumo"),
    "held out": ("jf_nezumi", "jf_tebukuro", "jf_tebukuro+jm_kumo"),
    "tried last": ("jf_nezumi+jm_kumo", "jf_alpha+jf_tebukuro", "jf_gongitsune+jf_nezumi"),
}

LINE_HZ = (300, 3400)  # what a telephone line carries

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording and its words. samples: float32 (n,) at 16 kHz, silence cut off, one level."""

    name: str
    kind: str  # "people", "voices", or "last voices"
    is_held_out: bool
    reference: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word that a model wrote, and whether somebody said it; None for a filler."""

    text: str
    start_s: float
    end_s: float
    probability: float
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """A turn of a transcript, and the recording and version that it comes from."""

    recording: str
    kind: str
    is_held_out: bool
    version: str
    model: str
    words: tuple[HeardWord, ...]
    flags: tuple[str, ...]
    fillers_said: int  # in the whole recording

    @property
    def is_wrong(self) -> bool:
        """Whether a word of it was not said."""
        return any(word.is_right is False for word in self.words)


# sounds


def read_people(folder: Path) -> list[Recording]:
    """Return the recordings of people from a folder with a ``manifest.tsv``."""
    made: list[Recording] = []
    with (folder / "manifest.tsv").open() as table:
        for row in csv.DictReader(table, delimiter="\t"):
            sound, rate = soundfile.read(folder / row["file"], dtype="float32")
            mono = sound.mean(axis=1) if sound.ndim > 1 else sound
            samples = _level(soxr.resample(mono, rate, RATE))
            name = row["file"]
            made.append(Recording(name, "people", name in HELD_OUT, row["reference"], samples))
    return made


def speak_lines(options: argparse.Namespace) -> Iterator[Recording]:
    """Yield the lines as voices speak them, each spoken once and kept."""
    folder = options.work / "spoken"
    folder.mkdir(parents=True, exist_ok=True)
    for number, (part, line) in enumerate(_read_lines()):
        voices, kind = VOICES[part], "last voices" if part == "tried last" else "voices"
        path = folder / f"{number:03}.wav"
        if not path.exists():
            voice = voices[number % len(voices)]
            say = [sys.executable, options.say, "say", options.voices, voice, path, line]
            subprocess.run(say, check=True, stdout=subprocess.DEVNULL)
        wave, rate = soundfile.read(path, dtype="float32")
        samples = _level(soxr.resample(wave, rate, RATE))
        yield Recording(path.name, kind, part != "fit", line, samples)


def _read_lines() -> Iterator[tuple[str, str]]:
    """Yield each line after the part that it belongs to."""
    part = ""
    for line in Path(__file__).with_name("doubt_lines.txt").read_text().splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        elif line and not line.startswith("#"):
            yield part, line


def _level(samples: Samples) -> Samples:
    """Bring the louder half of the sound to one level."""
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    power = np.sort((frames**2).mean(axis=1))[len(frames) // 2 :].mean()
    return (samples * 10 ** (LEVEL_DBFS / 20) / max(np.sqrt(power), 1e-6)).astype(np.float32)


def join_recordings(recordings: Sequence[Recording]) -> tuple[Samples, list[tuple[float, float]]]:
    """Join recordings with pauses; return the sound, and the stretch of each in seconds."""
    pause = np.zeros(int(PAUSE_S * RATE), np.float32)
    parts, at_s = [pause[:RATE]], 1.0
    stretches: list[tuple[float, float]] = []
    for one in recordings:
        length_s = len(one.samples) / RATE
        stretches.append((at_s - PAUSE_S / 2, at_s + length_s + PAUSE_S / 2))
        parts += [one.samples, pause]
        at_s += length_s + PAUSE_S
    return np.concatenate(parts), stretches


def _as_it_is(sound: Samples) -> Samples:
    return _add_noise(sound, 50.0)


def _quiet(sound: Samples) -> Samples:
    return _add_noise(sound, 30.0) * np.float32(10 ** (-26 / 20))


def _telephone(sound: Samples) -> Samples:
    spectrum = np.fft.rfft(_add_noise(sound, 40.0))
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(hertz < LINE_HZ[0]) | (hertz > LINE_HZ[1])] = 0
    narrow = np.clip(np.fft.irfft(spectrum, len(sound)), -1, 1).astype(np.float32)
    steps = np.rint(np.log1p(255 * np.abs(narrow)) / np.log(256) * 127)  # mu-law
    return (np.sign(narrow) * np.expm1(steps / 127 * np.log(256)) / 255).astype(np.float32)


def _hiss(sound: Samples) -> Samples:
    return _add_noise(sound, 10.0)


def _rumble(sound: Samples) -> Samples:
    return _add_noise(sound, 3.0, slope=1.0)


def _add_noise(sound: Samples, below_db: float, slope: float = 0.0) -> Samples:
    """Add noise so many dB below the level of speech; its power falls with ``slope`` (1: pink)."""
    random = np.random.default_rng(14)
    spectrum = np.fft.rfft(random.standard_normal(len(sound)))
    hertz = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 20)
    noise = np.fft.irfft(spectrum * hertz ** (-slope / 2), len(sound))
    level = 10 ** ((LEVEL_DBFS - below_db) / 20)
    return (sound + noise * level / noise.std()).astype(np.float32)


VERSIONS: dict[str, Callable[[Samples], Samples]] = {
    "as it is": _as_it_is, "quiet": _quiet, "telephone": _telephone, "hiss": _hiss,
    "rumble": _rumble,
}  # fmt: skip


# words


def transcribe_all(
    recordings: Sequence[Recording], models: Iterable[str], versions: Iterable[str] = VERSIONS
) -> list[HeardTurn]:
    """Transcribe each version with each model; voices speak an eighth in each but the first."""
    turns: list[HeardTurn] = []
    with tempfile.TemporaryDirectory() as folder:
        study = Study.create(Path(folder) / "study", "a passphrase", cost=Argon2Cost(1, 1, 8))[0]
        with study:
            for place, version in enumerate(versions):
                chosen = [
                    one
                    for number, one in enumerate(recordings)
                    if one.kind == "people" or not place or number % 8 == place - 1
                ]
                sound, stretches = join_recordings(chosen)
                with IncomingSound(study, SoundFormat(RATE, 1)) as incoming:
                    pcm = np.clip(VERSIONS[version](sound) * 32767, -32768, 32767).astype("<i2")
                    for first in range(0, len(pcm), RATE):
                        incoming.write(pcm[first : first + RATE].tobytes())
                    interview = study.interview(
                        incoming.keep(InterviewDetails(f"V{place}", channels=("P01",)), {})
                    )
                for model in models:
                    begun = time.process_time()
                    transcript = transcribe_interview(interview, find_speech_model(model))
                    print(
                        f"{model}, {version}: {len(sound) / RATE:.0f} s of sound in"
                        f" {time.process_time() - begun:.0f} s of processor",
                        file=sys.stderr,
                    )
                    for one, (from_s, to_s) in zip(chosen, stretches, strict=True):
                        mine = [t for t in transcript.turns if from_s <= t.start_s < to_s]
                        turns += _judge_turns(one, version, model, mine)
    return turns


def _judge_turns(
    one: Recording, version: str, model: str, turns: Sequence[Turn]
) -> Iterator[HeardTurn]:
    words = [word for turn in turns for word in turn.words]
    right = iter(judge_words([word.text for word in words], one.reference))
    for turn in turns:
        if turn.words:
            yield HeardTurn(
                one.name, one.kind, one.is_held_out, version, model,
                tuple(
                    HeardWord(w.text, w.start_s, w.end_s, w.probability, next(right))
                    for w in turn.words
                ),
                tuple(flag.kind for flag in turn.flags),
                sum(token in _FILLERS for token in _tokens(one.reference)),
            )  # fmt: skip


_FILLERS = frozenset({"um", "uh", "er", "erm", "mm", "hmm", "ah", "oh", "umm", "uhm"})
_ALIKE = {
    "mr": "mister", "mrs": "missus", "dr": "doctor", "ok": "okay", "alright": "all right",
    "yknow": "you know", "1813": "eighteen thirteen", "6": "six", "20": "twenty", "2": "two",
    "im": "i am", "ive": "i have", "youre": "you are", "wanna": "want to", "gonna": "going to",
    "neighbor": "neighbour", "color": "colour", "program": "programme",
}  # fmt: skip


def _tokens(text: str) -> list[str]:
    """Return what is said, without case and punctuation, in one spelling."""
    bare = "".join(c if c.isalnum() else "" if c in "'\u2019." else " " for c in text.casefold())
    return " ".join(_ALIKE.get(word, word) for word in bare.split()).split()


def judge_words(heard: Sequence[str], reference: str) -> list[bool | None]:
    """Say of each word whether it was said: None for a filler, or for what has no letters."""
    said = [token for token in _tokens(reference) if token not in _FILLERS]
    owners: list[int] = []
    tokens: list[str] = []
    for number, word in enumerate(heard):
        for token in _tokens(word):
            if token not in _FILLERS:
                owners.append(number)
                tokens.append(token)
    verdicts: list[bool | None] = [None] * len(heard)
    for tag, a, b, c, d in SequenceMatcher(None, said, tokens, autojunk=False).get_opcodes():
        is_right = tag == "equal" or "".join(said[a:b]) == "".join(tokens[c:d])  # "Fire fox"
        for owner in owners[c:d]:
            verdicts[owner] = is_right and verdicts[owner] is not False
    return verdicts


def write_words(path: Path, turns: Iterable[HeardTurn]) -> None:
    """Write the turns, one JSON record a line."""
    path.write_text("".join(json.dumps(asdict(turn)) + "\n" for turn in turns))


def read_words(path: Path) -> list[HeardTurn]:
    """Read the turns that a run wrote."""
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        HeardTurn(**record | {
            "words": tuple(HeardWord(**word) for word in record["words"]),
            "flags": tuple(record["flags"]),
        })
        for record in records
    ]  # fmt: skip


# the fit

_Score = Callable[[HeardTurn], float]  # the higher, the more doubtful


def _score_weakest(turn: HeardTurn) -> float:
    return 1 - min(word.probability for word in turn.words)


def _score_sum(turn: HeardTurn) -> float:
    return measure_doubt(Word(w.text, w.start_s, w.end_s, w.probability) for w in turn.words)


SCORES: dict[str, _Score] = {"weakest word": _score_weakest, "doubt of all words": _score_sum}


def fit_limit(turns: Sequence[HeardTurn], score: _Score) -> float:
    """Return the lowest limit, and so the highest recall, that leaves the precision wanted."""
    found, limit = 0, float("inf")
    for number, turn in enumerate(sorted(turns, key=score, reverse=True), start=1):
        found += turn.is_wrong
        if found >= LEAST_PRECISION * number:
            limit = score(turn)
    return limit


def print_tables(turns: Sequence[HeardTurn]) -> None:
    """Print how well each rule does, and what the probability of a word tells of it."""
    fitted = [turn for turn in turns if not turn.is_held_out]
    held_out = [turn for turn in turns if turn.is_held_out]
    print("| turns | rule | limit | turns | wrong | doubted | precision | recall |")
    print("|---|---|---|---|---|---|---|---|")
    for name, score in SCORES.items():
        limits = {
            left_out: fit_limit([t for t in fitted if t.recording != left_out], score)
            for left_out in {turn.recording for turn in fitted}
        }
        doubted = [score(turn) >= limits[turn.recording] for turn in fitted]
        limit = fit_limit(fitted, score)
        _print_row("fitted, each without itself", f"{name} | {limit:.2f}", fitted, doubted)
        doubted = [score(turn) >= limit for turn in held_out]
        _print_row("held out", f"{name} | {limit:.2f}", held_out, doubted)
    rule = f"in use | {LEAST_DOUBT}"
    for what, of in _list_groups(held_out):
        _print_row(f"held out, {what}", rule, of, [_score_sum(t) >= LEAST_DOUBT for t in of])
    for what, of in _list_groups(fitted):
        _print_row(f"fitted, {what}", rule, of, [_score_sum(t) >= LEAST_DOUBT for t in of])
    print()
    _print_fillers(turns)
    print("| words below | of all words | wrong (precision) | of the wrong words (recall) |")
    print("|---|---|---|---|")
    words = [word for turn in turns for word in turn.words if word.is_right is not None]
    wrong = sum(word.is_right is False for word in words)
    for limit in (0.3, 0.4, 0.5, 0.6):
        below = [word for word in words if word.probability < limit]
        bad = sum(word.is_right is False for word in below)
        print(f"| {limit} | {_share(len(below), len(words))} | {_share(bad, len(below))} |"
              f" {_share(bad, wrong)} |")  # fmt: skip


def _print_fillers(turns: Sequence[HeardTurn]) -> None:
    """Print how many fillers people and voices said, and how many of them were written down."""
    hearings = {(t.recording, t.version, t.model): t.fillers_said for t in turns}
    written = sum(token in _FILLERS for t in turns for w in t.words for token in _tokens(w.text))
    print(f"fillers: {sum(hearings.values())} said, {written} written\n")


def _list_groups(turns: Sequence[HeardTurn]) -> Iterator[tuple[str, list[HeardTurn]]]:
    yield "all", list(turns)
    for of in ("kind", "model", "version"):
        for value in dict.fromkeys(getattr(turn, of) for turn in turns):
            yield value, [turn for turn in turns if getattr(turn, of) == value]


def _print_row(what: str, rule: str, turns: Sequence[HeardTurn], doubted: Sequence[bool]) -> None:
    wrong = sum(turn.is_wrong for turn in turns)
    found = sum(turn.is_wrong for turn, is_so in zip(turns, doubted, strict=True) if is_so)
    print(
        f"| {what} | {rule} | {len(turns)} | {wrong} | {sum(doubted)} |"
        f" {_share(found, sum(doubted))} | {_share(found, wrong)} |"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def main() -> None:
    """Run the fit from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--speech", type=Path, default=Path("../shared/data/speech"))
    parser.add_argument("--say", type=Path, default=Path("../shared/tools/speak.py"))
    parser.add_argument("--voices", type=Path, default=Path("build/kokoro"))
    parser.add_argument("--models", nargs="+", default=["tiny.en", "base"])
    parser.add_argument("--words", action="store_true", help="of the last run")
    options = parser.parse_args()
    path = options.work / "words.jsonl"
    if not options.words:
        recordings = [*read_people(options.speech), *speak_lines(options)]
        write_words(path, transcribe_all(recordings, options.models))
    print_tables(read_words(path))


if __name__ == "__main__":
    main()
