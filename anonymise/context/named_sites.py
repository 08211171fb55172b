"""Find sites and firms that a form gives away: "the Dog and Duck", "The Grange", "Alloa Athletic".

Pubs, houses and homes, teams, firms, schools and churches have names made of ordinary words, which
no trained model and no list of names knows; how they are put together shows them.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.context.turn_context import NAMED, WEAK, TurnContext
from anonymise.numbers.number_readings import read_below_hundred, read_year
from anonymise.pieces import begins_sentence, split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word, is_given_name, is_place_name
from study import Category, is_town_word

_ANIMALS = load_word_list("sites", "pub animals")
_SIGNS = _ANIMALS | load_word_list("sites", "pub things")
_COLOURS = load_word_list("sites", "pub colours")
_OWNERS = load_word_list("sites", "pub owners")
_PUB_ENDS = frozenset({"head", "arms", "legs", "inn", "tavern", "hotel"})
_PUB_PHRASES = frozenset(tuple(p.split()) for p in load_word_list("sites", "pub phrases"))
_HOUSE_HEADS = load_word_list("sites", "house heads")
_HOUSES_ASKED = frozenset({"house", "cottage", "farm", "hall", "villa"})
_STRONG_HOUSES = frozenset({"grange", "lodge", "manor", "priory", "court"})
_HOUSES = load_word_list("sites", "house names")
_CLUBS = load_word_list("sites", "clubs")
_DEDICATIONS = frozenset(tuple(d.split()) for d in load_word_list("sites", "dedications"))
_TRADES = load_word_list("sites", "trades after an owner")
_JOINED = load_word_list("sites", "firms joined")
_SCHOOLS = load_word_list("sites", "schools")
_AWARDS = load_word_list("sites", "awards")
_KNOWN_AWARDS = load_word_list("sites", "awards that all know")
_COHORTS = load_word_list("sites", "cohorts")
_SEASONS = load_word_list("sites", "seasons")
_TO_SITE = load_word_list("sites", "to a site")
_COMPOUNDS = frozenset(tuple(h.split()) for h in load_word_list("sites", "heads of several words"))
_COMPOUND_ENDS = frozenset(compound[-1] for compound in _COMPOUNDS)
_STRONG_TRADES = load_word_list("sites", "strong trades")
_TEAMS = load_word_list("sites", "teams by rank")
_PLAYING = load_word_list("sites", "playing")
_FOR = frozenset({"for", "with", "joined"})
_SAINTS = frozenset({"st", "saint"})
_GOING = split_listed_words("go goes went going gone belong belongs belonged")
_INNER = split_listed_words("of and for the")
_WORK = split_listed_words("worked work works working job started apprenticed at for with job's")
_SHUT = split_listed_words("shut closed knocked ran run had kept keep left sold")
_LIVING = split_listed_words("live lives lived living")
_TELLING = frozenset[str]().union(
    {"the", "and", "mount"}, _COMPOUND_ENDS, _HOUSE_HEADS, _CLUBS, _SCHOOLS, _SAINTS, _TRADES,
    _JOINED, _STRONG_TRADES, {dedication[0] for dedication in _DEDICATIONS},
)  # fmt: skip
_MOST = 3  # words before the last word of a name


def find_named_sites(turn: TurnContext) -> Iterator[RuleFind]:
    """Find pubs, houses, teams, firms, schools and churches by how their names are made."""
    for at in range(len(turn.pieces)):
        word = turn.pieces[at].lowered_bare
        if (
            word[-1:] == "s" and turn.lowered_at(at - 2) in {"for", "with"}
        ) or word in _TEAMS | _TOWN_CLUBS:
            yield from _find_team(turn, at)
        if word not in _TELLING:
            continue
        if word == "the":
            yield from _find_pub(turn, at + 1)
            yield from _find_house(turn, at)
        if word in _COMPOUND_ENDS:
            yield from _find_club(turn, at)
        if word in _HOUSE_HEADS or word in _CLUBS or word in _SCHOOLS:
            yield from _find_by_last_word(turn, at)
        if word in _SAINTS or word == "mount" or (word, turn.lowered_at(at + 1)) in _DEDICATIONS:
            yield from _find_church(turn, at)
        if word in _TRADES or word in _JOINED or word in _STRONG_TRADES:
            yield from _find_firm(turn, at)
        if word == "and":
            yield from _find_partners(turn, at)


def _find_pub(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "the Dog and Duck", "the White Hart", "the King's Head", "the railway arms"."""
    phrase = next((n for n in (4, 3, 2) if _words(turn, at, n) in _PUB_PHRASES), 0)
    one, two, three = (turn.lowered_at(at + i) for i in range(3))
    if phrase:
        last = at + phrase
    elif one in _SIGNS and two == "and" and three in _SIGNS:
        last = at + 3
    elif (
        (one in _COLOURS and two in _SIGNS)
        or (one in _OWNERS and two in _PUB_ENDS)
        or (two in {"arms", "inn", "tavern"} and turn.pieces[at].is_word)
    ):
        last = at + 2
    else:
        return
    written = turn.keeps_capitals and turn.pieces[at].is_capital
    before = turn.lowered_at(at - 2)
    if written or before in _TO_SITE | _SHUT or (before == "of" and last == at + 3):
        yield RuleFind(at, last, Category.ORGANISATION, 0.75 if written else 0.6)


def _words(turn: TurnContext, at: int, length: int) -> tuple[str, ...]:
    return tuple(turn.lowered_at(at + i) for i in range(length))


def _find_house(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "The Grange" and "in the elms"."""
    name = turn.pieces[at + 1] if at + 1 < len(turn.pieces) else None
    if name is None or not name.is_word:
        return
    led = turn.lowered_at(at - 1) in _TO_SITE
    if turn.keeps_capitals and turn.pieces[at].is_capital and name.is_capital:
        if begins_sentence(turn.pieces, at) or not led:
            return
        last = at + 2
        while last < len(turn.pieces) and turn.pieces[last].is_capital and last - at <= _MOST:
            last += 1
        if not turn.keep_list.is_kept_phrase(turn.spoken.text[name.start : _end(turn, last)]):
            yield RuleFind(at, last, _house_category(turn, at), 0.65)
    elif led and name.lowered_bare in _HOUSES and not _goes_on(turn, at + 2):
        shown = turn.keeps_capitals and name.is_capital
        yield RuleFind(at + 1, at + 2, _house_category(turn, at), 0.65 if shown else 0.5)


def _end(turn: TurnContext, last: int) -> int:
    return turn.pieces[last - 1].end


def _house_category(turn: TurnContext, at: int) -> Category:
    """Return the category of a house's name: somebody's address, or else a home or a pub."""
    lives = any(turn.lowered_at(at - back) in _LIVING for back in (1, 2, 3))
    return Category.ADDRESS if lives else Category.ORGANISATION


def _goes_on(turn: TurnContext, at: int) -> bool:
    """Whether a noun follows, so that the word before it is no name: "in the lime tree"."""
    word = turn.lowered_at(at)
    if not word.isalpha() or word in turn.keep_list.everyday:
        return False
    return classify_word(word) == "word" and word not in _INNER | {"nursing", "care", "home"}


def _find_by_last_word(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "Beech House", "Partick Thistle", "Rishworth Grammar", "Moor End Secondary Modern"."""
    head = turn.pieces[at]
    last = at + 1
    if head.lowered == "secondary" and turn.lowered_at(last) == "modern":
        last += 1
    elif head.lowered in _SCHOOLS and turn.lowered_at(last) in {"school", "schools", "modern"}:
        return  # the rule for services has it, or it is "a grammar school"
    first = _find_first(turn, at)
    words = [turn.pieces[i].lowered_bare for i in range(first, at)]
    if not words or (turn.keeps_capitals and any(_is_shown(turn, i) for i in range(first, at))):
        if words and head.is_capital:
            yield RuleFind(first, last, Category.ORGANISATION, 0.75)
        return
    named = any(classify_word(word) in {"name", "unknown"} for word in words)
    led = turn.lowered_at(first - 1) in _TO_SITE | {"for", "with"}
    if head.lowered in _HOUSE_HEADS:
        # "at ash grange" has no article; "at home" and "from house to house" are no names
        strong = head.lowered in _STRONG_HOUSES
        asked = not turn.keeps_capitals and (named or head.lowered in _HOUSES_ASKED)
        if led and len(words) == 1 and (strong or asked):
            sure = not turn.keeps_capitals and (strong or named)
            yield RuleFind(first, last, Category.ORGANISATION, 0.55 if sure else 0.4)
    elif named or (led and head.lowered in _CLUBS):
        yield RuleFind(first, last, Category.ORGANISATION, 0.7 if named else 0.5)
    elif led and len(words) > 1:
        yield RuleFind(first, last, Category.ORGANISATION, 0.55)


def _find_club(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "colne valley male voice choir" and "hollins cricket club"."""
    for length in range(2, 4):
        if _words(turn, at - length + 1, length) not in _COMPOUNDS:
            continue
        first = _find_first(turn, at - length + 1)
        named = any(classify_word(p.lowered_bare) != "word" for p in turn.pieces[first : at + 1])
        if first <= at - length and (named or turn.lowered_at(first - 1) in _TO_SITE | _FOR):
            yield RuleFind(first, at + 1, Category.ORGANISATION, 0.7 if named else 0.55)
        return


def _find_team(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "slaithwaite seconds" after "played for", "Huddersfield town"."""
    if turn.lowered_at(at) in _TOWN_CLUBS and at > 0:
        yield from _find_town_club(turn, at)
    first = _find_first(turn, at)
    named = any(classify_word(p.lowered_bare) != "word" for p in turn.pieces[first:at])
    plays = any(turn.lowered_at(first - back) in _PLAYING for back in range(2, 6))
    listed = turn.lowered_at(at) in _TEAMS or plays
    if named and listed and turn.lowered_at(first - 1) in {"for", "with"}:
        yield RuleFind(first, at + 1, Category.ORGANISATION, 0.65)


def _find_town_club(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "Huddersfield town" where a club is meant: "town" has no capital, and ends there."""
    ends = not turn.lowered_at(at + 1).isalpha() or turn.lowered_at(at + 1) in _CLUB_GOES_ON
    town = turn.pieces[at - 1].lowered_bare
    if ends and (is_place_name(town) or is_town_word(town)):
        yield RuleFind(at - 1, at + 1, Category.ORGANISATION, 0.6)


_TOWN_CLUBS = frozenset({"town", "city", "united", "county", "rovers", "wanderers", "athletic"})
_CLUB_GOES_ON = split_listed_words("and but what when in on the for then game match shirt scarf")


def _find_first(turn: TurnContext, at: int) -> int:
    """Return where the name begins whose last word stands here."""
    first = at
    while first > 0 and at - first < _MOST and _may_be_in_name(turn, first - 1):
        first -= 1
    return first


def _may_be_in_name(turn: TurnContext, at: int) -> bool:
    piece = turn.pieces[at]
    word = piece.lowered_bare
    if not piece.is_word or word in _TO_SITE | _INNER | _NEVER:
        return False
    if turn.keeps_capitals and _has_capitals_near(turn, at):
        return piece.is_capital
    if word in _PLACE_ENDS:  # "sowerby bridge", "moor end"
        return at > 0 and _may_be_in_name(turn, at - 1)
    return word not in turn.keep_list.everyday and word not in _PLAIN


_PLACE_ENDS = load_word_list("sites", "ends of places")
_NEVER = load_word_list("sites", "never in a name")
_PLAIN = load_word_list("sites", "kinds of service")


def _has_capitals_near(turn: TurnContext, at: int) -> bool:
    """Whether names have capitals here: a word after the first of its sentence does."""
    return at + 1 < len(turn.pieces) and turn.pieces[at + 1].is_capital


def _is_shown(turn: TurnContext, at: int) -> bool:
    return turn.pieces[at].is_capital and not begins_sentence(turn.pieces, at)


def _find_church(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "St Bede's", "Our Lady of Lourdes", "All Souls", "mount zion"."""
    saint = turn.lowered_at(at) in _SAINTS | {"mount"}
    last = at + 2
    if saint and turn.lowered_at(at + 1) == ".":
        last += 1
    name = turn.pieces[last - 1] if last <= len(turn.pieces) else None
    if name is None or not name.is_word:
        return
    led = turn.lowered_at(at - 1) in _TO_SITE | {"the", "with", "for"}
    if turn.keeps_capitals and not (turn.pieces[at].is_capital and name.is_capital):
        return
    if not turn.keeps_capitals and not led:
        return
    if saint and not turn.keeps_capitals and name.lowered in turn.keep_list.everyday:
        return
    climbs = turn.lowered_at(at) == "mount" and not turn.keeps_capitals
    goes = turn.lowered_at(at - 1) == "to" and turn.lowered_at(at - 2) in _GOING
    if climbs and not goes and turn.lowered_at(at - 1) not in {"at", "in", "from", "into"}:
        return  # "to mount stairs"
    if turn.lowered_at(last) == "of" and last + 1 < len(turn.pieces):
        last += 2
    town = turn.lowered_at(at - 1) in {"in", "from", "near"} and name.bare_end == name.end
    category = Category.PLACE if saint and town else Category.ORGANISATION
    yield RuleFind(at, last, category, 0.75 if led else 0.6)


def _find_firm(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "Crossley's Carpets", "Bagshaw and Sons", "hartley brothers"."""
    joined = turn.lowered_at(at) in _JOINED
    owner = at - 2 if joined and turn.lowered_at(at - 1) in {"and", "&"} else at - 1
    last = at + 1
    if not joined and turn.lowered_at(last) in _TRADES:
        last += 1
    if owner < 0 or not turn.pieces[owner].is_word:
        return
    piece = turn.pieces[owner]
    if turn.lowered_at(at) in _STRONG_TRADES and _may_be_in_name(turn, owner):
        first = _find_first(turn, at)
        if turn.lowered_at(first - 1) in {"at", "for", "from", "with"}:
            yield RuleFind(first, at + 1, Category.ORGANISATION, 0.6)
            return
    owned = piece.bare_end != piece.end
    if not (owned or owner == at - 2) or turn.nameness(owner) < NAMED:
        return
    if turn.keeps_capitals and begins_sentence(turn.pieces, owner) and not joined:
        named = classify_word(piece.lowered_bare) != "word"
        if not named:
            return
    if is_given_name(piece.lowered_bare) and not turn.pieces[at].is_capital:
        return  # "Jean's garden", "Tom and sons"
    if is_given_name(turn.lowered_at(owner - 1)) and turn.nameness(owner - 1) >= NAMED:
        owner -= 1
    yield RuleFind(owner, last, Category.ORGANISATION, 0.75)


def _find_partners(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "Taylor and Littlewood" where somebody worked."""
    if at < 2 or at + 1 >= len(turn.pieces) or turn.lowered_at(at - 2) not in {"at", "for"}:  # noqa: PLR2004 - "at Taylor"
        return
    least, most = sorted((turn.nameness(at - 1), turn.nameness(at + 1)))
    if least < WEAK or most < NAMED:
        return
    names = [turn.pieces[i].lowered_bare for i in (at - 1, at + 1)]
    worked = any(turn.lowered_at(at - back) in _WORK for back in (3, 4, 5))
    places = any(is_place_name(name) for name in names)
    if (worked or turn.lowered_at(at - 2) == "at") and not places:
        people = turn.lowered_at(at - 2) == "for" and any(is_given_name(name) for name in names)
        if not people:
            yield RuleFind(at - 1, at + 2, Category.ORGANISATION, 0.7)


def find_awards_and_cohorts(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "the Heginbottom Cup", "class of 1958", "the autumn 2022 cohort", "cohort three"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.lowered_bare
        if word in _AWARDS:
            yield from _find_award(turn, at)
        elif word == "class" and turn.lowered_at(at + 1) in {"of", "off"}:
            year = read_year(turn.pieces, at + 2) or read_below_hundred(turn.pieces, at + 2)
            if year is not None:
                yield RuleFind(at, year.after, Category.EVENT, 0.6)
        elif word in _COHORTS:
            yield from _find_cohort(turn, at)


def _find_award(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    first, named = at, False
    while first > 0 and at - first < _MOST + 1 and _may_name_award(turn, first - 1, at):
        first -= 1
        named = named or _names_award(turn, first)
    while first < at and turn.lowered_at(first) in _INNER:
        first += 1
    named = named or at - first > 1
    if first == at or not named or turn.lowered_at(at - 1) in _KNOWN_AWARDS:
        return
    shown = turn.keeps_capitals and turn.pieces[first].is_capital
    sure = shown or (named and classify_word(turn.lowered_at(at - 1)) in {"name", "unknown"})
    yield RuleFind(first, at + 1, Category.EVENT, 0.6 if sure else 0.4)


def _may_name_award(turn: TurnContext, at: int, head: int) -> bool:
    piece = turn.pieces[at]
    if not piece.is_word:
        return False
    if turn.keeps_capitals:
        inside = piece.lowered in {"of", "for"} and at > 0 and turn.pieces[at - 1].is_capital
        return (piece.is_capital and not begins_sentence(turn.pieces, at)) or (
            inside and at < head - 1
        )  # fmt: skip
    if piece.lowered in {"of", "for"}:
        return at < head - 1 and turn.lowered_at(at - 1) in {"pride", "order", "spirit", "duke"}
    return piece.lowered_bare not in turn.keep_list.everyday | _TO_SITE | _INNER | _NO_AWARD


_NO_AWARD = split_listed_words("won win wins got get gets gave given lifted half an a my his her")


def _names_award(turn: TurnContext, at: int) -> bool:
    piece = turn.pieces[at]
    if turn.keeps_capitals:
        return piece.is_capital
    return classify_word(piece.lowered_bare) in {"name", "unknown"}


def _find_cohort(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "cohort three", "cohort 2", "the autumn 2022 cohort", "the 2022 intake"."""
    number = read_below_hundred(turn.pieces, at + 1)
    after = at + 2 if at + 1 < len(turn.pieces) and turn.pieces[at + 1].is_digits else 0
    if number is not None or after:
        yield RuleFind(at, number.after if number else after, Category.EVENT, 0.6)
        return
    for first in range(max(0, at - 5), at):
        year = read_year(turn.pieces, first)
        if year is not None and year.after == at:
            first -= turn.lowered_at(first - 1) in _SEASONS  # noqa: PLW2901 - its season
            yield RuleFind(first, at + 1, Category.EVENT, 0.6)
            return
    if turn.lowered_at(at - 1) in _SEASONS:
        yield RuleFind(at - 1, at + 1, Category.EVENT, 0.6)
