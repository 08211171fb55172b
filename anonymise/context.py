"""Names that the words around them give away: "my name is …", "Doctor …", "… Ward", "live in …".

These rules know no names, so they need capital letters; only after "my name is" and a written
title do they go without, and only in a turn that has none at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anonymise.keep import KeepList
from anonymise.pieces import Pieces, has_case, listed, low_at, touches
from anonymise.proposals import Find, Proposal
from study.terms import Category

SOURCE = "context"
TITLES = listed("""
    mr mrs ms miss dr doctor professor prof sister nurse matron reverend rev father canon auntie
    aunty aunt uncle cousin nanny sir lady councillor sergeant
""")
_SURE_TITLES = frozenset({"mr", "mrs", "ms", "dr", "professor", "auntie", "uncle"})
_RELATIONS = listed("""
    wife husband partner daughter son sister brother mother father mum dad mam friend neighbour
    granddaughter grandson grandchild niece nephew cousin aunt uncle carer boss manager tutor
    fiance fiancé fiancee fiancée girlfriend boyfriend stepson stepdaughter sister-in-law
    son-in-law daughter-in-law brother-in-law keyworker counsellor lad lass dog cat
""")
_OWNERS = frozenset({"my", "his", "her", "our", "their", "your", "wife's", "husband's"})
_SERVICES = listed("""
    ward unit hospital surgery house clinic centre hospice infirmary practice school college church
    lodge university chapel library pharmacy trust inn arms suite café cafe club hotel primary
    academy factory mill works foundry bakery
""")
_STREETS = listed("""
    street road avenue lane crescent terrace close drive gardens grove way court mews square park
    hill estate green place row
""")
_CALLED = frozenset({"called", "named", "surname", "nicknamed"})
_LIVE = listed("""
    live lives lived living born grew raised brought settled
    stayed evacuated house flat bungalow up over down posted stationed home
""")
_MOVE = listed("""
    moved move moving went came come comes back travelled
    emigrated originally i'm from she's he's we're drove
""")
_WORK = frozenset({"worked", "work", "works", "working", "job", "retired", "apprenticeship"})
_MOST_WORDS, _MOST_SERVICE_WORDS = 3, 4
_INNER = frozenset(
    {"of", "the", "and", "upon", "on", "in", "le", "de", "van", "von", "under", "st"}
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One turn as the rules see it."""

    pieces: Pieces
    keep: KeepList
    has_case: bool

    def is_name(self, at: int, *, capital: bool = True) -> bool:
        """Whether the piece at an index may be (part of) a name."""
        if not 0 <= at < len(self.pieces):
            return False
        piece = self.pieces[at]
        if not piece.is_word or (len(piece.text) == 1 and not capital):
            return False
        if capital:
            is_acronym = len(piece.text) > 1 and piece.text.isupper()
            return piece.is_capital and not is_acronym and not self.keep.keeps(piece.bare)
        return not self.keep.is_common(piece.bare) and piece.bare not in TITLES

    def name_end(self, at: int, *, most: int = _MOST_WORDS) -> int:
        """Return the index after the name that begins here; ``at`` where there is none."""
        last = at
        while last - at < 2 * most and self.is_name(last):
            ends = self.pieces[last].bare_end != self.pieces[last].end
            last += 1
            if ends:
                break
            if low_at(self.pieces, last) == "-" and touches(self.pieces, last):
                last += 1
        return last - 1 if last > at and low_at(self.pieces, last - 1) == "-" else last


def proposals(pieces: Pieces, keep: KeepList) -> list[Proposal]:
    """Return the names of one turn that its other words give away."""
    turn = _Turn(pieces, keep, has_case(pieces))
    return [
        found.as_proposal(pieces, SOURCE)
        for rule in (_titled, _introduced, _related, _services, _places)
        for found in rule(turn)
    ]


def _titled(turn: _Turn) -> Iterator[Find]:
    """Find "Doctor Patel", "Mrs. Wilson", "Sister Rose"; the title belongs to the mention."""
    for at, piece in enumerate(turn.pieces):
        if piece.low not in TITLES:
            continue
        name_at = at + 2 if low_at(turn.pieces, at + 1) == "." else at + 1
        last = turn.name_end(name_at)
        # "my sister Jean" is a relation, "sister Jean said" without a capital is nothing
        if last > name_at and (piece.is_capital or piece.low in _SURE_TITLES | {"doctor"}):
            yield Find(at, last, Category.PERSON, 0.9)
        elif (
            not turn.has_case and piece.low in _SURE_TITLES and turn.is_name(name_at, capital=False)
        ):
            yield Find(at, name_at + 1, Category.PERSON, 0.7)


def _introduced(turn: _Turn) -> Iterator[Find]:
    """Find "my name is Arthur Bennett", "I am Jean", "a man called Derek", "ask for Jean"."""
    for at in range(1, len(turn.pieces)):
        score = _introduction(turn.pieces, at)
        if not score:
            continue
        last = turn.name_end(at)
        if last > at:
            yield Find(at, last, Category.PERSON, score)
        elif score > 0.9 and not turn.has_case and turn.is_name(at, capital=False):  # noqa: PLR2004 - "my name is"
            surname = turn.is_name(at + 1, capital=False)
            yield Find(at, at + 2 if surname else at + 1, Category.PERSON, 0.7)


def _introduction(pieces: Pieces, at: int) -> float:
    """How surely the words before an index introduce a person, 0 to 1."""
    one, two, three = (low_at(pieces, at - back) for back in (1, 2, 3))
    if (three, two, one) in {("my", "name", "is"), ("my", "name", "was"), ("my", "name", ",")}:
        return 0.95
    if one == "name's" or (two == "name" and one in {"is", "was"}) or one in _CALLED:
        return 0.95 if two == "my" else 0.8
    if (two, one) in {("i", "am"), ("this", "is"), ("ask", "for"), ("known", "as"), ("call", "me")}:
        return 0.7
    return 0.7 if one in {"i'm", "hello", "hi"} else 0.0


def _related(turn: _Turn) -> Iterator[Find]:
    """Find "our daughter Helen", "my wife, Jean" and "Jean, my wife"."""
    for at, piece in enumerate(turn.pieces):
        if piece.low not in _OWNERS:
            continue
        relation = _relation_end(turn.pieces, at + 1)
        if relation is None:
            continue
        name_at = relation + 1 if low_at(turn.pieces, relation) == "," else relation
        last = turn.name_end(name_at, most=2)
        if last > name_at:
            yield Find(name_at, last, Category.PERSON, 0.85)
        if low_at(turn.pieces, at - 1) == "," and turn.is_name(at - 2):
            first = at - 3 if turn.is_name(at - 3) else at - 2
            yield Find(first, at - 1, Category.PERSON, 0.85)


def _relation_end(pieces: Pieces, at: int) -> int | None:
    """Return the index after "(oldest) daughter", "daughter-in-law", None where none stands."""
    for following in (at, at + 1):
        if low_at(pieces, following) in _RELATIONS:
            after = following + 1
            in_law = [low_at(pieces, after + i) for i in range(4)] == ["-", "in", "-", "law"]
            return after + 4 if in_law else after
    return None


def _services(turn: _Turn) -> Iterator[Find]:
    """Find "Rose Ward", "Park View Hospital", "Ward 6", "Mill Road"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.bare
        if word not in _SERVICES and word not in _STREETS:
            continue
        category = Category.ORGANISATION if word in _SERVICES else Category.PLACE
        first = _service_start(turn, at)
        shown = piece.is_capital or word in {"ward", "hospital", "surgery", "hospice", "infirmary"}
        if first < at and shown and not turn.keep.keeps(_words(turn, first, at + 1)):
            yield Find(first, at + 1, category, 0.85)
        following = low_at(turn.pieces, at + 1)
        if word == "ward" and (following.isdecimal() or following in _NUMBERED):
            yield Find(at, at + 2, category, 0.75)


_NUMBERED = listed("one two three four five six seven eight nine ten eleven twelve")


def _service_start(turn: _Turn, at: int) -> int:
    """Return where the name before "Ward" or "Road" begins: capital words and what joins them."""
    first = at
    while first > 0 and at - first < _MOST_SERVICE_WORDS:
        before = turn.pieces[first - 1]
        if before.is_capital and before.low.partition("'")[0] not in _NEVER_IN_NAME:
            first -= 1
        elif before.low in _INNER | {"'s", "-", "."} and turn.is_name(first - 2):
            first -= 2
        else:
            break
    return first


_NEVER_IN_NAME = listed("the a an i and in at on to from my our his her it this that so then")


def _places(turn: _Turn) -> Iterator[Find]:
    """Find "live in Skipton", "from Halifax", "moved to Leeds", "worked at Armitage's"."""
    for at in range(2, len(turn.pieces)):
        category = _leads_to_place(turn.pieces, at)
        kept = not category or turn.keep.is_kept(turn.pieces[at].bare)
        last = at if kept else turn.name_end(at, most=2)
        if category and last > at:
            yield Find(at, last, category, 0.75)


def _leads_to_place(pieces: Pieces, at: int) -> Category | None:
    one = low_at(pieces, at - 1)
    near = {low_at(pieces, at - back) for back in (2, 3, 4)}
    if one in {"at", "for"} and not _WORK.isdisjoint(near):
        return Category.ORGANISATION
    if one in {"in", "at", "near"} and not _LIVE.isdisjoint(near):
        return Category.PLACE
    if one in {"to", "from"} and not (_MOVE | _LIVE).isdisjoint(near):
        return Category.PLACE
    return None


def _words(turn: _Turn, first: int, last: int) -> str:
    return " ".join(p.bare for p in turn.pieces[first:last])
