"""What an import says about what it found: in sentences, from the facts sealed with the interview.

Where the decoded time, the header and the container disagree, or something was left out or filled
with silence, each gets a sentence. What is as usual gets none.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app import has_terminal
from cli.console import Console
from study import ArtefactKind, InterviewDetails, format_clock
from study.store import Study

if TYPE_CHECKING:
    from capture import ImportChoices, SoundLeft

Origin = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class ImportedSound:
    """A new interview with its sound: its id, its length in seconds, what its files were."""

    interview: str
    sound_s: float
    origin: Origin


def choose_import(arguments: argparse.Namespace, console: Console) -> ImportChoices:
    """Return what the command line of ``earshot import`` chose about sound.

    What cannot be decoded is asked about where somebody is at a terminal.
    """
    from capture import ImportChoices

    can_ask = has_terminal() and not console.as_json
    return ImportChoices(
        partial=arguments.partial,
        may_leave=partial(_ask_to_leave, console) if can_ask else None,
        again=arguments.again,
        track=arguments.track,
    )


def _ask_to_leave(console: Console, left: SoundLeft) -> bool:
    """Ask whether what cannot be decoded may be left; only y is yes."""
    tracks = "1 sound track" if left.tracks == 1 else f"{left.tracks} sound tracks"
    parts = [tracks] if left.tracks else []
    if left.unread_bytes:
        parts.append(f"{-(-left.unread_bytes // 1000):,} kB after the sound")
    console.say(f"{' and '.join(parts)} cannot be decoded. Bring in the rest without it? y or n")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def import_named_sound(
    study: Study, arguments: argparse.Namespace, details: InterviewDetails, console: Console
) -> ImportedSound:
    """Import the sound files that the command line of ``earshot import`` names.

    Raises:
        What ``capture.import_sound_parts`` raises.
    """
    from capture import import_sound_parts

    made = import_sound_parts(
        study,
        arguments.files,
        details,
        choose_import(arguments, console),
        report=console.show_progress,
    )
    origin = study.interview(made).read_artefact(ArtefactKind.ORIGIN, Origin) or {}
    return ImportedSound(made, study.find_interview(made).sound_s, origin)


def describe_origin(origin: Mapping[str, str | int | float | bool]) -> list[str]:
    """Return the sentences about an imported file, from its ``ArtefactKind.ORIGIN``."""
    return [*_describe_parts(origin), *_describe_holes(origin), *_describe_length(origin)]


def _describe_parts(origin: Mapping[str, str | int | float | bool]) -> Iterator[str]:
    if files := origin.get("files"):
        yield (
            f"{files} files became one interview. A transcript made here says where each next one"
            f' begins, such as "(file 2 of {files} begins)".'
        )
    if links := origin.get("links"):
        yield f"{links} recordings are joined in it; all of them were taken."
    if tracks := origin.get("tracks"):
        yield (
            f"It has {tracks} sound tracks; each became a channel. Import it with --channels"
            " CODE,CODE to say who speaks on which, or with --track 1 to take one alone."
        )
    spatial = int(origin.get("tracks_spatial", 0))
    if spatial:
        yield (
            "Its spatial sound (APAC) cannot be decoded; the same sound was taken from the track"
            " beside it."
        )
    if left_out := int(origin.get("tracks_left_out", 0)) - spatial:
        some = "1 sound track is" if left_out == 1 else f"{left_out} sound tracks are"
        yield f"{some} left out: in a form that cannot be decoded. The rest was taken."


def _describe_holes(origin: Mapping[str, str | int | float | bool]) -> Iterator[str]:
    if late_s := float(origin.get("late_s", 0.0)):
        yield (
            f"The sound begins {late_s:.1f} s after the picture: silence stands before it, so that"
            " times are those of a player."
        )
    if gaps := int(origin.get("gaps", 0)):
        where = "in 1 place" if gaps == 1 else f"in {gaps} places"
        gap_s = float(origin.get("gap_s", 0.0))
        yield f"{gap_s:.1f} s are missing in the file, {where}: silence and a mark stand there."
    if damaged := int(origin.get("damaged", 0)):
        places = "1 damaged place" if damaged == 1 else f"{damaged} damaged places"
        lost_s = float(origin.get("damaged_s", 0.0))
        yield f"{places}: {lost_s:.2f} s cannot be decoded; silence and a mark stand there."


def _describe_length(origin: Mapping[str, str | int | float | bool]) -> Iterator[str]:
    whole_s = float(origin.get("duration_s", 0.0))
    if unread := int(origin.get("unread_bytes", 0)):
        yield (
            f"{-(-unread // 1000):,} kB after the sound cannot be read as sound: another file may"
            " be joined to it."
        )
    if origin.get("is_cut"):
        yield "It was cut short; what is there was imported."
    elif "header_s" in origin:
        header_s = float(origin["header_s"])
        taken = "all of it was taken" if whole_s > header_s else "no more can be decoded"
        yield (
            f"Its header says {format_clock(header_s)}, the file holds {format_clock(whole_s)}:"
            f" {taken}."
        )
    elif "container_s" in origin:
        container_s = float(origin["container_s"])
        yield (
            f"The file lasts {format_clock(container_s)}, its sound {format_clock(whole_s)}: all"
            " of it was taken."
        )
