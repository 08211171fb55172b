"""Whatever happens to the disk: all that was sealed is kept, and a sentence says why it ended.

On a disk of our own, recorded from the real PortAudio and a microphone of software.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from study.store import Argon2Cost, Study
from tests.capture.apart import PASSPHRASE, Recording, enter, kept
from tests.disk import Disk, mounted
from tests.microphone import Microphone, virtual_microphone

pytestmark = pytest.mark.slow
thorough = pytest.mark.skipif(
    not os.environ.get("EARSHOT_THOROUGH"), reason="with EARSHOT_THOROUGH=1"
)


@pytest.fixture
def microphone() -> Generator[Microphone]:
    with virtual_microphone() as made:
        yield made


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Disk]:
    with mounted(tmp_path / "small", mib=16) as made:
        yield made


@pytest.fixture
def folder(disk: Disk, cheap: Argon2Cost) -> Path:
    """A study with the interview on that disk; it is not open here."""
    folder = disk.place / "study"
    with Study.create(folder, PASSPHRASE, cost=cheap)[0] as study:
        enter(study)
    return folder


def test_a_disk_that_fills_up_ends_the_recording_and_keeps_all_before(
    folder: Path, disk: Disk, microphone: Microphone
) -> None:
    with Recording(folder, microphone.around) as recording:
        recording.begin()
        filler = disk.place / "filler"
        free = os.statvfs(disk.place)
        filler.write_bytes(bytes(max(0, free.f_bavail * free.f_bsize - 400_000)))
        warned = recording.fault("disk")
        ended = recording.until(lambda told: told["doing"] == "ended")
        last = recording.stop()

    assert warned
    assert ended["failure"] == "The disk is full."
    assert last["error"] == "DiskFull"
    filler.unlink()
    with Study.open(folder, PASSPHRASE) as study:
        assert kept(study, ended).sound.size > 100_000


def refuse(disk: Disk) -> None:
    """Let it turn read-only under whoever writes, as ext4 does by itself when a disk is failing."""
    subprocess.run(["/bin/mount", "-o", "remount,abort,errors=remount-ro", disk.place], check=True)


@thorough
def test_a_disk_that_turns_read_only_ends_the_recording_and_keeps_all_before(
    folder: Path, disk: Disk, microphone: Microphone
) -> None:
    with Recording(folder, microphone.around) as recording:
        recording.begin(1.0)
        refuse(disk)
        ended = recording.until(lambda told: told["doing"] == "ended")
        last = recording.stop()

    assert last["error"] in {"StudyUnwritable", "DiskFailed"}
    assert ended["failure"].endswith(".")
    disk.again()
    with Study.open(folder, PASSPHRASE) as study:
        assert kept(study, ended).sound.size >= 48_000


@thorough
def test_on_a_disk_that_is_read_only_no_recording_begins(
    folder: Path, disk: Disk, microphone: Microphone
) -> None:
    with Recording(folder, microphone.around) as recording:
        refuse(disk)
        recording.say("start")
        told = recording.until(lambda told: "error" in told)

    assert told["error"] in {"StudyUnwritable", "DiskFailed"}
    assert told["sentence"].endswith(".")
    disk.again()
    with Study.open(folder, PASSPHRASE) as study:
        assert study.find_interview("P01").sound_s == 0.0


def test_a_disk_slower_than_the_sound_is_told_of_and_what_did_not_fit_is_counted(
    study: Study, microphone: Microphone
) -> None:
    enter(study)
    with Recording(study.folder, microphone.around, queue_s=4.0) as recording:
        recording.begin()
        recording.say("disk 3")
        warned = recording.fault("disk is slow")
        lost = recording.fault("sound lost")
        recording.say("disk 0")
        recording.until(lambda told: told["dropped_s"] > 0.0 and told["queued_s"] < 1.0)
        recording.more(0.5)
        last = recording.stop()

    found = kept(study, last)
    assert warned
    assert lost
    assert sum(m.length_s for m in found.of("sound lost")) == pytest.approx(
        last["dropped_s"], abs=0.01
    )
    assert last["elapsed_s"] == pytest.approx(last["sound_s"] + last["dropped_s"], abs=0.5)
