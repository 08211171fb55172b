"""Taking one speaker out of an interview with several: their turns, their sound, their names.

What is left is written anew, and the caller's change drops what it was made from. A turn that goes
leaves an empty one behind, with its times, so that a reader sees that something was said here.
"""

from __future__ import annotations

import array
import contextlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from study.artefact_facts import DecisionFacts, MentionsFacts, TranscriptFacts
from study.artefact_kinds import ArtefactKind
from study.decisions import pair_decisions
from study.errors import SearchMissing
from study.intervals import Interval, merge_intervals, subtract_intervals
from study.records import (
    Decision,
    InterviewDetails,
    Mark,
    MarkKind,
    Mention,
    Mentions,
    Pseudonym,
    SoundFormat,
    Turn,
)
from study.references import TranscriptRef
from study.store.disk import remove_file, settle_name
from study.store.interview_sound import (
    AUDIO_FOLDER,
    CLOSED_STATE,
    REDACTED_PREFIX,
    InterviewSound,
    list_stretches,
    locate_stretch,
)
from study.store.keys import KeyClass
from study.store.seal import generate_key, seal_bytes
from study.store.sound_file import SoundWriter
from study.store.study import Change, Interview, Study

WITHDRAWN_TURN = "[withdrawn]"
_MARGIN_S = 0.3  # around a turn: its times are those of its words, as a model heard them


def can_redact_words(interview: Interview, speaker: str) -> bool:
    """Whether the transcript says of each turn whether this speaker spoke it.

    It does not where turns belong to voices that nobody has named.
    """
    source = interview.read_transcript()
    if source is None:
        return False
    known = {p.code for p in interview.participants}
    speakers = {turn.speaker for turn in source.transcript.turns}
    return speaker in speakers and speakers <= known


def can_redact_sound(interview: Interview, speaker: str) -> bool:
    """Whether it is known when this speaker speaks in the sound."""
    source = interview.read_transcript()
    return (
        can_redact_words(interview, speaker) and source is not None and source.transcript.is_timed
    )


def redact_words(change: Change, interview: Interview, speaker: str) -> None:
    """Write the newest transcript, and what was decided in it, without one speaker's turns.

    Drops every earlier version of both, but nothing else that was made from them.
    """
    source = interview.read_transcript()
    if source is None:
        raise SearchMissing
    gone = {turn.key for turn in source.transcript.turns if turn.speaker == speaker}
    left = replace(
        source.transcript,
        turns=tuple(_empty(t) if t.key in gone else t for t in source.transcript.turns),
        events=tuple(e for e in source.transcript.events if e.kind != MarkKind.MARKER),
    )
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    decisions = interview.read_entries(ArtefactKind.MENTIONS, Decision)
    facts = interview.summary.facts
    was = facts.corrected or facts.raw or TranscriptFacts()
    version = change.write_artefact(ArtefactKind.RAW, left, was, owner=interview.id)
    change.drop_versions(ArtefactKind.RAW, owner=interview.id, before=version)
    change.drop_artefact(ArtefactKind.CORRECTED, owner=interview.id)
    if mentions is None or mentions.transcript != source.ref:
        for kind in (ArtefactKind.MENTIONS, ArtefactKind.PSEUDONYMS):
            change.drop_artefact(kind, owner=interview.id)
        return
    ref = TranscriptRef(ArtefactKind.RAW, version)
    kept = tuple(m for m in mentions.mentions if m.turn not in gone)
    _write_mentions(change, interview, replace(mentions, transcript=ref, mentions=kept), decisions)
    _write_identities(change, interview, kept)


def _empty(turn: Turn) -> Turn:
    return replace(turn, text=WITHDRAWN_TURN, words=(), flags=())


def _write_mentions(
    change: Change, interview: Interview, mentions: Mentions, decisions: Iterable[Decision]
) -> None:
    pairs = pair_decisions(mentions.mentions, decisions)
    standing = [one.decision for one in pairs if one.decision is not None]
    undecided = len(pairs) - len(standing)
    facts = MentionsFacts(mentions.transcript, len(pairs), undecided)
    version = change.write_artefact(ArtefactKind.MENTIONS, mentions, facts, owner=interview.id)
    change.append_entries(
        ArtefactKind.MENTIONS, standing, DecisionFacts(undecided), owner=interview.id
    )
    change.drop_versions(ArtefactKind.MENTIONS, owner=interview.id, before=version)


def _write_identities(change: Change, interview: Interview, kept: Iterable[Mention]) -> None:
    """Keep those identities alone that a mention which is left stands for."""
    identities = interview.read_artefact(ArtefactKind.PSEUDONYMS, tuple[Pseudonym, ...])
    if identities is None:
        return
    used = {mention.replacement for mention in kept}
    left = tuple(p for p in identities if p.replacement in used)
    given = interview.summary.facts.pseudonyms
    version = change.write_artefact(ArtefactKind.PSEUDONYMS, left, given, owner=interview.id)
    change.drop_versions(ArtefactKind.PSEUDONYMS, owner=interview.id, before=version)


def redact_names(change: Change, interview: Interview, speaker: str = "") -> None:
    """Write the interview's details without a speaker's names.

    speaker: "" takes everybody's names, and all else that was known beforehand.
    """
    details: InterviewDetails = interview.details
    left = replace(
        details,
        participants=tuple(
            replace(p, names=()) if speaker in {p.code, ""} else p for p in details.participants
        ),
        register=details.register if speaker else (),
    )
    version = change.write_artefact(ArtefactKind.ABOUT, left, owner=interview.id)
    change.drop_versions(ArtefactKind.ABOUT, owner=interview.id, before=version)


@dataclass(frozen=True, slots=True)
class RedactedStretch:
    """Sound without one speaker, in a file that has no name in the study yet."""

    interview: Interview
    number: int
    key: bytes
    form: SoundFormat
    frames: int
    records: int
    size: int


def write_redacted_sound(interview: Interview, speaker: str) -> RedactedStretch | None:
    """Write all sound of an interview as one stretch in which a speaker is silent.

    Every channel keeps only what lies in somebody else's turn and in none of theirs: their voice
    may also be where the transcript has no turn, because no words were found or a correction took
    it out. Their own channel keeps nothing. None: no sound.

    Raises:
        DiskFull, StudyUnwritable, StudyDamaged: nothing of it is left.
    """
    details, source = interview.details, interview.read_transcript()
    sound = interview.open_sound()
    if sound is None or source is None:
        return None
    turns = source.transcript.turns
    others = [(t.start_s, t.end_s) for t in turns if t.speaker != speaker]
    theirs = [(t.start_s, t.end_s) for t in turns if t.speaker == speaker]
    kept = subtract_intervals(
        merge_intervals(others, _MARGIN_S), merge_intervals(theirs, _MARGIN_S)
    )
    own = [n for n, code in enumerate(details.channels) if code == speaker]
    rows = list_stretches(interview)
    number, key = max(row.number for row in rows) + 1, generate_key()
    # A folder of that name, which nobody of us makes, must not hold a destruction up.
    while (
        locate_stretch(interview, number).exists()
        or _locate(interview.study, interview.id, number).is_dir()
    ):
        number += 1
    path = _locate(interview.study, interview.id, number)
    remove_file(path)
    with sound:
        writer = SoundWriter(path, key, interview.id, sound.form, sync_each=False)
        try:
            _write_blocks(writer, sound, kept, own)
            writer.end()
            size = path.stat().st_size
        except BaseException:
            remove_file(path)
            raise
        finally:
            writer.abandon()
    return RedactedStretch(interview, number, key, writer.form, writer.frames, writer.records, size)


def _write_blocks(
    writer: SoundWriter, sound: InterviewSound, kept: list[Interval], own: list[int]
) -> None:
    form, marks = sound.form, [m for m in sound.marks() if m.kind != MarkKind.MARKER]
    whole = [(0.0, sound.frames / form.rate + 1.0)]
    silent = [
        (int(start_s * form.rate), int(end_s * form.rate) + 1)
        for start_s, end_s in subtract_intervals(whole, kept)
    ]
    for first in range(0, sound.frames, form.rate):
        for mark in _due(marks, first, form):
            writer.write_mark(mark)
        pcm = array.array("h", sound.read(first, form.rate))
        if sys.byteorder == "big":
            pcm.byteswap()
        frames = len(pcm) // form.channels
        for channel in own:
            pcm[channel :: form.channels] = array.array("h", bytes(2 * frames))
        for low, high in _cut(silent, first, frames):
            span = slice(low * form.channels, high * form.channels)
            pcm[span] = array.array("h", bytes(2 * (high - low) * form.channels))
        if sys.byteorder == "big":
            pcm.byteswap()
        writer.write(pcm.tobytes())
    for mark in marks:
        writer.write_mark(mark)


def _cut(spans: list[tuple[int, int]], first: int, frames: int) -> Iterator[tuple[int, int]]:
    """Yield what of spans in order lies in a block, by its own frames; drop those before it."""
    while spans and spans[0][1] <= first:
        spans.pop(0)
    for begin, end in spans:
        low, high = max(begin - first, 0), min(end - first, frames)
        if low >= frames:
            return
        if low < high:
            yield low, high


def _due(marks: list[Mark], first: int, form: SoundFormat) -> Iterator[Mark]:
    """Take those marks off the list that belong before the next second of sound."""
    while marks and marks[0].at_s * form.rate <= first:
        yield marks.pop(0)


def enter_redacted_sound(change: Change, made: RedactedStretch) -> None:
    """Enter it in the caller's change, in the place of all sound that the interview had."""
    study, interview = change.study, made.interview
    own = study.rows.get_data_key(interview.id, KeyClass.IDENTIFYING)
    sealed = seal_bytes(own, made.key, study.rows.bind_stretch_key(interview.id, made.number))
    study.db.execute(
        "INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [interview.id, made.number, change.made_at, CLOSED_STATE, made.frames, made.form.rate,
         sealed, made.size],
    )  # fmt: skip
    name = f"{interview.id}:stretch.{made.number}"
    change.facts |= {
        f"{name}.frames": made.frames, f"{name}.records": made.records, f"{name}.bytes": made.size,
    }  # fmt: skip


def list_unnamed_sound(study: Study) -> list[Path]:
    """Return files and folders that are named as redacted sound on its way into the study."""
    return sorted((study.folder / AUDIO_FOLDER).glob(f"{REDACTED_PREFIX}*"))


def settle_redacted_sound(study: Study) -> None:
    """Give redacted sound that was entered its name, and remove what never was.

    It never takes the place of a file that is there. What is no plain file, and what was entered
    and has its file already, is left for ``log verify`` to name.
    """
    for path in list_unnamed_sound(study):
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(OSError):
                path.rmdir()  # an empty one; anything else is a person's to look at
            continue
        if path.is_symlink() or not path.is_file() or path.suffix != ".sealed":
            continue
        owner, _, number = (
            path.name.removeprefix(REDACTED_PREFIX).removesuffix(".sealed").partition("-")
        )
        interview = Interview(study, owner)
        if any(str(row.number) == number for row in list_stretches(interview)):
            settle_name(path, locate_stretch(interview, int(number)))
        else:
            remove_file(path)


def _locate(study: Study, owner: str, number: int) -> Path:
    return study.folder / AUDIO_FOLDER / f"{REDACTED_PREFIX}{owner}-{number}.sealed"
