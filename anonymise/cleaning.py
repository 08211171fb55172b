"""The clean transcript: the same turns with what was accepted replaced, and the log of it.

It is the first artefact that people may read who may not know who is who. It carries no words
with times, no note of a flag and none of an event but a topic's heading, because they would repeat
what was replaced.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from anonymise import finding, steps
from study import conventions, decided
from study.artefacts import Kind
from study.clean import Clean
from study.decided import Decided
from study.errors import MentionsUndecided, SearchMissing
from study.events import without_notes
from study.keys import KeyClass
from study.references import CleanBasis
from study.steps import PROGRAM
from study.store import Study
from study.terms import (
    Flag,
    LogLine,
    Mentions,
    Original,
    Provenance,
    Transcript,
    Turn,
    Verdict,
)

STEP = "clean"
BY_PERSON = "person"  # the source of a mention that a person added
UNDECIDED = "undecided"
_TYPED_IN = "en"  # the language of a transcript that was made elsewhere, which says none
_HASH_SHOWN = 12  # digits of a model's hash: enough to tell versions apart
_ACTIONS = {
    Verdict.ACCEPTED: "replaced",
    Verdict.CHANGED: "replaced by hand",
    Verdict.REJECTED: "kept",
}


_Cleaned = tuple[Transcript, tuple[LogLine, ...]]


class Span(NamedTuple):
    """Characters ``start`` to ``end`` of a text and what shall stand there."""

    start: int
    end: int
    replacement: str


def apply(text: str, spans: Iterable[Span]) -> str:
    """Return the text with exactly these spans replaced; they must not overlap."""
    parts: list[str] = []
    done = 0
    for start, end, replacement in sorted(spans):
        assert done <= start <= end <= len(text)
        parts += text[done:start], replacement
        done = end
    return "".join([*parts, text[done:]])


def clean(study: Study, interview: str) -> Transcript:
    """Write and return the clean transcript; the existing one where nothing changed since.

    Raises:
        StepMissing: it has not been searched, or was corrected after it was.
        MentionsUndecided: a person has not decided everything yet.
    """
    made = _make(study, interview)
    if made.is_in(study, interview):
        return made.transcript
    with study.change("cleaned", interview) as change:
        made = _make(study, interview)  # again: somebody may have decided meanwhile
        made.write(change, interview)
    return made.transcript


def unwritten(study: Study, interview: str) -> Clean | None:
    """Return the clean transcript of what was decided last; None where the study has it already.

    Nothing is written.

    Raises:
        StepMissing, MentionsUndecided: as for ``clean``.
    """
    made = _make(study, interview)
    return None if made.is_in(study, interview) else made


def _make(study: Study, interview: str) -> Clean:
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    source = steps.newest_transcript(study, interview)
    found_in = decided.searched(study, interview, mentions) if mentions else None
    if mentions is None or found_in is None or found_in != source:
        raise SearchMissing
    every = decided.read(study, interview)
    undecided = sum(d.decision is None for d in every)
    if undecided:
        raise MentionsUndecided(undecided)
    by_turn: dict[int, list[Decided]] = {}
    for one in every:
        by_turn.setdefault(one.mention.turn, []).append(one)
    turns = tuple(_cleaned(t, by_turn.get(t.key, [])) for t in source.transcript.turns)
    rules, language = conventions.settings(study), _language(source)
    made_from = CleanBasis(
        source.ref,
        study.version(interview, Kind.MENTIONS),
        is_intelligent=conventions.is_intelligent(rules, language),
        pauses_from_s=rules.pause_s,
    )
    provenance = _provenance(source, mentions, made_from)
    provenance = replace(provenance, options=provenance.options | conventions.told(rules, language))
    log = tuple(
        log_line(turn, one, mentions)
        for turn in source.transcript.turns
        for one in by_turn.get(turn.key, [])
    )
    events = without_notes(source.transcript.events)
    made = Transcript(turns, provenance, source.transcript.coverage, events, made_from=made_from)
    may_know = study.ring.holds(KeyClass.KEY)
    return Clean(
        conventions.written(made, rules, language),
        log,
        originals(study, interview) if may_know else None,
    )


def _cleaned(turn: Turn, mentions: list[Decided]) -> Turn:
    spans = [Span(d.mention.start, d.mention.end, d.replacement) for d in mentions if d.is_replaced]
    text = apply(turn.text, spans).replace("\r\n", "\n").replace("\r", "\n")
    return Turn(
        turn.key, turn.speaker, turn.start_s, turn.end_s, unicodedata.normalize("NFC", text),
        flags=tuple(Flag(flag.kind) for flag in turn.flags),
    )  # fmt: skip


def _provenance(source: decided.Source, mentions: Mentions, made_from: CleanBasis) -> Provenance:
    heard, found = source.transcript.provenance, mentions.provenance
    return Provenance(
        step=STEP,
        program=PROGRAM,
        model=found.model,
        model_sha256=found.model_sha256,
        options={
            "transcript": source.ref.kind.value,
            "transcript_version": source.ref.version,
            "transcript_edits": source.ref.edits,
            "mentions_version": made_from.mentions,
            "speech_model": heard.model,
            "speech_model_sha256": heard.model_sha256,
        },
    )


def _language(source: decided.Source) -> str:
    heard = source.transcript.recognition
    return heard.language if heard else _TYPED_IN


def originals(study: Study, interview: str) -> tuple[Original, ...]:
    """Return what the lines of the log stand for, and why it was decided so."""
    words = decided.words(study, interview)
    return tuple(
        Original(d.mention.key, words[d.mention.key], d.decision.reason if d.decision else "")
        for d in decided.read(study, interview)
    )


def log_line(turn: Turn, one: Decided, mentions: Mentions) -> LogLine:
    """Return the line of the log about a mention, "undecided" where nobody decided yet."""
    mention, decision = one.mention, one.decision
    return LogLine(
        mention=mention.key,
        turn=turn.key,
        start_s=turn.start_s,
        category=mention.category,
        direct=mention.is_direct,
        action=_ACTIONS[decision.verdict] if decision else UNDECIDED,
        replacement=one.replacement if one.is_replaced else "",
        source=mention.source,
        score=mention.score,
        by=decision.by if decision else 0,
        at=decision.at if decision else "",
        component=_component(mention.source, mentions),
        in_bulk=decision is not None and decision.in_bulk,
    )


def _component(source: str, made: Mentions) -> str:
    """Name the version of what found a mention."""
    if source == BY_PERSON:
        return ""
    if finding.is_rule(source) or not made.finders:
        return made.provenance.program
    by_source = {finder.source: finder for finder in made.finders}
    finder = by_source.get(source, made.finders[0])
    return f"{finder.model} {finder.sha256[:_HASH_SHOWN]}".strip()
