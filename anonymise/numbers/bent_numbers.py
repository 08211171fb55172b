"""Numbers that a recogniser bent: "oh, $44,000, 310 treble four", "7-3-W-0", "HD7, 4QLL", "in 58".

It puts commas, money and hyphens between digits that were said one by one, writes "double" as W or
doubles the letter, and years and ages as bare figures. Each is a question: what stands there may be
a price or a score all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from anonymise.context.turn_context import TurnContext
from anonymise.numbers.number_words import COUNTED
from anonymise.pieces import split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.worded_shapes import WordedShape, find_shapes, is_anything
from study import DIGITS, MONTHS, ORDINALS, Category

_ASKED = 0.4
_SURE = 0.75  # of a chain of hyphens, or half of it is taken for a code by its own rule
_OLDEST, _GROWN, _HIGH = 110, 45, 90  # an age that is said as a bare number
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_EARLIEST = 30  # "in 58" is a year, "in 10" minutes
_LEAST_DIGITS, _LEAST_BARE = 2, 5  # of a chain with a letter, and of one without: "4-4-2"

_DIGIT = rf"(?:\d|{'|'.join(sorted(DIGITS))})"
# Taken whole and never given back, and no longer than a phone number: of somebody who counts, "1,
# 2, 3, 4", every way to cut that up would else be tried.
_SAID_DIGITS = r"\$?\d[\d,.]{0,15}+(?>(?<=,)| )[, ]{0,3}+"
_MONTH = rf"(?:{'|'.join(sorted(MONTHS))})"
_WORTH_A_LOOK = re.compile(r"\d|month|farm", re.IGNORECASE)
_WORDS = "|".join(sorted(ORDINALS))
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?:(?:twenty|thirty)[- ])?(?:{_WORDS}))"
_SITES = split_listed_words(
    "ebay facebook instagram twitter gumtree youtube tiktok vinted etsy skype whatsapp"
)
_NO_INWARD = "".join(
    rf"(?!{unit}\b)"
    for unit in split_listed_words("st nd rd th am pm kg km cm mm mg ml gb mb ft hz")
)
_ENDS = r"\s*(?:[,.;:?!]|$|(?:for|and|when|with|at|to|or|it|he|she|we|they|i|that|after)\b)"
_FARM_KINDS = load_word_list("sites", "kinds of farm")


def _is_code(chain: str) -> bool:
    """Whether signs between hyphens are a code: not "4-4-2" and not "x-y-z"."""
    signs = [sign for sign in chain if sign.isalnum()]
    digits = sum(sign.isdecimal() for sign in signs)
    return digits >= (_LEAST_DIGITS if digits < len(signs) else _LEAST_BARE)


def _is_no_year(text: str) -> bool:
    return not _FIRST_YEAR <= int(text) <= _LAST_YEAR


def _is_year(text: str) -> bool:
    return int(text) >= _EARLIEST


def _is_age(text: str) -> bool:
    return _GROWN <= _read_number(text) <= _OLDEST


def _is_named_farm(text: str) -> bool:
    return not _FARM_KINDS.issuperset(text.lower().split()[:-1])


def _read_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _make_shape(
    category: Category,
    pattern: str,
    is_one: Callable[[str], bool] = is_anything,
    score: float = _ASKED,
    cues: frozenset[str] = frozenset(),
) -> WordedShape:
    return WordedShape(category, re.compile(pattern, re.IGNORECASE), is_one, score, cues=cues)


_SHAPES = (
    _make_shape(
        Category.PHONE,
        rf"((?:\b(?:oh?|zero)[, ]{{1,3}})?(?:{_SAID_DIGITS}){{1,20}}(?:double|treble|triple)[- ]"
        rf"{_DIGIT}\b)",
    ),
    _make_shape(
        Category.NUMBER,
        r"(?<![\w-])((?:[a-z\d]-){2,}[a-z\d](?:, (?:\d-){2,}\d)?)(?![\w-])",
        _is_code,
        _SURE,
    ),
    _make_shape(Category.POSTCODE, r"\b([A-Z]{1,2}\d{1,2}[A-Z]?[,.]? \d[A-Z]{2,4})\b"),
    _make_shape(
        Category.POSTCODE,
        r"\b(?:at|to|for|in|it's|is|last|postcode's?|postcard's?)\b[^.?!]{0,9}?"
        rf"\b((?:\d{{1,2}}[, ]+)?\d{_NO_INWARD}[ABD-HJLNP-UW-Z]{{2}})\b",
    ),
    _make_shape(
        Category.DATE_OF_BIRTH,
        rf"\b({_ORDINAL} of the \d{{1,2}}(?:st|nd|rd|th)?[, ]+(?:19)?\d\d)\b",
    ),
    _make_shape(Category.DATE, rf"\b((?:the )?\d{{2}}(?:st|nd|rd|th) (?:of )?{_MONTH})\b"),
    _make_shape(
        Category.DATE,
        rf"\b((?:the )?{_ORDINAL} of (?:last|this|next) month)\b",
        cues=frozenset({"month"}),
    ),
    _make_shape(
        Category.DATE,
        rf"\b(?:in|since|until|till|back in) ['\u2019]?(\d\d)(?={_ENDS})",
        _is_year,
    ),
    _make_shape(Category.NUMBER, r"\b((?:extension|ext)-\d{2,5})\b"),
    _make_shape(
        Category.NUMBER,
        r"\b(?:it's|it is|press|enter|type|tap|dial|key in) (\d{4})\b"
        r"(?! *[a-z]+s\b)(?! *(?:pounds|quid))",
        _is_no_year,
    ),
    _make_shape(
        Category.WEB,
        r"\b((?:(?!it\b|that\b|one\b|she's\b|he's\b)[\w']{1,40} ){0,3}[a-z']{0,40}\d{1,20}),?"
        rf" on (?:{'|'.join(sorted(_SITES))})\b",
        cues=_SITES,
    ),
    _make_shape(
        Category.ADDRESS,
        r"\b(?:live|lives|lived|living|born|stayed|grew up|brought up)"
        r" (?:at|on|in|out at|up at) ((?:[a-z'-]+ ){1,3}farm)\b",
        _is_named_farm,
    ),
    _make_shape(Category.AGE, r"(?:^|[.?!] +)(\d{2,3})(?=\s*(?:[.!?]|$|(?:and|bless)\b))", _is_age),
    _make_shape(
        Category.AGE,
        r"\b(?:she|he) was (\d{2,3})(?= (?:i|i'm|so|oh|well|bless|god|it|it's)\b)",
        _is_age,
    ),
    _make_shape(Category.AGE, r"\bin ((?:his|her|my) \d{2,3}[- ]year)\b(?![- ]old)", _is_age),
)


def find_bent_numbers(turn: TurnContext) -> Iterator[RuleFind]:
    """Find numbers of all kinds by how they were bent."""
    if not _WORTH_A_LOOK.search(turn.spoken.text):
        return
    for shape, words, inside in find_shapes(turn, _SHAPES):
        category, last = shape.category, inside[-1] + 1
        if category is Category.AGE:
            if turn.lowered_at(last) in COUNTED - {"and"}:
                continue
            category = Category.HIGH_AGE if _read_number(words) >= _HIGH else category
        yield RuleFind(inside[0], last, category, shape.score)
