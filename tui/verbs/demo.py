"""``earshot demo``: the whole walk on the three interviews of a case that ship with Earshot."""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from study.store import Study
from study.terms import About, Category, Mentions, Participant, Pseudonym, Role, Transcript
from tui.talk import Talk
from tui.verb import Verb
from tui.verbs import anonymise as anonymise_verb
from tui.verbs import transcribe as transcribe_verb

PASSPHRASE = "earshot demonstration"  # noqa: S105 - of a study whose content is public
INTERVIEWER = Participant("INT01", Role.INTERVIEWER)
ARTHUR = Participant("P01", Role.PARTICIPANT, ("Arthur Bennett",))
JEAN = Participant("FAM01", Role.SUPPORTER, ("Jean Bennett",))
GRAHAM = Participant("STAFF01", Role.STAFF, ("Graham Walker",))
# What a researcher would have entered: who takes part, by the name of the spoken interview.
CASE = {
    "interview": ("P01_i1", (INTERVIEWER, ARTHUR, JEAN)),
    "spouse": ("FAM01_i1", (INTERVIEWER, JEAN)),
    "staff": ("STAFF01_i1", (INTERVIEWER, GRAHAM)),
}
LABEL = "P01_i1"
_SHOWN_TURNS = 6


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
    parser.add_argument(
        "--guided",
        action="store_true",
        help="seal one recording only, and be shown around in the interface: five minutes",
    )


@dataclass(frozen=True, slots=True)
class Walked:
    """One interview after the walk: as it was heard, what was found, as it is handed over."""

    name: str
    label: str
    heard: Transcript
    mentions: Mentions
    clean: Transcript


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a newcomer wants to know of the demonstration.

    ``left`` are details of the scripts that still stand in what is handed over.
    """

    seconds: float
    word_error_rate: float
    walked: tuple[Walked, ...]
    people: tuple[Pseudonym, ...]
    details_said: int
    details_left: tuple[str, ...]
    concerns: dict[str, int]
    files: tuple[str, ...]


def _run(given: argparse.Namespace, talk: Talk) -> int:
    begun = time.monotonic()
    folder: Path = given.folder
    if given.guided:
        return _show_around(folder, talk)
    study, _ = Study.create(folder, PASSPHRASE)
    with study:
        walked, files = _walk(study, talk)
        outcome = _outcome(study, walked, files, begun)
    data = {
        "seconds": outcome.seconds,
        "word_error_rate": outcome.word_error_rate,
        "interviews": {
            one.label: {
                "transcript": transcribe_verb.outcome(one.heard),
                "found": anonymise_verb.outcome(one.mentions),
            }
            for one in outcome.walked
        },
        "people": outcome.people,
        "details_said": outcome.details_said,
        "details_left": outcome.details_left,
        "concerns": outcome.concerns,
        "files": outcome.files,
    }
    talk.result(data, _told(outcome, folder))
    return 0


def _show_around(folder: Path, talk: Talk) -> int:
    """Open the interface on one recording, to be taken through every step by hand.

    Raises:
        Whatever ``Study.create`` and ``import_sound`` raise.
    """
    from tui.app import run
    from tui.quiet import has_terminal

    study, _ = Study.create(folder, PASSPHRASE)
    with study:
        _seal(study, "interview", talk)
        told = [
            f"A demonstration study with one recording is in {folder}",
            f"  earshot open {folder} --guided     (the passphrase is: {PASSPHRASE})",
        ]
        is_shown = has_terminal() and not talk.as_json
        talk.end_progress()
        code = run(study, is_guided=True) if is_shown else 0
    talk.result({"study": str(folder)}, told)
    return code


def _seal(study: Study, name: str, talk: Talk) -> str:
    from capture.importing import import_sound
    from models.demonstration import demonstration

    script, (label, people) = demonstration(name), CASE[name]
    about = About(label, people, channels=script.speakers)
    return import_sound(study, script.sound, about, report=talk.progress)


def _walk(study: Study, talk: Talk) -> tuple[list[Walked], list[Path]]:
    """Go through every stage, each reading what the one before it left in the study."""
    from anonymise.cleaning import clean
    from handoff.bundle import Order
    from handoff.export import export
    from handoff.signing import sign
    from models import shelf
    from transcribe.steps import transcribe

    talk.say("1 of 5  sealing three recordings: the participant, his wife, a member of staff")
    ids = {name: _seal(study, name, talk) for name in CASE}
    talk.say("2 of 5  transcribing them, on this computer")
    model = shelf.speech("demo")
    heard = {n: transcribe(study, i, model, report=talk.progress) for n, i in ids.items()}
    talk.say("3 of 5  looking for identifying details")
    talk.say("4 of 5  accepting every proposal (in real work a person decides each)")
    found = _found(study, ids)
    _tell_apart(study)
    talk.say("5 of 5  signing off and handing over (in real work a data officer signs)")
    walked: list[Walked] = []
    for name, interview in ids.items():
        cleaned = clean(study, interview)
        sign(study, interview, name="demonstration")
        walked.append(Walked(name, CASE[name][0], heard[name], found[name], cleaned))
    return walked, export(study, Order(tuple(ids.values())))


def _found(study: Study, ids: dict[str, str]) -> dict[str, Mentions]:
    """Search all interviews and accept what is found, twice: names of one are in another."""
    from anonymise.deciding import accept_all
    from anonymise.steps import propose
    from models import shelf

    names = shelf.names()
    found: dict[str, Mentions] = {}
    for _ in range(2):
        for name, interview in ids.items():
            found[name] = propose(study, interview, ner=names)
            accept_all(study, interview, reason="demonstration")
    return found


def _tell_apart(study: Study) -> None:
    """Say what only a person knows: "Driver" is what everybody called Arthur."""
    from anonymise import renaming

    by_form = {form: p.label for p in renaming.every(study) for form in p.forms}
    if "driver" in by_form and by_form["driver"] != by_form.get("arthur"):
        renaming.join(study, by_form["driver"], by_form["arthur"])


def _outcome(study: Study, walked: list[Walked], files: list[Path], begun: float) -> Outcome:
    from anonymise import renaming, risk
    from models.demonstration import demonstration

    scripts = {one.name: demonstration(one.name) for one in walked}
    said = " ".join(text for script in scripts.values() for _, text in script.turns)
    heard = " ".join(turn.text for one in walked for turn in one.heard.turns)
    left = [
        detail
        for one in walked
        for detail in scripts[one.name].details
        if _stands(detail, " ".join(turn.text for turn in one.clean.turns))
    ]
    return Outcome(
        seconds=round(time.monotonic() - begun, 1),
        word_error_rate=round(word_error_rate(said, heard), 3),
        walked=tuple(walked),
        people=tuple(p for p in renaming.every(study) if p.category is Category.PERSON),
        details_said=sum(len(script.details) for script in scripts.values()),
        details_left=tuple(left),
        concerns=dict(Counter(line.concern.value for line in risk.sheet(study))),
        files=tuple(str(file) for file in files),
    )


_GENERAL = frozenset({"Doctor", "Hospital", "Ward", "College", "Mr", "Mrs", "My"})  # name nobody


def _stands(detail: str, text: str) -> bool:
    """Whether a detail, or a name that is part of it, is still in the text."""
    names = [w for w in re.findall(r"[A-Z]\w+", detail) if w not in _GENERAL]
    return any(re.search(rf"\b{re.escape(part)}\b", text) for part in (detail, *names))


def _told(outcome: Outcome, folder: Path) -> list[str]:
    first = outcome.walked[0]
    return [
        "",
        "As it was heard, and as it is handed over:",
        *_turns(first),
        "",
        *transcribe_verb.told(first.heard),
        f"Word error rate of all three against the known scripts: {outcome.word_error_rate:.1%}",
        "",
        "One person, one replacement, in all three interviews:",
        *(f"  {p.replacement:24} {', '.join(p.forms)}" for p in outcome.people),
        "",
        *anonymise_verb.told(first.mentions),
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


def _turns(one: Walked) -> Sequence[str]:
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


def _left(outcome: Outcome) -> str:
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
