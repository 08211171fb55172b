"""Details by a pattern over a turn's text, where no grammar of pieces tells them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from anonymise.context.turn_context import TurnContext
from study import Category


def is_anything(_words: str) -> bool:
    """Whether the words of a shape are one: always."""
    return True


@dataclass(frozen=True, slots=True)
class WordedShape:
    """A pattern whose first group is the detail, and what it is if ``is_one`` says so of it."""

    category: Category
    pattern: re.Pattern[str]
    is_one: Callable[[str], bool]
    score: float
    only_small: bool = False  # with a capital it is a name to other rules
    cues: frozenset[str] = frozenset()  # one of them is in every detail's turn; none: look always


def find_shapes(
    turn: TurnContext, shapes: Iterable[WordedShape]
) -> Iterator[tuple[WordedShape, str, range]]:
    """Yield each detail: its shape, its words, and the indices of its pieces, at least one."""
    words_said = turn.spoken.words
    for shape in shapes:
        if shape.cues and words_said.isdisjoint(shape.cues):
            continue
        for match in shape.pattern.finditer(turn.spoken.text):
            words = match[1]
            if shape.only_small and words != words.lower() and turn.keeps_capitals:
                continue
            inside = turn.spoken.list_indices_within(match.start(1), match.end(1))
            if len(inside) and shape.is_one(words):
                yield shape, words, inside
