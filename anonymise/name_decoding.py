"""What spaCy's recogniser makes of the vectors of words, for several leanings at once.

spaCy walks through each text word by word, and a leaning towards or away from names would take a
walk of its own. Outside a name the score of each move depends on the word alone, so that all words
are scored in one multiplication, whatever the leaning; only the few words inside names are walked.
The names are the same as spaCy's own (tests/anonymise/test_name_decoding.py compares them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
MarkedWords = tuple[int, int, str]  # first word, word after the last, the model's own label
_BEGIN, _INSIDE, _LAST, _UNIT, _OUT = "B-", "I-", "L-", "U-", "O"
_NO_WORD = 0  # the row of the features that stands for no word
_SHORT_STATE = 3  # words that a move looks at: this one, the first of an open name, the one before


class MoveTable:
    """The moves of a recogniser by what they do; ``names`` are spaCy's own, "B-PERSON", "O"."""

    def __init__(self, names: Sequence[str]) -> None:
        self._number = {name: number for number, name in enumerate(names)}
        self._label = [name[2:] for name in names]
        self.out = self._number[_OUT]
        self._begins = np.array([n.startswith(_BEGIN) and n != _BEGIN for n in names])
        units = np.array([n.startswith(_UNIT) and n != _UNIT for n in names])
        self._opens = self._begins | units
        self._never = ~(self._opens | (np.arange(len(names)) == self.out))

    def choose_outside(self, scores: Vectors, is_space: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return the best move of each word outside a name.

        scores: one row for each word of a text. No name begins with white space, and none that
        goes on begins with the last word.
        """
        allowed = scores.copy()
        allowed[:, self._never] = -np.inf
        allowed[np.ix_(is_space, self._opens)] = -np.inf
        allowed[-1, self._begins] = -np.inf
        return np.argmax(allowed, axis=1)

    def begins(self, move: int) -> bool:
        """Whether a move begins a name of several words."""
        return bool(self._begins[move])

    def label_of(self, move: int) -> str:
        """Return the model's own label of a move."""
        return self._label[move]

    def find_going_on(self, label: str) -> tuple[int, int]:
        """Return the moves that go on with a name of a label, and end it."""
        return self._number[_INSIDE + label], self._number[_LAST + label]


@dataclass(frozen=True, slots=True)
class LastLayers:
    """The recogniser's last two layers.

    hidden_bias: shape (hidden, pieces); weights: (moves, hidden); bias: (moves).
    """

    hidden_bias: Vectors
    weights: Vectors
    bias: Vectors

    def score(self, summed: Vectors) -> Vectors:
        """Return the scores of all moves, shape (states, moves).

        summed: the features of the words of each state together, (states, hidden, pieces).
        """
        pieces = np.moveaxis(summed + self.hidden_bias, 2, 0)
        hidden = reduce(np.maximum, pieces)  # numpy's max along a short axis takes ten times this
        return hidden @ self.weights.T + self.bias


class TextDecoder:
    """Decodes one text from the features of its words.

    features: shape (words, places in a state, hidden, pieces). padding: the same of no word,
    (places, hidden, pieces). outside: the scores of each word outside a name, (words, moves).
    is_space: which words are white space.
    """

    def __init__(
        self,
        layers: LastLayers,
        moves: MoveTable,
        features: Vectors,
        padding: Vectors,
        outside: Vectors,
        is_space: NDArray[np.bool_],
    ) -> None:
        self._layers, self._moves = layers, moves
        self._features, self._padding = features, padding
        self._outside, self._is_space = outside, is_space
        self._ends: dict[tuple[int, str], int] = {}

    def find_names(self, bias: float) -> list[MarkedWords]:
        """Return the names, in order, where ``bias`` is added to the score of "no name here"."""
        if not len(self._features):
            return []
        scores = self._outside.copy()
        scores[:, self._moves.out] += bias
        chosen = self._moves.choose_outside(scores, self._is_space)
        found: list[MarkedWords] = []
        end = 0
        for at in np.flatnonzero(chosen != self._moves.out).tolist():
            if at < end:
                continue  # within the name before
            move = int(chosen[at])
            label = self._moves.label_of(move)
            end = self._find_end(at, label) if self._moves.begins(move) else at + 1
            found.append((at, end, label))
        return found

    def _find_end(self, start: int, label: str) -> int:
        """Return the word after the last one of a name that begins at ``start``."""
        known = self._ends.get((start, label))
        if known is not None:
            return known
        going_on, ending = self._moves.find_going_on(label)
        at = start + 1
        while at < len(self._features) - 1:  # the last word of a text always ends it
            scores = self._layers.score(self._sum_inside(start, at))[0]
            if scores[ending] > scores[going_on] or (
                scores[ending] == scores[going_on] and ending < going_on
            ):
                break
            at += 1
        self._ends[start, label] = at + 1
        return at + 1

    def _sum_inside(self, start: int, at: int) -> Vectors:
        """Return the features of the state at a word inside a name, shape (1, hidden, pieces)."""
        places = len(self._padding)
        before = [start, at - 1] if places == _SHORT_STATE else list(range(start, at))
        summed = self._features[at, 0].copy()
        for place in range(1, places):
            is_word = place <= len(before)
            summed += self._features[before[place - 1], place] if is_word else self._padding[place]
        return summed[np.newaxis]


def decode_texts(
    layers: LastLayers,
    moves: MoveTable,
    features: Vectors,
    are_spaces: Sequence[NDArray[np.bool_]],
    biases: Sequence[float],
) -> list[list[list[MarkedWords]]]:
    """Return the names for each bias, in each text.

    features: those of no word, then of all words of all texts one after another. are_spaces: for
    each text, which of its words are white space.
    """
    found: list[list[list[MarkedWords]]] = [[] for _ in biases]
    padding, words = features[_NO_WORD], features[_NO_WORD + 1 :]
    summed = words[:, 0].copy()
    for place in range(1, len(padding)):
        summed += padding[place]
    outside = layers.score(summed)
    start = 0
    for is_space in are_spaces:
        end = start + len(is_space)
        text = TextDecoder(layers, moves, words[start:end], padding, outside[start:end], is_space)
        for names, bias in zip(found, biases, strict=True):
            names.append(text.find_names(bias))
        start = end
    return found
