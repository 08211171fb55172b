"""A transcript as a person corrected it: the model's transcript, and every edit since.

The study holds the transcript once, as the first version of ``corrected``, and each edit as an
entry of it: a word that is corrected in a transcript of 10,000 turns writes one turn. Everything
is in memory here; ``study.store.transcript_editor`` writes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from study.edits import Edit, EditKind
from study.records import Mark, Transcript, Turn


@dataclass(slots=True)
class _Before:
    """What an edit replaced: enough to undo it exactly."""

    edit: Edit
    turns: list[Turn] = field(default_factory=list[Turn])
    gone: list[tuple[int, Turn]] = field(default_factory=list[tuple[int, Turn]])
    made: list[int] = field(default_factory=list[int])
    events: tuple[Mark, ...] = ()


class CorrectedTranscript:
    """A transcript and the edits made to it so far.

    ``version`` is that of the corrected transcript, 0 while nobody has corrected anything;
    ``edits`` counts its entries.
    """

    def __init__(self, base: Transcript, version: int = 0) -> None:
        self.version = version
        self.edits = 0
        self.base = base
        self._order = [turn.key for turn in base.turns]
        self._turns = {turn.key: turn for turn in base.turns}
        self._events = base.events
        self._coverage = base.coverage
        self._later: list[Edit] = []  # nobody undoes what was recorded
        self._done: list[list[_Before]] = []  # steps: edits that are undone together
        self._undone: list[list[Edit]] = []
        self._next_key = max(self._order, default=0) + 1

    @property
    def transcript(self) -> Transcript:
        """The transcript as it stands."""
        turns = tuple(self._turns[key] for key in self._order)
        return replace(self.base, turns=turns, events=self._events, coverage=self._coverage)

    @property
    def turns(self) -> list[Turn]:
        """The turns as they stand, in the order they began."""
        return [self._turns[key] for key in self._order]

    @property
    def events(self) -> tuple[Mark, ...]:
        """The events of the recording, with their headings and notes as they stand."""
        return self._events

    @property
    def next_key(self) -> int:
        """A key that no turn ever had."""
        return self._next_key

    @property
    def undoable(self) -> EditKind | None:
        """The kind of edit that ``undo`` would undo, None where there is none."""
        return EditKind(self._done[-1][0].edit.act) if self._done else None

    @property
    def last_edit(self) -> Edit | None:
        """The last edit that stands, None where none does."""
        return self._done[-1][-1].edit if self._done else None

    @property
    def standing(self) -> list[Edit]:
        """The edits that stand, oldest first, without those that were undone.

        The turns of what was recorded later come last.
        """
        return [*(before.edit for step in self._done for before in step), *self._later]

    @property
    def redoable(self) -> EditKind | None:
        """The kind of edit that ``redo`` would redo, None where there is none."""
        return EditKind(self._undone[-1][0].act) if self._undone else None

    def trace_turns(self) -> dict[int, list[int]]:
        """Return for each turn that was split or joined, by key, the turns its words went to."""
        found: dict[int, list[int]] = {}
        for step in self._done:
            for before in step:
                edit = before.edit
                if edit.act == EditKind.SPLIT:
                    found.setdefault(edit.turns[0].key, []).append(edit.turns[1].key)
                elif edit.act == EditKind.JOIN:
                    found.setdefault(edit.gone[0], []).append(edit.turns[0].key)
        return found

    def find_turn(self, key: int) -> Turn | None:
        """Return a turn by its key, None where there is none."""
        return self._turns.get(key)

    def next_turn(self, key: int) -> Turn | None:
        """Return the turn that follows, None at the end."""
        place = self._order.index(key) + 1
        return self._turns[self._order[place]] if place < len(self._order) else None

    def set_base(self, version: int, base: Transcript) -> None:
        """Set the version and the transcript that the edits build on, once they are written."""
        self.version, self.base = version, base

    def apply_edit(self, edit: Edit) -> frozenset[int]:
        """Apply an edit; return the keys of the turns that it changed, made or removed."""
        self.edits += 1
        if edit.act == EditKind.UNDO:
            return self._undo()
        if edit.act == EditKind.REDO:
            return self._redo()
        if edit.act == EditKind.LATER:
            self._add_later(edit)
            return edit.changed_keys
        self._undone.clear()
        self._do(edit)
        return edit.changed_keys

    def _add_later(self, edit: Edit) -> None:
        """Add what was recorded later; undoing an edit from before keeps it."""
        self._change(edit)
        self._coverage = edit.coverage or self._coverage
        self._later.append(edit)
        for step in self._done:
            for before in step:
                before.events = _merge_events(before.events, edit.events)

    def _do(self, edit: Edit) -> None:
        before = self._change(edit)
        if edit.goes_on and self._done:
            self._done[-1].append(before)
        else:
            self._done.append([before])

    def _undo(self) -> frozenset[int]:
        if not self._done:
            return frozenset()
        step = self._done.pop()
        for before in reversed(step):
            self._restore(before)
        self._undone.append([before.edit for before in step])
        return _touched(before.edit for before in step)

    def _redo(self) -> frozenset[int]:
        if not self._undone:
            return frozenset()
        step = self._undone.pop()
        self._done.append([self._change(edit) for edit in step])
        return _touched(step)

    def _change(self, edit: Edit) -> _Before:
        before = _Before(edit, events=self._events)
        for key in edit.gone:
            if key in self._turns:
                before.gone.append((self._order.index(key), self._turns.pop(key)))
                del self._order[before.gone[-1][0]]
        for key in edit.keys:
            if key in self._turns:
                before.turns.append(self._turns[key])
                self._turns[key] = replace(self._turns[key], speaker=edit.speaker)
        for turn in edit.turns:
            if turn.key in self._turns:
                before.turns.append(self._turns[turn.key])
            else:
                before.made.append(turn.key)
                self._order.insert(self._place(turn, edit), turn.key)
                self._next_key = max(self._next_key, turn.key + 1)
            self._turns[turn.key] = turn
        for place, note in edit.notes:
            if 0 <= place < len(self._events):
                self._set_note(place, note)
        if edit.events:
            self._events = _merge_events(self._events, edit.events)
        return before

    def _set_note(self, place: int, note: str) -> None:
        events = list(self._events)
        events[place] = replace(events[place], note=note)
        self._events = tuple(events)

    def _place(self, turn: Turn, edit: Edit) -> int:
        """Return where a new turn goes: behind those that begin no later.

        What was split off goes right behind its first part, also where nothing has a time.
        """
        if edit.act == EditKind.SPLIT and edit.turns[0].key in self._turns:
            behind = self._order.index(edit.turns[0].key) + 1
            return max(behind, bisect_left(self._order, turn.start_s, key=self._start_s))
        return bisect_right(self._order, turn.start_s, key=self._start_s)

    def _start_s(self, key: int) -> float:
        return self._turns[key].start_s

    def _restore(self, before: _Before) -> None:
        self._events = before.events
        for key in before.made:
            del self._turns[key]
            self._order.remove(key)
        for turn in reversed(before.turns):
            self._turns[turn.key] = turn
        for place, turn in reversed(before.gone):
            self._turns[turn.key] = turn
            self._order.insert(place, turn.key)


def replay_edits(state: CorrectedTranscript, edits: Iterable[Edit]) -> frozenset[int]:
    """Apply edits in their order; return the keys of the turns that they changed."""
    return frozenset(key for edit in edits for key in state.apply_edit(edit))


def _touched(edits: Iterable[Edit]) -> frozenset[int]:
    return frozenset(key for edit in edits for key in edit.changed_keys)


def _merge_events(events: tuple[Mark, ...], new: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Return both in the order of time, in which each is already: the sort keeps theirs."""
    return tuple(sorted((*events, *new), key=lambda event: event.at_s))
