"""The interface shows who is there, and offers only what their role may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import CommandPlace, is_offered, list_commands
from study import JOINING_ROLES, PersonRole
from study.store import Argon2Cost, Study, add_person
from tests.course import TURNS, add_interview
from tui.app import Earshot

Shown = Callable[[Earshot], str]
OWN = "somebody's own passphrase"


def add(course: Study, role: PersonRole, cheap: Argon2Cost) -> None:
    add_person(course, f"Some {role}", role, OWN, cost=cheap)


@pytest.mark.parametrize(
    ("role", "offered", "hidden"),
    [
        (PersonRole.INTERVIEWER, ("N New", "t Transcribe"), ("M Anonymise", "e Export")),
        (PersonRole.ASSISTANT, ("N New", "t Transcribe", "M Anonymise", "e Export"), ()),
        (PersonRole.OFFICER, ("M Anonymise", "K Check", "e Export"), ("N New", "t Transcribe")),
        (PersonRole.APPROVER, ("K Check",), ("N New", "Enter Open", "t Transcribe", "e Export")),
    ],
)
async def test_the_list_shows_who_is_there_and_offers_what_they_may(
    course: Study,
    cheap: Argon2Cost,
    shown: Shown,
    role: PersonRole,
    offered: tuple[str, ...],
    hidden: tuple[str, ...],
) -> None:
    add(course, role, cheap)
    with Study.open(course.folder, OWN) as study:
        app = Earshot(study)
        async with app.run_test(size=(120, 30)) as pilot:
            await pilot.pause()
            seen = shown(app)

    assert f"Some {role}, {role}" in seen
    assert all(key in seen for key in offered), seen
    assert not any(key in seen for key in hidden), seen


async def test_a_study_of_one_person_names_nobody(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()

        assert "owner" not in shown(app)


async def test_an_officer_reads_the_words_and_the_trail_says_so(
    course: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    add(course, PersonRole.OFFICER, cheap)
    with Study.open(course.folder, OWN) as study:
        app = Earshot(study)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause()
            seen = shown(app)
            await pilot.press("b", "escape")  # a turn is not broken by who corrects nothing
        verbs = [line.verb for line in study.read_trail()[0]]

    assert "Could you tell me who comes to the course" in seen
    assert "words opened to read" in verbs
    assert "corrected" not in verbs


async def test_an_interviewer_is_told_that_an_interview_is_somebody_elses(
    course: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    add(course, PersonRole.INTERVIEWER, cheap)
    with Study.open(course.folder, OWN) as study:
        app = Earshot(study)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause()
            seen = shown(app)

    assert "does not let you work on interviews that somebody else entered" in " ".join(
        seen.split()
    )
    assert "Could you tell me" not in seen


@pytest.mark.parametrize("place", list(CommandPlace))
def test_an_owner_is_offered_every_command(place: CommandPlace) -> None:
    for command in list_commands(place):
        assert is_offered(place, command.action, (), PersonRole.OWNER)


@pytest.mark.parametrize("role", [role for role in JOINING_ROLES if role is not PersonRole.OWNER])
def test_a_command_is_hidden_however_its_action_is_asked_for(role: PersonRole) -> None:
    home = CommandPlace.HOME

    whole = is_offered(home, "work('export')", (), role)

    assert is_offered(home, "work", ("export",), role) == whole
    assert whole == (role in {PersonRole.ASSISTANT, PersonRole.OFFICER})


async def test_the_list_tells_an_interviewer_no_key_for_what_somebody_else_entered(
    study: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    add_interview(study, "P07_i1", TURNS)
    add(study, PersonRole.INTERVIEWER, cheap)
    with Study.open(study.folder, OWN) as theirs:
        app = Earshot(theirs)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            seen = shown(app)

    assert "Next: Somebody else entered it" in seen
    assert "Press " not in seen
