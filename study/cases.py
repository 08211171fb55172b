"""Which interviews belong together: a case is people whose lives are told of in one another's.

Interviews belong to one case where somebody takes part in both, staff and interviewers left out:
those meet many. An interview with staff alone is the case of that member of staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study.artefacts import Summary
from study.terms import Role

_JOINING = (Role.PARTICIPANT, Role.SUPPORTER)


@dataclass(frozen=True, slots=True)
class Case:
    """People who belong together, by their codes, and their interviews, oldest first."""

    codes: tuple[str, ...]
    interviews: tuple[Summary, ...]

    @property
    def name(self) -> str:
        """What it is called: its codes, participants first."""
        return ", ".join(self.codes)


def cases(summaries: Iterable[Summary]) -> list[Case]:
    """Group interviews into cases, in the order of each case's first interview.

    An interview of which nothing is known, or not to the passphrase in use, is one by itself.
    """
    every = list(summaries)
    people = [_people(summary) for summary in every]
    first = list(range(len(every)))  # of each interview, one that came before it in its case
    seen: dict[str, int] = {}
    for number, known in enumerate(people):
        for _, code in known:
            one, other = _root(first, seen.setdefault(code, number)), _root(first, number)
            first[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for number in range(len(every)):
        found.setdefault(_root(first, number), []).append(number)
    return [
        Case(_codes([p for n in numbers for p in people[n]]), tuple(every[n] for n in numbers))
        for numbers in found.values()
    ]


def _root(first: list[int], number: int) -> int:
    while first[number] != number:
        first[number] = number = first[first[number]]
    return number


def _people(summary: Summary) -> list[tuple[Role, str]]:
    known = summary.about.participants if summary.about else ()
    joining = [(p.role, p.code) for p in known if p.role in _JOINING]
    return joining or [(p.role, p.code) for p in known if p.role is Role.STAFF]


def _codes(people: Sequence[tuple[Role, str]]) -> tuple[str, ...]:
    order = list(Role)
    return tuple(dict.fromkeys(code for _, code in sorted(people, key=lambda p: order.index(p[0]))))
