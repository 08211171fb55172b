"""``earshot transcribe``: turn a recording into text."""

from __future__ import annotations

import argparse
import contextlib
import os
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING

from app import (
    HEARD_BESIDE,
    NOT_TOLD_APART,
    JobFailed,
    JobFinished,
    JobsAtOnce,
    JobStopped,
    SpeakersAdded,
    add_speakers,
    build_transcription_job,
    find_speakers_problem,
    format_count,
    format_percent,
    is_heard_beside,
)
from cli.cluster_arguments import add_cluster_arguments, find_cluster, open_cluster
from cli.console import Console
from cli.job_supervision import run_to_end
from cli.recording_signals import call_on_interrupt
from cli.second_hearing import (
    add_hearing_arguments,
    find_hearing_language,
    hear_passage_again,
    names_passage,
    parse_wanted_language,
    show_hearing,
)
from cli.verb import VERB_PROGRAM, Verb, add_study_argument, open_named_study
from cli.verb_advice import advise_verb, advise_verb_for_code
from models import InstalledModel, count_cores, find_speech_model
from study import (
    AUTO_LANGUAGE,
    OTHER_LANGUAGE,
    ArtefactKind,
    Coverage,
    GatedAction,
    InterviewSummary,
    QueuedInterview,
    Recognition,
    TaskProgress,
    Transcript,
    format_clock,
    format_turn_key,
    name_language,
    select_untranscribed,
)
from study.errors import (
    CertificateRefused,
    ChooseInterviews,
    ClusterNotInstalled,
    HearingFlaw,
    NotHeardAgain,
    SchedulerUnreachable,
    SomeFailed,
    Stopped,
    WorkersLost,
)
from study.store import (
    Interview,
    Study,
    begin_typing,
    is_worked_on,
    lower_priority,
    queue_interviews,
    read_language,
    read_transcription_queue,
    require_interview_consent,
    restart_correction,
    set_language,
    unqueue_interview,
)

if TYPE_CHECKING:
    from transcribe import ClusterPlace, DecodingOptions, RemoteWorkers

_LOCAL_AT_ONCE = 2  # interviews: of one the windows are found while others' are transcribed
_CLUSTER_CODES = {
    kind.exit_code
    for kind in (ClusterNotInstalled, CertificateRefused, SchedulerUnreachable, WorkersLost)
}
_POLL_S = 0.25  # as long as somebody may wait for the end of a recording to be noticed
_PLACES = 5  # in a line
_LINES = 10  # the rest stands in the transcript


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "interviews",
        metavar="INTERVIEW",
        nargs="*",
        help="its label, its id, or the id's beginning; none: what still waits in the queue",
    )
    parser.add_argument(
        "--all", action="store_true", help="all that have sound and no transcript yet"
    )
    parser.add_argument(
        "--model", default="", help="which installed speech model (see `earshot models`)"
    )
    parser.add_argument(
        "--language",
        help="the language spoken: de, de-AT, German, Deutsch; auto finds it out; else the"
        " interview's or the study's, or that of the transcript that is heard again. It is"
        " remembered with the interview",
    )
    parser.add_argument(
        "--unchecked",
        action="store_true",
        help="keep to that language, whatever the first minutes sound like",
    )
    parser.add_argument(
        "--draft",
        action="store_true",
        help="hear it quickly: one guess at a time instead of five, and no second try where it is"
        " unclear, so loops stay; the transcript is marked as a draft everywhere",
    )
    parser.add_argument(
        "--by-hand",
        action="store_true",
        help="make an empty transcript of one interview for a person to type into; no machine"
        " hears it",
    )
    add_hearing_arguments(parser)
    add_cluster_arguments(parser)
    parser.add_argument("--until-fd", type=int, metavar="N", help=argparse.SUPPRESS)


def _run(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.keys_fd is not None:  # the parent process stops and follows this one
        return _transcribe_here(arguments, console)
    if arguments.by_hand:
        return _begin_by_hand(arguments, console)
    if not arguments.take:  # what was heard before is taken over without a model
        # Before the passphrase is asked for.
        find_speech_model(arguments.model, parse_wanted_language(arguments))
    if arguments.all and arguments.interviews:
        raise ChooseInterviews
    find_cluster(arguments)  # also before the passphrase
    with open_named_study(arguments, console) as study:
        found = [study.find_interview(name) for name in arguments.interviews]
        _require_consent(study, found, arguments)
        if names_passage(arguments):
            return hear_passage_again(study, found, arguments, console)
        if arguments.anew and len(found) != 1:
            raise NotHeardAgain(HearingFlaw.ONE_ONLY)
        with open_cluster(arguments) as cluster:
            if len(found) == 1:
                wanted = _wanted(found[0].id, arguments)
                return _one(study, wanted, arguments, console, cluster)
            if arguments.all:
                found = select_untranscribed(study.summaries())
            if found:
                queue_interviews(study, [_wanted(s.id, arguments) for s in found])
            return _many(study, arguments, console, cluster)


def _begin_by_hand(arguments: argparse.Namespace, console: Console) -> int:
    if len(arguments.interviews) != 1 or arguments.all:
        raise NotHeardAgain(HearingFlaw.ONE_ONLY)
    (name,) = arguments.interviews
    with open_named_study(arguments, console) as study:
        editor = begin_typing(study.interview(name))
        (turn,) = editor.transcript.turns
        length = format_clock(turn.end_s)
        console.print_result(
            {
                "turns": 1,
                "key": format_turn_key(turn.key),
                "speaker": turn.speaker,
                "length_s": turn.end_s,
            },
            [
                f"An empty transcript of {length} was made, with one turn.",
                f"Type into it: `earshot correct STUDY {name} --say 1='TEXT'`.",
            ],
        )
    return 0


def _require_consent(
    study: Study, found: Sequence[InterviewSummary], arguments: argparse.Namespace
) -> None:
    """Refuse what nobody agreed to before a child is started, which refuses it as well."""
    if not arguments.take:
        for summary in found:
            require_interview_consent(study.interview(summary.id), GatedAction.TRANSCRIBE)


def _wanted(interview: str, arguments: argparse.Namespace) -> QueuedInterview:
    return QueuedInterview(
        interview,
        arguments.model,
        parse_wanted_language(arguments),
        arguments.draft,
        arguments.unchecked,
    )


def _transcribe_here(arguments: argparse.Namespace, console: Console) -> int:
    """Transcribe in this process."""
    lower_priority()
    (name,) = arguments.interviews
    with open_named_study(arguments, console) as study:
        interview = study.interview(name)
        is_live = arguments.until_fd is not None
        is_kept = not arguments.anew and is_worked_on(interview)
        if is_live and is_kept:
            _wait_for_end(interview, arguments, console)
        if is_kept and not names_passage(arguments) and interview.summary.has_later_sound:
            _hear_later_here(interview, arguments, console)
        elif names_passage(arguments) or is_kept:
            _hear_again_here(interview, arguments, console)
        else:
            _transcribe_interview_here(interview, arguments, console)
    return 0


def _wait_for_end(interview: Interview, arguments: argparse.Namespace, console: Console) -> None:
    """Wait until the recording has ended: a transcript that was worked on grows only then."""
    is_over = watch_end(arguments.until_fd)
    console.show_progress(TaskProgress(0.0, interview.summary.sound_s, "listening"))
    while not is_over():
        time.sleep(_POLL_S)
    if interview.summary.is_recording:  # the recorder died; its sound is not settled
        raise Stopped("Transcribing")


def _hear_later_here(interview: Interview, arguments: argparse.Namespace, console: Console) -> None:
    from transcribe import hear_later_sound

    language = find_hearing_language(interview, parse_wanted_language(arguments))
    model = find_speech_model(arguments.model, language)
    with _open_workers(arguments) as workers:
        transcript = hear_later_sound(
            interview,
            model,
            options=_choose_options(model, language, arguments, console),
            report=console.show_progress,
            workers=workers,
        )
    unqueue_interview(interview)
    console.print_result(build_transcript_data(transcript))


def _hear_again_here(interview: Interview, arguments: argparse.Namespace, console: Console) -> None:
    from transcribe import rehear_passage

    language = find_hearing_language(interview, parse_wanted_language(arguments))
    model = find_speech_model(arguments.model, language)
    with _open_workers(arguments) as workers:
        version = rehear_passage(
            interview,
            model,
            (arguments.from_s or 0.0, arguments.to_s),
            options=_choose_options(model, language, arguments, console),
            report=console.show_progress,
            workers=workers,
        )
    console.print_result({"hearing": version})


def _transcribe_interview_here(
    interview: Interview, arguments: argparse.Namespace, console: Console
) -> None:
    from transcribe import transcribe_interview

    wanted = parse_wanted_language(arguments)
    language = wanted or read_language(interview)
    model = find_speech_model(arguments.model, language)
    is_live = arguments.until_fd is not None
    with _open_workers(arguments) as workers:
        transcript = transcribe_interview(
            interview,
            model,
            options=_choose_options(model, language, arguments, console),
            report=console.show_progress,
            is_over=watch_end(arguments.until_fd) if is_live else None,
            is_unchecked=arguments.unchecked,
            workers=workers,
        )
    if wanted not in {"", AUTO_LANGUAGE, read_language(interview)}:
        set_language(interview, wanted)
    if arguments.anew or (not is_live and interview.find_newest_version(ArtefactKind.CORRECTED)):
        restart_correction(interview)  # else the new transcript would stand behind the old one
    unqueue_interview(interview)  # whatever comes now, nobody has to hear it again
    added = add_speakers(interview, console.show_progress)
    console.print_result(build_transcript_data(added.transcript or transcript) | _tell(added))


def _tell(added: SpeakersAdded) -> dict[str, object]:
    """Say for scripts, and for the process that follows this one, why speakers are missing."""
    problem = added.problem
    if problem is None:
        return {}
    facts = {"message": str(problem), "advice": advise_verb(problem)}
    return {"speakers_problem": facts | {"exit_code": problem.exit_code}}


def _choose_options(
    model: InstalledModel, language: str, arguments: argparse.Namespace, console: Console
) -> DecodingOptions:
    from app import load_test_sentence
    from transcribe import DecodingOptions, choose_device_setup

    options = DecodingOptions(language=language, is_draft=arguments.draft)
    if arguments.scheduler:
        return options  # the same on every worker, and not measured here
    return choose_device_setup(model, options, load_test_sentence, report=console.show_progress)


def watch_end(descriptor: int) -> Callable[[], bool]:
    """Return what tells whether the other end of a pipe was closed, however its holder ended."""
    has_ended = threading.Event()

    def read_to_end() -> None:
        with contextlib.suppress(OSError):
            while os.read(descriptor, 1024):
                pass
        has_ended.set()

    threading.Thread(target=read_to_end, daemon=True).start()
    return has_ended.is_set


@contextlib.contextmanager
def _open_workers(arguments: argparse.Namespace) -> Generator[RemoteWorkers | None]:
    """Yield the workers of the cluster that is named, None where there is none."""
    place = find_cluster(arguments)
    if place is None:
        yield None
        return
    from transcribe import RemoteWorkers

    with RemoteWorkers(place) as workers:
        yield workers


def _one(
    study: Study,
    wanted: QueuedInterview,
    arguments: argparse.Namespace,
    console: Console,
    cluster: ClusterPlace | None,
) -> int:
    job = build_transcription_job(
        study, wanted, is_anew=arguments.anew, cluster=cluster, program=VERB_PROGRAM
    )
    ending = run_to_end(job, console, "Transcribing")
    if isinstance(ending, JobFailed):
        return console.print_failure(
            ending.message, ending.advice, ending.exit_code, language=ending.language
        )
    interview = study.interview(wanted.interview)
    if is_heard_beside(ending):
        console.say(HEARD_BESIDE)
        show_hearing(interview, interview.find_newest_version(ArtefactKind.HEARING), console)
        return 0
    source = interview.read_transcript()
    assert source is not None, "it was just made"
    problem = find_speakers_problem(ending)
    data = build_transcript_data(source.transcript)
    console.print_result(
        data if problem is None else data | {"speakers_problem": problem},
        [
            *describe_transcript(source.transcript),
            *([] if problem is None else [f"{NOT_TOLD_APART} {problem.message} {problem.advice}"]),
        ],
    )
    return 0


def _many(
    study: Study, arguments: argparse.Namespace, console: Console, cluster: ClusterPlace | None
) -> int:
    """Transcribe the queue; list the failures at the end.

    Where the cluster itself fails, what waits goes on waiting.
    """
    labels = {s.id: s.label for s in study.summaries()}
    results: dict[str, JobFinished | JobFailed] = {}
    endings = (
        _run_in_turn(study, labels, console)
        if cluster is None
        else _run_at_once(study, cluster, arguments, console)
    )
    with contextlib.closing(endings):
        for interview, ending in endings:
            label = labels.get(interview, interview)
            if isinstance(ending, JobFailed) and ending.exit_code in _CLUSTER_CODES:
                return console.print_failure(ending.message, ending.advice, ending.exit_code)
            unqueue_interview(study.interview(interview))
            results[label] = ending
            console.print_event(
                "transcribed" if isinstance(ending, JobFinished) else "failed", {"label": label}
            )
    failed = {label: e for label, e in results.items() if isinstance(e, JobFailed)}
    console.print_result(
        {label: e.message if isinstance(e, JobFailed) else "" for label, e in results.items()},
        [
            f"{len(results) - len(failed)} of {len(results)} interviews transcribed",
            *(f"  {label}: {HEARD_BESIDE}" for label, e in results.items() if is_heard_beside(e)),
            *(
                f"  {label}: {NOT_TOLD_APART} {problem.message} {problem.advice}"
                for label, e in results.items()
                if (problem := find_speakers_problem(e)) is not None
            ),
            *(
                f"  {label}: {e.message} {e.advice or advise_verb_for_code(e.exit_code)}"
                for label, e in failed.items()
            ),
        ]
        if results
        else ["Nothing waits to be transcribed."],
    )
    if failed:
        raise SomeFailed(len(failed), len(results))
    return 0


def _run_in_turn(
    study: Study, labels: Mapping[str, str], console: Console
) -> Generator[tuple[str, JobFinished | JobFailed]]:
    """Transcribe the queue on this computer, one interview after the other."""
    while line := read_transcription_queue(study):
        wanted = line[0]
        label = labels.get(wanted.interview, wanted.interview)
        console.say(f"{label}  ({len(line) - 1} more after it)")
        job = build_transcription_job(study, wanted, program=VERB_PROGRAM)
        yield wanted.interview, run_to_end(job, console, "Transcribing")


def _run_at_once(
    study: Study, cluster: ClusterPlace, arguments: argparse.Namespace, console: Console
) -> Generator[tuple[str, JobFinished | JobFailed]]:
    """Transcribe the queue on a cluster, several interviews at once."""
    line = read_transcription_queue(study)
    count = _LOCAL_AT_ONCE if arguments.workers else max(_LOCAL_AT_ONCE, count_cores())
    console.say(f"{format_count(len(line), 'interview')}, {min(count, len(line))} at once")
    jobs = JobsAtOnce(
        [
            (
                wanted.interview,
                build_transcription_job(study, wanted, cluster=cluster, program=VERB_PROGRAM),
            )
            for wanted in line
        ],
        count,
    )
    with call_on_interrupt(jobs.stop):
        for interview, event in jobs.run_and_report():
            if isinstance(event, JobStopped):
                raise Stopped("Transcribing")
            if isinstance(event, TaskProgress):
                console.show_progress(event)
            else:
                yield interview, event


def build_transcript_data(transcript: Transcript) -> dict[str, object]:
    """Return the result of a transcription for scripts."""
    return {
        "turns": len(transcript.turns),
        "is_draft": transcript.recognition is not None and transcript.recognition.is_draft,
        "language": transcript.recognition.language if transcript.recognition else "",
        "model": transcript.provenance.model,
        "model_sha256": transcript.provenance.model_sha256,
        "coverage": transcript.coverage,
    }


def describe_transcript(transcript: Transcript) -> list[str]:
    """Return the result of a transcription in lines for people."""
    heard = transcript.recognition or Recognition()
    spoken = name_language(heard.language)
    turns, model = format_count(len(transcript.turns), "turn"), transcript.provenance.model
    lines = [f"{turns}, heard by {model} in {spoken}"]
    if heard.is_draft:
        lines.append(
            "This is a draft: transcribe it again, without --draft, before you rely on it."
        )
    lines += describe_hints(heard)
    covered = transcript.coverage
    if covered:
        told = (
            f"{format_clock(covered.sound_s)} of sound, {format_clock(covered.speech_s)} of speech"
        )
        if covered.speech_s:
            told += f", {format_percent(covered.covered_s, covered.speech_s)} of it has some words"
        lines.append(told)
        lines += [*_gaps(covered), *_doubts(covered), *_bleed(covered)]
    return lines + _languages(transcript)


def describe_hints(heard: Recognition) -> list[str]:
    """Say how many words and names were given to the model, and how many did not fit."""
    used, cut = heard.hints, heard.hints_cut
    if not used and not cut:
        return []
    words = "1 word or name was" if used == 1 else f"{used} words and names were"
    rest = f"; {cut} did not fit (`earshot words STUDY --used-in INTERVIEW`)" if cut else ""
    return [f"{words} given to the model as hints{rest}"]


def _gaps(covered: Coverage) -> list[str]:
    places = [
        f"from {format_clock(a)} to {format_clock(b)}" if b - a >= 1 else f"at {format_clock(a)}"
        for a, b in covered.gaps
    ]
    lines = [f"  no words {place}, even when heard again" for place in places[:_LINES]]
    more = len(places) - _LINES
    return [*lines, f"  and no words at {more} more places"] if more > 0 else lines


def _bleed(covered: Coverage) -> list[str]:
    """Say how many words a microphone has of its neighbour's."""
    lines: list[str] = []
    if covered.echo_words:
        words = "1 word was" if covered.echo_words == 1 else f"{covered.echo_words} words were"
        lines.append(f"{words} left out: another microphone heard the same, and louder")
    if covered.moved_words:
        words = "1 word was" if covered.moved_words == 1 else f"{covered.moved_words} words were"
        lines.append(f"{words} given to another speaker, whose microphone was louder")
    return lines


def _languages(transcript: Transcript) -> list[str]:
    """Name the turns that may be in another language, with what their flags say of it."""
    places: dict[str, list[str]] = {}
    for turn in transcript.turns:
        for flag in turn.flags:
            if flag.kind == OTHER_LANGUAGE:
                places.setdefault(flag.note, []).append(format_clock(turn.start_s))
    return [
        f"another language at {', '.join(at[:_PLACES])}: {note}; do not rely on the words"
        for note, at in places.items()
    ]


def _doubts(covered: Coverage) -> list[str]:
    if covered.speech_s and not covered.covered_s:
        return ["Not one word was understood: check the sound, the model and the language."]
    if not covered.doubts:
        return []
    count = len(covered.doubts)
    passages = "1 passage" if count == 1 else f"{count} passages"
    places = ", ".join(format_clock(start_s) for start_s, _ in covered.doubts[:_PLACES])
    more = ", ..." if count > _PLACES else ""
    seconds = f"{covered.flagged_s:.0f} s" if covered.flagged_s >= 1 else "under 1 s"
    return [f"{passages} to check, {seconds}, at {places}{more}"]


VERB = Verb(
    name="transcribe",
    summary="Turn a recording into text; goes on where it was stopped.",
    example="earshot transcribe dementia-course P07_i1 --model small.en",
    run=_run,
    arguments=_arguments,
    leaves=(
        "Nothing leaves this computer, except with --scheduler: then the sound of each window"
        " goes to"
        " one worker, sealed."
    ),
)
