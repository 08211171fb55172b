"""Asking for the names that may be said: of a participant, or of somebody or something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app import enter_names, format_register, parse_register, split_names
from study import InterviewDetails, Participant, RegisterEntry
from study.errors import BadName
from study.store import Interview
from tui.key_names import with_keys
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.stage import Stage
from tui.widgets.recording_form import NAMES_HINT, OTHERS_HINT

_KEPT = "The names are kept, sealed. {interview.anonymise} looks for them in what was said."
Take = Callable[[InterviewDetails], None]


def ask_names(stage: Stage, about: InterviewDetails, take: Take) -> None:
    """Ask whose names to enter, and for the names; ``take`` gets the details with them."""
    codes = [one.code for one in about.participants]

    def chosen(number: int | None) -> None:
        if number is None:
            return
        if number < len(codes):
            _ask_of(stage, about, about.participants[number], take)
        else:
            _ask_others(stage, about, take)

    question = "Whose names? They are looked for in what is said, and replaced."
    stage.ask(ChoicePrompt(question, [*codes, "somebody or something else"]), chosen)


def enter_more_names(stage: Stage, interview: Interview, then: Callable[[], None]) -> None:
    """Ask for names of an interview that is there, and keep them; ``then`` follows."""

    def take(about: InterviewDetails) -> None:
        names = {one.code: one.names for one in about.participants}
        if stage.try_change(lambda: _keep(interview, names, about.register)):
            then()
            stage.show_message(with_keys(_KEPT))

    def ask() -> None:
        ask_names(stage, interview.details, take)

    stage.try_change(ask)


def _keep(
    interview: Interview, names: Mapping[str, Sequence[str]], register: Sequence[RegisterEntry]
) -> None:
    enter_names(interview, names, register)


def _ask_of(stage: Stage, about: InterviewDetails, participant: Participant, take: Take) -> None:
    def typed(text: str | None) -> None:
        if text is not None:
            named = replace(participant, names=split_names(text))
            them = (named if one is participant else one for one in about.participants)
            take(replace(about, participants=tuple(them)))

    field = TextPrompt(
        f"Which names has {participant.code}?",
        value=", ".join(participant.names),
        hint=NAMES_HINT,
        replaces=False,
    )
    stage.ask(field, typed)


def _ask_others(stage: Stage, about: InterviewDetails, take: Take) -> None:
    def typed(text: str | None) -> None:
        if text is not None:
            take(replace(about, register=parse_register(text)))

    def check(text: str) -> str:
        try:
            parse_register(text)
        except BadName as wrong:
            return stage.problem(wrong)
        return ""

    field = TextPrompt(
        "Who or what else may be named?",
        value=format_register(about.register),
        hint=OTHERS_HINT,
        check=check,
        replaces=False,
    )
    stage.ask(field, typed)
