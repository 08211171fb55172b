"""The certificates of a cluster: who may take part in it, and as what.

A cluster has an authority of its own, which signs one certificate for each role. TLS asks only
whether the authority signed; the role stands in the certificate, and is looked at where a worker
proves its key (``is_proven``). Each role has a folder that is copied to where it is needed.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from study.errors import CertificateFlaw, CertificateRefused
from study.store.disk import PRIVATE_FOLDER, make_folder, map_os_errors, write_file_atomically

AUTHORITY, CERTIFICATE, KEY = "authority.pem", "certificate.pem", "key.pem"
_AUTHORITY_KEY = "authority-key.pem"
_NAME = "Earshot cluster"
_AUTHORITY_DAYS = 3650
# What the library raises for bytes that are no certificate, no key, or of a kind it does not know.
_NO_CERTIFICATE = (
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    ValueError,
    TypeError,
)
_LEEWAY = timedelta(hours=1)  # two computers' clocks may differ


class ClusterRole(StrEnum):
    """What the holder of a certificate is in a cluster."""

    STUDY = "study"
    SCHEDULER = "scheduler"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class ClusterCertificate:
    """A certificate that is valid now, its private key beside it, and the authority's.

    folder: holds the three files.
    """

    folder: Path
    role: ClusterRole
    expires: datetime

    @property
    def authority_path(self) -> Path:
        """The authority's certificate, by which the others are checked."""
        return self.folder / AUTHORITY

    @property
    def certificate_path(self) -> Path:
        """Its own certificate."""
        return self.folder / CERTIFICATE

    @property
    def key_path(self) -> Path:
        """Its private key."""
        return self.folder / KEY

    def read_public(self) -> bytes:
        """Return its own certificate, PEM."""
        return self.certificate_path.read_bytes()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        return _read_key(self.key_path).sign(message)

    def is_proven(
        self, role: ClusterRole, certificate: bytes, signature: bytes, message: bytes
    ) -> bool:
        """Whether somebody of this role in the same cluster signed a message.

        certificate: theirs, PEM, which is valid now.
        """
        authority = x509.load_pem_x509_certificate(self.authority_path.read_bytes())
        try:
            theirs = x509.load_pem_x509_certificate(certificate)
            theirs.verify_directly_issued_by(authority)
            key = theirs.public_key()
            if not isinstance(key, Ed25519PublicKey) or _find_flaw(theirs) is not None:
                return False
            key.verify(signature, message)
            return _read_role(theirs) is role
        except _NO_CERTIFICATE:
            return False


def make_certificates(
    folder: Path, *, days: int, now: datetime | None = None
) -> dict[ClusterRole, Path]:
    """Make new certificates for all roles in a folder; return the folder of each.

    The authority is made at the first time; certificates that it signed before stay valid until
    they expire. days: how long the new ones are valid.

    Raises:
        CertificateRefused: the folder holds an authority whose key is not there, or is not private,
            or something else.
        StudyUnwritable, DiskFull, DiskFailed: as for any file.
    """
    now = now or datetime.now(UTC)
    if os.path.lexists(folder) and not (
        folder.is_dir() and (_is_ours(folder) or not any(folder.iterdir()))
    ):
        raise CertificateRefused(CertificateFlaw.NO_AUTHORITY)
    places = [folder / role for role in ClusterRole]
    if any(os.path.lexists(place) and not place.is_dir() for place in places):
        raise CertificateRefused(CertificateFlaw.NO_AUTHORITY)
    make_folder(folder)
    with map_os_errors():
        folder.chmod(PRIVATE_FOLDER)  # one that was there: who may write in it can change the keys
    authority, authority_key = _open_authority(folder, now)
    made: dict[ClusterRole, Path] = {}
    for role in ClusterRole:
        made[role] = folder / role
        make_folder(made[role])
        key = Ed25519PrivateKey.generate()
        certificate = _sign_certificate(
            (role, key.public_key()), (authority, authority_key), now, now + timedelta(days=days)
        )
        write_file_atomically(made[role] / AUTHORITY, authority.public_bytes(Encoding.PEM))
        # The key first: a certificate without its key is refused, an old one beside it as well.
        write_file_atomically(made[role] / KEY, _encode_key(key))
        write_file_atomically(made[role] / CERTIFICATE, certificate.public_bytes(Encoding.PEM))
    return made


def read_certificate(folder: Path, role: ClusterRole) -> ClusterCertificate:
    """Return the certificate that a folder holds for a role.

    Raises:
        CertificateRefused: there is none, or it cannot be used now.
    """
    if not all((folder / name).is_file() for name in (AUTHORITY, CERTIFICATE, KEY)):
        raise CertificateRefused(CertificateFlaw.MISSING)
    try:
        _require_private(folder / KEY)
        authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        own = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        own.verify_directly_issued_by(authority)
        is_own_key = _read_key(folder / KEY).public_key() == own.public_key()
    except (OSError, *_NO_CERTIFICATE) as broken:
        raise CertificateRefused(CertificateFlaw.UNREADABLE) from broken
    if not is_own_key:
        raise CertificateRefused(CertificateFlaw.UNREADABLE)
    if (flaw := _find_flaw(own)) is not None:
        raise CertificateRefused(flaw)
    if _read_role(own) is not role:
        raise CertificateRefused(CertificateFlaw.OTHER_ROLE)
    return ClusterCertificate(folder, role, own.not_valid_after_utc)


def _require_private(key: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(key.stat().st_mode) & 0o077:
        raise CertificateRefused(CertificateFlaw.READABLE)


def _is_ours(folder: Path) -> bool:
    return (folder / AUTHORITY).is_file() and (folder / _AUTHORITY_KEY).is_file()


def _open_authority(folder: Path, now: datetime) -> tuple[x509.Certificate, Ed25519PrivateKey]:
    """Return the authority of a folder and its key, made where there is none yet."""
    if _is_ours(folder):
        try:
            _require_private(folder / _AUTHORITY_KEY)
            found = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
            known_key = _read_key(folder / _AUTHORITY_KEY)
        except (OSError, *_NO_CERTIFICATE) as broken:
            raise CertificateRefused(CertificateFlaw.NO_AUTHORITY) from broken
        if known_key.public_key() != found.public_key():  # what it signs would be accepted nowhere
            raise CertificateRefused(CertificateFlaw.NO_AUTHORITY)
        return found, known_key
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_allow_uses(signs_others=True), critical=True)
        .add_extension(known, critical=False)
        .sign(key, None)
    )
    write_file_atomically(folder / _AUTHORITY_KEY, _encode_key(key))
    write_file_atomically(folder / AUTHORITY, made.public_bytes(Encoding.PEM))
    return made, key


def _sign_certificate(
    subject: tuple[ClusterRole, Ed25519PublicKey],
    authority: tuple[x509.Certificate, Ed25519PrivateKey],
    now: datetime,
    until: datetime,
) -> x509.Certificate:
    role, public = subject
    issuer, key = authority
    name = x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, f"{_NAME} {role}"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role),
    ])  # fmt: skip
    uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    known = x509.SubjectKeyIdentifier.from_public_key(public)
    issued = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, until) - _LEEWAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_allow_uses(signs_others=False), critical=True)
        .add_extension(uses, critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(f"{role}.earshot")]), critical=False
        )
        .add_extension(known, critical=False)
        .add_extension(issued, critical=False)
        .sign(key, None)
    )


def _allow_uses(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _encode_key(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_key(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError
    return key


def _find_flaw(certificate: x509.Certificate) -> CertificateFlaw | None:
    now = datetime.now(UTC)
    if now > certificate.not_valid_after_utc:
        return CertificateFlaw.EXPIRED
    return CertificateFlaw.NOT_YET if now < certificate.not_valid_before_utc else None


def _read_role(certificate: x509.Certificate) -> ClusterRole | None:
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    with contextlib.suppress(ValueError, IndexError):
        return ClusterRole(str(found[0].value))
    return None
