"""Hearing a passage again at the shell: what stands beside what was heard, and taking it over."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app import BackgroundJob, JobFailed, build_transcription_job
from cli.cluster_arguments import open_cluster
from cli.console import Console
from cli.job_supervision import run_to_end
from cli.verb import VERB_PROGRAM
from study import (
    ArtefactKind,
    HeardTurn,
    InterviewSummary,
    QueuedInterview,
    SecondHearing,
    Turn,
    TurnNumbers,
    compare_hearing,
    format_clock,
    parse_clock,
    parse_language,
)
from study.errors import HearingFlaw, NotHeardAgain
from study.store import Interview, Study, TranscriptEditor, read_language, read_newest_transcript

if TYPE_CHECKING:
    from transcribe import ClusterPlace

TAKE_ALL = "all"
_TIMES = "give a time such as 12:30, 1:02:03, 750 or 12:30.5"
_NUMBERS = "give the numbers of turns such as 3,4,+1, or all"


def parse_passage_time(text: str) -> float:
    """Return the seconds of a time on the command line.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return parse_clock(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(_TIMES) from wrong


def parse_turn_numbers(text: str) -> tuple[str, ...]:
    """Return the numbers of heard turns, or ``(TAKE_ALL,)``.

    Raises:
        argparse.ArgumentTypeError: one of them is no number.
    """
    numbers = tuple(number.strip() for number in text.split(","))
    if numbers != (TAKE_ALL,) and not all(n.removeprefix("+").isdecimal() for n in numbers):
        raise argparse.ArgumentTypeError(_NUMBERS)
    return numbers


def add_hearing_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a verb needs to hear a passage again."""
    again = parser.add_argument_group(
        "hearing a passage again",
        "The old words are shown beside the new ones, and stay unless --take names them.",
    )
    for name, meaning in (
        ("from", "where the passage begins, such as 12:30, 1:02:03, 750 or 12:30.5"),
        ("to", "where it ends; without it, at the end of the recording"),
    ):
        again.add_argument(
            f"--{name}", dest=f"{name}_s", type=parse_passage_time, metavar="TIME", help=meaning
        )
    again.add_argument(
        "--take",
        type=parse_turn_numbers,
        metavar="NUMBERS",
        help=(
            "use the new words of these turns, by the numbers shown, such as "
            "3,4,+1; all: every turn whose words differ"
        ),
    )
    again.add_argument(
        "--anew",
        action="store_true",
        help=(
            "transcribe the whole interview again despite corrections or "
            "decisions; the corrections so far stay as an old version"
        ),
    )


def names_passage(arguments: argparse.Namespace) -> bool:
    """Whether the command line asks for a second hearing."""
    return (arguments.from_s, arguments.to_s, arguments.take) != (None, None, None)


def parse_wanted_language(arguments: argparse.Namespace) -> str:
    """Return the language that was asked for: a code, ``auto``, or "" for the interview's own.

    Raises:
        LanguageUnknown: no language is called so.
    """
    return "" if arguments.language is None else parse_language(arguments.language)


def find_hearing_language(interview: Interview, wanted: str) -> str:
    """Return the language to hear an interview again in.

    It is the one ``wanted``, else that of the transcript that stands, else the interview's.
    """
    if wanted:
        return wanted
    source = read_newest_transcript(interview)
    heard = source.transcript.recognition if source else None
    return heard.language if heard else read_language(interview)


def hear_passage_again(
    study: Study,
    interviews: Sequence[InterviewSummary],
    arguments: argparse.Namespace,
    console: Console,
) -> int:
    """Hear a passage of one interview again in a child process, unless that was done; show it.

    With ``--take`` the turns that it names are taken over. Returns the exit code.

    Raises:
        NotHeardAgain: no interview was named, or several, or there is nothing to take.
    """
    if len(interviews) != 1:
        raise NotHeardAgain(HearingFlaw.ONE_ONLY)
    interview = study.interview(interviews[0].id)
    version = _find_hearing(interview, arguments) if arguments.take else 0
    if not version:
        if arguments.take and arguments.from_s is arguments.to_s is None and not arguments.model:
            raise NotHeardAgain(HearingFlaw.NOTHING)
        failed = _hear(study, interview, arguments, console)
        if failed is not None:
            return console.print_failure(failed.message, failed.advice, failed.exit_code)
        version = interview.find_newest_version(ArtefactKind.HEARING)
    show_hearing(interview, version, console, take=arguments.take or ())
    return 0


def _find_hearing(interview: Interview, arguments: argparse.Namespace) -> int:
    """Return the newest hearing of the passage and the model named, 0 for none."""
    for version in range(interview.find_newest_version(ArtefactKind.HEARING), 0, -1):
        hearing = interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
        if hearing is not None and _fits(hearing, interview.summary.sound_s, arguments):
            return version
    return 0


def _fits(hearing: SecondHearing, sound_s: float, arguments: argparse.Namespace) -> bool:
    from_s, to_s = arguments.from_s, arguments.to_s
    if arguments.model and hearing.heard.provenance.model != arguments.model:
        return False
    if from_s is to_s is None:
        return True
    return hearing.asked == (from_s or 0.0, sound_s if to_s is None else min(to_s, sound_s))


def _hear(
    study: Study, interview: Interview, arguments: argparse.Namespace, console: Console
) -> JobFailed | None:
    with open_cluster(arguments) as cluster:
        job = build_hearing_job(study, interview, arguments, cluster)
        ending = run_to_end(job, console, "Hearing it again")
    return ending if isinstance(ending, JobFailed) else None


def build_hearing_job(
    study: Study,
    interview: Interview,
    arguments: argparse.Namespace,
    cluster: ClusterPlace | None = None,
) -> BackgroundJob:
    """Prepare the child process that hears the passage that the command line names."""
    language = find_hearing_language(interview, parse_wanted_language(arguments))
    wanted = QueuedInterview(interview.id, arguments.model, language, arguments.draft)
    passage = (arguments.from_s or 0.0, arguments.to_s)
    return build_transcription_job(
        study, wanted, passage=passage, cluster=cluster, program=VERB_PROGRAM
    )


def show_hearing(
    interview: Interview, version: int, console: Console, *, take: Sequence[str] = ()
) -> None:
    """Print what stands beside what was heard, and take over the turns of these numbers.

    Raises:
        NotHeardAgain: a number is not among them; nothing was taken over.
    """
    hearing = interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
    assert hearing is not None, "it was just made, or found"
    editor = TranscriptEditor(interview)
    compared = _number_turns(editor.state.turns, compare_hearing(editor.state.turns, hearing))
    offered = [shown for shown, one in compared.items() if one.is_offered]
    taken = offered if tuple(take) == (TAKE_ALL,) else list(take)
    if not compared.keys() >= set(taken):
        raise NotHeardAgain(HearingFlaw.NUMBER)
    if taken:
        editor.take_heard_turns(version, [compared[shown].number for shown in taken])
    _print_comparison(hearing, version, compared, taken, console)
    console.say(_describe_step(interview, offered, taken, asked=bool(take)))


def _number_turns(turns: Sequence[Turn], compared: Sequence[HeardTurn]) -> dict[str, HeardTurn]:
    """Return what was compared by the numbers that people see.

    Those are the numbers of the turns that stand, and +1, +2 and so on where none stands.
    """
    numbers, added = TurnNumbers(turn.key for turn in turns), itertools.count(1)
    return {
        numbers.show_turn(one.stands.key) if one.stands else f"+{next(added)}": one
        for one in compared
    }


def _print_comparison(
    hearing: SecondHearing,
    version: int,
    compared: Mapping[str, HeardTurn],
    taken: Sequence[str],
    console: Console,
) -> None:
    data = {
        "hearing": version,
        "model": hearing.heard.provenance.model,
        "from_s": hearing.start_s,
        "to_s": hearing.end_s,
        "turns": [
            {
                "number": shown,
                "start_s": one.start_s,
                "speaker": one.speaker,
                "stands": one.stands.text if one.stands else None,
                "heard": one.heard.text if one.heard else None,
                "is_same": one.is_same,
            }
            for shown, one in compared.items()
        ],
        "taken": list(taken),
    }
    begin, end = format_clock(hearing.start_s), format_clock(hearing.end_s)
    console.say(f"{begin} to {end}, heard again by {hearing.heard.provenance.model}:")
    rows = [
        (
            shown,
            format_clock(one.start_s),
            one.speaker,
            one.stands.text if one.stands else "(nothing)",
            _describe_heard(one),
        )
        for shown, one in compared.items()
    ]
    console.print_table(data, ["no", "time", "who", "stands", "heard now"], rows)


def _describe_heard(one: HeardTurn) -> str:
    if one.heard is None:
        return "(no words)"
    return "=" if one.is_same else one.heard.text


def _describe_step(
    interview: Interview, offered: Sequence[str], taken: Sequence[str], *, asked: bool
) -> str:
    turns = _count(len(taken))
    if taken:
        return f"{turns} changed; `earshot correct` takes that back with --undo."
    if not offered:
        return "The same words were heard: there is nothing to change."
    if asked:
        return "Nothing was changed."
    return (
        f"Nothing was changed. {_count(len(offered))} with other words: `earshot transcribe STUDY"
        f" {interview.label} --take {','.join(offered[:2])}` uses the words you name,"
        " `--take all` every one."
    )


def _count(number: int) -> str:
    return "1 turn" if number == 1 else f"{number} turns"
