"""Mutated files never end in anything but sound or a sentence; crashes leave nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from capture import decoding_child
from capture.decoders import open_decoder
from capture.limits import check_reasonable, compute_most_frames
from capture.sound_import import import_sound
from study import InterviewDetails
from study.errors import DiskFull, EarshotError, NotSound, SoundTruncated
from study.store import Study, TrailHead, rescue_recordings, verify_interview_sound, verify_study
from tests.capture.import_kinds_sound import READ_KINDS, SoundKind

Samples = NDArray[np.float64]
Tone = Callable[..., Samples]
Write = Callable[..., Path]
Traces = Callable[[Study], tuple[list[str], TrailHead]]

_KINDS: list[tuple[str, dict[str, str]]] = [
    ("talk.wav", {}),
    ("talk.flac", {}),
    ("talk.ogg", {"subtype": "VORBIS"}),
    ("talk.opus", {"subtype": "OPUS", "format": "OGG"}),
    ("talk.mp3", {}),
]


# One of each ending: those made of others, and those that are no sound, are mutated with them.
_CONTAINERS = tuple({
    kind.file.rpartition(".")[2]: kind for kind in READ_KINDS if not kind.facts and not kind.is_cut
}.values())  # fmt: skip


def mutated(raw: bytes, dice: random.Random) -> bytes:
    """Change some bytes, mostly where headers are; sometimes cut the file."""
    changed = bytearray(raw)
    for _ in range(dice.choice([1, 2, 5, 20])):
        within = len(changed) if dice.random() < 0.5 else min(120, len(changed))
        changed[dice.randrange(within)] = dice.choice([0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)])
    return bytes(changed[: dice.randrange(len(changed))] if dice.random() < 0.2 else changed)


def decoded(path: Path) -> int:
    """Do what the child does, in this process, where any other exception is seen."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with open_decoder(descriptor) as found:
            check_reasonable(found.rate, found.channels, found.claimed)
            frames = 0
            for block in found.blocks():
                assert len(block) % (2 * found.channels) == 0
                assert len(block) <= 2 * found.channels * found.rate
                frames += len(block) // (2 * found.channels)
                if frames > compute_most_frames(found.rate):
                    break
            found.is_cut(frames)
            return frames
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(("name", "how"), _KINDS)
def test_200_mutations_of_a_file_give_sound_or_a_sentence(
    tone: Tone, write_sound: Write, name: str, how: dict[str, str]
) -> None:
    path = write_sound(name, tone(0.4), **how)
    raw, dice, outcomes = path.read_bytes(), random.Random(name), {"sound": 0, "words": 0}  # noqa: S311 - the same ones each time

    for _ in range(200):
        path.write_bytes(mutated(raw, dice))
        try:
            decoded(path)
            outcomes["sound"] += 1
        except EarshotError:
            outcomes["words"] += 1

    assert sum(outcomes.values()) == 200
    assert outcomes["words"] > 0


@pytest.mark.parametrize("kind", _CONTAINERS, ids=lambda kind: kind.name)
def test_mutations_of_any_container_give_sound_or_a_sentence(
    kind: SoundKind, tmp_path: Path
) -> None:
    """Ten of each; two hundred with EARSHOT_THOROUGH=1."""
    path = kind.make(tmp_path / kind.file)
    raw, dice = path.read_bytes(), random.Random(kind.name)  # noqa: S311 - the same ones each time

    for _ in range(200 if os.environ.get("EARSHOT_THOROUGH") else 10):
        path.write_bytes(mutated(raw, dice))
        with contextlib.suppress(EarshotError):
            decoded(path)


@pytest.mark.parametrize(("name", "how"), _KINDS)
def test_a_mutated_file_through_the_real_child(
    study: Study, tone: Tone, write_sound: Write, traces: Traces, name: str, how: dict[str, str]
) -> None:
    path = write_sound(name, tone(0.4), **how)
    raw, dice = path.read_bytes(), random.Random(7)  # noqa: S311 - the same ones each time
    path.write_bytes(mutated(raw, dice))
    before = traces(study)

    try:
        interview = import_sound(study, path, InterviewDetails("P01"))
    except EarshotError:
        assert traces(study) == before
    else:
        assert verify_interview_sound(study.interview(interview)) == []


def test_a_decoder_that_dies_half_way_is_a_cut_file(
    study: Study, tone: Tone, write_sound: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_sound("talk.wav", tone(2.0))
    python = tmp_path / "python"
    head = '{"container":"WAV","codec":"X","rate":8000,"channels":1,"claimed":null}'
    python.write_text(
        f"#!{sys.executable}\nimport os, signal, struct, sys\n"
        "out = sys.stdout.buffer\n"
        "put = lambda kind, raw: out.write(struct.pack('>cI', kind, len(raw)) + raw)\n"
        f"put(b'R', b''); put(b'H', {head.encode()!r}); put(b'P', bytes(16000))\n"
        "out.flush(); os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    python.chmod(0o700)
    monkeypatch.setattr(decoding_child.sys, "executable", str(python))

    with pytest.raises(SoundTruncated, match=r"1\.0 s"):
        import_sound(study, path, InterviewDetails("P01"))
    interview = import_sound(study, path, InterviewDetails("P01"), partial=True)

    assert study.find_interview(interview).sound_s == 1.0


def test_a_child_that_lies_about_its_blocks_is_not_believed(
    study: Study, write_sound: Write, tone: Tone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    head = '{"container":"WAV","codec":"X","rate":8000,"channels":2,"claimed":null}'
    python.write_text(
        f"#!/bin/sh\nprintf 'R\\0\\0\\0\\0H\\0\\0\\0\\{len(head):o}%s' '{head}'\n"
        "printf 'P\\0\\0\\0\\003abc'\n"
    )
    python.chmod(0o700)
    monkeypatch.setattr(decoding_child.sys, "executable", str(python))

    with pytest.raises(NotSound):
        import_sound(study, write_sound("talk.wav", tone()), InterviewDetails("P01"))


_IMPORTER = """
import sys, time
from pathlib import Path
from capture.sound_import import import_sound
from study import InterviewDetails
from study.store import Study

def report(progress):
    print(progress.done, flush=True)
    time.sleep(0.02)

with Study.open(Path(sys.argv[1]), "a long passphrase") as study:
    import_sound(study, Path(sys.argv[2]), InterviewDetails("P02"), report=report)
"""


def children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in found.read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the child in /proc")
def test_kill_9_of_the_importing_process_leaves_nothing_after_the_next_start(
    study: Study, tone: Tone, write_sound: Write, traces: Traces
) -> None:
    path = write_sound("talk.wav", tone(120.0))
    before = traces(study)
    command = [sys.executable, "-c", _IMPORTER, str(study.folder), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as importer:
        assert importer.stdout is not None
        while not importer.stdout.readline().startswith("5."):
            assert importer.poll() is None
        (decoding,) = children(importer.pid)
        importer.kill()
    left = list((study.folder / "audio").iterdir())

    rescued = rescue_recordings(study)

    assert len(left) == 1
    assert rescued == []
    assert traces(study) == before
    assert is_gone(decoding)


def is_gone(process: int) -> bool:
    for _ in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if " Z " in Path(f"/proc/{process}/stat").read_text():
            return True  # dead, and whoever adopted it has not looked yet
        time.sleep(0.05)
    return False


def test_a_disk_that_fills_while_importing_leaves_the_study_as_it_was(
    study: Study, tone: Tone, write_sound: Write, traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before, real, writes = write_sound("talk.wav", tone(10.0)), traces(study), os.write, 0

    def full(descriptor: int, raw: bytes) -> int:
        nonlocal writes
        writes += 1
        if writes > 6:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, raw)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(DiskFull):
        import_sound(study, path, InterviewDetails("P01"))
    monkeypatch.undo()

    assert traces(study) == before
    assert import_sound(study, path, InterviewDetails("P01"))
    assert verify_study(study) == []


def test_the_child_is_confined_and_has_no_file_name(
    study: Study, tone: Tone, write_sound: Write
) -> None:
    path = write_sound("Margaret.wav", tone(30.0))
    seen: list[tuple[str, str]] = []

    def look(_: object) -> None:
        if not seen:
            (child,) = children(os.getpid())
            limits = Path(f"/proc/{child}/limits").read_text()
            seen.append((Path(f"/proc/{child}/cmdline").read_text(), limits))

    if sys.platform != "linux":
        pytest.skip("looks for the child in /proc")
    import_sound(study, path, InterviewDetails("P01"), report=look)

    command, limits = seen[0]
    bound = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert "Margaret" not in command
    assert bound["Max core file size"] == bound["Max file size"] == "0"
    assert int(bound["Max address space"]) <= 1 << 30
    assert int(bound["Max cpu time"]) < 1000


def test_ctrl_c_does_not_reach_the_child_first(
    study: Study, tone: Tone, write_sound: Write, traces: Traces
) -> None:
    path, before = write_sound("talk.wav", tone(60.0)), traces(study)

    def interrupt(_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    # A shell that starts the tests in the background lets them ignore Ctrl+C.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            import_sound(study, path, InterviewDetails("P01"), report=interrupt)
    finally:
        signal.signal(signal.SIGINT, handler)

    assert traces(study) == before
