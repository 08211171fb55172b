"""The step: read the sealed sound, hear it window by window, save each, make the transcript.

Every window is saved in the study as soon as it is heard. A transcription that was stopped or
killed goes on with the first window that is not there; the windows are found again from the
sound itself, which always gives the same ones, so the result is that of an unbroken run. A
recording can be followed while it grows, and gives the same windows, too.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

import msgspec

from models.shelf import ModelHere
from study.artefacts import Kind
from study.conventions import settings
from study.disk import Presence
from study.errors import (
    LanguageUnknown,
    NoSpeech,
    SoundMissing,
    StillRecording,
    Stopped,
    StudyInUse,
)
from study.facts import TranscriptFacts
from study.intervals import Interval
from study.recordings import Sound, is_being_recorded, open_sound, require_whole
from study.steps import PROGRAM, Progress, Report, Stop, never, quietly
from study.store import AUDIO, Study
from study.terms import About, Layout, Provenance, Recognition, Transcript, Word
from transcribe.ahead import ahead
from transcribe.engine import Engine, Options
from transcribe.finishing import Recorded, finished
from transcribe.following import Hearing
from transcribe.growing import IsOver, following
from transcribe.heard import NEAR_S, Heard, bare, clamped, spoken_s
from transcribe.hearing import Source, Track, Whole, excerpt, pieces, tracks
from transcribe.hints import settled
from transcribe.tokens import knows
from transcribe.voice import speech
from transcribe.windows import Window, windows

_Loaded = Callable[[], Engine]

_DECIDE_S = 30  # of a recording, before it is told which channels hear one room; told again later


def transcribe(
    study: Study,
    interview: str,
    model: ModelHere,
    *,
    options: Options | None = None,
    stop: Stop = never,
    report: Report = quietly,
    is_over: IsOver | None = None,
) -> Transcript:
    """Transcribe an interview and keep the result as its newest raw transcript.

    is_over: where the interview is being recorded, whether that has ended: it is followed until
    then.

    Raises:
        LanguageUnknown: the model has not learnt the language.
        StepMissing: the interview has no sound.
        StillRecording: it is being recorded, and ``is_over`` was not given.
        SoundIncomplete: part of the recording is missing on the disk.
        NoSpeech: nobody speaks in it.
        Stopped: ``stop`` said so, or the recording broke off; what was heard is kept.
        StudyInUse: another process is transcribing this interview.
        ModelBroken: the model cannot be loaded.
        OutOfMemory: it does not fit this computer.
    """
    options = options or Options()
    if not knows(model, options.language):
        raise LanguageUnknown
    with (
        _source(study, interview, is_over, stop) as source,
        _claimed(study, interview),
        _loading(
            model,
            options := settled(study, interview, model, options),
            at_once=is_over is not None,
        ) as engine,
    ):
        named = len(_named(study, interview))
        source.reaches(source.sound.form.rate * _DECIDE_S)
        decided = tracks(source.sound, named)
        while True:
            job = _Job(study, interview, source, decided)
            made_by = _provenance(model, options, decided)
            saved = _resumed(study, interview, _way(made_by, options, decided))
            heard = _hear(job, model.offer.longest_window_s, engine, saved, stop, report)
            if is_over is None:
                break
            if study.find(interview).is_recording:  # the recorder died; its sound is not settled
                raise Stopped("Transcribing")
            # Which channels belong together is told from all of the sound.
            now = tracks(source.sound, named)
            if now == decided:
                break
            decided = now
        require_whole(study, interview)  # it may have been followed while it was recorded
        if not heard:
            with study.change("no speech found", interview) as change:
                change.drop(interview, Kind.WINDOWS)
            raise NoSpeech
        return _finish(job, heard, options, made_by)


@dataclass(frozen=True, slots=True)
class _Job:
    """What is being transcribed."""

    study: Study
    interview: str
    source: Source
    tracks: tuple[Track, ...]

    @property
    def sound(self) -> Sound:
        """All of its sound that is there."""
        return self.source.sound


@contextlib.contextmanager
def _source(study: Study, interview: str, is_over: IsOver | None, stop: Stop) -> Generator[Source]:
    if is_over is not None:
        with following(study, interview, is_over=is_over, stop=stop) as growing:
            yield growing
        return
    if is_being_recorded(study, interview):
        raise StillRecording
    require_whole(study, interview)
    sound = open_sound(study, interview)
    if sound is None or not sound.frames:
        raise SoundMissing
    with sound:
        yield Whole(sound)


def _hear(
    job: _Job,
    longest_s: float,
    engine: _Loaded,
    saved: dict[int, Heard],
    stop: Stop,
    report: Report,
) -> list[Heard]:
    """Return all windows heard; those in ``saved`` are taken from there."""
    heard: list[Heard] = []
    report(Progress(0.0, job.sound.duration_s, "listening"))
    with _found(job, longest_s) as found:
        for window in found:
            if stop():
                raise Stopped("Transcribing")
            result = saved.get(window.number)
            if result is None or not _is_of(result, window):
                result = _hear_one(engine(), job, window)
                with job.study.change("window heard", job.interview) as change:
                    change.append(job.interview, Kind.WINDOWS, result)
            heard.append(result)
            duration_s = job.sound.duration_s
            report(Progress(min(window.end_s, duration_s), duration_s, "transcribing"))
    return heard


@contextlib.contextmanager
def _loading(model: ModelHere, options: Options, *, at_once: bool) -> Generator[_Loaded]:
    """Load the model once, when it is first wanted or while the first sound is waited for."""
    if not at_once:
        yield cache(lambda: Engine(model, options))
        return
    with ThreadPoolExecutor(1, "loading") as thread:
        yield thread.submit(Engine, model, options).result


@contextlib.contextmanager
def _found(job: _Job, longest_s: float) -> Generator[Iterator[Window]]:
    """Find the windows; in sound that is all there, each while the one before is heard."""
    hearing = Hearing(longest_s=longest_s)
    if not isinstance(job.source, Whole):
        yield windows(speech(pieces(job.source, job.tracks), hearing), longest_s)
        return
    again = open_sound(job.study, job.interview)  # two threads do not read the same files
    assert again is not None, "it is open already"
    with again:
        found = windows(speech(pieces(Whole(again), job.tracks), hearing), longest_s)
        with contextlib.closing(ahead(found)) as coming:
            yield coming


def _is_of(heard: Heard, window: Window) -> bool:
    """Whether a saved window is still this one: another version may have cut elsewhere."""
    return (heard.channel, heard.speech) == (window.channel, window.speech)


def _hear_one(engine: Engine, job: _Job, window: Window) -> Heard:
    """Hear a window, and once more, differently, each of its passages that got no words."""
    words = _listen(engine, job, window, (window.start_s, window.end_s), again=False)
    heard = Heard(
        window.number,
        window.channel,
        window.start_s,
        window.end_s,
        window.speech,
        clamped(words, window.speech),
    )
    without = bare(heard)
    found = list(heard.words)
    for start_s, end_s in without:  # from the word before to the word after
        around = (max(window.start_s, start_s - NEAR_S), min(window.end_s, end_s + NEAR_S))
        found += clamped(_listen(engine, job, window, around, again=True), [around])
    return replace(
        heard,
        words=clamped(sorted(found, key=lambda word: word.start_s), window.speech),
        again_s=round(spoken_s(without, window.speech), 3),
    )


def _listen(
    engine: Engine, job: _Job, window: Window, stretch: Interval, *, again: bool
) -> list[Word]:
    samples = excerpt(job.sound, job.tracks[window.channel], *stretch)
    return engine.hear(samples, stretch[0], seed=window.number, again=again)


def _finish(job: _Job, heard: list[Heard], options: Options, made_by: Provenance) -> Transcript:
    study, interview = job.study, job.interview
    named = _named(study, interview)
    codes = [named[c] if c < len(named) else f"S{c + 1}" for c in range(len(job.tracks))]
    is_by_channel = len(job.tracks) > 1 or len(named) == 1
    sound = job.sound
    recorded = Recorded(sound.duration_s, codes, is_by_channel, sound.marks(), sound.joints())
    transcript = replace(
        finished(heard, recorded, options, settings(study), made_by),
        recognition=_recognition(options, job.tracks),
    )
    covered = transcript.coverage
    assert covered is not None
    told = TranscriptFacts(
        turns=len(transcript.turns),
        speech_s=covered.speech_s,
        covered_s=covered.covered_s,
        gaps=len(covered.gaps),
        again_s=covered.again_s,
        doubts=len(covered.doubts),
        flagged_s=covered.flagged_s,
        draft=options.is_draft,
    )
    with study.change("transcribed", interview) as change:
        change.put(interview, Kind.RAW, transcript, told)
        change.drop(interview, Kind.WINDOWS)
    return transcript


def _named(study: Study, interview: str) -> tuple[str, ...]:
    about = study.get(interview, Kind.ABOUT, About)
    return about.channels if about else ()


@dataclass(frozen=True, slots=True)
class _Begun:
    """A transcription under way.

    way: a hash of all that its words depend on beside the sound; "" in a study of format 1, whose
    unfinished runs are begun anew.
    """

    way: str = ""


def _way(made_by: Provenance, options: Options, heard: tuple[Track, ...]) -> _Begun:
    made_of = (made_by.program, made_by.model, made_by.model_sha256, replace(options, threads=0))
    said = msgspec.json.encode((*made_of, heard))
    return _Begun(hashlib.sha256(said).hexdigest())


def _resumed(study: Study, interview: str, wanted: _Begun) -> dict[int, Heard]:
    """Return the windows of an unfinished run with the same model and options, else begin one."""
    under_way = study.get(interview, Kind.WINDOWS, _Begun)
    if under_way == wanted:
        return {h.number: h for h in study.entries(interview, Kind.WINDOWS, Heard)}
    with study.change("transcription begun", interview) as change:
        if under_way is not None:
            change.drop(interview, Kind.WINDOWS)
        change.put(interview, Kind.WINDOWS, wanted)
    return {}


def _recognition(options: Options, heard: tuple[Track, ...]) -> Recognition:
    return Recognition(
        language=options.language,
        layout=Layout(heard),
        is_draft=options.is_draft,
        hints_version=options.hints_version,
        hints=len(options.hints),
        hints_cut=options.hints_cut,
    )


def _provenance(model: ModelHere, options: Options, heard: tuple[Track, ...]) -> Provenance:
    channels = " ".join("+".join(str(c + 1) for c in track) for track in heard)
    told = options.told() | {"channels": channels}  # those that were heard as one are joined by +
    return Provenance("transcribe", PROGRAM, model.name, model.sha256(), told)


@contextlib.contextmanager
def _claimed(study: Study, interview: str) -> Generator[None]:
    """Keep a second transcription of the same interview out, for as long as this one lives."""
    claim = Presence(study.folder / AUDIO / interview)
    try:
        if not claim.alone():
            raise StudyInUse("This interview")
        yield
    finally:
        claim.leave()
