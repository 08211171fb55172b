"""``earshot import``: bring a recording in, or a transcript that was made elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from study.errors import BadName
from study.screen_text import clock
from study.terms import About, Category, Identity, Participant, Role
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument


def about_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a verb say who takes part in an interview."""
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


def about(label: str, given: argparse.Namespace) -> About:
    """Return what was said about an interview on the command line.

    Raises:
        BadName: a role or kind does not exist.
    """
    return About(
        label=label,
        participants=tuple(_participant(text) for text in given.participant),
        channels=_split(given.channels),
        register=tuple(_identity(text) for text in given.known),
    )


def _participant(text: str) -> Participant:
    who, _, names = text.partition("=")
    code, _, role = who.partition(":")
    try:
        return Participant(code, Role(role or Role.PARTICIPANT), _split(names))
    except ValueError as unknown:
        raise BadName("role") from unknown


def _identity(text: str) -> Identity:
    kind, _, known = text.partition("=")
    names, _, role = known.partition(":")
    try:
        return Identity(Category(kind), _split(names), " ".join(role.split()))
    except ValueError as unknown:
        raise BadName("kind of name") from unknown


def _split(names: str) -> tuple[str, ...]:
    return tuple(name for part in names.split(",") if (name := " ".join(part.split())))


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="sound: WAV, FLAC, MP3, M4A, OGG, Opus; or a transcript made"
        " elsewhere: WebVTT, SRT, Word, noScribe, text",
    )
    parser.add_argument("--label", required=True, help="a code for the interview, such as P07_i1")
    about_arguments(parser)
    parser.add_argument(
        "--partial", action="store_true", help="keep what is there of a file that was cut short"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from capture.importing import import_sound
    from capture.written.importing import is_transcript

    if is_transcript(given.file):
        return _transcript(given, talk)
    described = about(given.label, given)
    with opened(given, talk) as study:
        interview = import_sound(
            study, given.file, described, partial=given.partial, report=talk.progress
        )
        summary = study.find(interview)
        talk.result(
            {"interview": interview, "label": summary.label, "sound_s": summary.sound_s},
            [f"{summary.label}  {interview}  {clock(summary.sound_s)} imported and sealed"],
        )
    return 0


def _transcript(given: argparse.Namespace, talk: Talk) -> int:
    from capture.written.importing import import_transcript

    with opened(given, talk) as study:
        interview = import_transcript(study, given.file, about(given.label, given))
        summary = study.find(interview)
        turns = summary.facts.raw.turns if summary.facts.raw else 0
        codes = [p.code for p in summary.about.participants] if summary.about else []
        talk.result(
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
