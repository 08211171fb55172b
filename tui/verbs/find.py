"""``earshot find``: look for words in a study's transcripts, and replace them."""

from __future__ import annotations

import argparse

from study.artefacts import Summary
from study.correcting import Correcting
from study.errors import StepMissing
from study.finding import Find, Replacing
from study.screen_text import clock
from study.store import Study
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

_Found = list[tuple[Summary, Correcting, list[Find]]]


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument("words", metavar="WORDS", help="what to look for")
    parser.add_argument("--in", dest="interview", metavar="INTERVIEW", help="in this one alone")
    parser.add_argument("--replace", metavar="TEXT", help="show what it would be with this instead")
    parser.add_argument(
        "--write", action="store_true", help="do replace; --undo of `earshot correct` takes it back"
    )
    parser.add_argument("--part", action="store_true", help="within longer words as well")
    parser.add_argument("--cased", action="store_true", help="capitals matter")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    replacing = Replacing(given.words, given.replace or "", whole=not given.part, cased=given.cased)
    with opened(given, talk) as study:
        found = find(study, replacing, given.interview)
        _show(found, replacing, talk, replaces=given.replace is not None)
        if given.replace is not None and given.write:
            done = sum(pen.replace(finds, replacing) for _, pen, finds in found if finds)
            talk.say(f"{done} replaced.")
    return 0


def find(study: Study, replacing: Replacing, wanted: str | None = None) -> _Found:
    """Look through one interview, or through all that have a transcript.

    Raises:
        UnknownInterview: ``wanted`` names none.
        StepMissing: it has no transcript.
        NotCorrectable: there is nothing to look for.
    """
    found: _Found = []
    for summary in [study.find(wanted)] if wanted else study.summaries():
        try:
            pen = Correcting(study, summary.id)
        except StepMissing:
            if wanted:
                raise
            continue
        found.append((summary, pen, replacing.finds(pen.state)))
    return found


def _show(found: _Found, replacing: Replacing, talk: Talk, *, replaces: bool) -> None:
    rows: list[tuple[str, ...]] = []
    data: list[dict[str, object]] = []
    for summary, pen, finds in found:
        for one in finds:
            before, words, after = replacing.preview(pen.state, one)
            turn = pen.state.turn(one.turn)
            at_s = turn.start_s if turn else pen.state.events[one.event].at_s
            now = f"{before}{replacing.instead}{after}" if replaces else ""
            place = str(one.turn) if turn else f"heading {one.event}"
            rows.append((summary.label, place, clock(at_s), f"{before}{words}{after}", now))
            data.append(
                {
                    "interview": summary.id, "turn": one.turn, "event": one.event,
                    "start": one.start, "end": one.end, "words": words, "at_s": at_s,
                }
            )  # fmt: skip
    talk.table(data, ["interview", "turn", "time", "said", "would say" if replaces else ""], rows)


VERB = Verb(
    name="find",
    summary="Look for words in all transcripts of a study, and replace them where asked.",
    example="earshot find dementia-course collage --replace college --write",
    run=_run,
    arguments=_arguments,
)
