"""Find and replace: it shows every place before and after, and each can be left out."""

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

from app import CommandPlace, WordCorrection, find_twins, format_count
from study import CorrectedTranscript, FindReplace, InterviewSummary, TextMatch, format_clock
from study.errors import EarshotError, StepMissing
from study.store import Interview, TranscriptEditor
from tui.key_advice import describe_error
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText

_HINT = (
    "{replacing.tick} ticks or unticks a place, {replacing.replace} replaces all "
    "ticked, {replacing.everywhere} switches between this interview and the "
    "whole study."
)


@dataclass(slots=True)
class _Place:
    """A place in a transcript, and whether it is ticked to be replaced."""

    summary: InterviewSummary
    pen: TranscriptEditor
    find: TextMatch
    is_wanted: bool = True


class ReplacementScreen(ModalScreen[int | None]):
    """Two fields above the list of places; the answer is the number of replacements."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""  # of twins the list has the keys, see on_mount
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.REPLACING)

    def __init__(
        self,
        interview: Interview,
        keys: Mapping[str, str],
        correction: WordCorrection | None = None,
    ) -> None:
        """Prepare to replace what is typed here, or the twins of words that were corrected."""
        super().__init__()
        self._correction = correction
        self._keys = keys
        self._interview = interview
        self._everywhere = correction is not None
        self._places: list[_Place] = []

    def compose(self) -> ComposeResult:
        """Lay out the fields, the places, and what keys do."""
        with Vertical(classes="page"):
            yield SafeText("Find and replace (whole words, upper or lower case)", classes="bar")
            yield SafeText("Find", classes="hint")
            yield Input(id="wanted", placeholder="the words as they are now", compact=True)
            yield SafeText("Replace with", classes="hint")
            yield Input(id="instead", placeholder="the words as they should be", compact=True)
            yield SafeText(id="found", classes="words")
            yield RowList(id="places")
            yield SafeText(
                with_keys("Enter: next field. {replacing.leave} cancels."),
                id="hint",
                classes="hint",
            )

    def on_mount(self) -> None:
        """Look at once for the twins of words that were corrected, or let the words be typed."""
        if self._correction is None:
            self.query_one("#wanted", Input).focus()
        else:
            self.query_one("#wanted", Input).value = self._correction.wrong
            self.query_one("#instead", Input).value = self._correction.right
            self._look()

    @on(Input.Changed)
    def _typed(self) -> None:
        """Look for what is typed, and for no twins any more."""
        if self.focused is not None:
            self._correction = None

    @on(Input.Submitted, "#wanted")
    def _wanted(self) -> None:
        self.query_one("#instead", Input).focus()

    @on(Input.Submitted, "#instead")
    def _look(self) -> None:
        self.set_focus(None)
        self._find()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the letter keys while a field has the focus."""
        del parameters
        return action == "leave" or self.focused is None

    def action_move(self, direction: str) -> None:
        """Go along the places."""
        self.query_one(RowList).move(direction)

    def action_tick(self) -> None:
        """Leave a place out, or take it in again."""
        at = self.query_one(RowList).cursor
        if 0 <= at < len(self._places):
            self._places[at].is_wanted = not self._places[at].is_wanted
            self._show()
            self.query_one(RowList).choose_row(at + 1)

    def action_everywhere(self) -> None:
        """Look through the whole study, or only through this interview."""
        self._everywhere = not self._everywhere
        self._find()

    def action_fields(self) -> None:
        """Go back to the fields."""
        self.query_one("#wanted", Input).focus()

    def action_replace(self) -> None:
        """Replace the ticked places."""
        wanted: dict[str, list[TextMatch]] = {}
        pens: dict[str, TranscriptEditor] = {}
        for place in self._places:
            if place.is_wanted:
                wanted.setdefault(place.summary.id, []).append(place.find)
                pens[place.summary.id] = place.pen
        done = 0
        try:
            for interview, finds in wanted.items():
                done += pens[interview].replace_matches(finds, self._replacing)
        except EarshotError as error:
            self._say(describe_error(error, self._keys))
            return
        self.dismiss(done)

    def action_leave(self) -> None:
        """Cancel."""
        self.dismiss(None)

    @property
    def _replacing(self) -> FindReplace:
        wanted = self.query_one("#wanted", Input).value
        return FindReplace(wanted, " ".join(self.query_one("#instead", Input).value.split()))

    def _find(self) -> None:
        self._places = []
        try:
            every = self._interview.study.summaries() if self._everywhere else []
            for summary in every or [self._interview.study.find_interview(self._interview.id)]:
                try:
                    pen = TranscriptEditor(self._interview.study.interview(summary.id))
                except StepMissing:
                    continue
                finds = self._find_in(pen.state)
                self._places += [_Place(summary, pen, find) for find in finds]
        except EarshotError as error:
            self._say(describe_error(error, self._keys))
            self.action_fields()
            return
        self._show()
        self.query_one("#hint", SafeText).say(with_keys(_HINT))

    def _find_in(self, state: CorrectedTranscript) -> list[TextMatch]:
        if self._correction is not None:
            return find_twins(state, self._correction)
        return self._replacing.find_matches(state)

    def _show(self) -> None:
        wanted = sum(place.is_wanted for place in self._places)
        where = "the whole study" if self._everywhere else "this interview"
        self._say(f"{format_count(len(self._places), 'place')} in {where}, {wanted} ticked.")
        self.query_one(RowList).show([self._row(place) for place in self._places])

    def _row(self, place: _Place) -> str:
        state, find = place.pen.state, place.find
        before, words, after = self._replacing.preview_match(state, find)
        turn = state.find_turn(find.turn)
        at = format_clock(turn.start_s) if turn else "heading "
        tick = "✓" if place.is_wanted else "✗"
        label = f"{place.summary.label} " if self._everywhere else ""
        return f"{tick} {label}{at} {before}{words} → {self._replacing.replacement}{after}"

    def _say(self, text: str) -> None:
        self.query_one("#found", SafeText).say(text)
