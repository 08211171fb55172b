"""The certificates of a cluster: private, of one authority, for one role, and for a time."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

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


def test_a_certificate_of_a_version_that_there_is_not_proves_nothing(
    made: dict[ClusterRole, Path],
) -> None:
    study = read_certificate(made[ClusterRole.STUDY], ClusterRole.STUDY)
    worker = made[ClusterRole.WORKER] / "certificate.pem"
    whole = x509.load_pem_x509_certificate(worker.read_bytes()).public_bytes(Encoding.DER)
    third = b"\xa0\x03\x02\x01\x02"
    odd = ssl.DER_cert_to_PEM_cert(whole.replace(third, third[:-1] + b"\x03", 1)).encode()

    assert not study.is_proven(ClusterRole.WORKER, odd, b"\0" * 64, MESSAGE)
    worker.write_bytes(odd)
    assert refusal(worker.parent) is CertificateFlaw.UNREADABLE


def test_a_folder_that_all_may_write_in_is_closed_before_keys_are_made_in_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours").chmod(0o777)

    make_certificates(tmp_path / "ours", days=1)

    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == 0o700


def test_what_is_no_folder_stands_in_the_way_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path / "is not there")
    ours = make_certificates(tmp_path / "ours", days=1)[ClusterRole.WORKER].parent
    (ours / "worker").rename(tmp_path / "moved")
    (ours / "worker").touch()

    for folder in (tmp_path / "nowhere", ours):
        with pytest.raises(CertificateRefused):
            make_certificates(folder, days=1)


def test_an_authority_is_asked_for_more_only_with_its_own_private_key(
    made: dict[ClusterRole, Path], tmp_path: Path
) -> None:
    ours = made[ClusterRole.WORKER].parent
    make_certificates(tmp_path / "theirs", days=1)
    key = ours / "authority-key.pem"

    key.chmod(0o640)
    with pytest.raises(CertificateRefused) as read_by_others:
        make_certificates(ours, days=1)
    key.chmod(0o600)
    (ours / "authority.pem").write_bytes((tmp_path / "theirs" / "authority.pem").read_bytes())
    with pytest.raises(CertificateRefused) as of_another:
        make_certificates(ours, days=1)

    assert read_by_others.value.flaw is CertificateFlaw.READABLE
    assert of_another.value.flaw is CertificateFlaw.NO_AUTHORITY
