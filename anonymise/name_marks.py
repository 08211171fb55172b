"""What a trained model marks in a text: where, under which label, and how sure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Sureness(IntEnum):
    """How sure a model is of a name.

    Of a spaCy pipeline: which runs marked it, the eager one alone, the unchanged one too, or all
    three.
    """

    EAGER = 0
    PLAIN = 1
    FIRM = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Characters ``start`` to ``end`` that a model marked, with the model's own label."""

    start: int
    end: int
    label: str
    sureness: Sureness
