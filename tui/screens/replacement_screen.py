"""Find and replace: it shows every place before and after, and each can be left out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from app import (
    CommandPlace,
    FoundInInterview,
    FoundPlace,
    RemainingTime,
    WordCorrection,
    find_twins,
    format_count,
    format_duration,
    is_signed,
    list_signed,
    search_interviews,
)
from study import (
    CorrectedTranscript,
    FindReplace,
    InterviewSummary,
    TaskProgress,
    TextMatch,
    format_clock,
)
from study.errors import EarshotError
from study.store import Interview, TranscriptEditor
from tui.key_advice import describe_error
from tui.key_bindings import build_page_bindings
from tui.key_names import with_keys
from tui.screens.dialogs import QuestionDialog
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText

_MOST_NAMED = 4  # of the interviews whose sign-off goes
_SLICE_S, _REST_S = 0.05, 0.01  # how long is searched at a stretch, and what is painted between
_SEARCHING = "Looked through {done:,} of {total:,} interviews{left}. {{replacing.leave}} stops it."


@dataclass(slots=True)
class _Place:
    """A place in a transcript, and whether it is ticked to be replaced."""

    summary: InterviewSummary
    found: FoundPlace
    is_wanted: bool = True


def _name_signed(signed: Sequence[InterviewSummary]) -> str:
    """Say whose sign-off a replacement takes back; "" for nobody's."""
    labels = ", ".join(one.label for one in signed[:_MOST_NAMED])
    more = f" and {len(signed) - _MOST_NAMED} more" if len(signed) > _MOST_NAMED else ""
    return f"This takes the sign-off of {labels}{more} back." if signed else ""


class ReplacementScreen(ModalScreen[int | None]):
    """Two fields above the list of places; the answer is the number of replacements."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""  # of twins the list has the keys, see on_mount
    place: ClassVar[CommandPlace] = CommandPlace.REPLACING
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.REPLACING)

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
        self._search: Iterator[FoundInInterview] | None = None  # one that has not come to its end
        self._progress = TaskProgress(0, 0)
        self._remaining = RemainingTime()

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
            yield SafeText("Enter: next field, and then every place.", id="hint", classes="hint")
        yield KeyLine(id="keys", lines=2)

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
        if action == "replace" and self._search is not None:
            return False
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

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _tell_fields(self) -> None:
        """Say how the fields are left while one is typed in."""
        self.query_one("#hint").display = self.focused is not None

    def action_replace(self) -> None:
        """Replace the ticked places."""
        wanted: dict[str, list[TextMatch]] = {}
        for place in self._places:
            if place.is_wanted:
                wanted.setdefault(place.summary.id, []).append(place.found.match)
        try:
            signed = list_signed(self._interview.study, wanted)
        except EarshotError as error:
            self._say(describe_error(error, self._keys))
            return
        if not signed:
            self._replace(wanted)
            return

        def answered(is_wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands it over so
            if is_wanted:
                self._replace(wanted)

        question = f"{_name_signed(signed)} Replace all the same?"
        self.app.push_screen(  # pyright: ignore[reportUnknownMemberType] - Textual's app
            QuestionDialog(question), answered
        )

    def _replace(self, wanted: Mapping[str, Sequence[TextMatch]]) -> None:
        done = 0
        try:
            for interview, matches in wanted.items():
                editor = TranscriptEditor(self._interview.study.interview(interview))
                done += editor.replace_matches(matches, self._replacing)
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
        self.query_one(RowList).show([])  # of another search
        self._remaining = RemainingTime()
        self._search = search_interviews(
            self._interview.study,
            self._replacing,
            "" if self._everywhere else self._interview.id,
            find_matches=self._find_in,
            report=self._note_progress,
        )
        self._go_on(self._search)

    def _go_on(self, search: Iterator[FoundInInterview]) -> None:
        """Search for a moment; where more is left, paint and take keys, and go on then."""
        if search is not self._search:
            return  # another search has begun since
        until = time.monotonic() + _SLICE_S
        try:
            for one in search:
                self._places += [_Place(one.summary, found) for found in one.places]
                if time.monotonic() > until:
                    self._show_progress()
                    self.set_timer(_REST_S, lambda: self._go_on(search))
                    return
        except EarshotError as error:
            self._search = None
            self._say(describe_error(error, self._keys))
            self.action_fields()
            return
        self._search = None
        self._show()

    def _note_progress(self, progress: TaskProgress) -> None:
        self._progress = progress

    def _show_progress(self) -> None:
        done, total = int(self._progress.done), int(self._progress.total)
        left_s = self._remaining.estimate_left_s(self._progress)
        left = "" if left_s is None else f", {format_duration(left_s)} left"
        self._say(with_keys(_SEARCHING.format(done=done, total=total, left=left)))

    def _find_in(self, state: CorrectedTranscript) -> list[TextMatch]:
        if self._correction is not None:
            return find_twins(state, self._correction)
        return self._replacing.find_matches(state)

    def _show(self) -> None:
        wanted = sum(place.is_wanted for place in self._places)
        where = "the whole study" if self._everywhere else "this interview"
        ticked = f"{format_count(len(self._places), 'place')} in {where}, {wanted} ticked."
        of = {one.summary.id: one.summary for one in self._places if one.is_wanted}
        signed = [summary for summary in of.values() if is_signed(summary)]
        self._say(f"{ticked} {_name_signed(signed)}".rstrip())
        self.query_one(RowList).show([self._row(place) for place in self._places])

    def _row(self, place: _Place) -> str:
        found = place.found
        at = "heading " if found.match.event >= 0 else format_clock(found.at_s)
        tick = "✓" if place.is_wanted else "✗"
        label = f"{place.summary.label} " if self._everywhere else ""
        changed = f"{found.before}{found.words} → {self._replacing.replacement}{found.after}"
        return f"{tick} {label}{at} {changed}"

    def _say(self, text: str) -> None:
        self.query_one("#found", SafeText).say(text)
