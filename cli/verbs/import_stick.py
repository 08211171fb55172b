"""``earshot import STUDY --from FOLDER``: what is new on a recorder's stick."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime

from cli.console import Console
from cli.verb import open_named_study
from study import format_clock


def list_stick(arguments: argparse.Namespace, console: Console) -> int:
    """List the sound files below a folder that the study has not taken; change nothing.

    Raises:
        SoundNotFound: there is no such folder.
    """
    from capture import TakenFiles, list_stick_files

    with open_named_study(arguments, console) as study:
        taken = TakenFiles.read(study)
        listed = list_stick_files(arguments.stick, taken, report=console.show_progress)
    console.end_progress()
    new = [one for one in listed if not one.is_taken]
    rows = [
        [
            _show_name(one.name),
            "?" if one.length_s is None else format_clock(one.length_s),
            datetime.fromtimestamp(one.modified_at, UTC).astimezone().strftime("%Y-%m-%d %H:%M"),
            str(one.problem or (f"the same as {_show_name(one.same_as)}" if one.same_as else "")),
        ]
        for one in new
    ]
    data = [
        {
            "name": _show_name(one.name), "bytes": one.size, "modified_at": one.modified_at,
            "length_s": one.length_s, "taken": one.is_taken, "label": one.label,
            "same_as": _show_name(one.same_as),
            "problem": str(one.problem or ""),
        }
        for one in listed
    ]  # fmt: skip
    if new or console.as_json:
        console.print_table(data, ["new here", "length", "date", ""], rows)
    had = len(listed) - len(new)
    if not listed:
        console.say("No sound file is there.")
    elif not new:
        what = "the one sound file" if had == 1 else f"all {had} sound files"
        console.say(f"Nothing new: the study already has {what}.")
    else:
        before = f" {had} more {'was' if had == 1 else 'were'} taken before." if had else ""
        count = "1 new sound file" if len(new) == 1 else f"{len(new)} new sound files"
        console.say(f"{count}.{before} Nothing on the stick was or will be changed.")
        console.say(
            "Import one with `earshot import STUDY FILE --label LABEL --participant CODE`,"
            " several with --table."
        )
    return 0


def _show_name(name: str) -> str:
    """Return a file's name as text; bytes of another encoding become the replacement character."""
    return os.fsencode(name).decode("utf-8", "replace")
