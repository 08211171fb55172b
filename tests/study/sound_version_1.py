"""Write sound as Earshot up to 0.4.0 did: version 1, whose records tell their kind and length."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from study.records import Mark, SoundFormat
from study.store.sound_records import SoundHeader, encode_header

_PREFIX = b"version"


class Version1Writer:
    """Does what ``SoundWriter`` does, in the older format."""

    def __init__(
        self, path: Path, key: bytes, owner: str, form: SoundFormat, *, sync_each: bool = True
    ) -> None:
        self.path, self.form, self.syncs = path, form, sync_each
        self.frames = self.records = 0
        self.missing: list[Mark] = []
        head = encode_header(SoundHeader(1, owner, _PREFIX))
        self._bound, self._cipher = hashlib.sha256(head).digest(), AESGCM(key)
        path.write_bytes(head)
        self._record(0, msgspec.json.encode(form))

    def write(self, pcm: bytes) -> None:
        self._record(1, pcm)
        self.frames += len(pcm) // self.form.frame_bytes

    def write_mark(self, mark: Mark) -> None:
        self._record(2, msgspec.json.encode(mark))

    def end(self) -> None:
        self._record(3, b"")

    def abandon(self) -> None:
        """Leave the file as it is."""

    def _record(self, kind: int, plain: bytes) -> None:
        nonce = _PREFIX + self.records.to_bytes(4, "big") + bytes([kind])
        sealed = self._cipher.encrypt(nonce, plain, self._bound + bytes([kind]))
        with self.path.open("ab") as file:
            file.write(len(sealed).to_bytes(4, "big") + bytes([kind]) + sealed)
        self.records += 1


def write_version_1(
    path: Path, key: bytes, form: SoundFormat, content: Iterable[bytes | Mark], *, ends: bool = True
) -> None:
    """Write a whole file. content: blocks of PCM and marks, in their order."""
    writer = Version1Writer(path, key, "abcd2345", form)
    for one in content:
        writer.write(one) if isinstance(one, bytes) else writer.write_mark(one)
    if ends:
        writer.end()
