"""``earshot find``: find words in a study's transcripts, and replace them."""

from __future__ import annotations

import argparse

from app import list_withdrawn
from cli.console import Console
from cli.turn_names import list_topics
from cli.verb import Verb, add_study_argument, open_named_study
from study import (
    FindReplace,
    InterviewSummary,
    TextMatch,
    TurnNumbers,
    format_clock,
    format_turn_key,
)
from study.errors import HasWithdrawn, RoleForbids, StepMissing
from study.store import Study, TranscriptEditor, note_words_opened

_Found = list[tuple[InterviewSummary, TranscriptEditor, list[TextMatch]]]


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument("words", metavar="WORDS", help="the words to find")
    parser.add_argument(
        "--in", dest="interview", metavar="INTERVIEW", help="only in this interview"
    )
    parser.add_argument(
        "--replace", metavar="TEXT", help="show what it would be with these words instead"
    )
    parser.add_argument(
        "--write", action="store_true", help="replace them; `earshot correct --undo` undoes it"
    )
    parser.add_argument("--part", action="store_true", help="also inside longer words")
    parser.add_argument("--cased", action="store_true", help="match upper and lower case")


def _run(arguments: argparse.Namespace, console: Console) -> int:
    replacing = FindReplace(
        arguments.words,
        arguments.replace or "",
        whole_words=not arguments.part,
        match_case=arguments.cased,
    )
    with open_named_study(arguments, console) as study:
        found = find_words(study, replacing, arguments.interview)
        _show(found, replacing, console, replaces=arguments.replace is not None)
        if arguments.replace is not None and arguments.write:
            done = sum(
                editor.replace_matches(finds, replacing) for _, editor, finds in found if finds
            )
            console.say(f"{done} replaced.")
    return 0


def find_words(study: Study, replacing: FindReplace, wanted: str | None = None) -> _Found:
    """Find words in one interview, or in all that have a transcript.

    wanted: the interview's label or id; None or "" for all.

    Raises:
        UnknownInterview: no interview fits ``wanted``, or several do.
        StepMissing: the interview has no transcript.
        RoleForbids: it is somebody else's, and the role of who is there is held to own ones.
        HasWithdrawn: somebody has withdrawn, and it waits to be destroyed; among all it is left
            out.
        NotCorrectable: the text to find is empty.
    """
    found: _Found = []
    waiting = {owner: one.code for one in list_withdrawn(study).values() for owner in one.pending}
    for summary in [study.find_interview(wanted)] if wanted else study.summaries():
        if summary.id in waiting:
            if wanted:
                raise HasWithdrawn(waiting[summary.id])
            continue
        try:
            editor = TranscriptEditor(study.interview(summary.id))
        except (StepMissing, RoleForbids):
            if wanted:
                raise
            continue
        matches = replacing.find_matches(editor.state)
        if matches:
            note_words_opened(editor.interview)
        found.append((summary, editor, matches))
    return found


def _show(found: _Found, replacing: FindReplace, console: Console, *, replaces: bool) -> None:
    rows: list[tuple[str, ...]] = []
    data: list[dict[str, object]] = []
    for summary, editor, finds in found:
        numbers = TurnNumbers(turn.key for turn in editor.state.turns)
        headings = {place: n for n, place in enumerate(list_topics(editor.state.events), 1)}
        for one in finds:
            before, words, after = replacing.preview_match(editor.state, one)
            turn = editor.state.find_turn(one.turn)
            at_s = turn.start_s if turn else editor.state.events[one.event].at_s
            now = f"{before}{replacing.replacement}{after}" if replaces else ""
            # A note of a marker has no heading's number; it stands at its time.
            heading = f"heading {headings[one.event]}" if one.event in headings else "note"
            place = numbers.show_turn(one.turn) if turn else heading
            rows.append((summary.label, place, format_clock(at_s), f"{before}{words}{after}", now))
            data.append(
                {
                    "interview": summary.id, "turn": numbers.find_number(one.turn) or None,
                    "key": format_turn_key(one.turn) if turn else None,
                    "heading": None if turn else headings.get(one.event),
                    "start": one.start, "end": one.end, "words": words, "at_s": at_s,
                }
            )  # fmt: skip
    console.print_table(
        data, ["interview", "turn", "time", "said", "would say" if replaces else ""], rows
    )


VERB = Verb(
    name="find",
    summary="Look for words in all transcripts of a study, and replace them where asked.",
    example="earshot find dementia-course collage --replace college --write",
    run=_run,
    arguments=_arguments,
)
