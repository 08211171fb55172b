"""Reading the transcript of an interview: as it stands, as it was, and as it was searched.

The newest corrected version counts, with all edits made to it; before anything is corrected, the
newest that a model made. Decisions are read here too, because they are about one search of one
transcript. Nothing is written: corrections are in ``study.store.transcript_editor``.
"""

from __future__ import annotations

from dataclasses import dataclass

from study.artefact_kinds import ArtefactKind
from study.corrected_transcript import CorrectedTranscript, replay_edits
from study.decisions import DecidedMention, pair_decisions
from study.edits import Edit
from study.errors import KeyNotHeld
from study.records import Decision, Mark, Mentions, Provenance, Transcript, Turn
from study.references import TranscriptRef
from study.store.sealed_rows import ArtefactHandle
from study.transcript_source import TranscriptSource, as_corrected_source
from study.turn_numbers import TurnNumbers


def read_newest_transcript(interview: ArtefactHandle) -> TranscriptSource | None:
    """Return the transcript as it was last corrected, else as the model gave it.

    Returns None where there is none.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
        StudyDamaged: it is not what was written.
    """
    with interview.rows.lock:
        state = read_corrected_transcript(interview)
        raw = interview.find_newest_version(ArtefactKind.RAW)
    if state is None:
        return None
    if state.version:
        return as_corrected_source(state)
    return TranscriptSource(TranscriptRef(ArtefactKind.RAW, raw), state.transcript)


def read_turn_numbers(interview: ArtefactHandle) -> TurnNumbers:
    """Number the turns as they stand now; those of the clean transcript for who may read that only.

    Raises:
        StudyDamaged: the transcript is not what was written.
    """
    try:
        source = read_newest_transcript(interview)
        transcript = source.transcript if source else None
    except KeyNotHeld:
        transcript = _read_clean(interview)
    return TurnNumbers(turn.key for turn in transcript.turns) if transcript else TurnNumbers(())


def _read_clean(interview: ArtefactHandle) -> Transcript | None:
    try:
        return interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    except KeyNotHeld:
        return None


def find_newest_ref(interview: ArtefactHandle) -> TranscriptRef:
    """Return which transcript ``read_newest_transcript`` would return, without reading it."""
    with interview.rows.lock:
        version = interview.find_newest_version(ArtefactKind.CORRECTED)
        if not version:
            return TranscriptRef(ArtefactKind.RAW, interview.find_newest_version(ArtefactKind.RAW))
        edits = interview.count_entries(ArtefactKind.CORRECTED, version)
        return TranscriptRef(ArtefactKind.CORRECTED, version, edits)


def read_corrected_transcript(interview: ArtefactHandle) -> CorrectedTranscript | None:
    """Return the transcript of an interview with its edits, None where there is none.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
        StudyDamaged: it is not what was written.
    """
    version = interview.find_newest_version(ArtefactKind.CORRECTED)
    if version:
        return read_corrected_version(interview, version)
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    return None if raw is None else CorrectedTranscript(raw)


@dataclass(frozen=True, slots=True)
class _TurnWithoutWords:
    """What is read of a turn where the times of its words are not asked for."""

    key: int
    speaker: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class _TranscriptWithoutWords:
    """What is read of a stored transcript where the times of words are not asked for.

    They are nine tenths of it: a thousand interviews are read in a third of the time without.
    """

    turns: tuple[_TurnWithoutWords, ...]
    provenance: Provenance
    events: tuple[Mark, ...] = ()


def read_transcript_texts(interview: ArtefactHandle) -> CorrectedTranscript | None:
    """Return the transcript of an interview with its edits, to look for words; None for none.

    Its turns have no times of words and no doubts, so nothing that was made of it may be written.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
        StudyDamaged: it is not what was written.
    """
    version = interview.find_newest_version(ArtefactKind.CORRECTED)
    if version:
        return _read_texts(interview, ArtefactKind.CORRECTED, version)
    raw = interview.find_newest_version(ArtefactKind.RAW)
    return _read_texts(interview, ArtefactKind.RAW, raw)


def _read_texts(
    interview: ArtefactHandle, kind: ArtefactKind, version: int, edits: int | None = None
) -> CorrectedTranscript | None:
    base = _read_base_texts(interview, kind, version)
    if base is None or kind is not ArtefactKind.CORRECTED:
        return None if base is None else CorrectedTranscript(base)
    state = CorrectedTranscript(base, version)
    replay_edits(state, interview.read_entries(ArtefactKind.CORRECTED, Edit, version)[:edits])
    return state


def _read_base_texts(
    interview: ArtefactHandle, kind: ArtefactKind, version: int
) -> Transcript | None:
    known = interview.rows.cache.get_artefact(interview.id, kind, version)
    if type(known) is Transcript:  # all of it is in memory: reading less would take longer
        return interview.read_artefact(kind, Transcript, version)
    stored = interview.read_artefact(kind, _TranscriptWithoutWords, version)
    if stored is None:
        return None
    turns = tuple(Turn(t.key, t.speaker, t.start_s, t.end_s, t.text) for t in stored.turns)
    return Transcript(turns, stored.provenance, events=stored.events)


def read_corrected_version(
    interview: ArtefactHandle, version: int, edits: int | None = None
) -> CorrectedTranscript | None:
    """Return a version of the corrected transcript, None where there is none of that number.

    edits: how many of its edits to apply, the oldest first; None applies all.
    """
    base = interview.read_artefact(ArtefactKind.CORRECTED, Transcript, version)
    if base is None:
        return None
    state = CorrectedTranscript(base, version)
    replay_edits(state, interview.read_entries(ArtefactKind.CORRECTED, Edit, version)[:edits])
    return state


def read_standing_edits(interview: ArtefactHandle) -> list[Edit]:
    """Return every edit that stands in the newest transcript, oldest first.

    Diarisation makes a new version of the corrected transcript, which holds the corrections of the
    version before it; a version that begins with the model's own turns holds none.
    """
    edits: list[Edit] = []
    for version in range(interview.find_newest_version(ArtefactKind.CORRECTED), 0, -1):
        state = read_corrected_version(interview, version)
        if state is None:
            break
        edits = state.standing + edits
        number = int(state.base.provenance.options.get("raw_version") or 0)
        raw = interview.read_artefact(ArtefactKind.RAW, Transcript, number) if number else None
        if raw is None or _words(raw) == _words(state.base):
            break
    return edits


def is_worked_on(interview: ArtefactHandle) -> bool:
    """Whether a person's corrections or decisions would be lost with the turns that stand."""
    if read_standing_edits(interview):
        return True
    return any(one.decision is not None for one in read_decisions(interview))


def _words(transcript: Transcript) -> list[tuple[int, str, str]]:
    return [(turn.key, turn.speaker, turn.text) for turn in transcript.turns]


def read_searched_transcript(
    interview: ArtefactHandle, mentions: Mentions
) -> TranscriptSource | None:
    """Return the transcript that was searched for these mentions, None where it is gone."""
    ref = mentions.transcript
    if ref.kind is ArtefactKind.CORRECTED:
        state = read_corrected_version(interview, ref.version, ref.edits)
        return None if state is None else as_corrected_source(state)
    transcript = interview.read_artefact(ref.kind, Transcript, ref.version)
    return None if transcript is None else TranscriptSource(ref, transcript)


def read_decisions(interview: ArtefactHandle) -> list[DecidedMention]:
    """Return each mention of the newest search with the decision about it, [] before any search."""
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    if mentions is None:
        return []
    return pair_decisions(
        mentions.mentions, interview.read_entries(ArtefactKind.MENTIONS, Decision)
    )


def read_searched_texts(interview: ArtefactHandle, mentions: Mentions) -> dict[int, str]:
    """Return the text of each turn that was searched for these mentions, {} where it is gone."""
    ref = mentions.transcript
    state = _read_texts(interview, ref.kind, ref.version, ref.edits)
    return {turn.key: turn.text for turn in state.turns} if state else {}


def read_mention_words(interview: ArtefactHandle) -> dict[str, str]:
    """Return the words that each mention covers, by the mention's key.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
    """
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    if mentions is None:
        return {}
    texts = read_searched_texts(interview, mentions)
    return {m.key: texts.get(m.turn, "")[m.start : m.end] for m in mentions.mentions}
