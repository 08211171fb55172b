"""Holding what a study does to what its participants agreed to; a refusal is noted in the trail.

What needs which answer stands in ``study.consent_gates``. Here is who is asked: everybody who was
present at a recording, or who is entered for an interview where nobody was ticked as present; of
interviewers those alone of whom the study has a consent record, which counts in every role. Before
words leave, whoever speaks in them under a code of a person is asked, too. A third
party whom nobody entered has no code to consent under: ``earshot status`` and the risk sheet name
them, and a person decides.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from study.access_levels import AccessLevel, find_highest_access, find_strictest, is_more_open
from study.artefact_kinds import ArtefactKind
from study.consent import ConsentRecord
from study.consent_gates import GATES, GatedAction, QuotePermission, find_refusal, may_be_quoted
from study.destruction import WithdrawalScope
from study.errors import (
    AccessTooOpen,
    ConsentFlaw,
    ConsentMissing,
    ConsentRefused,
    DiskFailed,
    DiskFull,
    EarshotError,
    NotWilling,
    PersonNotEntered,
    StudyInUse,
    StudyUnwritable,
)
from study.participant_codes import is_code, is_stranger, is_voice
from study.records import (
    InterviewDetails,
    RecordingSetup,
    Role,
    Transcript,
    list_third_parties,
)
from study.store.consents import (
    is_withdrawal_missing,
    list_consents,
    list_unproven_consents,
    require_one_spelling,
)
from study.store.database import map_storage_errors
from study.store.entered_people import are_people_proven
from study.store.sign_offs import read_study_policy
from study.store.study import Interview, Study
from study.store.withdrawals import list_withdrawals

REFUSED = "refused for want of consent"

# What is said leaves the study: whoever speaks there is asked, also who was never entered.
_WORDS_LEAVE = frozenset({GatedAction.HAND_OVER, GatedAction.ARCHIVE, GatedAction.HAND_OVER_SOUND})
_OF_WORDS = frozenset({GatedAction.HAND_OVER, GatedAction.ARCHIVE})  # others take what is heard


@dataclass(frozen=True, slots=True)
class ConsentsRead:
    """What everybody agreed to, opened once for many questions.

    records: the newest of each participant, by code. unproven: the codes whose record somebody
    else wrote than it names. is_withdrawal_missing: see the function of that name.
    """

    records: Mapping[str, ConsentRecord]
    unproven: frozenset[str]
    is_withdrawal_missing: bool


def read_consents(study: Study) -> ConsentsRead:
    """Open what everybody agreed to.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    return ConsentsRead(
        {record.code: record for record in list_consents(study)},
        frozenset(list_unproven_consents(study)),
        is_withdrawal_missing(study),
    )


def require_consent(
    study: Study,
    action: GatedAction,
    about: InterviewDetails,
    present: Iterable[str] = (),
    *,
    interview: str = "",
) -> None:
    """Refuse an action that consent does not cover, and note the refusal.

    about: of the interview, which may not be entered yet. present: codes of who is in the room, ()
    for everybody who is entered. interview: its id, "" for a new one.

    Raises:
        BadName: a new code differs by capitals alone from one that the study has.
        ConsentMissing, ConsentWithheld, CapacityLost: as their texts say.
        ConsentRefused: it is a spoken consent, of which nothing but the recording is made; or the
            trail shows that somebody else wrote a record than it names, or tells of a withdrawal
            that is not there any more.
    """
    if GATES[action].is_further:
        require_one_spelling(study, about.codes)
    if about.is_spoken_consent:
        if action is not GatedAction.RECORD:
            _refuse(study, interview, action, ConsentRefused(ConsentFlaw.SPOKEN))
        return
    read = read_consents(study)
    refusal = _find(study, action, _list_asked(read, about, tuple(present)), read)
    if refusal is not None:
        _refuse(study, interview, action, refusal)


def find_consent_refusal(
    study: Study, action: GatedAction, about: InterviewDetails, read: ConsentsRead
) -> EarshotError | None:
    """Return why ``require_consent`` would refuse a new interview, and note nothing."""
    return _find(study, action, _list_asked(read, about, ()), read)


def require_interview_consent(interview: Interview, action: GatedAction) -> None:
    """Refuse an action on an interview that the consent of who was heard in it does not cover.

    Raises:
        As ``require_consent``.
        HasWithdrawn: somebody took back what was said, or it is being destroyed.
    """
    if action in _OF_WORDS:
        interview.require_words_left()
    else:
        interview.require_workable()
    study, about = interview.study, interview.details
    if not _are_people_proven(interview):
        _refuse(study, interview.id, action, ConsentRefused(ConsentFlaw.OTHER_PEOPLE))
    if about.is_spoken_consent:
        require_consent(study, action, about, interview=interview.id)
        return
    read = read_consents(study)
    refusal = _find(study, action, _list_asked_of(interview, read), read)
    if refusal is None and action in _WORDS_LEAVE:
        refusal = _find_unentered(interview, action, read)
    if refusal is not None:
        _refuse(study, interview.id, action, refusal)


def _find_unentered(
    interview: Interview, action: GatedAction, read: ConsentsRead
) -> EarshotError | None:
    """Return why consent does not cover an action for somebody who speaks and is not entered."""
    codes = _list_unentered(interview)
    if not codes:  # where nobody at all is asked, that was found before
        return None
    refusal = _find(interview.study, action, codes, read)
    if isinstance(refusal, ConsentMissing):
        return PersonNotEntered(refusal.code, refusal.nothing)
    return refusal


def _list_unentered(interview: Interview) -> tuple[str, ...]:
    """Return who speaks in the clean transcript, by codes of people whom nobody entered.

    A voice that nobody has named (S1), or a third party that an import numbered (S01), has no code
    to consent under.
    """
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    about = interview.details
    entered = {*about.codes, *about.channels}
    speaking = {turn.speaker for turn in clean.turns} if clean else set[str]()
    return tuple(
        code
        for code in sorted(speaking - entered)
        if is_code(code) and not is_voice(code) and not is_stranger(code)
    )


def choose_access(
    interviews: Iterable[Interview], wanted: AccessLevel | None, *, has_sound: bool = False
) -> AccessLevel:
    """Return the access level of a deposit, and note it where that is refused.

    wanted: None for the strictest of those that everybody who was heard allows. has_sound: whether
    sound is part of it.

    Raises:
        AccessTooOpen: somebody's answers do not allow it.
    """
    levels = list[AccessLevel]()
    of_study = dict[Study, ConsentsRead]()
    for interview in interviews:
        if (read := of_study.get(interview.study)) is None:
            read = of_study[interview.study] = read_consents(interview.study)
        codes = _list_asked_of(interview, read)
        strangers = list_third_parties(interview.participants)  # of whom nobody has a record
        codes += _list_unentered(interview)
        asked = [(code, read.records.get(code)) for code in codes] + [(s, None) for s in strangers]
        for code, record in asked or [("", None)]:
            level = find_highest_access(record, has_sound=has_sound)
            if wanted is not None and is_more_open(wanted, level):
                error = AccessTooOpen(code, wanted.value, level.value)
                _refuse(interview.study, interview.id, GatedAction.ARCHIVE, error)
            levels.append(level)
    return wanted or find_strictest(levels)


def is_consented(interview: Interview, action: GatedAction) -> bool:
    """Whether consent covers an action on an interview; nothing is noted where it does not.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    if interview.details.is_spoken_consent or not _are_people_proven(interview):
        return False
    read = read_consents(interview.study)
    return _find(interview.study, action, _list_asked_of(interview, read), read) is None


def note_unwilling(study: Study, interview: str, error: NotWilling) -> None:
    """Note in the trail that a recording did not begin because somebody was not willing."""
    _note_refusal(study, interview, error, gate=error.flaw.name.lower())


def read_quote_permission(interview: Interview) -> QuotePermission:
    """Return whose words in an interview may be quoted.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    study, entered = interview.study, interview.participants
    rule = read_study_policy(study).consent
    read = read_consents(study)
    refused = frozenset(
        p.code
        for p in entered
        if (p.role is not Role.INTERVIEWER or p.code in read.records)
        and (p.code in read.unproven or not may_be_quoted(rule, read.records.get(p.code)))
    )
    return QuotePermission(frozenset(p.code for p in entered) - refused, refused)


def _find(
    study: Study, action: GatedAction, codes: tuple[str, ...], read: ConsentsRead
) -> EarshotError | None:
    if read.is_withdrawal_missing:
        return ConsentRefused(ConsentFlaw.WITHDRAWAL_MISSING)
    if not read.unproven.isdisjoint(codes):
        return ConsentRefused(ConsentFlaw.UNPROVEN)
    return find_refusal(action, read_study_policy(study).consent, codes, read.records)


def _list_asked(
    read: ConsentsRead, about: InterviewDetails, present: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the codes of those whose consent it takes."""
    recorded = read.records.keys()
    interviewers = {p.code for p in about.participants if p.role is Role.INTERVIEWER}
    entered = tuple(p.code for p in about.participants if not p.is_third_party)
    found = [code for code in present or entered if code not in interviewers]
    # Where only interviewers are ticked, everybody who is entered may be heard.
    asked = found or [code for code in entered if code not in interviewers]
    # A no, or a loss of capacity, is theirs whatever role somebody enters them in.
    asked += [code for code in present or entered if code in interviewers & recorded]
    return tuple(asked)


def _are_people_proven(interview: Interview) -> bool:
    return are_people_proven(interview, interview.study.authors)


def _list_asked_of(interview: Interview, read: ConsentsRead) -> tuple[str, ...]:
    """Return the codes of those whose consent it takes to work with what there is.

    Nothing is left in it of who took back everything, once the trail says that it was destroyed,
    and their consent record is gone as well.
    """
    codes = _list_asked(read, interview.details, _list_present(interview))
    gone = _list_destroyed(interview)
    return tuple(code for code in codes if code not in gone) if gone < {*codes} else codes


def _list_destroyed(interview: Interview) -> set[str]:
    every = [
        one
        for one in list_withdrawals(interview.study.whole)
        if one.scope is WithdrawalScope.EVERYTHING and interview.id not in one.pending
    ]
    if not every:
        return set()
    with interview.study.lock, map_storage_errors():
        told = interview.study.authors.refresh().destructions.told
    return {
        one.code
        for one in every
        if (found := told.get(one.destruction)) is not None
        and found.is_begun
        and interview.id in found.owners
    }


def _list_present(interview: Interview) -> tuple[str, ...]:
    """Return who was present at any recording of an interview, () where that is not known."""
    newest = interview.find_newest_version(ArtefactKind.SETTING)
    present: dict[str, None] = {}
    for version in range(1, newest + 1):
        setting = interview.read_artefact(ArtefactKind.SETTING, RecordingSetup, version)
        if setting is None or not setting.present:
            return ()
        present |= dict.fromkeys(setting.present)
    return tuple(present)


def _refuse(study: Study, interview: str, action: GatedAction, refusal: EarshotError) -> None:
    _note_refusal(study, interview, refusal, gate=action.value)
    raise refusal


def _note_refusal(study: Study, interview: str, refusal: EarshotError, *, gate: str) -> None:
    # A refusal stands also where it cannot be noted: nothing is done then.
    with (
        contextlib.suppress(DiskFailed, DiskFull, StudyInUse, StudyUnwritable),
        study.change(REFUSED, interview) as change,
    ):
        change.facts |= {"gate": gate, "exit_code": refusal.exit_code}
