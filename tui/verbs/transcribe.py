"""``earshot transcribe``: turn a recording into text."""

from __future__ import annotations

import argparse
import select
from functools import partial

from cli.next_steps import next_step_of
from models import shelf
from study.artefacts import Kind
from study.errors import ChooseInterviews, SomeFailed
from study.screen_text import clock
from study.store import Study
from study.terms import Coverage, Recognition, Transcript
from study.waiting import Waiting, line_up, take_out, unheard, waiting
from tui.background import Failed, Finished, transcription
from tui.supervising import finished
from tui.talk import Talk
from tui.verb import Verb, be_modest, opened, study_argument

_PLACES = 5  # in a line
_LINES = 10  # the rest stands in the transcript


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "interviews",
        metavar="INTERVIEW",
        nargs="*",
        help="its label, its id, or the id's beginning; none: what still waits in the line",
    )
    parser.add_argument(
        "--all", action="store_true", help="all that have sound and no transcript yet"
    )
    parser.add_argument(
        "--model", default="", help="which installed speech model (see `earshot models`)"
    )
    parser.add_argument("--language", default="en", help="the language spoken, such as en or de")
    parser.add_argument(
        "--draft",
        action="store_true",
        help="hear it quickly: one path instead of five, no second tries where it is unclear, so"
        " loops stay; the transcript is marked as a draft everywhere",
    )
    parser.add_argument("--until-fd", type=int, metavar="N", help=argparse.SUPPRESS)


def _run(given: argparse.Namespace, talk: Talk) -> int:
    if given.keys_fd is not None:  # whoever handed the keys on watches over this process
        return _hear(given, talk)
    model = shelf.speech(given.model)
    if given.all and given.interviews:
        raise ChooseInterviews
    with opened(given, talk) as study:
        found = [study.find(name) for name in given.interviews]
        if model.offer.is_demonstration:
            talk.say(
                "This is the demonstration model: it understands its own synthetic voices only.\n"
                "For real interviews: earshot models get small.en"
            )
        if len(found) == 1:
            return _one(study, _wanted(found[0].id, given), talk)
        if given.all:
            found = unheard(study.summaries())
        if found:
            line_up(study, [_wanted(s.id, given) for s in found])
        return _many(study, talk)


def _wanted(interview: str, given: argparse.Namespace) -> Waiting:
    return Waiting(interview, given.model, given.language, given.draft)


def _hear(given: argparse.Namespace, talk: Talk) -> int:
    """Transcribe in this very process."""
    from transcribe.engine import Options
    from transcribe.pacing import fitting
    from transcribe.steps import transcribe
    from tui.verbs.models_try import said

    be_modest()
    (wanted,) = given.interviews
    model = shelf.speech(given.model)
    with opened(given, talk) as study:
        interview = study.find(wanted).id
        options = Options(language=given.language, is_draft=given.draft)
        transcript = transcribe(
            study,
            interview,
            model,
            options=fitting(model, options, said, report=talk.progress),
            report=talk.progress,
            is_over=None if given.until_fd is None else partial(has_ended, given.until_fd),
        )
        talk.result(outcome(transcript), told(transcript))
    return 0


def has_ended(descriptor: int) -> bool:
    """Whether the other end of a pipe was closed, however its holder ended."""
    return bool(select.select([descriptor], [], [], 0)[0])


def _one(study: Study, wanted: Waiting, talk: Talk) -> int:
    ending = finished(transcription(study, wanted), talk, "Transcribing")
    if isinstance(ending, Failed):
        return talk.failed(ending.message, ending.advice, ending.exit_code)
    transcript = study.get(wanted.interview, Kind.RAW, Transcript)
    assert transcript is not None, "it was just made"
    talk.result(outcome(transcript), told(transcript))
    return 0


def _many(study: Study, talk: Talk) -> int:
    """Transcribe what waits, one after the other; what fails is told at the end, too."""
    labels = {s.id: s.label for s in study.summaries()}
    results: dict[str, Finished | Failed] = {}
    while line := waiting(study):
        wanted = line[0]
        label = labels.get(wanted.interview, wanted.interview)
        talk.say(f"{label}  ({len(line) - 1} more after it)")
        ending = finished(transcription(study, wanted), talk, "Transcribing")
        take_out(study, wanted.interview)
        results[label] = ending
        talk.event("transcribed" if isinstance(ending, Finished) else "failed", {"label": label})
    failed = {label: e for label, e in results.items() if isinstance(e, Failed)}
    talk.result(
        {label: e.message if isinstance(e, Failed) else "" for label, e in results.items()},
        [
            f"{len(results) - len(failed)} of {len(results)} interviews transcribed",
            *(
                f"  {label}: {e.message} {e.advice or next_step_of(e.exit_code)}"
                for label, e in failed.items()
            ),
        ]
        if results
        else ["Nothing waits to be transcribed."],
    )
    if failed:
        raise SomeFailed(len(failed), len(results))
    return 0


def outcome(transcript: Transcript) -> dict[str, object]:
    """Return what scripts are told of a transcript."""
    return {
        "turns": len(transcript.turns),
        "is_draft": transcript.recognition is not None and transcript.recognition.is_draft,
        "model": transcript.provenance.model,
        "model_sha256": transcript.provenance.model_sha256,
        "coverage": transcript.coverage,
    }


def told(transcript: Transcript) -> list[str]:
    """Return what people are told of a transcript."""
    lines = [f"{len(transcript.turns)} turns, heard by {transcript.provenance.model}"]
    heard = transcript.recognition or Recognition()
    if heard.is_draft:
        lines.append(
            "This is a draft: transcribe it again, without --draft, before you rely on it."
        )
    lines += hinted(heard)
    covered = transcript.coverage
    if covered:
        share = covered.covered_s / covered.speech_s if covered.speech_s else 1.0
        lines.append(
            f"{clock(covered.sound_s)} of sound, {clock(covered.speech_s)} of speech,"
            f" {share:.0%} of it has words"
        )
        lines += [*_gaps(covered), *_doubts(covered)]
    return lines


def hinted(heard: Recognition) -> list[str]:
    """Say how many words and names the model was told to expect, and how many did not fit."""
    given, cut = heard.hints, heard.hints_cut
    if not given and not cut:
        return []
    words = "1 word or name was" if given == 1 else f"{given} words and names were"
    rest = f"; {cut} did not fit (`earshot words STUDY --used-in INTERVIEW`)" if cut else ""
    return [f"{words} given to the model as hints{rest}"]


def _gaps(covered: Coverage) -> list[str]:
    places = [
        f"from {clock(a)} to {clock(b)}" if b - a >= 1 else f"at {clock(a)}"
        for a, b in covered.gaps
    ]
    lines = [f"  no words {place}, even when heard again" for place in places[:_LINES]]
    more = len(places) - _LINES
    return [*lines, f"  and no words at {more} more places"] if more > 0 else lines


def _doubts(covered: Coverage) -> list[str]:
    if covered.speech_s and not covered.covered_s:
        return ["Not one word was understood: check the sound, the model and the language."]
    if not covered.doubts:
        return []
    count = len(covered.doubts)
    passages = "1 passage" if count == 1 else f"{count} passages"
    places = ", ".join(clock(start_s) for start_s, _ in covered.doubts[:_PLACES])
    more = ", ..." if count > _PLACES else ""
    seconds = f"{covered.flagged_s:.0f} s" if covered.flagged_s >= 1 else "under 1 s"
    return [f"{passages} to doubt, {seconds}, at {places}{more}"]


VERB = Verb(
    name="transcribe",
    summary="Turn a recording into text, on this computer; goes on where it was stopped.",
    example="earshot transcribe dementia-course P07_i1 --model small.en",
    run=_run,
    arguments=_arguments,
)
