"""The speech engine: the one file that knows faster-whisper.

Sequential decoding of one window at a time, with the whole ladder of temperatures (a single one
would bring loops back), without conditioning on earlier text (fewer loops) and without a
hallucination threshold (it cuts short, slow answers: exactly our speakers'). Text is never
thrown away here.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol, cast

from models.shelf import ModelHere
from study.errors import ModelBroken, OutOfMemory
from study.terms import Word
from transcribe.hearing import RATE, Samples

LADDER = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MOST_THREADS = 8  # more do not help CTranslate2 on an ordinary processor


@dataclass(frozen=True, slots=True)
class Options:
    """How windows are decoded; kept with every transcript."""

    language: str = "en"
    beam_size: int = 5
    patience: float = 1.0
    patience_again: float = 1.2  # for what got no words: a patient search ends early less often
    device: str = "cpu"  # or cuda; see transcribe/pacing.py
    compute_type: str = "int8"
    threads: int = 0  # 0: as many as the computer has, at most 8
    is_draft: bool = False  # one path, no ladder and so no guard against loops
    hints: tuple[str, ...] = ()  # words and names to expect; see transcribe/hints.py
    hints_cut: int = 0  # how many did not fit
    hints_version: int = 0  # of the artefact that keeps them

    @property
    def paths(self) -> int:
        """How many paths are searched at once."""
        return 1 if self.is_draft else self.beam_size

    @property
    def ladder(self) -> tuple[float, ...]:
        """The temperatures that are tried, one after the other, where a window is unclear."""
        return LADDER[:1] if self.is_draft else LADDER

    def told(self) -> dict[str, str | int | float | bool | None]:
        """Return the options as a transcript's provenance keeps them.

        The number of threads is left out: it does not change what is heard. Of the hints only
        how many there are is told, and which version of them: they may hold names.
        """
        kept: dict[str, str | int | float | bool | None] = asdict(self)
        del kept["threads"]
        kept["hints"] = len(self.hints)
        kept["beam_size"] = self.paths
        return kept | {"temperatures": " ".join(map(str, self.ladder)), "previous_text": False}


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
def _memory_told() -> Generator[None]:
    """Turn the libraries' ways to say that there is no memory left into ours."""
    try:
        yield
    except MemoryError as full:
        raise OutOfMemory from full
    except RuntimeError as full:
        if "alloc" not in str(full):  # "mkl_malloc: failed to allocate memory", "bad allocation"
            raise
        raise OutOfMemory from full


class Engine:
    """A loaded speech model. One at a time, one window at a time.

    Raises:
        ModelBroken: CTranslate2 or the tokenizer cannot load it.
        OutOfMemory: there is no memory for it; ``hear`` raises it, too.
    """

    def __init__(self, model: ModelHere, options: Options) -> None:
        from faster_whisper import WhisperModel

        self._options = options
        threads = options.threads or min(os.cpu_count() or 1, MOST_THREADS)
        try:
            # A folder, never a name: a name would make faster-whisper go online.
            with _memory_told():
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

    @_memory_told()
    def hear(
        self, samples: Samples, start_s: float, *, seed: int, again: bool = False
    ) -> list[Word]:
        """Return the words in one window, their times on the interview's clock.

        samples: float32 (n,) at 16 kHz. seed: makes the higher temperatures repeatable. again:
        whether it was heard before and gave no words; it is searched with more patience then.
        """
        patience = self._options.patience_again if again else self._options.patience
        words = [
            Word(  # numpy's floats are not JSON's
                text=word.word,
                start_s=round(start_s + float(word.start), 3),
                end_s=round(start_s + float(word.end), 3),
                probability=round(float(word.probability), 3),
            )
            for segment in self._segments(samples, seed, patience, word_times=True)
            for word in segment.words or []
        ]
        return words or self._without_times(samples, start_s, seed, patience)

    @_memory_told()
    def spend(self, tokens: int) -> None:
        """Hear half a minute of nothing and write so many tokens, which is what hearing costs."""
        import ctranslate2
        import numpy as np

        loaded = cast("Any", self._model)  # faster-whisper's own model, and CTranslate2's in it
        number = loaded.hf_tokenizer.token_to_id
        silence = np.zeros((1, loaded.model.n_mels, 3000), dtype=np.float32)
        loaded.model.generate(
            ctranslate2.StorageView.from_array(silence),  # pyright: ignore[reportUnknownMemberType]
            [[number("<|startoftranscript|>")]],
            beam_size=self._options.beam_size,
            max_length=tokens,
            suppress_tokens=[number("<|endoftext|>")],
        )

    def _without_times(
        self, samples: Samples, start_s: float, seed: int, patience: float
    ) -> list[Word]:
        """Return words spread evenly over the window.

        faster-whisper drops a segment whose words it cannot align, and a lone "No." is one: the
        answer is worth more than its exact place.
        """
        found = [
            (word, math.exp(segment.avg_logprob))
            for segment in self._segments(samples, seed, patience, word_times=False)
            for word in segment.text.split()
        ]
        step_s = len(samples) / RATE / max(1, len(found))
        return [
            Word(
                text=f" {word}",
                start_s=round(start_s + step_s * place, 3),
                end_s=round(start_s + step_s * (place + 1), 3),
                probability=round(min(1.0, probability), 3),
            )
            for place, (word, probability) in enumerate(found)
        ]

    def _segments(
        self, samples: Samples, seed: int, patience: float, *, word_times: bool
    ) -> Iterable[_Segment]:
        import ctranslate2

        ctranslate2.set_random_seed(seed)  # pyright: ignore[reportUnknownMemberType] - no stubs
        segments, _ = self._model.transcribe(
            samples,
            language=self._options.language,
            beam_size=self._options.paths,
            patience=patience,
            temperature=list(self._options.ladder),
            condition_on_previous_text=False,
            hallucination_silence_threshold=None,
            no_speech_threshold=None,  # voice activity heard somebody: words are never dropped
            word_timestamps=word_times,
            vad_filter=False,
            hotwords=hotwords(self._options.hints),
        )
        return segments


def hotwords(terms: Iterable[str]) -> str | None:
    """Return words and names to expect as faster-whisper takes them."""
    return ", ".join(terms) or None
