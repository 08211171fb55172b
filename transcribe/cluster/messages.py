"""What a study asks its workers, what they answer, and what goes between a study and its courier.

All of it is MessagePack of fixed types: what comes from another computer is never unpickled where
words or keys are.
"""

from __future__ import annotations

import importlib.metadata
import math
import struct
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import IO

import msgspec

from study import PROGRAM_VERSION, Word
from study.errors import WorkerFlaw
from transcribe.audio_tracks import MODEL_RATE
from transcribe.engine import DecodingOptions

_COUNT = struct.Struct("<I")
_MOST_BYTES = 64 << 20  # of one message; half a minute of sound has 2 MB
MOST_ANSWER_BYTES = 1 << 20  # of what a worker says; a window's words have some 10 kB
_LIBRARIES = ("faster-whisper", "ctranslate2")
_PADDED_S = 30.0  # Whisper's own window; a word of padded sound may end behind the sound
_MOST_WORDS = 1000
_MOST_LETTERS = 500  # of a word
_MOST_CODE = 3  # letters of a language's code: "yue"


class Hearing(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What ``SpeechEngine.transcribe_window`` is asked; samples: float32, little-endian."""

    samples: bytes
    options: DecodingOptions
    model: str
    model_sha256: str
    speech_s: float
    until_s: float
    seed: int
    again: bool


class LanguageQuestion(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What ``SpeechEngine.detect_language`` is asked."""

    samples: bytes
    options: DecodingOptions
    model: str
    model_sha256: str


Question = Hearing | LanguageQuestion


class HeardWords(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The words of a window, and the hash of the model that heard them."""

    model_sha256: str
    words: tuple[Word, ...]


class HeardLanguage(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The probabilities of languages by their codes."""

    model_sha256: str
    probabilities: dict[str, float]


class Refusal(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Why a worker has no answer: a code, never a text."""

    flaw: WorkerFlaw


Answer = HeardWords | HeardLanguage | Refusal


class Introduction(msgspec.Struct, frozen=True, array_like=True):
    """How a worker proves the key that it made for this run.

    certificate: its own, PEM. signature: made with that certificate's key, of ``build_proof``.
    """

    public: bytes
    certificate: bytes
    signature: bytes
    version: str


class Joined(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """From the courier: a worker is there; ``introduction`` is an encoded ``Introduction``."""

    worker: str
    introduction: bytes


class Left(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """From the courier: a worker is gone, and answers nothing that it was asked."""

    worker: str


class Answered(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """From the courier: a sealed answer; b"" where the worker could not read the question."""

    ticket: int
    sealed: bytes


class Undelivered(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """From the courier: a question came to nothing on its way; nobody has answered it."""

    ticket: int


class Connected(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """From the courier: it has reached the scheduler."""


class CourierEnd(StrEnum):
    """Why a courier ended."""

    SILENT = "silent"
    REFUSED = "refused"


class Ended(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """From the courier, last: it has lost the scheduler, or never reached it."""

    why: CourierEnd


class Errand(msgspec.Struct, frozen=True, array_like=True):
    """To the courier: take a sealed question to a worker."""

    ticket: int
    worker: str
    sealed: bytes


News = Joined | Left | Answered | Undelivered | Connected | Ended


def describe_version() -> str:
    """Return what decides which words a model gives, beside the model and the processor."""
    libraries = (f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES)
    return " ".join((PROGRAM_VERSION, *libraries))


def build_proof(public: bytes) -> bytes:
    """Return what a worker signs to prove its key."""
    return b"earshot worker 1\0" + public


def is_plausible(words: Sequence[Word], sample_count: int) -> bool:
    """Whether words can be those of so many samples, whoever says so."""
    longest_s = max(_PADDED_S, sample_count / MODEL_RATE) + 1.0
    return len(words) <= _MOST_WORDS and all(
        math.isfinite(word.start_s)
        and 0.0 <= word.start_s <= word.end_s <= longest_s
        and 0.0 <= word.probability <= 1.0
        and len(word.text) <= _MOST_LETTERS
        for word in words
    )


def is_plausible_guess(probabilities: Mapping[str, float]) -> bool:
    """Whether these can be languages and how likely each is, whoever says so."""
    return all(
        len(code) <= _MOST_CODE and code.isascii() and code.isalpha() and 0.0 <= likely <= 1.0
        for code, likely in probabilities.items()
    )


def write_message(pipe: IO[bytes], message: News | Errand) -> None:
    """Write one message into a pipe; the caller flushes nothing."""
    raw = msgspec.msgpack.encode(message)
    pipe.write(_COUNT.pack(len(raw)))
    pipe.write(raw)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes | None:
    """Read one encoded message; None where the pipe ends, or holds something else."""
    head = pipe.read(_COUNT.size)
    if len(head) < _COUNT.size:
        return None
    (length,) = _COUNT.unpack(head)
    raw = pipe.read(length) if length <= _MOST_BYTES else b""
    return raw if len(raw) == length else None
