"""Turn overlapping proposals into one list in which no two share a character.

A proposal that counts as found goes before a question. Then the longest at a place wins; at equal
length the register, then the grammar of numbers, then the cues, then a trained model. Of a proposal
that reaches beyond a longer one the rest stays, so that no name is half shown: without spaces
and signs at its edges, an occupation without "at" ("teacher" of "teacher at Woodhouse School"):
they tell nothing, and the clean text needs them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from anonymise.keep_list import KeepList
from anonymise.pieces import CutTurn, Piece, cut_into_pieces, strip_possessive
from anonymise.proposals import NAME_CATEGORIES, Proposal
from anonymise.rule_registry import BENT_SOURCE, REGISTER_SOURCE, TORN_SOURCE, rank_source
from anonymise.speech_noise import cut_at_sentence_ends, doubt_initials, is_noise
from anonymise.word_kinds import classify_word, is_everyday_word
from study import Category

_LEAST_SPECIFIC = (
    Category.OTHER, Category.BACKGROUND, Category.RELIGION, Category.EVENT, Category.OCCUPATION,
    Category.NUMBER, Category.DATE, Category.AGE, Category.HIGH_AGE,
)  # fmt: skip
_SIGNS = " \t\r\n\u00a0.,;:!?\"'\u2018\u2019\u201c\u201d()[]{}<>-\u2013\u2014\u2026/"
_INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_TRIMMED = _SIGNS + _INVISIBLE
_NUMBERS = frozenset({Category.PHONE, Category.NHS_NUMBER, Category.BANK, Category.NUMBER})
_LONG = 5  # digits, which are no "Ward 6"
_SHORTEST_REST = 2
_PAIR = 2
_JOINTS = frozenset({"in", "of", "the", "at", "on", "for", "from", "with", "a", "and", "to", "or"})
_TOLD = frozenset({Category.BACKGROUND, Category.EVENT, Category.RELIGION, Category.OCCUPATION})
_WORKPLACE_NEXT = re.compile(r"\s+(?:at|for|in|of|with)(?:\s+(?:the|a|an))?$")


def resolve_overlaps(
    spoken: CutTurn, proposals: Iterable[Proposal], keep_list: KeepList
) -> list[Proposal]:
    """Return proposals that do not overlap, in the order of the turn."""
    chosen: list[Proposal] = []
    apart = _cut_at_numbers(spoken, list(proposals))
    whole = (part for p in apart for part in _cut_into_sentences(spoken.text, p))
    sure = (d for p in whole if (d := _doubt_name(spoken, p)) is not None)
    trimmed = (trim_proposal(spoken.text, p) for p in sure)
    for proposal in sorted(trimmed, key=_order):
        if proposal.length > 0 and not _names_nobody(spoken, proposal, keep_list):
            _place(spoken, chosen, proposal, keep_list)
    return _join_names(spoken.text, chosen)


def _cut_at_numbers(spoken: CutTurn, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield proposals, a trained model's name without the long number at either end of it.

    "01274 560 882 and Bradford" is a number and a place; "01274 560 882 and I do" is no place.
    """
    numbers = [
        (p.start, p.end)
        for p in proposals
        if p.category in _NUMBERS and p.is_likely and sum(map(str.isdecimal, p.form)) >= _LONG
    ]
    for proposal in proposals:
        inside = [(a, b) for a, b in numbers if a < proposal.end and proposal.start < b]
        if not inside or not proposal.trained or proposal.category not in NAME_CATEGORIES:
            yield proposal
            continue
        for rest in cut_parts_outside(spoken.text, proposal, inside):
            yield from _keep_telling_words(spoken, rest)


def _keep_telling_words(spoken: CutTurn, rest: Proposal) -> Iterator[Proposal]:
    """Yield what is left of a name; after "and" or "in" from the first word that may be part of it.

    "5533 119 countess close" is an address: its street is not of telling words alone.
    """
    inside = spoken.list_indices_within(rest.start, rest.end)
    if not inside or spoken.pieces[inside[0]].lowered not in _JOINTS:
        yield rest
        return
    for at in inside:
        piece = spoken.pieces[at]
        is_telling = piece.is_capital or classify_word(piece.lowered_bare) != "word"
        if piece.is_word and is_telling and not _is_small(piece):
            yield replace(rest, start=piece.start)
            return


def _cut_into_sentences(text: str, proposal: Proposal) -> Iterable[Proposal]:
    if proposal.category not in NAME_CATEGORIES:
        return (proposal,)
    return cut_at_sentence_ends(text, proposal)


def _doubt_name(spoken: CutTurn, proposal: Proposal) -> Proposal | None:
    if proposal.category not in NAME_CATEGORIES:
        return proposal
    return doubt_initials(spoken, proposal)


def trim_proposal(text: str, proposal: Proposal) -> Proposal:
    """Return a proposal without white space, signs and a possessive at the edges of a name."""
    if proposal.category not in NAME_CATEGORIES:
        return proposal
    start, end = _trim_signs(text, proposal.start, proposal.end)
    end = start + len(strip_possessive(text[start:end]))
    return replace(proposal, start=start, end=end)


def _trim_signs(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    return start, end


def _trim_rest(text: str, rest: Proposal) -> Proposal:
    """Return what is left of a cut proposal without white space and signs at its edges.

    An occupation also leaves the words that lead to where it was held: "cook in the".
    """
    start, end = _trim_signs(text, rest.start, rest.end)
    while rest.category is Category.OCCUPATION and (
        leads := _WORKPLACE_NEXT.search(text, start, end)
    ):
        start, end = _trim_signs(text, start, leads.start())
    return replace(rest, start=start, end=end)


def _order(proposal: Proposal) -> tuple[bool, int, int, int, int]:
    specific = -1 if proposal.category not in _LEAST_SPECIFIC else _LEAST_SPECIFIC[::-1].index(
        proposal.category
    )  # fmt: skip
    rank = rank_source(proposal.source)
    return not proposal.is_likely, -proposal.length, rank, specific, proposal.start


def _names_nobody(spoken: CutTurn, proposal: Proposal, keep_list: KeepList) -> bool:
    """Whether a proposed name is none: a single letter always, an entered name in an idiom."""
    text = spoken.text[proposal.start : proposal.end]
    if proposal.category in NAME_CATEGORIES and (
        _is_letter(text) or keep_list.is_kept_phrase(_join_letters(text))
    ):
        return True
    if proposal.source in {TORN_SOURCE, BENT_SOURCE}:
        # The pieces are everyday words: that is why they are asked.
        return keep_list.is_in_phrase(spoken, proposal.start, proposal.end)
    if proposal.source == REGISTER_SOURCE or proposal.category in _TOLD:
        # An idiom frees a name that was entered, and what points to somebody only with more.
        return any(
            a <= proposal.start and proposal.end <= b and b - a >= proposal.length
            for a, b in keep_list.list_kept_spans(spoken.text)
        )
    if proposal.category not in NAME_CATEGORIES | {Category.WEB}:
        return False
    if proposal.category in NAME_CATEGORIES and is_noise(spoken, proposal):
        return True
    return keep_list.is_kept_span(spoken, proposal.start, proposal.end)


def _join_letters(text: str) -> str:
    """Return "NHS" for "N H S", "" for other words."""
    letters = text.replace(".", " ").split()
    is_spelled = len(letters) > 1 and all(len(letter) == 1 for letter in letters)
    return "".join(letters) if is_spelled else ""


def _is_letter(text: str) -> bool:
    """Whether a text holds a single letter of an alphabet; one Chinese character is a name."""
    signs = [c for c in text if c.isalnum()]
    return len(signs) == 1 and (signs[0].islower() or signs[0].isupper())


def _place(
    spoken: CutTurn, chosen: list[Proposal], proposal: Proposal, keep_list: KeepList
) -> None:
    """Add a proposal, or the parts of it outside those already chosen; keep ``chosen`` in order."""
    index = bisect_right(chosen, proposal.start, key=_start)
    near = [i for i in (index - 1, index) if 0 <= i < len(chosen) and chosen[i].overlaps(proposal)]
    if not near:
        chosen.insert(index, proposal)
        return
    rival = chosen[near[0]]
    chosen[near[0]] = _add_known_form(rival, proposal)
    for rest in cut_parts_outside(spoken.text, proposal, [(rival.start, rival.end)]):
        if not _names_nobody(spoken, rest, keep_list):
            _place(spoken, chosen, rest, keep_list)


def _start(proposal: Proposal) -> int:
    return proposal.start


def cut_parts_outside(
    text: str, proposal: Proposal, spans: Iterable[tuple[int, int]]
) -> list[Proposal]:
    """Return the parts of a proposal outside these spans that are words, trimmed to those."""
    rests = [proposal]
    for start, end in spans:
        rests = [part for rest in rests for part in _without(rest, start, end)]
    if rests == [proposal]:
        return rests
    trimmed = (trim_proposal(text, replace(rest, form="")) for rest in rests)
    words = [_trim_rest(text, rest) for rest in trimmed if _is_word(text, rest)]
    parts = [rest for rest in words if _is_word(text, rest)]
    # Of "miner at Grimethorpe pit" the pit is no occupation.
    return parts[:1] if proposal.category is Category.OCCUPATION else parts


def _without(proposal: Proposal, start: int, end: int) -> list[Proposal]:
    if end <= proposal.start or proposal.end <= start:
        return [proposal]
    ends = ((proposal.start, start), (end, proposal.end))
    return [replace(proposal, start=a, end=b) for a, b in ends if a < b]


def _is_small(word: Piece) -> bool:
    return word.lowered == "i" or (not word.is_capital and is_everyday_word(word.lowered_bare))


def _add_known_form(rival: Proposal, proposal: Proposal) -> Proposal:
    """Give a proposal the normal form of a known name at its end: "Patel" of "Doctor Patel"."""
    inside = rival.start <= proposal.start and proposal.end == rival.end
    known = proposal.source == REGISTER_SOURCE and rival.source != REGISTER_SOURCE
    if not inside or not known or rival.category is not proposal.category or rival.form:
        return rival
    return replace(rival, form=proposal.form, score=max(rival.score, proposal.score))


def _is_word(text: str, rest: Proposal) -> bool:
    """Whether the rest of a proposal is a word."""
    words = [p for p in cut_into_pieces(text[rest.start : rest.end]) if p.text.isalnum()]
    is_torn = rest.source == TORN_SOURCE
    if all(w.lowered in _JOINTS or (w.lowered == "s" and not is_torn) for w in words):
        return False  # "in" between an occupation and its town, "s of" behind a saint
    is_name = rest.category in NAME_CATEGORIES and not is_torn
    joined = len(words) == _PAIR and any(w.lowered in _JOINTS for w in words)
    if is_name and joined and all(w.lowered in _JOINTS or _is_small(w) for w in words):
        return False  # "home in" of "the Sue Ryder home in Snettisham", "and I"
    return sum(len(w.text) for w in words) >= _SHORTEST_REST


def _join_names(text: str, chosen: list[Proposal]) -> list[Proposal]:
    """Join two parts of one person's name that different ways of finding proposed."""
    joined: list[Proposal] = []
    for proposal in chosen:
        last = joined[-1] if joined else None
        if last is None or not _is_one_name(text, last, proposal):
            joined.append(proposal)
            continue
        better = min(last, proposal, key=lambda p: rank_source(p.source))
        joined[-1] = replace(better, start=last.start, end=proposal.end, form="")
    return joined


def _is_one_name(text: str, first: Proposal, second: Proposal) -> bool:
    persons = first.category is second.category is Category.PERSON
    persons = persons and first.is_likely == second.is_likely
    between = text[first.end : second.start]
    complete = " " in first.form and " " in second.form  # two whole names side by side
    return persons and not complete and between in {" ", "-", ""}
