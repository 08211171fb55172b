"""The words and signs in which a recording that is under way is told.

Every state has a sign of its own shape and a word, so that it is known at a glance without colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capture.moment import Doing, Moment
from study.screen_text import clock, safe
from study.terms import Mark, MarkKind
from tui.widgets.wording import span

LEAST_DISK_S = 1_800.0  # half an hour: time enough to free some, or to end well
_VERY_LONG_S = 48 * 3600.0  # more than anybody talks: the exact number would say nothing
_DIGITAL_ZERO_DBFS = -95.0
_STILL_S = 5.0  # ten times as long as a healthy recorder takes to keep what came
_QUIET_DBFS = -45.0  # speech at arm's length from a laptop lies around -40 to -20
_LOUD_PEAK_DBFS = -1.0  # the next laugh is clipped


@dataclass(frozen=True, slots=True)
class Banner:
    """What is to be read from two metres: a sign and a word, and how they look."""

    word: str
    look: str  # a colour of the theme by name, for those who see it


_BANNERS = {
    Doing.STARTING: Banner("◌ STARTING", "quiet"),
    Doing.RECORDING: Banner("● RECORDING", "done"),
    Doing.PAUSED: Banner("‖ PAUSED", "open"),
    Doing.OFF_RECORD: Banner("◌ OFF THE RECORD", "open"),
    Doing.RECONNECTING: Banner("! NOT RECORDING", "wrong"),
    Doing.ENDED: Banner("! NOT RECORDING", "wrong"),
}
SEALING = Banner("■ SEALING", "quiet")


def banner(moment: Moment) -> Banner:
    """Say what the recording is doing, in a sign and a word or three."""
    return _BANNERS[moment.doing]


def sentence(moment: Moment) -> str:
    """Say what that means for what is being said in the room now."""
    away = counted(moment.away_s)
    going = "It is recorded, but not as it should be." if moment.faults else "Everything is kept."
    if moment.doing is Doing.ENDED:
        why = moment.failure or "The recording has ended by itself."
        return f"{why} {kept(moment)}"
    return {
        Doing.STARTING: "The microphone is being opened.",
        Doing.RECORDING: f"{going} Begun {counted(moment.elapsed_s)} ago.",
        Doing.PAUSED: f"Nothing is kept, for {away} now. Space goes on.",
        Doing.OFF_RECORD: f"Nothing is kept, for {away} now. Space goes on the record again.",
        Doing.RECONNECTING: f"Reconnecting: no microphone for {away}. It goes on by itself.",
    }[moment.doing]


def kept(moment: Moment) -> str:
    """Say what is safe, whatever happens."""
    return f"{counted(moment.before_s + moment.sound_s)} of sound are safe in the study."


def counted(seconds: float) -> str:
    """Write a time that counts up, as short as it can be said: ``0:12:09``."""
    return clock(seconds).removeprefix("0")


def disk(moment: Moment) -> str:
    """Say how much more fits on the disk; with a sign where that is little."""
    if moment.disk_left_s >= _VERY_LONG_S:
        return "over 2 days of disk left"
    sign = "! " if moment.disk_left_s < LEAST_DISK_S else ""
    return f"{sign}{span(moment.disk_left_s)} of disk left"


def losses(moment: Moment) -> str:
    """Say how much sound was lost so far; empty where none was."""
    lost = [
        f"{span(seconds)} {where}"
        for seconds, where in (
            (moment.missing_s, "without a microphone"),
            (moment.dropped_s, "to a slow disk"),
        )
        if seconds > 0
    ]
    return f"! Lost so far: {', '.join(lost)}" if lost else ""


class Standstill:
    """Notices that nothing more is kept, though the recording says that it goes on.

    The recorder watches itself; this watches the watcher, by what is safe on the disk alone.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._kept_s, self._since = -1.0, now()

    def look(self, moment: Moment) -> str:
        """Say in a sentence for how long nothing was kept, once that is too long."""
        if moment.sound_s != self._kept_s or moment.doing is not Doing.RECORDING:
            self._kept_s, self._since = moment.sound_s, self._now()
        still_s = self._now() - self._since
        if still_s < _STILL_S:
            return ""
        return f"Nothing new was kept for {span(still_s)}: stop, and start again."


_HAPPENED = {
    MarkKind.MARKER: "Marker",
    MarkKind.DISTRESS: "Distress or dissent",
    MarkKind.PAUSED: "Pause",
    MarkKind.OFF_RECORD: "Off the record",
    MarkKind.TOPIC: "Topic",
    MarkKind.SPEAKER: "Speaker",
    MarkKind.GAP: "Gap",
}


def happened(mark: Mark) -> str:
    """Confirm a mark that is safe in the recording."""
    names = {str(kind): name for kind, name in _HAPPENED.items()}
    name = names.get(mark.kind) or safe(mark.kind).capitalize()
    note = f": {safe(mark.note)}" if mark.note else ""
    return f"{name} at {clock(mark.at_s)}{note}"


def loudness(level_dbfs: float, peak_dbfs: float) -> str:
    """Say in a word how loud the last seconds were, by their loudest moments."""
    if level_dbfs <= _DIGITAL_ZERO_DBFS:
        return "! silent"
    if peak_dbfs >= _LOUD_PEAK_DBFS:
        return "! too loud"
    return "good" if level_dbfs >= _QUIET_DBFS else "quiet"
