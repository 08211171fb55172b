"""Asking whether everybody can and wants to be recorded, and what follows where somebody does not.

Large plain words and one key each: whoever asks looks at a person, not at the screen. Who is asked
reads it too, so that it says of nobody what they cannot do. Enter answers nothing here, because it
is pressed without thinking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.events import Resize
from textual.screen import ModalScreen

from app import AskedPerson, CommandPlace, Willing, group_asked, list_commands, name_keys
from study import MarkKind, sanitise_text
from tui.key_bindings import build_page_bindings
from tui.screens.host import Host
from tui.widgets.block_letters import BlockLetters, choose_largest_scale
from tui.widgets.key_line import KeyLine
from tui.widgets.safe_text import SafeText

_ANSWERS: Final = (
    (MarkKind.AFFIRMED, "They agree (they decide for themselves today)."),
    (MarkKind.ASSENT, "They show that they are willing (assent)."),
    (MarkKind.DISSENT, "Somebody does not want to."),
    (MarkKind.DISTRESS, "The participant needs a pause."),
)
WILLING: Final = frozenset({MarkKind.AFFIRMED, MarkKind.ASSENT})
"""The answers with which a recording begins or goes on."""

AskScreen = Callable[[ModalScreen[MarkKind | None], Callable[[MarkKind | None], None]], None]
_Answer = TypeVar("_Answer")
_LEAST_AROUND = 16  # lines that the sentences and the keys take


class _LargeScreen(ModalScreen[_Answer]):
    """A word in large letters, and sentences below it, over the whole window."""

    ALLOW_SELECT = False
    word: str
    look: ClassVar[str] = "bold $open"

    def compose(self) -> ComposeResult:
        """Lay out the word, the sentences and the keys."""
        with VerticalScroll(classes="page"):
            yield BlockLetters(id="large-word")
            yield SafeText(id="large-words")
        yield KeyLine(id="keys", lines=2)

    def on_resize(self, event: Resize) -> None:
        """Write the word as large as the window allows."""
        word = self.query_one(BlockLetters)
        columns, lines = event.size.width - 4, event.size.height - _LEAST_AROUND
        word.fit(choose_largest_scale(self.word, columns, lines), columns)
        word.show(self.word, self.look)


class WillingnessScreen(_LargeScreen[MarkKind | None]):
    """The question before a recording begins, and whenever it goes on; its answer is a mark."""

    place: ClassVar[CommandPlace] = CommandPlace.WILLING
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.WILLING)

    def __init__(
        self,
        present: Sequence[AskedPerson],
        *,
        goes_on: bool,
        before: str = "",
        is_alone: bool = False,
    ) -> None:
        """present: who is asked. before: a sentence to read first, "" for none.

        is_alone: whether one of several is asked, because they decide in different ways.
        """
        super().__init__()
        self.word = "GO ON?" if goes_on else "RECORD?"
        self._present, self._goes_on, self._before = present, goes_on, before
        self._is_alone = is_alone

    def on_mount(self) -> None:
        """Write the question and the answers."""
        what = "go on" if self._goes_on else "be recorded now"
        names = sanitise_text(", ".join(person.code for person in self._present))
        who = f"\n{names}" if names else ""
        answers = (f"\n  {self._name_key(kind)}   {sentence}\n" for kind, sentence in _ANSWERS)
        before = f"{self._before}\n\n" if self._before else ""
        question = f"Ask everybody here: can they decide now, and do they want to {what}?"
        if self._is_alone:
            question = f"Ask {names} alone: can they decide now, and do they want to {what}?"
            who = f"\nOn record: {self._present[0].way}."
        self.query_one("#large-words", SafeText).say(
            before,
            (f"{question}{who}\n", "bold"),
            *answers,
        )

    def _name_key(self, kind: MarkKind) -> str:
        chosen = cast("Host", self.app).preferences.keys
        command = next(
            c for c in list_commands(CommandPlace.WILLING) if c.action == f"answer('{kind.name}')"
        )
        return name_keys(command, chosen.get(command.id, ""))

    def action_answer(self, kind: str) -> None:
        """Answer; the names of ``MarkKind`` are the answers."""
        self.dismiss(MarkKind[kind])

    def action_later(self) -> None:
        """Ask later."""
        self.dismiss(None)


def ask_everybody(
    ask: AskScreen,
    people: Sequence[AskedPerson],
    answered: Callable[[tuple[Willing, ...] | None], None],
    *,
    goes_on: bool,
    before: str = "",
) -> None:
    """Ask who is here whether they want to be recorded: together, or each in turn.

    ask: shows a screen and calls back with its answer. answered: called once, with what each
    showed: a code of "" stands for everybody; None where it was put off. Somebody who does not
    want to, or needs a pause, is the last who is asked.
    """
    groups = group_asked(people)

    def ask_from(at: int, shown: tuple[Willing, ...]) -> None:
        def take(kind: MarkKind | None) -> None:
            if kind is None:
                answered(None)
                return
            code = groups[at][0].code if len(groups) > 1 else ""
            now = (*shown, (kind, code))
            if kind in WILLING and at + 1 < len(groups):
                ask_from(at + 1, now)
            else:
                answered(now)

        first = before if at == 0 else ""
        is_alone = len(groups) > 1
        ask(WillingnessScreen(groups[at], goes_on=goes_on, before=first, is_alone=is_alone), take)

    ask_from(0, ())


class DissentScreen(_LargeScreen[None]):
    """What was done because somebody does not want to go on; Enter does not close it."""

    place: ClassVar[CommandPlace] = CommandPlace.DISSENT
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.DISSENT)
    word = "STOPPED"
    look = "bold $wrong"

    def __init__(self, kept: str) -> None:
        """kept: sentences about what was sealed."""
        super().__init__()
        self._kept = kept

    def on_mount(self) -> None:
        """Write what happened, and what to do."""
        self.query_one("#large-words", SafeText).say(
            ("Somebody does not want to go on. The recording has ended there.\n\n", "bold"),
            (
                f"{self._kept}\n\nTalk to them. They may leave the study, or say what "
                "should happen to the recording.\nRecord again only if they want to "
                "another time."
            ),
        )

    def action_close(self) -> None:
        """Go back to the list."""
        self.dismiss(None)
