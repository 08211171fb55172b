"""Checking what the trail says was destroyed: asked for by one, confirmed by another who may.

A line that says something is gone makes the study miss it no more. So such a line counts only where
the lines before it say who asked and who confirmed; a key of one's own is no leave to hide a row.
"""

from __future__ import annotations

from collections.abc import Iterable

from study.permissions import PersonAction, is_permitted
from study.person_roles import PersonRole
from study.store.trail import IntegrityFinding, TrailLine
from study.store.trail_signatures import TrailPeople
from study.store.trail_witness import DESTROYED

_ASKED, _CONFIRMED, _BEGUN = "destruction asked for", "destruction confirmed", "destruction begun"
_DETAILS_DROPPED = "about.dropped"


def verify_destructions(lines: Iterable[TrailLine]) -> list[IntegrityFinding]:
    """Return a finding for the first line that destroys what nobody who may has confirmed."""
    people, asked, confirmed = TrailPeople(), dict[str, int](), set[str]()
    for line in lines:
        people.take(line)
        name = str(line.facts.get("destruction", ""))
        role = people.roles.get(line.slot, PersonRole.OWNER)
        if line.verb == _ASKED and is_permitted(role, PersonAction.ASK_DESTRUCTION):
            asked[name] = line.slot
        elif line.verb == _CONFIRMED and name in asked:
            is_other = asked[name] != line.slot or role is PersonRole.OWNER
            if is_other and is_permitted(role, PersonAction.CONFIRM_DESTRUCTION):
                confirmed.add(name)
        elif _destroys(line) and not (line.verb == _BEGUN and name in confirmed):
            what = "destroys what nobody who may has confirmed"
            return [IntegrityFinding(f"trail line {line.number}", what)]
    return []


def _destroys(line: TrailLine) -> bool:
    names = [name.rpartition(":")[2] for name in line.facts]
    return any(name.endswith(DESTROYED) or name == _DETAILS_DROPPED for name in names)
