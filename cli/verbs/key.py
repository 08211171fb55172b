"""``earshot key``: the public key of a study, and the studies that it trusts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app import write_card
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import StudyCard
from study.errors import WordsDiffer
from study.store import (
    Study,
    distrust_study,
    list_trusted,
    make_study_keys,
    read_card_file,
    read_study_card,
    spell_card,
    trust_study,
)

_SHOWN = "The 12 words of this study's key, to read out to the other owner:"
_WRITTEN = "The file of the key is no secret. Its 12 words, to read out to the other owner:"
_GROUP = 4  # words on a line, as one reads them out


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--out", type=Path, metavar="FILE", help="write the public key to a new file")
    what.add_argument(
        "--trust",
        type=Path,
        metavar="FILE",
        help="trust the study whose public key this file holds",
    )
    what.add_argument("--list", action="store_true", help="list the studies that are trusted")
    what.add_argument("--distrust", default="", metavar="NAME", help="stop trusting a study")
    what.add_argument(
        "--renew", action="store_true", help="make a new key; others have to trust it again"
    )
    parser.add_argument(
        "--name", default="", help="with --trust: what the other study is called here"
    )
    parser.add_argument(
        "--words",
        default="",
        metavar="WORDS",
        help="with --trust: the words that its owner read out, else they are asked for",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        if arguments.trust:
            return _trust(arguments, console, study)
        if arguments.list:
            return _list(console, study)
        if arguments.distrust:
            distrust_study(study, arguments.distrust)
            console.print_result(
                {"distrusted": True}, ["Nothing more is taken in from that study."]
            )
            return 0
        card = None if arguments.renew else read_study_card(study)
        card = card or make_study_keys(study)
        if arguments.out:
            write_card(arguments.out, card)
        console.print_result(
            {"study": card.study, "words": spell_card(card)},
            [_WRITTEN if arguments.out else _SHOWN, *_lay_out_words(card)],
        )
    return 0


def _lay_out_words(card: StudyCard) -> list[str]:
    words = spell_card(card).split()
    return [
        f"  {at + 1:2}  {' '.join(words[at : at + _GROUP])}" for at in range(0, len(words), _GROUP)
    ]


def _trust(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    card = read_card_file(arguments.trust)
    heard = arguments.words or _ask_words(console)
    made = trust_study(study, card, arguments.name or arguments.trust.stem, heard)
    console.print_result(
        {"study": card.study, "name": made.name},
        [f"{made.name} is trusted: interviews can be sent to it, and received from it."],
    )
    return 0


def _ask_words(console: Console) -> str:
    """Ask for the words that somebody heard; they are not shown, so that nobody only nods.

    Raises:
        WordsDiffer: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise WordsDiffer
    console.say(
        "Ask the owner of that study for its 12 words, and type them as you hear them"
        " (the first four letters of each will do):"
    )
    return sys.stdin.readline()


def _list(console: Console, study: Study) -> int:
    trusted = list_trusted(study)
    names = study.slot_names()
    console.print_table(
        [
            {"name": o.name, "study": o.card.study, "at": o.at, "words": spell_card(o.card)}
            for o in trusted
        ],
        ["name", "trusted on", "by", "words"],
        [(o.name, o.at[:10], names.get(o.by, "?"), spell_card(o.card)) for o in trusted],
    )
    return 0


VERB = Verb(
    name="key",
    summary="Show a study's public key and its words, or trust another study's.",
    example="earshot key dementia-course --trust office.key",
    run=_run,
    arguments=_arguments,
    leaves="The file of a public key holds nothing about anybody.",
)
