"""``earshot demo``: every step on the three demonstration interviews that ship with Earshot."""

from __future__ import annotations

import argparse
import itertools
import textwrap
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app import (
    ARTHUR,
    DEMONSTRATION_PASSPHRASE,
    GRAHAM,
    INTERVIEWER,
    JEAN,
    NOT_TOLD_APART,
    ConsentDraft,
    add_speakers,
    format_count,
    record_consent,
)
from cli.console import Console
from cli.interface import load_interface
from cli.script_comparison import (
    WORD,
    HeardDetail,
    ScriptComparison,
    SpeakerMatch,
    compute_word_error_rate,
    split_words,
)
from cli.verb import Verb, name_program
from cli.verb_advice import advise_verb
from cli.verbs.anonymise import build_search_data
from cli.verbs.transcribe import build_transcript_data
from models import (
    InstalledModel,
    ModelKind,
    find_names_model,
    find_speech_model,
    list_models,
    list_other_names_models,
)
from study import (
    Category,
    ConsentAnswer,
    ConsentPurpose,
    ConsentRule,
    InterviewDetails,
    Mentions,
    Pseudonym,
    RegisterEntry,
    ReportProgress,
    TaskProgress,
    Transcript,
    format_clock,
)
from study.store import (
    Study,
    TranscriptEditor,
    change_study_policy,
    read_study_policy,
)

# Who and what the study is known to be about, entered with each interview.
KNOWN = (
    *(RegisterEntry(Category.PERSON, one.names, one.code) for one in (ARTHUR, JEAN, GRAHAM)),
    RegisterEntry(Category.PLACE, ("Skelbeck",)),
    RegisterEntry(Category.PLACE, ("Wetherdale",)),
)
# The participants as a researcher would enter them, by the name of the demonstration interview.
CASE = {
    "interview": ("P01_i1", (INTERVIEWER, ARTHUR)),
    "spouse": ("FAM01_i1", (INTERVIEWER, JEAN)),
    "staff": ("STAFF01_i1", (INTERVIEWER, GRAHAM)),
}
LABEL = "P01_i1"
MODEL = "tiny.en"
_RECORDED = {
    "microphones": "a microphone each",
    "table": "one microphone on the table",
    "telephone": "a telephone call",
}
_SHOWN_TURNS = 2  # of each interview
_SHOWN_DOUBTS = 2  # of each interview
_LONG_TURN, _LONG_DOUBT = 300, 80  # characters
_TITLES = frozenset({"doctor", "dr", "mr", "mrs"})
_WIDTH = 79


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to make the study")
    parser.add_argument(
        "--guided",
        action="store_true",
        help="seal one recording only, and be shown around in the interface: five minutes",
    )


@dataclass(frozen=True, slots=True)
class DemoInterview:
    """One interview at the end: its transcript, its mentions, and the clean transcript.

    details: each place where its script identifies somebody. speakers: how its voices, told apart
    on one microphone, match the speakers of the script; None where they were not told apart.
    """

    name: str
    label: str
    heard: Transcript
    mentions: Mentions
    clean: Transcript
    script: ScriptComparison
    details: tuple[HeardDetail, ...]
    speakers: SpeakerMatch | None = None


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """The figures of the demonstration.

    concerns: how many lines of the risk sheet there are of each kind.
    """

    seconds: float
    word_error_rate: float
    walked: tuple[DemoInterview, ...]
    people: tuple[Pseudonym, ...]
    concerns: dict[str, int]
    files: tuple[str, ...]


def _run(arguments: argparse.Namespace, console: Console) -> int:
    begun = time.monotonic()
    folder: Path = arguments.folder
    if arguments.guided:
        if not list_models(ModelKind.SPEECH):
            find_speech_model(MODEL)  # says how to get it, before there is a study without any use
        return _show_around(folder, console)
    model = find_speech_model(MODEL)
    study, _ = Study.create(folder, DEMONSTRATION_PASSPHRASE)
    with study:
        _record_consents(study)
        walked, joined, files = _walk(study, model, console)
        outcome = _outcome(study, walked, files, begun)
    data = {
        "seconds": outcome.seconds,
        "word_error_rate": outcome.word_error_rate,
        "interviews": {
            one.label: {
                "word_error_rate": round(one.script.word_error_rate, 3),
                "transcript": build_transcript_data(one.heard),
                "found": build_search_data(one.mentions),
                "speakers": one.speakers,
            }
            for one in outcome.walked
        },
        "people": outcome.people,
        "joined": joined,
        "details": [
            {"said": d.said, "heard": d.heard, "is_left": d.is_left_in(one.clean)}
            for one in outcome.walked
            for d in one.details
        ],
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

    study, _ = Study.create(folder, DEMONSTRATION_PASSPHRASE)
    with study:
        _record_consents(study)
        _seal(study, "interview", console)
        lines = [
            f"A demonstration study with one recording is in {folder}",
            f"  {name_program()} open {folder} --guided",
            "opens it; the passphrase is:",
            f"  {DEMONSTRATION_PASSPHRASE}",
        ]
        is_shown = has_terminal() and not console.as_json
        console.end_progress()
        here = [one.name for one in list_models(ModelKind.SPEECH)]
        model = MODEL if MODEL in here else ""  # its own, of which the tour's five minutes are told
        code = load_interface()(study, is_guided=True, speech_model=model) if is_shown else 0
    console.print_result({"study": str(folder)}, lines)
    return code


def _record_consents(study: Study) -> None:
    """Record what the made-up people of the demonstration agreed to, as a study is asked to."""
    change_study_policy(study, replace(read_study_policy(study), consent=ConsentRule.RECORDED))
    day = study.now()[:10]
    for person in (ARTHUR, JEAN, GRAHAM):
        record_consent(
            study,
            ConsentDraft(
                person.code,
                sheet="made up",
                sheet_date=day,
                form="made up",
                form_date=day,
                taken_by="nobody: the person is made up",
                taken_on=day,
                answers=tuple((purpose, ConsentAnswer.YES) for purpose in ConsentPurpose),
            ),
        )


def _name_progress(console: Console, name: str) -> ReportProgress:
    """Return what shows progress with the label of the interview before it."""
    label = CASE[name][0]

    def show(progress: TaskProgress) -> None:
        console.show_progress(replace(progress, what=f"{label}: {progress.what}"))

    return show


def _seal(study: Study, name: str, console: Console) -> str:
    from capture import import_sound
    from models import load_demonstration

    script, (label, people) = load_demonstration(name), CASE[name]
    about = InterviewDetails(label, people, script.channels, KNOWN)
    return import_sound(study, script.sound, about, report=_name_progress(console, name))


def _walk(
    study: Study, model: InstalledModel, console: Console
) -> tuple[list[DemoInterview], list[tuple[str, str]], list[Path]]:
    """Take all interviews through every step, from the sound to the files that are handed over."""
    from anonymise import write_clean_transcript
    from handoff import ExportOrder, export_interviews, sign_transcript
    from transcribe import transcribe_interview

    console.say("1 of 5  sealing three recordings: the participant, his wife, a member of staff")
    ids = {name: _seal(study, name, console) for name in CASE}
    console.say(f"2 of 5  transcribing ten minutes of speech with {model.name}, on this computer")
    heard: dict[str, Transcript] = {}
    speakers: dict[str, SpeakerMatch] = {}
    for name, interview in ids.items():
        heard[name] = transcribe_interview(
            study.interview(interview), model, report=_name_progress(console, name)
        )
        if match := _tell_speakers(study, name, interview, console):
            speakers[name] = match
            heard[name] = TranscriptEditor(study.interview(interview)).transcript
    console.say("3 of 5  looking for identifying details")
    console.say("4 of 5  accepting every proposal (in real work a person decides each)")
    compared = {name: _compare(name, heard[name]) for name in ids}
    found = _found(study, ids)
    joined = _join_names(study, compared)
    console.say("5 of 5  signing off and handing over (in real work a data officer signs)")
    walked: list[DemoInterview] = []
    for name, interview in ids.items():
        cleaned = write_clean_transcript(study.interview(interview))
        sign_transcript(study.interview(interview), name="demonstration")
        walked.append(
            DemoInterview(
                name,
                CASE[name][0],
                heard[name],
                found[name],
                cleaned,
                *compared[name],
                speakers.get(name),
            )
        )
    files = export_interviews(study, ExportOrder(tuple(ids.values())))
    return walked, joined, files


def _tell_speakers(
    study: Study, name: str, interview: str, console: Console
) -> SpeakerMatch | None:
    """Tell apart who speaks before one microphone, and name the voices as a person would."""
    from models import load_demonstration

    added = add_speakers(study.interview(interview), _name_progress(console, name))
    if added.problem is not None:
        console.say(f"{NOT_TOLD_APART} {added.problem} {advise_verb(added.problem)}")
    if added.transcript is None:
        return None
    match = ScriptComparison(load_demonstration(name).turns, added.transcript).match_speakers()
    TranscriptEditor(study.interview(interview)).name_voices(match.names)
    return match


def _compare(name: str, heard: Transcript) -> tuple[ScriptComparison, tuple[HeardDetail, ...]]:
    from models import load_demonstration

    script = load_demonstration(name)
    compared = ScriptComparison(script.turns, heard)
    return compared, tuple(compared.compare_details(script.details))


def _found(study: Study, ids: dict[str, str]) -> dict[str, Mentions]:
    """Search all interviews twice and accept every mention: one names people of another."""
    from anonymise import accept_all_mentions, search_transcript

    names = find_names_model()
    beside = list_other_names_models(names)  # as `earshot anonymise` does
    found: dict[str, Mentions] = {}
    for _ in range(2):
        for name, interview in ids.items():
            found[name] = search_transcript(
                study.interview(interview), name_model=names, other_models=beside
            )
            accept_all_mentions(study.interview(interview), reason="demonstration")
    return found


def _join_names(
    study: Study, compared: Mapping[str, tuple[ScriptComparison, tuple[HeardDetail, ...]]]
) -> list[tuple[str, str]]:
    """Join what a person who knows the case would: a speaker's nickname, and misheard names.

    Returns the labels that were joined, each with the one that stands afterwards.
    """
    from anonymise import Likeness, join_identities, list_possible_joins, list_pseudonyms
    from models import load_demonstration

    forms: dict[str, set[str]] = {}
    for name, (_, details) in compared.items():
        for code, said in load_demonstration(name).names:
            known = forms.setdefault(code, set())
            known.update(_fold(d.heard) for d in details if d.said == said)
            known.add(_fold(said))
    joined: list[tuple[str, str]] = []
    for code, known in forms.items():
        people = [
            p
            for p in list_pseudonyms(study)
            if p.category is Category.PERSON and p.role in {"", code} and known & set(p.forms)
        ]
        first = next((p for p in people if p.role == code), people[0] if people else None)
        for other in people:
            if first is not None and other is not first:
                join_identities(study, other.label, first.label)
                joined.append((other.label, first.label))
    # The three talk of one family: a first name is the same person's in all.
    while same := [p for p in list_possible_joins(study) if p.why is Likeness.SAME_NAME]:
        join_identities(study, same[0].label, same[0].other)
        joined.append((same[0].label, same[0].other))
    return joined


def _fold(name: str) -> str:
    words = split_words(name.casefold())
    return " ".join(word for word in words if word not in _TITLES)


def _outcome(
    study: Study, walked: list[DemoInterview], files: list[Path], begun: float
) -> DemoOutcome:
    from anonymise import build_risk_sheet, list_pseudonyms
    from models import load_demonstration

    scripts = [load_demonstration(one.name) for one in walked]
    said = " ".join(text for script in scripts for _, text in script.turns)
    heard = " ".join(turn.text for one in walked for turn in one.heard.turns)
    return DemoOutcome(
        seconds=round(time.monotonic() - begun, 1),
        word_error_rate=round(compute_word_error_rate(said, heard), 3),
        walked=tuple(walked),
        people=tuple(p for p in list_pseudonyms(study) if p.category is Category.PERSON),
        concerns=dict(Counter(line.concern.value for line in build_risk_sheet(study))),
        files=tuple(str(file) for file in files),
    )


def _describe(outcome: DemoOutcome, folder: Path) -> list[str]:
    return [
        "",
        "HOW WELL IT WAS HEARD  (words wrong, missing or added, against the script)",
        *(_describe_hearing(one) for one in outcome.walked),
        f"  All three: {outcome.word_error_rate:.1%}. An “um” that was left out counts as wrong.",
        "",
        *_describe_speakers(outcome),
        "AS IT WAS SAID, HEARD AND HANDED OVER  (*misheard*)",
        *(line for one in outcome.walked for line in _describe_turns(one)),
        "WHERE EARSHOT DOUBTS THE WORDS  (review goes from one to the next)",
        *(line for one in outcome.walked for line in _describe_doubts(one)),
        "",
        "ONE PERSON, ONE REPLACEMENT, however a name was heard",
        *_fold_people(outcome),
        "",
        *_describe_details(outcome),
        "",
        "WHAT ELSE TO LOOK AT  (earshot risk)",
        *(f"  {count:4}  {concern}" for concern, count in outcome.concerns.items()),
        "",
        f"All this took {outcome.seconds:.0f} s, and no network. {len(outcome.files)} files are in",
        f"  {Path(outcome.files[0]).parent}",
        "",
        "What to try next; the passphrase is:",
        f"  {DEMONSTRATION_PASSPHRASE}",
        *(
            f"  {name_program()} {words}"
            for words in (
                f"open {folder}",
                f"review {folder} {LABEL}",
                f"risk {folder}",
                f"log verify {folder}",
            )
        ),
    ]


def _describe_hearing(one: DemoInterview) -> str:
    from models import load_demonstration

    recorded = _RECORDED[load_demonstration(one.name).recorded]
    length = format_clock(one.heard.coverage.sound_s if one.heard.coverage else 0.0)
    doubtful = sum(bool(turn.flags) for turn in one.heard.turns)
    return (
        f"  {one.label:10}  {length}  {recorded:27}  {one.script.word_error_rate:6.1%}"
        f"  {format_count(doubtful, 'turn')} to check"
    )


def _describe_speakers(outcome: DemoOutcome) -> list[str]:
    """Say how well voices were told apart; nothing where none were."""
    lines = [
        f"  {one.label:10}  {one.speakers.share:.1%}  of the words that were heard right"
        for one in outcome.walked
        if one.speakers is not None
    ]
    if not lines:
        return []
    return ["WHO SPEAKS  (told apart by voice on one microphone: words with the right speaker)",
            *lines, ""]  # fmt: skip


def _describe_turns(one: DemoInterview) -> list[str]:
    """Show the turns in which most names were misheard, each in three lines."""
    runs = [run for detail in one.details for run in detail.wrong]
    shown = [
        n
        for n, turn in enumerate(one.heard.turns)
        if any(run in " ".join(split_words(turn.text)) for run in runs)
        and len(turn.text) < _LONG_TURN
        and turn.text != one.clean.turns[n].text
    ]
    lines: list[str] = []
    for n in shown[:_SHOWN_TURNS]:
        turn, wrong = one.heard.turns[n], one.script.list_wrong_words(n)
        lines += [
            f"  {one.label}  {format_clock(turn.start_s)}",
            *_wrap("said", one.script.find_said(n)),
            *_wrap("heard", _mark_words(turn.text, wrong)),
            *_wrap("clean", one.clean.turns[n].text),
            "",
        ]
    return lines


def _wrap(what: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"    {what:6} ", subsequent_indent=" " * 11)


def _mark_words(text: str, wrong: set[int]) -> str:
    """Put stars round the wrong words of a text, counted as ``split_words`` does."""
    words = itertools.count()
    return WORD.sub(lambda f: f"*{f[0]}*" if next(words) in wrong else f[0], text)


def _describe_doubts(one: DemoInterview) -> list[str]:
    shown = [
        n for n, turn in enumerate(one.heard.turns) if turn.flags and len(turn.text) < _LONG_DOUBT
    ]
    lines: list[str] = []
    for n in shown[:_SHOWN_DOUBTS]:
        turn = one.heard.turns[n]
        lines += [
            f"  {one.label}  {format_clock(turn.start_s)}  {turn.flags[0].note}",
            *_wrap("said", one.script.find_said(n) or "-"),
            *_wrap("heard", _mark_words(turn.text, one.script.list_wrong_words(n))),
        ]
    return lines


def _fold_people(outcome: DemoOutcome) -> list[str]:
    """Say who is replaced with what, and which of the forms no script has."""
    from models import load_demonstration

    said = " ".join(
        text for one in outcome.walked for _, text in load_demonstration(one.name).turns
    ).casefold()
    lines: list[str] = []
    for person in outcome.people:
        misheard = [form for form in person.forms if form not in said]
        known = [form for form in person.forms if form in said]
        heard = f"heard as {', '.join(misheard)}" if misheard else ""
        lines += textwrap.wrap(
            f"{person.replacement:20} " + "; ".join(filter(None, [", ".join(known), heard])),
            _WIDTH,
            initial_indent="  ",
            subsequent_indent=" " * 23,
        )
    return lines


def _describe_details(outcome: DemoOutcome) -> list[str]:
    details = [(detail, one.clean) for one in outcome.walked for detail in one.details]
    misheard = [(detail, clean) for detail, clean in details if detail.wrong]
    replaced = sum(not detail.is_left_in(clean) for detail, clean in misheard)
    left = dict.fromkeys(detail for detail, clean in details if detail.is_left_in(clean))
    heard = format_count(len(misheard), "time")
    kept = f"{heard}; of those {replaced} replaced all the same"
    return [
        "WHAT IDENTIFIES SOMEBODY",
        f"  said {format_count(len(details), 'time')}, misheard {kept}",
        *(["  Still there, for a person to find in review:"] if left else []),
        *(
            f"    {detail.said}" + (f", heard as “{detail.heard}”" if detail.wrong else "")
            for detail in left
        ),
    ]


VERB = Verb(
    name="demo",
    summary="Make a study from three spoken demonstration interviews, and walk it through every"
    " step.",
    example="earshot demo try-earshot",
    run=_run,
    arguments=_arguments,
)
