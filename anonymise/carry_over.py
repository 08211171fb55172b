"""Carry keys and decisions over from one search to the next.

A decided mention stays as the person saw it while its words are still there; an edit elsewhere in
the turn moves it. An undecided mention passes its key on to the same find.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anonymise.overlap_resolution import cut_parts_outside
from anonymise.proposals import Proposal
from anonymise.relocation import MentionRelocation, TurnSpan
from study import ArtefactKind, DecidedMention, Mention, Mentions
from study.store import Interview, read_decisions, read_searched_transcript

_KEY_BYTES = 4


@dataclass(frozen=True, slots=True)
class EarlierSearch:
    """The decided mentions of the last search that still stand, and its keys by place."""

    standing: tuple[DecidedMention, ...] = ()
    keys: Mapping[TurnSpan, str] | None = None
    used_keys: frozenset[str] = frozenset()


def read_earlier_search(
    interview: Interview,
    texts: Mapping[int, str],
    successors: Mapping[int, Sequence[int]] | None = None,
) -> EarlierSearch:
    """Read the mentions and decisions of the last search, at their places in the new texts.

    successors: the turns that the words of a turn may have moved to, where it was split or joined.
    """
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    if mentions is None:
        return EarlierSearch()
    found_in = read_searched_transcript(interview, mentions)
    relocation = MentionRelocation(
        {} if found_in is None else found_in.turn_texts(), texts, successors
    )
    kept: list[DecidedMention] = []
    keys: dict[TurnSpan, str] = {}
    for one in relocation.relocate_mentions(read_decisions(interview)):
        mention = one.mention
        if one.decision is not None:
            kept.append(one)
        keys[mention.turn, mention.start, mention.end] = mention.key
    return EarlierSearch(tuple(kept), keys, frozenset(m.key for m in mentions.mentions))


def carry_decisions_over(
    before: EarlierSearch, texts: Mapping[int, str], by_turn: Mapping[int, list[Proposal]]
) -> tuple[list[DecidedMention], list[tuple[int, Proposal]]]:
    """Return the decided mentions that stay, and the finds that a person has to decide.

    Of a find that reaches beyond an accepted mention the rest remains. A find that reaches beyond a
    rejected mention takes its place: it holds words that nobody has decided.
    """
    standing: dict[int, list[DecidedMention]] = {}
    for one in before.standing:
        standing.setdefault(one.mention.turn, []).append(one)
    fresh: list[tuple[int, Proposal]] = []
    for turn, proposals in by_turn.items():
        decided_here = standing.get(turn, [])
        for proposal in proposals:
            fresh += [(turn, rest) for rest in _undecided(texts[turn], proposal, decided_here)]
    superseded = {
        one.mention.key
        for turn, proposal in fresh
        for one in standing.get(turn, ())
        if _overlap(one.mention, proposal)
    }
    return [one for one in before.standing if one.mention.key not in superseded], fresh


def _undecided(text: str, proposal: Proposal, decided_here: list[DecidedMention]) -> list[Proposal]:
    touching = [one for one in decided_here if _overlap(one.mention, proposal)]
    if any(
        one.mention.start <= proposal.start and proposal.end <= one.mention.end for one in touching
    ):
        return []
    accepted = [(one.mention.start, one.mention.end) for one in touching if one.is_replaced]
    return cut_parts_outside(text, proposal, accepted)


def _overlap(mention: Mention, proposal: Proposal) -> bool:
    return mention.start < proposal.end and proposal.start < mention.end


class MentionKeys:
    """Gives every find a key: that of the earlier mention, or a new one at random."""

    def __init__(self, before: EarlierSearch) -> None:
        self._by_place = before.keys or {}
        self._taken = set(before.used_keys)

    def get_key(self, turn: int, proposal: Proposal) -> str:
        """Return the key for a find in a turn: that of an earlier mention there, or a new one."""
        return self._by_place.get((turn, proposal.start, proposal.end)) or self.make_key()

    def make_key(self) -> str:
        """Return a key that no mention of this interview has in this version or the last."""
        while (key := secrets.token_hex(_KEY_BYTES)) in self._taken:
            pass
        self._taken.add(key)
        return key
