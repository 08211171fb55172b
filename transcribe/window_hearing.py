"""Find the windows of an interview's sound, hear each, and save it as soon as it has its words.

What got no words is heard once more. The windows are cut again from the sound itself, which always
gives the same ones; a window that is saved is not decoded again. No word is corrected or removed.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from models import LONGEST_WINDOW_S
from study import (
    ArtefactKind,
    Interval,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    Word,
    merge_intervals,
)
from study.errors import Stopped
from study.store import Interview, InterviewSound
from transcribe.audio_tracks import (
    MODEL_RATE,
    CompleteSound,
    Samples,
    SoundFeed,
    Track,
    read_excerpt,
    read_pieces,
)
from transcribe.bleed import SOUND_MARGIN_S, add_levels
from transcribe.engine import HearsWindows
from transcribe.language_check import LanguageCheck
from transcribe.passage_sound import PassageSound
from transcribe.prefetch import prefetch_items
from transcribe.sound_level import find_quiet_spans
from transcribe.speech_coverage import (
    NEAR_SPEECH_S,
    TranscribedWindow,
    clamp_words,
    find_wordless_spans,
    is_far_from_speech,
    keep_spoken_spans,
    measure_speech_s,
)
from transcribe.vad import follow_speech
from transcribe.vad_spans import VadOptions
from transcribe.windows import Window, build_windows, split_pieces, unpack_words

LoadEngine = Callable[[], HearsWindows]
"""Returns the engine, loaded once."""

_MOST_THREADS = 512  # that wait for other computers
_LOOK_S = 0.5
_SOUND_BEHIND_S = 3.75  # what lies so far behind speech can change how it is found


@dataclass(frozen=True, slots=True)
class HearingJob:
    """The interview that is being transcribed, its sound, and the tracks of that sound.

    passage: the part of the interview that the sound is, None for all of it.
    """

    interview: Interview
    source: SoundFeed
    tracks: tuple[Track, ...]
    passage: Interval | None = None
    reading: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    def read_track(self, channel: int, start_s: float, end_s: float) -> Samples:
        """Return one track from ``start_s`` to ``end_s``; any thread may ask."""
        with self.reading:
            return read_excerpt(self.sound, self.tracks[channel], start_s, end_s)

    @property
    def windows_kind(self) -> ArtefactKind:
        """The kind of artefact whose entries are the finished windows."""
        return ArtefactKind.WINDOWS if self.passage is None else ArtefactKind.HEARING_WINDOWS

    def open_again(self) -> InterviewSound:
        """Open the same sound a second time, to be closed by the caller."""
        sound = self.interview.open_sound()
        assert sound is not None, "it is open already"
        return sound if self.passage is None else PassageSound(sound, self.passage)

    @property
    def sound(self) -> InterviewSound:
        """All of the sound that is on the disk so far."""
        return self.source.sound


@contextlib.contextmanager
def find_windows(job: HearingJob) -> Generator[Iterator[Window]]:
    """Yield the windows; in complete sound the next is found while the model has the one before."""
    if not isinstance(job.source, CompleteSound):
        yield _build_windows(job.source, job.tracks)
        return
    with (
        job.open_again() as second,  # two threads do not read the same files
        contextlib.closing(
            prefetch_items(_build_windows(CompleteSound(second), job.tracks))
        ) as prefetched,
    ):
        yield prefetched


class WindowPlaces(Protocol):
    """How many windows are transcribed at once: one here, more on other computers."""

    def count_places(self) -> int:
        """Return how many may be begun now, at least 1."""
        ...

    def abandon(self) -> None:
        """Ask for no more words; the threads that wait for some end."""
        ...


def transcribe_windows(
    job: HearingJob,
    windows: Iterator[Window],
    engine: LoadEngine,
    check: LanguageCheck,
    saved: dict[int, TranscribedWindow],
    stop: ShouldStop,
    report: ReportProgress,
    places: WindowPlaces | None = None,
) -> list[TranscribedWindow]:
    """Return every transcribed window; those in ``saved``, by number, are not decoded again.

    places: None transcribes one window after the other, on this thread.
    """
    hear = _WindowStep(job, engine, check, saved)
    results = hear.in_turn(windows, stop) if places is None else hear.at_once(windows, places, stop)
    transcribed: list[TranscribedWindow] = []
    with contextlib.closing(results):
        for result, window in results:
            transcribed.append(result)
            check.judge_words(result)
            duration_s = job.sound.duration_s
            report(TaskProgress(min(window.end_s, duration_s), duration_s, "transcribing"))
    check.judge_last_words()
    return transcribed


@dataclass(frozen=True, slots=True)
class _WindowStep:
    """Transcribes windows and saves each; yields them in their order, with what was found."""

    job: HearingJob
    engine: LoadEngine
    check: LanguageCheck
    saved: dict[int, TranscribedWindow]

    def in_turn(
        self, windows: Iterator[Window], stop: ShouldStop
    ) -> Generator[tuple[TranscribedWindow, Window]]:
        for window in windows:
            if stop():
                raise Stopped("Transcribing")
            sound = _find_sound(self.job, window)
            result = self._find_saved(window, sound)
            if result is None:
                result = self._save(self._hear(window, sound))
            yield result, window

    def at_once(
        self, windows: Iterator[Window], places: WindowPlaces, stop: ShouldStop
    ) -> Generator[tuple[TranscribedWindow, Window]]:
        """Transcribe on threads, and save each window as soon as it has its words."""
        waiting: deque[tuple[Window, Future[TranscribedWindow] | TranscribedWindow]] = deque()
        running: set[Future[TranscribedWindow]] = set()
        is_more = True
        with ThreadPoolExecutor(_MOST_THREADS, "window") as threads, _abandoning(places):
            while is_more or waiting:
                if stop():
                    raise Stopped("Transcribing")
                while is_more and len(running) < places.count_places():
                    window = next(windows, None)
                    if window is None:
                        is_more = False
                        break
                    sound = _find_sound(self.job, window)
                    result = self._find_saved(window, sound)
                    if result is None:
                        result = threads.submit(self._hear, window, sound)
                        running.add(result)
                    waiting.append((window, result))
                finished, running = wait(running, _LOOK_S, FIRST_COMPLETED)
                for each in sorted(finished, key=_is_failed):  # what has words is saved first
                    self._save(each.result())
                while waiting and waiting[0][1] not in running:
                    window, result = waiting.popleft()
                    yield (result.result() if isinstance(result, Future) else result), window

    def _find_saved(self, window: Window, sound: tuple[Interval, ...]) -> TranscribedWindow | None:
        result = self.saved.get(window.number)
        is_same = result is not None and _is_same_window(result, window, sound)
        return result if is_same else None

    def _hear(self, window: Window, sound: tuple[Interval, ...]) -> TranscribedWindow:
        hearing = self.engine()
        hearing.language = self.check.language
        heard = _find_silence(self.job, _transcribe_one(hearing, self.job, window))
        return replace(_add_levels(self.check.mark_passages(heard), self.job), sound=sound)

    def _save(self, result: TranscribedWindow) -> TranscribedWindow:
        with self.job.interview.change("window heard") as change:
            change.append_entry(self.job.windows_kind, result)
        return result


def _is_failed(hearing: Future[TranscribedWindow]) -> bool:
    return hearing.exception() is not None


@contextlib.contextmanager
def _abandoning(places: WindowPlaces) -> Generator[None]:
    """Let the threads that wait for words end where the block does not reach its end."""
    try:
        yield
    except BaseException:
        places.abandon()
        raise


def _build_windows(source: SoundFeed, tracks: tuple[Track, ...]) -> Iterator[Window]:
    options = VadOptions(longest_s=LONGEST_WINDOW_S)
    return build_windows(follow_speech(read_pieces(source, tracks), options), LONGEST_WINDOW_S)


def _add_levels(transcribed: TranscribedWindow, job: HearingJob) -> TranscribedWindow:
    """Return a window with the level of every track while each of its words is said."""
    if len(job.tracks) == 1 or not transcribed.words:
        return transcribed
    start_s = max(0.0, min(word.start_s for word in transcribed.words) - SOUND_MARGIN_S)
    end_s = max(word.end_s for word in transcribed.words) + SOUND_MARGIN_S
    excerpts = [job.read_track(channel, start_s, end_s) for channel in range(len(job.tracks))]
    return add_levels(transcribed, np.stack(excerpts, axis=1), start_s)


def _find_sound(job: HearingJob, window: Window) -> tuple[Interval, ...]:
    """Return the stretches of sound on which a window depends, as far as they are there."""
    (*before, (start_s, end_s)) = window.pieces
    until_s = max(end_s, window.end_s + _SOUND_BEHIND_S)
    return (*before, (start_s, min(until_s, job.sound.duration_s)))


def _is_same_window(saved: TranscribedWindow, window: Window, sound: tuple[Interval, ...]) -> bool:
    """Whether a saved window is still this one, made of the same sound.

    A recording that broke off and goes on has more behind its last words than there was.
    """
    spans = (window.channel, window.start_s, window.end_s, sound)
    return (saved.channel, saved.start_s, saved.end_s, saved.sound) == spans


def _transcribe_one(engine: HearsWindows, job: HearingJob, window: Window) -> TranscribedWindow:
    """Transcribe a window, then once more, more patiently, the passages that got no words."""
    words = _decode_pieces(engine, job, window, window.pieces, again=window.is_faint)
    transcribed = TranscribedWindow(
        window.number,
        window.channel,
        window.start_s,
        window.end_s,
        window.speech,
        clamp_words(words, window.speech),
    )
    if window.is_faint:
        return keep_spoken_spans(transcribed)
    wordless = find_wordless_spans(transcribed)
    if not wordless:
        return transcribed
    # From the word before to the word after.
    around = merge_intervals(
        (max(0.0, start_s - NEAR_SPEECH_S), end_s + NEAR_SPEECH_S) for start_s, end_s in wordless
    )
    found = [
        word
        for pieces in split_pieces(around)
        for word in clamp_words(_decode_pieces(engine, job, window, pieces, again=True), wordless)
    ]
    return replace(
        transcribed,
        words=tuple(sorted((*transcribed.words, *found), key=lambda word: word.start_s)),
        again=tuple(wordless),
    )


def _find_silence(job: HearingJob, window: TranscribedWindow) -> TranscribedWindow:
    """Note where nothing sounds in a window with words outside its speech."""
    if not any(is_far_from_speech(word, window.speech) for word in window.words):
        return window
    samples = job.read_track(window.channel, window.start_s, window.end_s)
    return replace(window, quiet=find_quiet_spans(samples, window.start_s))


def _decode_pieces(
    engine: HearsWindows,
    job: HearingJob,
    window: Window,
    pieces: Sequence[Interval],
    *,
    again: bool,
) -> list[Word]:
    """Return the words of the pieces, transcribed as one, with the times of the interview."""
    samples = np.concatenate([job.read_track(window.channel, *piece) for piece in pieces])
    behind_s = max(0.0, pieces[-1][1] - window.end_s)  # the last speech in them
    words = engine.transcribe_window(
        samples,
        speech_s=measure_speech_s(pieces, window.speech),
        until_s=len(samples) / MODEL_RATE - behind_s,
        seed=window.number,
        again=again,
    )
    return unpack_words(words, pieces)
