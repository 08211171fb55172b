"""The search of turns: rules and known names, one after another, then trained models.

A way of finding is a function from a turn to proposals that carry its name; the pipeline holds a
list of them. One that fails on a turn is noted in ``TurnFinds.failed``, and the finds of the others
stand. Trained models see many turns at once. They are spaCy pipelines (see ``name_finder``):
importing this module takes seconds, so that happens only when a search begins.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from anonymise.context.turn_context import TurnContext
from anonymise.cut_names import propose_cut_names
from anonymise.keep_list import KeepList, judge_piece, load_shipped_keep_list
from anonymise.name_finder import TrainedNameFinder, merge_agreeing_finds
from anonymise.numbers.answers import propose_answers
from anonymise.overlap_resolution import resolve_overlaps
from anonymise.pieces import CutTurn, begins_sentence, lowered_at
from anonymise.proposals import NAME_CATEGORIES, Proposal
from anonymise.register import KnownIdentity, KnownNameRegister, match_surnames
from anonymise.rule_registry import (
    CAPITALS_SOURCE,
    REGISTER_SOURCE,
    REPEAT_SOURCE,
    RULES_BY_LANGUAGE,
    TORN_SOURCE,
    FindingRule,
)
from anonymise.shipped_lists import load_word_list
from anonymise.torn_surnames import find_torn_surnames
from anonymise.weak_questions import is_worth_asking
from anonymise.word_kinds import is_common_given_name, is_never_name
from models import look_up_word
from study import Category, WordUse

T = TypeVar("T")
_REMEMBERED_TURNS = 4096  # more than a long interview has
_LOADED = 4  # trained models that stay in memory
_BATCH = 64  # turns that the trained model sees at once
_ASKED = 0.35  # a question
_PLATE_WORDS = load_word_list("numbers", "vehicle codes")
_PLATE_NEAR = 16  # characters from "reg" over "number is" to the plate
_SENTENCE_ENDS = frozenset({"", ".", "?", "!"})
_HARDLY = 0.15  # the model leaned to a name, at the head of a sentence
_OPINION = 0.45  # the most of a model whose finds are questions by nature
_SURE = 0.7  # a name found with this score is looked for in the other turns as well
_EVERYBODYS = 1.0  # how common a word is that everybody uses
_ASKED_AGAIN = 0.3  # as sure as the first time: a question
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
class TurnFinds:
    """The finds of one turn: all proposals, and the names of the ways of finding that failed."""

    spoken: CutTurn
    proposals: tuple[Proposal, ...]
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of finding details in one turn, with its name."""

    name: str
    find: Callable[[CutTurn], list[Proposal]]


class SearchPipeline:
    """Every way of finding details, put together for one interview.

    known: the register. trained: folders of trained pipelines by the name that their finds carry.
    keep_list: that of the study, by default the one that ships. language: a code such as "en";
    there are rules for English alone, the register and trained models work in every language.
    skipped_rules: names of ways of finding that are left out. opinions: names of those of
    ``trained`` that are the user's own.

    Raises:
        ModelMissing, ModelBroken: a trained pipeline is not there, or does not load.
    """

    def __init__(
        self,
        known: Iterable[KnownIdentity] = (),
        *,
        trained: Mapping[str, Path] | None = None,
        keep_list: KeepList | None = None,
        language: str = "en",
        skipped_rules: Collection[str] = (),
        opinions: Collection[str] = (),
    ) -> None:
        known, keep_list = tuple(known), keep_list or load_shipped_keep_list()
        self._has_known = bool(known)
        self._skipped = frozenset(skipped_rules)
        self._surnames = match_surnames(known)
        rules = RULES_BY_LANGUAGE.get(language, ())
        self._has_rules = bool(rules)
        ways = [_make_rule_way(rule, keep_list) for rule in rules]
        ways.append(_make_register_way(KnownNameRegister(known, keep_list)))
        self._ways = [way for way in ways if way.name not in self._skipped]
        self._trained = [
            load_trained_finder(folder, name, is_own=name in opinions)
            for name, folder in (trained or {}).items()
            if name not in self._skipped
        ]
        self._models = ThreadPoolExecutor(max_workers=1, thread_name_prefix="names")
        self._kinds = {kind for finder in self._trained for kind in finder.categories}

    @property
    def looked_for(self) -> tuple[str, ...]:
        """The kinds of detail that this pipeline looks for, in words."""
        known = ["names entered for this study"] if self._has_known else []
        trained = [word for kind, word in _NAMED.items() if kind in self._kinds]
        ruled = [*(c.value for c in _RULED), _INTRODUCED] if self._has_rules else []
        return (*ruled, *known, *trained)

    @property
    def not_looked_for(self) -> tuple[str, ...]:
        """The kinds of detail that it has no way of finding, in words."""
        ruled = [] if self._has_rules else [c.value for c in _RULED]
        off = [f"what {name} would find: switched off" for name in sorted(self._skipped)]
        named = [f"other {w}" for kind, w in _NAMED.items() if kind not in self._kinds]
        return (*ruled, *named, *off)

    def search_turns(self, texts: Iterable[str]) -> Iterator[TurnFinds]:
        """Yield the finds of each turn, in order; their proposals may overlap."""
        for batch in _cut_into_batches(texts, _BATCH):
            turns = [_TurnSearch(CutTurn.cut_text(text)) for text in batch]
            # The networks compute outside of Python's lock, while the rules need it.
            trained = self._models.submit(_run_all_trained, self._trained, turns)
            for turn in turns:
                for way in self._ways:
                    turn.run_way(way)
            for turn, found in zip(turns, trained.result(), strict=True):
                turn.proposals.extend(found.proposals)
                turn.failed.extend(found.failed)
            if TORN_SOURCE not in self._skipped:
                for turn in turns:
                    turn.run_way(self._make_torn_way(turn))
            for turn in turns:
                yield TurnFinds(turn.spoken, tuple(turn.proposals), tuple(turn.failed))

    def _make_torn_way(self, turn: _TurnSearch) -> _Way:
        """Return the search for surnames in pieces, which begins at what the others found."""
        found = tuple(turn.proposals)
        return _Way(
            TORN_SOURCE,
            lambda spoken: list(find_torn_surnames(spoken, found, self._surnames)),
        )


def load_trained_finder(folder: Path, source: str, *, is_own: bool = False) -> TrainedNameFinder:
    """Load a trained pipeline, or return it as it was loaded before while its files are the same.

    Loading takes half a second, and each interview of a study has a pipeline of its own.

    Raises:
        ModelMissing, ModelBroken: it is not there, or does not load.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    told = tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    return _load_once(folder, source, told, is_own=is_own)


@lru_cache(maxsize=_LOADED)
def _load_once(
    folder: Path, source: str, files: tuple[tuple[str, int, int], ...], *, is_own: bool
) -> TrainedNameFinder:
    del files
    return TrainedNameFinder(folder, source, is_own=is_own)


@dataclass(frozen=True, slots=True)
class _TurnSearch:
    """A turn under search: its proposals so far, and which ways failed."""

    spoken: CutTurn
    proposals: list[Proposal] = field(default_factory=list[Proposal])
    failed: list[str] = field(default_factory=list[str])

    def run_way(self, way: _Way) -> None:
        """Add what one way of finding proposes for the turn."""
        try:
            self.proposals.extend(way.find(self.spoken))
        except Exception:  # noqa: BLE001 - one way of finding must not cost what the others found
            self.failed.append(way.name)


def _run_all_trained(
    finders: Sequence[TrainedNameFinder], turns: Sequence[_TurnSearch]
) -> list[_TurnSearch]:
    """Return what trained models propose for turns, apart from what the rules do."""
    found = [_TurnSearch(turn.spoken) for turn in turns]
    for finder in finders:
        _run_trained(finder, found)
    return found


def _run_trained(finder: TrainedNameFinder, turns: Sequence[_TurnSearch]) -> None:
    """Run a trained model over turns together; where it fails, run it over each by itself."""
    try:
        found = finder.find_names([turn.spoken.text for turn in turns])
    except Exception:  # noqa: BLE001 - as above; a model is somebody else's code
        for turn in turns:
            turn.run_way(_Way(finder.source, lambda spoken: finder.find_names([spoken.text])[0]))
        return
    for turn, proposals in zip(turns, found, strict=True):
        turn.proposals.extend(proposals)


def _make_rule_way(rule: FindingRule, keep_list: KeepList) -> _Way:
    def find(spoken: CutTurn) -> list[Proposal]:
        return [
            found.to_proposal(spoken.pieces, rule.name)
            for found in rule.find(TurnContext(spoken, keep_list))
        ]

    return _Way(rule.name, find)


def _make_register_way(register: KnownNameRegister) -> _Way:
    return _Way(REGISTER_SOURCE, lambda spoken: register.propose_known_names(spoken.pieces))


def settle_finds(
    searched: Iterable[TurnFinds],
    keep_list: KeepList | None = None,
    *,
    skipped_rules: Collection[str] = (),
    opinions: Collection[str] = (),
) -> list[list[Proposal]]:
    """Return the proposals of each turn of an interview, none of which overlap.

    A name found in one turn is looked for in all turns, and the same words are the same kind of
    name throughout: the kind with the highest scores in sum. A turn that answers the one before it
    is read with its question.

    keep_list: that of the study, by default the one that ships. skipped_rules: names of ways of
    finding that are left out. opinions: names of trained models whose finds are questions, however
    sure, and make no other find surer.
    """
    keep_list = keep_list or load_shipped_keep_list()
    answered = _add_cut_names(_add_answers(list(searched), skipped_rules), skipped_rules)
    merged = [_merge_models(turn, opinions) for turn in answered]
    turns = _drop_sentence_heads(merged)
    first = [_resolve(turn.spoken.text, turn.proposals, keep_list) for turn in turns]
    kinds = _vote_kinds(turns, first)
    names, asked = _list_names(turns, first, kinds)
    cased = 2 * sum(turn.spoken.keeps_capitals for turn in turns) > len(turns)
    settled: list[list[Proposal]] = []
    for turn in turns:
        text = turn.spoken.text
        repeats = _find_repeats(text, names, keep_list, cased=cased or turn.spoken.keeps_capitals)
        again = tuple(
            replace(p, score=min(p.score, _ASKED_AGAIN)) if text[p.start : p.end] in asked else p
            for p in repeats
        )
        resolved = _resolve(text, (*turn.proposals, *again), keep_list)
        settled.append([_set_kind(text, p, kinds) for p in resolved])
    return _ask_jobs_again(turns, settled, keep_list)


def _ask_jobs_again(
    turns: Sequence[TurnFinds], settled: Sequence[list[Proposal]], keep_list: KeepList
) -> list[list[Proposal]]:
    """Ask an occupation of one seldom word wherever else the interview has it.

    Once one is replaced the gate looks for the word in all that was said.
    """
    found = (
        turn.spoken.text[p.start : p.end].lower()
        for turn, proposals in zip(turns, settled, strict=True)
        for p in proposals
        if p.category is Category.OCCUPATION
    )
    jobs = {
        word
        for word in found
        if word.isalpha()
        and word not in keep_list.everyday
        and look_up_word(word).common < _EVERYBODYS
    }
    return [_ask_in_turn(turn, ps, jobs) for turn, ps in zip(turns, settled, strict=True)]


def _ask_in_turn(
    turn: TurnFinds, proposals: list[Proposal], jobs: Collection[str]
) -> list[Proposal]:
    if turn.spoken.words.isdisjoint(jobs):
        return proposals
    more = [
        Proposal(p.start, p.bare_end, Category.OCCUPATION, REPEAT_SOURCE, _ASKED_AGAIN)
        for p in turn.spoken.pieces
        if p.lowered in jobs and not any(q.start < p.end and p.start < q.end for q in proposals)
    ]
    return sorted((*proposals, *more), key=lambda p: p.start)


def _merge_models(turn: TurnFinds, opinions: Collection[str]) -> TurnFinds:
    """Let trained models that agree be surer, and leave out what is not worth asking."""
    merged = merge_agreeing_finds(p for p in turn.proposals if p.source not in opinions)
    asked = [
        replace(p, score=min(p.score, _OPINION)) for p in turn.proposals if p.source in opinions
    ]
    kept = (
        p
        for p in (*merged, *asked)
        if is_worth_asking(turn.spoken, p) and not _announces_plate(turn, p)
    )
    return replace(turn, proposals=tuple(kept))


def _announces_plate(turn: TurnFinds, proposal: Proposal) -> bool:
    """Whether "reg" is no Reginald: a registration follows."""
    text = turn.spoken.text
    if not proposal.trained or text[proposal.start : proposal.end].lower() not in _PLATE_WORDS:
        return False
    return any(
        p.category is Category.VEHICLE and 0 <= p.start - proposal.end <= _PLATE_NEAR
        for p in turn.proposals
    )


def _add_answers(turns: list[TurnFinds], skipped_rules: Collection[str]) -> list[TurnFinds]:
    """Add to each turn what it says only as the answer to the turn before it."""
    answered = turns[:1]
    for before, turn in itertools.pairwise(turns):
        more = propose_answers(before.spoken, turn.spoken, skipped_rules)
        fresh = tuple(p for p in more if p not in turn.proposals)
        answered.append(replace(turn, proposals=turn.proposals + fresh) if fresh else turn)
    return answered


def _add_cut_names(turns: list[TurnFinds], skipped_rules: Collection[str]) -> list[TurnFinds]:
    """Add the halves of names that break off at the end of a turn."""
    if TORN_SOURCE in skipped_rules:
        return turns
    people = [
        [(p.start, p.end) for p in turn.proposals if p.category is Category.PERSON and p.is_likely]
        for turn in turns
    ]
    halves = propose_cut_names([turn.spoken for turn in turns], people)
    return [
        replace(turn, proposals=turn.proposals + tuple(more)) if more else turn
        for turn, more in zip(turns, halves, strict=True)
    ]


# An interview is settled as a whole each time that a turn of it is edited. The results of the
# other turns are cached: 300 ms become 30 in 8,000 words (benchmarks/research.py).
@lru_cache(maxsize=_REMEMBERED_TURNS)
def _resolve(
    text: str, proposals: tuple[Proposal, ...], keep_list: KeepList
) -> tuple[Proposal, ...]:
    return tuple(resolve_overlaps(CutTurn.cut_text(text), proposals, keep_list))


@lru_cache(maxsize=_REMEMBERED_TURNS)
def _find_repeats(
    text: str, known: tuple[KnownIdentity, ...], keep_list: KeepList, *, cased: bool
) -> tuple[Proposal, ...]:
    register = _make_repeat_register(known, keep_list)
    return tuple(register.propose_known_names(CutTurn.cut_text(text).pieces, cased=cased))


@lru_cache(maxsize=2)
def _make_repeat_register(
    known: tuple[KnownIdentity, ...], keep_list: KeepList
) -> KnownNameRegister:
    return KnownNameRegister(known, keep_list, source=REPEAT_SOURCE)


def _drop_sentence_heads(turns: list[TurnFinds]) -> list[TurnFinds]:
    """Leave out words that the trained model took for a name because they begin a sentence.

    A word that the same interview also has in lower case is a word ("Frightened", "Keeping"). One
    that may be a given name ("Rose noticed it", though a rose is by the gate) stays a question.
    """
    cased = [turn.spoken.pieces for turn in turns if turn.spoken.keeps_capitals]
    lower = {p.text for pieces in cased for p in pieces if p.text == p.lowered}
    return [
        replace(
            turn,
            proposals=tuple(
                kept
                for p in turn.proposals
                if (kept := _doubt_head(turn.spoken, p, lower)) is not None
            ),
        )
        for turn in turns
    ]


def _doubt_head(spoken: CutTurn, proposal: Proposal, lower: set[str]) -> Proposal | None:
    """Return a find, as a question or None where it is a word that heads a sentence."""
    inside = spoken.list_indices_within(proposal.start, proposal.end)
    if not proposal.trained or len(inside) != 1:
        return proposal
    piece = spoken.pieces[inside[0]]
    heads = begins_sentence(spoken.pieces, inside[0]) and piece.is_capital
    if heads and is_never_name(piece.lowered_bare):
        return _doubt_word(spoken, proposal, inside[0])
    if not (heads and piece.lowered_bare in lower):
        return proposal
    return _doubt_repeated(spoken, proposal, inside[0])


def _doubt_word(spoken: CutTurn, proposal: Proposal, at: int) -> Proposal | None:
    """Return a question at most: all that speaks for "Brightened." is the sentence's capital."""
    alone = lowered_at(spoken.pieces, at + 1) in _SENTENCE_ENDS
    asked = proposal.category is Category.PERSON and not alone  # "Marble from the bank rang."
    if proposal.score <= _HARDLY and not asked:
        return None
    return replace(proposal, score=min(proposal.score, _ASKED))


def _doubt_repeated(spoken: CutTurn, proposal: Proposal, at: int) -> Proposal | None:
    """Return a find whose word the interview also has in small letters, None where it is that."""
    piece = spoken.pieces[at]
    if not is_common_given_name(piece.lowered_bare):
        return None
    use = judge_piece(spoken.pieces, at)
    if use is WordUse.NAME:
        return proposal
    return replace(proposal, score=min(proposal.score, _ASKED)) if use is WordUse.UNSURE else None


def _vote_kinds(turns: list[TurnFinds], first: list[tuple[Proposal, ...]]) -> dict[str, Category]:
    """Return the kind of each name by its words: the one with the highest scores in sum."""
    votes: dict[str, Counter[Category]] = {}
    for turn, proposals in zip(turns, first, strict=True):
        for p in proposals:
            if p.category in NAME_CATEGORIES:
                vote = votes.setdefault(turn.spoken.text[p.start : p.end], Counter())
                vote[p.category] += round(p.score * 100)
    return {text: vote.most_common(1)[0][0] for text, vote in votes.items()}


def _set_kind(text: str, proposal: Proposal, kinds: dict[str, Category]) -> Proposal:
    if proposal.category not in NAME_CATEGORIES or proposal.source == REGISTER_SOURCE:
        return proposal
    kind = kinds.get(text[proposal.start : proposal.end], proposal.category)
    return replace(proposal, category=kind)


def _list_names(
    turns: list[TurnFinds], first: list[tuple[Proposal, ...]], kinds: dict[str, Category]
) -> tuple[tuple[KnownIdentity, ...], frozenset[str]]:
    """Return the names of an interview that are worth looking for elsewhere in it.

    A find of the trained model alone must also be written like a name: its mistakes are everyday
    words, and would be repeated everywhere. Returned apart are the names of which only a capital
    letter tells: they are asked wherever they have one, also where it begins a sentence.
    """
    names: set[str] = set()
    asked: set[str] = set()
    for turn, proposals in zip(turns, first, strict=True):
        for p in proposals:
            sure = p.score >= _SURE and (not p.trained or _is_written_as_name(turn.spoken, p))
            if p.category in NAME_CATEGORIES and (sure or p.source == CAPITALS_SOURCE):
                (names if sure else asked).add(turn.spoken.text[p.start : p.end])
    known = (KnownIdentity(kinds[text], (text,)) for text in sorted(names | asked))
    return tuple(known), frozenset(asked - names)


def _is_written_as_name(spoken: CutTurn, proposal: Proposal) -> bool:
    """Whether it begins with a capital letter although it begins no sentence."""
    inside = spoken.list_indices_within(proposal.start, proposal.end)
    if not inside:
        return False
    return spoken.pieces[inside[0]].is_capital and not begins_sentence(spoken.pieces, inside[0])


def _cut_into_batches(stream: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(stream)
    while batch := list(itertools.islice(rest, size)):
        yield batch
