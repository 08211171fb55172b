"""``earshot anonymise``: find what may identify somebody, and propose what to put there."""

from __future__ import annotations

import argparse
from collections import Counter

from study.terms import Mentions
from tui.talk import Talk
from tui.verb import Verb, be_modest, interview_argument, opened_at, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument(
        "--names",
        default="",
        metavar="MODEL",
        help="which installed model finds names (see `earshot models`), and no other; else"
        " Earshot's own together with all others that are here",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        type=_component,
        metavar="COMPONENT",
        help="a way of finding that shall not look, such as occupations; may be given again",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from anonymise.steps import propose
    from models import shelf

    names = shelf.names(given.names)
    beside = [] if given.names else shelf.names_beside(names)
    with opened_at(given, talk) as (study, summary):
        be_modest()
        mentions = propose(
            study, summary.id, ner=names, beside=beside, without=given.without, report=talk.progress
        )
        talk.result(outcome(mentions), told(mentions))
    return 0


def _component(name: str) -> str:
    from anonymise.finding import REGISTER, RULES
    from models.catalogue import offers

    there = {REGISTER, *(rule.name for rules in RULES.values() for rule in rules)}
    if name not in there | {offer.name for offer in offers()}:
        raise argparse.ArgumentTypeError("the components are " + ", ".join(sorted(there)))
    return name


def by_kind(mentions: Mentions) -> dict[str, int]:
    """Return how many mentions of each category there are, most first."""
    return dict(Counter(m.category.value for m in mentions.mentions).most_common())


def outcome(mentions: Mentions) -> dict[str, object]:
    """Return what scripts are told of proposed mentions."""
    return {
        "mentions": len(mentions.mentions),
        "model": mentions.provenance.model,
        "model_sha256": mentions.provenance.model_sha256,
        "by_kind": by_kind(mentions),
        "looked_for": mentions.looked_for,
        "not_looked_for": mentions.not_looked_for,
    }


def told(mentions: Mentions) -> list[str]:
    """Return what people are told of proposed mentions."""
    lines = [f"{len(mentions.mentions)} mentions proposed; a person decides each"]
    lines += [f"  {count:4}  {kind}" for kind, count in by_kind(mentions).items()]
    if mentions.not_looked_for:
        lines.append("NOT looked for: " + ", ".join(mentions.not_looked_for))
    return lines


VERB = Verb(
    name="anonymise",
    summary="Find identifying details in a transcript and propose replacements.",
    example="earshot anonymise dementia-course P07_i1",
    run=_run,
    arguments=_arguments,
)
