"""``earshot speakers``: tell the speakers of one microphone apart by their voices."""

from __future__ import annotations

import argparse
from collections import Counter

from cli.console import Console
from cli.verb import (
    Verb,
    add_interview_argument,
    add_study_argument,
    lower_priority,
    open_named_interview,
)
from models import find_speakers_model
from study import Transcript

_FEWEST, _MOST = 2, 9  # people; the keys for speakers go up to 9


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument(
        "--count",
        type=int,
        choices=range(_FEWEST, _MOST + 1),
        required=True,
        metavar="N",
        help="how many people speak, 2 to 9; it is never guessed",
    )
    parser.add_argument(
        "--model",
        default="",
        help="which installed model tells voices apart (see `earshot models`)",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from transcribe import diarise_interview

    model = find_speakers_model(arguments.model)
    with open_named_interview(arguments, console) as interview:
        lower_priority()
        transcript = diarise_interview(
            interview, model, count=arguments.count, report=console.show_progress
        )
    turns, unsure = _count_turns(transcript)
    data = {"turns": turns, "unsure": unsure, "model": model.name}
    console.print_result(data, _lines(turns, unsure))
    return 0


def _count_turns(transcript: Transcript) -> tuple[dict[str, int], int]:
    turns = Counter(turn.speaker for turn in transcript.turns)
    unsure = sum(turn.is_speaker_unsure for turn in transcript.turns)
    return dict(sorted(turns.items())), unsure


def _lines(turns: dict[str, int], unsure: int) -> list[str]:
    lines = [f"{code}  {count} turns" if count != 1 else f"{code}  1 turn"
             for code, count in turns.items()]  # fmt: skip
    if unsure:
        lines.append(f"{unsure} of them unsure: each is flagged, to be heard by a person")
    return lines


VERB = Verb(
    name="speakers",
    summary="Tell apart who speaks, where one microphone heard all; the words stay as they are.",
    example="earshot speakers dementia-course P07_i1 --count 2",
    run=_run,
    arguments=_arguments,
)
