"""Find indirect details: nationality or ethnicity, religion, public events.

Hardly any identifies a person alone; several together do. So every find is a question to a person
(its score is below ``study.LIKELY_SCORE``).
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.context.turn_context import TurnContext
from anonymise.numbers.number_readings import NumberReading, read_below_hundred, read_year
from anonymise.pieces import split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word
from study import Category

_ASKED, _ASKED_FIRST = 0.4, 0.45  # a detail that fits few people has the higher score
_DEMONYMS = load_word_list("traits", "nationalities")
_ETHNIC = split_listed_words("black white brown mixed mixed-race coloured")
_ETHNIC_NOUNS = load_word_list("traits", "after an ethnicity")
_BE = split_listed_words("was were is am i'm he's she's been being become became be i'd")
_PERSONAL = load_word_list("traits", "said of a person")
_SAID_OF = _BE | split_listed_words("we're they're husband's wife's mum's dad's half are")
_FAITHS = load_word_list("traits", "faiths")
_FAITH_PAIRS = {
    ("jehovah's", "witness"), ("jehovah's", "witnesses"), ("plymouth", "brethren"),
    ("seventh", "day"), ("christian", "scientist"),
}  # fmt: skip
_EVENTS = load_word_list("traits", "events")
_PLAIN_EVENTS = split_listed_words("fire crash flood final strike rescue murder derby collapse")
_NAMED_EVENTS = load_word_list("traits", "events by a name")
_STRONG_EVENTS = frozenset({"robbery", "murder", "murders", "trial", "kidnapping", "competition"})
_EVENTS_OF = load_word_list("traits", "events of a place")
_EVENT_PLACES = frozenset(
    tuple(p.removeprefix("the ").split()) for p in load_word_list("traits", "places of an event")
)
_CHILDREN = frozenset({"daughter", "son", "widow", "lad", "lass"})
_WORK = (
    load_word_list("traits", "occupations")
    | load_word_list("traits", "last words of an occupation")
    | split_listed_words("suffragette draper farmer preacher sailor")
)
_AT_EVENT = frozenset({"at", "in", "the", "after", "through", "during", "survived", "on"})
_DEMONYM_NOUNS = load_word_list("traits", "demonyms that are nouns")
_PERSONS = load_word_list("traits", "persons of a nation")
_PARTS = frozenset({"half", "part", "mixed", "anglo", "ex"})
_THINGS = load_word_list("traits", "no subject of work")
_AFTER_NATION = load_word_list("traits", "after a nation")
_TWO_WORDS = frozenset(
    tuple(b.split()) for b in load_word_list("traits", "backgrounds of two words")
)
_FAITH_HOUSES = load_word_list("traits", "houses of faith")
_BROUGHT_UP = frozenset({"raised", "up", "was", "were", "we're", "i'm", "always"})
_GOING = split_listed_words("go goes went going gone at we i attend attends")
_STOPS = load_word_list("traits", "end of an occupation")
_MOST_EVENT_WORDS = 5


def find_backgrounds(turn: TurnContext) -> Iterator[RuleFind]:
    """Find the nationality or ethnicity of a person: "she's Polish", "a Black family"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.lowered_bare
        if word in _ETHNIC and turn.lowered_at(at + 1) in _ETHNIC_NOUNS:
            if _is_single(turn, at) or turn.lowered_at(at - 1) in {"a", "the"}:
                last = at + 2 if turn.lowered_at(at + 1) in _ETHNIC | _DEMONYMS else at + 1
                yield RuleFind(at, last, Category.BACKGROUND, _ASKED_FIRST)
        elif (word, turn.lowered_at(at + 1)) in _TWO_WORDS:
            yield RuleFind(at, at + 2, Category.BACKGROUND, _ASKED)
        elif word in _DEMONYM_NOUNS and _is_called(turn, at):
            yield RuleFind(at, at + 1, Category.BACKGROUND, _ASKED)
        elif word in _CHILDREN and turn.lowered_at(at - 1).endswith("'s"):
            work = turn.lowered_at(at - 1).removesuffix("'s")
            if turn.lowered_at(at - 2) in {"a", "an"} and work in _WORK:
                yield RuleFind(at - 1, at + 1, Category.BACKGROUND, _ASKED)
        elif word in _DEMONYMS and _is_about_person(turn, at):
            first, last = _widen_to_only(turn, at)
            yield RuleFind(first, last, Category.BACKGROUND, _ASKED_FIRST)


def _widen_to_only(turn: TurnContext, at: int) -> tuple[int, int]:
    """Return all of "the only Ghanaian family in the street", which tells who is meant."""
    if turn.lowered_at(at - 1) not in {"only", "first"}:
        return at, at + 1
    first = at - 2 if turn.lowered_at(at - 2) == "the" else at - 1
    last = at + 2 if turn.lowered_at(at + 1) in _PERSONS else at + 1
    placed = turn.lowered_at(last) in {"in", "on", "at", "down"}
    if placed and turn.lowered_at(last + 1) in {"the", "our", "this", "that"}:
        last += 3 if last + 2 < len(turn.pieces) and turn.pieces[last + 2].is_word else 0
    return first, last


def _is_called(turn: TurnContext, at: int) -> bool:
    """Whether somebody is called so: "he was a Pole"."""
    led = turn.lowered_at(at - 1) in {"a", "an", "proud", "true"}
    return led and any(turn.lowered_at(at - back) in _SAID_OF for back in (2, 3))


def _is_single(turn: TurnContext, at: int) -> bool:
    return not {turn.lowered_at(at - back) for back in (1, 2, 3)}.isdisjoint(_PERSONAL)


def _is_about_person(turn: TurnContext, at: int) -> bool:
    """Whether a nation's word is said of a person, not of a tongue, a meal or a government."""
    before, following = turn.lowered_at(at - 1), turn.lowered_at(at + 1)
    if following == "national":  # "a German national, Ms Weber", not "the German national team"
        return not turn.lowered_at(at + 2).isalpha()
    if following in _PERSONS and following not in {"side", "roots"}:
        return True
    if following in {"side", "roots"}:
        return before in {"her", "his", "my", "the", "of"}
    if before in {"half", "part", "originally", "only", "all"} or before == "-":
        return not turn.pieces[at].is_capital or before != "-" or turn.lowered_at(at - 2) in _PARTS
    said = before in _SAID_OF or (
        before in {"a", "an", "not", "really", "proper"} and turn.lowered_at(at - 2) in _SAID_OF
    )
    if not said or turn.lowered_at(at - 2) in _THINGS or turn.lowered_at(at - 3) in _THINGS:
        return False
    return following in _AFTER_NATION or not following.isalpha()


def find_faiths(turn: TurnContext) -> Iterator[RuleFind]:
    """Find a religion: "we're Sikh", "a Jehovah's Witness", "they're chapel", "to the mosque"."""
    for at, piece in enumerate(turn.pieces):
        word, before = piece.lowered_bare, turn.lowered_at(at - 1)
        if (piece.lowered, turn.lowered_at(at + 1)) in _FAITH_PAIRS:
            yield RuleFind(at, at + 2, Category.RELIGION, _ASKED_FIRST)
        elif (word, turn.lowered_at(at + 1)) == ("salvation", "army") and before in _BROUGHT_UP:
            yield RuleFind(at, at + 2, Category.RELIGION, _ASKED)
        elif word in _FAITHS or word.removesuffix("s") in _FAITHS:
            if before != "-":
                yield RuleFind(at, at + 1, Category.RELIGION, _ASKED)
        elif word in {"chapel", "church"}:
            bare = before in _SAID_OF - {"is", "was", "are", "were"} or (
                before in {"is", "was", "are", "were"} and turn.lowered_at(at - 2) in _PERSONAL
            )
            strict = word == "chapel" and before in {"they're", "we're"}
            if strict or (bare and not turn.lowered_at(at + 1).isalpha()):
                yield RuleFind(at, at + 1, Category.RELIGION, _ASKED)
        elif word in _FAITH_HOUSES:
            near = {turn.lowered_at(at - back) for back in (2, 3, 4)}
            if before in {"the", "to", "our"} and not near.isdisjoint(_GOING):
                yield RuleFind(at, at + 1, Category.RELIGION, _ASKED)


def find_public_events(turn: TurnContext) -> Iterator[RuleFind]:
    """Find events that few people were in: "the Hillsborough disaster", "at Dunkirk"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.lowered_bare
        if word in _EVENTS or word in _NAMED_EVENTS:
            yield from _find_by_head(turn, at)
            yield from _find_at_name(turn, at)
        if word in _WEATHER or word in _EVENTS:
            yield from _find_by_year(turn, at)
        if word in _EVENTS_OF and turn.lowered_at(at + 1) == "of":
            yield from _find_by_place(turn, at)
        if turn.lowered_at(at - 1) in _AT_EVENT:
            for length in (2, 1):
                words = tuple(turn.lowered_at(at + i) for i in range(length))
                if words in _EVENT_PLACES:
                    yield RuleFind(at, at + length, Category.EVENT, _ASKED)
                    break


def _find_by_head(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "the Boxing Day floods", "the Bradford fire", "the great flood of 1947"."""
    word = turn.pieces[at].lowered_bare
    first = at
    while first > 0 and at - first < _MOST_EVENT_WORDS and _may_name_event(turn, first - 1):
        first -= 1
    if turn.lowered_at(first - 1) != "the" or first == at:
        return
    last, year = at + 1, None
    if turn.lowered_at(last) in {"of", "in"}:
        year = read_year(turn.pieces, last + 1)
    named = any(_is_named(turn, i) for i in range(first, at))
    if word == "march" and not _is_named(turn, at - 1):
        return  # "the bill passed early March"
    if word in _PLAIN_EVENTS or word not in _EVENTS:
        several = word in _EVENTS and at - first > 1
        if not (named or year or several or (word in _STRONG_EVENTS and at - first > 1)):
            return
    yield RuleFind(first, year.after if year else last, Category.EVENT, _ASKED)


def find_feats(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "the first woman to fly to Barra", "county darts champion", "the replay …"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.lowered
        if word in _RANKED and turn.lowered_at(at + 1) in _RANKED_PEOPLE:
            last = _find_feat_end(turn, at + 2)
            if last is not None:
                yield RuleFind(at, last, Category.EVENT, _ASKED)
        elif word in _CHAMPIONS:
            first = at
            while at - first < _MOST_BEFORE and _may_name_event(turn, first - 1) and first > 0:
                if turn.lowered_at(first - 1) in _SAID_OF | _WON:
                    break
                first -= 1
            if first < at and turn.lowered_at(first - 1) in _SAID_OF | _WON | _ARTICLES:
                yield RuleFind(first, at + 1, Category.EVENT, _ASKED)
        elif word in _GAMES and turn.lowered_at(at + 1) in {"against", "with"}:
            yield from _find_game(turn, at)


def _find_feat_end(turn: TurnContext, at: int) -> int | None:
    """Return the index after what somebody was the first to do, to the end of the sentence."""
    if turn.lowered_at(at) not in {"to", "who", "in"} or turn.lowered_at(at + 1) in _NO_FEAT:
        return None
    last = at + 1
    while last < len(turn.pieces) and last - at < _LONGEST_FEAT and turn.pieces[last].is_name_part:
        last += 1
    return last if last > at + 2 else None


def _find_game(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    last = turn.name_end(at + 2)
    if last == at + 2:
        return
    first = at - 2 if turn.lowered_at(at - 1) == "-" else at
    while first > 0 and at - first < _MOST_BEFORE and _may_name_event(turn, first - 1):
        first -= 1
    if turn.lowered_at(first - 1) in _ARTICLES:
        yield RuleFind(first, last, Category.EVENT, _ASKED)


_RANKED = frozenset({"first", "last", "youngest", "oldest", "only"})
_RANKED_PEOPLE = split_listed_words("woman man girl boy lad lass lady person black")
_NO_FEAT = split_listed_words("come arrive leave notice know say tell help be ring the")
_CHAMPIONS = frozenset({"champion", "champions"})
_WON = frozenset({"made", "crowned", "won", "became", "under"})
_GAMES = split_listed_words("replay final semi match game derby semifinal")
_MOST_BEFORE, _LONGEST_FEAT = 4, 10


def _find_at_name(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "the explosion at Cresswell pit", "an accident at Hexthorpe"."""
    if turn.lowered_at(at + 1) not in {"at", "in"} or turn.lowered_at(at - 1) not in _ARTICLES:
        return
    last = turn.name_end(at + 2)
    if last > at + 2 and turn.lowered_at(at + 2) not in _NO_EVENT_PLACE:
        last += turn.lowered_at(last) in _EVENT_SITES
        yield RuleFind(at, last, Category.EVENT, _ASKED)


def _find_by_year(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "the big snow of nineteen forty seven"."""
    first = at
    while first > 0 and at - first < _MOST_EVENT_WORDS and _may_name_event(turn, first - 1):
        first -= 1
    opened = turn.lowered_at(at + 1) in {"of", "in"}
    year = _read_any_year(turn, at + 2) if opened else None
    if year is not None and turn.lowered_at(first - 1) in _ARTICLES:
        yield RuleFind(first, year.after, Category.EVENT, _ASKED)


def _read_any_year(turn: TurnContext, at: int) -> NumberReading | None:
    """Read a year, also "sixty nine"."""
    short = read_below_hundred(turn.pieces, at)
    is_short = short is not None and short.value >= _SHORTEST_YEAR and short.value % 10
    return read_year(turn.pieces, at) or (short if is_short else None)


_SHORTEST_YEAR = 30
_ARTICLES = frozenset({"the", "an", "a", "that"})
_WEATHER = load_word_list("traits", "weather that is told of")
_EVENT_SITES = load_word_list("traits", "where somebody works") | {"station", "bridge", "ground"}
_NO_EVENT_PLACE = split_listed_words("work home school night church hospital")


def _is_named(turn: TurnContext, at: int) -> bool:
    piece = turn.pieces[at]
    if turn.keeps_capitals and piece.is_capital:
        return True
    return classify_word(piece.lowered_bare) in {"name", "unknown"}


def _find_by_place(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "the Battle of Orgreave"."""
    name = at + 2 if turn.lowered_at(at + 2) != "the" else at + 3
    if name >= len(turn.pieces) or not turn.pieces[name].is_word or not _is_named(turn, name):
        return
    last = name + 1
    while last < len(turn.pieces) and turn.keeps_capitals and turn.pieces[last].is_capital:
        last += 1
    yield RuleFind(at, last, Category.EVENT, _ASKED_FIRST)


def _may_name_event(turn: TurnContext, at: int) -> bool:
    piece = turn.pieces[at]
    return (
        piece.is_name_part
        and piece.lowered not in _STOPS
        and piece.lowered not in {"same", "whole"}
    )
