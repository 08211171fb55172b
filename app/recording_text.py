"""Words and signs for the status of an ongoing recording.

Every phase has a sign of its own shape and a word, so that it is recognised without colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.labels import format_duration
from capture import RecordingPhase, RecordingStatus
from study import Mark, MarkKind, format_clock, sanitise_text

LEAST_DISK_S = 1_800.0  # half an hour: time enough to free some, or to end well
_VERY_LONG_S = 48 * 3600.0  # more than anybody talks: the exact number would say nothing
_DIGITAL_ZERO_DBFS = -95.0
_STILL_S = 5.0  # ten times as long as a healthy recorder takes to write a chunk
_QUIET_DBFS = -45.0  # speech at arm's length from a laptop lies around -40 to -20
_LOUD_PEAK_DBFS = -1.0  # the next laugh is clipped


@dataclass(frozen=True, slots=True)
class StatusBanner:
    """The sign and word that can be read from two metres, and their look."""

    word: str
    look: str  # a colour of the theme by name, for those who see it


_BANNERS = {
    RecordingPhase.STARTING: StatusBanner("◌ STARTING", "quiet"),
    RecordingPhase.RECORDING: StatusBanner("● RECORDING", "live"),
    RecordingPhase.PAUSED: StatusBanner("‖ PAUSED", "open"),
    RecordingPhase.OFF_RECORD: StatusBanner("◌ OFF THE RECORD", "open"),
    RecordingPhase.RECONNECTING: StatusBanner("! NOT RECORDING", "wrong"),
    RecordingPhase.ENDED: StatusBanner("! NOT RECORDING", "wrong"),
}


SEALING = StatusBanner("■ SEALING", "quiet")


def choose_banner(status: RecordingStatus) -> StatusBanner:
    """Return the sign and words for the phase of a recording."""
    return _BANNERS[status.doing]


def describe_kept_sound(status: RecordingStatus) -> str:
    """Say how much sound is safe in the study."""
    return f"{format_elapsed(status.before_s + status.sound_s)} of sound are safe in the study."


def format_elapsed(seconds: float) -> str:
    """Write a time that counts up, without a leading nought: ``0:12:09``."""
    return format_clock(seconds).removeprefix("0")


def describe_disk(status: RecordingStatus) -> str:
    """Say how much more recording fits on the disk, with a sign where that is little."""
    if status.disk_left_s >= _VERY_LONG_S:
        return "over 2 days of disk left"
    sign = "! " if status.disk_left_s < LEAST_DISK_S else ""
    return f"{sign}{format_duration(status.disk_left_s)} of disk left"


def describe_losses(status: RecordingStatus) -> str:
    """Say how much sound was lost so far; "" for none."""
    lost = [
        f"{format_duration(seconds)} {where}"
        for seconds, where in (
            (status.missing_s, "in gaps"),
            (status.dropped_s, "to a slow disk"),
        )
        if seconds > 0
    ]
    return f"! Lost so far: {', '.join(lost)}" if lost else ""


class StandstillWatch:
    """Notices that no more sound reaches the disk, though the recording claims to go on.

    The recorder watches itself; this checks it by the length on the disk alone.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._kept_s, self._since = -1.0, now()

    def check_progress(self, status: RecordingStatus) -> str:
        """Return a sentence once no sound was kept for too long; else ""."""
        if status.sound_s != self._kept_s or status.doing is not RecordingPhase.RECORDING:
            self._kept_s, self._since = status.sound_s, self._now()
        still_s = self._now() - self._since
        if still_s < _STILL_S:
            return ""
        return f"Nothing new was kept for {format_duration(still_s)}: stop, and start again."


_HAPPENED = {
    MarkKind.MARKER: "Marker",
    MarkKind.DISTRESS: "Pause for the participant",  # who may read the screen
    MarkKind.AFFIRMED: "Agreed again",
    MarkKind.ASSENT: "Assent",
    MarkKind.DISSENT: "Dissent",
    MarkKind.PAUSED: "Pause",
    MarkKind.OFF_RECORD: "Off the record",
    MarkKind.TOPIC: "Topic",
    MarkKind.SPEAKER: "Speaker",
    MarkKind.GAP: "Gap",
}


_FAULTS = frozenset({
    MarkKind.GAP, MarkKind.LOST, MarkKind.MUTED, MarkKind.CLIPPED, MarkKind.SLOW_DISK,
    MarkKind.CLOCK,
})  # fmt: skip


def is_fault_mark(mark: Mark) -> bool:
    """Whether a mark tells of a fault, and was set by the recorder."""
    return mark.kind in _FAULTS


def describe_mark(mark: Mark) -> str:
    """Say which mark was set, and when."""
    names = {str(kind): name for kind, name in _HAPPENED.items()}
    if mark.kind == MarkKind.AFFIRMED and mark.at_s == 0:
        return f"Agreed at {format_clock(0.0)}"  # before the first word, and not again
    name = names.get(mark.kind) or sanitise_text(mark.kind).capitalize()
    note = f": {sanitise_text(mark.note)}" if mark.note else ""
    return f"{name} at {format_clock(mark.at_s)}{note}"


def describe_loudness(level_dbfs: float, peak_dbfs: float) -> str:
    """Say in a word how loud the last seconds were, from their levels in dBFS."""
    if level_dbfs <= _DIGITAL_ZERO_DBFS:
        return "! silent"
    if peak_dbfs >= _LOUD_PEAK_DBFS:
        return "! too loud"
    return "good" if level_dbfs >= _QUIET_DBFS else "quiet"
