"""Intelligent verbatim: the text of a turn without fillers and stumbles.

A pure function of the text, applied to hand-overs and never to a stored transcript, which stays
verbatim. It removes a short closed list of things, so that one sentence can describe it:

- fillers (um, uh, er, erm and their like) beside other words; alone they are an answer;
- a small word, or two in a row, said twice or more at once ("I I think", "it was it was");
- the beginning of a word that breaks off ("th- the").

"No, no", "very very" and "that that" stay: they mean something. Speech models take out much of
this by themselves, and no option stops them: verbatim is only as full as what the model wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_EVERYWHERE = frozenset({"hm", "hmm", "mhm", "mm", "mmm"})
_FILLERS = {
    "en": _EVERYWHERE | {"ah", "eh", "em", "er", "erm", "uh", "uhh", "uhm", "um", "umm"},
    "de": _EVERYWHERE | {"\u00e4h", "\u00e4hm", "eh", "ehm", "\u00f6h", "\u00f6hm"},
}
# Said twice, these are a stumble. Not: no, yes, so, very, that, had, is ("what it is is"), you;
# nor in German: der, die, das, sie ("die, die die sah").
_SMALL = {
    "en": frozenset({
        "a", "an", "and", "are", "as", "at", "but", "by", "for", "from", "has", "have", "he",
        "her", "his", "i", "i'm", "i've", "if", "in", "it", "it's", "my", "of", "on", "or", "our",
        "she", "the", "their", "they", "this", "to", "was", "we", "were", "what", "when", "with",
        "your",
    }),
    "de": frozenset({
        "an", "auf", "aber", "bei", "dann", "ein", "eine", "einem", "einen", "einer", "ich", "im",
        "in", "mein", "meine", "mit", "oder", "und", "von", "vor", "weil", "wenn", "wie", "wir",
        "zu", "zum", "zur",
    }),
}  # fmt: skip
VERBATIM_LANGUAGES = tuple(_FILLERS)
_LONGEST = 2  # words that are said again in a row
_BROKEN_OFF = re.compile(r"(\w+)[-\u2013\u2014]+[,.\u2026]*")
_WORD = re.compile(r"^\W*|\W*$")


def make_intelligent_verbatim(text: str, language: str = "en") -> str:
    """Return the text without fillers and stumbles; applying it twice is applying it once.

    A text that would lose all its words is returned as it is, and so is one in a language that
    is not in ``VERBATIM_LANGUAGES``: "um" and "er" are words elsewhere.
    """
    if language not in VERBATIM_LANGUAGES:
        return text
    kept = _without_fillers(text.split(), _FILLERS[language])
    kept = _without_stumbles(kept, _SMALL[language])
    return " ".join(kept) if any(_bare(word) for word in kept) else text


def _bare(word: str) -> str:
    return _WORD.sub("", word).casefold().replace("\u2019", "'")


def _without_fillers(words: list[str], fillers: frozenset[str]) -> list[str]:
    kept: list[str] = []
    for sentence in _sentences(words):
        said = [word for word in sentence if _bare(word) not in fillers]
        if not any(_bare(word) for word in said):  # "Mm." is an answer
            kept += sentence
            continue
        said[0] = _match_capital(sentence[0], said[0])
        if _ends(sentence) and not _ends(said[-1:]):
            said[-1] = said[-1].rstrip(",") + sentence[-1][-1]
        kept += said
    return kept


def _sentences(words: list[str]) -> Iterator[list[str]]:
    start = 0
    for end, word in enumerate(words, start=1):
        if end == len(words) or _ends([word]):
            yield words[start:end]
            start = end


def _match_capital(first: str, word: str) -> str:
    """Return the word with a capital if the word that it replaces had one."""
    return word[:1].upper() + word[1:] if first[:1].isupper() else word


def _without_stumbles(words: list[str], small: frozenset[str]) -> list[str]:
    """Drop words that are repeated at once; the last ones stay, with their punctuation."""
    kept: list[str] = []
    for word in words:
        kept.append(word)
        broken = _BROKEN_OFF.fullmatch(kept[-2]) if len(kept) > 1 else None
        if broken and _bare(word).startswith(broken[1].casefold()):
            kept[-2:] = [_match_capital(kept[-2], word)]
        for size in range(1, _LONGEST + 1):
            said = [_bare(word) for word in kept[-2 * size :]]
            is_again = len(said) == 2 * size and said[:size] == said[size:]
            if is_again and small.issuperset(said) and not _ends(kept[-2 * size : -size]):
                kept[-2 * size :] = [
                    _match_capital(kept[-2 * size], kept[-size]),
                    *kept[len(kept) - size + 1 :],
                ]
    return kept


def _ends(words: list[str]) -> bool:
    """Whether a sentence ends among the words: the next word is then no stumble."""
    return any(word[-1] in ".?!" for word in words)
