"""Transcribe an interview: read its sealed sound, transcribe each window, build the transcript.

Every window is saved in the study as soon as the model has transcribed it. A transcription that
was stopped or killed goes on with the first window that is not saved; the windows are cut again
from the sound itself, which always gives the same ones, so the result is that of an unbroken run,
but for windows so unclear that the model's higher temperatures choose by chance. A recording can be
followed while it grows and gives the same windows. Nothing here corrects or removes a word;
``transcribe.bleed`` leaves out those that a second microphone gave twice.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

from models import InstalledModel
from study import (
    AUTO_LANGUAGE,
    PROGRAM_VERSION,
    SOUND_SEALED_FOR_CLUSTER,
    ArtefactKind,
    GatedAction,
    Interval,
    Layout,
    Provenance,
    Recognition,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    Transcript,
    measure_total_s,
    no_report,
    no_stop,
)
from study.errors import LanguageUnknown, NoSpeech, Stopped
from study.store import (
    Interview,
    InterviewSound,
    read_settings,
    require_interview_consent,
    require_whole,
)
from transcribe.audio_tracks import CompleteSound, Samples, Track, choose_tracks
from transcribe.cluster.remote_engine import RemoteEngine
from transcribe.cluster.remote_workers import RemoteWorkers
from transcribe.engine import DecodingOptions, SpeechEngine
from transcribe.hints import add_hints
from transcribe.language_check import GuessLanguage, LanguageCheck, choose_detector
from transcribe.language_guess import LanguageGuess
from transcribe.live_sound import IsRecordingOver
from transcribe.passage_sound import PassageSound
from transcribe.sound_opening import lock_interview, open_feed
from transcribe.speech_coverage import TranscribedWindow, shift_window
from transcribe.tokens import knows_language
from transcribe.transcript_assembly import (
    RecordingFacts,
    assemble_transcript,
    build_transcript_facts,
)
from transcribe.unfinished_run import fingerprint_run, resume_windows
from transcribe.window_hearing import HearingJob, LoadEngine, find_windows, transcribe_windows
from transcribe.windows import Window

_LEAST_SPEECH_S = 1.0  # less of it, without a word, is nobody's

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
    workers: RemoteWorkers | None = None,
) -> Transcript:
    """Transcribe an interview and save the result as its newest raw transcript.

    is_over: tells whether the recording of the interview has ended. With it, an interview that is
    being recorded is followed until then; without it, such an interview is refused. is_unchecked:
    a person insists on the language of the options, whatever the first minutes sound like. workers:
    those of a cluster, which transcribe in place of this computer; not while it is being recorded.

    Raises:
        ClusterError: no worker can transcribe any more; finished windows stay saved.
        ConsentError: somebody who was heard did not agree to it.
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
    require_interview_consent(interview, GatedAction.TRANSCRIBE)
    _require_language(model, options)
    with (
        open_feed(interview, is_over, stop) as source,
        lock_interview(interview, is_over, stop),
        _load_engine(
            interview,
            model,
            options := add_hints(interview, model, options),
            at_once=is_over is not None,
            workers=workers,
        ) as engine,
    ):
        named = len(interview.details.channels)
        source.wait_for_frames(source.sound.form.rate * _DECIDE_S)
        tracks = choose_tracks(source.sound, named)
        job = HearingJob(interview, source, tracks)
        check = _begin_language_check(job, model, options, engine, is_unchecked=is_unchecked)
        while True:
            report(TaskProgress(0.0, job.sound.duration_s, "listening"))
            with find_windows(job) as found:
                finding = _settle_language(check, found)
                options = replace(options, language=check.language)
                made_by = _build_provenance(model, options, tracks)
                saved = resume_windows(interview, fingerprint_run(made_by, options, tracks))
                windows = transcribe_windows(
                    job, finding, engine, check, saved, stop, report, workers
                )
            if is_over is None:
                break
            if interview.summary.is_recording:  # the recorder died; its sound is not settled
                raise Stopped("Transcribing")
            # Only all of the sound settles which channels belong together.
            settled = choose_tracks(source.sound, named)
            if settled == tracks:
                break
            tracks = settled
            job = replace(job, tracks=tracks)
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
    workers: RemoteWorkers | None = None,
) -> HeardPassage:
    """Transcribe the sound of a passage as an interview is transcribed; save no transcript.

    passage: in seconds of the interview. Its windows are saved as they are made; whoever saves the
    result drops ``ArtefactKind.HEARING_WINDOWS``.

    Raises:
        As for ``transcribe_interview``, but ``NoSpeech``: then there are no windows.
    """
    _require_language(model, options)
    with (
        open_feed(interview, None, stop) as whole,
        lock_interview(interview),
        _load_engine(
            interview,
            model,
            options := add_hints(interview, model, options),
            at_once=False,
            workers=workers,
        ) as engine,
    ):
        tracks = choose_tracks(whole.sound, len(interview.details.channels))
        source = CompleteSound(PassageSound(whole.sound, passage))
        job = HearingJob(interview, source, tracks, passage)
        # A person chose the passage and its language: what sounds like another is flagged only.
        check = _begin_language_check(job, model, options, engine, is_unchecked=True)
        recorded = _describe_recording(interview, whole.sound, tracks)
        report(TaskProgress(0.0, job.sound.duration_s, "listening"))
        with find_windows(job) as found:
            finding = _settle_language(check, found)
            options = replace(options, language=check.language)
            made_by = _build_provenance(model, options, tracks)
            run = fingerprint_run(made_by, options, tracks, passage)
            saved = resume_windows(interview, run, ArtefactKind.HEARING_WINDOWS)
            windows = transcribe_windows(job, finding, engine, check, saved, stop, report, workers)
    shifted = [shift_window(window, passage[0]) for window in windows]
    return HeardPassage(shifted, recorded, options, _build_recognition(options, tracks), made_by)


def _require_language(model: InstalledModel, options: DecodingOptions) -> None:
    if options.language != AUTO_LANGUAGE and not knows_language(model, options.language):
        raise LanguageUnknown


@contextlib.contextmanager
def _load_engine(
    interview: Interview,
    model: InstalledModel,
    options: DecodingOptions,
    *,
    at_once: bool,
    workers: RemoteWorkers | None = None,
) -> Generator[LoadEngine]:
    """Load the model once: at its first use, or ``at_once`` on a thread while sound is awaited.

    workers: have it, and it is not loaded here.
    """
    if workers is not None:
        engine = RemoteEngine(workers, model, options)
        if workers.are_elsewhere:
            with interview.change(SOUND_SEALED_FOR_CLUSTER):
                pass  # the trail's line is all
        yield lambda: engine
        return
    if not at_once:
        yield cache(lambda: SpeechEngine(model, options))
        return
    with ThreadPoolExecutor(1, "loading") as thread:
        yield thread.submit(SpeechEngine, model, options).result


def _begin_language_check(
    job: HearingJob,
    model: InstalledModel,
    options: DecodingOptions,
    engine: LoadEngine,
    *,
    is_unchecked: bool,
) -> LanguageCheck:
    """Return the check of the interview's language; the windows will settle it."""

    def load_other(other: InstalledModel) -> GuessLanguage:
        loaded, turn = SpeechEngine(other, options), threading.Lock()

        def guess(samples: Samples) -> LanguageGuess:
            with turn:  # an engine hears one window at a time
                return loaded.detect_language(samples)

        return guess

    def read(channel: int, span: Interval) -> Samples:
        return job.read_track(channel, *span)

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


def _is_spoken(windows: list[TranscribedWindow]) -> bool:
    """Whether anybody speaks: there are words, or more that sounds like speech than chance gives.

    In 12 s of chords voice activity finds two moments of half a second.
    """
    has_words = any(window.words for window in windows)
    return has_words or sum(measure_total_s(w.speech) for w in windows) >= _LEAST_SPEECH_S


def _save_transcript(
    job: HearingJob, windows: list[TranscribedWindow], options: DecodingOptions, made_by: Provenance
) -> Transcript:
    interview = job.interview
    recorded = _describe_recording(interview, job.sound, job.tracks)
    transcript = replace(
        assemble_transcript(windows, recorded, options, read_settings(interview.study), made_by),
        recognition=_build_recognition(options, job.tracks),
    )
    facts = build_transcript_facts(transcript, is_draft=options.is_draft)
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
