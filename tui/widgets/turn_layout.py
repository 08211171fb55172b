"""The layout of one turn: its text and mentions as pieces, each of one style.

A mention stands between two small signs: before it what was decided, behind it its kind.
``?Margaretᵖ`` waits for a person, ``✓[Person 2]ᵖ`` is replaced, ``✎her sisterᵖ`` is replaced as
typed, ``✗Leedsʷ`` stays. So a reader needs no colour to tell them apart, sees where each begins
and ends, and reads the words first. A weak word has the sign of doubt behind it, ``Skippden≈``;
the signs are drawn, and are no characters of the text.

What happened during the recording has a line of its own, with a rule where a turn has its speaker:
``── Topic: First contact ───────`` is a heading, ``·· (recording paused, 40 s)`` anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

from app import OPEN_STANDING, REJECTED_STANDING, describe_standing
from study import (
    UNSURE,
    Category,
    DecidedMention,
    Mark,
    MarkKind,
    Turn,
    describe_event,
    find_weak_words,
    format_clock,
    sanitise_text,
)
from tui.widgets.line_breaks import StyledPiece, StyledRow, find_line_breaks, wrap_pieces

_WHO, _WHERE, _ORGANISATION, _TIME, _NUMBER, _ELSE = "ᵖʷᵒᵗⁿ⁺"
KIND_SIGNS = {
    _WHO: "person",
    _WHERE: "where (place, address)",
    _ORGANISATION: "organisation",
    _TIME: "time (date, age)",
    _NUMBER: "number, e-mail or web address",
    _ELSE: "other",
}
"""The small signs behind mentions, and what they stand for."""
_KIND_OF = {
    Category.PERSON: _WHO,
    Category.PLACE: _WHERE, Category.ADDRESS: _WHERE, Category.POSTCODE: _WHERE,
    Category.ORGANISATION: _ORGANISATION,
    Category.DATE_OF_BIRTH: _TIME, Category.DATE: _TIME,
    Category.AGE: _TIME, Category.HIGH_AGE: _TIME,
    Category.PHONE: _NUMBER, Category.EMAIL: _NUMBER, Category.WEB: _NUMBER,
    Category.NHS_NUMBER: _NUMBER, Category.NI_NUMBER: _NUMBER, Category.VEHICLE: _NUMBER,
    Category.BANK: _NUMBER, Category.NUMBER: _NUMBER,
    Category.OCCUPATION: _ELSE, Category.EVENT: _ELSE, Category.BACKGROUND: _ELSE,
    Category.RELIGION: _ELSE, Category.OTHER: _ELSE,
}  # fmt: skip
_SHORT_NOTES = {UNSURE.kind: UNSURE.note}  # of flags that were kept without a note
CURRENT_OPENING, CURRENT_CLOSING = "▸", "◂"
DOUBT_SIGN = "≈"
OBJECTION_SIGN = "↩"
CHANGE_SIGN = "±"
_FIRM = "\N{NO-BREAK SPACE}"  # keeps a sign and the word after it on one line
_RULE, _DOTS = "──", "··"
SPEAKER_LOOKS = ("first", "second", "third", "fourth")  # the fifth looks like the first again
_MOST_NUMBERS = 9  # there are so many keys for speakers
_SHORT = 24  # cells; a label longer than that may be broken

PlacedMention = tuple[int, DecidedMention]  # a mention and its place in the order of reading
MarkedSpan = tuple[int, int, str]  # characters of a turn's text, and how they look
CURSOR_LOOK = ">"  # in the margin of the turn that keys act on


@dataclass(frozen=True, slots=True)
class TurnMargin:
    """The margin left of a turn's text, in cells: the time, the speaker's number and code."""

    time: int
    speaker: int
    number: int = 0

    @property
    def width(self) -> int:
        """Cells in all, with the sign of the cursor and a gap on either side of it."""
        return self.time + self.number + self.speaker + 3


def choose_margin(width: int, turns: Sequence[Turn], *, is_numbered: bool = False) -> TurnMargin:
    """Choose the margin for a widget of this width: narrow ones show no time and no numbers."""
    longest = max((len(turn.speaker) for turn in turns), default=0)
    roomy = width >= 50  # noqa: PLR2004 - below, 9 cells are worth more as text
    return TurnMargin(
        9 if roomy else 0,
        min(max(longest, 3), 12 if width >= 100 else 8),  # noqa: PLR2004 - the wide layout
        2 if roomy and is_numbered else 0,
    )


def format_number(turn: Turn, number: int, margin: TurnMargin) -> str:
    """Return the number of a turn's speaker, with the sign of doubt where who speaks is unsure.

    number: that of the key that gives a turn to this speaker, 0 where there is none.
    """
    if not margin.number:
        return ""
    shown = str(number) if 0 < number <= _MOST_NUMBERS else " "
    return shown + (DOUBT_SIGN if turn.is_speaker_unsure else " ")


def choose_speaker_look(number: int) -> str:
    """Return the look of the speaker with a number; it counts from 1, 0 is for none."""
    return SPEAKER_LOOKS[(number - 1) % len(SPEAKER_LOOKS)] if number else "speaker"


def format_heading(item: Turn | Mark, margin: TurnMargin) -> tuple[str, str]:
    """Return the time and the speaker's code or, of an event, a rule, fit for their cells."""
    if isinstance(item, Mark):
        return _time(item.at_s, margin), _RULE if item.kind == MarkKind.TOPIC else _DOTS
    speaker = sanitise_text(item.speaker)
    if len(speaker) > margin.speaker:
        speaker = speaker[: margin.speaker - 1] + "…"
    return _time(item.start_s, margin), speaker


def _time(at_s: float, margin: TurnMargin) -> str:
    return format_clock(at_s).ljust(margin.time)[: margin.time]


def measure_height(body: Sequence[StyledPiece], below: Sequence[StyledPiece], width: int) -> int:
    """Return how many rows a turn takes with the lines below it."""
    rows = len(find_line_breaks("".join(piece.text for piece in body), width))
    return rows + sum(len(find_line_breaks(one.text, width)) for one in below)


def list_lines_below(turn: Turn, objection: str, change: str = "") -> list[StyledPiece]:
    """Return the lines below a turn: why to doubt it, an officer's objection, what changed."""
    doubts = describe_doubts(turn)
    lines = [StyledPiece(doubts, "doubt")] if doubts else []
    if objection:
        lines.append(StyledPiece(f"{OBJECTION_SIGN} {sanitise_text(objection)}", "objection"))
    if change:
        lines.append(StyledPiece(f"{CHANGE_SIGN} {change}", "sign"))
    return lines


def wrap_event(event: Mark, width: int) -> list[StyledRow]:
    """Break an event into rows; the last one of a topic is ruled out to ``width`` cells."""
    if event.kind != MarkKind.TOPIC:
        return wrap_pieces([StyledPiece(sanitise_text(describe_event(event)), "event")], width)
    rows = wrap_pieces([StyledPiece(sanitise_text(describe_event(event)), "topic")], width)
    rest = width - 1 - cell_len("".join(piece.text for piece in rows[-1]))
    if rest > 0:
        rows[-1] += (StyledPiece(" " + _RULE[0] * rest, "topic"),)
    return rows


def lay_out_body(
    turn: Turn, mentions: Sequence[PlacedMention], marks: Sequence[MarkedSpan] = ()
) -> list[StyledPiece]:
    """Return the text of a turn in pieces; mentions come in the order of their beginnings.

    marks: stretches that look different, the word that is heard say; they change no character.
    """
    weak = [(start, end) for start, end, _ in find_weak_words(turn)]
    marks = [*((start, end, "weak") for start, end in weak), *marks]
    ends = [end for _, end in weak]
    pieces: list[StyledPiece] = []
    at, length = 0, len(turn.text)
    for place, decided in mentions:
        start = min(max(decided.mention.start, at), length)
        end = min(max(decided.mention.end, start), length)
        if start > at:
            pieces += _plain(turn.text, at, start, marks, ends)
        shown = _shown(place, decided, sanitise_text(turn.text[start:end]), marks, (start, end))
        if any(start < weak_end <= end for weak_end in ends) and not decided.is_replaced:
            shown.insert(-1, StyledPiece(DOUBT_SIGN, "weak", place))
        pieces += shown
        at = end
    if at < length or not pieces:
        pieces += _plain(turn.text, at, length, marks, ends)
    return pieces


def _plain(
    text: str, at: int, end: int, marks: Sequence[MarkedSpan], weak_ends: Sequence[int]
) -> list[StyledPiece]:
    """Return characters of a turn in pieces, with the sign of doubt at the end of weak words."""
    if not marks:
        return [StyledPiece(sanitise_text(text[at:end]))]
    bounds = {at, end}
    for mark in marks:
        bounds |= {bound for bound in mark[:2] if at < bound < end}
    ordered = sorted(bounds)
    if len(ordered) == 1:
        return [StyledPiece(sanitise_text(text[at:end]))]
    pieces: list[StyledPiece] = []
    for a, b in pairwise(ordered):
        pieces.append(StyledPiece(sanitise_text(text[a:b]), _look(a, b, marks) or "text"))
        if b in weak_ends:
            pieces.append(StyledPiece(DOUBT_SIGN, "weak"))
    return pieces


def _look(start: int, end: int, marks: Sequence[MarkedSpan]) -> str:
    """Return how a stretch looks that a mark lies on; the last of several counts."""
    over = [look for first, last, look in marks if first < end and start < last]
    return over[-1] if over else ""


def _shown(
    place: int,
    decided: DecidedMention,
    original: str,
    marks: Sequence[MarkedSpan],
    span: tuple[int, int],
) -> list[StyledPiece]:
    how = describe_standing(decided)
    marked = _look(*span, [mark for mark in marks if mark[2] != "weak"])
    is_original = how is OPEN_STANDING or how is REJECTED_STANDING
    look = how.look
    if how is OPEN_STANDING and not decided.mention.is_direct:
        look = "indirect"
    edge = look if how is OPEN_STANDING else "sign"  # what is decided asks for nobody's eye
    return [
        StyledPiece(how.sign, edge, place, is_opening=True),
        StyledPiece(
            original if is_original else _label(decided.replacement), marked or look, place
        ),
        StyledPiece(find_kind_sign(decided.mention.category), edge, place, is_closing=True),
    ]


def find_kind_sign(category: Category) -> str:
    """Return the small sign that stands behind mentions of this kind, one of ``KIND_SIGNS``."""
    return _KIND_OF[category]


def _label(replacement: str) -> str:
    """Keep a short label on one line: ``[Person 2]`` broken in two is hard to recognise."""
    shown = sanitise_text(replacement)
    return shown.replace(" ", _FIRM) if len(shown) <= _SHORT else shown


def describe_doubts(turn: Turn) -> str:
    """Say in a line why a turn should be doubted; "" where its weak words say it already."""
    told = [
        sanitise_text(flag.note or _SHORT_NOTES.get(flag.kind, flag.kind))
        for flag in turn.flags
        if flag.kind != UNSURE.kind or not find_weak_words(turn)
    ]
    if not told:
        return ""
    why = "; ".join(dict.fromkeys(told))
    return f"{DOUBT_SIGN} check: {why}" if turn.is_doubtful else f"({why})"
