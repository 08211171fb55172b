"""Whole screens, as a person reads them: the list, the review, the check (see ``gallery.py``)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.command import CommandPalette

from anonymise import accept_all_mentions, decide_mention, write_clean_transcript
from app import BackgroundWork, JobFinished, Preferences
from handoff import keep_returned
from study import (
    ArtefactKind,
    Mark,
    MarkKind,
    PersonRole,
    Provenance,
    ReturnedChange,
    ReturnedCopy,
    ReturnedPart,
    ReturnedStanding,
    SecondHearing,
    TaskProgress,
    Transcript,
    Turn,
    Verdict,
    Word,
)
from study.store import Argon2Cost, KeyClass, RescuedRecording, Study
from tests.course import TURNS
from tests.tui.gallery import Picture, walk
from tui.app import Earshot
from tui.screens.check.check_screen import CheckScreen
from tui.screens.dialogs import MessageDialog, QuestionDialog, RefusalDialog
from tui.screens.hearing_screen import HearingScreen
from tui.screens.help_screen import HelpScreen
from tui.screens.home_screen import HomeScreen
from tui.screens.privacy_screens import CoverScreen, LockScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.returned_screen import ReturnedScreen
from tui.screens.review_screen import ReviewScreen
from tui.screens.voices_screen import VoicesScreen

Shown = Callable[[Earshot], str]
_DECIDED = ["enter", *"aaax", "escape"]


@pytest.fixture(autouse=True)
def looks_are_kept_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy computer the line of the trail stood before that of a later decision."""
    monkeypatch.setattr("tui.screens.review_screen._KEPT_LOOKS_S", 3600.0)


def _works(app: Earshot) -> None:
    app.jobs.show(
        BackgroundWork("transcribe", "x", "P08_i1", TaskProgress(600.0, 2400.0), 1500.0, waiting=2)
    )


def _rests(app: Earshot) -> None:
    app.jobs.show(None)


def _hands_over(app: Earshot) -> None:
    files = [f"/study/handed-over/P07_i1/P07_i1.{ending}" for ending in ("txt", "docx", "qdpx")]
    app.jobs.show(BackgroundWork("export", "x", "P07_i1"))
    app.post_message(Earshot.WorkEnded(JobFinished({"result": files})))


def _hears_again(app: Earshot) -> None:
    """Save a second hearing: a turn with another name, one where none stood, one lost."""
    interview = app.study.interview("P07_i1")
    turns = tuple(
        Turn(turn.key, turn.speaker, turn.start_s, turn.end_s, said, (word,))
        for turn, said in (
            (TURNS[0], TURNS[0].text.lower()),
            (TURNS[1], "My sister Margot does. She works at Ashfield ward."),
            (TURNS[3], TURNS[3].text.replace("Leeds", "Leith").replace("[pause] ", "")),
            (Turn(9, "INT", 40.0, 41.0, ""), "Thank you."),
        )
        for word in [Word(f" {said}", turn.start_s, turn.end_s, 0.9)]
    )
    made_by = Provenance("transcribe", "earshot tests", "base")
    hearing = SecondHearing(0.0, 45.0, (0.0, 45.0), Transcript(turns, made_by))
    with interview.change("heard again") as change:
        change.write_artefact(ArtefactKind.HEARING, hearing)


def _comes_back(app: Earshot) -> None:
    """Keep a copy that came back: one part of each standing, and their agreement."""
    change = ReturnedChange(2, 2, "My sister [Person 1] does. She works there no more, you know.")
    parts = (
        ReturnedPart("row 1 of the table", "what a line should say", ReturnedStanding.READ,
                     f"2 | {change.text}", (change,), line=2),
        ReturnedPart("line 4 of the talk", "a comment", ReturnedStanding.ASKED,
                     "Please not about Tom (about: it was Tom)", line=4),
        ReturnedPart("below line 4 of the talk", "text that is not of the copy",
                     ReturnedStanding.UNCLEAR, "I was not well that day."),
        ReturnedPart("beside the table", 'ticked: "It is right."', ReturnedStanding.ASKED,
                     "It is right.", approves=True),
    )  # fmt: skip
    keep_returned(app.study.interview("P07_i1"), ReturnedCopy("2026-11-20", 0, (1, 2, 3, 4), parts))


def _locks(app: Earshot) -> None:
    app.push_screen(LockScreen(app.study.is_own_passphrase, {}))


LIST = (
    Picture("home", HomeScreen),
    Picture("home-filter", HomeScreen, ["slash", *"P08"]),
    Picture("help", HelpScreen, ["escape", "question_mark"]),
    Picture("help-end", HelpScreen, ["end"]),
    Picture("palette", CommandPalette, ["escape", "ctrl+p", *"tra"]),
    Picture("cover", CoverScreen, ["escape", "ctrl+l"]),
    Picture("lock", LockScreen, ["enter", _locks]),
    Picture("lock-wrong", LockScreen, [*"wrong", "enter"]),
    Picture("home-working", HomeScreen, [lambda app: app.pop_screen(), _works]),
    Picture("home-leave", QuestionDialog, ["q"]),
    Picture("home-stopping", HomeScreen, ["n", "s"]),
    Picture("home-handed-over", MessageDialog, [_rests, _hands_over]),
    Picture("untranscribed", ReviewScreen, ["escape", "end", "enter"]),
)
REVIEW = (
    Picture("interview", ReviewScreen, ["enter", "a", "x"]),
    Picture("interview-not-yet", ReviewScreen, ["@interview.ready"]),
    Picture("interview-decided", ReviewScreen, ["a", "a"]),
    Picture("interview-ready", QuestionDialog, ["@interview.ready"]),
    Picture("interview-handed-on", ReviewScreen, ["y"]),
    Picture("interview-typing", ReviewScreen, ["enter", "end", *" Yes."]),
    Picture("change", ReviewScreen, ["escape", *"uuuu", "c"]),
    Picture("interview-list", ReviewScreen, ["escape", "@interview.list", "down"]),
    Picture("interview-timeline", ReviewScreen, ["escape", "T", "right"]),
    Picture("interview-selecting", ReviewScreen, ["escape", "home", "right", "v", "right"]),
    Picture("interview-kind", ChoicePrompt, ["m"]),
    Picture("interview-speaker", ChoicePrompt, ["escape", "escape", "S"]),
    Picture("interview-speaker-scope", ChoicePrompt, ["2"]),
    Picture("interview-speaker-code", TextPrompt, ["escape", "S", "3"]),
    Picture("interview-remove", QuestionDialog, ["escape", "delete"]),
    Picture("interview-find", TextPrompt, ["n", "slash", *"Tom"]),
    Picture("interview-found", ReviewScreen, ["enter"]),
    Picture("replace", ReplacementScreen, ["R"]),
    Picture(
        "replace-preview", ReplacementScreen, [*"Tom", "enter", *"Tim", "enter", "@replacing.tick"]
    ),
    Picture("hear-again", ChoicePrompt, ["escape", _hears_again, "home", "E"]),
    Picture("hearing", HearingScreen, ["4", "down", "enter"]),
    Picture("returned-file", TextPrompt, ["escape", "@interview.returned", *"~/back.docx"]),
    Picture("returned", ReturnedScreen, ["escape", _comes_back, "@interview.returned", "enter"]),
    Picture("returned-say", TextPrompt, ["@returned.say", *"take out"]),
    Picture("returned-open", ReturnedScreen, ["enter", "@returned.enter"]),
    Picture("interview-voices", VoicesScreen, ["escape", "V"]),
    Picture("help-interview", HelpScreen, ["escape", "question_mark"]),
)
CHECK = (
    Picture("check", CheckScreen, [*_DECIDED, "@home.check", "down", "down"]),
    Picture("check-reading", CheckScreen, ["enter"]),
    Picture("check-filter", ChoicePrompt, ["escape", "@check.filter"]),
    Picture("check-kind", ChoicePrompt, ["1"]),
    Picture("check-filtered", CheckScreen, ["2"]),
    Picture("check-sample", TextPrompt, ["@check.filter", "7", "@check.sample"]),
    Picture("check-object", TextPrompt, ["escape", "x", *"she is known"]),
    Picture("check-objected", CheckScreen, ["enter", "@check.right"]),
    Picture("check-original", CheckScreen, ["@check.original", "up"]),
    Picture("check-risk", CheckScreen, ["2"]),
    Picture("check-trail", CheckScreen, ["3", "down"]),
    Picture("check-verified", MessageDialog, ["@check.verify"]),
    Picture("check-back", TextPrompt, ["escape", "1", "@check.send_back"]),
    Picture("check-refused", MessageDialog, ["escape", "u", "@check.sign"]),
    Picture("check-who", TextPrompt, ["escape", "k", "u", "@check.sign", *"AO"]),
    Picture("check-role", TextPrompt, ["enter"]),
    Picture("check-sign", QuestionDialog, ["enter"]),
    Picture("check-signed", MessageDialog, ["y"]),
    Picture("check-after", CheckScreen, ["escape"]),
    Picture("help-check", HelpScreen, ["question_mark"]),
)
WIDE = (
    Picture("home", HomeScreen),
    Picture("interview", ReviewScreen, ["enter", "A"]),
    Picture("interview-list", ReviewScreen, ["@interview.list", "down"]),
    Picture(
        "check",
        CheckScreen,
        ["escape", *"aax", "escape", "@home.check", "@check.right", "@check.original"],
    ),
    Picture("check-risk", CheckScreen, ["2"]),
    Picture("check-trail", CheckScreen, ["3", "@check.whole", "end"]),
    Picture("hearing", HearingScreen, ["escape", _hears_again, "enter", "home", "E", "4", "end"]),
    Picture("returned", ReturnedScreen, ["escape", _comes_back, "@interview.returned", "enter"]),
)
REFUSAL = (
    Picture(
        "check-gate-refused", RefusalDialog,
        ["@home.check", "@check.sign", *"AO", "enter", "enter", "y"],
    ),
    Picture("check-let", TextPrompt, ["y", *"it is a brand"]),
)  # fmt: skip
_SMALL = (
    Picture("small", ReviewScreen, ["enter"]),
    Picture("small-check", CheckScreen, ["@interview.check"]),
)
_TOO_SMALL = (
    Picture("too-small", HomeScreen),
    Picture("too-small-interview", ReviewScreen, ["enter"]),
)


@pytest.mark.parametrize(
    ("pictures", "size"),
    [
        (LIST, (80, 24)),
        (REVIEW, (80, 24)),
        (CHECK, (80, 24)),
        (WIDE, (120, 40)),
        (_SMALL, (60, 20)),
        (_TOO_SMALL, (30, 9)),
    ],
    ids=["list", "review", "check", "wide", "small", "too small"],
)
async def test_the_screens_read_as_they_should(
    pictures: tuple[Picture, ...], size: tuple[int, int], course: Study, shown: Shown
) -> None:
    await walk(Earshot(course), pictures, shown, size)


async def test_an_undecided_interview_can_be_looked_at_and_not_signed(
    course: Study, shown: Shown
) -> None:
    pictures = (
        Picture("check-undecided", CheckScreen, ["enter", "a", "escape", "@home.check"]),
        Picture("check-nothing-to-sign", MessageDialog, ["@check.sign"]),
    )
    await walk(Earshot(course), pictures, shown, (80, 24))


async def test_what_the_gate_refuses_reads_as_it_should(course: Study, shown: Shown) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    decide_mention(interview, "m4", Verdict.CHANGED, replacement="near Margaret")
    write_clean_transcript(interview)
    await walk(Earshot(course), REFUSAL, shown, (80, 24))


async def test_the_officers_screens_read_as_they_should(
    course: Study, shown: Shown, cheap: Argon2Cost
) -> None:
    interview = course.find_interview("P07_i1").id
    accept_all_mentions(course.interview(interview))
    write_clean_transcript(course.interview(interview))
    ids = {summary.id: summary.label for summary in course.summaries()}
    course.add_slot(
        "Okafor", "checks and counts alone", (KeyClass.CLEAN,), role=PersonRole.OFFICER, cost=cheap
    )
    with Study.open(course.folder, "checks and counts alone") as lesser:
        pictures = (
            Picture("officer-home", HomeScreen),
            Picture("officer-check", CheckScreen, ["@home.check"]),
            Picture("officer-original", MessageDialog, ["@check.original"]),
            Picture("officer-review", ReviewScreen, ["escape", "i"]),
        )

        def steady(app: Earshot) -> str:
            text = shown(app)
            for known, label in ids.items():
                text = text.replace(known, f"id-{label[:3]}".ljust(len(known), "x"))
            return text

        await walk(Earshot(lesser), pictures, steady, (80, 24))


async def test_an_empty_study_and_what_is_told_when_it_opens(study: Study, shown: Shown) -> None:
    app = Earshot(
        study,
        rescued=[RescuedRecording("P07_i1", 754.0)],
        chosen=Preferences(
            {"help": "f1", "home.new": "f12", "home.quit": "f10"},
            problems=("colours must be one of dark, light, terminal.",),
        ),
    )
    pictures = (
        Picture("rescued", MessageDialog),
        Picture("problems", MessageDialog, ["escape"]),
        Picture("home-empty-remapped", HomeScreen, ["escape"]),
    )
    await walk(app, pictures, shown, (80, 24))


async def test_somebody_who_is_shown_around_reads_what_comes_next(
    course: Study, shown: Shown
) -> None:
    pictures = (
        Picture("tour-home", HomeScreen),
        Picture("tour-interview", ReviewScreen, ["enter"]),
        Picture("tour-check", CheckScreen, [*"aaax", "@interview.ready", "y", "@interview.check"]),
    )
    await walk(Earshot(course, is_guided=True), pictures, shown, (80, 24))


async def test_what_happened_while_recording_stands_between_the_turns(
    course: Study, turns: tuple[Turn, ...], add: Callable[..., str], shown: Shown
) -> None:
    interview = add(course, "P10_i1")
    events = (
        Mark(0.0, MarkKind.TOPIC, "Who comes along"),
        Mark(0.0, MarkKind.SPEAKER, "INT"),
        Mark(4.2, MarkKind.PAUSED, "", 130.0),
        Mark(4.4, MarkKind.SLOW_DISK),
        Mark(12.5, MarkKind.TOPIC, "How long it has been going on, and what had to be given up"),
        Mark(15.2, MarkKind.MARKER, "looks at the photograph"),
        Mark(15.2, MarkKind.DISTRESS, "", 40.0),
        Mark(31.0, MarkKind.GAP, "the microphone is gone", 3.2),
    )
    with course.change("transcribed", interview) as change:
        transcript = Transcript(turns, Provenance("test", "earshot tests"), events=events)
        change.write_artefact(ArtefactKind.RAW, transcript)
    pictures = (
        Picture("events", ReviewScreen, ["end", "enter"]),
        Picture("events-headings", ChoicePrompt, ["@interview.headings"]),
        Picture("events-heading", TextPrompt, ["2"]),
    )
    await walk(Earshot(course), pictures, shown, (80, 24))
