"""Check that an interview is in the language it is transcribed in, and mark passages that are not.

A model that is told another language than is spoken writes fluent sentences that nobody said. The
first windows of speech are therefore compared with the language before a word is decoded. A model
that knows one language cannot tell which others it hears: then another installed model that knows
several is asked, and where there is none, the first words themselves: their probabilities are low
where the language is another one, though also where the sound is poor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from models import InstalledModel, ModelKind, list_models
from study import AUTO_LANGUAGE, Interval, Word, measure_total_s, name_language
from study.errors import LanguageUnclear, OtherLanguage
from transcribe.audio_tracks import Samples
from transcribe.engine import GUESS_S
from transcribe.language_guess import LanguageGuess, pool_guesses
from transcribe.speech_coverage import ForeignPassage, TranscribedWindow
from transcribe.windows import Window

GuessLanguage = Callable[[Samples], LanguageGuess]
ReadExcerpt = Callable[[int, Interval], Samples]

_MOST_FIRST_S = 60.0  # of speech: nobody greets in another language for longer
_MOST_FIRST_WINDOWS = 6  # a window of sparse talk reaches over two minutes
_LEAST_PASSAGE_S = 2.0  # of speech; a guess from less is a guess
_PASSAGE_S = 8.0  # of speech; enough for a guess, and short enough to find where a language changes

# Mean word probability: tiny.en gives human English of 3 s and more .74 to .97, and .69 to .92 with
# noise 5 dB below it. German, French and Spanish that are taken for English get .31 to .72 from
# tiny.en and .39 to .72 from base.
_CLEAR_WORDS = 0.75  # a guess costs .2 s of processor time: clearer passages are not worth it
_MUDDLED_WORDS = 0.6
_LEAST_WORDS = 12  # one answer says nothing about a language
_ENOUGH_WORDS = 40


def choose_detector(
    model: InstalledModel,
    load: Callable[[], GuessLanguage],
    load_other: Callable[[InstalledModel], GuessLanguage],
) -> Callable[[], GuessLanguage] | None:
    """Return what loads a model that can tell languages apart; None where none is installed.

    model: the one that transcribes; ``load`` loads it. Where it knows one language only, the
    smallest installed model that knows several is loaded by ``load_other``.
    """
    if model.offer.is_multilingual:
        return load
    others = [m for m in list_models(ModelKind.SPEECH) if m.offer.is_multilingual]
    if not others:
        return None
    smallest = min(others, key=lambda other: other.offer.size_mb)
    return lambda: load_other(smallest)


class LanguageCheck:
    """The check of one transcription; ``language`` is the code of what it is transcribed in."""

    def __init__(
        self,
        model: InstalledModel,
        wanted: str,
        detector: Callable[[], GuessLanguage] | None,
        read: ReadExcerpt,
        *,
        is_unchecked: bool = False,
    ) -> None:
        """Prepare; nothing is read or loaded yet.

        wanted: a code, or ``AUTO_LANGUAGE``. read: returns the samples of an interval of a channel,
        float32 (n,) at 16 kHz. is_unchecked: a person insists on the language.
        """
        self._model, self._read, self._load = model, read, detector
        self._guess: GuessLanguage | None = None
        self._is_unchecked = is_unchecked
        self._words: list[Word] = []
        self.language = wanted
        if wanted == AUTO_LANGUAGE and detector is None:
            self.language = model.offer.languages[0]

    def settle_language(self, windows: Iterable[Window]) -> str:
        """Settle the language by the first windows of speech, and return its code.

        windows: those of the interview in their order; as few as are needed are taken.

        Raises:
            OtherLanguage: another language is spoken, or one that the model has not learnt.
            LanguageUnclear: the language was to be found out, and none stands out.
        """
        is_auto = self.language == AUTO_LANGUAGE
        if self._load is None or (self._is_unchecked and not is_auto):
            return self.language
        pooled = self._guess_first(windows)
        if pooled is None:  # nobody speaks: that is for others to say
            self.language = self._model.offer.languages[0] if is_auto else self.language
            return self.language
        if is_auto:
            if not pooled.is_certain:
                raise LanguageUnclear
            if not self._model.offer.has_language(pooled.best):
                raise _other(self._model.offer.languages[0], pooled.best)
            self.language = pooled.best
        elif pooled.contradicts(self.language):
            raise _other(self.language, pooled.best)
        return self.language

    def mark_passages(self, window: TranscribedWindow) -> TranscribedWindow:
        """Return a window with those passages marked that are in another language.

        Only passages whose words are less sure than usual are listened to again.
        """
        if self._load is None:
            return window
        foreign: list[ForeignPassage] = []
        for spans in _split_passages(window.speech):
            start_s, end_s = spans[0][0], spans[-1][1]
            words = [w for w in window.words if start_s <= (w.start_s + w.end_s) / 2 <= end_s]
            if (
                measure_total_s(spans) < _LEAST_PASSAGE_S
                or _mean_probability(words) >= _CLEAR_WORDS
            ):
                continue
            guess = self._listen(window.channel, spans)
            if guess.contradicts(self.language):
                foreign.append(ForeignPassage(start_s, end_s, guess.best))
        return replace(window, foreign=tuple(foreign))

    def judge_words(self, window: TranscribedWindow) -> None:
        """Judge the language by the first words, where no model can be asked.

        Raises:
            OtherLanguage: most of the words so far are guesses.
        """
        if self._load is not None or self._is_unchecked or len(self._words) >= _ENOUGH_WORDS:
            return
        self._words += window.words
        if len(self._words) >= _LEAST_WORDS and _mean_probability(self._words) < _MUDDLED_WORDS:
            raise _other(self.language)

    def _guess_first(self, windows: Iterable[Window]) -> LanguageGuess | None:
        """Return the guess from the first windows; it stops as soon as it agrees with the wish."""
        guesses: list[tuple[float, LanguageGuess]] = []
        heard_s = 0.0
        for window in windows:
            if window.is_faint:
                continue
            speech_s = measure_total_s(window.speech)
            guesses.append((speech_s, self._listen(window.channel, window.pieces)))
            heard_s += speech_s
            pooled = pool_guesses(guesses)
            if heard_s >= _LEAST_PASSAGE_S and (
                pooled.is_certain
                if self.language == AUTO_LANGUAGE
                else pooled.is_certain and pooled.best == self.language
            ):
                return pooled
            if heard_s >= _MOST_FIRST_S or len(guesses) == _MOST_FIRST_WINDOWS:
                break
        return pool_guesses(guesses) if heard_s >= _LEAST_PASSAGE_S else None

    def _listen(self, channel: int, intervals: Iterable[Interval]) -> LanguageGuess:
        if self._guess is None:
            assert self._load is not None, "the callers look"
            self._guess = self._load()
        parts: list[Samples] = []
        left_s = float(GUESS_S)
        for start_s, end_s in intervals:
            parts.append(self._read(channel, (start_s, min(end_s, start_s + left_s))))
            left_s -= end_s - start_s
            if left_s <= 0:
                break
        return self._guess(np.concatenate(parts))


def _other(wanted: str, heard: str = "") -> OtherLanguage:
    return OtherLanguage(name_language(wanted), name_language(heard) if heard else "", heard)


def _split_passages(speech: Iterable[Interval]) -> Iterator[list[Interval]]:
    """Yield passages of at least 8 s of speech each, as the spans of speech in them.

    A language changes where somebody draws breath, so that each passage ends in a pause.
    """
    held: list[Interval] = []
    for span in speech:
        held.append(span)
        if measure_total_s(held) >= _PASSAGE_S:
            yield held
            held = []
    if held:
        yield held


def _mean_probability(words: Iterable[Word]) -> float:
    """Return the mean probability of words; 1.0 for none, about which there is nothing to ask."""
    found = [word.probability for word in words]
    return sum(found) / len(found) if found else 1.0
