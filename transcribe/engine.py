"""The speech engine: the only file that decodes with faster-whisper.

It decodes one window at a time, with the ladder of temperatures where the model is unsure of it (a
single one would bring loops back), without earlier text (fewer loops), and without a hallucination
threshold (which drops short, slow answers: exactly our speakers'). It stops where the window's
speech has its words: faster-whisper seeks on to the scrap of sound behind them, and makes "Thank
you." of it. Whisper's own timestamps are asked for, because without them it takes the first pause
for the end: of two people joined in one window it wrote down the first. What is heard again is
padded with silence to a quarter of a minute, not to half a one: that takes a third of the work and
gives the same words. Only where it gives a loop, or more words than anybody could say in the time,
is it heard as Whisper has learnt to hear, in half a minute.

Text is dropped in three cases, and then the passage is told as a gap: the model itself finds that
nobody speaks, and is unsure of the words; the words of a second hearing are next to impossible; or
there is no letter and no digit in it ("...").
"""

from __future__ import annotations

import contextlib
import math
import os
import weakref
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Protocol, cast

from models import InstalledModel
from study import Word
from study.errors import ModelBroken, OutOfMemory
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.hotwords import (
    MOST_HINT_TOKENS,
    MOST_POSITIONS,
    fit_hints,
    join_hotwords,
    limit_hint_tokens,
)
from transcribe.language_guess import LanguageGuess

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
TEMPERATURES_AGAIN = (0.0, 0.4)  # a breath in which nobody speaks took 5 s of work with all of them
NO_SPEECH = 0.6  # Whisper's own limit; invented endings had .64 to .70
# What is left of the speech behind a segment; it holds no word: voice activity adds .35 s, and of
# .48 s an "Okay." was made.
_SCRAP_S = 0.5
_INVENTED = 0.2  # "Thank you." for a breath has .14; a second hearing's true words .5 and more
_MOST_COMPRESSED = 2.4  # Whisper's own limit, above which it takes a text for a loop
# Of a second hearing, whose sound has half a second and more around the passage: people had up to
# 3. Of 1.6 s of a room with nobody in it "Thank you very much, thank you very much, ..." was made.
_MOST_WORDS_PER_S = 5
_FEWEST_TOKENS, _TOKENS_PER_S = 16, 12  # quick talk has 8 a second, times included
_PROMPT_TOKENS = 10  # at most, beside the hints
_LEAST_PROBABILITY = 1e-3  # zero has no logarithm
GUESS_S = 15  # of sound, from which the model guesses a language
_FRAMES_PER_S = 100  # of Whisper's features
_BRIEF_FRAMES = 15 * _FRAMES_PER_S
_MOST_BRIEF_S = 13.0  # of sound, so that silence follows it as in all that Whisper has learnt from
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
    no_speech: float = NO_SPEECH

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
    start: float
    end: float
    text: str
    avg_logprob: float
    compression_ratio: float

    @property
    def words(self) -> list[_HeardWord] | None: ...


@dataclass(frozen=True, slots=True)
class _Request:
    """What the model is asked; see ``SpeechEngine.transcribe_window``."""

    samples: Samples
    until_s: float
    seed: int
    patience: float
    hints: tuple[str, ...]
    ladder: tuple[float, ...] = TEMPERATURES


@dataclass(slots=True)
class _Heard:
    """The words of one hearing; is_broken: there were others, which nobody can have said."""

    words: list[Word]
    is_broken: bool = False


class HearsWindows(Protocol):
    """What transcribes windows: an engine of this process, or one on other computers."""

    language: str

    def transcribe_window(
        self, samples: Samples, *, speech_s: float, until_s: float, seed: int, again: bool = False
    ) -> list[Word]:
        """Return the words of one window; see ``SpeechEngine``."""
        ...

    def detect_language(self, samples: Samples) -> LanguageGuess:
        """Return the language of samples; see ``SpeechEngine``."""
        ...


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


class _Encoder:
    """faster-whisper's encoding of features, which takes most of the work of a short window.

    A window that is decoded once more is not encoded once more. most_frames: features are cut to
    so many frames; None leaves them the 30 s to which faster-whisper pads all.
    """

    def __init__(self, encode: Callable[[Samples], object]) -> None:
        self._encode = encode
        self._features: Samples | None = None
        self._encoded: object = None
        self.most_frames: int | None = None

    def __call__(self, features: Samples) -> object:
        """Return what the decoder hears; features: float32 of shape (bands, frames)."""
        import numpy as np

        cut = np.ascontiguousarray(features[..., : self.most_frames])
        if self._features is None or not np.array_equal(cut, self._features):
            self._features, self._encoded = cut, self._encode(cut)
        return self._encoded


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
        whisper = cast("Any", loaded)
        # By a proxy: a circle would keep the model in memory until Python happens to look for one.
        unbound: Callable[[object, Samples], object] = cast("Any", type(whisper)).encode
        self._encoder = whisper.encode = _Encoder(partial(unbound, weakref.proxy(whisper)))

    def apply_options(self, options: DecodingOptions) -> None:
        """Decode what follows with other options; device and threads stay as they were loaded."""
        self._options, self.language = options, options.language

    @_map_memory_errors()
    def transcribe_window(
        self, samples: Samples, *, speech_s: float, until_s: float, seed: int, again: bool = False
    ) -> list[Word]:
        """Return the words of one window, with times in seconds of its sound.

        samples: float32 (n,) at 16 kHz, at most 30 s. speech_s: how many seconds of them are
        speech, which limits the hints. until_s: where the last speech in them ends. seed: of the
        chance at higher temperatures; CTranslate2 heeds the first one in a process alone, so that
        only the same windows in the same order have the same words. again: whether nobody was heard
        in these samples before; the search is more patient then, and the words must be likelier.
        """
        hints = self._choose_hints(speech_s)
        asked = _Request(samples, until_s, seed, self._options.patience, hints)
        if not again:
            self._encoder.most_frames = None
            return self._hear(asked).words
        asked = replace(asked, patience=self._options.patience_again, ladder=TEMPERATURES_AGAIN)
        is_brief = len(samples) <= _MOST_BRIEF_S * MODEL_RATE
        heard = _Heard([])
        for most_frames in (_BRIEF_FRAMES, None) if is_brief else (None,):
            self._encoder.most_frames = most_frames
            heard = self._hear(asked)
            if len(heard.words) > _MOST_WORDS_PER_S * len(samples) / MODEL_RATE:
                heard = _Heard([], is_broken=True)
            if not heard.is_broken:
                break
        return [] if _is_invented(heard.words) else heard.words

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
        self._encoder.most_frames = None
        encoded = self._encoder(padded)
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

    def _choose_hints(self, speech_s: float) -> tuple[str, ...]:
        """Return as many hints as a window can take without repeating them in its words."""
        most = limit_hint_tokens(speech_s)
        if not self._options.hints or not most:
            return ()
        return fit_hints(self._options.hints, self._count_tokens, most).used

    def _count_tokens(self, text: str) -> int:
        tokenizer = cast("Any", self._model).hf_tokenizer
        return len(tokenizer.encode(f" {text}", add_special_tokens=False).ids)

    def _hear(self, asked: _Request) -> _Heard:
        heard = self._decode(asked, word_times=True)
        if heard.words or heard.is_broken:
            return heard
        # faster-whisper drops a segment whose words it cannot align, such as a lone "No.". The
        # answer matters more than its exact time.
        return self._decode(replace(asked, ladder=TEMPERATURES[:1]), word_times=False)

    def _decode(self, asked: _Request, *, word_times: bool) -> _Heard:
        import ctranslate2

        ctranslate2.set_random_seed(asked.seed)  # pyright: ignore[reportUnknownMemberType] - no stubs
        segments, _ = self._model.transcribe(
            asked.samples,
            language=self.language,
            beam_size=self._options.path_count,
            patience=asked.patience,
            temperature=[t for t in asked.ladder if t in self._options.temperatures],
            condition_on_previous_text=False,
            hallucination_silence_threshold=None,
            no_speech_threshold=self._options.no_speech,
            word_timestamps=word_times,
            vad_filter=False,
            hotwords=join_hotwords(asked.hints),
            max_new_tokens=_limit_tokens(
                len(asked.samples) / MODEL_RATE, has_hints=bool(asked.hints)
            ),
        )
        heard = _Heard([])
        for segment in segments:  # each is decoded when it is asked for
            is_loop = segment.compression_ratio > _MOST_COMPRESSED
            if segment.start < asked.until_s:
                # The whole ladder has had its say on a window; a second hearing has not.
                if is_loop and asked.ladder != TEMPERATURES:
                    heard.is_broken = True
                elif any(c.isalnum() for c in segment.text):
                    heard.words += _list_words(segment)
            if segment.end >= asked.until_s - _SCRAP_S:
                break
        return heard


def _limit_tokens(length_s: float, *, has_hints: bool) -> int:
    """Return how many tokens ``length_s`` of sound may become: nobody says more, only a loop does.

    Without a limit a "No." of .77 s took 28.6 s of work.
    """
    most = MOST_POSITIONS - (MOST_HINT_TOKENS + _PROMPT_TOKENS if has_hints else _PROMPT_TOKENS)
    return min(most, _FEWEST_TOKENS + int(length_s * _TOKENS_PER_S))


def _list_words(segment: _Segment) -> list[Word]:
    """Return a segment's words; where they have no times of their own, spread evenly over it."""
    if segment.words:
        return [
            Word(  # numpy's floats are not JSON's
                text=word.word,
                start_s=round(float(word.start), 3),
                end_s=round(float(word.end), 3),
                probability=round(float(word.probability), 3),
            )
            for word in segment.words
        ]
    words = segment.text.split()
    step_s = (segment.end - segment.start) / max(1, len(words))
    return [
        Word(
            text=f" {word}",
            start_s=round(float(segment.start + step_s * place), 3),
            end_s=round(float(segment.start + step_s * (place + 1)), 3),
            probability=round(min(1.0, math.exp(segment.avg_logprob)), 3),
        )
        for place, word in enumerate(words)
    ]


def _is_invented(words: Sequence[Word]) -> bool:
    """Whether words are less likely, in the geometric mean, than any that were said."""
    likely = [math.log(max(word.probability, _LEAST_PROBABILITY)) for word in words]
    return sum(likely) < math.log(_INVENTED) * len(likely)
