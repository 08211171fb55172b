"""``earshot record``: record an interview from a microphone, without a screen."""

from __future__ import annotations

import argparse
import contextlib
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

from app import (
    AskedPerson,
    JobEnding,
    JobFailed,
    JobStopped,
    LiveTranscription,
    RecordingPlan,
    Willing,
    choose_banner,
    describe_disk,
    enter_recording_plan,
    find_empty,
    format_elapsed,
    group_asked,
    list_asked,
    note_spoken_consent,
    suggest_spoken_label,
)
from cli.asked_names import ask_names
from cli.console import Console
from cli.recording_signals import RecordingSignals, call_on_interrupt
from cli.terminal_keys import read_single_keys
from cli.verb import VERB_PROGRAM, Verb, add_study_argument, open_named_study
from cli.verbs.import_ import add_about_arguments, build_about
from cli.verbs.transcribe import build_transcript_data, describe_transcript
from cli.willingness import RecordingKeys, ask_willingness, has_keys
from models import find_speech_model
from study import (
    ArtefactKind,
    ConsentRule,
    GatedAction,
    InterviewDetails,
    InterviewSummary,
    MarkKind,
    Participant,
    QueuedInterview,
    RecordingSetup,
    Role,
    TaskProgress,
    Transcript,
    format_clock,
    is_code,
    parse_language,
)
from study.errors import (
    EarshotError,
    NoMicrophone,
    NotWilling,
    PoorSound,
    Stopped,
    WillingnessFlaw,
)
from study.store import (
    Study,
    note_unwilling,
    read_consent,
    read_settings,
    read_study_policy,
    require_consent,
)

if TYPE_CHECKING:
    from capture import RecordingPhase, RecordingStatus

_WILLING = {"agreed": MarkKind.AFFIRMED, "assent": MarkKind.ASSENT}
_UNITS_S = {"": 1, "s": 1, "m": 60, "h": 3600}
_REPORT_EVERY_S = 1.0  # to scripts, which read every line


def parse_duration_s(text: str) -> float:
    """Return seconds from ``90``, ``90s``, ``30m`` or ``1h``.

    Raises:
        argparse.ArgumentTypeError: the text is none of these.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip())
    if found is None or float(found[1]) <= 0:
        raise argparse.ArgumentTypeError("give a length such as 90s, 30m or 1h")
    return float(found[1]) * _UNITS_S[found[2]]


def _parse_willing(text: str) -> Willing:
    """Return what was shown and by whom, "" for everybody, from ``agreed`` or ``P01=assent``."""
    code, _, shown = text.rpartition("=")
    if shown not in _WILLING or (code and not is_code(code)):
        raise argparse.ArgumentTypeError("give agreed or assent, or P01=agreed for each")
    return _WILLING[shown], code


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--label", help="a code for a new interview, such as P07_i1")
    what.add_argument("--interview", help="go on with this interview")
    what.add_argument(
        "--spoken-consent",
        metavar="CODE",
        help="record this participant saying what they agree to, apart from every interview",
    )
    what.add_argument("--devices", action="store_true", help="list the microphones and stop")
    what.add_argument(
        "--check", action="store_true", help="listen for 5 seconds and say whether it is good"
    )
    add_about_arguments(parser)
    parser.add_argument(
        "--willing",
        action="append",
        type=_parse_willing,
        metavar="[CODE=]agreed|assent",
        help="what everybody showed when they were asked just now: that they agree, or without"
        " capacity that they are willing; with CODE=, what this one showed, once for each; else it"
        " is asked on the terminal",
    )
    parser.add_argument(
        "--device", metavar="NAME", help="which microphone; else the study's last, or the system's"
    )
    parser.add_argument(
        "--for",
        dest="length_s",
        type=parse_duration_s,
        metavar="30m",
        help="stop by itself after this",
    )
    parser.add_argument(
        "--transcribe",
        nargs="?",
        const="",
        metavar="MODEL",
        help="transcribe while it is recorded, with this speech model or the best that is here",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.devices:
        return _list(console)
    ask_names(arguments)
    from capture import find_device

    if arguments.device:
        arguments.device = find_device(arguments.device).name  # fails before an interview is made
    with open_named_study(arguments, console) as study:
        device = arguments.device or _remembered(study, console)
        if arguments.check:
            return _check(device, arguments, console)
        return _record(study, device, arguments, console)


def _list(console: Console) -> int:
    from capture import list_devices

    found = list_devices()
    if not found:
        raise NoMicrophone
    console.print_table(
        found,
        ["microphone", "channels", "rate", ""],
        [
            (d.name, str(d.channels), f"{d.rate} Hz", "default" if d.is_default else "")
            for d in found
        ],
    )
    return 0


def _remembered(study: Study, console: Console) -> str:
    """Return the microphone of last time if it is connected, else the system's default."""
    from capture import list_devices, pick_device

    known, found = read_settings(study).device, list_devices()
    if known in {device.name for device in found}:
        return known
    default = pick_device(found, None).name
    if known:
        console.say(f"The microphone used last time is not here. Taking {default}.")
    return default


def _check(device: str, arguments: argparse.Namespace, console: Console) -> int:
    from capture import make_opener, run_sound_check

    steering = RecordingSignals()
    console.say(f"Listening to {device}: speak as you will in the interview.")

    def show(seconds: float, levels: tuple[float, ...]) -> None:
        console.show_line(f"{seconds:.0f} s  level {max(levels):5.1f} dBFS")

    channels = len(build_about("P1", arguments).channels) or 1
    with steering.handle_signals():
        found, _ = run_sound_check(
            make_opener(device, channels), stop=steering.has_ended, report=show
        )
    if not found.is_good:
        console.print_event("checked", found)
        raise PoorSound(found.verdict)
    lines = [
        f"channel {number}: speech {one.speech_dbfs:.0f} dBFS, the room {one.noise_dbfs:.0f}, "
        f"loudest {one.peak_dbfs:.0f}"
        for number, one in enumerate(found.channels, 1)
    ]
    console.print_result(found, [found.verdict, *lines])
    return 0


def _record(study: Study, device: str, arguments: argparse.Namespace, console: Console) -> int:
    if arguments.transcribe is None:
        summary = _planned(study, device, arguments)
        _sealed(study, summary, device, arguments, console)
        if arguments.spoken_consent and read_consent(study, arguments.spoken_consent):
            note_spoken_consent(study, arguments.spoken_consent, summary.id)
        return 0
    # A missing model or an unknown language is an error before the recording.
    find_speech_model(arguments.transcribe, build_about("P1", arguments).language)
    summary = _planned(study, device, arguments)
    events: SimpleQueue[TaskProgress | JobEnding] = SimpleQueue()
    wanted = QueuedInterview(summary.id, arguments.transcribe)
    live = LiveTranscription(study, wanted, report=events.put, program=VERB_PROGRAM)
    live.start()
    try:
        if not _sealed(study, summary, device, arguments, console):
            console.say(_NOTHING_MORE)
            return 0
        live.finish_following()
        return _finish_transcript(study, summary, live, events, console)
    finally:
        live.stop_and_wait()


def _finish_transcript(
    study: Study,
    summary: InterviewSummary,
    live: LiveTranscription,
    events: SimpleQueue[TaskProgress | JobEnding],
    console: Console,
) -> int:
    """Wait until the whole recording is transcribed; Ctrl+C leaves the rest for later."""
    console.say("Transcribing what is missing. Ctrl+C leaves it for later.")
    with call_on_interrupt(live.stop):
        while isinstance(event := events.get(), TaskProgress):
            console.show_progress(event)
    if isinstance(event, JobFailed):
        console.say("The recording is sealed and safe; only its transcript is missing.")
        return console.print_failure(event.message, event.advice, event.exit_code)
    transcript = study.interview(summary.id).read_artefact(ArtefactKind.RAW, Transcript)
    if isinstance(event, JobStopped) or transcript is None:
        raise Stopped("Transcribing")
    console.print_event("transcribed", build_transcript_data(transcript))
    console.say("\n".join(describe_transcript(transcript)))
    return 0


def _sealed(
    study: Study,
    summary: InterviewSummary,
    device: str,
    arguments: argparse.Namespace,
    console: Console,
) -> bool:
    """Record and seal; returns whether all went on to the end, and nobody did not want to."""
    from capture import record_interview

    signals, status_report = RecordingSignals(), _StatusReport(console)
    people = summary.about.participants if summary.about else ()
    asked = list_asked(study, (p.code for p in people if p.role is not Role.INTERVIEWER))
    willing = _ask_willingness(study, summary, asked, arguments, console)
    is_asked = bool(willing)
    keys = RecordingKeys(signals, console, has_keys=is_asked and has_keys(), asked=asked)
    console.say(_HOW_BY_KEY if is_asked and has_keys() else _HOW)
    try:
        with signals.handle_signals(), _single_keys(is_on=is_asked and has_keys()):
            last = record_interview(
                study.interview(summary.id),
                device=device,
                seconds=arguments.length_s,
                stop=keys.has_ended,
                pause=keys.is_paused if is_asked else signals.is_paused,
                mark=signals.take_mark,
                willing=willing,
                take_answer=keys.take_answer,
                report_status=status_report.show,
            )
    except EarshotError:
        kept_s = study.find_interview(summary.id).sound_s - summary.sound_s
        console.print_event("kept", {"interview": summary.id, "sound_s": kept_s})
        console.say(f"{format_clock(kept_s)} were recorded; they are sealed and safe.")
        raise
    console.print_result(
        {
            "interview": summary.id,
            "sound_s": last.sound_s,
            "paused_s": last.paused_s,
            "missing_s": last.missing_s,
            "missing_why": last.missing_why,
            "dropped_s": last.dropped_s,
            "marks": last.marks,
            "ended_by_dissent": keys.is_dissent,
        },
        [
            f"{summary.label}  {summary.id}  {format_clock(last.sound_s)} recorded, sealed",
            *([_DISSENT] if keys.is_dissent else []),
            *_describe_losses(last),
        ],
    )
    return not keys.is_dissent


def _ask_willingness(
    study: Study,
    summary: InterviewSummary,
    asked: Sequence[AskedPerson],
    arguments: argparse.Namespace,
    console: Console,
) -> list[Willing]:
    """Return what everybody showed who was asked now; none where the study asks for no consent.

    Raises:
        NotWilling: somebody does not want to, is distressed, or nobody can be asked here.
    """
    if arguments.willing is not None:
        return _require_each(asked, arguments.willing)
    if read_study_policy(study).consent is ConsentRule.UNSET:
        return []
    try:
        if not has_keys():
            raise NotWilling(WillingnessFlaw.UNASKED)
        return ask_willingness(asked, console)
    except NotWilling as problem:
        note_unwilling(study, summary.id, problem)
        raise


def _require_each(asked: Sequence[AskedPerson], willing: list[Willing]) -> list[Willing]:
    """Return what was said of who is asked, once it is said of each where one answer is not enough.

    Raises:
        NotWilling: somebody is missing.
    """
    said = {code for _, code in willing}
    needed = {person.code for person in asked}
    is_each = len(group_asked(asked)) > 1 or said != {""}
    if len(said) < len(willing) or (is_each and said != needed):
        raise NotWilling(WillingnessFlaw.EACH)
    return willing


def _single_keys(*, is_on: bool) -> AbstractContextManager[None]:
    return read_single_keys() if is_on else contextlib.nullcontext()


def _describe_losses(last: RecordingStatus) -> Iterator[str]:
    """Yield what the recording lacks, each with a mark at its place in it."""
    for why, length_s in last.missing_why.items():
        if round(length_s, 1) > 0:
            yield f"{length_s:.1f} s are missing: {why}. The gaps are marked."
    if last.dropped_s:
        yield f"{last.dropped_s:.1f} s are missing: the disk was too slow. The gaps are marked."


def _planned(study: Study, device: str, arguments: argparse.Namespace) -> InterviewSummary:
    """Enter the plan of the recording in the study, and return its interview."""
    known = (
        study.find_interview(arguments.interview)
        if arguments.interview
        else find_empty(study, arguments.label)
        if arguments.label
        else None
    )
    details = (known.about if known else None) or _build_details(study, arguments)
    if arguments.interview is None and known is not None and arguments.participant:
        details = replace(
            details, participants=build_about(arguments.label, arguments).participants
        )
    if arguments.language is not None:
        details = replace(details, language=parse_language(arguments.language))
    setting = RecordingSetup(
        present=tuple(participant.code for participant in details.participants),
        device=device,
        guide_version=study.whole.find_newest_version(ArtefactKind.GUIDE),
    )
    if arguments.transcribe is not None:  # before an interview is made
        known_id = known.id if known else ""
        require_consent(study, GatedAction.TRANSCRIBE, details, setting.present, interview=known_id)
    return study.find_interview(
        enter_recording_plan(study, RecordingPlan(details, setting, known.id if known else ""))
    )


def _build_details(study: Study, arguments: argparse.Namespace) -> InterviewDetails:
    """Return the details of a new interview, or of a spoken consent under a free label."""
    code = arguments.spoken_consent
    if code is None:
        return build_about(arguments.label, arguments)
    label = suggest_spoken_label(code, study.summaries())
    return InterviewDetails(label, (Participant(code),), is_spoken_consent=True)


class _StatusReport:
    """Shows people one line, and scripts a line each second and at each change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: tuple[RecordingPhase | None, int, int] = (None, 0, 0)

    def show(self, status: RecordingStatus) -> None:
        """Show the status of the recording."""
        from capture import SILENCE_DBFS

        level = max(status.level_dbfs, default=SILENCE_DBFS)
        # A line of a terminal has no room for both, and a fault has to be read.
        more = f"! {status.faults[0].sentence}" if status.faults else describe_disk(status)
        self._console.show_line(
            f"{choose_banner(status).word} {format_elapsed(status.sound_s)}"
            f"  level {level:5.1f} dBFS  {more}"
        )
        now = (status.doing, status.marks, int(status.elapsed_s / _REPORT_EVERY_S))
        if now != self._last:
            self._last = now
            self._console.print_event("recording", status)


_HOW = (
    "Recording. Ctrl+C stops and seals it; the signal USR1 pauses it and goes on, USR2 marks a"
    " place."
)

_HOW_BY_KEY = (
    "Recording. Space pauses, m marks a place, s stops. y: asked again, and they agree; Y: assent;"
    " !: somebody does not want to go on, which ends it at once; P: pauses it for the participant."
)
_NOTHING_MORE = "Nothing more of it is transcribed, unless somebody asks for it."
_DISSENT = "Somebody did not want to go on: the recording ended there."

VERB = Verb(
    name="record",
    summary="Record an interview from a microphone, sealed to disk twice a second.",
    example="earshot record dementia-course --label P07_i2 --participant P07 --for 45m",
    run=_run,
    arguments=_arguments,
    uses_sound=True,
)
