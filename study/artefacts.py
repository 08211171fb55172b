"""What is told of an interview in a list, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from study.facts import Newest
from study.kinds import Kind as Kind  # noqa: PLC0414 - found here, as what is told of them
from study.kinds import key_class as key_class  # noqa: PLC0414
from study.references import DecisionsRef, ReviewBasis, SignOffBasis, TranscriptRef
from study.terms import About


class State(StrEnum):
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


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list of interviews.

    ``facts`` are those of each kind's newest version (see ``Study.put``); ``about`` is None where
    the passphrase in use does not open it.
    """

    id: str
    created_at: str
    about: About | None
    sound_s: float
    versions: dict[Kind, int]
    is_recording: bool
    facts: Newest = field(default_factory=Newest)

    @property
    def label(self) -> str:
        """The label, or the id where the label may not be read."""
        return self.about.label if self.about else self.id

    @property
    def undecided(self) -> int:
        """How many mentions wait for a person."""
        return self.facts.undecided

    @property
    def is_draft(self) -> bool:
        """Whether its newest transcript was heard quickly."""
        told = self.facts.corrected or self.facts.raw
        return told is not None and told.draft

    @property
    def transcript(self) -> TranscriptRef:
        """The state of the transcript that counts: as it was last corrected, else as heard."""
        corrected = self.versions.get(Kind.CORRECTED, 0)
        if corrected:
            return TranscriptRef(Kind.CORRECTED, corrected, self.facts.edits)
        return TranscriptRef(Kind.RAW, self.versions.get(Kind.RAW, 0))

    @property
    def state(self) -> State:
        """How far it has come, from what artefacts there are."""
        if self.is_recording:
            return State.RECORDING
        if Kind.MENTIONS in self.versions:
            return self._reviewed()
        if Kind.RAW in self.versions:
            return State.TRANSCRIBED
        if Kind.WINDOWS in self.versions:
            return State.TRANSCRIBING
        return State.RECORDED if self.sound_s else State.EMPTY

    def _reviewed(self) -> State:
        if self.undecided:
            return State.REVIEW
        signed = self.facts.sign_off
        if signed is None:
            return self._ready() if not self.is_stale else State.CORRECTED
        holds = signed.basis == self.basis()
        if not signed.is_signed:
            ready = self._ready()
            return State.SENT_BACK if holds and ready is State.REVIEWED else ready
        if not holds:
            return State.SIGN_AGAIN
        handed = self.facts.hand_over
        is_handed = handed is not None and handed.sign_off == self.versions[Kind.SIGNED]
        return State.HANDED if is_handed else State.SIGNED

    def _ready(self) -> State:
        told = self.facts.review
        is_ready = told is not None and told.ready == self.review_basis()
        return State.READY if is_ready else State.REVIEWED

    def basis(self) -> SignOffBasis:
        """Return what a sign-off rests on: of what, which version, and how many decisions.

        Every edit, search and decision changes it, so whoever may only read the list still sees
        that a sign-off is void.
        """
        return SignOffBasis(
            raw=self.versions.get(Kind.RAW, 0),
            transcript=self.transcript,
            decisions=self._decisions,
            clean=self.versions.get(Kind.CLEAN, 0),
            log=self.versions.get(Kind.LOG, 0),
        )

    def review_basis(self) -> ReviewBasis:
        """Return what a review rests on that was handed to the officer; a new one needs another."""
        return ReviewBasis(
            raw=self.versions.get(Kind.RAW, 0),
            transcript=self.transcript,
            decisions=self._decisions,
            sign_offs=self.versions.get(Kind.SIGNED, 0),
        )

    @property
    def is_stale(self) -> bool:
        """Whether it was corrected after it was searched."""
        if not {Kind.MENTIONS, Kind.CORRECTED} <= self.versions.keys():
            return False
        told = self.facts.mentions
        return told is None or told.transcript != self.transcript

    @property
    def _decisions(self) -> DecisionsRef:
        return DecisionsRef(self.versions.get(Kind.MENTIONS, 0), self.facts.decisions)
