"""The one safe way of editing a piece of text with labelled spans.

Everything here that makes or changes text does so through ``LabelledText``, so that the offsets of
the spans are kept right in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.labelled_text import LabelledSpan, LabelledText


@dataclass(frozen=True, slots=True, order=True)
class PassageEdit:
    """Put ``new`` in the place of characters ``start`` to ``end``; equal ends insert."""

    start: int
    end: int
    new: str


def edited(passage: LabelledText, edits: Iterable[PassageEdit]) -> LabelledText:
    """The passage after all edits, with its spans moved along.

    An edit inside a span changes the span's words; an insertion at a span's edge stays outside
    it. Edits that overlap an earlier edit or cut across a span's edge are left out, and spans
    that end up empty disappear.
    """
    pieces: list[str] = []
    shifts: list[tuple[PassageEdit, int]] = []  # each edit kept, with the shift in force after it
    cursor = shift = 0
    for edit in sorted(edits):
        if edit.start < cursor or any(_cuts(edit, span) for span in passage.spans):
            continue
        pieces += [passage.text[cursor : edit.start], edit.new]
        shift += len(edit.new) - (edit.end - edit.start)
        shifts.append((edit, shift))
        cursor = edit.end
    text = "".join(pieces) + passage.text[cursor:]
    moved = (_moved(span, shifts) for span in passage.spans)
    return LabelledText(text, tuple(span for span in moved if text[span.start : span.end].strip()))


def _cuts(edit: PassageEdit, span: LabelledSpan) -> bool:
    """Whether an edit has one foot inside the span and one outside."""
    inside = span.start <= edit.start and edit.end <= span.end
    apart = edit.end <= span.start or edit.start >= span.end
    return not (inside or apart)


def _moved(span: LabelledSpan, shifts: list[tuple[PassageEdit, int]]) -> LabelledSpan:
    """The span after edits that each shift what follows them."""
    start, end = span.start, span.end
    for edit, shift in shifts:
        insertion = edit.start == edit.end
        if edit.end < span.start or (
            edit.end == span.start and (insertion or edit.start < edit.end)
        ):
            start = span.start + shift
        if edit.end < span.end or (edit.end == span.end and not insertion):
            end = span.end + shift
    return LabelledSpan(start, end, span.label)


def joined(passages: Iterable[LabelledText], separator: str = " ") -> LabelledText:
    """Several passages as one, a separator between them."""
    text = ""
    spans: list[LabelledSpan] = []
    for passage in passages:
        if text:
            text += separator
        spans += [
            LabelledSpan(s.start + len(text), s.end + len(text), s.label) for s in passage.spans
        ]
        text += passage.text
    return LabelledText(text, tuple(spans))
