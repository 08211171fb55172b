"""One decision for many mentions: alike ones in other interviews, all questions or finds of a kind.

Each interview is one transaction, its decisions marked as made in bulk. What was decided before
stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.mention_decisions import decide_mention, decide_mentions
from study import Category, DecidedMention, Decision, Verdict
from study.errors import HasWithdrawn, UnknownMention
from study.store import Interview, Study, read_decisions


@dataclass(frozen=True, slots=True)
class InterviewDecisions:
    """The decisions that one call made in one interview."""

    interview: Interview
    decisions: tuple[Decision, ...]


def decide_everywhere(
    interview: Interview,
    mention_key: str,
    verdict: Verdict,
    *,
    replacement: str = "",
    reason: str = "",
) -> list[InterviewDecisions]:
    """Decide a mention and all undecided ones of its kind and replacement in the study.

    Interviews that somebody took back, and ones without such a mention, are left out. Returns the
    interview of the mention first. UNDONE is taken back in this interview alone.

    Raises:
        UnknownMention, WordsChanged, BadReplacement: as for ``decide_mention``.
    """
    meant = next((d for d in read_decisions(interview) if d.mention.key == mention_key), None)
    if meant is None:
        raise UnknownMention
    made = decide_mention(
        interview, mention_key, verdict, replacement=replacement, reason=reason, alike=True
    )
    done = [InterviewDecisions(interview, tuple(made))]
    if verdict is Verdict.UNDONE:
        return done
    for summary in interview.study.summaries():
        other = interview.study.interview(summary.id)
        if summary.id == interview.id or not _is_workable(other):
            continue
        keys = [d.mention.key for d in read_decisions(other) if _is_alike(d, meant)]
        if keys:
            alike = decide_mentions(other, keys, verdict, replacement=replacement, reason=reason)
            done.append(InterviewDecisions(other, tuple(alike)))
    return done


def reject_questions(
    interview: Interview, category: Category, *, reason: str = ""
) -> list[Decision]:
    """Reject every undecided question of a kind: "none of these". Sure finds stay undecided.

    Returns the decisions made, none where there was no such question.
    """
    keys = [
        d.mention.key
        for d in read_decisions(interview)
        if d.decision is None and d.mention.category is category and not d.mention.is_likely
    ]
    return decide_mentions(interview, keys, Verdict.REJECTED, reason=reason) if keys else []


def accept_sure_finds(
    interview: Interview, category: Category, *, reason: str = ""
) -> list[Decision]:
    """Accept every undecided sure find of a kind. Questions stay undecided.

    Returns the decisions made, none where there was no such find.

    Raises:
        WordsChanged: as for ``decide_mention``.
    """
    keys = [
        d.mention.key
        for d in read_decisions(interview)
        if d.decision is None and d.mention.category is category and d.mention.is_likely
    ]
    return decide_mentions(interview, keys, Verdict.ACCEPTED, reason=reason) if keys else []


def decide_kind_everywhere(
    study: Study, category: Category, verdict: Verdict, *, reason: str = ""
) -> list[InterviewDecisions]:
    """Accept all sure finds of a kind, or reject all its questions, in every interview.

    Interviews that somebody took back are left out. Returns those in which something was decided.

    Raises:
        WordsChanged: as for ``decide_mention``; the interviews before it are decided.
    """
    decide = accept_sure_finds if verdict is Verdict.ACCEPTED else reject_questions
    done: list[InterviewDecisions] = []
    for summary in study.summaries():
        interview = study.interview(summary.id)
        if _is_workable(interview):
            made = decide(interview, category, reason=reason)
            if made:
                done.append(InterviewDecisions(interview, tuple(made)))
    return done


def _is_alike(other: DecidedMention, meant: DecidedMention) -> bool:
    same = other.mention.category is meant.mention.category
    return (
        same and other.decision is None and other.mention.replacement == meant.mention.replacement
    )


def _is_workable(interview: Interview) -> bool:
    try:
        interview.require_workable()
    except HasWithdrawn:
        return False
    return True
