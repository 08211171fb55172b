"""How one turn is laid out: which pieces of which look its text is made of, mentions and all.

A mention stands between angle brackets with a sign, in one of three ways (brackets left out):
``? person: Margaret`` waits for a person, ``✓ [Person 2]`` is replaced, ``✗ Margaret`` stays.
So a reader needs no colour to tell them apart, and sees where each begins and ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from study.decided import Decided
from study.screen_text import clock, safe
from study.terms import Flag, Turn
from tui.widgets.wording import OPEN, REJECTED, standing
from tui.widgets.wrapping import Piece

OPENING = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
CLOSING = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
CURRENT_OPENING, CURRENT_CLOSING = "▸", "◂"
_FIRM = "\N{NO-BREAK SPACE}"  # keeps a sign and the word after it on one line
_SHORT = 24  # cells; a label longer than that may be broken

Placed = tuple[int, Decided]  # a mention and its place in the order of reading


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands left of a turn's text, in cells: the time, and the speaker's code."""

    time: int
    speaker: int

    @property
    def width(self) -> int:
        """Cells in all, with the gaps."""
        return self.time + self.speaker + 2


def margin(width: int, turns: Sequence[Turn]) -> Margin:
    """Choose the margin for a widget of this width: narrow ones show no time."""
    longest = max((len(turn.speaker) for turn in turns), default=0)
    roomy = width >= 50  # noqa: PLR2004 - below, 9 cells are worth more as text
    return Margin(9 if roomy else 0, min(max(longest, 3), 12 if width >= 100 else 8))  # noqa: PLR2004 - the wide layout


def heading(turn: Turn, of: Margin) -> tuple[str, str]:
    """Return the time and the speaker's code, cut or padded to their cells."""
    speaker = safe(turn.speaker)
    if len(speaker) > of.speaker:
        speaker = speaker[: of.speaker - 1] + "…"
    return clock(turn.start_s).ljust(of.time)[: of.time], speaker


def body(turn: Turn, mentions: Sequence[Placed]) -> list[Piece]:
    """Return the text of a turn in pieces; mentions come in the order of their beginnings."""
    pieces: list[Piece] = []
    at, length = 0, len(turn.text)
    for place, decided in mentions:
        start = min(max(decided.mention.start, at), length)
        end = min(max(decided.mention.end, start), length)
        if start > at:
            pieces.append(Piece(safe(turn.text[at:start])))
        pieces += _shown(place, decided, safe(turn.text[start:end]))
        at = end
    if at < length or not pieces:
        pieces.append(Piece(safe(turn.text[at:])))
    return pieces


def _shown(place: int, decided: Decided, original: str) -> list[Piece]:
    how = standing(decided)
    if how is OPEN:
        lead = f"{how.sign}{_FIRM}{decided.mention.category.value.replace(' ', _FIRM)}:{_FIRM}"
        text = original
    else:
        lead = f"{how.sign}{_FIRM}"
        text = original if how is REJECTED else _label(decided.replacement)
    return [
        Piece(OPENING, how.look, place, is_edge=True),
        Piece(lead + text, how.look, place),
        Piece(CLOSING, how.look, place, is_edge=True),
    ]


def _label(replacement: str) -> str:
    """Keep a short label on one line: ``[Person 2]`` broken in two is hard to recognise."""
    shown = safe(replacement)
    return shown.replace(" ", _FIRM) if len(shown) <= _SHORT else shown


def doubts(flags: Sequence[Flag]) -> str:
    """Say in a line why a turn should be doubted; "" where there is no reason."""
    if not flags:
        return ""
    told = "; ".join(safe(f"{f.kind}: {f.note}" if f.note else f.kind) for f in flags)
    return f"≈ doubtful ({told})"
