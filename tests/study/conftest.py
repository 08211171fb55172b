"""Fixtures for the tests of the study: a second of sound, an interview, a closed study."""

from __future__ import annotations

import hashlib
import math
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from study.artefact_facts import TranscriptFacts
from study.artefact_kinds import ArtefactKind
from study.records import (
    Coverage,
    InterviewDetails,
    Mark,
    Participant,
    Provenance,
    SoundFormat,
    Transcript,
    Turn,
)
from study.store.keys import Argon2Cost
from study.store.recordings import IncomingSound, record_stretch
from study.store.study import Study

RATE = 8000

Importer = Callable[[Study, str, int], str]
Child = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def form() -> SoundFormat:
    return SoundFormat(rate=RATE, channels=1)


@pytest.fixture
def second() -> bytes:
    """One second of a 440 Hz tone, 16-bit mono at 8 kHz."""
    tone = (int(9000 * math.sin(math.tau * 440 * n / RATE)) for n in range(RATE))
    return struct.pack(f"<{RATE}h", *tone)


@pytest.fixture
def bring_in(form: SoundFormat, second: bytes) -> Importer:
    """Import some seconds of sound under a label; returns the interview's id."""

    def import_seconds(study: Study, label: str, seconds: int) -> str:
        with IncomingSound(study, form) as incoming:
            for _ in range(seconds):
                incoming.write(second)
            about = InterviewDetails(label, (Participant("P07", names=("Margaret Hollis",)),))
            return incoming.keep(about, {"container": "WAV"})

    return import_seconds


@pytest.fixture
def interview(study: Study, bring_in: Importer) -> str:
    """The id of an interview with three seconds of sound, in the open study."""
    return bring_in(study, "P07_i1", 3)


@pytest.fixture
def transcript() -> Transcript:
    turn = Turn(0, "P07", 0.0, 2.5, "My name is Margaret Hollis.")
    return Transcript((turn,), Provenance("transcribe", "earshot"), Coverage(3.0, 2.5, 2.5))


@pytest.fixture
def closed(
    tmp_path: Path,
    passphrase: str,
    cheap: Argon2Cost,
    bring_in: Importer,
    transcript: Transcript,
    form: SoundFormat,
    second: bytes,
) -> Path:
    """The folder of a closed study with an import, a recording and a hand-over."""
    folder = tmp_path / "closed"
    study, _ = Study.create(folder, passphrase, cost=cheap)
    with study:
        one = bring_in(study, "P01", 2)
        other = bring_in(study, "P02", 1)
        with study.interview(one).change("transcribed") as change:
            change.write_artefact(ArtefactKind.RAW, transcript, TranscriptFacts(1))
        with record_stretch(study.interview(other), form) as writer:
            writer.write(second)
            writer.write_mark(Mark(1.0, "pause"))
        target = folder / "handed-over" / "P01"
        target.mkdir(parents=True)
        clean = b"P07: My name is [Person 1].\n"
        (target / "P01.txt").write_bytes(clean)
        listed = f"{hashlib.sha256(clean).hexdigest()}  P01.txt\n".encode()
        (target / "SHA256SUMS").write_bytes(listed)
        with study.interview(one).change("handed over") as change:
            change.facts["fingerprint"] = hashlib.sha256(listed).hexdigest()
    return folder


@pytest.fixture
def child() -> Iterator[Child]:
    """Start a script in its own process, which is killed when the test ends."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
