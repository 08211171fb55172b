"""``earshot cases``: what may be said of participants, from lists that were declared."""

from __future__ import annotations

import argparse

from handoff.material import ROLE
from study.artefacts import Kind
from study.change import is_code
from study.errors import BadAttribute, BadName
from study.store import WHOLE_STUDY
from study.terms import Attribute, Cases
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

_LONGEST = 60


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
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


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened(given, talk) as study:
        before = study.get(WHOLE_STUDY, Kind.CASES, Cases) or Cases()
        now = _declared(before, given.declare, given.keep_inside)
        now = _set(now, given.set)
        if now != before:
            with study.change("cases described") as change:
                change.put(WHOLE_STUDY, Kind.CASES, now)
                change.facts["attributes"] = len(now.attributes)
    head = ["case", *(a.name + (" (inside)" if a.is_disclosive else "") for a in now.attributes)]
    rows = [
        (code, *(values.get(a.name, "") for a in now.attributes))
        for code, values in sorted(now.values.items())
    ]
    talk.table(now, head, rows)
    return 0


def _declared(cases: Cases, declare: list[str], keep_inside: list[str]) -> Cases:
    known = {one.name: one for one in cases.attributes}
    for text in declare:
        name, _, listed = text.partition("=")
        values = tuple(value.strip() for value in listed.split("|") if value.strip())
        if not values or not all(map(_is_plain, (name, *values))) or name == ROLE:
            raise BadAttribute("needs a name and a list of values, as in course=spring|autumn")
        was_inside = name in known and known[name].is_disclosive
        known[name] = Attribute(name, values, was_inside)
    for name in keep_inside:
        if name not in known:
            raise BadAttribute("was not declared")
        known[name] = Attribute(name, known[name].values, is_disclosive=True)
    return Cases(tuple(known.values()), cases.values)


def _set(cases: Cases, given: list[str]) -> Cases:
    values = {code: dict(said) for code, said in cases.values.items()}
    allowed = {one.name: one.values for one in cases.attributes}
    for text in given:
        code, _, rest = text.partition(":")
        name, _, value = rest.partition("=")
        if not is_code(code):
            raise BadName("participant code")
        if value not in allowed.get(name, ()):
            raise BadAttribute("has no such value: declare it first")
        values.setdefault(code, {})[name] = value
    return Cases(cases.attributes, values)


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and text.isprintable() and text == text.strip()


VERB = Verb(
    name="cases",
    summary="Declare attributes of participants, and set them; never in free text.",
    example="earshot cases dementia-course --declare 'age=60s|70s|80s' --set P07:age=70s",
    run=_run,
    arguments=_arguments,
)
