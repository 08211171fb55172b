"""The finder: rules and known names, run one after another over each turn, then trained models.

A way of finding is a function from a turn to proposals that carry its name; the finder holds a
list of them. One that fails on a turn is noted in ``Found.failed`` and the others' finds stand.
Trained models see many turns at once. They are spaCy's pipelines (see ``names``): importing this
module takes seconds, so it is imported where a search begins.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from anonymise import names
from anonymise.context.turn import Turn
from anonymise.finding import AGAIN, REGISTER, RULES, Rule
from anonymise.keep import KeepList, shipped
from anonymise.pieces import Spoken, begins_sentence
from anonymise.proposals import NAMES, Proposal
from anonymise.register import Known, Register
from anonymise.resolve import resolve
from study.terms import Category

T = TypeVar("T")
_REMEMBERED_TURNS = 4096  # more than a long interview has
_BATCH = 64  # turns that the trained model sees at once
_SURE = 0.7  # a name found with this score is looked for in the other turns, too
_RULED = (
    Category.PHONE, Category.EMAIL, Category.WEB, Category.ADDRESS, Category.POSTCODE,
    Category.NHS_NUMBER, Category.NI_NUMBER, Category.VEHICLE, Category.BANK,
    Category.DATE_OF_BIRTH, Category.DATE, Category.AGE, Category.HIGH_AGE, Category.OCCUPATION,
    Category.BACKGROUND, Category.RELIGION, Category.EVENT, Category.NUMBER,
)  # fmt: skip
_NAMED = {
    Category.PERSON: "names of people",
    Category.PLACE: "places",
    Category.ORGANISATION: "organisations",
}
_INTRODUCED = "names that the words around them give away"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one turn: all proposals, and the ways of finding that failed on it."""

    spoken: Spoken
    proposals: tuple[Proposal, ...]
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of finding in one turn, and the name of it."""

    name: str
    find: Callable[[Spoken], list[Proposal]]


class Pipeline:
    """A finder made for one interview.

    known: the register. trained: trained pipelines by the name that their finds shall carry.
    words: the keep-list of the study, by default the one that ships. language: a code such as
    "en"; rules are there for English, the register and trained models work in all. without:
    names of ways of finding that are left out.

    Raises:
        ModelMissing, ModelBroken: a model handed in is not there or does not load.
    """

    def __init__(
        self,
        known: Iterable[Known] = (),
        *,
        trained: Mapping[str, Path] | None = None,
        words: KeepList | None = None,
        language: str = "en",
        without: Collection[str] = (),
    ) -> None:
        known, keep = tuple(known), words or shipped()
        self._is_known = bool(known)
        self._without = frozenset(without)
        rules = RULES.get(language, ())
        self._ruled = bool(rules)
        ways = [_by_rule(rule, keep) for rule in rules]
        ways.append(_by_register(Register(known, keep)))
        self._ways = [way for way in ways if way.name not in self._without]
        self._trained = [
            names.Finder(folder, name)
            for name, folder in (trained or {}).items()
            if name not in self._without
        ]
        self._kinds = {kind for finder in self._trained for kind in finder.kinds}

    @property
    def looked_for(self) -> tuple[str, ...]:
        """The kinds of detail that this finder looks for, in words."""
        known = ["names entered for this study"] if self._is_known else []
        trained = [word for kind, word in _NAMED.items() if kind in self._kinds]
        ruled = [*(c.value for c in _RULED), _INTRODUCED] if self._ruled else []
        return (*ruled, *known, *trained)

    @property
    def not_looked_for(self) -> tuple[str, ...]:
        """The kinds of detail that it has no way of finding, in words."""
        ruled = [] if self._ruled else [c.value for c in _RULED]
        off = [f"what {name} would find: switched off" for name in sorted(self._without)]
        named = [f"other {w}" for kind, w in _NAMED.items() if kind not in self._kinds]
        return (*ruled, *named, *off)

    def search(self, texts: Iterable[str]) -> Iterator[Found]:
        """Yield all that is found in each turn, in order; proposals may overlap."""
        for batch in _batches(texts, _BATCH):
            searched = [_Searched(Spoken.of(text)) for text in batch]
            for turn in searched:
                for way in self._ways:
                    turn.add(way)
            for finder in self._trained:
                _add_trained(finder, searched)
            for turn in searched:
                yield Found(turn.spoken, tuple(turn.proposals), tuple(turn.failed))


@dataclass(frozen=True, slots=True)
class _Searched:
    """A turn under search: what was found so far, and which ways failed."""

    spoken: Spoken
    proposals: list[Proposal] = field(default_factory=list[Proposal])
    failed: list[str] = field(default_factory=list[str])

    def add(self, way: _Way) -> None:
        """Run one way over the turn."""
        try:
            self.proposals.extend(way.find(self.spoken))
        except Exception:  # noqa: BLE001 - one way of finding must not cost what the others found
            self.failed.append(way.name)


def _add_trained(finder: names.Finder, turns: Sequence[_Searched]) -> None:
    """Run a trained model over turns together; one that it fails on is found and left out."""
    try:
        found = finder.found([turn.spoken.text for turn in turns])
    except Exception:  # noqa: BLE001 - as above; a model is somebody else's code
        for turn in turns:
            turn.add(_Way(finder.source, lambda spoken: finder.found([spoken.text])[0]))
        return
    for turn, proposals in zip(turns, found, strict=True):
        turn.proposals.extend(proposals)


def _by_rule(rule: Rule, words: KeepList) -> _Way:
    def found(spoken: Spoken) -> list[Proposal]:
        return [one.as_proposal(spoken.pieces, rule.name) for one in rule.find(Turn(spoken, words))]

    return _Way(rule.name, found)


def _by_register(register: Register) -> _Way:
    return _Way(REGISTER, lambda spoken: register.proposals(spoken.pieces))


def settle(found: Iterable[Found], words: KeepList | None = None) -> list[list[Proposal]]:
    """Return, per turn, the proposals that stand.

    Names found once are looked for in all turns, and the same words are the same kind of name
    throughout: the kind that the surest finds, taken together, speak for.

    words: the keep-list of the study, by default the one that ships.
    """
    words = words or shipped()
    found = [replace(one, proposals=tuple(names.agreed(one.proposals))) for one in found]
    every = _without_words_seen(found)
    first = [_resolved(one.spoken.text, one.proposals, words) for one in every]
    kinds = _kinds_of(every, first)
    names_found = tuple(_names_of(every, first, kinds))
    cased = 2 * sum(one.spoken.cased for one in every) > len(every)
    settled: list[list[Proposal]] = []
    for one in every:
        text = one.spoken.text
        repeated = _repeated(text, names_found, words, cased=cased or one.spoken.cased)
        resolved = _resolved(text, (*one.proposals, *repeated), words)
        settled.append([_as_kind(text, p, kinds) for p in resolved])
    return settled


# An interview is settled as a whole each time that a turn of it is edited. What stands in the other
# turns is remembered: 300 ms become 30 in 8,000 words (benchmarks/research.py).
@lru_cache(maxsize=_REMEMBERED_TURNS)
def _resolved(text: str, proposals: tuple[Proposal, ...], words: KeepList) -> tuple[Proposal, ...]:
    return tuple(resolve(Spoken.of(text), proposals, words))


@lru_cache(maxsize=_REMEMBERED_TURNS)
def _repeated(
    text: str, known: tuple[Known, ...], words: KeepList, *, cased: bool
) -> tuple[Proposal, ...]:
    return tuple(_again(known, words).proposals(Spoken.of(text).pieces, cased=cased))


@lru_cache(maxsize=2)
def _again(known: tuple[Known, ...], words: KeepList) -> Register:
    return Register(known, words, source=AGAIN)


def _without_words_seen(every: list[Found]) -> list[Found]:
    """Leave out what the trained model took for a name only because a sentence began with it.

    A word that the same interview also has in lower case is a word ("Frightened", "Keeping").
    """
    turns = [one.spoken.pieces for one in every if one.spoken.cased]
    lower = {p.text for pieces in turns for p in pieces if p.text == p.low}
    return [
        replace(one, proposals=tuple(p for p in one.proposals if not _is_head(one, p, lower)))
        for one in every
    ]


def _is_head(one: Found, proposal: Proposal, lower: set[str]) -> bool:
    inside = one.spoken.within(proposal.start, proposal.end)
    if not proposal.trained or len(inside) != 1:
        return False
    piece = one.spoken.pieces[inside[0]]
    heads = begins_sentence(one.spoken.pieces, inside[0])
    return heads and piece.is_capital and piece.bare in lower


def _kinds_of(every: list[Found], first: list[tuple[Proposal, ...]]) -> dict[str, Category]:
    votes: dict[str, Counter[Category]] = {}
    for one, here in zip(every, first, strict=True):
        for p in here:
            if p.category in NAMES:
                vote = votes.setdefault(one.spoken.text[p.start : p.end], Counter())
                vote[p.category] += round(p.score * 100)
    return {text: vote.most_common(1)[0][0] for text, vote in votes.items()}


def _as_kind(text: str, proposal: Proposal, kinds: dict[str, Category]) -> Proposal:
    if proposal.category not in NAMES or proposal.source == REGISTER:
        return proposal
    kind = kinds.get(text[proposal.start : proposal.end], proposal.category)
    return replace(proposal, category=kind)


def _names_of(
    every: list[Found], first: list[tuple[Proposal, ...]], kinds: dict[str, Category]
) -> list[Known]:
    """Return the names of an interview that are worth looking for elsewhere in it.

    What the trained model alone believes must have been written like a name: its mistakes are
    everyday words, and would be repeated everywhere.
    """
    found: dict[str, None] = {}
    for one, here in zip(every, first, strict=True):
        for p in here:
            sure = p.score >= _SURE and (not p.trained or _is_shown(one.spoken, p))
            if p.category in NAMES and sure:
                found[one.spoken.text[p.start : p.end]] = None
    return [Known(kinds[text], (text,)) for text in sorted(found)]


def _is_shown(spoken: Spoken, proposal: Proposal) -> bool:
    """Whether it is written with a capital that no sentence put there."""
    inside = spoken.within(proposal.start, proposal.end)
    if not inside:
        return False
    return spoken.pieces[inside[0]].is_capital and not begins_sentence(spoken.pieces, inside[0])


def _batches(stream: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(stream)
    while batch := list(itertools.islice(rest, size)):
        yield batch
