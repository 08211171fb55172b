"""What stands after all decisions, and in which transcript.

The newest decision about a mention counts, and so does the newest transcript.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from study import corrected
from study.artefacts import Kind
from study.corrected import Corrected
from study.references import TranscriptRef
from study.store import Study
from study.terms import Decision, Mention, Mentions, Transcript, Verdict


@dataclass(frozen=True, slots=True)
class Decided:
    """A mention and the decision that stands about it, None while there is none."""

    mention: Mention
    decision: Decision | None

    @property
    def is_replaced(self) -> bool:
        """Whether something else stands in its place in the clean transcript."""
        return self.decision is not None and self.decision.verdict in {
            Verdict.ACCEPTED,
            Verdict.CHANGED,
        }

    @property
    def replacement(self) -> str:
        """What stands, or would stand, in its place."""
        if self.decision is not None and self.decision.verdict is Verdict.CHANGED:
            return self.decision.replacement
        return self.mention.replacement


@dataclass(frozen=True, slots=True)
class Source:
    """The transcript that is anonymised: which state of it, and its turns.

    ``kin`` says where the words of turns went that were split or joined (``Corrected.kin``).
    """

    ref: TranscriptRef
    transcript: Transcript
    kin: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def texts(self) -> dict[int, str]:
        """The text of each turn by its key."""
        return {turn.key: turn.text for turn in self.transcript.turns}

    def in_order(self, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        """Sort mentions by where they stand in the transcript."""
        order = {turn.key: place for place, turn in enumerate(self.transcript.turns)}
        return tuple(sorted(mentions, key=lambda m: (order[m.turn], m.start)))


def newest(study: Study, interview: str) -> Source | None:
    """Return the transcript as it was last corrected, else as the model gave it."""
    with study.lock:
        state = corrected.read(study, interview)
        raw = study.version(interview, Kind.RAW)
    if state is None:
        return None
    if state.version:
        return _source(state)
    return Source(TranscriptRef(Kind.RAW, raw), state.transcript)


def newest_ref(study: Study, interview: str) -> TranscriptRef:
    """Return the state of the transcript that ``newest`` would return, without reading it."""
    with study.lock:
        version = study.version(interview, Kind.CORRECTED)
        if not version:
            return TranscriptRef(Kind.RAW, study.version(interview, Kind.RAW))
        edits = study.entry_count(interview, Kind.CORRECTED, version)
        return TranscriptRef(Kind.CORRECTED, version, edits)


def _source(state: Corrected) -> Source:
    ref = TranscriptRef(Kind.CORRECTED, state.version, state.edits)
    return Source(ref, state.transcript, state.kin())


def searched(study: Study, interview: str, mentions: Mentions) -> Source | None:
    """Return the state of the transcript that these mentions were found in."""
    ref = mentions.transcript
    if ref.kind is Kind.CORRECTED:
        state = corrected.at(study, interview, ref.version, ref.edits)
        return None if state is None else _source(state)
    transcript = study.get(interview, ref.kind, Transcript, ref.version)
    return None if transcript is None else Source(ref, transcript)


def standing(mentions: Iterable[Mention], decisions: Iterable[Decision]) -> list[Decided]:
    """Pair each mention with its newest decision; UNDONE leaves it undecided."""
    newest = {decision.mention: decision for decision in decisions}
    pairs = ((mention, newest.get(mention.key)) for mention in mentions)
    return [Decided(m, None if d is None or d.verdict is Verdict.UNDONE else d) for m, d in pairs]


def read(study: Study, interview: str) -> list[Decided]:
    """Return the newest mentions of an interview with what was decided about each."""
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    if mentions is None:
        return []
    return standing(mentions.mentions, study.entries(interview, Kind.MENTIONS, Decision))


def words(study: Study, interview: str) -> dict[str, str]:
    """Return what was said at each mention, by the mention's key.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
    """
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    if mentions is None:
        return {}
    found_in = searched(study, interview, mentions)
    texts = found_in.texts() if found_in else {}
    return {m.key: texts.get(m.turn, "")[m.start : m.end] for m in mentions.mentions}
