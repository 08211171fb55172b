"""Find words whose capital letter nothing explains: a name that no list and no model knows.

A recogniser writes a name that it misheard with a capital ("Ravendrun"), so such a word is a
question. A word that begins a sentence has its capital from there; it is asked only where it is all
of the sentence and no list has it as a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.context.turn_context import TITLES, TurnContext
from anonymise.keep_list import judge_piece
from anonymise.pieces import begins_sentence, lowered_at, split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word, is_everyday_word, is_place_name
from study import Category, WordUse, is_time_word

_ASKED = 0.3
_SHORTEST = 3
_TITLE_CASE = 0.6  # of the words of a turn: then a capital says nothing
_QUOTES = frozenset({'"', "\u201c", "\u2018", "'", "(", "\u2026"})
_PLACED = split_listed_words("in at to from near")
_RELATIONS = load_word_list("people", "relations") | TITLES


def find_unexplained_capitals(turn: TurnContext) -> Iterator[RuleFind]:
    """Find words with a capital that neither a sentence nor a list explains."""
    words = [piece for piece in turn.pieces if piece.is_word]
    shown = sum(piece.is_capital for piece in words)
    if not turn.keeps_capitals or (len(words) > _SHORTEST and shown > _TITLE_CASE * len(words)):
        return
    at = 0
    while at < len(turn.pieces):
        last = at
        while last < len(turn.pieces) and _is_unexplained(turn, last, is_first=last == at):
            last += 1
        if last > at:
            led = turn.lowered_at(at - 1)
            named = is_place_name(turn.pieces[at].lowered_bare) or led in _PLACED
            yield RuleFind(at, last, Category.PLACE if named else Category.PERSON, _ASKED)
        at = max(last, at + 1)


def _is_unexplained(turn: TurnContext, at: int, *, is_first: bool) -> bool:
    piece = turn.pieces[at]
    word = piece.lowered_bare
    if not piece.is_word or not piece.is_capital or len(word) < _SHORTEST:
        return False
    if piece.text.isupper() or "'" in word or word in _RELATIONS or _is_time(word):
        return False
    if turn.keep_list.is_kept_phrase(word) or word in turn.keep_list.everyday:
        return False
    if judge_piece(turn.pieces, at) is WordUse.WORD or is_everyday_word(word):
        return False
    heads = begins_sentence(turn.pieces, at) or lowered_at(turn.pieces, at - 1) in _QUOTES
    if not heads or not is_first:
        return True
    ends = lowered_at(turn.pieces, at + 1) in {"", ".", "?", "!"}
    return ends and classify_word(word) != "word"


def _is_time(word: str) -> bool:
    """Whether a word is a weekday, a month or a feast, or several of it: "Mondays"."""
    return is_time_word(word) or is_time_word(word.removesuffix("s"))
