"""The officer's word on the whole: signed off, or sent back with reasons."""

from __future__ import annotations

from collections.abc import Callable

from anonymise import ledger
from study import signed
from study.errors import EarshotError
from tui.checking import Checking
from tui.screens.asking import Typed
from tui.screens.check.page import Page, why_unread
from tui.screens.dialog import Asked
from tui.screens.stage import Stage
from tui.sign_off_sheet import sheet
from tui.widgets import wording

_WHO = "As the sheet should name you. Escape signs nothing."
_ROLE = "Such as: data officer. Escape signs nothing."
_WHOLE = "Why does it go back? The reviewer reads it."


class SignOffQuestions:
    """Asks who signs or why it goes back, shows what is signed, and does it."""

    def __init__(
        self, checking: Checking, page: Page, stage: Stage, refresh: Callable[[], None]
    ) -> None:
        """Prepare; ``refresh`` reads and shows the whole interview again."""
        self._checking, self._page, self._stage = checking, page, stage
        self._refresh = refresh

    def action_sign(self) -> None:
        """Ask who signs, show what is signed, and ask once more."""
        if self._checking.clean is None:
            self._stage.tell(why_unread(self._checking))
            return
        known, known_role = self._checking.signer()

        def named(name: str | None) -> None:
            if name is not None:
                self._stage.ask(
                    Typed("In which role?", value=known_role, hint=_ROLE),
                    lambda role: None if role is None else self._confirm(name, role),
                )

        self._stage.ask(Typed("Who signs off?", value=known, hint=_WHO), named)

    def action_send_back(self) -> None:
        """Ask for reasons about the whole, and send it back with the objections."""
        checking = self._checking
        if checking.clean is None:
            self._stage.tell(f"There is nothing to send back. {why_unread(checking)}")
            return
        objected = len(checking.objections())

        def reasoned(reason: str | None) -> None:
            if reason is None:
                return
            name, role = checking.signer()
            reasons = [reason] if reason else []
            if self._stage.attempt(lambda: checking.send_back(reasons, name, role)):
                self._refresh()
                some = wording.counted(len(reasons) + objected, "reason")
                self._page.describe(
                    f"Sent back with {some}. What you objected to is undecided again."
                )

        def has_reason(text: str) -> str:
            return "" if text or objected else "Type a reason, or press Esc."

        hint = "Enter sends it back, Escape does not."
        if objected:
            lines = wording.counted(objected, "objection")
            hint = f"Your {lines} will go with it; this may stay empty. {hint}"
        self._stage.ask(Typed(_WHOLE, hint=hint, check=has_reason), reasoned)

    def _confirm(self, name: str, role: str) -> None:
        question = "\n".join([*_before_signing(self._checking), "", "Sign this transcript off?"])

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if not wanted:
                return
            is_signed = self._stage.attempt(lambda: self._checking.sign(name, role))
            self._refresh()
            if is_signed:
                self._tell_sheet()

        self._stage.ask(Asked(question), answered)

    def _tell_sheet(self) -> None:
        study, interview = self._checking.study, self._checking.interview
        try:
            lines = sheet(study, interview, signed.read(study, interview))
        except EarshotError as error:
            self._stage.tell(self._stage.problem(error))
            return
        self._stage.tell("\n".join([*lines, "", "e hands it over. Any change voids it."]))


def _before_signing(checking: Checking) -> list[str]:
    """Say what is about to be signed: counts, what was looked at again, coverage, its hash."""
    counts = ledger.counts(checking.log)
    lines = [f"{number:4}  {kind}, {does}" for (kind, does), number in counts.items()]
    right = len(checking.checks) - len(checking.objections())
    lines.append(f"{right:4}  of {len(checking.log)} lines looked at again, and found right")
    if checking.unseen:
        lines.append(f"{len(checking.unseen):4}  turns that nobody looked at")
    label = checking.summary.label if checking.summary else ""
    return [
        f"Clean transcript of {label}  {checking.sha256[:16]}",
        *lines,
        wording.coverage(checking.clean.coverage if checking.clean else None),
    ]
