"""The voices of an interview: each is played by a key and named by a digit.

The last voice and the last participant that are left go together, so a talk of two people takes
one digit. Nothing is written before Enter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from app import CommandPlace, VoiceSummary
from study import format_clock
from tui.key_bindings import build_page_bindings
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText, TextPart
from tui.widgets.turn_layout import choose_speaker_look

_GUESSED = "?"
_NOBODY = "nobody yet"
_MOST_KEYS = 9
_NO_VOICES = "There is no turn yet."
Play = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class VoicesAnswer:
    """What a person wants: names by the codes that the voices have, or to tell them apart again."""

    names: Mapping[str, str]
    tells_again: bool = False


class VoicesScreen(ModalScreen[VoicesAnswer]):
    """The list of voices and whose they are."""

    ALLOW_SELECT = False
    place: ClassVar[CommandPlace] = CommandPlace.VOICES
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.VOICES)

    def __init__(
        self,
        voices: Sequence[VoiceSummary],
        people: Sequence[str],
        guessed: Mapping[str, str],
        play: Play,
    ) -> None:
        """Prepare.

        people: codes in the order of their digits. guessed: whose voices they may be, by their
        codes. play: plays seconds of the interview.
        """
        super().__init__()
        self._voices, self._people, self._play = voices, people[:_MOST_KEYS], play
        self._named = {voice.code: voice.code for voice in voices if voice.code in people}
        self._guessed = {code: who for code, who in guessed.items() if code not in self._named}
        self._played = -1  # the sample of the voice under the cursor that was played last

    def compose(self) -> ComposeResult:
        """Lay out the voices, the people with their digits, and the turn that is played."""
        with Vertical(classes="page"):
            yield SafeText("Whose voice is it?", classes="bar")
            yield SafeText(id="people", classes="words")
            yield RowList(id="voices", counts_more=True)
            yield SafeText(id="sample", classes="words")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Show the voices; the cursor begins at the first that nobody named."""
        self._guess_last()
        self._go_to_unnamed()
        self._show()

    @property
    def whose(self) -> Mapping[str, str]:
        """Whose the voices are, by the codes that they have; those that were guessed as well."""
        return self._guessed | self._named

    def action_move(self, direction: str) -> None:
        """Go along the voices."""
        self.query_one(RowList).move(direction)
        self._played = -1
        self._show()

    def action_play_voice(self) -> None:
        """Play a turn of the voice; again plays the next one."""
        if self._voices:
            samples = self._voices[self._row].samples
            self._played = (self._played + 1) % len(samples)
            turn = samples[self._played]
            self._play(turn.start_s, turn.end_s)
            self._show()

    def action_name(self, number: int) -> None:
        """Say that the voice is that of the person with this number, and go to the next voice."""
        if not self._voices or number > len(self._people):
            self._show(f"There is no participant {number}.")
            return
        self._give_voice(self._people[number - 1])

    def action_unname(self) -> None:
        """Say that it is nobody's voice that has a code."""
        if self._voices:
            self._give_voice("")

    def action_take(self) -> None:
        """Keep the names, with those that were guessed."""
        self.dismiss(VoicesAnswer({code: who for code, who in self.whose.items() if who}))

    def action_tell_again(self) -> None:
        """Tell the voices apart again."""
        self.dismiss(VoicesAnswer({}, tells_again=True))

    def action_leave(self) -> None:
        """Leave everything as it was."""
        self.dismiss(VoicesAnswer({}))

    @property
    def _row(self) -> int:
        return self.query_one(RowList).cursor

    def _give_voice(self, who: str) -> None:
        code = self._voices[self._row].code
        self._named[code] = who
        self._guessed.pop(code, None)
        self._guess_last()
        self._go_to_unnamed()
        self._show()

    def _guess_last(self) -> None:
        """Guess the last voice, where one person is left for it."""
        voices = [voice.code for voice in self._voices if voice.code not in self._named]
        people = [who for who in self._people if who not in self._named.values()]
        if self._named and len(voices) == len(people) == 1:
            self._guessed[voices[0]] = people[0]

    def _go_to_unnamed(self) -> None:
        rows = [n for n, voice in enumerate(self._voices) if voice.code not in self._named]
        if rows:
            self._played = -1
            following = [row for row in rows if row > self._row]
            self.query_one(RowList).choose_row((following or rows)[0] if self._named else rows[0])

    def _show(self, said: str = "") -> None:
        people: list[TextPart] = []
        for number, code in enumerate(self._people, 1):
            people += [(f"{number} {code}", f"bold ${choose_speaker_look(number)}"), "   "]
        self.query_one("#people", SafeText).say(
            *(people or ["No participants are listed for this interview."])
        )
        self.query_one(RowList).show(
            [self._describe(voice) for voice in self._voices],
            [f"${choose_speaker_look(self._number_of(voice))}" for voice in self._voices],
        )
        self.query_one("#sample", SafeText).say(said or self._describe_sample())

    def _whose(self, voice: VoiceSummary) -> str:
        return self._named.get(voice.code, self._guessed.get(voice.code, ""))

    def _number_of(self, voice: VoiceSummary) -> int:
        """Return the number of the person whose voice it is; of nobody's, one that follows them."""
        who = self._whose(voice)
        if who in self._people:
            return self._people.index(who) + 1
        return len(self._people) + 1 + self._voices.index(voice)

    def _describe(self, voice: VoiceSummary) -> str:
        who, turns = self._whose(voice), "turn" if voice.turns == 1 else "turns"
        whose = f"{self._number_of(voice)} {who}" if who in self._people else who or _NOBODY
        sign = _GUESSED if voice.code in self._guessed else " "
        return (
            f"{voice.code:<6} {voice.turns:>4} {turns:<5} {voice.share:>4.0%}  {whose + sign:<12} "
            f"{voice.first_words}"
        )

    def _describe_sample(self) -> str:
        if not self._voices:
            return _NO_VOICES
        voice = self._voices[self._row]
        sign = "▶ " if self._played >= 0 else ""
        turn = voice.samples[max(0, self._played)]
        return f"{sign}{format_clock(turn.start_s)}  {turn.text}"
