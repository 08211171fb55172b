"""Check that an interview is in the language it is transcribed in, and mark passages that are not.

A model that is told another language than is spoken writes fluent sentences that nobody said. The
first windows of speech are therefore compared with the language before a word is decoded. A model
that knows one language cannot tell which others it hears, but its own first words can: their
probabilities are low where the language is another one, though also where the sound is poor. Only
then is another installed model that knows several asked, for loading it takes longer than half a
minute of speech; and where there is none, the words alone decide.
"""

from __future__ import annotations

import threading
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
        self._loading = threading.Lock()  # windows are transcribed on several threads
        self._is_unchecked = is_unchecked
        self._words: list[Word] = []
        self._first = _FirstGuesses()
        self._unheard: list[TranscribedWindow] = []  # that no other model was asked about
        # Words tell only a model that knows one language whether it is that one.
        self._waits_for_words = wanted != AUTO_LANGUAGE and not model.offer.is_multilingual
        self._is_settled = is_unchecked
        self.language = wanted
        if wanted == AUTO_LANGUAGE and detector is None:
            self.language = model.offer.languages[0]

    def settle_language(self, windows: Iterable[Window]) -> str:
        """Settle the language by the first windows of speech, and return its code.

        windows: those of the interview in their order; as few as are needed are taken, and none
        where the first words are to tell (see ``judge_words``).

        Raises:
            OtherLanguage: another language is spoken, or one that the model has not learnt.
            LanguageUnclear: the language was to be found out, and none stands out.
        """
        is_auto = self.language == AUTO_LANGUAGE
        if self._load is None or (self._is_settled and not is_auto) or self._waits_for_words:
            return self.language
        pooled = self._guess_first(windows)
        if pooled is None:  # nobody speaks: that is for others to say
            self.language = self._model.offer.languages[0] if is_auto else self.language
        elif is_auto:
            if not pooled.is_certain:
                raise LanguageUnclear
            if not self._model.offer.has_language(pooled.best):
                raise _other(self._model.offer.languages[0], pooled.best)
            self.language = pooled.best
        elif pooled.contradicts(self.language):
            raise _other(self.language, pooled.best)
        self._is_settled = True
        return self.language

    def mark_passages(self, window: TranscribedWindow) -> TranscribedWindow:
        """Return a window with those passages marked that are in another language.

        Only passages whose words are less sure than usual, or that have none, are listened to
        again.
        """
        if self._load is None:
            return window
        foreign: list[ForeignPassage] = []
        for spans in _split_passages(window.speech):
            start_s, end_s = spans[0][0], spans[-1][1]
            words = [w for w in window.words if start_s <= (w.start_s + w.end_s) / 2 <= end_s]
            are_clear = bool(words) and _mean_probability(words) >= _CLEAR_WORDS
            if measure_total_s(spans) < _LEAST_PASSAGE_S or are_clear:
                continue
            guess = self._listen(window.channel, spans)
            if guess.contradicts(self.language):
                foreign.append(ForeignPassage(start_s, end_s, guess.best))
        return replace(window, foreign=tuple(foreign))

    def judge_words(self, window: TranscribedWindow) -> None:
        """Judge the language by the first words, those of the windows so far.

        Raises:
            OtherLanguage: most of the words so far are guesses, and another model hears another
                language or cannot be asked.
        """
        if self._is_settled:
            return
        self._words += window.words
        self._unheard.append(window)
        if len(self._words) < _LEAST_WORDS:
            return
        probability = _mean_probability(self._words)
        if self._load is None:
            if probability < _MUDDLED_WORDS:
                raise _other(self.language)
            self._is_settled = len(self._words) >= _ENOUGH_WORDS
        elif probability >= _CLEAR_WORDS:
            self._is_settled = True
        else:
            self._ask_about_words()

    def judge_last_words(self) -> None:
        """Judge by the words of an interview that has said all it has to say.

        Raises:
            OtherLanguage: as for ``judge_words``.
        """
        is_told = self._is_settled or self._load is None
        if is_told or _mean_probability(self._words) >= _CLEAR_WORDS:
            return
        self._ask_about_words()
        pooled = self._first.pool()
        if not self._is_settled and pooled is not None and pooled.contradicts(self.language):
            raise _other(self.language, pooled.best)

    def _ask_about_words(self) -> None:
        """Have another model hear the windows so far that it has not heard."""
        for window in self._unheard:
            if self._is_settled or not window.speech:
                continue
            guess = self._listen(window.channel, window.speech)
            self._first.add(measure_total_s(window.speech), guess)
            self._is_settled = self._first.agrees_with(self.language) or self._first.are_enough
        self._unheard.clear()
        pooled = self._first.pool()
        if self._first.are_enough and pooled is not None and pooled.contradicts(self.language):
            raise _other(self.language, pooled.best)

    def _guess_first(self, windows: Iterable[Window]) -> LanguageGuess | None:
        """Return the guess from the first windows; it stops as soon as it agrees with the wish."""
        for window in windows:
            if window.is_faint:
                continue
            guess = self._listen(window.channel, window.pieces)
            self._first.add(measure_total_s(window.speech), guess)
            if self._first.agrees_with(self.language) or self._first.are_enough:
                break
        return self._first.pool()

    def _listen(self, channel: int, intervals: Iterable[Interval]) -> LanguageGuess:
        with self._loading:
            if self._guess is None:
                assert self._load is not None, "the callers look"
                self._guess = self._load()
            guess = self._guess
        parts: list[Samples] = []
        left_s = float(GUESS_S)
        for start_s, end_s in intervals:
            parts.append(self._read(channel, (start_s, min(end_s, start_s + left_s))))
            left_s -= end_s - start_s
            if left_s <= 0:
                break
        return guess(np.concatenate(parts))


class _FirstGuesses:
    """What was guessed from the first windows, by the seconds of speech in each."""

    def __init__(self) -> None:
        self._guesses: list[tuple[float, LanguageGuess]] = []

    def add(self, speech_s: float, guess: LanguageGuess) -> None:
        """Add the guess from a window."""
        self._guesses.append((speech_s, guess))

    @property
    def _heard_s(self) -> float:
        return sum(speech_s for speech_s, _ in self._guesses)

    @property
    def are_enough(self) -> bool:
        """Whether more would tell nothing more."""
        return self._heard_s >= _MOST_FIRST_S or len(self._guesses) >= _MOST_FIRST_WINDOWS

    def pool(self) -> LanguageGuess | None:
        """Return the mean guess; None while less than two seconds of speech were heard."""
        return pool_guesses(self._guesses) if self._heard_s >= _LEAST_PASSAGE_S else None

    def agrees_with(self, wanted: str) -> bool:
        """Whether the language that was wished for is heard, or for ``AUTO_LANGUAGE`` any."""
        pooled = self.pool()
        return pooled is not None and pooled.is_certain and wanted in {AUTO_LANGUAGE, pooled.best}


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
