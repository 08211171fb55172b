"""``earshot replacements``: what stands for whom in the study, and how to change it."""

from __future__ import annotations

import argparse

from study.errors import BadReplacement
from study.store import Study
from study.terms import Dates, Style
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "--rename", action="append", default=[], metavar="LABEL=TEXT",
        help="let another text stand for somebody, everywhere",
    )  # fmt: skip
    parser.add_argument(
        "--role", action="append", default=[], metavar="LABEL=ROLE",
        help="say who or what it is, for the label: 'Person 2=sister'",
    )  # fmt: skip
    parser.add_argument(
        "--same", action="append", default=[], metavar="LABEL=LABEL",
        help="the first is the same as the second: 'Person 5=Person 2'",
    )  # fmt: skip
    parser.add_argument(
        "--style", type=Style, choices=list(Style), help="what stands for people in this study"
    )
    parser.add_argument(
        "--dates", type=Dates, choices=list(Dates), help="how much of a date may stand"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from anonymise import renaming

    with opened(given, talk) as study:
        changed = _change(study, given)
        if changed is not None:
            talk.say(
                f"{changed} {'mention is' if changed == 1 else 'mentions are'} called otherwise."
            )
        found = renaming.every(study)
        data = [
            {"label": p.label, "kind": p.category, "replacement": p.replacement, "role": p.role,
             "typed": p.by_hand, "forms": p.forms}
            for p in found
        ]  # fmt: skip
        rows = [(p.label, p.replacement, ", ".join(p.forms)) for p in found]
        talk.table(data, ["label", "replacement", "said as"], rows)
    return 0


def _change(study: Study, given: argparse.Namespace) -> int | None:
    """Do what was asked; returns how many mentions changed, None where nothing was asked."""
    from anonymise import renaming

    asked = [
        (act, *_pair(text))
        for act, texts in (
            (renaming.rename, given.rename),
            (renaming.tell_role, given.role),
            (renaming.join, given.same),
        )
        for text in texts
    ]
    done = [act(study, label, text) for act, label, text in asked]
    if given.style or given.dates:
        done.append(renaming.restyle(study, style=given.style, dates=given.dates))
    return sum(done) if done else None


def _pair(text: str) -> tuple[str, str]:
    label, is_pair, value = text.partition("=")
    if not is_pair:
        raise BadReplacement("says nothing")
    return label, value


VERB = Verb(
    name="replacements",
    summary="List what stands for whom in the whole study, or change it everywhere at once.",
    example="earshot replacements dementia-course --role 'Person 2=sister'"
    " --same 'Person 5=Person 2'",
    run=_run,
    arguments=_arguments,
)
