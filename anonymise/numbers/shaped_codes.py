"""Codes that their shape shows: "K-double-four-seven-one", "SKJ-2284", "R.T. Stroke. 4.18".

No word announces them, or one that stands too far away: somebody reads a number from a card, and a
recogniser puts full stops and hyphens between what it heard. Letters and digits in one code with
"double", "stroke" or hyphens between them are nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.cued_codes import CodeReading, infer_code_category, read_code
from anonymise.numbers.digit_runs import read_run_item
from anonymise.numbers.letter_readings import SPELLED, is_letter
from anonymise.numbers.number_words import COUNTED
from anonymise.pieces import Pieces, lowered_at, split_listed_words, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word
from study import TIMES, Category

_CUES = load_word_list("numbers", "a code follows")
_STROKES = split_listed_words("stroke slash oblique")
_NO_CODES = load_word_list("numbers", "abbreviations") | load_word_list("numbers", "before a model")
_SECRETS = load_word_list("numbers", "opens a door")
_SECRET_DIGITS = range(4, 9)
_FAR = 26  # pieces from "case number" over "let me see, I've got it here" to the code
_LEAST_DIGITS, _LEAST_CUED, _LEAST, _MOST_LETTERS = 3, 2, 5, 4
_ONE_CODE = 3  # parts that hyphens or full stops hold together


def find_shaped_codes(pieces: Pieces) -> Iterator[RuleFind]:
    """Find codes of letters and digits by their shape."""
    done = 0
    for at in range(len(pieces)):
        if at < done:
            continue
        if pieces[at].lowered in _SECRETS:
            secret = _read_secret(pieces, at)
            if secret is not None:
                yield secret
                done = secret.last
                continue
        if not _may_begin(pieces, at):
            continue
        code = read_code(pieces, at)
        if code is None or not _is_code(pieces, at, code):
            continue
        yield RuleFind(at, code.after, infer_code_category(pieces, at, _FAR), 0.75, code.text)
        done = code.after


def _read_secret(pieces: Pieces, at: int) -> RuleFind | None:
    """Read the digits of "the key safe … it's two oh four nine", said one by one."""
    for following in range(at + 1, min(at + _FAR, len(pieces))):
        code = read_code(pieces, following)
        if code is None:
            continue
        single = code.parts == code.digits == len(code.text)
        if (
            single
            and code.digits in _SECRET_DIGITS
            and lowered_at(pieces, code.after) not in COUNTED
        ):
            return RuleFind(following, code.after, Category.BANK, 0.75, code.text)
    return None


def _may_begin(pieces: Pieces, at: int) -> bool:
    piece = pieces[at]
    if not piece.is_word or not piece.text.isascii() or piece.lowered in _NO_CODES:
        return False
    if touches_previous(pieces, at) and pieces[at - 1].text not in {"(", '"', "\u201c"}:
        return False
    return len(piece.text) <= _MOST_LETTERS or piece.lowered in SPELLED or piece.lowered in TIMES


def _is_code(pieces: Pieces, at: int, code: CodeReading) -> bool:
    """Whether what is read has the shape of a code: of both kinds, long, and held together."""
    letters = len(code.text) - code.digits
    span = range(at, code.after)
    if not letters or lowered_at(pieces, code.after) in COUNTED:
        return False
    if read_run_item(pieces, at) is not None and lowered_at(pieces, at) not in TIMES:
        return False
    strokes = any(pieces[i].lowered in _STROKES for i in span)
    if strokes and code.digits >= _LEAST_CUED and len(code.text) >= _LEAST:
        return True
    if code.digits < _LEAST_DIGITS or len(code.text) < _LEAST:
        return False
    if _is_glued(pieces, at, code):
        return _is_no_word(pieces, at)
    cued = any(p.lowered_bare in _CUES for p in pieces[max(0, at - _FAR) : at])
    doubled = any(pieces[i].lowered in TIMES for i in span)
    alone = is_letter(pieces[at].lowered) and pieces[at].lowered not in {"i", "a"}
    return (cued or doubled) and code.parts >= _ONE_CODE and (alone or _is_no_word(pieces, at))


def _is_glued(pieces: Pieces, at: int, code: CodeReading) -> bool:
    """Whether hyphens or nothing hold it together: "SKJ-2284", "K-double-four-seven", "KUM4170"."""
    touching = all(
        touches_previous(pieces, i) or pieces[i - 1].text == "-" for i in range(at + 1, code.after)
    )
    hyphens = any(pieces[i].text == "-" for i in range(at, code.after))
    written = len(pieces[at].text) > 1 and code.digits > _LEAST_DIGITS
    return touching and (hyphens or written)


def _is_no_word(pieces: Pieces, at: int) -> bool:
    piece = pieces[at]
    if len(piece.text) == 1:
        return piece.lowered not in {"i", "a"}
    return piece.text.isupper() or classify_word(piece.lowered) == "unknown"
