"""What a study keeps for all its interviews: settings, topic guide, vocabulary, queue.

Each is an artefact of the whole study, version by version; saving writes nothing where the study
has it already. What these hold and which are refused is said by the records: ``StudySettings``,
``study.topic_guide``, ``study.vocabulary``, ``study.transcription_queue``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from study.artefact_kinds import ArtefactKind
from study.destruction import Withdrawal
from study.records import StudySettings
from study.store.study import WHOLE_STUDY, Change, Interview, Study
from study.store.withdrawals import list_withdrawals
from study.topic_guide import TopicGuide, parse_topic_guide
from study.transcription_queue import QueuedInterview
from study.vocabulary import Vocabulary, parse_vocabulary


def read_settings(study: Study) -> StudySettings:
    """Return the study's settings, the defaults where none were changed.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    return study.whole.read_artefact(ArtefactKind.SETTINGS, StudySettings) or StudySettings()


def change_settings(study: Study, **changed: str | float | bool) -> StudySettings:
    """Change some settings by their names, and return all.

    Raises:
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the study is as it was before.
    """
    with study.lock:
        known = read_settings(study)
        wanted = replace(known, **changed)
        if wanted != known:
            with study.change("settings kept") as change:
                change.write_artefact(ArtefactKind.SETTINGS, wanted)
    return wanted


def read_language(interview: Interview) -> str:
    """Return the language of an interview: its own, else the study's; a code or ``auto``.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    return interview.details.language or read_settings(interview.study).language


def set_language(interview: Interview, code: str) -> None:
    """Make a language that of an interview; nothing is written where it is so already.

    code: as ``study.parse_language`` returns it; the study's own language counts as any other.

    Raises:
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the interview is as it was before.
    """
    with interview.study.lock:
        details = interview.details
        if details.language != code:
            with interview.change("language chosen") as change:
                change.write_artefact(ArtefactKind.ABOUT, replace(details, language=code))


def read_topic_guide(study: Study) -> tuple[TopicGuide, int] | None:
    """Return the study's topic guide and its version, None where it has none.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    with study.lock:
        version = study.whole.find_newest_version(ArtefactKind.GUIDE)
        text = study.whole.read_artefact(ArtefactKind.GUIDE, str, version)
    return None if text is None else (parse_topic_guide(text), version)


def save_topic_guide(study: Study, written: str | bytes) -> int:
    """Make a text the study's topic guide, and return its version.

    Raises:
        BadGuide: it is none (see ``parse_topic_guide``); the study is as it was before.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the same.
    """
    guide = parse_topic_guide(written)
    with study.lock:
        stored = read_topic_guide(study)
        if stored is not None and stored[0].text == guide.text:
            return stored[1]
        with study.change("guide kept") as change:
            return change.write_artefact(ArtefactKind.GUIDE, guide.text)


def read_vocabulary(study: Study) -> tuple[Vocabulary, int]:
    """Return the study's vocabulary and its version, an empty one and 0 where it has none.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    with study.lock:
        version = study.whole.find_newest_version(ArtefactKind.VOCABULARY)
        text = study.whole.read_artefact(ArtefactKind.VOCABULARY, str, version)
    return parse_vocabulary(text or ""), version


def save_vocabulary(study: Study, written: str | bytes) -> int:
    """Make a text the study's vocabulary, and return its version.

    Raises:
        BadWords: it is none (see ``parse_vocabulary``); the study is as it was before.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the same.
    """
    fresh = parse_vocabulary(written)
    with study.lock:
        known, version = read_vocabulary(study)
        if version and known.text == fresh.text:
            return version
        with study.change("words kept") as change:
            return change.write_artefact(ArtefactKind.VOCABULARY, fresh.text)


@dataclass(frozen=True, slots=True)
class _Queue:
    waiting: tuple[QueuedInterview, ...] = ()


def read_transcription_queue(study: Study) -> tuple[QueuedInterview, ...]:
    """Return the interviews that wait to be transcribed, the next one first."""
    queue = study.whole.read_artefact(ArtefactKind.QUEUE, _Queue)
    return queue.waiting if queue else ()


def queue_interviews(
    study: Study, added: Sequence[QueuedInterview], *, first: bool = False
) -> None:
    """Add interviews to the queue, at its end or its front; those in it already are moved there."""
    with study.change("lined up") as change:
        new = {queued.interview for queued in added}
        others = [q for q in read_transcription_queue(study) if q.interview not in new]
        queue = (*added, *others) if first else (*others, *added)
        change.drop_artefact(ArtefactKind.QUEUE)
        change.write_artefact(ArtefactKind.QUEUE, _Queue(queue))


def unqueue_interview(interview: Interview) -> None:
    """Remove an interview from the queue; nothing is written where it is not in it."""
    study = interview.study
    waiting = read_transcription_queue(study)
    left = tuple(q for q in waiting if q.interview != interview.id)
    if len(left) == len(waiting):
        return
    with study.change("taken out of the line") as change:
        change.drop_artefact(ArtefactKind.QUEUE)
        if left:
            change.write_artefact(ArtefactKind.QUEUE, _Queue(left))


def drop_from_queue(change: Change, interviews: Iterable[str]) -> None:
    """Take interviews that are gone out of the queue, inside the caller's change."""
    gone, waiting = set(interviews), read_transcription_queue(change.study)
    left = tuple(q for q in waiting if q.interview not in gone)
    if len(left) < len(waiting):
        change.drop_artefact(ArtefactKind.QUEUE, owner=WHOLE_STUDY)
        if left:
            change.write_artefact(ArtefactKind.QUEUE, _Queue(left), owner=WHOLE_STUDY)


def write_withdrawals(change: Change, every: tuple[Withdrawal, ...]) -> None:
    """Keep who has withdrawn, in a change that its caller makes; earlier lists go."""
    if every != list_withdrawals(change.study.whole):
        version = change.write_artefact(ArtefactKind.WITHDRAWN, every, owner=WHOLE_STUDY)
        change.drop_versions(ArtefactKind.WITHDRAWN, owner=WHOLE_STUDY, before=version)
