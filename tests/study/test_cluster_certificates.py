"""The certificates of a cluster: private, of one authority, for one role, and for a time."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from study.errors import CertificateFlaw, CertificateRefused
from study.store.cluster_certificates import (
    KEY,
    ClusterRole,
    make_certificates,
    read_certificate,
)

MESSAGE = b"a key"


@pytest.fixture
def made(tmp_path: Path) -> dict[ClusterRole, Path]:
    return make_certificates(tmp_path / "ours", days=1)


def refusal(folder: Path, role: ClusterRole = ClusterRole.WORKER) -> CertificateFlaw:
    with pytest.raises(CertificateRefused) as refused:
        read_certificate(folder, role)
    return refused.value.flaw


def test_nobody_but_their_owner_can_read_the_private_keys(
    made: dict[ClusterRole, Path], tmp_path: Path
) -> None:
    keys = [*tmp_path.rglob("key.pem"), *tmp_path.rglob("authority-key.pem")]

    assert len(keys) == len(made) + 1
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    assert {stat.S_IMODE(key.parent.stat().st_mode) for key in keys} == {0o700}


def test_a_worker_proves_itself_to_the_study(made: dict[ClusterRole, Path]) -> None:
    study = read_certificate(made[ClusterRole.STUDY], ClusterRole.STUDY)
    worker = read_certificate(made[ClusterRole.WORKER], ClusterRole.WORKER)

    shown = worker.read_public(), worker.sign(MESSAGE)

    assert study.is_proven(ClusterRole.WORKER, *shown, MESSAGE)
    assert not study.is_proven(ClusterRole.WORKER, *shown, b"another key")
    assert not study.is_proven(ClusterRole.STUDY, *shown, MESSAGE)


def test_neither_the_scheduler_nor_another_cluster_passes_for_a_worker(
    made: dict[ClusterRole, Path], tmp_path: Path
) -> None:
    study = read_certificate(made[ClusterRole.STUDY], ClusterRole.STUDY)
    other = make_certificates(tmp_path / "theirs", days=1)
    scheduler = read_certificate(made[ClusterRole.SCHEDULER], ClusterRole.SCHEDULER)
    stranger = read_certificate(other[ClusterRole.WORKER], ClusterRole.WORKER)

    for one in (scheduler, stranger):
        shown = one.read_public(), one.sign(MESSAGE)
        assert not study.is_proven(ClusterRole.WORKER, *shown, MESSAGE)


def test_a_certificate_that_has_expired_is_refused_here_and_by_the_study(tmp_path: Path) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=2)
    old = make_certificates(tmp_path / "ours", days=1, now=yesterday)
    worker = old[ClusterRole.WORKER]
    renewed = make_certificates(tmp_path / "again", days=1)
    study = read_certificate(renewed[ClusterRole.STUDY], ClusterRole.STUDY)

    assert refusal(worker) is CertificateFlaw.EXPIRED
    assert not study.is_proven(
        ClusterRole.WORKER, (worker / "certificate.pem").read_bytes(), b"", MESSAGE
    )


def test_renewed_ones_are_of_the_same_cluster(made: dict[ClusterRole, Path]) -> None:
    worker = read_certificate(made[ClusterRole.WORKER], ClusterRole.WORKER)
    shown = worker.read_public(), worker.sign(MESSAGE)

    renewed = make_certificates(made[ClusterRole.STUDY].parent, days=2)

    study = read_certificate(renewed[ClusterRole.STUDY], ClusterRole.STUDY)
    assert study.is_proven(ClusterRole.WORKER, *shown, MESSAGE)
    assert (
        read_certificate(renewed[ClusterRole.WORKER], ClusterRole.WORKER).expires > worker.expires
    )


def test_each_reason_against_a_certificate_is_told(
    made: dict[ClusterRole, Path], tmp_path: Path
) -> None:
    worker, study = made[ClusterRole.WORKER], made[ClusterRole.STUDY]

    assert refusal(tmp_path) is CertificateFlaw.MISSING
    assert refusal(study) is CertificateFlaw.OTHER_ROLE
    (worker / KEY).chmod(0o644)
    assert refusal(worker) is CertificateFlaw.READABLE
    (worker / KEY).chmod(0o600)
    (worker / KEY).write_bytes((study / KEY).read_bytes())
    assert refusal(worker) is CertificateFlaw.UNREADABLE
    (worker / KEY).write_bytes(b"")
    assert refusal(worker) is CertificateFlaw.UNREADABLE


def test_a_folder_with_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(CertificateRefused):
        make_certificates(tmp_path, days=1)

    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]
