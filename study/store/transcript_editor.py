"""Correcting a transcript: every edit is one transaction, and nothing has to be saved.

``TranscriptEditor`` holds the transcript as it stands and adds one sealed entry for each edit, so
that a word corrected among 10,000 turns costs the same as among ten. It first reads the edits that
other processes made meanwhile. Nothing here knows a screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from study.artefact_kinds import ArtefactKind
from study.corrected_transcript import CorrectedTranscript, replay_edits
from study.edits import Edit, EditKind
from study.errors import (
    BadName,
    EditFlaw,
    HearingFlaw,
    NotCorrectable,
    NotHeardAgain,
    TranscriptMissing,
    UnknownSpeaker,
)
from study.find_replace import FindReplace, TextMatch
from study.participant_codes import is_code, is_voice
from study.permissions import SOUND_HEARD_FURTHER
from study.records import Mark, MarkKind, Transcript, Turn, add_coverage
from study.second_hearing import HeardTurn, SecondHearing, compare_hearing
from study.store.speaker_edits import SpeakerScope, find_renamed_turns, select_turns
from study.store.study import Change, Interview
from study.store.transcripts import read_corrected_transcript
from study.turn_division import divide_turn, join_turns
from study.weak_words import (
    UNSURE,
    find_weak_words,
    update_unsure_flag,
    vouch_for_typed,
    vouch_for_words,
)
from study.word_times import align_words

_Make = Callable[[CorrectedTranscript, int, str], Edit | None]


class TranscriptEditor:
    """An interview's transcript, to be corrected. Every call is durable when it returns."""

    def __init__(self, interview: Interview) -> None:
        """Read the transcript.

        Raises:
            StepMissing: there is none.
            KeyNotHeld, StudyDamaged: as their texts say.
        """
        self.interview = interview
        self._raw_version = 0
        self.state = self._read()

    @property
    def transcript(self) -> Transcript:
        """The transcript as it stands."""
        return self.state.transcript

    def catch_up(self) -> bool:
        """Read what other processes made of the transcript; return whether there was anything.

        They may have made edits, or, before anybody did, told apart who speaks.
        """
        with self.interview.study.lock:
            version = self.interview.find_newest_version(ArtefactKind.CORRECTED)
            raw = self.interview.find_newest_version(ArtefactKind.RAW)
            if version != self.state.version or (not version and raw != self._raw_version):
                self.state = self._read()
                return True
            if not version:
                return False
            new = self.interview.read_entries_after(
                ArtefactKind.CORRECTED, Edit, version, self.state.edits
            )
            replay_edits(self.state, new)
            return bool(new)

    def set_text(
        self,
        key: int,
        text: str,
        *,
        goes_on: bool = False,
        was: str | None = None,
        over: tuple[int, int] = (0, 0),
    ) -> frozenset[int]:
        """Replace the words of a turn; those that are still there keep their times.

        goes_on: it is the same piece of typing as the edit before, and undone with it. was: the
        text that it replaces, None for any. over: the characters of the turn that were typed over,
        of which no word is doubted afterwards, one that was typed again included. Returns the keys
        of the turns that changed, as all edits do: none where the words are the same.

        Raises:
            NotCorrectable: there is no such turn, nothing is left of it (see ``remove_turn``), or
                its text is another one than ``was``.
        """
        typed = unicodedata.normalize("NFC", " ".join(text.splitlines()).strip())
        before = None if was is None else unicodedata.normalize("NFC", was)
        if not typed:
            raise NotCorrectable(EditFlaw.EMPTY)

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            turn = _find_turn(state, key)
            if typed == turn.text:
                return None
            if before is not None and before != unicodedata.normalize("NFC", turn.text):
                raise NotCorrectable(EditFlaw.OTHER_WORDS)
            # Whoever typed a turn anew has looked at it, so its doubts are settled, except for
            # the words that still stand as they were: there may be many, corrected one by one.
            unsure = tuple(flag for flag in turn.flags if flag.kind == UNSURE.kind)
            new = replace(turn, text=typed, words=align_words(turn, typed), flags=unsure)
            new = update_unsure_flag(vouch_for_typed(new, turn.text, over))
            last = state.last_edit
            same = (
                goes_on
                and last is not None
                and last.act == EditKind.TEXT
                and key in last.changed_keys
            )
            return Edit(EditKind.TEXT, by, at, (new,), goes_on=same)

        return self._write(make)

    def split_turn(
        self, key: int, character: int, speaker: str = "", *, allow_new: bool = False
    ) -> frozenset[int]:
        """Make two turns of one, before ``character``; the second gets a key of its own.

        speaker: the code of who speaks the second one, "" for who speaks the first. allow_new: as
        for ``set_speaker``.

        Raises:
            BadName, UnknownSpeaker: as for ``set_speaker``.
            NotCorrectable: there is no such turn, or no word on one of the sides.
        """
        if speaker:
            self._check_codes([speaker], allow_new=allow_new)

        def make(state: CorrectedTranscript, by: int, now: str) -> Edit:
            first, second = divide_turn(_find_turn(state, key), character, state.next_key)
            if speaker:
                first, second = first.give_to(first.speaker), second.give_to(speaker)
            return Edit(EditKind.SPLIT, by, now, (first, second))

        return self._write(make)

    def join_turns(self, key: int) -> frozenset[int]:
        """Make one turn of this and the next; the speaker is that of the first.

        Raises:
            NotCorrectable: there is no such turn, or none after it.
        """

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit:
            first, second = _find_turn(state, key), state.next_turn(key)
            if second is None:
                raise NotCorrectable(EditFlaw.LAST)
            return Edit(EditKind.JOIN, by, at, (join_turns(first, second),), gone=(second.key,))

        return self._write(make)

    def remove_turn(self, key: int) -> frozenset[int]:
        """Remove a turn that nobody said; ``undo`` brings it back.

        Raises:
            NotCorrectable: there is no such turn.
        """

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit:
            return Edit(EditKind.REMOVE, by, at, gone=(_find_turn(state, key).key,))

        return self._write(make)

    def set_speaker(
        self,
        key: int,
        code: str,
        scope: SpeakerScope = SpeakerScope.ONE,
        *,
        allow_new: bool = False,
    ) -> frozenset[int]:
        """Say who speaks a turn: that one, those of its speaker from there on, or all of them.

        One turn that is given to a speaker, even its own, is not doubted for its speaker any more.
        allow_new: whether it may be somebody whom nobody entered, and who speaks nowhere yet.

        Raises:
            BadName: ``code`` is no participant code.
            UnknownSpeaker: the interview has no such code; nothing was changed.
            NotCorrectable: there is no such turn.
        """
        self._check_codes([code], allow_new=allow_new)

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            turn = _find_turn(state, key)
            if scope is SpeakerScope.ONE:
                given = turn.give_to(code)
                return None if given == turn else Edit(EditKind.SPEAKER, by, at, (given,))
            wanted = select_turns(state.turns, turn, scope)
            keys = tuple(k for k in wanted if _find_turn(state, k).speaker != code)
            return Edit(EditKind.SPEAKER, by, at, keys=keys, speaker=code) if keys else None

        return self._write(make)

    def name_voices(self, names: Mapping[str, str]) -> frozenset[int]:
        """Say whose voices are S1, S2 and so on, all in one step; two may change their codes.

        names: the code of a person by the code that the turns of the voice have now.

        Raises:
            BadName, UnknownSpeaker: as for ``set_speaker``; nothing was changed.
            NotCorrectable: no turn has one of the codes; nothing was changed.
        """
        with self.interview.study.lock:
            self.catch_up()
            self._check_codes(names.values())
            if not names.keys() <= {turn.speaker for turn in self.state.turns}:
                raise NotCorrectable(EditFlaw.NO_VOICE)
            touched: frozenset[int] = frozenset()
            for code, keys in find_renamed_turns(self.state.turns, names).items():
                touched |= self._give_voice(keys, code, goes_on=bool(touched))
        return touched

    def _check_codes(self, codes: Iterable[str], *, allow_new: bool = False) -> None:
        """Refuse codes of nobody: a slip of the finger would be one more person.

        Voices are called S1, S2 and so on. Where nobody was entered, any code may be given.
        """
        wanted = list(codes)
        if not all(map(is_code, wanted)):
            raise BadName("participant code")
        details = self.interview.details
        entered = [*(one.code for one in details.participants), *details.channels]
        speaking = [turn.speaker for turn in self.state.turns if is_code(turn.speaker)]
        marked = [mark.note for mark in self.state.events if mark.kind == MarkKind.SPEAKER]
        known = list(dict.fromkeys((*entered, *marked, *speaking)))
        unknown = [code for code in wanted if code not in known and not is_voice(code)]
        if entered and unknown and not allow_new:
            raise UnknownSpeaker(known)

    def _give_voice(self, keys: Sequence[int], code: str, *, goes_on: bool) -> frozenset[int]:
        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            here = tuple(key for key in keys if state.find_turn(key) is not None)
            act = EditKind.SPEAKER
            return Edit(act, by, at, keys=here, speaker=code, goes_on=goes_on) if here else None

        return self._write(make)

    def confirm_doubtful_turn(self, key: int) -> frozenset[int]:
        """Note that a person listened to a doubtful turn, or weak words, and that they are right.

        Raises:
            NotCorrectable: there is no such turn.
        """

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            turn = _find_turn(state, key)
            if not turn.flags and not find_weak_words(turn):
                return None
            return Edit(EditKind.CHECKED, by, at, (vouch_for_words(turn),))

        return self._write(make)

    def set_note(self, place: int, text: str) -> bool:
        """Set the heading of a topic, or the note of a marker.

        place: of the event among the transcript's events, from 0. Returns whether it changed.

        Raises:
            NotCorrectable: there is no such event.
        """
        typed = " ".join(text.split())

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            if not 0 <= place < len(state.events):
                raise NotCorrectable(EditFlaw.NO_HEADING)
            same = state.events[place].note == typed
            return None if same else Edit(EditKind.HEADING, by, at, notes=((place, typed),))

        before = self.state.edits
        self._write(make)
        return self.state.edits > before

    def add_topic(self, key: int, heading: str) -> None:
        """Let a topic begin at a turn.

        Raises:
            NotCorrectable: there is no such turn, its heading is empty, or the transcript has no
                times, so that a topic has no place in it.
        """
        typed = " ".join(heading.split())
        if not typed:
            raise NotCorrectable(EditFlaw.NO_HEADING)

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit:
            turn = _find_turn(state, key)
            if not state.base.is_timed:
                raise NotCorrectable(EditFlaw.NO_TIMES)
            topic = Mark(turn.start_s, MarkKind.TOPIC, typed)
            return Edit(EditKind.TOPIC, by, at, events=(topic,))

        self._write(make)

    def replace_matches(self, matches: Iterable[TextMatch], replacing: FindReplace) -> int:
        """Replace matches, all in one edit; those whose words have changed are left out.

        Returns how many were replaced.
        """
        wanted = list(matches)
        done = 0

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            nonlocal done
            turns, notes, done = replacing.replace_matches(state, wanted)
            if not done:
                return None
            made = tuple(
                update_unsure_flag(replace(turn, text=t, words=align_words(turn, t)))
                for turn, t in turns
            )
            return Edit(EditKind.REPLACE, by, at, made, notes=tuple(notes))

        self._write(make)
        return done

    def take_heard_turns(self, version: int, numbers: Collection[str]) -> frozenset[int]:
        """Take over turns of a second hearing, all in one edit; the others stay as they are.

        version: of the second hearing. numbers: as ``compare_hearing`` gives them. A turn in which
        no word was heard is removed.

        Raises:
            NotHeardAgain: there is no such hearing, or it has no turn of one of the numbers.
        """
        hearing = self.interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
        if hearing is None:
            raise NotHeardAgain(HearingFlaw.NOTHING)

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            by_number = {one.number: one for one in compare_hearing(state.turns, hearing)}
            if not by_number.keys() >= set(numbers):
                raise NotHeardAgain(HearingFlaw.NUMBER)
            wanted = [one for number, one in by_number.items() if number in numbers]
            turns = _fill_heard_turns(wanted, state.next_key)
            gone = tuple(one.stands.key for one in wanted if one.stands and not one.heard)
            if not turns and not gone:
                return None
            return Edit(EditKind.HEARD, by, at, turns, gone, hearing=version)

        return self._write(make)

    def add_later_turns(self, version: int) -> frozenset[int]:
        """Add what was recorded after the transcript was made: turns, events and their coverage.

        version: of the second hearing that heard it. It cannot be undone, and is added once.

        Raises:
            NotHeardAgain: there is no such hearing.
        """
        hearing = self.interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
        if hearing is None:
            raise NotHeardAgain(HearingFlaw.NOTHING)
        heard = hearing.heard

        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            before = state.transcript.coverage
            if before is None or heard.coverage is None or before.sound_s > hearing.start_s:
                return None
            turns = tuple(
                replace(turn, key=key) for key, turn in enumerate(heard.turns, state.next_key)
            )
            return Edit(
                EditKind.LATER, by, at, turns, events=heard.events, hearing=version,
                coverage=add_coverage(before, heard.coverage),
            )  # fmt: skip

        return self._write(make, SOUND_HEARD_FURTHER)  # whoever transcribes may add it

    def undo(self) -> frozenset[int] | None:
        """Undo the last step, of this session or any before; None where there is none."""
        return self._turn_back(EditKind.UNDO, lambda state: state.undoable)

    def redo(self) -> frozenset[int] | None:
        """Redo the step undone last; None where there is none, or an edit was made since."""
        return self._turn_back(EditKind.REDO, lambda state: state.redoable)

    def _turn_back(
        self, act: EditKind, left: Callable[[CorrectedTranscript], EditKind | None]
    ) -> frozenset[int] | None:
        def make(state: CorrectedTranscript, by: int, at: str) -> Edit | None:
            return Edit(act, by, at) if left(state) else None

        before = self.state.edits
        touched = self._write(make)
        return touched if self.state.edits > before else None

    def _read(self) -> CorrectedTranscript:
        with self.interview.study.lock:
            self._raw_version = self.interview.find_newest_version(ArtefactKind.RAW)
            state = read_corrected_transcript(self.interview)
        if state is None:
            raise TranscriptMissing
        return state

    def _write(self, make: _Make, step: str = "corrected") -> frozenset[int]:
        slot = self.interview.study.ring.slot
        with self.interview.study.lock:
            self.catch_up()
            if make(self.state, slot, self.interview.study.now()) is None:
                return frozenset()
            with self.interview.change(step) as change:
                self.catch_up()  # again: somebody may have edited before we had the lock
                edit = make(self.state, slot, change.made_at)
                version, base = self.state.version, self.state.base
                if edit is not None and not version:
                    version, base = write_correction_base(change, self.interview, base)
                if edit is not None:
                    change.append_entry(ArtefactKind.CORRECTED, edit)
                    change.facts["edit"] = EditKind(edit.act).name.lower()
            if edit is None:
                return frozenset()
            if not self.state.version:
                self.state.set_base(version, base)
            return self.state.apply_edit(edit)


def restart_correction(interview: Interview) -> TranscriptEditor:
    """Start again from the model's newest transcript; the corrections stay as an old version.

    Raises:
        StepMissing: there is no transcript.
    """
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    if raw is None:
        raise TranscriptMissing
    with interview.change("corrections begun anew") as change:
        write_correction_base(change, interview, raw)
    return TranscriptEditor(interview)


def write_correction_base(
    change: Change, interview: Interview, raw: Transcript
) -> tuple[int, Transcript]:
    """Write the model's transcript as the one that all edits build upon; return its version."""
    number = interview.find_newest_version(ArtefactKind.RAW)
    options = {**raw.provenance.options, "raw_version": number}
    base = replace(raw, provenance=replace(raw.provenance, options=options))
    return change.write_artefact(ArtefactKind.CORRECTED, base, interview.summary.facts.raw), base


def _fill_heard_turns(wanted: Iterable[HeardTurn], next_key: int) -> tuple[Turn, ...]:
    """Return the turns as they were heard that differ; where none stands they get a new key."""
    turns: list[Turn] = []
    for one in wanted:
        if one.heard is not None and one.heard != one.stands:
            turns.append(one.heard if one.stands else replace(one.heard, key=next_key))
            next_key += one.stands is None
    return tuple(turns)


def _find_turn(state: CorrectedTranscript, key: int) -> Turn:
    turn = state.find_turn(key)
    if turn is None:
        raise NotCorrectable(EditFlaw.GONE)
    return turn
