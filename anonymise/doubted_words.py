"""Words that the speech model was not sure of, where a name stands: "rooms over capabilities".

A model that does not know a name writes words that it is not sure of. Where the words around such a
word say that a person, a place or what somebody does stands there, it is a question. Everywhere
else it is on the risk sheet alone (``misheard_passages``). What a person has typed or confirmed is
vouched for, and never asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from anonymise.context import TITLES
from anonymise.keep_list import KeepList
from anonymise.pieces import CutTurn, Pieces, lowered_at, split_listed_words
from anonymise.proposals import Proposal
from anonymise.rule_registry import DOUBTED_SOURCE
from anonymise.shipped_lists import load_word_list
from models import look_up_word
from study import (
    NEVER_NAMES,
    Category,
    Turn,
    WordUse,
    find_weak_words,
    is_in_town,
    is_time_word,
    judge_word_use,
)

_ASKED = 0.35
_SHORTEST = 3
_EVERYBODYS = 1.0  # how common a word is that everybody uses
_REACH, _MOST_BEFORE, _MOST_AFTER = 3, 2, 3  # pieces
_VERY_WEAK = 0.3  # of a place that is less sure
RELATIONS = load_word_list("people", "relations") | TITLES | {"mom"}
_NO_NAMES = load_word_list("people", "no doubted name")
_TOLD = load_word_list("people", "before heard names") | split_listed_words("with called named")
DOES = (
    load_word_list("verbs", "finite")
    | load_word_list("people", "after heard names")
    | split_listed_words("hit rang walked")
)
JOINTS = frozenset({"", ".", ",", "?", "!", "and", "so", "but", "then", "because"})
_NEAR = split_listed_words("from near outside")
_LOOSELY = split_listed_words("into over behind for through")
_CALLED = split_listed_words("called named")
_SITES = load_word_list("sites", "services") | split_listed_words("council")
_KINDS = load_word_list("sites", "kinds of service") | load_word_list("sites", "kinds of site")
_SEEN = split_listed_words("see visit meet")
_ENDS = frozenset({"", ".", ",", "?", "!", "and", "on", "in", "at"})
BE = split_listed_words("is was were as he's she's i'm became")
_SOMEBODY, _TOWN = "x", "hull"  # stand for any name, and for any town
_NO_NAME_ENDINGS = ("ly", "n't", "'ll", "'d", "'ve", "'m")

WeakSpans = Iterable[tuple[int, int, float]]
"""First character, end (exclusive) and probability of each weak word of a turn."""


def find_doubted_names(
    turn: Turn, found: Collection[Proposal], keep_list: KeepList
) -> list[Proposal]:
    """Return a question for each word of a turn that was doubted and stands where a name does.

    found: what is proposed for the turn already; none of it is asked again.
    """
    doubted = find_weak_words(turn)
    if not doubted:
        return []
    spoken = CutTurn.cut_text(turn.text)
    weak = _list_weak_pieces(spoken, doubted, found)
    questions: list[Proposal] = []
    done = 0
    for at, probability in weak.items():
        if at < done or not _may_be_asked(spoken.pieces, at, probability, keep_list):
            continue
        read = _read_slot(spoken.pieces, at, probability, keep_list)
        if read is None:
            continue
        category, first = read
        done = _find_end(spoken.pieces, at, weak, found, keep_list, category)
        if category is Category.ORGANISATION and lowered_at(spoken.pieces, done) in _SITES:
            done += 1
        start, end = spoken.pieces[first].start, spoken.pieces[done - 1].bare_end
        if not _is_taken(found, start, end):
            questions.append(Proposal(start, end, category, DOUBTED_SOURCE, _ASKED))
    return questions


def _list_weak_pieces(
    spoken: CutTurn, weak: WeakSpans, found: Collection[Proposal]
) -> dict[int, float]:
    """Return the words that were doubted and are in no find, by index, with their probability."""
    return {
        at: probability
        for start, end, probability in weak
        for at in spoken.list_indices_within(start, end)
        if spoken.pieces[at].is_word
        and not _is_taken(found, spoken.pieces[at].start, spoken.pieces[at].end)
    }


def _is_taken(found: Collection[Proposal], start: int, end: int) -> bool:
    return any(p.start < end and start < p.end for p in found)


def _may_be_asked(pieces: Pieces, at: int, probability: float, keep_list: KeepList) -> bool:
    """Whether a word may stand for a name: one that everybody uses only after "called"."""
    word = pieces[at].lowered_bare
    is_called = lowered_at(pieces, at - 1) in _CALLED and probability < _VERY_WEAK
    is_long = len(word) >= _SHORTEST and word not in NEVER_NAMES | RELATIONS
    return _has_content(word, keep_list) or (is_called and is_long and not is_time_word(word))


def _has_content(word: str, keep_list: KeepList) -> bool:
    return not (
        len(word) < _SHORTEST
        or word in keep_list.everyday
        or word in NEVER_NAMES
        or word in RELATIONS
        or word in _NO_NAMES
        or is_time_word(word)
        or word.endswith(_NO_NAME_ENDINGS)
    )


def _read_slot(
    pieces: Pieces, at: int, probability: float, keep_list: KeepList
) -> tuple[Category, int] | None:
    """Return what kind of name stands at a doubted word, and where it begins; None for none."""
    is_everybodys = look_up_word(pieces[at].lowered_bare).common >= _EVERYBODYS
    if _is_person(pieces, at, is_everybodys=is_everybodys):
        return Category.PERSON, at
    for first in range(at, max(-1, at - 1 - _MOST_BEFORE), -1):
        if first < at and not (
            pieces[first].is_word and _has_content(pieces[first].lowered_bare, keep_list)
        ):
            break
        if _is_place(pieces, first, probability, is_everybodys=is_everybodys):
            return Category.PLACE, first
    if _is_site(pieces, at):
        return Category.ORGANISATION, at
    before, owner = lowered_at(pieces, at - 1), lowered_at(pieces, at - 2)
    is_told = before == "the" and lowered_at(pieces, at + 1) == "who"
    is_described = is_told or before in {"a", "an"}
    is_there = lowered_at(pieces, at - 3) == "there"  # "there was a kettle"
    is_work = is_described and owner in BE and not is_there and not is_everybodys
    return (Category.OCCUPATION, at) if is_work else None


def _is_person(pieces: Pieces, at: int, *, is_everybodys: bool) -> bool:
    before = [p.lowered for p in pieces[max(0, at - _REACH) : at]]
    after = [p.lowered for p in pieces[at + 1 : at + 1 + _REACH]]
    one, following = lowered_at(pieces, at - 1), lowered_at(pieces, at + 1)
    if one in _TOLD:
        return True
    if is_everybodys or (one == "our" and following not in _ENDS | DOES):
        return False  # "our loud neighbour"
    is_seen = one in _SEEN and following in _ENDS
    return (
        is_seen
        or (one in JOINTS and following in DOES)
        or judge_word_use(before, _SOMEBODY, after) is WordUse.NAME
    )


def _is_place(pieces: Pieces, first: int, probability: float, *, is_everybodys: bool) -> bool:
    before = [p.lowered for p in pieces[max(0, first - _REACH) : first]]
    one = lowered_at(pieces, first - 1)
    return (
        one in _NEAR
        or is_in_town(before, _TOWN)
        or (one in _LOOSELY and probability < _VERY_WEAK and not is_everybodys)
    )


def _is_site(pieces: Pieces, at: int) -> bool:
    """Whether a kind of site follows: "the nail council", for Calderdale's."""
    word = pieces[at].lowered_bare
    return lowered_at(pieces, at + 1) in _SITES and word not in _KINDS


def _find_end(
    pieces: Pieces, at: int, weak: Mapping[int, float], found: Collection[Proposal],
    keep_list: KeepList, category: Category,
) -> int:  # fmt: skip
    """Return the index after a name: the next doubted words, of a place other words as well."""
    last = at + 1
    while last < len(pieces) and last - at < _MOST_AFTER and pieces[last].is_word:
        is_more = category is Category.PLACE and _has_content(pieces[last].lowered_bare, keep_list)
        if not (last in weak or is_more) or _is_taken(found, pieces[last].start, pieces[last].end):
            break
        last += 1
    return last
