"""Places, services and groups: "Rose Ward", "the butterfly group", "live in …", "worked at …"."""

from __future__ import annotations

from collections.abc import Iterator

from anonymise import lists, vocabulary
from anonymise.context.turn import NAMED, Turn
from anonymise.numbers.words import TEENS, UNITS
from anonymise.pieces import begins_sentence, listed
from anonymise.proposals import Find
from study.terms import Category

_SERVICES = lists.words("sites", "services")
_LOOSE = lists.words("sites", "groups")
_STREETS = lists.words("sites", "streets")
_PLAIN_STREETS = _STREETS - listed("street road avenue lane crescent terrace mews grove")
_GENERAL = lists.words("sites", "kinds of service")
_INNER = frozenset(
    {"of", "the", "and", "upon", "on", "in", "le", "de", "van", "von", "under", "st", "'s"}
)
_TITLED = frozenset({"course", "group", "programme"})
_TITLE_JOINS = frozenset({"with", "and", "for"})
_NEVER_IN_NAME = lists.words("sites", "never in a name")
_NUMBERED = frozenset({*UNITS, *TEENS, "twenty"})
_OPENERS = lists.words("sites", "before a name in small letters")
_LIVE = lists.words("sites", "living")
_MOVE = lists.words("sites", "moving")
_WORK = frozenset({"worked", "work", "works", "working", "job", "retired", "apprenticeship",
                   "clippie", "fitter", "taught", "nurse", "trained", "volunteer"})  # fmt: skip
_MOST_SERVICE_WORDS, _MOST_LOWERED_WORDS = 4, 3
_NEAR = frozenset({"in", "at", "near", "to", "from", "around", "outside", "past", "through", "of",
                   "up", "over", "via", "round"})  # fmt: skip


def services(turn: Turn) -> Iterator[Find]:
    """Find "Rose Ward", "Park View Hospital", "Mill Road", "the butterfly group", "Ward 6"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.bare
        if word == "ward" and (turn.low(at + 1).isdecimal() or turn.low(at + 1) in _NUMBERED):
            yield Find(at, at + 2, Category.ORGANISATION, 0.75)
        if word not in _SERVICES and word not in _STREETS and word not in _LOOSE:
            continue
        category = Category.PLACE if word in _STREETS else Category.ORGANISATION
        found = _shown(turn, at, category) if turn.cased else None
        if found is None:
            found = _lowered(turn, at, category)
        if found is not None:
            yield found


def _shown(turn: Turn, at: int, category: Category) -> Find | None:
    """Read capital words before "Ward" or "Road", and what joins them."""
    first = at
    while first > 0 and at - first < _MOST_SERVICE_WORDS:
        before = turn.pieces[first - 1]
        if before.is_capital and before.low.partition("'")[0] not in _NEVER_IN_NAME:
            first -= 1
        elif _joins_title(turn, first - 1, at) or (
            before.low in _INNER | {"'s", "-", "."} and _may_join(turn, first)
        ):
            first -= 2
        else:
            break
    while first < at and _only_heads(turn, first):
        first += 1
    piece = turn.pieces[at]
    needed = {"ward", "hospital", "surgery", "hospice", "infirmary", "course", "group", "unit"}
    words = [p.bare for p in turn.pieces[first : at + 1]]
    named = [w for w in words[:-1] if w not in _GENERAL]
    if first == at or not (piece.is_capital or piece.low in needed):
        return None
    if turn.keep.keeps(" ".join(words)) or not (named or _is_title(turn, first, at)):
        return None
    return Find(first, at + 1, category, 0.85 if piece.bare not in _LOOSE else 0.75)


def _joins_title(turn: Turn, at: int, head: int) -> bool:
    """Whether a small word stands between two of a title: "Living with Memory Loss course"."""
    if at < 1 or turn.low(at) not in _TITLE_JOINS or turn.low(head) not in _TITLED:
        return False
    before = turn.pieces[at - 1]
    return before.is_capital and before.low not in _NEVER_IN_NAME


def _is_title(turn: Turn, first: int, at: int) -> bool:
    """Whether common words are the title of a course or group: "Living with Memory Loss"."""
    shown = sum(piece.is_capital for piece in turn.pieces[first:at])
    joined = any(turn.low(i) in _TITLE_JOINS for i in range(first + 1, at))
    return turn.low(at) in _TITLED and joined and shown > 1


def _may_join(turn: Turn, at: int) -> bool:
    """Whether what joins two words is inside one name: not in "Jean Wilson of Cedar Ward"."""
    before = turn.pieces[at - 2] if at > 1 else None
    if before is None or not turn.nameness(at - 2):
        return False
    joins_people = turn.low(at - 1) in {"of", "and", "in", "on"}
    named = vocabulary.kind(before.bare) == "name" and not vocabulary.is_place(before.bare)
    return not (joins_people and named)


def _only_heads(turn: Turn, at: int) -> bool:
    """Whether a word only begins the sentence or joins: "Of course", "Day Centre"."""
    piece = turn.pieces[at]
    return piece.low in _INNER - {"st"} or (
        piece.low in _GENERAL and begins_sentence(turn.pieces, at)
    )


def _lowered(turn: Turn, at: int, category: Category) -> Find | None:
    """Read "the butterfly group": words in small letters between "the" and what they name."""
    most = 1 if category is Category.PLACE else _MOST_LOWERED_WORDS
    first = at
    while at - first < most and _may_stand_before(turn, first - 1):
        first -= 1
    opened = turn.low(first - 1) in _OPENERS
    while first < at and (turn.low(first) in _GENERAL or not turn.pieces[first].is_word):
        first += 1
        opened = opened or turn.low(first - 1) in _OPENERS
    if first == at or (turn.cased and any(p.is_capital for p in turn.pieces[first:at])):
        return None
    words = [p.bare for p in turn.pieces[first:at]]
    kinds = {vocabulary.kind(word) for word in words}
    if turn.keep.keeps(" ".join([*words, turn.pieces[at].bare])):
        return None
    word = turn.pieces[at].bare
    if kinds & {"name", "unknown"} and not turn.cased:
        strong = word in _SERVICES or (word in _STREETS and word not in _PLAIN_STREETS)
        return Find(first, at + 1, category, 0.75 if strong else 0.6)
    if category is Category.PLACE and turn.low(first - 1) in _ON and word not in _PLAIN_STREETS:
        return Find(
            first, at + 1, category, 0.6
        )  # "on beech grove"; "on the main road" has its "the"
    if not opened or category is Category.PLACE or word not in _GROUPS:
        return None
    return Find(first, at + 1, category, 0.55 if word in _FIRM_GROUPS else 0.4)


_FIRM_GROUPS = frozenset({"ward", "unit", "group", "surgery", "singers", "choir", "cafe", "café"})
_ON = frozenset(
    {"on", "in", "down", "up", "off", "along", "to", "from", "at", "near", "round", "of"}
)
_GROUPS = _FIRM_GROUPS | {"course", "club", "lodge", "suite", "hospice", "chapel"}


def _may_stand_before(turn: Turn, at: int) -> bool:
    """Whether a word in small letters may be part of a service's name."""
    if at < 0 or not turn.pieces[at].is_word:
        return False
    word = turn.pieces[at].bare
    return word not in turn.keep.everyday and word not in _INNER and word not in _NEVER_IN_NAME


def places(turn: Turn) -> Iterator[Find]:
    """Find "live in Skipton", "from Halifax", "moved to Leeds", "worked at Armitage's"."""
    for at in range(2, len(turn.pieces)):
        if turn.keep.is_kept(turn.pieces[at].bare) or turn.nameness(at) < NAMED:
            continue
        category = _leads_to(turn, at)
        if category is None:
            continue
        if not turn.cased and category is Category.PLACE and _is_person(turn, at):
            continue
        last = turn.name_end(at, most=2)
        yield Find(at, last, category, 0.75 if turn.cased else 0.65)


def _leads_to(turn: Turn, at: int) -> Category | None:
    one = turn.low(at - 1)
    near = {turn.low(at - back) for back in (2, 3, 4)}
    if one in {"at", "for"} and not _WORK.isdisjoint(near):
        return Category.ORGANISATION
    if one in {"in", "at", "near"} and not _LIVE.isdisjoint(near):
        return Category.PLACE
    if one in {"to", "from"} and not (_MOVE | _LIVE).isdisjoint(near):
        return Category.PLACE
    return None


def _is_person(turn: Turn, at: int) -> bool:
    word = turn.pieces[at].bare
    return vocabulary.is_given(word) and not vocabulary.is_place(word)


def towns(turn: Turn) -> Iterator[Find]:
    """Find a town or country of the word lists after "in", "to", "near" and the like."""
    for at in range(1, len(turn.pieces)):
        word = turn.pieces[at].bare
        if turn.low(at - 1) not in _NEAR or not vocabulary.is_place(word):
            continue
        if turn.keep.is_kept(word) or turn.nameness(at) < NAMED or _is_person(turn, at):
            continue
        last = at + 1
        if last < len(turn.pieces) and vocabulary.is_place(turn.pieces[last].bare):
            last += turn.nameness(last) >= NAMED
        yield Find(at, last, Category.PLACE, 0.75)
