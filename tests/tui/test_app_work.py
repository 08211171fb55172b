"""Transcribing, anonymising and handing over from the screens, in the background."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from anonymise import accept_all_mentions, write_clean_transcript
from app import JobFinished, ProcessorSample
from handoff import sign_transcript
from study import InterviewSummary
from study.store import Study
from tests.following import key_told
from tests.keys import key_of
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import TextPrompt

Verb = Callable[[str], tuple[str, ...]]
Shown = Callable[[Earshot], str]

_ENDLESS = """
    tell(event="progress", done=1.0, total=4.0, what="window 1")
    import signal
    signal.pause()
"""


async def _until(pilot: Pilot[None], reached: Callable[[], bool]) -> None:
    for _ in range(500):
        if reached():
            return
        await pilot.pause(0.02)
    raise AssertionError("not reached within ten seconds")


@pytest.mark.parametrize("where", ["home", "interview"])
async def test_a_key_begins_a_verb_on_the_chosen_interview(
    where: str, course: Study, verb: Verb, shown: Shown
) -> None:
    program = verb("""
        from study.store import Keyring
        slot = Keyring.from_bytes(keys).slot
        tell(event="error", message=f"{argv[0]} of {argv[2]} with slot {slot}")
        sys.exit(1)
    """)
    wanted = {"t": "transcribe", "M": "anonymise"}  # e asks, see test_signed_off_asks
    app = Earshot(course, program=program)
    async with app.run_test() as pilot:
        if where == "interview":
            await pilot.press("enter")
        for key, name in wanted.items():
            await pilot.press(key)
            await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
            await pilot.pause()

            assert f"{name} of {course.find_interview('P07_i1').id} with slot 1" in shown(app)
            await pilot.press("escape")


@pytest.mark.parametrize("where", ["home", "interview"])
async def test_progress_is_shown_and_s_stops_it(
    where: str, course: Study, verb: Verb, shown: Shown
) -> None:
    app = Earshot(course, program=verb(_ENDLESS))
    async with app.run_test() as pilot:
        if where == "interview":
            await pilot.press("enter")
        await pilot.press("t")
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.pause()
        working = shown(app)
        await pilot.press("s")
        await pilot.pause()
        stopping = app.work is None or app.work.is_stopping
        await _until(pilot, lambda: app.work is None)
        await pilot.pause()
        after = shown(app)

    assert "Transcribing P07_i1" in working
    assert "It is being transcribed" in working
    assert "progress is shown below." in working
    assert "It is being transcribed" not in after
    assert "25%" in working
    assert "s stops it" in working
    assert "…" not in working.splitlines()[-1]
    assert stopping
    assert "Transcribing" not in after
    assert "s Stop" not in after


async def test_the_time_left_is_told(course: Study, verb: Verb, shown: Shown) -> None:
    program = verb("""
        import pathlib, signal, time
        tell(event="progress", done=0.0, total=100.0)
        while not (pathlib.Path(argv[1]).parent / "a minute later").exists():
            time.sleep(0.01)
        tell(event="progress", done=10.0, total=100.0)
        signal.pause()
    """)
    now_s = [0.0]
    app = Earshot(course, program=program, clock=lambda: now_s[0])
    async with app.run_test() as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        now_s[0] = 60.0
        (course.folder.parent / "a minute later").touch()
        await _until(pilot, lambda: bool(app.work and app.work.left_s))
        await pilot.pause()
        text = shown(app)
        await pilot.press("s")
        await _until(pilot, lambda: app.work is None)

    assert "10%  9 min left" in text


async def test_one_piece_of_work_runs_at_a_time(course: Study, verb: Verb, shown: Shown) -> None:
    app = Earshot(course, program=verb(_ENDLESS))
    async with app.run_test() as pilot:
        await pilot.press("t", key_of("home.anonymise"))
        await pilot.pause()
        text = shown(app)
        await pilot.press("escape", "s")
        await _until(pilot, lambda: app.work is None)

    assert "Another task is still running" in text


async def test_what_the_work_did_is_seen_when_it_ends(
    course: Study, verb: Verb, shown: Shown
) -> None:
    program = verb("""
        from pathlib import Path
        from study import ArtefactKind, Provenance, Transcript, Turn
        from study.store import Keyring, Study
        with Study.open_with_keys(Path(argv[1]), Keyring.from_bytes(keys)) as study:
            turn = Turn(1, "P09", 0.0, 2.0, "I said very little.")
            with study.interview(argv[2]).change("transcribed") as change:
                change.write_artefact(
                    ArtefactKind.RAW, Transcript((turn,), Provenance("test", "test"))
                )
        tell(event="done", result={})
    """)
    app = Earshot(course, program=program)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter")
        await pilot.pause()
        before = shown(app)
        await pilot.press("t")
        await _until(pilot, lambda: "very little" in shown(app))
        await pilot.press("escape")
        await pilot.pause()

        assert "P09_i1   · empty" in before
        assert shown(app).count("◑ transcribed") == 2


async def test_an_export_tells_the_folder(course: Study, verb: Verb, shown: Shown) -> None:
    program = verb(r"""
        tell(event="done", result=[f"/a [red]folder\x1b/P07.{kind}" for kind in ("txt", "vtt")])
    """)
    _sign(course)
    app = Earshot(course, program=program)
    async with app.run_test() as pilot:
        await pilot.press("e", "enter", "y")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.pause()

        assert "/a [red]folder␛" in shown(app)
        assert "P07.vtt" in shown(app)


@pytest.mark.parametrize(
    "way", [[], ["enter"], [key_of("home.check")]], ids=["list", "review", "check"]
)
async def test_nothing_leaves_before_it_was_asked_for_whom_and_into_which_folder(
    way: list[str], course: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sign(course)
    (course.folder / "handed-over" / "P07_i1").mkdir(parents=True)
    monkeypatch.chdir(course.folder.parent)
    begun: list[tuple[str, str]] = []

    def begin(_: Earshot, verb: str, summary: InterviewSummary, *, to_whom: str = "") -> None:
        begun.append((f"{verb} {summary.label}", to_whom))

    monkeypatch.setattr(Earshot, "begin_work", begin)
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*way)
        # A word that was meant for a dialog which has closed meanwhile, and then its Enter.
        await pilot.press(*"everybody", "enter", *"eh", "enter")
        await pilot.pause()
        asked = shown(app)
        assert isinstance(app.screen, QuestionDialog)
        await pilot.press("escape", "e", "escape")
        await pilot.pause()
        assert not isinstance(app.screen, TextPrompt | QuestionDialog)
        assert not begun

        await pilot.press("e", *"Dr Reed", "enter")
        await pilot.pause()
        named = shown(app)
        await pilot.press("y")
        await pilot.pause()

    assert begun == [("export P07_i1", "Dr Reed")]
    assert "Hand P07_i1 over, for verybody?" in asked
    assert "course/handed-over/P07_i1-2, as txt," in asked
    assert "--format NAME" in asked
    assert "not encrypted." in asked
    assert "for Dr Reed?" in named


@pytest.mark.parametrize(
    ("way", "key"),
    [
        ([], "home.open"),
        (["enter"], "interview.next_undecided"),
        ([key_of("home.check")], "check.review"),
    ],
    ids=["list", "review", "check"],
)
async def test_what_is_not_signed_says_so_at_once_with_the_key_that_goes_on(
    way: list[str], key: str, course: Study, shown: Shown
) -> None:
    """It began work, which said a while later that nobody had signed."""
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*way, "e")
        await pilot.pause()
        assert isinstance(app.screen, MessageDialog)
        assert app.work is None
        told = " ".join(shown(app).replace("│", " ").split())

    assert key_told(key) in told.partition("P07_i1 is not signed off. ")[2]


async def test_who_receives_it_is_told_to_the_verb_whatever_the_name_begins_with(
    course: Study, verb: Verb, shown: Shown
) -> None:
    _sign(course)
    program = verb("""
        tell(event="error", message="Asked for: " + " ".join(argv[3:]), exit_code=1)
        sys.exit(1)
    """)
    app = Earshot(course, program=program)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("e", *"--to Dr Reed", "enter", "y")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.pause()

        assert "Asked for: --json --for=--to Dr Reed" in shown(app)


def _sign(course: Study) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    sign_transcript(interview)


async def test_a_refused_export_says_why(course: Study, verb: Verb, shown: Shown) -> None:
    program = verb("""
        tell(event="error", message="Nothing was handed over: 4 mentions are undecided.",
             advice="In the shell.", exit_code=110)
        sys.exit(110)
    """)
    _sign(course)
    app = Earshot(course, program=program)
    async with app.run_test() as pilot:
        await pilot.press("e", "enter", "y")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.pause()

        assert "4 mentions are undecided" in shown(app)
        assert "Decide in the review" in shown(app)
        assert "In the shell." not in shown(app)


async def test_leaving_while_work_runs_asks_first_and_leaves_no_child_behind(
    course: Study, verb: Verb
) -> None:
    app = Earshot(course, program=verb(_ENDLESS))
    async with app.run_test() as pilot:
        await pilot.press("t", "q")
        await pilot.pause()
        assert isinstance(app.screen, QuestionDialog)
        await pilot.press("n")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("question_mark", "ctrl+q", "ctrl+q")
        await pilot.pause()
        await pilot.press("y")
        app.stop_everything()

    assert app.return_code == 0


async def test_work_that_ends_while_the_screens_are_taken_down_is_no_fault(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await app.screen.remove_children()
        app.post_message(Earshot.WorkEnded(JobFinished()))
        await pilot.pause()


async def test_a_busy_computer_is_named_as_the_reason_why_work_stands_still(
    course: Study, verb: Verb, shown: Shown
) -> None:
    app = Earshot(course, program=verb(_ENDLESS))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.pause()
        began = shown(app)
        for at_s in (0.0, 5.0, 30.0):  # a tenth of one processor of two, and none is idle
            app.jobs.judge_computer(ProcessorSample(at_s, 0.1 * at_s, 0.0, 2))
        await pilot.pause()
        starved = shown(app)
        for at_s in (40.0, 60.0, 70.0):
            app.jobs.judge_computer(ProcessorSample(at_s, at_s, 0.0, 2))
        await pilot.pause()
        freed = shown(app)
        sample = app.jobs.take_processor_sample()
        app.stop_everything()

    assert "busy" not in began
    assert "This computer is busy with other programs" in starved
    assert "s stops it" in starved
    assert "busy" not in freed
    assert sample is not None
    assert sample.own_s > 0


async def test_handing_on_searches_first_what_nobody_has_searched(
    course: Study, verb: Verb, shown: Shown
) -> None:
    """It asked, and refused after the yes: nobody had searched for names yet."""
    app = Earshot(course, program=verb(_ENDLESS))
    async with app.run_test() as pilot:
        await pilot.press("down", "enter", key_of("interview.ready"))
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.pause()

        assert "It is searched first, then it goes to the data officer." in shown(app)
        assert app.work is not None
        assert app.work.verb == "anonymise"
        assert not isinstance(app.screen, QuestionDialog)
    app.stop_everything()
