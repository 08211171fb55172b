"""``earshot policy``: the rules of the study's protocol for signing off and handing over."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from app import describe_consent_rule, set_consent_rule
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import ConsentRule, EarlierData, JointWithdrawal, StudyPolicy, sanitise_text
from study.errors import ConsentFlaw, ConsentRefused, TargetInStudy
from study.store import Study, change_study_policy, read_study_policy

_NO_FILE = "none"
_CHOICES = ("yes", "no")
_UNSET = "unset"
_EARLIER = {
    EarlierData.UNSET: _UNSET, EarlierData.KEEP: "keep", EarlierData.ASK: "ask",
    EarlierData.ERASE: "erase",
}  # fmt: skip
_TAKES_TWO = (
    "Asked for. It counts once somebody else, an owner, officer or approver, asks for the same."
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--second-person",
        choices=_CHOICES,
        help="whoever signs off must have decided nothing in the interview",
    )
    parser.add_argument(
        "--sound-may-leave", choices=_CHOICES, help="redacted sound may be handed over"
    )
    parser.add_argument(
        "--consent",
        choices=[rule.value or _UNSET for rule in ConsentRule],
        help="what is asked for before anything is recorded: a record for each participant, paper"
        " that somebody has seen, or nothing (studies that were begun before)",
    )
    parser.add_argument(
        "--consent-seen-by", metavar="NAME", help="who has seen the consent on paper"
    )
    parser.add_argument(
        "--sheet",
        action="append",
        metavar="VERSION",
        help="a version of the information sheet that is in use; none clears the list",
    )
    parser.add_argument(
        "--form",
        action="append",
        metavar="VERSION",
        help="a version of the consent form that is in use; none clears the list",
    )
    parser.add_argument(
        "--after-capacity-lost",
        choices=[_EARLIER[choice] for choice in EarlierData],
        help="what becomes of earlier interviews of somebody who has lost capacity",
    )
    parser.add_argument(
        "--joint-withdrawal",
        choices=[rule.value for rule in JointWithdrawal if rule.value],
        help="when one of several who were interviewed together withdraws: redact takes out their"
        " turns and their sound, all destroys the interview",
    )
    parser.add_argument(
        "--two-to-destroy",
        choices=_CHOICES,
        help="whoever asks for something to be destroyed never confirms it, even if nobody else"
        " is there",
    )
    parser.add_argument(
        "--ask-who-recognises",
        dest="asks_who_recognises",
        choices=_CHOICES,
        help="whoever signs off answers in writing who could recognise the person",
    )
    parser.add_argument(
        "--heads-to",
        metavar="FILE",
        help="a file elsewhere, on a share or a stick, that gets the head of the audit trail"
        " whenever somebody signs; none ends that",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    wanted = {
        name: value == "yes"
        for name in (
            "second_person",
            "sound_may_leave",
            "two_to_destroy",
            "asks_who_recognises",
        )
        if (value := getattr(arguments, name)) is not None
    }
    with open_named_study(arguments, console) as study:
        asked_for = replace(read_study_policy(study), **wanted)
        if arguments.joint_withdrawal is not None:
            rule = JointWithdrawal(arguments.joint_withdrawal)
            asked_for = replace(asked_for, joint_withdrawal=rule)
        if arguments.heads_to is not None:
            asked_for = replace(asked_for, heads_file=_locate(study, arguments.heads_to))
        asked_for = _set_consent(asked_for, arguments)
        now = change_study_policy(study, asked_for)
        if now != asked_for:
            console.say(_TAKES_TWO)
        console.print_result(now, _describe(now))
    return 0


def _set_consent(policy: StudyPolicy, arguments: argparse.Namespace) -> StudyPolicy:
    """Return the policy with what the command line says about consent.

    Raises:
        ConsentRefused: consent on paper without the name of who has seen it.
    """
    if arguments.consent is not None or arguments.consent_seen_by is not None:
        typed = arguments.consent
        rule = policy.consent if typed is None else ConsentRule("" if typed == _UNSET else typed)
        seen_by = arguments.consent_seen_by
        policy = set_consent_rule(
            policy, rule, policy.consent_seen_by if seen_by is None else seen_by
        )
    if arguments.after_capacity_lost is not None:
        chosen = next(c for c, word in _EARLIER.items() if word == arguments.after_capacity_lost)
        policy = replace(policy, after_capacity_lost=chosen)
    return replace(
        policy,
        sheets=_add_versions(policy.sheets, arguments.sheet),
        forms=_add_versions(policy.forms, arguments.form),
    )


def _add_versions(known: tuple[str, ...], typed: list[str] | None) -> tuple[str, ...]:
    found = known
    for version in typed or ():
        if not version.strip() or sanitise_text(version) != version:
            raise ConsentRefused(ConsentFlaw.BAD_TEXT)
        found = () if version == _NO_FILE else (*dict.fromkeys((*found, version.strip())),)
    return found


def _locate(study: Study, typed: str) -> str:
    """Return the whole path of the file for heads, "" for none.

    Raises:
        TargetInStudy: it lies where whoever rewrites the trail finds it as well.
    """
    if typed == _NO_FILE:
        return ""
    path = Path(typed).absolute()
    if path.resolve().is_relative_to(study.folder.resolve()):
        raise TargetInStudy
    return str(path)


def _describe(policy: StudyPolicy) -> list[str]:
    answered = "yes" if policy.asks_who_recognises else "no"
    return [
        f"{'yes' if policy.second_person else 'no':4} signing off asks for a second person",
        f"{'yes' if policy.sound_may_leave else 'no':4} redacted sound may be handed over",
        f"{'yes' if policy.two_to_destroy else 'no':4} destroying always asks for a second person",
        f"{answered:4} who signs off says in writing who could recognise the person",
        f"     when one of several withdraws: {policy.joint_withdrawal.value or 'not set'}",
        f"{'yes' if policy.heads_file else 'no':4} heads of the audit trail are kept elsewhere"
        + (f": {policy.heads_file}" if policy.heads_file else ""),
        *describe_consent_rule(policy),
    ]


VERB = Verb(
    name="policy",
    summary="Show or set what the study's protocol asks and allows.",
    example="earshot policy dementia-course --second-person yes",
    run=_run,
    arguments=_arguments,
)
