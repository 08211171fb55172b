"""Find indirect details: occupation, nationality or ethnicity, religion, public events.

Hardly any identifies a person alone; several together do. So every find is a question to a person
(its score is below ``study.LIKELY_SCORE``).
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.context.turn_context import TurnContext
from anonymise.pieces import split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word
from study import Category

_ASKED, _ASKED_FIRST = 0.4, 0.45  # a detail that fits few people has the higher score
_BE = split_listed_words("was were is am i'm he's she's been being become became be i'd")
_AS = split_listed_words("as")
_WORKED = split_listed_words(
    "worked work works working trained retired started apprenticed qualified"
)
_ARTICLES = frozenset({"a", "an", "the"})
_NO_WORK = load_word_list("traits", "no occupations")
_WORK_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "smith", "wright", "eer", "monger")
_WORK_WORDS = load_word_list("traits", "occupations")
_WORK_HEADS = load_word_list("traits", "occupations of two words")
_PEOPLE = frozenset({"man", "woman", "lady", "girl", "lad", "boy"})
_TRADES = load_word_list("traits", "trades")
_QUALITIES = load_word_list("traits", "qualities")
_ORDINARY_WORK = load_word_list("traits", "common occupations")
_MOST_BEFORE = 3
_DEMONYMS = load_word_list("traits", "nationalities")
_ETHNIC = split_listed_words("black white brown mixed mixed-race coloured")
_ETHNIC_NOUNS = load_word_list("traits", "after an ethnicity")
_PERSONAL = load_word_list("traits", "said of a person")
_SAID_OF = _BE | split_listed_words("we're they're husband's wife's mum's dad's half are")
_FAITHS = load_word_list("traits", "faiths")
_FAITH_PAIRS = {
    ("jehovah's", "witness"), ("jehovah's", "witnesses"), ("plymouth", "brethren"),
    ("seventh", "day"), ("christian", "scientist"),
}  # fmt: skip
_EVENTS = load_word_list("traits", "events")
_PLAIN_EVENTS = split_listed_words("fire crash flood final strike rescue murder derby collapse")
_MOST_EVENT_WORDS = 5


def find_occupations(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "I was a lighthouse keeper", "he'd been the mayor", "trained as a midwife"."""
    for at in range(1, len(turn.pieces)):
        if turn.lowered_at(at) not in _ARTICLES:
            continue
        before = turn.lowered_at(at - 1)
        as_work = before in _AS and turn.lowered_at(at - 2) in _WORKED
        if before not in _BE and not as_work:
            continue
        last = _find_work_end(turn, at + 1, sure=as_work)
        if last is None:
            continue
        words = [p.lowered_bare for p in turn.pieces[at + 1 : last]]
        common = len(words) == 1 and words[0] in _ORDINARY_WORK
        yield RuleFind(at + 1, last, Category.OCCUPATION, 0.3 if common else _ASKED)


def _find_work_end(turn: TurnContext, at: int, *, sure: bool) -> int | None:
    """Return the index after "retired lion tamer", None where no occupation is named."""
    end = None
    for head in range(at, min(at + _MOST_BEFORE + 1, len(turn.pieces))):
        piece = turn.pieces[head]
        if not piece.is_word or piece.lowered in _STOPS:
            break
        if _is_work(piece.lowered_bare, sure=sure) or (head > at and _is_work_together(turn, head)):
            end = head + 1
    return end


_STOPS = load_word_list("traits", "end of an occupation")


def _is_work(word: str, *, sure: bool) -> bool:
    if word in _NO_WORK:
        return False
    if word in _WORK_WORDS or word in _ORDINARY_WORK:
        return True
    formed = word.endswith(_WORK_ENDINGS) and len(word) > 5  # noqa: PLR2004 - "user", "over"
    return formed and (sure or classify_word(word) == "word")


def _is_work_together(turn: TurnContext, head: int) -> bool:
    """Whether a word names an occupation with the word before it, though not alone."""
    word, before = turn.pieces[head].lowered_bare, turn.lowered_at(head - 1)
    if word in _PEOPLE:
        return before in _TRADES
    return word in _WORK_HEADS and before not in _QUALITIES and classify_word(before) == "word"


def find_backgrounds(turn: TurnContext) -> Iterator[RuleFind]:
    """Find the nationality or ethnicity of a person: "she's Polish", "a Black family"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.lowered_bare
        of_person = {turn.lowered_at(at - back) for back in (1, 2, 3)} & _PERSONAL
        followed = turn.lowered_at(at + 1) in _ETHNIC_NOUNS
        if word in _ETHNIC and followed and (of_person or turn.lowered_at(at - 1) in {"a", "the"}):
            last = at + 2 if turn.lowered_at(at + 1) in _ETHNIC | _DEMONYMS else at + 1
            yield RuleFind(at, last, Category.BACKGROUND, _ASKED_FIRST)
        elif word in _DEMONYMS and (piece.is_capital or _is_about_person(turn, at, of_person)):
            scored = _ASKED_FIRST if of_person or followed else 0.3
            yield RuleFind(at, at + 1, Category.BACKGROUND, scored)


def _is_about_person(turn: TurnContext, at: int, of_person: set[str]) -> bool:
    """Whether a word in small letters is about a person; "polish" may be an ordinary word."""
    if turn.lowered_at(at) == "polish":
        return turn.lowered_at(at - 1) in _SAID_OF or turn.lowered_at(at + 1) in _ETHNIC_NOUNS
    return not turn.keeps_capitals or bool(of_person)


def find_faiths(turn: TurnContext) -> Iterator[RuleFind]:
    """Find a religion: "we're Sikh", "a Jehovah's Witness"."""
    for at, piece in enumerate(turn.pieces):
        if (piece.lowered, turn.lowered_at(at + 1)) in _FAITH_PAIRS:
            yield RuleFind(at, at + 2, Category.RELIGION, _ASKED_FIRST)
        elif piece.lowered_bare in _FAITHS or piece.lowered_bare.removesuffix("s") in _FAITHS:
            yield RuleFind(at, at + 1, Category.RELIGION, _ASKED)


def find_public_events(turn: TurnContext) -> Iterator[RuleFind]:
    """Find events that few people were in: "the Hillsborough disaster", "the miners' strike"."""
    for at, piece in enumerate(turn.pieces):
        if piece.lowered_bare not in _EVENTS:
            continue
        first = at
        while first > 0 and at - first < _MOST_EVENT_WORDS and _may_name_event(turn, first - 1):
            first -= 1
        opened = turn.lowered_at(first - 1) == "the"
        if first < at and opened and (piece.lowered_bare not in _PLAIN_EVENTS or at - first > 1):
            yield RuleFind(first, at + 1, Category.EVENT, _ASKED)


def _may_name_event(turn: TurnContext, at: int) -> bool:
    piece = turn.pieces[at]
    return (
        piece.is_name_part
        and piece.lowered not in _STOPS
        and piece.lowered not in {"same", "whole"}
    )
