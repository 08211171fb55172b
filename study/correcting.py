"""The pen: every correction of a transcript is one transaction, and nothing has to be saved.

``Correcting`` holds the transcript as it stands and adds one sealed entry for each edit, so that
a word corrected among 10,000 turns costs the same as among ten. What another process did in the
meantime is taken in first. Nothing here knows a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from study import corrected
from study.aligning import aligned, spans, time_at
from study.artefacts import Kind
from study.change import Change, is_code
from study.corrected import Corrected
from study.edits import Act, Edit
from study.errors import BadName, EditFlaw, NotCorrectable, TranscriptMissing
from study.finding import Find, Replacing
from study.store import Study
from study.terms import Provenance, Transcript, Turn

_Make = Callable[[Corrected, int, str], Edit | None]


class Scope(StrEnum):
    """Of which turns a speaker is set."""

    ONE = "this turn"
    ONWARD = "from here on"
    ALL = "all of this speaker"


class Correcting:
    """An interview's transcript, to be corrected. Every call is durable when it returns."""

    def __init__(self, study: Study, interview: str) -> None:
        """Read the transcript.

        Raises:
            StepMissing: there is none.
            KeyNotHeld, StudyDamaged: as their texts say.
        """
        self.study, self.interview = study, interview
        self.state = self._read()

    @property
    def transcript(self) -> Transcript:
        """The transcript as it stands."""
        return self.state.transcript

    def catch_up(self) -> bool:
        """Take in what another process did; True where there was something."""
        with self.study.lock:
            version = self.study.version(self.interview, Kind.CORRECTED)
            if version != self.state.version:
                self.state = self._read()
                return True
            if not version:
                return False
            new = self.study.entries_after(
                self.interview, Kind.CORRECTED, Edit, version, self.state.edits
            )
            corrected.replay(self.state, new)
            return bool(new)

    def set_text(self, key: int, text: str, *, goes_on: bool = False) -> frozenset[int]:
        """Let a turn say this; its words keep their times where they are still there.

        goes_on: it is the same piece of typing as the edit before, and undone with it. Returns
        the keys of the turns that changed, as all edits do: none where it says so already.

        Raises:
            NotCorrectable: there is no such turn, or nothing is left of it (see ``remove``).
        """
        typed = " ".join(text.splitlines()).strip()
        if not typed:
            raise NotCorrectable(EditFlaw.EMPTY)

        def make(state: Corrected, by: int, at: str) -> Edit | None:
            turn = _known(state, key)
            if typed == turn.text:
                return None
            # Who typed a turn anew has looked at it: its doubts are dealt with.
            new = replace(turn, text=typed, words=aligned(turn, typed), flags=())
            last = state.last
            same = goes_on and last is not None and last.act == Act.TEXT and key in last.touched
            return Edit(Act.TEXT, by, at, (new,), goes_on=same)

        return self._write(make)

    def split(self, key: int, at: int) -> frozenset[int]:
        """Make two turns of one, before the character ``at``; the second gets a key of its own.

        Raises:
            NotCorrectable: there is no such turn, or no word on one of the sides.
        """

        def make(state: Corrected, by: int, now: str) -> Edit:
            parts = _parted(_known(state, key), at, state.next_key)
            return Edit(Act.SPLIT, by, now, parts)

        return self._write(make)

    def join(self, key: int) -> frozenset[int]:
        """Make one turn of this and the next; the speaker is that of the first.

        Raises:
            NotCorrectable: there is no such turn, or none after it.
        """

        def make(state: Corrected, by: int, at: str) -> Edit:
            first, second = _known(state, key), state.after(key)
            if second is None:
                raise NotCorrectable(EditFlaw.LAST)
            return Edit(Act.JOIN, by, at, (_joined(first, second),), gone=(second.key,))

        return self._write(make)

    def remove(self, key: int) -> frozenset[int]:
        """Remove a turn that nobody said; it can be brought back with ``undo``.

        Raises:
            NotCorrectable: there is no such turn.
        """

        def make(state: Corrected, by: int, at: str) -> Edit:
            return Edit(Act.REMOVE, by, at, gone=(_known(state, key).key,))

        return self._write(make)

    def set_speaker(self, key: int, code: str, scope: Scope = Scope.ONE) -> frozenset[int]:
        """Say who speaks a turn: that one, those of its speaker from there on, or all of them.

        Raises:
            BadName: ``code`` is no participant code.
            NotCorrectable: there is no such turn.
        """
        if not is_code(code):
            raise BadName("participant code")

        def make(state: Corrected, by: int, at: str) -> Edit | None:
            keys = _of_speaker(state, _known(state, key), scope)
            keys = tuple(k for k in keys if _known(state, k).speaker != code)
            return Edit(Act.SPEAKER, by, at, keys=keys, speaker=code) if keys else None

        return self._write(make)

    def settle_doubt(self, key: int) -> frozenset[int]:
        """Note that a person listened to a doubtful turn and that its words are right.

        Raises:
            NotCorrectable: there is no such turn.
        """

        def make(state: Corrected, by: int, at: str) -> Edit | None:
            turn = _known(state, key)
            return Edit(Act.CHECKED, by, at, (replace(turn, flags=()),)) if turn.flags else None

        return self._write(make)

    def set_note(self, place: int, text: str) -> bool:
        """Let an event say this: the heading of a topic, or the note of a marker.

        place: of the event in the transcript, from 0. Returns whether it changed.

        Raises:
            NotCorrectable: there is no such event.
        """
        typed = " ".join(text.split())

        def make(state: Corrected, by: int, at: str) -> Edit | None:
            if not 0 <= place < len(state.events):
                raise NotCorrectable(EditFlaw.NO_HEADING)
            same = state.events[place].note == typed
            return None if same else Edit(Act.HEADING, by, at, notes=((place, typed),))

        before = self.state.edits
        self._write(make)
        return self.state.edits > before

    def replace(self, finds: Iterable[Find], replacing: Replacing) -> int:
        """Replace these finds, all in one edit; those that are no longer there are left out.

        Returns how many were replaced.
        """
        wanted = list(finds)
        done = 0

        def make(state: Corrected, by: int, at: str) -> Edit | None:
            nonlocal done
            turns, notes, done = replacing.replaced(state, wanted)
            if not done:
                return None
            made = tuple(replace(turn, text=t, words=aligned(turn, t)) for turn, t in turns)
            return Edit(Act.REPLACE, by, at, made, notes=tuple(notes))

        self._write(make)
        return done

    def undo(self) -> frozenset[int] | None:
        """Take the last step back, of this session or any before; None where there is none."""
        return self._turn_back(Act.UNDO, lambda state: state.undoable)

    def redo(self) -> frozenset[int] | None:
        """Do again what was taken back last; None where nothing was, or where it was edited."""
        return self._turn_back(Act.REDO, lambda state: state.redoable)

    def _turn_back(
        self, act: Act, left: Callable[[Corrected], Act | None]
    ) -> frozenset[int] | None:
        def make(state: Corrected, by: int, at: str) -> Edit | None:
            return Edit(act, by, at) if left(state) else None

        before = self.state.edits
        touched = self._write(make)
        return touched if self.state.edits > before else None

    def _read(self) -> Corrected:
        state = corrected.read(self.study, self.interview)
        if state is None:
            raise TranscriptMissing
        return state

    def _write(self, make: _Make) -> frozenset[int]:
        slot = self.study.ring.slot
        with self.study.lock:
            self.catch_up()
            if make(self.state, slot, self.study.now()) is None:
                return frozenset()
            with self.study.change("corrected", self.interview) as change:
                self.catch_up()  # again: somebody may have edited before we had the lock
                edit = make(self.state, slot, change.at)
                version, base = self.state.version, self.state.base
                if edit is not None and not version:
                    version, base = _put(change, self.interview, base)
                if edit is not None:
                    change.append(self.interview, Kind.CORRECTED, edit)
                    change.facts["edit"] = Act(edit.act).name.lower()
            if edit is None:
                return frozenset()
            if not self.state.version:
                self.state.begin(version, base)
            return self.state.apply(edit)


def start_over(study: Study, interview: str) -> Correcting:
    """Begin anew with the model's newest transcript; what was corrected stays as a version.

    Raises:
        StepMissing: there is no transcript.
    """
    raw = study.get(interview, Kind.RAW, Transcript)
    if raw is None:
        raise TranscriptMissing
    with study.change("corrections begun anew", interview) as change:
        _put(change, interview, raw)
    return Correcting(study, interview)


def _put(change: Change, interview: str, raw: Transcript) -> tuple[int, Transcript]:
    """Keep the transcript as the model gave it as what all edits build upon."""
    heard, number = raw.provenance, change.study.version(interview, Kind.RAW)
    made_by = Provenance(
        heard.step, heard.program, heard.model, heard.model_sha256,
        {**heard.options, "raw_version": number},
    )  # fmt: skip
    base = replace(raw, provenance=made_by)
    told = change.study.find(interview).facts.raw
    return change.put(interview, Kind.CORRECTED, base, told), base


def _known(state: Corrected, key: int) -> Turn:
    turn = state.turn(key)
    if turn is None:
        raise NotCorrectable(EditFlaw.GONE)
    return turn


def _parted(turn: Turn, at: int, key: int) -> tuple[Turn, Turn]:
    left, right = turn.text[:at].rstrip(), turn.text[max(0, at) :].lstrip()
    if at <= 0 or not left or not right:
        raise NotCorrectable(EditFlaw.NOT_BETWEEN_WORDS)
    begin = len(turn.text) - len(right)
    starts = [start for start, _ in spans(turn)]
    cut = next((n for n, start in enumerate(starts) if start >= begin), len(starts))
    before, after = turn.words[:cut], turn.words[cut:]
    start_s = min(max(time_at(turn, begin), turn.start_s), turn.end_s)
    end_s = before[-1].end_s if before else start_s
    end_s = min(max(end_s, turn.start_s), turn.end_s)
    return (
        replace(turn, text=left, words=before, end_s=end_s),
        replace(turn, key=key, text=right, words=after, start_s=start_s),
    )


def _joined(first: Turn, second: Turn) -> Turn:
    words = second.words
    if words and first.words and not words[0].text[:1].isspace():
        words = (replace(words[0], text=f" {words[0].text}"), *words[1:])
    return replace(
        first,
        text=f"{first.text} {second.text}",
        end_s=max(first.end_s, second.end_s),
        words=(*first.words, *words),
        flags=tuple(dict.fromkeys((*first.flags, *second.flags))),
    )


def _of_speaker(state: Corrected, turn: Turn, scope: Scope) -> Sequence[int]:
    if scope is Scope.ONE:
        return (turn.key,)
    turns = state.turns
    if scope is Scope.ONWARD:
        turns = turns[turns.index(turn) :]
    return tuple(other.key for other in turns if other.speaker == turn.speaker)
