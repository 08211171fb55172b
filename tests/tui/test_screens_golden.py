"""Whole screens, as a person reads them: the list, the review, the check (see ``gallery.py``)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.command import CommandPalette

from anonymise import deciding
from anonymise.cleaning import clean
from study.artefacts import Kind
from study.keys import Argon2Cost, KeyClass
from study.recordings import Rescued
from study.steps import Progress
from study.store import Study
from study.terms import Mark, MarkKind, Provenance, Transcript, Turn
from tests.tui.gallery import Picture, walk
from tui.app import Earshot
from tui.background import Finished
from tui.jobs import Work
from tui.preferences import Preferences
from tui.screens.asking import Chosen, Typed
from tui.screens.check.screen import CheckScreen
from tui.screens.cover import Covered, Locked
from tui.screens.dialog import Asked, Told
from tui.screens.help import Help
from tui.screens.home import Home
from tui.screens.interview import InterviewScreen
from tui.screens.replace import ReplaceScreen

Shown = Callable[[Earshot], str]
_DECIDED = ["enter", *"aaax", "escape"]


def _works(app: Earshot) -> None:
    app.jobs.show(Work("transcribe", "x", "P08_i1", Progress(600.0, 2400.0), 1500.0, waiting=2))


def _rests(app: Earshot) -> None:
    app.jobs.show(None)


def _hands_over(app: Earshot) -> None:
    files = [f"/study/handed-over/P07_i1/P07_i1.{ending}" for ending in ("txt", "docx", "qdpx")]
    app.jobs.show(Work("export", "x", "P07_i1"))
    app.post_message(Earshot.Ended(Finished({"result": files})))


def _locks(app: Earshot) -> None:
    app.push_screen(Locked(app.study.admits, {}))


LIST = (
    Picture("home", Home),
    Picture("home-filter", Home, ["slash", *"P08"]),
    Picture("help", Help, ["escape", "question_mark"]),
    Picture("help-end", Help, ["end"]),
    Picture("palette", CommandPalette, ["escape", "ctrl+p", *"tra"]),
    Picture("cover", Covered, ["escape", "ctrl+l"]),
    Picture("lock", Locked, ["enter", _locks]),
    Picture("lock-wrong", Locked, [*"wrong", "enter"]),
    Picture("home-working", Home, [lambda app: app.pop_screen(), _works]),
    Picture("home-leave", Asked, ["q"]),
    Picture("home-stopping", Home, ["n", "s"]),
    Picture("home-handed-over", Told, [_rests, _hands_over]),
    Picture("untranscribed", InterviewScreen, ["escape", "end", "enter"]),
)
REVIEW = (
    Picture("interview", InterviewScreen, ["enter", "a", "x"]),
    Picture("interview-not-yet", InterviewScreen, ["h"]),
    Picture("interview-decided", InterviewScreen, ["a", "a"]),
    Picture("interview-ready", Asked, ["h"]),
    Picture("interview-handed-on", InterviewScreen, ["y"]),
    Picture("interview-typing", InterviewScreen, ["enter", "end", *" Yes."]),
    Picture("change", InterviewScreen, ["escape", *"uuuu", "c"]),
    Picture("interview-list", InterviewScreen, ["escape", "L", "down"]),
    Picture("interview-timeline", InterviewScreen, ["escape", "T", "right"]),
    Picture("interview-selecting", InterviewScreen, ["escape", "home", "right", "v", "right"]),
    Picture("interview-kind", Chosen, ["m"]),
    Picture("interview-speaker", Chosen, ["escape", "escape", "S"]),
    Picture("interview-speaker-scope", Chosen, ["2"]),
    Picture("interview-speaker-code", Typed, ["escape", "S", "3"]),
    Picture("interview-remove", Asked, ["escape", "delete"]),
    Picture("interview-find", Typed, ["n", "slash", *"Tom"]),
    Picture("interview-found", InterviewScreen, ["enter"]),
    Picture("replace", ReplaceScreen, ["R"]),
    Picture("replace-preview", ReplaceScreen, [*"Tom", "enter", *"Tim", "enter", "space"]),
    Picture("help-interview", Help, ["escape", "question_mark"]),
)
CHECK = (
    Picture("check", CheckScreen, [*_DECIDED, "c", "down", "down"]),
    Picture("check-reading", CheckScreen, ["enter"]),
    Picture("check-kind", Chosen, ["escape", "c"]),
    Picture("check-filtered", CheckScreen, ["2"]),
    Picture("check-sample", Typed, ["A", "p"]),
    Picture("check-object", Typed, ["escape", "x", *"she is known"]),
    Picture("check-objected", CheckScreen, ["enter", "space"]),
    Picture("check-original", CheckScreen, ["o", "up"]),
    Picture("check-risk", CheckScreen, ["2"]),
    Picture("check-trail", CheckScreen, ["3", "down"]),
    Picture("check-verified", Told, ["v"]),
    Picture("check-back", Typed, ["escape", "1", "B"]),
    Picture("check-who", Typed, ["escape", "u", "S", *"AO"]),
    Picture("check-role", Typed, ["enter"]),
    Picture("check-sign", Asked, ["enter"]),
    Picture("check-refused", Told, ["y"]),
    Picture("check-signed", Told, ["escape", "k", "u", "S", "enter", "enter", "y"]),
    Picture("check-after", CheckScreen, ["escape"]),
    Picture("help-check", Help, ["question_mark"]),
)
WIDE = (
    Picture("home", Home),
    Picture("interview", InterviewScreen, ["enter", "A"]),
    Picture("interview-list", InterviewScreen, ["L", "down"]),
    Picture("check", CheckScreen, ["escape", *"aax", "escape", "c", "space", "o"]),
    Picture("check-risk", CheckScreen, ["2"]),
    Picture("check-trail", CheckScreen, ["3", "f", "end"]),
)
_SMALL = (
    Picture("small", InterviewScreen, ["enter"]),
    Picture("small-check", CheckScreen, ["H"]),
)
_TOO_SMALL = (
    Picture("too-small", Home),
    Picture("too-small-interview", InterviewScreen, ["enter"]),
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
        Picture("check-undecided", CheckScreen, ["enter", "a", "escape", "c"]),
        Picture("check-nothing-to-sign", Told, ["S"]),
    )
    await walk(Earshot(course), pictures, shown, (80, 24))


async def test_the_officers_screens_read_as_they_should(
    course: Study, shown: Shown, cheap: Argon2Cost
) -> None:
    interview = course.find("P07_i1").id
    deciding.accept_all(course, interview)
    clean(course, interview)
    ids = {summary.id: summary.label for summary in course.summaries()}
    course.add_slot("officer", "checks and counts alone", (KeyClass.CLEAN,), cost=cheap)
    with Study.open(course.folder, "checks and counts alone") as lesser:
        pictures = (
            Picture("officer-home", Home),
            Picture("officer-check", CheckScreen, ["c"]),
            Picture("officer-original", Told, ["o"]),
            Picture("officer-review", InterviewScreen, ["escape", "i"]),
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
        rescued=[Rescued("P07_i1", 754.0)],
        chosen=Preferences(
            {"help": "f1", "home.new": "f9", "home.quit": "f10"},
            problems=("colours is one of dark, light, terminal.",),
        ),
    )
    pictures = (
        Picture("rescued", Told),
        Picture("problems", Told, ["escape"]),
        Picture("home-empty-remapped", Home, ["escape"]),
    )
    await walk(app, pictures, shown, (80, 24))


async def test_somebody_who_is_shown_around_reads_what_comes_next(
    course: Study, shown: Shown
) -> None:
    pictures = (
        Picture("tour-home", Home),
        Picture("tour-interview", InterviewScreen, ["enter"]),
        Picture("tour-check", CheckScreen, [*"aaax", "h", "y", "H"]),
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
        change.put(interview, Kind.RAW, transcript)
    pictures = (
        Picture("events", InterviewScreen, ["end", "enter"]),
        Picture("events-headings", Chosen, ["K"]),
        Picture("events-heading", Typed, ["2"]),
    )
    await walk(Earshot(course), pictures, shown, (80, 24))
