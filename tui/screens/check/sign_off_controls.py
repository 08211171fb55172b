"""The officer's ruling on the interview: signed off, or sent back with reasons."""

from __future__ import annotations

from collections.abc import Callable

from anonymise import count_log_lines
from app import (
    OfficerCheck,
    describe_heard,
    describe_kept_names,
    describe_possible_joins,
    describe_send_backs,
    describe_unread_turns,
    format_count,
    format_sign_off_sheet,
    join_reasons,
    list_repeated_decisions,
    list_unchanged_turns,
    tell_dissent,
)
from handoff import GAP
from study.errors import EarshotError, OriginalSurvives
from study.store import read_sign_off, require_own_name
from tui.key_names import with_keys
from tui.screens.check.check_page import CheckPage, why_unread
from tui.screens.dialogs import QuestionDialog, RefusalAnswer, RefusalDialog
from tui.screens.prompts import TextPrompt
from tui.screens.stage import Stage
from tui.widgets.labels import explain_joins

_WHO = "Your name for the sign-off. Esc cancels."
_ROLE = "Such as: data officer. Esc cancels."
_LET_THROUGH = "Let through, with your reason. {check.sign} signs, {check.take_back} takes it back."
_RECOGNISES = "Who could recognise this person, and by what?"
_IN_WRITING = "This study asks for a written answer. Esc cancels."
_OBJECTIONS_STAND = (
    "You objected to {places}, so it cannot be signed. {{check.send_back}} sends it"
    " back with your reasons; {{check.take_back}} there takes an objection back."
)
_UNDECIDED_AGAIN = "The decisions you objected to are undecided again."
_WHOLE = "Why are you sending it back? The reviewer will read it."


class SignOffControls:
    """Asks who signs or why it goes back, shows the sign-off sheet, and records the ruling."""

    def __init__(
        self,
        checking: OfficerCheck,
        page: CheckPage,
        stage: Stage,
        refresh: Callable[[], None],
        open_turn: Callable[[int], None],
    ) -> None:
        """Prepare.

        refresh: reads and shows the whole interview again. open_turn: opens the review at the turn
        with this key.
        """
        self._checking, self._page, self._stage = checking, page, stage
        self._refresh, self._open_turn = refresh, open_turn

    def action_sign(self) -> None:
        """Ask who signs, show what is signed, and ask once more."""
        if self._checking.clean is None:
            self._stage.show_message(why_unread(self._checking))
            return
        try:
            self._checking.require_may_sign()
        except EarshotError as error:
            self._stage.show_message(self._stage.problem(error))
            return
        if places := _name_objections(self._checking):
            self._stage.show_message(with_keys(_OBJECTIONS_STAND.format(places=places)))
            return
        known, known_role = self._checking.find_last_signer()

        def named(name: str | None) -> None:
            if name is not None:
                self._stage.ask(
                    TextPrompt("In which role?", value=known_role, hint=_ROLE),
                    lambda role: None if role is None else self._ask_who_recognises(name, role),
                )

        def check(text: str) -> str:
            try:
                require_own_name(self._checking.interview.study, text)
            except EarshotError as error:
                return self._stage.problem(error)
            return ""

        self._stage.ask(TextPrompt("Who signs off?", value=known, hint=_WHO, check=check), named)

    def action_send_back(self) -> None:
        """Ask for reasons about the whole, and send it back with the objections."""
        checking = self._checking
        if checking.clean is None:
            self._stage.show_message(f"There is nothing to send back. {why_unread(checking)}")
            return
        objected, undecided = len(checking.list_objections()), checking.list_line_objections()

        def reasoned(reason: str | None) -> None:
            if reason is None:
                return
            name, role = checking.find_last_signer()
            reasons = [reason] if reason else []
            if self._stage.try_change(lambda: checking.send_back(reasons, name, role)):
                self._refresh()
                some = format_count(len(reasons) + objected, "reason")
                again = f" {_UNDECIDED_AGAIN}" if undecided else ""
                self._page.describe(f"Sent back with {some}.{again}")

        def has_reason(text: str) -> str:
            return "" if text or objected else "Type a reason, or press Esc."

        hint = "Enter sends it back. Esc cancels."
        if objected:
            lines = format_count(objected, "objection")
            hint = f"Your {lines} will go with it; this may stay empty. {hint}"
        self._stage.ask(TextPrompt(_WHOLE, hint=hint, check=has_reason), reasoned)

    def _ask_who_recognises(self, name: str, role: str) -> None:
        """Ask who could recognise the person, where the study wants that; then confirm."""
        if not self._checking.asks_who_recognises:
            self._confirm(name, role)
            return

        def check(text: str) -> str:
            return "" if text.strip() else "Type an answer, or press Esc."

        self._stage.ask(
            TextPrompt(_RECOGNISES, hint=_IN_WRITING, check=check),
            lambda answer: None if answer is None else self._confirm(name, role, answer),
        )

    def _confirm(self, name: str, role: str, who_recognises: str = "") -> None:
        question = "\n".join([*_before_signing(self._checking), "", "Sign this transcript off?"])

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if not wanted:
                return
            try:
                self._checking.sign(name, role, who_recognises)
            except EarshotError as error:
                self._refresh()
                self._tell_refusal(error)
            else:
                self._refresh()
                self._tell_sheet()

        self._stage.ask(QuestionDialog(question), answered)

    def _tell_refusal(self, error: EarshotError) -> None:
        """Say why it was not signed; where a turn is at fault, offer to go there."""
        problem = self._stage.problem(error)
        if not (isinstance(error, OriginalSurvives) and error.turns):
            self._stage.show_message(problem)
            return
        turn, words = error.turns[0], error.words[0].split(GAP) if error.words else []
        number = self._checking.show_turn(turn)
        shown = f"{problem}\n\nTurn {number} says: {GAP.join(words)}" if words else problem

        def answered(answer: RefusalAnswer | None) -> None:
            if answer is RefusalAnswer.TURN:
                self._open_turn(turn)
            elif answer is RefusalAnswer.LET:
                self._ask_to_let_pass(turn, words)

        self._stage.ask(RefusalDialog(shown), answered)

    def _ask_to_let_pass(self, turn: int, words: list[str]) -> None:
        """Ask why words of a turn may leave, and let them pass there."""

        def reasoned(reason: str | None) -> None:
            if reason is None:
                return
            if self._stage.try_change(lambda: self._checking.let_pass(turn, words, reason)):
                self._refresh()
                self._page.describe(with_keys(_LET_THROUGH))

        question = f"Why may these words of turn {self._checking.show_turn(turn)} be handed over?"
        hint = "The sheet shows your reason; do not repeat the words. Esc cancels."

        def check(text: str) -> str:
            return "" if text.strip() else "Type a reason, or press Esc."

        self._stage.ask(TextPrompt(question, hint=hint, check=check), reasoned)

    def _tell_sheet(self) -> None:
        interview = self._checking.interview
        then = with_keys("{check.export} hands it over. Any change makes the sign-off void.")
        try:
            lines = format_sign_off_sheet(interview, read_sign_off(interview), then)
        except EarshotError as error:
            self._stage.show_message(self._stage.problem(error))
            return
        self._stage.show_message("\n".join(lines))


def _before_signing(checking: OfficerCheck) -> list[str]:
    """Return the sheet before a sign-off: counts, checked lines, coverage, the hash."""
    counts = count_log_lines(checking.log)
    lines = [f"{number:4}  {kind}, {does}" for (kind, does), number in counts.items()]
    right = len(checking.checks) - len(checking.list_line_objections())
    lines.append(f"{right:4}  of {len(checking.log)} lines looked at again, and found right")
    lines += describe_unread_turns(len(checking.unseen))
    if same := list_repeated_decisions(checking.interview):
        reasons = join_reasons(one.reason for one in same)
        lines.append(f"{len(same):4}  objected to, and decided as before: {reasons}")
    if same := list_unchanged_turns(checking.interview, checking.clean):
        reasons = join_reasons(f"turn {checking.show_turn(o.turn)}: {o.reason}" for o in same)
        lines.append(f"{len(same):4}  objected to, and unchanged: {reasons}")
    lines += filter(None, [tell_dissent(checking.clean)])
    lines += describe_send_backs(checking.interview)
    lines += describe_kept_names(checking.log)
    lines += explain_joins(describe_possible_joins(checking.interview))
    label = checking.summary.label if checking.summary else ""
    return [
        f"Clean transcript of {label}",
        *lines,
        *(describe_heard(checking.clean) if checking.clean else []),
        f"For proving it later: {checking.sha256[:16]}",
    ]


def _name_objections(checking: OfficerCheck) -> str:
    """Say to how many lines of the log and turns somebody objected; "" for none."""
    lines, turns = len(checking.list_line_objections()), len(checking.turn_objections)
    places = [format_count(lines, "line")] if lines else []
    return " and ".join([*places, format_count(turns, "turn")] if turns else places)
