"""What points to somebody without a name: work, origin, faith, what they lived through.

Hardly any of it identifies alone; together it does. So every find is a question to the person
(its score is below ``study.terms.LIKELY``), and nothing is masked by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise import lists, vocabulary
from anonymise.context.turn import Turn
from anonymise.pieces import listed
from anonymise.proposals import Find
from study.terms import Category

_ASKED, _ASKED_FIRST = 0.4, 0.45  # what few can say of themselves is looked at first
_BE = listed("was were is am i'm he's she's been being become became be i'd")
_AS = listed("as")
_WORKED = listed("worked work works working trained retired started apprenticed qualified")
_ARTICLES = frozenset({"a", "an", "the"})
_NO_WORK = lists.words("traits", "no occupations")
_WORK_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "smith", "wright", "eer", "monger")
_WORK_WORDS = lists.words("traits", "occupations")
_WORK_HEADS = lists.words("traits", "occupations of two words")
_PEOPLE = frozenset({"man", "woman", "lady", "girl", "lad", "boy"})
_TRADES = lists.words("traits", "trades")
_QUALITIES = lists.words("traits", "qualities")
_ORDINARY_WORK = lists.words("traits", "common occupations")
_MOST_BEFORE = 3
_DEMONYMS = lists.words("traits", "nationalities")
_ETHNIC = listed("black white brown mixed mixed-race coloured")
_ETHNIC_NOUNS = lists.words("traits", "after an ethnicity")
_PERSONAL = lists.words("traits", "said of a person")
_SAID_OF = _BE | listed("we're they're husband's wife's mum's dad's half are")
_FAITHS = lists.words("traits", "faiths")
_FAITH_PAIRS = {
    ("jehovah's", "witness"), ("jehovah's", "witnesses"), ("plymouth", "brethren"),
    ("seventh", "day"), ("christian", "scientist"),
}  # fmt: skip
_EVENTS = lists.words("traits", "events")
_PLAIN_EVENTS = listed("fire crash flood final strike rescue murder derby collapse")
_MOST_EVENT_WORDS = 5


def occupations(turn: Turn) -> Iterator[Find]:
    """Find "I was a lighthouse keeper", "he'd been the mayor", "trained as a midwife"."""
    for at in range(1, len(turn.pieces)):
        if turn.low(at) not in _ARTICLES:
            continue
        before = turn.low(at - 1)
        as_work = before in _AS and turn.low(at - 2) in _WORKED
        if before not in _BE and not as_work:
            continue
        last = _work_end(turn, at + 1, sure=as_work)
        if last is None:
            continue
        words = [p.bare for p in turn.pieces[at + 1 : last]]
        common = len(words) == 1 and words[0] in _ORDINARY_WORK
        yield Find(at + 1, last, Category.OCCUPATION, 0.3 if common else _ASKED)


def _work_end(turn: Turn, at: int, *, sure: bool) -> int | None:
    """Return the index after "retired lion tamer", None where no work is named."""
    end = None
    for head in range(at, min(at + _MOST_BEFORE + 1, len(turn.pieces))):
        piece = turn.pieces[head]
        if not piece.is_word or piece.low in _STOPS:
            break
        if _is_work(piece.bare, sure=sure) or (head > at and _is_work_together(turn, head)):
            end = head + 1
    return end


_STOPS = lists.words("traits", "end of an occupation")


def _is_work(word: str, *, sure: bool) -> bool:
    if word in _NO_WORK:
        return False
    if word in _WORK_WORDS or word in _ORDINARY_WORK:
        return True
    formed = word.endswith(_WORK_ENDINGS) and len(word) > 5  # noqa: PLR2004 - "user", "over"
    return formed and (sure or vocabulary.kind(word) == "word")


def _is_work_together(turn: Turn, head: int) -> bool:
    """Whether a word names work with the word before it, though not alone."""
    word, before = turn.pieces[head].bare, turn.low(head - 1)
    if word in _PEOPLE:
        return before in _TRADES
    return word in _WORK_HEADS and before not in _QUALITIES and vocabulary.kind(before) == "word"


def backgrounds(turn: Turn) -> Iterator[Find]:
    """Find nationality and ethnicity said of a person: "she's Polish", "a Black family"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.bare
        of_person = {turn.low(at - back) for back in (1, 2, 3)} & _PERSONAL
        followed = turn.low(at + 1) in _ETHNIC_NOUNS
        if word in _ETHNIC and followed and (of_person or turn.low(at - 1) in {"a", "the"}):
            last = at + 2 if turn.low(at + 1) in _ETHNIC | _DEMONYMS else at + 1
            yield Find(at, last, Category.BACKGROUND, _ASKED_FIRST)
        elif word in _DEMONYMS and (piece.is_capital or _is_lowered(turn, at, of_person)):
            scored = _ASKED_FIRST if of_person or followed else 0.3
            yield Find(at, at + 1, Category.BACKGROUND, scored)


def _is_lowered(turn: Turn, at: int, of_person: set[str]) -> bool:
    """Whether a word in small letters is said of a person; "polish" is a word, too."""
    if turn.low(at) == "polish":
        return turn.low(at - 1) in _SAID_OF or turn.low(at + 1) in _ETHNIC_NOUNS
    return not turn.cased or bool(of_person)


def faiths(turn: Turn) -> Iterator[Find]:
    """Find a religion: "we're Sikh", "a Jehovah's Witness"."""
    for at, piece in enumerate(turn.pieces):
        if (piece.low, turn.low(at + 1)) in _FAITH_PAIRS:
            yield Find(at, at + 2, Category.RELIGION, _ASKED_FIRST)
        elif piece.bare in _FAITHS or piece.bare.removesuffix("s") in _FAITHS:
            yield Find(at, at + 1, Category.RELIGION, _ASKED)


def events(turn: Turn) -> Iterator[Find]:
    """Find what many know and few were in: "the Hillsborough disaster", "the miners' strike"."""
    for at, piece in enumerate(turn.pieces):
        if piece.bare not in _EVENTS:
            continue
        first = at
        while first > 0 and at - first < _MOST_EVENT_WORDS and _may_name_event(turn, first - 1):
            first -= 1
        opened = turn.low(first - 1) == "the"
        if first < at and opened and (piece.bare not in _PLAIN_EVENTS or at - first > 1):
            yield Find(first, at + 1, Category.EVENT, _ASKED)


def _may_name_event(turn: Turn, at: int) -> bool:
    piece = turn.pieces[at]
    return piece.is_name_part and piece.low not in _STOPS and piece.low not in {"same", "whole"}
