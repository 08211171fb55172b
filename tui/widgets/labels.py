"""An interview's state, next step, length and coverage in a few words, with the screens' keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app import (
    WITHDRAWN_SIGN,
    CommandPlace,
    StandingWithdrawal,
    describe_withdrawals,
    format_percent,
    is_over,
)
from study import (
    InterviewState,
    InterviewSummary,
    PersonAction,
    PersonRole,
    format_clock,
    is_permitted,
)
from tui.key_names import with_keys

_SIGNS = {
    InterviewState.EMPTY: "·",
    InterviewState.RECORDING: "●",
    InterviewState.RECORDED: "○",
    InterviewState.TRANSCRIBING: "◐",
    InterviewState.TRANSCRIBED: "◑",
    InterviewState.REVIEW: "?",
    InterviewState.CORRECTED: "!",
    InterviewState.REVIEWED: "✓",
    InterviewState.READY: "→",
    InterviewState.SENT_BACK: "↩",
    InterviewState.SIGNED: "✔",
    InterviewState.SIGN_AGAIN: "!",
    InterviewState.HANDED: "»",
}


_BRIEF = {
    InterviewState.EMPTY: "{home.go_on} record",
    InterviewState.RECORDING: "wait",
    InterviewState.RECORDED: "{home.transcribe} transcribe",
    InterviewState.TRANSCRIBING: "{home.transcribe} continue",
    InterviewState.TRANSCRIBED: "{home.anonymise} anonymise",
    InterviewState.REVIEW: "{home.open} review",
    InterviewState.CORRECTED: "{home.anonymise} anonymise",
    InterviewState.REVIEWED: "{home.open} hand over",
    InterviewState.READY: "{home.check} check",
    InterviewState.SENT_BACK: "{home.open} review",
    InterviewState.SIGNED: "{home.export} export",
    InterviewState.SIGN_AGAIN: "{home.check} check",
    InterviewState.HANDED: "done",
}
# A sentence names only keys that work where it is read.
_IN_LIST = {
    InterviewState.EMPTY: "Press {home.go_on} to record it, or import its sound in a terminal.",
    InterviewState.RECORDING: "It is being recorded; wait until it is done.",
    InterviewState.RECORDED: "Press {home.transcribe} to transcribe this recording.",
    InterviewState.TRANSCRIBING: "Press {home.transcribe} to continue the transcription.",
    InterviewState.TRANSCRIBED: "Press {home.anonymise} to look for identifying details.",
    InterviewState.REVIEW: "Press {home.open} to open it and decide each mention.",
    InterviewState.CORRECTED: (
        "Edited since the last search. Press {home.anonymise} to search it again."
    ),
    InterviewState.REVIEWED: (
        "Everything is decided. Press {home.open} to open it and hand it to the officer."
    ),
    InterviewState.READY: "Press {home.check} to check it and sign it off, as the data officer.",
    InterviewState.SENT_BACK: "It was sent back. Press {home.open} to see why, and look again.",
    InterviewState.SIGNED: "It is signed off. Press {home.export} to hand it over.",
    InterviewState.SIGN_AGAIN: (
        "It changed, so its sign-off is void. Press {home.check} to check and sign it again."
    ),
    InterviewState.HANDED: "It was handed over. {home.export} does so again.",
}
_IN_REVIEW = {
    InterviewState.EMPTY: "Press {interview.back} to go back to the list, and record it there.",
    InterviewState.RECORDING: "It is being recorded; wait until it is done.",
    InterviewState.RECORDED: "Press {interview.transcribe} to transcribe this recording.",
    InterviewState.TRANSCRIBING: "Press {interview.transcribe} to continue the transcription.",
    InterviewState.TRANSCRIBED: "Press {interview.anonymise} to look for identifying details.",
    InterviewState.REVIEW: "{interview.next_undecided} goes to the next.",
    InterviewState.CORRECTED: (
        "Edited since the last search: press {interview.anonymise} to search it again."
    ),
    InterviewState.REVIEWED: "Press {interview.ready} to hand it to the officer.",
    InterviewState.READY: "Press {interview.check} to check it and sign it off.",
    InterviewState.SENT_BACK: "Press {interview.ready} to hand it to the officer again.",
    InterviewState.SIGNED: "Press {interview.export} to hand it over.",
    InterviewState.SIGN_AGAIN: "Press {interview.check} to check it and sign it again.",
    InterviewState.HANDED: "It was handed over. {interview.back} goes back.",
}
_IN_CHECK = {
    InterviewState.EMPTY: "Press {check.back} to go back; it is recorded from the list.",
    InterviewState.RECORDING: "It is being recorded; wait until it is done.",
    InterviewState.RECORDED: "Press {check.back}, then {home.transcribe} to transcribe it.",
    InterviewState.TRANSCRIBING: "Press {check.back}, then {home.transcribe} for the rest.",
    InterviewState.TRANSCRIBED: "Press {check.back}, then {home.anonymise} to search it.",
    InterviewState.REVIEW: "Press {check.review} to decide what is left.",
    InterviewState.CORRECTED: "Press {check.back}, then {home.anonymise} to search it again.",
    InterviewState.REVIEWED: "Press {check.sign} to sign it off.",
    InterviewState.READY: "Press {check.sign} to sign it off, {check.send_back} to send it back.",
    InterviewState.SENT_BACK: "Press {check.review} to look again; {interview.ready} hands it on.",
    InterviewState.SIGNED: "Press {check.export} to hand it over.",
    InterviewState.SIGN_AGAIN: "Press {check.sign} to sign it again.",
    InterviewState.HANDED: "It was handed over. {check.back} goes back.",
}
_SENTENCES = {
    CommandPlace.HOME: _IN_LIST,
    CommandPlace.INTERVIEW: _IN_REVIEW,
    CommandPlace.CHECK: _IN_CHECK,
}


# What a participant sent back is corrected and signed off anew, whatever was handed over before.
_JOINS = (
    "On one of them in the review, {interview.link} says that they are one; in a terminal,"
    " `earshot replacements STUDY --apart LABEL=LABEL` says that they are two."
)
_OVER = frozenset({InterviewState.SIGNED, InterviewState.HANDED})
_RETURNED_WAITS = "A participant's copy came back. It waits for somebody"
_RETURNED_BRIEF = "{home.open} read copy"
_RETURNED = {
    CommandPlace.HOME: (
        "A participant's copy came back. Press {home.open} to open it and go through it."
    ),
    CommandPlace.INTERVIEW: "A participant's copy came back: {interview.returned} goes through it.",
}
_A = PersonAction
_NEEDS: Final = {
    InterviewState.EMPTY: _A.RECORD, InterviewState.RECORDED: _A.TRANSCRIBE,
    InterviewState.TRANSCRIBING: _A.TRANSCRIBE, InterviewState.TRANSCRIBED: _A.DECIDE,
    InterviewState.REVIEW: _A.DECIDE, InterviewState.CORRECTED: _A.DECIDE,
    InterviewState.REVIEWED: _A.HAND_ON, InterviewState.READY: _A.SIGN,
    InterviewState.SENT_BACK: _A.DECIDE, InterviewState.SIGNED: _A.HAND_OVER,
    InterviewState.SIGN_AGAIN: _A.SIGN, InterviewState.HANDED: _A.HAND_OVER,
}  # fmt: skip
# Who decides cannot sign off: an officer leaves it to an assistant.
_NOT_FOR_OFFICERS: Final = frozenset({InterviewState.REVIEW, InterviewState.SENT_BACK})
_ELSEWHERE = "Another window or program is transcribing it; wait until it is done."
Withdrawals = Sequence[StandingWithdrawal]


def format_state(
    summary: InterviewSummary, found: Withdrawals = (), *, is_elsewhere: bool = False
) -> str:
    """Say how far an interview has come: a sign and a word.

    found: the withdrawals of who takes part. is_elsewhere: another program transcribes it.
    """
    if any(summary.id in one.pending for one in found):
        waits = any(summary.id in one.pending and one.waits for one in found)
        return f"{WITHDRAWN_SIGN} " + ("withdrawal waits" if waits else "being destroyed")
    if is_over(summary, found):
        return f"{WITHDRAWN_SIGN} withdrawn"
    if is_elsewhere:
        return f"{_SIGNS[InterviewState.TRANSCRIBING]} in transcription"
    draft = "draft: " if summary.is_draft else ""  # first, for a narrow column cuts the end off
    return f"{_SIGNS[summary.state]} {draft}{summary.state.value}"


def name_next_step(
    summary: InterviewSummary,
    found: Withdrawals = (),
    role: PersonRole = PersonRole.OWNER,
    *,
    is_elsewhere: bool = False,
    is_returned: bool = False,
) -> str:
    """Say in a word or two what to do next; "" where there is nothing for this role to do.

    is_returned: a participant's copy came back, and not all of it was entered.
    """
    if is_over(summary, found):
        return ""
    if _is_spoken_consent(summary):
        return "consent"
    if is_elsewhere:
        return "wait"
    if _find_obstacle(summary, role):
        return ""
    is_to_enter = is_returned and _enters_returned(summary, role)
    brief = _RETURNED_BRIEF if is_to_enter else _BRIEF[summary.state]
    return with_keys(brief).replace("Enter ", "⏎ ")  # a column is narrow


def explain_joins(joins: Sequence[str]) -> list[str]:
    """Add which key says that two labels are one person, and what says that they are two."""
    return [*joins, with_keys(_JOINS)] if joins else []


def describe_next_step(
    summary: InterviewSummary,
    found: Withdrawals = (),
    role: PersonRole = PersonRole.OWNER,
    *,
    is_elsewhere: bool = False,
    is_returned: bool = False,
    place: CommandPlace = CommandPlace.HOME,
) -> str:
    """Say in a sentence what to do next, and who of those that take part has withdrawn.

    is_returned: a participant's copy came back, and not all of it was entered. place: where it is
    read (the list, one interview, the check): its keys work there.
    """
    withdrawn = describe_withdrawals(summary, found)
    if is_over(summary, found):
        return withdrawn
    if _is_spoken_consent(summary):
        step = "This is a spoken consent: you can listen to it, nothing more."
    elif is_elsewhere:
        step = _ELSEWHERE
    elif is_returned and summary.state in _OVER and place in _RETURNED:
        step = with_keys(_RETURNED[place])
        if not is_permitted(role, _A.CORRECT):
            step = f"{_RETURNED_WAITS} whose role lets them {_A.CORRECT}."
    else:
        step = _find_obstacle(summary, role) or with_keys(_name_step(summary, place))
    return f"{withdrawn} {step}".strip()


def _enters_returned(summary: InterviewSummary, role: PersonRole) -> bool:
    """Whether a copy that came back is what comes next, and this role may enter it."""
    return summary.state in _OVER and is_permitted(role, _A.CORRECT)


def _name_step(summary: InterviewSummary, place: CommandPlace) -> str:
    state = summary.state
    if place is CommandPlace.INTERVIEW and summary.undecided:
        state = InterviewState.REVIEW  # whether it was sent back or not
    return _SENTENCES[place][state]


def _find_obstacle(summary: InterviewSummary, role: PersonRole) -> str:
    """Say who takes the next step, "" where this role does."""
    if not summary.is_own:
        return "Somebody else entered it; your role works on interviews of your own."
    needed = _NEEDS.get(summary.state)
    if needed is None:
        return ""
    if role is PersonRole.OFFICER and summary.state in _NOT_FOR_OFFICERS:
        return "An assistant must decide it: whoever decides cannot sign it off."
    if not is_permitted(role, needed):
        return f"Your role may not {needed}: somebody else has to."
    return ""


def _is_spoken_consent(summary: InterviewSummary) -> bool:
    return summary.about is not None and summary.about.is_spoken_consent


def format_length(summary: InterviewSummary) -> str:
    """Write how long an interview is, by its sound or else by its text's times; "" for neither."""
    facts = summary.facts.raw
    length_s = summary.sound_s or (facts.length_s if facts else 0.0)
    return format_clock(length_s) if length_s else ""


def describe_covered_share(summary: InterviewSummary) -> str:
    """Say how much of the speech the transcript covers, from the plain counts; "" if unknown."""
    facts = summary.facts.corrected or summary.facts.raw
    if facts is None or facts.speech_s is None or facts.covered_s is None:
        return ""
    return format_percent(facts.covered_s, facts.speech_s)


# The log's words for a decision, as signs and words that fit a column.
LOG_ACTION_LABELS = {
    "replaced": ("✓", "replaced"),
    "replaced by hand": ("✎", "by hand"),
    "kept": ("✗", "kept"),
    "undecided": ("?", "undecided"),
}


CHECK_LABELS = {"right": "✓ right as it is", "objected to": "✗ objected to"}
