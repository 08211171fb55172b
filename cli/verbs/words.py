"""``earshot words``: the words and names that are given to the speech model as hints."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app import format_count
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import (
    MOST_VOCABULARY_BYTES,
    ArtefactKind,
    Hints,
    InterviewSummary,
    Transcript,
    Vocabulary,
    load_vocabulary,
    parse_vocabulary,
)
from study.errors import TranscriptMissing
from study.store import Study, read_vocabulary, save_vocabulary

_STDIN = Path("-")


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
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


def _run(arguments: argparse.Namespace, console: Console) -> int:
    fresh = _read_source(arguments.source) if arguments.source else None
    with open_named_study(arguments, console) as study:
        if arguments.used_in:
            _show_used(*_find_used_hints(study, study.find_interview(arguments.used_in)), console)
            return 0
        if fresh is not None:
            save_vocabulary(study, fresh.text)
        vocabulary, version = read_vocabulary(study)
    _show(vocabulary, version, console, as_written=arguments.text)
    return 0


def _read_source(source: Path) -> Vocabulary:
    if source == _STDIN:
        return parse_vocabulary(sys.stdin.buffer.read(MOST_VOCABULARY_BYTES + 1))
    return load_vocabulary(source)


def _show(vocabulary: Vocabulary, version: int, console: Console, *, as_written: bool) -> None:
    data = {"version": version, "terms": vocabulary.terms, "text": vocabulary.text}
    if as_written:
        console.print_result(data, [line.expandtabs(4) for line in vocabulary.text.splitlines()])
        return
    if not vocabulary.terms:
        console.say("No words are given to the speech model. Set some with --from FILE.")
    else:
        terms = format_count(len(vocabulary.terms), "word or name", "words and names")
        console.say(
            f"version {version}: {terms}, given to the speech model in this order, as many as it"
            " takes"
        )
    console.print_result(data, vocabulary.terms)


def _find_used_hints(study: Study, summary: InterviewSummary) -> tuple[Hints, str]:
    """Return the hints of the newest transcript, and the name of its model."""
    interview = study.interview(summary.id)
    transcript = interview.read_artefact(ArtefactKind.RAW, Transcript)
    if transcript is None:
        raise TranscriptMissing
    version = transcript.recognition.hints_version if transcript.recognition else 0
    hints = interview.read_artefact(ArtefactKind.HINTS, Hints, version) if version else None
    return hints or Hints(()), transcript.provenance.model


def _show_used(hints: Hints, model: str, console: Console) -> None:
    console.say(
        f"Given to {model}: {len(hints.used)} of {len(hints.used) + len(hints.cut)} words and"
        f" names, {hints.tokens} of its tokens"
    )
    lines = [*hints.used, *(f"(did not fit) {term}" for term in hints.cut)]
    console.print_result({"model": model, "hints": hints}, lines)


VERB = Verb(
    name="words",
    summary="Show or set the words and names that a speech model is told to expect.",
    example="earshot words dementia-course --from words.txt",
    run=_run,
    arguments=_arguments,
)
