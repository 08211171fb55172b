"""Hearing a turn, some minutes or the whole interview again, and comparing what was heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app import InterviewReview
from models import ModelKind, list_models
from study import ArtefactKind, QueuedInterview, SecondHearing, format_clock
from tui.screens.prompts import ChoicePrompt
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.stage import Stage

_FROM_HERE_S = 120.0
_SHORTEST_S = 0.5  # a turn whose times are one moment
_Passage = tuple[float, float | None]
BeginHearing = Callable[[QueuedInterview, _Passage], bool]


class HearingControls:
    """Asks what to hear again and with which model, and shows the result once it is there."""

    def __init__(
        self,
        review: InterviewReview,
        cursor: Cursor,
        page: ReviewPage,
        stage: Stage,
        *,
        begin: BeginHearing,
        open_comparison: Callable[[int], None],
    ) -> None:
        """Prepare.

        begin: begins the hearing in the background; False where other work runs. open_comparison:
        shows the second hearing of a version beside what stands.
        """
        self._review, self._cursor, self._page, self._stage = review, cursor, page, stage
        self._begin, self._open_comparison = begin, open_comparison
        self._awaited = 0  # the version that a hearing under way will have

    def action_hear_again(self) -> None:
        """Ask what to hear again, or whether to look at what was heard last."""
        turn = self._cursor.turn
        if turn is None:
            return
        end_s = max(turn.end_s, turn.start_s + _SHORTEST_S)
        begin = format_clock(turn.start_s)
        wanted: list[tuple[str, _Passage | None]] = [
            (f"this turn, {begin} to {format_clock(end_s)}", (turn.start_s, end_s)),
            (f"two minutes from {begin} on", (turn.start_s, turn.start_s + _FROM_HERE_S)),
            ("the whole interview", (0.0, None)),
        ]
        if last := self._describe_last():
            wanted.append((last, None))

        def chosen(number: int | None) -> None:
            if number is None:
                return
            passage = wanted[number][1]
            if passage is None:
                self._open_comparison(self._newest_version())
            else:
                self._ask_model(passage)

        self._stage.ask(ChoicePrompt("Hear what again?", [text for text, _ in wanted]), chosen)

    def go_on(self) -> None:
        """Show what was heard, if somebody waits for it, now that no work runs."""
        if self._awaited:
            is_there = self._newest_version() >= self._awaited
            version, self._awaited = self._awaited, 0
            if is_there:  # else it was stopped, or it failed and a message says so
                self._open_comparison(version)

    def _ask_model(self, passage: _Passage) -> None:
        names = [model.name for model in list_models(ModelKind.SPEECH)]
        corrections = self._review.corrections
        stands = corrections.state.base.provenance.model if corrections else ""

        def chosen(number: int | None) -> None:
            if number is not None:
                self._hear(passage, names[number])

        options = [f"{name}, which heard it before" if name == stands else name for name in names]
        other = next((n for n, name in enumerate(names) if name != stands), 0)
        self._stage.ask(ChoicePrompt("With which model?", options, chosen=other), chosen)

    def _hear(self, passage: _Passage, model: str) -> None:
        corrections = self._review.corrections
        recognition = corrections.state.base.recognition if corrections else None
        wanted = QueuedInterview(self._review.interview.id, model)
        if recognition is not None:
            wanted = replace(wanted, language=recognition.language)
        if self._begin(wanted, passage):
            self._awaited = self._newest_version() + 1
            self._page.describe("Being heard again in the background; carry on meanwhile.")

    def _newest_version(self) -> int:
        return self._review.interview.find_newest_version(ArtefactKind.HEARING)

    def _describe_last(self) -> str:
        """Name the last hearing, "" where there is none."""
        hearing = self._review.interview.read_artefact(ArtefactKind.HEARING, SecondHearing)
        if hearing is None:
            return ""
        begin, end = format_clock(hearing.start_s), format_clock(hearing.end_s)
        return f"only show what {hearing.heard.provenance.model} heard, {begin} to {end}"
