"""The vocabulary of a study: names and terms that a speech model should expect.

A plain list, one word or name a line; lines that begin with ``#`` are for the reader. The study
stores it as it was written, version by version, sealed like its topic guide. When an interview is
transcribed, the hints that fit the model are chosen from it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from study.errors import BadWords, WordsFlaw
from study.screen_text import sanitise_text
from study.small_text import LINE_END, PlainText

# A model takes some 60 of them. Ten times as many are still a list that a person can read.
MOST_VOCABULARY_LINES = 600
MOST_VOCABULARY_BYTES = 32 * 1024
LONGEST_TERM = 60  # characters of one word or name
_PLAIN_TEXT = PlainText(
    MOST_VOCABULARY_BYTES,
    MOST_VOCABULARY_LINES,
    not_there=lambda: BadWords(WordsFlaw.NOT_THERE),
    not_text=lambda: BadWords(WordsFlaw.NOT_TEXT),
    too_long=lambda: BadWords(WordsFlaw.TOO_LONG, most=MOST_VOCABULARY_LINES),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list as it was written, and its words and names in their order, each once."""

    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """The terms that a speech model was given for one interview.

    used: those it was given, in order. cut: those that did not fit. tokens: how many of the model's
    own tokens the used ones take up.
    """

    used: tuple[str, ...]
    cut: tuple[str, ...] = ()
    tokens: int = 0


def parse_vocabulary(written: str | bytes) -> Vocabulary:
    """Read a list; an empty one is allowed and gives no hints.

    Raises:
        BadWords: it is no UTF-8 text, far too long, or a line of it is.
    """
    text = _PLAIN_TEXT.decode(written)
    lines = LINE_END.split(text)
    terms = [term for line in lines if (term := tidy_term(line)) and not term.startswith("#")]
    if any(len(term) > LONGEST_TERM for term in terms):
        raise BadWords(WordsFlaw.BAD_LINE, most=LONGEST_TERM)
    return Vocabulary(text, tuple(dict.fromkeys(terms)))


def tidy_term(term: str) -> str:
    """Return a term as it is shown and given to a model: one line, NFC, nothing unprintable.

    Commas become blanks, because commas separate the terms in a model's prompt.
    """
    plain = sanitise_text(" ".join(unicodedata.normalize("NFC", term).replace(",", " ").split()))
    return " ".join(plain.split())


def load_vocabulary(path: Path) -> Vocabulary:
    """Read a list from a file.

    Raises:
        BadWords: the file is not there or may not be read, and as ``parse_vocabulary``.
    """
    return parse_vocabulary(_PLAIN_TEXT.read(path))
