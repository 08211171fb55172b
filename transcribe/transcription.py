"""Transcribe an interview: read its sealed sound, transcribe each window, build the transcript.

Every window is saved in the study as soon as the model has transcribed it. A transcription that
was stopped or killed goes on with the first window that is not saved; the windows are cut again
from the sound itself, which always gives the same ones, so the result is that of an unbroken run.
A recording can be followed while it grows and gives the same windows. Nothing here corrects or
removes a word; ``transcribe.bleed`` leaves out those that a second microphone gave twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

import msgspec
import numpy as np

from models import LONGEST_WINDOW_S, InstalledModel
from study import (
    AUTO_LANGUAGE,
    PROGRAM_VERSION,
    ArtefactKind,
    Interval,
    Layout,
    Provenance,
    Recognition,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    Transcript,
    TranscriptFacts,
    Word,
    measure_total_s,
    merge_intervals,
    no_report,
    no_stop,
)
from study.errors import (
    LanguageUnknown,
    NoSpeech,
    SoundMissing,
    StillRecording,
    Stopped,
    StudyInUse,
)
from study.store import (
    AUDIO_FOLDER,
    Interview,
    InterviewSound,
    PresenceLock,
    is_being_recorded,
    read_settings,
    require_whole,
)
from transcribe.audio_tracks import (
    MODEL_RATE,
    CompleteSound,
    Samples,
    SoundFeed,
    Track,
    choose_tracks,
    read_excerpt,
    read_pieces,
)
from transcribe.bleed import SOUND_MARGIN_S, add_levels
from transcribe.engine import DecodingOptions, SpeechEngine
from transcribe.hints import add_hints
from transcribe.language_check import GuessLanguage, LanguageCheck, choose_detector
from transcribe.live_sound import IsRecordingOver, follow_recording
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
    shift_window,
)
from transcribe.tokens import knows_language
from transcribe.transcript_assembly import RecordingFacts, assemble_transcript
from transcribe.vad import follow_speech
from transcribe.vad_spans import VadOptions
from transcribe.windows import Window, build_windows, split_pieces, unpack_words

_LoadEngine = Callable[[], SpeechEngine]

_LEAST_SPEECH_S = 1.0  # less of it, without a word, is nobody's
_SOUND_BEHIND_S = 3.75  # what lies so far behind speech can change how it is found

_LOCK_POLL_S = 0.25

# Seconds of a live recording before its channels are grouped into tracks, for the time being.
_DECIDE_S = 30


def transcribe_interview(
    interview: Interview,
    model: InstalledModel,
    *,
    options: DecodingOptions | None = None,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
    is_over: IsRecordingOver | None = None,
    is_unchecked: bool = False,
) -> Transcript:
    """Transcribe an interview and save the result as its newest raw transcript.

    is_over: tells whether the recording of the interview has ended. With it, an interview that is
    being recorded is followed until then; without it, such an interview is refused. is_unchecked:
    a person insists on the language of the options, whatever the first minutes sound like.

    Raises:
        LanguageUnknown: the model has not learnt the language.
        OtherLanguage: the first minutes are in another one; what was transcribed before is kept.
        LanguageUnclear: it was to be found out, and the first minutes do not tell.
        SoundMissing: the interview has no sound.
        StillRecording: the interview is being recorded, and ``is_over`` is None.
        SoundIncomplete: part of the recording is missing on the disk.
        NoSpeech: nobody speaks in it.
        Stopped: ``stop`` returned True, or the recording broke off; finished windows stay saved.
        StudyInUse: another process is transcribing this interview.
        ModelBroken: the model cannot be loaded.
        OutOfMemory: the model needs more memory than this computer has.
    """
    options = options or DecodingOptions()
    _require_language(model, options)
    with (
        _open_feed(interview, is_over, stop) as source,
        _lock_interview(interview, is_over, stop),
        _load_engine(
            model,
            options := add_hints(interview, model, options),
            at_once=is_over is not None,
        ) as engine,
    ):
        named = len(interview.details.channels)
        source.wait_for_frames(source.sound.form.rate * _DECIDE_S)
        tracks = choose_tracks(source.sound, named)
        check = _begin_language_check(
            _Job(interview, source, tracks), model, options, engine, is_unchecked=is_unchecked
        )
        while True:
            job = _Job(interview, source, tracks)
            report(TaskProgress(0.0, job.sound.duration_s, "listening"))
            with _find_windows(job) as found:
                finding = _settle_language(check, found)
                options = replace(options, language=check.language)
                made_by = _build_provenance(model, options, tracks)
                saved = _resume_windows(interview, _fingerprint_run(made_by, options, tracks))
                windows = _transcribe_windows(job, finding, engine, check, saved, stop, report)
            if is_over is None:
                break
            if interview.summary.is_recording:  # the recorder died; its sound is not settled
                raise Stopped("Transcribing")
            # Only all of the sound settles which channels belong together.
            settled = choose_tracks(source.sound, named)
            if settled == tracks:
                break
            tracks = settled
        require_whole(interview)  # it may have been followed while it was recorded
        if not _is_spoken(windows):
            with interview.change("no speech found") as change:
                change.drop_artefact(ArtefactKind.WINDOWS)
            raise NoSpeech
        return _save_transcript(job, windows, options, made_by)


@dataclass(frozen=True, slots=True)
class HeardPassage:
    """The windows of a passage, with the interview's times, and how they were transcribed.

    recorded: the facts of the whole interview's sound. options: with the hints that were given.
    """

    windows: list[TranscribedWindow]
    recorded: RecordingFacts
    options: DecodingOptions
    recognition: Recognition
    made_by: Provenance


def hear_passage(
    interview: Interview,
    model: InstalledModel,
    passage: Interval,
    *,
    options: DecodingOptions,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> HeardPassage:
    """Transcribe the sound of a passage as an interview is transcribed; save no transcript.

    passage: in seconds of the interview. Its windows are saved as they are made; whoever saves the
    result drops ``ArtefactKind.HEARING_WINDOWS``.

    Raises:
        As for ``transcribe_interview``, but ``NoSpeech``: then there are no windows.
    """
    _require_language(model, options)
    with (
        _open_feed(interview, None, stop) as whole,
        _lock_interview(interview),
        _load_engine(
            model, options := add_hints(interview, model, options), at_once=False
        ) as engine,
    ):
        tracks = choose_tracks(whole.sound, len(interview.details.channels))
        source = CompleteSound(PassageSound(whole.sound, passage))
        job = _Job(interview, source, tracks, passage)
        # A person chose the passage and its language: what sounds like another is flagged only.
        check = _begin_language_check(job, model, options, engine, is_unchecked=True)
        recorded = _describe_recording(interview, whole.sound, tracks)
        report(TaskProgress(0.0, job.sound.duration_s, "listening"))
        with _find_windows(job) as found:
            finding = _settle_language(check, found)
            options = replace(options, language=check.language)
            made_by = _build_provenance(model, options, tracks)
            run = _fingerprint_run(made_by, options, tracks, passage)
            saved = _resume_windows(interview, run, ArtefactKind.HEARING_WINDOWS)
            windows = _transcribe_windows(job, finding, engine, check, saved, stop, report)
    shifted = [shift_window(window, passage[0]) for window in windows]
    return HeardPassage(shifted, recorded, options, _build_recognition(options, tracks), made_by)


@dataclass(frozen=True, slots=True)
class _Job:
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


def _require_language(model: InstalledModel, options: DecodingOptions) -> None:
    if options.language != AUTO_LANGUAGE and not knows_language(model, options.language):
        raise LanguageUnknown


def _begin_language_check(
    job: _Job,
    model: InstalledModel,
    options: DecodingOptions,
    engine: _LoadEngine,
    *,
    is_unchecked: bool,
) -> LanguageCheck:
    """Return the check of the interview's language; the windows will settle it."""

    def load_other(other: InstalledModel) -> GuessLanguage:
        return SpeechEngine(other, options).detect_language

    def read(channel: int, span: Interval) -> Samples:
        return read_excerpt(job.sound, job.tracks[channel], *span)

    return LanguageCheck(
        model,
        options.language,
        choose_detector(model, lambda: engine().detect_language, load_other),
        read,
        is_unchecked=is_unchecked,
    )


def _settle_language(check: LanguageCheck, windows: Iterator[Window]) -> Iterator[Window]:
    """Settle the language by the first windows; return all of them, which are found only once."""
    taken: list[Window] = []

    def take() -> Iterator[Window]:
        for window in windows:
            taken.append(window)
            yield window

    check.settle_language(take())
    return itertools.chain(taken, windows)


@contextlib.contextmanager
def _open_feed(
    interview: Interview, is_over: IsRecordingOver | None, stop: ShouldStop
) -> Generator[SoundFeed]:
    if is_over is not None:
        with follow_recording(interview, is_over=is_over, stop=stop) as growing:
            yield growing
        return
    if is_being_recorded(interview):
        raise StillRecording
    require_whole(interview)
    interview.study.require_unchanged()
    sound = interview.open_sound()
    if sound is None or not sound.frames:
        raise SoundMissing
    with sound:
        yield CompleteSound(sound)


def _transcribe_windows(
    job: _Job,
    windows: Iterator[Window],
    engine: _LoadEngine,
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


@contextlib.contextmanager
def _load_engine(
    model: InstalledModel, options: DecodingOptions, *, at_once: bool
) -> Generator[_LoadEngine]:
    """Load the model once: at its first use, or ``at_once`` on a thread while sound is awaited."""
    if not at_once:
        yield cache(lambda: SpeechEngine(model, options))
        return
    with ThreadPoolExecutor(1, "loading") as thread:
        yield thread.submit(SpeechEngine, model, options).result


@contextlib.contextmanager
def _find_windows(job: _Job) -> Generator[Iterator[Window]]:
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


def _build_windows(source: SoundFeed, tracks: tuple[Track, ...]) -> Iterator[Window]:
    options = VadOptions(longest_s=LONGEST_WINDOW_S)
    return build_windows(follow_speech(read_pieces(source, tracks), options), LONGEST_WINDOW_S)


def _add_levels(transcribed: TranscribedWindow, job: _Job) -> TranscribedWindow:
    """Return a window with the level of every track while each of its words is said."""
    if len(job.tracks) == 1 or not transcribed.words:
        return transcribed
    start_s = max(0.0, min(word.start_s for word in transcribed.words) - SOUND_MARGIN_S)
    end_s = max(word.end_s for word in transcribed.words) + SOUND_MARGIN_S
    excerpts = [read_excerpt(job.sound, track, start_s, end_s) for track in job.tracks]
    return add_levels(transcribed, np.stack(excerpts, axis=1), start_s)


def _is_spoken(windows: list[TranscribedWindow]) -> bool:
    """Whether anybody speaks: there are words, or more that sounds like speech than chance gives.

    In 12 s of chords voice activity finds two moments of half a second.
    """
    has_words = any(window.words for window in windows)
    return has_words or sum(measure_total_s(w.speech) for w in windows) >= _LEAST_SPEECH_S


def _find_sound(job: _Job, window: Window) -> tuple[Interval, ...]:
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


def _transcribe_one(engine: SpeechEngine, job: _Job, window: Window) -> TranscribedWindow:
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


def _find_silence(job: _Job, window: TranscribedWindow) -> TranscribedWindow:
    """Note where nothing sounds in a window with words outside its speech."""
    if not any(is_far_from_speech(word, window.speech) for word in window.words):
        return window
    samples = read_excerpt(job.sound, job.tracks[window.channel], window.start_s, window.end_s)
    return replace(window, quiet=find_quiet_spans(samples, window.start_s))


def _decode_pieces(
    engine: SpeechEngine, job: _Job, window: Window, pieces: Sequence[Interval], *, again: bool
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


def _save_transcript(
    job: _Job, windows: list[TranscribedWindow], options: DecodingOptions, made_by: Provenance
) -> Transcript:
    interview = job.interview
    recorded = _describe_recording(interview, job.sound, job.tracks)
    transcript = replace(
        assemble_transcript(windows, recorded, options, read_settings(interview.study), made_by),
        recognition=_build_recognition(options, job.tracks),
    )
    coverage = transcript.coverage
    assert coverage is not None
    facts = TranscriptFacts(
        turns=len(transcript.turns),
        speech_s=coverage.speech_s,
        covered_s=coverage.covered_s,
        gaps=len(coverage.gaps),
        again_s=coverage.again_s,
        doubts=len(coverage.doubts),
        flagged_s=coverage.flagged_s,
        draft=options.is_draft,
    )
    with interview.change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, transcript, facts)
        change.drop_artefact(ArtefactKind.WINDOWS)
    return transcript


def _describe_recording(
    interview: Interview, sound: InterviewSound, tracks: tuple[Track, ...]
) -> RecordingFacts:
    named = interview.details.channels
    codes = [named[c] if c < len(named) else f"S{c + 1}" for c in range(len(tracks))]
    is_by_channel = len(tracks) > 1 or len(named) == 1
    return RecordingFacts(
        sound.duration_s, codes, is_by_channel, sound.marks(), sound.stretch_boundaries()
    )


@dataclass(frozen=True, slots=True)
class _UnfinishedRun:
    """A transcription that has saved windows and no transcript yet.

    way: sha256 of all that its words depend on beside the sound; "" in a study of format 1, whose
    unfinished runs start again.
    """

    way: str = ""


def _fingerprint_run(
    made_by: Provenance,
    options: DecodingOptions,
    tracks: tuple[Track, ...],
    passage: Interval | tuple[()] = (),
) -> _UnfinishedRun:
    model = (made_by.program, made_by.model, made_by.model_sha256)
    content = msgspec.json.encode((*model, replace(options, threads=0), tracks, *passage))
    return _UnfinishedRun(hashlib.sha256(content).hexdigest())


def _resume_windows(
    interview: Interview, run: _UnfinishedRun, kind: ArtefactKind = ArtefactKind.WINDOWS
) -> dict[int, TranscribedWindow]:
    """Return the saved windows of the same unfinished run by number, or start a new run."""
    unfinished = interview.read_artefact(kind, _UnfinishedRun)
    if unfinished == run:
        saved = interview.read_entries(kind, TranscribedWindow)
        return {window.number: window for window in saved}
    with interview.change("transcription begun") as change:
        if unfinished is not None:
            change.drop_artefact(kind)
        change.write_artefact(kind, run)
    return {}


def _build_recognition(options: DecodingOptions, tracks: tuple[Track, ...]) -> Recognition:
    return Recognition(
        language=options.language,
        layout=Layout(tracks),
        is_draft=options.is_draft,
        hints_version=options.hints_version,
        hints=len(options.hints),
        hints_cut=options.hints_cut,
    )


def _build_provenance(
    model: InstalledModel, options: DecodingOptions, tracks: tuple[Track, ...]
) -> Provenance:
    # A plus joins the channels of one track.
    channels = " ".join("+".join(str(c + 1) for c in track) for track in tracks)
    described = options.describe_options() | {"channels": channels}
    return Provenance("transcribe", PROGRAM_VERSION, model.name, model.sha256(), described)


@contextlib.contextmanager
def _lock_interview(
    interview: Interview, is_over: IsRecordingOver | None = None, stop: ShouldStop = no_stop
) -> Generator[None]:
    """Keep other processes from transcribing the interview until the block ends.

    While the interview is recorded (``is_over``) the lock is waited for: where a recorder died, the
    process that followed it works on for a while.
    """
    lock = PresenceLock(interview.study.folder / AUDIO_FOLDER / interview.id)
    try:
        while not lock.try_exclusive():
            if is_over is None or is_over():
                raise StudyInUse("This interview")
            if stop():
                raise Stopped("Transcribing")
            time.sleep(_LOCK_POLL_S)
        yield
    finally:
        lock.release()
