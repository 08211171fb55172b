"""Which artefacts there are, which key opens each, and what is told of an interview in a list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from study.keys import KeyClass
from study.terms import About

Counts = dict[str, int | float]


class Kind(StrEnum):
    """What an artefact is. Each new version names, by its number, the one it supersedes."""

    SETTINGS = "settings"  # of the whole study: which microphone, and the like
    QUEUE = "queue"  # of the whole study: what waits to be transcribed
    GUIDE = "guide"  # of the whole study: its topic guide, as text
    KEPT = "kept"  # of the whole study: what names nobody in it, and is never proposed
    VOCABULARY = "vocabulary"  # of the whole study: words and names to expect, as text
    ABOUT = "about"  # label, participants, channels, names known beforehand
    SETTING = "setting"  # what was settled before a recording: who is there, the sound check
    ORIGIN = "origin"  # what the sound was before it was sealed
    HINTS = "hints"  # which words and names a speech model was told to expect
    WINDOWS = "windows"  # a transcription under way; its entries are finished windows
    RAW = "raw"  # the transcript as the model gave it
    CORRECTED = "corrected"  # the transcript as a person corrected it
    MENTIONS = "mentions"  # what was proposed; its entries are decisions
    FOUND = "found"  # what each turn gave to the last search, so that only edited ones are searched
    PSEUDONYMS = "pseudonyms"  # what this interview's identities are called
    PROGRESS = "progress"  # how far the review is; its entries are what was looked at, and by whom
    CLEAN = "clean"  # the transcript with every accepted mention replaced
    LOG = "log"  # the anonymisation log, without originals
    ORIGINALS = "originals"  # what the lines of the log stand for
    CHECKS = "checks"  # its entries are what an officer found when looking at lines of the log
    SIGNED = "signed"  # sign-offs: each binds the hashes of the clean transcript and the log
    POLICY = "policy"  # of the whole study: what its protocol asks and allows
    CASES = "cases"  # of the whole study: attributes of participants, by code
    HANDED = "handed"  # what was handed over: file hashes, when


_CLASSES = {
    Kind.PSEUDONYMS: KeyClass.KEY,
    Kind.ORIGINALS: KeyClass.KEY,
    Kind.PROGRESS: KeyClass.CLEAN,
    Kind.CLEAN: KeyClass.CLEAN,
    Kind.LOG: KeyClass.CLEAN,
    Kind.CHECKS: KeyClass.CLEAN,
    Kind.SIGNED: KeyClass.CLEAN,
    Kind.POLICY: KeyClass.CLEAN,
    Kind.CASES: KeyClass.CLEAN,
    Kind.HANDED: KeyClass.CLEAN,
}
_SIGNED_UPON = (Kind.RAW, Kind.CORRECTED, Kind.MENTIONS, Kind.CLEAN, Kind.LOG)
ENTRIES = "entries"  # among the counts: how many entries the newest version has
READY = "ready"  # among the counts of a review: 1 where it was handed to the officer
SIGNED = "signed"  # among the counts: of a sign-off 1 or 0, of a hand-over which sign-off it was


def key_class(kind: Kind) -> KeyClass:
    """Which class key opens artefacts of this kind."""
    return _CLASSES.get(kind, KeyClass.IDENTIFYING)


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

    ``counts`` holds the plain counts of each kind's newest version (see ``Study.put``);
    ``about`` is None where the passphrase in use does not open it.
    """

    id: str
    created_at: str
    about: About | None
    sound_s: float
    counts: dict[Kind, Counts]
    versions: dict[Kind, int]
    is_recording: bool

    @property
    def label(self) -> str:
        """The label, or the id where the label may not be read."""
        return self.about.label if self.about else self.id

    @property
    def undecided(self) -> int:
        """How many mentions wait for a person."""
        return int(self.counts.get(Kind.MENTIONS, {}).get("undecided", 0))

    @property
    def is_draft(self) -> bool:
        """Whether its newest transcript was heard quickly."""
        raw, corrected = (self.counts.get(kind, {}) for kind in (Kind.RAW, Kind.CORRECTED))
        return bool(corrected.get("draft", raw.get("draft", 0)))

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
        signed = self.counts.get(Kind.SIGNED, {})
        if not signed:
            return self._ready() if not self.is_stale else State.CORRECTED
        holds = all(signed.get(name) == number for name, number in self.basis().items())
        if not signed.get(SIGNED):
            ready = self._ready()
            return State.SENT_BACK if holds and ready is State.REVIEWED else ready
        if not holds:
            return State.SIGN_AGAIN
        handed = self.counts.get(Kind.HANDED, {}).get(SIGNED)
        return State.HANDED if handed == self.versions[Kind.SIGNED] else State.SIGNED

    def _ready(self) -> State:
        told = self.counts.get(Kind.PROGRESS, {})
        holds = all(told.get(name) == number for name, number in self.review_basis().items())
        return State.READY if told.get(READY) and holds else State.REVIEWED

    def basis(self) -> Counts:
        """Return what a sign-off rests on: of what, which version, and how many decisions.

        Every edit, search and decision changes it, so whoever may only read the list still sees
        that a sign-off is void.
        """
        versions: Counts = {kind.value: self.versions.get(kind, 0) for kind in _SIGNED_UPON}
        return versions | {
            "decisions": self.counts.get(Kind.MENTIONS, {}).get(ENTRIES, 0),
            "edits": self._edits,
        }

    def review_basis(self) -> Counts:
        """Return what a review rests on that was handed to the officer; a new one needs another."""
        basis = self.basis()
        for made_after in (Kind.CLEAN, Kind.LOG):
            del basis[made_after.value]
        return basis | {"sign_offs": self.versions.get(Kind.SIGNED, 0)}

    @property
    def is_stale(self) -> bool:
        """Whether it was corrected after it was searched."""
        found = self.counts.get(Kind.MENTIONS)
        if found is None or Kind.CORRECTED not in self.versions:
            return False
        searched = found.get(Kind.CORRECTED, 0), found.get("edits", 0)
        return searched != (self.versions[Kind.CORRECTED], self._edits)

    @property
    def _edits(self) -> int:
        return int(self.counts.get(Kind.CORRECTED, {}).get(ENTRIES, 0))
