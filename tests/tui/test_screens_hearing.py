"""Hearing a turn again in the review: chosen, heard in the background, compared, taken over."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from textual.content import Content
from textual.pilot import Pilot

from cli import VERB_PROGRAM
from models import InstalledModel
from study import (
    ArtefactKind,
    InterviewDetails,
    Provenance,
    Recognition,
    SecondHearing,
    SoundFormat,
    Transcript,
    Turn,
    Word,
)
from study.store import IncomingSound, Interview, Study, TranscriptEditor, read_newest_transcript
from tests.keys import key_of
from tests.transcribe.conftest import demonstration
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog
from tui.screens.hearing_screen import HearingScreen
from tui.screens.review_screen import ReviewScreen
from tui.widgets.safe_text import SafeText

Shown = Callable[[Earshot], str]
Verb = Callable[[str], tuple[str, ...]]
_MADE_BY = Provenance("transcribe", "earshot tests", "tiny.en", "ef" * 32)
_STANDING = (
    Turn(1, "INT01", 0.0, 4.0, "How did you hear of the collage?"),
    Turn(2, "P07", 4.0, 10.0, "My sister told me."),
    Turn(3, "P07", 12.0, 15.0, "No."),
)


_AT_LAST_S = 600.0  # no speed is tested here: a computer may be busy with other things


async def _until(
    pilot: Pilot[None], reached: Callable[[], bool], seconds: float = _AT_LAST_S
) -> None:
    ends_s = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends_s, "not reached in time"
        await pilot.pause(0.02)


def _said(interview: Interview) -> list[str]:
    source = read_newest_transcript(interview)
    assert source is not None
    return [turn.text for turn in source.transcript.turns]


def _flow(page: str) -> str:
    """Return the words of a page without the lines around them."""
    return " ".join(page.translate(dict.fromkeys(map(ord, "│▌"), " ")).split())


@pytest.fixture
def interview(study: Study, tiny_en_alone: InstalledModel) -> Interview:
    """An interview with sound and three turns, on a computer with tiny.en alone."""
    assert tiny_en_alone.name == "tiny.en"
    with IncomingSound(study, SoundFormat(16_000, 1)) as incoming:
        incoming.write(np.ascontiguousarray(demonstration(0, 20)).tobytes())
        made = incoming.keep(InterviewDetails("P07_i1"), {})
    with study.interview(made).change("transcribed") as change:
        change.write_artefact(
            ArtefactKind.RAW,
            Transcript(_STANDING, _MADE_BY, recognition=Recognition(language="en")),
        )
    return study.interview(made)


def _save_hearing(interview: Interview, *turns: Turn) -> None:
    hearing = SecondHearing(0.0, 20.0, (0.0, 20.0), Transcript(turns, _MADE_BY))
    with interview.change("heard again") as change:
        change.write_artefact(ArtefactKind.HEARING, hearing)


def _heard(turn: Turn, text: str) -> Turn:
    word = Word(f" {text}", turn.start_s, turn.end_s, 0.9)
    return Turn(turn.key, turn.speaker, turn.start_s, turn.end_s, text, (word,))


@pytest.mark.slow
async def test_a_turn_is_heard_again_in_the_background_and_taken_over(
    study: Study, interview: Interview, shown: Shown
) -> None:
    app = Earshot(study, program=VERB_PROGRAM)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "home", "down", "E", "1", "enter")
        await pilot.pause()
        assert "Hearing again P07_i1" in shown(app)
        await _until(pilot, lambda: isinstance(app.screen, HearingScreen | MessageDialog))
        await pilot.pause()
        assert "Heard again by tiny.en, 00:00:0" in shown(app)
        await pilot.press(key_of("hearing.take"), "escape")
        await _until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        taken = _said(interview)
        await pilot.press("z")
        await pilot.pause()

    assert taken != [turn.text for turn in _STANDING]
    assert [taken[0], taken[2]] == [_STANDING[0].text, _STANDING[2].text]
    assert _said(interview) == [turn.text for turn in _STANDING]


async def test_the_child_is_told_the_passage_the_model_and_the_language(
    study: Study, interview: Interview, verb: Verb, shown: Shown
) -> None:
    told = 'tell(event="error", message=" ".join(argv[2:]))'
    app = Earshot(study, program=verb(told))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "home", "down", "E", "2", "enter")
        await _until(pilot, lambda: "Esc closes" in shown(app))
        text = _flow(shown(app))

    assert f"{interview.id} --json --language en --from 4.000 --to 124.000 --model tiny.en" in text


async def test_a_hearing_is_cancelled_within_a_second_and_nothing_opens(
    study: Study, interview: Interview, verb: Verb
) -> None:
    waits = """
        import signal
        tell(event="progress", done=1.0, total=4.0, what="transcribing")
        signal.pause()
    """
    app = Earshot(study, program=verb(waits))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "home", "E", "3", "enter")
        await _until(pilot, lambda: app.work is not None and app.work.progress is not None)
        await pilot.press("s")
        await _until(pilot, lambda: app.work is None, seconds=1.0)
        await pilot.pause()

        assert isinstance(app.screen, ReviewScreen)
    assert _said(interview) == [turn.text for turn in _STANDING]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_both_versions_stand_on_the_page_and_each_key_does_one_thing(
    size: tuple[int, int], study: Study, interview: Interview, shown: Shown
) -> None:
    _save_hearing(
        interview,
        _heard(_STANDING[0], "How did you hear of the college?"),
        _heard(_STANDING[1], "my sister told me"),
        _heard(_STANDING[2], "Now."),
    )
    app = Earshot(study)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "E", "4")
        await pilot.pause()
        page = shown(app)
        await pilot.press("x", "a", "escape")
        await pilot.pause()

    assert "2 turns with other words, 2 left to decide." in page
    assert "hear of the collage?" in page
    assert "hear of the college?" in page
    assert "my sister" not in page  # the same words
    assert _said(interview) == [_STANDING[0].text, _STANDING[1].text, "Now."]


async def test_what_differs_is_marked_without_colour_too(
    study: Study, interview: Interview
) -> None:
    _save_hearing(interview, _heard(_STANDING[0], "How did you hear of the college?"))
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "E", "4")
        await pilot.pause()
        content = app.screen.query_one("#heard-now", SafeText).content
        assert isinstance(content, Content)
        marked = [
            content.plain[span.start : span.end]
            for span in content.spans
            if isinstance(span.style, str) and "bold" in span.style
        ]

    assert marked == ["Heard now\n", "college?"]


async def test_transcribing_a_corrected_interview_asks_first_and_says_that_it_was_heard_beside(
    study: Study, interview: Interview, verb: Verb, shown: Shown
) -> None:
    TranscriptEditor(interview).set_text(1, "How did you hear of the college?")
    _save_hearing(interview)
    app = Earshot(study, program=verb('tell(event="done", result={"hearing": 1})'))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        asked = _flow(shown(app))
        assert app.work is None
        await pilot.press("escape", "t", "enter")
        await _until(pilot, lambda: "Esc closes" in shown(app))
        text = _flow(shown(app))

    assert "P07_i1 is transcribed, and somebody has worked on it." in asked
    assert "▸ 1 tiny.en, which heard it before" in asked
    assert "They are kept; you can compare them with the new words" in text
    assert "Press E in the review" in text
