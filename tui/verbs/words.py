"""``earshot words``: the words and names that a speech model is told to expect."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from study import vocabulary
from study.artefacts import Kind, Summary
from study.errors import TranscriptMissing
from study.store import Study
from study.terms import Transcript
from study.vocabulary import Hints, Vocabulary
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

_STDIN = Path("-")


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="make this the list: one word or name a line, the most important first;"
        " - reads standard input",
    )
    what.add_argument(
        "--text", action="store_true", help="print it as it was written, to edit it in any editor"
    )
    what.add_argument(
        "--used-in",
        metavar="INTERVIEW",
        default="",
        help="what was given to the model for this interview's transcript, and what did not fit",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    fresh = _loaded(given.source) if given.source else None
    with opened(given, talk) as study:
        if given.used_in:
            _show_used(*_used(study, study.find(given.used_in)), talk)
            return 0
        if fresh is not None:
            vocabulary.keep(study, fresh.text)
        kept, version = vocabulary.read(study)
    _show(kept, version, talk, as_written=given.text)
    return 0


def _loaded(source: Path) -> Vocabulary:
    if source == _STDIN:
        return vocabulary.parse(sys.stdin.buffer.read(vocabulary.MOST_BYTES + 1))
    return vocabulary.load(source)


def _show(kept: Vocabulary, version: int, talk: Talk, *, as_written: bool) -> None:
    data = {"version": version, "terms": kept.terms, "text": kept.text}
    if as_written:
        talk.result(data, [line.expandtabs(4) for line in kept.text.splitlines()])
        return
    if not kept.terms:
        talk.say("No words are given to the speech model. Set some with --from FILE.")
    else:
        talk.say(
            f"version {version}: {len(kept.terms)} words and names, given to the speech model in"
            " this order, as many as it takes"
        )
    talk.result(data, kept.terms)


def _used(study: Study, summary: Summary) -> tuple[Hints, str]:
    """Return what the newest transcript's model was told to expect, and that model's name."""
    transcript = study.get(summary.id, Kind.RAW, Transcript)
    if transcript is None:
        raise TranscriptMissing
    version = transcript.recognition.hints_version if transcript.recognition else 0
    hints = study.get(summary.id, Kind.HINTS, Hints, version) if version else None
    return hints or Hints(()), transcript.provenance.model


def _show_used(hints: Hints, model: str, talk: Talk) -> None:
    talk.say(
        f"Given to {model}: {len(hints.used)} of {len(hints.used) + len(hints.cut)} words and"
        f" names, {hints.tokens} of its tokens"
    )
    lines = [*hints.used, *(f"(did not fit) {term}" for term in hints.cut)]
    talk.result({"model": model, "hints": hints}, lines)


VERB = Verb(
    name="words",
    summary="Show or set the words and names that a speech model is told to expect.",
    example="earshot words dementia-course --from words.txt",
    run=_run,
    arguments=_arguments,
)
