"""A recording for the screens' tests: a session that does as it is told, and no sound at all."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from app import AudioDevices, ClipPlayer, MicrophoneChoice, RecordingControls, ReportLevels
from capture import RecordingPhase, RecordingStatus
from study import ChannelCheck, GuideTopic, Mark, MarkKind, SoundCheck, SoundFormat, TopicGuide
from study.errors import EarshotError

if TYPE_CHECKING:
    from capture import OpenSource, PlayableSound, PushSound
    from study import ShouldStop
    from study.store import Study

GUIDE = TopicGuide("", (
    GuideTopic("How the course began for you", ("Who told you about it?", "What did you expect?")),
    GuideTopic("A day on the course", ("What was hard?", "Who helped?")),
    GuideTopic("What has changed since"),
    GuideTopic("What you would tell somebody who is just starting"),
))  # fmt: skip
GOOD = SoundCheck(5.0, (ChannelCheck(-24.0, -58.0, -9.0, 0.0),), is_good=True, verdict="Good.")
STILL = RecordingStatus(
    RecordingPhase.RECORDING, sound_s=729.4, elapsed_s=741.0, level_dbfs=(-24.0,),
    peak_dbfs=(-12.0,), queue_s=60.0, disk_left_s=6 * 3600.0, keeps_awake=True,
)  # fmt: skip


class Clip:
    """A tenth of a second of nothing."""

    form = SoundFormat(48_000, 1)
    frames = 4_800

    def read(self, first: int, frames: int) -> bytes:
        del first
        return bytes(2 * frames)


class FakeSession:
    """Keeps what was asked of it, and is in whatever moment a test puts it."""

    def __init__(
        self, moment: RecordingStatus = STILL, *, guide: TopicGuide | None = GUIDE
    ) -> None:
        self.now = moment
        self.guide = guide
        self.told: list[str] = []
        self.failure: EarshotError | None = None

    def start(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.told.append("start")

    def read_status(self) -> RecordingStatus:
        return self.now

    def pause(self) -> None:
        self._be("pause", RecordingPhase.PAUSED)

    def resume(self) -> None:
        self._be("resume", RecordingPhase.RECORDING)

    def go_off_record(self) -> None:
        self._be("off_record", RecordingPhase.OFF_RECORD)

    def mark_distress(self, note: str = "") -> None:
        self._be(f"distress {note}".strip(), RecordingPhase.PAUSED)

    def mark_consent(self, kind: MarkKind, code: str = "", *, place: int | None = None) -> None:
        who = f" of {code}" if code else ""
        self.told.append(f"consent {kind}{who}" + ("" if place is None else f" at {place}"))
        self.now = replace(self.now, last_mark=Mark(751.2, kind))

    def set_marker(self, note: str = "", *, place: int | None = None) -> int:
        self.told.append(f"marker {note}".strip() + ("" if place is None else f" at {place}"))
        self.now = replace(self.now, last_mark=Mark(751.2, MarkKind.MARKER, note))
        return 7

    def begin_topic(self, number: int) -> None:
        self.told.append(f"topic {number}")
        asked = self.now.asked if number in self.now.asked else (*self.now.asked, number)
        self.now = replace(self.now, topic=number, asked=asked)

    def note_speaker(self, code: str) -> None:
        self.told.append(f"speaker {code}")
        self.now = replace(self.now, speaker=code)

    def stop(self) -> RecordingStatus:
        self.told.append("stop")
        self.now = replace(self.now, doing=RecordingPhase.ENDED)
        if self.failure is not None:
            raise self.failure
        return self.now

    def _be(self, told: str, doing: RecordingPhase) -> None:
        self.told.append(told)
        levels = STILL.level_dbfs if doing is RecordingPhase.RECORDING else ()
        self.now = replace(self.now, doing=doing, level_dbfs=levels, peak_dbfs=levels)


class FakePlayer:
    """Plays nothing, for as long as a test likes."""

    def __init__(self) -> None:
        self.is_playing = False
        self.told: list[str] = []

    def play(self) -> None:
        self.is_playing = True
        self.told.append("play")

    def close(self) -> None:
        self.is_playing = False
        self.told.append("close")


class FakeSound(AudioDevices):
    """A microphone or two; ``check`` waits until ``may_finish`` is set or it is stopped."""

    def __init__(self, session: FakeSession | None = None) -> None:
        self.made = session or FakeSession()
        self.found = [
            MicrophoneChoice("Laptop", 2, is_default=True),
            MicrophoneChoice("USB microphone", 1, is_default=False),
        ]
        self.error: EarshotError | None = None
        self.verdict = GOOD
        self.opened: list[tuple[str, int]] = []
        self.players: list[FakePlayer] = []
        self.may_finish = threading.Event()
        self.may_finish.set()

    def list_microphones(self) -> list[MicrophoneChoice]:
        if self.error is not None:
            raise self.error
        return self.found

    def make_opener(self, name: str, channels: int) -> OpenSource:
        self.opened.append((name, channels))

        def never_opened() -> object:
            raise AssertionError

        return never_opened  # type: ignore[return-value]

    def check_sound(
        self, opener: OpenSource, *, stop: ShouldStop, report: ReportLevels
    ) -> tuple[SoundCheck, PlayableSound]:
        del opener
        report(0.1, (-20.0,))
        while not stop() and not self.may_finish.wait(0.01):
            pass
        if self.error is not None:
            raise self.error
        return self.verdict, Clip()

    def make_clip_player(self, clip: PlayableSound) -> ClipPlayer:
        del clip
        self.players.append(FakePlayer())
        return self.players[-1]

    def make_recording(
        self, study: Study, interview: str, opener: OpenSource, guide: TopicGuide | None
    ) -> RecordingControls:
        del study, interview, opener
        self.made.guide = guide
        return self.made


class Humming:
    """A source that hums until it is stopped."""

    form = SoundFormat(8_000, 1)
    overflows = 0

    def __init__(self) -> None:
        self.is_alive = True
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._hum, daemon=True)
        self._push: PushSound = lambda _: None

    def listens_to(self) -> str:
        return "Humming"

    def start(self, push: PushSound) -> None:
        self._push = push
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self.is_alive = False

    def _hum(self) -> None:
        while not self._ended.wait(0.02):
            self._push(b"\x00\x10\x00\xf0" * 80)  # 0.02 s of 4 kHz at -18 dBFS


class HummingSound(FakeSound):
    """A real session on such a source."""

    def make_recording(
        self, study: Study, interview: str, opener: OpenSource, guide: TopicGuide | None
    ) -> RecordingControls:
        from capture import RecordingSession as Real

        del opener
        return Real(study.interview(interview), Humming, guide=guide)
