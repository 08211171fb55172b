"""A stand-in for the speech engine that says what a test wants it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from models import InstalledModel
from study import Word
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.engine import DecodingOptions


@dataclass
class SayingEngine:
    """An engine that says one word a second, or what ``says`` has for a call."""

    says: Callable[[bool], str | None] = lambda _: None
    heard_s: list[float] = field(default_factory=list)
    again: list[bool] = field(default_factory=list)
    language: str = "en"
    probability: float = 0.9

    def __call__(self, model: InstalledModel, options: DecodingOptions) -> SayingEngine:
        del model, options
        return self

    def apply_options(self, options: DecodingOptions) -> None:
        self.language = options.language

    def transcribe_window(
        self,
        samples: Samples,
        *,
        speech_s: float,
        until_s: float,
        seed: int,
        again: bool = False,
    ) -> list[Word]:
        del speech_s, until_s, seed
        length_s = len(samples) / MODEL_RATE
        self.heard_s.append(length_s)
        self.again.append(again)
        text = self.says(again)
        said = ["word"] * max(1, int(length_s)) if text is None else text.split()
        each_s = length_s / max(1, len(said))
        return [
            Word(f" {w}", n * each_s, (n + 1) * each_s, self.probability)
            for n, w in enumerate(said)
        ]


def stop_after(windows: int) -> Callable[[], bool]:
    """A stop that lets some windows be heard first."""
    asked = iter(range(1000))
    return lambda: next(asked) >= windows
