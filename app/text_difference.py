"""Two versions of a text, cut down to where they differ, so that a short line shows it."""

from __future__ import annotations

from typing import Final

_CONTEXT: Final = 3  # words that are kept on either side; our choice
_ELLIPSIS: Final = "…"


def tell_apart(one: str, other: str) -> tuple[str, str]:
    """Return both texts without most of the words that they begin and end with alike."""
    ours, theirs = one.split(), other.split()
    shortest = min(len(ours), len(theirs))
    front = next((n for n in range(shortest) if ours[n] != theirs[n]), shortest)
    left = shortest - front
    back = next((n for n in range(left) if ours[-1 - n] != theirs[-1 - n]), left)
    return _cut(ours, front, back), _cut(theirs, front, back)


def _cut(words: list[str], front: int, back: int) -> str:
    begin, end = max(0, front - _CONTEXT), len(words) - max(0, back - _CONTEXT)
    kept = words[begin:end]
    if begin:
        kept.insert(0, _ELLIPSIS)
    if end < len(words):
        kept.append(_ELLIPSIS)
    return " ".join(kept)
