"""``earshot import`` with a sound file and its transcript, or with the one that is lacking."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app import (
    TimesVerdict,
    import_sound_with_transcript,
    join_sound,
    join_transcript,
    read_transcript_for,
)
from cli.console import Console
from cli.import_summary import Origin, choose_import, describe_origin
from cli.transcript_report import count_turns, describe_read, list_left, list_remarks
from cli.verb import open_named_study
from study import ArtefactKind, InterviewDetails, format_clock
from study.store import Interview

if TYPE_CHECKING:
    from app import JoinedTranscript

_HOUR_S = 3600


def import_both(arguments: argparse.Namespace, details: InterviewDetails, console: Console) -> int:
    """Bring in sound and its transcript as one interview, or neither of them."""
    from capture import read_transcript

    with open_named_study(arguments, console) as study:
        joined = import_sound_with_transcript(
            study,
            arguments.files,
            read_transcript(arguments.transcript, details, partial=arguments.partial),
            choose_import(arguments, console),
            keep_times=arguments.keep_times,
            is_unchecked=arguments.unchecked,
            report=console.show_progress,
        )
        _print(study.interview(joined.interview), joined, console, has_new_sound=True)
    return 0


def join_later(arguments: argparse.Namespace, added: InterviewDetails, console: Console) -> int:
    """Bring in what an interview lacks: its transcript, or its sound."""
    from capture import is_transcript_file

    with open_named_study(arguments, console) as study:
        interview = study.interview(arguments.to)
        is_text = is_transcript_file(arguments.files[0])
        if is_text:
            joined = join_transcript(
                interview,
                read_transcript_for(
                    interview, arguments.files[0], added, partial=arguments.partial
                ),
                keep_times=arguments.keep_times,
                is_unchecked=arguments.unchecked,
                report=console.show_progress,
            )
        else:
            joined = join_sound(
                interview,
                arguments.files,
                added,
                choose_import(arguments, console),
                keep_times=arguments.keep_times,
                is_unchecked=arguments.unchecked,
                report=console.show_progress,
            )
        _print(interview, joined, console, has_new_sound=not is_text)
    return 0


def _print(
    interview: Interview, joined: JoinedTranscript, console: Console, *, has_new_sound: bool
) -> None:
    summary, read = interview.summary, joined.read
    turns, length = count_turns(joined.turns), format_clock(summary.sound_s)
    origin = interview.read_artefact(ArtefactKind.ORIGIN, Origin) if has_new_sound else None
    done = (
        f"{turns} joined to {length} of sound"
        if read is not None
        else f"{length} of sound joined to {turns}"
    )
    console.print_result(
        {
            "interview": interview.id,
            "label": summary.label,
            "sound_s": summary.sound_s,
            "turns": joined.turns,
            "speakers": [person.code for person in interview.participants],
            "left_out": list_left(read) if read else [],
            "times": list_remarks(read) if read else [],
            "match": str(joined.match.verdict),
            "shift_s": joined.match.shift_s,
            "stretch": joined.match.stretch,
            "moved": joined.is_moved,
            **({"file": origin} if origin else {}),
        },
        [
            f"{summary.label}  {interview.id}  {done}",
            *describe_origin(origin or {}),
            *(describe_read(read) if read else []),
            *_describe_match(joined),
        ],
    )


def _describe_match(joined: JoinedTranscript) -> list[str]:
    match = joined.match
    if match.verdict is TimesVerdict.AGREE:
        return ["Its times match the speech in the sound."]
    if match.verdict is TimesVerdict.OTHER:
        return ["Its times do not fit the speech in the sound; it was joined unchecked."]
    if match.verdict is TimesVerdict.UNTOLD:
        return (
            ["Too little speech or silence to tell whether its times fit the sound."]
            if joined.read is None or joined.read.is_timed
            else []
        )
    facts: list[str] = []
    if match.shift_s:
        way = "earlier" if match.shift_s > 0 else "later"
        facts.append(f"are {abs(match.shift_s):.1f} s {way} than the speech")
    if match.stretch != 1:
        way = "fall behind it" if match.stretch > 1 else "run ahead of it"
        facts.append(f"{way} by {abs(match.stretch - 1) * _HOUR_S:.1f} s an hour")
    how = "They were moved to fit it" if joined.is_moved else "They stay as they are"
    keep = "; --keep-times leaves them as they are" if joined.is_moved else ""
    return [f"Its times {' and '.join(facts)}. {how}{keep}."]
