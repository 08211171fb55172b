"""The two key pairs of a person: one signs (Ed25519), one receives keys (X25519).

The private halves lie sealed in the person's slot, so only their passphrase uses them. The public
halves stand in the study: with them anybody checks a signature, and somebody who holds class keys
hands them to others without knowing their passphrases.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from study.store.seal import (
    KEY_BYTES,
    SealBroken,
    build_associated_data,
    generate_key,
    seal_bytes,
    unseal_bytes,
)

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
_PURPOSE = b"earshot keys for a person"


@dataclass(frozen=True, slots=True, repr=False)
class PersonKeys:
    """The private halves of a person's keys, 32 bytes each.

    signing: the seed of Ed25519 (RFC 8032). receiving: the scalar of X25519 (RFC 7748).
    """

    signing: bytes
    receiving: bytes

    @classmethod
    def generate(cls) -> PersonKeys:
        """Make new keys from the system's generator."""
        return cls(generate_key(), generate_key())

    @property
    def signing_public(self) -> bytes:
        """The public half that checks signatures, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()

    @property
    def receiving_public(self) -> bytes:
        """The public half that keys are sealed for, 32 bytes."""
        return X25519PrivateKey.from_private_bytes(self.receiving).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(message)

    def unseal(self, sealed: bytes, bound: bytes) -> bytes:
        """Open what ``seal_for`` sealed for this person.

        Raises:
            SealBroken: it was sealed for somebody else, or a bit of it was changed.
        """
        ephemeral = sealed[:PUBLIC_BYTES]
        try:
            shared = X25519PrivateKey.from_private_bytes(self.receiving).exchange(
                X25519PublicKey.from_public_bytes(ephemeral)
            )
        except ValueError as broken:  # not a point, or one that gives no secret
            raise SealBroken from broken
        key = _derive(shared, ephemeral, self.receiving_public)
        return unseal_bytes(key, sealed[PUBLIC_BYTES:], bound)


def seal_for(receiving_public: bytes, plain: bytes, bound: bytes) -> bytes:
    """Seal content so that only the person with this public half opens it.

    Raises:
        SealBroken: the public half is none.
    """
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiving_public))
    except ValueError as broken:
        raise SealBroken from broken
    return public + seal_bytes(_derive(shared, public, receiving_public), plain, bound)


def is_signature_of(signing_public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature of a message was made with the key whose public half this is."""
    try:
        Ed25519PublicKey.from_public_bytes(signing_public).verify(signature, message)
    except (InvalidSignature, ValueError, TypeError):  # a damaged row may hold no bytes at all
        return False
    return True


def _derive(shared: bytes, ephemeral: bytes, receiving_public: bytes) -> bytes:
    info = build_associated_data(_PURPOSE, ephemeral, receiving_public)
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(shared)
