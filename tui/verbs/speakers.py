"""``earshot speakers``: say who speaks, where one microphone heard all."""

from __future__ import annotations

import argparse
from collections import Counter

from study.terms import Transcript
from tui.talk import Talk
from tui.verb import Verb, be_modest, interview_argument, opened_at, study_argument

_FEWEST, _MOST = 2, 9  # people; the keys for speakers go up to 9


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
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


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from models import shelf
    from transcribe.speakers import speakers

    model = shelf.speakers(given.model)
    with opened_at(given, talk) as (study, summary):
        be_modest()
        transcript = speakers(study, summary.id, model, count=given.count, report=talk.progress)
    turns, unsure = _counted(transcript)
    data = {"turns": turns, "unsure": unsure, "model": model.name}
    talk.result(data, _lines(turns, unsure))
    return 0


def _counted(transcript: Transcript) -> tuple[dict[str, int], int]:
    from transcribe.assigning import UNSURE

    turns = Counter(turn.speaker for turn in transcript.turns)
    unsure = sum(any(flag.kind == UNSURE for flag in turn.flags) for turn in transcript.turns)
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
