"""Find the windows of an interview's sound, hear each, and save it as soon as it has its words.

What got no words is heard once more. The windows are cut again from the sound itself, which always
gives the same ones; a window that is saved is not decoded again. No word is corrected or removed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

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
    SoundFeed,
    Track,
    read_excerpt,
    read_pieces,
)
from transcribe.bleed import SOUND_MARGIN_S, add_levels
from transcribe.engine import SpeechEngine
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

LoadEngine = Callable[[], SpeechEngine]
"""Returns the engine, loaded once."""

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


def transcribe_windows(
    job: HearingJob,
    windows: Iterator[Window],
    engine: LoadEngine,
    check: LanguageCheck,
    saved: dict[int, TranscribedWindow],
    stop: ShouldStop,
    report: ReportProgress,
) -> list[TranscribedWindow]:
    """Return every transcribed window; those in ``saved``, by number, are not decoded again."""
    transcribed: list[TranscribedWindow] = []
    for window in windows:
        if stop():
            raise Stopped("Transcribing")
        result = saved.get(window.number)
        sound = _find_sound(job, window)
        if result is None or not _is_same_window(result, window, sound):
            hearing = engine()
            hearing.language = check.language
            heard = _find_silence(job, _transcribe_one(hearing, job, window))
            result = replace(_add_levels(check.mark_passages(heard), job), sound=sound)
            with job.interview.change("window heard") as change:
                change.append_entry(job.windows_kind, result)
        transcribed.append(result)
        check.judge_words(result)
        duration_s = job.sound.duration_s
        report(TaskProgress(min(window.end_s, duration_s), duration_s, "transcribing"))
    check.judge_last_words()
    return transcribed


def _build_windows(source: SoundFeed, tracks: tuple[Track, ...]) -> Iterator[Window]:
    options = VadOptions(longest_s=LONGEST_WINDOW_S)
    return build_windows(follow_speech(read_pieces(source, tracks), options), LONGEST_WINDOW_S)


def _add_levels(transcribed: TranscribedWindow, job: HearingJob) -> TranscribedWindow:
    """Return a window with the level of every track while each of its words is said."""
    if len(job.tracks) == 1 or not transcribed.words:
        return transcribed
    start_s = max(0.0, min(word.start_s for word in transcribed.words) - SOUND_MARGIN_S)
    end_s = max(word.end_s for word in transcribed.words) + SOUND_MARGIN_S
    excerpts = [read_excerpt(job.sound, track, start_s, end_s) for track in job.tracks]
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


def _transcribe_one(engine: SpeechEngine, job: HearingJob, window: Window) -> TranscribedWindow:
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
    samples = read_excerpt(job.sound, job.tracks[window.channel], window.start_s, window.end_s)
    return replace(window, quiet=find_quiet_spans(samples, window.start_s))


def _decode_pieces(
    engine: SpeechEngine,
    job: HearingJob,
    window: Window,
    pieces: Sequence[Interval],
    *,
    again: bool,
) -> list[Word]:
    """Return the words of the pieces, transcribed as one, with the times of the interview."""
    track = job.tracks[window.channel]
    samples = np.concatenate([read_excerpt(job.sound, track, *piece) for piece in pieces])
    behind_s = max(0.0, pieces[-1][1] - window.end_s)  # the last speech in them
    words = engine.transcribe_window(
        samples,
        speech_s=measure_speech_s(pieces, window.speech),
        until_s=len(samples) / MODEL_RATE - behind_s,
        seed=window.number,
        again=again,
    )
    return unpack_words(words, pieces)
