"""The keep-list that ships: words and phrases that name nobody, by section (``keep.txt``).

The search never proposes them, and the gate does not take a word of one for a name: nobody called
Mark is in "mark my words". In an entry "_" stands for any pronoun: "sent _ to coventry".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from study.records import fold_name
from study.word_sections import ListSections, load_list_sections

EVERYDAY, ALSO_NAMES = "everyday words", "names that are words"
"""Two sections of single words, which are no phrases that name nobody."""

_ANY = "_"
_PRONOUNS = ("me", "him", "her", "us", "them", "you", "it")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_MOST_WORDS = 8  # "an apple a day keeps the doctor away"
_CROSSED = re.compile(r"[.?!:;\n\[\]]")  # no phrase goes on over these


@cache
def load_kept_sections() -> ListSections:
    """Return the entries of the keep-list by section, as they are written."""
    return load_list_sections("study", "keep")


def load_kept_phrases(lines: Iterable[str] = ()) -> frozenset[str]:
    """Return what names nobody, folded: the phrases that ship, changed by a study's own lines.

    lines: a line that begins with "-" takes a phrase out. Everyday words and words that are names
        as well are left out: what stands around them tells.
    """
    every = list(lines)
    out = {fold_name(line.removeprefix("-")) for line in every if line.startswith("-")}
    return (_load_shipped_phrases() | {fold_name(x) for x in every if x[:1] != "-"}) - out


@cache
def load_words_that_name() -> frozenset[str]:
    """Return the ordinary words that are names as well, folded ("mark", "rose")."""
    return frozenset(map(fold_name, load_kept_sections()[ALSO_NAMES]))


# Words of grammar that are nobody's name, whatever somebody accepted as one: "his" of "Simon his".
_GRAMMAR = """
he him his she her hers it its they them their theirs we us our ours you your yours i me
my mine he's she's it's they're we're you're i'm that's who's there's this that these
those who whom whose which what the a an and or but if of to in on at is are was were am
been
"""
NEVER_NAMES = frozenset(_GRAMMAR.split())


@cache
def load_everyday_words() -> frozenset[str]:
    """Return the words that everybody uses and nobody is called, folded ("teacher")."""
    return frozenset(map(fold_name, load_kept_sections()[EVERYDAY]))


@cache
def _load_shipped_phrases() -> frozenset[str]:
    sections = load_kept_sections()
    phrases = {
        phrase
        for section, entries in sections.items()
        if section not in {EVERYDAY, ALSO_NAMES}
        for phrase in expand_phrases(entries)
    }
    return frozenset(phrases) - load_words_that_name()


def expand_phrases(entries: Iterable[str]) -> Iterator[str]:
    """Yield each entry folded, once for each pronoun that its "_" may stand for."""
    for entry in entries:
        if _ANY in entry.split():
            yield from (fold_name(entry.replace(_ANY, one)) for one in _PRONOUNS)
        else:
            yield fold_name(entry)


def find_kept_spans(text: str, phrases: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield the characters of each phrase of two words or more in a text, the longest at a place.

    phrases: folded.
    """
    words = [(m.start(), m.end(), fold_name(m.group())) for m in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        last = _find_phrase_end(text, words, at, phrases)
        if last > at:
            yield words[at][0], words[last - 1][1]
        at = max(last, at + 1)


def _find_phrase_end(
    text: str, words: list[tuple[int, int, str]], at: int, phrases: Collection[str]
) -> int:
    """Return the index after the longest phrase that begins here; ``at`` where there is none."""
    longest, phrase = at, words[at][2]
    for last in range(at + 1, min(at + _MOST_WORDS, len(words))):
        if _CROSSED.search(text, words[last - 1][1], words[last][0]):
            break
        phrase = f"{phrase} {words[last][2]}"
        if phrase in phrases:
            longest = last + 1
    return longest
