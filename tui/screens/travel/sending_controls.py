"""Sending, moving and lending the marked interviews, and ending a loan."""

from __future__ import annotations

from pathlib import Path

from app import describe_sent
from study import InterviewSummary, ParcelKind, ReportProgress, ShouldStop, TrustedStudy
from study.errors import EarshotError, ParcelExists
from study.store import SentParcel, end_loan, list_loans, send_interviews
from tui.screens.prompts import ChoicePrompt
from tui.screens.travel.travel_stage import TravelStage, ask_new_file, ask_trusted

_WAYS = (
    (ParcelKind.SENT, "Send a copy, or send back what was lent"),
    (ParcelKind.MOVED, "Move: destroyed here once the receipt is back"),
    (ParcelKind.LENT, "Lend: read-only here until it is back"),
)
_END = "End the loan: it can be changed here again"


class SendingControls:
    """What Enter does on the screen of sending and receiving."""

    def __init__(self, stage: TravelStage) -> None:
        self._stage = stage

    def action_send(self) -> None:
        """Ask how the marked interviews are sent, to whom and into which file; then send them."""
        picked = self._stage.picked
        if not picked:
            return
        labels = ", ".join(one.label for one in picked)
        try:
            lent = {one.label for one in list_loans(self._stage.study)}
        except EarshotError as error:
            self._stage.show_message(self._stage.problem(error))
            return
        is_lent = all(one.label in lent for one in picked)
        options = [_END] if is_lent else [text for _, text in _WAYS]

        def chosen(number: int | None) -> None:
            if number is None:
                return
            if is_lent:
                self._end(picked)
                return
            kind = _WAYS[number][0]
            ask_trusted(
                self._stage, f"Who receives {labels}?", lambda to: self._ask_file(picked, kind, to)
            )

        self._stage.ask(ChoicePrompt(f"What is to be done with {labels}?", options), chosen)

    def _ask_file(self, picked: list[InterviewSummary], kind: ParcelKind, to: TrustedStudy) -> None:
        more = f"-and-{len(picked) - 1}-more" if len(picked) > 1 else ""
        ask_new_file(
            self._stage,
            f"Where should the parcel for {to.name} go (a USB stick, for example)?",
            f"{picked[0].label}{more}.parcel",
            lambda path: self._send(picked, kind, to, path),
        )

    def _send(
        self, picked: list[InterviewSummary], kind: ParcelKind, to: TrustedStudy, path: Path
    ) -> None:
        study = self._stage.study
        interviews = [study.interview(one.id) for one in picked]

        def tell(sent: SentParcel) -> None:
            self._stage.show_message(
                "\n\n".join([*describe_sent(sent), f"The file to take there:\n{path}"])
            )

        def send(report: ReportProgress, stop: ShouldStop) -> SentParcel:
            try:
                return send_interviews(
                    study, interviews, to.card, path, kind=kind, report=report, stop=stop
                )
            except FileExistsError as there:
                raise ParcelExists from there

        self._stage.work_on(
            "send",
            picked[0].label if len(picked) == 1 else f"{len(picked)} interviews",
            send,
            tell,
        )

    def _end(self, picked: list[InterviewSummary]) -> None:
        def end() -> None:
            for one in picked:
                end_loan(self._stage.study, self._stage.study.interview(one.id))

        self._stage.try_change(end)
        self._stage.refresh_study()
