"""``earshot replacements``: list the study's replacements, and change them everywhere."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from app import format_count
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import DateDetail, PseudonymStyle
from study.errors import BadReplacement
from study.store import Study

_NEVER_TWICE = "A number is given once in a study and never again, so some are missing."


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--rename", action="append", default=[], metavar="LABEL=TEXT",
        help="replace somebody with another text, everywhere",
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
        "--apart", action="append", default=[], metavar="LABEL=LABEL",
        help="they are two after all; takes back --same, everywhere: 'Person 5=Person 2'",
    )  # fmt: skip
    parser.add_argument(
        "--pairs", action="store_true", help="list people under two labels who may be one"
    )
    parser.add_argument(
        "--part", action="append", default=[], metavar="LABEL=NAME,NAME",
        help="these names are somebody else's, who gets a number of their own: 'Person 2=Derek'",
    )  # fmt: skip
    parser.add_argument(
        "--style",
        type=PseudonymStyle,
        choices=list(PseudonymStyle),
        help="the kind of replacement for people in this study",
    )
    parser.add_argument(
        "--dates", type=DateDetail, choices=list(DateDetail), help="how much of a date may stay"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from anonymise import list_possible_joins, list_pseudonyms

    with open_named_study(arguments, console) as study:
        changed = _change(study, arguments)
        if changed is not None:
            console.say(
                f"{changed} {'mention is' if changed == 1 else 'mentions are'} called otherwise."
            )
        if arguments.pairs:
            _list_pairs(study, console)
            return 0
        count = len(list_possible_joins(study))
        if count:
            console.say(
                f"{format_count(count, 'pair')} of labels may be one person: --pairs lists them."
            )
        found = list_pseudonyms(study)
        data = [
            {"label": p.label, "kind": p.category, "replacement": p.replacement, "role": p.role,
             "typed": p.by_hand, "forms": p.forms}
            for p in found
        ]  # fmt: skip
        rows = [(p.label, p.replacement, ", ".join(p.forms)) for p in found]
        console.print_table(data, ["label", "replacement", "said as"], rows)
        kinds = Counter(p.category.value for p in found)
        if kinds:
            count = ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items()))
            skips = f" {_NEVER_TWICE}" if _skips_numbers(p.label for p in found) else ""
            console.say(f"{format_count(len(found), 'replacement')}: {count}.{skips}")
    return 0


def _skips_numbers(labels: Iterable[str]) -> bool:
    """Whether a number is missing among labels such as "[Person 3]"."""
    numbers: dict[str, set[int]] = {}
    for label in labels:
        if found := re.fullmatch(r"\[(.+) (\d+)\]", label):
            numbers.setdefault(found[1], set()).add(int(found[2]))
    return any(max(given) > len(given) for given in numbers.values())


def _list_pairs(study: Study, console: Console) -> None:
    """List people under two labels who may be one, the surest first."""
    from anonymise import list_possible_joins

    found = list_possible_joins(study)
    labels = {summary.id: summary.label for summary in study.summaries()}
    data = [
        {"label": p.label, "other": p.other, "why": p.why, "forms": p.forms,
         "other_forms": p.other_forms, "interviews": [labels[i] for i in p.interviews],
         "other_interviews": [labels[i] for i in p.other_interviews]}
        for p in found
    ]  # fmt: skip
    rows = [
        (
            _say_one(p.label, p.forms, [labels[i] for i in p.interviews]),
            _say_one(p.other, p.other_forms, [labels[i] for i in p.other_interviews]),
            p.why,
        )
        for p in found
    ]
    console.print_table(data, ["this one", "may be", "because"], rows)
    if found:
        pair = f"'{found[0].label.strip('[]')}={found[0].other.strip('[]')}'"
        console.say(f"--same {pair} joins two, --apart {pair} says that they are two.")


def _say_one(label: str, forms: Sequence[str], interviews: Sequence[str]) -> str:
    return f"{label} of {', '.join(interviews)}: {', '.join(forms)}"


def _change(study: Study, arguments: argparse.Namespace) -> int | None:
    """Make the changes; returns how many mentions changed, None where no change was asked for."""
    from anonymise import (
        change_replacement_style,
        join_identities,
        part_identity,
        rename_identity,
        set_identity_role,
        tell_apart,
    )

    changes = [
        (change, *_pair(text))
        for change, texts in (
            (rename_identity, arguments.rename),
            (set_identity_role, arguments.role),
            (join_identities, arguments.same),
            (part_identity, arguments.part),
            (tell_apart, arguments.apart),
        )
        for text in texts
    ]
    counts = [change(study, label, text) for change, label, text in changes]
    if arguments.style or arguments.dates:
        counts.append(change_replacement_style(study, style=arguments.style, dates=arguments.dates))
    return sum(counts) if counts else None


def _pair(text: str) -> tuple[str, str]:
    label, is_pair, value = text.partition("=")
    if not is_pair:
        raise BadReplacement("says nothing")
    return label, value


VERB = Verb(
    name="replacements",
    summary="List what each replacement stands for in the whole study, or change it everywhere"
    " at once.",
    example="earshot replacements dementia-course --role 'Person 2=sister'"
    " --same 'Person 5=Person 2'",
    run=_run,
    arguments=_arguments,
)
