"""Signing off from the shell: what stands in its way, and what its sheet tells."""

from __future__ import annotations

import re
from pathlib import Path

from study.errors import ObjectionsStand, UnknownTurn
from tests.cli.conftest import Run, result


def test_what_was_sent_back_is_signed_only_once_it_was_handed_on_again(
    run: Run, signed: Path
) -> None:
    assert run("sign", signed, "P07_i1", "--send-back", "the ward is known to all")[0] == 0

    code, _, told = run("sign", signed, "P07_i1")
    assert code == ObjectionsStand.exit_code
    assert f"earshot review {signed} P07_i1 --hand-on" in told

    assert run("review", signed, "P07_i1", "--hand-on")[0] == 0
    code, sheet, _ = run("sign", signed, "P07_i1")
    assert code == 0
    assert "Signed off" in sheet
    assert "Sent back before" in sheet
    assert "about the whole: the ward is known to all" in sheet


def test_the_sheet_of_what_is_sent_back_tells_it_once(run: Run, signed: Path) -> None:
    sheet = run("sign", signed, "P07_i1", "--send-back", "the ward is known to all")[1]

    assert sheet.count("the ward is known to all") == 1
    data = result(run("sign", signed, "P07_i1", "--show", "--json")[1])
    assert data["sent_back_before"] == []


def test_the_sheet_says_how_many_turns_nobody_read(run: Run, signed: Path) -> None:
    """Only the sheet on the screen told; decided in bulk, it was signed with no word."""
    from study.store import Study, record_viewed_turns

    assert "   2  turns that nobody read" in run("sign", signed, "P07_i1")[1]
    with Study.open(signed, "four unrelated small words") as study:
        record_viewed_turns(study.interview(study.find_interview("P07_i1").id), [1])

    assert "   1  turn that nobody read" in run("sign", signed, "P07_i1")[1]
    shown = run("sign", signed, "P07_i1", "--show", "--json")[1]
    assert result(shown)["turns_nobody_read"] == 1


def test_the_sheet_names_two_labels_that_may_be_one_person(run: Run, signed: Path) -> None:
    """Neither the reviewer nor the officer was told that one person had two numbers."""
    from anonymise import search_transcript
    from study.store import Study, TranscriptEditor

    with Study.open(signed, "four unrelated small words") as study:
        interview = study.interview(study.find_interview("P07_i1").id)
        TranscriptEditor(interview).set_text(1, "Mrs Jean Fitzgerald and Mr Derek Fitzgerald.")
        TranscriptEditor(interview).set_text(2, "I saw Fitzgerald again.")
        search_transcript(interview, name_model=None)
    assert run("review", signed, "P07_i1", "--accept-all")[0] == 0

    sheet = run("sign", signed, "P07_i1")[1]

    assert "may be one person: one name is part of the other." in sheet


def test_a_turn_goes_back_by_its_number(run: Run, signed: Path) -> None:
    code, sheet, _ = run("sign", signed, "P07_i1", "--object-turn", "2=a name was missed")

    assert code == 0
    assert "Sent back" in sheet
    assert "about turn 2: a name was missed" in sheet
    assert run("sign", signed, "P07_i1", "--object-turn", "99=no such")[0] == UnknownTurn.exit_code


def test_the_sheet_begins_with_who_and_when_and_ends_with_what_proves_it(
    run: Run, signed: Path
) -> None:
    """It began with an ISO time and three hashes, before anything that a person reads."""
    sheet = run("sign", signed, "P07_i1", "--as", "A. Officer", "--role", "data officer")[1]

    people, _, proof = sheet.partition("For proving it later")
    assert re.match(
        r"Signed off by A\. Officer, data officer .*, \d+ \w+ \d{4} at \d\d:\d\d UTC", sheet
    )
    assert "turns that nobody read" in people
    assert not re.search(r"[0-9a-f]{16}|T\d\d:\d\d:\d\d", people)
    found = re.search(r"Audit trail +(\d+:[0-9a-f]{64})", proof)
    assert found is not None
    assert run("log", "verify", signed, "--head", found[1])[0] == 0
