"""The step that says who speaks where one microphone heard all, after the words and again at will.

The transcript is there first and stays whatever happens here. The number of people is given. The
diariser hears the sound in blocks of five minutes, in a process of its own.
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

from models.shelf import ModelHere
from study import decided
from study.artefacts import Kind
from study.decided import Source
from study.errors import (
    DiariserFailed,
    NoDiariser,
    SoundMissing,
    SpeakersKnown,
    Stopped,
    TranscriptMissing,
)
from study.facts import TranscriptFacts
from study.recordings import Sound, open_sound, require_whole
from study.references import TranscriptRef
from study.steps import Progress, Report, Stop, never, quietly
from study.store import Study
from study.terms import Layout, Recognition, Transcript
from transcribe.assigning import UNSURE, assigned
from transcribe.diariser import COUNT, Block
from transcribe.hearing import Samples, Track, excerpt
from transcribe.voices import Said, grouped, margins

BLOCK_S = 300.0
_MORE = 2  # voices than people, in each block: too many are joined later, too few cannot be parted
_PROGRAM = (sys.executable, "-P", "-m", "transcribe.diariser")


def speakers(
    study: Study,
    interview: str,
    model: ModelHere,
    *,
    count: int,
    stop: Stop = never,
    report: Report = quietly,
) -> Transcript:
    """Give the turns of an interview's newest transcript speakers S1, S2, ..., and keep that.

    count: how many people speak, at least 2. Speakers are numbered as they begin. What the model
    gave is taken anew each time, so that a second run does not build on the first; a transcript
    that a person corrected is taken as it is.

    Raises:
        StepMissing: there is no transcript or no sound.
        SoundIncomplete: part of the recording is missing on the disk.
        SpeakersKnown: each speaker has a microphone.
        NoDiariser, DiariserFailed, ModelBroken, Stopped: the transcript is as it was.
    """
    source = _source(study, interview)
    heard = source.transcript.recognition or Recognition()
    track = _track(heard.layout)
    if importlib.util.find_spec("sherpa_onnx") is None:
        raise NoDiariser
    require_whole(study, interview)
    sound = open_sound(study, interview)
    if sound is None or not sound.frames:
        raise SoundMissing
    with sound:
        blocks = list(_blocks(sound, track, model, count, stop, report))
    said = _said(blocks, count)
    if not said:
        raise DiariserFailed
    codes = [f"S{number + 1}" for number in range(count)]
    turns = assigned(source.transcript.turns, said, codes)
    options = {"speakers_model": model.name, "speakers_sha256": model.sha256(), "speakers": count}
    made_by = source.transcript.provenance
    made_by = replace(made_by, options=made_by.options | options)
    made = replace(
        source.transcript,
        turns=turns,
        provenance=made_by,
        recognition=replace(heard, speakers_model=model.name),
    )
    known = study.find(interview).facts
    told = known.corrected if source.ref.kind is Kind.CORRECTED else known.raw
    told = replace(told or TranscriptFacts(), turns=len(turns), unsure=sum(_is_unsure(made)))
    with study.change("speakers told apart", interview) as change:
        change.put(interview, source.ref.kind, made, told)
    return made


def _is_unsure(transcript: Transcript) -> Iterator[bool]:
    return (any(flag.kind == UNSURE for flag in turn.flags) for turn in transcript.turns)


def _source(study: Study, interview: str) -> Source:
    """Return the transcript as corrected, else as it was before speakers were told apart."""
    newest = decided.newest(study, interview)
    if newest is None:
        raise TranscriptMissing
    if newest.ref.kind is Kind.CORRECTED:
        return newest
    for version in range(newest.ref.version, 0, -1):
        transcript = study.get(interview, Kind.RAW, Transcript, version)
        if transcript is not None and not _are_apart(transcript):
            return Source(TranscriptRef(Kind.RAW, version), transcript)
    return newest


def _are_apart(transcript: Transcript) -> bool:
    """Whether its speakers were told apart by their voices."""
    return transcript.recognition is not None and bool(transcript.recognition.speakers_model)


def _track(layout: Layout) -> Track:
    """Return the channels that were heard as one.

    Raises:
        SpeakersKnown: they were heard apart.
    """
    if layout.is_apart:
        raise SpeakersKnown
    return layout.tracks[0]


@dataclass(frozen=True, slots=True)
class _At:
    """What the diariser found in the block that begins at ``start_s``."""

    start_s: float
    block: Block


def _blocks(
    sound: Sound, track: Track, model: ModelHere, count: int, stop: Stop, report: Report
) -> Iterator[_At]:
    total_s = sound.duration_s
    report(Progress(0.0, total_s, "telling voices apart"))
    with _diariser(model, count + _MORE) as ask:
        start_s = 0.0
        while start_s < total_s:
            if stop():
                raise Stopped("Telling voices apart")
            end_s = min(start_s + BLOCK_S, total_s)
            yield _At(start_s, ask(excerpt(sound, track, start_s, end_s)))
            start_s = end_s
            report(Progress(start_s, total_s, "telling voices apart"))


class _Asking:
    """The other process, asked a block at a time."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, samples: Samples) -> Block:
        given, answers = self._process.stdin, self._process.stdout
        assert given is not None
        assert answers is not None
        try:
            given.write(COUNT.pack(len(samples)))
            given.write(np.ascontiguousarray(samples, dtype="<f4").tobytes())
            given.flush()
            return msgspec.json.decode(answers.readline(), type=Block)
        except (OSError, msgspec.DecodeError) as broken:  # it ended: its library says no more
            raise DiariserFailed from broken


@contextlib.contextmanager
def _diariser(model: ModelHere, voices: int) -> Generator[_Asking]:
    process = subprocess.Popen(
        [*_PROGRAM, str(model.folder), str(voices)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it may name files
    )
    try:
        yield _Asking(process)
    finally:
        process.kill()  # it holds nothing that could be lost
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _said(blocks: list[_At], count: int) -> list[Said]:
    """Join the blocks' voices to people; a voice too short to tell is left out."""
    every = [
        (at.start_s, voice) for at in blocks for voice in at.block.voices if any(voice.embedding)
    ]
    if not every:
        return []
    points = [voice.embedding for _, voice in every]
    weights = [sum(b - a for a, b in voice.spoken) for _, voice in every]
    groups = grouped(points, weights, count)
    said = list(
        chain.from_iterable(
            (Said(start_s + a, start_s + b, group, margin) for a, b in voice.spoken)
            for (start_s, voice), group, margin in zip(
                every, groups, margins(points, weights, groups), strict=True
            )
        )
    )
    return _numbered(sorted(said, key=lambda one: one.start_s))


def _numbered(said: list[Said]) -> list[Said]:
    """Number the voices as they begin to speak."""
    order = {voice: n for n, voice in enumerate(dict.fromkeys(one.voice for one in said))}
    return [replace(one, voice=order[one.voice]) for one in said]
