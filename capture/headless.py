"""Record without a screen: until told to stop, and paused while told to be."""

from __future__ import annotations

from collections.abc import Callable

from capture.moment import Doing, Moment
from capture.session import Session
from capture.source import Opener
from study.steps import Stop, never
from study.store import Study

ReportMoment = Callable[[Moment], None]
_LOOK_S = 0.1


def _silently(_: Moment) -> None:
    """Be the report of a recording that nobody watches."""


def record(
    study: Study,
    interview: str,
    *,
    device: str | None = None,
    channels: int | None = None,
    seconds: float | None = None,
    stop: Stop = never,
    pause: Stop = never,
    mark: Stop = never,
    report_moment: ReportMoment = _silently,
    opener: Opener | None = None,
) -> Moment:
    """Record an interview until ``stop`` says so or ``seconds`` are over, pauses not counted.

    interview: its id or label. device: see ``devices.find``. channels: None takes one for each
    speaker who has a channel of their own (see ``About``), one for all if nobody has.
    pause: asked ten times a second whether to be paused now. mark: the same, whether to mark this
    place. report_moment: called as often.
    opener: instead of that of a microphone. A microphone that goes away is waited for.

    Raises:
        NoSoundLibrary, NoMicrophone, MicrophoneFailed, UnknownInterview: nothing was recorded.
        DiskFull, StudyUnwritable, DiskFailed: all before is kept.
    """
    found = study.find(interview)
    speakers = len(found.about.channels) if found.about else 0
    opener = opener or _microphone(device, channels or speakers or 1)
    session = Session(study, found.id, opener, planned_s=seconds)
    session.start()
    with session:
        while not stop():
            moment = session.moment()
            report_moment(moment)
            has_had_time = seconds is not None and moment.elapsed_s - moment.paused_s >= seconds
            if moment.doing is Doing.ENDED or has_had_time:
                break
            _obey(session, moment, wants_pause=pause())
            if mark():
                session.marker()
            session.wait(_LOOK_S)
    return session.stop()


def _obey(session: Session, moment: Moment, *, wants_pause: bool) -> None:
    if wants_pause and moment.doing in {Doing.RECORDING, Doing.RECONNECTING}:
        session.pause()
    elif moment.doing is Doing.PAUSED and not wants_pause:
        session.resume()


def _microphone(device: str | None, channels: int) -> Opener:
    from capture.microphone import opener

    return opener(device, channels)
