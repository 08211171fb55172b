"""``earshot record``: record from a microphone."""

from __future__ import annotations

import argparse
import re
import threading

from study.artefacts import State
from study.errors import NoMicrophone
from study.store import Study
from tui.talk import Talk, clock
from tui.verb import Verb, opened, study_argument
from tui.verbs.import_ import about, about_arguments

_UNITS_S = {"": 1, "s": 1, "m": 60, "h": 3600}


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
    about_arguments(parser)
    parser.add_argument("--device", metavar="NAME", help="which microphone; else the system's own")
    parser.add_argument(
        "--for", dest="length_s", type=duration_s, metavar="30m", help="stop by itself after this"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    if given.devices:
        return _list(talk)
    from capture.devices import find

    find(given.device)  # no interview is made for a microphone that is not there
    with opened(given, talk) as study:
        interview = study.find(given.interview).id if given.interview else _enter(study, given)
        return _record(study, interview, given, talk)


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


def _enter(study: Study, given: argparse.Namespace) -> str:
    """Enter the interview, or take up one of that label whose microphone failed at once."""
    for summary in study.summaries():
        if summary.label == given.label and summary.state is State.EMPTY:
            return summary.id
    with study.change("interview entered") as change:
        interview = change.add_interview(about(given.label, given))
        change.facts["interview"] = interview
    return interview


def _record(study: Study, interview: str, given: argparse.Namespace, talk: Talk) -> int:
    from capture.levels import SILENCE_DBFS
    from capture.recorder import record
    from capture.status import Status

    def show(status: Status) -> None:
        talk.show(
            f"● REC {clock(status.elapsed_s)}"
            f"  level {max(status.level_dbfs, default=SILENCE_DBFS):5.1f} dBFS"
            + (f"  ! {status.fault}" if status.fault else "")
        )

    ended = threading.Event()
    talk.say("Recording. Ctrl+C stops and seals it.")
    with talk.interrupts(ended):
        status = record(
            study,
            interview,
            device=given.device,
            seconds=given.length_s,
            stop=ended.is_set,
            report_status=show,
        )
    talk.result(
        {"interview": interview, "sound_s": status.sound_s, "dropped_frames": status.dropped},
        [f"{study.find(interview).label}  {interview}  {clock(status.sound_s)} recorded, sealed"],
    )
    return 0


VERB = Verb(
    name="record",
    summary="Record an interview from a microphone, sealed to disk every second.",
    example="earshot record dementia-course --label P07_i1 --for 45m",
    run=_run,
    arguments=_arguments,
)
