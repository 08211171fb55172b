"""Keep what a person lets through the gate, as entries of the interview that nobody changes.

Each is one line of the audit trail, signed by who wrote it, whose role must let them sign off. What
no such line proves counts for nothing wherever passes are asked for.
"""

from __future__ import annotations

import hashlib

from study.artefact_kinds import ArtefactKind
from study.errors import PassRefused
from study.gate_passes import GatePass, fold_words, list_standing_passes
from study.screen_text import sanitise_text
from study.store.database import map_storage_errors
from study.store.study import Interview
from study.store.trail import ProvenLine, read_proven_lines
from study.turn_numbers import format_turn_key
from study.typed_text import require_short

_LET, _STOPPED = "let through the gate", "stopped at the gate again"


def read_gate_passes(interview: Interview) -> tuple[GatePass, ...]:
    """Return the proven passes of an interview that stand, in the order in which they were given.

    One that its line of the trail does not prove was written with a program of somebody's own, and
    counts for nothing. Where the entry is gone that took a pass back, nobody knows which words it
    was about, and none counts.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_entries``.
    """
    version = interview.find_newest_version(ArtefactKind.PASSED)
    if not version:
        return ()
    entries = interview.read_entries(ArtefactKind.PASSED, GatePass, version)
    rows, told = _read_hashes(interview, version)
    names = [f"{ArtefactKind.PASSED}.{version}.{number}" for number in range(1, len(entries) + 1)]
    proven = {
        name: one
        for name, one in zip(names, entries, strict=True)
        if (line := told.get(name)) is not None and _is_told(one, line[0], line[1] == rows[name])
    }
    if any(one.line.verb == _STOPPED and name not in proven for name, (one, _) in told.items()):
        return ()
    return list_standing_passes(proven.values())


def _read_hashes(
    interview: Interview, version: int
) -> tuple[dict[str, str], dict[str, tuple[ProvenLine, str]]]:
    """Return the SHA-256 of each entry by its name, and the lines that count, with what they say.

    A line counts where it is signed by who wrote it, whose role allowed it.
    """
    kind, study = ArtefactKind.PASSED, interview.study
    told: dict[str, tuple[ProvenLine, str]] = {}
    with study.lock, map_storage_errors():
        found = study.db.execute(
            "SELECT number, sealed FROM entry WHERE interview = ? AND kind = ? AND version = ?",
            [interview.id, kind, version],
        ).fetchall()
        authors = study.authors.refresh()
        for one in read_proven_lines(study.db, frozenset({_LET, _STOPPED})):
            if one.line.interview != interview.id or authors.find_flaw(one):
                continue
            names = [name for name in one.line.facts if name.startswith(f"{kind}.")]
            told |= {n: (one, authors.find_sealed_hash(one.line, interview.id, n)) for n in names}
    rows = {f"{kind}.{version}.{n}": hashlib.sha256(sealed).hexdigest() for n, sealed in found}
    return rows, {name: line for name, line in told.items() if name.count(".") > 1}


def _is_told(one: GatePass, told: ProvenLine, is_same: bool) -> bool:  # noqa: FBT001 - a result
    """Whether a pass says what its line says: who, when, and whether it lets words through."""
    line = told.line
    verb = _LET if one.is_standing else _STOPPED
    return is_same and (one.by, one.at, verb) == (line.slot, line.at, line.verb)


def let_through_gate(interview: Interview, words: str, reason: str, *, turn: int = 0) -> GatePass:
    """Let words pass the gate, in the turn with this key or, with 0, in the whole interview.

    words: of one line. Both texts are kept sealed with the interview and destroyed with it.

    Raises:
        PassRefused: there is no word, or no reason.
        RoleForbids: the role of who is there does not allow it.
        TextTooLong: the words or the reason are longer than a few sentences.
    """
    return _write(interview, words, reason, turn=turn, is_standing=True)


def stop_at_gate_again(interview: Interview, words: str, reason: str, *, turn: int = 0) -> GatePass:
    """Take a pass back: the gate looks for these words again, there or in the whole interview.

    Raises:
        PassRefused: there is no such pass, or no reason.
        RoleForbids, TextTooLong: as ``let_through_gate``.
    """
    return _write(interview, words, reason, turn=turn, is_standing=False)


def _write(
    interview: Interview, words: str, reason: str, *, turn: int, is_standing: bool
) -> GatePass:
    words, reason = sanitise_text(" ".join(words.split())), sanitise_text(reason.strip())
    require_short(words, reason)
    if not fold_words(words):
        raise PassRefused("there is no word in what is to pass")
    if not reason:
        raise PassRefused("there is no reason")
    with interview.change(_LET if is_standing else _STOPPED) as change:
        standing = {one.key for one in read_gate_passes(interview)}
        made = GatePass(words, turn, reason, interview.study.ring.slot, change.made_at, is_standing)
        if (made.key in standing) is is_standing:
            raise PassRefused("it stands already" if is_standing else "there is no such pass")
        if not interview.find_newest_version(ArtefactKind.PASSED):
            change.write_artefact(ArtefactKind.PASSED, {})
        change.append_entry(ArtefactKind.PASSED, made)
        change.facts["turn"] = format_turn_key(turn) if turn else 0
    return made
