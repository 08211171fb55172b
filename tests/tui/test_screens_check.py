"""The check: what an officer sees of an interview, and what each key does about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from anonymise import (
    IntruderLine,
    Trace,
    accept_all_mentions,
    decide_mention,
    read_anonymisation_log,
    write_clean_transcript,
)
from app import BackgroundWork, CommandPlace, OfficerCheck, list_commands
from handoff import sign_transcript
from study import (
    ArtefactKind,
    InterviewState,
    Mark,
    MarkKind,
    Mention,
    Objection,
    Participant,
    PersonRole,
    Role,
    StudyPolicy,
    Turn,
    Verdict,
)
from study.store import (
    Argon2Cost,
    IntegrityFinding,
    Interview,
    KeyClass,
    Study,
    TrailHead,
    add_person,
    change_study_policy,
    mark_review_ready,
    read_decisions,
    read_gate_passes,
    read_sign_off,
    read_spot_checks,
    read_study_policy,
    read_turn_objections,
    verify_study,
)
from tests.course import TURNS, add_interview
from tests.following import key_told
from tests.keys import key_of, sign_of
from tui.app import Earshot
from tui.screens.check import sign_off_controls, verification_controls
from tui.screens.check.check_lists import CheckLists
from tui.screens.check.check_screen import CheckScreen
from tui.screens.check.outsider_list import OutsiderLine, OutsiderList
from tui.screens.check.trail_list import TrailList
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.review_screen import ReviewScreen
from tui.widgets.row_list import RowList
from tui.widgets.text_columns import ColumnLines
from tui.widgets.transcript_view import TranscriptView

Shown = Callable[[Earshot], str]


@pytest.fixture
def reviewed(course: Study) -> Study:
    """The course, with everything of its first interview decided: three replaced, one kept."""
    interview = course.find_interview("P07_i1").id
    decide_mention(course.interview(interview), "m1", Verdict.ACCEPTED)
    decide_mention(course.interview(interview), "m2", Verdict.ACCEPTED)
    decide_mention(course.interview(interview), "m3", Verdict.ACCEPTED)
    decide_mention(course.interview(interview), "m4", Verdict.REJECTED)
    return course


async def _open(pilot: Pilot[None], app: Earshot) -> CheckScreen:
    await pilot.press(key_of("home.check"))
    await _settled(pilot, app)
    assert isinstance(app.screen, CheckScreen)
    return app.screen


async def _settled(pilot: Pilot[None], app: Earshot) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
    await pilot.pause()


def _found(study: Study) -> dict[str, str]:
    interview = study.find_interview("P07_i1").id
    log = read_anonymisation_log(study.interview(interview))
    return {
        key: check.found for key, check in read_spot_checks(study.interview(interview), log).items()
    }


async def test_the_log_is_shown_and_each_line_leads_to_its_place(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        screen = await _open(pilot, app)
        first = shown(app)
        await pilot.press("j")
        second = shown(app)
        await pilot.press("end")
        last = shown(app)

        assert screen.page.row == 3

    assert "My sister ▸[Person 2]◂ does. She works at ✓[Organisation 1]ᵒ" in first
    assert "✓ replaced → [Person 2] by owner" in first
    assert "▸[Organisation 1]◂" in second
    assert "▸Leeds◂" in last
    assert "Margaret" not in first + second + last


async def test_nothing_is_written_by_looking(reviewed: Study, shown: Shown) -> None:
    before, seen = reviewed.read_trail()[1], ""
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        for _ in range(2):
            await _open(pilot, app)
            await pilot.press("down", "2", "3", "1")
            seen = shown(app)
            await pilot.press("escape")
        await _settled(pilot, app)

    assert "[Person 2]" in seen
    assert reviewed.read_trail()[1] == before
    assert not reviewed.interview("P07_i1").find_newest_version(ArtefactKind.CLEAN)


async def test_a_sign_off_that_is_refused_writes_nothing(reviewed: Study, shown: Shown) -> None:
    interview = reviewed.find_interview("P07_i1").id
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press("end", "x", *"Leeds names them", "enter")
        before = reviewed.read_trail()[1]
        await pilot.press(key_of("check.sign"))
        await pilot.pause()
        refused = shown(app)

    assert "You objected to 1 line" in refused
    assert reviewed.read_trail()[1] == before
    assert not reviewed.interview(interview).find_newest_version(ArtefactKind.CLEAN)


async def test_the_clean_transcript_is_written_with_the_sign_off(reviewed: Study) -> None:
    interview = reviewed.find_interview("P07_i1").id
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        before = reviewed.read_trail()[1]
        await pilot.press(key_of("check.sign"), "A", "enter", "enter", "y")
        await pilot.pause()

    lines, head = reviewed.read_trail()
    assert head.count == before.count + 1
    assert lines[-1].verb == "signed off"
    assert {"clean.1", "log.1", "originals.1", "signed.1"} <= set(lines[-1].facts)
    found = read_sign_off(reviewed.interview(interview))
    assert found is not None
    assert found.is_valid
    assert verify_study(reviewed) == []


async def test_the_officer_says_who_could_recognise_the_person_where_the_study_asks(
    reviewed: Study, shown: Shown
) -> None:
    wanted = replace(read_study_policy(reviewed), asks_who_recognises=True)
    change_study_policy(reviewed, wanted)
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "A", "enter", "enter")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("enter", *"Her ward.", "enter", "y")
        await pilot.pause()
        told = shown(app)

    assert "Who could recognise this person" in asked
    assert "Who could recognise this person: Her ward." in told
    found = read_sign_off(reviewed.interview("P07_i1"))
    assert found is not None
    assert found.sign_off.who_recognises == "Her ward."


async def test_handing_on_writes_the_clean_transcript_for_officers_who_read_nothing_else(
    reviewed: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(key_of("interview.ready"), "y")
        await pilot.pause()
    assert reviewed.find_interview("P07_i1").state is InterviewState.READY
    reviewed.add_slot("officer", "checks and counts alone", (KeyClass.CLEAN,), cost=cheap)
    with Study.open(reviewed.folder, "checks and counts alone") as lesser:
        app = Earshot(lesser)
        async with app.run_test() as pilot:
            await _open(pilot, app)

            assert "[Person 2]" in shown(app)


async def test_looking_at_a_signed_interview_never_voids_it(reviewed: Study, shown: Shown) -> None:
    from anonymise import write_clean_transcript
    from study import StudySettings
    from study.store import WHOLE_STUDY, read_settings

    interview = reviewed.find_interview("P07_i1").id
    write_clean_transcript(reviewed.interview(interview))
    sign_transcript(reviewed.interview(interview))
    with reviewed.change("settings") as change:  # the study writes otherwise from now on
        change.write_artefact(
            ArtefactKind.SETTINGS, StudySettings(is_intelligent=True), owner=WHOLE_STUDY
        )
    assert read_settings(reviewed).is_intelligent

    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)

        assert "signed off" in shown(app).splitlines()[0]
    assert reviewed.find_interview("P07_i1").state is InterviewState.SIGNED


def _before_the_step(screen: str) -> str:
    """Return what the line above the keys says of the list, before the step that comes next."""
    return screen.splitlines()[-3].strip().partition("   ")[0]


async def test_the_log_is_filtered_by_kind_action_who_and_class(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        seen: list[str] = []
        narrow, every = key_of("check.filter"), [key_of("check.filter"), "end", "enter"]
        for keys in (
            [narrow, "1", "2"], [*every, narrow, "2", "2"], [*every, narrow, "3", "2"],
            [*every, narrow, "4"], [narrow, "4"], [narrow, "4", narrow, "5"],
        ):  # fmt: skip
            await pilot.press(*keys)
            await pilot.pause()
            seen.append(_before_the_step(shown(app)))
        await pilot.press(key_of("check.filter"), "end", "enter")
        await pilot.pause()
        whole = _before_the_step(shown(app))

    assert seen == [
        "2 of 4 lines: person, 0 looked at again",
        "1 of 4 lines: kept, 0 looked at again",
        "4 lines: by owner, 0 looked at again",
        "2 of 4 lines: direct, 0 looked at again",
        "2 of 4 lines: indirect, 0 looked at again",
        "0 of 4 lines: in bulk",
    ]
    assert whole == "4 lines"


async def test_undecided_lines_and_turns_that_nobody_saw_are_found(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.filter"), "2", "2")
        await pilot.pause()
        undecided = shown(app)
        await pilot.press(key_of("check.filter"), "end", "enter", key_of("check.filter"), "6")
        await pilot.pause()
        unseen = shown(app)

    assert "4 lines: undecided" in undecided
    assert "4 still to decide; then you get the clean transcript." in undecided
    assert "4 lines: turns not read" in unseen


async def test_a_sample_is_drawn_the_same_each_time(reviewed: Study, shown: Shown) -> None:
    drawn: list[str] = []
    for _ in range(2):
        app = Earshot(reviewed)
        async with app.run_test() as pilot:
            await _open(pilot, app)
            await pilot.press(key_of("check.sample"))
            app.screen.query_one("#typed", Input).value = "fifty"
            await pilot.press("enter")
            assert "Type a percentage" in shown(app)
            app.screen.query_one("#typed", Input).value = "50 spring"
            await pilot.press("enter")
            await pilot.pause()
            drawn.append("\n".join(shown(app).splitlines()[2:8]))
            told = shown(app).splitlines()[-3]

            assert "2 of 4 lines: sample of 50% (spring)" in told

    assert drawn[0] == drawn[1]


async def test_right_and_objected_to_are_kept_at_once_and_can_be_taken_back(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.right"))
        after_one = _found(reviewed)
        await pilot.press("x", *"still tells", "enter", key_of("check.right"))
        await pilot.pause()
        text = shown(app)
        every = _found(reviewed)
        await pilot.press("k", "u")
        await pilot.pause()

        assert app.screen.query_one(RowList).cursor == 2

    assert after_one == {"m1": "right"}
    assert every == {"m1": "right", "m2": "objected to", "m3": "right"}
    assert "✓ 2 right  ✗ 1 objected to" in text
    assert "✗ 00:00:04 organisation" in text
    assert _found(reviewed) == {"m1": "right", "m2": "objected to"}


async def test_signing_asks_who_shows_what_and_signs_what_was_read(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.right"), key_of("check.sign"), *"A. Officer", "enter")
        role = app.screen.query_one("#typed", Input).value
        await pilot.press("enter")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("y")
        await pilot.pause()
        told = shown(app)
        await pilot.press("end")
        await pilot.pause()
        below = shown(app)

        assert isinstance(app.screen, MessageDialog)

    found = read_sign_off(reviewed.interview("P07_i1"))
    assert found is not None
    assert found.is_valid
    assert (found.sign_off.name, found.sign_off.role) == ("A. Officer", "data officer")
    assert found.sign_off.checked == 1
    assert role == "data officer"
    assert "1  of 4 lines looked at again, and found right" in asked
    assert found.sign_off.transcript_sha256[:16] in asked
    shown_at_once = "Signed off by A. Officer, data officer (passphrase of owner), 23 November"
    assert shown_at_once in told
    assert "Audit trail" in below


async def test_the_review_below_a_check_tells_that_it_was_signed(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await pilot.press("enter", key_of("interview.ready"), "y")
        await _settled(pilot, app)
        before = shown(app).splitlines()[0]
        await pilot.press(key_of("interview.check"))
        await _settled(pilot, app)
        to_sign = "\n".join(shown(app).splitlines()[-2:])
        await pilot.press(key_of("check.sign"), "enter", "enter", "y")
        await _settled(pilot, app)
        await pilot.press("escape")
        await _settled(pilot, app)
        signed = "\n".join(shown(app).splitlines()[-2:])
        await pilot.press("escape")
        await _settled(pilot, app)

        assert isinstance(app.screen, ReviewScreen)
        after = shown(app).splitlines()[0]

    assert "ready to sign" in before
    assert "signed off" in after
    sign, export = (f"{sign_of(f'check.{one}')} " for one in ("sign", "export"))
    assert f"{sign}Sign off" in to_sign
    assert f"{export}Export" not in to_sign
    assert f"{export}Export" in signed
    assert f"{sign}Sign off" not in signed


async def test_a_refusal_to_sign_names_the_turn_and_a_key_goes_there(
    reviewed: Study, shown: Shown
) -> None:
    interview = reviewed.interview("P07_i1")
    decide_mention(interview, "m4", Verdict.CHANGED, replacement="near Margaret")
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "enter", "enter")
        await pilot.pause()
        await pilot.press("y")
        await _settled(pilot, app)
        told = " ".join(re.findall(r"│ (.*?) *│", shown(app)))
        await pilot.press("enter")
        await _settled(pilot, app)
        screen = app.screen

        assert isinstance(screen, ReviewScreen)
        turn = screen.cursor.turn

    assert "an identifying detail is still in word 16 of turn 4 at 00:00:15." in told
    assert "Turn 4 says: Margaret" in told
    assert turn is not None
    assert turn.key == 4


async def test_words_at_which_it_is_refused_to_sign_pass_with_a_reason(reviewed: Study) -> None:
    interview = reviewed.interview("P07_i1")
    decide_mention(interview, "m4", Verdict.CHANGED, replacement="near Margaret")
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "enter", "enter", "y")
        await _settled(pilot, app)
        await pilot.press("y", "p", "u", "b", "enter")
        await _settled(pilot, app)
        await pilot.press(key_of("check.sign"), "enter", "enter", "y")
        await _settled(pilot, app)

    (let,) = read_gate_passes(interview)
    assert (let.turn, let.reason) == (4, "pub")
    signed = read_sign_off(interview)
    assert signed is not None
    assert signed.is_valid


async def test_what_was_let_pass_is_taken_back_with_a_reason_and_stops_the_signing_again(
    reviewed: Study, shown: Shown
) -> None:
    interview = reviewed.interview("P07_i1")
    decide_mention(interview, "m4", Verdict.CHANGED, replacement="near Margaret")
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "enter", "enter", "y")
        await _settled(pilot, app)
        await pilot.press("y", "p", "u", "b", "enter")
        await _settled(pilot, app)
        assert len(read_gate_passes(interview)) == 1
        await pilot.press(key_of("check.take_back"), "escape")
        await _settled(pilot, app)
        assert len(read_gate_passes(interview)) == 1
        await pilot.press(key_of("check.take_back"))
        await pilot.pause()
        asked = shown(app)
        await pilot.press("n", "o", "enter")
        await _settled(pilot, app)
        assert read_gate_passes(interview) == ()
        await pilot.press(key_of("check.take_back"), key_of("check.sign"), "enter", "enter", "y")
        await _settled(pilot, app)

    assert "stop these words again in turn 4?" in asked
    assert read_sign_off(interview) is None


@pytest.mark.parametrize(
    "keys", [["escape"], ["A", "enter", "escape"], ["A", "enter", "enter", "n"]]
)
async def test_nothing_is_signed_until_it_is_asked_for_twice(
    reviewed: Study, keys: list[str]
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), *keys)
        await pilot.pause()

    assert read_sign_off(reviewed.interview("P07_i1")) is None


async def test_the_name_of_somebody_with_a_passphrase_of_their_own_is_refused_as_it_is_typed(
    reviewed: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    add_person(reviewed, "S. Okafor", PersonRole.OFFICER, "another four small words", cost=cheap)
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), *"S. Okafor", "enter")
        await pilot.pause()
        refused = " ".join(shown(app).split())

    assert "Only their own passphrase signs with the name" in refused
    assert "In which role?" not in refused


async def test_what_was_changed_while_it_was_read_is_not_signed(
    reviewed: Study, shown: Shown
) -> None:
    from anonymise import write_clean_transcript

    interview = reviewed.find_interview("P07_i1").id
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "A", "enter", "enter")
        decide_mention(reviewed.interview(interview), "m4", Verdict.ACCEPTED)
        write_clean_transcript(reviewed.interview(interview))
        await pilot.press("y")
        await pilot.pause()
        told = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        again = shown(app)

    assert "It was not signed off: it was changed while you were reading it." in told
    assert "[Place 1]" in again
    assert read_sign_off(reviewed.interview(interview)) is None


async def test_an_objection_keeps_it_from_being_signed_and_goes_back_with_reasons(
    reviewed: Study, shown: Shown
) -> None:
    interview = reviewed.find_interview("P07_i1").id
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press("end", "x", *"Leeds names them", "enter")
        await pilot.press(key_of("check.sign"))
        await pilot.pause()
        refused = shown(app)
        await pilot.press("escape", key_of("check.send_back"), *"Look at places again", "enter")
        await pilot.pause()
        told = shown(app)

    found = read_sign_off(reviewed.interview(interview))
    assert "You objected to 1 line" in refused
    assert found is not None
    assert found.sign_off.objections == (
        Objection("Look at places again"), Objection("Leeds names them", "m4"),
    )  # fmt: skip
    assert [
        d.mention.key for d in read_decisions(reviewed.interview(interview)) if d.decision is None
    ] == ["m4"]
    assert reviewed.find_interview("P07_i1").state is InterviewState.SENT_BACK
    assert "Sent back with 2 reasons." in told
    assert "1 still to decide;" in told


async def test_a_question_that_a_key_asks_out_of_a_message_gets_its_answer(
    reviewed: Study, shown: Shown
) -> None:
    """X in the message that names it asked for the reason, and then nothing went back."""
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press("end", "x", *"Leeds names them", "enter", key_of("check.sign"))
        await pilot.pause()
        await pilot.press(key_of("check.send_back"))
        await pilot.pause()
        await pilot.pause()
        await pilot.press(*"Look again", "enter")
        await pilot.pause()
        told = shown(app)

    assert "Sent back with 2 reasons." in told
    assert reviewed.find_interview("P07_i1").state is InterviewState.SENT_BACK


async def test_an_officer_objects_to_a_turn_in_which_a_word_was_missed(
    reviewed: Study, shown: Shown
) -> None:
    """Only a decision or the whole could be objected to, not a name that nobody had found."""
    interview = reviewed.interview(reviewed.find_interview("P07_i1").id)
    mark_review_ready(interview)
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.read"), "end", key_of("check.object"))
        await pilot.pause()
        asked = shown(app)
        await pilot.press(*"Tom is a name", "enter")
        await pilot.pause()
        objected = shown(app)
        await pilot.press(key_of("check.sign"))
        await pilot.pause()
        refused = shown(app)
        await pilot.press("escape", key_of("check.send_back"), "enter")
        await pilot.pause()
        back = shown(app)
        await pilot.press("escape", "escape", key_of("home.open"))
        await _settled(pilot, app)
        seen = shown(app)
        await pilot.press("home", key_of("interview.next_undecided"))
        await pilot.pause()
        led = shown(app)
        await pilot.press(key_of("interview.ready"))
        await _settled(pilot, app)
        handing = " ".join(shown(app).replace("│", " ").split())
        await pilot.press("y", "escape", key_of("home.check"))
        await _settled(pilot, app)
        await pilot.press(key_of("check.sign"), "A", "enter", "enter")
        await pilot.pause()
        signing = " ".join(shown(app).replace("│", " ").split())
        await pilot.press("y")
        await _settled(pilot, app)

    assert "What is wrong in turn 4?" in asked
    assert "↩ Tom is a name" in objected
    assert "You objected to 1 turn" in refused
    assert "Sent back with 1 reason." in back
    assert "undecided again" not in back
    assert ": turn 4: Tom is a name" in back
    assert "Sign off" not in "".join(back.splitlines()[-2:])
    assert "turn 4: Tom is a name" in seen
    assert "↩ Tom is a name" in seen
    assert "the officer objected to this turn" in led
    assert "Objected to, and unchanged: turn 4: Tom is a name" in handing
    assert "objected to, and unchanged: turn 4: Tom is a name" in signing
    assert "about turn 4: Tom is a name" in signing
    assert reviewed.find_interview("P07_i1").state is InterviewState.SIGNED
    assert verify_study(reviewed) == []


async def test_right_after_sending_back_a_turn_has_its_number_and_reasons_their_ends(
    reviewed: Study, shown: Shown
) -> None:
    """It said "turn k4", the key, once a decision was undecided again; and "name.; Too"."""
    mark_review_ready(reviewed.interview(reviewed.find_interview("P07_i1").id))
    app = Earshot(reviewed)
    async with app.run_test(size=(120, 30)) as pilot:
        await _open(pilot, app)
        await pilot.press("end", "x", *"Leeds names them.", "enter")
        await pilot.press(key_of("check.read"), "end", key_of("check.object"))
        await pilot.press(*"Tom is a name.", "enter", key_of("check.send_back"), "enter")
        await pilot.pause()
        told = " ".join(shown(app).split())

    assert "turn 4: Tom is a name" in told
    assert "k4" not in told
    assert ".;" not in told


async def test_an_objection_to_a_turn_is_taken_back_where_it_was_made(
    reviewed: Study, shown: Shown
) -> None:
    interview = reviewed.interview(reviewed.find_interview("P07_i1").id)
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.read"), "home", key_of("check.object"), *"why", "enter")
        await pilot.pause()
        standing = read_turn_objections(interview, [1, 2, 3, 4])
        await pilot.press(key_of("check.take_back"))
        await pilot.pause()
        told = shown(app)

    assert list(standing) == [1]
    assert "The objection to turn 1 is taken back." in told
    assert "↩" not in told
    assert read_turn_objections(interview, [1, 2, 3, 4]) == {}


def test_one_line_of_the_trail_and_one_finding_are_counted_as_one(reviewed: Study) -> None:
    listed = TrailList(OfficerCheck(reviewed.interview("P07_i1")))
    listed.head, listed.verified, listed.findings = TrailHead(8, "ab"), TrailHead(7, "aa"), ()
    assert listed.describe_list().endswith(", 1 line since")

    listed.findings = [IntegrityFinding("trail", "has a gap")]
    assert "✗ 1 finding: " in listed.describe_list()


async def test_sending_back_needs_a_reason(reviewed: Study, shown: Shown) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.send_back"), "enter")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("escape")

    assert "Type a reason, or press Esc." in asked
    assert read_sign_off(reviewed.interview("P07_i1")) is None


async def test_originals_are_for_holders_of_the_key_and_reading_them_is_noted(
    reviewed: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.original"))
        await pilot.pause()
        held = shown(app)
    verbs = [line.verb for line in reviewed.read_trail()[0]]
    classes = (KeyClass.IDENTIFYING, KeyClass.CLEAN)
    reviewed.add_slot("reader", "reads and cannot name", classes, cost=cheap)
    with Study.open(reviewed.folder, "reads and cannot name") as lesser:
        app = Earshot(lesser)
        async with app.run_test() as pilot:
            await _open(pilot, app)
            await pilot.press(key_of("check.original"))
            await pilot.pause()
            refused = shown(app)

    assert "Said: Margaret" in held
    assert verbs[-1] == "originals read"
    assert "Your passphrase does not open the key part of this study." in refused
    assert "Said:" not in refused


async def test_who_decided_is_told_before_typing_a_name(reviewed: Study, shown: Shown) -> None:
    change_study_policy(reviewed, StudyPolicy(second_person=True))
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"))
        await pilot.pause()

        assert isinstance(app.screen, MessageDialog)
        assert "Who signs off?" not in shown(app)
        assert "somebody with a passphrase of their own" in shown(app)


async def test_an_officer_with_clean_transcripts_alone_can_look_but_not_sign(
    reviewed: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    from anonymise import write_clean_transcript

    write_clean_transcript(reviewed.interview("P07_i1"))
    reviewed.add_slot("officer", "checks and counts alone", (KeyClass.CLEAN,), cost=cheap)
    with Study.open(reviewed.folder, "checks and counts alone") as lesser:
        app = Earshot(lesser)
        async with app.run_test() as pilot:
            await _open(pilot, app)
            listed = shown(app)
            await pilot.press("2")
            await _settled(pilot, app)
            risk = shown(app)
            await pilot.press(
                "1", key_of("check.right"), key_of("check.sign"), "A", "enter", "enter", "y"
            )
            await pilot.pause()
            refused = shown(app)

    assert "▸[Person 2]◂" in listed
    assert "does not open the identifying part" in risk
    assert "does not open the identifying part" in refused
    assert read_sign_off(reviewed.interview("P07_i1")) is None


async def test_the_risk_sheet_leads_to_each_of_its_places(reviewed: Study, shown: Shown) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        screen = await _open(pilot, app)
        await pilot.press("2")
        await _settled(pilot, app)
        text = shown(app)
        await pilot.press("right")
        await pilot.pause()
        second = shown(app)
        await pilot.press("left")
        await pilot.pause()

        assert screen.query_one(TranscriptView).turn == 4
        assert "Place 1 of 2" in shown(app)

    assert "a capitalised word left in              Tom" in text
    assert "Place 2 of 2" in second


@pytest.mark.parametrize("trace", list(Trace))
def test_what_an_outsider_could_use_is_never_cut_at_80_columns(trace: Trace) -> None:
    listed = OutsiderList()
    line = IntruderLine(trace, "", "a note", (), 1)
    listed.lines = [OutsiderLine.place_line("P07", line, "")]

    rows = ColumnLines(listed.columns, 1, listed.format_cells, 77)

    assert trace.value in rows[0]
    assert listed.describe_list() == "1 line. People who know them may see more."
    assert "about P07" in "".join(str(part) for part in listed.describe_line(0))


async def test_a_line_of_the_outsiders_list_leads_to_its_place(
    reviewed: Study, shown: Shown
) -> None:
    interview = reviewed.find_interview("P07_i1")
    with reviewed.interview(interview.id).change("entered") as change:
        people = (Participant("P07", Role.PARTICIPANT),)
        details = reviewed.interview(interview.id).details
        change.write_artefact(ArtefactKind.ABOUT, replace(details, participants=people))
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        screen = await _open(pilot, app)
        await pilot.press(key_of("check.outsider"))
        await _settled(pilot, app)
        text = shown(app)
        row = next(n for n, line in enumerate(screen.lists.outsider.lines or ())
                   if line.line.words == "Tom")  # fmt: skip
        await pilot.press("home", *["down"] * row)
        await pilot.pause()
        first = screen.query_one(TranscriptView).turn
        await pilot.press("right")
        await pilot.pause()

        assert "Place 2 of 2" in shown(app)

    assert f"▸{sign_of('check.outsider')} Outsider" in text
    assert "a capitalised word left in" in text
    assert first == 4


async def test_the_trail_is_filtered_and_shows_the_facts_of_a_line(
    reviewed: Study, shown: Shown
) -> None:
    write_clean_transcript(reviewed.interview("P07_i1"))
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press("3")
        await pilot.pause()
        here = shown(app)
        await pilot.press(key_of("check.whole"))
        await pilot.pause()
        whole = shown(app)
        await pilot.press(key_of("check.filter"), "1", "down", "enter")
        await pilot.pause()
        one_verb = shown(app)
        await pilot.press(key_of("check.filter"), "2", "2")
        await pilot.pause()
        one_person = shown(app)
        await pilot.press(key_of("check.filter"), "end", "enter")
        await pilot.pause()
        every = shown(app)

    assert "6 lines about this interview" in here
    assert "9 lines of the whole study" in whole
    assert "study made" in whole
    assert "1 line of the whole study: cleaned" in one_verb
    assert "cleaned, by owner" in one_person
    assert "9 lines of the whole study   head" in every
    assert "clean.1" in one_verb


async def test_the_whole_study_is_verified_beside_the_screen(reviewed: Study, shown: Shown) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.verify"))
        await _settled(pilot, app)
        told = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        after = shown(app)

    assert "✓ Nothing was changed outside Earshot" in told
    assert f"Head of the trail: {reviewed.read_trail()[1]}" in told
    assert "✓ whole, head" in after


async def test_damage_is_named_by_the_verification(reviewed: Study, shown: Shown) -> None:
    reviewed.db.execute("UPDATE trail SET verb = 'nothing' WHERE number = 2")
    reviewed.db.commit()
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.verify"))
        await _settled(pilot, app)

        assert "trail line 2 is not what was written" in shown(app)


async def test_a_verification_is_stopped_with_s(
    reviewed: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    from study import TaskProgress
    from study.errors import Stopped

    def endless(
        study: Study, *, report: Callable[[TaskProgress], None], stop: Callable[[], bool]
    ) -> None:
        del study
        report(TaskProgress(1, 4))
        while not stop():
            pass
        raise Stopped("The check")

    monkeypatch.setattr(verification_controls, "verify_study", endless)
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.verify"))
        while "Verifying every byte: 25%" not in shown(app):
            await pilot.pause()
        await pilot.press("s")
        await _settled(pilot, app)

        assert "The check was stopped." in shown(app)


async def test_i_opens_the_review_at_the_place_and_the_check_follows_what_was_decided(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press("j", "j", "i")
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        place = app.screen.query_one(TranscriptView).cursor
        await pilot.press("x", "escape")
        await pilot.pause()

        assert place == 2
        assert isinstance(app.screen, CheckScreen)
        assert "✗ kept" in shown(app).splitlines()[4]


async def test_a_place_far_down_is_in_sight_when_it_is_opened(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    from study import Category

    turns = tuple(Turn(n, "P07", n * 4.0, n * 4.0 + 3, f"Ann said {n}.") for n in range(1, 101))
    mentions = tuple(
        Mention(f"k{t.key}", t.key, 0, 3, Category.PERSON, "register", 0.9, "[Person 1]")
        for t in turns
    )
    interview = add(course, "P01_i1", turns, mentions)
    accept_all_mentions(course.interview(interview))
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end")
        await _open(pilot, app)
        await pilot.press("end")
        await pilot.pause()
        checked = shown(app)
        await pilot.press("i")
        await pilot.pause(0.5)

        assert "▸[Person 1]◂ said 100." in checked
        assert "▸[Person 1]◂ said 100." in shown(app)


async def test_enter_reads_the_transcript_and_escape_comes_back_to_the_list(
    reviewed: Study,
) -> None:
    app = Earshot(reviewed)
    async with app.run_test(size=(60, 16)) as pilot:
        screen = await _open(pilot, app)
        await pilot.press("enter", "end")
        await pilot.pause()
        scrolled = screen.query_one(TranscriptView).scroll_offset.y
        row = screen.page.row
        await pilot.press("escape")
        assert isinstance(app.screen, CheckScreen)
        await pilot.press("down")

        assert scrolled > 0
        assert row == 0
        assert screen.page.row == 1
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_capital_h_leads_from_the_review_to_the_check(reviewed: Study) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await pilot.press("enter", key_of("interview.check"))
        await _settled(pilot, app)

        assert isinstance(app.screen, CheckScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, ReviewScreen)


async def test_an_interview_that_nobody_searched_says_what_is_missing(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("down")
        await _open(pilot, app)
        text = shown(app)
        await pilot.press(key_of("check.sign"))
        await pilot.pause()
        told = shown(app)
        await pilot.press("escape", key_of("check.send_back"))
        await pilot.pause()

        assert "There is nothing to send back." in shown(app)

    leave, search = key_told("check.back"), key_told("home.anonymise")
    assert f"Press {leave}, then {search} to search it." in " ".join(text.split())
    assert "It has not been searched for names yet." in " ".join(told.split())


async def test_two_same_words_in_a_turn_are_told_apart(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    from study import Category

    turn = Turn(1, "P07", 0.0, 4.0, "Ann met Ann, and Ann left.")
    mentions = tuple(
        Mention(f"k{n}", 1, at, at + 3, Category.PERSON, "register", 0.9, "[Person 1]")
        for n, at in enumerate((0, 8, 17))
    )
    interview = add(course, "P01_i1", (turn,), mentions)
    for n in range(3):
        decide_mention(course.interview(interview), f"k{n}", Verdict.ACCEPTED)
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end")
        await _open(pilot, app)
        await pilot.press("j", "j")
        await pilot.pause()

        one = "✓[Person 1]ᵖ"
        assert f"{one} met {one}, and ▸[Person 1]◂ left." in shown(app)


async def test_the_question_to_sign_can_be_refused_with_n(reviewed: Study) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "A", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, QuestionDialog)
        await pilot.press("n")
        await pilot.pause()
        assert isinstance(app.screen, CheckScreen)


async def test_the_reasons_wait_for_the_reviewer_and_for_the_next_check(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test(size=(120, 40)) as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.send_back"), *"Leeds names them", "enter")
        await pilot.pause()
        checked = shown(app)
        await pilot.press("escape", "enter")
        await pilot.pause(0.5)
        read = " ".join(line.partition("│")[2].strip() for line in shown(app).splitlines())

    assert "↩ Sent back 2026-11-23 00:00 by owner: Leeds names them" in checked
    assert "Sent back 2026-11-23 00:00 by owner: Leeds names them" in read


async def test_what_was_sent_back_is_signed_only_once_it_was_handed_on_again(
    reviewed: Study, shown: Shown
) -> None:
    """H signed it at once, with no word about the reason."""
    from study.store import mark_review_ready

    app = Earshot(reviewed)
    async with app.run_test(size=(120, 40)) as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.send_back"), *"Leeds names them", "enter")
        await pilot.press(key_of("check.sign"))
        await pilot.pause()
        refused = " ".join(shown(app).split())
        mark_review_ready(reviewed.interview("P07_i1"))
        await pilot.press("escape", key_of("check.refresh"), key_of("check.sign"))
        await pilot.press("A", "enter", "enter")
        await pilot.pause()
        asked = shown(app)

    assert "it was sent back, and not handed on again since" in refused
    assert "Sent back before by " in asked
    assert "about the whole: Leeds names them" in asked


async def test_the_question_to_sign_and_to_hand_over_tell_that_somebody_did_not_want_to_go_on(
    course: Study, shown: Shown
) -> None:
    """It stood in the review alone."""
    ended = Mark(31.0, MarkKind.DISSENT, "P11")
    add_interview(course, "A11_i1", TURNS[:1], (), events=(ended,))
    app = Earshot(course)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("end")
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "A", "enter", "enter")
        await pilot.pause()
        signing = " ".join(shown(app).replace("│", " ").split())
        await pilot.press("y")
        await _settled(pilot, app)
        await pilot.press("escape", key_of("check.export"), "enter")
        await _settled(pilot, app)
        handing = " ".join(shown(app).replace("│", " ").split())

    assert "! Somebody did not want to go on, at 00:00:31, where the recording ended." in signing
    assert "! Somebody did not want to go on, at 00:00:31, where the recording ended." in handing
    assert "Hand A11_i1 over" in handing


async def test_the_turns_that_changed_since_a_ruling_are_named_and_marked(
    reviewed: Study, shown: Shown
) -> None:
    """The officer read "Void", and had to read the whole again to see what had changed."""
    interview = reviewed.interview(reviewed.find_interview("P07_i1").id)
    write_clean_transcript(interview)
    sign_transcript(interview, name="A. Officer", role="data officer")
    app = Earshot(reviewed)
    async with app.run_test(size=(80, 24)) as pilot:
        await _open(pilot, app)
        before = shown(app)
        decide_mention(interview, "m4", Verdict.ACCEPTED)
        turn = next(d.mention.turn for d in read_decisions(interview) if d.mention.key == "m4")
        await pilot.press(key_of("check.refresh"), key_of("check.read"), "end")
        await _settled(pilot, app)
        after = shown(app)
        await pilot.press("escape")
        await pilot.press(key_of("check.send_back"), *"why", "enter")
        await pilot.pause()
        sent_back = shown(app)
        decide_mention(interview, "m4", Verdict.REJECTED)
        await pilot.press(key_of("check.refresh"), key_of("check.read"), "end")
        await _settled(pilot, app)
        again = shown(app)

    assert "hanged since" not in before
    assert f"Changed since then: turn {turn}." in " ".join(after.split())
    assert after.count("± changed since it was signed off") == 1
    assert "hanged since" not in sent_back
    assert again.count("± changed since it was sent back") == 1


async def test_a_key_of_another_list_says_in_which_it_works(reviewed: Study, shown: Shown) -> None:
    """Y and 5 did nothing in the outsider's list, and said nothing."""
    app = Earshot(reviewed)
    said: dict[str, str] = {}
    async with app.run_test() as pilot:
        await _open(pilot, app)
        for here, key in (
            ("outsider", "right"), ("outsider", "changes"), ("risk", "whole"),
            ("trail", "filter"), ("trail", "object"), ("trail", "next_place"),
        ):  # fmt: skip
            await pilot.press(key_of(f"check.{here}"), key_of(f"check.{key}"))
            await pilot.pause()
            said[f"{here} {key}"] = shown(app)
        await pilot.press(key_of("check.log"), key_of("check.read"), key_of("check.right"))
        await pilot.pause()
        reading = shown(app)

    assert "It works in the log: 1 shows it." in said["outsider right"]
    assert "It works in the log: 1 shows it." in said["outsider changes"]
    assert "It works in the trail: 3 shows it." in said["risk whole"]
    assert "It works in the lists 1, 2 and 4." in said["trail object"]
    assert "It works in the lists 2 and 4." in said["trail next_place"]
    assert "It works" not in said["trail filter"]
    assert "It is about a line: Esc goes back to the list." in reading


async def test_another_program_is_told_of_and_changes_nothing_under_the_eyes(
    reviewed: Study, passphrase: str, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        screen = await _open(pilot, app)
        with Study.open(reviewed.folder, passphrase) as other:
            decide_mention(other.interview("P07_i1"), "m4", Verdict.ACCEPTED)
        screen.notice_other_programs()
        await pilot.pause()
        told = shown(app)
        await pilot.press(key_of("check.refresh"))
        await _settled(pilot, app)
        again = shown(app)

    assert "Another program changed the study: Ctrl-R reads it again." in told
    assert "✗ kept" in told
    assert "✗ kept" not in again
    assert "[Place 1]" in again


async def test_nothing_on_the_check_needs_colour(
    reviewed: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.right"))
        await pilot.pause()
        text = shown(app)

    assert "▸1 Log" in text
    assert " ▸   00:00:04 organisation ✓ replaced" in text
    assert "   ✓ 00:00:04 person       ✓ replaced" in text


@pytest.mark.parametrize("kind", ["1", "2", "3"])
async def test_the_footer_of_each_list_fits_80_columns_and_its_keys_do_something(
    reviewed: Study, shown: Shown, kind: str
) -> None:
    app = Earshot(reviewed)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await _open(pilot, app)
        await pilot.press(kind)
        await _settled(pilot, app)
        bottom = "\n".join(shown(app).splitlines()[-2:])
        labels = [
            c.short or c.label
            for c in (*list_commands(CommandPlace.CHECK), *list_commands(CommandPlace.EVERYWHERE))
            if c.in_footer and screen.check_action(c.action, ())
        ]

        assert [label for label in labels if label not in bottom] == []
        assert "…" not in bottom


async def test_the_palette_offers_what_the_list_can_do(reviewed: Study) -> None:
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        offered = {c.title for c in app.get_system_commands(app.screen)}
        await pilot.press("3")
        in_trail = {c.title for c in app.get_system_commands(app.screen)}

    assert {"Right", "Object", "Sample", "Sign off", "Send back", "Verify"} <= offered
    assert "Whole study" not in offered
    assert "Whole study" in in_trail
    assert "Right" not in in_trail


async def test_a_window_too_small_says_so_and_the_check_comes_back(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test(size=(30, 9)) as pilot:
        await _open(pilot, app)
        small = shown(app)
        await pilot.resize_terminal(80, 24)
        await _settled(pilot, app)

        assert "This window is too small" in small
        assert "▸[Person 2]◂" in shown(app)


async def test_what_changed_between_two_versions_is_shown_line_by_line(
    reviewed: Study, shown: Shown
) -> None:
    interview = reviewed.find_interview("P07_i1").id
    write_clean_transcript(reviewed.interview(interview))
    decide_mention(reviewed.interview(interview), "m4", Verdict.ACCEPTED)
    write_clean_transcript(reviewed.interview(interview))
    decide_mention(reviewed.interview(interview), "m1", Verdict.REJECTED)
    write_clean_transcript(reviewed.interview(interview))
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.changes"))
        await pilot.pause()
        asked = shown(app)
        await pilot.press("end", "enter")
        await pilot.pause()
        asked_until = shown(app)
        await pilot.press("1")
        await pilot.pause()
        now = shown(app)
        await pilot.press(key_of("check.changes"), "4", "2")
        await pilot.pause()
        then = shown(app)
        await pilot.press(key_of("check.changes"), "1")
        await pilot.pause()

        assert "4 lines" in shown(app)
    assert "version 3, 2026-11-23" in asked
    assert "version 1, 2026-11-23" in asked
    assert "What changed between version 1 and …" in asked_until
    assert "2 of 4 lines: changed between version 1 and now" in now
    assert "was ✓ replaced → [Person 2], then ✗ kept" in now
    assert "2 of 4 lines: changed between version 1 and version 3" in then


async def test_what_runs_on_an_interview_stands_in_place_of_the_key_that_began_it(
    reviewed: Study, shown: Shown
) -> None:
    """E was named while it was handed over, and was refused."""
    interview = reviewed.find_interview("P07_i1")
    write_clean_transcript(reviewed.interview(interview.id))
    sign_transcript(reviewed.interview(interview.id))
    app = Earshot(reviewed)
    async with app.run_test(size=(100, 30)) as pilot:
        await _open(pilot, app)
        before = shown(app)
        app.jobs.show(BackgroundWork("export", interview.id, interview.label))
        await pilot.pause()
        meanwhile = shown(app)
        app.jobs.show(None)
        await pilot.pause()
        after = shown(app)

    key = key_told("check.export")
    assert f"Press {key} to hand it over." in before
    assert "It is being handed over; progress is shown below." in meanwhile
    assert f"Press {key}" not in meanwhile
    assert f"Press {key} to hand it over." in after


@pytest.mark.parametrize("kind", ["risk", "outsider"])
async def test_a_list_that_is_still_read_does_not_say_that_there_is_nothing(
    reviewed: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def read_for_ever(_: CheckLists) -> None: ...

    monkeypatch.setattr(CheckLists, "_read_risk", read_for_ever)
    monkeypatch.setattr(CheckLists, "_read_traces", read_for_ever)
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        await _open(pilot, app)
        await pilot.press(key_of(f"check.{kind}"))
        await pilot.pause()
        text = shown(app)

    assert "Reading what" in text
    assert "Nothing to show here" not in text


async def test_the_bottom_line_offers_what_works_before_and_after_a_sign_off(
    course: Study, shown: Shown
) -> None:
    """H and X stood there where they could do nothing, and X did not where it worked."""
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await _open(pilot, app)
        undecided = shown(app)
        accept_all_mentions(course.interview(course.find_interview("P07_i1").id))
        await pilot.press(key_of("check.refresh"), key_of("check.sign"), "A", "enter", "enter", "y")
        await _settled(pilot, app)
        await pilot.press("escape")
        await pilot.pause()
        signed = shown(app)

    assert "Sign off" not in undecided.splitlines()[-1]
    assert "Send back" not in undecided.splitlines()[-1]
    assert "To review" in undecided.splitlines()[-1]
    assert "Send back" in "".join(signed.splitlines()[-2:])
    assert "Export" in "".join(signed.splitlines()[-2:])


async def test_work_of_our_own_is_no_other_program(
    reviewed: Study, passphrase: str, shown: Shown
) -> None:
    """A hand-over runs in another process, and was taken for another program."""
    interview = reviewed.find_interview("P07_i1")
    app = Earshot(reviewed)
    async with app.run_test() as pilot:
        screen = await _open(pilot, app)
        app.jobs.show(BackgroundWork("export", interview.id, interview.label))
        with Study.open(reviewed.folder, passphrase) as worker:  # as the worker's process does
            decide_mention(worker.interview(interview.id), "m4", Verdict.ACCEPTED)
        screen.notice_other_programs()
        await pilot.pause()
        told = shown(app)

    assert "Another program" not in told


async def test_a_pair_that_may_be_one_person_is_told_with_the_key_that_says_so(
    reviewed: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = "! [Person 6] and [Person 1] may be one person: one name is part of the other."

    def find_pair(interview: Interview) -> list[str]:
        del interview
        return [pair]

    monkeypatch.setattr(sign_off_controls, "describe_possible_joins", find_pair)
    app = Earshot(reviewed)
    async with app.run_test(size=(120, 40)) as pilot:
        await _open(pilot, app)
        await pilot.press(key_of("check.sign"), "A", "enter", "enter")
        await pilot.pause()
        asked = " ".join(shown(app).replace("│", " ").split())

    assert f"{key_told('interview.link')} says that they are one" in asked
    assert "--apart" in asked


async def test_a_list_that_is_longer_than_its_room_says_how_many_lines_are_beyond_it(
    reviewed: Study, shown: Shown
) -> None:
    app = Earshot(reviewed)
    async with app.run_test(size=(80, 14)) as pilot:
        screen = await _open(pilot, app)
        await pilot.pause()
        assert screen.widgets.rows.size.height < len(screen.lists.log)
        text = shown(app)

    assert "↓" in text
    assert " more" in text


async def test_the_list_has_the_room_that_no_transcript_needs(course: Study) -> None:
    """The lower half stood empty, and lines above it were out of sight."""
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await _open(pilot, app)
        await pilot.pause()
        assert screen.widgets.rows.size.height >= 20
