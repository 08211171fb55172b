"""Which files a study has taken already, known again by what is in them, whatever they are called.

The hashes stand sealed with each import. Only files of a size that is known are hashed, so that a
stick of many gigabytes is not read to the end just to be looked at.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from capture.decoding_child import hash_file, open_sound_file
from study import ArtefactKind
from study.errors import KeyNotHeld, RoleForbids, SoundTakenBefore
from study.store import Study

_Origin = dict[str, str | int | float | bool]


@dataclass(slots=True)
class TakenFiles:
    """The hashes of imported files with the labels of their interviews, and the files' sizes.

    sizes: 0 among them means that some size is not known, so that every file is hashed.
    """

    labels: dict[str, str] = field(default_factory=dict[str, str])
    sizes: set[int] = field(default_factory=set[int])

    @classmethod
    def read(cls, study: Study) -> Self:
        """Return what the study has taken, as far as the passphrase in use opens it."""
        taken = cls()
        for summary in study.summaries():
            if ArtefactKind.ORIGIN not in summary.versions or summary.about is None:
                continue
            origin: _Origin = {}
            with contextlib.suppress(RoleForbids, KeyNotHeld):  # another interviewer's
                interview = study.interview(summary.id)
                origin = interview.read_artefact(ArtefactKind.ORIGIN, _Origin) or {}
            hashes = str(origin.get("sha256", "")).split()
            # Of several files only the size of all together is kept.
            size = origin.get("bytes", 0) if len(hashes) == 1 else 0
            taken.add(int(size), hashes, summary.label)
        return taken

    def add(self, size: int, hashes: Iterable[str], label: str) -> None:
        """Note files that were taken; size: that of a single one in bytes, 0 of several."""
        for one in hashes:
            self.labels.setdefault(one, label)
            self.sizes.add(size)

    def find_label(self, source: int) -> str:
        """Return the label of the interview that has the content of an open file, else "".

        Raises:
            SoundUnreachable: the file cannot be read.
        """
        may_have = bool({0, os.fstat(source).st_size} & self.sizes)
        return self.labels.get(hash_file(source), "") if may_have else ""

    def require_new(self, source: int) -> None:
        """Refuse an open file whose content the study has.

        Raises:
            SoundTakenBefore: it has.
            SoundUnreachable: the file cannot be read.
        """
        if label := self.find_label(source):
            raise SoundTakenBefore(label)

    def find_path_label(self, path: Path) -> str:
        """Return the label of the interview that has the content of a file, else "".

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
