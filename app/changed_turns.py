"""Which turns of a clean transcript read otherwise than when an officer last ruled on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.labels import format_count, join_with_and
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
    before = _read_ruled(interview)
    if clean is None or before is None:
        return TurnChanges()
    now = _list_said(clean)
    changed = tuple(key for key, said in now.items() if said != before.get(key))
    return TurnChanges(changed, len(before.keys() - now.keys()))


def list_unchanged(interview: Interview, clean: Transcript, keys: Iterable[int]) -> frozenset[int]:
    """Return those of these turns, by their keys, that read as the newest ruling found them.

    None of them where the interview was transcribed again since.
    """
    before, now = _read_ruled(interview), _list_said(clean)
    if before is None:
        return frozenset()
    return frozenset(key for key in keys if key in now and now[key] == before.get(key))


def _read_ruled(interview: Interview) -> dict[int, tuple[str, str]] | None:
    """Return the turns that the newest ruling is about; None where they are other turns now."""
    facts = interview.summary.facts.sign_off
    if facts is None or facts.basis.raw != interview.find_newest_version(ArtefactKind.RAW):
        return None
    then = interview.read_artefact(ArtefactKind.CLEAN, Transcript, facts.basis.clean)
    return None if then is None else _list_said(then)


def _list_said(transcript: Transcript) -> dict[int, tuple[str, str]]:
    """Return who speaks each turn and what they say, by the turns' keys."""
    return {turn.key: (turn.speaker, turn.text) for turn in transcript.turns}


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
        said.append(f"{turns} {join_with_and(named)}")
    if changes.removed:
        said.append(f"{format_count(changes.removed, 'turn')} removed")
    return f"Changed since then: {'; '.join(said)}." if said else ""
