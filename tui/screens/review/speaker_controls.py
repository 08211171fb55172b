"""Who speaks: of a turn, of half a turn, of all turns of a voice; and where that is unsure."""

from __future__ import annotations

from collections.abc import Callable

from app import InterviewReview, enter_person, format_count
from study import ConsentRule, Role, is_code, is_stranger, is_voice
from study.store import SpeakerScope, TranscriptEditor, read_study_policy
from tui.key_names import with_keys
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.turn_edits import TurnEdits
from tui.screens.stage import Stage

_CHANGE_IT = "{interview.speaker_1} to {interview.speaker_9} change that."
_SAY_WHO = "{interview.speaker_1} to {interview.speaker_9} say who it is."


class SpeakerControls:
    """Gives turns to speakers, and goes from one unsure speaker to the next."""

    def __init__(
        self,
        review: InterviewReview,
        cursor: Cursor,
        page: ReviewPage,
        edits: TurnEdits,
        stage: Stage,
        *,
        open_voices: Callable[[], None],
    ) -> None:
        """Prepare; ``open_voices`` shows the voices, for somebody to say whose they are."""
        self._review, self._cursor, self._page = review, cursor, page
        self._edits, self._stage = edits, stage
        self._open_voices = open_voices

    def action_speaker(self, number: int) -> None:
        """Set the speaker of the turn, or of it from the chosen word on; go on to what follows."""
        speakers, turn = self._review.speakers, self._cursor.turn
        if turn is None or number > len(speakers):
            other = with_keys("{interview.speaker} names another.")
            self._page.describe(f"There is no speaker {number}: {other}")
            return
        code, words = speakers[number - 1], self._cursor.chosen_words()
        if words is not None and turn.text[: words[0]].strip():
            self._break_for(turn.key, words[0], code)
        elif self._set_speaker(turn.key, code, SpeakerScope.ONE):
            said = self._page.said
            self._cursor.forget_words()
            self._cursor.go_by(1)
            self._page.describe(said)

    def _break_for(self, key: int, character: int, code: str) -> None:
        """Begin a new turn at a character, spoken by somebody; the cursor goes there."""
        self._cursor.forget_words()
        made = self._edits.make(lambda pen: pen.split_turn(key, character, code, allow_new=True))
        if made:
            self._cursor.go_to_turn(max(made))
            self._page.describe(f"Broken: {code} speaks from here on.")

    def action_speaker_menu(self) -> None:
        """Ask who spoke, and of which turns."""
        turn = self._cursor.turn
        if turn is None:
            return

        def ask_scope(code: str) -> None:
            def take(number: int | None) -> None:
                if number is not None and self._edits.stands(turn):
                    self._set_speaker(turn.key, code, list(SpeakerScope)[number])

            scopes = [scope.value for scope in SpeakerScope]
            self._stage.ask(ChoicePrompt(f"{code} speaks …", scopes), take)

        self._ask_code("Who speaks?", ask_scope)

    def action_whole_voice(self) -> None:
        """Ask who speaks all turns of this turn's speaker."""
        turn = self._cursor.turn
        if turn is None:
            return

        def take(code: str) -> None:
            if self._edits.stands(turn):
                self._set_speaker(turn.key, code, SpeakerScope.ALL)

        self._ask_code(f"Who speaks all turns of {turn.speaker}?", take)

    def action_give_rest(self) -> None:
        """Break the turn at the chosen word, and give the second half to the other speaker."""
        turn, words = self._cursor.turn, self._cursor.pointed_words()
        if turn is None or words is None:
            self._page.describe("Choose the first word of the other speaker first: ← →.")
            return
        speaker = self._find_other_speaker()

        def take(code: str) -> None:
            if not self._edits.stands(turn):
                return
            self._cursor.forget_words()
            made = self._edits.make(
                lambda pen: pen.split_turn(turn.key, words[0], code, allow_new=True)
            )
            if made:
                self._cursor.go_to_turn(max(made))
                self._page.describe(
                    f"Broken: {code} speaks the second half. {with_keys(_CHANGE_IT)}"
                )

        if speaker:
            take(speaker)
        else:
            self._ask_code("Who speaks the second half?", take)

    def action_voices(self) -> None:
        """Show the voices, for somebody to say whose they are."""
        if self._review.corrections is not None:
            self._open_voices()

    def action_step_unsure(self, by: int) -> None:
        """Go to the next turn of which it is unsure who speaks it, round the end if need be."""
        turns, number = self._review.turns, max(0, self._cursor.number)
        for step in range(1, len(turns) + 1):
            turn = turns[(number + by * step) % len(turns)]
            if turn.is_speaker_unsure:
                self._cursor.forget_words()
                self._cursor.go_to_turn(turn.key)
                left = sum(one.is_speaker_unsure for one in turns)
                unsure = f"Unsure who speaks, {format_count(left, 'turn')} left."
                self._page.describe(f"{unsure} {with_keys(_SAY_WHO)}")
                return
        self._page.describe("No turn has an unsure speaker.")

    def _find_other_speaker(self) -> str:
        """Return who speaks beside this turn's speaker: the only other, else who speaks next."""
        turn, turns = self._cursor.turn, self._review.turns
        if turn is None:
            return ""
        present = {one.speaker for one in turns} - {turn.speaker}
        if len(present) == 1:
            return present.pop()
        known = [code for code in self._review.speakers if code != turn.speaker]
        if not present and len(known) == 1:
            return known[0]
        after = turns[self._cursor.number + 1 : self._cursor.number + 2]
        return after[0].speaker if after and after[0].speaker != turn.speaker else ""

    def _ask_code(self, question: str, answered: Callable[[str], None]) -> None:
        """Ask for a speaker, by number or by a code that is typed."""
        speakers = [code for code in self._review.speakers if is_code(code)]

        def typed(code: str | None) -> None:
            if code:
                self._ask_role(code, answered)  # somebody new, as far as the interview knows

        def chosen(number: int | None) -> None:
            if number is None:
                return
            if number < len(speakers) and not self._asks_everybody():
                answered(speakers[number])
            elif number < len(speakers):
                self._ask_role(speakers[number], answered)
            else:
                hint = "A code such as S1 or P08. Never a name."
                self._stage.ask(TextPrompt("Who speaks?", hint=hint), typed)

        self._stage.ask(ChoicePrompt(question, [*speakers, "somebody else …"]), chosen)

    def _asks_everybody(self) -> bool:
        """Whether words of somebody leave only where their consent is recorded."""
        return read_study_policy(self._review.interview.study).consent is ConsentRule.RECORDED

    def _ask_role(self, code: str, answered: Callable[[str], None]) -> None:
        """Ask what somebody is whom nobody has entered; voices and strangers are nobody yet."""
        entered = self._review.interview.details.codes
        if not is_code(code) or code in entered or is_voice(code) or is_stranger(code):
            answered(code)
            return
        roles = list(Role)

        def chosen(number: int | None) -> None:
            if number is None:
                return

            def enter(pen: TranscriptEditor) -> bool:
                return enter_person(pen.interview, code, roles[number])

            self._edits.make(enter)
            if code in self._review.interview.details.codes:
                answered(code)

        question = f"Nobody has entered {code}. What are they in this interview?"
        self._stage.ask(ChoicePrompt(question, [role.value for role in roles]), chosen)

    def _set_speaker(self, key: int, code: str, scope: SpeakerScope) -> bool:
        """Set a speaker and say so; False where the study refused it."""
        known = set(self._review.speakers)
        is_written = False

        def write(pen: TranscriptEditor) -> frozenset[int]:
            nonlocal is_written
            touched = pen.set_speaker(key, code, scope, allow_new=True)
            is_written = True
            return touched

        changed = self._edits.make(write)
        count = format_count(len(changed), "turn")
        told = f"{code} speaks: {count} changed." if changed else f"Already {code}."
        if changed and known and code not in known:
            told += with_keys(
                f" {code} is new in this interview: {{interview.undo_edit}} takes it back."
            )
        self._page.describe(told)
        return is_written
