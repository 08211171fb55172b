"""How a study writes down what was said: what it settles once for all its transcripts."""

from __future__ import annotations

from dataclasses import replace

from study.artefacts import Kind
from study.store import WHOLE_STUDY, Study
from study.terms import Settings


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
