"""What a person reads of a loan that came back."""

from __future__ import annotations

from pathlib import Path

from app import (
    carry_out_withdrawal,
    describe_conflict,
    describe_move,
    describe_taken,
    destroy_moved,
    plan_withdrawal,
    receive_parcel,
)
from study import ParcelKind, Turn, WithdrawalScope
from study.store import (
    TranscriptEditor,
    TurnConflict,
    list_unsettled_moves,
    send_interviews,
    send_receipt,
    take_in_receipt,
)
from tests.study.travelling import bring_in, places

LENT, HERE = Turn(57, "P07", 1.0, 2.0, "Yes."), Turn(57, "P07", 1.0, 2.0, "Yes, well.")


def test_a_turn_that_both_changed_has_the_number_that_it_has_here_and_not_its_key() -> None:
    shown = list(describe_conflict(TurnConflict("P07_i1", 57, (LENT,), (HERE,), ()), "3"))

    assert shown == [
        "P07_i1, turn 3", "  lent   P07: Yes.", "  here   P07: Yes, well.", "  there  (removed)",
    ]  # fmt: skip


def test_what_was_put_before_the_first_turn_says_so_and_is_named_0() -> None:
    shown = list(describe_conflict(TurnConflict("P07_i1", 0, (), (HERE,), ()), "0"))

    assert shown[0] == "P07_i1, before turn 1 (turn 0)"


def test_a_parcel_counts_the_turns_that_are_left_after_corrections(tmp_path: Path) -> None:
    """It counted those that the model had made, whatever was joined or taken out since."""
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = field.interview(bring_in(field, "P07_i1"))
        editor = TranscriptEditor(made)
        left = len(editor.state.turns) - 1
        editor.remove_turn(editor.state.turns[0].key)
        send_interviews(field, [made], at["office"].card, tmp_path / "p")

        taken = receive_parcel(office, tmp_path / "p")

        assert taken.turns == left


def test_what_was_moved_waits_for_its_receipt_and_says_so(tmp_path: Path) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        assert list_unsettled_moves(field, [made]) == {}
        send_interviews(
            field, [field.interview(made)], at["office"].card, tmp_path / "p", kind=ParcelKind.MOVED
        )

        waits = list_unsettled_moves(field, [made])
        assert describe_move("P07_i1", waits[made]).startswith("P07_i1 was moved to office on 20")

        taken = receive_parcel(office, tmp_path / "p")
        send_receipt(office, taken.note, tmp_path / "r")
        sent, _ = take_in_receipt(field, tmp_path / "r")
        assert made in list_unsettled_moves(field, [made])  # it is still here
        destroy_moved(field, sent)
        assert field.summaries() == []


def test_a_parcel_of_what_was_withdrawn_here_since_says_that_it_is_gone(tmp_path: Path) -> None:
    """It said that nothing was changed, as if the interview were there."""
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = field.interview(bring_in(field, "P07_i1"))
        send_interviews(field, [made], at["office"].card, tmp_path / "p")
        receive_parcel(office, tmp_path / "p")
        carry_out_withdrawal(office, plan_withdrawal(office, "P07", WithdrawalScope.EVERYTHING))

        told = list(describe_taken(receive_parcel(office, tmp_path / "p")))

        assert "Not here any more, because it was destroyed or moved on since: P07_i1." in told
        assert office.summaries() == []
