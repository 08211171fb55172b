"""What stands after all decisions: the newest about a mention counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from study.artefacts import Kind
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
    searched = Kind(str(mentions.provenance.options.get("transcript", Kind.RAW)))
    transcript = study.get(interview, searched, Transcript, mentions.transcript_version)
    texts = {turn.key: turn.text for turn in transcript.turns} if transcript else {}
    return {m.key: texts.get(m.turn, "")[m.start : m.end] for m in mentions.mentions}


def source(study: Study, interview: str) -> Transcript | None:
    """Return the transcript as it was last corrected, else as the model gave it."""
    kind = Kind.CORRECTED if study.version(interview, Kind.CORRECTED) else Kind.RAW
    return study.get(interview, kind, Transcript)
