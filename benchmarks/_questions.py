"""What a person has to decide after a search: how many decisions, and how many for nothing.

Finds of one kind with the same words are one decision, in all documents of a set together, as
``earshot review --everywhere`` decides them. A question is a find that does not count as sure; it
is right if it overlaps something that is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks._marked import KEEP, Set
from benchmarks._scoring import Found
from benchmarks.frame import Row, at_least, at_most
from study import LIKELY_SCORE, fold_name

_RIGHT_AIM, _PER_WORDS, _MOST_DECISIONS = 0.75, 1000, 40.0


@dataclass
class Decisions:
    """Counts over one or more sets.

    details: what is marked. words: of all texts. finds: proposals one by one. alike: kinds and
    folded words, each one decision. questions, right: unsure finds, and those on something marked.
    """

    details: int = 0
    words: int = 0
    finds: int = 0
    alike: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
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
                    self.alike.add((given.name, one.kind, words))
                    if one.score < LIKELY_SCORE:
                        self.questions += 1
                        self.right += any(
                            one.start < span.end and span.start < one.end for span in marked
                        )

    def make_rows(self, about: str) -> list[Row]:
        """Return the rows of the table."""
        details, words = max(1, self.details), max(1, self.words)
        right = self.right / max(1, self.questions)
        per_words = _PER_WORDS * len(self.alike) / words
        one_by_one = f"one by one {self.finds / details:.2f}"
        return [
            Row(f"{about}: decisions for each true detail", len(self.alike) / details, "",
                one_by_one),
            at_least(f"{about}: questions that are right", right, _RIGHT_AIM, "of them",
                     compared_with=f"{self.right} of {self.questions}"),
            at_most(f"{about}: decisions in 1,000 words", per_words, _MOST_DECISIONS, "",
                    compared_with=f"{_PER_WORDS * self.details / words:.0f} true details in them"),
        ]  # fmt: skip
