"""What is said to whoever signs off or hands over where somebody did not want to go on."""

from __future__ import annotations

from study import ArtefactKind, MarkKind, Transcript, format_clock
from study.store import Interview


def tell_dissent(clean: Transcript | None) -> str:
    """Say where in a recording somebody did not want to go on; "" where nobody did.

    clean: the clean transcript; None for none.
    """
    marks = clean.events if clean else ()
    at = [format_clock(one.at_s) for one in marks if one.kind == MarkKind.DISSENT]
    if not at:
        return ""
    return (
        f"! Somebody did not want to go on, at {', '.join(at)}, where the recording ended."
        " Make sure that they agree to what is handed over."
    )


def read_dissent(interview: Interview) -> str:
    """Say the same of the newest clean transcript of an interview.

    Raises:
        KeyNotHeld: the passphrase in use does not open clean transcripts.
    """
    return tell_dissent(interview.read_artefact(ArtefactKind.CLEAN, Transcript))
