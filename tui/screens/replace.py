"""Find and replace: every place is shown before and after, and any can be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from study.artefacts import Summary
from study.correcting import Correcting
from study.errors import EarshotError, StepMissing
from study.finding import Find, Replacing
from study.screen_text import clock
from study.store import Study
from tui import next_steps
from tui.commands import Place, bindings
from tui.widgets import wording
from tui.widgets.plain import Plain
from tui.widgets.rows import Rows

_HINT = (
    "Space leaves a place out or takes it in, Enter replaces what is ticked, "
    "S looks through the whole study or only here."
)


@dataclass(slots=True)
class _Place:
    """One place, and whether it is to be replaced."""

    summary: Summary
    pen: Correcting
    find: Find
    is_wanted: bool = True


class ReplaceScreen(ModalScreen[int | None]):
    """Two fields, and below them every place; the answer is how many were replaced."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.REPLACING)

    def __init__(self, study: Study, interview: str, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys
        self._study, self._interview = study, interview
        self._everywhere = False
        self._places: list[_Place] = []

    def compose(self) -> ComposeResult:
        """Lay out the fields, the places, and what keys do."""
        with Vertical(classes="page"):
            yield Plain("Find and replace: whole words, in any case", classes="bar")
            yield Input(id="wanted", placeholder="What is looked for", compact=True)
            yield Input(id="instead", placeholder="What is to stand there", compact=True)
            yield Plain(id="found", classes="words")
            yield Rows(id="places")
            yield Plain("Enter goes to the next field. Escape leaves.", id="hint", classes="hint")

    @on(Input.Submitted, "#wanted")
    def _wanted(self) -> None:
        self.query_one("#instead", Input).focus()

    @on(Input.Submitted, "#instead")
    def _look(self) -> None:
        self.set_focus(None)
        self._find()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters be letters while a field is typed in."""
        del parameters
        return action == "leave" or self.focused is None

    def action_move(self, direction: str) -> None:
        """Go along the places."""
        self.query_one(Rows).move(direction)

    def action_tick(self) -> None:
        """Leave a place out, or take it in again."""
        at = self.query_one(Rows).cursor
        if 0 <= at < len(self._places):
            self._places[at].is_wanted = not self._places[at].is_wanted
            self._show()
            self.query_one(Rows).choose(at + 1)

    def action_everywhere(self) -> None:
        """Look through the whole study, or only through this interview."""
        self._everywhere = not self._everywhere
        self._find()

    def action_fields(self) -> None:
        """Go back to the fields."""
        self.query_one("#wanted", Input).focus()

    def action_replace(self) -> None:
        """Replace what is ticked."""
        wanted: dict[str, list[Find]] = {}
        pens: dict[str, Correcting] = {}
        for place in self._places:
            if place.is_wanted:
                wanted.setdefault(place.summary.id, []).append(place.find)
                pens[place.summary.id] = place.pen
        done = 0
        try:
            for interview, finds in wanted.items():
                done += pens[interview].replace(finds, self._replacing)
        except EarshotError as error:
            self._say(next_steps.problem(error, self._keys))
            return
        self.dismiss(done)

    def action_leave(self) -> None:
        """Replace nothing after all."""
        self.dismiss(None)

    @property
    def _replacing(self) -> Replacing:
        wanted = self.query_one("#wanted", Input).value
        return Replacing(wanted, " ".join(self.query_one("#instead", Input).value.split()))

    def _find(self) -> None:
        self._places = []
        try:
            every = self._study.summaries() if self._everywhere else []
            for summary in every or [self._study.find(self._interview)]:
                try:
                    pen = Correcting(self._study, summary.id)
                except StepMissing:
                    continue
                finds = self._replacing.finds(pen.state)
                self._places += [_Place(summary, pen, find) for find in finds]
        except EarshotError as error:
            self._say(next_steps.problem(error, self._keys))
            self.action_fields()
            return
        self._show()
        self.query_one("#hint", Plain).say(_HINT)

    def _show(self) -> None:
        wanted = sum(place.is_wanted for place in self._places)
        where = "the whole study" if self._everywhere else "this interview"
        self._say(f"{wording.counted(len(self._places), 'place')} in {where}, {wanted} ticked.")
        self.query_one(Rows).show([self._row(place) for place in self._places])

    def _row(self, place: _Place) -> str:
        state, find = place.pen.state, place.find
        before, words, after = self._replacing.preview(state, find)
        turn = state.turn(find.turn)
        at = clock(turn.start_s) if turn else "heading "
        tick = "✓" if place.is_wanted else "✗"
        label = f"{place.summary.label} " if self._everywhere else ""
        return f"{tick} {label}{at} {before}{words} → {self._replacing.instead}{after}"

    def _say(self, text: str) -> None:
        self.query_one("#found", Plain).say(text)
