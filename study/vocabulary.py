"""The study's own words: names and terms that a speech model should expect to hear.

A plain list, one word or name a line; what follows a ``#`` at a line's beginning is for the
reader. The study keeps it as it was written, version by version, sealed like its topic guide.
Which of them a model is given, and which did not fit, is settled when an interview is heard.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from study.artefacts import Kind
from study.errors import BadWords, WordsFlaw
from study.plain_text import LINE_END, PlainText
from study.screen_text import safe
from study.store import WHOLE_STUDY, Study

# A model takes some 60 of them. Ten times as many are still a list that a person can read.
MOST_LINES = 600
MOST_BYTES = 32 * 1024
LONGEST = 60  # characters of one word or name

_PLAIN_TEXT = PlainText(
    MOST_BYTES,
    MOST_LINES,
    not_there=lambda: BadWords(WordsFlaw.NOT_THERE),
    not_text=lambda: BadWords(WordsFlaw.NOT_TEXT),
    too_long=lambda: BadWords(WordsFlaw.TOO_LONG, most=MOST_LINES),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list as it was written, and its words and names in their order, each once."""

    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a speech model was told to expect in one interview.

    used: in their order, given to the model. cut: what did not fit. tokens: how many of the
    model's own tokens the used ones take up.
    """

    used: tuple[str, ...]
    cut: tuple[str, ...] = ()
    tokens: int = 0


def parse(written: str | bytes) -> Vocabulary:
    """Read a list; an empty one is a list too, and means that no words are given.

    Raises:
        BadWords: it is no UTF-8 text, far too long, or a line of it is.
    """
    text = _PLAIN_TEXT.decode(written)
    lines = LINE_END.split(text)
    terms = [term for line in lines if (term := tidy(line)) and not term.startswith("#")]
    if any(len(term) > LONGEST for term in terms):
        raise BadWords(WordsFlaw.BAD_LINE, most=LONGEST)
    return Vocabulary(text, tuple(dict.fromkeys(terms)))


def tidy(term: str) -> str:
    """Return a term as it is shown and given to a model: one line, NFC, nothing unprintable.

    A comma would part it in two, for commas stand between the terms.
    """
    plain = safe(" ".join(unicodedata.normalize("NFC", term).replace(",", " ").split()))
    return " ".join(plain.split())


def load(path: Path) -> Vocabulary:
    """Read a list from a file.

    Raises:
        BadWords: the file is not there or may not be read, and as ``parse``.
    """
    return parse(_PLAIN_TEXT.read(path))


def read(study: Study) -> tuple[Vocabulary, int]:
    """Return the study's list and the number of its version: an empty one and 0 if none was kept.

    Raises:
        KeyNotHeld, StudyDamaged: as ``Study.get``.
    """
    with study.lock:
        version = study.version(WHOLE_STUDY, Kind.VOCABULARY)
        text = study.get(WHOLE_STUDY, Kind.VOCABULARY, str, version)
    return parse(text or ""), version


def keep(study: Study, written: str | bytes) -> int:
    """Make this the study's list and return its version; nothing is written if it is so already.

    Raises:
        BadWords: it is none (see ``parse``); the study is as it was before.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the same.
    """
    fresh = parse(written)
    with study.lock:
        known, version = read(study)
        if version and known.text == fresh.text:
            return version
        with study.change("words kept") as change:
            return change.put(WHOLE_STUDY, Kind.VOCABULARY, fresh.text)
