"""Codes that a word before them announces: "reference HB/2291/07", "the password is bluebell".

After such a word letters, digits, slashes and hyphens are one code, in whatever groups they were
said and written. A number without such a word takes the letters with it that stand in the same
code, so that no half of a code is left (``widen_code``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from anonymise.numbers.digit_runs import read_run_item
from anonymise.numbers.letter_readings import read_letters
from anonymise.numbers.number_words import COUNTED, FILLERS
from anonymise.pieces import (
    Pieces,
    begins_sentence,
    lowered_at,
    split_listed_words,
    touches_previous,
)
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import Category

_TRIGGERS = load_word_list("numbers", "a code follows")
_ENDINGS = load_word_list("numbers", "a code ends so")
_ENDED = load_word_list("numbers", "has an ending")
_LINKS = load_word_list("numbers", "before a code") | split_listed_words(", : . - ? #")
_SECRETS = load_word_list("numbers", "secrets")
_HEALTH = load_word_list("numbers", "health numbers")
_ORDINARY = load_word_list("numbers", "short words")
_HAS_INWARD = re.compile(r"\d[A-Z]{2}$")  # the end of a postcode
# Digits as they are misheard, between others or before a street: "To Station Road" for "2".
HOMOPHONES = {
    "to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8", "won": "1", "tree": "3",
}  # fmt: skip
_NO_PASSWORD = load_word_list("numbers", "no password")
_CATEGORIES = {
    Category.POSTCODE: frozenset({"postcode", "post"}),
    Category.VEHICLE: load_word_list("numbers", "vehicle codes"),
    Category.NHS_NUMBER: _HEALTH,
    Category.NI_NUMBER: frozenset({"insurance", "ni"}),
    Category.BANK: _SECRETS,
    Category.PHONE: frozenset({"phone", "mobile", "telephone", "landline"}),
}
# Weak by themselves: "number twenty two", "the key to it", "my account of it".
_WEAK = split_listed_words("number numbers key safe account combination badge policy code id plate")
_PASSWORDS = frozenset({"password", "passphrase", "passcode"})
_SIGNS = (
    split_listed_words("- / , . : slash stroke oblique dash hyphen forward then and dot \u2013 #")
    | FILLERS
)
_MOST_LINKS, _MOST_SIGNS, _REACH, _MOST_PURPOSE = 7, 4, 6, 6
_SHORTEST, _LONGEST = 3, 30  # letters and digits
_SHORTEST_WEAK = 4
_EXTENSIONS, _LONGEST_EXTENSION = frozenset({"extension", "ext"}), 5
_MOST_WORDS = 5  # of a password


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of a code, and the index of the piece after it."""

    signs: str
    after: int


@dataclass(frozen=True, slots=True)
class CodeReading:
    """A code: its letters and digits, the index after it, and how many parts it was said in."""

    text: str
    after: int
    parts: int

    @property
    def digits(self) -> int:
        """How many digits it has."""
        return sum(sign.isdecimal() for sign in self.text)


def find_cued_codes(pieces: Pieces) -> Iterator[RuleFind]:
    """Find the codes that a word announces."""
    done = 0
    for at, piece in enumerate(pieces):
        word = piece.lowered_bare
        if word == "n" and _is_spelled_pin(pieces, at):
            word = "pin"
        if at < done or not (word in _TRIGGERS or _is_ending(pieces, at)):
            continue
        found = _read_after(pieces, at, word)
        if found is not None:
            yield found
            done = found.last


def _is_spelled_pin(pieces: Pieces, at: int) -> bool:
    """Whether "P-I-N" or "p i n" ends here."""
    letters = [p.lowered for p in pieces[max(0, at - 4) : at] if p.text not in {"-", "."}]
    return letters[-2:] == ["p", "i"]


def _is_ending(pieces: Pieces, at: int) -> bool:
    """Whether it is "ending" of a card or a number, not of a film."""
    if pieces[at].lowered not in _ENDINGS:
        return False
    return not _ENDED.isdisjoint(p.lowered_bare for p in pieces[max(0, at - _REACH) : at])


def _read_after(pieces: Pieces, at: int, word: str) -> RuleFind | None:
    first = _skip_links(pieces, at + 1)
    category = Category.BANK if word == "pin" else _infer_category(pieces, at, first)
    code = read_code(pieces, first, is_postcode=category is Category.POSTCODE)
    if word in _PASSWORDS:
        words = _read_password(pieces, at, first)
        if words is not None and (code is None or words.last > code.after):
            return words
    if code is None or not _is_enough(pieces, at, first, code):
        return None
    score = 0.9 if code.digits >= _SHORTEST_WEAK or word not in _WEAK else 0.7
    return RuleFind(first, code.after, category, score, code.text)


def _skip_links(pieces: Pieces, at: int) -> int:
    following = _skip_purpose(pieces, at)
    while following - at < _MOST_LINKS and lowered_at(pieces, following) in _LINKS:
        if _begins_code(pieces, following):
            break
        following += 1
    return following


def _skip_purpose(pieces: Pieces, at: int) -> int:
    """Return the index of "is" after "for the gate", else ``at``."""
    if lowered_at(pieces, at) not in {"for", "to", "on"}:
        return at
    for following in range(at + 1, min(at + _MOST_PURPOSE, len(pieces))):
        if pieces[following].lowered in {"is", "was", "it's", ":"}:
            return following
        if pieces[following].lowered_bare != pieces[following].lowered:
            return following + 1  # "the code for the gate's four oh nine"
        if not pieces[following].is_word:
            break
    return at


def _begins_code(pieces: Pieces, at: int) -> bool:
    """Whether a word that may stand before a code is its first letter: "i" in "i d four oh"."""
    if lowered_at(pieces, at) != "i":
        return False
    return read_run_item(pieces, at + 1) is not None


def _infer_category(pieces: Pieces, at: int, first: int) -> Category:
    """Return what kind of code it is, by the words around its cue."""
    return infer_code_category(pieces, first, first - at + _REACH)


def infer_code_category(pieces: Pieces, first: int, reach: int) -> Category:
    """Return what kind of code begins at an index, by the nearest telling word before it.

    reach: pieces that are looked at.
    """
    around = [p.lowered_bare for p in pieces[max(0, first - reach) : first]]
    for word in reversed(around):
        for category, words in _CATEGORIES.items():
            if word in words:
                return category
    return Category.NUMBER


def _is_enough(pieces: Pieces, at: int, first: int, code: CodeReading) -> bool:
    """Whether what follows a cue is long enough for a code, and no count."""
    word, length = pieces[at].lowered_bare, len(code.text)
    if lowered_at(pieces, code.after) in COUNTED or not code.digits:
        return False
    if word == "postcode":
        return length >= _SHORTEST and code.digits < length
    if word in _ENDINGS | _EXTENSIONS:
        plain = first == at + 1 and code.digits == length <= _LONGEST_EXTENSION
        return length >= _SHORTEST and (word in _ENDINGS or plain)
    if word in {"number", "numbers", "code", "id", "key", "account", "badge", "policy"}:
        if _leads_weakly(pieces, at) and code.digits == length:
            # "number one hundred and two", "number 312": they may number anything
            return length > _SHORTEST_WEAK or (length == _SHORTEST_WEAK and code.parts > 1)
        return length >= _SHORTEST
    return length >= _SHORTEST and not (first == at + 1 and _is_of(pieces, at))


def _leads_weakly(pieces: Pieces, at: int) -> bool:
    """Whether nothing before "number" says of what: "case number" and "key code" do."""
    before = {p.lowered_bare for p in pieces[max(0, at - 2) : at]}
    return before.isdisjoint(_SECRETS | _HEALTH | _KINDS | _TRIGGERS)


_KINDS = split_listed_words(
    "case claim reference ref policy membership library council pension benefit crime order file"
    " licence license passport badge ticket invoice serial customer pin card account hospital"
    " staff employee service army works docket housing rent tenancy permit insurance booking"
    " blue bus pass unit bay box"
)


def _is_of(pieces: Pieces, at: int) -> bool:
    return lowered_at(pieces, at - 1) in {"to", "they", "we", "i", "you"}


def read_code(pieces: Pieces, at: int, *, is_postcode: bool = False) -> CodeReading | None:
    """Read letters, digits and the signs between them as one code; None where none begins here.

    "For" and "to" between two parts are digits. is_postcode: it ends as a postcode does.
    """
    text, last, parts, following = "", at, 0, at
    while len(text) < _LONGEST:
        item = _read_item(pieces, following, is_first=not parts)
        if item is None and parts:
            item = _read_homophone(pieces, following, is_postcode=is_postcode)
        if item is None and parts and is_postcode:
            item = _read_pair(pieces, following)
        if item is None or _is_count(pieces, item):
            break
        if is_postcode and _HAS_INWARD.search(text):
            break
        text, last, parts = text + item.signs, item.after, parts + 1
        following = _skip_signs(pieces, item.after)
    return CodeReading(text, last, parts) if parts else None


def _skip_signs(pieces: Pieces, at: int) -> int:
    following = at
    while following - at < _MOST_SIGNS and lowered_at(pieces, following) in _SIGNS:
        following += 1
    return following


def _is_count(pieces: Pieces, item: _Item) -> bool:
    """Whether a number counts what follows: "reference 4417, three weeks ago"."""
    return item.signs.isdecimal() and lowered_at(pieces, item.after) in COUNTED - {"p"}


def _read_homophone(pieces: Pieces, at: int, *, is_postcode: bool) -> _Item | None:
    digit = HOMOPHONES.get(lowered_at(pieces, at))
    if digit is None:
        return None
    following = _read_item(pieces, at + 1, is_first=False)
    if following is None and is_postcode:
        following = _read_pair(pieces, at + 1)
    counts = following is None or _is_count(pieces, following)
    return None if counts else _Item(digit, at + 1)


def _read_pair(pieces: Pieces, at: int) -> _Item | None:
    """Read the two letters at the end of a postcode, which may look like a word: "fa"."""
    word = lowered_at(pieces, at)
    paired = len(word) == len("fa") and word.isascii() and word.isalpha()
    return _Item(word.upper(), at + 1) if paired and word not in _ORDINARY else None


def _read_item(pieces: Pieces, at: int, *, is_first: bool) -> _Item | None:
    number = read_run_item(pieces, at) if lowered_at(pieces, at) != "o" else None
    if number is not None:
        return _Item(number.digits, number.after)
    letters = read_letters(pieces, at, names_too=is_first)
    if letters is None or (letters.is_weak and not _is_within(pieces, at, letters.after, is_first)):
        return None
    return _Item(letters.letters, letters.after)


def _is_within(pieces: Pieces, at: int, after: int, is_first: bool) -> bool:  # noqa: FBT001 - "a"
    """Whether "a" or "i" is a letter of the code, by what follows it."""
    if touches_previous(pieces, at) and lowered_at(pieces, at - 1) != ",":
        return True
    following = _skip_signs(pieces, after)
    more = read_run_item(pieces, following) is not None
    letters = read_letters(pieces, following)
    more = more or (letters is not None and not letters.is_weak)
    if is_first or lowered_at(pieces, at) == "i":
        return more
    return more or lowered_at(pieces, after) in {"", ".", ",", "?"}


def _read_password(pieces: Pieces, at: int, first: int) -> RuleFind | None:
    """Read the words of a password that is told: "the password is bluebell forty two"."""
    said = {pieces[i].lowered for i in range(at + 1, first)}
    told = not said.isdisjoint({"is", "was", ":", "it's", "that's"})
    told = told or pieces[at].lowered != pieces[at].lowered_bare  # "password's"
    last = first
    while told and last < len(pieces) and last - first < _MOST_WORDS:
        piece = pieces[last]
        ends = piece.lowered in {"for", "but", "so", "and", "because", "all", "i"}
        if not touches_previous(pieces, last) and (ends or not piece.text.isalnum()):
            break
        if not piece.text.isalnum() and last + 1 < len(pieces) and not _is_glued(pieces, last):
            break
        last += 1
    while last > first and not pieces[last - 1].text.isalnum():
        last -= 1
    if last == first or _tells_of_it(pieces, first):
        return None
    words = pieces[first:last]
    has_digits = any(p.is_digits or read_run_item(pieces, first + i) for i, p in enumerate(words))
    return RuleFind(first, last, Category.BANK, 0.85 if has_digits else 0.45)


def _is_glued(pieces: Pieces, at: int) -> bool:
    return touches_previous(pieces, at) and touches_previous(pieces, at + 1)


def _tells_of_it(pieces: Pieces, at: int) -> bool:
    word = pieces[at].lowered
    return word in _NO_PASSWORD or word.endswith(("ed", "ing"))


def widen_code(pieces: Pieces, first: int, last: int) -> tuple[int, int]:
    """Return a code's pieces with the letters, signs and digits that belong to it on both sides.

    Capitals and single letters do, and letters that no space parts from it: "HB/" of "HB/2291/07",
    "RB" of "RB 402817", "B" of "004418-B".
    """
    while (wider := _step_back(pieces, first)) < first:
        first = wider
    while (wider := _step_on(pieces, last)) > last:
        last = wider
    return first, last


_GLUE = frozenset({"/", "-"})
_MOST_LETTERS = 4


def _step_back(pieces: Pieces, first: int) -> int:
    before = first - 1
    if before > 0 and pieces[before].text in _GLUE and _is_glued(pieces, before):
        before -= 1
    if before < 0:
        return first
    piece = pieces[before]
    glued = touches_previous(pieces, before + 1)
    if not glued and begins_sentence(pieces, before) and len(piece.text) > 1:
        glued = piece.text.isupper()
    return before if _is_letters(pieces, before, glued=glued) else first


def _step_on(pieces: Pieces, last: int) -> int:
    after = last
    if after + 1 < len(pieces) and pieces[after].text in _GLUE and _is_glued(pieces, after):
        after += 1
    if after >= len(pieces):
        return last
    return after + 1 if _is_letters(pieces, after, glued=touches_previous(pieces, after)) else last


def _is_letters(pieces: Pieces, at: int, *, glued: bool) -> bool:
    """Whether a piece is letters of a code."""
    piece = pieces[at]
    if glued and piece.text.isalnum():
        return len(piece.text) <= _MOST_LETTERS or piece.is_digits
    if not piece.is_word or len(piece.text) > _MOST_LETTERS or piece.lowered in {"i", "a", "o"}:
        return False
    if len(piece.text) == 1:
        return True
    return piece.text.isupper() and len(piece.text) < _MOST_LETTERS and piece.lowered not in _NAMED


_NAMED = load_word_list("numbers", "abbreviations") | split_listed_words("nhs it no ok pin")
