"""``earshot mentions``: list what was found in a transcript, for scripts and for checking."""

from __future__ import annotations

import argparse

from study import decided
from study.artefacts import Kind
from study.decided import Decided
from study.errors import SearchMissing
from study.terms import Mentions, Verdict
from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument

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
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument(
        "--words", action="store_true", help="print the words themselves, too: they identify people"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened_at(given, talk) as (study, summary):
        mentions = study.get(summary.id, Kind.MENTIONS, Mentions)
        source = None if mentions is None else decided.searched(study, summary.id, mentions)
        if source is None:
            raise SearchMissing
        places = {turn.key: at for at, turn in enumerate(source.transcript.turns, 1)}
        texts = source.texts() if given.words else {}
        every = decided.read(study, summary.id)
        data = [_told(one, places, texts) for one in every]
    columns = [*_COLUMNS, "replacement", *(["words"] if given.words else [])]
    talk.table(data, columns, [_row(one) for one in data])
    return 0


def _told(one: Decided, places: dict[int, int], texts: dict[int, str]) -> dict[str, object]:
    """Return all that is said of a mention; ``words`` only where they were asked for."""
    mention = one.mention
    said = {"words": texts[mention.turn][mention.start : mention.end]} if texts else {}
    return {
        "key": mention.key,
        "turn": places[mention.turn],
        "turn_key": mention.turn,
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


def _verdict(one: Decided) -> str:
    undone = one.decision is None or one.decision.verdict is Verdict.UNDONE
    return "" if undone or one.decision is None else one.decision.verdict.value


def _row(told: dict[str, object]) -> tuple[str, ...]:
    score = f"{told['score']:.2f}" + ("" if told["is_likely"] else "?")
    cells = [told["turn"], f"{told['start']}-{told['end']}", told["category"], told["class"],
             told["component"], score, told["decision"], told["replacement"]]  # fmt: skip
    return tuple(map(str, [*cells, *([told["words"]] if "words" in told else [])]))


VERB = Verb(
    name="mentions",
    summary="List what was found in a transcript: where, what kind, by what, how surely.",
    example="earshot mentions dementia-course P07_i1 --json",
    run=_run,
    arguments=_arguments,
)
