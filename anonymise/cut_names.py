"""A name that breaks off at the end of a turn and goes on in the next: "Siobhan Galla-", "-gher".

Somebody interrupts, or a recogniser ends the turn within the word. Neither half is a name by
itself, so each turn alone leaves one of them standing. Both are found where they make a name
together: one of the lists, or one that the interview says elsewhere. Where only a hyphen at either
end shows that they belong together, behind somebody who was found, they are a question.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from anonymise.pieces import CutTurn, Piece
from anonymise.proposals import Proposal
from anonymise.rule_registry import TORN_SOURCE
from models import look_up_word
from study import Category, is_time_word

_HYPHENS = frozenset({"-", "\u2010", "\u2011", "\u2013", "\u2014"})
_SHORTEST, _SHORTEST_HALF = 5, 2  # letters of the name and of either half
_SURE, _ASKED = 0.7, 0.4
_MOST_BETWEEN = 2  # turns of somebody else before it goes on: "Galla-", "Sorry?", "-gher"


def propose_cut_names(
    turns: Sequence[CutTurn], people: Sequence[Collection[tuple[int, int]]]
) -> list[list[Proposal]]:
    """Return for each turn the halves of names that it holds.

    people: for each turn, the characters that were found as people.
    """
    found: list[list[Proposal]] = [[] for _ in turns]
    said: frozenset[str] | None = None
    for at, turn in enumerate(turns):
        first = _read_broken_off(turn)
        if first is None:
            continue
        if said is None:
            said = _list_said(turns, people)
        for after in range(at + 1, min(at + 2 + _MOST_BETWEEN, len(turns))):
            following, is_marked = _read_continued(turns[after])
            if following is None or not (is_marked or after == at + 1):
                continue
            name = first.lowered + following.lowered
            behind = _is_behind_person(first, people[at])
            shown = is_marked or behind or not look_up_word(first.lowered).is_word
            listed = shown and len(name) >= _SHORTEST and (name in said or _is_name(name))
            follows = is_marked and behind
            if listed or follows:
                score = _SURE if listed else _ASKED
                for number, piece in ((at, first), (after, following)):
                    found[number].append(_make_half(piece, score, name if listed else ""))
                break
    return found


def _make_half(piece: Piece, score: float, form: str) -> Proposal:
    return Proposal(piece.start, piece.bare_end, Category.PERSON, TORN_SOURCE, score, form)


def _read_broken_off(turn: CutTurn) -> Piece | None:
    """Return the last word of a turn that breaks off: "Galla-", "Galla -"."""
    pieces = turn.pieces
    if len(pieces) < 2 or pieces[-1].text not in _HYPHENS:  # noqa: PLR2004 - a word and its hyphen
        return None
    return pieces[-2] if _is_half(pieces[-2]) else None


def _read_continued(turn: CutTurn) -> tuple[Piece | None, bool]:
    """Return the first word of a turn, and whether a hyphen shows that it goes on."""
    marked = bool(turn.pieces) and turn.pieces[0].text in _HYPHENS
    first = turn.pieces[marked : marked + 1]
    return (first[0], marked) if first and _is_half(first[0]) else (None, marked)


def _is_half(piece: Piece) -> bool:
    return piece.is_word and len(piece.text) >= _SHORTEST_HALF and piece.text.isalpha()


def _is_name(word: str) -> bool:
    known = look_up_word(word)
    named = max(known.given, known.surname, known.town) > 0.0
    return named and not known.is_word and not is_time_word(word)


def _list_said(
    turns: Sequence[CutTurn], people: Sequence[Collection[tuple[int, int]]]
) -> frozenset[str]:
    """Return the words of everybody who was found."""
    return frozenset(
        turn.pieces[at].lowered_bare
        for turn, spans in zip(turns, people, strict=True)
        for start, end in spans
        for at in turn.list_indices_within(start, end)
    )


def _is_behind_person(half: Piece, spans: Collection[tuple[int, int]]) -> bool:
    """Whether a half stands right behind somebody, or is part of what was found as one."""
    return any(start < half.start <= end + 1 for start, end in spans)
