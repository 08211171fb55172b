"""What was heard a second time beside what stands: each turn is taken over, or kept as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.screen import ModalScreen

from app import CommandPlace, format_count
from study import ArtefactKind, HeardTurn, SecondHearing, Turn, compare_hearing, format_clock
from study.errors import EarshotError
from study.store import Interview, TranscriptEditor
from tui.key_advice import describe_error
from tui.key_bindings import build_page_bindings
from tui.key_names import with_keys
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText, TextPart

_NOTHING_STANDS, _NO_WORDS = (
    "(no words here)",
    "(no words heard: {hearing.take} removes the turn)",
)
_OPEN, _TAKEN, _KEPT = " ", "✓", "·"
_DIFFERS = "bold $open"
Play = Callable[[float, float], None]


class HearingScreen(ModalScreen[int]):
    """The turns in which other words were heard; the answer is how many were taken over."""

    ALLOW_SELECT = False
    place: ClassVar[CommandPlace] = CommandPlace.HEARING
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.HEARING)

    def __init__(
        self,
        interview: Interview,
        version: int,
        keys: Mapping[str, str],
        play: Play,
        ask_first: Callable[[Callable[[], None]], None],
    ) -> None:
        """Prepare.

        version: of the second hearing. play: plays seconds of the interview. ask_first: runs what
        it is handed, once it was confirmed where that takes a sign-off back.
        """
        super().__init__()
        self._ask_first = ask_first
        self._keys, self._play = keys, play
        self._version = version
        self._editor = TranscriptEditor(interview)
        self._hearing = interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
        compared = compare_hearing(self._editor.state.turns, self._hearing) if self._hearing else []
        self._turns = [one for one in compared if not one.is_same]
        self._signs = [_OPEN] * len(self._turns)

    def compose(self) -> ComposeResult:
        """Lay out the turns above the two versions of the one under the cursor."""
        with Vertical(classes="page"):
            yield SafeText(self._name_passage(), classes="bar")
            yield SafeText(id="found", classes="words")
            yield RowList(id="heard-turns")
            with VerticalScroll(id="versions", can_focus=False), Container(id="both"):
                yield SafeText(id="stands")
                yield SafeText(id="heard-now")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Show the turns."""
        self._show()

    def action_move(self, direction: str) -> None:
        """Go along the turns by one; scroll the two versions by a page."""
        if direction.startswith("page"):
            versions = self.query_one("#versions", VerticalScroll)
            scroll = versions.scroll_page_up if "up" in direction else versions.scroll_page_down
            scroll(animate=False)
            return
        self.query_one(RowList).move(direction)
        self._show_versions()

    def action_take(self) -> None:
        """Take the turn under the cursor over, and go to the next."""
        rows = [self._row]
        self._ask_first(lambda: self._take(rows))

    def action_keep(self) -> None:
        """Keep what stands, and go to the next turn."""
        if self._turns and self._signs[self._row] == _OPEN:
            self._signs[self._row] = _KEPT
        self._go_on()

    def action_all(self) -> None:
        """Take over every turn that is left and in which words were heard."""
        rows = [n for n, one in enumerate(self._turns) if one.is_offered]
        self._ask_first(lambda: self._take(rows))

    def action_play_turn(self) -> None:
        """Play the turn under the cursor."""
        if self._turns:
            turn = self._turns[self._row].stands or self._turns[self._row].heard
            assert turn is not None, "one of the two is there"
            self._play(turn.start_s, turn.end_s)

    def action_leave(self) -> None:
        """Go back to the review."""
        self.dismiss(self._signs.count(_TAKEN))

    @property
    def _row(self) -> int:
        return self.query_one(RowList).cursor

    def _take(self, rows: Sequence[int]) -> None:
        wanted = [row for row in rows if self._turns and self._signs[row] == _OPEN]
        try:
            if wanted:
                numbers = [self._turns[row].number for row in wanted]
                self._editor.take_heard_turns(self._version, numbers)
        except EarshotError as error:
            self.query_one("#found", SafeText).say(describe_error(error, self._keys))
            return
        for row in wanted:
            self._signs[row] = _TAKEN
        self._go_on()

    def _go_on(self) -> None:
        following = range(self._row + 1, len(self._turns))
        left = next((row for row in following if self._signs[row] == _OPEN), self._row)
        self.query_one(RowList).choose_row(left)
        self._show()

    def _show(self) -> None:
        self.query_one(RowList).show([self._describe_row(n) for n in range(len(self._turns))])
        left, taken = self._signs.count(_OPEN), self._signs.count(_TAKEN)
        said = f"{format_count(len(self._turns), 'turn')} with other words, {left} left to decide."
        if not self._turns:
            said = "The words are the same: nothing to decide."
        back = f" {taken} changed (z in the review takes it back)." if taken else ""
        self.query_one("#found", SafeText).say(said + back)
        self._show_versions()

    def _show_versions(self) -> None:
        if not self._turns:
            return
        one = self._turns[self._row]
        stands, heard = _mark_differences(one.stands, one.heard)
        self.query_one("#stands", SafeText).say(
            ("In the transcript\n", "bold"), *(stands or [_NOTHING_STANDS])
        )
        self.query_one("#heard-now", SafeText).say(
            ("Heard now\n", "bold"), *(heard or [with_keys(_NO_WORDS)])
        )
        self.query_one("#versions", VerticalScroll).scroll_home(animate=False)

    def _name_passage(self) -> str:
        if self._hearing is None:
            return "Nothing was heard again"
        begin, end = format_clock(self._hearing.start_s), format_clock(self._hearing.end_s)
        return f"Heard again by {self._hearing.heard.provenance.model}, {begin} to {end}"

    def _describe_row(self, row: int) -> str:
        one: HeardTurn = self._turns[row]
        text = one.heard.text if one.heard else with_keys(_NO_WORDS)
        return f"{self._signs[row]} {format_clock(one.start_s)} {one.speaker} {text}"


def _mark_differences(
    stands: Turn | None, heard: Turn | None
) -> tuple[list[TextPart], list[TextPart]]:
    """Return the parts of both texts, those that differ marked; [] for a missing turn."""
    old, new = (turn.text.split() if turn else [] for turn in (stands, heard))
    parts: tuple[list[TextPart], list[TextPart]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words in zip(parts, (old[a:b], new[c:d]), strict=True):
            if words:
                text = " ".join(words)
                side.append(text if tag == "equal" else (text, _DIFFERS))
                side.append(" ")
    return parts
