"""Where in a turn its doubts hold, so that each part of a divided turn keeps its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from study.intervals import merge_intervals
from study.records import DoubtFlag
from study.turn_words import Word


def place_flag(flag: DoubtFlag, words: Sequence[Word]) -> DoubtFlag:
    """Return a flag that holds from the first to the last of some words."""
    return replace(flag, where=((words[0].start_s, max(word.end_s for word in words)),))


def merge_flags(flags: Iterable[DoubtFlag]) -> tuple[DoubtFlag, ...]:
    """Return each flag once, in the order of their first; it holds wherever one of them did."""
    merged: dict[DoubtFlag, DoubtFlag] = {}
    for flag in flags:
        known = merged.get(flag)
        if known is None:
            merged[flag] = flag
        else:
            is_placed = bool(known.where and flag.where)
            where = merge_intervals((*known.where, *flag.where)) if is_placed else ()
            merged[flag] = replace(known, where=tuple(where))
    return tuple(merged.values())


def select_flags(flags: Iterable[DoubtFlag], words: Sequence[Word]) -> tuple[DoubtFlag, ...]:
    """Return the flags that hold for some of the words, or of which nobody knows where they do."""
    middles = [(word.start_s + word.end_s) / 2 for word in words]
    return tuple(
        flag
        for flag in flags
        if not flag.where
        or not middles
        or any(start_s <= at_s <= end_s for at_s in middles for start_s, end_s in flag.where)
    )
