"""Record an interview without a screen; callbacks decide when to pause, mark and stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from capture.audio_source import OpenSource
from capture.recording_session import RecordingSession
from capture.recording_status import RecordingPhase, RecordingStatus
from study import MarkKind, ShouldStop, no_stop
from study.store import Interview

ReportStatus = Callable[[RecordingStatus], None]
Answer = tuple[MarkKind, str]  # what somebody showed, and the code of who; "" for everybody
TakeAnswer = Callable[[], Answer | None]
_LOOK_S = 0.1


def _ignore_status(_: RecordingStatus) -> None:
    """Default for ``report_status``: ignores the status."""


def _no_answer() -> Answer | None:
    """Default for ``take_answer``: nobody was asked."""
    return None


def record_interview(
    interview: Interview,
    *,
    device: str | None = None,
    channels: int | None = None,
    seconds: float | None = None,
    stop: ShouldStop = no_stop,
    pause: ShouldStop = no_stop,
    mark: ShouldStop = no_stop,
    willing: Sequence[Answer] = (),
    take_answer: TakeAnswer = _no_answer,
    report_status: ReportStatus = _ignore_status,
    opener: OpenSource | None = None,
) -> RecordingStatus:
    """Record an interview until ``stop`` says so or ``seconds`` are over, pauses not counted.

    device: see ``find_device``. channels: None takes one for each speaker with a channel of their
    own (see ``InterviewDetails``), one in all if nobody has. stop, pause, mark: called ten times a
    second; True stops, pauses (until False) or marks this place. willing: what everybody showed
    before it began, which is marked at its beginning. take_answer: called as often; returns what
    somebody showed since: a dissent ends the recording at once, distress pauses it, all is marked.
    report_status: called as often.
    opener: used in place of a microphone's. If the microphone is lost, it is opened again.

    Raises:
        ConsentError: the consent of who is present does not cover it.
        NoSoundLibrary, NoMicrophone, MicrophoneFailed, UnknownInterview: nothing was recorded.
        DiskFull, StudyUnwritable, DiskFailed: all before is kept.
    """
    about = interview.summary.about
    speakers = len(about.channels) if about else 0
    opener = opener or _open_microphone(device, channels or speakers or 1)
    session = RecordingSession(interview, opener, planned_s=seconds)
    session.start()
    with session:
        for kind, code in willing:
            session.mark_consent(kind, code, place=0)  # sound may have come since it began
        while not stop():
            status = session.read_status()
            report_status(status)
            if status.doing is RecordingPhase.ENDED or _has_had_time(status, seconds):
                break
            answer, code = take_answer() or (None, "")
            if answer is MarkKind.DISTRESS:
                session.mark_distress()
                continue
            _pause_or_resume(session, status, wants_pause=pause())
            if answer is not None:
                session.mark_consent(answer, code)
            if answer is MarkKind.DISSENT:
                break
            if mark():
                session.set_marker()
            session.wait(_LOOK_S)
    return session.stop()


def _has_had_time(status: RecordingStatus, seconds: float | None) -> bool:
    """Whether as much was recorded as was asked for; what a gap or a slow disk took counts as well.

    A microphone delivers its first sound late, so the time since the start is not what was kept.
    """
    if seconds is None:
        return False
    gone_s = status.missing_s + status.dropped_s + status.away_s * (not _is_aside(status))
    return status.sound_s + status.queued_s + gone_s >= seconds


def _is_aside(status: RecordingStatus) -> bool:
    return status.doing in {RecordingPhase.PAUSED, RecordingPhase.OFF_RECORD}


def _pause_or_resume(
    session: RecordingSession, status: RecordingStatus, *, wants_pause: bool
) -> None:
    if wants_pause and status.doing in {RecordingPhase.RECORDING, RecordingPhase.RECONNECTING}:
        session.pause()
    elif status.doing is RecordingPhase.PAUSED and not wants_pause:
        session.resume()


def _open_microphone(device: str | None, channels: int) -> OpenSource:
    from capture.microphone import make_opener

    return make_opener(device, channels)
