"""Taking in a file of another study: interviews, what was lent, or a receipt.

What the file is, it says itself. It is read to its end and shown before anything is taken in.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app import (
    describe_back,
    describe_peek,
    describe_settled,
    describe_taken,
    destroy_moved,
    receive_parcel,
    take_back_loan,
)
from study import Destruction, ParcelKind, ReportProgress, ShouldStop, TravelNote
from study.errors import ParcelExists
from study.store import (
    BackWork,
    ParcelPeek,
    TakenParcel,
    TurnConflict,
    TurnSide,
    check_parcel,
    compare_back,
    peek_parcel,
    read_turn_numbers,
    send_receipt,
    take_in_receipt,
)
from tui.screens.dialogs import QuestionDialog
from tui.screens.travel.conflict_dialog import ConflictDialog
from tui.screens.travel.travel_stage import TravelStage, ask_file, ask_new_file

_TAKE_IN = "Take it in?"
_TAKE_BACK = "Take it back?"
_SETTLE = "Settle it?"
_RECEIPT = "Write the receipt, so that the sender can settle the move?"
_LEFT = "Nothing was taken back, because not every turn was decided."
_Result = TypeVar("_Result")
_Chosen = dict[tuple[str, int], TurnSide]


class ReceivingControls:
    """What the key for a new one does on the screen of sending and receiving."""

    def __init__(self, stage: TravelStage) -> None:
        self._stage = stage

    def action_take_in(self) -> None:
        """Ask for a file, look what it is, and go on with that."""
        ask_file(
            self._stage,
            "Which file did you get: a parcel, a loan that came back, a receipt?",
            self._look,
        )

    def _look(self, path: Path) -> None:
        self._work(
            path, lambda _report, _stop: peek_parcel(self._stage.study, path),
            lambda peek: self._go_on(path, peek),
        )  # fmt: skip

    def _go_on(self, path: Path, peek: ParcelPeek) -> None:
        study = self._stage.study
        if peek.kind is ParcelKind.RECEIPT:
            shown = "\n\n".join(describe_peek(peek))
            self._confirm(f"{shown}\n\n{_SETTLE}", lambda: self._settle(path))
        elif peek.kind is ParcelKind.BACK:
            self._work(
                path,
                lambda report, stop: compare_back(study, path, report=report, stop=stop),
                lambda conflicts: self._show_back(path, peek, conflicts),
            )
        else:
            self._work(
                path,
                lambda report, stop: check_parcel(study, path, report=report, stop=stop),
                lambda taken: self._show_taken(path, taken),
            )

    def _show_taken(self, path: Path, checked: TakenParcel) -> None:
        study = self._stage.study
        lines = "\n\n".join(describe_taken(checked, is_check=True))

        def take_in() -> None:
            self._work(
                path,
                lambda report, stop: receive_parcel(study, path, report=report, stop=stop),
                self._tell_taken,
            )

        self._confirm(f"{lines}\n\n{_TAKE_IN}", take_in)

    def _tell_taken(self, taken: TakenParcel) -> None:
        said = "\n\n".join(describe_taken(taken))
        if taken.note.kind is ParcelKind.MOVED:
            self._confirm(f"{said}\n\n{_RECEIPT}", lambda: self._ask_receipt(taken))
        else:
            self._stage.show_message(said)

    def _ask_receipt(self, taken: TakenParcel) -> None:
        ask_new_file(
            self._stage,
            f"Where should the receipt for {taken.sender.name} go?",
            f"{taken.labels[0]}.receipt",
            lambda path: self._write_receipt(taken, path),
        )

    def _write_receipt(self, taken: TakenParcel, path: Path) -> None:
        study = self._stage.study

        def write(_report: ReportProgress, _stop: ShouldStop) -> None:
            try:
                send_receipt(study, taken.note, path)
            except FileExistsError as there:
                raise ParcelExists from there

        said = f"Give the receipt to {taken.sender.name}.\n\n{path}"
        self._stage.work_on("send", path.name, write, lambda _: self._stage.show_message(said))

    def _show_back(self, path: Path, peek: ParcelPeek, conflicts: list[TurnConflict]) -> None:
        turns = "1 turn was" if len(conflicts) == 1 else f"{len(conflicts)} turns were"
        more = [f"{turns} changed here as well: you decide each."] if conflicts else []
        shown = "\n\n".join([*describe_peek(peek), *more])
        self._confirm(f"{shown}\n\n{_TAKE_BACK}", lambda: self._decide(path, conflicts, {}))

    def _decide(self, path: Path, conflicts: list[TurnConflict], chosen: _Chosen) -> None:
        """Show the turns that both changed one after the other; then take all back."""
        if len(chosen) == len(conflicts):
            self._take_back(path, chosen)
            return
        one = conflicts[len(chosen)]

        def answered(side: TurnSide | None) -> None:
            if side is None:
                self._stage.show_message(_LEFT)
            else:
                self._decide(path, conflicts, chosen | {(one.label, one.key): side})

        numbers = read_turn_numbers(self._stage.study.interview(one.label))
        dialog = ConflictDialog(one, numbers.show_turn(one.key), len(chosen) + 1, len(conflicts))
        self._stage.ask(dialog, answered)

    def _take_back(self, path: Path, chosen: _Chosen) -> None:
        study = self._stage.study

        def take(report: ReportProgress, stop: ShouldStop) -> tuple[TakenParcel, BackWork]:
            return take_back_loan(
                study, path, lambda one: chosen.get((one.label, one.key)), report=report, stop=stop
            )

        def tell(taken: tuple[TakenParcel, BackWork]) -> None:
            self._stage.show_message("\n\n".join(describe_back(*taken)))

        self._work(path, take, tell)

    def _settle(self, path: Path) -> None:
        study = self._stage.study

        def settle(
            _report: ReportProgress, _stop: ShouldStop
        ) -> tuple[TravelNote, Destruction | None, tuple[str, ...]]:
            sent, withdrawn = take_in_receipt(study, path)
            return sent, destroy_moved(study, sent), withdrawn

        def tell(done: tuple[TravelNote, Destruction | None, tuple[str, ...]]) -> None:
            self._stage.show_message("\n\n".join(describe_settled(study, *done)))

        self._work(path, settle, tell)

    def _confirm(self, question: str, then: Callable[[], None]) -> None:
        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                then()

        self._stage.ask(QuestionDialog(question), answered)

    def _work(
        self,
        path: Path,
        act: Callable[[ReportProgress, ShouldStop], _Result],
        tell: Callable[[_Result], None],
    ) -> None:
        self._stage.work_on("receive", path.name, act, tell)
