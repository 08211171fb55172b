"""The step: read the sealed sound, hear it window by window, save each, make the transcript.

Every window is saved in the study as soon as it is heard. A transcription that was stopped or
killed goes on with the first window that is not there; the windows are found again from the
sound itself, which always gives the same ones, so the result is that of an unbroken run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass

from models.shelf import ModelHere
from study.artefacts import Kind
from study.disk import Presence
from study.errors import NoSpeech, StepMissing, Stopped, StudyInUse
from study.recordings import Sound, open_sound
from study.steps import PROGRAM, Progress, Report, Stop, never, quietly
from study.store import AUDIO, Study
from study.terms import About, Provenance, Transcript
from transcribe.engine import Engine, Options
from transcribe.hearing import Track, excerpt, pieces, tracks
from transcribe.turns import Heard, clamped, coverage, turns
from transcribe.voice import Hearing, spans
from transcribe.windows import Window, windows


def transcribe(
    study: Study,
    interview: str,
    model: ModelHere,
    *,
    options: Options | None = None,
    stop: Stop = never,
    report: Report = quietly,
) -> Transcript:
    """Transcribe an interview and keep the result as its newest raw transcript.

    Raises:
        StepMissing: the interview has no sound.
        NoSpeech: nobody speaks in it.
        Stopped: ``stop`` said so; what was heard is kept.
        StudyInUse: another process is transcribing this interview.
        ModelBroken: the model cannot be loaded.
    """
    options = options or Options()
    sound = open_sound(study, interview)
    if sound is None or not sound.frames:
        raise StepMissing("sound", "Import a file, or record the interview.")
    with sound, _claimed(study, interview):
        job = _Job(study, interview, sound, tracks(sound, len(_named(study, interview))))
        made_by = _provenance(model, options)
        heard = _resumed(study, interview, made_by)
        _hear(job, model, options, heard, stop, report)
        if not heard:
            with study.change("no speech found", interview) as change:
                change.drop(interview, Kind.WINDOWS)
            raise NoSpeech
        return _finish(job, [heard[n] for n in sorted(heard)], made_by)


@dataclass(frozen=True, slots=True)
class _Job:
    """What is being transcribed."""

    study: Study
    interview: str
    sound: Sound
    tracks: tuple[Track, ...]


def _hear(
    job: _Job,
    model: ModelHere,
    options: Options,
    heard: dict[int, Heard],
    stop: Stop,
    report: Report,
) -> None:
    """Hear every window that is not in ``heard`` yet, and put it there."""
    engine: Engine | None = None
    duration_s = job.sound.duration_s
    report(Progress(0.0, duration_s, "listening"))
    spoken = spans(pieces(job.sound, job.tracks), Hearing())
    for window in windows(spoken, model.offer.longest_window_s):
        if stop():
            raise Stopped("Transcribing")
        if window.number not in heard:
            engine = engine or Engine(model, options)
            result = _hear_one(engine, job, window)
            with job.study.change("window heard", job.interview) as change:
                change.append(job.interview, Kind.WINDOWS, result, {"heard_s": window.end_s})
            heard[window.number] = result
        report(Progress(min(window.end_s, duration_s), duration_s, "transcribing"))


def _hear_one(engine: Engine, job: _Job, window: Window) -> Heard:
    samples = excerpt(job.sound, job.tracks[window.channel], window.start_s, window.end_s)
    words = engine.hear(samples, window.start_s, seed=window.number)
    return Heard(
        window.number,
        window.channel,
        window.start_s,
        window.end_s,
        window.speech,
        clamped(words, window.start_s, window.end_s),
    )


def _finish(job: _Job, heard: list[Heard], made_by: Provenance) -> Transcript:
    study, interview = job.study, job.interview
    named = _named(study, interview)
    codes = [named[c] if c < len(named) else f"S{c + 1}" for c in range(len(job.tracks))]
    covered = coverage(heard, job.sound.duration_s)
    made = turns(heard, codes, by_channel=len(job.tracks) > 1 or len(named) == 1)
    transcript = Transcript(made, made_by, covered)
    counts = {
        "turns": len(made),
        "speech_s": covered.speech_s,
        "covered_s": covered.covered_s,
        "gaps": len(covered.gaps),
    }
    with study.change("transcribed", interview) as change:
        change.put(interview, Kind.RAW, transcript, counts)
        change.drop(interview, Kind.WINDOWS)
    return transcript


def _named(study: Study, interview: str) -> tuple[str, ...]:
    about = study.get(interview, Kind.ABOUT, About)
    return about.channels if about else ()


def _resumed(study: Study, interview: str, made_by: Provenance) -> dict[int, Heard]:
    """Return the windows of an unfinished run with the same model and options, else begin one."""
    under_way = study.get(interview, Kind.WINDOWS, Provenance)
    if under_way == made_by:
        return {h.number: h for h in study.entries(interview, Kind.WINDOWS, Heard)}
    with study.change("transcription begun", interview) as change:
        if under_way is not None:
            change.drop(interview, Kind.WINDOWS)
        change.put(interview, Kind.WINDOWS, made_by)
    return {}


def _provenance(model: ModelHere, options: Options) -> Provenance:
    return Provenance("transcribe", PROGRAM, model.name, model.sha256(), options.told())


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
