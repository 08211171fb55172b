"""``earshot returned``: go through what a participant sent back, and enter it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import ReturnedStanding

if TYPE_CHECKING:
    from study import ReturnedList, ReturnedPart
    from study.store import Interview

_MOST_TOLD = 100
_NOTHING = "nothing"
_TAKEN = "as read"


def parse_ruling(text: str) -> tuple[int, str]:
    """Return the number of a part and what it means, from ``3=12: text`` or ``3=as read``.

    Raises:
        argparse.ArgumentTypeError: there is no number, or nothing behind it.
    """
    number, _, meaning = (piece.strip() for piece in text.partition("="))
    if not number.isdecimal() or len(number) > len(str(10**6)) or not meaning:
        raise argparse.ArgumentTypeError(
            "give the number of a part and what it means, such as 3='12: text', 3='12: take out',"
            " 3='as read' or 3=nothing"
        )
    return int(number), meaning


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help="the Word copy that came back, or a text with lines such as '12: what it should say';"
        " without it, the list of the last one is shown",
    )
    parser.add_argument(
        "--received", default="", metavar="DAY", help="when it came back, such as 2026-11-20"
    )
    parser.add_argument(
        "--rule",
        type=parse_ruling,
        action="append",
        default=[],
        metavar="N=WHAT",
        help="what part N means: 'as read', 'nothing' (to enter), or lines such as '12: text' and"
        " '4-5: take out' (';;' between several)",
    )
    parser.add_argument(
        "--read", action="store_true", help="take every part that was read, as it was read"
    )
    parser.add_argument(
        "--enter",
        action="store_true",
        help="enter all of it, once there is a ruling about every part",
    )
    parser.add_argument(
        "--discard",
        action="store_true",
        help="throw the list away, such as for a wrong file: nothing of it is entered",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from handoff import (
        NO_COPY,
        discard_returned,
        enter_corrections,
        find_returned,
        keep_returned,
        read_returned,
    )
    from study.errors import BadCorrections

    with open_named_interview(arguments, console) as interview:
        if arguments.discard:
            if arguments.file or arguments.rule or arguments.read or arguments.enter:
                raise BadCorrections("is either discarded or gone through, not both at once")
            discard_returned(interview)
            console.print_result({"discarded": True}, ["The list was discarded; nothing changed."])
            return 0
        if arguments.file is not None:
            if arguments.rule or arguments.enter:
                raise BadCorrections("is kept first: rule on its parts once you have read the list")
            copy = read_returned(interview, arguments.file, arguments.received)
            there = keep_returned(interview, copy)
        else:
            there = find_returned(interview)
        if there is None:
            raise BadCorrections(NO_COPY)
        there = _rule(interview, there, arguments)
        if not arguments.enter:
            _tell_parts(there, console)
            _tell_state(there, console)
            return 0
        approved = there.is_approved
        changed = enter_corrections(interview)
    some = "1 turn was" if changed == 1 else f"{changed} turns were"
    agreed = f" Their agreement is recorded, {there.copy.received_on}." if approved else ""
    again = " Run `earshot anonymise` again, look at what is new, and sign it off."
    console.print_result(
        {"turns": changed, "approved": there.copy.received_on if approved else ""},
        [f"{some} changed.{agreed}{again if changed else ''}"],
    )
    return 0


def _rule(interview: Interview, there: ReturnedList, arguments: argparse.Namespace) -> ReturnedList:
    from handoff import check_ruling, read_meaning, rule_on_part, take_part

    rulings: list[tuple[int, str | None]] = [
        (number, {_TAKEN: None, _NOTHING: ""}.get(meaning.casefold(), meaning))
        for number, meaning in arguments.rule
    ]
    for number, meaning in rulings:  # all of them, before the first is kept
        check_ruling(there, number, meaning)
    if arguments.read:
        for number in there.open_parts:
            if there.copy.parts[number - 1].standing is ReturnedStanding.READ:
                there = take_part(interview, number)
    for number, meaning in rulings:
        if meaning is None:
            there = take_part(interview, number)
        else:
            changes = read_meaning(there, meaning) if meaning else ()
            there = rule_on_part(interview, number, changes)
    return there


def _tell_parts(there: ReturnedList, console: Console) -> None:
    """List every part: of a wrong file, which has thousands, the first."""
    for number, part in enumerate(there.copy.parts[:_MOST_TOLD], start=1):
        ruled = _describe_ruling(there, number)
        data = {
            "part": number,
            "where": part.where,
            "kind": part.kind,
            "standing": part.standing.value,
            "ruling": ruled,
        }
        console.print_event("part", data)
        shown = f"{number}. {part.standing.value}, {part.where}: {part.kind}{_propose(part)}"
        if part.words:
            console.say_privately(f"{shown}{ruled and f' [{ruled}]'}", part.words)
        else:
            console.say(f"{shown}{ruled and f' [{ruled}]'}")
    if len(there.copy.parts) > _MOST_TOLD:
        console.say(f"And {len(there.copy.parts) - _MOST_TOLD} more")


def _propose(part: ReturnedPart) -> str:
    """Say what taking it as it was read would do, without anybody's words."""
    if part.approves:
        return " (they agree)"
    out = [str(change.line) for change in part.changes if not change.text]
    new = [str(change.line) for change in part.changes if change.text]
    told = [f"take out {', '.join(out)}"] * bool(out) + [f"change {', '.join(new)}"] * bool(new)
    return f" ({'; '.join(told)})" if told else ""


def _describe_ruling(there: ReturnedList, number: int) -> str:
    ruling = there.rulings.get(number)
    if ruling is None:
        return ""
    if ruling.approves:
        return "their agreement"
    lines = ", ".join(dict.fromkeys(str(change.line) for change in ruling.changes))
    if not lines:
        return "left out"
    return f"{'entered' if there.is_entered else 'to be entered'} in line {lines}"


def _tell_state(there: ReturnedList, console: Console) -> None:
    from app import CommandPlace, list_commands, name_keys

    left = len(there.open_parts)
    count = len(there.copy.parts)
    told = f"{count} part{'s' * (count != 1)}, {left} without a ruling."
    if there.is_entered:
        told = "All of it was entered."
    elif left:
        shows = next(
            name_keys(one)
            for one in list_commands(CommandPlace.INTERVIEW)
            if one.id == "interview.returned"
        )
        told += f" Rule on them with --rule, or in `earshot open` with {shows}."
    else:
        told += " --enter enters them."
    data = {"parts": count, "open": left, "entered": there.is_entered}
    console.print_result(data, [told])


VERB = Verb(
    name="returned",
    summary="Go through what a participant sent back, and enter it as a new version.",
    example="earshot returned dementia-course P07_i1 --from P07_i1-for-P07.docx",
    run=_run,
    arguments=_arguments,
)
