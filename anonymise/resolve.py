"""From overlapping proposals to one list of mentions that share no character.

What counts as found goes before what is a question. Then the longest find at a place wins; at
equal length the register, then the grammar of numbers, then the cues, then a trained model. A
find that sticks out of a longer one keeps the rest, so that no name is half shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from anonymise import finding
from anonymise.keep import KeepList
from anonymise.pieces import Spoken, cut, without_possessive
from anonymise.proposals import NAMES, Proposal
from study.terms import Category

_LEAST_SPECIFIC = (
    Category.OTHER, Category.BACKGROUND, Category.RELIGION, Category.EVENT, Category.OCCUPATION,
    Category.NUMBER, Category.DATE, Category.AGE, Category.HIGH_AGE,
)  # fmt: skip
_SIGNS = " \t\r\n\u00a0.,;:!?\"'\u2018\u2019\u201c\u201d()[]{}<>-\u2013\u2014\u2026/"
_UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_TRIMMED = _SIGNS + _UNSEEN
_SHORTEST_REST = 2


def resolve(spoken: Spoken, proposals: Iterable[Proposal], keep: KeepList) -> list[Proposal]:
    """Return proposals that do not overlap, in the order they stand in the turn."""
    chosen: list[Proposal] = []
    trimmed = (trim(spoken.text, p) for p in proposals)
    for proposal in sorted(trimmed, key=_order):
        if proposal.length > 0 and not _is_friend(spoken, proposal, keep):
            _place(spoken, chosen, proposal, keep)
    return _joined(spoken.text, chosen)


def trim(text: str, proposal: Proposal) -> Proposal:
    """Leave out white space, signs and a possessive at the edges of a name."""
    start, end = proposal.start, proposal.end
    if proposal.category not in NAMES:
        return proposal
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    end = start + len(without_possessive(text[start:end]))
    return replace(proposal, start=start, end=end)


def _order(proposal: Proposal) -> tuple[bool, int, int, int, int]:
    specific = -1 if proposal.category not in _LEAST_SPECIFIC else _LEAST_SPECIFIC[::-1].index(
        proposal.category
    )  # fmt: skip
    rank = finding.rank(proposal.source)
    return not proposal.is_likely, -proposal.length, rank, specific, proposal.start


def _is_friend(spoken: Spoken, proposal: Proposal, keep: KeepList) -> bool:
    """Whether a name is a false friend: one letter is, what the researcher entered never is."""
    if proposal.category in NAMES and _is_letter(spoken.text[proposal.start : proposal.end]):
        return True
    if proposal.source == finding.REGISTER or proposal.category not in NAMES | {Category.WEB}:
        return False
    return keep.keeps_span(spoken, proposal.start, proposal.end)


def _is_letter(text: str) -> bool:
    """Whether a text holds one letter of an alphabet and no more; one Chinese sign is a name."""
    signs = [c for c in text if c.isalnum()]
    return len(signs) == 1 and (signs[0].islower() or signs[0].isupper())


def _place(spoken: Spoken, chosen: list[Proposal], proposal: Proposal, keep: KeepList) -> None:
    """Add a proposal, or as much of it as no longer one covers; ``chosen`` stays in order."""
    at = bisect_right(chosen, proposal.start, key=_start)
    near = [i for i in (at - 1, at) if 0 <= i < len(chosen) and chosen[i].overlaps(proposal)]
    if not near:
        chosen.insert(at, proposal)
        return
    rival = chosen[near[0]]
    chosen[near[0]] = _informed(rival, proposal)
    for rest in outside(spoken.text, proposal, [(rival.start, rival.end)]):
        if not _is_friend(spoken, rest, keep):
            _place(spoken, chosen, rest, keep)


def _start(proposal: Proposal) -> int:
    return proposal.start


def outside(text: str, proposal: Proposal, spans: Iterable[tuple[int, int]]) -> list[Proposal]:
    """Return what of a proposal lies outside these spans, as far as it says anything."""
    rests = [proposal]
    for start, end in spans:
        rests = [part for rest in rests for part in _without(rest, start, end)]
    if rests == [proposal]:
        return rests
    trimmed = (trim(text, replace(rest, form="")) for rest in rests)
    return [rest for rest in trimmed if _tells(text, rest)]


def _without(proposal: Proposal, start: int, end: int) -> list[Proposal]:
    if end <= proposal.start or proposal.end <= start:
        return [proposal]
    ends = ((proposal.start, start), (end, proposal.end))
    return [replace(proposal, start=a, end=b) for a, b in ends if a < b]


def _informed(rival: Proposal, proposal: Proposal) -> Proposal:
    """Let "Doctor Patel" know that its "Patel" stands in the register."""
    inside = rival.start <= proposal.start and proposal.end == rival.end
    known = proposal.source == finding.REGISTER and rival.source != finding.REGISTER
    if not inside or not known or rival.category is not proposal.category or rival.form:
        return rival
    return replace(rival, form=proposal.form, score=max(rival.score, proposal.score))


def _tells(text: str, rest: Proposal) -> bool:
    """Whether what is left of a proposal is a word at all."""
    words = [p for p in cut(text[rest.start : rest.end]) if p.text.isalnum()]
    return sum(len(w.text) for w in words) >= _SHORTEST_REST


def _joined(text: str, chosen: list[Proposal]) -> list[Proposal]:
    """Join two parts of one person's name that different components found."""
    joined: list[Proposal] = []
    for proposal in chosen:
        last = joined[-1] if joined else None
        if last is None or not _is_one_name(text, last, proposal):
            joined.append(proposal)
            continue
        better = min(last, proposal, key=lambda p: finding.rank(p.source))
        joined[-1] = replace(better, start=last.start, end=proposal.end, form="")
    return joined


def _is_one_name(text: str, first: Proposal, second: Proposal) -> bool:
    persons = first.category is second.category is Category.PERSON
    persons = persons and first.is_likely == second.is_likely
    between = text[first.end : second.start]
    complete = " " in first.form and " " in second.form  # two whole names side by side
    return persons and not complete and between in {" ", "-", ""}
