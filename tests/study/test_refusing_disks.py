"""Full, read-only and failing disks: real ones where root may mount them."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from study.errors import DiskFailed, DiskFull, EarshotError, StudyInUse, StudyUnwritable
from study.records import InterviewDetails, SoundFormat
from study.store import disk
from study.store.disk import (
    PresenceLock,
    make_folder,
    map_os_errors,
    remove_file,
    write_file_atomically,
)
from study.store.keys import Argon2Cost
from study.store.recordings import IncomingSound, record_stretch, rescue_recordings
from study.store.study import Study
from study.store.verification import verify_study


def mount(*arguments: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk to fill it")
    done = subprocess.run(["/bin/mount", *arguments], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("no disk can be mounted here")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place))
    yield place
    subprocess.run(["/bin/umount", "-l", str(place)], check=True)


def fill(place: Path, *, leave: int = 0) -> None:
    """Fill a disk but for some bytes."""
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
    with (place / "ballast").open("wb") as file:
        file.write(bytes(max(0, free - leave)))


def test_an_import_onto_a_full_disk_leaves_the_study_as_it_was(
    small: Path, passphrase: str, cheap: Argon2Cost, form: SoundFormat, second: bytes
) -> None:
    study, _ = Study.create(small / "study", passphrase, cost=cheap)

    def bring_in_an_hour() -> None:
        with IncomingSound(study, form) as incoming:
            for _ in range(3600):
                incoming.write(second)

    with study:
        with pytest.raises(DiskFull):
            bring_in_an_hour()

        assert list((small / "study" / "audio").iterdir()) == []
        assert verify_study(study) == []


def test_a_recording_onto_a_full_disk_keeps_all_before(
    small: Path, passphrase: str, cheap: Argon2Cost, form: SoundFormat, second: bytes
) -> None:
    study, _ = Study.create(small / "study", passphrase, cost=cheap)
    (small / "ballast").write_bytes(bytes(200_000))
    written: list[bytes] = []
    with study:
        with study.change("entered") as change:
            interview = change.add_interview(InterviewDetails("P01"))

        def record_an_hour() -> None:
            with record_stretch(study.interview(interview), form) as writer:
                for _ in range(3600):
                    writer.write(second)
                    written.append(second)

        with pytest.raises(DiskFull):
            record_an_hour()
        rescue_recordings(study)
        (small / "ballast").unlink()
        rescue_recordings(study)

        sound = study.interview(interview).open_sound()
        assert sound is not None
        with sound:
            assert written
            assert sound.read(0, 10**7) == b"".join(written)


def test_a_full_disk_refuses_a_change_and_keeps_the_study(
    small: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    study, _ = Study.create(small / "study", passphrase, cost=cheap)

    def enter_a_thousand() -> None:
        for number in range(1000):
            with study.change("entered") as change:
                change.add_interview(InterviewDetails(f"P{number}"))

    with study:
        fill(small)
        with pytest.raises(DiskFull):
            enter_a_thousand()
        assert verify_study(study) == []
    (small / "ballast").unlink()

    with Study.open(small / "study", passphrase) as again:
        assert verify_study(again) == []


@pytest.mark.parametrize("leave", [0, 4096, 40_000])
def test_no_study_is_made_on_a_full_disk_and_nothing_stays(
    small: Path, passphrase: str, cheap: Argon2Cost, leave: int
) -> None:
    fill(small, leave=leave)

    with pytest.raises(DiskFull):
        Study.create(small / "study", passphrase, cost=cheap)

    assert [path.name for path in small.iterdir()] == ["ballast"]


def test_a_read_only_study_is_told_in_words(
    small: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    Study.create(small / "study", passphrase, cost=cheap)[0].close()
    mount("-o", "remount,ro", str(small))

    with Study.open(small / "study", passphrase) as study:
        assert study.is_read_only
        assert verify_study(study) == []
        with pytest.raises(StudyUnwritable), study.change("tried"):
            pass
    with pytest.raises(StudyUnwritable):
        Study.create(small / "other", passphrase, cost=cheap)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, StudyUnwritable),
        (errno.EACCES, StudyUnwritable),
        (errno.ENOTDIR, StudyUnwritable),
        (errno.ENAMETOOLONG, StudyUnwritable),
        (errno.EIO, DiskFailed),
    ],
)
def test_what_the_system_refuses_becomes_words(number: int, kind: type[EarshotError]) -> None:
    with pytest.raises(kind), map_os_errors():
        raise OSError(number, os.strerror(number))


def test_a_small_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small"
    write_file_atomically(path, b"before")

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as full:
        full.setattr(disk.os, "fsync", refuse)
        with pytest.raises(DiskFull):
            write_file_atomically(path, b"after")

    assert path.read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["small"]


def test_removing_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    remove_file(tmp_path / "gone")


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "one" / "two")

    assert (tmp_path / "one" / "two").stat().st_mode & 0o077 == 0


def test_a_lock_is_shared_by_many_or_held_by_one(tmp_path: Path) -> None:
    one, other = PresenceLock(tmp_path / "lock"), PresenceLock(tmp_path / "lock")
    one.hold_shared()
    other.hold_shared()
    assert not one.try_exclusive()
    other.release()
    assert one.try_exclusive()

    late = PresenceLock(tmp_path / "lock")
    with pytest.raises(StudyInUse):
        late.hold_shared()
    one.release()
    late.hold_shared()
    late.release()
