"""A clean transcript on its way into the study, with the log that belongs to it.

It is made by reading alone, and written together with the decision that needs it: a sign-off, a
hand-over to the officer. So a look, or a decision that is refused, leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from study.artefacts import Kind
from study.change import Change
from study.store import Study
from study.terms import LogLine, Original, Provenance, Transcript


@dataclass(frozen=True, slots=True)
class Clean:
    """A clean transcript and its log.

    originals: what the log's lines stand for; None where the passphrase in use may not know it.
    """

    transcript: Transcript
    log: tuple[LogLine, ...]
    originals: tuple[Original, ...] | None = None

    def is_in(self, study: Study, interview: str) -> bool:
        """Whether the study has this transcript, made from the same, and this log as its newest."""
        clean = study.get(interview, Kind.CLEAN, Transcript)
        log = study.get(interview, Kind.LOG, tuple[LogLine, ...]) or ()
        if clean is None:
            return False
        nobody = Provenance("", "")  # which program wrote it does not matter, nor in which format
        return (replace(clean, provenance=nobody), log) == (
            replace(self.transcript, provenance=nobody),
            self.log,
        )

    def write(self, change: Change, interview: str) -> None:
        """Write it as the newest."""
        turns, lines = len(self.transcript.turns), len(self.log)
        change.put(interview, Kind.CLEAN, self.transcript)
        change.put(interview, Kind.LOG, self.log)
        if self.originals is not None:  # else the log stands without what it stands for
            change.put(interview, Kind.ORIGINALS, self.originals)
        change.facts |= {"turns": turns, "log": lines}
