"""``earshot policy``: what the study's protocol asks and allows."""

from __future__ import annotations

import argparse
from dataclasses import replace

from study import signed
from study.artefacts import Kind
from study.store import WHOLE_STUDY
from study.terms import Policy
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

_CHOICES = ("yes", "no")


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "--second-person",
        choices=_CHOICES,
        help="whoever signs off must have decided nothing in the interview",
    )
    parser.add_argument(
        "--sound-may-leave", choices=_CHOICES, help="redacted sound may be handed over"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    wanted = {
        name: value == "yes"
        for name in ("second_person", "sound_may_leave")
        if (value := getattr(given, name)) is not None
    }
    with opened(given, talk) as study:
        before = signed.policy(study)
        now = replace(before, **wanted)
        if now != before:
            with study.change("policy set") as change:
                change.put(WHOLE_STUDY, Kind.POLICY, now)
                change.facts.update({name: int(value) for name, value in wanted.items()})
        talk.result(now, _told(now))
    return 0


def _told(policy: Policy) -> list[str]:
    return [
        f"{'yes' if policy.second_person else 'no':4} signing off asks for a second person",
        f"{'yes' if policy.sound_may_leave else 'no':4} redacted sound may be handed over",
    ]


VERB = Verb(
    name="policy",
    summary="Show or set what the study's protocol asks and allows.",
    example="earshot policy dementia-course --second-person yes",
    run=_run,
    arguments=_arguments,
)
