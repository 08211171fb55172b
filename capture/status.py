"""How a recording is going: facts for a screen, and what is wrong with it in words.

PortAudio's own flags caught none of the faults they were tried on, so these facts come from our
own clock and counters.
"""

from __future__ import annotations

from dataclasses import dataclass

_STILL_S = 3.0  # our choice: a healthy device calls back many times a second
_MUTED_S = 2.0  # our choice: a real room is never exactly zero, even for a moment


@dataclass(frozen=True, slots=True)
class Status:
    """A moment of a recording.

    elapsed_s: since the start, by the clock.
    frames: sealed and durable on disk.
    queued_s: sound that has come and is not on disk yet; ``queue_s`` of it fit.
    level_dbfs: of each channel over the last moment, -96.0 for silence; empty before any sound.
    dropped: frames that did not fit in the queue and are lost.
    still_s: since the source last gave anything.
    zeros_s: for how long it has given nothing but exact zeros.
    is_over: no more sound will come or be kept, whatever the caller does.
    failure: what ended the writing, as a sentence; empty while it goes on.
    """

    rate: int
    elapsed_s: float
    frames: int
    queued_s: float
    queue_s: float
    level_dbfs: tuple[float, ...]
    dropped: int
    still_s: float
    zeros_s: float
    is_over: bool = False
    failure: str = ""

    @property
    def sound_s(self) -> float:
        """Seconds of sound that are safe."""
        return self.frames / self.rate

    @property
    def fault(self) -> str:
        """What is wrong, worst first, as one sentence; empty while all is well."""
        if self.failure:
            return self.failure
        lost_s = self.dropped / self.rate
        words = (
            (self.is_over, "The microphone has stopped: it, or its sound server, is gone."),
            (self.still_s > _STILL_S, f"No sound has come for {self.still_s:.0f} s."),
            (lost_s > 0, f"{lost_s:.1f} s of sound were lost: the disk is too slow."),
            (self.queued_s > self.queue_s / 2, "The disk is slow: nothing is lost yet."),
            (self.zeros_s > _MUTED_S, "The microphone is muted or off: it gives exact silence."),
        )
        return next((sentence for is_so, sentence in words if is_so), "")
