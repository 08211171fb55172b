"""Who is asked whether they want to be recorded now: all at once, or each in turn.

One answer for several people is true only where all of them decide in the same way. Where a
consultee has advised about one and another has consented, "they cannot decide" would be said of
somebody who can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study import CapacityState, ConsentBasis, MarkKind
from study.errors import EarshotError
from study.store import Study, list_consents

Willing = tuple[MarkKind, str]
"""What somebody showed, and the code of who; "" for everybody."""

_NO_RECORD = "no consent on record"
_LOST = "a consultee is to be asked"  # who is asked may read it
_ADVISED = {
    ConsentBasis.OWN: "own consent",
    ConsentBasis.PERSONAL_CONSULTEE: "a personal consultee has advised",
    ConsentBasis.NOMINATED_CONSULTEE: "a nominated consultee has advised",
    ConsentBasis.GUARDIAN: "a guardian or attorney has agreed",
    ConsentBasis.OTHER: "somebody else has agreed",
}


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody who is asked. way: how their consent is on record, as people read it.

    decides: whether they decided for themselves, as far as is on record.
    """

    code: str
    way: str = _NO_RECORD
    decides: bool = True


def list_asked(study: Study, codes: Iterable[str]) -> tuple[AskedPerson, ...]:
    """Return who is asked, with what is on record of each; nothing is known without the keys."""
    try:
        records = {record.code: record for record in list_consents(study)}
    except EarshotError:
        records = {}
    asked: list[AskedPerson] = []
    for code in codes:
        record = records.get(code)
        if record is None:
            asked.append(AskedPerson(code))
        elif record.capacity is CapacityState.LOST:
            asked.append(AskedPerson(code, _LOST, decides=False))
        else:
            decides = record.basis is ConsentBasis.OWN
            asked.append(AskedPerson(code, _ADVISED[record.basis], decides=decides))
    return tuple(asked)


def group_asked(people: Sequence[AskedPerson]) -> list[tuple[AskedPerson, ...]]:
    """Return who is asked together: all, or each alone where they decide in different ways."""
    if len({person.decides for person in people}) > 1:
        return [(person,) for person in people]
    return [tuple(people)]
