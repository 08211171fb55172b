"""The one limit of what a person types as a reason, a note or a name beside their work.

It is kept for good, printed on sheets and read on screens: a few sentences, and no document.
"""

from __future__ import annotations

from typing import Final

from study.errors import NotText, TextTooLong

LONGEST_TYPED: Final = 1000
"""Letters: some 170 words, half a printed page."""


def is_short(text: str) -> bool:
    """Whether a text is not longer than ``LONGEST_TYPED`` letters."""
    return len(text) <= LONGEST_TYPED


def require_short(*typed: str) -> None:
    """Refuse texts of which one is longer than ``LONGEST_TYPED`` letters.

    Raises:
        TextTooLong: with how long it is.
    """
    for text in typed:
        if not is_short(text):
            raise TextTooLong(len(text), LONGEST_TYPED)


def require_text(*typed: str) -> None:
    """Refuse what holds bytes that are no UTF-8, as a terminal of another encoding hands on.

    Raises:
        NotText: nothing could be kept or written of it.
    """
    if any("\ud800" <= sign <= "\udfff" for text in typed for sign in text):
        raise NotText
