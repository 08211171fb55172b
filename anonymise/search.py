"""Search a transcript for identifying details and propose what to replace.

The search reads one version of the transcript and holds no lock. Keys, labels and numbers are
assigned inside the one transaction that writes the result: two searches at the same time cannot
assign one number twice, and a search that is killed leaves the study as it was. A second search of
the same words gives the same mentions, with every decision about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from anonymise.carry_over import MentionKeys, carry_decisions_over, read_earlier_search
from anonymise.doubted_words import find_doubted_names
from anonymise.earlier_rejections import (
    EARLIER_REJECTIONS,
    OFTEN,
    is_asked,
    read_earlier_rejections,
)
from anonymise.keep_list import KeepList, build_keep_list, read_study_keep_list
from anonymise.pieces import CutTurn
from anonymise.proposals import NAME_CATEGORIES, Proposal
from anonymise.pseudonyms import (
    PseudonymBook,
    ReplacementRequest,
    read_interview_pseudonyms,
    read_pseudonym_book,
)
from anonymise.register import KnownIdentity
from anonymise.roles import infer_kin, infer_role
from anonymise.rule_registry import DOUBTED_SOURCE, NAMES_SOURCE
from anonymise.search_cache import (
    CachedTurn,
    SearchCache,
    compute_search_stamp,
    hash_words,
    list_unsearched_texts,
    read_search_cache,
    write_search_cache,
)
from anonymise.search_process import SearchedTexts, SearchTask
from models import InstalledModel
from study import (
    PROGRAM_VERSION,
    ArtefactKind,
    Category,
    DecidedMention,
    DecisionFacts,
    Finder,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Provenance,
    PseudonymFacts,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    Transcript,
    TranscriptSource,
    Turn,
    is_stranger,
    no_report,
    no_stop,
)
from study.errors import Stopped
from study.store import (
    Change,
    Interview,
    Study,
    explain_missing_transcript,
    read_decisions,
    read_newest_transcript,
)

if TYPE_CHECKING:
    from anonymise.pipeline import SearchPipeline, TurnFinds

SEARCH_STEP = "anonymise"
# Begins the provenance option that holds the hash of a second model; its name follows.
OTHER_MODEL_OPTION = "beside "
# The names accepted in each interview of an open study, until something else is decided there.
_ACCEPTED: WeakKeyDictionary[Study, dict[str, tuple[object, list[KnownIdentity]]]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True, slots=True)
class _PipelineParts:
    """All that a pipeline is made of; ``trained`` are pairs of source and folder."""

    known: tuple[KnownIdentity, ...]
    trained: tuple[tuple[str, Path], ...]
    keep_list: KeepList
    skipped_rules: frozenset[str]
    opinions: frozenset[str] = frozenset()

    def build_task(self, texts: tuple[str, ...]) -> SearchTask:
        """Return the search of these texts as another process is told of it."""
        trained = tuple((name, str(folder)) for name, folder in self.trained)
        return SearchTask(self.known, trained, self.keep_list, self.skipped_rules, texts)


@dataclass(frozen=True, slots=True)
class PreparedSearch:
    """A search of an interview that has yet to be made: what it looks at, and with what."""

    source: TranscriptSource
    parts: _PipelineParts
    cache: SearchCache
    provenance: Provenance
    finders: tuple[Finder, ...]
    asks_rejected: bool

    def list_fresh_texts(self) -> list[str]:
        """Return the texts of turns that no earlier search covers, each once."""
        texts = [turn.text for turn in self.source.transcript.turns]
        return list_unsearched_texts(self.cache.turns_by_digest(), texts)

    def build_task(self, texts: tuple[str, ...]) -> SearchTask:
        """Return the search of these texts as another process is told of it."""
        return self.parts.build_task(texts)


@dataclass(frozen=True, slots=True)
class FoundAhead:
    """What another process has found, and what it was told to look for."""

    task: SearchTask
    found: SearchedTexts


@dataclass(frozen=True, slots=True)
class _SearchResult:
    """The result of a search: proposals by turn key, and the cache for the next one."""

    by_turn: dict[int, list[Proposal]]
    not_looked_for: tuple[str, ...]
    cache: SearchCache


def require_transcript(interview: Interview) -> TranscriptSource:
    """Return the newest transcript: the corrected one, else the one that the model made.

    Raises:
        TranscriptMissing: it has not been transcribed.
        DataDestroyed, HasWithdrawn: it had a transcript once.
    """
    source = read_newest_transcript(interview)
    if source is None:
        raise explain_missing_transcript(interview)
    return source


def search_transcript(
    interview: Interview,
    *,
    name_model: InstalledModel | None,
    other_models: Sequence[InstalledModel] = (),
    opinions: Sequence[InstalledModel] = (),
    skipped_rules: Collection[str] = (),
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Mentions:
    """Search the newest transcript and write a new version of its mentions; return them.

    name_model: a trained finder of names, None for rules and known names alone.
    other_models: further trained finders, whose finds are added. opinions: such ones whose finds
        are questions, however sure, and make no other find surer.
    skipped_rules: names of ways of finding (see ``anonymise.rule_registry``) that are left out.
    report: receives the number of turns searched, of those that no earlier search covers.

    Raises:
        TranscriptMissing: there is no transcript.
        Stopped: ``stop`` asked for it; nothing was written.
        ModelMissing, ModelBroken: a model is not installed, or does not load.
    """
    prepared = prepare_search(
        interview,
        name_model=name_model,
        other_models=other_models,
        opinions=opinions,
        skipped_rules=skipped_rules,
    )
    return finish_search(interview, prepared, stop=stop, report=report)


def prepare_search(
    interview: Interview,
    *,
    name_model: InstalledModel | None,
    other_models: Sequence[InstalledModel] = (),
    opinions: Sequence[InstalledModel] = (),
    skipped_rules: Collection[str] = (),
) -> PreparedSearch:
    """Read all that a search of an interview is made of; arguments as for ``search_transcript``.

    Raises:
        TranscriptMissing: there is no transcript.
    """
    source = require_transcript(interview)
    known = list_known_identities(interview)
    models = [model for model in (name_model, *other_models, *opinions) if model is not None]
    sources = [_name_source(model, name_model) for model in models]
    finders = tuple(
        Finder(name, model.name, model.sha256())
        for name, model in zip(sources, models, strict=True)
    )
    others = {
        OTHER_MODEL_OPTION + finder.model: finder.sha256
        for finder in (finders[1:] if name_model else finders)
    }
    sha256 = finders[0].sha256 if name_model else ""
    trained = {name: model.folder for name, model in zip(sources, models, strict=True)}
    parts = _PipelineParts(
        tuple(known),
        tuple(trained.items()),
        build_keep_list(interview.study),
        frozenset(skipped_rules) - {EARLIER_REJECTIONS},
        frozenset(model.name for model in opinions),
    )
    stamp = compute_search_stamp(
        known,
        sha256,
        others,
        version("spacy"),
        read_study_keep_list(interview.study),
        sorted(skipped_rules),
    )
    provenance = Provenance(
        step=SEARCH_STEP,
        program=PROGRAM_VERSION,
        model=name_model.name if name_model else "",
        model_sha256=sha256,
        options={
            "transcript": source.ref.kind.value,
            "edits": source.ref.edits,
            "spacy": version("spacy"),
            **others,
            **({"without": ", ".join(sorted(skipped_rules))} if skipped_rules else {}),
        },
    )
    cache = replace(read_search_cache(interview, stamp), stamp=stamp)
    asks_rejected = EARLIER_REJECTIONS not in skipped_rules
    return PreparedSearch(source, parts, cache, provenance, finders, asks_rejected)


def finish_search(
    interview: Interview,
    prepared: PreparedSearch,
    ahead: FoundAhead | None = None,
    *,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Mentions:
    """Search what is left to search, and write a new version of the mentions; return them.

    ahead: what another process has found; it counts where it was told to look for the same.

    Raises:
        As ``search_transcript``, but for ``TranscriptMissing``.
    """
    source, parts = prepared.source, prepared.parts
    result = _search(source.transcript, parts, _take_ahead(prepared, ahead), stop, report)
    if prepared.asks_rejected:
        result = _leave_out_rejected(interview, source.turn_texts(), result)
    with interview.change("anonymised") as change:
        mentions = _write(change, interview, source, result, prepared.provenance, prepared.finders)
        if result.cache != prepared.cache or not interview.find_newest_version(ArtefactKind.FOUND):
            write_search_cache(change, result.cache)
        return mentions


def _name_source(model: InstalledModel, name_model: InstalledModel | None) -> str:
    """Return the name that a trained model's finds carry: its own, of the bundled one "names"."""
    is_ours = model is name_model and model.offer.is_bundled
    return NAMES_SOURCE if is_ours else model.name


def _take_ahead(prepared: PreparedSearch, ahead: FoundAhead | None) -> SearchCache:
    """Return the cache of a search with what another process has found, as far as that counts."""
    cache = prepared.cache
    if ahead is None or ahead.task != prepared.build_task(ahead.task.texts):
        return cache
    found = ahead.found
    turns = tuple(
        CachedTurn(hash_words(text), proposals, failed)
        for text, (proposals, failed) in zip(ahead.task.texts, found.finds, strict=True)
    )
    return SearchCache(cache.stamp, (*cache.turns, *turns), found.looked_for, found.not_looked_for)


def _search(
    transcript: Transcript,
    parts: _PipelineParts,
    cache: SearchCache,
    stop: ShouldStop,
    report: ReportProgress,
) -> _SearchResult:
    """Search the turns that are not in the cache, and settle the finds of all of them."""
    from anonymise.pipeline import TurnFinds, settle_finds

    texts = [turn.text for turn in transcript.turns]
    by_digest = cache.turns_by_digest()
    fresh = list_unsearched_texts(by_digest, texts)
    looked_for, not_looked_for = cache.looked_for, cache.not_looked_for
    if fresh or not looked_for:
        pipeline = _make_pipeline(parts)
        looked_for, not_looked_for = pipeline.looked_for, pipeline.not_looked_for
        searched = _report_each(pipeline.search_turns(fresh), len(fresh), stop, report)
        for text, finds in zip(fresh, searched, strict=True):
            sha256 = hash_words(text)
            by_digest[sha256] = CachedTurn(sha256, finds.proposals, finds.failed)
    turns = [by_digest[hash_words(text)] for text in texts]
    settled = settle_finds(
        [
            TurnFinds(CutTurn.cut_text(text), turn.proposals, turn.failed)
            for text, turn in zip(texts, turns, strict=True)
        ],
        parts.keep_list,
        skipped_rules=parts.skipped_rules,
        opinions=parts.opinions,
    )
    failed = sorted({name for turn in turns for name in turn.failed})
    return _SearchResult(
        _add_doubted(transcript.turns, settled, parts),
        (*not_looked_for, *(f"some turns: {name} failed there" for name in failed)),
        SearchCache(cache.stamp, tuple(dict.fromkeys(turns)), looked_for, not_looked_for),
    )


def _add_doubted(
    turns: Sequence[Turn], settled: Sequence[list[Proposal]], parts: _PipelineParts
) -> dict[int, list[Proposal]]:
    """Return the finds by turn key, with the words that the speech model was not sure of."""
    by_turn = {turn.key: finds for turn, finds in zip(turns, settled, strict=True)}
    if DOUBTED_SOURCE in parts.skipped_rules:
        return by_turn
    for turn in turns:
        finds = by_turn[turn.key]
        if doubted := find_doubted_names(turn, finds, parts.keep_list):
            by_turn[turn.key] = sorted((*finds, *doubted), key=lambda p: p.start)
    return by_turn


def _leave_out_rejected(
    interview: Interview, texts: Mapping[int, str], result: _SearchResult
) -> _SearchResult:
    """Leave out questions that people answered with no often enough elsewhere, and say so."""
    rejected = read_earlier_rejections(interview)
    if not rejected:
        return result
    asked = {
        turn: [p for p in finds if is_asked(texts[turn], p, rejected)]
        for turn, finds in result.by_turn.items()
    }
    count = sum(map(len, result.by_turn.values())) - sum(map(len, asked.values()))
    if not count:
        return result
    told = f"{count} questions rejected {OFTEN} times or more in other interviews"
    return replace(result, by_turn=asked, not_looked_for=(*result.not_looked_for, told))


@lru_cache(maxsize=1)
def _make_pipeline(parts: _PipelineParts) -> SearchPipeline:
    """Make a pipeline, or return the last one: a second search need not load the model again."""
    from anonymise.pipeline import SearchPipeline

    return SearchPipeline(
        parts.known,
        trained=dict(parts.trained),
        keep_list=parts.keep_list,
        skipped_rules=parts.skipped_rules,
        opinions=parts.opinions,
    )


def _report_each(
    searched: Iterable[TurnFinds], total: int, stop: ShouldStop, report: ReportProgress
) -> Iterator[TurnFinds]:
    """Yield the finds of each turn and report it, until ``stop`` asks for an end."""
    report(TaskProgress(0, total, "turns"))
    if stop():
        raise Stopped("The search")
    for done, finds in enumerate(searched, 1):
        yield finds
        report(TaskProgress(done, total, "turns"))
        if stop() and done < total:
            raise Stopped("The search")


def _write(
    change: Change,
    interview: Interview,
    source: TranscriptSource,
    searched: _SearchResult,
    provenance: Provenance,
    finders: tuple[Finder, ...],
) -> Mentions:
    texts = source.turn_texts()
    before = read_earlier_search(interview, texts, source.successors)
    kept, fresh = carry_decisions_over(before, texts, searched.by_turn)
    book = read_pseudonym_book(interview.study, interview)
    add_entered_identities(book, interview)
    book.note_births(
        (p.category, texts[turn][p.start : p.end])
        for turn, finds in searched.by_turn.items()
        for p in finds
    )
    names = book.assign_replacements([request_replacement(texts[turn], p) for turn, p in fresh])
    keys = MentionKeys(before)
    mentions = [d.mention for d in kept] + [
        Mention(
            keys.get_key(turn, p), turn, p.start, p.end, p.category, p.source, p.score, name
        )
        for (turn, p), name in zip(fresh, names, strict=True)
    ]  # fmt: skip
    result = Mentions(
        source.ref,
        source.sort_mentions(mentions),
        provenance,
        searched.cache.looked_for,
        searched.not_looked_for,
        finders,
    )
    write_mentions_and_pseudonyms(change, interview, result, kept, book)
    return result


def request_replacement(text: str, proposal: Proposal) -> ReplacementRequest:
    """Return the request for a replacement of a find, in a turn of this text."""
    is_person = proposal.category is Category.PERSON
    role = infer_role(text, proposal.start, proposal.end) if is_person else ""
    said = text[proposal.start : proposal.end]
    kin = infer_kin(text, proposal.end) if is_person else ""
    return ReplacementRequest(proposal.category, said, proposal.form, role, kin)


def write_mentions_and_pseudonyms(
    change: Change,
    interview: Interview,
    mentions: Mentions,
    standing: Iterable[DecidedMention],
    book: PseudonymBook,
) -> None:
    """Write a version of the mentions, the decisions that stand, and the pseudonyms in use."""
    write_mentions(change, interview, mentions, standing)
    _write_pseudonyms(change, interview, book, (m.replacement for m in mentions.mentions))


def write_mentions(
    change: Change, interview: Interview, mentions: Mentions, standing: Iterable[DecidedMention]
) -> None:
    """Write a version of the mentions of an interview with the decisions that stand."""
    decisions = [one.decision for one in standing if one.decision is not None]
    undecided = len(mentions.mentions) - len(decisions)
    facts = MentionsFacts(mentions.transcript, len(mentions.mentions), undecided)
    change.write_artefact(ArtefactKind.MENTIONS, mentions, facts, owner=interview.id)
    change.append_entries(
        ArtefactKind.MENTIONS, decisions, DecisionFacts(undecided), owner=interview.id
    )
    change.facts["mentions"], change.facts["undecided"] = len(mentions.mentions), undecided


def _write_pseudonyms(
    change: Change, interview: Interview, book: PseudonymBook, replacements: Iterable[str]
) -> None:
    """Write the pseudonyms that this interview uses; one that it used before is never dropped."""
    before = read_interview_pseudonyms(interview)
    used = book.list_used_identities([*(p.replacement for p in before), *replacements])
    if used != before or not interview.find_newest_version(ArtefactKind.PSEUDONYMS):
        numbers = PseudonymFacts(book.count_given_numbers())
        change.write_artefact(ArtefactKind.PSEUDONYMS, used, numbers)


def list_known_identities(interview: Interview) -> list[KnownIdentity]:
    """Return the identities that were entered with an interview or accepted in another one."""
    return list_entered_identities(interview) + _accepted_elsewhere(interview)


def add_entered_identities(book: PseudonymBook, interview: Interview) -> None:
    """Add to a book the identities that were entered with an interview.

    Names that were accepted elsewhere are in it already; a bare one may be somebody else's here.
    """
    every = interview.study.rows.read_newest_of_each(ArtefactKind.ABOUT, InterviewDetails)
    others = (about for owner, about in every.items() if owner != interview.id)
    elsewhere = [one for about in others for one in _list_entered(about)]
    book.add_known_identities(list_entered_identities(interview), elsewhere=elsewhere)


def list_entered_identities(interview: Interview) -> list[KnownIdentity]:
    """Return the identities that were entered with an interview."""
    about = interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails)
    return [] if about is None else _list_entered(about)


def _list_entered(about: InterviewDetails) -> list[KnownIdentity]:
    people = [
        KnownIdentity(Category.PERSON, p.names, "" if is_stranger(p.code) else p.code)
        for p in about.participants
        if p.names
    ]
    return people + [KnownIdentity(i.category, i.names, i.role) for i in about.register if i.names]


def _accepted_elsewhere(interview: Interview) -> list[KnownIdentity]:
    """Return the names that were accepted in other interviews of the study."""
    known = _ACCEPTED.setdefault(interview.study, {})
    found: list[KnownIdentity] = []
    for summary in interview.study.summaries():
        if summary.id == interview.id or ArtefactKind.MENTIONS not in summary.versions:
            continue
        state = summary.sign_off_basis(), summary.versions.get(ArtefactKind.PSEUDONYMS)
        if summary.id not in known or known[summary.id][0] != state:
            known[summary.id] = state, _accepted(interview.study.interview(summary.id))
        found += known[summary.id][1]
    return list(dict.fromkeys(found))


def _accepted(interview: Interview) -> list[KnownIdentity]:
    accepted = {d.mention.replacement for d in read_decisions(interview) if d.is_replaced}
    return [
        KnownIdentity(p.category, p.forms)
        for p in read_interview_pseudonyms(interview)
        if p.replacement in accepted and p.category in NAME_CATEGORIES
    ]
