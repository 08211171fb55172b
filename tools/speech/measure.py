"""How well a converted model hears: interviews window by window, and held-out sentences.

Uses faster-whisper as the application does: voice activity cuts the sound at silences, each
window of at most 6 s is transcribed by its own call. A window is one stretch of speech, or
several joined as long as they fit, which is harder. Words are compared without case and
punctuation.
"""

import csv
import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio
from faster_whisper.vad import VadOptions, get_speech_timestamps

from tools.speech.grammar import held_out
from tools.speech.voices import DEMONSTRATION, RATE_HZ, Speaker

# The longest window this model has learned, and where the sound is cut.
_LONGEST_S = 6.0
_LONGEST_PAUSE_S = 3.0
_CUT = VadOptions(min_silence_duration_ms=300, speech_pad_ms=150, max_speech_duration_s=_LONGEST_S)

_TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_ROOM_SEED = 1
_NEAR_S = 0.2

# Held-out sentences: peak about 0.6, noise at -60 dBFS, around them as much as the cut leaves.
_LOUDNESS = 0.6
_ROOM = 0.001
_EDGE_S = 0.15


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the model heard it, in seconds from the start of the sound."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Score:
    """What was measured: errors over words, and how far off the times of right words are."""

    errors: int
    words: int
    start_errors_s: tuple[float, ...] = ()
    end_errors_s: tuple[float, ...] = ()

    def with_another(self, other: "Score") -> "Score":
        """Both scores together."""
        return Score(
            self.errors + other.errors,
            self.words + other.words,
            self.start_errors_s + other.start_errors_s,
            self.end_errors_s + other.end_errors_s,
        )

    @property
    def word_error_rate(self) -> float:
        """Substitutions, insertions and deletions over the words of the truth."""
        return self.errors / max(1, self.words)

    @property
    def near(self) -> float:
        """Share of right words that begin within 0.2 s of the truth."""
        return float(np.mean(np.abs(self.start_errors_s or (np.inf,)) <= _NEAR_S))

    @property
    def ends_near(self) -> float:
        """Share of right words that end within 0.2 s of the truth."""
        return float(np.mean(np.abs(self.end_errors_s or (np.inf,)) <= _NEAR_S))


def normal(text: str) -> list[str]:
    """Words in lower case, without punctuation."""
    return re.sub(r"[^a-z0-9' ]", " ", text.lower()).split()


def errors(truth: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest words to change, add or leave out to get from one to the other (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for count, right in enumerate(truth, 1):
        diagonal, row[0] = row[0], count
        for place, word in enumerate(heard, 1):
            changed = diagonal + (right != word)
            diagonal, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, changed)
    return row[-1]


def load(folder: Path) -> WhisperModel:
    """Load a converted model on one thread, as the application does on a small machine."""
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


def hear(model: WhisperModel, samples: np.ndarray, *, at_s: float = 0.0) -> list[HeardWord]:
    """Transcribe one window; samples are float32 at RATE_HZ and begin `at_s` into the sound."""
    segments, _ = model.transcribe(
        samples,
        language="en",
        beam_size=5,
        temperature=list(_TEMPERATURES),
        condition_on_previous_text=False,
        word_timestamps=True,
        vad_filter=False,
    )
    return [
        HeardWord(word.word.strip(), at_s + word.start, at_s + word.end)
        for segment in segments
        for word in segment.words or ()
    ]


def windows(samples: np.ndarray, *, joined: bool) -> list[tuple[int, int]]:
    """Where to cut a recording: (first, end) in samples, end exclusive."""
    found: list[tuple[int, int]] = []
    for cut in get_speech_timestamps(samples, _CUT):
        first, end = cut["start"], cut["end"]
        if joined and found and _fits(found[-1], first, end):
            first = found.pop()[0]
        found.append((first, end))
    return found


def _fits(window: tuple[int, int], first: int, end: int) -> bool:
    pause_s = (first - window[1]) / RATE_HZ
    return pause_s <= _LONGEST_PAUSE_S and (end - window[0]) / RATE_HZ <= _LONGEST_S


def transcribed(model: WhisperModel, sound: Path, *, joined: bool) -> list[list[HeardWord]]:
    """Transcribe a recording, mixed to one channel, window by window."""
    samples = decode_audio(str(sound), sampling_rate=RATE_HZ)
    return [
        hear(model, samples[first:end], at_s=first / RATE_HZ)
        for first, end in windows(samples, joined=joined)
    ]


def score_interview(model: WhisperModel, sound: Path, *, joined: bool) -> tuple[Score, list[str]]:
    """Score a recording against the truth beside it; returns the text of each window too."""
    truth = sound.with_suffix(".truth.json").read_text(encoding="utf-8")
    turns = json.loads(truth)["turns"]
    right = [HeardWord(**word) for turn in turns for word in turn["words"]]
    heard = transcribed(model, sound, joined=joined)
    return score(right, [word for window in heard for word in window]), _lines(heard)


def score_recordings(model: WhisperModel, folder: Path) -> tuple[Score, list[str]]:
    """Score the recordings of a folder against its `manifest.tsv` (columns file, reference)."""
    total = Score(0, 0)
    lines: list[str] = []
    with (folder / "manifest.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            heard = transcribed(model, folder / row["file"], joined=True)
            said = _lines(heard)
            right = normal(row["reference"])
            wrong = errors(right, normal(" ".join(said)))
            total = total.with_another(Score(wrong, len(right)))
            lines += said
    return total, lines


def _lines(heard: Sequence[Sequence[HeardWord]]) -> list[str]:
    return [" ".join(word.text for word in window) for window in heard]


def score(right: Sequence[HeardWord], heard: Sequence[HeardWord]) -> Score:
    """Count the errors, and compare the times of the words that stand in both."""
    right_words = normal(" ".join(word.text for word in right))
    heard_words = normal(" ".join(word.text for word in heard))
    keys = [["".join(normal(word.text)) for word in words] for words in (right, heard)]
    matcher = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    pairs = [
        (right[block.a + step], heard[block.b + step])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]
    return Score(
        errors=errors(right_words, heard_words),
        words=len(right_words),
        start_errors_s=tuple(other.start_s - one.start_s for one, other in pairs),
        end_errors_s=tuple(other.end_s - one.end_s for one, other in pairs),
    )


def score_held_out(model: WhisperModel, count: int) -> tuple[Score, list[str]]:
    """Score sentences of the grammar that no training text repeats, in the three voices.

    Returns the sentences that were not heard right too, each with what was heard.
    """
    room = np.random.default_rng(_ROOM_SEED)
    speaker = Speaker()
    total = Score(0, 0)
    mistakes: list[str] = []
    for number, text in enumerate(held_out()[:count]):
        utterance = speaker.say(text, DEMONSTRATION[number % len(DEMONSTRATION)])
        quiet = np.pad(utterance.samples * _LOUDNESS, round(_EDGE_S * RATE_HZ))
        noisy = quiet + room.normal(0, _ROOM, len(quiet))
        heard = hear(model, noisy.astype(np.float32))
        right = [
            HeardWord(word.text, word.start_s + _EDGE_S, word.end_s + _EDGE_S)
            for word in utterance.words
        ]
        one = score(right, heard)
        total = total.with_another(one)
        if one.errors:
            mistakes.append(f"{text} -> {' '.join(word.text for word in heard)}")
    return total, mistakes
