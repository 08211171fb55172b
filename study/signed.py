"""Which sign-off stands, and whether it still holds.

A sign-off holds for the exact bytes that were signed. It is void, for good, once anything is
edited, searched or decided, even if that is taken back afterwards: somebody has to look again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from study import trail
from study.artefacts import Counts, Kind
from study.errors import NotSignedOff, SignOffVoid
from study.store import WHOLE_STUDY, Study
from study.terms import Policy, Ruling, SignOff, Transcript
from study.trail import Head
from study.words import as_written

_CHANGED = {
    Kind.RAW: "the interview was transcribed again since",
    Kind.CORRECTED: "the transcript was edited since",
    "edits": "the transcript was edited since",
    Kind.MENTIONS: "identifying details were searched or added since",
    "decisions": "something was decided since",
    Kind.CLEAN: "the clean transcript is another one now",
    Kind.LOG: "the anonymisation log is another one now",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest sign-off of an interview; ``why_void`` is "" while it holds."""

    sign_off: SignOff
    version: int
    why_void: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether the transcript that is there now may be handed over on it."""
        return self.sign_off.ruling is Ruling.SIGNED and not self.why_void


def read(study: Study, interview: str) -> Signed | None:
    """Return the newest sign-off, or what was sent back last; None where nobody looked yet.

    Raises:
        KeyNotHeld: the passphrase in use does not open clean transcripts.
    """
    sign_off = study.get(interview, Kind.SIGNED, SignOff)
    if sign_off is None:
        return None
    summary = study.find(interview)
    then = summary.counts[Kind.SIGNED]
    return Signed(
        sign_off,
        summary.versions[Kind.SIGNED],
        _changed(then, summary.basis()) or _differs(study, interview, sign_off),
    )


def required(study: Study, interview: str) -> Signed:
    """Return the sign-off on which this interview may be handed over.

    Raises:
        NotSignedOff: nobody signed it off, or it was sent back.
        SignOffVoid: something was changed since.
    """
    found = read(study, interview)
    if found is None:
        raise NotSignedOff
    if found.sign_off.ruling is Ruling.SENT_BACK:
        raise NotSignedOff("this interview was sent back and not signed off since")
    if found.why_void:
        raise SignOffVoid(found.why_void)
    return found


def policy(study: Study) -> Policy:
    """Return what the study's protocol asks and allows."""
    return study.get(WHOLE_STUDY, Kind.POLICY, Policy) or Policy()


def content_sha256(study: Study, interview: str, kind: Kind) -> str:
    """Return the hash of an artefact's exact content, as it lies inside the seal."""
    content = study.get(interview, kind, msgspec.Raw)
    return hashlib.sha256(bytes(content or b"")).hexdigest()


def sha256_of(transcript: Transcript) -> str:
    """Return what ``content_sha256`` gives once this transcript is written."""
    return hashlib.sha256(msgspec.json.encode(transcript, enc_hook=as_written)).hexdigest()


def _changed(then: Counts, now: Counts) -> str:
    for name, why in _CHANGED.items():
        if then.get(name) != now.get(name):
            return why
    return ""


def _differs(study: Study, interview: str, sign_off: SignOff) -> str:
    """Compare the very bytes: versions and counts alone could be made to fit."""
    if content_sha256(study, interview, Kind.CLEAN) != sign_off.transcript_sha256:
        return _CHANGED[Kind.CLEAN]
    if content_sha256(study, interview, Kind.LOG) != sign_off.log_sha256:
        return _CHANGED[Kind.LOG]
    with study.lock:
        kept = trail.holds(study.db, Head(sign_off.trail_count, sign_off.trail_hash))
    return "" if kept else "the audit trail no longer has the line that was signed"
