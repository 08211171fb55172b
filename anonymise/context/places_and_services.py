"""Find places, services and groups: "Rose Ward", "the butterfly group", "live in …"."""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.context.turn_context import NAMED, TurnContext
from anonymise.keep_list import is_kept_town
from anonymise.pieces import begins_sentence, split_listed_words, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word, is_given_name, is_place_name
from study import TEENS, UNITS, Category

_SERVICES = load_word_list("sites", "services")
_LOOSE = load_word_list("sites", "groups")
_STREETS = load_word_list("sites", "streets")
_PLAIN_STREETS = _STREETS - split_listed_words(
    "street road avenue lane crescent terrace mews grove"
)
_GENERAL = load_word_list("sites", "kinds of service")
_INNER = frozenset(
    {"of", "the", "and", "upon", "on", "in", "le", "de", "van", "von", "under", "st", "'s"}
)
_TITLED = frozenset({"course", "group", "programme"})
_TITLE_JOINS = frozenset({"with", "and", "for"})
_NEVER_IN_NAME = load_word_list("sites", "never in a name")
_NUMBERED = frozenset({*UNITS, *TEENS, "twenty"})
_OPENERS = load_word_list("sites", "before a name in small letters")
_LIVE = load_word_list("sites", "living")
_MOVE = load_word_list("sites", "moving")
_WORK = frozenset({"worked", "work", "works", "working", "job", "retired", "apprenticeship",
                   "clippie", "fitter", "taught", "nurse", "trained", "volunteer"})  # fmt: skip
_MOST_SERVICE_WORDS, _MOST_LOWERED_WORDS = 4, 3
_ASKED = 0.4
_NATIONAL = load_word_list("sites", "british firms")
_MEETING = split_listed_words("course group café cafe club choir singers programme project")
_DENOMINATIONS = split_listed_words(
    "methodist baptist catholic anglican pentecostal congregational presbyterian unitarian wesleyan"
    " evangelical moravian reformed"
)
_FAITH_HOUSES = frozenset({"chapel", "church"})
_DESCRIBING_JOINTS = split_listed_words("with and me for well not to of")
_BREAKING = load_word_list("sites", "words that end a described name")
_MOST_DESCRIBED = 6
_NEAR = frozenset({"in", "at", "near", "to", "from", "around", "outside", "past", "through", "of",
                   "up", "over", "via", "round"})  # fmt: skip


def find_services(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "Rose Ward", "Park View Hospital", "Mill Road", "the butterfly group", "Ward 6"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.lowered_bare
        if word == "ward" and (
            turn.lowered_at(at + 1).isdecimal() or turn.lowered_at(at + 1) in _NUMBERED
        ):
            yield RuleFind(at, at + 2, Category.ORGANISATION, 0.75)
        if word in _NATIONAL and turn.lowered_at(at - 1) == "british":
            yield RuleFind(at - 1, at + 1, Category.ORGANISATION, _ASKED)
        if word not in _SERVICES and word not in _STREETS and word not in _LOOSE:
            continue
        category = Category.PLACE if word in _STREETS else Category.ORGANISATION
        found = _read_capitalised(turn, at, category) if turn.keeps_capitals else None
        if found is None:
            found = _read_lowered(turn, at, category)
        if word in _FAITH_HOUSES and turn.lowered_at(at - 1) in _DENOMINATIONS:
            found = _read_chapel(turn, at) or found
        if found is None and word in _MEETING:
            found = _read_described(turn, at)
        if found is not None:
            yield found


def _read_chapel(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "the methodist chapel in horbury": with its town it is one alone."""
    last = turn.name_end(at + 2) if turn.lowered_at(at + 1) in {"in", "at", "of"} else 0
    return RuleFind(at - 1, last, Category.ORGANISATION, 0.6) if last > at + 2 else None


def _read_described(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "the living well with dementia course", "the forget me not cafe".

    Small words within ordinary ones make a name of them; "the lads from the group" has others.
    """
    first = at
    while first > 0 and at - first < _MOST_DESCRIBED and _may_describe(turn, first - 1):
        first -= 1
    while first < at and turn.lowered_at(first) in _DESCRIBING_JOINTS:
        first += 1
    joined = any(turn.lowered_at(i) in _DESCRIBING_JOINTS for i in range(first + 1, at - 1))
    opened = turn.lowered_at(first - 1) in {"the", "our"} and at - first > 1
    return RuleFind(first, at + 1, Category.ORGANISATION, _ASKED) if joined and opened else None


def _may_describe(turn: TurnContext, at: int) -> bool:
    word = turn.pieces[at].lowered
    if word in _DESCRIBING_JOINTS:
        return True
    return turn.pieces[at].is_word and word not in _BREAKING and not word.endswith("'s")


def _read_capitalised(turn: TurnContext, at: int, category: Category) -> RuleFind | None:
    """Read capitalised words before "Ward" or "Road", and the small words between them."""
    first = at
    while first > 0 and at - first < _MOST_SERVICE_WORDS:
        before = turn.pieces[first - 1]
        if before.is_capital and before.lowered.partition("'")[0] not in _NEVER_IN_NAME:
            first -= 1
        elif _joins_title(turn, first - 1, at) or (
            before.lowered in _INNER | {"'s", "-", "."} and _may_join(turn, first)
        ):
            first -= 2
        else:
            break
    while first < at and _only_heads(turn, first):
        first += 1
    piece = turn.pieces[at]
    needed = {
        "ward",
        "hospital",
        "surgery",
        "hospice",
        "infirmary",
        "course",
        "group",
        "unit",
        "council",
        "centre",
    }
    words = [p.lowered_bare for p in turn.pieces[first : at + 1]]
    named = [w for w in words[:-1] if w not in _GENERAL]
    if first == at or not (piece.is_capital or piece.lowered in needed):
        return None
    if turn.keep_list.is_kept_phrase(" ".join(words)) or not (named or _is_title(turn, first, at)):
        return None
    return RuleFind(first, at + 1, category, 0.85 if piece.lowered_bare not in _LOOSE else 0.75)


def _joins_title(turn: TurnContext, at: int, head: int) -> bool:
    """Whether a small word stands between two of a title: "Living with Memory Loss course"."""
    if at < 1 or turn.lowered_at(at) not in _TITLE_JOINS or turn.lowered_at(head) not in _TITLED:
        return False
    before = turn.pieces[at - 1]
    return before.is_capital and before.lowered not in _NEVER_IN_NAME


def _is_title(turn: TurnContext, first: int, at: int) -> bool:
    """Whether common words are the title of a course or group: "Living with Memory Loss"."""
    shown = sum(piece.is_capital for piece in turn.pieces[first:at])
    joined = any(turn.lowered_at(i) in _TITLE_JOINS for i in range(first + 1, at))
    return turn.lowered_at(at) in _TITLED and joined and shown > 1


def _may_join(turn: TurnContext, at: int) -> bool:
    """Whether a small word joins two words of one name, unlike "Jean Wilson of Cedar Ward"."""
    before = turn.pieces[at - 2] if at > 1 else None
    if before is None or not turn.nameness(at - 2):
        return False
    joins_people = turn.lowered_at(at - 1) in {"of", "and", "in", "on"}
    named = classify_word(before.lowered_bare) == "name" and not is_place_name(before.lowered_bare)
    return not (joins_people and named)


def _only_heads(turn: TurnContext, at: int) -> bool:
    """Whether a word only begins the sentence or joins others: "Of course", "Day Centre"."""
    piece = turn.pieces[at]
    return piece.lowered in _INNER - {"st"} or (
        piece.lowered in _GENERAL and begins_sentence(turn.pieces, at)
    )


def _read_lowered(turn: TurnContext, at: int, category: Category) -> RuleFind | None:
    """Read "the butterfly group": words in small letters between "the" and what they name."""
    most = 1 if category is Category.PLACE else _MOST_LOWERED_WORDS
    first = at
    while at - first < most and _may_stand_before(turn, first - 1):
        first -= 1
    opened = turn.lowered_at(first - 1) in _OPENERS
    while first < at and (turn.lowered_at(first) in _GENERAL or not turn.pieces[first].is_word):
        first += 1
        opened = opened or turn.lowered_at(first - 1) in _OPENERS
    if first == at or (turn.keeps_capitals and any(p.is_capital for p in turn.pieces[first:at])):
        return None
    words = [p.lowered_bare for p in turn.pieces[first:at]]
    kinds = {classify_word(word) for word in words}
    if turn.keep_list.is_kept_phrase(" ".join([*words, turn.pieces[at].lowered_bare])):
        return None
    word = turn.pieces[at].lowered_bare
    if kinds & {"name", "unknown"} and not turn.keeps_capitals:
        strong = word in _SERVICES or (word in _STREETS and word not in _PLAIN_STREETS)
        return RuleFind(first, at + 1, category, 0.75 if strong else 0.6)
    if (
        category is Category.PLACE
        and turn.lowered_at(first - 1) in _ON
        and word not in _PLAIN_STREETS
    ):
        # "on beech grove"; "on the main road" has its "the"
        return RuleFind(first, at + 1, category, 0.6)
    if not opened or category is Category.PLACE or word not in _GROUPS:
        return None
    return RuleFind(first, at + 1, category, 0.55 if word in _FIRM_GROUPS else 0.4)


_FIRM_GROUPS = frozenset({"ward", "unit", "group", "surgery", "singers", "choir", "cafe", "café"})
_ON = frozenset(
    {"on", "in", "down", "up", "off", "along", "to", "from", "at", "near", "round", "of"}
)
_GROUPS = _FIRM_GROUPS | {"course", "club", "lodge", "suite", "hospice", "chapel"}


def _may_stand_before(turn: TurnContext, at: int) -> bool:
    """Whether a word in small letters may be part of a service's name."""
    if at < 0 or not turn.pieces[at].is_word:
        return False
    word = turn.pieces[at].lowered_bare
    return word not in turn.keep_list.everyday and word not in _INNER and word not in _NEVER_IN_NAME


def find_places(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "live in Skipton", "from Halifax", "moved to Leeds", "worked at Armitage's"."""
    for at in range(2, len(turn.pieces)):
        if turn.keep_list.is_listed(turn.pieces[at].lowered_bare) or turn.nameness(at) < NAMED:
            continue
        category = _infer_category(turn, at)
        if category is None:
            continue
        if not turn.keeps_capitals and category is Category.PLACE and _is_person(turn, at):
            continue
        last = turn.name_end(at, most=2)
        yield RuleFind(at, last, category, 0.75 if turn.keeps_capitals else 0.65)


def _infer_category(turn: TurnContext, at: int) -> Category | None:
    one = turn.lowered_at(at - 1)
    near = {turn.lowered_at(at - back) for back in (2, 3, 4)}
    if one in {"at", "for"} and not _WORK.isdisjoint(near):
        return Category.ORGANISATION
    if one in {"in", "at", "near"} and not _LIVE.isdisjoint(near):
        return Category.PLACE
    if one in {"to", "from"} and not (_MOVE | _LIVE).isdisjoint(near):
        return Category.PLACE
    return None


def _is_person(turn: TurnContext, at: int) -> bool:
    word = turn.pieces[at].lowered_bare
    return is_given_name(word) and not is_place_name(word)


def find_towns(turn: TurnContext) -> Iterator[RuleFind]:
    """Find a town or country of the word lists after "in", "to", "near" and the like."""
    for at in range(1, len(turn.pieces)):
        word = turn.pieces[at].lowered_bare
        if word in _WITHIN and _is_within(turn, at):
            yield from _find_joined_place(turn, at)
            continue
        if turn.lowered_at(at - 1) not in _NEAR or not is_place_name(word):
            continue
        kept = turn.keep_list.is_listed(word) or turn.nameness(at) < NAMED
        if (kept and not _is_kept_town(turn, at)) or _is_person(turn, at):
            continue
        last = at + 1
        if last < len(turn.pieces) and is_place_name(turn.pieces[last].lowered_bare):
            last += turn.nameness(last) >= NAMED
        yield RuleFind(at, last, Category.PLACE, 0.75)


def _is_kept_town(turn: TurnContext, at: int) -> bool:
    return turn.keeps_capitals and is_kept_town(turn.pieces, at)


_WITHIN = split_listed_words("y yr le la upon under on in super next")
_WEAK_WITHIN = frozenset({"on", "in", "next"})  # "one-on-one", "mother-in-law"


def _is_within(turn: TurnContext, at: int) -> bool:
    """Whether hyphens without spaces stand around a word: the "y" of "Pen-y-ghent"."""
    around = (turn.lowered_at(at - 1), turn.lowered_at(at + 1))
    return around == ("-", "-") and all(
        touches_previous(turn.pieces, i) for i in range(at - 1, at + 3)
    )


def _find_joined_place(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "Pen-y-ghent", "chester-le-street", "Stow-on-the-Wold"."""
    if at < 2:  # noqa: PLR2004 - a word and its hyphen
        return
    last = at + 3
    if turn.lowered_at(at + 2) == "the" and turn.lowered_at(at + 3) == "-":
        last = at + 5
    if last > len(turn.pieces):
        return
    ends = [turn.pieces[at - 2], turn.pieces[last - 1]]
    if not all(piece.is_word for piece in ends):
        return
    named = any(classify_word(piece.lowered_bare) != "word" for piece in ends)
    if turn.lowered_at(at) in _WEAK_WITHIN and not (named or all(p.is_capital for p in ends)):
        return
    yield RuleFind(at - 2, last, Category.PLACE, 0.7)
