"""A study's conventions of transcription: which silences and fillers its readers get to see.

A stored transcript holds every silence and every word. Screens and hand-overs apply these rules to
it, so a study may change them without transcribing anything again.
"""

from __future__ import annotations

from dataclasses import replace

from study.events import select_pauses
from study.records import StudySettings, Transcript
from study.verbatim import VERBATIM_LANGUAGES, make_intelligent_verbatim

BEST_MODEL, NO_MODEL = "best", "no"  # which model follows a recording, or one by its name
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0  # limits of ``pause_s``, which may be 0.0 for never


def apply_conventions(transcript: Transcript, rules: StudySettings, language: str) -> Transcript:
    """Return a transcript with the study's conventions applied; times, speakers and keys stay.

    language: the interview's, such as ``en``.
    """
    turns = transcript.turns
    if rules.is_intelligent:
        turns = tuple(
            replace(turn, text=make_intelligent_verbatim(turn.text, language)) for turn in turns
        )
    return replace(
        transcript,
        turns=turns,
        events=select_pauses(transcript.events, transcript.turns, rules.pause_s),
    )


def is_intelligent_verbatim(rules: StudySettings, language: str) -> bool:
    """Whether fillers and stumbles are left out: the study asks for it and we know the language."""
    return rules.is_intelligent and language in VERBATIM_LANGUAGES


def describe_conventions(rules: StudySettings, language: str) -> dict[str, str | float | None]:
    """Return the conventions as a clean transcript's provenance holds them."""
    return {
        "text": "intelligent verbatim" if is_intelligent_verbatim(rules, language) else "verbatim",
        "pauses_from_s": rules.pause_s or None,
    }
