"""Keep what a person lets through the gate, as entries of the interview that nobody changes.

Each is one line of the audit trail, signed by who wrote it, whose role must let them sign off.
"""

from __future__ import annotations

from study.artefact_kinds import ArtefactKind
from study.errors import PassRefused
from study.gate_passes import GatePass, fold_words, list_standing_passes
from study.screen_text import sanitise_text
from study.store.study import Interview
from study.typed_text import require_short

_LET, _STOPPED = "let through the gate", "stopped at the gate again"


def read_gate_passes(interview: Interview) -> tuple[GatePass, ...]:
    """Return the passes of an interview that stand, in the order in which they were given.

    Raises:
        KeyNotHeld: the passphrase in use does not open what was said.
    """
    if not interview.find_newest_version(ArtefactKind.PASSED):
        return ()
    return list_standing_passes(interview.read_entries(ArtefactKind.PASSED, GatePass))


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
        change.facts["turn"] = turn
    return made
