"""Which sign-off stands, and whether it still holds.

A sign-off holds for the exact bytes that were signed. It is void, for good, once anything is
edited, searched or decided, even if that is taken back afterwards: somebody has to look again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from study import trail
from study.artefacts import Kind
from study.database import DATABASE
from study.errors import NotSignedOff, SignOffVoid, StudyDamaged
from study.references import SignOffBasis
from study.store import WHOLE_STUDY, Study
from study.terms import Policy, Ruling, SignOff, Transcript
from study.trail import Head
from study.words import as_written

_HEARD_AGAIN = "the interview was transcribed again since"
_EDITED = "the transcript was edited since"
_SEARCHED = "identifying details were searched or added since"
_DECIDED = "something was decided since"
_OTHER_CLEAN = "the clean transcript is another one now"
_OTHER_LOG = "the anonymisation log is another one now"


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
    told = summary.facts.sign_off
    if told is None:
        raise StudyDamaged(f"{DATABASE} ({Kind.SIGNED} of interview {interview})")
    return Signed(
        sign_off,
        summary.versions[Kind.SIGNED],
        _changed(told.basis, summary.basis()) or _differs(study, interview, sign_off),
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


def _changed(then: SignOffBasis, now: SignOffBasis) -> str:
    whats = (
        (then.raw == now.raw, _HEARD_AGAIN),
        (then.transcript == now.transcript, _EDITED),
        (then.decisions.mentions == now.decisions.mentions, _SEARCHED),
        (then.decisions == now.decisions, _DECIDED),
        (then.clean == now.clean, _OTHER_CLEAN),
        (then.log == now.log, _OTHER_LOG),
    )
    return next((why for is_same, why in whats if not is_same), "")


def _differs(study: Study, interview: str, sign_off: SignOff) -> str:
    """Compare the very bytes: versions and counts alone could be made to fit."""
    if content_sha256(study, interview, Kind.CLEAN) != sign_off.transcript_sha256:
        return _OTHER_CLEAN
    if content_sha256(study, interview, Kind.LOG) != sign_off.log_sha256:
        return _OTHER_LOG
    with study.lock:
        kept = trail.holds(study.db, Head(sign_off.trail_count, sign_off.trail_hash))
    return "" if kept else "the audit trail no longer has the line that was signed"
