"""A person lets words through the gate, with a reason, and takes that back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import format_sign_off_sheet
from handoff.bundle import ExportOrder, render_bundle
from handoff.export import OrderGate, export_interviews
from handoff.formats import FORMAT_NAMES
from handoff.gate import MarkedFiles, check_hand_over
from handoff.sign_off import sign_transcript
from handoff.transcript_lines import TranscriptLine, list_transcript_lines
from study import (
    KIND_ARTEFACTS,
    WORD_ARTEFACTS,
    ArtefactKind,
    Category,
    DataKind,
    DestructionPart,
    GatePass,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    PersonRole,
    Provenance,
    Transcript,
    Turn,
    Verdict,
    find_passed_spans,
    list_passed_words,
)
from study.errors import LeakPlace, OriginalSurvives, PassRefused, RoleForbids
from study.store import (
    Argon2Cost,
    Interview,
    Study,
    add_person,
    let_through_gate,
    read_gate_passes,
    read_sign_off,
    stop_at_gate_again,
    verify_study,
)
from tests.handoff.conftest import SEARCHED
from tests.handoff.deciding import decide
from tests.handoff.test_forged_authors import ASSISTANT, acting, own_words
from tests.study.destroying import destroy, find_left, read_secrets, wanted

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


def test_the_gate_names_a_turn_by_its_number_and_the_trail_by_the_key_that_stays(
    study: Study, refused: str
) -> None:
    interview = study.interview(refused)
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    split_off = replace(clean.turns[1], key=7)
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=(clean.turns[0], split_off)))

    with pytest.raises(OriginalSurvives, match=r"word \d+ of turn 2 at ") as stopped:
        sign_transcript(interview)
    let_through_gate(interview, "Rose of Sharon", WHY, turn=7)

    assert stopped.value.turns == (7,)
    assert [line.facts["turn"] for line in study.read_trail()[0][-1:]] == ["k7"]


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


def test_words_that_may_leave_are_found_as_a_whole_phrase_in_any_case() -> None:
    passes = [GatePass("Rose of Sharon", 2, WHY, 1, ""), GatePass("art course", 0, WHY, 1, "")]

    spans = find_passed_spans(LINE.lower(), list_passed_words(passes, 2))

    assert [LINE[start:end] for start, end in spans] == ["Rose of Sharon"]
    assert list_passed_words(passes, 3) == (("art", "course"),)
    assert find_passed_spans("Rose came, of course.", list_passed_words(passes, 2)) == []


def add_turns(interview: Interview, *texts: str) -> None:
    """Let the clean transcript go on with these turns, from the third on."""
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    more = tuple(
        Turn(key, "P07", 2.5 * key, 2.5 * key + 2.0, text) for key, text in enumerate(texts, 3)
    )
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=(*clean.turns, *more)))


@pytest.mark.parametrize("turn", [3, 0])
def test_a_pass_of_one_turn_holds_in_every_format_however_it_cuts_the_turn(
    study: Study, refused: str, turn: int
) -> None:
    interview = study.interview(refused)
    long = "and so it went on for a while, with the bed of roses and all that was in it, that year,"
    add_turns(interview, f"Well, {long} and then there was Rose of Sharon, {long} too.")
    let_through_gate(interview, "Rose of Sharon", WHY, turn=2)
    let_through_gate(interview, "Rose of Sharon", WHY, turn=turn)
    sign_transcript(interview)
    on_paper = tuple(name for name in FORMAT_NAMES if name != "pdf")

    written = export_interviews(study, ExportOrder((refused,), on_paper))

    endings = {path.name.partition(".")[2] for path in written}
    assert {"vtt", "srt", "eaf", "TextGrid", "exb", "cha", "json"} <= endings


def test_the_same_words_in_another_turn_are_stopped_though_all_around_them_is_the_same(
    study: Study, refused: str
) -> None:
    interview = study.interview(refused)
    add_turns(interview, LINE)
    let_through_gate(interview, "Rose of Sharon", WHY, turn=2)

    with pytest.raises(OriginalSurvives) as stopped:
        sign_transcript(interview)

    assert stopped.value.turns == (3,)


def add_said(study: Study, text: str) -> Interview:
    """Add an interview of one turn in which nothing is found."""
    by = Provenance("made for a test", "earshot")
    with study.change("made for a test") as change:
        made = change.add_interview(InterviewDetails("P08_i1", (Participant("P08"),)))
        turns = (Turn(1, "P08", 0.0, 2.0, text),)
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, by), owner=made)
        facts = MentionsFacts(SEARCHED, undecided=0)
        change.write_artefact(ArtefactKind.MENTIONS, Mentions(SEARCHED, (), by), facts, owner=made)
        change.write_artefact(ArtefactKind.CLEAN, Transcript(turns, by), owner=made)
    return study.interview(made)


def test_what_only_the_files_show_is_named_by_interview_turn_and_time_with_its_words(
    study: Study, refused: str
) -> None:
    let_through_gate(study.interview(refused), "Rose of Sharon", WHY, turn=2)
    sign_transcript(study.interview(refused))
    other = add_said(study, "Then Rose came in.")  # kept there, and somebody's name in the first
    mention = Mention("kept1", 1, 5, 9, Category.PERSON, "names", 0.9, "[Person 9]")
    by = Provenance("made for a test", "earshot")
    with other.change("made for a test") as change:
        facts = MentionsFacts(SEARCHED, undecided=0)
        change.write_artefact(ArtefactKind.MENTIONS, Mentions(SEARCHED, (mention,), by), facts)
        change.write_artefact(ArtefactKind.LOG, ())
    decide(study, other.id, kept1=Verdict.REJECTED)
    order = ExportOrder((refused, other.id), ("txt", "vtt", "eaf", "chat"))
    day = date(2026, 11, 29)

    with pytest.raises(OriginalSurvives) as stopped:
        OrderGate(study, order, day, Path("out"), {}).check(render_bundle(study, order, day))

    assert "turn 1 of P08_i1 at 00:00:00 (in P08_i1.txt, P08_i1.vtt, P08_i1.eaf and more)" in str(
        stopped.value
    )
    assert (stopped.value.turns, stopped.value.words) == ((1,), ("Rose",))


def hand_over(interviews: list[Interview], more: str = "") -> None:
    """Check interviews that leave together, in a text and in a table of all their lines."""
    texts: list[tuple[Interview, list[TranscriptLine]]] = []
    for interview in interviews:
        clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
        assert clean is not None
        texts.append((interview, list_transcript_lines(clean)))
    lines = [line for _, some in texts for line in some]
    table = "\n".join(f"{line.speaker},{line.text}" for line in lines)
    text = "\n".join(line.text for line in lines) + f"\n{more}"
    files = {"all.csv": table.encode(), "all.txt": text.encode()}
    passed = dict(files)
    for interview, some in texts:
        for line in some:
            signs = line.text
            for start, end in find_passed_spans(
                line.text, list_passed_words(read_gate_passes(interview), line.turn)
            ):
                signs = (
                    signs[:start] + re.sub(r"[^\W\d_]", "\u2c81", signs[start:end]) + signs[end:]
                )
            for name, content in passed.items():
                passed[name] = content.replace(line.text.encode(), signs.encode(), 1)
    check_hand_over(texts, files, marked=MarkedFiles(passed))


@pytest.mark.parametrize("turn", [2, 0])
@pytest.mark.parametrize(
    ("other", "more", "passes", "leaves"),
    [
        ("It was fine.", "", "", True),
        ("The nurse was Rose of Sharon.", "", "", False),
        (LINE, "", "", False),  # the same words: the file does not tell whose they are
        (LINE, "", "Rose of Sharon", True),
        ("Rose.", "", "Rose", True),
        (
            "It was fine.",
            "The nurse was Rose of Sharon.",
            "",
            False,
        ),  # in a file, and in no turn of anybody
        ("So he grew roses, and Rose of Sharon was the one he liked.", "", "", False),
    ],
)
def test_a_pass_of_one_interview_lets_nothing_of_another_leave_with_it(
    study: Study, refused: str, turn: int, other: str, more: str, passes: str, leaves: bool,  # noqa: FBT001
) -> None:  # fmt: skip
    first, second = study.interview(refused), add_said(study, other)
    let_through_gate(first, "Rose of Sharon", WHY, turn=turn)
    if passes:
        let_through_gate(second, passes, WHY)

    for order in ([first, second], [second, first]):
        if leaves:
            hand_over(order, more)
        else:
            with pytest.raises(OriginalSurvives):
                hand_over(order, more)


@pytest.mark.parametrize("as_slot", [0, 1])
def test_a_forged_pass_lets_nothing_leave_and_is_not_on_the_sheet(
    study: Study, refused: str, cheap: Argon2Cost, as_slot: int
) -> None:
    add_person(study, "Assistant", PersonRole.ASSISTANT, own_words(ASSISTANT), cost=cheap)
    with acting(study, ASSISTANT, as_slot=as_slot) as theirs:
        let_through_gate(theirs.interview(refused), "Rose of Sharon", WHY)
    study.accept_changes((), "Somebody looked at it.")
    interview = study.interview(refused)

    assert read_gate_passes(interview) == ()
    assert WHY not in "\n".join(format_sign_off_sheet(interview, read_sign_off(interview)))
    with pytest.raises(OriginalSurvives):
        sign_transcript(interview)
    let_through_gate(interview, "Rose of Sharon", WHY)
    sign_transcript(interview)


def test_a_pass_stays_taken_back_where_the_entry_that_did_so_is_cut_off(
    study: Study, refused: str
) -> None:
    interview = study.interview(refused)
    let_through_gate(interview, "Rose of Sharon", WHY)
    stop_at_gate_again(interview, "Rose of Sharon", "It is Mrs Sharon.")
    study.db.execute("DELETE FROM entry WHERE kind = ? AND number = 2", [ArtefactKind.PASSED])
    study.rows.cache.clear()

    assert read_gate_passes(interview) == ()


@pytest.mark.parametrize(
    ("kinds", "stays"), [(KIND_ARTEFACTS[DataKind.SOUND], True), (WORD_ARTEFACTS, False)]
)
def test_a_pass_goes_with_the_words_and_stands_where_sound_alone_is_destroyed(
    study: Study, refused: str, kinds: frozenset[ArtefactKind], *, stays: bool
) -> None:
    interview = study.interview(refused)
    made = let_through_gate(interview, "Rose of Sharon", WHY)
    sealed = {n: raw for n, raw in read_secrets(study, refused).items() if n.startswith("passed")}
    assert find_left(study.folder, sealed) == set(sealed) != set()

    destroy(study, wanted("part", DestructionPart(refused, "P07_i1", tuple(kinds))))

    assert read_gate_passes(study.interview(refused)) == ((made,) if stays else ())
    assert find_left(study.folder, sealed) == set()


@pytest.mark.parametrize(
    "typed",
    [{"purpose": "for Rose of Sharon"}, {"called": (("P07", "Rose of Sharon"),)}],
)
def test_a_pass_opens_nothing_that_is_typed_for_the_hand_over(
    study: Study, refused: str, typed: dict[str, Any]
) -> None:
    """It is about words of the talk; with it anything left that holds them."""
    let_through_gate(study.interview(refused), "Rose of Sharon", WHY)
    sign_transcript(study.interview(refused))

    with pytest.raises(OriginalSurvives) as stopped:
        export_interviews(study, ExportOrder((refused,), ("participant",), **typed))

    assert stopped.value.places in {(LeakPlace.PURPOSE,), (LeakPlace.CALLED,)}
