"""What passes between a study and a worker of its cluster, sealed for the two of them alone.

Both make a key pair (X25519) for one run, in memory. From their own private half and the other's
public half both derive the same key, so that whatever opens with it was sealed by one of the two:
nobody between them reads a question or writes an answer. An answer is bound to the very bytes of
its question.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from study.store.person_keys import PUBLIC_BYTES
from study.store.seal import (
    KEY_BYTES,
    SealBroken,
    build_associated_data,
    seal_bytes,
    unseal_bytes,
)

_PURPOSE = b"earshot cluster 1"
_QUESTION, _ANSWER = b"question", b"answer"


class ChannelKeys:
    """A key pair for one run; the private half never leaves this object."""

    def __init__(self) -> None:
        self._private = X25519PrivateKey.generate()
        self.public = self._private.public_key().public_bytes_raw()

    def derive(self, other: bytes, *, study: bytes, worker: bytes) -> bytes:
        """Return the key that both sides share.

        other, study, worker: public halves, 32 bytes each.

        Raises:
            SealBroken: the other's public half is none.
        """
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(other))
        except ValueError as broken:
            raise SealBroken from broken
        info = build_associated_data(_PURPOSE, study, worker)
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(shared)


class StudyChannel:
    """The study's end of a channel to one worker."""

    def __init__(self, keys: ChannelKeys, worker: bytes) -> None:
        """Take the study's keys and the public half of a worker that has proven it."""
        self._public = keys.public
        self._key = keys.derive(worker, study=keys.public, worker=worker)

    def seal_question(self, plain: bytes) -> bytes:
        """Seal a question for the worker."""
        return self._public + seal_bytes(self._key, plain, build_associated_data(_QUESTION))

    def open_answer(self, question: bytes, sealed: bytes) -> bytes:
        """Open the worker's answer to a sealed question.

        Raises:
            SealBroken: it is of somebody else, or answers another question.
        """
        return unseal_bytes(self._key, sealed, _bind_answer(question))


def open_question(keys: ChannelKeys, question: bytes) -> tuple[bytes, bytes]:
    """Return, at the worker, the key shared with who asks, and the question.

    Raises:
        SealBroken: the question is for another worker, or was changed.
    """
    study, sealed = question[:PUBLIC_BYTES], question[PUBLIC_BYTES:]
    key = keys.derive(study, study=study, worker=keys.public)
    return key, unseal_bytes(key, sealed, build_associated_data(_QUESTION))


def seal_answer(key: bytes, question: bytes, plain: bytes) -> bytes:
    """Seal, at the worker, an answer for who asked; ``key`` is that of ``open_question``."""
    return seal_bytes(key, plain, _bind_answer(question))


def _bind_answer(question: bytes) -> bytes:
    return build_associated_data(_ANSWER, hashlib.sha256(question).digest())
