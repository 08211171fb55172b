"""Find people by the words around them: "my name is …", "Doctor …", "our …", "my sister …".

A title is part of the find, so that "Mrs Wilson" is one mention; a relation is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.context.turn_context import NAMED, TITLES, WEAK, TurnContext
from anonymise.keep_list import judge_piece
from anonymise.pieces import Pieces, begins_sentence, lowered_at
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.small_letters import is_in_word_phrase
from anonymise.word_kinds import is_given_name
from study import Category, WordUse, is_in_town, is_time_word, is_town_word

_SURE_TITLES = frozenset({"mr", "mrs", "ms", "dr", "professor", "auntie", "aunty", "uncle",
                          "reverend", "doctor"})  # fmt: skip
# After these a name in small letters must be in the lists: "sister came", "nurse practitioner".
_LOOSE_TITLES = frozenset({"sister", "nurse", "father", "cousin", "matron", "councillor"})
_RELATIONS = load_word_list("people", "relations")
_DESCRIBED = load_word_list("people", "between owner and relation")
_OWNERS = frozenset({"my", "me", "mi", "his", "her", "our", "their", "your", "wife's",
                     "husband's", "mum's", "dad's", "a", "the"})  # fmt: skip
_WEAK_OWNERS = frozenset({"a", "the"})
_CALLED = frozenset({"called", "named", "surname", "nicknamed"})
_SURELY = 0.9


def find_titled_people(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "Doctor Patel", "Mrs. Wilson", "Sister Rose", "auntie vi"."""
    for at, piece in enumerate(turn.pieces):
        if piece.lowered not in TITLES:
            continue
        name_at = at + 2 if turn.lowered_at(at + 1) == "." else at + 1
        if turn.keeps_capitals:
            # "my sister Jean" is a relation, "sister Jean said" without a capital is nothing
            last = turn.name_end(name_at)
            shown = piece.is_capital or piece.lowered in _SURE_TITLES
        else:
            last, shown = _find_lowered_name_end(turn, piece.lowered, name_at), True
        if last > name_at and shown and turn.lowered_at(at - 1) not in _KIN_OWNERS:
            yield RuleFind(at, last, Category.PERSON, 0.9 if turn.keeps_capitals else 0.75)


_KIN_OWNERS = frozenset({"my", "his", "her", "their", "your", "our", "me"})


def _find_lowered_name_end(turn: TurnContext, title: str, at: int) -> int:
    """Return the index after a name in small letters; a surname may be any word after "mrs"."""
    if title in _SURE_TITLES and title not in {"doctor", "uncle", "auntie", "aunty"}:
        last = turn.name_end(at, least=WEAK)
        is_free = 0 <= at < len(turn.pieces) and turn.pieces[at].is_word
        unlikely = turn.lowered_at(at) in turn.keep_list.everyday
        return last if last > at or not is_free or unlikely else at + 1
    if title in _LOOSE_TITLES:
        return turn.name_end(at, most=1) if is_given_name(turn.lowered_at(at)) else at
    return turn.name_end(at, most=2)


def find_introduced_people(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "my name is Arthur Bennett", "I am Jean", "a man called Derek", "ask for Jean"."""
    for at in range(1, len(turn.pieces)):
        score = _score_introduction(turn.pieces, at)
        if not score:
            continue
        if turn.keeps_capitals:
            names = turn.iterate_names(at)
        elif score > _SURELY:
            names = turn.iterate_names(at, least=WEAK, most=2)
        else:
            listed_first = is_given_name(turn.pieces[at].lowered_bare)
            names = turn.iterate_names(at, most=2) if listed_first or score > 0.75 else iter(())  # noqa: PLR2004 - "called"
        for first, last in names:
            yield RuleFind(
                first, last, Category.PERSON, score if turn.keeps_capitals else min(score, 0.75)
            )


def _score_introduction(pieces: Pieces, at: int) -> float:
    """How likely the words before an index introduce a person, 0.0 to 1.0."""
    one, two, three = (lowered_at(pieces, at - back) for back in (1, 2, 3))
    if (three, two, one) in {("my", "name", "is"), ("my", "name", "was"), ("my", "name", ",")}:
        return 0.95
    if one == "name's" or (two == "name" and one in {"is", "was"}) or one in _CALLED:
        return 0.95 if two == "my" else 0.8
    if (two, one) in {("i", "am"), ("this", "is"), ("ask", "for"), ("known", "as"), ("call", "me"),
                      ("called", "her"), ("called", "him"), ("calls", "me"), ("calling", "me"),
                      ("thank", "you"), ("name", "of")}:  # fmt: skip
        return 0.7
    return 0.7 if one in {"i'm", "hello", "hi", "thanks", "hiya"} else 0.0


def find_relatives(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "our daughter Helen", "my wife, Jean", "Jean, my wife" and "his carer, precious"."""
    for at, piece in enumerate(turn.pieces):
        if piece.lowered not in _OWNERS:
            continue
        relation = _find_relation_end(turn, at + 1)
        if relation is None:
            continue
        yield from _find_after_relation(turn, at, relation)
        if turn.lowered_at(at - 1) == "," and piece.lowered not in _WEAK_OWNERS:
            if turn.nameness(at - 2) < NAMED:
                continue
            first = at - 3 if turn.nameness(at - 3) >= NAMED else at - 2
            if turn.keeps_capitals or is_given_name(turn.pieces[first].lowered_bare):
                yield RuleFind(first, at - 1, Category.PERSON, 0.85)


def _find_after_relation(turn: TurnContext, at: int, relation: int) -> Iterator[RuleFind]:
    called = (
        turn.lowered_at(relation) in {"is", "was"} and turn.lowered_at(relation + 1) == "called"
    )
    name_at = relation + 2 if called else relation
    aside = turn.lowered_at(name_at) == ","
    name_at += aside
    weak = turn.lowered_at(at) in _WEAK_OWNERS
    if not turn.keeps_capitals and aside and not _closes(turn, name_at):
        return  # "my sister, jean was there": a name only where the aside ends
    least = WEAK if not weak else 0.85
    for first, last in turn.iterate_names(name_at, most=2, least=least):
        if (
            not turn.keeps_capitals
            and turn.nameness(first) <= WEAK
            and not aside
            and _goes_on(turn, last)
        ):
            return  # "my sister will come": a word that may be a name, used as a word
        yield RuleFind(first, last, Category.PERSON, 0.85 if turn.keeps_capitals else 0.75)


def _closes(turn: TurnContext, at: int) -> bool:
    """Whether a comma, a full stop or the end comes right after the name that begins here."""
    last = turn.name_end(at, most=2, least=WEAK)
    return last > at and (
        turn.lowered_at(last) in {",", ".", "", "and", "-"}
        or is_given_name(turn.pieces[at].lowered_bare)
    )


def _goes_on(turn: TurnContext, at: int) -> bool:
    """Whether a bare verb or "not" follows, as after "will" and "may"."""
    return turn.lowered_at(at) in _BARE


_BARE = load_word_list("verbs", "bare")


def _find_relation_end(turn: TurnContext, at: int) -> int | None:
    """Return the index after "(oldest) daughter", "daughter-in-law", None where none stands."""
    following = at
    while following - at < 2 and turn.lowered_at(following) in _DESCRIBED:  # noqa: PLR2004 - "late first wife"
        following += 1
    for head in (following, following - 1):
        if head >= at and turn.lowered_at(head) in _RELATIONS:
            after = head + 1
            for in_law in (("-", "in", "-", "law"), ("in", "law")):
                if tuple(turn.lowered_at(after + i) for i in range(len(in_law))) == in_law:
                    return after + len(in_law)
            return after
    return None


def find_familiar_names(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "our Tracey", "big Dave", "old walter": how families and friends speak of each other."""
    for at in range(1, len(turn.pieces)):
        before = turn.lowered_at(at - 1)
        if before not in {"our", "old", "big", "little", "young"}:
            continue
        if not is_given_name(turn.pieces[at].lowered_bare) or turn.nameness(at) < NAMED:
            continue
        if (
            before != "our"
            and not turn.keeps_capitals
            and turn.lowered_at(at - 2) in {"the", "a", "an"}
        ):
            continue
        last = turn.name_end(at, most=2)
        yield RuleFind(at, last, Category.PERSON, 0.75 if before == "our" else 0.65)


def find_owners(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "Deepak's mother", "jean's lad": a name before a relation."""
    for at in range(len(turn.pieces) - 1):
        piece = turn.pieces[at]
        apart = turn.lowered_at(at + 1) in {"'s", "\u2019s"}
        is_owner = piece.bare_end != piece.end or apart
        if not is_owner or _find_relation_end(turn, at + 1 + apart) is None:
            continue
        heads = begins_sentence(turn.pieces, at)
        strength = turn.nameness(at)
        if strength >= NAMED and (
            (turn.keeps_capitals and not heads) or is_given_name(piece.lowered_bare)
        ):
            first = at - 1 if turn.nameness(at - 1) >= NAMED else at
            yield RuleFind(first, at + 1, Category.PERSON, 0.75)


_GIVEN_WORDS = load_word_list("people", "given names that are words")
_REACH = 3  # pieces before a town's name
# By whether it is written like a name: of one that is named, of one that is unsure.
_SHOWN, _HEADS, _SMALL, _UNCASED = (0.65, 0.4), (0.6, 0.0), (0.4, 0.0), (0.55, 0.3)


def find_names_that_are_words(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "said to May", "Sunday drove us", "moved to Bath" by the words around them."""
    for at, piece in enumerate(turn.pieces):
        word = piece.lowered_bare
        if word not in _GIVEN_WORDS and not is_town_word(word):
            continue
        use = judge_piece(turn.pieces, at)
        before = [p.lowered for p in turn.pieces[max(0, at - _REACH) : at]]
        after = [p.lowered for p in turn.pieces[at + 1 : at + 1 + _REACH]]
        town = is_in_town(before, word, after)
        if use is WordUse.WORD or not (town or word in _GIVEN_WORDS):
            continue
        if not piece.is_capital and is_in_word_phrase(turn.pieces, at):
            continue
        named, unsure = _score_word(turn, at)
        score = named if use is WordUse.NAME else 0.0 if is_time_word(word) else unsure
        if score:
            more = 0 if town or piece.bare_end != piece.end else _count_surname(turn, at + 1)
            category = Category.PLACE if town else Category.PERSON
            yield RuleFind(at, at + 1 + more, category, score)


def _score_word(turn: TurnContext, at: int) -> tuple[float, float]:
    if not turn.keeps_capitals:
        return _UNCASED
    if not turn.pieces[at].is_capital:
        return _SMALL
    return _HEADS if begins_sentence(turn.pieces, at) else _SHOWN


def _count_surname(turn: TurnContext, at: int) -> int:
    """Return 1 where a surname stands at an index, else 0."""
    return int(turn.nameness(at) >= NAMED)
