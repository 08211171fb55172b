"""``earshot names``: the names that may be said in an interview, to be looked for."""

from __future__ import annotations

import argparse

from app import count_names, enter_names, parse_participant, parse_register_entries
from cli.asked_names import complete_known, complete_participant
from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import Category


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument(
        "--of",
        action="append",
        default=[],
        metavar="CODE[=NAME,NAME]",
        help="all names of a participant, in place of those entered before; without = it"
        " asks for them, so that no shell keeps them",
    )
    parser.add_argument(
        "--none",
        action="append",
        default=[],
        metavar="CODE",
        help="take away all names of a participant",
    )
    parser.add_argument(
        "--known",
        action="append",
        default=[],
        metavar="KIND[=NAME,NAME[:ROLE]]",
        help="somebody or something else that may be named, such as person=Tom Baker:brother"
        " or place=Ashfield,Oldham (two places); it joins what was entered before, and without = it"
        " is asked for",
    )
    parser.add_argument(
        "--forget-known", action="store_true", help="take away all that --known entered before"
    )


def _check_names(arguments: argparse.Namespace) -> None:
    """Refuse a slip before a passphrase is asked for.

    Raises:
        BadName: there is no such role or kind of name, or no name.
    """
    for text in arguments.of:
        parse_participant(text)
    for text in arguments.known:
        if text.removesuffix("=").strip() not in set(Category):
            parse_register_entries(text)


def _has_names(text: str) -> bool:
    return bool(text.partition("=")[2])


def _run(arguments: argparse.Namespace, console: Console) -> int:
    _check_names(arguments)
    with open_named_interview(arguments, console) as interview:
        told = [
            parse_participant(text if _has_names(text) else complete_participant(text))
            for text in arguments.of
        ]
        known = [
            entry
            for text in arguments.known
            for entry in parse_register_entries(text if _has_names(text) else complete_known(text))
        ]
        names = {one.code: one.names for one in told} | dict.fromkeys(arguments.none, ())
        before = () if arguments.forget_known else interview.details.register
        register = (*before, *(one for one in known if one not in before))
        is_new = False
        if names or known or arguments.forget_known:
            is_new = enter_names(interview, names, register)
        counts = count_names(interview.details)
    lines = [f"{who}  {count}" for who, count in counts.items()] or ["no names yet"]
    console.print_result({"names": counts, "changed": is_new}, lines)
    if is_new:
        console.say("They are looked for when you run `earshot anonymise STUDY INTERVIEW`.")
    return 0


VERB = Verb(
    name="names",
    summary="Enter the names that may be said in an interview; only how many there are is shown.",
    example="earshot names dementia-course P07_i1 --of P07 --known place",
    run=_run,
    arguments=_arguments,
)
