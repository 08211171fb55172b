"""Sound that comes from another study, in the time before its interview is entered here.

A file is written beside the interviews under a name of its own, and locked by who writes it. It
gets its name once the study has its stretch; what nobody holds and no stretch names is removed.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from study.store.disk import make_folder, map_os_errors, remove_file, sync_folder
from study.store.interview_sound import (
    ARRIVING_PREFIX,
    AUDIO_FOLDER,
    list_stretches,
    locate_sound_folder,
    locate_stretch,
)
from study.store.sound_file import claim_file, create_claimed
from study.store.study import Interview, Study


class ArrivingSound:
    """The files of sound of one parcel; nothing of them stays unless ``is_entered`` is set."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._written: list[tuple[Path, Interview, int]] = []
        self._held = contextlib.ExitStack()
        self.is_entered = False  # set before the study's change ends: from then on it is kept

    def write(self, interview: str, number: int, blocks: Iterable[bytes]) -> Path:
        """Write the file of a stretch, durably; return where it lies until it is named.

        Raises:
            DiskFull, StudyUnwritable, DiskFailed: as their texts say.
        """
        audio = self._study.folder / AUDIO_FOLDER
        make_folder(audio)
        path = audio / f"{ARRIVING_PREFIX}{interview}-{number}.sealed"
        remove_file(path)  # of a process that was killed; a living one works on no new interview
        with map_os_errors():
            descriptor = create_claimed(path)
            self._held.callback(os.close, descriptor)
            self._written.append((path, Interview(self._study, interview), number))
            for block in blocks:
                left = memoryview(block)
                while left:
                    left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
            sync_folder(audio)
        return path

    def name_all(self) -> None:
        """Give the files their names; their stretches are entered."""
        while self._written:
            path, interview, number = self._written.pop()
            _give_name(path, interview, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for path, _interview, _number in () if self.is_entered else self._written:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        self._held.close()


def _give_name(path: Path, interview: Interview, number: int) -> None:
    folder, target = locate_sound_folder(interview), locate_stretch(interview, number)
    if os.path.lexists(target):
        return
    make_folder(folder)
    with map_os_errors():
        path.rename(target)
        sync_folder(folder)
        sync_folder(folder.parent)


def settle_arrived_sound(study: Study) -> None:
    """Name what a killed process had entered, and remove what it had not."""
    for path in sorted((study.folder / AUDIO_FOLDER).glob(f"{ARRIVING_PREFIX}*.sealed")):
        with claim_file(path) as is_ours:
            if not is_ours:
                continue
            owner, _, number = (
                path.name.removeprefix(ARRIVING_PREFIX).removesuffix(".sealed").rpartition("-")
            )
            interview = Interview(study, owner)
            if any(str(row.number) == number for row in list_stretches(interview)):
                _give_name(path, interview, int(number))
            else:
                remove_file(path)
