"""``earshot demo``: every step on the three demonstration interviews that ship with Earshot."""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.console import Console
from cli.interface import load_interface
from cli.verb import Verb
from cli.verbs.anonymise import build_search_data, describe_search
from cli.verbs.transcribe import build_transcript_data, describe_transcript
from models import find_names_model, find_speech_model
from study import Category, InterviewDetails, Mentions, Participant, Pseudonym, Role, Transcript
from study.store import Study

PASSPHRASE = "earshot demonstration"  # noqa: S105 - of a study whose content is public
INTERVIEWER = Participant("INT01", Role.INTERVIEWER)
ARTHUR = Participant("P01", Role.PARTICIPANT, ("Arthur Bennett",))
JEAN = Participant("FAM01", Role.SUPPORTER, ("Jean Bennett",))
GRAHAM = Participant("STAFF01", Role.STAFF, ("Graham Walker",))
# The participants as a researcher would enter them, by the name of the demonstration interview.
CASE = {
    "interview": ("P01_i1", (INTERVIEWER, ARTHUR, JEAN)),
    "spouse": ("FAM01_i1", (INTERVIEWER, JEAN)),
    "staff": ("STAFF01_i1", (INTERVIEWER, GRAHAM)),
}
LABEL = "P01_i1"
_SHOWN_TURNS = 6


def compute_word_error_rate(said: str, heard: str) -> float:
    """Return the word error rate: wrong, missing and added words per spoken word, 0 or more.

    Case and punctuation do not count.
    """
    from rapidfuzz.distance import Levenshtein

    truth, guess = _words(said), _words(heard)
    return Levenshtein.distance(truth, guess) / max(1, len(truth))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.casefold())


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to make the study")
    parser.add_argument(
        "--guided",
        action="store_true",
        help="seal one recording only, and be shown around in the interface: five minutes",
    )


@dataclass(frozen=True, slots=True)
class DemoInterview:
    """One interview at the end: its transcript, its mentions, and the clean transcript."""

    name: str
    label: str
    heard: Transcript
    mentions: Mentions
    clean: Transcript


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """The figures of the demonstration.

    details_left: identifying details of the scripts that the clean transcripts still hold.
    concerns: how many lines of the risk sheet there are of each kind.
    """

    seconds: float
    word_error_rate: float
    walked: tuple[DemoInterview, ...]
    people: tuple[Pseudonym, ...]
    details_said: int
    details_left: tuple[str, ...]
    concerns: dict[str, int]
    files: tuple[str, ...]


def _run(arguments: argparse.Namespace, console: Console) -> int:
    begun = time.monotonic()
    folder: Path = arguments.folder
    if arguments.guided:
        return _show_around(folder, console)
    study, _ = Study.create(folder, PASSPHRASE)
    with study:
        walked, files = _walk(study, console)
        outcome = _outcome(study, walked, files, begun)
    data = {
        "seconds": outcome.seconds,
        "word_error_rate": outcome.word_error_rate,
        "interviews": {
            one.label: {
                "transcript": build_transcript_data(one.heard),
                "found": build_search_data(one.mentions),
            }
            for one in outcome.walked
        },
        "people": outcome.people,
        "details_said": outcome.details_said,
        "details_left": outcome.details_left,
        "concerns": outcome.concerns,
        "files": outcome.files,
    }
    console.print_result(data, _describe(outcome, folder))
    return 0


def _show_around(folder: Path, console: Console) -> int:
    """Make a study with one recording, and open the interface, which guides through every step.

    Raises:
        As ``Study.create`` and ``import_sound``.
    """
    from app import has_terminal

    study, _ = Study.create(folder, PASSPHRASE)
    with study:
        _seal(study, "interview", console)
        lines = [
            f"A demonstration study with one recording is in {folder}",
            f"  earshot open {folder} --guided     (the passphrase is: {PASSPHRASE})",
        ]
        is_shown = has_terminal() and not console.as_json
        console.end_progress()
        code = load_interface()(study, is_guided=True) if is_shown else 0
    console.print_result({"study": str(folder)}, lines)
    return code


def _seal(study: Study, name: str, console: Console) -> str:
    from capture import import_sound
    from models import load_demonstration

    script, (label, people) = load_demonstration(name), CASE[name]
    about = InterviewDetails(label, people, channels=script.speakers)
    return import_sound(study, script.sound, about, report=console.show_progress)


def _walk(study: Study, console: Console) -> tuple[list[DemoInterview], list[Path]]:
    """Take all interviews through every step, from the sound to the files that are handed over."""
    from anonymise import write_clean_transcript
    from handoff import ExportOrder, export_interviews, sign_transcript
    from transcribe import transcribe_interview

    console.say("1 of 5  sealing three recordings: the participant, his wife, a member of staff")
    ids = {name: _seal(study, name, console) for name in CASE}
    console.say("2 of 5  transcribing them, on this computer")
    model = find_speech_model("demo")
    heard = {
        n: transcribe_interview(study.interview(i), model, report=console.show_progress)
        for n, i in ids.items()
    }
    console.say("3 of 5  looking for identifying details")
    console.say("4 of 5  accepting every proposal (in real work a person decides each)")
    found = _found(study, ids)
    _join_nickname(study)
    console.say("5 of 5  signing off and handing over (in real work a data officer signs)")
    walked: list[DemoInterview] = []
    for name, interview in ids.items():
        cleaned = write_clean_transcript(study.interview(interview))
        sign_transcript(study.interview(interview), name="demonstration")
        walked.append(DemoInterview(name, CASE[name][0], heard[name], found[name], cleaned))
    return walked, export_interviews(study, ExportOrder(tuple(ids.values())))


def _found(study: Study, ids: dict[str, str]) -> dict[str, Mentions]:
    """Search all interviews twice and accept every mention: one names people of another."""
    from anonymise import accept_all_mentions, search_transcript

    names = find_names_model()
    found: dict[str, Mentions] = {}
    for _ in range(2):
        for name, interview in ids.items():
            found[name] = search_transcript(study.interview(interview), name_model=names)
            accept_all_mentions(study.interview(interview), reason="demonstration")
    return found


def _join_nickname(study: Study) -> None:
    """Join "Driver" and Arthur, as only a person can: it is what everybody called him."""
    from anonymise import join_identities, list_pseudonyms

    by_form = {form: p.label for p in list_pseudonyms(study) for form in p.forms}
    if "driver" in by_form and by_form["driver"] != by_form.get("arthur"):
        join_identities(study, by_form["driver"], by_form["arthur"])


def _outcome(
    study: Study, walked: list[DemoInterview], files: list[Path], begun: float
) -> DemoOutcome:
    from anonymise import build_risk_sheet, list_pseudonyms
    from models import load_demonstration

    scripts = {one.name: load_demonstration(one.name) for one in walked}
    said = " ".join(text for script in scripts.values() for _, text in script.turns)
    heard = " ".join(turn.text for one in walked for turn in one.heard.turns)
    left = [
        detail
        for one in walked
        for detail in scripts[one.name].details
        if _stands(detail, " ".join(turn.text for turn in one.clean.turns))
    ]
    return DemoOutcome(
        seconds=round(time.monotonic() - begun, 1),
        word_error_rate=round(compute_word_error_rate(said, heard), 3),
        walked=tuple(walked),
        people=tuple(p for p in list_pseudonyms(study) if p.category is Category.PERSON),
        details_said=sum(len(script.details) for script in scripts.values()),
        details_left=tuple(left),
        concerns=dict(Counter(line.concern.value for line in build_risk_sheet(study))),
        files=tuple(str(file) for file in files),
    )


_GENERAL = frozenset({"Doctor", "Hospital", "Ward", "College", "Mr", "Mrs", "My"})  # name nobody


def _stands(detail: str, text: str) -> bool:
    """Whether the text still holds a detail, or a name that is part of it."""
    names = [w for w in re.findall(r"[A-Z]\w+", detail) if w not in _GENERAL]
    return any(re.search(rf"\b{re.escape(part)}\b", text) for part in (detail, *names))


def _describe(outcome: DemoOutcome, folder: Path) -> list[str]:
    first = outcome.walked[0]
    return [
        "",
        "As it was heard, and as it is handed over:",
        *_turns(first),
        "",
        *describe_transcript(first.heard),
        f"Word error rate of all three against the known scripts: {outcome.word_error_rate:.1%}",
        "",
        "One person, one replacement, in all three interviews:",
        *(f"  {p.replacement:24} {', '.join(p.forms)}" for p in outcome.people),
        "",
        *describe_search(first.mentions),
        _left(outcome),
        "What else to look at (earshot risk), by kind:",
        *(f"  {count:4}  {concern}" for concern, count in outcome.concerns.items()),
        "",
        f"All this took {outcome.seconds} s, and no network. {len(outcome.files)} files are in",
        f"  {Path(outcome.files[0]).parent}",
        "",
        "The demonstration model understands its own synthetic voices and nothing else.",
        "For real interviews, get a real one first:  earshot models get small.en",
        "",
        f"What to try next (the passphrase is: {PASSPHRASE})",
        f"  earshot open {folder}",
        f"  earshot review {folder} {LABEL}",
        f"  earshot decisions {folder} --count",
        f"  earshot risk {folder}",
        f"  earshot log verify {folder}",
    ]


def _turns(one: DemoInterview) -> Sequence[str]:
    changed = [
        (before, after)
        for before, after in zip(one.heard.turns, one.clean.turns, strict=True)
        if before.text != after.text
    ]
    return [
        line
        for before, after in changed[:_SHOWN_TURNS]
        for line in (f"  {before.speaker:6} {before.text}", f"      -> {after.text}")
    ]


def _left(outcome: DemoOutcome) -> str:
    if not outcome.details_left:
        return f"None of the {outcome.details_said} identifying details of the scripts is left."
    return (
        f"STILL THERE, of {outcome.details_said} identifying details of the scripts: "
        + ", ".join(outcome.details_left)
    )


VERB = Verb(
    name="demo",
    summary="Make a study from three spoken demonstration interviews, and walk it through every"
    " step.",
    example="earshot demo try-earshot",
    run=_run,
    arguments=_arguments,
)
