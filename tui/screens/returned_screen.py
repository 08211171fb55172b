"""What a participant sent back: a person goes through every part, and then all of it is entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.screen import ModalScreen

from app import CommandPlace, format_count
from handoff import enter_corrections, read_meaning, rule_on_part, take_part
from study import ArtefactKind, ReturnedChange, ReturnedList, ReturnedPart, Transcript
from study.errors import BadCorrections, EarshotError
from study.store import Interview
from tui.key_advice import describe_error
from tui.key_bindings import build_page_bindings
from tui.key_names import with_keys
from tui.screens.prompts import TextPrompt
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText

_SAY = "What does it mean? A line and what it should say."
_SAY_HINT = (
    "{line}: what it should say · {line}: take out · ;; between two."
    " Enter keeps it, Esc leaves it open."
)
_ANY_LINE = 12  # of an example, where the part names none
_OPEN, _ENTERS, _NOTHING = " ", "✓", "·"
_NOTHING_PROPOSED = "(nobody can tell: say what it means, or enter nothing)"


class ReturnedScreen(ModalScreen[int | None]):
    """The parts of a copy that came back; the answer is how many turns were changed, if any."""

    ALLOW_SELECT = False
    place: ClassVar[CommandPlace] = CommandPlace.RETURNED
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.RETURNED)

    def __init__(
        self,
        interview: Interview,
        there: ReturnedList,
        keys: Mapping[str, str],
        ask_first: Callable[[Callable[[], None]], None],
    ) -> None:
        """Prepare.

        there: the list, of which some parts may have a ruling. ask_first: runs what it is handed,
        once it was confirmed where that takes a sign-off back.
        """
        super().__init__()
        self._ask_first = ask_first
        self._interview, self._there, self._keys = interview, there, keys
        clean = interview.read_artefact(
            ArtefactKind.CLEAN, Transcript, there.copy.clean_version or None
        )
        texts = {turn.key: turn.text for turn in clean.turns} if clean else {}
        self._lines = {
            line: texts.get(turn, "") for line, turn in enumerate(there.copy.turns, start=1)
        }

    def compose(self) -> ComposeResult:
        """Lay out the parts above what the one under the cursor says and what it would change."""
        with Vertical(classes="page"):
            yield SafeText(f"Came back on {self._there.copy.received_on}", classes="bar")
            yield SafeText(id="found", classes="words")
            yield RowList(id="returned-parts")
            with VerticalScroll(id="versions", can_focus=False), Container(id="both"):
                yield SafeText(id="stands")
                yield SafeText(id="wanted")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Show the parts."""
        self._show()
        if self._there.open_parts:
            self.query_one(RowList).choose_row(self._there.open_parts[0] - 1)
            self._show_part()

    def action_move(self, direction: str) -> None:
        """Go along the parts by one; scroll what they say by a page."""
        if direction.startswith("page"):
            versions = self.query_one("#versions", VerticalScroll)
            scroll = versions.scroll_page_up if "up" in direction else versions.scroll_page_down
            scroll(animate=False)
            return
        self.query_one(RowList).move(direction)
        self._show_part()

    def action_take(self) -> None:
        """Rule that the part under the cursor is meant as it was read."""
        self._rule(lambda: take_part(self._interview, self._number))

    def action_nothing(self) -> None:
        """Rule that nothing is to be entered for it."""
        self._rule(lambda: rule_on_part(self._interview, self._number, ()))

    def action_say(self) -> None:
        """Ask which lines it is about, and what they should say."""
        part = self._part

        def said(text: str | None) -> None:
            if text is not None:
                self._rule(
                    lambda: rule_on_part(
                        self._interview, self._number, read_meaning(self._there, text)
                    )
                )

        begun = _write_out(part.changes) or (f"{part.line}: " if part.line else "")
        hint = _SAY_HINT.format(line=part.line or _ANY_LINE)
        self.app.push_screen(  # pyright: ignore[reportUnknownMemberType] - Textual's app
            TextPrompt(_SAY, value=begun, hint=hint, check=self._check, replaces=False), said
        )

    def action_enter(self) -> None:
        """Enter all of it, where no part is open, and go back."""
        if self._there.open_parts:
            self._enter()  # which says so
        else:
            self._ask_first(self._enter)

    def _enter(self) -> None:
        try:
            changed = enter_corrections(self._interview)
        except EarshotError as error:
            self.query_one("#found", SafeText).say(self._describe(error))
            return
        self.dismiss(changed)

    def action_leave(self) -> None:
        """Go back to the review; the list is kept."""
        self.dismiss(None)

    @property
    def _number(self) -> int:
        return self.query_one(RowList).cursor + 1

    @property
    def _part(self) -> ReturnedPart:
        return self._there.copy.parts[self._number - 1]

    def _check(self, text: str) -> str:
        try:
            read_meaning(self._there, text)
        except EarshotError:
            return "Type the number of a line of the copy, a colon, and what it should say."
        return ""

    def _rule(self, rule: Callable[[], ReturnedList]) -> None:
        try:
            self._there = rule()
        except EarshotError as error:
            self.query_one("#found", SafeText).say(self._describe(error))
            return
        following = [number for number in self._there.open_parts if number > self._number]
        if following:
            self.query_one(RowList).choose_row(following[0] - 1)
        self._show()

    def _show(self) -> None:
        parts = self._there.copy.parts
        self.query_one(RowList).show([self._describe_part(n) for n in range(1, len(parts) + 1)])
        left = len(self._there.open_parts)
        said = f"{format_count(len(parts), 'part')}, {left} to rule on."
        if not left:
            said += with_keys(" {returned.enter} enters them.")
        self.query_one("#found", SafeText).say(said)
        self._show_part()

    def _show_part(self) -> None:
        number, part = self._number, self._part
        ruling = self._there.rulings.get(number)
        changes = ruling.changes if ruling else part.changes
        about = [change.line for change in changes] or ([part.line] if part.line else [])
        stands = "\n".join(f"{line}: {self._lines.get(line, '')}" for line in dict.fromkeys(about))
        self.query_one("#stands", SafeText).say(
            ("They wrote\n", "bold"),
            f"{part.words or '(no words)'}\n",
            ("On the copy\n" if stands else "", "bold"),
            stands,
        )
        head = "To be entered\n" if ruling else "As it was read\n"
        approves = ruling.approves if ruling else part.approves
        wanted = _write_out(changes) or ("their agreement to the talk as it is" if approves else "")
        nothing = "(nothing)" if ruling or part.standing.value == "read" else _NOTHING_PROPOSED
        self.query_one("#wanted", SafeText).say((head, "bold"), wanted or nothing)
        self.query_one("#versions", VerticalScroll).scroll_home(animate=False)

    def _describe(self, error: EarshotError) -> str:
        """Say what is wrong; about the list itself the hint below says what to press."""
        if isinstance(error, BadCorrections):
            return str(error)
        return describe_error(error, self._keys)

    def _describe_part(self, number: int) -> str:
        part, ruling = self._there.copy.parts[number - 1], self._there.rulings.get(number)
        sign = _OPEN
        if ruling is not None:
            sign = _ENTERS if ruling.changes or ruling.approves else _NOTHING
        return f"{sign} {part.standing.value}: {part.where}, {part.kind}"


def _write_out(changes: tuple[ReturnedChange, ...]) -> str:
    return " ;; ".join(f"{change.line}: {change.text or 'take out'}" for change in changes)
