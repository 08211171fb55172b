"""One interview: every decision is in the study before the next key, and every key decides."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from textual.widgets import Input

from study import ArtefactKind, Mention, Turn, Verdict
from study.store import Study, read_decisions, read_newest_transcript
from tests.keys import key_of, sign_of
from tui.app import Earshot
from tui.screens.home_screen import HomeScreen
from tui.widgets.mention_detail import ReplacementField
from tui.widgets.transcript_view import TranscriptView

Shown = Callable[[Earshot], str]


def _stands(study: Study) -> dict[str, str]:
    interview = study.find_interview("P07_i1").id
    return {
        d.mention.key: d.decision.verdict.value if d.decision else "open"
        for d in read_decisions(study.interview(interview))
    }


def _cursor(app: Earshot) -> int:
    return app.screen.query_one(TranscriptView).cursor


async def test_accept_and_reject_are_in_the_study_at_once_and_go_on(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "a")
        after_one = _stands(course)
        await pilot.press("x")

        assert after_one == {"m1": "accepted", "m2": "open", "m3": "open", "m4": "open"}
        assert _stands(course) == {"m1": "accepted", "m2": "rejected", "m3": "open", "m4": "open"}
        assert _cursor(app) == 2
        assert course.find_interview("P07_i1").undecided == 2


async def test_a_decision_changes_what_is_read(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test(size=(90, 24)) as pilot:  # a line has room for it
        await pilot.press("enter", "a", "x")
        await pilot.pause()
        text = shown(app)

    assert "My sister ✓[Person 2]ᵖ does" in text
    assert "✗Ashfield wardᵒ" in text
    assert "? 2 undecided  ✓ 1 accepted  ✗ 1 rejected" in text


async def test_all_alike_are_accepted_rejected_and_undone_together(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "A")
        accepted = _stands(course)
        await pilot.press("u")
        undone = _stands(course)
        await pilot.press("X")
        rejected = _stands(course)

    assert accepted == {"m1": "accepted", "m2": "open", "m3": "accepted", "m4": "open"}
    assert set(undone.values()) == {"open"}
    assert rejected == {"m1": "rejected", "m2": "open", "m3": "rejected", "m4": "open"}


async def test_what_is_typed_takes_the_place_of_the_proposal(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "c")
        field = app.screen.query_one("#replacement", Input)
        begins_with = field.value
        await pilot.press(*"[her sister]", "enter", key_of("interview.previous"))
        await pilot.pause()
        text = shown(app)
        (first, *_) = read_decisions(course.interview("P07_i1"))

    assert begins_with == "[Person 2]"
    assert first.replacement == "[her sister]"
    assert first.decision is not None
    assert first.decision.verdict is Verdict.CHANGED
    assert "▸[her sister]◂" in text
    assert "Margaret  →  [her sister]" in text


async def test_escape_gives_a_change_up_and_nothing_typed_is_no_change(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "c")
        app.screen.query_one("#replacement", Input).value = "   "
        await pilot.press("enter")
        await pilot.pause()
        told = shown(app)
        await pilot.press("escape")
        await pilot.pause()

        assert "Type something, or press Esc." in told
        assert set(_stands(course).values()) == {"open"}
        assert isinstance(app.focused, TranscriptView)


async def test_undo_prefers_the_mention_under_the_cursor(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press(
            "enter",
            "a",
            "a",
            key_of("interview.previous"),
            key_of("interview.previous"),
            key_of("interview.previous"),
        )
        at_first = _cursor(app)
        await pilot.press("u")

        assert at_first == 0
        assert _stands(course)["m1"] == "open"
        assert _stands(course)["m2"] == "accepted"


async def test_undo_reaches_back_beyond_this_sitting(course: Study, shown: Shown) -> None:
    for _ in range(2):
        app = Earshot(course)
        async with app.run_test() as pilot:
            await pilot.press("enter", "a")
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press(
            "enter",
            "u",
            key_of("interview.next_undecided"),
            key_of("interview.next_undecided"),
            "u",
            "u",
        )
        await pilot.pause()

        assert set(_stands(course).values()) == {"open"}
        assert "There is nothing to undo." in shown(app)


async def test_brackets_go_through_all_mentions_and_g_through_the_undecided(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press(
            "enter", key_of("interview.next"), "a"
        )  # the second is decided, the cursor on the third
        places: list[int] = []
        for way in (
            *["previous"] * 3, *["next_undecided"] * 3, "previous_undecided", *["next"] * 2,
        ):  # fmt: skip
            await pilot.press(key_of(f"interview.{way}"))
            places.append(_cursor(app))

    assert places == [1, 0, 0, 2, 3, 0, 3, 3, 3]


async def test_when_all_is_decided_the_screen_says_so(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "a", "a", "a", "a")
        await pilot.pause()
        heading = shown(app).splitlines()[0]
        await pilot.press(key_of("interview.next_undecided"))
        await pilot.pause()

        assert "✓ reviewed" in heading
        assert "Every mention is decided." in shown(app)


async def test_the_page_says_what_was_not_looked_for_and_what_is_doubtful(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()
        text = shown(app)

    assert "Not looked for: vehicle registration." in text
    assert "98% of 00:00:25 speech has some words. None at 00:00:12." in text
    assert "1 turn to check (≈)." in text
    assert "≈ check: said three times" in text


async def test_a_transcript_newer_than_its_mentions_is_told(
    course: Study, shown: Shown, turns: tuple[Turn, ...]
) -> None:
    interview = course.find_interview("P07_i1").id
    found = read_newest_transcript(course.interview(interview))
    assert found is not None
    raw = found.transcript
    with course.change("transcribed", interview) as change:
        change.write_artefact(ArtefactKind.RAW, raw)
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()

        assert "Edited since the last search" in shown(app)
        assert turns[0].text in shown(app)


async def test_an_interview_without_mentions_takes_no_decision(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press(
            "down", "enter", "a", "c", key_of("interview.next"), key_of("interview.next_undecided")
        )
        await pilot.pause()

        looks = f"not looked for yet; {sign_of('interview.anonymise')} looks for them."
        assert looks in " ".join(shown(app).split())
        assert app.screen.query_one(TranscriptView).has_focus


async def test_the_cursor_goes_by_turn_page_and_to_the_ends(
    course: Study, add: Callable[..., str]
) -> None:
    add(course, "P10_i1", tuple(Turn(k, "P10", k, k + 1, f"Sentence {k}.") for k in range(100)))
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter")
        await pilot.pause()
        view = app.screen.query_one(TranscriptView)
        seen: dict[str, int | None] = {"": view.turn}
        for key in ("j", "down", "k", "up", "pagedown", "pageup", "end", "home"):
            await pilot.press(key)
            seen[key] = view.turn

    page = seen.pop("pagedown")
    assert page is not None
    assert page > 5
    assert list(seen.values()) == [0, 1, 2, 1, 0, 0, 99, 0]


async def test_a_turn_longer_than_the_window_is_scrolled_through(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    add(course, "P10_i1", (Turn(1, "P10", 0.0, 9.0, "word " * 600 + "last."),
                           Turn(2, "P10", 9.0, 10.0, "After.")))  # fmt: skip
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter")
        view = app.screen.query_one(TranscriptView)
        await pilot.press("down")
        after_one = view.turn
        await pilot.press(*["down"] * 45)
        await pilot.pause()

        assert after_one == 1
        assert view.turn == 2
        assert "last." in shown(app)


async def test_escape_goes_back_to_a_list_that_knows(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "a", "escape")
        await pilot.pause()

        assert isinstance(app.screen, HomeScreen)
        assert "? 3 to decide" in shown(app)


async def test_a_decision_that_cannot_be_written_is_told_and_not_shown(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        course.db.execute("PRAGMA query_only = ON")
        await pilot.press("a")
        await pilot.pause()
        told = shown(app)
        course.db.execute("PRAGMA query_only = OFF")
        await pilot.press("escape")
        await pilot.pause()

        assert "The study cannot be written." in told
        assert "▸Margaret◂" in shown(app)
        assert set(_stands(course).values()) == {"open"}


async def test_mentions_that_overlap_or_point_nowhere_hide_no_word(
    course: Study, add: Callable[..., str], turns: tuple[Turn, ...], mentions: tuple[Mention, ...]
) -> None:
    first = mentions[0]
    odd = (
        first,
        Mention("o1", 2, first.start + 2, first.end + 5, first.category, "ner", 0.5, "[Person 3]"),
        Mention("o2", 2, 0, 9_999, first.category, "ner", 0.5, "[Person 4]"),
        Mention("o3", 99, 0, 5, first.category, "ner", 0.5, "[Person 5]"),
    )
    add(course, "P10_i1", turns, odd)
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press(
            "end",
            "enter",
            key_of("interview.next"),
            key_of("interview.next"),
            key_of("interview.next"),
            key_of("interview.next"),
        )
        await pilot.pause()
        view = app.screen.query_one(TranscriptView)
        rows = view._rows_of(view._numbers[turns[1].key])
        text = "".join(piece.text for row in rows for piece in row)

    assert re.sub("[?ᵖ]", "", text) == turns[1].text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_replacement_that_is_typed_has_room_to_be_read_whole(
    size: tuple[int, int], course: Study
) -> None:
    app = Earshot(course)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "c", "end", "ctrl+u", *"[Organisation 2, hospital]")
        await pilot.pause()
        field = app.screen.query_one(ReplacementField)

        assert field.value == "[Organisation 2, hospital]"
        assert field.content_size.width > len(field.value)
        assert field.region in app.screen.region
