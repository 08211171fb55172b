"""A clean transcript on its way into the study, with the log that belongs to it.

It is made by reading alone, and written together with the decision that needs it: a sign-off, a
hand-over to the officer. So whoever only reads, or is refused a decision, leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from study.artefact_kinds import ArtefactKind
from study.records import LogLine, OriginalWords, Provenance, Transcript
from study.store.study import Change, Interview


@dataclass(frozen=True, slots=True)
class CleanVersion:
    """A clean transcript and its log.

    originals: what each line of the log replaced; None where the passphrase in use may not know it.
    """

    transcript: Transcript
    log: tuple[LogLine, ...]
    originals: tuple[OriginalWords, ...] | None = None

    def is_stored(self, interview: Interview) -> bool:
        """Whether the newest clean transcript of an interview, and its log, are these already."""
        clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
        log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
        if clean is None:
            return False
        nobody = Provenance("", "")  # which program wrote it does not matter, nor in which format
        return (replace(clean, provenance=nobody), log) == (
            replace(self.transcript, provenance=nobody),
            self.log,
        )

    def store(self, change: Change) -> None:
        """Write it as the newest of the interview that the change is about."""
        change.write_artefact(ArtefactKind.CLEAN, self.transcript)
        change.write_artefact(ArtefactKind.LOG, self.log)
        if self.originals is not None:  # without them the log stands alone
            change.write_artefact(ArtefactKind.ORIGINALS, self.originals)
        change.facts |= {"turns": len(self.transcript.turns), "log": len(self.log)}
