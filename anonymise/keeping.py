"""The study's own keep-list: what names nobody here, beside what ships with Earshot.

A plain list, one word or phrase a line. A line that begins with ``-`` takes a shipped one out
("- mind", where Mind is the name of a dog). It is kept version by version, sealed.
"""

from __future__ import annotations

from anonymise.keep import KeepList, shipped
from study import vocabulary
from study.artefacts import Kind
from study.store import WHOLE_STUDY, Study
from study.terms import fold

_OUT = "-"


def read(study: Study) -> tuple[str, ...]:
    """Return the lines of the study's list, none where it has no list.

    Raises:
        KeyNotHeld, StudyDamaged: as ``Study.get``.
    """
    return study.get(WHOLE_STUDY, Kind.KEPT, tuple[str, ...]) or ()


def write(study: Study, written: str | bytes) -> tuple[str, ...]:
    """Make this the study's list and return its lines; nothing is written if it is so already.

    Raises:
        BadWords: it is no list (see ``study.vocabulary.parse``); the study is as it was before.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the same.
    """
    lines = vocabulary.parse(written).terms
    with study.lock:
        if lines != read(study):
            with study.change("keep-list kept") as change:
                change.put(WHOLE_STUDY, Kind.KEPT, lines)
    return lines


def words(study: Study) -> KeepList:
    """Return what is kept in this study: what ships, changed by its own list.

    Raises:
        KeyNotHeld, StudyDamaged: as ``Study.get``.
    """
    return with_lines(shipped(), read(study))


def with_lines(keep: KeepList, lines: tuple[str, ...]) -> KeepList:
    """Return a keep-list with these lines taken in, or out where they begin with ``-``."""
    out = frozenset(fold(line.removeprefix(_OUT)) for line in lines if line.startswith(_OUT))
    more = frozenset(fold(line) for line in lines if not line.startswith(_OUT))
    return KeepList(
        (keep.kept | more) - out,
        keep.everyday - out,
        # What the study says names nobody is no name that happens to be a word, either.
        keep.also_names - out - more,
    )
