"""The officer's word: right, objected to, signed off, sent back; and what was said, for holders."""

from __future__ import annotations

from study import signed
from study.checks import Found
from study.errors import EarshotError
from study.terms import LogLine
from tui.screens.asking import Typed
from tui.screens.check.sorting import Sorting
from tui.screens.dialog import Asked
from tui.verbs.sign import sheet
from tui.widgets import wording

_WHO = "As the sheet should name you. Escape signs nothing."
_ROLE = "Such as: data officer. Escape signs nothing."
_WHOLE = "Why does it go back? The reviewer reads it."


class Ruling(Sorting):
    """Checks of lines, and the sign-off."""

    def line(self) -> LogLine | None:
        """Return the line of the log under the cursor; none where it stands no more."""
        line = self.decisions.line(self.row) if self.decisions and self.kind == "log" else None
        return line if self.checking and line in self.checking.log else None

    def action_right(self) -> None:
        """Note that a line is right as it is, and go on to the next."""
        self._note(Found.RIGHT)

    def action_object(self) -> None:
        """Ask what is wrong with a line."""
        line = self.line()
        if line is None:
            return

        def objected(reason: str | None) -> None:
            if reason:
                self._note(Found.WRONG, reason)

        self.earshot.push_screen(
            Typed(
                "What is wrong with this decision? The reviewer reads it.",
                hint="Enter keeps the objection; it is sent with B. Escape: nothing is wrong.",
                check=lambda text: "" if text else "Type a reason, or press Esc.",
            ),
            objected,
        )

    def action_take_back(self) -> None:
        """Take back what was found at a line."""
        line, checking = self.line(), self.checking
        if line is not None and checking is not None and line.mention in checking.checks:
            self._note(Found.OPEN)

    def action_original(self) -> None:
        """Show what was said where the lines stand; the audit trail notes that it was read."""
        checking = self.checking
        if checking is not None and self.attempt(checking.read_originals):
            self.read_again()
            self.point("Originals are shown. The audit trail notes that you read them.")

    def action_sign(self) -> None:
        """Ask who signs, show what is signed, and ask once more."""
        checking = self.checking
        if checking is None:
            return
        if checking.clean is None:
            self.tell(checking.why_none)
            return
        known, known_role = checking.signer()

        def named(name: str | None) -> None:
            if name is not None:
                self.earshot.push_screen(
                    Typed("In which role?", value=known_role, hint=_ROLE),
                    lambda role: None if role is None else self._confirm(name, role),
                )

        self.earshot.push_screen(Typed("Who signs off?", value=known, hint=_WHO), named)

    def action_send_back(self) -> None:
        """Ask for reasons about the whole, and send it back with the objections."""
        checking = self.checking
        if checking is None:
            return
        if checking.clean is None:
            self.tell(f"There is nothing to send back. {checking.why_none}")
            return
        objected = len(checking.objections())

        def reasoned(reason: str | None) -> None:
            if reason is None:
                return
            name, role = checking.signer()
            reasons = [reason] if reason else []
            if self.attempt(lambda: checking.send_back(reasons, name, role)):
                self.refresh_study()
                count = len(reasons) + objected
                some = wording.counted(count, "reason")
                self.describe(f"Sent back with {some}. What you objected to is undecided again.")

        def has_reason(text: str) -> str:
            return "" if text or objected else "Type a reason, or press Esc."

        hint = "Enter sends it back, Escape does not."
        if objected:
            lines = wording.counted(objected, "objection")
            hint = f"Your {lines} will go with it; this may stay empty. {hint}"
        self.earshot.push_screen(Typed(_WHOLE, hint=hint, check=has_reason), reasoned)

    def _note(self, found: Found, reason: str = "") -> None:
        line, checking = self.line(), self.checking
        if line is None or checking is None:
            return
        if self.attempt(lambda: checking.note(line, found, reason)):
            self.read_again()
            at = self.row
            self.show_list()
            if found is not Found.OPEN:
                self.rows.choose(at + 1)
                self.point()

    def _confirm(self, name: str, role: str) -> None:
        checking = self.checking
        if checking is None:
            return
        question = "\n".join([*checking.before_signing(), "", "Sign this transcript off?"])

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted and self.attempt(lambda: checking.sign(name, role)):
                self.refresh_study()
                self._tell_sheet()
            elif wanted:
                self.refresh_study()

        self.earshot.push_screen(Asked(question), answered)

    def _tell_sheet(self) -> None:
        study = self.earshot.study
        try:
            lines = sheet(study, self.interview, signed.read(study, self.interview))
        except EarshotError as error:
            self.tell(wording.problem(error))
            return
        self.tell("\n".join([*lines, "", "e hands it over. Any change voids it."]))
