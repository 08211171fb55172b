"""``earshot mentions``: list the mentions of a transcript, for scripts and for checking."""

from __future__ import annotations

import argparse

from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import ArtefactKind, DecidedMention, Mentions, TurnNumbers, Verdict, format_turn_key
from study.errors import SearchMissing
from study.store import (
    note_words_opened,
    read_decisions,
    read_searched_transcript,
    read_turn_numbers,
)

_COLUMNS = [
    "turn",
    "characters",
    "category",
    "class",
    "found by",
    "score",
    "decided",
    "replacement",
]


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument(
        "--words", action="store_true", help="print the words themselves, too: they identify people"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_interview(arguments, console) as interview:
        mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
        source = None if mentions is None else read_searched_transcript(interview, mentions)
        if source is None:
            raise SearchMissing(is_outdated=mentions is not None)
        numbers = read_turn_numbers(interview)
        if arguments.words:
            note_words_opened(interview)
        texts = source.turn_texts() if arguments.words else {}
        every = read_decisions(interview)
        data = [_build_row_data(one, numbers, texts) for one in every]
    columns = [*_COLUMNS, *(["words"] if arguments.words else [])]
    console.print_table(data, columns, [_row(one) for one in data])
    return 0


def _build_row_data(
    one: DecidedMention, numbers: TurnNumbers, texts: dict[int, str]
) -> dict[str, object]:
    """Return the fields of a mention; with its words only where ``texts`` has the turns' texts."""
    mention = one.mention
    said = {"words": texts[mention.turn][mention.start : mention.end]} if texts else {}
    return {
        "key": mention.key,
        "turn": numbers.find_number(mention.turn) or None,
        "turn_key": format_turn_key(mention.turn),
        "start": mention.start,
        "end": mention.end,
        "category": mention.category.value,
        "class": "direct" if mention.is_direct else "indirect",
        "component": mention.source,
        "score": mention.score,
        "is_likely": mention.is_likely,
        "decision": _verdict(one),
        "replacement": one.replacement,
        **said,
    }


def _verdict(one: DecidedMention) -> str:
    undone = one.decision is None or one.decision.verdict is Verdict.UNDONE
    return "" if undone or one.decision is None else one.decision.verdict.value


def _row(told: dict[str, object]) -> tuple[str, ...]:
    score = f"{told['score']:.2f}" + ("" if told["is_likely"] else "?")
    turn, characters = told["turn"] or told["turn_key"], f"{told['start']}-{told['end']}"
    cells = [turn, characters, told["category"], told["class"], told["component"], score,
             told["decision"], told["replacement"]]  # fmt: skip
    return tuple(map(str, [*cells, *([told["words"]] if "words" in told else [])]))


VERB = Verb(
    name="mentions",
    summary="List what was found in a transcript: where, what kind, by what, how sure.",
    example="earshot mentions dementia-course P07_i1 --json",
    run=_run,
    arguments=_arguments,
)
