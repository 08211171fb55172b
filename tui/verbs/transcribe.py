"""``earshot transcribe``: turn a recording into text."""

from __future__ import annotations

import argparse

from study.terms import Coverage, Provenance, Transcript
from tui.talk import Talk, clock
from tui.verb import Verb, be_modest, interview_argument, opened_at, study_argument

_PLACES = 5  # in a line
_LINES = 10  # the rest stands in the transcript


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument(
        "--model", default="", help="which installed speech model (see `earshot models`)"
    )
    parser.add_argument("--language", default="en", help="the language spoken, such as en or de")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from models import shelf
    from transcribe.engine import Options
    from transcribe.steps import transcribe

    model = shelf.speech(given.model)
    with opened_at(given, talk) as (study, summary):
        if model.offer.is_demonstration:
            talk.say(
                "This is the demonstration model: it understands its own synthetic voices only.\n"
                "For real interviews: earshot models get small.en"
            )
        be_modest()
        transcript = transcribe(
            study,
            summary.id,
            model,
            options=Options(language=given.language),
            report=talk.progress,
        )
        talk.result(outcome(transcript), told(transcript))
    return 0


def outcome(transcript: Transcript) -> dict[str, object]:
    """Return what scripts are told of a transcript."""
    return {
        "turns": len(transcript.turns),
        "model": transcript.provenance.model,
        "model_sha256": transcript.provenance.model_sha256,
        "coverage": transcript.coverage,
    }


def told(transcript: Transcript) -> list[str]:
    """Return what people are told of a transcript."""
    lines = [f"{len(transcript.turns)} turns, heard by {transcript.provenance.model}"]
    lines += hinted(transcript.provenance)
    covered = transcript.coverage
    if covered:
        share = covered.covered_s / covered.speech_s if covered.speech_s else 1.0
        lines.append(
            f"{clock(covered.sound_s)} of sound, {clock(covered.speech_s)} of speech,"
            f" {share:.0%} of it has words"
        )
        lines += [*_gaps(covered), *_doubts(covered)]
    return lines


def hinted(made_by: Provenance) -> list[str]:
    """Say how many words and names the model was told to expect, and how many did not fit."""
    given, cut = made_by.options.get("hints") or 0, made_by.options.get("hints_cut") or 0
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
