"""E-mail and web addresses, written or spoken: "jean dot b at hot mail dot co dot uk".

A spoken address is read backwards from its ending ("dot com"), because no word comes before it that
would show where it begins.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.dictated_emails import DOTS, read_endings, read_provider
from anonymise.numbers.digit_runs import read_run_item
from anonymise.pieces import Pieces, lowered_at, split_listed_words, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import DIGITS, TEENS, TENS, TIMES, Category

_CONNECTORS = frozenset({"dot", "underscore", "dash", "hyphen", ".", "_", "-", "\u2013"})
_NO_PART = load_word_list("numbers", "no part of an address") | split_listed_words(". , : ; ? ! -")
_SAID_CONNECTORS = split_listed_words("dot underscore dash hyphen")
_PATHS = split_listed_words("/ ? # :")
_ALL_ONE_WORD = ("all", "one", "word")
_MOST_NAME_WORDS, _MOST_DOMAIN_WORDS = 2, 3


def find_web_addresses(pieces: Pieces) -> Iterator[RuleFind]:
    """Find addresses that hold an "@", web links, and addresses with a known ending."""
    done = 0
    for at, piece in enumerate(pieces):
        if at < done:
            continue
        found = _read_written_email(pieces, at) if piece.text == "@" else None
        if piece.lowered in {"http", "https"} and lowered_at(pieces, at + 1) == ":":
            found = _read_written_url(pieces, at)
        if found is None and piece.lowered in DOTS:
            found = _read_by_ending(pieces, at)
        if found is None and piece.lowered in {"at", "@"}:
            found = _read_by_provider(pieces, at)
        if found is not None:
            yield found
            done = found.last


def _read_written_email(pieces: Pieces, at: int) -> RuleFind | None:
    first = last = at
    while first and touches_previous(pieces, first):
        first -= 1
    while last + 1 < len(pieces) and touches_previous(pieces, last + 1):
        last += 1
    while last > at and not pieces[last].text.isalnum():
        last -= 1
    while first < at and not pieces[first].text.isalnum():
        first += 1
    if at in (first, last):
        return None
    if first == at - 1 and pieces[first].is_digits and _may_go_before(pieces, first - 1):
        first -= 1  # "hilda.bright 7@gmail.com"
        while first and touches_previous(pieces, first):
            first -= 1
    form = "".join(p.lowered for p in pieces[first : last + 1])
    return RuleFind(first, last + 1, Category.EMAIL, 0.99, form)


def _may_go_before(pieces: Pieces, at: int) -> bool:
    return at >= 0 and pieces[at].is_word and pieces[at].lowered not in _NO_PART


def _read_written_url(pieces: Pieces, at: int) -> RuleFind | None:
    """Read "https://…" to the next white space, without the full stop of a sentence."""
    last = _glued_end(pieces, at)
    if last - at < 5:  # noqa: PLR2004 - "http", ":", "/", "/" and a name
        return None
    return RuleFind(at, last, Category.WEB, 0.95, "".join(p.lowered for p in pieces[at:last]))


def _read_by_ending(pieces: Pieces, dot: int) -> RuleFind | None:
    """Read an address whose first ending stands after this dot."""
    last = read_endings(pieces, dot)
    if last is None:
        return None
    at_sign = _find_at_sign(pieces, dot)
    if at_sign is not None:
        first = _find_local_part(pieces, at_sign)
        return RuleFind(first, last, Category.EMAIL, 0.95, _format_address(pieces, first, last))
    first = _find_domain(pieces, dot)
    if first == dot:
        return None
    last = _find_path_end(pieces, last)
    return RuleFind(first, last, Category.WEB, 0.8, _format_address(pieces, first, last))


def _read_by_provider(pieces: Pieces, at: int) -> RuleFind | None:
    """Read "kay dot moss at gmail", without an ending."""
    last = read_provider(pieces, at + 1, sure=True)
    if last is None or at == 0 or lowered_at(pieces, at - 1) in _NO_PART:
        return None
    first = _find_local_part(pieces, at)
    told = any(
        p.lowered in _CONNECTORS or p.is_digits or len(p.text) == 1 for p in pieces[first:at]
    )
    return RuleFind(first, last, Category.EMAIL, 0.8 if told else 0.4)


def _glued_end(pieces: Pieces, at: int) -> int:
    """Return the index after what no space parts, without the signs of a sentence at its end."""
    last = at + 1
    while touches_previous(pieces, last):
        last += 1
    while last > at + 1 and not (pieces[last - 1].text.isalnum() or pieces[last - 1].text == "/"):
        last -= 1
    return last


def _find_path_end(pieces: Pieces, last: int) -> int:
    """Return the index after "/jean.fitz" or "slash news" behind an address."""
    end = last
    if end + 1 < len(pieces) and pieces[end].text in _PATHS and touches_previous(pieces, end):
        return _glued_end(pieces, end)
    while lowered_at(pieces, end + (lowered_at(pieces, end) == "forward")) in {"slash", "stroke"}:
        following = end + 1 + (lowered_at(pieces, end) == "forward")
        if following >= len(pieces) or not pieces[following].text.isalnum():
            break
        end = _glued_end(pieces, following)
        while lowered_at(pieces, end) in _SAID_CONNECTORS and end + 1 < len(pieces):
            end += 2
    return end


def _is_tight(pieces: Pieces, at: int) -> bool:
    return touches_previous(pieces, at) and touches_previous(pieces, at + 1)


def _find_at_sign(pieces: Pieces, dot: int) -> int | None:
    """Return the index of "at" before the name of the provider, None where there is none."""
    for back in range(2, 3 + 2 * _MOST_DOMAIN_WORDS):
        at = dot - back
        word = lowered_at(pieces, at)
        if word in {"at", "@"}:
            return at if at > 0 and lowered_at(pieces, at - 1) not in _NO_PART else None
        if (
            not word
            or not (pieces[at].is_word or word in _CONNECTORS)
            or word in {"is", "the", "it's"}
        ):
            return None
    return None


def _find_local_part(pieces: Pieces, at: int) -> int:
    """Return where the part before "at" begins: numbers, joined words, up to two other words."""
    first, plain = at, 0
    if tuple(p.lowered for p in pieces[max(0, at - 3) : at]) == _ALL_ONE_WORD:
        first -= 3
    while first > 0:
        word = lowered_at(pieces, first - 1)
        is_letter = len(word) == 1 and word.isalpha()
        joins = word in _CONNECTORS and (word != "." or _is_tight(pieces, first - 1)) and first > 1
        joined = lowered_at(pieces, first) in _CONNECTORS and word not in _NO_PART
        if _is_example(pieces, first - 1):
            first -= 3
        elif joins or joined or is_letter or _is_number(pieces, first - 1):
            first -= 1
        elif word in _NO_PART or plain == _MOST_NAME_WORDS or not pieces[first - 1].is_word:
            break
        else:
            first, plain = first - 1, plain + 1
    return first


def _is_example(pieces: Pieces, at: int) -> bool:
    """Whether a word ends "v for victor"."""
    letter = lowered_at(pieces, at - 2)
    linked = lowered_at(pieces, at - 1) == "for" and len(letter) == 1
    return at > 1 and linked and pieces[at].lowered[:1] == letter


def _is_number(pieces: Pieces, at: int) -> bool:
    word = lowered_at(pieces, at)
    return pieces[at].is_digits or any(word in w for w in (DIGITS, TEENS, TENS, TIMES))


def _find_domain(pieces: Pieces, dot: int) -> int:
    """Return where the web address before this dot begins: "w w w dot mill lane"."""
    first = dot
    while first > 0 and (touches_previous(pieces, first) or pieces[dot].lowered == "dot"):
        piece, following = pieces[first - 1], lowered_at(pieces, first)
        sign = piece.lowered in _CONNECTORS | {"/", ":"}
        if not sign and not piece.text.isalnum():
            break
        if not sign and piece.lowered in _NO_PART and not _leads_web(pieces, first - 1):
            break
        if (
            not sign
            and first < dot
            and following not in _CONNECTORS
            and not _leads_web(pieces, first)
        ):
            break
        first -= 1
    return first


def _leads_web(pieces: Pieces, first: int) -> bool:
    """Whether "w w w dot" is a little before, so that the words in between are one name."""
    return "w" in [p.lowered for p in pieces[max(0, first - 5) : first]] or "www" in [
        p.lowered for p in pieces[max(0, first - 4) : first]
    ]


def _format_address(pieces: Pieces, first: int, last: int) -> str:
    """Return a spoken address as it would be typed."""
    signs = {"dot": ".", "at": "@", "underscore": "_", "dash": "-", "hyphen": "-"}
    text, at = "", first
    while at < last:
        number = read_run_item(pieces, at)
        if number is not None and number.after <= last:
            text, at = text + number.digits, number.after
        else:
            text, at = text + signs.get(pieces[at].lowered, pieces[at].lowered), at + 1
    return text.replace("allone1word", "").replace("all1word", "")
