"""How much of what is marked was found, and how much of what was found is marked.

A detail counts as found when every letter and digit of it is masked, under whatever name; an
article or title before it and a possessive behind it do not count. Token precision is the share
of the masked words that lie in a marked detail; such articles, titles and possessives are left
out of it on both sides, and so is what a set's makers never looked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks._marked import KEEP, Set, Span, Turn
from study import Category

_BEFORE = re.compile(
    r"(?:(?:the|a|an|my|our|his|her|mr|mrs|ms|miss|dr|doctor|prof|professor|sister|auntie|old"
    r"|reverend|sir|big|president|on)\b\.?\s+)+",
    re.IGNORECASE,
)
_AFTER = re.compile(r"['\u2019]s?$")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Found:
    """What a finder masked in one turn: characters ``start`` to ``end``, kind, score."""

    start: int
    end: int
    kind: str
    score: float


@dataclass
class Score:
    """Counts over one or more sets, per kind of detail."""

    there: Counter[str] = field(default_factory=Counter[str])
    found: Counter[str] = field(default_factory=Counter[str])
    masked: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])

    def recall(self, kinds: Iterable[str]) -> float | None:
        """Share of the details of these kinds that are masked whole, None where there is none."""
        wanted = set(kinds)
        there = sum(n for kind, n in self.there.items() if kind in wanted)
        found = sum(n for kind, n in self.found.items() if kind in wanted)
        return found / there if there else None

    @property
    def precision(self) -> float:
        """Share of the masked words that are marked; 1.0 where nothing is masked."""
        return self.right / self.masked if self.masked else 1.0

    @property
    def kept_wrongly(self) -> float:
        """Share of the strings to keep of which something is masked."""
        return self.found[KEEP] / max(1, self.there[KEEP])

    def add(self, given: Set, found: Sequence[Sequence[Sequence[Found]]], least: float) -> None:
        """Count what was found in a set, document by document, turn by turn."""
        for document, in_document in zip(given.documents, found, strict=True):
            for turn, here in zip(document, in_document, strict=True):
                counted = [one for one in here if one.score >= least]
                self._add(turn, counted, given.marked)

    def _add(self, turn: Turn, found: Collection[Found], marked: frozenset[str]) -> None:
        masked = {at for one in found for at in range(one.start, one.end)}
        for span in turn.spans:
            letters = _letters(turn.text, span)
            whole = bool(letters & masked) if span.kind == KEEP else letters <= masked
            self.there[span.kind] += 1
            self.found[span.kind] += whole
            if whole == (span.kind == KEEP):
                self.missed.append(f"{span.kind}: {_shown(turn.text, span.start, span.end)}")
        gold = {at for s in turn.spans if s.kind != KEEP for at in range(s.start, s.end)}
        around = {at for s in turn.spans if s.kind != KEEP for at in _around(turn.text, s)}
        counted = {at for one in found if one.kind in marked for at in range(one.start, one.end)}
        for word in _WORD.finditer(turn.text):
            inside = set(range(*word.span()))
            if inside & counted and not inside & around:
                self.masked += 1
                self.right += bool(inside & gold)
                if not inside & gold:
                    self.wrong.append(_shown(turn.text, *word.span()))


def _shown(text: str, start: int, end: int) -> str:
    return f"{text[max(0, start - 30) : start]}<{text[start:end]}>{text[end : end + 20]}"


def _letters(text: str, span: Span) -> set[int]:
    """The letters and digits of a detail without article, title and possessive."""
    words = text[span.start : span.end]
    before, after = _BEFORE.match(words), _AFTER.search(words)
    low = before.end() if before and before.end() < len(words) else 0
    high = after.start() if after and after.start() > low else len(words)
    return {span.start + at for at in range(low, high) if words[at].isalnum()}


def _around(text: str, span: Span) -> range:
    """What stands right before a detail and says no more: "Mrs", "the"."""
    before = list(_BEFORE.finditer(text[max(0, span.start - 30) : span.start]))
    touches = before and before[-1].end() == min(30, span.start)
    return range(span.start - len(before[-1][0]) if touches else span.start, span.start)


NAMED = frozenset({Category.PERSON.value})
SITED = frozenset({Category.PLACE.value, Category.ORGANISATION.value})
DIRECT = frozenset(c.value for c in Category if c.is_direct and c is not Category.PERSON)
INDIRECT = frozenset(c.value for c in Category if not c.is_direct) - SITED
