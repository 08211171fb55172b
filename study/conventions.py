"""How a study writes down what was said: what it settles once for all its transcripts.

A transcript holds every silence and every word that was heard. What a reader is shown and what
is handed over is made from it by these rules, so that they may change without hearing anew.
"""

from __future__ import annotations

from dataclasses import replace

from study.artefacts import Kind
from study.events import with_pauses
from study.store import WHOLE_STUDY, Study
from study.terms import Settings, Transcript
from study.verbatim import LANGUAGES, intelligent

BEST, NOT = "best", "no"  # which model follows a recording, beside any by its name
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0  # what may be settled, beside 0.0 for never


def settings(study: Study) -> Settings:
    """Return what the study has settled, or else the defaults.

    Raises:
        KeyNotHeld, StudyDamaged: as ``Study.get``.
    """
    return study.get(WHOLE_STUDY, Kind.SETTINGS, Settings) or Settings()


def settle(study: Study, **changed: str | float | bool) -> Settings:
    """Change some settings, and return all; nothing is written where they are so already.

    Raises:
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the study is as it was before.
    """
    with study.lock:
        known = settings(study)
        wanted = replace(known, **changed)
        if wanted != known:
            with study.change("settings kept") as change:
                change.put(WHOLE_STUDY, Kind.SETTINGS, wanted)
    return wanted


def written(transcript: Transcript, rules: Settings, language: str) -> Transcript:
    """Return a transcript as the study writes it down; times, speakers and keys stay.

    language: the interview's, such as ``en``.
    """
    turns = transcript.turns
    if rules.is_intelligent:
        turns = tuple(replace(turn, text=intelligent(turn.text, language)) for turn in turns)
    return replace(
        transcript,
        turns=turns,
        events=with_pauses(transcript.events, transcript.turns, rules.pause_s),
    )


def is_intelligent(rules: Settings, language: str) -> bool:
    """Whether fillers and stumbles are left out: the study wants it, and we know the language."""
    return rules.is_intelligent and language in LANGUAGES


def told(rules: Settings, language: str) -> dict[str, str | float | None]:
    """Return the rules as a clean transcript's provenance keeps them."""
    return {
        "text": "intelligent verbatim" if is_intelligent(rules, language) else "verbatim",
        "pauses_from_s": rules.pause_s or None,
    }
