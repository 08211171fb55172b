"""``earshot anonymise``: find identifying details in a transcript, and propose replacements."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass

from app import format_count, list_unsearched
from cli.cluster_arguments import parse_count
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from models import (
    InstalledModel,
    find_names_model,
    find_own_pipeline,
    list_other_names_models,
)
from study import Mentions
from study.errors import ChooseInterviews
from study.store import Interview, Study, lower_priority


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "interview",
        metavar="INTERVIEW",
        nargs="?",
        help="its label, its id, or the id's beginning",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="all that have a transcript and were not searched, or were corrected since",
    )
    parser.add_argument(
        "--workers",
        type=parse_count,
        default=1,
        metavar="N",
        help="with --all: let N processes of this computer search; words reach them only through"
        " pipes"
        " alone",
    )
    parser.add_argument(
        "--names",
        default="",
        metavar="MODEL",
        help=(
            "use only this installed model to find names (see `earshot "
            "models`); default: Earshot's own and all others that are installed"
        ),
    )
    parser.add_argument(
        "--opinion",
        action="append",
        default=[],
        metavar="MODEL",
        help="your own finder of names, whose finds become questions: a spaCy pipeline (a"
        " folder or an installed package) or a token classifier as ONNX (a folder); may be given"
        " again",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        type=_component,
        metavar="COMPONENT",
        help="a detector to leave out, such as occupations; may be given several times",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    if bool(arguments.interview) is arguments.all:
        raise ChooseInterviews(is_none=not arguments.all)
    names = find_names_model(arguments.names)
    models = _Models(
        names,
        [] if arguments.names else list_other_names_models(names),
        [find_own_pipeline(name) for name in arguments.opinion],
    )
    with open_named_study(arguments, console) as study:
        lower_priority()
        if arguments.all:
            _search_all(study, models, arguments, console)
        else:
            _search_one(study.interview(arguments.interview), models, arguments, console)
    return 0


@dataclass(frozen=True, slots=True)
class _Models:
    names: InstalledModel
    beside: list[InstalledModel]
    opinions: list[InstalledModel]


def _search_one(
    interview: Interview, models: _Models, arguments: argparse.Namespace, console: Console
) -> None:
    from anonymise import search_transcript

    mentions = search_transcript(
        interview,
        name_model=models.names,
        other_models=models.beside,
        opinions=models.opinions,
        skipped_rules=arguments.without,
        report=console.show_progress,
    )
    undecided = interview.summary.undecided
    console.print_result(build_search_data(mentions), describe_search(mentions, undecided))


def _search_all(
    study: Study, models: _Models, arguments: argparse.Namespace, console: Console
) -> None:
    from anonymise import search_transcripts

    data: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    for interview, mentions in search_transcripts(
        [study.interview(one.id) for one in list_unsearched(study)],
        name_model=models.names,
        other_models=models.beside,
        opinions=models.opinions,
        skipped_rules=arguments.without,
        workers=arguments.workers,
        report=console.show_progress,
    ):
        summary = interview.summary
        count, undecided = len(mentions.mentions), summary.undecided
        data.append({"interview": interview.id, **build_search_data(mentions)})
        rows.append((summary.label, str(count), str(undecided)))
    console.end_progress()
    if rows or console.as_json:
        console.print_table(data, ["interview", "mentions", "to decide"], rows)
    else:
        console.say(_NONE)


_NONE = "Every transcript has been searched, and none was corrected since."


def _component(name: str) -> str:
    from anonymise import EARLIER_REJECTIONS, REGISTER_SOURCE, RULES_BY_LANGUAGE
    from models import list_offers

    there = {
        REGISTER_SOURCE,
        EARLIER_REJECTIONS,
        *(rule.name for rules in RULES_BY_LANGUAGE.values() for rule in rules),
    }
    if name not in there | {offer.name for offer in list_offers()}:
        raise argparse.ArgumentTypeError("the components are " + ", ".join(sorted(there)))
    return name


def count_by_category(mentions: Mentions) -> dict[str, int]:
    """Count the mentions of each category, the most frequent first."""
    return dict(Counter(m.category.value for m in mentions.mentions).most_common())


def build_search_data(mentions: Mentions) -> dict[str, object]:
    """Return the result of a search for scripts."""
    return {
        "mentions": len(mentions.mentions),
        "model": mentions.provenance.model,
        "model_sha256": mentions.provenance.model_sha256,
        "by_kind": count_by_category(mentions),
        "looked_for": mentions.looked_for,
        "not_looked_for": mentions.not_looked_for,
    }


def describe_search(mentions: Mentions, undecided: int) -> list[str]:
    """Return the result of a search in lines for people; undecided: how many wait for a person."""
    count = len(mentions.mentions)
    found = format_count(count, "mention")
    lines = [f"{found} proposed; a person decides each"]
    if undecided < count:
        left = f"{undecided} to decide" if undecided else "nothing to decide"
        lines = [f"{found}: {count - undecided} decided before, {left}"]
    lines += [f"  {count:4}  {kind}" for kind, count in count_by_category(mentions).items()]
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
