"""What made newcomers curse on their first day: each test is named for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from anonymise import (
    accept_all_mentions,
    add_mention,
    search_transcript,
    write_clean_transcript,
)
from handoff import send_transcript_back
from study import Category, Objection, Turn
from study.store import (
    Study,
    TranscriptEditor,
    mark_review_ready,
    read_decisions,
    read_newest_transcript,
    verify_study,
)
from tests.consents import keep_agreed
from tests.course import add_interview
from tests.following import key_of, key_told
from tui.app import Earshot
from tui.screens import review_screen
from tui.screens.dialogs import MessageDialog
from tui.screens.prompts import ChoicePrompt
from tui.screens.review_screen import ReviewScreen
from tui.widgets.safe_text import SafeText

Shown = Callable[[Earshot], str]
_FIRST = "Could you tell me who comes to the course with you?"


def _edits(study: Study) -> int:
    return TranscriptEditor(study.interview("P07_i1")).state.edits


def _text(study: Study, turn: int = 0) -> str:
    source = read_newest_transcript(study.interview("P07_i1"))
    assert source is not None
    return source.transcript.turns[turn].text


async def _press(pilot: Pilot[None], *commands: str) -> None:
    """Press the key of each command, by its id; what has no point in it is a key itself."""
    await pilot.press(*(key_of(one) if "." in one else one for one in commands))
    await pilot.pause()


def _other(study: Study) -> Study:
    return Study.open_with_keys(study.folder, study.ring)


async def test_after_mentions_were_added_before_it_the_cursor_is_still_on_its_mention(
    course: Study,
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", *["interview.next"] * 3)  # Leeds, the fourth
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        turn, words = _text(course), "who comes"
        start = turn.index(words)
        add_mention(course.interview("P07_i1"), 1, start, start + len(words), Category.PERSON)
        await _press(pilot, "interview.refresh", "interview.accept")

    decided = [d for d in read_decisions(course.interview("P07_i1")) if d.decision is not None]
    assert {d.mention.key for d in decided if d.mention.source != "person"} == {"m4"}


async def test_escape_writes_nothing_that_was_not_typed(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        await pilot.press(*"So. ")
        await pilot.pause(0.6)  # it is kept
        kept = _edits(course)
        with _other(course) as other:
            TranscriptEditor(other.interview("P07_i1")).set_text(1, "Who comes along?")
        await _press(pilot, "typing.done")

    assert kept == 1
    assert _edits(course) == kept + 1
    assert _text(course) == "Who comes along?"


@pytest.mark.parametrize(
    ("answer", "wanted"), [("1", f"So. {_FIRST}"), ("2", "Who comes along?")], ids=["own", "other"]
)
async def test_a_turn_that_somebody_else_changed_is_shown_before_one_text_replaces_the_other(
    course: Study, shown: Shown, answer: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_screen, "_OTHERS_S", 3_600.0)  # it typed before it could look
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        with _other(course) as other:
            TranscriptEditor(other.interview("P07_i1")).set_text(1, "Who comes along?")
        await pilot.press(*"So. ")
        await pilot.pause(0.6)
        told = shown(app)
        await _press(pilot, "typing.done")
        asked, is_asked = shown(app), isinstance(app.screen, ChoicePrompt)
        stood = _text(course)
        await _press(pilot, "escape")  # goes back to typing
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.widgets.editor.is_typing
        await _press(pilot, "typing.done", answer)
        assert isinstance(app.screen, ReviewScreen)
        assert not app.screen.widgets.editor.is_typing

    assert "somebody else changed this turn" in told
    assert is_asked
    assert "theirs: Who comes along?" in asked
    assert stood == "Who comes along?"
    assert _text(course) == wanted


@pytest.mark.parametrize("line_break", ["\r", "\r\n", "\n", "\u2028"])
async def test_a_line_break_that_is_pasted_is_a_space(course: Study, line_break: str) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        app.post_message(Paste(f"So,{line_break}well. "))
        await pilot.pause()
        await _press(pilot, "typing.done")

    assert _text(course) == f"So, well. {_FIRST}"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("So,\n\n \n well.", "So, well."),
        ("So,\x07\x00 well.\x7f", "So, well."),
        ("\x1b[31mSo,\x1b[0m\x1b]0;title\x07 well.", "So, well."),
        ("So,\twell.", "So, well."),
        ("שלום 👩‍👩‍👧 well.", "שלום 👩‍👩‍👧 well."),
    ],
    ids=["empty lines", "controls", "colours", "a tab", "no control"],
)
async def test_no_control_character_of_a_pasted_text_stands_in_the_transcript_not_as_a_sign_either(
    course: Study, pasted: str, kept: str
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        app.post_message(Paste(f"{pasted} "))
        await pilot.pause()
        await _press(pilot, "typing.done")

    assert _text(course) == f"{kept} {_FIRST}"


async def test_what_was_sent_back_is_seen_at_its_mention_and_asked_about_if_decided_as_before(
    course: Study, shown: Shown
) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    mark_review_ready(interview)
    send_transcript_back(interview, [Objection("the ward is named elsewhere", "m2")])
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.pause()
        listed = shown(app)
        await _press(pilot, "home.open")
        opened = shown(app)
        await _press(pilot, "interview.accept", "interview.ready")
        asked = " ".join(shown(app).replace("│", " ").split())
        await _press(
            pilot, "y", "interview.back", "home.check", "check.sign", "x", "enter", "enter"
        )
        signing = " ".join(shown(app).replace("│", " ").split())

    assert "↩ sent back" in listed
    assert "↩ the ward is named elsewhere" in opened
    assert "Objected to, and decided as before: the ward is named elsewhere" in asked
    assert "elsewhere." not in asked  # "who is it?." had two ends
    assert "objected to, and decided as before: the ward is named elsewhere" in signing


async def test_nobody_types_a_name_for_a_sign_off_while_an_objection_stands(course: Study) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.check", "check.object")
        await pilot.press(*"no", "enter")
        await _press(pilot, "check.sign")
        assert isinstance(app.screen, MessageDialog)
        told = app.screen.query_one(".words", SafeText).said

    assert "You objected to 1 line" in told
    assert f"{key_told('check.send_back')} sends it back" in told


async def test_two_labels_of_one_person_are_made_one_by_a_key_in_the_review(
    study: Study, shown: Shown
) -> None:
    text = "I'm William. Everybody calls me Bill."
    interview = study.interview(add_interview(study, "P07_i1", (Turn(1, "P07", 0.0, 4.0, text),)))
    search_transcript(interview, name_model=None)
    for name in ("William", "Bill"):
        add_mention(interview, 1, text.index(name), text.index(name) + len(name), Category.PERSON)
    labels = {d.mention.replacement for d in read_decisions(interview)}
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.end", "interview.next", "interview.link")
        asked = shown(app)
        await _press(pilot, "1")
        told = shown(app)

    assert len(labels) == len({"William", "Bill"})
    assert "is the same as" in asked
    assert "changed. In a terminal" in " ".join(told.split())
    assert len({d.mention.replacement for d in read_decisions(interview)}) == 1


async def test_a_mention_made_by_hand_is_gone_again_with_one_key_and_what_it_took_in_is_asked(
    course: Study, shown: Shown
) -> None:
    interview = course.interview("P07_i1")
    before = [(d.mention.key, d.decision) for d in read_decisions(interview)]
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await _press(
            pilot, "home.open", "interview.next", "interview.right", *["interview.right"] * 2
        )
        await _press(pilot, "interview.select", "interview.right", "interview.mention")
        asked = shown(app)
        await _press(pilot, "1")
        added = [d.mention.source for d in read_decisions(interview)]
        await _press(pilot, "interview.undo")
        told = shown(app)

    assert "date" in asked
    assert "person" in added
    assert "1 mention added by hand gone" in " ".join(told.split())
    assert [(d.mention.key, d.decision) for d in read_decisions(interview)] == before
    assert verify_study(course) == []


async def test_a_key_in_the_list_enters_names_of_an_interview_that_is_there(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key_of("home.names"), "1")
        await pilot.press(*"person=Wilhelmina", "enter")
        await pilot.pause()
        told = shown(app)

    assert "The names are kept, sealed." in told
    register = course.interview("P07_i1").details.register
    assert [one.names for one in register] == [("Wilhelmina",)]


async def test_the_first_label_is_that_of_whoever_agreed_and_was_not_recorded_yet(
    study: Study, shown: Shown
) -> None:
    keep_agreed(study, "P07")
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await _press(pilot, "home.new")
        asked = shown(app)

    assert "P07_i1" in asked


async def test_the_line_of_keys_offers_the_check_once_an_interview_is_sent_to_be_checked(
    course: Study, shown: Shown
) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    mark_review_ready(interview)
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await _press(pilot, "home.open", "interview.next")
        keys = " ".join(shown(app).splitlines()[-2:])

    assert f"{key_told('interview.check')} Check" in keys
    assert " Ready" not in keys
