"""The list of interviews, made from what is stored in the clear: ids, times, versions, facts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import msgspec

from study.artefact_facts import (
    ARTEFACT_FACTS,
    ENTRY_FACTS,
    Facts,
    NewestFacts,
    collect_newest_facts,
)
from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewSummary
from study.errors import (
    StudyDamaged,
)
from study.records import InterviewDetails
from study.store.database import (
    DATABASE,
)
from study.store.format_1 import read_format_1_facts


def list_interviews(
    db: sqlite3.Connection, read_details: Callable[[str], InterviewDetails | None]
) -> list[InterviewSummary]:
    """Return all interviews, oldest first; call with the study's lock held.

    read_details: returns the details of an interview, None where the keys do not open them.

    Raises:
        StudyDamaged: facts in the clear are not what Earshot wrote.
    """
    # Several may be made within a second: their first rows stand in the order of making.
    rows = db.execute(
        "SELECT id, created_at FROM interview ORDER BY created_at,"
        " (SELECT min(rowid) FROM artefact AS a WHERE a.interview = interview.id AND kind = ?), id",
        [ArtefactKind.ABOUT],
    ).fetchall()
    stretches = db.execute(
        "SELECT interview, total(1.0 * frames / rate), max(state = 'recording')"
        " FROM stretch GROUP BY interview"
    ).fetchall()
    artefacts = db.execute(
        "SELECT interview, kind, max(version), counts, format FROM artefact"
        " GROUP BY interview, kind"
    ).fetchall()
    entries = db.execute(
        "SELECT interview, kind, version, counts, format, max(number) FROM entry"
        " GROUP BY interview, kind, version"
    ).fetchall()
    sounds = {interview: (sound_s, bool(live)) for interview, sound_s, live in stretches}
    versions, facts = _newest(artefacts, entries)
    return [
        InterviewSummary(
            id=interview,
            created_at=created_at,
            about=read_details(interview),
            sound_s=sounds.get(interview, (0.0, False))[0],
            versions=versions.get(interview, {}),
            is_recording=sounds.get(interview, (0.0, False))[1],
            facts=facts.get(interview, NewestFacts()),
        )
        for interview, created_at in rows
    ]


def _newest(
    artefacts: list[tuple[str, str, int, str, int]],
    entries: list[tuple[str, str, int, str, int, int]],
) -> tuple[dict[str, dict[ArtefactKind, int]], dict[str, NewestFacts]]:
    """Return versions and facts of each interview's newest artefacts and their last entries."""
    versions: dict[str, dict[ArtefactKind, int]] = {}
    facts: dict[str, dict[ArtefactKind, Facts]] = {}
    last: dict[str, dict[ArtefactKind, tuple[int, Facts | None]]] = {}
    try:
        for interview, kind, version, plain, written in artefacts:
            versions.setdefault(interview, {})[ArtefactKind(kind)] = version
            read = _read_facts(plain, ARTEFACT_FACTS.get(ArtefactKind(kind)), written)
            if read is not None:
                facts.setdefault(interview, {})[ArtefactKind(kind)] = read
        for interview, kind, version, plain, written, number in entries:
            if versions.get(interview, {}).get(ArtefactKind(kind)) == version:
                read = _read_facts(plain, ENTRY_FACTS.get(ArtefactKind(kind)), written)
                last.setdefault(interview, {})[ArtefactKind(kind)] = number, read
    except (ValueError, TypeError) as broken:
        raise StudyDamaged(f"{DATABASE} (the list of interviews)") from broken
    return versions, {
        interview: collect_newest_facts(facts.get(interview, {}), last.get(interview, {}))
        for interview in versions
    }


def _read_facts(plain: str, facts_type: type[Facts] | None, written: int) -> Facts | None:
    """Decode the facts beside a row of format ``written``, None where there are none."""
    if facts_type is None or plain == "{}":
        return None
    if written == 1:
        return read_format_1_facts(plain, facts_type)
    return msgspec.json.decode(plain, type=facts_type)
