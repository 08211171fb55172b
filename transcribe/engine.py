"""The speech engine: the only file that decodes with faster-whisper.

It decodes one window at a time, with the whole ladder of temperatures (a single one would bring
loops back), without conditioning on earlier text (fewer loops) and without a hallucination
threshold (which drops short, slow answers: exactly our speakers'). It never drops text.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol, cast

from models import InstalledModel
from study import Word
from study.errors import ModelBroken, OutOfMemory
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.language_guess import LanguageGuess

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
GUESS_S = 15  # of sound, from which the model guesses a language
MOST_THREADS = 8  # more do not help CTranslate2 on an ordinary processor


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How the model decodes windows; every transcript's provenance records it."""

    language: str = "en"
    beam_size: int = 5
    patience: float = 1.0
    patience_again: float = 1.2  # the second time: a more patient search ends early less often
    device: str = "cpu"  # or cuda; see transcribe/device_choice.py
    compute_type: str = "int8"
    threads: int = 0  # 0: as many as the computer has, at most 8
    is_draft: bool = False  # one path, no ladder and so no guard against loops
    hints: tuple[str, ...] = ()  # words and names to expect; see transcribe/hints.py
    hints_cut: int = 0  # the number of hints that did not fit
    hints_version: int = 0  # of the artefact that holds the hints

    @property
    def path_count(self) -> int:
        """The number of paths that the search follows at once."""
        return 1 if self.is_draft else self.beam_size

    @property
    def temperatures(self) -> tuple[float, ...]:
        """The temperatures that the model tries one after the other where a window is unclear."""
        return TEMPERATURES[:1] if self.is_draft else TEMPERATURES

    def describe_options(self) -> dict[str, str | int | float | bool | None]:
        """Return the options as a transcript's provenance records them.

        The number of threads is left out, for it does not change the words. Of the hints only
        their number and version are recorded, for they may hold names.
        """
        described: dict[str, str | int | float | bool | None] = asdict(self)
        del described["threads"]
        described["hints"] = len(self.hints)
        described["beam_size"] = self.path_count
        return described | {
            "temperatures": " ".join(map(str, self.temperatures)),
            "previous_text": False,
        }


class _HeardWord(Protocol):
    word: str
    start: float
    end: float
    probability: float


class _Segment(Protocol):
    text: str
    avg_logprob: float

    @property
    def words(self) -> list[_HeardWord] | None: ...


class _Whisper(Protocol):
    def transcribe(
        self, audio: Samples, **options: object
    ) -> tuple[Iterable[_Segment], object]: ...


@contextlib.contextmanager
def _map_memory_errors() -> Generator[None]:
    """Map the libraries' errors for exhausted memory to ``OutOfMemory``."""
    try:
        yield
    except MemoryError as full:
        raise OutOfMemory from full
    except RuntimeError as full:
        if "alloc" not in str(full):  # "mkl_malloc: failed to allocate memory", "bad allocation"
            raise
        raise OutOfMemory from full


class SpeechEngine:
    """A loaded speech model, which transcribes one window at a time.

    Raises:
        ModelBroken: CTranslate2 or the tokenizer cannot load it.
        OutOfMemory: it needs more memory than is free; ``transcribe_window`` may raise this too.
    """

    def __init__(self, model: InstalledModel, options: DecodingOptions) -> None:
        from faster_whisper import WhisperModel

        self._options = options
        self.language = options.language  # a code; set it before the first window if it is ``auto``
        threads = options.threads or min(os.cpu_count() or 1, MOST_THREADS)
        try:
            # A folder, never a name: a name would make faster-whisper go online.
            with _map_memory_errors():
                loaded: object = WhisperModel(
                    str(model.folder),
                    device=options.device,
                    compute_type=options.compute_type,
                    cpu_threads=threads,
                    local_files_only=True,
                )
        except OutOfMemory:
            raise
        except (RuntimeError, ValueError, OSError, KeyError) as broken:
            raise ModelBroken("speech") from broken
        except Exception as broken:  # tokenizers raises the bare class
            if type(broken) is not Exception:
                raise
            raise ModelBroken("speech") from broken
        self._model = cast("_Whisper", loaded)

    @_map_memory_errors()
    def transcribe_window(
        self, samples: Samples, start_s: float, *, seed: int, again: bool = False
    ) -> list[Word]:
        """Return the words of one window, with times in seconds of the interview.

        samples: float32 (n,) at 16 kHz. start_s: where they begin in the interview. seed: makes
        the higher temperatures repeatable. again: whether these samples gave no words before; the
        search is more patient then.
        """
        patience = self._options.patience_again if again else self._options.patience
        words = [
            Word(  # numpy's floats are not JSON's
                text=word.word,
                start_s=round(start_s + float(word.start), 3),
                end_s=round(start_s + float(word.end), 3),
                probability=round(float(word.probability), 3),
            )
            for segment in self._decode(samples, seed, patience, word_times=True)
            for word in segment.words or []
        ]
        return words or self._spread_words(samples, start_s, seed, patience)

    @_map_memory_errors()
    def detect_language(self, samples: Samples) -> LanguageGuess:
        """Return the language of samples as the model hears it; no guess if it knows one only.

        samples: float32 (n,) at 16 kHz; the first 15 s count. faster-whisper's own way reads half a
        minute, most of it padding: that takes three times as long and is no surer of any language.
        """
        import numpy as np

        loaded = cast("Any", self._model)  # faster-whisper's own model, and CTranslate2's in it
        if not loaded.model.is_multilingual:
            return LanguageGuess({})
        features = loaded.feature_extractor(samples[: GUESS_S * MODEL_RATE])
        frames = round(GUESS_S / loaded.feature_extractor.time_per_frame)
        features = features[:, :frames]
        padded = np.pad(features, ((0, 0), (0, frames - features.shape[1])))
        encoded = loaded.encode(padded)
        found: list[tuple[str, float]] = loaded.model.detect_language(encoded)[0]
        return LanguageGuess({token[2:-2]: probability for token, probability in found})

    @_map_memory_errors()
    def decode_silence(self, tokens: int) -> None:
        """Decode 30 s of silence to ``tokens`` tokens, to time the decoder."""
        import ctranslate2
        import numpy as np

        loaded = cast("Any", self._model)  # faster-whisper's own model, and CTranslate2's in it
        token_id = loaded.hf_tokenizer.token_to_id
        silence = np.zeros((1, loaded.model.n_mels, 3000), dtype=np.float32)
        loaded.model.generate(
            ctranslate2.StorageView.from_array(silence),  # pyright: ignore[reportUnknownMemberType]
            [[token_id("<|startoftranscript|>")]],
            beam_size=self._options.beam_size,
            max_length=tokens,
            suppress_tokens=[token_id("<|endoftext|>")],
        )

    def _spread_words(
        self, samples: Samples, start_s: float, seed: int, patience: float
    ) -> list[Word]:
        """Return the words of one window, spread evenly over it.

        faster-whisper drops a segment whose words it cannot align, such as a lone "No.". The answer
        matters more than its exact time.
        """
        found = [
            (word, math.exp(segment.avg_logprob))
            for segment in self._decode(samples, seed, patience, word_times=False)
            for word in segment.text.split()
        ]
        step_s = len(samples) / MODEL_RATE / max(1, len(found))
        return [
            Word(
                text=f" {word}",
                start_s=round(start_s + step_s * place, 3),
                end_s=round(start_s + step_s * (place + 1), 3),
                probability=round(min(1.0, probability), 3),
            )
            for place, (word, probability) in enumerate(found)
        ]

    def _decode(
        self, samples: Samples, seed: int, patience: float, *, word_times: bool
    ) -> Iterable[_Segment]:
        import ctranslate2

        ctranslate2.set_random_seed(seed)  # pyright: ignore[reportUnknownMemberType] - no stubs
        segments, _ = self._model.transcribe(
            samples,
            language=self.language,
            beam_size=self._options.path_count,
            patience=patience,
            temperature=list(self._options.temperatures),
            condition_on_previous_text=False,
            hallucination_silence_threshold=None,
            no_speech_threshold=None,  # voice activity found speech: words are never dropped
            word_timestamps=word_times,
            vad_filter=False,
            hotwords=join_hotwords(self._options.hints),
        )
        return segments


def join_hotwords(terms: Iterable[str]) -> str | None:
    """Join hints into faster-whisper's ``hotwords``; None if there are none."""
    return ", ".join(terms) or None
