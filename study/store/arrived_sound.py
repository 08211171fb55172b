"""Sound that comes from another study, in the time before its interview is entered here.

A file is written beside the interviews under a name that nobody else has, and locked by who writes
it. It gets its name once the trail says that this very file was entered, also when who wrote it has
died since; what nobody holds and no line names is removed.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec

from study.descriptors import sync_descriptor, sync_folder
from study.permissions import INTERVIEW_RECEIVED
from study.store.database import map_storage_errors
from study.store.disk import make_folder, map_os_errors, remove_file, settle_name
from study.store.interview_ids import is_interview_id
from study.store.interview_sound import (
    ARRIVING_PREFIX,
    AUDIO_FOLDER,
    list_stretches,
    locate_stretch,
)
from study.store.sound_file import claim_file, create_claimed
from study.store.study import Interview, Study

ARRIVED_AS = "arrived_as"
"""The fact of a line about an interview that came here: the token of the files of its sound."""
_TOKEN_BYTES = 8
_NAME = re.compile(
    re.escape(ARRIVING_PREFIX)
    + r"(?P<token>[0-9a-f]{16})-(?P<owner>[^-]+)-(?P<number>[1-9][0-9]*)\.sealed",
    re.ASCII,
)


class ArrivingSound:
    """The files of sound of one parcel; nothing of them stays unless ``is_entered`` is set."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._written: list[tuple[Path, Interview, int]] = []
        self.token = secrets.token_hex(_TOKEN_BYTES)  # in the names, and in the line that enters it
        self._held = contextlib.ExitStack()
        self.is_entered = False  # set before the study's change ends: from then on it is kept

    def write(self, interview: str, number: int, blocks: Iterable[bytes]) -> Path:
        """Write the file of a stretch, durably; return where it lies until it is named.

        Raises:
            DiskFull, StudyUnwritable, DiskFailed: as their texts say.
        """
        audio = self._study.folder / AUDIO_FOLDER
        make_folder(audio)
        path = audio / f"{ARRIVING_PREFIX}{self.token}-{interview}-{number}.sealed"
        with map_os_errors():
            descriptor = create_claimed(path)
            self._held.callback(os.close, descriptor)
            self._written.append((path, Interview(self._study, interview), number))
            for block in blocks:
                left = memoryview(block)
                while left:
                    left = left[os.write(descriptor, left) :]
            sync_descriptor(descriptor)
            sync_folder(audio)
        return path

    def name_all(self) -> None:
        """Give the files their names; their stretches are entered."""
        while self._written:
            path, interview, number = self._written.pop()
            settle_name(path, locate_stretch(interview, number))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for path, _interview, _number in () if self.is_entered else self._written:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        self._held.close()


def settle_arrived_sound(study: Study) -> None:
    """Name what a killed process had entered, and remove what it had not.

    What a living process holds stays, and so does what has no name that ``ArrivingSound`` gives.
    """
    for path in sorted((study.folder / AUDIO_FOLDER).glob(f"{ARRIVING_PREFIX}*.sealed")):
        with claim_file(path) as is_ours:
            if not is_ours:
                continue
            named = _NAME.fullmatch(path.name)
            if named is None or not is_interview_id(named["owner"]):
                continue
            interview, number = Interview(study, named["owner"]), int(named["number"])
            if _is_entered(interview, number, named["token"]):
                settle_name(path, locate_stretch(interview, number))
            else:
                remove_file(path)


def _is_entered(interview: Interview, number: int, token: str) -> bool:
    with interview.study.lock, map_storage_errors():
        told = interview.study.db.execute(
            "SELECT facts FROM trail WHERE interview = ? AND verb = ?",
            [interview.id, INTERVIEW_RECEIVED],
        ).fetchall()
    is_this = any(msgspec.json.decode(facts).get(ARRIVED_AS) == token for (facts,) in told)
    return is_this and any(row.number == number for row in list_stretches(interview))
