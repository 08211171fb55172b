"""Which turns of a clean transcript read otherwise than when an officer last ruled on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.labels import format_count
from study import ArtefactKind, Transcript, format_turn_key
from study.store import Interview

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class TurnChanges:
    """What changed since the last ruling.

    changed: the keys of the turns that are new or read otherwise, in their order. removed: how many
    turns are there no more.
    """

    changed: tuple[int, ...] = ()
    removed: int = 0


def find_turn_changes(interview: Interview, clean: Transcript | None) -> TurnChanges:
    """Compare the clean transcript as it is now with the one that the newest ruling is about.

    clean: as it is now, None where there is none. Nothing is told where there is no ruling, and
    where the interview was transcribed again since, which makes all turns other ones.

    Raises:
        KeyNotHeld: the passphrase in use does not open clean transcripts.
    """
    facts = interview.summary.facts.sign_off
    if clean is None or facts is None:
        return TurnChanges()
    if facts.basis.raw != interview.find_newest_version(ArtefactKind.RAW):
        return TurnChanges()
    then = interview.read_artefact(ArtefactKind.CLEAN, Transcript, facts.basis.clean)
    if then is None:
        return TurnChanges()
    before = {turn.key: (turn.speaker, turn.text) for turn in then.turns}
    now = {turn.key: (turn.speaker, turn.text) for turn in clean.turns}
    changed = tuple(key for key, said in now.items() if said != before.get(key))
    return TurnChanges(changed, len(before.keys() - now.keys()))


def describe_turn_changes(
    changes: TurnChanges, show_turn: Callable[[int], str] = format_turn_key
) -> str:
    """Name the turns that changed since the last ruling; "" where none did.

    show_turn: returns the number of a turn, by its key.
    """
    said: list[str] = []
    if changes.changed:
        named = [show_turn(key) for key in changes.changed[:_MOST_NAMED]]
        more = len(changes.changed) - len(named)
        named += [f"{more} more"] if more else []
        turns = "turn" if len(changes.changed) == 1 else "turns"
        *first, last = named
        said.append(f"{turns} {', '.join(first)} and {last}" if first else f"{turns} {last}")
    if changes.removed:
        said.append(f"{format_count(changes.removed, 'turn')} removed")
    return f"Changed since then: {'; '.join(said)}." if said else ""
