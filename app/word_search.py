"""Look for words in the transcripts of a study: one interview at a time is in memory.

What is looked through is opened and closed again; no list of words is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.withdrawn import list_withdrawn
from study import (
    CorrectedTranscript,
    FindReplace,
    InterviewSummary,
    MarkKind,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    TextMatch,
    TurnNumbers,
    no_report,
    no_stop,
)
from study.errors import HasWithdrawn, RoleForbids, Stopped, TranscriptMissing
from study.store import Study, note_words_opened, read_transcript_texts

_SEARCH = "The search"
FindMatches = Callable[[CorrectedTranscript], list[TextMatch]]


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A match, and what is shown of its place.

    at_s: when its turn, or its topic, begins. before, words, after: the text there, some
    characters of it to either side. number: of its turn, from 1, 0 where it is none. heading: the
    number of its topic, from 1, 0 where it is none.
    """

    match: TextMatch
    at_s: float
    before: str
    words: str
    after: str
    number: int = 0
    heading: int = 0


@dataclass(frozen=True, slots=True)
class FoundInInterview:
    """The places found in one interview, in reading order; () where there is none."""

    summary: InterviewSummary
    places: tuple[FoundPlace, ...]


def search_interviews(
    study: Study,
    replacing: FindReplace,
    wanted: str = "",
    *,
    find_matches: FindMatches | None = None,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Iterator[FoundInInterview]:
    """Yield what is found in one interview, or in each of the study, oldest first.

    Each step reads one interview, so whoever takes the steps may do something else between them.

    wanted: the interview's label or id; "" for all. find_matches: what is looked for, where it is
    something else than the words of ``replacing``. report: receives the number of interviews.

    Raises:
        UnknownInterview: no interview fits ``wanted``, or several do.
        TranscriptMissing: the interview has no transcript.
        RoleForbids: it is somebody else's, and the role of who is there is held to own ones.
        HasWithdrawn: somebody has withdrawn, and it waits to be destroyed. Among all
            interviews, those of the last three are left out.
        NotCorrectable: the text to find is empty.
        Stopped: ``stop`` asked for it.
    """
    find_matches = find_matches or replacing.find_matches
    waiting = {owner: one.code for one in list_withdrawn(study).values() for owner in one.pending}
    every = [study.find_interview(wanted)] if wanted else study.summaries()
    for done, summary in enumerate(every):
        report(TaskProgress(done, len(every), "interviews"))
        if stop():
            raise Stopped(_SEARCH)
        try:
            if summary.id in waiting:
                raise HasWithdrawn(waiting[summary.id])
            places = _search_one(study, summary.id, replacing, find_matches)
        except (TranscriptMissing, RoleForbids, HasWithdrawn):
            if wanted:
                raise
            continue
        yield FoundInInterview(summary, places)
    report(TaskProgress(len(every), len(every), "interviews"))


def _search_one(
    study: Study, interview: str, replacing: FindReplace, find_matches: FindMatches
) -> tuple[FoundPlace, ...]:
    handle = study.interview(interview)
    with study.lock:
        state = read_transcript_texts(handle)
    if state is None:
        raise TranscriptMissing
    matches = find_matches(state)
    if matches:
        note_words_opened(handle)
    return tuple(_show(state, replacing, matches))


def _show(
    state: CorrectedTranscript, replacing: FindReplace, matches: list[TextMatch]
) -> Iterator[FoundPlace]:
    numbers = TurnNumbers(turn.key for turn in state.turns)
    topics = [n for n, event in enumerate(state.events) if event.kind == MarkKind.TOPIC]
    headings = {place: number for number, place in enumerate(topics, 1)}
    for match in matches:
        turn = state.find_turn(match.turn)
        yield FoundPlace(
            match,
            turn.start_s if turn else state.events[match.event].at_s,
            *replacing.preview_match(state, match),
            number=numbers.find_number(match.turn) if turn else 0,
            heading=0 if turn else headings.get(match.event, 0),
        )
