"""The sound files on a recorder's stick or card, and which of them a study has taken already.

Only reads: nothing on the stick is changed or removed. A file is known again by what is in it.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from capture.decoding_child import hash_file, open_sound_file
from capture.sound_import import measure_sound_file
from capture.taken_files import TakenFiles
from study import ReportProgress, ShouldStop, TaskProgress, no_report, no_stop
from study.errors import EarshotError, SoundNotFound, Stopped

_SUFFIXES = frozenset({
    ".3g2", ".3gp", ".aac", ".aax", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".ape", ".asf",
    ".au", ".avi", ".awb", ".caf", ".ds2", ".dss", ".dts", ".eac3", ".flac", ".flv", ".m2ts",
    ".m4a", ".m4b", ".m4p", ".m4v", ".mka", ".mkv", ".mov", ".mp2", ".mp3", ".mp4", ".mpeg",
    ".mpg", ".mts", ".mxf", ".oga", ".ogg", ".ogv", ".opus", ".qcp", ".qta", ".ra", ".rf64",
    ".rm", ".snd", ".spx", ".tak", ".ts", ".tta", ".vob", ".voc", ".w64", ".wav", ".weba",
    ".webm", ".wma", ".wmv", ".wv",
})  # fmt: skip
_MOST_FILES = 10_000
_DEEPEST = 12  # folders; cameras have four


@dataclass(frozen=True, slots=True)
class StickFile:
    """A sound file on a stick.

    name: its path from the stick's folder on. modified_at: seconds since 1970. length_s: None where
    it does not say. is_taken: whether the study has taken it, and label: for which interview, "" if
    that is not there. same_as: the name of another new file with the same content, "" for none.
    problem: why it cannot be read, None if it can.
    """

    name: str
    path: Path
    size: int
    modified_at: float
    length_s: float | None = None
    is_taken: bool = False
    label: str = ""
    same_as: str = ""
    problem: EarshotError | None = None


def list_stick_files(
    folder: Path,
    taken: TakenFiles,
    *,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> list[StickFile]:
    """Return the sound files below a folder by date, with what the study has of them.

    Raises:
        SoundNotFound: there is no such folder.
        Stopped: ``stop`` returned True.
    """
    if not folder.is_dir():
        raise SoundNotFound
    found = sorted(_walk(folder), key=lambda one: (one.modified_at, one.name))[:_MOST_FILES]
    listed: list[StickFile] = []
    for number, one in enumerate(found):
        report(TaskProgress(number, len(found), "looking"))
        listed.append(_look_at(one, taken, stop))
    return _tell_twins(listed)


def _walk(folder: Path) -> Iterator[StickFile]:
    for place, folders, names in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = [] if depth >= _DEEPEST else sorted(f for f in folders if f[0] != ".")
        for name in names:
            path = Path(place) / name
            if path.suffix.lower() not in _SUFFIXES or name.startswith("."):
                continue
            with contextlib.suppress(OSError):
                seen = path.stat()
                if not stat.S_ISREG(seen.st_mode):
                    continue
                short = str(path.relative_to(folder))
                yield StickFile(short, path, seen.st_size, seen.st_mtime)


def _look_at(one: StickFile, taken: TakenFiles, stop: ShouldStop) -> StickFile:
    try:
        with open_sound_file(one.path) as source:
            label = taken.find_label(source)
        if label is not None:
            return replace(one, is_taken=True, label=label)
        return replace(one, length_s=measure_sound_file(one.path, stop).length_s)
    except Stopped:
        raise
    except EarshotError as problem:
        return replace(one, problem=problem)


def _tell_twins(listed: list[StickFile]) -> list[StickFile]:
    """Name the earlier of two new files with one content; only files of one size are hashed."""
    sizes = Counter(one.size for one in listed if not one.is_taken and one.problem is None)
    first: dict[str, str] = {}
    told: list[StickFile] = []
    for one in listed:
        if one.is_taken or one.problem is not None or sizes[one.size] == 1:
            told.append(one)
            continue
        try:
            with open_sound_file(one.path) as source:
                same = first.setdefault(hash_file(source), one.name)
        except EarshotError as problem:
            told.append(replace(one, problem=problem))
            continue
        told.append(replace(one, same_as="" if same == one.name else same))
    return told
