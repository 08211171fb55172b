"""Whether what an interview's details say was changed only by what may change it.

Who takes part, and in which role, decides whose consent is asked for and whose words go at a
withdrawal. A line of the trail says by its verb what was done; what its row changes besides was
written by a program of somebody's own.
"""

from __future__ import annotations

import hashlib

import msgspec

from study.artefact_kinds import ArtefactKind
from study.permissions import DETAILS_CHANGED_BY, DetailsPart
from study.records import InterviewDetails
from study.store.database import map_storage_errors
from study.store.sealed_rows import ArtefactHandle
from study.store.trail import read_proven_lines
from study.store.trail_authors import TrailAuthors


def list_foreign_parts(
    verb: str, before: InterviewDetails, now: InterviewDetails
) -> list[DetailsPart]:
    """Return what a new version of an interview's details changes that its line's verb may not."""
    may = DETAILS_CHANGED_BY.get(verb, frozenset())
    old, new = _list_parts(before), _list_parts(now)
    return [part for part in DetailsPart if part not in may and old[part] != new[part]]


def _list_parts(details: InterviewDetails) -> dict[DetailsPart, object]:
    return {
        DetailsPart.LABEL: details.label,
        DetailsPart.PEOPLE: _list_people(details),
        DetailsPart.NAMES: [(p.code, p.names) for p in details.participants if p.names],
        DetailsPart.CHANNELS: details.channels,
        DetailsPart.REGISTER: details.register,
        DetailsPart.LANGUAGE: details.language,
        DetailsPart.KIND: details.is_spoken_consent,
    }


def _list_people(details: InterviewDetails) -> list[tuple[str, str]]:
    return [(p.code, p.role.value) for p in details.participants]


def hash_people(details: InterviewDetails, salt: str) -> str:
    """Return the SHA-256 of who takes part in which role, to which a sign-off is bound."""
    told = (salt, _list_people(details), details.channels)
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def are_people_proven(interview: ArtefactHandle, authors: TrailAuthors, version: int = 0) -> bool:
    """Whether the trail shows that who takes part was changed only as Earshot changes it.

    version: the newest of the interview's details, 0 to look it up.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    newest = version or interview.find_newest_version(ArtefactKind.ABOUT)
    if newest < 2:  # noqa: PLR2004 - of one version nothing was changed
        return True
    read = {
        version: details
        for version in range(1, newest + 1)
        if (details := interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails, version))
    }
    changed = {
        f"{ArtefactKind.ABOUT}.{version}"
        for version, details in read.items()
        if version - 1 in read and _list_people(read[version - 1]) != _list_people(details)
    }
    if not changed:
        return True
    may = {verb for verb, parts in DETAILS_CHANGED_BY.items() if DetailsPart.PEOPLE in parts}
    with interview.rows.lock, map_storage_errors():
        authors.refresh()
        for one in read_proven_lines(interview.rows.db, frozenset(may)):
            if one.line.interview == interview.id and not authors.find_flaw(one):
                changed -= one.line.facts.keys()
    return not changed
