"""Somebody withdraws: what goes, what stays and why, and what cannot be called back.

The plan is shown before anything is asked for. It holds codes, labels, counts and times, and no
words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.retention import (
    ask_and_confirm,
    list_entered,
    name_backups,
    name_sealed_copies,
    name_shared_hand_overs,
)
from study import (
    KIND_ARTEFACTS,
    WORD_ARTEFACTS,
    ArtefactKind,
    CaseAttributes,
    DataKind,
    Destruction,
    DestructionCause,
    DestructionPart,
    DestructionState,
    GivenAway,
    InterviewSummary,
    JointWithdrawal,
    OutsideCopy,
    WithdrawalScope,
    fold_name,
    format_clock,
    list_others,
)
from study.errors import DestructionFlaw, DestructionRefused, HasWithdrawn
from study.store import (
    Interview,
    KeyClass,
    Study,
    can_redact_sound,
    can_redact_words,
    find_consent_owner,
    find_contact_owner,
    list_consents,
    list_destructions,
    list_given_away,
    list_hand_overs_here,
    list_standing_withdrawals,
    may_confirm,
    read_study_policy,
    read_vocabulary,
    record_withdrawal,
)

_SOUND_KINDS = tuple(sorted(KIND_ARTEFACTS[DataKind.SOUND]))
_WORD_KINDS = tuple(sorted(WORD_ARTEFACTS | {ArtefactKind.VOICES}))
_HANDED_OVER_HERE = "what was handed over of it into the study's own folder: {where}"
_OF_TRAIL = (
    "The audit trail: ids, counts and hashes, and no words or names; their code where they were"
    " given their own data."
)
_SHORTEST_NAME = 3  # letters; a shorter part of a name would be found in every transcript
_SHOWN_PLACES = 6
_POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WithdrawalPlan:
    """What a withdrawal does. gone, stays: a sentence each. given_away: cannot be called back.

    takes_two: somebody else has to confirm it.
    """

    code: str
    scope: WithdrawalScope
    order: Destruction
    gone: tuple[str, ...]
    stays: tuple[str, ...]
    given_away: tuple[GivenAway, ...]
    takes_two: bool


def list_participants(study: Study) -> list[str]:
    """Return the codes of who takes part, interviewers apart, sorted.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    codes = {code for s in study.summaries() for code in list_others(list_entered(s))}
    return sorted(codes | {record.code for record in list_consents(study)})


def require_taking_part(study: Study, code: str) -> None:
    """Refuse what can be done only with somebody of whom the study knows something.

    Raises:
        DestructionRefused: nobody has that code.
        HasWithdrawn: nothing is left of them, because they have taken back everything.
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    if code not in list_participants(study):
        gone = [one for one in list_standing_withdrawals(study) if one.code == code]
        if gone:
            raise HasWithdrawn(code, gone[-1].at[:10])
        raise DestructionRefused(DestructionFlaw.UNKNOWN)


def plan_withdrawal(study: Study, code: str, scope: WithdrawalScope) -> WithdrawalPlan:
    """Work out what a withdrawal does; nothing is changed.

    Raises:
        DestructionRefused: nobody has that code; it was withdrawn already; the interview is with
            several and the policy does not say what goes.
        HasWithdrawn: nothing is left of them, because they have taken back everything.
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    require_taking_part(study, code)
    _require_not_twice(study, code, scope)
    # Somebody who takes part may have been entered as an interviewer of another one.
    mine = [s for s in study.summaries() if s.about is not None and code in s.about.codes]
    mine.sort(key=lambda summary: summary.label)
    if scope is WithdrawalScope.FURTHER:
        parts: tuple[DestructionPart, ...] = ()
    else:
        parts = tuple(part for s in mine for part in _plan_interview(study, s, code, scope))
    if scope is WithdrawalScope.EVERYTHING:
        parts += tuple(_plan_records(study, code))
    has_cases = scope is WithdrawalScope.EVERYTHING and _has_attributes(study, code)
    given = list_given_away(study, parts)
    order = Destruction(
        "", DestructionCause.WITHDRAWAL, scope.value, code, parts, study.ring.slot, "",
        cases=has_cases, copies=tuple(_list_copies(study, mine, code, parts, scope)),
    )  # fmt: skip
    known = {s.id: s for s in mine}
    return WithdrawalPlan(
        code,
        scope,
        order,
        (*_describe_gone(order, known), *_describe_hand_overs_here(study, given)),
        tuple(_describe_staying(scope, parts, mine)),
        given,
        takes_two=bool(parts) and not may_confirm(study, order),
    )


def carry_out_withdrawal(
    study: Study, plan: WithdrawalPlan, because: str = ""
) -> Destruction | None:
    """Record a withdrawal, ask for what it destroys, and destroy it where who is there may.

    Returns what became of the request, None where nothing is destroyed.

    Raises:
        What ``record_withdrawal``, ``ask_destruction`` and ``confirm_destruction`` raise.
    """
    if plan.scope is WithdrawalScope.FURTHER or not (plan.order.parts or plan.order.cases):
        record_withdrawal(study, plan.code, plan.scope)
        return None
    return ask_and_confirm(study, plan.order, plan.scope, because=because)


def _require_not_twice(study: Study, code: str, scope: WithdrawalScope) -> None:
    order = list(WithdrawalScope)
    for one in list_standing_withdrawals(study):
        is_all = one.scope is WithdrawalScope.EVERYTHING
        if one.code == code and (is_all or one.scope is scope or scope is order[0]):
            waits = {d.id for d in list_destructions(study) if d.state is DestructionState.ASKED}
            if one.destruction in waits:
                raise DestructionRefused(DestructionFlaw.ASKED_ALREADY)
            if not (scope is WithdrawalScope.TRANSCRIPT and _has_names_left(study, code)):
                raise DestructionRefused(DestructionFlaw.TWICE)


def _has_names_left(study: Study, code: str) -> bool:
    """Whether names stand there still, as up to 0.5.0 where nothing was transcribed yet."""
    mine = ((s, list_others(list_entered(s))) for s in study.summaries())
    return any(code in codes and _has_names(s, code if len(codes) > 1 else "") for s, codes in mine)


def _plan_interview(
    study: Study, summary: InterviewSummary, code: str, scope: WithdrawalScope
) -> Iterator[DestructionPart]:
    others = [one for one in list_others(list_entered(summary)) if one != code]
    rule = read_study_policy(study).joint_withdrawal
    if others and rule is JointWithdrawal.UNSET:
        raise DestructionRefused(DestructionFlaw.JOINT)
    whose = code if others and rule is JointWithdrawal.REDACT else ""
    interview, label = study.interview(summary.id), summary.label
    takes_sound = scope in {WithdrawalScope.SOUND, WithdrawalScope.EVERYTHING}
    takes_words = scope in {WithdrawalScope.TRANSCRIPT, WithdrawalScope.EVERYTHING}
    if takes_sound and takes_words and not whose:
        yield DestructionPart(summary.id, label, sound=True, whole=True)
        return
    if takes_sound and summary.sound_s:
        speaker = whose if whose and can_redact_sound(interview, code) else ""
        yield DestructionPart(summary.id, label, _SOUND_KINDS, sound=True, speaker=speaker)
    if takes_words and _has_words(summary):
        is_known = whose and can_redact_words(interview, code)
        yield DestructionPart(summary.id, label, _WORD_KINDS, speaker=whose if is_known else "")
    elif takes_words and (whose or _has_names(summary)):  # their names alone
        yield DestructionPart(summary.id, label, (ArtefactKind.PSEUDONYMS,), speaker=whose)


def _has_words(summary: InterviewSummary) -> bool:
    return bool(summary.versions.keys() & WORD_ARTEFACTS)


def _has_names(summary: InterviewSummary, code: str = "") -> bool:
    """Whether names are entered with an interview, or the register; code: of one alone, or ""."""
    entered = any(p.names for p in list_entered(summary) if code in {p.code, ""})
    return entered or (not code and summary.about is not None and bool(summary.about.register))


def _plan_records(study: Study, code: str) -> Iterator[DestructionPart]:
    for owner in (find_consent_owner(study, code), find_contact_owner(study, code)):
        if owner:
            yield DestructionPart(owner, code, whole=True)


def _has_attributes(study: Study, code: str) -> bool:
    cases = study.whole.read_artefact(ArtefactKind.CASES, CaseAttributes)
    return cases is not None and code in cases.values


def _describe_gone(order: Destruction, known: dict[str, InterviewSummary]) -> Iterator[str]:
    for part in order.parts:
        summary = known.get(part.owner)
        if summary is None:
            yield f"{part.label}: their consent or contact details, kept apart from the interviews"
            continue
        things = list(_name_things(part, summary))
        if part.speaker:
            things = [f"of {part.speaker} alone: {', '.join(things)}"]
        yield f"{part.label}: {', '.join(things)}"
    if order.cases:
        yield f"{order.code}: what the list of cases says about them"


def _describe_hand_overs_here(study: Study, given: Iterable[GivenAway]) -> Iterator[str]:
    if found := list_hand_overs_here(study, given):
        yield _HANDED_OVER_HERE.format(where=", ".join(f"{one}/" if one else "." for one in found))


def _name_things(part: DestructionPart, summary: InterviewSummary) -> Iterator[str]:
    if part.sound and summary.sound_s:
        yield f"the sound ({format_clock(summary.sound_s)})"
    if part.sound and ArtefactKind.VOICES in summary.versions:
        yield "voice prints"
    if part.whole or part.kinds != _SOUND_KINDS:
        groups = (
            (DataKind.RAW_WORDS, "the words"), (DataKind.CLEAN_TEXT, "the clean text and its log"),
            (DataKind.REPLACEMENTS, "what each replacement stands for"),
        )  # fmt: skip
        for kind, name in groups:
            if summary.versions.keys() & KIND_ARTEFACTS[kind]:
                yield name
        yield "names"
    if part.whole:
        yield "all its keys"


def _describe_staying(
    scope: WithdrawalScope, parts: tuple[DestructionPart, ...], mine: Sequence[InterviewSummary]
) -> Iterator[str]:
    yield "That they have withdrawn, when and how far, so that nobody asks them again."
    if scope is WithdrawalScope.FURTHER:
        yield "Every interview so far: they stop taking part, and take nothing back."
    if scope is WithdrawalScope.SOUND and any(_has_words(s) for s in mine):
        yield "The words, and what was made of them: only the sound is taken back."
    if scope is WithdrawalScope.TRANSCRIPT and any(s.sound_s for s in mine):
        yield "The sound: only the words are taken back. It is not transcribed again."
    if scope is not WithdrawalScope.EVERYTHING:
        yield "Consent and contact details: they show what was agreed, and how to write to them."
    if any(part.speaker for part in parts):
        yield "What others said in interviews with several: the policy takes one speaker out."
    yield "Notes that somebody's safety was in doubt, if there are any: they are kept apart."
    if any(ArtefactKind.ORIGIN in s.versions for s in mine):
        yield "Hashes of files brought in, without names: none comes in again."
    yield _OF_TRAIL


def _list_copies(
    study: Study,
    mine: Iterable[InterviewSummary],
    code: str,
    parts: tuple[DestructionPart, ...],
    scope: WithdrawalScope,
) -> Iterator[OutsideCopy]:
    if scope is WithdrawalScope.FURTHER:
        return
    yield name_backups(study)
    yield from name_shared_hand_overs(study, parts)
    yield from name_sealed_copies(study, parts)
    owners = {part.owner for part in parts if part.sound}
    for summary in mine:
        if summary.id in owners and ArtefactKind.ORIGIN in summary.versions:
            yield OutsideCopy(f"{summary.label}: the file or recorder that it was brought in from")
    if scope is WithdrawalScope.EVERYTHING:
        yield OutsideCopy(f"Paper about {code}: forms, notes, letters")
    yield from _list_mentions_elsewhere(study, code, parts)


def _list_mentions_elsewhere(
    study: Study, code: str, parts: tuple[DestructionPart, ...]
) -> Iterator[OutsideCopy]:
    """Return where others speak of them, interview by interview, for a person to decide.

    What others said in the same interview stays where one speaker alone is taken out of it.
    """
    gone = {part.owner for part in parts} - {part.owner for part in parts if part.speaker}
    names = _list_names(study, code)
    if not names:
        return
    wanted = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    for summary in study.summaries():
        if summary.id in gone:
            continue
        places = list(_find_places(study.interview(summary.id), wanted, code))
        if places:
            more = len(places) - _SHOWN_PLACES
            shown = ", ".join(format_clock(at) for at in places[:_SHOWN_PLACES])
            shown += f" and {more} more" if more > 0 else ""
            yield OutsideCopy(
                f"{summary.label} speaks of {code} at {shown}: decide whether that stays"
            )
    vocabulary, _ = read_vocabulary(study)
    if wanted.search(fold_name(vocabulary.text)):
        yield OutsideCopy(f"The study's list of words has a name of {code}: take it out")


def _list_names(study: Study, code: str) -> set[str]:
    names = {
        name
        for summary in study.summaries()
        for person in list_entered(summary)
        if person.code == code
        for name in person.names
    }
    return {
        word for name in names for word in fold_name(name).split() if len(word) >= _SHORTEST_NAME
    }


def _find_places(interview: Interview, wanted: re.Pattern[str], code: str) -> Iterator[float]:
    source = interview.read_transcript()
    for turn in source.transcript.turns if source else ():
        if turn.speaker != code and wanted.search(_fold_text(turn.text)):
            yield turn.start_s


def _fold_text(text: str) -> str:
    """Fold a text as ``fold_name`` does, with no possessive s.

    Most is ASCII, where it takes a twentieth of the time.
    """
    text = _POSSESSIVE.sub("", text)
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    return fold_name(text)


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """A participant, or something that retention asks; and how far it has come.

    code: "" where it is about no single participant. interviews: how many they take part in.
    withdrawn: how far they have withdrawn, "" for not. newest: the newest destruction about them,
    None where there is none.
    """

    code: str
    interviews: int
    withdrawn: str
    newest: Destruction | None


def list_withdrawal_rows(study: Study) -> list[WithdrawalRow]:
    """Return a row for each participant, and for each destruction that is about no single one.

    Whose keys tell of no participant gets those alone about whom something was asked.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    every = list_destructions(study) if study.ring.holds(KeyClass.CLEAN) else ()
    newest = {one.code: one for one in every if one.code}
    scopes: dict[str, WithdrawalScope] = {}
    codes, counts = set(newest), Counter[str]()
    if study.ring.holds(KeyClass.IDENTIFYING):
        scopes = {one.code: one.scope for one in list_standing_withdrawals(study)}
        codes |= {*list_participants(study), *scopes}
        counts.update(c for s in study.summaries() for c in list_others(list_entered(s)))
    rows = [
        WithdrawalRow(code, counts[code], scopes[code].value if code in scopes else "",
                      newest.get(code))
        for code in sorted(codes)
    ]  # fmt: skip
    return rows + [WithdrawalRow("", 0, "", one) for one in every if not one.code]
