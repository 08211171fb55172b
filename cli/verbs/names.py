"""``earshot names``: the names that may be said in an interview, to be looked for."""

from __future__ import annotations

import argparse
from dataclasses import replace

from app import count_names, enter_names, parse_participant, parse_register_entry, split_names
from cli.console import Console
from cli.passphrase import ask_hidden_line
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import Category, Participant, RegisterEntry
from study.errors import BadName


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
        help="somebody or something else that may be named, such as person=Tom Baker:brother; it"
        " joins what was entered before, and without = it is asked for",
    )
    parser.add_argument(
        "--forget-known", action="store_true", help="take away all that --known entered before"
    )


def _read_names(arguments: argparse.Namespace) -> tuple[list[Participant], list[RegisterEntry]]:
    """Return what the command line names; of whom names are asked for has none yet."""
    told = [parse_participant(text) for text in arguments.of]
    if any(not one.names for one, text in zip(told, arguments.of, strict=True) if "=" in text):
        raise BadName("name")
    for kind in arguments.known:
        if kind.strip() not in set(Category) and "=" not in kind:
            raise BadName("kind of name")
    return told, [parse_register_entry(text) for text in arguments.known if "=" in text]


def _ask_names(one: Participant) -> Participant:
    names = split_names(ask_hidden_line(f"All names of {one.code}, with commas (not shown): "))
    if not names:
        raise BadName("name")
    return replace(one, names=names)


def _ask_known(kind: str) -> RegisterEntry:
    return parse_register_entry(
        f"{kind}={ask_hidden_line(f'Names of this {kind}, with commas, and :ROLE (not shown): ')}"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    told, known = _read_names(arguments)  # a slip is told before a passphrase is asked for
    with open_named_interview(arguments, console) as interview:
        told = [one if one.names else _ask_names(one) for one in told]
        known += [_ask_known(kind) for kind in arguments.known if "=" not in kind]
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
