"""Give turns their speakers where one microphone recorded everybody: after the words, at any time.

The transcript exists first, and a failure here never changes it. A person says how many people
speak. The diariser gets the sound in blocks of five minutes, in a process of its own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import msgspec
import numpy as np

from models import InstalledModel
from study import (
    ArtefactKind,
    Layout,
    Recognition,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    TranscriptSource,
    no_report,
    no_stop,
)
from study.errors import (
    DiariserFailed,
    NoDiariser,
    SoundMissing,
    SpeakersKnown,
    Stopped,
    TranscriptMissing,
)
from study.store import (
    Interview,
    InterviewSound,
    require_whole,
)
from transcribe.audio_tracks import Samples, Track, read_excerpt
from transcribe.diariser import COUNT, DiarisedBlock
from transcribe.speaker_assignment import SPEAKER_UNSURE, assign_speakers
from transcribe.speaker_clustering import VoiceStretch, group_voices, measure_margins

BLOCK_S = 300.0
_MORE = 2  # voices than people in each block: surplus ones are joined later, missed ones never are
_PROGRAM = (sys.executable, "-P", "-m", "transcribe.diariser")


def diarise_interview(
    interview: Interview,
    model: InstalledModel,
    *,
    count: int,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Transcript:
    """Give the turns of an interview's newest transcript speakers S1, S2, ..., and save it.

    count: how many people speak, at least 2. Speakers are numbered in the order in which they
    begin. Each run starts from the transcript as the speech model made it, so that a second run
    does not build on the first; a transcript that a person corrected is used as it is.

    Raises:
        TranscriptMissing, SoundMissing: there is no transcript or no sound.
        SoundIncomplete: part of the recording is missing on the disk.
        SpeakersKnown: each speaker has a microphone.
        NoDiariser, DiariserFailed, ModelBroken, Stopped: the transcript is unchanged.
    """
    source = _find_source(interview)
    recognition = source.transcript.recognition or Recognition()
    track = _require_one_track(recognition.layout)
    if importlib.util.find_spec("sherpa_onnx") is None:
        raise NoDiariser
    require_whole(interview)
    sound = interview.open_sound()
    if sound is None or not sound.frames:
        raise SoundMissing
    with sound:
        blocks = list(_diarise_blocks(sound, track, model, count, stop, report))
    stretches = _join_voices(blocks, count)
    if not stretches:
        raise DiariserFailed
    codes = [f"S{number + 1}" for number in range(count)]
    turns = assign_speakers(source.transcript.turns, stretches, codes)
    options = {"speakers_model": model.name, "speakers_sha256": model.sha256(), "speakers": count}
    made_by = source.transcript.provenance
    made_by = replace(made_by, options=made_by.options | options)
    made = replace(
        source.transcript,
        turns=turns,
        provenance=made_by,
        recognition=replace(recognition, speakers_model=model.name),
    )
    known = interview.summary.facts
    facts = known.corrected if source.ref.kind is ArtefactKind.CORRECTED else known.raw
    facts = replace(facts or TranscriptFacts(), turns=len(turns), unsure=_count_unsure(made))
    with interview.change("speakers told apart") as change:
        change.write_artefact(source.ref.kind, made, facts)
    return made


def _count_unsure(transcript: Transcript) -> int:
    return sum(any(flag.kind == SPEAKER_UNSURE for flag in turn.flags) for turn in transcript.turns)


def _find_source(interview: Interview) -> TranscriptSource:
    """Return the corrected transcript, else the newest one without speakers from a diariser."""
    newest = interview.read_transcript()
    if newest is None:
        raise TranscriptMissing
    if newest.ref.kind is ArtefactKind.CORRECTED:
        return newest
    for version in range(newest.ref.version, 0, -1):
        transcript = interview.read_artefact(ArtefactKind.RAW, Transcript, version)
        if transcript is not None and not _has_diarised_speakers(transcript):
            return TranscriptSource(TranscriptRef(ArtefactKind.RAW, version), transcript)
    return newest


def _has_diarised_speakers(transcript: Transcript) -> bool:
    """Whether a diariser chose the speakers."""
    return transcript.recognition is not None and bool(transcript.recognition.speakers_model)


def _require_one_track(layout: Layout) -> Track:
    """Return the channels that were transcribed as one.

    Raises:
        SpeakersKnown: the channels were transcribed apart.
    """
    if layout.is_apart:
        raise SpeakersKnown
    return layout.tracks[0]


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
        [*_PROGRAM, str(model.folder), str(voices)],
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


def _join_voices(blocks: list[_PlacedBlock], count: int) -> list[VoiceStretch]:
    """Join the voices of all blocks into ``count`` people; leave out voices without embedding."""
    every = [
        (placed.start_s, voice)
        for placed in blocks
        for voice in placed.block.voices
        if any(voice.embedding)
    ]
    if not every:
        return []
    points = [voice.embedding for _, voice in every]
    weights = [sum(b - a for a, b in voice.spoken) for _, voice in every]
    groups = group_voices(points, weights, count)
    stretches = list(
        chain.from_iterable(
            (VoiceStretch(start_s + a, start_s + b, group, margin) for a, b in voice.spoken)
            for (start_s, voice), group, margin in zip(
                every, groups, measure_margins(points, weights, groups), strict=True
            )
        )
    )
    return _number_by_start(sorted(stretches, key=lambda stretch: stretch.start_s))


def _number_by_start(stretches: list[VoiceStretch]) -> list[VoiceStretch]:
    """Number the voices in the order in which they first speak."""
    order = {voice: n for n, voice in enumerate(dict.fromkeys(s.voice for s in stretches))}
    return [replace(stretch, voice=order[stretch.voice]) for stretch in stretches]
