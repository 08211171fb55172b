"""What the review of one interview holds in memory: the words, the mentions, how far it is.

It reads the study once, and after each edit or decision no more than what is new. It knows no
screen, and decides nothing about what an edit or a decision means.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from study import decided, progress
from study.artefacts import Kind, State, Summary
from study.conventions import settings
from study.correcting import Correcting
from study.decided import Decided
from study.errors import StepMissing
from study.events import shown, with_pauses
from study.progress import Progress
from study.store import Study
from study.terms import Decision, Mark, Mention, Mentions, Ruling, SignOff, Turn, Verdict


@dataclass(frozen=True, slots=True)
class _Known:
    """What of the study is in memory already: versions of mentions, and how many decisions."""

    mentions: int = 0
    decisions: int = 0


class Reviewing:
    """One interview under review. Methods raise as the study does (KeyNotHeld and others)."""

    def __init__(self, study: Study, interview: str) -> None:
        """Prepare to review an interview, by its id or label; ``refresh`` reads it."""
        self.study, self.interview = study, interview
        self.is_read = False
        self.summary: Summary | None = None
        self.pen: Correcting | None = None
        self.mentions: Mentions | None = None
        self.decided: tuple[Decided, ...] = ()
        self.progress = Progress()
        self.turns: list[Turn] = []
        self.order: dict[int, int] = {}  # the places of turns, by their keys
        self.events: tuple[Mark, ...] = ()  # those that a reader is told of
        self.headings: tuple[Mark, ...] = ()  # all events, as the pen counts them
        self._events_of: tuple[Mark, ...] = ()
        self.sent_back: SignOff | None = None  # the officer's reasons, while they are the last word
        self.lost = 0  # mentions whose words were typed over
        self.doubtful = 0  # turns that a person should doubt
        self.speakers: list[str] = []  # codes, participants first, in the order of the record
        self._tally: Counter[Verdict | None] | None = None  # None until it is asked for
        self._places: dict[str, int] = {}  # of mentions in the order of reading, by their keys
        self._known = _Known()
        self._newest: dict[str, Decision] = {}
        self._searched: dict[int, str] = {}
        self._proposed_in: dict[int, list[Mention]] = {}  # by the turn's key

    def refresh(self) -> None:
        """Read the interview, or what another program has done to it since."""
        self._read()
        self.is_read = True

    def _read(self) -> None:
        self.summary = self.study.find(self.interview)
        self.interview = self.summary.id
        if self.pen is None:
            try:
                self.pen = Correcting(self.study, self.interview)
            except StepMissing:
                return
        else:
            self.pen.catch_up()
        version = self.study.version(self.interview, Kind.MENTIONS)
        if version != self._known.mentions:
            self._read_mentions(version)
        self._read_decisions()
        self.progress = progress.read(self.study, self.interview)
        self.sent_back = self._sent_back(self.summary)
        self.edited()

    def edited(self, touched: Collection[int] | None = None) -> None:
        """Take over what the pen wrote: in the turns ``touched``, anywhere for None."""
        if self.pen is None:
            return
        state = self.pen.state
        turns, self.headings = state.turns, state.events
        kin = state.kin()
        moved = {key for source, heirs in kin.items() for key in (source, *heirs)}
        is_order_kept = len(turns) == len(self.turns)
        if len(turns) != len(self.turns) or state.events is not self._events_of:
            self._events_of = state.events
            self.events = shown(with_pauses(state.events, turns, settings(self.study).pause_s))
        self.turns = turns
        self.doubtful = sum(1 for turn in turns if turn.flags)
        self.speakers = self._all_speakers()
        if touched is None or not is_order_kept or not moved.isdisjoint(touched):
            self.order = {turn.key: number for number, turn in enumerate(turns)}
            self.decided = self._placed(self._proposed, {t.key: t.text for t in turns}, kin)
        else:
            self._place_again(touched)
        self.lost = len(self._proposed) - len(self.decided)
        self._places = {one.mention.key: place for place, one in enumerate(self.decided)}
        self._tally = None

    def _placed(
        self,
        mentions: Sequence[Mention],
        texts: Mapping[int, str],
        kin: Mapping[int, Sequence[int]],
    ) -> tuple[Decided, ...]:
        """Return mentions where they stand now, in the order of reading."""
        from anonymise.placing import Placing

        pairs = decided.standing(mentions, self._newest.values())
        placed = Placing(self._searched, texts, kin).placed(pairs)
        return tuple(sorted(placed, key=self._where))

    def _where(self, one: Decided) -> tuple[int, int]:
        return self.order[one.mention.turn], one.mention.start

    def _place_again(self, touched: Iterable[int]) -> None:
        """Place the mentions of turns anew that were neither split nor joined."""
        now = list(self.decided)
        for key in touched:
            turn, number = self.turn(key), self.number(key)
            if turn is not None and number >= 0:
                first = bisect_left(now, (number, -1), key=self._where)
                last = bisect_left(now, (number + 1, -1), key=self._where)
                now[first:last] = self._placed(self._proposed_in.get(key, ()), {key: turn.text}, {})
        self.decided = tuple(now)

    def decided_again(self) -> list[int] | None:
        """Take over new decisions; return the places of what changed, None for everything."""
        if self.study.version(self.interview, Kind.MENTIONS) != self._known.mentions:
            self.refresh()
            return None
        now, changed = list(self.decided), list[int]()
        for key in dict.fromkeys(decision.mention for decision in self._read_decisions()):
            place = self._places.get(key)
            if place is None:
                continue  # its words were typed over: it stands nowhere
            (one,) = decided.standing([now[place].mention], [self._newest[key]])
            if one != now[place]:
                if self._tally is not None:
                    self._tally[_verdict(now[place])] -= 1
                    self._tally[_verdict(one)] += 1
                now[place] = one
                changed.append(place)
        self.decided = tuple(now)
        return sorted(changed)

    def look_up(self) -> None:
        """Read the line that the list of interviews would show."""
        self.summary = self.study.find(self.interview)

    @property
    def is_stale(self) -> bool:
        """Whether the words are others than those that were searched."""
        if self.mentions is None or self.pen is None:
            return False
        ref, state = self.mentions.transcript, self.pen.state
        if ref.kind is Kind.CORRECTED:
            return (ref.version, ref.edits) != (state.version, state.edits)
        return bool(state.version) or ref.version != self.study.version(self.interview, Kind.RAW)

    @property
    def undecided(self) -> int:
        """How many mentions wait for a person."""
        return sum(one.decision is None for one in self.decided)

    @property
    def looked_at(self) -> int:
        """How many of the turns somebody has looked at; some may be gone since."""
        return min(len(self.turns), len(self.progress.looked_at))

    def turn(self, key: int | None) -> Turn | None:
        """Return a turn by its key."""
        return self.pen.state.turn(key) if self.pen is not None and key is not None else None

    def number(self, key: int | None) -> int:
        """Return the place of a turn among all, -1 where there is none of this key."""
        return self.order.get(key, -1) if key is not None else -1

    def is_searched(self, key: int) -> bool:
        """Whether a turn says what it said when it was searched."""
        turn = self.turn(key)
        return turn is not None and self._searched.get(key) == turn.text

    def original(self, place: int) -> str:
        """Return what was said where a mention stands."""
        mention = self.decided[place].mention
        turn = self.turn(mention.turn)
        return turn.text[mention.start : mention.end] if turn else ""

    def _sent_back(self, summary: Summary) -> SignOff | None:
        """Return the officer's reasons, where the interview was sent back and not signed since."""
        one = self.study.get(self.interview, Kind.SIGNED, SignOff)
        if one is None or one.ruling is not Ruling.SENT_BACK or summary.state is State.READY:
            return None
        return one

    def _all_speakers(self) -> list[str]:
        about = self.summary.about if self.summary else None
        known = [p.code for p in about.participants] if about else []
        known += about.channels if about else ()
        # Who has a number keeps it: a key that means somebody else after each edit is a trap.
        return list(dict.fromkeys([*known, *self.speakers, *(turn.speaker for turn in self.turns)]))

    def tally(self) -> Mapping[Verdict | None, int]:
        """Count the mentions by what was decided about them; None counts the undecided ones."""
        if self._tally is None:
            self._tally = Counter(map(_verdict, self.decided))
        return self._tally

    @property
    def _proposed(self) -> Sequence[Mention]:
        return self.mentions.mentions if self.mentions else ()

    def _read_mentions(self, version: int) -> None:
        self.mentions = self.study.get(self.interview, Kind.MENTIONS, Mentions, version)
        source = (
            decided.searched(self.study, self.interview, self.mentions) if self.mentions else None
        )
        self._searched = source.texts() if source else {}
        self._proposed_in = {}
        for mention in self._proposed:
            self._proposed_in.setdefault(mention.turn, []).append(mention)
        self._newest = {}
        self._known = _Known(version)

    def _read_decisions(self) -> list[Decision]:
        """Take in the decisions that are new, and return them."""
        known = self._known
        new = self.study.entries_after(
            self.interview, Kind.MENTIONS, Decision, known.mentions, known.decisions
        )
        self._newest |= {decision.mention: decision for decision in new}
        self._known = _Known(known.mentions, known.decisions + len(new))
        return new


def _verdict(one: Decided) -> Verdict | None:
    return one.decision.verdict if one.decision is not None else None
