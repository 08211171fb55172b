"""``earshot guide``: show the study's topic guide, or set it from a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from study import guide
from study.errors import NoGuide
from study.guide import Guide
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
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


def _run(given: argparse.Namespace, talk: Talk) -> int:
    fresh = guide.load(given.source) if given.source else None
    with opened(given, talk) as study:
        if fresh is not None:
            guide.keep(study, fresh.text)
        found = guide.read(study)
    if found is None:
        raise NoGuide
    _show(*found, talk, as_written=given.text)
    return 0


def _show(kept: Guide, version: int, talk: Talk, *, as_written: bool) -> None:
    data = {"version": version, "topics": kept.topics, "text": kept.text}
    if as_written:
        talk.result(data, [line.expandtabs(4) for line in kept.text.splitlines()])
        return
    probes = sum(len(topic.probes) for topic in kept.topics)
    counted = f"{_some(len(kept.topics), 'topic')}, {_some(probes, 'probe')}"
    talk.say(f"version {version}: {counted}")
    talk.result(data, _lines(kept))


def _some(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _lines(kept: Guide) -> list[str]:
    """Return the guide as it is asked from: numbered topics, the probes of each below it."""
    lines: list[str] = []
    for number, topic in enumerate(kept.topics, 1):
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
