"""Tells voices apart in the sounds of the benchmark of speakers, in a process of its own.

    python -m benchmarks._speaker_runs < jobs.json > told.json

A job is a sound, its words without speakers, and how many speak, null to guess. Each is sealed into
a study of its own; what a job takes is counted from telling voices apart alone.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np

from benchmarks._place import PASSPHRASE
from benchmarks._processes import own_peak_mb
from benchmarks._word_errors import HeardWord
from capture import import_sound
from models import InstalledModel, find_voice_model
from study import (
    ArtefactKind,
    Interval,
    InterviewDetails,
    Provenance,
    Recognition,
    Transcript,
    TranscriptFacts,
    Turn,
    Voices,
    Word,
)
from study.store import Argon2Cost, Interview, Study
from transcribe import PIECE_S, VoiceEncoder, diarise_interview, read_excerpt

SHERPA, OURS = "sherpa", "earshot"

_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
_STEP_S = 0.25


class ApartJob(msgspec.Struct):
    """A sound whose voices are told apart. way: ``earshot``, or ``sherpa`` for its clustering."""

    path: str
    turns: list[list[HeardWord]]
    count: int | None
    way: str = OURS


class ToldApart(msgspec.Struct):
    """The words with their voices, how many voices, and the processor's seconds.

    mixed: where perhaps two voices speak at once, in seconds.
    """

    words: list[HeardWord]
    count: int
    cpu_s: float
    mixed: list[Interval] = []


class Told(msgspec.Struct):
    """What came of all jobs, and the most memory that the process had."""

    sounds: list[ToldApart]
    peak_mb: float


def main() -> int:
    """Do the jobs of the standard input."""
    model = find_voice_model()
    jobs = msgspec.json.decode(sys.stdin.buffer.read(), type=list[ApartJob])
    told = [_tell_apart(model, job) for job in jobs]
    sys.stdout.buffer.write(msgspec.json.encode(Told(told, own_peak_mb())))
    return 0


def _tell_apart(model: InstalledModel, job: ApartJob) -> ToldApart:
    with tempfile.TemporaryDirectory(prefix="earshot-speakers-") as folder:
        study = Study.create(Path(folder) / "study", PASSPHRASE, cost=_CHEAP)[0]
        with study:
            found = import_sound(study, Path(job.path), InterviewDetails("P01"))
            interview = study.interview(found)
            if job.way == SHERPA:
                return _cluster_with_sherpa(interview, model, job)
            _write_words(interview, job)
            begun_s = time.process_time()
            made = diarise_interview(interview, model, count=job.count)
            cpu_s = time.process_time() - begun_s
            voices = interview.read_artefact(ArtefactKind.VOICES, Voices)
            assert voices is not None
            words = [HeardWord(word.text, word.start_s, word.end_s, turn.speaker)
                     for turn in made.turns for word in turn.words]  # fmt: skip
            return ToldApart(words, voices.count, cpu_s, list(voices.mixed))


def _write_words(interview: Interview, job: ApartJob) -> None:
    turns = tuple(
        Turn(
            number, "S?", words[0].start_s, words[-1].end_s,
            "".join(word.text for word in words).strip(),
            tuple(Word(word.text, word.start_s, word.end_s, 0.9) for word in words),
        )
        for number, words in enumerate(job.turns, start=1)
    )  # fmt: skip
    made_by = Provenance("transcribe", "earshot", "base", "")
    transcript = Transcript(turns, made_by, recognition=Recognition())
    with interview.change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, transcript, TranscriptFacts(len(turns)))


def _cluster_with_sherpa(interview: Interview, model: InstalledModel, job: ApartJob) -> ToldApart:
    """Give each word the cluster of the nearest piece: same model, sherpa-onnx's clustering."""
    sherpa = cast("Any", importlib.import_module("sherpa_onnx"))
    words = [word for turn in job.turns for word in turn]
    sound = interview.open_sound()
    assert sound is not None
    begun_s = time.process_time()
    with sound:
        samples = read_excerpt(sound, (0,), 0.0, sound.duration_s)
    middles = np.array([(word.start_s + word.end_s) / 2 for word in words])
    starts = np.arange(0.0, len(samples) / 16_000 - PIECE_S, _STEP_S)
    near = np.abs(starts[:, None] + PIECE_S / 2 - middles).min(axis=1) <= PIECE_S / 2
    starts = starts[near]
    points = VoiceEncoder(model).embed(samples, [float(at) for at in starts])
    config = sherpa.FastClusteringConfig(num_clusters=-1 if job.count is None else job.count)
    labels = list(sherpa.FastClustering(config)(points))
    nearest = np.abs(starts[:, None] + PIECE_S / 2 - middles).argmin(axis=0)
    told = [HeardWord(w.text, w.start_s, w.end_s, f"S{labels[n]}")
            for w, n in zip(words, nearest, strict=True)]  # fmt: skip
    return ToldApart(told, len(set(labels)), time.process_time() - begun_s)


if __name__ == "__main__":
    sys.exit(main())
