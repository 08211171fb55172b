"""Spoken training texts on disk: log-mel frames with the times of words and phonemes.

The corpus is made in shards, each by its own process: espeak-ng keeps state, so only the same
sequence in a fresh process gives the same sound again. A shard is a `.npy` array of frames
and a `.json` list of utterances; the latter is written last and says that the shard is whole.
"""

import json
import multiprocessing
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.speech.dice import happens
from tools.speech.features import FRAMES_PER_S, HOP, log_mel
from tools.speech.grammar import training_text
from tools.speech.voices import DEMONSTRATION, Speaker, Voice

SHARD_SIZE = 1000  # utterances; about an hour of sound and 60 MB

# Nearly all training is in the demonstration's voices; a few others keep it from leaning on
# what is peculiar to three.
_DEMONSTRATION_SHARE = 0.9
_ACCENTS = ("gmw/en", "gmw/en-GB-x-rp", "gmw/en-US", "gmw/en-GB-scotland", "gmw/en-GB-x-gbclan")
_VARIANTS = ("", "+m1", "+m2", "+m3", "+m5", "+m7", "+f1", "+f2", "+f3", "+f4", "+klatt2")

# Whole frames of 20 ms, the encoder's own step.
_ALIGN = 2 * HOP


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance of the corpus. Times are seconds from its own first frame."""

    text: str
    frames: np.ndarray  # float16, shape (frames, bands), log power before normalising
    words: tuple[tuple[str, float, float], ...]
    phonemes: tuple[tuple[str, float], ...]

    @property
    def duration_s(self) -> float:
        """When the last word ends."""
        return self.words[-1][2]


def make(folder: Path, *, utterances: int, seed: int, processes: int) -> None:
    """Speak the corpus; shards that are there already are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    shards = range(-(-utterances // SHARD_SIZE))
    missing = [(folder, seed, n) for n in shards if not _notes(folder, n).exists()]
    # "spawn" and one task a process: each shard begins with a fresh espeak-ng.
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, maxtasksperchild=1) as pool:
        for number in pool.imap_unordered(_make_shard, missing, chunksize=1):
            print(f"shard {number} of {len(shards)}", flush=True)


def read(folder: Path) -> list[Spoken]:
    """Read all shards that are whole; the frames stay on disk until they are used."""
    found: list[Spoken] = []
    for notes in sorted(folder.glob("shard-*.json")):
        frames = np.load(notes.with_suffix(".npy"), mmap_mode="r")
        for entry in json.loads(notes.read_text(encoding="utf-8")):
            first, last = entry["frames"]
            words = tuple((text, start, end) for text, start, end in entry["words"])
            phonemes = tuple((name, start) for name, start in entry["phonemes"])
            found.append(Spoken(entry["text"], frames[first:last], words, phonemes))
    return found


def _notes(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:03d}.json"


def _make_shard(task: tuple[Path, int, int]) -> int:
    folder, seed, number = task
    draw = random.Random(f"{seed}/{number}")
    speaker = Speaker()
    frames: list[np.ndarray] = []
    entries: list[dict[str, object]] = []
    at = 0
    for _ in range(SHARD_SIZE):
        text = training_text(draw)
        utterance = speaker.say(text, _voice(draw))
        count = len(utterance.samples)
        # Some silence after the end, so that the last sound does not stop in mid-frame.
        samples = np.pad(utterance.samples, (0, -count % _ALIGN + _ALIGN))
        frames.append(log_mel(samples).astype(np.float16))
        entries.append(
            {
                "text": text,
                "frames": [at, at + len(frames[-1])],
                "words": [
                    [w.text, round(w.start_s, 3), round(w.end_s, 3)] for w in utterance.words
                ],
                "phonemes": [[p.name, round(p.start_s, 3)] for p in utterance.phonemes],
            }
        )
        at += len(frames[-1])
    notes = _notes(folder, number)
    np.save(notes.with_suffix(".npy"), np.concatenate(frames))
    draft = notes.with_suffix(".draft")
    draft.write_text(json.dumps(entries), encoding="utf-8")
    draft.replace(notes)
    print(f"shard {number}: {at / FRAMES_PER_S / 3600:.2f} h", flush=True)
    return number


def _voice(draw: random.Random) -> Voice:
    if happens(draw, _DEMONSTRATION_SHARE):
        near = draw.choice(DEMONSTRATION)
        return Voice(
            near.name,
            near.rate_wpm + draw.randint(-12, 12),
            min(99, max(0, near.pitch + draw.randint(-6, 6))),
            near.pitch_range + draw.randint(-6, 6),
        )
    name = draw.choice(_ACCENTS) + draw.choice(_VARIANTS)
    return Voice(name, draw.randint(130, 190), draw.randint(25, 75), draw.randint(30, 70))
