"""People whom the words around them give away: "my name is …", "Doctor …", "our …", "my sister …".

Titles belong to what is found, so that "Mrs Wilson" is one mention; relations do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise import lists, vocabulary
from anonymise.context.turn import NAMED, TITLES, WEAK, Turn
from anonymise.pieces import Pieces, begins_sentence, low_at
from anonymise.proposals import Find
from study.terms import Category

_SURE_TITLES = frozenset({"mr", "mrs", "ms", "dr", "professor", "auntie", "aunty", "uncle",
                          "reverend", "doctor"})  # fmt: skip
# After these a name in small letters has to be in the lists: "sister came", "nurse practitioner".
_LOOSE_TITLES = frozenset({"sister", "nurse", "father", "cousin", "matron", "councillor"})
_RELATIONS = lists.words("people", "relations")
_DESCRIBED = lists.words("people", "between owner and relation")
_OWNERS = frozenset({"my", "me", "mi", "his", "her", "our", "their", "your", "wife's",
                     "husband's", "mum's", "dad's", "a", "the"})  # fmt: skip
_WEAK_OWNERS = frozenset({"a", "the"})
_CALLED = frozenset({"called", "named", "surname", "nicknamed"})
_SURELY = 0.9


def titled(turn: Turn) -> Iterator[Find]:
    """Find "Doctor Patel", "Mrs. Wilson", "Sister Rose", "auntie vi"."""
    for at, piece in enumerate(turn.pieces):
        if piece.low not in TITLES:
            continue
        name_at = at + 2 if turn.low(at + 1) == "." else at + 1
        if turn.cased:
            # "my sister Jean" is a relation, "sister Jean said" without a capital is nothing
            last = turn.name_end(name_at)
            shown = piece.is_capital or piece.low in _SURE_TITLES
        else:
            last, shown = _lowered_after_title(turn, piece.low, name_at), True
        if last > name_at and shown and turn.low(at - 1) not in _KIN_OWNERS:
            yield Find(at, last, Category.PERSON, 0.9 if turn.cased else 0.75)


_KIN_OWNERS = frozenset({"my", "his", "her", "their", "your", "our", "me"})


def _lowered_after_title(turn: Turn, title: str, at: int) -> int:
    """Return the index after a name in small letters; a surname may be any word after "mrs"."""
    if title in _SURE_TITLES and title not in {"doctor", "uncle", "auntie", "aunty"}:
        last = turn.name_end(at, least=WEAK)
        is_free = 0 <= at < len(turn.pieces) and turn.pieces[at].is_word
        unlikely = turn.low(at) in turn.keep.everyday
        return last if last > at or not is_free or unlikely else at + 1
    if title in _LOOSE_TITLES:
        return turn.name_end(at, most=1) if vocabulary.is_given(turn.low(at)) else at
    return turn.name_end(at, most=2)


def introduced(turn: Turn) -> Iterator[Find]:
    """Find "my name is Arthur Bennett", "I am Jean", "a man called Derek", "ask for Jean"."""
    for at in range(1, len(turn.pieces)):
        score = _introduction(turn.pieces, at)
        if not score:
            continue
        if turn.cased:
            names = turn.names_from(at)
        elif score > _SURELY:
            names = turn.names_from(at, least=WEAK, most=2)
        else:
            listed_first = vocabulary.is_given(turn.pieces[at].bare)
            names = turn.names_from(at, most=2) if listed_first or score > 0.75 else iter(())  # noqa: PLR2004 - "called"
        for first, last in names:
            yield Find(first, last, Category.PERSON, score if turn.cased else min(score, 0.75))


def _introduction(pieces: Pieces, at: int) -> float:
    """How surely the words before an index introduce a person, 0 to 1."""
    one, two, three = (low_at(pieces, at - back) for back in (1, 2, 3))
    if (three, two, one) in {("my", "name", "is"), ("my", "name", "was"), ("my", "name", ",")}:
        return 0.95
    if one == "name's" or (two == "name" and one in {"is", "was"}) or one in _CALLED:
        return 0.95 if two == "my" else 0.8
    if (two, one) in {("i", "am"), ("this", "is"), ("ask", "for"), ("known", "as"), ("call", "me"),
                      ("called", "her"), ("called", "him"), ("calls", "me"), ("calling", "me"),
                      ("thank", "you"), ("name", "of")}:  # fmt: skip
        return 0.7
    return 0.7 if one in {"i'm", "hello", "hi", "thanks", "hiya"} else 0.0


def related(turn: Turn) -> Iterator[Find]:
    """Find "our daughter Helen", "my wife, Jean", "Jean, my wife" and "his carer, precious"."""
    for at, piece in enumerate(turn.pieces):
        if piece.low not in _OWNERS:
            continue
        relation = _relation_end(turn, at + 1)
        if relation is None:
            continue
        yield from _after_relation(turn, at, relation)
        if turn.low(at - 1) == "," and piece.low not in _WEAK_OWNERS:
            if turn.nameness(at - 2) < NAMED:
                continue
            first = at - 3 if turn.nameness(at - 3) >= NAMED else at - 2
            if turn.cased or vocabulary.is_given(turn.pieces[first].bare):
                yield Find(first, at - 1, Category.PERSON, 0.85)


def _after_relation(turn: Turn, at: int, relation: int) -> Iterator[Find]:
    called = turn.low(relation) in {"is", "was"} and turn.low(relation + 1) == "called"
    name_at = relation + 2 if called else relation
    aside = turn.low(name_at) == ","
    name_at += aside
    weak = turn.low(at) in _WEAK_OWNERS
    if not turn.cased and aside and not _closes(turn, name_at):
        return  # "my sister, jean was there": a name only where the aside ends
    least = WEAK if not weak else 0.85
    for first, last in turn.names_from(name_at, most=2, least=least):
        if not turn.cased and turn.nameness(first) <= WEAK and not aside and _goes_on(turn, last):
            return  # "my sister will come": a word that may be a name, used as a word
        yield Find(first, last, Category.PERSON, 0.85 if turn.cased else 0.75)


def _closes(turn: Turn, at: int) -> bool:
    """Whether a comma or stop comes right after the name that begins here, or nothing."""
    last = turn.name_end(at, most=2, least=WEAK)
    return last > at and (
        turn.low(last) in {",", ".", "", "and", "-"} or vocabulary.is_given(turn.pieces[at].bare)
    )


def _goes_on(turn: Turn, at: int) -> bool:
    """Whether a bare verb or "not" follows, as after "will" and "may"."""
    return turn.low(at) in _BARE


_BARE = lists.words("verbs", "bare")


def _relation_end(turn: Turn, at: int) -> int | None:
    """Return the index after "(oldest) daughter", "daughter-in-law", None where none stands."""
    following = at
    while following - at < 2 and turn.low(following) in _DESCRIBED:  # noqa: PLR2004 - "late first wife"
        following += 1
    for head in (following, following - 1):
        if head >= at and turn.low(head) in _RELATIONS:
            after = head + 1
            for in_law in (("-", "in", "-", "law"), ("in", "law")):
                if tuple(turn.low(after + i) for i in range(len(in_law))) == in_law:
                    return after + len(in_law)
            return after
    return None


def ours(turn: Turn) -> Iterator[Find]:
    """Find "our Tracey", "big Dave", "old walter": how families and mates name each other."""
    for at in range(1, len(turn.pieces)):
        before = turn.low(at - 1)
        if before not in {"our", "old", "big", "little", "young"}:
            continue
        if not vocabulary.is_given(turn.pieces[at].bare) or turn.nameness(at) < NAMED:
            continue
        if before != "our" and not turn.cased and turn.low(at - 2) in {"the", "a", "an"}:
            continue
        last = turn.name_end(at, most=2)
        yield Find(at, last, Category.PERSON, 0.75 if before == "our" else 0.65)


def possessed(turn: Turn) -> Iterator[Find]:
    """Find "Deepak's mother", "jean's lad": a name before a relation."""
    for at in range(len(turn.pieces) - 1):
        piece = turn.pieces[at]
        apart = turn.low(at + 1) in {"'s", "\u2019s"}
        is_owner = piece.bare_end != piece.end or apart
        if not is_owner or _relation_end(turn, at + 1 + apart) is None:
            continue
        heads = begins_sentence(turn.pieces, at)
        strength = turn.nameness(at)
        if strength >= NAMED and ((turn.cased and not heads) or vocabulary.is_given(piece.bare)):
            first = at - 1 if turn.nameness(at - 1) >= NAMED else at
            yield Find(first, at + 1, Category.PERSON, 0.75)
