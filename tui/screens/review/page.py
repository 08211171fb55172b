"""What all parts of the review screen share: what is under review, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.timer import Timer

from study import progress
from study.artefacts import Summary
from study.correcting import Correcting
from study.decided import Decided
from study.errors import EarshotError
from study.terms import Turn
from tui.commands import Place
from tui.reviewing import Reviewing
from tui.screens.place import PlaceScreen
from tui.widgets import wording
from tui.widgets.detail import Detail
from tui.widgets.editor import TurnEditor
from tui.widgets.mentions import MentionList
from tui.widgets.plain import Plain, Steady
from tui.widgets.timeline import Timeline
from tui.widgets.transcript import TranscriptView

_LATER_S = 0.3  # of no key: what is shown then no decision waits for
_SPEAKERS_TOLD = 4  # of their numbers, in the line above the timeline


class ReviewPage(PlaceScreen):
    """One interview: its words, its cursor, and what is known of both."""

    place: ClassVar[Place] = Place.INTERVIEW

    def __init__(self, interview: str) -> None:
        super().__init__()
        self.interview = interview
        self.review: Reviewing | None = None
        self.mode = ""  # "", "list" or "timeline": what the arrows go along
        self.looked_at: set[int] = set()  # since they were last noted in the study
        self._told = ""
        self._offered: tuple[bool, bool, Summary] | None = None  # what the keys depend on
        self._waiting: Timer | None = None
        self._pulse = 0  # of the study, when it was read last
        self.begin_at: tuple[int, str] | None = None  # a turn, and the key of a mention in it

    def chosen(self) -> Summary | None:
        """Return this interview."""
        return self.review.summary if self.review else None

    @property
    def view(self) -> TranscriptView:
        """The transcript."""
        return self.query_one(TranscriptView)

    @property
    def editor(self) -> TurnEditor:
        """The field in which a turn is typed."""
        return self.query_one(TurnEditor)

    @property
    def turn(self) -> Turn | None:
        """The turn that keys act on."""
        return self.review.turn(self.view.turn) if self.review else None

    @property
    def turns(self) -> Sequence[Turn]:
        """All turns, in the order they began."""
        return self.review.turns if self.review else ()

    @property
    def decided(self) -> Sequence[Decided]:
        """All mentions and their decisions, in the order of reading."""
        return self.review.decided if self.review else ()

    def refresh_study(self) -> None:
        """Read everything again."""

        def read() -> None:
            self._pulse = self.earshot.study.pulse()
            if self.review is None:
                self.review = Reviewing(self.earshot.study, self.interview)
            else:
                self.review.refresh()

        try:
            read()
        except EarshotError as error:
            self.query_one("#status", Plain).say(wording.problem(error))
            self.query_one("#empty", Plain).say(wording.problem(error))
            self.set_class(self.review is None, "-empty")
            return
        self.show_all()

    def come_back(self) -> None:
        """Come back from a message or a question: look only for what another program did."""
        self.look_for_others()

    def look_for_others(self) -> None:
        """Take over what another program did to the study, unless somebody is typing."""
        pulse = self.earshot.study.pulse()
        if pulse != self._pulse and not self.editor.is_typing:
            self._pulse = pulse
            if self.review is not None:
                self.refresh_study()

    def show_all(self) -> None:
        """Show everything anew; the cursor stays, or begins at what waits first."""
        if self.review is None:
            return
        turn = self.view.turn
        self.view.show(self.review.turns, self.review.decided, self.review.events)
        if self.begin_at is not None:
            self._begin_at(*self.begin_at)
        elif turn is None or self.turn is None:
            waiting = next((i for i, d in enumerate(self.decided) if d.decision is None), -1)
            if waiting >= 0 or self.decided:
                self.view.point_at(max(waiting, 0))
            elif self.turns:
                self.view.go_to(self.turns[0].key)
        elif self.view.cursor < 0:
            self.go_to_turn(turn)
        self.show_parts()
        self.describe()

    def _begin_at(self, turn: int, mention: str) -> None:
        """Put the cursor where another screen led to."""
        self.begin_at = None
        place = next((n for n, d in enumerate(self.decided) if d.mention.key == mention), -1)
        if place >= 0:
            self.view.point_at(place)
        else:
            self.go_to_turn(turn)

    def show_parts(self) -> None:
        """Show the list of mentions and the timeline anew."""
        review = self.review
        if review is None:
            return
        if self.mode == "list" or self.query_one(MentionList).display:
            self.query_one(MentionList).fill(review.decided, review.original)
        coverage = review.pen.state.base.coverage if review.pen else None
        self.query_one(Timeline).show(
            review.turns,
            review.decided,
            review.events,
            coverage.gaps if coverage else (),
            review.speakers,
            review.summary.sound_s,
        )

    def edit(self, write: Callable[[Correcting], frozenset[int] | bool | None]) -> frozenset[int]:
        """Write with the pen, and show what changed; nothing where it was refused."""
        review = self.review
        if review is None or review.pen is None:
            return frozenset()
        before, pen = review.pen.state.edits, review.pen
        touched: frozenset[int] = frozenset()

        def written() -> None:
            nonlocal touched
            done = write(pen)
            if not isinstance(done, bool):
                touched = done or frozenset()

        if not self.attempt(written):
            return frozenset()
        if pen.state.edits != before:
            self._take_over(touched, together=pen.state.edits == before + 1)
        return touched

    def _take_over(self, touched: frozenset[int], *, together: bool) -> None:
        """Show an edit; where another program edited as well, show everything."""
        review = self.review
        if review is None:
            return
        mentions = [one.mention.key for one in review.decided]
        current = self.current.mention.key if self.current else ""
        review.edited(touched if together else None)
        if not together:
            self.show_all()
            return
        changed = set(touched)
        if mentions != [one.mention.key for one in review.decided]:
            changed |= {one.mention.turn for one in review.decided}
        self.view.change(review.turns, review.decided, review.events, changed)
        place = next((n for n, d in enumerate(self.decided) if d.mention.key == current), -1)
        self.view.go_to(self.view.turn, place, in_sight=False)
        self.later()

    def later(self) -> None:
        """Show what may wait until no key is pressed: the timeline, the list, the state."""
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(_LATER_S, self._show_later)

    def _show_later(self) -> None:
        if self.review is not None and self.is_attached:
            self.attempt(self.review.look_up)
            self.show_parts()
            self.describe(self._told)

    def go_to_turn(self, key: int | None, *, in_sight: bool = True) -> None:
        """Put the cursor on a turn, and on the first of its mentions that waits."""
        self.note_looked_at(key)
        here = self.view.places_in(key)
        waiting = [n for n in here if self.decided[n].decision is None]
        self.view.go_to(key, (waiting or here or [-1])[0], in_sight=in_sight)

    def note_looked_at(self, following: int | None) -> None:
        """Note that the turn under the cursor was looked at, as another comes."""
        if self.view.turn is not None and self.view.turn != following:
            self.looked_at.add(self.view.turn)

    def keep_looked_at(self) -> None:
        """Write down which turns were looked at."""
        review, turns = self.review, self.looked_at
        if review is None or not turns:
            return

        def kept() -> None:
            review.progress = progress.look(review.study, review.interview, turns)

        if self.attempt(kept):
            self.looked_at = set()

    @property
    def current(self) -> Decided | None:
        """The mention that keys act on."""
        at = self.view.cursor
        return self.decided[at] if 0 <= at < len(self.decided) else None

    def describe(self, told: str = "") -> None:
        """Say what is known of the place where the cursor is, and what was just done."""
        review = self.review
        if review is None:
            return
        self._told = told
        at, current, turn = self.view.cursor, self.current, self.turn
        original = review.original(at) if current else ""
        summary = review.summary
        self.query_one("#heading", Steady).say(
            (summary.label, "bold"), f"   {wording.state(summary)}   {wording.length(summary)}"
        )
        self.query_one(Detail).show(current, at, len(self.decided), original)
        self.query_one("#notices", Plain).say("\n".join(review.notices()))
        self.query_one("#empty", Plain).say(wording.next_sentence(summary))
        counts = review.counts() or wording.next_sentence(summary)
        fits = cell_len(counts) + cell_len(told) + 5 <= self.size.width
        said = f"{counts}   {told}" if fits and told else told or counts
        self.query_one("#status", Steady).say(said)
        self.query_one("#progress", Steady).say(self._progress())
        if turn is not None:
            self.query_one(Timeline).point_at(turn.start_s)
        self.set_class(not review.turns, "-empty")
        self.set_class(review.mentions is None, "-no-mentions")
        offered = (bool(review.turns), bool(review.decided), summary)
        if offered != self._offered:  # each time takes longer than a line takes to draw
            self._offered = offered
            self.refresh_bindings()

    def _progress(self) -> str:
        """Say how far the review is, and who has which number."""
        review = self.review
        if review is None or not review.turns:
            return ""
        turns = len(review.turns)
        seen = min(turns, len(self.looked_at - review.progress.looked_at) + review.looked_at)
        doubts = f"   ≈ {review.doubtful} doubtful" if review.doubtful else ""
        who = "  ".join(f"{n} {code}" for n, code in enumerate(review.speakers[:_SPEAKERS_TOLD], 1))
        return f"{seen} of {turns} looked at{doubts}   {who}"
