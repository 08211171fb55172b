"""Towns that were heard as several words: "he worked in wake field", "the marry-port surgery".

A speech model that does not know a town writes ordinary words that sound like it. Two or three of
them that together sound just like a British town of the list are a question after "in", "near",
"moved to" and before "surgery", "council".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from anonymise.context.turn_context import TurnContext
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_shipped_list, load_word_list
from study import NEVER_NAMES, TEENS, UNITS, Category, NameMatcher, fold_name

_ASKED = 0.35
_MOST_WORDS = 3
_SHORTEST = 7  # letters of all words together: "live in" sounds like Leven
_LIKE = 0.88  # the same sound: of 268,000 words of other texts it asks one, "quarter one"
_BRITISH = ("England", "Scotland", "Wales", "Northern Ireland", "London", "Midlands")
_BEFORE = load_word_list("sites", "before heard places")
_SITES = load_word_list("sites", "services") | {"council"}
_MOVING = load_word_list("sites", "moving") | load_word_list("sites", "living")
_REACH = 4  # words before "to" and "from" that tell of somebody who goes
_NO_END = NEVER_NAMES | UNITS.keys() | TEENS.keys()


@cache
def load_towns() -> NameMatcher:
    """Return a matcher of the towns and villages of Britain and Northern Ireland."""
    return NameMatcher(
        name
        for kind, names in load_shipped_list("places").items()
        if kind.endswith(_BRITISH) and not kind.startswith("country")
        for name in names
    )


def find_torn_towns(turn: TurnContext) -> Iterator[RuleFind]:
    """Find words that together sound like a town, where one stands."""
    last = 0
    for at in range(len(turn.pieces)):
        if at < last or not turn.pieces[at].is_word:
            continue
        is_after = _is_place(turn, at)
        for inside in _list_runs(turn, at):
            if (is_after or turn.lowered_at(inside.stop) in _SITES) and _is_torn(turn, inside):
                last = inside.stop
                yield RuleFind(at, last, Category.PLACE, _ASKED)
                break


def _list_runs(turn: TurnContext, first: int) -> Iterator[range]:
    """Yield the next three and two words, also where a hyphen joins them: "marry-port"."""
    ends: list[int] = []
    at = first
    while len(ends) < _MOST_WORDS and at < len(turn.pieces) and turn.pieces[at].is_word:
        ends.append(at + 1)
        at += 1 + (turn.lowered_at(at + 1) == "-")
    yield from (range(first, end) for end in reversed(ends[1:]))


def _is_place(turn: TurnContext, at: int) -> bool:
    """Whether a place may stand here: after "in", and after "to" of somebody who goes there."""
    one = turn.lowered_at(at - 1)
    if one not in _BEFORE:
        return False
    near = (turn.lowered_at(n) for n in range(max(0, at - 1 - _REACH), at - 1))
    return one not in {"to", "from"} or not _MOVING.isdisjoint(near)


def _is_torn(turn: TurnContext, inside: range) -> bool:
    words = [turn.pieces[n].lowered_bare for n in inside if turn.pieces[n].is_word]
    if words[0] in _NO_END or words[-1] in _NO_END or sum(map(len, words)) < _SHORTEST:
        return False
    likely = load_towns().find_same_sounding(" ".join(words))
    is_written = likely is not None and fold_name(likely.name) in {" ".join(words), "-".join(words)}
    return likely is not None and likely.likeness >= _LIKE and not is_written
