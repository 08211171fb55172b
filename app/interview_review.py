"""One interview under review, in memory: its turns, its mentions, its progress.

It reads the study once, and after an edit or a decision only the new entries. It knows no screen
and writes nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.returned_copies import has_waiting_return
from app.withdrawn import StandingWithdrawal, find_withdrawals, list_withdrawn
from study import (
    ArtefactKind,
    DecidedMention,
    Decision,
    InterviewState,
    InterviewSummary,
    Mark,
    Mention,
    Mentions,
    OfficerRuling,
    ReviewProgress,
    SignOff,
    Turn,
    Verdict,
    is_code,
    pair_decisions,
    select_pauses,
    select_shown_events,
)
from study.errors import StepMissing
from study.store import (
    Interview,
    KeyClass,
    TranscriptEditor,
    read_review_progress,
    read_searched_transcript,
    read_settings,
)


@dataclass(frozen=True, slots=True)
class _Known:
    """The version of the mentions in memory, and how many of its decisions were read."""

    mentions: int = 0
    decisions: int = 0


class InterviewReview:
    """One interview under review. Methods raise as the study does (KeyNotHeld and others)."""

    def __init__(self, interview: Interview) -> None:
        """Prepare to review an interview, which ``refresh`` reads."""
        self.interview = interview
        self.is_read = False
        self.summary: InterviewSummary | None = None
        self.corrections: TranscriptEditor | None = None
        self.mentions: Mentions | None = None
        self.decided: tuple[DecidedMention, ...] = ()
        self.progress = ReviewProgress()
        self.turns: list[Turn] = []
        self.turn_places: dict[int, int] = {}  # the index of each turn, by its key
        self.events: tuple[Mark, ...] = ()  # those that are shown
        self.headings: tuple[Mark, ...] = ()  # all events, by the editor's numbers
        self._events_of: tuple[Mark, ...] = ()
        self.sent_back: SignOff | None = None  # the officer's reasons, until it is signed off
        self.lost_mentions = 0  # mentions whose words were typed over
        self.doubtful_turns = 0  # turns with a doubt flag
        self.speakers: list[str] = []  # codes, participants first, in the order of the record
        self.unknown_speakers: list[str] = []  # "S?": nobody knows who speaks in those turns
        self._tally: Counter[Verdict | None] | None = None  # None until it is asked for
        self._places: dict[str, int] = {}  # of mentions in the order of reading, by their keys
        self.withdrawals: tuple[StandingWithdrawal, ...] = ()  # of who takes part
        self.has_return = False  # a participant's copy came back and waits
        self._known = _Known()
        self._newest: dict[str, Decision] = {}
        self._searched: dict[int, str] = {}
        self._proposed_in: dict[int, list[Mention]] = {}  # by the turn's key

    def refresh(self) -> None:
        """Read the interview, or the changes that another program has made since."""
        self._read()
        self.is_read = True

    def _read(self) -> None:
        self.summary = self.interview.summary
        self.withdrawals = find_withdrawals(self.summary, list_withdrawn(self.interview.study))
        self.has_return = has_waiting_return(self.interview)
        if self.corrections is None:
            try:
                self.corrections = TranscriptEditor(self.interview)
            except StepMissing:
                return
        else:
            self.corrections.catch_up()
        version = self.interview.find_newest_version(ArtefactKind.MENTIONS)
        if version != self._known.mentions:
            self._read_mentions(version)
        self._read_decisions()
        self.progress = read_review_progress(self.interview)
        self.sent_back = self._sent_back(self.summary)
        self.note_edit()

    def note_edit(self, touched: Collection[int] | None = None) -> None:
        """Take over edits: in the turns of the keys ``touched``, anywhere for None."""
        if self.corrections is None:
            return
        state = self.corrections.state
        turns, self.headings = state.turns, state.events
        kin = state.trace_turns()
        moved = {key for source, heirs in kin.items() for key in (source, *heirs)}
        is_order_kept = len(turns) == len(self.turns)
        if len(turns) != len(self.turns) or state.events is not self._events_of:
            self._events_of = state.events
            self.events = select_shown_events(
                select_pauses(state.events, turns, read_settings(self.interview.study).pause_s)
            )
        self.turns = turns
        self.doubtful_turns = sum(1 for turn in turns if turn.is_doubtful)
        spoken = dict.fromkeys(turn.speaker for turn in turns)
        self.speakers = self._all_speakers(spoken)
        self.unknown_speakers = sorted(code for code in spoken if not is_code(code))
        if touched is None or not is_order_kept or not moved.isdisjoint(touched):
            self.turn_places = {turn.key: number for number, turn in enumerate(turns)}
            self.decided = self._placed(self._proposed, {t.key: t.text for t in turns}, kin)
        else:
            self._place_again(touched)
        self.lost_mentions = len(self._proposed) - len(self.decided)
        self._places = {one.mention.key: place for place, one in enumerate(self.decided)}
        self._tally = None

    def _placed(
        self,
        mentions: Sequence[Mention],
        texts: Mapping[int, str],
        kin: Mapping[int, Sequence[int]],
    ) -> tuple[DecidedMention, ...]:
        """Return mentions at their places in the current text, in its order."""
        from anonymise import MentionRelocation

        pairs = pair_decisions(mentions, self._newest.values())
        placed = MentionRelocation(self._searched, texts, kin).relocate_mentions(pairs)
        return tuple(sorted(placed, key=self._where))

    def _where(self, one: DecidedMention) -> tuple[int, int]:
        return self.turn_places[one.mention.turn], one.mention.start

    def _place_again(self, touched: Iterable[int]) -> None:
        """Place the mentions of turns anew that were edited, but neither split nor joined."""
        now = list(self.decided)
        for key in touched:
            turn, number = self.find_turn(key), self.number_of_turn(key)
            if turn is not None and number >= 0:
                first = bisect_left(now, (number, -1), key=self._where)
                last = bisect_left(now, (number + 1, -1), key=self._where)
                now[first:last] = self._placed(self._proposed_in.get(key, ()), {key: turn.text}, {})
        self.decided = tuple(now)

    def note_decisions(self) -> list[int] | None:
        """Take over new decisions; return the indexes of changed mentions, None for all."""
        if self.interview.find_newest_version(ArtefactKind.MENTIONS) != self._known.mentions:
            self.refresh()
            return None
        now, changed = list(self.decided), list[int]()
        for key in dict.fromkeys(decision.mention for decision in self._read_decisions()):
            place = self._places.get(key)
            if place is None:
                continue  # its words were typed over: it stands nowhere
            (one,) = pair_decisions([now[place].mention], [self._newest[key]])
            if one != now[place]:
                if self._tally is not None:
                    self._tally[_verdict(now[place])] -= 1
                    self._tally[_verdict(one)] += 1
                now[place] = one
                changed.append(place)
        self.decided = tuple(now)
        return sorted(changed)

    def refresh_summary(self) -> None:
        """Read the interview's summary again."""
        self.summary = self.interview.summary

    @property
    def is_stale(self) -> bool:
        """Whether the text has changed since it was searched."""
        if self.mentions is None or self.corrections is None:
            return False
        ref, state = self.mentions.transcript, self.corrections.state
        if ref.kind is ArtefactKind.CORRECTED:
            return (ref.version, ref.edits) != (state.version, state.edits)
        return bool(state.version) or ref.version != self.interview.find_newest_version(
            ArtefactKind.RAW
        )

    @property
    def undecided_count(self) -> int:
        """The number of undecided mentions."""
        return self.tally().get(None, 0)

    @property
    def looked_at_count(self) -> int:
        """The number of turns that somebody has looked at; some may have been removed since."""
        return min(len(self.turns), len(self.progress.looked_at))

    def find_turn(self, key: int | None) -> Turn | None:
        """Return a turn by its key."""
        return (
            self.corrections.state.find_turn(key)
            if self.corrections is not None and key is not None
            else None
        )

    def number_of_turn(self, key: int | None) -> int:
        """Return the index of a turn by its key; -1 where there is none."""
        return self.turn_places.get(key, -1) if key is not None else -1

    def is_searched(self, key: int) -> bool:
        """Whether a turn has the same text as when it was searched."""
        turn = self.find_turn(key)
        return turn is not None and self._searched.get(key) == turn.text

    def read_original(self, place: int) -> str:
        """Return the words at the place of a mention, by its index."""
        mention = self.decided[place].mention
        turn = self.find_turn(mention.turn)
        return turn.text[mention.start : mention.end] if turn else ""

    def _sent_back(self, summary: InterviewSummary) -> SignOff | None:
        """Return the officer's reasons, where the interview was sent back and not signed since."""
        if not self.interview.study.ring.holds(KeyClass.CLEAN):
            return None
        one = self.interview.read_artefact(ArtefactKind.SIGNED, SignOff)
        if (
            one is None
            or one.ruling is not OfficerRuling.SENT_BACK
            or summary.state is InterviewState.READY
        ):
            return None
        return one

    def _all_speakers(self, spoken: Iterable[str]) -> list[str]:
        about = self.summary.about if self.summary else None
        known = [p.code for p in about.participants] if about else []
        known += about.channels if about else ()
        # Speakers keep their numbers: else a key would mean somebody else after an edit.
        return list(dict.fromkeys([*known, *self.speakers, *filter(is_code, spoken)]))

    def find_objection(self, mention: str) -> str:
        """Return why an officer sent the mention with this key back, "" where nobody did."""
        objections = self.sent_back.objections if self.sent_back else ()
        return next((one.reason for one in objections if one.mention == mention), "")

    def find_turn_objection(self, turn: int | None) -> str:
        """Return why an officer sent the turn with this key back, "" where nobody did."""
        return self.turn_objections.get(turn, "") if turn is not None else ""

    @property
    def turn_objections(self) -> dict[int, str]:
        """The reasons for which an officer sent turns back, by the turns' keys."""
        facts = self.summary.facts.sign_off if self.summary else None
        heard = self.summary.versions.get(ArtefactKind.RAW, 0) if self.summary else 0
        if self.sent_back is None or facts is None or facts.basis.raw != heard:
            return {}  # the turns of another transcription are others
        return {one.turn: one.reason for one in self.sent_back.objections if one.turn}

    def tally(self) -> Mapping[Verdict | None, int]:
        """Count the mentions by what was decided about them; None counts the undecided ones."""
        if self._tally is None:
            self._tally = Counter(map(_verdict, self.decided))
        return self._tally

    @property
    def _proposed(self) -> Sequence[Mention]:
        return self.mentions.mentions if self.mentions else ()

    def _read_mentions(self, version: int) -> None:
        self.mentions = self.interview.read_artefact(ArtefactKind.MENTIONS, Mentions, version)
        source = read_searched_transcript(self.interview, self.mentions) if self.mentions else None
        self._searched = source.turn_texts() if source else {}
        self._proposed_in = {}
        for mention in self._proposed:
            self._proposed_in.setdefault(mention.turn, []).append(mention)
        self._newest = {}
        self._known = _Known(version)

    def _read_decisions(self) -> list[Decision]:
        """Read the new decisions, and return them."""
        known = self._known
        new = self.interview.read_entries_after(
            ArtefactKind.MENTIONS, Decision, known.mentions, known.decisions
        )
        self._newest |= {decision.mention: decision for decision in new}
        self._known = _Known(known.mentions, known.decisions + len(new))
        return new


def _verdict(one: DecidedMention) -> Verdict | None:
    return one.decision.verdict if one.decision is not None else None
