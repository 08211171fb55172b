"""Signing off and sending back: a data officer's word, bound to the bytes it was given for.

Sending back takes back the decisions that it objects to, so that they wait for a person again,
with the reason. Nothing of a sign-off is ever changed: a new word stands over the old one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from handoff import gate
from handoff.lines import lines
from handoff.plain_text import plain_text
from study import checks, decided, signed, trail
from study.artefacts import Kind
from study.change import Change
from study.clean import Clean
from study.errors import (
    CleanTranscriptMissing,
    CleanTranscriptOutdated,
    NotWhatWasRead,
    ObjectionsStand,
    OwnWork,
    SignOffVoid,
    UnknownMention,
)
from study.facts import DecisionFacts, SignOffFacts
from study.keys import KeyClass
from study.recordings import require_whole
from study.signed import Signed
from study.store import Study
from study.terms import (
    Decision,
    LogLine,
    Objection,
    Ruling,
    SignOff,
    Transcript,
    Verdict,
)


def sign(
    study: Study,
    interview: str,
    *,
    name: str = "",
    role: str = "",
    read: str = "",
    clean: Clean | None = None,
) -> SignOff:
    """Sign the clean transcript off, as it is. Where that is refused, nothing is written.

    name, role: who signs, as a reader of the hand-over should know them. read: the hash of the
    clean transcript that was shown to them (``signed.content_sha256``), "" where none was.
    clean: what is signed, where the study does not have it yet: it is written with the sign-off.

    Raises:
        NotWhatWasRead: it is another one by now.
        ObjectionsStand: a line of its log was objected to, and still says the same.
        StepMissing: there is no clean transcript, or an older one than what was decided.
        MentionsUndecided, OriginalSurvives: the gate would not let it pass.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        SoundIncomplete: part of the recording is missing on the disk.
        OwnWork: the study asks for a second person.
    """
    study.require_unchanged()
    require_whole(study, interview)
    shown, text = _clean_text(study, interview, clean)
    gate.check(study, interview, {f"{study.find(interview).label}.txt": text})
    with study.change("signed off", interview) as change:
        _write(change, interview, clean)
        if read and read != signed.content_sha256(study, interview, Kind.CLEAN):
            raise NotWhatWasRead
        if _clean_text(study, interview)[0] != shown or not _says_what_was_decided(
            study, interview, shown
        ):
            raise CleanTranscriptOutdated
        found = checks.read(study, interview, _log(study, interview))
        if objected := checks.objections(found):
            raise ObjectionsStand(len(objected))
        if signed.policy(study).second_person and study.ring.slot in _deciders(study, interview):
            raise OwnWork
        return _rule(change, interview, Ruling.SIGNED, text, name=name, role=role)


def send_back(
    study: Study,
    interview: str,
    objections: Iterable[Objection],
    *,
    name: str = "",
    role: str = "",
    clean: Clean | None = None,
) -> SignOff:
    """Send the clean transcript back with reasons; what they are about is undecided again.

    Where the passphrase in use does not open mentions, the reasons alone are kept. clean: what is
    sent back, where the study does not have it yet: it is written as well.

    Raises:
        StepMissing: there is no clean transcript.
        UnknownMention: a reason is about a mention that is not in the log.
    """
    given = tuple(objections)
    _, text = _clean_text(study, interview, clean)
    known = {line.mention for line in (clean.log if clean else _log(study, interview))}
    about = [(o.mention, o.reason) for o in given if o.mention]
    if any(mention not in known for mention, _ in about):
        raise UnknownMention
    with study.change("sent back", interview) as change:
        _write(change, interview, clean)
        if study.ring.holds(KeyClass.IDENTIFYING):
            _undecide(change, interview, about)
        return _rule(
            change, interview, Ruling.SENT_BACK, text, objections=given, name=name, role=role
        )


def required(study: Study, interview: str) -> Signed:
    """Return the sign-off on which this interview may be handed over, word for word.

    Raises:
        NotSignedOff, SignOffVoid: as their texts say.
    """
    found = signed.required(study, interview)
    _, text = _clean_text(study, interview)
    if hashlib.sha256(text).hexdigest() != found.sign_off.text_sha256:
        raise SignOffVoid("this version of Earshot writes the text in another way")
    return found


def _clean_text(
    study: Study, interview: str, made: Clean | None = None
) -> tuple[Transcript, bytes]:
    clean = made.transcript if made else study.get(interview, Kind.CLEAN, Transcript)
    if clean is None:
        raise CleanTranscriptMissing
    return clean, plain_text(lines(clean))


def _write(change: Change, interview: str, clean: Clean | None) -> None:
    if clean is not None and not clean.is_in(change.study, interview):
        clean.write(change, interview)


def _says_what_was_decided(study: Study, interview: str, clean: Transcript) -> bool:
    """Whether the clean transcript is of the newest words, and its log of the newest decisions."""
    made_from = clean.made_from
    if made_from is None or made_from.transcript != decided.newest_ref(study, interview):
        return False
    stands = {
        (d.mention.key, d.decision.at if d.decision else "", d.replacement * d.is_replaced)
        for d in decided.read(study, interview)
    }
    return stands == {(x.mention, x.at, x.replacement) for x in _log(study, interview)}


def _log(study: Study, interview: str) -> tuple[LogLine, ...]:
    return study.get(interview, Kind.LOG, tuple[LogLine, ...]) or ()


def _deciders(study: Study, interview: str) -> tuple[int, ...]:
    return tuple(sorted({line.by for line in _log(study, interview)}))


def _undecide(change: Change, interview: str, about: list[tuple[str, str]]) -> None:
    study = change.study
    waiting = {d.mention.key for d in decided.read(study, interview) if d.decision is None}
    waiting |= {mention for mention, _ in about}
    for mention, reason in about:
        decision = Decision(mention, Verdict.UNDONE, study.ring.slot, change.at, reason=reason)
        change.append(interview, Kind.MENTIONS, decision, DecisionFacts(len(waiting)))


def _rule(
    change: Change,
    interview: str,
    ruling: Ruling,
    text: bytes,
    *,
    objections: tuple[Objection, ...] = (),
    name: str,
    role: str,
) -> SignOff:
    """Write the word. What it rests on stands beside it in the clear, to be seen in lists."""
    study = change.study
    head = trail.head(study.db)
    found = checks.read(study, interview, _log(study, interview))
    made = SignOff(
        ruling=ruling,
        by=study.ring.slot,
        slot_name=study.slot_name,
        at=change.at,
        transcript_sha256=signed.content_sha256(study, interview, Kind.CLEAN),
        log_sha256=signed.content_sha256(study, interview, Kind.LOG),
        text_sha256=hashlib.sha256(text).hexdigest(),
        trail_count=head.count,
        trail_hash=head.hash,
        name=name,
        role=role,
        decided_by=_deciders(study, interview),
        objections=objections,
        checked=len(found) - len(checks.objections(found)),
    )
    told = SignOffFacts(ruling is Ruling.SIGNED, study.find(interview).basis())
    change.put(interview, Kind.SIGNED, made, told)
    change.facts["transcript_sha256"] = made.transcript_sha256
    change.facts["reasons"] = len(objections)
    return made
