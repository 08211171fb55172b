"""The people of a study, by keys: added, removed, changed, and one taking over from another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from app import BackgroundWork, read_last_person
from study import PersonRole
from study.errors import RoleForbids, StudyUnwritable, WrongPassphrase
from study.store import Argon2Cost, Study, add_person, check_recovery_code, list_people
from tests.keys import key_of
from tests.tui.gallery import Picture, settle, walk
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.passphrase_prompt import PassphrasePrompt
from tui.screens.people_screen import PeopleScreen
from tui.screens.privacy_screens import LockScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt

Shown = Callable[[Earshot], str]
OWNER, OFFICER = "four unrelated small words", "what okafor alone knows"
CODE = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch, cheap: Argon2Cost) -> None:
    """Give new passphrases the lowest cost: tests protect nobody."""
    monkeypatch.setattr("study.store.keys.Argon2Cost", lambda: cheap)
    monkeypatch.setattr("study.store.people.generate_recovery_code", lambda: CODE)


@pytest.fixture
def team(course: Study) -> Study:
    """A study with an owner and an officer."""
    add_person(course, "Okafor", PersonRole.OFFICER, OFFICER)
    return course


async def press(app: Earshot, pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and put ``"…"`` into the field; wait for what runs beside the screen."""
    for key in keys:
        if key[:1] == '"':
            field = app.focused
            assert isinstance(field, Input)
            field.insert_text_at_cursor(key[1:-1])
        else:
            await pilot.press(key)
            await settle(app, pilot)


def typed(text: str) -> str:
    return f'"{text}"'


async def test_somebody_is_added_by_keys_and_takes_over_with_their_own_passphrase(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(
            app, pilot, key_of("home.people"), key_of("people.add"), typed("Okafor"), "enter", "4"
        )
        await press(app, pilot, typed(OFFICER), "enter", typed(OFFICER), "enter")
        added = shown(app)
        await press(app, pilot, "escape", "end", "enter", typed(OFFICER), "enter")
        home = shown(app)
        await press(app, pilot, key_of("home.people"))
        people = shown(app)
    names = [(one.name, one.role, one.is_here) for one in list_people(app.study)]
    app.stop_everything()

    assert "Okafor can open the study as officer: sound, words and names" in added
    assert "Okafor, officer" in home
    assert "N New" not in home
    assert "del Remove" not in people  # an officer says nothing about who may open it
    assert names[2:] == [("Okafor", PersonRole.OFFICER, True)]
    assert read_last_person(course.folder) == "Okafor"


async def test_another_person_does_not_take_over_with_a_passphrase_that_is_not_theirs(
    team: Study, shown: Shown
) -> None:
    app = Earshot(team)
    async with app.run_test(size=(80, 24)) as pilot:
        for wrong in ("nobody has this one", OWNER):
            await press(app, pilot, key_of("home.people"), "end", "enter", typed(wrong), "enter")
            assert "That passphrase is not theirs." in shown(app)
            await press(app, pilot, "escape", "escape")
        assert app.study is team
        assert "You are" not in shown(app)


async def test_nobody_takes_over_while_work_runs(team: Study, shown: Shown) -> None:
    app = Earshot(team)
    async with app.run_test(size=(80, 24)) as pilot:
        app.jobs.show(BackgroundWork("transcribe", "x", "P08_i1"))
        await press(app, pilot, key_of("home.people"), "end", "enter")
        seen = shown(app)

    assert "A task is running." in seen
    assert "The passphrase of" not in seen


async def test_a_new_passphrase_is_typed_twice_and_long_enough(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(
            app, pilot, key_of("home.people"), key_of("people.passphrase"), typed("short"), "enter"
        )
        assert "It has fewer than 10 characters." in shown(app)
        await press(app, pilot, typed(OFFICER), "enter", typed(OWNER), "enter")
        assert "They are not the same. Type both again." in shown(app)
        assert all(field.value == "" for field in app.screen.query(Input))
        assert course.is_own_passphrase(OWNER)
        await press(app, pilot, typed(OFFICER), "enter", typed(OFFICER), "enter")
        seen = shown(app)

    assert "The old one no longer works" in seen
    assert course.is_own_passphrase(OFFICER)


async def test_removing_somebody_says_what_they_may_have_copied_and_asks(
    team: Study, shown: Shown
) -> None:
    app = Earshot(team)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(app, pilot, key_of("home.people"), "end", "delete")
        asked = " ".join(shown(app).replace("│", " ").split())
        await press(app, pilot, "n", "delete", "y")
        told = shown(app)

    assert "They may have copied what they could open until now: sound, words" in asked
    assert "Okafor is removed" in told
    assert [one.name for one in list_people(team)] == ["owner", "recovery"]
    with pytest.raises(WrongPassphrase):
        Study.open(team.folder, OFFICER)


async def test_nobody_removes_themselves_or_the_code(team: Study, shown: Shown) -> None:
    app = Earshot(team)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(app, pilot, key_of("home.people"), "delete", "y")
        assert "You cannot remove yourself." in shown(app)
        await press(app, pilot, "escape", "down", "delete", "y")
        assert "The recovery code cannot be removed, only renewed." in shown(app)


async def test_the_recovery_code_is_checked_and_a_new_one_is_shown_until_it_is_written_down(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(
            app,
            pilot,
            key_of("home.people"),
            key_of("people.check_code"),
            typed("is this the code"),
            "enter",
        )
        assert "✗ That is not the recovery code" in shown(app)
        await press(app, pilot, "escape", key_of("people.renew_code"), "y")
        assert CODE in shown(app)
        await press(app, pilot, "n")
        assert CODE in shown(app)
        await press(app, pilot, "y")
        assert CODE not in shown(app)
        await press(app, pilot, key_of("people.check_code"), typed(CODE), "enter")
        assert "✓ That recovery code opens this study." in shown(app)

    assert check_recovery_code(course, CODE)


async def test_the_recovery_code_has_no_passphrase_to_change(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(
            app,
            pilot,
            key_of("home.people"),
            key_of("people.renew_code"),
            "y",
            "y",
            "end",
            "enter",
            typed(CODE),
            "enter",
            key_of("home.people"),
        )
        seen = shown(app)
    app.stop_everything()

    assert "You are recovery" in seen
    assert "c Passphrase" not in seen
    assert "N New" in seen  # it repairs


async def test_a_passphrase_leaves_by_no_screen_and_no_clipboard(team: Study, shown: Shown) -> None:
    app = Earshot(team)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(app, pilot, key_of("home.people"), "end", "enter", typed(OFFICER))
        seen = shown(app)
        await press(app, pilot, "ctrl+shift+a", "ctrl+c", "ctrl+x")
        clipboard, field = app.clipboard, app.screen.query_one("#first", Input).value
        await press(app, pilot, "escape")
        app.push_screen(LockScreen(team.is_own_passphrase, {}))
        await settle(app, pilot)
        await press(app, pilot, typed("wrong words of it"), "ctrl+shift+a", "ctrl+x", "enter")
        locked = app.screen.query_one(Input).value, app.clipboard
    kept = b"".join(f.read_bytes() for f in team.folder.rglob("*") if f.is_file())

    assert "okafor alone" not in seen
    assert (clipboard, field) == ("", OFFICER)
    assert locked == ("", "")
    assert OFFICER.encode() not in kept


async def test_a_refused_change_is_told_and_nothing_waits_any_longer(
    team: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StudyUnwritable

    monkeypatch.setattr("tui.screens.people_screen.renew_recovery_code", refuse)
    app = Earshot(team)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(app, pilot, key_of("home.people"), key_of("people.renew_code"), "y")
        told = shown(app)
        await press(app, pilot, "escape", "escape")
        assert isinstance(app.screen, HomeScreen)

    assert str(StudyUnwritable()).partition(" ")[0] in told
    assert "One moment" not in told


async def test_what_an_officer_is_not_offered_the_study_refuses_as_well(
    team: Study,
) -> None:
    with Study.open(team.folder, OFFICER) as study:
        app = Earshot(study)
        async with app.run_test(size=(80, 24)) as pilot:
            await press(
                app,
                pilot,
                key_of("home.people"),
                key_of("people.add"),
                "delete",
                key_of("people.renew_code"),
            )
            assert isinstance(app.screen, PeopleScreen)
        with pytest.raises(RoleForbids):
            add_person(study, "Friend", PersonRole.OWNER, "a friend's passphrase")


def _type(text: str) -> Callable[[Earshot], object]:
    def put(app: Earshot) -> None:
        assert isinstance(app.focused, Input)
        app.focused.insert_text_at_cursor(text)

    return put


SMALL = (
    Picture("people", PeopleScreen, ["@home.people"]),
    Picture("people-name", TextPrompt, ["@people.add", _type("okafor"), "enter"]),
    Picture("people-role", ChoicePrompt, ["end", _type(" 2"), "enter"]),
    Picture("people-passphrase", PassphrasePrompt, ["3", _type("four small words"), "enter"]),
    Picture("people-differ", PassphrasePrompt, [_type("four"), "enter"]),
    Picture("people-added", MessageDialog, [_type("four small words"), "enter", *"four small words",
                                            "enter"]),
    Picture("people-remove", QuestionDialog, ["escape", "end", "delete"]),
    Picture("people-removed", MessageDialog, ["y"]),
    Picture("people-code", QuestionDialog, ["escape", "@people.renew_code", "y"]),
    Picture("people-key", MessageDialog, ["y", "home", "@people.key"]),
    Picture("people-take-over", PassphrasePrompt, ["escape", "end", "enter"]),
)  # fmt: skip
WIDE = (
    Picture("people", PeopleScreen, ["@home.people", "end"]),
    Picture("people-added", MessageDialog, [
        "@people.add", _type("Anders"), "enter", "3", _type("four small words"), "enter",
        _type("four small words"), "enter",
    ]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("pictures", "size"), [(SMALL, (80, 24)), (WIDE, (120, 40))], ids=["small", "wide"]
)
async def test_the_people_read_as_they_should(
    pictures: tuple[Picture, ...], size: tuple[int, int], team: Study, shown: Shown
) -> None:
    await walk(Earshot(team), pictures, shown, size)
