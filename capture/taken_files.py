"""Which files a study has taken already, known again by what is in them, whatever they are called.

The hashes stand sealed with each import, and in a list that outlasts the interviews. Only files
whose beginning is known are hashed to their end, so that a stick of many gigabytes is not read just
to be looked at.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from capture.decoding_child import hash_file, open_sound_file
from study import ArtefactKind, FileHash, read_at
from study.errors import KeyNotHeld, RoleForbids, SoundTakenBefore, SoundUnreachable
from study.store import Study, list_taken_hashes

_HEAD_BYTES = 1 << 16
_Origin = dict[str, str | int | float | bool]


@dataclass(slots=True)
class TakenFiles:
    """The hashes of imported files, the labels of their interviews, and what may be one of them.

    labels: by hash; "" where the interview was destroyed, or is another interviewer's. listed: the
    hashes in the study's lasting list. heads: see ``FileHash``. sizes: of files that the study took
    before it kept heads; 0 among them means that some size is not known, so that every file is
    hashed.
    """

    labels: dict[str, str] = field(default_factory=dict[str, str])
    listed: set[str] = field(default_factory=set[str])
    heads: set[str] = field(default_factory=set[str])
    sizes: set[int] = field(default_factory=set[int])

    @classmethod
    def read(cls, study: Study) -> Self:
        """Return what the study has taken, as far as the passphrase in use opens it."""
        taken = cls()
        with contextlib.suppress(KeyNotHeld):
            for one in list_taken_hashes(study):
                taken.listed.add(one.whole)
                taken.heads.add(one.head)
        for summary in study.summaries():
            if ArtefactKind.ORIGIN not in summary.versions or summary.about is None:
                continue
            origin: _Origin = {}
            with contextlib.suppress(RoleForbids, KeyNotHeld):  # another interviewer's
                interview = study.interview(summary.id)
                origin = interview.read_artefact(ArtefactKind.ORIGIN, _Origin) or {}
            hashes = str(origin.get("sha256", "")).split()
            for one in hashes:
                taken.labels.setdefault(one, summary.label)
            if not taken.listed.issuperset(hashes):
                # Of several files only the size of all together was kept.
                taken.sizes.add(int(origin.get("bytes", 0)) if len(hashes) == 1 else 0)
        for one in taken.listed:
            taken.labels.setdefault(one, "")
        return taken

    def add(self, hashes: Iterable[FileHash], label: str) -> None:
        """Note files that were taken."""
        for one in hashes:
            self.labels.setdefault(one.whole, label)
            self.listed.add(one.whole)
            self.heads.add(one.head)

    def find_label(self, source: int) -> str | None:
        """Return the label of the interview that has the content of an open file, None for none.

        "" where it was destroyed, or is another interviewer's.

        Raises:
            SoundUnreachable: the file cannot be read.
        """
        may_have = bool({0, os.fstat(source).st_size} & self.sizes)
        if not may_have and hash_head(source) not in self.heads:
            return None
        return self.labels.get(hash_file(source))

    def require_new(self, source: int) -> None:
        """Refuse an open file whose content the study has taken.

        Raises:
            SoundTakenBefore: it has.
            SoundUnreachable: the file cannot be read.
        """
        if (label := self.find_label(source)) is not None:
            raise SoundTakenBefore(label, is_taken=True)

    def find_path_label(self, path: Path) -> str | None:
        """Return the same as ``find_label`` of a file.

        Raises:
            SoundNotFound, SoundEmpty, NotSound, SoundUnreachable: it cannot be read.
        """
        with open_sound_file(path) as source:
            return self.find_label(source)


def hash_sound_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal.

    Raises:
        SoundNotFound, SoundEmpty, NotSound, SoundUnreachable: it cannot be read.
    """
    with open_sound_file(path) as source:
        return hash_file(source)


def hash_head(source: int) -> str:
    """Return the SHA-256 of an open file's size and first 64 KiB in hexadecimal.

    Raises:
        SoundUnreachable: it cannot be read.
    """
    try:
        head = read_at(source, _HEAD_BYTES, 0)
        size = os.fstat(source).st_size
    except OSError as failed:
        raise SoundUnreachable from failed
    return hashlib.sha256(size.to_bytes(8, "big") + head).hexdigest()
