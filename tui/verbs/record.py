"""``earshot record``: record from a microphone."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

from models import shelf
from study.artefacts import Kind, Summary
from study.errors import EarshotError, NoMicrophone, PoorSound, Stopped
from study.screen_text import clock
from study.steps import Progress
from study.store import WHOLE_STUDY, Study
from study.terms import Setting, Transcript
from study.waiting import Waiting
from tui import beginning
from tui.background import Ending, Failed, Halted
from tui.beginning import Plan
from tui.live import Live
from tui.signals import Steering, interrupting
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument
from tui.verbs import transcribe
from tui.verbs.import_ import about, about_arguments

if TYPE_CHECKING:
    from capture.moment import Doing, Moment

_UNITS_S = {"": 1, "s": 1, "m": 60, "h": 3600}
_TOLD_EVERY_S = 1.0  # to scripts, who read every line


def duration_s(text: str) -> float:
    """Return seconds from ``90``, ``90s``, ``30m`` or ``1h``.

    Raises:
        argparse.ArgumentTypeError: it is none of these.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip())
    if found is None or float(found[1]) <= 0:
        raise argparse.ArgumentTypeError("give a length such as 90s, 30m or 1h")
    return float(found[1]) * _UNITS_S[found[2]]


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--label", help="a code for a new interview, such as P07_i1")
    what.add_argument("--interview", help="go on with this interview")
    what.add_argument("--devices", action="store_true", help="list the microphones and stop")
    what.add_argument(
        "--check", action="store_true", help="listen for 5 seconds and say whether it is good"
    )
    about_arguments(parser)
    parser.add_argument(
        "--device", metavar="NAME", help="which microphone; else the study's last, or the system's"
    )
    parser.add_argument(
        "--for", dest="length_s", type=duration_s, metavar="30m", help="stop by itself after this"
    )
    parser.add_argument(
        "--transcribe",
        nargs="?",
        const="",
        metavar="MODEL",
        help="transcribe while it is recorded, with this speech model or the best that is here",
    )
    parser.add_argument("--language", default="en", help="the language spoken, for --transcribe")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    if given.devices:
        return _list(talk)
    from capture.devices import find

    if given.device:
        given.device = find(given.device).name  # nothing is made for one that is not there
    with opened(given, talk) as study:
        device = given.device or _remembered(study, talk)
        if given.check:
            return _check(device, given, talk)
        return _record(study, device, given, talk)


def _list(talk: Talk) -> int:
    from capture.devices import devices

    found = devices()
    if not found:
        raise NoMicrophone
    talk.table(
        found,
        ["microphone", "channels", "rate", ""],
        [
            (d.name, str(d.channels), f"{d.rate} Hz", "default" if d.is_default else "")
            for d in found
        ],
    )
    return 0


def _remembered(study: Study, talk: Talk) -> str:
    """Return the microphone of last time if it is here, else the system's own."""
    from capture.devices import choose, devices

    known, found = beginning.settings(study).device, devices()
    if known in {device.name for device in found}:
        return known
    default = choose(found, None).name
    if known:
        talk.say(f"The microphone of last time is not here. Taking {default}.")
    return default


def _check(device: str, given: argparse.Namespace, talk: Talk) -> int:
    from capture.microphone import opener
    from capture.soundcheck import check

    steering = Steering()
    talk.say(f"Listening to {device}: speak as you will in the interview.")

    def show(seconds: float, levels: tuple[float, ...]) -> None:
        talk.show(f"{seconds:.0f} s  level {max(levels):5.1f} dBFS")

    channels = len(about("P1", given).channels) or 1
    with steering.listening():
        found, _ = check(opener(device, channels), stop=steering.has_ended, report=show)
    if not found.is_good:
        talk.event("checked", found)
        raise PoorSound(found.verdict)
    lines = [
        f"channel {number}: speech {one.speech_dbfs:.0f} dBFS, the room {one.noise_dbfs:.0f}, "
        f"loudest {one.peak_dbfs:.0f}"
        for number, one in enumerate(found.channels, 1)
    ]
    talk.result(found, [found.verdict, *lines])
    return 0


def _record(study: Study, device: str, given: argparse.Namespace, talk: Talk) -> int:
    if given.transcribe is None:
        _sealed(study, _planned(study, device, given), device, given, talk)
        return 0
    shelf.speech(given.transcribe)  # nothing is recorded in the hope of a model that is not here
    summary = _planned(study, device, given)
    told: SimpleQueue[Progress | Ending] = SimpleQueue()
    wanted = Waiting(summary.id, given.transcribe, given.language)
    live = Live(study, wanted, tell=told.put)
    live.start()
    try:
        _sealed(study, summary, device, given, talk)
        live.recording_ended()
        return _caught_up(study, summary, live, told, talk)
    finally:
        live.leave()


def _caught_up(
    study: Study,
    summary: Summary,
    live: Live,
    told: SimpleQueue[Progress | Ending],
    talk: Talk,
) -> int:
    """Wait until what was recorded is transcribed; Ctrl+C puts that off, and loses nothing."""
    talk.say("Transcribing what is missing. Ctrl+C leaves it for later.")
    with interrupting(live.stop):
        while isinstance(event := told.get(), Progress):
            talk.progress(event)
    if isinstance(event, Failed):
        talk.say("The recording is sealed and safe; only its transcript is missing.")
        return talk.failed(event.message, event.advice, event.exit_code)
    transcript = study.get(summary.id, Kind.RAW, Transcript)
    if isinstance(event, Halted) or transcript is None:
        raise Stopped("Transcribing")
    talk.event("transcribed", transcribe.outcome(transcript))
    talk.say("\n".join(transcribe.told(transcript)))
    return 0


def _sealed(
    study: Study, summary: Summary, device: str, given: argparse.Namespace, talk: Talk
) -> None:
    from capture.headless import record

    steering, news = Steering(), _News(talk)
    talk.say(_HOW)
    try:
        with steering.listening():
            last = record(
                study,
                summary.id,
                device=device,
                seconds=given.length_s,
                stop=steering.has_ended,
                pause=steering.is_paused,
                mark=steering.wants_mark,
                report_moment=news.tell,
            )
    except EarshotError:
        kept_s = study.find(summary.id).sound_s - summary.sound_s
        talk.event("kept", {"interview": summary.id, "sound_s": kept_s})
        talk.say(f"{clock(kept_s)} were recorded; they are sealed and safe.")
        raise
    talk.result(
        {
            "interview": summary.id,
            "sound_s": last.sound_s,
            "paused_s": last.paused_s,
            "missing_s": last.missing_s,
            "dropped_s": last.dropped_s,
            "marks": last.marks,
        },
        [f"{summary.label}  {summary.id}  {clock(last.sound_s)} recorded, sealed"],
    )


def _planned(study: Study, device: str, given: argparse.Namespace) -> Summary:
    """Enter what is settled, and return the interview."""
    known = (
        study.find(given.interview) if given.interview else beginning.find_empty(study, given.label)
    )
    described = (known.about if known else None) or about(given.label or "", given)
    if given.interview is None and known is not None and given.participant:
        described = replace(described, participants=about(given.label, given).participants)
    setting = Setting(
        present=tuple(participant.code for participant in described.participants),
        device=device,
        guide_version=study.version(WHOLE_STUDY, Kind.GUIDE),
    )
    return study.find(beginning.enter(study, Plan(described, setting, known.id if known else "")))


class _News:
    """Tells people in one line, and scripts in one a second and at each change."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._told: tuple[Doing | None, int, int] = (None, 0, 0)

    def tell(self, moment: Moment) -> None:
        """Tell how it goes."""
        from capture.levels import SILENCE_DBFS
        from tui.widgets import telling

        level = max(moment.level_dbfs, default=SILENCE_DBFS)
        fault = f"  ! {moment.faults[0].sentence}" if moment.faults else ""
        self._talk.show(
            f"{telling.banner(moment).word} {telling.counted(moment.sound_s)}"
            f"  level {level:5.1f} dBFS  {telling.disk(moment)}{fault}"
        )
        now = (moment.doing, moment.marks, int(moment.elapsed_s / _TOLD_EVERY_S))
        if now != self._told:
            self._told = now
            self._talk.event("recording", moment)


_HOW = (
    "Recording. Ctrl+C stops and seals it; the signal USR1 pauses it and goes on, USR2 marks a"
    " place."
)

VERB = Verb(
    name="record",
    summary="Record an interview from a microphone, sealed to disk every second.",
    example="earshot record dementia-course --label P07_i1 --for 45m",
    run=_run,
    arguments=_arguments,
)
