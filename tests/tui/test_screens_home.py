"""The list of interviews: what it tells and what its keys do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from anonymise import accept_all_mentions
from app import BackgroundWork
from study import InterviewSummary
from study.store import Argon2Cost, KeyClass, Study
from tests.course import add_interview
from tests.keys import key_of, sign_of
from tui.app import Earshot
from tui.screens.home_screen import HomeScreen
from tui.screens.review_screen import ReviewScreen
from tui.widgets import interview_table
from tui.widgets.interview_table import InterviewTable

Shown = Callable[[Earshot], str]


async def test_an_empty_study_says_how_to_begin(
    study: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study.folder.parent)
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", "t", "e", "up", "end", "pagedown")
        await pilot.pause()

        assert "No interviews yet." in shown(app)
        assert "--label P07_i1 --participant P07" in " ".join(shown(app).split())
        assert f"Press {sign_of('home.new')} to record one" in shown(app)
        assert "earshot import study FILE" in shown(app)  # the folder's own name, to be pasted
        assert isinstance(app.screen, HomeScreen)


async def test_enter_opens_the_interview_under_the_cursor(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("j", "enter")
        await pilot.pause()

        assert isinstance(app.screen, ReviewScreen)
        assert shown(app).startswith(" P08_i1")


async def test_the_cursor_moves_with_arrows_letters_pages_and_ends(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        table = app.screen.query_one(InterviewTable)
        rows: list[int] = []
        for key in ("down", "j", "j", "k", "up", "up", "end", "home", "pagedown", "pageup"):
            await pilot.press(key)
            rows.append(table.cursor_row)

    assert rows == [1, 2, 2, 1, 0, 0, 2, 0, 2, 0]


async def test_the_filter_narrows_by_label_and_state_and_escape_shows_all(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("slash", *"P08")
        await pilot.pause()
        by_label = shown(app)
        await pilot.press(*(["backspace"] * 3), *"review", "enter")
        await pilot.pause()
        by_state = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        unfiltered = shown(app)
        focus = app.focused

    assert "P08_i1" in by_label
    assert "P07_i1" not in by_label
    assert "3 interviews, 1 shown" in by_label
    assert "P07_i1" in by_state
    assert "P08_i1" not in by_state
    assert "P09_i1" in unfiltered
    assert isinstance(focus, InterviewTable)


@pytest.mark.parametrize("typed", ["P07", "nobody"])
async def test_the_cursor_is_on_its_interview_again_after_a_filter_that_left_it_out(
    course: Study, typed: str
) -> None:
    """It was on the first one, and Enter opened what nobody had chosen."""
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end")
        table = app.screen.query_one(InterviewTable)
        before = table.chosen
        await pilot.press("slash", *typed)
        await pilot.pause()
        narrowed = table.chosen
        await pilot.press("escape")
        await pilot.pause()
        after = table.chosen
        await pilot.press("slash", *"P08", "enter", "escape")
        await pilot.pause()
        went = table.chosen

    assert before is not None
    assert narrowed is None or narrowed.label == "P07_i1"
    assert after is not None
    assert after.id == before.id
    assert went is not None
    assert went.label == "P08_i1"  # it was gone to


async def test_refresh_shows_what_another_program_did(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        add(course, "P10_i1")
        await pilot.press("end")
        await pilot.pause()
        before = shown(app)
        await pilot.press(key_of("home.refresh"))
        await pilot.pause()

        assert "P10_i1" not in before
        assert "P10_i1" in shown(app)
        assert app.screen.query_one(InterviewTable).cursor_row == 2


async def test_l_changes_the_colours_and_q_leaves(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        dark = app.theme
        await pilot.press(key_of("theme"))
        light = app.theme
        await pilot.press(key_of("theme"))
        own = app.theme
        await pilot.press(key_of("theme"))
        again = app.theme
        await pilot.press("q")

    assert (dark, light, own) == ("earshot-dark", "earshot-light", "earshot-terminal")
    assert again == dark
    assert app.return_code == 0


async def test_someone_without_the_identifying_key_sees_ids_and_a_sentence(
    course: Study, cheap: Argon2Cost, shown: Shown
) -> None:
    course.add_slot("officer", "checks and counts alone", (KeyClass.CLEAN,), cost=cheap)
    with Study.open(course.folder, "checks and counts alone") as lesser:
        app = Earshot(lesser)
        async with app.run_test() as pilot:
            await pilot.pause()
            listed = shown(app)
            await pilot.press("enter", "a", "c", "u", "escape", "enter")
            await pilot.pause()
            opened = shown(app)

    assert course.summaries()[0].id in listed
    assert "P07_i1" not in listed
    assert "does not open the identifying part" in opened


async def test_damage_is_told_in_words(course: Study, shown: Shown) -> None:
    course.db.execute("UPDATE artefact SET sealed = zeroblob(60) WHERE kind = 'about'")
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()

        assert "was damaged or changed outside Earshot." in shown(app)


async def test_a_window_that_is_too_small_says_so_and_grows_again(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(30, 9)) as pilot:
        await pilot.pause()
        small = shown(app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()

        assert "This window is too small" in small
        assert "P07_i1" in shown(app)
        assert "too small" not in shown(app)


async def test_interviews_of_one_case_stand_together_with_who_signed_them(
    course: Study, shown: Shown
) -> None:
    from anonymise import write_clean_transcript
    from handoff import sign_transcript
    from study import ArtefactKind, Participant, Role

    people = (Participant("P07"), Participant("FAM07", Role.SUPPORTER))
    for label, of in (("P07_i1", people), ("P09_i1", people[1:])):
        known = course.interview(label)
        with known.change("transcript imported") as change:
            change.write_artefact(ArtefactKind.ABOUT, replace(known.details, participants=of))
    interview = course.find_interview("P07_i1").id
    accept_all_mentions(course.interview(interview))
    write_clean_transcript(course.interview(interview))
    sign_transcript(course.interview(interview), name="A. Officer")
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        wide = shown(app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        narrow = shown(app)
        await pilot.press("slash", *"fam07")
        await pilot.pause()
        filtered = shown(app)

    assert "3 interviews in 2 cases   ✔ 1 signed off" in wide
    lines = wide.splitlines()
    assert lines[2].split()[1:4] == ["P07,", "FAM07", "┌P07_i1"]
    assert "2026-11-23 A. Officer" in lines[2]
    assert "└P09_i1" in lines[3]
    assert "┌P07_i1" in narrow
    assert "Case P07, FAM07   Next: It is signed off. Press e to hand it over." in narrow
    assert "P08_i1" not in filtered
    assert "3 interviews in 2 cases, 2 shown" in filtered


async def test_an_interview_that_is_worked_on_asks_for_no_key(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        before = shown(app)
        interview = course.find_interview("P09_i1")
        app.jobs.show(BackgroundWork("transcribe", interview.id, interview.label))
        await pilot.pause()
        during = shown(app)
        app.jobs.show(None)
        await pilot.pause()
        after = shown(app)

    assert f"{sign_of('home.go_on')} record" in before
    assert "working …" in during
    assert "; progress is shown below." in during
    assert after == before


async def test_of_many_interviews_only_the_rows_in_sight_are_made(
    study: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every refresh made and measured all cells of all, a third of a second for a thousand."""
    for number in range(200):
        add_interview(study, f"P{number:03}_i1")
    made: list[str] = []

    def count(summary: InterviewSummary, *more: object, **others: bool) -> str:
        del more, others
        made.append(summary.label)
        return "state"

    monkeypatch.setattr(interview_table, "format_state", count)
    app = Earshot(study)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        made.clear()
        await pilot.press(key_of("home.refresh"))
        await pilot.pause()
        at_the_end = shown(app)

    assert "P199_i1" in at_the_end
    assert "P100_i1" not in at_the_end
    assert set(made) <= {f"P{number:03}_i1" for number in range(160, 200)}
    assert len(made) <= 2 * 40


async def test_a_click_on_a_row_opens_that_interview(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.click(InterviewTable, offset=(4, 2))
        await pilot.pause()

        assert isinstance(app.screen, ReviewScreen)
        assert shown(app).startswith(" P08_i1")
