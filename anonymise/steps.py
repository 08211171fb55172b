"""The step: search a transcript and propose what to replace.

The search reads one version of the transcript and holds no lock. Names, keys and numbers are
given inside the one transaction that writes the result, so that two searches at once cannot give
one number twice, and a search that is killed has done nothing. Doing it again on the same words
gives the same mentions, with everything that was decided about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anonymise import carrying, pseudonyms
from anonymise.proposals import NAMES, Proposal
from anonymise.register import Known
from anonymise.roles import role_of
from models.shelf import ModelHere
from study import decided
from study.artefacts import Counts, Kind
from study.change import Change
from study.decided import Decided, Source
from study.errors import StepMissing, Stopped
from study.steps import PROGRAM, Progress, Report, Stop, never, quietly
from study.store import Study
from study.terms import About, Category, Mention, Mentions, Provenance, Transcript

if TYPE_CHECKING:
    from anonymise.pipeline import Found

STEP = "anonymise"


@dataclass(frozen=True, slots=True)
class _Searched:
    """What a search gave: proposals by turn key, and what it could and could not look for."""

    by_turn: dict[int, list[Proposal]]
    looked_for: tuple[str, ...]
    not_looked_for: tuple[str, ...]
    spacy: str


def newest_transcript(study: Study, interview: str) -> Source:
    """Return the transcript as it was last corrected, or as the model gave it.

    Raises:
        StepMissing: it has not been transcribed.
    """
    source = decided.newest(study, interview)
    if source is None:
        raise StepMissing("transcript", "`earshot transcribe STUDY INTERVIEW` makes one.")
    return source


def propose(
    study: Study,
    interview: str,
    *,
    ner: ModelHere | None,
    stop: Stop = never,
    report: Report = quietly,
) -> Mentions:
    """Search the newest transcript and write what was found as a new version.

    ner: a trained finder of names, None for rules and known names alone.
    report: told the number of turns searched, of all turns.

    Raises:
        StepMissing: there is no transcript.
        Stopped: ``stop`` asked for it; nothing was written.
        ModelMissing, ModelBroken: as their texts say.
    """
    source = newest_transcript(study, interview)
    known = known_beforehand(study, interview)
    sha256 = ner.sha256() if ner else ""
    searched = _search(source.transcript, known, ner.folder if ner else None, stop, report)
    provenance = Provenance(
        step=STEP,
        program=PROGRAM,
        model=ner.name if ner else "",
        model_sha256=sha256,
        options={
            "transcript": source.kind.value,
            "edits": source.edits,
            "spacy": searched.spacy,
        },
    )
    with study.change("anonymised", interview) as change:
        return _write(change, interview, source, searched, provenance, known)


def _search(
    transcript: Transcript, known: list[Known], ner: Path | None, stop: Stop, report: Report
) -> _Searched:
    from anonymise.pipeline import VERSION, Pipeline, settle

    pipeline = Pipeline(known, ner=ner)
    turns = transcript.turns
    found = list(_watched(pipeline.search(t.text for t in turns), len(turns), stop, report))
    settled = settle(found)
    failed = sorted({name for one in found for name in one.failed})
    return _Searched(
        {turn.key: proposals for turn, proposals in zip(turns, settled, strict=True)},
        pipeline.looked_for,
        (*pipeline.not_looked_for, *(f"some turns: {name} failed there" for name in failed)),
        VERSION,
    )


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
        source.version,
        source.in_order(mentions),
        provenance,
        searched.looked_for,
        searched.not_looked_for,
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
    kind, version, edits = decided.searched_in(mentions)
    counts: Counts = {
        "mentions": len(mentions.mentions),
        "undecided": undecided,
        Kind.CORRECTED: version if kind is Kind.CORRECTED else 0,
        "edits": edits,
    }
    change.put(interview, Kind.MENTIONS, mentions, counts)
    for decision in decisions:
        change.append(interview, Kind.MENTIONS, decision, {"undecided": undecided})
    change.facts["mentions"], change.facts["undecided"] = len(mentions.mentions), undecided


def _write_pseudonyms(
    change: Change, interview: str, book: pseudonyms.Book, replacements: Iterable[str]
) -> None:
    """Write what this interview's identities are called; what was given once is never dropped."""
    before = pseudonyms.of_interview(change.study, interview)
    used = book.used([*(p.replacement for p in before), *replacements])
    if used != before or not change.study.version(interview, Kind.PSEUDONYMS):
        change.put(interview, Kind.PSEUDONYMS, used, book.counts())


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
    found: list[Known] = []
    for summary in study.summaries():
        if summary.id == interview or Kind.MENTIONS not in summary.versions:
            continue
        accepted = {d.mention.replacement for d in decided.read(study, summary.id) if d.is_replaced}
        found += [
            Known(p.category, p.forms)
            for p in pseudonyms.of_interview(study, summary.id)
            if p.replacement in accepted and p.category in NAMES
        ]
    return list(dict.fromkeys(found))
