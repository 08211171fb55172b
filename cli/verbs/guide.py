"""``earshot guide``: show the study's topic guide, or set it from a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import format_count
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import TopicGuide, load_topic_guide
from study.errors import NoGuide
from study.store import read_topic_guide, save_topic_guide


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="make this Markdown file the guide: headings are topics, list items probes",
    )
    what.add_argument(
        "--text", action="store_true", help="print it as it was written, to edit it in any editor"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    fresh = load_topic_guide(arguments.source) if arguments.source else None
    with open_named_study(arguments, console) as study:
        if fresh is not None:
            save_topic_guide(study, fresh.text)
        found = read_topic_guide(study)
    if found is None:
        raise NoGuide
    _show(*found, console, as_written=arguments.text)
    return 0


def _show(guide: TopicGuide, version: int, console: Console, *, as_written: bool) -> None:
    data = {"version": version, "topics": guide.topics, "text": guide.text}
    if as_written:
        console.print_result(data, [line.expandtabs(4) for line in guide.text.splitlines()])
        return
    probes = sum(len(topic.probes) for topic in guide.topics)
    counted = f"{format_count(len(guide.topics), 'topic')}, {format_count(probes, 'probe')}"
    console.say(f"version {version}: {counted}")
    console.print_result(data, _lines(guide))


def _lines(guide: TopicGuide) -> list[str]:
    """Return the guide in lines: numbered topics, each with its probes below."""
    lines: list[str] = []
    for number, topic in enumerate(guide.topics, 1):
        lines.append(f"{number:>2}  {topic.heading}")
        lines += [f"      - {probe}" for probe in topic.probes]
    return lines


VERB = Verb(
    name="guide",
    summary="Show the study's topic guide, or set it from a Markdown file.",
    example="earshot guide dementia-course --from guide.md",
    run=_run,
    arguments=_arguments,
)
