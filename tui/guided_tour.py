"""The guided tour: which key comes next, for a person new to Earshot.

A sentence for each place and each state of an interview: from a recording to a transcript that
was signed off and handed over. It only reads what the list of interviews tells.
"""

from __future__ import annotations

from dataclasses import dataclass

from app import CommandPlace
from study import InterviewState, InterviewSummary
from tui.key_names import with_keys

_STEPS = 6


@dataclass(frozen=True, slots=True)
class TourPosition:
    """A person's position in the tour. checked: the lines of the log checked so far."""

    place: CommandPlace
    interview: InterviewSummary | None
    is_working: bool = False
    checked: int = 0


_LIST = {
    InterviewState.RECORDED: (
        1,
        (
            "This interview has been recorded. Press {home.transcribe} to turn it "
            "into text, on this computer."
        ),
    ),
    InterviewState.TRANSCRIBING: (
        1,
        "It was stopped half-way. Press {home.transcribe} to continue where it stopped.",
    ),
    InterviewState.TRANSCRIBED: (
        2,
        "Now it has words. Press {home.anonymise} to search for names, places and dates.",
    ),
    InterviewState.REVIEW: (
        3,
        "What was found waits for a person. Press {home.open} to read and decide.",
    ),
    InterviewState.CORRECTED: (
        2,
        "Words were corrected. Press {home.anonymise} to search them, too.",
    ),
    InterviewState.REVIEWED: (
        4,
        (
            "Everything is decided. Press {home.open}, then {interview.ready} to "
            "send it to the officer."
        ),
    ),
    InterviewState.READY: (5, "Now play the data officer: press {home.check}."),
    InterviewState.SENT_BACK: (3, "It was sent back. Press {home.open}, and look again."),
    InterviewState.SIGNED: (
        6,
        "It is signed off. Press {home.export} to hand it over, as files in the study.",
    ),
    InterviewState.SIGN_AGAIN: (
        5,
        "Something was changed, so the sign-off is void. Press {home.check} to check it.",
    ),
    InterviewState.HANDED: (
        6,
        (
            "That was everything. {home.quit} leaves. For a study of your own, "
            "type in a terminal: earshot new FOLDER."
        ),
    ),
}
_DECIDE = (
    "Decide about ▸ this ◂: {interview.accept} replaces it, {interview.accept_alike} all alike,"
    " {interview.reject} leaves it as it is. {interview.play} plays the sound; {interview.edit}"
    " corrects words, {typing.done} ends that."
)
_REVIEW = {
    InterviewState.TRANSCRIBED: (
        2,
        "Press {interview.anonymise} to search for names, places and dates.",
    ),
    InterviewState.CORRECTED: (
        2,
        "You corrected words. Press {interview.anonymise} to search them, too.",
    ),
    InterviewState.REVIEW: (3, _DECIDE),
    InterviewState.REVIEWED: (
        4,
        "Everything is decided. Press {interview.ready}, then y, to send it to the data officer.",
    ),
    InterviewState.READY: (5, "Now play the data officer: press {interview.check}."),
    InterviewState.SENT_BACK: (
        4,
        "Look again at the objections; then {interview.ready} sends it back to the officer.",
    ),
    InterviewState.SIGNED: (
        6,
        (
            "It is signed off. Press {interview.export} to hand it over; "
            "{interview.back} goes back to the list."
        ),
    ),
    InterviewState.SIGN_AGAIN: (
        5,
        "It was changed, so the sign-off is void. Press {interview.check} to check it.",
    ),
    InterviewState.HANDED: (6, "It was handed over. {interview.back} goes back to the list."),
}
_LINES = (
    "Each line is a decision, shown in the text that will be handed over. "
    "{check.right}: it is right. {check.object}: it is not, and why. "
    "{check.original}: what was said. Try {check.right}."
)
_SIGN = (
    "{check.risk} shows what may still name somebody, {check.trail} who did "
    "what, {check.verify} checks every byte. Then {check.sign} signs off what "
    "you read, or {check.send_back} sends it back."
)
_SENT_BACK = (
    "It went back with your reasons. {check.back} goes back, to look again as the reviewer."
)
_CHECKED = {
    InterviewState.SIGNED: "It is signed off. Press {check.export} to hand it over.",
    InterviewState.HANDED: "It was handed over. {check.back} goes back.",
}


def suggest_next_key(position: TourPosition) -> str:
    """Say which key comes next; "" where nothing has to be said."""
    if position.interview is None:
        return ""
    if position.is_working:
        return "This runs in the background; the time left is at the bottom."
    step = _step(position.place, position.interview.state, position.checked)
    return with_keys(f"{step[0]} of {_STEPS}  {step[1]}") if step else ""


def _step(place: CommandPlace, state: InterviewState, checked: int) -> tuple[int, str] | None:
    if place is CommandPlace.HOME:
        return _LIST.get(state)
    if place is CommandPlace.INTERVIEW:
        return _REVIEW.get(state)
    if place is not CommandPlace.CHECK or state in {
        InterviewState.REVIEW,
        InterviewState.CORRECTED,
    }:
        return None
    if state is InterviewState.SENT_BACK:
        return 3, _SENT_BACK
    if state in _CHECKED:
        return 6, _CHECKED[state]
    return 5, _SIGN if checked else _LINES
