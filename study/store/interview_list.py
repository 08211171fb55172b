"""The list of interviews, made from what is stored in the clear: ids, times, versions, facts.

No column behind the sealed bytes of a long row is read: SQLite walks through all of these bytes to
get there, and a thousand transcripts are a gigabyte.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

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
from study.store.format_1 import read_facts_of_any_format, read_format_1_facts

# Rows of these are long; which format wrote one shows in the facts themselves.
_LONG = frozenset({ArtefactKind.RAW, ArtefactKind.CORRECTED, ArtefactKind.MENTIONS})
_SHORT = frozenset(ARTEFACT_FACTS) - _LONG
_COUNTED = frozenset(ENTRY_FACTS) | {ArtefactKind.CORRECTED}  # whose entries are counted
_KINDS = {kind.value: kind for kind in ArtefactKind}  # asking the enumeration itself takes longer

ReadDetails = Callable[[], Mapping[str, InterviewDetails]]


def list_interviews(
    db: sqlite3.Connection, read_details: ReadDetails, only: str = ""
) -> list[InterviewSummary]:
    """Return all interviews, oldest first; call with the study's lock held.

    read_details: returns the details of the interviews by their ids, without those that the keys
    do not open. only: the id of the one that is asked for, "" for all.

    Raises:
        StudyDamaged: facts in the clear are not what Earshot wrote.
    """
    one, chosen = ("WHERE interview = :only", {"only": only}) if only else ("", {})
    # Several may be made within a second: their first rows stand in the order of making.
    rows = db.execute(
        f"SELECT id, created_at FROM interview {one.replace('interview', 'id')}"  # noqa: S608 - two constants
        " ORDER BY created_at, (SELECT min(rowid) FROM artefact AS a"
        " WHERE a.interview = interview.id AND kind = :about), id",
        {"about": ArtefactKind.ABOUT, **chosen},
    ).fetchall()
    sounds = {
        interview: (sound_s, bool(live))
        for interview, sound_s, live in db.execute(
            "SELECT interview, total(1.0 * frames / rate), max(state = 'recording')"  # noqa: S608 - two constants
            f" FROM stretch {one} GROUP BY interview",
            chosen,
        )
    }
    versions, facts = _read_newest(db, one, chosen)
    details = read_details()
    return [
        InterviewSummary(
            id=interview,
            created_at=created_at,
            about=details.get(interview),
            sound_s=sounds.get(interview, (0.0, False))[0],
            versions=versions.get(interview, {}),
            is_recording=sounds.get(interview, (0.0, False))[1],
            facts=facts.get(interview, NewestFacts()),
        )
        for interview, created_at in rows
    ]


def _read_newest(
    db: sqlite3.Connection, one: str, chosen: dict[str, str]
) -> tuple[dict[str, dict[ArtefactKind, int]], dict[str, NewestFacts]]:
    """Return versions and facts of each interview's newest artefacts and their last entries.

    one, chosen: the condition of one interview, and its parameter.
    """
    newest = f"(SELECT interview, kind, max(version) AS version FROM artefact {one} GROUP BY interview, kind)"  # noqa: S608, E501 - constants
    versions: dict[str, dict[ArtefactKind, int]] = {}
    facts: dict[str, dict[ArtefactKind, Facts]] = {}
    last: dict[str, dict[ArtefactKind, tuple[int, Facts | None]]] = {}
    try:
        for interview, kind, version, plain, by_format in db.execute(
            "SELECT interview, kind, version,"  # noqa: S608
            f" CASE WHEN kind IN ({_list(_SHORT | _LONG)}) THEN a.counts ELSE '{{}}' END,"
            f" CASE WHEN kind IN ({_list(_SHORT)}) THEN a.format ELSE 0 END"
            f" FROM {newest} JOIN artefact AS a USING (interview, kind, version)",
            chosen,
        ):
            versions.setdefault(interview, {})[_KINDS[kind]] = version
            read = _read_facts(plain, ARTEFACT_FACTS.get(_KINDS[kind]), by_format)
            if read is not None:
                facts.setdefault(interview, {})[_KINDS[kind]] = read
        for interview, kind, number, plain, by_format in db.execute(
            f"SELECT e.interview, e.kind, e.number, e.counts, e.format FROM {newest} AS n"  # noqa: S608
            " JOIN entry AS e USING (interview, kind, version) WHERE e.number ="
            " (SELECT max(number) FROM entry AS o WHERE o.interview = n.interview"
            f" AND o.kind = n.kind AND o.version = n.version) AND n.kind IN ({_list(_COUNTED)})",
            chosen,
        ):
            read = _read_facts(plain, ENTRY_FACTS.get(_KINDS[kind]), by_format)
            last.setdefault(interview, {})[_KINDS[kind]] = number, read
    except (KeyError, ValueError, TypeError) as broken:
        raise StudyDamaged(f"{DATABASE} (the list of interviews)") from broken
    return versions, {
        interview: collect_newest_facts(facts.get(interview, {}), last.get(interview, {}))
        for interview in versions
    }


def _list(kinds: frozenset[ArtefactKind]) -> str:
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))


def _read_facts(plain: str, facts_type: type[Facts] | None, written: int) -> Facts | None:
    """Decode the facts beside a row of format ``written``, 0 for an unknown one.

    Returns None where there are none.
    """
    if facts_type is None or plain == "{}":
        return None
    if not written:
        return read_facts_of_any_format(plain, facts_type)
    if written == 1:
        return read_format_1_facts(plain, facts_type)
    return msgspec.json.decode(plain, type=facts_type)
