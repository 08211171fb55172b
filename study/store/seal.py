"""Sealing: authenticated encryption of small content, bound to the place that it belongs to.

AES-256-GCM with a random 96-bit nonce in front. A data key seals far fewer than 2**32 records
(NIST SP 800-38D's bound for random nonces), because each interview has keys of its own.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """Sealed bytes, their key or their associated data are not those of the sealing."""


def generate_key() -> bytes:
    """Return a fresh 256-bit key from the system's generator."""
    return secrets.token_bytes(KEY_BYTES)


def build_associated_data(*parts: str | int | bytes) -> bytes:
    """Join the parts that say where a record belongs, unambiguously (each with its length)."""
    joined = bytearray()
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        joined += len(raw).to_bytes(4, "big")
        joined += raw
    return bytes(joined)


def seal_bytes(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """Encrypt ``plain``; the result opens only with the same key and the same ``bound``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def unseal_bytes(key: bytes, sealed: object, bound: bytes) -> bytes:
    """Decrypt sealed bytes.

    sealed: what a column holds; a flipped bit in a row's header makes a number or a text of it.

    Raises:
        SealBroken: it is not bytes, a bit of it was changed, or key or ``bound`` differ.
    """
    if not isinstance(sealed, bytes) or len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken
    parts = memoryview(sealed)  # a slice of bytes would copy a long transcript
    try:
        return AESGCM(key).decrypt(parts[:NONCE_BYTES], parts[NONCE_BYTES:], bound)
    except InvalidTag as wrong:
        raise SealBroken from wrong
