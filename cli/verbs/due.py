"""``earshot due``: how long each kind of data is kept, what is due to go, and what may not."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

from app import (
    DueItem,
    ask_for_due,
    confirm_request,
    describe_clock_steps,
    describe_fully,
    describe_unseen,
    is_trail_due,
    list_due,
    read_retention_plan,
    set_retention_plan,
)
from cli.console import Console
from cli.destructions import (
    add_destruction_arguments,
    is_sure,
    require_free_papers,
    show_destruction,
)
from cli.verb import Verb, add_study_argument, open_named_study
from study import (
    DataKind,
    LegalHold,
    RetentionPlan,
    RetentionRule,
    merge_rules,
    parse_day,
    parse_rule,
)
from study.errors import DataDue, Stopped
from study.store import (
    KeyClass,
    Study,
    find_destruction,
    lift_hold,
    list_holds,
    set_hold,
)

_KINDS = {
    "sound": DataKind.SOUND, "raw": DataKind.RAW_WORDS, "clean": DataKind.CLEAN_TEXT,
    "key": DataKind.REPLACEMENTS, "consent": DataKind.CONSENT, "contacts": DataKind.CONTACTS,
    "trail": DataKind.TRAIL,
}  # fmt: skip
_WIDTH = max(map(len, _KINDS.values()))
_KEPT, _EVERYBODY = "keep", "all"


def _rule(text: str) -> tuple[DataKind, str]:
    name, _, when = text.partition("=")
    if name not in _KINDS or not when:
        raise argparse.ArgumentTypeError(f"say {', '.join(_KINDS)}, = and when, as in sound=end+1")
    return _KINDS[name], when


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--set",
        type=_rule,
        action="append",
        default=[],
        metavar="KIND=WHEN",
        help=f"how long a kind of data ({', '.join(_KINDS)}) is kept: until sign-off, sign-off+N,"
        " end or end+N (N years after the sign-off, or after the end of the study), or a date;"
        f" {_KEPT} removes the rule; can be given several times",
    )
    parser.add_argument("--end", metavar="DATE", help="the day on which the study ended")
    parser.add_argument(
        "--destroy", choices=list(_KINDS), help="ask for what is due of this kind to be destroyed"
    )
    parser.add_argument(
        "--confirm",
        default="",
        metavar="ID",
        help="confirm what somebody else asked for, and destroy it",
    )
    parser.add_argument(
        "--hold",
        default="",
        metavar="CODE",
        help="set a legal hold: nothing about this participant is destroyed;"
        f" {_EVERYBODY} holds the whole study",
    )
    parser.add_argument(
        "--lift", default="", metavar="CODE", help="lift the legal hold on this participant"
    )
    add_destruction_arguments(parser)


def _run(arguments: argparse.Namespace, console: Console) -> int:
    def hold(study: Study) -> None:
        if arguments.hold:
            set_hold(study, _read_code(arguments.hold), arguments.because.strip())

    with open_named_study(arguments, console, hold) as study:
        require_free_papers(arguments, study)
        if arguments.set or arguments.end is not None:
            _set(arguments, study)
        if arguments.lift:
            lift_hold(study, _read_code(arguments.lift))
        if arguments.destroy or arguments.confirm:
            return _destroy(arguments, console, study)
        return _list(console, study)


def _read_code(typed: str) -> str:
    return "" if typed == _EVERYBODY else typed


def _set(arguments: argparse.Namespace, study: Study) -> None:
    rules = [
        (kind, None if when == _KEPT else parse_rule(kind, when)) for kind, when in arguments.set
    ]
    plan = merge_rules(read_retention_plan(study), rules)
    if arguments.end is not None:
        plan = replace(plan, end=parse_day(arguments.end))
    set_retention_plan(study, plan)


def _destroy(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    if arguments.confirm:
        console.say("\n".join(describe_fully(find_destruction(study, arguments.confirm))))
    if not is_sure(arguments, console, arguments.confirm or arguments.destroy):
        return Stopped.exit_code
    one = (
        confirm_request(study, arguments.confirm)
        if arguments.confirm
        else ask_for_due(study, _KINDS[arguments.destroy], arguments.because.strip())
    )
    return show_destruction(arguments, console, study, one)


def _list(console: Console, study: Study) -> int:
    plan, items = read_retention_plan(study), list_due(study)
    holds = list_holds(study) if study.ring.holds(KeyClass.CLEAN) else ()
    names = {kind: name for name, kind in _KINDS.items()}
    trail = is_trail_due(study)
    data = {
        "end": plan.end,
        "rules": {names[rule.kind]: str(rule) for rule in plan.rules},
        "due": [
            {"kind": names[x.kind], "label": x.part.label, "since": x.since.isoformat(),
             "held": x.hold is not None, "has_gaps": x.has_gaps}
            for x in items
        ],
        "holds": holds,
        "trail_is_due": trail,
        "unseen": describe_unseen(study),
    }  # fmt: skip
    console.print_result(data, _describe(plan, items, holds, is_trail_due=trail))
    for line in (*describe_unseen(study), *describe_clock_steps(study)):
        console.say(line)  # what is due may not be
    due = {item.kind for item in items if item.hold is None}
    if due or trail:
        raise DataDue(len(due) + trail)
    return 0


def _describe(
    plan: RetentionPlan, items: list[DueItem], holds: tuple[LegalHold, ...], *, is_trail_due: bool
) -> Iterator[str]:
    yield f"The study ended on {plan.end}." if plan.end else "The study has no end yet."
    for name, kind in _KINDS.items():
        rule = plan.find_rule(kind)
        what = "" if name == kind else kind  # a word is said once
        yield f"  {name:8}  {what:{_WIDTH}}  {_describe_rule(rule)}"
    for item in items:
        held = f"; held by {item.hold.name}" if item.hold else ""
        gaps = "; not all of it was written down" if item.has_gaps else ""
        yield f"! due since {item.since}: {item.kind} of {item.part.label}{gaps}{held}"
    if is_trail_due:
        yield "! due: the trail, and with it the study's folder as a whole"
    for hold in holds:
        yield f"  held: {hold.code or 'everything'}, by {hold.name} on {hold.at[:10]}"


def _describe_rule(rule: RetentionRule | None) -> str:
    return f"until {rule}" if rule else "kept until somebody decides"


VERB = Verb(
    name="due",
    summary="Say how long each kind of data is kept, list what is due to go, and destroy it.",
    example="earshot due dementia-course --set sound=sign-off --set clean=end+10",
    run=_run,
    arguments=_arguments,
    leaves="Certificates hold codes, labels and hashes, and no words.",
)
