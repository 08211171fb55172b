"""Which sign-off of an interview stands, and whether it still holds.

A sign-off holds only while everything that it rests on is what it was: versions and counts in the
clear, the very bytes of the clean transcript and the log, and the line of the audit trail that
was signed. Nothing is written here: signing is a part of the hand-over.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import msgspec

from study.artefact_kinds import ArtefactKind
from study.errors import NotSignedOff, SignOffVoid, StudyDamaged
from study.records import SignOff, Transcript
from study.references import SignOffBasis
from study.screen_text import tidy_text
from study.sign_off import StandingSignOff
from study.store.database import DATABASE
from study.store.keys import KeyClass
from study.store.seal import build_associated_data
from study.store.study import Interview
from study.store.study_policy import read_study_policy
from study.store.trail import TrailHead, contains_trail_head
from study.turn_words import encode_stored_words

_HEARD_AGAIN = "the interview was transcribed again since"
_EDITED = "the transcript was edited since"
_SEARCHED = "identifying details were searched or added since"
_DECIDED = "something was decided since"
_OTHER_CLEAN = "the clean transcript is another one now"
_OTHER_LOG = "the anonymisation log is another one now"
_OTHER_TRAIL = "the audit trail no longer has the line that was signed"


def read_sign_off(interview: Interview) -> StandingSignOff | None:
    """Return the newest ruling of an officer, signed or sent back; None where there is none.

    Its name and its role are one line each, whatever was typed.

    Raises:
        KeyNotHeld: the passphrase in use does not open clean transcripts.
        StudyDamaged: its facts in the clear are missing.
    """
    sign_off = interview.read_artefact(ArtefactKind.SIGNED, SignOff)
    if sign_off is None:
        return None
    summary = interview.summary
    facts = summary.facts.sign_off
    if facts is None:
        raise StudyDamaged(f"{DATABASE} ({ArtefactKind.SIGNED} of interview {interview.id})")
    version, study = summary.versions[ArtefactKind.SIGNED], interview.study
    # Up to 0.7.0 they were kept as they were typed, with line ends and what a terminal obeys.
    shown = replace(sign_off, name=tidy_text(sign_off.name), role=tidy_text(sign_off.role))
    return StandingSignOff(
        shown,
        version,
        study.rulings.find_flaw(interview, sign_off, version)
        or _find_change(facts.basis, summary.sign_off_basis())
        or _find_difference(interview, sign_off)
        or study.rulings.find_own_work(
            interview, sign_off, second_person=read_study_policy(study).second_person
        ),
    )


def require_sign_off(interview: Interview) -> StandingSignOff:
    """Return the sign-off that allows this interview to be handed over.

    Raises:
        NotSignedOff: nobody signed it off, or it was sent back.
        SignOffVoid: something was changed since it was signed.
    """
    standing = read_sign_off(interview)
    if standing is None:
        raise NotSignedOff
    if standing.is_sent_back:
        raise NotSignedOff("this interview was sent back and not signed off since")
    if standing.why_void:
        raise SignOffVoid(standing.why_void)
    return standing


def _find_change(then: SignOffBasis, now: SignOffBasis) -> str:
    """Return the first reason why ``now`` is not ``then``, "" where it is."""
    reasons = (
        (then.raw == now.raw, _HEARD_AGAIN),
        (then.transcript == now.transcript, _EDITED),
        (then.decisions.mentions == now.decisions.mentions, _SEARCHED),
        (then.decisions == now.decisions, _DECIDED),
        (then.clean == now.clean, _OTHER_CLEAN),
        (then.log == now.log, _OTHER_LOG),
    )
    return next((why for is_same, why in reasons if not is_same), "")


def _find_difference(interview: Interview, sign_off: SignOff) -> str:
    """Compare the very bytes: versions and counts alone could be made to fit."""
    if hash_artefact(interview, ArtefactKind.CLEAN) != sign_off.transcript_sha256:
        return _OTHER_CLEAN
    if hash_artefact(interview, ArtefactKind.LOG) != sign_off.log_sha256:
        return _OTHER_LOG
    head = TrailHead(sign_off.trail_count, sign_off.trail_hash)
    with interview.study.lock:
        is_there = contains_trail_head(interview.study.db, head)
    return "" if is_there else _OTHER_TRAIL


def hash_artefact(interview: Interview, kind: ArtefactKind) -> str:
    """Return the SHA-256 of an artefact's newest content, byte by byte as it lies in the seal."""
    content = interview.read_artefact(kind, msgspec.Raw)
    return hashlib.sha256(bytes(content or b"")).hexdigest()


def hash_transcript(transcript: Transcript) -> str:
    """Return what ``hash_artefact`` returns once this transcript is written."""
    return hashlib.sha256(msgspec.json.encode(transcript, enc_hook=encode_stored_words)).hexdigest()


def key_transcript_hash(interview: Interview, sha256: str) -> str:
    """Return a transcript's hash as the audit trail, which is not sealed, may show it.

    A plain hash of a short or half-known text tells whoever tries texts which one it is. This one
    can be computed by those alone who may read the transcript, and by nobody once it is erased.

    Raises:
        KeyNotHeld: the passphrase in use does not open them.
    """
    key = interview.study.rows.get_data_key(interview.id, KeyClass.CLEAN)
    bound = build_associated_data("transcript in trail", interview.id, sha256)
    return hmac.digest(key, bound, "sha256").hex()
