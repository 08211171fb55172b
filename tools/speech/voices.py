"""Speak a sentence with espeak-ng and know when each word and each phoneme begins.

Leans on the shared library `libespeak-ng` through ctypes, because only its callback tells
word and phoneme times. espeak-ng keeps state from one call to the next: the same call may
sound slightly different the second time. Whoever wants the same sound twice speaks the same
sentences in the same order in a fresh process.
"""

import ctypes
import ctypes.util
from dataclasses import dataclass
from typing import Any

import numpy as np
import soxr

from tools.speech.reading import spoken_form

RATE_HZ = 16_000  # what Whisper listens to; espeak-ng itself speaks at 22,050

# Numbers from espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_PHONEME_EVENTS = 1
_RATE, _PITCH, _PITCH_RANGE = 1, 3, 4
_POSITION_IN_CHARACTERS = 1
_UTF8 = 1
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7

# A word is never shorter than this: a zero-length span could not be looked at.
_SHORTEST_WORD_S = 0.02


class EspeakMissing(RuntimeError):
    """espeak-ng is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "libespeak-ng was not found. Install it, for example: apt install espeak-ng"
        )


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak: an espeak-ng voice file, words a minute, pitch and its range (0 to 99)."""

    name: str
    rate_wpm: int
    pitch: int
    pitch_range: int


@dataclass(frozen=True, slots=True)
class VoicedWord:
    """A word as a transcript writes it, with its place in the sound; the end is exclusive."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Phoneme:
    """An espeak-ng phoneme; it lasts until the next one begins. Pauses are named "_..."."""

    name: str
    start_s: float

    @property
    def is_pause(self) -> bool:
        """Whether nothing is said here."""
        return self.name == "" or self.name.startswith("_")


@dataclass(frozen=True, slots=True)
class Utterance:
    """Spoken text: float32 samples at RATE_HZ in [-1, 1], with what is said when."""

    samples: np.ndarray
    words: tuple[VoicedWord, ...]
    phonemes: tuple[Phoneme, ...]

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last sample."""
        return len(self.samples) / RATE_HZ


# The three voices of the demonstration: an interviewer, a participant, a supporter.
DEMONSTRATION = (
    Voice("gmw/en+f3", 160, 55, 50),
    Voice("gmw/en-GB-x-rp+m3", 150, 40, 50),
    Voice("gmw/en-GB-x-rp+f2", 155, 60, 45),
)


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("phoneme", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Speaker:
    """The one espeak-ng of this process. Make one and keep it."""

    def __init__(self) -> None:
        self._library = _load()
        self._own_rate_hz = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS)
        if self._own_rate_hz <= 0:
            raise EspeakMissing
        self._blocks: list[np.ndarray] = []
        self._word_starts: list[tuple[int, float]] = []
        self._phonemes: list[Phoneme] = []
        self._voice = ""
        # Kept as an attribute: ctypes does not keep callbacks alive by itself.
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: Voice) -> Utterance:
        """Speak a text. Each of its space-separated words comes back with its times."""
        if not text.strip():
            raise ValueError("There is nothing to say.")
        written = text.split()
        spoken = [spoken_form(word) for word in written]
        self._synthesise(" ".join(spoken), voice)
        sound = np.concatenate(self._blocks).astype(np.float32) / 32768
        starts_s = _starts(spoken, self._word_starts, len(sound) / self._own_rate_hz)
        words = _spans(written, starts_s, self._phonemes, len(sound) / self._own_rate_hz)
        samples = soxr.resample(sound, self._own_rate_hz, RATE_HZ).astype(np.float32)
        return Utterance(samples, words, tuple(self._phonemes))

    def _synthesise(self, text: str, voice: Voice) -> None:
        self._blocks.clear()
        self._word_starts.clear()
        self._phonemes.clear()
        if voice.name != self._voice:
            if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
                raise ValueError(f"espeak-ng has no voice {voice.name}.")
            self._voice = voice.name
        for parameter, value in (
            (_RATE, voice.rate_wpm),
            (_PITCH, voice.pitch),
            (_PITCH_RANGE, voice.pitch_range),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        data = text.encode() + b"\0"
        self._library.espeak_Synth(
            data, len(data), 0, _POSITION_IN_CHARACTERS, 0, _UTF8, None, None
        )

    def _receive(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401  ctypes pointers
        if samples and count > 0:
            self._blocks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            start_s = event.audio_position_ms / 1000
            if event.type == _EVENT_WORD:
                self._word_starts.append((event.text_position - 1, start_s))
            elif event.type == _EVENT_PHONEME:
                name = bytes(event.phoneme).split(b"\0")[0].decode("utf-8", "replace")
                self._phonemes.append(Phoneme(name, start_s))
            index += 1
        return 0


def _load() -> ctypes.CDLL:
    name = ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1"
    try:
        return ctypes.CDLL(name)
    except OSError as problem:
        raise EspeakMissing from problem


def _starts(spoken: list[str], events: list[tuple[int, float]], duration_s: float) -> list[float]:
    """When each word begins: at the first event whose character position lies in it.

    espeak-ng tells nothing for some words (it joins "of the"): those share what lies between
    their neighbours evenly.
    """
    known: dict[int, float] = {}
    position = 0
    for index, word in enumerate(spoken):
        inside = [at for place, at in events if position <= place < position + len(word)]
        if inside:
            known[index] = inside[0]
        position += len(word) + 1
    known.setdefault(0, 0.0)
    anchors = [*sorted(known), len(spoken)]
    at_s = {**known, len(spoken): duration_s}
    wanted = np.arange(len(spoken))
    return np.interp(wanted, anchors, [at_s[anchor] for anchor in anchors]).tolist()


def _spans(
    written: list[str], starts_s: list[float], phonemes: list[Phoneme], duration_s: float
) -> tuple[VoicedWord, ...]:
    """Let each word last until the next begins, or until the pause before the next begins."""
    ends = [*(phoneme.start_s for phoneme in phonemes[1:]), duration_s]
    pauses = [
        (phoneme.start_s, end_s)
        for phoneme, end_s in zip(phonemes, ends, strict=False)
        if phoneme.is_pause
    ]
    words: list[VoicedWord] = []
    for index, text in enumerate(written):
        start_s = starts_s[index]
        end_s = starts_s[index + 1] if index + 1 < len(written) else duration_s
        for pause_start_s, pause_end_s in pauses:
            # 0.03 s: events are rounded to frames, so a pause may seem to end a little early.
            if start_s + _SHORTEST_WORD_S < pause_start_s < end_s <= pause_end_s + 0.03:
                end_s = pause_start_s
        words.append(VoicedWord(text, start_s, max(end_s, start_s + _SHORTEST_WORD_S)))
    return tuple(words)
