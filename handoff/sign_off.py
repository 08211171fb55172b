"""Sign a clean transcript off or send it back: a data officer's ruling on its exact bytes.

Sending back makes those decisions undecided again that the officer objects to, with the reason. No
ruling is ever changed: a newer one replaces it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from handoff.gate import check_clean_text
from handoff.plain_text import render_plain_text
from handoff.transcript_lines import list_transcript_lines
from handoff.typed_texts import list_signed_texts
from study import (
    ArtefactKind,
    Decision,
    DecisionFacts,
    LogLine,
    Objection,
    OfficerRuling,
    PersonAction,
    PersonRole,
    SignOff,
    SignOffFacts,
    StandingSignOff,
    Transcript,
    TurnNumbers,
    Verdict,
    format_turn_key,
    list_objections,
    require_short,
    tidy_text,
)
from study.errors import (
    AnswerMissing,
    CleanTranscriptMissing,
    CleanTranscriptOutdated,
    NotWhatWasRead,
    ObjectionsStand,
    OwnWork,
    SignOffVoid,
    UnknownMention,
    WordsMissing,
)
from study.store import (
    RULING_HASH,
    Change,
    CleanVersion,
    Interview,
    KeyClass,
    find_newest_ref,
    hash_artefact,
    hash_people,
    key_transcript_hash,
    read_decisions,
    read_quote_permission,
    read_spot_checks,
    read_study_policy,
    read_trail_head,
    read_turn_objections,
    require_own_name,
    require_sign_off,
    require_whole,
)

_SALT_BYTES = 16


def sign_transcript(
    interview: Interview,
    *,
    name: str = "",
    role: str = "",
    who_recognises: str = "",
    read_sha256: str = "",
    clean: CleanVersion | None = None,
) -> SignOff:
    """Sign the clean transcript off as it is. Where that is refused, nothing is written.

    name, role: of the person who signs, for readers of the hand-over. who_recognises: their answer
    to who could recognise the person, sealed with the sign-off. Each becomes one line.
    read_sha256: the hash of the clean transcript that they read (``study.store.hash_transcript``),
    "" where they read none.
    clean: the version to sign, where the study may not have it yet; it is then written as well.

    Raises:
        NotWhatWasRead: the clean transcript is another one than they read.
        AnswerMissing: the study asks who could recognise the person, and there is no answer.
        ObjectionsStand: somebody objected to a line of its log that has not changed since, or to a
            turn, or sent the whole back, and nobody has handed it on since.
        StepMissing: there is no clean transcript, or it is older than the newest decision.
        MentionsUndecided, OriginalSurvives: the gate would not let it pass, or what was typed.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        SoundIncomplete: part of the recording is missing on the disk.
        OwnWork, RoleForbids, WordsMissing: as ``require_may_sign``.
        PersonRefused: the name is of somebody else who has a passphrase of their own.
        TextTooLong: the name or the role is longer than a few sentences.
    """
    require_may_sign(interview, clean=clean)
    require_own_name(interview.study, name)
    answer = tidy_text(who_recognises)
    if not answer and read_study_policy(interview.study).asks_who_recognises:
        raise AnswerMissing
    shown, text = _clean_text(interview, clean)
    typed = list_signed_texts(interview, tidy_text(name), tidy_text(role))
    check_clean_text(interview, list_transcript_lines(shown), typed)
    with interview.change("signed off") as change:
        _store_clean(change, interview, clean)
        if read_sha256 and read_sha256 != hash_artefact(interview, ArtefactKind.CLEAN):
            raise NotWhatWasRead
        if _clean_text(interview)[0] != shown or not _is_up_to_date(interview, shown):
            raise CleanTranscriptOutdated
        lines = list_objections(read_spot_checks(interview, _log(interview)).values())
        turns = read_turn_objections(interview, (turn.key for turn in shown.turns))
        if lines or turns:
            raise ObjectionsStand(len(lines), len(turns))
        _require_handed_on(interview)
        if _is_own_work(interview, _log(interview)):
            raise OwnWork
        return _rule(
            change,
            interview,
            OfficerRuling.SIGNED,
            text,
            name=name,
            role=role,
            who_recognises=answer,
        )


def require_may_sign(interview: Interview, *, clean: CleanVersion | None = None) -> None:
    """Refuse a sign-off by who is there, where that is certain before they say who they are.

    clean: the version to sign, where the study may not have it yet.

    Raises:
        RoleForbids: the role of who is there does not sign off.
        OwnWork: this passphrase decided something, and it is an officer's, or the study asks for a
            second person.
        CleanTranscriptMissing: there is no clean transcript.
        WordsMissing: there are no words in it.
        ObjectionsStand: it was sent back, and nobody has handed it on since.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        SoundIncomplete: part of the recording is missing on the disk.
    """
    interview.study.require_permitted(PersonAction.SIGN)
    if _is_own_work(interview, clean.log if clean else _log(interview)):
        raise OwnWork
    require_whole(interview)
    interview.study.require_unchanged()
    _require_handed_on(interview)
    _require_words(_clean_text(interview, clean)[0])


def send_transcript_back(
    interview: Interview,
    objections: Iterable[Objection],
    *,
    name: str = "",
    role: str = "",
    clean: CleanVersion | None = None,
) -> SignOff:
    """Send the clean transcript back; the mentions of its objections become undecided again.

    Where the passphrase in use does not open mentions, only the objections are written. clean: the
    version to send back, where the study may not have it yet; it is then written as well.

    Raises:
        StepMissing: there is no clean transcript.
        UnknownMention, UnknownTurn: an objection is about a mention that is not in the log, or
            about a turn that is not in the transcript.
        TextTooLong: a reason is longer than a few sentences.
        PersonRefused: the name is of somebody else who has a passphrase of their own.
    """
    objections = tuple(objections)
    require_own_name(interview.study, name)
    shown, text = _clean_text(interview, clean)
    turns = TurnNumbers(turn.key for turn in shown.turns)
    for one in objections:
        if one.turn:
            turns.read_turn(format_turn_key(one.turn))
    known = {line.mention for line in (clean.log if clean else _log(interview))}
    about = [(o.mention, o.reason) for o in objections if o.mention]
    if any(mention not in known for mention, _ in about):
        raise UnknownMention
    with interview.change("sent back") as change:
        _store_clean(change, interview, clean)
        if interview.study.ring.holds(KeyClass.IDENTIFYING):
            _undecide(change, interview, about)
        return _rule(
            change,
            interview,
            OfficerRuling.SENT_BACK,
            text,
            objections=objections,
            name=name,
            role=role,
        )


def require_exportable_sign_off(interview: Interview) -> StandingSignOff:
    """Return the sign-off on which this very text may be handed over.

    Raises:
        NotSignedOff: nobody signed it off, or it was sent back.
        SignOffVoid: something was changed since, or the text is written otherwise now.
        WordsMissing: there are no words in it.
    """
    found = require_sign_off(interview)
    shown, text = _clean_text(interview)
    _require_words(shown)
    if hashlib.sha256(text).hexdigest() != found.sign_off.text_sha256:
        raise SignOffVoid("the text is written in another way now, or may be quoted otherwise")
    return found


def _clean_text(
    interview: Interview, version: CleanVersion | None = None
) -> tuple[Transcript, bytes]:
    clean = (
        version.transcript if version else interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    )
    if clean is None:
        raise CleanTranscriptMissing
    # Who opens clean transcripts alone sends them back, and cannot know who may be quoted.
    knows = interview.study.ring.holds(KeyClass.IDENTIFYING)
    quotes = read_quote_permission(interview) if knows else None
    return clean, render_plain_text(list_transcript_lines(clean, quotes))


def _store_clean(change: Change, interview: Interview, clean: CleanVersion | None) -> None:
    if clean is not None and not clean.is_stored(interview):
        clean.store(change)


def _is_up_to_date(interview: Interview, clean: Transcript) -> bool:
    """Whether the clean transcript is made from the newest words, its log from the decisions."""
    made_from = clean.made_from
    if made_from is None or made_from.transcript != find_newest_ref(interview):
        return False
    standing = {
        (d.mention.key, d.decision.at if d.decision else "", d.replacement * d.is_replaced)
        for d in read_decisions(interview)
    }
    return standing == {(line.mention, line.at, line.replacement) for line in _log(interview)}


def _log(interview: Interview) -> tuple[LogLine, ...]:
    return interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()


def _require_words(shown: Transcript) -> None:
    if not any(turn.text.strip() for turn in shown.turns):
        raise WordsMissing


def _require_handed_on(interview: Interview) -> None:
    if interview.summary.is_sent_back:
        raise ObjectionsStand


def _list_deciders(log: Iterable[LogLine]) -> tuple[int, ...]:
    return tuple(sorted({line.by for line in log}))


def _is_own_work(interview: Interview, log: Iterable[LogLine]) -> bool:
    """Whether who is there may not sign this off, because they decided something in it."""
    study = interview.study
    asks = study.role is PersonRole.OFFICER or read_study_policy(study).second_person
    return asks and study.ring.slot in _list_deciders(log)


def _undecide(change: Change, interview: Interview, about: list[tuple[str, str]]) -> None:
    """Make mentions undecided again. about: the key of each, and the reason."""
    undecided = {d.mention.key for d in read_decisions(interview) if d.decision is None}
    undecided |= {mention for mention, _ in about}
    slot = interview.study.ring.slot
    for mention, reason in about:
        decision = Decision(mention, Verdict.UNDONE, slot, change.made_at, reason=reason)
        change.append_entry(ArtefactKind.MENTIONS, decision, DecisionFacts(len(undecided)))


def _rule(
    change: Change,
    interview: Interview,
    ruling: OfficerRuling,
    text: bytes,
    *,
    objections: tuple[Objection, ...] = (),
    name: str,
    role: str,
    who_recognises: str = "",
) -> SignOff:
    """Write the ruling, with its basis beside it in the clear, which lists read."""
    study = interview.study
    require_short(name, role, *(one.reason for one in objections))
    head = read_trail_head(study.db)
    checks = read_spot_checks(interview, _log(interview))
    salt = secrets.token_hex(_SALT_BYTES)
    knows = study.ring.holds(KeyClass.IDENTIFYING)
    sign_off = SignOff(
        ruling=ruling,
        by=study.ring.slot,
        slot_name=study.slot_name,
        at=change.made_at,
        transcript_sha256=hash_artefact(interview, ArtefactKind.CLEAN),
        log_sha256=hash_artefact(interview, ArtefactKind.LOG),
        text_sha256=hashlib.sha256(text).hexdigest(),
        trail_count=head.count,
        trail_hash=head.hash,
        name=tidy_text(name),
        role=tidy_text(role),
        decided_by=_list_deciders(_log(interview)),
        objections=objections,
        checked=len(checks) - len(list_objections(checks.values())),
        salt=salt,
        who_recognises=who_recognises,
        people_sha256=hash_people(interview.details, salt) if knows else "",
    )
    facts = SignOffFacts(ruling is OfficerRuling.SIGNED, interview.summary.sign_off_basis())
    change.write_artefact(ArtefactKind.SIGNED, sign_off, facts)
    change.facts["transcript_hmac"] = key_transcript_hash(interview, sign_off.transcript_sha256)
    change.facts[RULING_HASH] = hash_artefact(interview, ArtefactKind.SIGNED)
    change.facts["reasons"] = len(objections)
    return sign_off
