"""The status of a recording at one moment, for a screen or a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from study import Mark


class RecordingPhase(StrEnum):
    """The phase of a recording; the value is the word on screens."""

    STARTING = "starting"
    RECORDING = "recording"
    PAUSED = "paused"
    OFF_RECORD = "off the record"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class RecordingFault:
    """A fault of this moment, as one sentence; loud if sound is being lost or soon will be.

    kind: a ``MarkKind`` if the fault leaves a mark in the recording, else a word of its own.
    """

    kind: str
    sentence: str
    is_loud: bool = False


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """The status of a recording; times in seconds, levels in dBFS.

    sound_s: sealed and durable, over all stretches of this recording; ``before_s`` is what the
    interview had before. elapsed_s: since the start, pauses and gaps included:
    nearly ``sound_s + queued_s + dropped_s + missing_s + paused_s``. away_s: how long the present
    pause or gap has lasted, else 0. level_dbfs, peak_dbfs: of each channel over the newest 0.1 s;
    empty while nothing is kept. queued_s: received and not on disk yet; at most ``queue_s``.
    disk_left_s: how much more of this sound fits on the disk. dropped_s: lost because the disk was
    too slow. missing_s: lost in gaps; missing_why: how much of it for each reason, as the gaps'
    marks name it. paused_s: not kept because a person paused.

    topic: the guide's present topic; ``asked`` those begun so far, in that order (numbers into
    ``guide.topics``). speaker: the code that was marked last. faults: worst first.
    last_mark, marks: of those that are durable, times on the interview's own clock. failure: the
    fault that ended it, as a sentence; empty while it goes on, and after a normal stop.
    """

    doing: RecordingPhase
    sound_s: float = 0.0
    before_s: float = 0.0
    elapsed_s: float = 0.0
    away_s: float = 0.0
    level_dbfs: tuple[float, ...] = ()
    peak_dbfs: tuple[float, ...] = ()
    queued_s: float = 0.0
    queue_s: float = 0.0
    disk_left_s: float = 0.0
    dropped_s: float = 0.0
    missing_s: float = 0.0
    missing_why: dict[str, float] = field(default_factory=dict[str, float])
    paused_s: float = 0.0
    topic: int | None = None
    asked: tuple[int, ...] = ()
    speaker: str = ""
    faults: tuple[RecordingFault, ...] = ()
    last_mark: Mark | None = None
    marks: int = 0
    keeps_awake: bool = False
    failure: str = ""
