"""What lies in a study's folder that is not sealed, and what kind of file it is.

Hand-overs lie there, and whatever somebody else put there. Names of files may name people, so what
is no hand-over is told by its kind and its number alone.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from app.labels import format_count
from study.store import AUDIO_FOLDER, DATABASE, HANDED_OVER_FOLDER, MANIFEST_NAME, SUM, Study

SOUND_KIND = "sound: voices can be heard"
_TEXT_KIND = "anonymised text"
_OTHER_KIND = "not of a hand-over: nobody knows what is in it"
_OTHER_SOUND = "sound that is not of a hand-over: voices can be heard"
_LINK = "a link to a place outside"
_SOUND_SUFFIXES = frozenset({
    ".aac", ".aif", ".aiff", ".amr", ".avi", ".flac", ".m4a", ".mkv", ".mov", ".mp3", ".mp4",
    ".oga", ".ogg", ".opus", ".wav", ".webm", ".wma",
})  # fmt: skip
_SEALED = (DATABASE, f"{DATABASE}-*", SUM, "study.lock", "study.format-*.db")
_OLD_COPY = "study.format-*.db"
_ELSEWHERE = "elsewhere in the study's folder"


@dataclass(frozen=True, slots=True)
class ClearFiles:
    """Files of one kind in one place. place: a hand-over, or where else they lie."""

    place: str
    kind: str
    count: int

    @property
    def has_sound(self) -> bool:
        """Whether voices can be heard in them."""
        return self.kind in {SOUND_KIND, _OTHER_SOUND}

    def __str__(self) -> str:
        """As in "handed-over/P07_i1: 2 files, anonymised text"."""
        return f"{self.place}: {format_count(self.count, 'file')}, {self.kind}"


def list_clear_files(study: Study) -> list[ClearFiles]:
    """Return what lies in the study's folder that Earshot did not seal, by place and kind."""
    found: Counter[tuple[str, str]] = Counter()
    for folder, names, files in os.walk(study.folder):
        here = Path(folder)
        links = [name for name in names if (here / name).is_symlink()]
        for name in (*links, *files):
            path = (here / name).relative_to(study.folder)
            if not _is_sealed(path) or (here / name).is_symlink():
                found[_find_place(study, path), _find_kind(study, path)] += 1
    return [ClearFiles(place, kind, count) for (place, kind), count in sorted(found.items())]


def list_old_copies(study: Study) -> list[str]:
    """Return the names of copies of the study that were kept when its format was brought up."""
    return sorted(path.name for path in study.folder.glob(_OLD_COPY))


def _is_sealed(path: Path) -> bool:
    if len(path.parts) == 1:
        return any(fnmatchcase(path.name, pattern) for pattern in _SEALED)
    return path.parts[0] == AUDIO_FOLDER and path.suffix == ".sealed"


def _is_of_hand_over(study: Study, path: Path) -> bool:
    is_inside = len(path.parts) > 2 and path.parts[0] == HANDED_OVER_FOLDER  # noqa: PLR2004 - one below
    return is_inside and (study.folder / Path(*path.parts[:2]) / MANIFEST_NAME).is_file()


def _find_place(study: Study, path: Path) -> str:
    return "/".join(path.parts[:2]) if _is_of_hand_over(study, path) else _ELSEWHERE


def _find_kind(study: Study, path: Path) -> str:
    is_sound = path.suffix.lower() in _SOUND_SUFFIXES
    if (study.folder / path).is_symlink():
        return _LINK
    if _is_of_hand_over(study, path):
        return SOUND_KIND if is_sound else _TEXT_KIND
    return _OTHER_SOUND if is_sound else _OTHER_KIND
