"""One line of the list of interviews, and how far an interview has come.

Computed from typed facts alone; nothing sealed is opened but the details of the interview.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from study.artefact_facts import NewestFacts
from study.artefact_kinds import ArtefactKind
from study.records import InterviewDetails
from study.references import DecisionsRef, ReviewBasis, SignOffBasis, TranscriptRef


class InterviewState(StrEnum):
    """How far an interview has come; each value is the word people read."""

    EMPTY = "empty"
    RECORDING = "recording"
    RECORDED = "recorded"
    TRANSCRIBING = "half transcribed"
    TRANSCRIBED = "transcribed"
    REVIEW = "to review"
    CORRECTED = "to search again"  # it was corrected after it was searched
    REVIEWED = "reviewed"
    READY = "ready to sign"
    SENT_BACK = "sent back"
    SIGNED = "signed off"
    SIGN_AGAIN = "to sign again"
    HANDED = "handed over"


_LEAST_LATER_S = 0.5  # less of it holds no word, and lengths are rounded


def is_later_sound(sound_s: float, heard_s: float) -> bool:
    """Whether there is more sound than a transcript was made of, in seconds each."""
    return sound_s - heard_s > _LEAST_LATER_S


@dataclass(frozen=True, slots=True)
class InterviewSummary:
    """One line of the list of interviews.

    ``versions`` are the newest of each kind, ``facts`` what stands beside them in the clear;
    ``about`` is None where the passphrase in use does not open it. is_ruling_proven: whether the
    trail shows the newest ruling to be made by somebody who may. is_own: whether the role of who
    is there may work on it, for one that may work on interviews of its own alone.
    """

    id: str
    created_at: str
    about: InterviewDetails | None
    sound_s: float
    versions: dict[ArtefactKind, int]
    is_recording: bool
    facts: NewestFacts = field(default_factory=NewestFacts)
    is_ruling_proven: bool = True
    is_own: bool = True
    _state: InterviewState | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def label(self) -> str:
        """The label, or the id where the passphrase in use does not open the label."""
        return self.about.label if self.about else self.id

    @property
    def undecided(self) -> int:
        """How many mentions wait for a person."""
        return self.facts.undecided

    @property
    def is_draft(self) -> bool:
        """Whether a fast model made its newest transcript."""
        facts = self.facts.corrected or self.facts.raw
        return facts is not None and facts.draft

    @property
    def transcript(self) -> TranscriptRef:
        """Which transcript counts: the corrected one, else the newest that a model made."""
        corrected = self.versions.get(ArtefactKind.CORRECTED, 0)
        if corrected:
            return TranscriptRef(ArtefactKind.CORRECTED, corrected, self.facts.edits)
        return TranscriptRef(ArtefactKind.RAW, self.versions.get(ArtefactKind.RAW, 0))

    @property
    def state(self) -> InterviewState:
        """How far it has come, from what artefacts there are; a screen asks for it ten times."""
        if self._state is None:
            object.__setattr__(self, "_state", self._find_state())
        assert self._state is not None
        return self._state

    @property
    def has_later_sound(self) -> bool:
        """Whether its recording went on after it was transcribed, and nobody heard that yet."""
        heard_s = self.facts.raw.sound_s if self.facts.raw else None
        return heard_s is not None and is_later_sound(self.sound_s, heard_s)

    def _find_state(self) -> InterviewState:
        if self.is_recording:
            return InterviewState.RECORDING
        if self.has_later_sound:
            return InterviewState.TRANSCRIBING
        if ArtefactKind.MENTIONS in self.versions:
            return self._reviewed()
        if ArtefactKind.RAW in self.versions:
            return InterviewState.TRANSCRIBED
        if ArtefactKind.WINDOWS in self.versions:
            return InterviewState.TRANSCRIBING
        return InterviewState.RECORDED if self.sound_s else InterviewState.EMPTY

    def _reviewed(self) -> InterviewState:
        if self.undecided:
            return InterviewState.SENT_BACK if self.is_sent_back else InterviewState.REVIEW
        if self.is_stale:  # whatever was ruled before: it must be searched first
            return InterviewState.CORRECTED
        signed = self.facts.sign_off
        if signed is None:
            return self._ready()
        if not signed.is_signed:
            return InterviewState.SENT_BACK if self.is_sent_back else self._ready()
        if not (self.is_ruling_proven and signed.basis == self.sign_off_basis()):
            return InterviewState.SIGN_AGAIN
        handed = self.facts.hand_over
        is_handed = handed is not None and handed.sign_off == self.versions[ArtefactKind.SIGNED]
        return InterviewState.HANDED if is_handed else InterviewState.SIGNED

    @property
    def is_sent_back(self) -> bool:
        """Whether an officer sent it back, and nobody has handed it on since."""
        signed, review = self.facts.sign_off, self.facts.review
        if signed is None or signed.is_signed or not self.is_ruling_proven:
            return False
        ready = review.ready if review else None
        return ready is None or ready.sign_offs < self.versions.get(ArtefactKind.SIGNED, 0)

    def _ready(self) -> InterviewState:
        review = self.facts.review
        is_ready = review is not None and review.ready == self.review_basis()
        return InterviewState.READY if is_ready else InterviewState.REVIEWED

    def sign_off_basis(self) -> SignOffBasis:
        """Return what a sign-off made now would rest on: versions, edits and decisions.

        Every edit, search and decision changes it, so somebody who may only read the list still
        sees that a sign-off is void.
        """
        return SignOffBasis(
            raw=self.versions.get(ArtefactKind.RAW, 0),
            transcript=self.transcript,
            decisions=self._decisions,
            clean=self.versions.get(ArtefactKind.CLEAN, 0),
            log=self.versions.get(ArtefactKind.LOG, 0),
        )

    def review_basis(self) -> ReviewBasis:
        """Return what a review that ended now would rest on."""
        return ReviewBasis(
            raw=self.versions.get(ArtefactKind.RAW, 0),
            transcript=self.transcript,
            decisions=self._decisions,
            sign_offs=self.versions.get(ArtefactKind.SIGNED, 0),
        )

    @property
    def is_stale(self) -> bool:
        """Whether it was corrected or transcribed again after it was searched."""
        if ArtefactKind.MENTIONS not in self.versions:
            return False
        search = self.facts.mentions
        if ArtefactKind.CORRECTED in self.versions:
            return search is None or search.transcript != self.transcript
        # A search of format 1 does not say which version it read.
        searched = search.transcript.version if search else 0
        return 0 < searched < self.versions.get(ArtefactKind.RAW, 0)

    @property
    def _decisions(self) -> DecisionsRef:
        return DecisionsRef(self.versions.get(ArtefactKind.MENTIONS, 0), self.facts.decisions)
