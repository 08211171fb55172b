"""Saying whose the voices of an interview are, and telling them apart again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app import (
    InterviewReview,
    count_speaker_keys,
    counts_keys,
    format_count,
    guess_voice_names,
    summarise_voices,
)
from tui.key_names import with_keys
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.turn_edits import TurnEdits
from tui.screens.stage import Stage
from tui.screens.voices_screen import Play, VoicesAnswer, VoicesScreen

_LEAST_PEOPLE, _MOST_PEOPLE = 2, 9  # of which an interview is told apart
_COUNT_HINT = "2 to 9, or nothing to let Earshot guess. Enter begins, Esc goes back to the voices."
BeginTelling = Callable[[int | None, bool | None], bool]


class VoiceNaming:
    """Opens the list of voices, and does what is answered there."""

    def __init__(
        self,
        review: InterviewReview,
        page: ReviewPage,
        edits: TurnEdits,
        stage: Stage,
        ask_first: Callable[[Callable[[], None]], None],
        *,
        play: Play,
        hush: Callable[[], None],
        begin: BeginTelling,
    ) -> None:
        """Prepare.

        ask_first: runs what it is handed, once it was confirmed where that takes a sign-off back.
        play: plays seconds of the interview. hush: pauses that. begin: begins to tell so many
        voices apart in the background, or to guess how many, with the keys pressed while recording
        or without; False where other work runs.
        """
        self._review, self._page, self._edits, self._stage = review, page, edits, stage
        self._ask_first = ask_first
        self._play, self._hush, self._begin = play, hush, begin

    def open(self) -> None:
        """Show the voices."""

        def show() -> None:
            self._stage.ask(
                VoicesScreen(
                    summarise_voices(self._review.turns),
                    self._list_people(),
                    guess_voice_names(self._review.interview),
                    self._play,
                ),
                self._answered,
            )

        self._stage.try_change(show)  # a guess reads other interviews, which may be damaged

    def _list_people(self) -> list[str]:
        """Return the codes of the participants, else of everybody who may speak."""
        summary = self._review.summary
        about = summary.about if summary else None
        return [one.code for one in about.participants] if about else []

    def _answered(self, answer: VoicesAnswer | None) -> None:
        self._hush()
        if answer is None:
            return
        if answer.tells_again:
            self._ask_first(self._ask_count)
        elif answer.names:
            self._ask_first(lambda: self._name(answer.names))

    def _name(self, names: Mapping[str, str]) -> None:
        changed = self._edits.make(lambda pen: pen.name_voices(names))
        back = with_keys("{interview.undo_edit} takes it back.")
        self._page.describe(f"{format_count(len(changed), 'turn')} named. {back}")

    def _ask_count(self) -> None:
        entered = len(self._list_people())

        def typed(count: str | None) -> None:
            if count is None:
                self.open()
            elif count_speaker_keys(self._review.interview):
                self._ask_keys(int(count) if count else None)
            else:
                self._tell(int(count) if count else None)

        self._stage.ask(
            TextPrompt(
                "How many people speak?",
                value=str(entered) if _LEAST_PEOPLE <= entered <= _MOST_PEOPLE else "",
                hint=_COUNT_HINT,
                check=_check_count,
            ),
            typed,
        )

    def _ask_keys(self, count: int | None) -> None:
        """Ask what counts more, where keys said who speaks while the interview was recorded."""

        def chosen(number: int | None) -> None:
            if number is not None:
                self._tell(count, uses_keys=number == 0)

        question = "Keys pressed while recording say who speaks. What counts more?"
        choices = ["the keys", "the voices alone"]
        if not counts_keys(self._review.interview):
            choices[1] += ", as last time"
        self._stage.ask(ChoicePrompt(question, choices), chosen)

    def _tell(self, count: int | None, *, uses_keys: bool | None = None) -> None:
        if self._begin(count, uses_keys):
            self._page.describe("Voices are told apart in the background; carry on meanwhile.")


def _check_count(typed: str) -> str:
    """Return what is wrong with a number of people, "" where it is one, or none to guess it."""
    is_one = len(typed) == 1 and typed in "23456789"
    return "" if is_one or not typed else "Type a number from 2 to 9, or nothing."
