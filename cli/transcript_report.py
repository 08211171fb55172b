"""What is told of an imported transcript: who speaks, what was left out, which times moved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capture import LeftPart, ReadTranscript

_MOST_PLACES = 5


def describe_read(read: ReadTranscript) -> list[str]:
    """Return sentences about a transcript file that was read; none holds its words."""
    codes = [person.code for person in read.about.participants]
    lines = [f"Speakers: {', '.join(codes)}. Names in the file are sealed and looked for."]
    if read.silent:
        verb = "speaks" if len(read.silent) == 1 else "speak"
        lines.append(f"{_join(read.silent)} {verb} nowhere in the file.")
    if read.new:
        lines.append(
            f"{_join(read.new)} {'is' if len(read.new) == 1 else 'are'} new;"
            " with --participant CODE=NAME you say beforehand who speaks under which code."
        )
    if read.is_cut:
        lines.append("It was cut short; what is there was imported.")
    lines += [f"{count_turns(remark.turns)}: {remark.flaw}." for remark in read.remarks]
    parts = sorted(read.left, key=lambda part: part.what)
    for what, group in groupby(parts, key=lambda part: part.what):
        lines.append(f"Left out: {what} ({_tell_places(list(group))}).")
    if not read.is_timed:
        lines.append("The file gives no times.")
    return lines


def count_turns(turns: int) -> str:
    """Return a number of turns in words: "1 turn", "12 turns"."""
    return f"{turns} turn" if turns == 1 else f"{turns} turns"


def list_left(read: ReadTranscript) -> list[dict[str, object]]:
    """Return what was left out, for scripts: what it is and the line it stands in."""
    return [{"what": str(part.what), "line": part.line} for part in read.left]


def list_remarks(read: ReadTranscript) -> list[dict[str, object]]:
    """Return what was wrong with times, for scripts."""
    return [{"what": str(one.flaw), "turns": one.turns} for one in read.remarks]


def _tell_places(parts: Sequence[LeftPart]) -> str:
    at = [str(part.line) for part in parts if part.line]
    if not at:
        return "1 place" if len(parts) == 1 else f"{len(parts)} places"
    if len(at) > _MOST_PLACES:
        return f"lines {', '.join(at[:_MOST_PLACES])} and {len(at) - _MOST_PLACES} more"
    return f"line {at[0]}" if len(at) == 1 else f"lines {_join(at)}"


def _join(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
