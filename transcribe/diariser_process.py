"""Run the diariser of sherpa-onnx in a process of its own, one block of sound at a time.

It stays for who has its models. A failure there ends its process, never Earshot.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import msgspec
import numpy as np

from models import InstalledModel
from study import ReportProgress, ShouldStop, TaskProgress, VoiceStretch
from study.errors import DiariserFailed, NoDiariser, Stopped
from study.store import InterviewSound, build_worker_environment
from transcribe.audio_tracks import Samples, Track, read_excerpt
from transcribe.diariser import COUNT, BlockVoice, DiarisedBlock
from transcribe.speaker_clustering import group_voices, measure_margins
from transcribe.voice_clustering import MOST_GUESSED, Points, cluster_voices
from transcribe.voice_separation import Anchor, SeparatedVoices, impose_anchors

BLOCK_S = 300.0
_MORE = 2  # voices than people in each block: surplus ones are joined later, missed ones never are
_GUESS_SURENESS = 0.3  # at most: how many people speak was never fitted on these models
_PROGRAM = (sys.executable, "-P", "-m", "transcribe.diariser")


def diarise_sound(
    sound: InterviewSound,
    track: Track,
    model: InstalledModel,
    *,
    count: int | None,
    anchors: Sequence[Anchor],
    stop: ShouldStop,
    report: ReportProgress,
) -> SeparatedVoices:
    """Tell apart who speaks, with sherpa-onnx's segmentation and embeddings.

    Raises:
        NoDiariser, DiariserFailed, Stopped.
    """
    if importlib.util.find_spec("sherpa_onnx") is None:
        raise NoDiariser
    most = MOST_GUESSED if count is None else count
    blocks = list(_diarise_blocks(sound, track, model, most, stop, report))
    every = [
        (placed.start_s, voice)
        for placed in blocks
        for voice in placed.block.voices
        if any(voice.embedding)
    ]
    if not every:
        raise DiariserFailed
    return _join_voices(every, count, anchors)


@dataclass(frozen=True, slots=True)
class _PlacedBlock:
    """The voices of the block that begins at ``start_s`` of the interview."""

    start_s: float
    block: DiarisedBlock


def _diarise_blocks(
    sound: InterviewSound,
    track: Track,
    model: InstalledModel,
    count: int,
    stop: ShouldStop,
    report: ReportProgress,
) -> Iterator[_PlacedBlock]:
    total_s = sound.duration_s
    report(TaskProgress(0.0, total_s, "telling voices apart"))
    with _start_diariser(model, count + _MORE) as diarise:
        start_s = 0.0
        while start_s < total_s:
            if stop():
                raise Stopped("Telling voices apart")
            end_s = min(start_s + BLOCK_S, total_s)
            yield _PlacedBlock(start_s, diarise(read_excerpt(sound, track, start_s, end_s)))
            start_s = end_s
            report(TaskProgress(start_s, total_s, "telling voices apart"))


class _DiariserProcess:
    """The process of the diariser, called with one block at a time."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, samples: Samples) -> DiarisedBlock:
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        try:
            questions.write(COUNT.pack(len(samples)))
            questions.write(np.ascontiguousarray(samples, dtype="<f4").tobytes())
            questions.flush()
            return msgspec.json.decode(answers.readline(), type=DiarisedBlock)
        except (OSError, msgspec.DecodeError) as broken:  # the process ended, without a reason
            raise DiariserFailed from broken


@contextlib.contextmanager
def _start_diariser(model: InstalledModel, voices: int) -> Generator[_DiariserProcess]:
    process = subprocess.Popen(
        [*_PROGRAM, str(model.folder), str(voices), str(os.getpid())],
        env=build_worker_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # its messages may name files
    )
    try:
        yield _DiariserProcess(process)
    finally:
        process.kill()  # it holds nothing that could be lost
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _join_voices(
    every: Sequence[tuple[float, BlockVoice]], count: int | None, anchors: Sequence[Anchor]
) -> SeparatedVoices:
    """Join the voices of all blocks into people.

    every: the start of its block in seconds, and a voice with an embedding.
    """
    points = [voice.embedding for _, voice in every]
    weights = [sum(b - a for a, b in voice.spoken) for _, voice in every]
    sureness = 1.0
    if count is None:
        unit = _normalise(points)
        guess = cluster_voices(unit, weights, range(len(unit)), count=None)
        people, sureness = len(guess.centres), min(guess.sureness, _GUESS_SURENESS)
    else:
        people = count
    groups = group_voices(points, weights, people)
    stretches = list(
        chain.from_iterable(
            (VoiceStretch(start_s + a, start_s + b, group, margin) for a, b in voice.spoken)
            for (start_s, voice), group, margin in zip(
                every, groups, measure_margins(points, weights, groups), strict=True
            )
        )
    )
    stretches.sort(key=lambda stretch: stretch.start_s)
    order = list(dict.fromkeys([*(s.voice for s in stretches), *range(people)]))
    number = {voice: place for place, voice in enumerate(order)}
    ordered = [replace(stretch, voice=number[stretch.voice]) for stretch in stretches]
    settled, speakers = impose_anchors(ordered, people, anchors)
    prints = _find_prints(points, weights, [number[group] for group in groups], people)
    return SeparatedVoices(tuple(settled), speakers, prints, len(speakers), count is None, sureness)


def _find_prints(
    points: Sequence[Sequence[float]], weights: Sequence[float], groups: Sequence[int], count: int
) -> Points:
    unit = _normalise(points)
    prints = np.zeros((count, unit.shape[1]), np.float32)
    for point, weight, group in zip(unit, weights, groups, strict=True):
        prints[group] += np.float32(weight) * point
    return _normalise(prints)


def _normalise(points: Sequence[Sequence[float]] | Points) -> Points:
    rows = np.asarray(points, dtype=np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
