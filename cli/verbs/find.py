"""``earshot find``: find words in a study's transcripts, and replace them."""

from __future__ import annotations

import argparse

from app import FoundInInterview, search_interviews
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import FindReplace, format_clock, format_turn_key
from study.store import Study, TranscriptEditor


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument("words", metavar="WORDS", help="the words to find")
    parser.add_argument(
        "--in", dest="interview", metavar="INTERVIEW", help="only in this interview"
    )
    parser.add_argument(
        "--replace", metavar="TEXT", help="show how it would read with these words instead"
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
        searched = search_interviews(
            study, replacing, arguments.interview or "", report=console.show_progress
        )
        found = [one for one in searched if one.places]
        console.end_progress()
        _show(found, replacing, console, replaces=arguments.replace is not None)
        if arguments.replace is not None and arguments.write:
            done = sum(_replace(study, one, replacing) for one in found)
            console.say(f"{done} replaced.")
    return 0


def _replace(study: Study, found: FoundInInterview, replacing: FindReplace) -> int:
    editor = TranscriptEditor(study.interview(found.summary.id))
    return editor.replace_matches([place.match for place in found.places], replacing)


def _show(
    found: list[FoundInInterview], replacing: FindReplace, console: Console, *, replaces: bool
) -> None:
    rows: list[tuple[str, ...]] = []
    data: list[dict[str, object]] = []
    for one in found:
        for place in one.places:
            match = place.match
            said = f"{place.before}{place.words}{place.after}"
            now = f"{place.before}{replacing.replacement}{place.after}" if replaces else ""
            # A note of a marker has no heading's number; it stands at its time.
            heading = f"heading {place.heading}" if place.heading else "note"
            where = str(place.number) if place.number else heading
            rows.append((one.summary.label, where, format_clock(place.at_s), said, now))
            data.append(
                {
                    "interview": one.summary.id, "turn": place.number or None,
                    "key": format_turn_key(match.turn) if place.number else None,
                    "heading": place.heading or None,
                    "start": match.start, "end": match.end, "words": place.words,
                    "at_s": place.at_s,
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
