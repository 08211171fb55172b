"""Whoever presses only what the screen says comes from every state to the hand-over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from anonymise import accept_all_mentions, search_transcript, write_clean_transcript
from handoff import ExportOrder, export_interviews, send_transcript_back, sign_transcript
from study import (
    ArtefactKind,
    InterviewState,
    InterviewSummary,
    Objection,
    Transcript,
    Verdict,
)
from study.store import Study, TranscriptEditor, mark_review_ready
from tests.course import MENTIONS, TURNS, add_interview
from tests.following import read_next_keys
from tui.app import Earshot
from tui.screens.command_screen import CommandScreen

Shown = Callable[[Earshot], str]
Prepare = Callable[[Study, str], None]
_MOST_KEYS = 40
_NAMES = {"Enter": "enter", "Esc": "escape", "Space": "space", "↓": "down", "↑": "up"}


def _work_at_once(app: Earshot, verb: str, summary: InterviewSummary, **_: bool) -> None:
    """Do the work of a key in this process, with the rules and no model."""
    interview = app.study.interview(summary.id)
    if verb == "anonymise":
        search_transcript(interview, name_model=None)
    else:
        assert verb == "export", verb
        export_interviews(app.study, ExportOrder((summary.id,)))
    for screen in app.screen_stack:
        if isinstance(screen, CommandScreen):
            screen.refresh_study()


def _waiting(study: Study, interview: str) -> None:
    del study, interview


def _decided(study: Study, interview: str) -> None:
    accept_all_mentions(study.interview(interview))


def _handed_on(study: Study, interview: str) -> None:
    _decided(study, interview)
    write_clean_transcript(study.interview(interview))
    mark_review_ready(study.interview(interview))


def _signed(study: Study, interview: str) -> None:
    _handed_on(study, interview)
    sign_transcript(study.interview(interview))


def _sent_back(study: Study, interview: str) -> None:
    _handed_on(study, interview)
    send_transcript_back(study.interview(interview), [Objection("who is it?", "m1")])


def _sent_back_whole(study: Study, interview: str) -> None:
    _handed_on(study, interview)
    send_transcript_back(study.interview(interview), [Objection("the ward is known to all")])


def _corrected(study: Study, interview: str) -> None:
    _decided(study, interview)
    _type(study, interview)


def _corrected_once_signed(study: Study, interview: str) -> None:
    _signed(study, interview)
    _type(study, interview)


def _corrected_once_sent_back(study: Study, interview: str) -> None:
    _sent_back_whole(study, interview)
    _type(study, interview)


def _type(study: Study, interview: str) -> None:
    TranscriptEditor(study.interview(interview)).set_text(1, "Who comes to the course with you?")


def _decided_again_once_signed(study: Study, interview: str) -> None:
    from anonymise import decide_mention

    _signed(study, interview)
    decide_mention(study.interview(interview), "m4", Verdict.REJECTED)


def _undone_once_signed(study: Study, interview: str) -> None:
    from anonymise import undo_decisions

    _signed(study, interview)
    undo_decisions(study.interview(interview), "m4")


def _searched_again_once_signed(study: Study, interview: str) -> None:
    _signed(study, interview)
    search_transcript(study.interview(interview), name_model=None)
    _decided(study, interview)


def _heard_again_once_signed(study: Study, interview: str) -> None:
    _signed(study, interview)
    raw = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert raw is not None
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, replace(raw, turns=raw.turns[:3]))


def _transcribed(study: Study, interview: str) -> None:
    del study, interview


_S = InterviewState
_ROWS: tuple[tuple[Prepare, InterviewState], ...] = (
    (_transcribed, _S.TRANSCRIBED),
    (_waiting, _S.REVIEW),
    (_decided, _S.REVIEWED),
    (_handed_on, _S.READY),
    (_signed, _S.SIGNED),
    (_sent_back, _S.SENT_BACK),
    (_sent_back_whole, _S.SENT_BACK),
    (_corrected, _S.CORRECTED),
    (_corrected_once_signed, _S.CORRECTED),
    (_corrected_once_sent_back, _S.CORRECTED),
    (_decided_again_once_signed, _S.SIGN_AGAIN),
    (_undone_once_signed, _S.REVIEW),
    (_searched_again_once_signed, _S.SIGN_AGAIN),
    (_heard_again_once_signed, _S.CORRECTED),
)


async def _follow(
    app: Earshot, shown: Shown, study: Study, label: str, first: Sequence[str] = ()
) -> list[str]:
    """Press what is told until the interview is handed over; return the keys.

    first: keys that lead to where somebody begins to read.
    """
    pressed: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        for key in first:
            await pilot.press(key)
        await pilot.pause()
        while study.find_interview(label).state is not _S.HANDED:
            keys = read_next_keys(shown(app))
            assert keys, f"no key is told, after {pressed}:\n{shown(app)}"
            assert len(pressed) < _MOST_KEYS, f"it leads round, by {pressed}:\n{shown(app)}"
            await pilot.press(*(_NAMES.get(key, key) for key in keys))
            pressed += keys
            await pilot.pause()
    return pressed


def _kept_short() -> list[object]:
    """The rows that led round in a circle, or hid why; all others where there is time."""
    short = {_corrected_once_signed, _undone_once_signed, _heard_again_once_signed, _sent_back}
    return [
        pytest.param(
            *row, marks=() if row[0] in short else pytest.mark.thorough, id=row[0].__name__
        )
        for row in _ROWS
    ]


@pytest.mark.parametrize(("prepare", "wanted"), _kept_short())
async def test_every_state_leads_to_the_hand_over_by_what_the_screen_says(
    study: Study,
    shown: Shown,
    monkeypatch: pytest.MonkeyPatch,
    prepare: Prepare,
    wanted: InterviewState,
) -> None:
    monkeypatch.setattr(Earshot, "begin_work", _work_at_once)
    found = None if prepare is _transcribed else MENTIONS
    prepare(study, add_interview(study, "P07_i1", TURNS, found))
    assert study.find_interview("P07_i1").state is wanted

    assert await _follow(Earshot(study), shown, study, "P07_i1")


async def test_whoever_corrects_in_the_review_is_led_on_from_there(
    study: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the walk began in the list alone."""
    monkeypatch.setattr(Earshot, "begin_work", _work_at_once)
    _corrected_once_signed(study, add_interview(study, "P07_i1", TURNS, MENTIONS))

    pressed = await _follow(Earshot(study), shown, study, "P07_i1", ["enter"])

    assert pressed[0] == "M"
