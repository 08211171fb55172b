"""``earshot import``: seal a recording, or a transcript that was made elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import (
    Category,
    InterviewDetails,
    Participant,
    RegisterEntry,
    Role,
    format_clock,
    parse_language,
)
from study.errors import BadName


def add_about_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the participants of an interview and other known names to a verb."""
    parser.add_argument(
        "--participant",
        action="append",
        default=[],
        metavar="CODE[:ROLE][=NAME,NAME]",
        help="somebody in the interview; names are sealed and looked for in the transcript;"
        f" roles: {', '.join(Role)}",
    )
    parser.add_argument(
        "--known",
        action="append",
        default=[],
        metavar="KIND=NAME,NAME[:ROLE]",
        help="another name to look for, and who or what it is; kinds: person, place,"
        " organisation; a date with a role is an event that other dates are told by",
    )
    parser.add_argument(
        "--channels",
        default="",
        metavar="CODE,CODE",
        help="who speaks on each channel, where everybody had a microphone",
    )
    parser.add_argument(
        "--language",
        help="the language spoken, if it is not the study's: de, de-AT, German, Deutsch, or auto",
    )


def build_about(label: str, arguments: argparse.Namespace) -> InterviewDetails:
    """Return the details of an interview that the command line gives.

    Raises:
        BadName: a role or a kind of name does not exist.
        LanguageUnknown: no language is called so.
    """
    return InterviewDetails(
        label=label,
        participants=tuple(_participant(text) for text in arguments.participant),
        channels=_split(arguments.channels),
        register=tuple(_identity(text) for text in arguments.known),
        language="" if arguments.language is None else parse_language(arguments.language),
    )


def _participant(text: str) -> Participant:
    who, _, names = text.partition("=")
    code, _, role = who.partition(":")
    try:
        return Participant(code, Role(role or Role.PARTICIPANT), _split(names))
    except ValueError as unknown:
        raise BadName("role") from unknown


def _identity(text: str) -> RegisterEntry:
    kind, _, known = text.partition("=")
    names, _, role = known.partition(":")
    try:
        return RegisterEntry(Category(kind), _split(names), " ".join(role.split()))
    except ValueError as unknown:
        raise BadName("kind of name") from unknown


def _split(names: str) -> tuple[str, ...]:
    return tuple(name for part in names.split(",") if (name := " ".join(part.split())))


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="sound: WAV, FLAC, MP3, M4A, OGG, Opus; or a transcript made"
        " elsewhere: WebVTT, SRT, Word, noScribe, text",
    )
    parser.add_argument("--label", required=True, help="a code for the interview, such as P07_i1")
    add_about_arguments(parser)
    parser.add_argument(
        "--partial", action="store_true", help="keep what is there of a file that was cut short"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from capture import import_sound, is_transcript_file

    if is_transcript_file(arguments.file):
        return _transcript(arguments, console)
    details = build_about(arguments.label, arguments)
    with open_named_study(arguments, console) as study:
        interview = import_sound(
            study,
            arguments.file,
            details,
            partial=arguments.partial,
            report=console.show_progress,
        )
        summary = study.find_interview(interview)
        console.print_result(
            {"interview": interview, "label": summary.label, "sound_s": summary.sound_s},
            [f"{summary.label}  {interview}  {format_clock(summary.sound_s)} imported and sealed"],
        )
    return 0


def _transcript(arguments: argparse.Namespace, console: Console) -> int:
    from capture import import_transcript

    with open_named_study(arguments, console) as study:
        interview = import_transcript(
            study, arguments.file, build_about(arguments.label, arguments)
        )
        summary = study.find_interview(interview)
        turns = summary.facts.raw.turns if summary.facts.raw else 0
        codes = [p.code for p in summary.about.participants] if summary.about else []
        console.print_result(
            {"interview": interview, "label": summary.label, "turns": turns, "speakers": codes},
            [
                f"{summary.label}  {interview}  {turns} turns imported and sealed, without sound",
                f"Speakers: {', '.join(codes)}. Their names in the file are sealed and looked for;",
                "with --participant CODE=NAME you say beforehand who speaks under which code.",
            ],
        )
    return 0


VERB = Verb(
    name="import",
    summary="Seal a recording, or a transcript made elsewhere, into the study as an interview.",
    example="earshot import dementia-course visit.m4a --label P07_i1"
    ' --participant "P07=Margaret Wilson,Maggie" --channels INT01,P07',
    run=_run,
    arguments=_arguments,
)
