"""The sheet that an officer files about an interview that was signed off or sent back."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from app.dissent import tell_dissent
from app.labels import describe_coverage, format_count, format_moment
from app.objections import list_send_backs
from app.unread_turns import describe_unread_turns, find_unread_turns
from study import (
    ArtefactKind,
    LogLine,
    Objection,
    SignOff,
    StandingSignOff,
    Transcript,
    TurnNumbers,
    fold_words,
    format_clock,
)
from study.store import (
    Interview,
    KeyClass,
    Study,
    format_fingerprint,
    format_fingerprint_groups,
    read_gate_passes,
    read_signing_key,
    read_turn_numbers,
)

_MOST_PLACES = 5
_GROUPS_WIDTH = 39  # eight of the sixteen groups


def count_log_decisions(interview: Interview) -> dict[str, int]:
    """Count the lines of the newest log, by ``category, action``."""
    log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
    return dict(sorted(Counter(f"{line.category}, {line.action}" for line in log).items()))


def format_sign_off_sheet(
    interview: Interview, standing: StandingSignOff | None, then: str = ""
) -> list[str]:
    """Write the sheet, without words of the interview: first what people read, then the proof.

    then: what follows now, between the two.
    """
    if standing is None:
        return ["Nobody has signed it off yet.", *describe_passes(interview)]
    sign_off, clean = standing.sign_off, interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    when = format_moment(sign_off.at)
    lines = [f"{_describe_standing(standing)} by {_who(sign_off)}, {when}"]
    lines += _describe_reasons(interview, sign_off)
    lines += describe_send_backs(interview, before=sign_off)
    if sign_off.who_recognises:
        lines.append(f"Who could recognise this person: {sign_off.who_recognises}")
    lines += [f"{number:4}  {what}" for what, number in count_log_decisions(interview).items()]
    if sign_off.checked:
        was = "line was" if sign_off.checked == 1 else "lines were"
        lines.append(f"{sign_off.checked:4}  {was} looked at again, and found right")
    lines += describe_unread_turns(len(find_unread_turns(interview)))
    log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
    lines += describe_kept_names(log)
    lines += describe_possible_joins(interview)
    lines += describe_passes(interview)
    lines += filter(None, [tell_dissent(clean)])
    lines += describe_heard(clean) if clean else []
    lines += describe_clock_steps(interview.study)
    return [*lines, *(["", then] if then else []), "", *_list_proof(interview.study, sign_off)]


def _list_proof(study: Study, sign_off: SignOff) -> list[str]:
    """Return what proves later what was signed: the time, the hashes, the trail and the key."""
    lines = [
        "For proving it later",
        f"Time              {sign_off.at}",
        f"Clean transcript  {sign_off.transcript_sha256}",
        f"Log               {sign_off.log_sha256}",
        f"Text handed over  {sign_off.text_sha256}",
        f"Audit trail       {sign_off.trail_count}:{sign_off.trail_hash}",
    ]
    signing = read_signing_key(study, sign_off.by)
    if signing:
        lines.append(f"Signing key       {format_fingerprint(signing)}")
        groups = textwrap.wrap(format_fingerprint_groups(signing), _GROUPS_WIDTH)
        lines += [f"{'':<18}{row}" for row in groups]
    return lines


def describe_send_backs(interview: Interview, before: SignOff | None = None) -> list[str]:
    """Say when the interview was sent back, by whom and why, one line for each and its reasons.

    before: a ruling, to tell of those before it alone.
    """
    lines: list[str] = []
    for one in list_send_backs(interview, before):
        when = format_moment(one.at)
        lines += [f"Sent back before by {_who(one)}, {when}", *_describe_reasons(interview, one)]
    return lines


def _describe_reasons(interview: Interview, sign_off: SignOff) -> list[str]:
    about_turns = any(one.turn for one in sign_off.objections)
    numbers = read_turn_numbers(interview) if about_turns else TurnNumbers(())
    log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
    lines = {line.mention: f"{line.category} at {format_clock(line.start_s)}" for line in log}
    return [
        f"  about {_name_place(one, numbers, lines)}: {one.reason}" for one in sign_off.objections
    ]


def _name_place(one: Objection, numbers: TurnNumbers, lines: Mapping[str, str]) -> str:
    """Name what an objection is about; a decision that is in the log no more by its key."""
    if one.turn:
        return f"turn {numbers.show_turn(one.turn)}"
    return lines.get(one.mention, one.mention) or "the whole"


def describe_possible_joins(interview: Interview) -> list[str]:
    """Say which labels of an interview may be one person's, where nobody has said so yet.

    Nothing to somebody whose passphrase does not open the key of replacements.
    """
    from anonymise import list_possible_joins

    study = interview.study
    if not (study.ring.holds(KeyClass.KEY) and study.ring.holds(KeyClass.IDENTIFYING)):
        return []
    return [
        f"! {one.label} and {one.other} may be one person: {one.why}."
        for one in list_possible_joins(study, within=interview.id)
    ]


def describe_heard(clean: Transcript) -> list[str]:
    """Say how much of the speech has words, and how many turns are to be checked still."""
    if clean.coverage is None:
        return []
    doubtful = sum(turn.is_doubtful for turn in clean.turns)  # as the review counts them
    more = f" {format_count(doubtful, 'turn')} to check." if doubtful else ""
    return [f"{describe_coverage(clean.coverage)}{more}"]


def describe_kept_names(log: Iterable[LogLine]) -> list[str]:
    """Say which names that were entered stay in the transcript as they were said, and where."""
    from anonymise import REGISTER_SOURCE

    kept = [one for one in log if one.source == REGISTER_SOURCE and not one.replacement]
    if not kept:
        return []
    times = [format_clock(one.start_s) for one in kept]
    where = ", ".join(times[:_MOST_PLACES]) + (" and later" if len(times) > _MOST_PLACES else "")
    if len(kept) == 1:
        return [f"! A name that was entered stays as it was said, at {where}."]
    return [f"! {len(kept)} names that were entered stay as they were said, at {where}."]


def describe_passes(interview: Interview) -> list[str]:
    """Say what somebody let through the gate, where, who did, and on a line of its own why.

    Never the words; nothing to somebody who may not read what was said.
    """
    if not interview.study.ring.holds(KeyClass.IDENTIFYING):
        return []
    names = interview.study.slot_names()
    numbers = read_turn_numbers(interview)
    lines: list[str] = []
    for one in read_gate_passes(interview):
        count = len(fold_words(one.words))
        words = "1 word" if count == 1 else f"{count} words"
        where = f"in turn {numbers.show_turn(one.turn)}" if one.turn else "wherever they are"
        who, when = names.get(one.by, str(one.by)), format_moment(one.at)
        lines.append(f"Let through the gate, {where}: {words}, by {who}, {when}")
        lines.append(f"  because {one.reason}")
    return lines


def describe_clock_steps(study: Study) -> list[str]:
    """Say where the clock of the computer went back, as far as the audit trail can tell.

    A clock that was set forward shows when it is set right again. The trail's lines are chained in
    their order whatever their times say.
    """
    lines, _ = study.read_trail()
    stamps = [(line.number, datetime.fromisoformat(line.at)) for line in lines]
    stamps.append((0, datetime.fromisoformat(study.now())))
    latest = stamps[0][1]
    places: list[str] = []
    longest = timedelta()
    for number, at in stamps:
        if at < latest:
            longest = max(longest, latest - at)
            places.append(f"line {number}" if number else "now")
        latest = at
    if not places:
        return []
    times = "once" if len(places) == 1 else f"{len(places)} times"
    where = ", ".join(places[:_MOST_PLACES])
    return [
        f"The clock was odd: it went back {times}, by up to {longest} (trail, before {where}).",
        "The order of the trail's lines holds; their times may be wrong.",
    ]


def _describe_standing(standing: StandingSignOff) -> str:
    if standing.is_sent_back:
        return "Sent back"
    return f"VOID, because {standing.why_void}; signed" if standing.why_void else "Signed off"


def _who(sign_off: SignOff) -> str:
    named = ", ".join(part for part in (sign_off.name, sign_off.role) if part)
    return f"{named} (passphrase of {sign_off.slot_name})" if named else sign_off.slot_name
