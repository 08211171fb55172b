"""A speech engine whose model is on other computers; it is asked as ``SpeechEngine`` is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models import InstalledModel
from study import Word
from transcribe.audio_tracks import Samples
from transcribe.cluster.messages import (
    Answer,
    HeardLanguage,
    HeardWords,
    Hearing,
    LanguageQuestion,
    is_plausible,
    is_plausible_guess,
)
from transcribe.cluster.remote_workers import RemoteWorkers
from transcribe.engine import DecodingOptions
from transcribe.language_guess import LanguageGuess


class RemoteEngine:
    """Asks workers; several threads may use it at once."""

    def __init__(
        self, workers: RemoteWorkers, model: InstalledModel, options: DecodingOptions
    ) -> None:
        """Take the model that workers must have, which is on this computer as well.

        Raises:
            ModelBroken: files of it are missing.
        """
        self._workers, self._model, self._options = workers, model, options
        self._sha256 = model.sha256()
        self.language = options.language

    def transcribe_window(
        self, samples: Samples, *, speech_s: float, until_s: float, seed: int, again: bool = False
    ) -> list[Word]:
        """Return the words of one window; see ``SpeechEngine``."""
        question = Hearing(
            _encode_samples(samples),
            replace(self._options, language=self.language),
            self._model.name,
            self._sha256,
            speech_s,
            until_s,
            seed,
            again,
        )

        def check(answer: Answer) -> list[Word]:
            if (
                not isinstance(answer, HeardWords)
                or answer.model_sha256 != self._sha256
                or not is_plausible(answer.words, len(samples))
            ):
                raise ValueError
            return list(answer.words)

        return self._workers.ask(question, check)

    def detect_language(self, samples: Samples) -> LanguageGuess:
        """Return the language of samples; see ``SpeechEngine``."""
        question = LanguageQuestion(
            _encode_samples(samples), self._options, self._model.name, self._sha256
        )

        def check(answer: Answer) -> LanguageGuess:
            if (
                not isinstance(answer, HeardLanguage)
                or answer.model_sha256 != self._sha256
                or not is_plausible_guess(answer.probabilities)
            ):
                raise ValueError
            return LanguageGuess(answer.probabilities)

        return self._workers.ask(question, check)


def _encode_samples(samples: Samples) -> bytes:
    return np.ascontiguousarray(samples, dtype="<f4").tobytes()
