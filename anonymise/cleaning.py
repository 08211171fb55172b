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

from anonymise import steps
from study import conventions, decided
from study.artefacts import Kind
from study.decided import Decided
from study.errors import MentionsUndecided, StepMissing
from study.events import without_notes
from study.steps import PROGRAM
from study.store import Study
from study.terms import Flag, LogLine, Mentions, Provenance, Transcript, Turn, Verdict

STEP = "clean"
_ACTIONS = {
    Verdict.ACCEPTED: "replaced",
    Verdict.CHANGED: "replaced by hand",
    Verdict.REJECTED: "kept",
}


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
    if made == _existing(study, interview):
        return made[0]
    with study.change("cleaned", interview) as change:
        transcript, log = _make(study, interview)  # again: somebody may have decided meanwhile
        counts = {"turns": len(transcript.turns), "log": len(log)}
        change.put(interview, Kind.CLEAN, transcript, {"turns": counts["turns"]})
        change.put(interview, Kind.LOG, log, {"lines": counts["log"]})
        change.facts.update(counts)
    return transcript


def is_current(study: Study, interview: str) -> bool:
    """Whether the clean transcript is there and says what was decided last.

    Raises:
        StepMissing, MentionsUndecided: as for ``clean``.
    """
    return _make(study, interview) == _existing(study, interview)


def _existing(study: Study, interview: str) -> tuple[Transcript | None, tuple[LogLine, ...]]:
    log = study.get(interview, Kind.LOG, tuple[LogLine, ...])
    return study.get(interview, Kind.CLEAN, Transcript), log or ()


def _make(study: Study, interview: str) -> tuple[Transcript, tuple[LogLine, ...]]:
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    source = steps.newest_transcript(study, interview)
    found_in = decided.searched(study, interview, mentions) if mentions else None
    if mentions is None or found_in is None or found_in != source:
        raise StepMissing(
            "search of its newest transcript", "`earshot anonymise STUDY INTERVIEW` makes one."
        )
    every = decided.read(study, interview)
    undecided = sum(d.decision is None for d in every)
    if undecided:
        raise MentionsUndecided(undecided)
    by_turn: dict[int, list[Decided]] = {}
    for one in every:
        by_turn.setdefault(one.mention.turn, []).append(one)
    turns = tuple(_cleaned(t, by_turn.get(t.key, [])) for t in source.transcript.turns)
    rules, language = conventions.settings(study), _language(source)
    provenance = _provenance(source, mentions, study.version(interview, Kind.MENTIONS))
    provenance = replace(provenance, options=provenance.options | conventions.told(rules, language))
    log = tuple(
        _line(turn, one) for turn in source.transcript.turns for one in by_turn.get(turn.key, [])
    )
    events = without_notes(source.transcript.events)
    made = Transcript(turns, provenance, source.transcript.coverage, events)
    return conventions.written(made, rules, language), log


def _cleaned(turn: Turn, mentions: list[Decided]) -> Turn:
    spans = [Span(d.mention.start, d.mention.end, d.replacement) for d in mentions if d.is_replaced]
    text = apply(turn.text, spans).replace("\r\n", "\n").replace("\r", "\n")
    return Turn(
        turn.key, turn.speaker, turn.start_s, turn.end_s, unicodedata.normalize("NFC", text),
        flags=tuple(Flag(flag.kind) for flag in turn.flags),
    )  # fmt: skip


def _provenance(source: decided.Source, mentions: Mentions, version: int) -> Provenance:
    heard, found = source.transcript.provenance, mentions.provenance
    return Provenance(
        step=STEP,
        program=PROGRAM,
        model=found.model,
        model_sha256=found.model_sha256,
        options={
            "transcript": source.kind.value,
            "transcript_version": source.version,
            "transcript_edits": source.edits,
            "mentions_version": version,
            "speech_model": heard.model,
            "speech_model_sha256": heard.model_sha256,
        },
    )


def _language(source: decided.Source) -> str:
    return str(source.transcript.provenance.options.get("language", "en"))


def _line(turn: Turn, one: Decided) -> LogLine:
    mention, decision = one.mention, one.decision
    assert decision is not None
    return LogLine(
        mention=mention.key,
        turn=turn.key,
        start_s=turn.start_s,
        category=mention.category,
        direct=mention.category.is_direct,
        action=_ACTIONS[decision.verdict],
        replacement=one.replacement if one.is_replaced else "",
        source=mention.source,
        score=mention.score,
        by=decision.by,
        at=decision.at,
    )
