"""What a real power cut leaves: a small ext4, shut down without flushing."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from study import trail
from study.keys import Argon2Cost
from study.recordings import open_sound, rescue
from study.store import Study
from study.verify import check_study
from tests.disk import Disk, mounted

Child = Callable[..., "subprocess.Popen[str]"]
Importer = Callable[[Study, str, int], str]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path) as made:
        yield made


def close_quietly(study: Study) -> None:
    """Let go of a study whose disk is gone."""
    study.db.close()
    study._presence.leave()  # pyright: ignore[reportPrivateUsage]


@pytest.mark.slow
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    disk: Disk,
    passphrase: str,
    cheap: Argon2Cost,
    bring_in: Importer,
    second: bytes,
) -> None:
    study, _ = Study.create(disk.place / "study", passphrase, cost=cheap)
    imported = bring_in(study, "P01", 4)
    with study.change("entered") as change:
        change.facts["words"] = 3
    head = trail.head(study.db)
    disk.cut()
    close_quietly(study)

    disk.again()

    with Study.open(disk.place / "study", passphrase) as again:
        assert rescue(again) == []
        assert trail.head(again.db) == head
        sound = open_sound(again, imported)
        assert sound is not None
        with sound:
            assert sound.read(0, 10**6) == second * 4
        assert check_study(again, head) == []


RECORD_AND_TELL = """
import os, sys
from pathlib import Path
from study.recordings import recording
from study.store import Study
from study.terms import About, SoundFormat

study = Study.open(Path(sys.argv[1]), sys.argv[2])
with study.change("entered") as change:
    interview = change.add_interview(About("P01"))
try:
    with recording(study, interview, SoundFormat(8000, 1)) as writer:
        while True:
            writer.write(bytes(8000))
            print(writer.frames, flush=True)
except BaseException as ended:
    print(type(ended).__name__, flush=True)
    os._exit(0)
"""


@pytest.mark.slow
def test_a_power_cut_while_recording_keeps_every_block_that_was_acknowledged(
    disk: Disk, passphrase: str, cheap: Argon2Cost, child: Child
) -> None:
    Study.create(disk.place / "study", passphrase, cost=cheap)[0].close()
    process = child(RECORD_AND_TELL, disk.place / "study", passphrase)
    assert process.stdout is not None
    for _ in range(20):
        process.stdout.readline()
    disk.cut()
    *_, acknowledged, ended, _ = f"80000\n{process.stdout.read()}".split("\n")
    process.wait()

    disk.again()

    with Study.open(disk.place / "study", passphrase) as again:
        (rescued,) = rescue(again)
        kept = rescued.kept_s * 8000
        assert ended == "DiskFailed"
        assert kept >= 20 * 4000  # all that was acknowledged before the power went
        # A sync that is under way while ext4 is shut down can return 0 although its last step was
        # refused; with real power, nobody would be left to hear it. One block, never more.
        assert kept >= int(acknowledged) - 4000
        assert check_study(again) == []
