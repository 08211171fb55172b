"""Two programs have one interview open: what one writes, the other shows before it writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from anonymise import accept_all_mentions, decide_mention, write_clean_transcript
from handoff import sign_transcript
from study import InterviewState, Verdict
from study.store import (
    Study,
    TranscriptEditor,
    mark_review_ready,
    read_decisions,
    read_newest_transcript,
    read_sign_off,
)
from tests.following import key_of
from tui.app import Earshot
from tui.screens import review_screen
from tui.screens.check.check_screen import CheckScreen
from tui.screens.dialogs import QuestionDialog
from tui.screens.prompts import ChoicePrompt
from tui.screens.review_screen import ReviewScreen

Shown = Callable[[Earshot], str]
Deed = Callable[[TranscriptEditor], object]
_FIRST = "Could you tell me who comes to the course with you?"
_TYPED = f"So. {_FIRST}"
_UNSAVED = "Not saved yet: somebody else"


def _texts(study: Study) -> list[str]:
    source = read_newest_transcript(study.interview("P07_i1"))
    assert source is not None
    return [turn.text for turn in source.transcript.turns]


def _elsewhere(study: Study, deed: Deed) -> None:
    with Study.open_with_keys(study.folder, study.ring) as other:
        deed(TranscriptEditor(other.interview("P07_i1")))


async def _press(pilot: Pilot[None], *commands: str) -> None:
    await pilot.press(*(key_of(one) if "." in one else one for one in commands))
    await pilot.pause()


def _is_typing(app: Earshot) -> bool:
    return isinstance(app.screen, ReviewScreen) and app.screen.widgets.editor.is_typing


@pytest.fixture(autouse=True)
def looks_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the screen look for others only where something makes it look, not every 2 s."""
    monkeypatch.setattr(review_screen, "_OTHERS_S", 3_600.0)


REMOVED: Deed = lambda pen: pen.remove_turn(1)  # noqa: E731
JOINED: Deed = lambda pen: pen.join_turns(1)  # noqa: E731
SPLIT: Deed = lambda pen: pen.split_turn(1, len("Could you tell me "))  # noqa: E731


@pytest.mark.parametrize("deed", [REMOVED, SPLIT], ids=["removed", "split"])
async def test_own_words_for_a_turn_that_somebody_else_took_apart_stand_once_in_it_if_wanted(
    course: Study, shown: Shown, deed: Deed
) -> None:
    before, app = _texts(course), Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        await pilot.press(*"So. ")
        await pilot.pause(0.6)  # it is kept
        _elsewhere(course, deed)
        await pilot.press("backspace", "backspace", *", ")
        await pilot.pause(0.6)
        told = shown(app)
        assert type(app.screen) is ReviewScreen  # no box in the way of the next letter
        await _press(pilot, "typing.done")
        assert isinstance(app.screen, ChoicePrompt)
        await _press(pilot, "1")
        assert not _is_typing(app)

    assert _UNSAVED in told
    assert _texts(course) == [f"So, {_FIRST}", *before[1:]]


@pytest.mark.parametrize(
    ("deed", "asked_of"),
    [
        (REMOVED, ("removed this turn", "theirs: the turn stays removed")),
        (SPLIT, ("split this turn", "theirs, in 2 turns: Could you tell me / who comes")),
    ],
    ids=["removed", "split"],
)
async def test_a_turn_that_somebody_else_took_apart_is_left_to_them_if_wanted(
    course: Study, shown: Shown, deed: Deed, asked_of: tuple[str, str]
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        _elsewhere(course, deed)
        theirs = _texts(course)
        await pilot.press(*"So. ")
        await pilot.pause(0.6)
        await _press(pilot, "typing.done")
        asked = shown(app)
        await _press(pilot, "2")
        assert not _is_typing(app)

    assert all(part in asked for part in asked_of)
    assert _texts(course) == theirs


async def test_a_turn_that_somebody_joined_into_another_traps_nobody_who_types_in_it(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.down", "interview.edit")
        _elsewhere(course, JOINED)
        theirs = _texts(course)
        _elsewhere(course, lambda pen: pen.set_text(4, "They meant well."))
        await pilot.press(*"So. ")
        await pilot.pause(0.6)
        await _press(pilot, "typing.done")
        asked = shown(app)
        await _press(pilot, "1")  # the one thing left
        assert not _is_typing(app)

    assert "joined this turn with another" in asked
    assert "cannot come back from here" in " ".join(asked.replace("│", " ").split())
    assert _texts(course)[0] == theirs[0]


async def test_an_open_field_in_which_nothing_is_typed_shows_what_somebody_else_types(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        _elsewhere(course, lambda pen: pen.set_text(1, "Who comes along?"))
        assert isinstance(app.screen, ReviewScreen)
        app.screen.notice_other_programs()  # it looks so every two seconds
        await pilot.pause()
        seen = shown(app)
        await pilot.press("end", *" So?")
        await _press(pilot, "typing.done")

    assert "Who comes along?" in seen
    assert "Somebody else changed this turn" in seen
    assert _texts(course)[0] == "Who comes along? So?"


async def test_letters_typed_in_a_field_whose_turn_is_gone_are_never_commands(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        _elsewhere(course, REMOVED)
        theirs = _texts(course)
        assert isinstance(app.screen, ReviewScreen)
        app.screen.notice_other_programs()
        await pilot.pause()
        seen, is_open = shown(app), _is_typing(app)
        await _press(pilot, "z", "J", "typing.done", "2")

    assert "Somebody else removed this turn." in seen
    assert is_open
    assert _texts(course) == theirs


async def test_leaving_a_turn_shows_at_once_what_somebody_else_made_of_it(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        _elsewhere(course, lambda pen: pen.set_text(1, "Who comes along?"))
        await _press(pilot, "typing.done")
        seen = shown(app)

    assert "Who comes along?" in seen
    assert "Somebody else changed this turn: it is as they left it." in seen


_KEYS = {
    "words chosen and split": ("interview.right", "interview.right", "interview.split"),
    "joined": ("interview.join",),
    "a doubt": ("interview.settle",),
    "a speaker": ("interview.speaker_2",),
    "undone": ("interview.undo_edit",),
}


@pytest.mark.parametrize("keys", _KEYS.values(), ids=list(_KEYS))
async def test_a_key_acts_on_no_turn_that_somebody_else_changed_before_it_is_shown(
    course: Study, shown: Shown, keys: tuple[str, ...]
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", *keys[:-1])
        _elsewhere(course, lambda pen: pen.set_text(1, "Who comes along?"))
        theirs = _texts(course)
        await _press(pilot, keys[-1])
        seen = shown(app)

    assert "Somebody else changed this just now" in seen
    assert "Who comes along?" in seen
    assert _texts(course) == theirs


async def test_a_mention_that_somebody_else_decided_is_shown_before_a_key_decides_it_again(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open")
        with Study.open_with_keys(course.folder, course.ring) as other:
            decide_mention(other.interview("P07_i1"), "m1", Verdict.REJECTED)
        await _press(pilot, "interview.accept")
        seen = shown(app)

    assert "Somebody else changed this just now" in seen
    decided = [d for d in read_decisions(course.interview("P07_i1")) if d.decision is not None]
    assert [d.decision.verdict for d in decided if d.decision] == [Verdict.REJECTED]


async def test_a_turn_in_which_somebody_typed_during_the_question_is_not_removed(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.remove")
        _elsewhere(course, lambda pen: pen.set_text(1, "Who comes along?"))
        await _press(pilot, "y")
        seen = shown(app)

    assert "Somebody else changed this just now" in seen
    assert _texts(course)[0] == "Who comes along?"


def _sign(study: Study) -> None:
    interview = study.interview("P07_i1")
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    mark_review_ready(interview)
    sign_transcript(interview)


def _sign_elsewhere(study: Study) -> None:
    with Study.open_with_keys(study.folder, study.ring) as other:
        _sign(other)


async def test_words_typed_while_somebody_signs_it_off_are_kept_and_say_that_they_take_that_back(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        _sign_elsewhere(course)
        await pilot.press(*"So. ")
        await pilot.pause(0.6)
        kept = shown(app)
        await _press(pilot, "typing.done")
        left = shown(app)

    standing = read_sign_off(course.interview("P07_i1"))
    assert "takes back a sign-off made meanwhile: H" in kept
    assert "takes back a sign-off made meanwhile: H" in left
    assert _texts(course)[0] == _TYPED
    assert standing is not None
    assert not standing.is_valid


async def test_a_turn_that_is_left_as_it_was_while_somebody_signs_it_off_takes_nothing_back(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        _sign_elsewhere(course)
        await _press(pilot, "typing.done")
        left = shown(app)

    assert "takes back" not in left
    assert course.interview("P07_i1").summary.state is InterviewState.SIGNED


async def test_an_edit_asks_first_where_somebody_signed_off_what_is_still_shown_unsigned(
    course: Study,
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home")
        _sign_elsewhere(course)
        await _press(pilot, "interview.edit")
        assert isinstance(app.screen, QuestionDialog)
        await _press(pilot, "escape")

    assert course.interview("P07_i1").summary.state is InterviewState.SIGNED


async def test_what_is_typed_while_a_sign_off_is_asked_about_refuses_it_and_says_what_goes_on(
    course: Study, shown: Shown
) -> None:
    before, interview = _texts(course), course.interview("P07_i1")
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    mark_review_ready(interview)
    app = Earshot(course)
    async with app.run_test(size=(100, 30)) as pilot:
        await _press(pilot, "home.check", "check.sign", "x", "enter", "enter")
        assert isinstance(app.screen, QuestionDialog)
        _elsewhere(course, lambda pen: pen.set_text(1, _TYPED))
        await _press(pilot, "y")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()
        told = " ".join(shown(app).replace("│", " ").split())
        await _press(pilot, "escape")
        assert isinstance(app.screen, CheckScreen)

    assert "names must be searched again. Press M in the list" in told
    assert read_sign_off(interview) is None
    assert _texts(course) == [_TYPED, *before[1:]]
