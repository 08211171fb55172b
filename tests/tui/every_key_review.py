"""The scenes of a review with sound, for ``test_every_key.py``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from textual.widgets import Input

from app import CommandPlace
from capture import import_sound
from handoff import find_returned, keep_returned
from study import (
    SPEAKER_UNSURE,
    ArtefactKind,
    Category,
    DoubtFlag,
    InterviewDetails,
    Mark,
    MarkKind,
    Mention,
    Mentions,
    Participant,
    Provenance,
    ReturnedChange,
    ReturnedCopy,
    ReturnedPart,
    ReturnedStanding,
    SecondHearing,
    Transcript,
    TranscriptRef,
    Turn,
    Word,
)
from study.store import Interview, Study, TranscriptEditor, read_decisions, read_newest_transcript
from tests.tui.pressing import Effect, Look, Scene, Step, along, moves, opens, shows, stores
from tui.app import Earshot
from tui.screens.check.check_screen import CheckScreen
from tui.screens.dialogs import QuestionDialog
from tui.screens.hearing_screen import HearingScreen
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.returned_screen import ReturnedScreen
from tui.screens.review_screen import ReviewScreen
from tui.screens.voices_screen import VoicesScreen
from tui.widgets.row_list import RowList
from tui.widgets.turn_editor import TurnEditor

MADE_BY = Provenance("test", "earshot tests")
_RATE = 8_000
_TURNS, _SPEAKERS, _PAUSES, _UNSURE = 30, 9, (11, 21), 25


def spoken_study(study: Study, folder: Path) -> None:
    """Fill a study with an interview of 30 turns that can be heard, and with all that one has."""
    file = folder / "talk.wav"
    soundfile.write(file, np.sin(np.arange(80 * _RATE) / 5.0) * 0.2, _RATE)
    interview = import_sound(study, file, InterviewDetails("P07_i1"))
    turns = tuple(_turn(number) for number in range(1, _TURNS + 1))
    topics = (Mark(0.0, MarkKind.TOPIC, "First of all"),)
    found = tuple(
        Mention(f"m{key}", key, start, start + 3, Category.PERSON, "register", 0.9, "[Person 1]")
        for key in (2, 4, 6, 8)
        for start in [turns[key - 1].text.index("Ann")]
    )
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, MADE_BY, events=topics))
    with study.interview(interview).change("searched") as change:
        change.write_artefact(
            ArtefactKind.MENTIONS,
            Mentions(TranscriptRef(ArtefactKind.RAW, 1), found, MADE_BY, ("person",)),
        )
    _hear_again(study.interview(interview), turns[:6])
    _send_back(study.interview(interview), turns)


def _send_back(interview: Interview, turns: tuple[Turn, ...]) -> None:
    """Keep a copy that came back with eight parts, the first with many words."""
    parts = tuple(
        ReturnedPart(
            f"row {turn.key} of the table", "what a line should say", ReturnedStanding.READ,
            f"{turn.key}: Said otherwise." * (60 if turn.key == 1 else 1),
            (ReturnedChange(turn.key, turn.key, "Said otherwise."),), line=turn.key,
        )
        for turn in turns[:8]
    )  # fmt: skip
    keep_returned(interview, ReturnedCopy("2026-11-20", 0, tuple(t.key for t in turns), parts))


def _hear_again(interview: Interview, turns: tuple[Turn, ...]) -> None:
    """Save a second hearing in which other words were heard, in the first turn many more."""
    heard = tuple(
        replace(turn, text=said, words=(Word(f" {said}", turn.start_s, turn.end_s, 0.9),))
        for turn in turns
        for said in [f"Heard {turn.key} another way." * (60 if turn.key == 1 else 1)]
    )
    hearing = SecondHearing(0.0, 80.0, (0.0, 80.0), Transcript(heard, MADE_BY))
    with interview.change("heard again") as change:
        change.write_artefact(ArtefactKind.HEARING, hearing)


def _turn(key: int) -> Turn:
    start_s = 2.0 * key + 4.0 * sum(key >= pause for pause in _PAUSES)
    flags = (DoubtFlag("repetition"),) if key in {5, 15} else ()
    flags = (DoubtFlag(SPEAKER_UNSURE),) if key == _UNSURE else flags
    speaker = f"S{(key - 1) % _SPEAKERS + 1}"
    said = f"Sentence {key} of the talk, Ann."
    return Turn(key, speaker, start_s, start_s + 1.5, said, (), flags)


def _where(app: Earshot) -> object:
    screen = app.screen
    if isinstance(screen, ReplacementScreen):
        return screen.query_one(RowList).cursor
    if isinstance(screen, HearingScreen | ReturnedScreen):
        return screen.query_one(RowList).cursor, screen.query_one("#versions").scroll_offset.y
    if not isinstance(screen, ReviewScreen):
        return None
    view = screen.widgets.view
    return view.turn, view.cursor, screen.cursor.chosen_words()


def _heard(app: Earshot) -> object:
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    player = screen.playback.player
    return screen.playback.is_playing, round(player.position_s, 2) if player else None


def _held(study: Study) -> object:
    interview = study.find_interview("P07_i1").id
    source = read_newest_transcript(study.interview(interview))
    turns = source.transcript.turns if source else ()
    decisions = [one.decision for one in read_decisions(study.interview(interview))]
    there = find_returned(study.interview(interview))
    rulings = (there.rulings, there.is_entered) if there else ()
    return [(t.key, t.text, t.speaker, t.flags) for t in turns], decisions, rulings


def _typing(look: Look) -> bool:
    return isinstance(look.app.focused, TurnEditor)


def _plays_turn(*, over: bool) -> Effect:
    def is_so(look: Look) -> bool:
        screen = look.app.screen
        assert isinstance(screen, ReviewScreen)
        turn, player = screen.cursor.turn, screen.playback.player
        if turn is None or player is None or not player.is_playing:
            return False
        # A loop begins anew for ever; what is played once is over when its end has been heard.
        return player._run.repeats == over and player.position_s == turn.start_s

    return is_so


def _plays(look: Look) -> bool:
    below = look.app.screen_stack[-2]
    return isinstance(below, ReviewScreen) and below.playback.is_playing


def _elsewhere(app: Earshot) -> None:
    with Study.open_with_keys(app.study.folder, app.study.ring) as other:
        TranscriptEditor(other.interview("P07_i1")).set_text(1, "Said elsewhere.")


def _undoing(command: str, effect: Effect) -> list[Step]:
    return [Step(command, effect), Step("interview.undo", stores)]


_ASKED = "was asked for"


def _asks_to_transcribe(look: Look) -> bool:
    """Whether it is asked first, also where it is asked which of several models hears."""
    return any(said in look.after for said in (f"transcribe {_ASKED}", "with which model?"))


_REPLACE = [*"talk", "enter", *"walk", "enter"]
REVIEW = Scene(
    where=_where,
    stored=_held,
    opening=["@home.open"],
    steps=[
        *along(CommandPlace.INTERVIEW),
        Step("interview.next", moves),
        Step("interview.previous", moves, first=["@interview.next"]),
        Step("interview.next_undecided", moves),
        Step("interview.previous_undecided", moves),
        *_undoing("interview.accept", stores),
        *_undoing("interview.accept_alike", shows("4 mentions accepted")),
        *_undoing("interview.reject", stores),
        *_undoing("interview.reject_alike", shows("4 mentions rejected")),
        *_undoing("interview.sure_of", shows("mentions accepted")),
        Step("interview.link", shows("Nobody and nothing else of this kind")),
        Step(
            "interview.same",
            shows("mentions accepted"),
            first=["@interview.accept"],
            then=["@interview.undo"] * 2,
        ),
        Step("interview.none_of", shows("No undecided question of this kind")),
        Step("interview.change", lambda look: isinstance(look.app.focused, Input)),
        Step("interview.right", moves, first=["escape"]),
        Step("interview.left", moves, first=["@interview.right"]),
        Step("interview.right", moves, "l"),
        Step("interview.left", moves, "h", first=["@interview.right"]),
        Step("interview.next_phrase", moves),
        Step("interview.previous_phrase", moves),
        Step("interview.select", shows("Selecting: arrows add words")),
        Step(
            "interview.mention",
            shows("What kind of detail is “"),
            then=["escape", "@interview.back"],
        ),
        *(
            Step(f"interview.speaker_{n}", stores, first=["@interview.home"])
            for n in (2, 3, 4, 5, 6, 7, 8, 9, 1)
        ),
        Step("interview.speaker", opens(ChoicePrompt), then=["escape"]),
        Step("interview.whole_voice", shows("Who speaks all turns of"), then=["escape"]),
        Step("interview.voices", opens(VoicesScreen), then=["@voices.leave"]),
        Step("interview.names", shows("Whose names?"), then=["escape"]),
        Step("interview.undo_edit", stores),
        Step("interview.redo_edit", stores),
        Step("interview.split", stores, first=["@interview.right"] * 2),
        Step(
            "interview.give_rest",
            shows("Who speaks the second half?"),
            first=["@interview.end", *["@interview.right"] * 2],
            then=["2"],
        ),
        Step("interview.join", stores, first=["@interview.home"]),
        Step("interview.remove", opens(QuestionDialog), "delete", then=["@interview.home", "n"]),
        Step("interview.remove", opens(QuestionDialog), "backspace", then=["n"]),
        Step("interview.headings", shows("Which heading?"), then=["escape"]),
        Step("interview.next_doubt", moves),
        Step("interview.previous_doubt", moves),
        Step("interview.next_unsure", shows("Unsure who speaks"), first=["@interview.home"]),
        Step("interview.settle", stores),
        Step("interview.next_voice", moves),
        Step("interview.previous_voice", moves),
        Step("interview.next_pause", shows("A pause of 4.5 s")),
        Step("interview.previous_pause", moves),
        Step("interview.find", opens(TextPrompt), then=[*"talk", "enter"]),
        Step("interview.next_find", moves),
        Step("interview.previous_find", moves),
        Step("interview.replace", opens(ReplacementScreen), then=_REPLACE),
        *along(CommandPlace.REPLACING),
        Step("replacing.tick", shows("✗ ")),
        Step("replacing.everywhere", shows("in the whole study")),
        Step(
            "replacing.fields",
            lambda look: isinstance(look.app.focused, Input),
            then=["enter", "enter"],
        ),
        Step("replacing.leave", opens(ReviewScreen)),
        Step("replacing.replace", stores, first=["@interview.replace", *_REPLACE]),
        Step("interview.list", shows("List: "), then=["@interview.back"]),
        Step("interview.timeline", shows("Timeline: "), then=["@interview.back"]),
        Step("interview.hear_again", shows("Hear what again?"), then=["4"]),
        *along(CommandPlace.HEARING)[:6],
        Step("hearing.pagedown", moves, first=["@hearing.home"]),
        Step("hearing.pageup", moves),
        Step("hearing.keep", shows("· 00:")),
        Step("hearing.take", stores, "a"),
        Step("hearing.play_turn", _plays),
        Step("hearing.play_turn", _plays, "f7"),
        Step("hearing.all", stores),
        Step("hearing.leave", opens(ReviewScreen)),
        Step("interview.returned", shows("Came back on 2026-11-20")),
        *along(CommandPlace.RETURNED)[:6],
        Step("returned.pagedown", moves, first=["@returned.home"]),
        Step("returned.pageup", moves),
        Step("returned.take", stores),
        Step("returned.nothing", stores),
        Step("returned.say", opens(TextPrompt), then=["enter"]),
        Step("returned.leave", opens(ReviewScreen)),
        Step(
            "returned.enter",
            stores,
            first=["@interview.returned", *["@returned.take"] * 5],
        ),
        # Words were corrected by now, and the key lets them be searched first.
        Step("interview.ready", shows(f"anonymise {_ASKED}"), then=["@dialog.close"]),
        Step("interview.check", opens(CheckScreen), then=["@check.back"]),
        Step("interview.transcribe", _asks_to_transcribe, then=["@dialog.close"]),
        Step("interview.anonymise", shows(f"anonymise {_ASKED}"), then=["@dialog.close"]),
        Step("interview.export", shows("is not signed off"), then=["@dialog.close"]),
        Step("interview.stop", lambda look: look.app.work is None),
        Step(
            "interview.refresh",
            lambda look: "elsewhere." in look.after,
            first=["@interview.home", _elsewhere],
        ),
        Step("interview.back", opens(HomeScreen)),
    ],
)


def people_study(study: Study, folder: Path) -> None:
    """Fill a study as ``spoken_study`` does, with nine people for its nine voices."""
    spoken_study(study, folder)
    interview = study.interview("P07_i1")
    people = tuple(Participant(f"P0{number}") for number in range(1, _SPEAKERS + 1))
    with interview.change("named") as change:
        change.write_artefact(ArtefactKind.ABOUT, replace(interview.details, participants=people))


def _whose(app: Earshot) -> object:
    screen = app.screen
    if not isinstance(screen, VoicesScreen):
        return None
    return screen.query_one(RowList).cursor, dict(screen.whose)


VOICES = Scene(
    where=_whose,
    stored=_held,
    opening=["@home.open", "@interview.voices"],
    steps=[
        *along(CommandPlace.VOICES),
        *(Step("voices.play", _plays, key) for key in ("space", "f4", "f14")),
        *(Step(f"voices.name_{n}", moves, first=["@voices.home"]) for n in range(1, 10)),
        Step("voices.unname", moves, first=["@voices.home"]),
        Step("voices.again", shows("How many people speak?"), then=["escape", "escape"]),
        Step("voices.leave", opens(ReviewScreen), first=["@interview.voices", "@voices.name_1"]),
        Step("voices.take", stores, first=["@interview.voices", "@voices.name_1"]),
    ],
)
_SOUND = [
    ("play", ("space", "f4", "f14")), ("on_5", ("greater_than_sign", "f6")),
    ("back_2", ("comma", "f3", "f13")), ("on_2", ("full_stop", "f5", "f15")),
    ("back_5", ("less_than_sign", "f2")),
]  # fmt: skip
TYPING = Scene(
    where=_heard,
    stored=_held,
    opening=["@home.open", *["@interview.pagedown"] * 2],
    steps=[
        *(Step(f"interview.{name}", moves, key) for name, keys in _SOUND for key in keys),
        *(
            Step(f"interview.{name}_turn", _plays_turn(over=name == "loop"), key,
                 first=["@interview.down"])
            for name, keys in (("play", ("o", "f7")), ("loop", ("O", "f8")))
            for key in keys
        ),
        Step("interview.slower", shows("\N{MULTIPLICATION SIGN}0.9")),
        Step("interview.faster", lambda look: "\N{MULTIPLICATION SIGN}" not in look.after, "plus"),
        Step("interview.faster", shows("\N{MULTIPLICATION SIGN}1.1"), "plus"),
        Step("interview.follow", shows("not following")),
        Step("interview.edit", _typing, "enter"),
        Step("typing.done", lambda look: not _typing(look), "escape"),
        Step("interview.edit", _typing),
        Step("typing.done", lambda look: not _typing(look), "enter"),
        Step("typing.play", moves, "tab", first=["@interview.edit"]),
        Step("typing.play", moves, "f4"),
        Step("typing.play", moves, "f14"),
        Step("typing.on_5", moves),
        Step("typing.on_2", moves),
        Step("typing.on_2", moves, "f15"),
        Step("typing.back_2", moves, "f3"),
        Step("typing.back_2", moves, "f13"),
        Step("typing.back_2", moves, "ctrl+b"),
        Step("typing.back_5", moves),
        *(
            Step(f"typing.{name}_turn", _plays_turn(over=name == "loop"), key,
                 first=["@typing.on_5"])
            for name, keys in (("play", ("f7", "ctrl+o")), ("loop", ("f8",)))
            for key in keys
        ),
        Step("typing.split", stores, first=["end", "ctrl+left"]),
    ],
)  # fmt: skip
