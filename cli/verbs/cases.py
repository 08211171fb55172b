"""``earshot cases``: attributes of participants, with values from declared lists alone."""

from __future__ import annotations

import argparse

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import ArtefactKind, CaseAttribute, CaseAttributes, is_code
from study.errors import BadAttribute, BadName
from study.store import require_none_withdrawn

_LONGEST = 60


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--declare",
        action="append",
        default=[],
        metavar="NAME=VALUE|VALUE",
        help="an attribute and all the values it can have; free text is refused",
    )
    parser.add_argument(
        "--keep-inside",
        action="append",
        default=[],
        metavar="NAME",
        help="an attribute that could tell who somebody is: it is never handed over",
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="CODE:NAME=VALUE", help="of a participant"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        before = study.whole.read_artefact(ArtefactKind.CASES, CaseAttributes) or CaseAttributes()
        now = _declared(before, arguments.declare, arguments.keep_inside)
        now = _set(now, arguments.set)
        changed = [c for c, said in now.values.items() if said != before.values.get(c)]
        if changed:
            require_none_withdrawn(study.whole, changed)
        if now != before:
            with study.change("cases described") as change:
                change.write_artefact(ArtefactKind.CASES, now)
                change.facts["attributes"] = len(now.attributes)
    head = ["case", *(a.name + (" (inside)" if a.is_disclosive else "") for a in now.attributes)]
    rows = [
        (code, *(values.get(a.name, "") for a in now.attributes))
        for code, values in sorted(now.values.items())
    ]
    console.print_table(now, head, rows)
    return 0


def _declared(cases: CaseAttributes, declare: list[str], keep_inside: list[str]) -> CaseAttributes:
    from handoff import ROLE_ATTRIBUTE

    known = {attribute.name: attribute for attribute in cases.attributes}
    for text in declare:
        name, _, listed = text.partition("=")
        values = tuple(value.strip() for value in listed.split("|") if value.strip())
        if not values or not all(map(_is_plain, (name, *values))) or name == ROLE_ATTRIBUTE:
            raise BadAttribute("needs a name and a list of values, as in course=spring|autumn")
        was_inside = name in known and known[name].is_disclosive
        known[name] = CaseAttribute(name, values, was_inside)
    for name in keep_inside:
        if name not in known:
            raise BadAttribute("was not declared")
        known[name] = CaseAttribute(name, known[name].values, is_disclosive=True)
    return CaseAttributes(tuple(known.values()), cases.values)


def _set(cases: CaseAttributes, pairs: list[str]) -> CaseAttributes:
    values = {code: dict(said) for code, said in cases.values.items()}
    allowed = {attribute.name: attribute.values for attribute in cases.attributes}
    for text in pairs:
        code, _, rest = text.partition(":")
        name, _, value = rest.partition("=")
        if not is_code(code):
            raise BadName("participant code")
        if value not in allowed.get(name, ()):
            raise BadAttribute("has no such value: declare it first")
        values.setdefault(code, {})[name] = value
    return CaseAttributes(cases.attributes, values)


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and text.isprintable() and text == text.strip()


VERB = Verb(
    name="cases",
    summary="Declare attributes of participants, and set them; never in free text.",
    example="earshot cases dementia-course --declare 'age=60s|70s|80s' --set P07:age=70s",
    run=_run,
    arguments=_arguments,
)
