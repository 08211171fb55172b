"""The page of the review: the transcript, the mentions, and the details at the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from rich.cells import cell_len
from textual.geometry import Size
from textual.timer import Timer

from app import CommandPlace, InterviewReview
from study import DecidedMention, InterviewSummary, name_language
from tui.screens.review import notices
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_widgets import ReviewWidgets
from tui.widgets.labels import describe_next_step, format_length, format_state

_LATER_S = 0.3  # of no key: what is shown then no decision waits for


class _Frame(Protocol):
    """The few methods of the screen that the page calls."""

    @property
    def size(self) -> Size: ...

    @property
    def is_attached(self) -> bool: ...

    def try_change(self, act: Callable[[], None]) -> bool: ...

    def set_timer(self, delay: float, callback: Callable[[], object]) -> Timer: ...

    def set_class(self, add: bool, *class_names: str) -> object: ...  # noqa: FBT001 - Textual's

    def refresh_bindings(self) -> None: ...

    def follow_keys(self) -> None: ...


class ReviewPage:
    """Shows the interview: everything, one edit, one decision, or only the place of the cursor."""

    def __init__(
        self, review: InterviewReview, cursor: Cursor, widgets: ReviewWidgets, frame: _Frame
    ) -> None:
        self._review, self._cursor = review, cursor
        self._widgets, self._frame = widgets, frame
        self.mode = ""  # "", "list" or "timeline": what the arrows go along
        self.begin_at: tuple[int, str] | None = None  # a turn, and the key of a mention in it
        self.running = ""  # what runs on this interview in the background
        self._said = ""
        # The facts that decide which keys apply, as they were when the keys were drawn last.
        self._offered: tuple[bool, bool, InterviewSummary | None] | None = None
        self._waiting: Timer | None = None

    def show_all(self) -> None:
        """Show everything anew; the cursor stays, or starts at the first undecided mention."""
        review, view, cursor = self._review, self._widgets.view, self._cursor
        if not review.is_read:
            return
        turn, mention = view.turn, view.mention
        view.number_speakers(review.speakers)
        view.show_objections(review.turn_objections)
        view.show(review.turns, review.decided, review.events)
        if self.begin_at is not None:
            self._begin_at(*self.begin_at)
        elif turn is None or cursor.turn is None:
            waiting = next((i for i, d in enumerate(review.decided) if d.decision is None), -1)
            objected = next((t.key for t in review.turns if t.key in review.turn_objections), None)
            if waiting < 0 and objected is not None:
                cursor.go_to_turn(objected)
            elif waiting >= 0 or review.decided:
                view.point_at(max(waiting, 0))
            elif review.turns:
                view.go_to(review.turns[0].key)
        else:
            self._stay_at(turn, mention)
        self.show_parts()
        self.describe()

    def _begin_at(self, turn: int, mention: str) -> None:
        """Put the cursor where another screen led to."""
        self.begin_at = None
        place = self._place_of(mention)
        if place >= 0:
            self._widgets.view.point_at(place)
        else:
            self._cursor.go_to_turn(turn)

    def _stay_at(self, turn: int, was: DecidedMention | None) -> None:
        """Put the cursor on the mention that it was on, whatever number that has now.

        A search gives the same words a mention with another key; where the words are no mention any
        more, the cursor is on their turn.
        """
        place = -1
        if was is not None:
            here = (was.mention.turn, was.mention.start)
            places = {
                (d.mention.turn, d.mention.start): n for n, d in enumerate(self._review.decided)
            }
            place = self._place_of(was.mention.key)
            place = place if place >= 0 else places.get(here, -1)
        if place >= 0:
            self._widgets.view.go_to(turn, place, in_sight=False)
        else:
            self._cursor.go_to_turn(turn, in_sight=False)

    def _place_of(self, mention: str) -> int:
        """Return the place of the mention with a key, -1 for none."""
        pairs = enumerate(self._review.decided)
        return next((n for n, d in pairs if d.mention.key == mention), -1)

    def show_parts(self) -> None:
        """Show the list of mentions and the timeline anew."""
        review = self._review
        if not review.is_read:
            return
        if self.mode == "list" or self._widgets.mentions.display:
            self._fill_list()
        coverage = review.corrections.state.base.coverage if review.corrections else None
        self._widgets.timeline.show(
            review.turns,
            review.decided,
            review.events,
            coverage.gaps if coverage else (),
            review.speakers,
            review.summary.sound_s if review.summary else 0.0,
        )

    def _fill_list(self) -> None:
        self._widgets.mentions.fill(self._review.decided, self._review.read_original)

    def set_mode(self, mode: str, sentence: str = "") -> None:
        """Set what the arrows move along: "" for the turns, "list" or "timeline"."""
        self.mode = mode
        self._frame.set_class(mode == "list", "-listing")
        self._widgets.mentions.show_cursor(mode == "list")
        if mode == "list":
            self._fill_list()
        self._frame.set_class(mode == "timeline", "-along")
        self.describe(sentence)

    def show_edit(self, touched: frozenset[int], *, together: bool) -> None:
        """Show an edit of the turns ``touched``.

        together: nobody else edited meanwhile; otherwise everything is shown anew.
        """
        review, view = self._review, self._widgets.view
        mentions = [one.mention.key for one in review.decided]
        current = self._cursor.mention
        review.note_edit(touched if together else None)
        if not together:
            self.show_all()
            return
        changed = set(touched)
        if mentions != [one.mention.key for one in review.decided]:
            changed |= {one.mention.turn for one in review.decided}
        view.number_speakers(review.speakers)
        view.show_edit(review.turns, review.decided, review.events, changed)
        place = self._place_of(current.mention.key if current else "")
        view.go_to(view.turn, place, in_sight=False)
        self.show_later()

    def show_decisions(self, changed: Iterable[int]) -> None:
        """Show the new decisions about the mentions at these places."""
        self._widgets.view.show_decisions(self._review.decided, list(changed))
        self.show_later()

    def show_later(self) -> None:
        """Show the timeline, the list and the state once no key is pressed for a moment."""
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self._frame.set_timer(_LATER_S, self.show_now)

    def show_now(self) -> None:
        """Show at once what ``show_later`` still delays."""
        if self._frame.is_attached:
            self._frame.try_change(self._review.refresh_summary)
            self.show_parts()
            self.describe(self._said)

    def follow_cursor(self) -> None:
        """Show the keys that help at the cursor, where nothing else changed."""
        self._frame.follow_keys()

    @property
    def said(self) -> str:
        """The last action's message, "" for none."""
        return self._said

    def describe(self, said: str = "") -> None:
        """Show the details at the cursor, and the last action's message."""
        review, on, summary = self._review, self._widgets, self._review.summary
        if not review.is_read or summary is None:
            return
        self._said = said
        at, mention, turn = on.view.cursor, self._cursor.mention, self._cursor.turn
        made = review.corrections.state.base.recognition if review.corrections else None
        about = (
            format_state(summary, review.withdrawals),
            format_length(summary),
            name_language(made.language) if made else "",
        )
        on.heading.say((summary.label, "bold"), *(f"   {part}" for part in about if part))
        original = review.read_original(at) if mention else ""
        objection = review.find_objection(mention.mention.key) if mention else ""
        on.detail.show(mention, at, len(review.decided), original, objection)
        on.notices.say("\n".join(notices.notices(review, is_running=bool(self.running))))
        step = self.running or describe_next_step(
            summary,
            review.withdrawals,
            review.interview.study.role,
            is_returned=review.has_return,
            place=CommandPlace.INTERVIEW,
        )
        on.empty.say(step)
        counts = notices.counts(review)
        told = said or (step if review.turns else "")  # else it stands in the middle already
        only = counts if counts and not said and review.undecided_count else told
        room = self._frame.size.width - cell_len(told) - 5
        before = next(
            (one for one in (counts, notices.count_open(review)) if one and cell_len(one) <= room),
            "",
        )
        on.status.say(f"{before}   {told}" if before else only)
        has_blocks = on.timeline.shows_blocks
        on.progress.say(*notices.progress(review, self._cursor.looked_at, has_blocks=has_blocks))
        if turn is not None:
            on.timeline.point_at(turn.start_s)
        self._frame.set_class(not review.turns, "-empty")
        self._frame.set_class(review.mentions is None, "-no-mentions")
        self._frame.follow_keys()
        offered = (bool(review.turns), bool(review.decided), summary)
        if offered != self._offered:  # each time takes longer than a line takes to draw
            self._offered = offered
            self._frame.refresh_bindings()
