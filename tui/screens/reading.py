"""What the screen of one interview reads from the study, as one record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from study import decided
from study.artefacts import Kind, Summary
from study.conventions import settings
from study.decided import Decided
from study.events import shown, with_pauses
from study.store import Study
from study.terms import Decision, Mark, Mentions, Transcript, Turn
from tui.widgets.wording import ACCEPTED, CHANGED, OPEN, REJECTED, coverage, standing


@dataclass(frozen=True, slots=True)
class Reading:
    """An interview as it stands now.

    ``decided`` comes in the order of reading; ``is_stale`` says that there is a newer transcript
    than the one the mentions were found in, which is the one shown. ``pause_s`` is from how long
    on a silence is told.
    """

    summary: Summary
    transcript: Transcript | None
    mentions: Mentions | None
    decided: tuple[Decided, ...]
    is_stale: bool = False
    pause_s: float = 0.0

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns, none where there is no transcript."""
        return self.transcript.turns if self.transcript else ()

    @property
    def events(self) -> tuple[Mark, ...]:
        """What happened during the recording, as far as it matters to a reader."""
        if self.transcript is None:
            return ()
        return shown(with_pauses(self.transcript.events, self.turns, self.pause_s))

    def original(self, place: int) -> str:
        """Return what was said where a mention stands."""
        mention = self.decided[place].mention
        text = next((t.text for t in self.turns if t.key == mention.turn), "")
        return text[mention.start : mention.end]

    def notices(self) -> list[str]:
        """Say what a reviewer should know before trusting the page."""
        told: list[str] = []
        if self.transcript is not None:
            doubtful = sum(1 for turn in self.turns if turn.flags)
            turns = (
                "1 turn is doubtful (≈)."
                if doubtful == 1
                else f"{doubtful} turns are doubtful (≈)."
            )
            told.append(coverage(self.transcript.coverage) + (f" {turns}" if doubtful else ""))
        if self.is_stale:
            told.append("The transcript is newer than these mentions: press m to look again.")
        if self.mentions is not None and self.mentions.not_looked_for:
            told.append(f"Not looked for: {', '.join(self.mentions.not_looked_for)}.")
        return told

    def counts(self) -> str:
        """Count the mentions by what was decided."""
        if self.mentions is None:
            return ""
        every = Counter(standing(one).word for one in self.decided)
        return "  ".join(
            f"{how.sign} {every[how.word]} {how.word}"
            for how in (OPEN, ACCEPTED, CHANGED, REJECTED)
            if how is not CHANGED or every[how.word]
        )


def read(study: Study, interview: str) -> Reading:
    """Read an interview.

    Raises:
        KeyNotHeld, StudyDamaged, UnknownInterview: as their texts say.
    """
    summary = study.find(interview)
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    transcript, is_stale = _transcript(study, summary, mentions)
    turns = transcript.turns if transcript else ()
    pairs = _in_order(decided.read(study, interview), turns)
    pause_s = settings(study).pause_s
    return Reading(summary, transcript, mentions, pairs, is_stale, pause_s)


def again(study: Study, before: Reading) -> Reading:
    """Read an interview again; where only decisions came in, read nothing but them.

    Raises:
        KeyNotHeld, StudyDamaged, UnknownInterview: as their texts say.
    """
    summary = study.find(before.summary.id)
    if before.mentions is None or summary.versions != before.summary.versions:
        return read(study, summary.id)
    decisions = study.entries(summary.id, Kind.MENTIONS, Decision)
    pairs = _in_order(decided.standing(before.mentions.mentions, decisions), before.turns)
    return replace(before, summary=summary, decided=pairs)


def _transcript(
    study: Study, summary: Summary, mentions: Mentions | None
) -> tuple[Transcript | None, bool]:
    source = decided.searched(study, summary.id, mentions) if mentions else None
    if source is None:
        found = decided.newest(study, summary.id)
        return (found.transcript if found else None), False
    newest = Kind.CORRECTED if Kind.CORRECTED in summary.versions else Kind.RAW
    is_stale = (source.kind, source.version) != (newest, summary.versions.get(newest))
    return source.transcript, is_stale


def _in_order(pairs: Iterable[Decided], turns: Iterable[Turn]) -> tuple[Decided, ...]:
    order = {turn.key: number for number, turn in enumerate(turns)}
    return tuple(
        sorted(pairs, key=lambda one: (order.get(one.mention.turn, -1), one.mention.start))
    )
