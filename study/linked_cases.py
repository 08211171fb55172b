"""Cases: groups of interviews that belong together, because people in them know each other.

Two interviews belong to one case if somebody takes part in both. Staff and interviewers do not
count: they meet many. An interview with staff alone is the case of that member of staff. Strangers,
whom a file brought along under no code, are numbered in each interview: S01 here and S01 there are
two unless they share a name, and nobody's case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study.artefacts import InterviewSummary
from study.participant_codes import is_stranger
from study.records import Role

_LINKING_ROLES = (Role.PARTICIPANT, Role.SUPPORTER)


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """People who belong together, by their codes, and their interviews, oldest first."""

    codes: tuple[str, ...]
    interviews: tuple[InterviewSummary, ...]

    @property
    def name(self) -> str:
        """Its codes, participants first, with commas between them."""
        return ", ".join(self.codes)


def group_cases(summaries: Iterable[InterviewSummary]) -> list[LinkedCase]:
    """Group interviews into cases, in the order of each case's first interview.

    An interview without participants, or whose details the passphrase in use does not open, is a
    case by itself.
    """
    every = list(summaries)
    shared = _list_shared_codes(every)
    people = [_people(summary, shared) for summary in every]
    first = list(range(len(every)))  # of each interview, one that came before it in its case
    seen: dict[str, int] = {}
    for number, known in enumerate(people):
        for _, code in known:
            here, there = _root(first, number), _root(first, seen.setdefault(code, number))
            first[max(here, there)] = min(here, there)
    found: dict[int, list[int]] = {}
    for number in range(len(every)):
        found.setdefault(_root(first, number), []).append(number)
    return [
        LinkedCase(
            _codes([p for n in numbers for p in people[n]]), tuple(every[n] for n in numbers)
        )
        for numbers in found.values()
    ]


def _root(first: list[int], number: int) -> int:
    while first[number] != number:
        first[number] = number = first[first[number]]
    return number


def _list_shared_codes(summaries: Iterable[InterviewSummary]) -> frozenset[str]:
    """Return the codes of strangers' form that stand for one person: under one name throughout."""
    names: dict[str, set[str]] = {}
    counts = Counter[str]()
    for summary in summaries:
        for person in summary.about.participants if summary.about else ():
            if is_stranger(person.code) and person.names:
                counts[person.code] += 1
                names[person.code] = names.get(person.code, set(person.names)) & set(person.names)
    return frozenset(code for code, found in names.items() if found and counts[code] > 1)


def _people(summary: InterviewSummary, shared: frozenset[str]) -> list[tuple[Role, str]]:
    known = summary.about.participants if summary.about else ()
    known = tuple(p for p in known if not is_stranger(p.code) or p.code in shared)
    joining = [(p.role, p.code) for p in known if p.role in _LINKING_ROLES]
    return joining or [(p.role, p.code) for p in known if p.role is Role.STAFF]


def _codes(people: Sequence[tuple[Role, str]]) -> tuple[str, ...]:
    order = list(Role)
    return tuple(dict.fromkeys(code for _, code in sorted(people, key=lambda p: order.index(p[0]))))
