"""The step: search a transcript and propose what to replace.

The search reads one version of the transcript and holds no lock. Names, keys and numbers are
given inside the one transaction that writes the result, so that two searches at once cannot give
one number twice, and a search that is killed has done nothing. Doing it again on the same words
gives the same mentions, with everything that was decided about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from anonymise import carrying, keeping, pseudonyms, remembering
from anonymise.finding import NAMES as NAMES_SOURCE
from anonymise.keep import KeepList
from anonymise.pieces import Spoken
from anonymise.proposals import NAMES, Proposal
from anonymise.register import Known
from anonymise.remembering import Memory, Remembered
from anonymise.roles import role_of
from models.shelf import ModelHere
from study import decided
from study.artefacts import Kind
from study.change import Change
from study.decided import Decided, Source
from study.errors import Stopped, TranscriptMissing
from study.facts import DecisionFacts, MentionsFacts, PseudonymFacts
from study.steps import PROGRAM, Progress, Report, Stop, never, quietly
from study.store import Study
from study.terms import About, Category, Finder, Mention, Mentions, Provenance, Transcript

if TYPE_CHECKING:
    from anonymise.pipeline import Found, Pipeline

STEP = "anonymise"
BESIDE = "beside "  # an option of this beginning tells people of a second model and its hash
# What was accepted in each interview of an open study, as long as nothing was decided there since.
_ACCEPTED: WeakKeyDictionary[Study, dict[str, tuple[object, list[Known]]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Way:
    """All that a pipeline is made of; ``trained`` are pairs of source and folder."""

    known: tuple[Known, ...]
    trained: tuple[tuple[str, Path], ...]
    words: KeepList
    without: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Searched:
    """What a search gave: proposals by turn key, and what to remember of it."""

    by_turn: dict[int, list[Proposal]]
    not_looked_for: tuple[str, ...]
    memory: Memory
    finders: tuple[Finder, ...] = ()


def names_source(model: ModelHere, first: ModelHere | None) -> str:
    """Return what a trained model's finds are signed with: the first one's are plain names."""
    return NAMES_SOURCE if model is first else model.name


def newest_transcript(study: Study, interview: str) -> Source:
    """Return the transcript as it was last corrected, or as the model gave it.

    Raises:
        StepMissing: it has not been transcribed.
    """
    source = decided.newest(study, interview)
    if source is None:
        raise TranscriptMissing
    return source


def propose(
    study: Study,
    interview: str,
    *,
    ner: ModelHere | None,
    beside: Sequence[ModelHere] = (),
    without: Collection[str] = (),
    stop: Stop = never,
    report: Report = quietly,
) -> Mentions:
    """Search the newest transcript and write what was found as a new version.

    ner: a trained finder of names, None for rules and known names alone.
    beside: other trained finders, whose finds are taken as well.
    without: names of components (see ``anonymise.finding``) that shall not look.
    report: told the number of turns searched, of all that were not searched before.

    Raises:
        StepMissing: there is no transcript.
        Stopped: ``stop`` asked for it; nothing was written.
        ModelMissing, ModelBroken: as their texts say.
    """
    source = newest_transcript(study, interview)
    known = known_beforehand(study, interview)
    finders = tuple(
        Finder(names_source(model, ner), model.name, model.sha256())
        for model in (ner, *beside)
        if model
    )
    others = {
        BESIDE + finder.model: finder.sha256 for finder in finders if finder.source != NAMES_SOURCE
    }
    sha256 = finders[0].sha256 if ner else ""
    trained = {names_source(model, ner): model.folder for model in (ner, *beside) if model}
    way = _Way(tuple(known), tuple(trained.items()), keeping.words(study), frozenset(without))
    wanted = remembering.stamp(
        known, sha256, others, version("spacy"), keeping.read(study), sorted(without)
    )
    memory = remembering.read(study, interview, wanted)
    searched = _search(source.transcript, way, replace(memory, stamp=wanted), stop, report)
    provenance = Provenance(
        step=STEP,
        program=PROGRAM,
        model=ner.name if ner else "",
        model_sha256=sha256,
        options={
            "transcript": source.ref.kind.value,
            "edits": source.ref.edits,
            "spacy": version("spacy"),
            **others,
            **({"without": ", ".join(sorted(without))} if without else {}),
        },
    )
    with study.change("anonymised", interview) as change:
        searched = replace(searched, finders=finders)
        mentions = _write(change, interview, source, searched, provenance, known)
        if searched.memory != memory:
            remembering.write(change, interview, searched.memory)
        return mentions


def _search(
    transcript: Transcript,
    way: _Way,
    memory: Memory,
    stop: Stop,
    report: Report,
) -> _Searched:
    """Search the turns that are not remembered, and settle what stands in all of them."""
    from anonymise.pipeline import Found, settle

    texts = [turn.text for turn in transcript.turns]
    before = memory.by_words()
    fresh = remembering.unknown(before, texts)
    looked_for, not_looked_for = memory.looked_for, memory.not_looked_for
    if fresh or not looked_for:
        pipeline = _pipeline(way)
        looked_for, not_looked_for = pipeline.looked_for, pipeline.not_looked_for
        found = _watched(pipeline.search(fresh), len(fresh), stop, report)
        for text, one in zip(fresh, found, strict=True):
            sha256 = remembering.digest(text)
            before[sha256] = Remembered(sha256, one.proposals, one.failed)
    turns = [before[remembering.digest(text)] for text in texts]
    settled = settle(
        [
            Found(Spoken.of(text), turn.proposals, turn.failed)
            for text, turn in zip(texts, turns, strict=True)
        ],
        way.words,
    )
    failed = sorted({name for turn in turns for name in turn.failed})
    return _Searched(
        {turn.key: found for turn, found in zip(transcript.turns, settled, strict=True)},
        (*not_looked_for, *(f"some turns: {name} failed there" for name in failed)),
        Memory(memory.stamp, tuple(dict.fromkeys(turns)), looked_for, not_looked_for),
    )


@lru_cache(maxsize=1)
def _pipeline(way: _Way) -> Pipeline:
    """Make a pipeline, or return the last one: a second search need not load the model again."""
    from anonymise.pipeline import Pipeline

    return Pipeline(way.known, trained=dict(way.trained), words=way.words, without=way.without)


def _watched(found: Iterable[Found], total: int, stop: Stop, report: Report) -> Iterator[Found]:
    report(Progress(0, total, "turns"))
    if stop():
        raise Stopped("The search")
    for done, one in enumerate(found, 1):
        yield one
        report(Progress(done, total, "turns"))
        if stop() and done < total:
            raise Stopped("The search")


def _write(
    change: Change,
    interview: str,
    source: Source,
    searched: _Searched,
    provenance: Provenance,
    known: list[Known],
) -> Mentions:
    study, texts = change.study, source.texts()
    before = carrying.read(study, interview, texts, source.kin)
    kept, fresh = carrying.settled(before, texts, searched.by_turn)
    book = pseudonyms.read_book(study, interview)
    book.expect(known)
    names = book.replacements([asked(texts[turn], p) for turn, p in fresh])
    keys = carrying.Keys(before)
    mentions = [d.mention for d in kept] + [
        Mention(
            keys.key_for(turn, p), turn, p.start, p.end, p.category, p.source, p.score, name
        )
        for (turn, p), name in zip(fresh, names, strict=True)
    ]  # fmt: skip
    result = Mentions(
        source.ref,
        source.in_order(mentions),
        provenance,
        searched.memory.looked_for,
        searched.not_looked_for,
        searched.finders,
    )
    write(change, interview, result, kept, book)
    return result


def asked(text: str, proposal: Proposal) -> pseudonyms.Asked:
    """Ask for the replacement of a find in a turn of this text."""
    is_person = proposal.category is Category.PERSON
    role = role_of(text, proposal.start, proposal.end) if is_person else ""
    said = text[proposal.start : proposal.end]
    return pseudonyms.Asked(proposal.category, said, proposal.form, role)


def write(
    change: Change,
    interview: str,
    mentions: Mentions,
    kept: Iterable[Decided],
    book: pseudonyms.Book,
) -> None:
    """Write a version of the mentions, the decisions that stand, and what identities are called."""
    write_mentions(change, interview, mentions, kept)
    _write_pseudonyms(change, interview, book, (m.replacement for m in mentions.mentions))


def write_mentions(
    change: Change, interview: str, mentions: Mentions, kept: Iterable[Decided]
) -> None:
    """Write a version of the mentions with the decisions that stand."""
    decisions = [one.decision for one in kept if one.decision is not None]
    undecided = len(mentions.mentions) - len(decisions)
    told = MentionsFacts(mentions.transcript, len(mentions.mentions), undecided)
    change.put(interview, Kind.MENTIONS, mentions, told)
    change.append_all(interview, Kind.MENTIONS, decisions, DecisionFacts(undecided))
    change.facts["mentions"], change.facts["undecided"] = len(mentions.mentions), undecided


def _write_pseudonyms(
    change: Change, interview: str, book: pseudonyms.Book, replacements: Iterable[str]
) -> None:
    """Write what this interview's identities are called; what was given once is never dropped."""
    before = pseudonyms.of_interview(change.study, interview)
    used = book.used([*(p.replacement for p in before), *replacements])
    if used != before or not change.study.version(interview, Kind.PSEUDONYMS):
        change.put(interview, Kind.PSEUDONYMS, used, PseudonymFacts(book.counts()))


def known_beforehand(study: Study, interview: str) -> list[Known]:
    """Return the identities that were entered with an interview or accepted in another."""
    about = study.get(interview, Kind.ABOUT, About)
    found: list[Known] = []
    if about is not None:
        found += [Known(Category.PERSON, p.names, p.code) for p in about.participants if p.names]
        found += [Known(i.category, i.names, i.role) for i in about.register if i.names]
    return found + _accepted_elsewhere(study, interview)


def _accepted_elsewhere(study: Study, interview: str) -> list[Known]:
    """Return the names that were accepted in other interviews of the study."""
    known = _ACCEPTED.setdefault(study, {})
    found: list[Known] = []
    for summary in study.summaries():
        if summary.id == interview or Kind.MENTIONS not in summary.versions:
            continue
        state = summary.basis(), summary.versions.get(Kind.PSEUDONYMS)
        if summary.id not in known or known[summary.id][0] != state:
            known[summary.id] = state, _accepted(study, summary.id)
        found += known[summary.id][1]
    return list(dict.fromkeys(found))


def _accepted(study: Study, interview: str) -> list[Known]:
    accepted = {d.mention.replacement for d in decided.read(study, interview) if d.is_replaced}
    return [
        Known(p.category, p.forms)
        for p in pseudonyms.of_interview(study, interview)
        if p.replacement in accepted and p.category in NAMES
    ]
