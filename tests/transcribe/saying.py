"""A stand-in for the speech engine that says what a test wants it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from models.shelf import ModelHere
from study.terms import Word
from transcribe.engine import Options
from transcribe.hearing import RATE, Samples


@dataclass
class SayingEngine:
    """An engine that says one word a second, or what ``says`` has for a call."""

    says: Callable[[bool], str | None] = lambda _: None
    heard_s: list[tuple[float, float]] = field(default_factory=list)
    again: list[bool] = field(default_factory=list)

    def __call__(self, model: ModelHere, options: Options) -> SayingEngine:
        del model, options
        return self

    def hear(
        self, samples: Samples, start_s: float, *, seed: int, again: bool = False
    ) -> list[Word]:
        del seed
        length_s = len(samples) / RATE
        self.heard_s.append((start_s, length_s))
        self.again.append(again)
        text = self.says(again)
        said = ["word"] * max(1, int(length_s)) if text is None else text.split()
        each_s = length_s / max(1, len(said))
        return [
            Word(f" {w}", start_s + n * each_s, start_s + (n + 1) * each_s, 0.9)
            for n, w in enumerate(said)
        ]
