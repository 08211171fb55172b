"""One interview: its transcript, its mentions, and the decisions about them.

Every decision is in the study before the next key is read; there is no key that saves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.widgets import Input

from study.artefacts import Summary
from study.decided import Decided
from study.errors import EarshotError
from study.terms import Verdict
from tui.commands import Place, bindings
from tui.screens import reading
from tui.screens.place import PlaceScreen
from tui.screens.reading import Reading
from tui.widgets import wording
from tui.widgets.detail import Detail, ReplacementField
from tui.widgets.keys import KeyLine
from tui.widgets.plain import Plain
from tui.widgets.transcript import TranscriptView
from tui.widgets.working import WorkLine

_ABOUT_MENTIONS = {"step", "step_undecided", "decide", "change", "undo"}


class InterviewScreen(PlaceScreen):
    """The transcript to read, and the mentions to decide."""

    place: ClassVar[Place] = Place.INTERVIEW
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.INTERVIEW)

    def __init__(self, interview: str) -> None:
        super().__init__()
        self._interview = interview
        self._reading: Reading | None = None
        self._made: list[tuple[str, ...]] = []  # decisions made here, to be taken back in turn

    def compose(self) -> ComposeResult:
        """Lay out the heading, the transcript beside what is known of it, and the keys."""
        yield Plain(id="heading", classes="bar")
        with Container(id="body"):
            yield TranscriptView(id="transcript")
            yield Plain(id="empty")
            with Vertical(id="side"):
                yield Detail(id="detail")
                yield Plain(id="notices")
        yield Plain("The window is too small: make it larger.", classes="too-small")
        yield Plain(id="status")
        yield WorkLine(id="work")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        """Read the interview; the cursor begins at the first mention that waits."""
        super().on_mount()
        self.refresh_study()
        self._view.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to decide only where there is something to decide."""
        if action.partition("(")[0] in _ABOUT_MENTIONS and not self._decided:
            return False
        return super().check_action(action, parameters)

    def chosen(self) -> Summary | None:
        """Return this interview."""
        return self._reading.summary if self._reading else None

    def refresh_study(self) -> None:
        """Read everything again."""
        try:
            self._reading = reading.read(self.earshot.study, self._interview)
        except EarshotError as error:
            self.query_one("#status", Plain).say(wording.problem(error))
            return
        self._view.show(self._reading.turns, self._reading.decided, self._reading.events)
        if self._view.cursor < 0:
            waiting = self._undecided_from(-1, 1)
            self._view.point_at(-1 if waiting is None else waiting)
        self._describe()

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss(None)

    def action_move(self, direction: str) -> None:
        """Scroll."""
        self._view.move(direction)

    def action_step(self, by: int) -> None:
        """Go to the mention that many further on."""
        count = len(self._decided)
        if count:
            at = self._view.cursor
            self._go_to(max(0, min(count - 1, at + by)) if at >= 0 else 0)

    def action_step_undecided(self, by: int) -> None:
        """Go to the next mention without a decision, round the end if need be."""
        found = self._undecided_from(self._view.cursor, by)
        if found is not None:
            self._go_to(found)
        elif self._decided:
            self._describe("Every mention is decided.")

    def action_decide(self, verdict: str, alike: bool) -> None:  # noqa: FBT001 - from the table
        """Decide about the current mention, or all like it."""
        self._decide(Verdict(verdict), alike=alike)

    def action_change(self) -> None:
        """Open the field for another replacement."""
        current = self._current
        if current is not None and self._reading is not None:
            original = self._reading.original(self._view.cursor)
            self.query_one(Detail).ask(original, current.replacement)

    def action_undo(self) -> None:
        """Take back the decision about the current mention, or else the last one made."""
        from anonymise import deciding

        current = self._current
        last = self._made[-1] if self._made else ()
        if current is not None and current.decision and current.mention.key not in last:
            meant: tuple[str, ...] = (current.mention.key,)
        else:
            meant = self._made.pop() if self._made else ()
        try:
            undone = deciding.undo(self.earshot.study, self._interview, *meant)
        except EarshotError as error:
            self.tell(wording.problem(error))
            return
        self._reread()
        if not undone:
            self._describe("There is nothing to undo.")
            return
        keys = {decision.mention for decision in undone}
        places = [i for i, d in enumerate(self._decided) if d.mention.key in keys]
        self._go_to(places[0] if places else self._view.cursor)
        self._describe(f"{_counted(len(undone))} undone.")

    @on(Input.Submitted, "#replacement")
    def _replace(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if not typed:
            self._describe("Type something, or press Esc.")
            return
        self._stop_typing()
        self._decide(Verdict.CHANGED, replacement=typed)

    @on(ReplacementField.GivenUp)
    def _stop_typing(self) -> None:
        self.query_one(Detail).close()
        self._view.focus()
        self._describe()

    @property
    def _view(self) -> TranscriptView:
        return self.query_one(TranscriptView)

    @property
    def _decided(self) -> Sequence[Decided]:
        return self._reading.decided if self._reading else ()

    @property
    def _current(self) -> Decided | None:
        at = self._view.cursor
        return self._decided[at] if 0 <= at < len(self._decided) else None

    def _decide(self, verdict: Verdict, *, replacement: str = "", alike: bool = False) -> None:
        from anonymise import deciding

        current = self._current
        if current is None:
            return
        try:
            made = deciding.decide(
                self.earshot.study,
                self._interview,
                current.mention.key,
                verdict,
                replacement=replacement,
                alike=alike,
            )
        except EarshotError as error:
            self.tell(wording.problem(error))
            return
        self._reread()
        self._made.append(tuple(decision.mention for decision in made))
        following = self._undecided_from(self._view.cursor, 1)
        if following is not None:
            self._go_to(following)
        self._describe(f"{_counted(len(made))} {verdict.value}.")

    def _reread(self) -> None:
        """Read the decisions again, and draw the turns anew in which one changed."""
        before = self._decided
        if self._reading is None:
            return
        try:
            self._reading = reading.again(self.earshot.study, self._reading)
        except EarshotError as error:
            self.tell(wording.problem(error))
            return
        now = self._decided
        if [d.mention.key for d in before] != [d.mention.key for d in now]:
            self._view.show(self._reading.turns, now, self._reading.events)
            return
        changed = [i for i, (was, is_) in enumerate(zip(before, now, strict=True)) if was != is_]
        self._view.redecide(now, changed)

    def _undecided_from(self, at: int, by: int) -> int | None:
        count = len(self._decided)
        begin = at if at >= 0 or by > 0 else 0
        ring = [(begin + by * step) % count for step in range(1, count + 1)] if count else []
        return next((place for place in ring if self._decided[place].decision is None), None)

    def _go_to(self, place: int) -> None:
        self._view.point_at(place)
        self._describe()

    def _describe(self, told: str = "") -> None:
        now = self._reading
        if now is None:
            return
        at = self._view.cursor
        original = now.original(at) if self._current else ""
        self.query_one("#heading", Plain).say(
            (now.summary.label, "bold"),
            f"   {wording.state(now.summary)}   {wording.length(now.summary)}",
        )
        self.query_one(Detail).show(self._current, at, len(now.decided), original)
        self.query_one("#notices", Plain).say("\n".join(now.notices()))
        self.query_one("#empty", Plain).say(wording.next_sentence(now.summary))
        self.query_one("#status", Plain).say(
            now.counts() or wording.next_sentence(now.summary), f"   {told}" if told else ""
        )
        self.set_class(not now.turns, "-empty")
        self.set_class(now.mentions is None, "-no-mentions")
        self.refresh_bindings()


def _counted(count: int) -> str:
    return "1 mention" if count == 1 else f"{count} mentions"
