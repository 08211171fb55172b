"""``earshot import``: seal a recording, or a transcript that was made elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import (
    doubt_codes,
    doubt_label,
    parse_participant,
    parse_register_entries,
    split_names,
)
from cli.asked_names import ask_names
from cli.console import Console
from cli.import_summary import describe_origin, import_named_sound
from cli.transcript_report import count_turns, describe_read, list_left, list_remarks
from cli.verb import Verb, add_study_argument, open_named_study
from cli.verbs.import_many import import_from_table
from cli.verbs.import_stick import list_stick
from study import (
    InterviewDetails,
    Role,
    format_clock,
    parse_language,
)
from study.errors import BadImportTable, BadName, TableFlaw


def add_about_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the participants of an interview and other known names to a verb."""
    parser.add_argument(
        "--participant",
        action="append",
        default=[],
        metavar="CODE[:ROLE][=NAME,NAME]",
        help="somebody in the interview; names are sealed and looked for in the transcript, and"
        " leave them out after the = to be asked for them, so that no shell keeps them;"
        f" roles: {', '.join(Role)}",
    )
    parser.add_argument(
        "--known",
        action="append",
        default=[],
        metavar="KIND=NAME,NAME[:ROLE]",
        help="another name to look for, and who or what it is (asked for as those are); kinds:"
        " person, place, organisation; of a person, names with commas are all theirs, of a place"
        " or an organisation each is another one; a date with a role is an event that other dates"
        " are told by",
    )
    parser.add_argument(
        "--channels",
        default="",
        metavar="CODE,CODE",
        help="who speaks on each channel, where everybody had a microphone or sound track",
    )
    parser.add_argument(
        "--language",
        help="the language spoken, if it is not the study's: de, de-AT, German, Deutsch, or auto",
    )
    parser.add_argument(
        "--confirm",
        action="store_true",
        help="keep a label or a participant's code that may be somebody's name",
    )


def build_about(label: str, arguments: argparse.Namespace) -> InterviewDetails:
    """Return the details of an interview that the command line gives.

    Raises:
        BadName: a role or a kind of name does not exist; or the label or a code may be a name, and
            --confirm is not there.
        LanguageUnknown: no language is called so.
    """
    about = InterviewDetails(
        label=label,
        participants=tuple(parse_participant(text) for text in arguments.participant),
        channels=split_names(arguments.channels),
        register=tuple(entry for text in arguments.known for entry in parse_register_entries(text)),
        language="" if arguments.language is None else parse_language(arguments.language),
    )
    if not arguments.confirm:
        if doubt_label(label, (name for one in about.participants for name in one.names)):
            raise BadName("label", is_like_name=True)
        if doubt_codes(about.codes):
            raise BadName("participant code", is_like_name=True)
    return about


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "files",
        type=Path,
        nargs="*",
        metavar="FILE",
        help="sound: WAV, FLAC, MP3, M4A, AAC, OGG, Opus, WMA, CAF, AIFF, AU, AMR, AC3; the sound"
        " of a video: MP4, MOV, MKV, WebM, AVI, MTS, MPEG, FLV, 3GP; or a transcript made"
        " elsewhere: WebVTT, SRT, Word, RTF, text, and the files of Whisper, WhisperX, noScribe,"
        " aTrain, oTranscribe, f4, MAXQDA, NVivo, Otter, Teams, Zoom; with --table, a folder",
    )
    parser.add_argument("--label", default="", help="a code for the interview, such as P07_i1")
    parser.add_argument(
        "--to",
        default="",
        metavar="INTERVIEW",
        help="join the transcript to this interview, which has its sound, or the sound to one"
        " that has its transcript",
    )
    parser.add_argument(
        "--transcript",
        type=Path,
        metavar="FILE",
        help="a transcript of the sound, made elsewhere; its times are held against the speech",
    )
    parser.add_argument(
        "--keep-times",
        action="store_true",
        help="leave a transcript's times as they are, even where they differ from the speech",
    )
    parser.add_argument(
        "--unchecked",
        action="store_true",
        help="join a transcript to the sound even if their times do not match",
    )
    add_about_arguments(parser)
    parser.add_argument(
        "--partial",
        action="store_true",
        help="import what is there of a file that was cut short, or what can be decoded",
    )
    parser.add_argument(
        "--as-one",
        action="store_true",
        help="import several files, in this order, as one interview, with a mark at each joint",
    )
    parser.add_argument(
        "--track",
        type=int,
        default=0,
        metavar="N",
        help="take this sound track alone, counted from 1 (else all of them, each as a channel)",
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="import a file again, although the study has it already",
    )
    parser.add_argument(
        "--table",
        type=Path,
        metavar="TABLE",
        help="CSV or XLSX with a line for each interview: label, file, participants, roles,"
        " language; FILE is the folder with the files. Shows what would be done",
    )
    parser.add_argument("--write", action="store_true", help="with --table: import them")
    parser.add_argument(
        "--from",
        dest="stick",
        type=Path,
        metavar="FOLDER",
        help="list the sound files on a recorder's stick that the study has not taken yet",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.stick is not None:
        return list_stick(arguments, console)
    if arguments.table is not None:
        return import_from_table(arguments, console)
    if any(path.is_dir() for path in arguments.files):
        raise BadImportTable(TableFlaw.NOT_GIVEN)
    _check_usage(arguments)
    ask_names(arguments)

    from capture import is_transcript_file

    if arguments.to:
        from cli.transcript_joining import join_later

        return join_later(arguments, build_about("", arguments), console)
    if is_transcript_file(arguments.files[0]):
        return _transcript(arguments, console)
    if arguments.transcript is not None:
        from cli.transcript_joining import import_both

        return import_both(arguments, build_about(arguments.label, arguments), console)
    return _sound(arguments, console)


def _check_usage(arguments: argparse.Namespace) -> None:
    """Refuse what argparse cannot: which arguments belong together.

    Raises:
        SystemExit: with 2, as argparse.
    """
    parser = argparse.ArgumentParser(prog="earshot import", usage=argparse.SUPPRESS)
    if not arguments.files:
        parser.error("name a FILE, or a stick with --from FOLDER")
    if not arguments.label and not arguments.to:
        parser.error("one of the arguments --label --to is required")
    if arguments.label and arguments.to:
        parser.error("argument --to: not allowed with argument --label")
    if len(arguments.files) > 1 and not arguments.as_one:
        parser.error(
            "several files are one interview with --as-one; for many interviews give a --table"
        )
    if arguments.transcript is not None and arguments.to:
        parser.error("argument --transcript: not allowed with argument --to")
    if arguments.track < 0:
        parser.error("--track counts from 1")


def _sound(arguments: argparse.Namespace, console: Console) -> int:
    details = build_about(arguments.label, arguments)
    with open_named_study(arguments, console) as study:
        made = import_named_sound(study, arguments, details, console)
        done = (
            f"{details.label}  {made.interview}  {format_clock(made.sound_s)} imported and sealed"
        )
        console.print_result(
            {
                "interview": made.interview,
                "label": details.label,
                "sound_s": made.sound_s,
                "file": made.origin,
            },
            [done, *describe_origin(made.origin)],
        )
    return 0


def _transcript(arguments: argparse.Namespace, console: Console) -> int:
    from capture import import_transcript

    with open_named_study(arguments, console) as study:
        made = import_transcript(
            study,
            arguments.files[0],
            build_about(arguments.label, arguments),
            partial=arguments.partial,
        )
        summary = study.find_interview(made.interview)
        turns = len(made.read.turns)
        console.print_result(
            {
                "interview": made.interview,
                "label": summary.label,
                "turns": turns,
                "speakers": [person.code for person in made.read.about.participants],
                "left_out": list_left(made.read),
                "times": list_remarks(made.read),
            },
            [
                f"{summary.label}  {made.interview}  {count_turns(turns)} imported, without sound",
                *describe_read(made.read),
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
