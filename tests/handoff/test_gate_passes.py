"""A person lets words through the gate, with a reason, and takes that back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import format_sign_off_sheet
from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from handoff.sign_off import sign_transcript
from study import (
    ArtefactKind,
    GatePass,
    PersonRole,
    Transcript,
    find_passed_spans,
    list_passed_words,
)
from study.errors import OriginalSurvives, PassRefused, RoleForbids
from study.store import (
    Study,
    let_through_gate,
    read_gate_passes,
    read_sign_off,
    stop_at_gate_again,
    verify_study,
)

LINE = "He grew roses, and Rose of Sharon was the one he liked."
WHY = "It is a plant of the Bible."


@pytest.fixture
def refused(study: Study, decided: str) -> str:
    """The id of an interview in which the gate stops a plant, for Rose O'Neill was replaced."""
    interview = study.interview(decided)
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    said = replace(clean, turns=(clean.turns[0], replace(clean.turns[1], text=LINE)))
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.CLEAN, said)
    with pytest.raises(OriginalSurvives) as stopped:
        sign_transcript(interview)
    assert (stopped.value.turns, stopped.value.words) == ((2,), ("Rose",))
    assert "Rose" not in str(stopped.value)
    return decided


@pytest.mark.parametrize("turn", [2, 0])
def test_what_was_let_through_leaves_in_every_format_until_it_is_stopped_again(
    study: Study, refused: str, turn: int
) -> None:
    interview = study.interview(refused)

    made = let_through_gate(interview, "Rose of Sharon", WHY, turn=turn)
    sign_transcript(interview)
    written = export_interviews(study, ExportOrder((refused,)))

    assert read_gate_passes(interview) == (made,)
    assert LINE.encode() in next(p for p in written if p.name == "P07_i1.txt").read_bytes()
    sheet = "\n".join(format_sign_off_sheet(interview, read_sign_off(interview)))
    assert WHY in sheet
    assert "Sharon" not in sheet
    assert verify_study(study) == []
    stop_at_gate_again(interview, "rose of sharon", "It is Mrs Sharon.", turn=turn)
    assert read_gate_passes(interview) == ()
    with pytest.raises(OriginalSurvives):
        export_interviews(study, ExportOrder((refused,)))


def test_a_pass_needs_words_a_reason_and_a_role_that_signs(study: Study, refused: str) -> None:
    interview = study.interview(refused)
    lines = len(study.read_trail()[0])
    for words, reason in (("", WHY), ("...", WHY), ("Rose", " ")):
        with pytest.raises(PassRefused):
            let_through_gate(interview, words, reason)
    with pytest.raises(PassRefused):
        stop_at_gate_again(interview, "Rose", WHY)
    study.ring.role = PersonRole.ASSISTANT
    with pytest.raises(RoleForbids):
        let_through_gate(interview, "Rose", WHY)

    assert len(study.read_trail()[0]) == lines


def test_a_pass_that_names_somebody_else_is_named(study: Study, refused: str) -> None:
    with study.interview(refused).change("let through the gate") as change:
        change.write_artefact(ArtefactKind.PASSED, {})
        forged = GatePass("Rose", 2, WHY, 7, change.made_at)
        change.append_entry(ArtefactKind.PASSED, forged)

    (found,) = verify_study(study)
    assert f"passed.1.1 of interview {refused}" in found.where
    assert "names slot 7 as who did it, and slot 1 wrote it" in found.what


@pytest.mark.parametrize(
    ("line", "is_let"),
    [
        (LINE, True),
        ("He grew roses, and rose of Sharon was the one he liked.", True),  # in another case
        (f"[00:00:02] P07: {LINE}", True),
        ("Rose of Sharon came in.", False),
        ("He grew roses and Rose O'Neill was the one he liked.", False),
        ("He grew roses, and Rose of Sharon was the nurse.", False),
    ],
)
def test_a_place_is_known_by_what_stands_around_it(line: str, is_let: bool) -> None:  # noqa: FBT001 - a column
    passes = [GatePass("Rose of Sharon", 2, WHY, 1, "")]

    spans = find_passed_spans(line, list_passed_words(passes, {2: LINE}))

    assert [line[start:end].lower() for start, end in spans] == ["rose of sharon"] * is_let


def test_a_whole_turn_passes_as_a_turn_alone() -> None:
    passed = list_passed_words([GatePass("Rose", 2, WHY, 1, "")], {2: "Rose."})

    assert find_passed_spans("[00:00:02] P07: Rose.", passed)
    assert find_passed_spans("Yes. Rose. No.", passed)  # turns that subtitles put together
    assert not find_passed_spans("then Rose came", passed)
