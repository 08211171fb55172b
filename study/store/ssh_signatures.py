"""Signatures in OpenSSH's own format, so that a receiver checks them without Earshot.

``ssh-keygen -Y check-novalidate`` says which key signed a file, and ``ssh-keygen -Y verify``
whether it was one of those in a list. The format is PROTOCOL.sshsig of OpenSSH 8.1 and later; the
key is named by OpenSSH's fingerprint, or by the same bytes in hexadecimal groups, which are easier
to read out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator

from study.store.person_keys import PUBLIC_BYTES, SIGNATURE_BYTES, PersonKeys, is_signature_of

NAMESPACE = "earshot"  # keeps a signature from being taken for one of something else
_MAGIC, _VERSION = b"SSHSIG", 1
_KIND, _HASH = b"ssh-ed25519", b"sha512"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_LINE = 70  # characters, as ssh-keygen breaks them
_LONGEST = 4096  # bytes; one of ours has 300
_GROUP = 4


def sign_as_openssh(person: PersonKeys, content: bytes) -> bytes:
    """Return the signature of a file's content, as ``ssh-keygen -Y sign`` writes it."""
    return _write(person.signing_public, person.sign(_signed(content)))


def _write(public: bytes, bare: bytes) -> bytes:
    signature = _string(_KIND) + _string(bare)
    blob = b"".join((
        _MAGIC, _VERSION.to_bytes(4, "big"), _string(_encode_key(public)),
        _string(NAMESPACE.encode()), _string(b""), _string(_HASH), _string(signature),
    ))  # fmt: skip
    written = base64.b64encode(blob).decode()
    lines = [written[at : at + _LINE] for at in range(0, len(written), _LINE)]
    return "\n".join([_BEGIN, *lines, _END, ""]).encode()


def find_signer(signature: bytes, content: bytes) -> bytes | None:
    """Return the public key that signed this content, None where the signature is not one of it."""
    try:
        public, made = _parse(signature)
    except ValueError:
        return None
    if signature != _write(public, made):  # a bit of its packaging was changed
        return None
    return public if is_signature_of(public, made, _signed(content)) else None


def format_public_key(public: bytes, name: str = "") -> str:
    """Write a public key as a line of ``authorized_keys``: kind, key, and a name behind it."""
    written = base64.b64encode(_encode_key(public)).decode()
    return " ".join(part for part in (_KIND.decode(), written, name.replace(" ", "-")) if part)


def format_fingerprint(public: bytes) -> str:
    """Write the fingerprint of a public key as OpenSSH does: ``SHA256:`` and base64."""
    digest = hashlib.sha256(_encode_key(public)).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def format_fingerprint_groups(public: bytes) -> str:
    """Write the same fingerprint in groups of hexadecimal digits, to be read out or compared."""
    digits = hashlib.sha256(_encode_key(public)).hexdigest()
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def matches_fingerprint(public: bytes, told: str) -> bool:
    """Whether a public key is the one that somebody names.

    told: its fingerprint in either form, or the key itself as a line of ``authorized_keys``.
    """
    told = told.strip()
    if told.startswith("SHA256:"):
        return told.rstrip("=") == format_fingerprint(public)
    digits = re.sub(r"[\s:-]+", "", told).lower()
    if digits == format_fingerprint_groups(public).replace(" ", ""):
        return True
    written = format_public_key(public).split()
    return any(line.split()[:2] == written for line in told.splitlines())


def is_told_key(told: str) -> bool:
    """Whether a text has the form of what ``matches_fingerprint`` takes, of whatever key."""
    told = told.strip()
    digits = re.sub(r"[\s:-]+", "", told).lower()
    return (
        re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}=?", told) is not None
        or re.fullmatch(r"[0-9a-f]{64}", digits) is not None
        or any(line.split()[:1] == [_KIND.decode()] for line in told.splitlines())
    )


def _signed(content: bytes) -> bytes:
    digest = hashlib.sha512(content).digest()
    return b"".join((
        _MAGIC, _string(NAMESPACE.encode()), _string(b""), _string(_HASH), _string(digest),
    ))  # fmt: skip


def _encode_key(public: bytes) -> bytes:
    return _string(_KIND) + _string(public)


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _parse(signature: bytes) -> tuple[bytes, bytes]:
    """Return the public key and the bare signature.

    Raises:
        ValueError: it is no signature of ours, which are all by an Ed25519 key.
    """
    lines = signature[:_LONGEST].decode("ascii").strip().splitlines()
    if len(lines) < 3 or (lines[0], lines[-1]) != (_BEGIN, _END):  # noqa: PLR2004 - and one between
        raise ValueError
    try:
        blob = base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error as broken:
        raise ValueError from broken
    start = _MAGIC + _VERSION.to_bytes(4, "big")
    if not blob.startswith(start):
        raise ValueError
    key, namespace, reserved, hashed, made = _strings(blob[len(start) :], 5)
    kind, public = _strings(key, 2)
    made_kind, bare = _strings(made, 2)
    if (kind, made_kind, namespace, reserved, hashed) != (
        _KIND, _KIND, NAMESPACE.encode(), b"", _HASH,
    ) or (len(public), len(bare)) != (PUBLIC_BYTES, SIGNATURE_BYTES):  # fmt: skip
        raise ValueError
    return public, bare


def _strings(raw: bytes, count: int) -> list[bytes]:
    found = list(_iterate_strings(raw))
    if len(found) != count:
        raise ValueError
    return found


def _iterate_strings(raw: bytes) -> Iterator[bytes]:
    while raw:
        end = 4 + int.from_bytes(raw[:4], "big")
        if len(raw) < max(4, end):
            raise ValueError
        yield raw[4:end]
        raw = raw[end:]
