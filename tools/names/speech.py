"""Make written text look like what a transcriber hears: the augmentation.

Lower case, lost punctuation, fillers, repeated words, false starts, misheard and exchanged
names. Each step takes a passage and a random generator and gives a passage whose spans still
sit on their words (``passage.edited`` sees to that).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from models.labelled_text import LabelledText, lowercase_text
from tools.names.grammar import expand
from tools.names.passage import PassageEdit, edited

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_PUNCTUATION = re.compile(
    r"(?<!\w)['\"\u2018\u2019\u201c\u201d]|['\"\u2018\u2019\u201c\u201d](?!\w)|[.,!?;:\u2026()\[\]]|\s[-\u2013\u2014](?=\s)"
)
_FILLERS = ("um", "er", "erm", "uh", "you know", "like", "well", "I mean", "mm", "ah")
_FILLED, _REPEATED = 0.55, 0.85  # below: a filler, a repeated word; above: a false start
_SHORT = 3  # a word of so many letters cannot be misheard and still be known
_BY_GIVEN_NAME = 0.6
# How English names go wrong when a recogniser writes down what it hears.
_MISHEARD = (
    ("ph", "f"), ("ck", "k"), ("ie", "y"), ("y", "ie"), ("ea", "ee"), ("ee", "ea"), ("c", "k"),
    ("k", "c"), ("ll", "l"), ("l", "ll"), ("tt", "t"), ("n", "nn"), ("nn", "n"), ("s", "z"),
    ("z", "s"), ("ei", "ee"), ("ai", "ay"), ("gh", "g"), ("bh", "v"), ("mh", "v"), ("dh", "d"),
    ("oo", "u"), ("u", "oo"), ("er", "a"), ("a", "er"), ("i", "e"), ("e", "i"), ("o", "a"),
    ("b", "p"), ("d", "t"), ("g", "k"), ("v", "f"), ("w", "wh"), ("th", "f"), ("m", "n"),
)  # fmt: skip
_EXCHANGED = {"PERSON": ("full", "given", "surname"), "PLACE": ("place",), "ORG": ("employer",)}


def without_punctuation(passage: LabelledText) -> LabelledText:
    """No full stops, commas, quotation marks or dashes; apostrophes inside words stay."""
    return edited(
        passage, [PassageEdit(m.start(), m.end(), "") for m in _PUNCTUATION.finditer(passage.text)]
    )


def hesitant(passage: LabelledText, rng: random.Random, share: float = 0.05) -> LabelledText:
    """Fillers, repeated words and false starts before about ``share`` of the words."""
    edits = []
    for word in _WORD.finditer(passage.text):
        inside = any(s.start < word.start() < s.end for s in passage.spans)
        if not inside and rng.random() < share:
            edits.append(PassageEdit(word.start(), word.start(), _stumble(word[0], rng)))
    return edited(passage, edits)


def _stumble(word: str, rng: random.Random) -> str:
    """What a speaker says before getting a word out."""
    kind = rng.random()
    if kind < _FILLED or len(word) == 1 or word[0].isupper():
        return rng.choice(_FILLERS) + rng.choice((", ", " ", "... "))
    if kind < _REPEATED:
        return word + rng.choice((", ", " "))
    return word[: max(1, len(word) // 2)] + rng.choice(("- ", ", ", " "))


def broken(passage: LabelledText, rng: random.Random, share: float = 0.06) -> LabelledText:
    """A new sentence, with its capital, before about ``share`` of the words.

    Talk starts afresh all the time, so any word may carry a capital; a model that has only seen
    tidy sentences takes "Really" and "Next" for names.
    """
    edits = []
    for word in _WORD.finditer(passage.text):
        named = any(s.start <= word.start() < s.end for s in passage.spans)
        after = passage.text[: word.start()]
        if not named and after.endswith(" ") and rng.random() < share:
            stop = (
                "" if after[-2:-1] in ".!?" else rng.choice((".", ".", "?", " \u2014", "...", ","))
            )
            edits.append(
                PassageEdit(word.start() - 1, word.start() + 1, f"{stop} {word[0][0].upper()}")
            )
    return edited(passage, edits)


def misheard(passage: LabelledText, rng: random.Random, share: float = 0.5) -> LabelledText:
    """About ``share`` of the persons and places respelled as they sound."""
    chosen = [s for s in passage.spans if s.label != "ORG" and rng.random() < share]
    words = [w for s in chosen for w in _WORD.finditer(passage.text, s.start, s.end)]
    return edited(
        passage,
        [
            PassageEdit(w.start(), w.end(), _respelled(w[0], rng))
            for w in words
            if len(w[0]) > _SHORT
        ],
    )


def _respelled(word: str, rng: random.Random) -> str:
    """A word with one or two sounds written another way, its capital kept."""
    new = word.lower()
    for _ in range(rng.randint(1, 2)):
        heard, written = rng.choice([pair for pair in _MISHEARD if pair[0] in new] or [("", "")])
        at = rng.choice([m.start() for m in re.finditer(re.escape(heard), new)] or [0])
        new = new[:at] + written + new[at + len(heard) :]
    return new.capitalize() if word[0].isupper() else new


def exchanged(passage: LabelledText, rng: random.Random, share: float = 0.4) -> LabelledText:
    """About ``share`` of the names replaced by other names of the same kind and length.

    Real text gives the contexts, the lists give the names: few of the names in openly licensed
    text are British.
    """
    edits = []
    for span in passage.spans:
        if rng.random() < (share / 2 if span.label == "ORG" else share):
            words = passage.text[span.start : span.end].split()
            section = _EXCHANGED[span.label][0 if len(words) > 1 else -1]
            if span.label == "PERSON" and len(words) == 1 and rng.random() < _BY_GIVEN_NAME:
                section = "given"
            (name, _), *_ = expand(section, rng).labelled_words()
            edits.append(PassageEdit(span.start, span.end, name))
    return edited(passage, edits)


def spoken(passage: LabelledText, rng: random.Random, *, real: bool) -> LabelledText:
    """One random rendering of a passage as speech; ``real`` text gets its names exchanged too.

    Two in five renderings are in lower case: losing capitals costs a model trained without
    this 23 to 28 points of recall.
    """
    steps: list[tuple[float, Callable[[LabelledText], LabelledText]]] = [
        (0.5 if real else 0.0, lambda p: exchanged(p, rng)),
        (0.15 if real else 0.25, lambda p: misheard(p, rng)),
        (0.35, lambda p: hesitant(p, rng)),
        (0.45, lambda p: broken(p, rng)),
        (0.3, without_punctuation),
        (0.4, lowercase_text),
    ]
    for chance, step in steps:
        if rng.random() < chance:
            passage = step(passage)
    return passage
