"""Hotwords: hints as faster-whisper takes them, as many as safely fit. Pure.

faster-whisper puts the hints before every window. They share the model's 448 positions with the
text that it decodes. It accepts up to 223 tokens of hints without a warning, and beside as many
tokens of earlier text the model fails ("No position encodings"). So tokens are counted with the
model's own tokenizer, and the list is cut between two words.

A model repeats hints where it has little else to go by: "No." became "No. Dr. Paret, Dr. Paret,".
So a window gets as many as its speech is long, and a short one none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from study import Hints

MOST_POSITIONS = 448  # of the model, for the hints and the text together
MOST_HINT_TOKENS = 180  # the rest of the 448 positions is for the prompt and the window's own words
_LEAST_HINTED_S = 3.0
_HINT_TOKENS_PER_S = 12  # three times as many as talk has


def fit_hints(
    terms: Iterable[str], tokens: Callable[[str], int], most: int = MOST_HINT_TOKENS
) -> Hints:
    """Split terms into those that fit into ``most`` tokens together and those that are cut.

    tokens: counts a text's tokens as the model does. The order of the terms stays: the study puts
    the most important ones first. Repeated terms count once.
    """
    every = tuple(dict.fromkeys(term for term in terms if term))

    def count_tokens(count: int) -> int:
        return tokens(join_hotwords(every[:count]) or "") if count else 0

    low, high = 0, len(every)
    while low < high:  # more terms never take fewer tokens
        middle = (low + high + 1) // 2
        if count_tokens(middle) <= most:
            low = middle
        else:
            high = middle - 1
    return Hints(every[:low], every[low:], count_tokens(low))


def limit_hint_tokens(speech_s: float) -> int:
    """Return how many tokens of hints a window with ``speech_s`` seconds of speech may have."""
    if speech_s < _LEAST_HINTED_S:
        return 0
    return min(MOST_HINT_TOKENS, int(speech_s * _HINT_TOKENS_PER_S))


def join_hotwords(terms: Iterable[str]) -> str | None:
    """Join hints into faster-whisper's ``hotwords``; None if there are none."""
    return ", ".join(terms) or None
