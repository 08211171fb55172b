"""Ask less about words that a person rejected often in other interviews of the study.

A question (a find that does not count as sure) is left out of a search if its words were rejected
twice or more in other interviews, one by one and for the same kind, and were replaced nowhere. The
search says how many it left out, and why. It comes back when the rejections are taken back, when
somebody replaces the words, or with ``earshot anonymise … --without "earlier rejections"``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from anonymise.proposals import Proposal
from anonymise.rule_registry import REGISTER_SOURCE
from study import ArtefactKind, Category, fold_name
from study.store import Interview, Study, read_decisions, read_mention_words

EARLIER_REJECTIONS = "earlier rejections"  # the name by which a search is told to ask all the same
OFTEN = 2  # rejections from which on it is asked no more

_Key = tuple[Category, str]  # kind, folded words


@dataclass(frozen=True, slots=True)
class _Judged:
    """What people decided in one interview: rejections one by one, and words replaced."""

    rejected: Counter[_Key] = field(default_factory=Counter[_Key])
    replaced: frozenset[str] = frozenset()


# What was decided in each interview of an open study, until something else is.
_JUDGED: WeakKeyDictionary[Study, dict[str, tuple[object, _Judged]]] = WeakKeyDictionary()


def read_earlier_rejections(interview: Interview) -> frozenset[tuple[Category, str]]:
    """Return the kinds and folded words that were rejected often in other interviews."""
    known = _JUDGED.setdefault(interview.study, {})
    rejected: Counter[_Key] = Counter()
    replaced: set[str] = set()
    for summary in interview.study.summaries():
        if summary.id == interview.id or ArtefactKind.MENTIONS not in summary.versions:
            continue
        state = summary.sign_off_basis()
        if summary.id not in known or known[summary.id][0] != state:
            known[summary.id] = state, _read_judged(interview.study.interview(summary.id))
        rejected.update(known[summary.id][1].rejected)
        replaced |= known[summary.id][1].replaced
    return frozenset(
        key for key, times in rejected.items() if times >= OFTEN and key[1] not in replaced
    )


def _read_judged(interview: Interview) -> _Judged:
    words = read_mention_words(interview)
    rejected: Counter[_Key] = Counter()
    replaced: set[str] = set()
    for d in read_decisions(interview):
        if d.decision is None:
            continue
        folded = fold_name(words[d.mention.key])
        if d.is_replaced:
            replaced.add(folded)
        elif not d.decision.in_bulk:
            rejected[d.mention.category, folded] += 1
    return _Judged(rejected, frozenset(replaced))


def is_asked(text: str, proposal: Proposal, rejected: frozenset[tuple[Category, str]]) -> bool:
    """Whether a find in a turn of this text is put to a person; entered names always are."""
    if proposal.is_likely or proposal.source == REGISTER_SOURCE:
        return True
    return (proposal.category, fold_name(text[proposal.start : proposal.end])) not in rejected
