"""``earshot export``: hand interviews over, through the gate."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from app import make_covered_transcriber, read_dissent, tell_unquotable
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import AccessLevel, PersonAction, sanitise_text
from study.errors import EarshotError
from study.store import Study, require_sign_off

if TYPE_CHECKING:
    from handoff import ExportOrder, ProjectCode, TranscribeCovered
    from study.store import Interview


def parse_codes(text: str) -> frozenset[ProjectCode]:
    """Return what becomes a code in a project, from ``topics,pauses``.

    Raises:
        argparse.ArgumentTypeError: one of them cannot become a code.
    """
    from handoff import ProjectCode

    try:
        return frozenset(ProjectCode(one.strip()) for one in text.split(","))
    except ValueError as unknown:
        every = ", ".join(ProjectCode)
        raise argparse.ArgumentTypeError(f"give some of these, with commas: {every}") from unknown


def parse_called(text: str) -> tuple[str, str]:
    """Return a code and what that person wishes to be called, from ``P07=Me``.

    Raises:
        argparse.ArgumentTypeError: one of the two is missing, or the name holds a colon.
    """
    code, _, name = (part.strip() for part in text.partition("="))
    if not code or not name or ":" in name:
        raise argparse.ArgumentTypeError("give a code and a name without colon, such as P07=Me")
    return code, name


def _arguments(parser: argparse.ArgumentParser) -> None:
    from handoff import FORMAT_NAMES

    add_study_argument(parser)
    parser.add_argument(
        "interviews",
        nargs="+",
        metavar="INTERVIEW",
        help="its label, its id, or the id's beginning",
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FOLDER",
        help="a folder that does not exist yet, or a file ending in .zip; else in the study",
    )
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        choices=[*FORMAT_NAMES],
        metavar="NAME",
        help=f"only this format, and any other named: {', '.join(FORMAT_NAMES)}",
    )
    parser.add_argument("--for", dest="to_whom", default="", metavar="WHO", help="who receives it")
    parser.add_argument("--purpose", default="", help="what it is for, kept with who receives it")
    parser.add_argument(
        "--codes",
        type=parse_codes,
        default=frozenset(),
        metavar="WHAT",
        help="make codes in the REFI-QDA project, such as topics,speakers,pauses",
    )
    parser.add_argument(
        "--topics", action="store_true", help="make each topic a code, as --codes topics"
    )
    parser.add_argument(
        "--sound",
        choices=["flac", "opus"],
        default="",
        help="the sound as well, with a tone over what was replaced, where the policy allows it",
    )
    parser.add_argument(
        "--sound-inside",
        action="store_true",
        help="put the sound into the REFI-QDA project, rather than beside it",
    )
    parser.add_argument(
        "--call",
        type=parse_called,
        action="append",
        default=[],
        metavar="CODE=NAME",
        help="what somebody wishes to be called in a participant's copy, such as P07=Me",
    )
    parser.add_argument(
        "--for-archive",
        action="store_true",
        help="it goes to an archive, where participants agreed to that; what they agreed to is"
        " written beside it",
    )
    parser.add_argument(
        "--access",
        choices=[level.value for level in AccessLevel],
        default="",
        help="who the archive may give it to, as --for-archive; never more people than was agreed,"
        " by default as few as the strictest answers allow",
    )
    parser.add_argument(
        "--line-numbers", action="store_true", help="number the lines of documents in the margin"
    )
    parser.add_argument("--silent", action="store_true", help="cover with silence, not with a tone")


@contextlib.contextmanager
def _name_interview(interview: Interview, *, is_one_of_several: bool) -> Generator[None]:
    """Put the label of an interview before a refusal, where several are asked for."""
    try:
        yield
    except EarshotError as refused:
        if is_one_of_several:
            refused.args = (f"{interview.label}: {refused}",)
        raise


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from anonymise import draft_clean_transcript
    from handoff import DEFAULT_FORMATS, FORMAT_NAMES, ExportOrder, ProjectCode, tidy_text

    with open_named_study(arguments, console) as study:
        study.require_permitted(PersonAction.HAND_OVER)
        interviews = tuple(
            dict.fromkeys(study.find_interview(name).id for name in arguments.interviews)
        )
        several = len(interviews) > 1
        for check in (draft_clean_transcript, require_sign_off):
            for interview in interviews:  # each error says which step is missing
                with _name_interview(study.interview(interview), is_one_of_several=several):
                    check(study.interview(interview))
        order = ExportOrder(
            interviews,
            formats=tuple(
                one for one in FORMAT_NAMES if one in (arguments.format or DEFAULT_FORMATS)
            ),
            to_whom=tidy_text(arguments.to_whom),
            purpose=tidy_text(arguments.purpose),
            codes=arguments.codes | ({ProjectCode.TOPICS} if arguments.topics else set()),
            sound=arguments.sound or ("flac" if arguments.sound_inside else ""),
            silent=arguments.silent,
            is_sound_inside=arguments.sound_inside,
            line_numbers=arguments.line_numbers,
            called=tuple((code, tidy_text(name)) for code, name in arguments.call),
            is_for_archive=arguments.for_archive or bool(arguments.access),
            access=AccessLevel(arguments.access) if arguments.access else None,
        )
        files = _export(study, order, arguments.to, console)
        console.print_result([str(f) for f in files], [sanitise_text(str(f)) for f in files])
        for interview in interviews:
            if unquotable := tell_unquotable(study.interview(interview)):
                console.say(unquotable)
            if dissent := read_dissent(study.interview(interview)):
                console.say(dissent)
        if study.is_read_only:
            console.say(
                "The study is read-only, so this hand-over is not recorded in it: note who it was"
                " for, and the fingerprint that `earshot verify` shows."
            )
    return 0


def _export(study: Study, order: ExportOrder, target: Path | None, console: Console) -> list[Path]:
    from handoff import export_interviews

    if not order.sound:
        return export_interviews(study, order, target, report=console.show_progress)
    from capture import encode_sound

    def make_transcriber(interview: Interview) -> TranscribeCovered | None:
        transcriber = make_covered_transcriber(interview)
        if transcriber is None:
            console.say(
                f"{interview.label}: no speech model may listen again here, so none has checked"
                " what can still be heard."
            )
        return transcriber

    return export_interviews(
        study,
        order,
        target,
        encode_sound=encode_sound,
        make_transcriber=make_transcriber,
        report=console.show_progress,
    )


VERB = Verb(
    name="export",
    summary="Write anonymised transcripts as files, once every mention is decided and signed off.",
    example="earshot export dementia-course P07_i1 --to for-analysis --for 'the analysis team'",
    run=_run,
    arguments=_arguments,
    leaves="Only the anonymised transcript is written, and only on this computer.",
)
