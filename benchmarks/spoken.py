"""What can still be read once a spoken interview is anonymised, every proposal accepted.

    python -m benchmarks spoken [--model tiny.en|base|both] [--only LABEL…] [--standing] …

Four interviews of our own with every identifying detail marked (``spoken_interviews/``) are spoken
with natural voices on one microphone and on one each, heard by two models, and anonymised with the
participants' names entered. Everything proposed is accepted, by nobody's judgement. For each
spoken detail it is told whether it is replaced, stands as it was said, stands recognisable, or is
beyond recognition (``_spoken_scores``). Presidio masks the same words beside it.

``--standing`` prints each detail that stands, with its turn and which list leads to it.
``--names MODEL`` adds an installed finder of names, for example en_core_web_sm. Only a run without
options is kept.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from anonymise import (
    Concern,
    accept_all_mentions,
    build_risk_sheet,
    list_traces,
    search_transcript,
    write_clean_transcript,
)
from benchmarks._finders import Answered, peers
from benchmarks._marked import Set
from benchmarks._marked import Turn as PeerTurn
from benchmarks._place import PASSPHRASE
from benchmarks._speaker_sounds import find_voices
from benchmarks._spoken_scores import Outcome, SpokenDetail, score_details
from benchmarks._spoken_scripts import read_scripts
from benchmarks._spoken_sounds import EACH, ONE, HeardScript, count_minutes, hear_script
from benchmarks.frame import Row, at_least, at_most
from handoff import sign_transcript
from models import InstalledModel, find_names_model, find_speech_model
from study import ArtefactKind, Category, InterviewDetails
from study.errors import EarshotError, OriginalSurvives
from study.store import Argon2Cost, Interview, Study, read_decisions

MODELS = ("tiny.en", "base")
MICROPHONES = (ONE, EACH)
PRESIDIO = "Presidio"

_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
_NAMED = frozenset({Category.PERSON})
_SITES = frozenset({Category.PLACE, Category.ORGANISATION})
_TOLD = frozenset({Category.AGE, Category.HIGH_AGE, Category.OCCUPATION, Category.EVENT})
_DIRECT = frozenset(c for c in Category if c.is_direct) - _NAMED
_REST = frozenset(Category) - _NAMED - _SITES - _TOLD - _DIRECT
# What is counted together, and the most of it in % that may stand.
KINDS: tuple[tuple[str, frozenset[Category], float | None], ...] = (
    ("direct details", _DIRECT, 0.0),
    ("persons", _NAMED, 3.0),
    ("places and organisations", _SITES, 10.0),
    ("ages, occupations, events", _TOLD, 20.0),
    ("dates, origins, other", _REST, None),
)
_MOST_REFUSED = 10.0

Masks = list[list[tuple[int, int]]]  # turn, spans


@dataclass(frozen=True, slots=True)
class _Choice:
    models: Sequence[str] = MODELS
    only: Sequence[str] = ()
    peers: bool = True
    shows: bool = False
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Anonymised:
    """What Earshot made of an interview: masks, the places of its risk sheet, the gate's refusal.

    listed: (turn, character) of each place on the sheet; traced: of each place that an outsider's
    list (``earshot risk --intruder``) of a participant has. refusal: "" where the gate passes it.
    """

    heard: HeardScript
    masks: Masks
    listed: frozenset[tuple[int, int]]
    traced: frozenset[tuple[int, int]]
    proposed: int
    refusal: str


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes the smaller model, one interview and no peer."""
    return measure(_Choice(MODELS[:1], ("P11",), peers=False) if quick else _Choice())


def choose(arguments: Sequence[str]) -> Callable[[bool], list[Row]]:
    """Return the run that the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks spoken")
    parser.add_argument("--model", choices=(*MODELS, "both"), default="both")
    parser.add_argument("--only", nargs="+", default=(), metavar="LABEL")
    parser.add_argument("--names", nargs="+", default=(), metavar="MODEL")
    parser.add_argument("--ours-only", action="store_true", help="without Presidio")
    parser.add_argument("--standing", action="store_true", help="print each detail that stands")
    given = parser.parse_args(arguments)
    models = MODELS if given.model == "both" else (given.model,)
    wanted = _Choice(models, given.only, not given.ours_only, given.standing, given.names)
    return lambda _: measure(wanted)


def measure(choice: _Choice) -> list[Row]:
    """Measure what is chosen; what is not on this computer is told in a row without a value."""
    say = find_voices()
    if say is None:
        note = "the natural voices (EARSHOT_NATURAL_VOICES) are not on this computer"
        return [Row("details that stand", None, "%", note=note)]
    scripts = [one for one in read_scripts() if not choice.only or one.label in choice.only]
    minutes = [count_minutes(one, say) for one in scripts]
    words = sum(len(turn.text.split()) for one in scripts for turn in one.turns)
    rows = [
        Row(
            f"interviews spoken: {', '.join(one.label for one in scripts)}",
            sum(minutes),
            "min",
            f"{words:,} words",
        )
    ]
    with ExitStack() as stack:
        peer = None
        if choice.peers:
            try:
                finders, _ = stack.enter_context(peers())
                peer = next(one for one in finders if one.name == PRESIDIO)
            except subprocess.CalledProcessError:
                note = "its packages could not be installed"
                rows.append(Row(PRESIDIO, None, "", note=note))
        for model in choice.models:
            try:
                find_speech_model(model)
            except EarshotError as missing:
                rows.append(Row(f"{model}: details that stand", None, "%", note=str(missing)))
                continue
            for microphones in MICROPHONES:
                heard = [hear_script(one, microphones, model, say) for one in scripts]
                made = _anonymise(heard, choice.names)
                masked = None if peer is None else _list_peer_masks(peer.answer([_as_set(heard)]))
                about = f"{model}, {microphones}"
                rows += _make_rows(about, made, masked)
                if choice.shows:
                    _print_standing(about, made)
    return rows


def _anonymise(heard: Sequence[HeardScript], names: Sequence[str]) -> list[_Anonymised]:
    """Search and accept all interviews of one study, in order; then look at sheet and gate."""
    finders = [find_names_model(), *(find_names_model(name) for name in names)]
    with tempfile.TemporaryDirectory(prefix="earshot-spoken-") as folder:
        study = Study.create(Path(folder) / "study", PASSPHRASE, cost=_CHEAP)[0]
        with study:
            entered = [_enter(study, one) for one in heard]
            counts = [_accept_all(one, finders) for one in entered]
            return [
                _look_at(one, interview, count)
                for one, interview, count in zip(heard, entered, counts, strict=True)
            ]


def _enter(study: Study, heard: HeardScript) -> Interview:
    with study.change("heard") as change:
        details = InterviewDetails(heard.script.label, heard.script.participants)
        interview = change.add_interview(details)
        change.write_artefact(ArtefactKind.RAW, heard.transcript)
    return study.interview(interview)


def _accept_all(interview: Interview, finders: Sequence[InstalledModel]) -> int:
    first, *others = finders
    search_transcript(interview, name_model=first, other_models=others)
    made = accept_all_mentions(interview)
    write_clean_transcript(interview)
    return len(made)


def _look_at(heard: HeardScript, interview: Interview, proposed: int) -> _Anonymised:
    numbers = {turn.key: n for n, turn in enumerate(heard.transcript.turns)}
    masks: Masks = [[] for _ in numbers]
    for one in read_decisions(interview):
        if one.is_replaced:
            masks[numbers[one.mention.turn]].append((one.mention.start, one.mention.end))
    sheet = (
        place
        for line in build_risk_sheet(interview.study, interview)
        if line.concern is not Concern.NOT_LOOKED_AT
        for place in line.places
    )
    traces = (
        place
        for one in heard.script.participants
        for line in list_traces(interview.study, one.code)
        for place in line.places
    )
    listed, traced = (
        frozenset(
            (numbers[place.turn], at)
            for place in places
            if place.interview == interview.id
            for at in range(place.start, place.end)
        )
        for places in (sheet, traces)
    )
    made = _Anonymised(heard, masks, listed, traced, proposed, "")
    try:
        sign_transcript(interview)
    except OriginalSurvives as refused:
        return replace(made, refusal=str(refused))
    return made


def _score(heard: HeardScript, masks: Masks) -> tuple[list[SpokenDetail], int]:
    masked = [{at for start, end in spans for at in range(start, end)} for spans in masks]
    return score_details(heard.script, heard.transcript.turns, lambda turn, at: at in masked[turn])


def _as_set(heard: Iterable[HeardScript]) -> Set:
    documents = tuple(tuple(PeerTurn(t.text) for t in one.transcript.turns) for one in heard)
    return Set("spoken", documents, frozenset(c.value for c in Category))


def _list_peer_masks(answered: Answered) -> list[Masks]:
    return [
        [[(one.start, one.end) for one in turn] for turn in document]
        for document in answered.found[0]
    ]


def _make_rows(about: str, made: Sequence[_Anonymised], peer: Sequence[Masks] | None) -> list[Row]:
    scored = [_score(one.heard, one.masks) for one in made]
    ours = [detail for details, _ in scored for detail in details]
    theirs = None
    if peer is not None:
        beside = [_score(one.heard, masks)[0] for one, masks in zip(made, peer, strict=True)]
        theirs = [detail for details in beside for detail in details]
    rows: list[Row] = []
    for name, kinds, most in KINDS:
        figure = f"{about}: {name} that stand, of {_count(ours, kinds)}"
        share = _share_standing(ours, kinds)
        told = [_tell_outcomes(ours, kinds)]
        if theirs is not None:
            told.append(f"{PRESIDIO} {_share_standing(theirs, kinds):.0f} %")
        row = Row(figure, share, "%") if most is None else at_most(figure, share, most, "%")
        rows.append(replace(row, compared_with="; ".join(told)))
    standing = [
        (one, detail)
        for one, (details, _) in zip(made, scored, strict=True)
        for detail in details
        if detail.outcome.stands
    ]
    on_sheet = sum(_is_listed(one, detail) for one, detail in standing)
    share = on_sheet / max(1, len(standing))
    either = sum(_is_listed(one, detail) or _is_traced(one, detail) for one, detail in standing)
    told = f"{on_sheet} of {len(standing)}; {either} on it or on the outsider's list"
    rows.append(at_least(f"{about}: of those that stand, on the risk sheet", share, 1.0, "of them",
                         compared_with=told))  # fmt: skip
    refused = [one for one in made if one.refusal]
    note = "; ".join(f"{one.heard.script.label}: {one.refusal}" for one in refused)
    rows.append(replace(
        at_most(f"{about}: interviews that the gate refuses after accepting all",
                100 * len(refused) / len(made), _MOST_REFUSED, "%",
                compared_with=f"{len(refused)} of {len(made)}"), note=note))  # fmt: skip
    words = sum(len(t.text.split()) for one in made for t in one.heard.transcript.turns)
    proposed = sum(one.proposed for one in made)
    kept_masked = sum(kept for _, kept in scored)
    rows.append(Row(f"{about}: words to keep that are masked", kept_masked, "of them",
                    f"{1000 * proposed / words:.0f} proposals in 1,000 words"))  # fmt: skip
    return rows


def _count(details: Iterable[SpokenDetail], kinds: Collection[Category]) -> int:
    return sum(one.kind in kinds for one in details)


def _share_standing(details: Iterable[SpokenDetail], kinds: Collection[Category]) -> float:
    wanted = [one for one in details if one.kind in kinds]
    return 100 * sum(one.outcome.stands for one in wanted) / max(1, len(wanted))


def _tell_outcomes(details: Iterable[SpokenDetail], kinds: Collection[Category]) -> str:
    counts = Counter(one.outcome for one in details if one.kind in kinds)
    return ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in reversed(Outcome))


def _is_listed(made: _Anonymised, detail: SpokenDetail) -> bool:
    return any(place in made.listed for place in detail.places)


def _is_traced(made: _Anonymised, detail: SpokenDetail) -> bool:
    return any(place in made.traced for place in detail.places)


def _print_standing(about: str, made: Sequence[_Anonymised]) -> None:
    """Print each detail that stands: kind, words, turn of the script, what was written."""
    for one in made:
        details, _ = _score(one.heard, one.masks)
        for detail in details:
            if detail.outcome.stands:
                listed = "on no list"
                if _is_listed(one, detail) or _is_traced(one, detail):
                    listed = "on the sheet" if _is_listed(one, detail) else "an outsider's list"
                print(
                    f"{about} | {one.heard.script.label} line {detail.turn + 1} | "
                    f"{detail.kind.value} | {detail.outcome.value} | {listed} | said "
                    f"<{detail.words}> | written <{detail.written}>",
                    file=sys.stderr,
                )
        if one.refusal:
            print(f"{about} | {one.heard.script.label} | gate: {one.refusal}", file=sys.stderr)
