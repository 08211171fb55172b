"""A study on a network share is refused with the reason, wherever it lies below the mount."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from study.errors import StudyOnShare
from study.store import Argon2Cost, Study
from study.store import database as database_module
from study.store.network_share import find_file_system, require_local

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
    assert find_file_system(Path(folder), MOUNTS) == system


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


def test_where_the_system_names_no_mounts_nothing_is_refused(tmp_path: Path) -> None:
    require_local(tmp_path, tmp_path / "none")
    require_local(tmp_path)
