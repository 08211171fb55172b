"""Whatever happens in whatever order: what is read back is what was to be kept, all of it in order.

The writing thread runs beside it and blocks of every length come, so that each law is tried with
much of the queue taken and little.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.recorder import Recorder
from study import InterviewDetails, Mark, MarkKind, SoundFormat, order_events
from study.store import Argon2Cost, Study, verify_study
from tests.capture.fed import RATE, Clock, kept, noise

CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
PAUSES = [MarkKind.PAUSED, MarkKind.OFF_RECORD, MarkKind.DISTRESS]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("sound"), st.integers(1, RATE)),
        st.tuples(st.just("mark"), st.sampled_from([MarkKind.MARKER, MarkKind.TOPIC])),
        st.tuples(st.just("pause"), st.sampled_from(PAUSES)),
        st.tuples(st.just("resume"), st.integers(0, 30)),
        st.tuples(st.just("unplug"), st.integers(0, 30)),
        st.tuples(st.just("plug"), st.none()),
        st.tuples(st.just("nothing"), st.integers(1, 30)),
    ),
    min_size=6,
    max_size=40,
)


@dataclass
class Interview:
    """Does to a recorder what may happen, and says beside it what must come of it."""

    recorder: Recorder
    clock: Clock
    pcm: bytes = b""
    marks: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    pushed: int = 0
    passed: int = 0
    away_s: float = 0.0
    last_s: float = 0.0
    resumed_s: float = 0.0
    is_aside: bool = False
    is_gone: bool = False

    def __post_init__(self) -> None:
        self.push = self.recorder.intake.open_push()
        self.last_s = self.clock()

    def sound(self, frames: int) -> None:
        block = noise(frames, seed=self.pushed)
        before = self.recorder.intake.dropped
        self.clock.now_s += frames / RATE
        if self.is_gone:
            self.away_s += 0 if self.is_aside else frames / RATE
            return
        self.push(block)
        self.last_s = self.clock()
        self.pushed += frames
        self.passed += frames if self.is_aside else 0
        is_kept = not self.is_aside and self.recorder.intake.dropped == before
        self.pcm += block if is_kept else b""

    def mark(self, kind: MarkKind) -> None:
        self.recorder.intake.mark(kind)
        self.marks.append((kind, len(self.pcm) // 2))

    def pause(self, kind: MarkKind) -> None:
        if not self.is_aside:
            self.recorder.intake.set_aside(kind)
            self.marks.append((kind, len(self.pcm) // 2))
            self.is_aside = True

    def resume(self, tenths: int) -> None:
        """End a pause whose last moments the source did not give."""
        if self.is_aside:
            self.clock.now_s += tenths / 10
            self.resumed_s = self.clock()
            self.recorder.intake.resume()
            self.is_aside = False

    def unplug(self, tenths: int) -> None:
        """Lose the source, which has given nothing for some time when that is noticed."""
        if not self.is_gone:
            self.clock.now_s += tenths / 10
            silent_s = self.clock() - max(self.last_s, self.resumed_s)
            self.away_s += 0 if self.is_aside else silent_s
            self.recorder.intake.cut_source(self.last_s, "gone")
            self.is_gone = True

    def plug(self, _: None) -> None:
        if self.is_gone:
            self.push = self.recorder.intake.open_push()
            self.is_gone = False
            self.sound(80)  # it is back when it gives its first

    def nothing(self, tenths: int) -> None:
        """Let time pass; a source that is there gives all its sound nonetheless."""
        self.sound(tenths * RATE // 10)

    def do(self, name: str, what: object) -> None:
        act: Callable[[object], None] = getattr(self, name)
        act(what)


def lived(given: list[tuple[str, object]], queue_s: float, folder: Path) -> None:
    """Live through these steps, and check that every law holds afterwards."""
    with Study.create(folder / "s", "a long passphrase", cost=CHEAP)[0] as study:
        with study.change("added") as change:
            interview = change.add_interview(InterviewDetails("P01"))
        clock = Clock()
        recorder = Recorder(
            study.interview(interview), SoundFormat(RATE, 1), clock, queue_s=queue_s
        )
        recorder.begin()
        told, began_s = Interview(recorder, clock), clock()
        for step in given:
            told.do(*step)
        recorder.end(clock())

        pcm, marks = kept(study, interview)
        made = order_events(marks)
        tally = recorder.read_tally()
        assert pcm == told.pcm
        assert [placed(one) for one in made if one.kind in {k for k, _ in told.marks}] == told.marks
        assert tally.sealed + tally.passed + recorder.intake.dropped == told.pushed
        assert tally.passed == told.passed
        assert length(made, MarkKind.LOST) == pytest.approx(recorder.intake.dropped / RATE)
        assert length(made, MarkKind.GAP) == pytest.approx(told.away_s) == tally.missing_s
        absent_s = sum(length(made, kind) for kind in (*PAUSES, MarkKind.GAP, MarkKind.LOST))
        assert tally.sealed / RATE + absent_s == pytest.approx(clock() - began_s, abs=0.05)
        assert verify_study(study) == []


def placed(mark: Mark) -> tuple[str, int]:
    return mark.kind, round(mark.at_s * RATE)


def length(made: tuple[Mark, ...], kind: MarkKind) -> float:
    return sum(mark.length_s for mark in made if mark.kind == kind)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(steps, st.sampled_from([0.5, 60.0]))
def test_all_that_was_to_be_kept_is_there_and_all_else_is_accounted_for(
    given: list[tuple[str, object]], queue_s: float
) -> None:
    with TemporaryDirectory() as folder:
        lived(given, queue_s, Path(folder))
