"""Text that a terminal or Textual would obey, on every screen: shown, and never obeyed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.pilot import Pilot

from anonymise import decide_mention
from study import ArtefactKind, Category, DoubtFlag, InterviewDetails, Mention, Turn
from study.store import RescuedRecording, Study
from tests.keys import key_of
from tui.app import Earshot
from tui.hardening import read_screen_lines

_NASTY = (
    "[/red] [red]x[/] [@click=app.quit]go[/] \x1b[2J\x1b]0;title\x07\x1b]52;c;aGk=\x07 \x9b2J "
    "a\nb\rc\td\x00e\x7f \u202eesrever\u2066 \u2028 \U000e0041 $open [bold"
)
_NEVER = ("\u202e", "\u2066", "\u2028", "\U000e0041", "\x7f", "\x9b")


def _look(app: Earshot) -> str:
    """Return the screen, having looked at every character that would go to the terminal."""
    text = "\n".join(
        segment.text for strip in read_screen_lines(app) for segment in strip if segment.text
    )
    bad = {c for c in text if (ord(c) < 32 and c != "\n") or c in _NEVER}

    assert bad == set()
    return text


async def _through_every_screen(pilot: Pilot[None], app: Earshot) -> list[str]:
    seen: list[str] = []
    for key in ("", "slash", "escape", "question_mark", "escape", "enter",
                key_of("interview.next"), "c", "escape", "x",
                "question_mark", "escape", "ctrl+p", "escape", "t"):  # fmt: skip
        if key:
            await pilot.press(key)
        await pilot.pause()
        seen.append(_look(app))
    await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
    await pilot.pause()
    seen.append(_look(app))
    return seen


async def test_hostile_text_is_shown_and_not_obeyed_on_every_screen(
    study: Study,
    add: Callable[..., str],
    verb: Callable[[str], tuple[str, ...]],
) -> None:
    turn = Turn(1, _NASTY, 0.0, 1.0, f"Before {_NASTY} after", flags=(DoubtFlag(_NASTY, _NASTY),))
    found = Mention("k", 1, 7, 7 + len(_NASTY), Category.PERSON, _NASTY, 0.5, _NASTY)
    interview = add(study, "P07_i1", (turn,), (found,), not_looked_for=(_NASTY,))
    with study.interview(interview).change("renamed") as change:
        change.write_artefact(ArtefactKind.ABOUT, InterviewDetails(_NASTY))
    program = verb(f"tell(event='error', message={_NASTY!r}, advice={_NASTY!r}); sys.exit(1)")
    app = Earshot(study, program=program, rescued=[RescuedRecording(interview, 3.0)])

    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        rescued = _look(app)
        await pilot.press("escape")
        seen = await _through_every_screen(pilot, app)

        assert app.is_running

    assert "[/red]" in rescued
    assert "[/red]" in seen[0]
    assert any("Before" in text and "␛[2J" in text for text in seen)
    assert "[/red]" in seen[-1]


async def test_hostile_text_is_shown_and_not_obeyed_while_it_is_checked(
    study: Study, add: Callable[..., str]
) -> None:
    from study import Verdict

    turn = Turn(1, _NASTY, 0.0, 1.0, f"Before {_NASTY} after", flags=(DoubtFlag(_NASTY, _NASTY),))
    found = Mention("k", 1, 7, 7 + len(_NASTY), Category.PERSON, _NASTY, 0.5, _NASTY)
    interview = add(study, "P07_i1", (turn,), (found,))
    decide_mention(study.interview(interview), "k", Verdict.ACCEPTED)
    with study.interview(interview).change("renamed") as change:
        change.write_artefact(ArtefactKind.ABOUT, InterviewDetails(_NASTY))
    app = Earshot(study)

    async with app.run_test(size=(100, 40)) as pilot:
        seen: list[str] = []
        for key in (key_of("home.check"), key_of("check.original"), "x", *"[/red]", "enter",
                    key_of("check.filter"), "escape", "2", "right", "3", "end", "1",
                    key_of("check.sign"), "A", "enter", "enter", "n",
                    key_of("check.send_back"), "enter"):  # fmt: skip
            await pilot.press(key)
            await pilot.pause()
            seen.append(_look(app))

        assert app.is_running

    assert "Before" in seen[0]
    assert "[/red]" in seen[0]
    assert "Said: [/red]" in seen[1]
    assert any("objected to: [/red]" in text for text in seen)


async def test_hostile_keys_typed_as_a_replacement_are_kept_and_shown_as_text(
    course: Study,
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "c", *"[/red]", "enter", key_of("interview.previous"))
        await pilot.pause()

        assert "[/red]" in _look(app)
        assert "[Person 2][/red]" not in _look(app)  # it took the place of the proposal


async def test_a_turn_of_2000_characters_without_a_blank_is_shown_whole(
    study: Study, add: Callable[..., str], turns: tuple[Turn, ...]
) -> None:
    add(study, "P07_i1", (replace(turns[0], text="x" * 2000),))
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()
        seen = _look(app).count("x")
        await pilot.press("end")
        await pilot.pause()

        assert seen > 500
        assert _look(app).count("x") > 500
