"""``earshot withdraw``: a participant takes back all or part of what they gave."""

from __future__ import annotations

import argparse

from app import (
    SCOPE_SENTENCES,
    carry_out_withdrawal,
    confirm_request,
    describe_fully,
    describe_plan,
    describe_recorded,
    plan_withdrawal,
    say_recorded,
)
from cli.console import Console
from cli.destructions import (
    add_destruction_arguments,
    is_sure,
    require_free_papers,
    show_destruction,
)
from cli.verb import Verb, add_study_argument, open_named_study
from study import Destruction, Withdrawal, WithdrawalScope
from study.errors import Stopped
from study.store import (
    KeyClass,
    Study,
    find_destruction,
    list_destructions,
    list_standing_withdrawals,
    may_confirm,
    settle_copy,
    take_back_request,
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "code",
        nargs="?",
        default="",
        metavar="CODE",
        help="the participant's code; without it, every withdrawal is listed",
    )
    parser.add_argument(
        "--scope",
        choices=[scope.value for scope in WithdrawalScope],
        help="; ".join(f"{scope}: {words}" for scope, words in SCOPE_SENTENCES.items()),
    )
    add_destruction_arguments(parser)
    parser.add_argument(
        "--confirm",
        action="store_true",
        help="confirm what somebody else asked for, and destroy it",
    )
    parser.add_argument(
        "--take-back",
        action="store_true",
        help="take back your own request, or refuse somebody else's",
    )
    parser.add_argument(
        "--done", type=int, metavar="N", help="tick off item N of what is left to do"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        if not arguments.code:
            return _list(study, console)
        require_free_papers(arguments, study)
        if arguments.scope:
            return _withdraw(arguments, console, study, WithdrawalScope(arguments.scope))
        if recorded := _find_recorded(study, arguments.code):
            console.print_result(recorded, [describe_recorded(recorded)])
            return 0
        one = find_destruction(study, arguments.code)
        if arguments.take_back:
            one = take_back_request(study, one.id)
        elif arguments.confirm:
            console.say("\n".join(describe_fully(one)))
            # Who may not is told so; nobody is asked for what would be refused.
            if may_confirm(study, one) and not is_sure(arguments, console, one.code or one.id):
                return Stopped.exit_code
            one = confirm_request(study, one.id)
        elif arguments.done is not None:
            one = settle_copy(study, one.id, arguments.done)
        return show_destruction(arguments, console, study, one)


def _list(study: Study, console: Console) -> int:
    holds = study.ring.holds
    every = list_destructions(study) if holds(KeyClass.CLEAN) else ()
    told = {one.id for one in every}
    recorded = list_standing_withdrawals(study) if holds(KeyClass.IDENTIFYING) else ()
    further = [one for one in recorded if one.destruction not in told]
    rows = [(one.id, one.code, one.scope, one.state.value, _when(one), _left(one)) for one in every]
    rows += [("", one.code, one.scope.value, "recorded", one.at[:10], "") for one in further]
    data = [*every, *further]
    console.print_table(data, ["id", "who", "what", "state", "on", "left to do"], rows)
    return 0


def _find_recorded(study: Study, code: str) -> Withdrawal | None:
    """Return the newest withdrawal of somebody of whom nothing was asked to be destroyed."""
    holds = study.ring.holds
    if holds(KeyClass.CLEAN) and any(code in {d.id, d.code} for d in list_destructions(study)):
        return None
    every = list_standing_withdrawals(study) if holds(KeyClass.IDENTIFYING) else ()
    return next((one for one in reversed(every) if one.code == code), None)


def _when(one: Destruction) -> str:
    return (one.ended_at or one.begun_at or one.confirmed_at or one.asked_at)[:10]


def _left(one: Destruction) -> str:
    left = sum(not copy.settled_at for copy in one.copies)
    return str(left) if one.begun_at and left else ""


def _withdraw(
    arguments: argparse.Namespace, console: Console, study: Study, scope: WithdrawalScope
) -> int:
    plan = plan_withdrawal(study, arguments.code, scope)
    console.say("\n".join(describe_plan(plan)))
    if not is_sure(arguments, console, plan.code):
        return Stopped.exit_code
    one = carry_out_withdrawal(study, plan, arguments.because.strip())
    if one is None:
        console.print_result(
            {"code": plan.code, "scope": scope.value},
            [say_recorded(plan.code, scope)],
        )
        return 0
    return show_destruction(arguments, console, study, one)


VERB = Verb(
    name="withdraw",
    summary="Record a withdrawal: show what goes and what stays, ask, and destroy it.",
    example="earshot withdraw dementia-course P07 --scope sound",
    run=_run,
    arguments=_arguments,
    leaves="Certificates and notices hold codes, labels and hashes, and no words.",
)
