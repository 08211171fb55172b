"""The clean transcript: the turns with every accepted mention replaced, and its log.

It is the first artefact for readers who may not know who is who. It never holds the words with
their times, the note of a doubt flag, or the note of an event other than a topic's heading, because
those would repeat the originals.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from anonymise.rule_registry import is_rule_source
from anonymise.search import require_transcript
from study import (
    PROGRAM_VERSION,
    ArtefactKind,
    CleanBasis,
    DecidedMention,
    DoubtFlag,
    LogLine,
    Mentions,
    OriginalWords,
    Provenance,
    Transcript,
    TranscriptSource,
    Turn,
    Verdict,
    apply_conventions,
    describe_conventions,
    is_intelligent_verbatim,
    strip_notes,
)
from study.errors import MentionsUndecided, SearchMissing
from study.store import (
    CleanVersion,
    Interview,
    KeyClass,
    read_decisions,
    read_mention_words,
    read_searched_transcript,
    read_settings,
)

CLEANING_STEP = "clean"
PERSON_SOURCE = "person"  # of a mention that a person added
UNDECIDED_ACTION = "undecided"
_IMPORTED_LANGUAGE = "en"  # of a transcript that was made elsewhere and names no language
_HASH_SHOWN = 12  # digits of a model's hash: enough to tell versions apart
_ACTIONS = {
    Verdict.ACCEPTED: "replaced",
    Verdict.CHANGED: "replaced by hand",
    Verdict.REJECTED: "kept",
}


class TextReplacement(NamedTuple):
    """Characters ``start`` to ``end`` of a text, and the text to put in their place."""

    start: int
    end: int
    replacement: str


def apply_replacements(text: str, spans: Iterable[TextReplacement]) -> str:
    """Return the text with these spans replaced and nothing else; they must not overlap."""
    parts: list[str] = []
    done = 0
    for start, end, replacement in sorted(spans):
        assert done <= start <= end <= len(text)
        parts += text[done:start], replacement
        done = end
    return "".join([*parts, text[done:]])


def write_clean_transcript(interview: Interview) -> Transcript:
    """Write and return the clean transcript; write nothing where the newest one is still right.

    Raises:
        TranscriptMissing: it has not been transcribed.
        SearchMissing: it has not been searched since it was transcribed or corrected.
        MentionsUndecided: there are mentions that nobody has decided.
    """
    made = _make_clean_version(interview)
    if made.is_stored(interview):
        return made.transcript
    with interview.change("cleaned") as change:
        made = _make_clean_version(interview)  # again: somebody may have decided meanwhile
        made.store(change)
    return made.transcript


def draft_clean_transcript(interview: Interview) -> CleanVersion | None:
    """Return the clean transcript of the newest decisions; None where the study has it already.

    Nothing is written.

    Raises:
        TranscriptMissing, SearchMissing, MentionsUndecided: as for ``write_clean_transcript``.
    """
    made = _make_clean_version(interview)
    return None if made.is_stored(interview) else made


def _make_clean_version(interview: Interview) -> CleanVersion:
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    source = require_transcript(interview)
    found_in = read_searched_transcript(interview, mentions) if mentions else None
    if mentions is None or found_in is None or found_in != source:
        raise SearchMissing(is_outdated=mentions is not None)
    every = read_decisions(interview)
    undecided = sum(d.decision is None for d in every)
    if undecided:
        raise MentionsUndecided(undecided)
    by_turn: dict[int, list[DecidedMention]] = {}
    for one in every:
        by_turn.setdefault(one.mention.turn, []).append(one)
    turns = tuple(_clean_turn(t, by_turn.get(t.key, [])) for t in source.transcript.turns)
    rules, language = read_settings(interview.study), _language(source)
    made_from = CleanBasis(
        source.ref,
        interview.find_newest_version(ArtefactKind.MENTIONS),
        is_intelligent=is_intelligent_verbatim(rules, language),
        pauses_from_s=rules.pause_s,
    )
    provenance = _provenance(source, mentions, made_from)
    provenance = replace(
        provenance, options=provenance.options | describe_conventions(rules, language)
    )
    log = tuple(
        build_log_line(turn, one, mentions)
        for turn in source.transcript.turns
        for one in by_turn.get(turn.key, [])
    )
    events = strip_notes(source.transcript.events)
    made = Transcript(turns, provenance, source.transcript.coverage, events, made_from=made_from)
    may_know = interview.study.ring.holds(KeyClass.KEY)
    return CleanVersion(
        apply_conventions(made, rules, language),
        log,
        collect_originals(interview) if may_know else None,
    )


def _clean_turn(turn: Turn, mentions: list[DecidedMention]) -> Turn:
    spans = [
        TextReplacement(d.mention.start, d.mention.end, d.replacement)
        for d in mentions
        if d.is_replaced
    ]
    text = apply_replacements(turn.text, spans).replace("\r\n", "\n").replace("\r", "\n")
    return Turn(
        turn.key, turn.speaker, turn.start_s, turn.end_s, unicodedata.normalize("NFC", text),
        flags=tuple(DoubtFlag(flag.kind) for flag in turn.flags),
    )  # fmt: skip


def _provenance(source: TranscriptSource, mentions: Mentions, made_from: CleanBasis) -> Provenance:
    recognition, search = source.transcript.provenance, mentions.provenance
    return Provenance(
        step=CLEANING_STEP,
        program=PROGRAM_VERSION,
        model=search.model,
        model_sha256=search.model_sha256,
        options={
            "transcript": source.ref.kind.value,
            "transcript_version": source.ref.version,
            "transcript_edits": source.ref.edits,
            "mentions_version": made_from.mentions,
            "speech_model": recognition.model,
            "speech_model_sha256": recognition.model_sha256,
        },
    )


def _language(source: TranscriptSource) -> str:
    recognition = source.transcript.recognition
    return recognition.language if recognition else _IMPORTED_LANGUAGE


def collect_originals(interview: Interview) -> tuple[OriginalWords, ...]:
    """Return the original words of each line of the log, with the reason for its decision."""
    words = read_mention_words(interview)
    return tuple(
        OriginalWords(d.mention.key, words[d.mention.key], d.decision.reason if d.decision else "")
        for d in read_decisions(interview)
    )


def build_log_line(turn: Turn, found: DecidedMention, mentions: Mentions) -> LogLine:
    """Return the line of the log about a mention; its action is "undecided" without a decision."""
    mention, decision = found.mention, found.decision
    return LogLine(
        mention=mention.key,
        turn=turn.key,
        start_s=turn.start_s,
        category=mention.category,
        direct=mention.is_direct,
        action=_ACTIONS[decision.verdict] if decision else UNDECIDED_ACTION,
        replacement=found.replacement if found.is_replaced else "",
        source=mention.source,
        score=mention.score,
        by=decision.by if decision else 0,
        at=decision.at if decision else "",
        component=_component(mention.source, mentions),
        in_bulk=decision is not None and decision.in_bulk,
    )


def _component(source: str, made: Mentions) -> str:
    """Return the name and version of the program or model that found a mention."""
    if source == PERSON_SOURCE:
        return ""
    if is_rule_source(source) or not made.finders:
        return made.provenance.program
    by_source = {finder.source: finder for finder in made.finders}
    finder = by_source.get(source, made.finders[0])
    return f"{finder.model} {finder.sha256[:_HASH_SHOWN]}".strip()
