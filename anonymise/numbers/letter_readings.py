"""Read letters as they are said or written in a code: "m", "zed", "n for november", "KUM"."""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.pieces import Pieces, lowered_at, touches_previous
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word
from study import LETTERS, TIMES

SPELLED = {word: word[0].upper() for word in load_word_list("numbers", "spelling alphabet")}
_ABBREVIATIONS = load_word_list("numbers", "abbreviations")
_MOST_LETTERS = 4  # in one written group
_LINKS = (("for",), ("as", "in"), ("like",))
_NAMES = frozenset({"a", "i", "o"})  # words as well as letters


@dataclass(frozen=True, slots=True)
class LettersReading:
    """Letters in capitals and the index after them; weak where they may as well be a word."""

    letters: str
    after: int
    is_weak: bool = False


def is_letter(word: str) -> bool:
    """Whether a text is one letter from a to z."""
    return len(word) == 1 and word.isascii() and word.isalpha()


def read_letter(pieces: Pieces, at: int) -> LettersReading | None:
    """Read one letter or a repeated one: "m", "zed", "double t", "h for hotel", "b as in bravo"."""
    word = _name_letter(lowered_at(pieces, at))
    if word in TIMES:
        letter_at = at + 2 if lowered_at(pieces, at + 1) == "-" else at + 1
        doubled = _name_letter(lowered_at(pieces, letter_at))
        if not is_letter(doubled):
            return None
        if (word, doubled) == ("double", "u"):
            return LettersReading("W", letter_at + 1)
        return LettersReading(doubled.upper() * TIMES[word], letter_at + 1)
    if not is_letter(word):
        return None
    after = _skip_example(pieces, at, word)
    return LettersReading(word.upper(), after, is_weak=after == at + 1 and word in _NAMES)


def _name_letter(word: str) -> str:
    """Return the letter that a word names, or the word itself."""
    return LETTERS.get(word, word)


def _skip_example(pieces: Pieces, at: int, letter: str) -> int:
    """Return the index after "for hotel", "as in x-ray", else after the letter alone."""
    for link in _LINKS:
        after = at + 1 + len(link)
        linked = all(lowered_at(pieces, at + 1 + i) == word for i, word in enumerate(link))
        example = lowered_at(pieces, after)
        hyphen = lowered_at(pieces, after + 1) == "-" and touches_previous(pieces, after + 2)
        if linked and example[:1] == letter and (len(example) > 1 or hyphen):
            return after + 3 if hyphen else after + 1
    return at + 1


def read_letters(pieces: Pieces, at: int, *, names_too: bool = False) -> LettersReading | None:
    """Read one letter, a word of the spelling alphabet, or a group of letters as written.

    names_too: whether a short name is letters as well: "kum" of "registration kum 417 d".
    """
    single = read_letter(pieces, at)
    if single is not None or at >= len(pieces):
        return single
    piece = pieces[at]
    if piece.lowered in SPELLED:
        return LettersReading(SPELLED[piece.lowered], at + 1)
    if not (piece.text.isascii() and piece.text.isalpha()) or len(piece.text) > _MOST_LETTERS:
        return None
    before, after = _is_glued(pieces, at, -1), _is_glued(pieces, at, 1)
    shown = piece.text.isupper() and len(piece.text) > 1 and piece.lowered not in _ABBREVIATIONS
    if before or after or shown or _is_no_word(piece.lowered, names_too=names_too):
        return LettersReading(piece.text.upper(), at + 1)
    return None


def _is_glued(pieces: Pieces, at: int, step: int) -> bool:
    """Whether digits stand beside letters without a space, or with "-" or "/" between them."""
    first, low = at + step, at + (step > 0)
    if not touches_previous(pieces, low) or not 0 <= first < len(pieces):
        return False
    if pieces[first].text not in {"-", "/"}:
        return pieces[first].is_digits
    second = first + step
    return (
        touches_previous(pieces, low + step) and 0 <= second < len(pieces)
        and pieces[second].is_digits
    )  # fmt: skip


def _is_no_word(word: str, *, names_too: bool) -> bool:
    """Whether two or three letters are in no list: "jdk", "hb"."""
    if len(word) >= _MOST_LETTERS or word in _ABBREVIATIONS:
        return False
    kind = classify_word(word)
    return kind == "unknown" or (names_too and kind == "name")
