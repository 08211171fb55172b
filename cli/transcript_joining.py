"""``earshot import`` with a sound file and its transcript, or with the transcript of a sound."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app import TimesVerdict, join_transcript, read_transcript_for
from cli.console import Console
from cli.import_summary import describe_origin, import_named_sound
from cli.transcript_report import count_turns, describe_read, list_left, list_remarks
from cli.verb import open_named_study
from study import GatedAction, InterviewDetails, format_clock
from study.store import Interview, check_new_interview, require_consent

if TYPE_CHECKING:
    from app import JoinedTranscript

_HOUR_S = 3600


def import_both(arguments: argparse.Namespace, details: InterviewDetails, console: Console) -> int:
    """Bring in sound and its transcript as one interview; the transcript is read first."""
    from capture import read_transcript

    with open_named_study(arguments, console) as study:
        read = read_transcript(arguments.transcript, details)
        check_new_interview(study, read.about)
        require_consent(study, GatedAction.IMPORT_TEXT, read.about)
        made = import_named_sound(study, arguments, details, console)
        interview = study.interview(made.interview)
        console.say(f"{details.label}: {format_clock(made.sound_s)} of sound imported and sealed")
        for line in describe_origin(made.origin):
            console.say(line)
        joined = join_transcript(
            interview,
            read,
            keep_times=arguments.keep_times,
            is_unchecked=arguments.unchecked,
            report=console.show_progress,
        )
        _print(interview, joined, console)
    return 0


def join_later(arguments: argparse.Namespace, added: InterviewDetails, console: Console) -> int:
    """Bring in the transcript of an interview that has only its sound."""
    with open_named_study(arguments, console) as study:
        interview = study.interview(arguments.to)
        joined = join_transcript(
            interview,
            read_transcript_for(interview, arguments.files[0], added),
            keep_times=arguments.keep_times,
            is_unchecked=arguments.unchecked,
            report=console.show_progress,
        )
        _print(interview, joined, console)
    return 0


def _print(interview: Interview, joined: JoinedTranscript, console: Console) -> None:
    summary = interview.study.find_interview(interview.id)
    match, turns = joined.match, count_turns(len(joined.read.turns))
    length = format_clock(summary.sound_s)
    console.print_result(
        {
            "interview": interview.id,
            "label": summary.label,
            "sound_s": summary.sound_s,
            "turns": len(joined.read.turns),
            "speakers": [person.code for person in joined.read.about.participants],
            "left_out": list_left(joined.read),
            "times": list_remarks(joined.read),
            "match": str(match.verdict),
            "shift_s": match.shift_s,
            "stretch": match.stretch,
            "moved": joined.is_moved,
        },
        [
            f"{summary.label}  {interview.id}  {turns} joined to {length} of sound",
            *describe_read(joined.read),
            *_describe_match(joined),
        ],
    )


def _describe_match(joined: JoinedTranscript) -> list[str]:
    match = joined.match
    if match.verdict is TimesVerdict.AGREE:
        return ["Its times agree with the speech in the sound."]
    if match.verdict is TimesVerdict.OTHER:
        return ["Its times do not fit the speech in the sound; it was joined unchecked."]
    if match.verdict is TimesVerdict.UNTOLD:
        return (
            ["Too little speech or silence to tell whether its times fit the sound."]
            if joined.read.is_timed
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
    keep = "; --keep-times leaves them as they are in the file" if joined.is_moved else ""
    return [f"Its times {' and '.join(facts)}. {how}{keep}."]
