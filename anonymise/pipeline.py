"""The spaCy pipeline: one small named component per way of finding, each saying what it found.

Components put ``Proposal`` records into ``doc._.proposals``. A component that fails on a turn
is noted in ``doc._.failed`` and the others' finds stand. This module and ``names`` are the only
importers of spaCy; importing them takes seconds, so they are imported where a search begins.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from anonymise import names
from anonymise.context.turn import Turn
from anonymise.finding import AGAIN, REGISTER, RULES
from anonymise.keep import KeepList, shipped
from anonymise.pieces import Spoken, begins_sentence
from anonymise.proposals import NAMES, Proposal
from anonymise.proposals import Find as FoundPieces
from anonymise.register import Known, Register
from anonymise.resolve import resolve
from study.terms import Category

T = TypeVar("T")
VERSION = spacy.about.__version__
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
    """What was found in one turn: all proposals, and the components that failed on it."""

    spoken: Spoken
    proposals: tuple[Proposal, ...]
    failed: tuple[str, ...] = ()


Find = Callable[[Spoken], list[Proposal]]


class _Component:
    """One way of finding, as a spaCy component."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.find: Find = _nothing

    def __call__(self, doc: Doc) -> Doc:
        try:
            _proposals(doc).extend(self.find(_spoken(doc)))
        except Exception:  # noqa: BLE001 - one way of finding must not cost what the others found
            _failed(doc).append(self.name)
        return doc


class _NamesComponent:
    """A trained model, as a component that works on many turns at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.finder: names.Finder | None = None

    def __call__(self, doc: Doc) -> Doc:
        if not self._add([doc]):
            _failed(doc).append(self.name)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        for batch in _batches(stream, batch_size):
            if not self._add(batch):
                for doc in batch:  # find the turn that the model fails on, keep the others
                    self(doc)
            yield from batch

    def _add(self, batch: list[Doc]) -> bool:
        if self.finder is None:
            return True
        try:
            found = self.finder.found([doc.text for doc in batch])
        except Exception:  # noqa: BLE001 - as above; a model is somebody else's code
            return False
        for doc, proposals in zip(batch, found, strict=True):
            _proposals(doc).extend(proposals)
        return True


class _PiecesComponent:
    """Cuts the turn once for all rules."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.spoken = Spoken.of(doc.text)
        return doc


def _uncut(text: str) -> Doc:
    """Return a turn in one: rules cut it into pieces, a trained model in its own way."""
    return Doc(Vocab(), words=[text] if text else [])


def _nothing(_: Spoken) -> list[Proposal]:
    return []


def _factory(registered: str, make: Callable[[str], Callable[[Doc], Doc]]) -> None:
    def made(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy's own call
        return make(name)

    Language.factory(registered, func=made)  # pyright: ignore[reportUnknownMemberType] - spaCy's


# What to look for is handed to a component after it is made: spaCy would read a "${" in its
# settings as its own, and names may hold anything.
_factory("earshot_pieces", lambda _: _PiecesComponent())
_factory("earshot_rule", _Component)
_factory("earshot_names", _NamesComponent)
for _extension in ("proposals", "failed"):
    Doc.set_extension(_extension, default=[], force=True)
Doc.set_extension("spoken", default=None, force=True)


class Pipeline:
    """A pipeline made for one interview.

    known: the register. trained: trained pipelines by the name that their finds shall carry.
    words: the keep-list of the study, by default the one that ships. language: any of spaCy's;
    rules are there for English, the register and trained models work in all. without: names of
    components that are left out.

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
        self.known = tuple(known)
        self.words = words or shipped()
        self.nlp = spacy.blank(language)
        self.nlp.max_length = 10**9  # rules take a turn of any length
        self.nlp.tokenizer = _uncut
        self.nlp.add_pipe("earshot_pieces", name="pieces")
        self._without = frozenset(without)
        self._ruled = bool(RULES.get(language))
        for name, way in RULES.get(language, {}).items():
            self._add(name, _by_rule(name, way.find, self.words))
        if REGISTER not in self._without:
            self._add(REGISTER, _by_register(Register(self.known, self.words)))
        self._kinds: set[Category] = set()
        for name, folder in (trained or {}).items():
            self._add_trained(name, folder)

    @property
    def components(self) -> tuple[str, ...]:
        """The names of its ways of finding, in the order in which they look."""
        return tuple(self.nlp.pipe_names[1:])

    def _add(self, name: str, find: Find) -> None:
        if name not in self._without:
            cast("_Component", self.nlp.add_pipe("earshot_rule", name=name)).find = find

    def _add_trained(self, name: str, folder: Path) -> None:
        if name in self._without:
            return
        finder = names.Finder(folder, name)
        cast("_NamesComponent", self.nlp.add_pipe("earshot_names", name=name)).finder = finder
        self._kinds |= finder.kinds

    @property
    def looked_for(self) -> tuple[str, ...]:
        """The kinds of detail that this pipeline looks for, in words."""
        known = ["names entered for this study"] if self.known else []
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
        for doc in self.nlp.pipe(texts, batch_size=_BATCH):
            yield Found(_spoken(doc), tuple(_proposals(doc)), tuple(_failed(doc)))


def _by_rule(name: str, find: Callable[[Turn], Iterator[FoundPieces]], words: KeepList) -> Find:
    def found(spoken: Spoken) -> list[Proposal]:
        return [one.as_proposal(spoken.pieces, name) for one in find(Turn(spoken, words))]

    return found


def _by_register(register: Register) -> Find:
    return lambda spoken: register.proposals(spoken.pieces)


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


def _proposals(doc: Doc) -> list[Proposal]:
    return cast("list[Proposal]", doc._.proposals)


def _spoken(doc: Doc) -> Spoken:
    return cast("Spoken", doc._.spoken)


def _failed(doc: Doc) -> list[str]:
    return cast("list[str]", doc._.failed)


def _batches(stream: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(stream)
    while batch := list(itertools.islice(rest, size)):
        yield batch
