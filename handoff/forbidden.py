"""What must not leave with an interview: every original of the study, in the forms of its leaks.

Originals are the words of what was replaced, in this interview and in all others, and the names
that were entered for any of them. What a person said names nobody here may stand.

Names are searched as they are written and as they are heard; numbers and codes by their digits
and letters alone, said or written; e-mail and web addresses without their signs. Ages, dates and
other indirect details count in their own interview only, and as they were said: "92" alone is
everywhere, "ninety two years old" is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models import lexicon
from study import decided
from study.artefacts import Kind
from study.likeness import Likenesses, joined
from study.store import Study
from study.terms import About, Category, fold

WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_KINDS = "|".join(re.escape(category.value) for category in Category)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What Earshot writes by itself: "[Place 1]", "[Person 2" of "[Person 2, sister]", "[May 2019]".
# A role and an event are a researcher's words, and are looked at.
PLACEHOLDER = re.compile(
    rf"\[(?i:{_KINDS}) \d+(?=[\],])|\[(?:day in )?(?:{_MONTHS})(?: \d{{4}})?\]"
)
NAMES = frozenset({Category.PERSON, Category.PLACE, Category.ORGANISATION})
_CODES = frozenset({
    Category.POSTCODE, Category.NI_NUMBER, Category.NHS_NUMBER, Category.VEHICLE, Category.BANK,
    Category.PHONE, Category.NUMBER,
})  # fmt: skip
_WEB = frozenset({Category.EMAIL, Category.WEB})
_QUANTITIES = frozenset({Category.AGE, Category.HIGH_AGE, Category.DATE, Category.NUMBER})
_SHORTEST_NAME = 3  # letters; of a longer name, a part shorter than this may stand ("de", "Al")
_SHORTEST_LIKE = 4  # letters of a name that is searched by its sound: "Ian" sounds like "Ann"
_SHORTEST_DIGITS, _SHORTEST_CODE, _SHORTEST_WEB = 6, 5, 8
_SHORTEST_YEAR = 4  # digits; fewer occur by chance
_SMALL = frozenset({
    "of", "the", "and", "in", "at", "on", "to", "for", "von", "van", "de", "la", "le", "st",
})  # fmt: skip
_TITLES = frozenset({
    "doctor", "dr", "mister", "mr", "sister", "nurse", "miss", "mrs", "ms", "professor", "father",
    "reverend", "aunt", "auntie", "uncle",
})  # fmt: skip
_DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
TIMES = {"double": 2, "treble": 3, "triple": 3}
LETTERS = {"zed": "z", "zee": "z", "aitch": "h", "haitch": "h"}
_SIGNS = {"at", "dot", "dash", "hyphen", "underscore", "slash", "www", "https", "http"}


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What must not be in the output, by the way in which it is looked for.

    phrases: folded words with a blank around each, anywhere in the text. capitals: folded words
    that are names as well as words, only where written like a name. anywhere: as phrases, of
    people: looked for inside our own labels, too. digits, codes, web: without blanks and signs.
    letters: names that may have been spelled out. like: names by letters and sound. kept: folded
    words that may stand.
    """

    phrases: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()
    capitals: frozenset[str] = frozenset()
    digits: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    web: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    like: Likenesses = field(default_factory=lambda: Likenesses(()))
    kept: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()


def collect(study: Study, interview: str) -> Forbidden:
    """Gather what must not leave with an interview."""
    words = decided.words(study, interview)
    pairs = decided.read(study, interview)
    kept = {fold(words[d.mention.key]) for d in pairs if not d.is_replaced}
    here = [(d.mention.category, words[d.mention.key]) for d in pairs if d.is_replaced]
    here += _entered(study, interview)
    gone = [(c, text) for c, text in here if fold(text) not in kept]
    gone += [(c, text) for c, text in _elsewhere(study, interview) if fold(text) not in kept]
    made = {d.mention.replacement for d in pairs if d.replacement == d.mention.replacement}
    return gather(gone, kept, tuple(sorted((m for m in made if m), key=len, reverse=True)))


def _elsewhere(study: Study, interview: str) -> Iterator[tuple[Category, str]]:
    """Yield names and numbers of the other interviews; what is indirect is theirs alone."""
    for summary in study.summaries():
        if summary.id == interview:
            continue
        yield from _entered(study, summary.id)
        words = decided.words(study, summary.id)
        for pair in decided.read(study, summary.id):
            category, text = pair.mention.category, words[pair.mention.key]
            tells = not _is_common(text) if category in NAMES else category.is_direct
            if pair.is_replaced and tells:
                yield category, text


def _is_common(name: str) -> bool:
    """Whether a name is made of words that anybody may say, who knows nobody called so."""
    return all(lexicon.is_ordinary(word) for word in WORD.findall(name))


def _entered(study: Study, interview: str) -> list[tuple[Category, str]]:
    about = study.get(interview, Kind.ABOUT, About)
    if about is None:
        return []
    people = [(Category.PERSON, name) for p in about.participants for name in p.names]
    return people + [(entry.category, name) for entry in about.register for name in entry.names]


def gather(
    gone: Iterable[tuple[Category, str]], kept: set[str], labels: tuple[str, ...]
) -> Forbidden:
    """Sort originals out by the ways in which they are looked for.

    gone: kind and words of each. kept: folded words that may stand. labels: replacements that we
    made, the longest first.
    """
    phrases, anywhere, capitals = set[str](), set[str](), set[str]()
    numbers, codes, web, parts = set[str](), set[str](), set[str](), set[str]()
    for category, text in dict.fromkeys(gone):
        words = WORD.findall(fold(text))
        if _is_letter(words):  # no name, and everywhere: in "S?", who speaks is not known
            continue
        if category in NAMES and len(words) == 1 and lexicon.is_ordinary(words[0]):
            capitals.update(WORD.findall(text))
        elif _is_telling(category, words):
            (anywhere if category is Category.PERSON else phrases).add(spaced(text))
        if category is Category.PERSON:
            parts.update(_parts(text, kept))
        if category not in _QUANTITIES and len(number := digits(text)) >= _SHORTEST_DIGITS:
            numbers.add(number)
        if category in _CODES and len(key := code(text)) >= _SHORTEST_CODE and _is_mixed(key):
            codes.add(key)
        if category in _WEB and len(key := address(text)) >= _SHORTEST_WEB:
            web.add(key)
        if category in NAMES:
            parts.update(w for w in _LETTERS.findall(text) if not lexicon.is_ordinary(w))
    telling = {p for p in parts if fold(p) not in kept | _SMALL | _TITLES}
    named = {p for p in telling if len(p) >= _SHORTEST_NAME and p[0].isupper()}
    # A name that is also a word is compared when it is long: "Rosie" is hardly Rose misheard.
    like = {p for p in telling if len(joined(p)) >= _SHORTEST_LIKE + lexicon.is_ordinary(p)}
    return Forbidden(
        frozenset(phrases), frozenset(anywhere), frozenset(map(fold, capitals | named)),
        frozenset(numbers), frozenset(codes), frozenset(web), frozenset(map(joined, like)),
        Likenesses(sorted(like)), frozenset(kept), labels,
    )  # fmt: skip


def _is_letter(words: list[str]) -> bool:
    """Whether these folded words are one letter of an alphabet; one Chinese sign is a name."""
    return len(words) == 1 and len(words[0]) == 1 and words[0].islower()


def _parts(text: str, kept: set[str]) -> Iterator[str]:
    for part in _LETTERS.findall(text):
        if part[0].isupper() and fold(part) not in kept:
            yield part


def _is_telling(category: Category, words: list[str]) -> bool:
    """Whether a phrase, found as it was said, is no chance."""
    if not words:
        return False
    if len(words) > 1:
        return True
    (word,) = words
    if word.isdecimal():
        return len(word) >= _SHORTEST_YEAR
    return category not in _QUANTITIES


def _is_mixed(key: str) -> bool:
    return any(c.isdecimal() for c in key) and any(c.isalpha() for c in key)


def spaced(text: str) -> str:
    """Return the folded words of a text with a blank before, between and behind."""
    return f" {' '.join(WORD.findall(fold(text)))} "


def digits(text: str) -> str:
    """Return the digits of a text, written or said: "oh double seven" is 077."""
    return "".join(c for c in code(text) if c.isdecimal())


def code(text: str) -> str:
    """Return the letters and digits of a text without blanks, said digits as digits."""
    made, times = "", 1
    for word in WORD.findall(fold(text)):
        if word in TIMES:
            times = TIMES[word]
            continue
        said: str = _DIGITS.get(word) or LETTERS.get(word) or word
        # "double 206", as a recogniser runs it on, is two twos, a nought and a six.
        is_repeated = len(said) == 1 or said.isdecimal()
        made += said[0] * (times - 1) + said if is_repeated else said
        times = 1
    return made


def address(text: str) -> str:
    """Return an address without its signs: "graham dot walker at example dot org"."""
    return "".join(word for word in WORD.findall(fold(text)) if word not in _SIGNS)
