"""After a withdrawal the list and the consent screen say so, and offer nothing that is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app import carry_out_withdrawal, name_key, plan_withdrawal
from study import (
    ArtefactKind,
    InterviewDetails,
    Participant,
    PersonRole,
    Provenance,
    Role,
    SoundFormat,
    Transcript,
    TranscriptFacts,
    Turn,
    WithdrawalScope,
)
from study.store import (
    AUDIO_FOLDER,
    Argon2Cost,
    IncomingSound,
    PresenceLock,
    Study,
    add_person,
    list_destructions,
)
from tests.consents import keep_agreed
from tests.keys import key_of
from tests.recordings import FakeSound
from tests.tui.gallery import settle
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.withdrawal_screen import WithdrawalScreen
from tui.widgets.interview_table import InterviewTable
from tui.widgets.safe_text import SafeText
from tui.widgets.work_line import WorkLine

Shown = Callable[[Earshot], str]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
OWN = "somebody's own passphrase"


@pytest.fixture
def visited(study: Study) -> Study:
    """A study with a transcribed, a recorded and an empty interview of P07."""
    people = (Participant("INT01", Role.INTERVIEWER), Participant("P07"))
    for label in ("P07_i1", "P07_i2"):
        with IncomingSound(study, SoundFormat(8000, 1)) as incoming:
            incoming.write(bytes(16_000))
            incoming.keep(InterviewDetails(label, people), {"container": "WAV"})
    with study.interview("P07_i1").change("transcribed") as change:
        heard = Transcript((Turn(1, "P07", 0.0, 0.5, "Yes."),), Provenance("test", "earshot"))
        change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))
    with study.change("interview made") as change:
        change.add_interview(InterviewDetails("P07_i3", people))
    keep_agreed(study, "P07")
    return study


def withdraw(study: Study, scope: WithdrawalScope) -> None:
    carry_out_withdrawal(study, plan_withdrawal(study, "P07", scope))


def words(shown: str) -> str:
    return " ".join(shown.replace("▌", " ").split())


@SIZES
@pytest.mark.parametrize("scope", [s for s in WithdrawalScope if s.value != "everything"])
async def test_the_list_says_that_somebody_has_withdrawn_and_offers_no_recording(
    visited: Study, shown: Shown, scope: WithdrawalScope, size: tuple[int, int]
) -> None:
    withdraw(visited, scope)
    app = Earshot(visited, program=("false",))
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        for _ in visited.summaries():
            seen = words(shown(app))
            assert "g record" not in seen
            assert "Press g" not in seen
            assert "⊘ withdrawn" in seen
            assert f"P07 has withdrawn ({scope}, 20" in seen
            await pilot.press(key_of("home.go_on"))
            await settle(app, pilot)
            assert isinstance(app.screen, HomeScreen)
            assert "nothing more is recorded with them" in words(shown(app))
            await pilot.press("down")


@pytest.mark.parametrize("scope", [WithdrawalScope.SOUND, WithdrawalScope.TRANSCRIPT])
async def test_what_was_taken_back_is_not_transcribed_and_the_key_says_why(
    visited: Study, shown: Shown, scope: WithdrawalScope
) -> None:
    withdraw(visited, scope)
    app = Earshot(visited, program=("false",))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        for _ in visited.summaries():
            assert "t Transcribe" not in shown(app)
            await pilot.press("t")
            await settle(app, pilot)
            assert app.work is None
            assert app.screen.query_one(WorkLine).said.startswith("P07 has withdrawn")
            await pilot.press("down")


@SIZES
@pytest.mark.parametrize("scope", list(WithdrawalScope))
async def test_the_consent_screen_shows_no_yes_of_who_has_withdrawn(
    visited: Study, shown: Shown, scope: WithdrawalScope, size: tuple[int, int]
) -> None:
    withdraw(visited, scope)
    app = Earshot(visited)
    async with app.run_test(size=size) as pilot:
        await pilot.press("C")
        await settle(app, pilot)
        seen = shown(app)
        await pilot.press(key_of("consent.spoken"))
        await settle(app, pilot)
        said = words(shown(app))

    assert f"⊘ withdrawn: {scope}, 20" in seen
    assert "✓ yes" not in seen
    assert "Spoken consent" not in seen
    assert "Lost capacity" not in seen
    assert ("Enter Record" in seen) == (scope is not WithdrawalScope.EVERYTHING)
    assert "nothing more is asked of them" in said


async def test_a_request_is_on_the_list_of_who_may_confirm_it_with_its_key(
    visited: Study, shown: Shown, cheap: Argon2Cost
) -> None:
    for role in (PersonRole.APPROVER, PersonRole.OFFICER, PersonRole.ASSISTANT):
        add_person(visited, role.value, role, f"{OWN} {role}", cost=cheap)
    withdraw(visited, WithdrawalScope.SOUND)
    seen: dict[str, str] = {}
    for role in (PersonRole.APPROVER, PersonRole.OFFICER, PersonRole.ASSISTANT):
        with Study.open(visited.folder, f"{OWN} {role}") as study:
            app = Earshot(study)
            async with app.run_test(size=(80, 24)) as pilot:
                await settle(app, pilot)
                seen[role.value] = shown(app)

    assert f"! 1 to confirm: {name_key(key_of('home.withdraw'))}" in seen["approver"]
    assert "to confirm" not in seen["officer"] + seen["assistant"]
    assert "⊘ withdrawal waits" in seen["officer"]
    assert "⊘ withdrawal waits" in seen["assistant"]
    assert "Press g" not in "".join(seen.values())


@pytest.mark.parametrize("role", [PersonRole.ASSISTANT, PersonRole.INTERVIEWER])
async def test_who_may_not_destroy_is_told_before_they_type_a_code(
    visited: Study, shown: Shown, cheap: Argon2Cost, role: PersonRole
) -> None:
    add_person(visited, "Somebody", role, OWN, cost=cheap)
    with Study.open(visited.folder, OWN) as study:
        app = Earshot(study)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(key_of("home.withdraw"), "2", "enter")
            await settle(app, pilot)
            assert isinstance(app.screen, MessageDialog)
            said = app.screen.query_one(".words", SafeText).said
            assert "does not let you ask that something is destroyed" in said
            await pilot.press("escape", "escape", key_of("withdraw.confirm"))
            await settle(app, pilot)
            assert isinstance(app.screen, WithdrawalScreen)
            assert "does not let you confirm" in words(shown(app))


async def test_who_asked_is_told_that_somebody_else_confirms_before_they_type_a_code(
    visited: Study, cheap: Argon2Cost
) -> None:
    add_person(visited, "Adeyemi", PersonRole.APPROVER, OWN, cost=cheap)
    withdraw(visited, WithdrawalScope.SOUND)
    app = Earshot(visited)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key_of("home.withdraw"), key_of("withdraw.confirm"))
        await settle(app, pilot)
        assert isinstance(app.screen, MessageDialog)
        said = app.screen.query_one(".words", SafeText).said
        assert "somebody else must confirm it" in said
    assert list_destructions(visited)[0].state == "asked for"


@SIZES
async def test_what_goes_and_what_stays_is_one_column_that_says_how_much_is_below(
    study: Study, shown: Shown, size: tuple[int, int]
) -> None:
    with study.change("interview made") as change:
        for number in range(60):
            change.add_interview(InterviewDetails(f"P07_i{number}", (Participant("P07"),)))
    app = Earshot(study)
    async with app.run_test(size=size) as pilot:
        await pilot.press(key_of("home.withdraw"), "4")
        await settle(app, pilot)
        first = shown(app)
        assert "more lines: Ctrl-D" in first
        assert "▸ P07" not in first
        seen = set(first.splitlines())
        for _ in range(8):
            await pilot.press(key_of("withdraw.scroll_down"))
            await settle(app, pilot)
            seen |= set(shown(app).splitlines())
        last = shown(app)
        await pilot.press("escape")
        await settle(app, pilot)
        assert isinstance(app.screen, WithdrawalScreen)
        assert "▸ P07" in shown(app)

    assert "more lines" not in last
    for wanted in (*(f"P07_i{n}:" for n in range(60)), "This stays:", "The audit trail"):
        assert any(wanted in line for line in seen), wanted


async def test_an_interview_that_another_window_transcribes_says_so(
    visited: Study, shown: Shown
) -> None:
    folder = Path(visited.folder) / AUDIO_FOLDER / visited.find_interview("P07_i2").id
    lock = PresenceLock(folder)
    assert lock.try_exclusive()
    app = Earshot(visited)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        app.screen.query_one(InterviewTable).choose(visited.find_interview("P07_i2").id)
        await settle(app, pilot)
        seen = shown(app)
        lock.release()
        await pilot.press(key_of("home.refresh"))
        await settle(app, pilot)
        after = shown(app)

    assert "◐ in transcription" in seen
    assert "Another window or program is transcribing it" in words(seen)
    assert "in transcription" not in after


async def test_who_has_withdrawn_is_not_asked_whether_they_want_to_be_recorded(
    visited: Study, shown: Shown
) -> None:
    withdraw(visited, WithdrawalScope.FURTHER)
    app = Earshot(visited, sound=FakeSound())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key_of("home.new"), *"P07_i9", "enter")
        await settle(app, pilot)
        assert "⊘ P07 has withdrawn; C shows it" in shown(app)
        await pilot.press("r")
        await settle(app, pilot)
        assert isinstance(app.screen, MessageDialog)
        assert "P07 has withdrawn" in app.screen.query_one(".words", SafeText).said
    assert "P07_i9" not in {summary.label for summary in visited.summaries()}


async def test_a_list_from_which_everybody_has_withdrawn_says_so(
    study: Study, shown: Shown
) -> None:
    with study.change("made for a test") as change:
        change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
    carry_out_withdrawal(study, plan_withdrawal(study, "P07", WithdrawalScope.EVERYTHING))
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.pause()
        told = " ".join(shown(app).split())

    assert "No interviews. Withdrawn, with no interview left: P07 (everything, 20" in told
