"""``earshot demo``: the whole walk on an interview that ships with Earshot."""

from __future__ import annotations

import argparse
import re
import time
from dataclasses import dataclass
from pathlib import Path

from study.store import Study
from study.terms import About, Mentions, Participant, Role, Transcript
from tui.talk import Talk
from tui.verb import Verb
from tui.verbs import anonymise as anonymise_verb
from tui.verbs import transcribe as transcribe_verb

PASSPHRASE = "earshot demonstration"  # noqa: S105 - of a study whose content is public
LABEL = "P01_i1"
_SHOWN_TURNS = 6


def about() -> About:
    """Return what a researcher would have entered for the demonstration interview."""
    return About(
        label=LABEL,
        participants=(
            Participant("INT01", Role.INTERVIEWER),
            Participant("P01", Role.PARTICIPANT, ("Arthur Bennett",)),
            Participant("FAM01", Role.SUPPORTER, ("Jean Bennett",)),
        ),
        channels=("INT01", "P01", "FAM01"),
    )


def word_error_rate(said: str, heard: str) -> float:
    """Return the share of words that were wrong, missing or too many, 0 to 1 and more.

    Case and punctuation do not count.
    """
    from rapidfuzz.distance import Levenshtein

    truth, guess = _words(said), _words(heard)
    return Levenshtein.distance(truth, guess) / max(1, len(truth))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.casefold())


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to make the study")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a newcomer wants to know of the demonstration."""

    seconds: float
    word_error_rate: float
    transcript: Transcript
    mentions: Mentions
    clean: Transcript
    details_said: int
    details_left: tuple[str, ...]
    files: tuple[str, ...]


def _run(given: argparse.Namespace, talk: Talk) -> int:
    begun = time.monotonic()
    folder: Path = given.folder
    study, _ = Study.create(folder, PASSPHRASE)
    with study:
        outcome = _outcome(*_walk(study, talk), begun)
    data = {
        "seconds": outcome.seconds,
        "word_error_rate": outcome.word_error_rate,
        "transcript": transcribe_verb.outcome(outcome.transcript),
        "found": anonymise_verb.outcome(outcome.mentions),
        "details_said": outcome.details_said,
        "details_left": outcome.details_left,
        "files": outcome.files,
    }
    talk.result(data, _told(outcome, folder))
    return 0


def _walk(study: Study, talk: Talk) -> tuple[Transcript, Mentions, Transcript, list[Path]]:
    """Go through every stage, each reading what the one before it left in the study."""
    from anonymise.cleaning import clean
    from anonymise.deciding import accept_all
    from anonymise.steps import propose
    from capture.importing import import_sound
    from handoff.bundle import Order
    from handoff.export import export
    from handoff.signing import sign
    from models import shelf
    from models.demonstration import SOUND
    from transcribe.steps import transcribe

    talk.say("1 of 5  sealing the recording")
    interview = import_sound(study, SOUND, about(), report=talk.progress)
    talk.say("2 of 5  transcribing, on this computer")
    transcript = transcribe(study, interview, shelf.speech("demo"), report=talk.progress)
    talk.say("3 of 5  looking for identifying details")
    mentions = propose(study, interview, ner=shelf.names(), report=talk.progress)
    talk.say("4 of 5  accepting every proposal (in real work a person decides each)")
    accept_all(study, interview, reason="demonstration")
    talk.say("5 of 5  signing off and handing over (in real work a data officer signs)")
    cleaned = clean(study, interview)
    sign(study, interview, name="demonstration")
    return transcript, mentions, cleaned, export(study, Order((interview,)))


def _outcome(
    transcript: Transcript,
    mentions: Mentions,
    clean: Transcript,
    files: list[Path],
    begun: float,
) -> Outcome:
    from models.demonstration import demonstration

    script = demonstration()
    text = " ".join(turn.text for turn in clean.turns)
    said = " ".join(turn for _, turn in script.turns)
    heard = " ".join(turn.text for turn in transcript.turns)
    left = tuple(detail for detail in script.details if _stands(detail, text))
    return Outcome(
        seconds=round(time.monotonic() - begun, 1),
        word_error_rate=round(word_error_rate(said, heard), 3),
        transcript=transcript,
        mentions=mentions,
        clean=clean,
        details_said=len(script.details),
        details_left=left,
        files=tuple(str(file) for file in files),
    )


_GENERAL = frozenset({"Doctor", "Hospital", "Ward"})  # these words alone point to nobody


def _stands(detail: str, text: str) -> bool:
    """Whether a detail, or a name that is part of it, is still in the text."""
    names = [w for w in re.findall(r"[A-Z]\w+", detail) if w not in _GENERAL]
    return any(re.search(rf"\b{re.escape(part)}\b", text) for part in (detail, *names))


def _told(outcome: Outcome, folder: Path) -> list[str]:
    changed = [
        (before, after)
        for before, after in zip(outcome.transcript.turns, outcome.clean.turns, strict=True)
        if before.text != after.text
    ]
    turns = [
        line
        for before, after in changed[:_SHOWN_TURNS]
        for line in (f"  {before.speaker:6} {before.text}", f"      -> {after.text}")
    ]
    return [
        "",
        "As it was heard, and as it is handed over:",
        *turns,
        "",
        *transcribe_verb.told(outcome.transcript),
        f"Word error rate against the known script: {outcome.word_error_rate:.1%}",
        "",
        *anonymise_verb.told(outcome.mentions),
        _left(outcome),
        "",
        f"All this took {outcome.seconds} s, and no network. The files:",
        *(f"  {name}" for name in outcome.files),
        "",
        "The demonstration model understands its own synthetic voices and nothing else.",
        "For real interviews, get a real one first:  earshot models get small.en",
        "",
        f"What to try next (the passphrase is: {PASSPHRASE})",
        f"  earshot open {folder}",
        f"  earshot review {folder} {LABEL}",
        f"  earshot log verify {folder}",
    ]


def _left(outcome: Outcome) -> str:
    if not outcome.details_left:
        return f"None of the {outcome.details_said} identifying details of the script is left."
    return (
        f"STILL THERE, of {outcome.details_said} identifying details of the script: "
        + ", ".join(outcome.details_left)
    )


VERB = Verb(
    name="demo",
    summary="Make a study from a spoken demonstration interview, and walk it through every step.",
    example="earshot demo try-earshot",
    run=_run,
    arguments=_arguments,
)
