"""What a new search keeps of the one before it: keys, and everything that a person decided.

A mention that was decided stays as the person saw it, as long as its words are still there; an
edit elsewhere in the turn moves it along. An undecided one gives its key to the same find.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anonymise.placing import Place, Placing
from anonymise.proposals import Proposal
from anonymise.resolve import outside
from study import decided
from study.artefacts import Kind
from study.decided import Decided
from study.store import Study
from study.terms import Mention, Mentions

_KEY_BYTES = 4


@dataclass(frozen=True, slots=True)
class Before:
    """What the last search left: decided mentions that still stand, and keys by place."""

    kept: tuple[Decided, ...] = ()
    keys: Mapping[Place, str] | None = None
    taken: frozenset[str] = frozenset()


def read(
    study: Study,
    interview: str,
    texts: Mapping[int, str],
    kin: Mapping[int, Sequence[int]] | None = None,
) -> Before:
    """Read what was proposed and decided before, placed in the new texts of the turns.

    kin: the turns that the words of a turn may have gone to, where it was split or joined.
    """
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    if mentions is None:
        return Before()
    found_in = decided.searched(study, interview, mentions)
    placing = Placing({} if found_in is None else found_in.texts(), texts, kin)
    kept: list[Decided] = []
    keys: dict[Place, str] = {}
    for one in placing.placed(decided.read(study, interview)):
        mention = one.mention
        if one.decision is not None:
            kept.append(one)
        keys[mention.turn, mention.start, mention.end] = mention.key
    return Before(tuple(kept), keys, frozenset(m.key for m in mentions.mentions))


def settled(
    before: Before, texts: Mapping[int, str], by_turn: Mapping[int, list[Proposal]]
) -> tuple[list[Decided], list[tuple[int, Proposal]]]:
    """Return the decided mentions that stay, and the finds that a person has to look at.

    Of a find that reaches beyond an accepted mention the rest remains. One that reaches beyond a
    rejected mention takes its place: there are words in it that nobody looked at.
    """
    by_key: dict[int, list[Decided]] = {}
    for one in before.kept:
        by_key.setdefault(one.mention.turn, []).append(one)
    fresh: list[tuple[int, Proposal]] = []
    for turn, proposals in by_turn.items():
        decided_here = by_key.get(turn, [])
        for proposal in proposals:
            fresh += [(turn, rest) for rest in _undecided(texts[turn], proposal, decided_here)]
    superseded = {
        one.mention.key
        for turn, proposal in fresh
        for one in by_key.get(turn, ())
        if _overlap(one.mention, proposal)
    }
    return [one for one in before.kept if one.mention.key not in superseded], fresh


def _undecided(text: str, proposal: Proposal, decided_here: list[Decided]) -> list[Proposal]:
    touching = [one for one in decided_here if _overlap(one.mention, proposal)]
    if any(
        one.mention.start <= proposal.start and proposal.end <= one.mention.end for one in touching
    ):
        return []
    accepted = [(one.mention.start, one.mention.end) for one in touching if one.is_replaced]
    return outside(text, proposal, accepted)


def _overlap(mention: Mention, proposal: Proposal) -> bool:
    return mention.start < proposal.end and proposal.start < mention.end


class Keys:
    """Gives every mention a key: the one it had, or a new random one, which tells nothing."""

    def __init__(self, before: Before) -> None:
        self._by_place = before.keys or {}
        self._taken = set(before.taken)

    def key_for(self, turn: int, proposal: Proposal) -> str:
        """Return the key of a find in a turn."""
        return self._by_place.get((turn, proposal.start, proposal.end)) or self.new()

    def new(self) -> str:
        """Return a key that no mention of this interview had in this or the last version."""
        while (key := secrets.token_hex(_KEY_BYTES)) in self._taken:
            pass
        self._taken.add(key)
        return key
