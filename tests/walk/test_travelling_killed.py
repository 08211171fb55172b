"""Sending, receiving, lending and taking back are killed: nothing is half taken in, nothing lost.

Each step is killed with SIGKILL at random moments of its course, and then done once more, as a
person does. Five kills of each in the suite; sixty with EARSHOT_THOROUGH=1.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import destroy_moved, receive_parcel, take_back_loan
from study import DestructionState, ParcelKind, StudyCard
from study.errors import ReceiptRefused
from study.store import (
    Study,
    TranscriptEditor,
    TurnSide,
    end_loan,
    finish_destructions,
    list_loans,
    rescue_recordings,
    send_interviews,
    send_receipt,
    take_in_receipt,
    verify_study,
)
from tests.study.travelling import PASSPHRASE, bring_in, places

KILLS = 60 if os.environ.get("EARSHOT_THOROUGH") else 5
SECONDS = 40  # of sound
Step = Callable[[Study, Path], object]


@dataclass(frozen=True)
class Course:
    """Where two studies and their stick stand before a step. made: the interview's id."""

    folder: Path
    made: str
    office: StudyCard
    laptop: StudyCard


def open_study(folder: Path) -> Study:
    """Open a study, and finish what was cut off, as every verb does."""
    study = Study.open(folder, PASSPHRASE)
    finish_destructions(study)
    rescue_recordings(study)
    return study


def run_in_child(folder: Path, name: str, step: Step) -> int:
    """Let another process do a step with the study of that name; returns its id."""
    child = os.fork()
    if child:
        return child
    try:
        with open_study(folder / name) as study:
            step(study, folder / "stick")
    finally:
        os._exit(0)


def measure(course: Course, name: str, step: Step, number: int) -> float:
    """Return how long the step takes on a copy of the course, in seconds."""
    copy = course.folder.with_name(f"measured-{number}")
    shutil.copytree(course.folder, copy)
    start_s = time.monotonic()
    os.waitpid(run_in_child(copy, name, step), 0)
    return time.monotonic() - start_s


def kill_at_random(course: Course, name: str, step: Step) -> Iterator[Path]:
    """Yield copies of the course, in each of which the step was killed at a random moment."""
    dice = random.Random(22)  # noqa: S311 - repeatable dice are wanted
    whole_s = min(measure(course, name, step, number) for number in range(3))  # first ones are slow
    killed = 0
    for number in range(KILLS):
        copy = course.folder.with_name(f"killed-{number}")
        shutil.copytree(course.folder, copy)
        child = run_in_child(copy, name, step)
        time.sleep(whole_s * (0.1 + 0.8 * dice.random()))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        yield copy
        shutil.rmtree(copy)
    assert killed


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = tmp_path / "course"
    (folder / "stick").mkdir(parents=True)
    with places(folder, "office", "laptop") as at:
        office, laptop = at["office"], at["laptop"]
        made = bring_in(office.study, "P07_i1", seconds=SECONDS, is_decided=False)
        return Course(folder, made, office.card, laptop.card)


def prepare(course: Course, name: str, *steps: Step) -> None:
    """Do steps with the study of that name before the one that is killed."""
    with open_study(course.folder / name) as study:
        for step in steps:
            step(study, course.folder / "stick")


def read_turn(study: Study) -> str:
    """Return the words of the second turn."""
    source = study.interview("P07_i1").read_transcript()
    assert source is not None
    return source.transcript.turns[1].text


def lend(course: Course) -> Step:
    def do(study: Study, stick: Path) -> None:
        lent = [study.interview(course.made)]
        send_interviews(study, lent, course.laptop, stick / "lent", kind=ParcelKind.LENT)

    return do


def move(course: Course) -> Step:
    def do(study: Study, stick: Path) -> None:
        moved = [study.interview(course.made)]
        send_interviews(study, moved, course.laptop, stick / "moved", kind=ParcelKind.MOVED)

    return do


def receive(name: str) -> Step:
    return lambda study, stick: receive_parcel(study, stick / name)


def receive_with_receipt(study: Study, stick: Path) -> None:
    send_receipt(study, receive_parcel(study, stick / "moved").note, stick / "receipt")


def settle(study: Study, stick: Path) -> None:
    destroy_moved(study, take_in_receipt(study, stick / "receipt")[0])


def work_and_send_back(course: Course) -> Step:
    def do(study: Study, stick: Path) -> None:
        one = study.interview(course.made)
        TranscriptEditor(one).set_text(2, "Changed on the laptop.")
        send_interviews(study, [one], course.office, stick / "back")

    return do


def send_back(course: Course) -> Step:
    def do(study: Study, stick: Path) -> None:
        send_interviews(study, [study.interview(course.made)], course.office, stick / "back")

    return do


def take_back(study: Study, stick: Path) -> None:
    take_back_loan(study, stick / "back", lambda _: TurnSide.THERE)


def list_left(folder: Path) -> list[str]:
    """What lies in a folder under a name that no person sees."""
    return sorted(path.name for path in folder.rglob(".*"))


@pytest.mark.slow
def test_a_move_killed_at_random_moments_is_there_or_not_and_once_more_is_there(
    course: Course,
) -> None:
    for copy in kill_at_random(course, "office", move(course)):
        with open_study(copy / "office") as office:
            assert verify_study(office) == []
            if not (copy / "stick" / "moved").exists():
                move(course)(office, copy / "stick")
        assert list_left(copy / "stick") == []
        with open_study(copy / "laptop") as laptop:
            receive_with_receipt(laptop, copy / "stick")
            assert verify_study(laptop) == []
        with open_study(copy / "office") as office:
            settle(office, copy / "stick")  # whatever has its name is known here
            assert office.summaries() == []
            assert verify_study(office) == []


@pytest.mark.slow
def test_a_receipt_killed_at_random_moments_is_had_again_and_all_is_in_one_place(
    course: Course,
) -> None:
    prepare(course, "office", move(course))
    for copy in kill_at_random(course, "laptop", receive_with_receipt):
        with open_study(copy / "laptop") as laptop:
            assert verify_study(laptop) == []
            assert len(laptop.summaries()) in {0, 1}
            if not (copy / "stick" / "receipt").exists():
                receive_with_receipt(laptop, copy / "stick")
            sound = laptop.interview(course.made).open_sound()
            assert sound is not None
            with sound:
                assert sound.frames == SECONDS * 8000
            assert verify_study(laptop) == []
        assert list_left(copy / "stick") == list_left(copy / "laptop" / "audio") == []
        with open_study(copy / "office") as office:
            settle(office, copy / "stick")
            assert office.summaries() == []


@pytest.mark.slow
def test_settling_a_receipt_that_is_killed_destroys_nothing_or_all_at_the_next_call(
    course: Course,
) -> None:
    prepare(course, "office", move(course))
    prepare(course, "laptop", receive_with_receipt)
    for copy in kill_at_random(course, "office", settle):
        with open_study(copy / "office") as office:
            assert verify_study(office) == []
            settle(office, copy / "stick")
            assert office.summaries() == []
            assert list((office.folder / "audio").rglob("*.sealed")) == []
            assert verify_study(office) == []


@pytest.mark.slow
def test_a_loan_killed_at_random_moments_goes_out_once_and_comes_back(course: Course) -> None:
    for copy in kill_at_random(course, "office", lend(course)):
        with open_study(copy / "office") as office:
            assert verify_study(office) == []
            if not (copy / "stick" / "lent").exists():
                lend(course)(office, copy / "stick")
            assert [one.label for one in list_loans(office)] == ["P07_i1"]
        with open_study(copy / "laptop") as laptop:
            receive("lent")(laptop, copy / "stick")
            work_and_send_back(course)(laptop, copy / "stick")
        with open_study(copy / "office") as office:
            take_back(office, copy / "stick")
            assert read_turn(office) == "Changed on the laptop."
            assert list_loans(office) == verify_study(office) == []


@pytest.mark.slow
def test_sending_back_killed_at_random_moments_goes_once_more(course: Course) -> None:
    prepare(course, "office", lend(course))
    prepare(course, "laptop", receive("lent"))
    for copy in kill_at_random(course, "laptop", work_and_send_back(course)):
        with open_study(copy / "laptop") as laptop:
            assert verify_study(laptop) == []
            if not (copy / "stick" / "back").exists():
                work_and_send_back(course)(laptop, copy / "stick")
        with open_study(copy / "office") as office:
            take_back(office, copy / "stick")
            assert read_turn(office) == "Changed on the laptop."
            assert verify_study(office) == []


@pytest.mark.slow
@pytest.mark.parametrize("is_changed_here", [False, True])
def test_taking_back_killed_at_random_moments_takes_all_or_nothing(
    course: Course, *, is_changed_here: bool
) -> None:
    def change(study: Study, _: Path) -> None:
        end_loan(study, study.interview(course.made))
        TranscriptEditor(study.interview(course.made)).set_text(2, "Changed here.")

    prepare(course, "office", lend(course), *([change] if is_changed_here else []))
    prepare(course, "laptop", receive("lent"), work_and_send_back(course))
    before = "Changed here." if is_changed_here else "Yes, my sister."
    for copy in kill_at_random(course, "office", take_back):
        with open_study(copy / "office") as office:
            assert verify_study(office) == []
            is_back = read_turn(office) == "Changed on the laptop."
            if not is_changed_here:
                assert [one.label for one in list_loans(office)] == [] if is_back else ["P07_i1"]
            assert is_back or read_turn(office) == before
            take_back(office, copy / "stick")
            assert read_turn(office) == "Changed on the laptop."
            assert list_left(office.folder / "audio") == []
            assert list_loans(office) == verify_study(office) == []


def die(*_: object) -> None:
    """End as by kill -9."""
    os._exit(9)


def die_before_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("study.store.disk.give_free_name", die)


@pytest.mark.parametrize("kind", [ParcelKind.MOVED, ParcelKind.LENT])
def test_a_parcel_whose_sender_died_before_it_had_its_name_gets_it_at_the_next_call(
    course: Course, kind: ParcelKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = course.folder / "stick"
    step = move(course) if kind is ParcelKind.MOVED else lend(course)
    name = "moved" if kind is ParcelKind.MOVED else "lent"
    with monkeypatch.context() as dying:
        die_before_it_is_named(dying)
        os.waitpid(run_in_child(course.folder, "office", step), 0)
    assert not (stick / name).exists()
    (stick / ".earshot-of-another-study").mkdir()

    prepare(course, "office", step)

    assert list_left(stick) == [".earshot-of-another-study"]
    with open_study(course.folder / "office") as office:
        assert verify_study(office) == []
        assert bool(list_loans(office)) is (kind is ParcelKind.LENT)
    prepare(course, "laptop", receive(name))


def test_a_parcel_that_has_its_name_when_its_sender_dies_is_known_to_them(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was named before it was noted: a loan went out that was none here."""

    def name_and_die(staged: Path, path: Path) -> None:
        staged.rename(path)
        os._exit(9)

    with monkeypatch.context() as dying:
        dying.setattr("study.store.disk.give_free_name", name_and_die)
        os.waitpid(run_in_child(course.folder, "office", lend(course)), 0)

    assert (course.folder / "stick" / "lent").exists()
    with open_study(course.folder / "office") as office:
        assert [one.to for one in list_loans(office)] == ["laptop"]
        assert verify_study(office) == []


def test_a_moved_parcel_without_a_name_is_written_anew_where_the_interview_was_changed(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(study: Study, _: Path) -> None:
        TranscriptEditor(study.interview(course.made)).set_text(2, "Changed since.")

    with monkeypatch.context() as dying:
        die_before_it_is_named(dying)
        os.waitpid(run_in_child(course.folder, "office", move(course)), 0)

    prepare(course, "office", change, move(course))
    prepare(course, "laptop", receive_with_receipt)
    prepare(course, "office", settle)

    with open_study(course.folder / "laptop") as laptop:
        assert read_turn(laptop) == "Changed since."
    with open_study(course.folder / "office") as office:
        assert office.summaries() == []


def test_who_died_between_asking_and_confirming_confirms_at_the_next_call(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were told that somebody else confirms it, in a study that has nobody else."""
    prepare(course, "office", move(course))
    prepare(course, "laptop", receive_with_receipt)
    with monkeypatch.context() as dying:
        dying.setattr("app.retention.confirm_destruction", die)
        os.waitpid(run_in_child(course.folder, "office", settle), 0)

    with open_study(course.folder / "office") as office:
        sent, _ = take_in_receipt(office, course.folder / "stick" / "receipt")
        done = destroy_moved(office, sent)
        assert done is not None
        assert done.state is DestructionState.ENDED
        assert office.summaries() == []


def test_a_receipt_for_another_study_or_of_another_parcel_destroys_nothing(
    course: Course,
) -> None:
    prepare(course, "office", move(course))
    prepare(course, "laptop", receive("moved"))

    def lie(study: Study, stick: Path) -> None:
        note = receive_parcel(study, stick / "moved").note
        forged = type(note)(
            "0" * 32, note.kind, note.study, note.by, note.at, note.sha256, note.interviews
        )
        send_receipt(study, forged, stick / "forged")

    prepare(course, "laptop", lie)
    with open_study(course.folder / "office") as office:
        with pytest.raises(ReceiptRefused, match="belongs to no parcel"):
            take_in_receipt(office, course.folder / "stick" / "forged")
        assert len(office.summaries()) == 1
        assert verify_study(office) == []
