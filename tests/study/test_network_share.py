"""A study on a network share is refused with the reason, wherever it lies below the mount."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import receive_parcel
from study import ParcelKind
from study.errors import StudyOnShare
from study.store import Argon2Cost, Study, send_interviews, send_receipt, take_in_receipt
from study.store import database as database_module
from study.store.network_share import find_mount, require_local
from tests.study.travelling import bring_in, places

MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:40 / /mnt/our\040share rw,relatime shared:9 master:1 - nfs4 server:/export rw,vers=4.2
31 22 0:41 / /mnt/smb rw - cifs //server/share rw
32 31 254:9 / /mnt/smb/inner rw - ext4 /dev/loop0 rw
33 22 0:42 / /mnt/twice rw - nfs server:/old rw
34 22 254:8 / /mnt/twice rw - xfs /dev/sdb rw
a line that is none
""".strip()


@pytest.mark.parametrize(
    ("folder", "system"),
    [
        ("/home/study", "ext4"),
        ("/mnt/our share", "nfs4"),
        ("/mnt/our share/deep/study", "nfs4"),
        ("/mnt/our shares/study", "ext4"),
        ("/mnt/smb/study", "cifs"),
        ("/mnt/smb/inner/study", "ext4"),
        ("/mnt/twice/study", "xfs"),
    ],
)
def test_the_mount_that_holds_a_folder_is_found(folder: str, system: str) -> None:
    assert find_mount(Path(folder), MOUNTS).system == system


def test_a_study_on_a_share_is_neither_made_nor_opened(
    tmp_path: Path, cheap: Argon2Cost, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Study.create(tmp_path / "here", passphrase, cost=cheap)[0].close()
    (tmp_path / "mounts").write_text(f"22 1 254:0 / {tmp_path} rw - nfs4 server:/export rw\n")

    def require(folder: Path) -> None:
        require_local(folder, tmp_path / "mounts")

    monkeypatch.setattr(database_module, "require_local", require)
    monkeypatch.setattr(sys.modules[Study.__module__], "require_local", require)

    with pytest.raises(StudyOnShare, match="network share"):
        Study.open(tmp_path / "here", passphrase)
    with pytest.raises(StudyOnShare):
        Study.create(tmp_path / "there", passphrase, cost=cheap)
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize(
    ("mount", "is_share"),
    [
        ("fuse.newfs office:/studies", True),
        ("newfs //office/studies", True),
        ("fuse.newfs https://cloud/studies", True),
        ("fuse.sshfs :/studies", True),
        ("beegfs beegfs_nodev", True),
        ("ext4 /dev/mapper/disk", False),
        ("fuse.gocryptfs /home/anna/sealed", False),
        ("fuseblk /dev/sdb1", False),
        ("zfs pool/home", False),
        ("overlay overlay", False),
    ],
)
def test_what_another_computer_has_is_a_share_whatever_its_kind_is_called(
    tmp_path: Path, mount: str, *, is_share: bool
) -> None:
    (tmp_path / "mounts").write_text(f"22 1 254:0 / {tmp_path} rw - {mount} rw\n")
    if is_share:
        with pytest.raises(StudyOnShare):
            require_local(tmp_path, tmp_path / "mounts")
    else:
        require_local(tmp_path, tmp_path / "mounts")


@pytest.fixture
def share(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A folder, and the same folder as SSHFS shows it, through a server that is on this computer.

    Nothing goes over a network: the two talk through a socket.
    """
    server = Path("/usr/lib/openssh/sftp-server")
    if not (shutil.which("sshfs") and server.is_file() and os.access("/dev/fuse", os.W_OK)):
        pytest.skip("SSHFS and its server are not here")
    folder, mounted = tmp_path / "served", tmp_path / "mounted"
    folder.mkdir()
    mounted.mkdir()
    here, there = socket.socketpair()
    words = ["sshfs", "-f", "-o", "passive", f":{folder}", str(mounted)]
    with here, there:
        serves = subprocess.Popen([str(server)], stdin=there.fileno(), stdout=there.fileno())
        shows = subprocess.Popen(words, stdin=here.fileno(), stdout=here.fileno())
    try:
        until_s = time.monotonic() + 20
        while not mounted.is_mount():
            if shows.poll() is not None or time.monotonic() > until_s:
                pytest.skip("SSHFS may not mount here")
            time.sleep(0.01)
        yield folder, mounted
    finally:
        subprocess.run(["fusermount3", "-u", str(mounted)], check=False)
        for one in (shows, serves):
            one.terminate()
            one.wait()


def test_a_study_on_a_real_share_is_refused_and_parcels_go_over_it(
    share: tuple[Path, Path], tmp_path: Path, cheap: Argon2Cost, passphrase: str
) -> None:
    folder, mounted = share
    Study.create(folder / "study", passphrase, cost=cheap)[0].close()

    with pytest.raises(StudyOnShare, match=r"network share \(fuse\.sshfs\)"):
        Study.open(mounted / "study", passphrase)
    with pytest.raises(StudyOnShare):
        Study.create(mounted / "new", passphrase, cost=cheap)
    assert [path.name for path in folder.iterdir()] == ["study"]

    with places(tmp_path / "disk", "office", "laptop") as at:
        office, laptop = at["office"].study, at["laptop"].study
        one = office.interview(bring_in(office, "P07_i1"))
        moved = send_interviews(
            office, [one], at["laptop"].card, mounted / "parcel", kind=ParcelKind.MOVED
        )
        send_receipt(laptop, receive_parcel(laptop, mounted / "parcel").note, mounted / "receipt")
        assert take_in_receipt(office, mounted / "receipt")[0] == moved.note
    assert sorted(path.name for path in folder.iterdir()) == ["parcel", "receipt", "study"]


def test_where_the_system_names_no_mounts_nothing_is_refused(tmp_path: Path) -> None:
    require_local(tmp_path, tmp_path / "none")
    require_local(tmp_path)
