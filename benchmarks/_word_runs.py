"""Runs one way of transcribing over the sounds of a case, in a process of its own.

    python -m benchmarks._word_runs WAY MODEL < sounds.json > transcribed.json

WAY is ``earshot``, or one of faster-whisper as its documentation calls it: ``vad`` and ``plain``,
with its voice activity on and off, and ``batched``. The sounds are a list of
``{"path": …, "speakers": […]}``; a name for each channel means a microphone for each speaker.
Every way loads its model for every sound, has int8, two threads and English, and gives the times of
words. What a sound takes is counted from there on: not the imports, not sealing it into a study.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec

from benchmarks._place import PASSPHRASE
from benchmarks._processes import own_peak_mb
from benchmarks._word_errors import HeardWord
from capture import import_sound
from models import InstalledModel, find_speech_model
from study import Interval, InterviewDetails, Participant, Transcript
from study.errors import NoSpeech
from study.store import Argon2Cost, Study
from transcribe import DecodingOptions, transcribe_interview

THREADS = 2
OURS = "earshot"
PEERS = {"vad": "voice activity on", "plain": "off", "batched": "batched"}

_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)


class SoundJob(msgspec.Struct):
    """A sound to transcribe."""

    path: str
    speakers: list[str]


class Transcribed(msgspec.Struct):
    """The words of one sound, the gaps that its reader is told of, and the processor's seconds."""

    words: list[HeardWord]
    gaps: list[Interval]
    cpu_s: float


class Transcriptions(msgspec.Struct):
    """What a way made of all sounds, and the most memory that it had."""

    sounds: list[Transcribed]
    peak_mb: float


class _Segment(Protocol):
    @property
    def words(self) -> Iterable[Any] | None: ...


def transcribe_with_earshot(model: InstalledModel, job: SoundJob) -> Transcribed:
    """Seal the sound into a study of its own, and transcribe it."""
    people = tuple(Participant(code) for code in job.speakers)
    details = InterviewDetails("P01", people, channels=tuple(job.speakers))
    with tempfile.TemporaryDirectory(prefix="earshot-words-") as folder:
        study = Study.create(Path(folder) / "study", PASSPHRASE, cost=_CHEAP)[0]
        with study:
            interview = study.interview(import_sound(study, Path(job.path), details))
            begun_s = time.process_time()
            try:
                made = transcribe_interview(
                    interview, model, options=DecodingOptions(threads=THREADS)
                )
            except NoSpeech:
                return Transcribed([], [], time.process_time() - begun_s)
            return Transcribed(*_list_words(made, job), time.process_time() - begun_s)


def _list_words(made: Transcript, job: SoundJob) -> tuple[list[HeardWord], list[Interval]]:
    words: list[HeardWord] = []
    gaps: list[Interval] = list(made.coverage.gaps if made.coverage else ())
    for turn in made.turns:
        speaker = turn.speaker if len(job.speakers) > 1 else ""
        if not turn.words:
            gaps.append((turn.start_s, turn.end_s))
        words += [HeardWord(f" {w.text}" if not n else w.text, w.start_s, w.end_s, speaker)
                  for n, w in enumerate(turn.words)]  # fmt: skip
    return words, gaps


def transcribe_with_peer(way: str, model: InstalledModel, job: SoundJob) -> Transcribed:
    """Give a sound to faster-whisper as it is: the channels of a file are averaged."""
    faster_whisper = cast("Any", importlib.import_module("faster_whisper"))
    begun_s = time.process_time()
    whisper = faster_whisper.WhisperModel(
        str(model.folder),
        device="cpu",
        compute_type="int8",
        cpu_threads=THREADS,
        local_files_only=True,
    )
    asked: dict[str, Any] = {"language": "en", "word_timestamps": True}
    if way == "batched":
        segments, _ = faster_whisper.BatchedInferencePipeline(whisper).transcribe(job.path, **asked)
    else:
        segments, _ = whisper.transcribe(job.path, vad_filter=way == "vad", **asked)
    found = [
        HeardWord(word.word, float(word.start), float(word.end))
        for segment in cast("Iterable[_Segment]", segments)
        for word in segment.words or ()
    ]
    return Transcribed(found, [], time.process_time() - begun_s)


def main(way: str, model: str) -> None:
    """Transcribe what standard input lists."""
    importlib.import_module("faster_whisper.vad")  # what is measured begins after it
    work = transcribe_with_earshot if way == OURS else partial(transcribe_with_peer, way)
    jobs = msgspec.json.decode(sys.stdin.buffer.read(), type=list[SoundJob])
    installed = find_speech_model(model)
    sounds = [work(installed, job) for job in jobs]
    sys.stdout.buffer.write(msgspec.json.encode(Transcriptions(sounds, own_peak_mb())))


if __name__ == "__main__":
    main(*sys.argv[1:])
