"""Training windows: utterances laid out in 7 s of sound, with what the network should say.

Most windows look like what the application cuts: one to three sentences of at most 6 s, a
little silence around them, then nothing. The others hold as many sentences as fit.
"""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from tools.speech.corpus import Spoken
from tools.speech.dice import happens
from tools.speech.features import BANDS, FLOOR, FRAMES_PER_S, normalised
from tools.speech.room import noise, reverberated, voiced
from tools.speech.tokenizer import TIMESTAMP_STEP_S, TIMESTAMPS

# Also `chunk_length` in preprocessor_config.json: faster-whisper then cuts to it. It fills all
# windows up to 30 s with zeros nevertheless, so they must be learned that way (see `train`).
WINDOW_S = 7
FRAMES = WINDOW_S * FRAMES_PER_S
POSITIONS = FRAMES // 2  # the encoder's steps of 20 ms

_ANSWER_S = 1.0  # an utterance this short is one word or two
_CUT_S = 6.0  # the longest window the application cuts
_LONGEST_PROMPT = 30
_LONGEST_PAUSES_S = (0.5, 1.0, 1.0, 2.5)  # the application leaves pauses up to 3 s in a window
_CLOSING = ",.?"  # signs that are tokens of their own

IGNORED = -100  # a label that is not learned

# Phoneme classes: 0 is a pause, 1 any rare phoneme.
_PAUSE, _RARE = 0, 1
_CLASSES = 96


@dataclass(frozen=True, slots=True)
class TrainingWindow:
    """One training example.

    mel: float32, (BANDS, FRAMES). tokens, labels: what the decoder reads and what it should
    say next, IGNORED where nothing is learned. spans: for each label the (start_s, end_s) of
    its sound, (-1, -1) where it has none. phonemes: class of each encoder step.
    """

    mel: np.ndarray
    tokens: list[int]
    labels: list[int]
    spans: list[tuple[float, float]]
    phonemes: np.ndarray


_NO_SPAN = (-1.0, -1.0)
_LAST_PAUSE_S = 0.3  # of the pause after the last word of a window
_GLANCE_S = 0.06  # how much of a word's edge its timestamp looks at


def phoneme_classes(corpus: Sequence[Spoken]) -> dict[str, int]:
    """Number the common phonemes of a corpus, from 2 upwards, the commonest first."""
    counts = Counter(name for spoken in corpus for name, _ in spoken.phonemes)
    common = [name for name, _ in counts.most_common(_CLASSES) if not name.startswith("_")]
    return {name: number for number, name in enumerate(common, _RARE + 1)}


class Layout:
    """Draws windows from a corpus. The same `random.Random` gives the same window."""

    def __init__(
        self, corpus: Sequence[Spoken], tokenizer: Tokenizer, phonemes: dict[str, int]
    ) -> None:
        self._corpus = corpus
        self._answers = [spoken for spoken in corpus if spoken.duration_s <= _ANSWER_S] or corpus
        self._tokenizer = tokenizer
        self._phonemes = phonemes
        self._spelled: dict[str, list[int]] = {}
        number = tokenizer.token_to_id
        self._end = number("<|endoftext|>")
        # CTranslate2 takes a vocabulary this small for an English-only model's: faster-whisper
        # then gives neither language nor task.
        self._start = number("<|startoftranscript|>")
        self._previous = number("<|startofprev|>")
        self._no_speech = number("<|nospeech|>")
        self._no_times = number("<|notimestamps|>")
        self._first_time = self._no_times + 1

    def window(self, draw: random.Random) -> TrainingWindow:
        """Draw one window."""
        placed = [] if happens(draw, 0.03) else self._place(draw)
        power = np.full((FRAMES, BANDS), FLOOR, np.float32)
        for start_s, spoken in placed:
            first = round(start_s * FRAMES_PER_S)
            frames = spoken.frames[: FRAMES - first]
            power[first : first + len(frames)] += voiced(frames, draw)
        power = reverberated(power, draw)
        power += noise(FRAMES, draw, loudest=power.max() if placed else 10.0)
        end = _sound_end(placed, draw)
        mel = _fed(power, end, draw)
        tokens, labels, spans = self._said(placed, draw)
        return TrainingWindow(mel.T, tokens, labels, spans, self._heard(placed))

    def _place(self, draw: random.Random) -> list[tuple[float, Spoken]]:
        """Choose utterances and when they begin; none is cut at the end."""
        is_cut = happens(draw, 0.6)
        limit_s = _CUT_S if is_cut else WINDOW_S - 0.1
        at_s = round(draw.choice([0.0, draw.uniform(0, 0.4), draw.uniform(0.05, 0.25)]), 2)
        placed: list[tuple[float, Spoken]] = []
        # A one-word answer after a silence is a window of its own, and is not to be missed.
        is_answer = is_cut and happens(draw, 0.25)
        wanted = 8 if not is_cut else 1 if is_answer else draw.choice([1, 1, 2, 3])
        for _ in range(20):
            spoken = draw.choice(self._answers if is_answer else self._corpus)
            if at_s + spoken.duration_s > limit_s:
                continue
            # Starts lie on the encoder's steps, so that times stay exact.
            at_s = round(at_s / TIMESTAMP_STEP_S) * TIMESTAMP_STEP_S
            placed.append((at_s, spoken))
            at_s += spoken.duration_s + draw.uniform(0.1, draw.choice(_LONGEST_PAUSES_S))
            if len(placed) >= wanted or at_s > limit_s - 0.5:
                break
        return placed

    def _said(
        self, placed: list[tuple[float, Spoken]], draw: random.Random
    ) -> tuple[list[int], list[int], list[tuple[float, float]]]:
        has_times = happens(draw, 0.6)
        said: list[tuple[int, tuple[float, float]]] = []
        begins_s = [start_s + spoken.words[0][1] for start_s, spoken in placed]
        for (start_s, spoken), next_s in itertools.zip_longest(placed, begins_s[1:]):
            first_s, last_s = start_s + spoken.words[0][1], start_s + spoken.duration_s
            if has_times:
                said.append((self._time(first_s), (first_s, first_s + _GLANCE_S)))
            said += self._word_tokens(start_s, spoken, next_s or last_s + _LAST_PAUSE_S)
            if has_times:
                said.append((self._time(last_s), (last_s - _GLANCE_S, last_s)))
        if has_times and not placed:
            said.append((self._time(0.0), _NO_SPAN))
        said.append((self._end, _NO_SPAN))
        given = [self._start] if has_times else [self._start, self._no_times]
        prompt = self._prompt(draw)
        tokens = [*prompt, *given, *(token for token, _ in said)]
        spans = [_NO_SPAN] * (len(prompt) + len(given)) + [span for _, span in said]
        # Each label is the token that follows. What the caller gives is not learned, and the
        # first place also says whether there is speech at all.
        labels = [IGNORED] * (len(prompt) + len(given)) + [token for token, _ in said]
        if not placed:
            labels[len(prompt) + 1] = self._no_speech
        return tokens[:-1], labels[1:], spans[1:]

    def _word_tokens(
        self, start_s: float, spoken: Spoken, until_s: float
    ) -> list[tuple[int, tuple[float, float]]]:
        """Each token with its sound: words share theirs, a closing sign has the pause after."""
        found: list[tuple[int, tuple[float, float]]] = []
        following_s = [*(first_s for _, first_s, _ in spoken.words[1:]), until_s - start_s]
        for (text, first_s, last_s), next_s in zip(spoken.words, following_s, strict=True):
            pieces = self._spell(text)
            said = len(pieces) - 1 if text[-1] in _CLOSING else len(pieces)
            step_s = (last_s - first_s) / said
            edges_s = [start_s + first_s + place * step_s for place in range(said + 1)]
            found += zip(pieces, itertools.pairwise(edges_s), strict=False)
            if said < len(pieces):
                pause_end_s = start_s + max(next_s, last_s + _GLANCE_S)
                found.append((pieces[-1], (start_s + last_s, pause_end_s)))
        return found

    def _prompt(self, draw: random.Random) -> list[int]:
        """Now and then some earlier words, as a caller's prompt or hot words would be."""
        if not happens(draw, 0.1):
            return []
        words: list[int] = []
        while len(words) < draw.randint(5, _LONGEST_PROMPT):
            words += [
                t for text, _, _ in draw.choice(self._corpus).words for t in self._spell(text)
            ]
        return [self._previous, *words[-_LONGEST_PROMPT:]]

    def _heard(self, placed: list[tuple[float, Spoken]]) -> np.ndarray:
        classes = np.full(POSITIONS, _PAUSE, np.int64)
        for start_s, spoken in placed:
            ends = [*(at for _, at in spoken.phonemes[1:]), spoken.duration_s]
            for (name, first_s), last_s in zip(spoken.phonemes, ends, strict=False):
                first, last = (round((start_s + s) / TIMESTAMP_STEP_S) for s in (first_s, last_s))
                rare = _PAUSE if name.startswith("_") else _RARE
                classes[first:last] = self._phonemes.get(name, rare)
        return classes

    def _spell(self, word: str) -> list[int]:
        if word not in self._spelled:
            encoding = self._tokenizer.encode(f" {word}", add_special_tokens=False)
            self._spelled[word] = encoding.ids
        return self._spelled[word]

    def _time(self, at_s: float) -> int:
        return self._first_time + min(TIMESTAMPS - 1, max(0, round(at_s / TIMESTAMP_STEP_S)))


def _sound_end(placed: list[tuple[float, Spoken]], draw: random.Random) -> int:
    """The frame after which there is no sound at all: faster-whisper fills up with zeros."""
    if not placed or happens(draw, 0.2):
        return FRAMES
    start_s, last = placed[-1]
    end_s = start_s + last.duration_s + draw.choice([0.15, draw.uniform(0, 0.6)])
    return min(FRAMES, round(end_s * FRAMES_PER_S))


def _fed(power: np.ndarray, end: int, draw: random.Random) -> np.ndarray:
    log_power = np.log10(np.maximum(power, FLOOR))
    # The loudest frame may lie elsewhere in the recording.
    louder = draw.uniform(0, 0.6) if happens(draw, 0.3) else 0.0
    mel = normalised(log_power, log_power[:end].max() + louder) + draw.gauss(0, 0.15)
    if happens(draw, 0.25):
        band = draw.randrange(BANDS - 10)
        mel[:, band : band + draw.randint(1, 8)] = mel.min()
    # Zeros after normalising, not silence: this is what faster-whisper pads with.
    mel[end:] = 0.0
    return mel.astype(np.float32)
