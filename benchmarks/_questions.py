"""What a person has to decide after a search: how many decisions, and how many for nothing.

A decision is one key or one call that the program really offers, counted for all documents of a
set together, as ``earshot review --everywhere`` makes it. Finds of one kind with the same words
are one. All sure finds of a kind are accepted together (``--sure-of``, C in the review), after each
that is wrong was rejected by itself. Of the questions of a kind the right ones are accepted one by
one, and if any is left all of them are rejected together (``--none-of``, F). A person who looks at
each group by itself makes more: that number stands beside. A question is a find that does not
count as sure; it is right if it overlaps something that is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks._marked import KEEP, Set
from benchmarks._scoring import Found
from benchmarks.frame import Row, at_least, at_most
from study import LIKELY_SCORE, fold_name

_RIGHT_AIM, _PER_WORDS, _MOST_DECISIONS = 0.75, 1000, 40.0

_Alike = tuple[str, str, str]  # set, kind, folded words


def _by_kind(found: dict[_Alike, bool]) -> list[list[bool]]:
    """Return, for each set and kind, whether each group of alike finds is right."""
    kinds: dict[tuple[str, str], list[bool]] = {}
    for (given, kind, _), is_right in found.items():
        kinds.setdefault((given, kind), []).append(is_right)
    return list(kinds.values())


@dataclass
class Decisions:
    """Counts over one or more sets.

    details: what is marked. words: of all texts. finds: proposals one by one. alike: sets, kinds
    and folded words, which are one decision each if looked at by themselves. sure, asked: of these,
    the ones found for sure and the questions, each with whether it lies on something marked.
    questions, right: unsure finds, and those on something marked.
    """

    details: int = 0
    words: int = 0
    finds: int = 0
    alike: set[_Alike] = field(default_factory=set[_Alike])
    sure: dict[_Alike, bool] = field(default_factory=dict[_Alike, bool])
    asked: dict[_Alike, bool] = field(default_factory=dict[_Alike, bool])
    questions: int = 0
    right: int = 0

    def add(self, given: Set, found: Sequence[Sequence[Sequence[Found]]]) -> None:
        """Count what was found in a set, document by document, turn by turn."""
        self.words += given.words
        for document, in_document in zip(given.documents, found, strict=True):
            for turn, here in zip(document, in_document, strict=True):
                marked = [span for span in turn.spans if span.kind != KEEP]
                self.details += len(marked)
                self.finds += len(here)
                for one in here:
                    words = fold_name(turn.text[one.start : one.end])
                    alike = given.name, one.kind, words
                    is_right = any(one.start < s.end and s.start < one.end for s in marked)
                    self.alike.add(alike)
                    is_sure = one.score >= LIKELY_SCORE
                    kind = self.sure if is_sure else self.asked
                    kind[alike] = kind.get(alike, False) or is_right
                    if not is_sure:
                        self.questions += 1
                        self.right += is_right

    def count_decisions(self) -> int:
        """Count the keys that decide everything, the kinds decided together."""
        sure, asked = _by_kind(self.sure), _by_kind(self.asked)
        accepted = sum(min(len(found), found.count(False) + 1) for found in sure)
        answered = sum(found.count(True) + (False in found) for found in asked)
        return accepted + answered

    def make_rows(self, about: str) -> list[Row]:
        """Return the rows of the table."""
        details, words = max(1, self.details), max(1, self.words)
        right = self.right / max(1, self.questions)
        decisions = self.count_decisions()
        per_words = _PER_WORDS * decisions / words
        alike = f"each group by itself {_PER_WORDS * len(self.alike) / words:.0f}"
        beside = f"each group by itself {len(self.alike) / details:.2f}"
        there = f"{_PER_WORDS * self.details / words:.0f} true details in them"
        one_by_one = f"{beside}, one by one {self.finds / details:.2f}"
        return [
            Row(f"{about}: decisions for each true detail", decisions / details, "", one_by_one),
            at_least(f"{about}: questions that are right", right, _RIGHT_AIM, "of them",
                     compared_with=f"{self.right} of {self.questions}"),
            at_most(f"{about}: decisions in 1,000 words", per_words, _MOST_DECISIONS, "",
                    compared_with=f"{alike}; {there}"),
        ]  # fmt: skip
