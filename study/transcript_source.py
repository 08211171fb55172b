"""The transcript that a search reads, together with which state of it that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from study.artefact_kinds import ArtefactKind
from study.corrected_transcript import CorrectedTranscript
from study.records import Mention, Transcript
from study.references import TranscriptRef


@dataclass(frozen=True, slots=True)
class TranscriptSource:
    """A transcript and which state of it this is.

    ``successors`` gives, for each turn that was split or joined, the turns its words went to (see
    ``CorrectedTranscript.trace_turns``).
    """

    ref: TranscriptRef
    transcript: Transcript
    successors: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def turn_texts(self) -> dict[int, str]:
        """Return the text of each turn, by its key."""
        return {turn.key: turn.text for turn in self.transcript.turns}

    def sort_mentions(self, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        """Return mentions in the order of the transcript."""
        order = {turn.key: place for place, turn in enumerate(self.transcript.turns)}
        return tuple(sorted(mentions, key=lambda m: (order[m.turn], m.start)))


def as_corrected_source(state: CorrectedTranscript) -> TranscriptSource:
    """Return a corrected transcript as it stands, with its version and number of edits."""
    ref = TranscriptRef(ArtefactKind.CORRECTED, state.version, state.edits)
    return TranscriptSource(ref, state.transcript, state.trace_turns())
