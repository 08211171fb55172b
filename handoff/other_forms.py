"""Other forms of what was replaced, searched in what was said: "mags", "doctor p", "park few".

An original is one spelling of many. Here are the others that a speaker or a recogniser makes of it:
short forms of a given name, a title with an initial, words that were joined or torn, letters by
their names, the street of an address, the beginning of a long name, a number in other words, a day
in figures, an age. Each is found with the words that it stands in, and never its text reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from handoff.name_forms import (
    TITLES,
    are_ordinary,
    join_words,
    list_beginnings,
    list_initials,
    list_own_parts,
    list_short_forms,
    list_streets,
    plain_title,
)
from handoff.said_dates import SaidDay, find_ages, find_days, read_age, read_one_day
from handoff.said_letters import (
    MAY_BE_WORDS,
    name_letter,
    read_number,
    read_said_code,
    read_spelled,
)
from handoff.text_index import Index
from models import is_ordinary_word, look_up_word
from study import Category, fold_name, is_town_word, spell_by_sound

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_OWNED = re.compile(r"['\u2019]s$")
_ARTICLES = frozenset(
    {"the", "a", "an", "our", "every", "any", "some", "this", "that", "my", "his"}
)
_INTO = frozenset({
    "in", "to", "from", "at", "near", "outside", "through", "around", "round", "into", "of", "via",
})  # fmt: skip
_ADDRESSED = frozenset({"mr", "mrs", "miss", "ms", "doctor"})
_SHORT_STREETS = {
    "avenue": ("ave", "av"), "close": ("cl",), "court": ("ct",), "crescent": ("cres", "cresc"),
    "drive": ("dr",), "gardens": ("gdns",), "grove": ("gr",), "lane": ("ln",), "place": ("pl",),
    "road": ("rd",), "square": ("sq",), "street": ("st",), "terrace": ("terr", "ter"),
}  # fmt: skip
_VOWEL_WORDS = frozenset({"a", "i", "o"})
_SHORTEST_SPELLED, _SHORTEST_SURNAME, _SHORTEST_TORN, _SHORTEST_HEARD = 3, 4, 5, 7
_SHORTEST_OF_WORDS = 8  # a name that may be heard as two ordinary words
_SHORTEST_PIECE, _LAST_PIECE = 4, 3
_MOST_PIECES = 3
_EVERYBODYS = 1.0  # how common a word is that everybody uses
_LIKE = 88  # per cent of the letters, of a name in two pieces
_PHONE, _LOCAL = 10, 6  # digits without the leading nought; those that a neighbour is told
_SHORTEST_NUMBER, _SHORTEST_CODE = 6, 5
_MOST_CHANGED = 2  # letters by which pieces may be longer or shorter than the name
_CODES = frozenset({
    Category.POSTCODE, Category.NI_NUMBER, Category.NHS_NUMBER, Category.VEHICLE, Category.BANK,
    Category.PHONE, Category.NUMBER,
})  # fmt: skip
_DATES = frozenset({Category.DATE, Category.DATE_OF_BIRTH})
_AGES = frozenset({Category.AGE, Category.HIGH_AGE})
_NAMES = frozenset({Category.PERSON, Category.PLACE, Category.ORGANISATION})
_PLACES = frozenset({Category.PLACE, Category.ORGANISATION})
_LETTERS = re.compile(r"[^\W\d_]+")
_COMMON_SHORT = 2  # letters of "Al", which is a word as well

_VOWELS = str.maketrans("", "", "aiu")

OTHER_FORM, TORN = " (another form of it)", " (spelled or torn apart)"
Found = tuple[int, int, str]
"""Start and end of characters, and how: what a report says of it."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line as it is searched: its words with their places, and folded."""

    text: str
    tokens: tuple[re.Match[str], ...]
    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> SaidLine:
        """Part a line into its words."""
        tokens = tuple(_TOKEN.finditer(text))
        words = tuple(fold_name(_OWNED.sub("", token.group())) for token in tokens)
        return cls(text, tokens, words)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the characters of the words from one to before another."""
        return self.tokens[first].start(), self.tokens[last - 1].end()

    def is_unbroken(self, first: int, last: int) -> bool:
        """Whether only blanks stand between the words from one to before another."""
        start, end = self.span(first, last)
        return all(c.isalnum() or c.isspace() for c in self.text[start:end])


@dataclass(frozen=True, slots=True)
class OtherForms:
    """Other forms of the originals of a study, by how they are searched for.

    words: folded words that are names alone. word_names: those that are words as well, which
    ``find_name_uses`` tells apart. shown: those of two letters, with a capital. towns: names of
    places that are words. torn_by_start: by their first letter. torn_by_sound: by their first two
    letters and the consonants that are heard. The rest as its name says.
    """

    words: frozenset[str] = frozenset()
    word_names: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()
    beginnings: Index[tuple[str, ...]] = field(default_factory=lambda: Index[tuple[str, ...]](()))
    streets: Index[tuple[str, ...]] = field(default_factory=lambda: Index[tuple[str, ...]](()))
    numbered: frozenset[tuple[int, tuple[str, ...]]] = frozenset()
    spelled: frozenset[str] = frozenset()
    long_spelled: Index[str] = field(default_factory=lambda: Index[str](()))
    initials: frozenset[tuple[str, str]] = frozenset()
    surname_sounds: frozenset[str] = frozenset()
    torn: frozenset[str] = frozenset()
    torn_by_start: dict[str, tuple[str, ...]] = field(default_factory=dict)
    torn_by_sound: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    torn_beginnings: frozenset[str] = frozenset()
    codes: Index[str] = field(default_factory=lambda: Index[str](()))
    numbers: Index[str] = field(default_factory=lambda: Index[str](()))
    local: Index[str] = field(default_factory=lambda: Index[str](()))
    days: frozenset[SaidDay] = frozenset()
    ages: frozenset[int] = frozenset()

    def without_names(self) -> OtherForms:
        """Return the forms of numbers, codes, days and ages alone."""
        return OtherForms(
            codes=self.codes,
            numbers=self.numbers,
            local=self.local,
            days=self.days,
            ages=self.ages,
        )

    def find_in(self, line: SaidLine) -> Iterator[Found]:
        """Yield what of these stands in a line."""
        for at, word in enumerate(line.words):
            if word in self.words or (word in self.shown and line.tokens[at].group()[:2].istitle()):
                yield *line.span(at, at + 1), OTHER_FORM
        yield from self._find_initials(line)
        yield from self._find_places(line)
        yield from self.find_torn(line)
        yield from self.find_numbers(line)
        yield from self._find_days(line)

    def _find_initials(self, line: SaidLine) -> Iterator[Found]:
        for at in range(len(line.words) - 1):
            first, word = plain_title(line.words[at]), line.words[at + 1]
            between = line.text[line.tokens[at].end() : line.tokens[at + 1].start()]
            if between.strip(".") != " ":
                continue
            written = line.tokens[at + 1].group()
            letter = word if len(word) == 1 else _sure_letter(word) if first in TITLES else ""
            if letter in _VOWEL_WORDS and (not written.isupper() or letter == "i"):
                continue
            if (first, letter) in self.initials:
                yield *line.span(at, at + 2), OTHER_FORM
            is_addressed = first in _ADDRESSED and not (at and line.words[at - 1] in _ARTICLES)
            is_long = is_addressed and len(word) >= _SHORTEST_SURNAME
            if is_long and word[0] + spell_by_sound(word) in self.surname_sounds:
                yield *line.span(at, at + 2), OTHER_FORM

    def _find_places(self, line: SaidLine) -> Iterator[Found]:
        for first, last in self.beginnings.find_in(line.words):
            yield *line.span(first, last), OTHER_FORM
        for first, last in self.streets.find_in(line.words):
            # "The church lane" may be any; "the Bellamy Crescent house" is one.
            is_general = bool(first) and line.words[first - 1] in _ARTICLES
            is_general = is_general and are_ordinary(line.words[first:last])
            numbers = (
                read[0]
                for before in range(max(0, first - 2), first)
                if (read := read_number(line.words, before)) and read[1] == first
            )
            is_numbered = any((n, line.words[first:last]) in self.numbered for n in numbers)
            if is_numbered or not (is_general or line.words[first] == "the"):
                yield *line.span(first, last), OTHER_FORM
        for at, word in enumerate(line.words):
            if word in self.towns and at:
                is_shown = line.tokens[at].group()[0].isupper() and _is_inside(line, at)
                if is_shown or line.words[at - 1] in _INTO:
                    yield *line.span(at, at + 1), OTHER_FORM

    def find_torn(self, line: SaidLine, *, across: int = 0) -> Iterator[Found]:
        """Yield the pieces of names: "kir caldy", "park few", and names said by their letters.

        across: the number of words before the place that pieces must lie on both sides of, 0 where
        they may lie anywhere.
        """
        if self.torn:
            begin = max(0, across - _MOST_PIECES + 1)
            for first in range(begin, across or len(line.words) - 1):
                if not self._may_begin_torn(line.words[first]):
                    continue
                least = max(first + 2, across + 1)
                for last in range(least, min(first + _MOST_PIECES, len(line.words)) + 1):
                    if self._is_torn(line, first, last):
                        yield *line.span(first, last), TORN
        if self.spelled:
            for first, last, letters in read_spelled(line.words):
                is_short = len(letters) <= _SHORTEST_SPELLED
                if letters in self.spelled or (not is_short and self.long_spelled.is_in(letters)):
                    yield *line.span(first, last), TORN

    def _may_begin_torn(self, word: str) -> bool:
        """Whether a word may be the first piece of a name, misheard or not; most words are not."""
        is_heard = len(word) >= _LAST_PIECE and word[0] in self.torn_by_start
        return is_heard or word in self.torn_beginnings

    def _is_torn(self, line: SaidLine, first: int, last: int) -> bool:
        pieces = line.words[first:last]
        joined = "".join(pieces)
        if len(joined) < _SHORTEST_TORN or min(map(len, pieces)) < 2:  # noqa: PLR2004 - "a", "I"
            return False
        if any("'" in t.group() or "\u2019" in t.group() for t in line.tokens[first : last - 1]):
            return False
        if joined in self.torn:
            least = _SHORTEST_PIECE if len(joined) < _SHORTEST_OF_WORDS else _LAST_PIECE
            if not are_ordinary(pieces) or min(map(len, pieces)) >= least:
                return True
            is_brief = min(map(len, pieces)) < _LAST_PIECE  # "bolt on"
            is_chance = is_brief or all(map(_is_everyday, pieces))
            return line.is_unbroken(first, last) and (
                not is_chance or _is_introduced(line, first, last)
            )
        if len(joined) < _SHORTEST_HEARD or min(map(len, pieces)) < _LAST_PIECE:
            return False
        return self._is_misheard(pieces, joined)

    def _is_misheard(self, pieces: tuple[str, ...], joined: str) -> bool:
        """Whether long pieces are like a name in two or more words that a recogniser heard.

        A title is none of them: "a mister now and then" is no Mauston.
        """
        if pieces[0] in TITLES:
            return False
        if are_ordinary(pieces):
            return len(pieces[0]) >= _SHORTEST_PIECE and any(
                len(name) >= _SHORTEST_OF_WORDS and _sounds_same(joined, name)
                for name in self.torn_by_sound.get((joined[:2], _find_bones(joined)), ())
            )
        return any(
            abs(len(name) - len(joined)) <= _MOST_CHANGED
            and not any(piece == name for piece in pieces)
            and (fuzz.ratio(joined, name) >= _LIKE or _sounds_same(joined, name))
            for name in self.torn_by_start.get(joined[:1], ())
            if len(name) >= _SHORTEST_HEARD
        )

    def find_numbers(self, line: SaidLine) -> Iterator[Found]:
        """Yield numbers and codes, however they are said."""
        if not (self.numbers or self.codes) or not any(map(_is_numeral, line.words)):
            return
        read = read_said_code(line.words)
        code = "".join(sign for sign, _ in read)
        for first, last in self.codes.find_in(code):
            yield *line.span(read[first][1], read[last - 1][1] + 1), OTHER_FORM
        for first, last in self.local.find_in(code):
            if _is_inside_word(read, first) or _is_inside_word(read, last):
                continue  # the 900 of "1900"
            yield *line.span(read[first][1], read[last - 1][1] + 1), OTHER_FORM
        digits = [(sign, at) for sign, at in read if sign.isdecimal()]
        for first, last in self.numbers.find_in("".join(sign for sign, _ in digits)):
            yield *line.span(digits[first][1], digits[last - 1][1] + 1), OTHER_FORM

    def _find_days(self, line: SaidLine) -> Iterator[Found]:
        if self.days:
            for start, end, day in find_days(line.text):
                if any(day.is_like(one) for one in self.days):
                    yield start, end, OTHER_FORM
        if self.ages:
            for start, end, age in find_ages(line.text):
                if age in self.ages:
                    yield start, end, OTHER_FORM


_NUMERALS = frozenset(
    [
        "zero",
        "nought",
        "oh",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "double",
    ]
)


def _is_inside_word(read: list[tuple[str, int]], at: int) -> bool:
    """Whether a sign and the one before it are of one word."""
    return 0 < at < len(read) and read[at][1] == read[at - 1][1]


def _is_numeral(word: str) -> bool:
    return word in _NUMERALS or any(c.isdecimal() for c in word)


def _is_everyday(word: str) -> bool:
    """Whether a word is in every talk: "ton" is not, so "skip ton" is hardly chance."""
    return look_up_word(word).common >= _EVERYBODYS


def _is_introduced(line: SaidLine, first: int, last: int) -> bool:
    """Whether pieces stand where a name does: "mister bar low", "good all was his name"."""
    before, after = line.words[max(0, first - 2) : first], line.words[last : last + 3]
    is_named = before[-1:] == ("called",) or before in {("name", "was"), ("name", "is")}
    is_told = len(after) > 2 and after[0] in {"was", "is"} and after[2] == "name"  # noqa: PLR2004 - "was his name"
    is_shown = bool(first) and line.tokens[first].group()[0].isupper() and _is_inside(line, first)
    return is_named or is_told or is_shown or (bool(before) and before[-1] in TITLES)


def _sure_letter(word: str) -> str:
    """Return the letter of a word that is hardly anything else after a title: "missus aitch"."""
    return name_letter(word) if word not in MAY_BE_WORDS else ""


def _sounds_same(word: str, name: str) -> bool:
    """Whether two words sound the same but for vowels, which a recogniser hears least well."""
    return _find_bones(word) == _find_bones(name) and word[-1:] in "aeiouwy" + name[-1:]


@lru_cache(maxsize=1 << 15)
def _find_bones(word: str) -> str:
    return spell_by_sound(word).translate(_VOWELS)


def _is_inside(line: SaidLine, at: int) -> bool:
    """Whether a word stands inside a sentence, so that its capital says something."""
    between = line.text[line.tokens[at - 1].end() : line.tokens[at].start()]
    return not re.search(r"[.?!:;\u2026\"\u201c\u2018(\]]", between)


def collect_other_forms(
    originals: Iterable[tuple[Category, str]], kept: Collection[str]
) -> OtherForms:
    """Collect the other forms of originals.

    kept: folded words that may stay.
    """
    forms = _Collected(frozenset(kept))
    for category, text in dict.fromkeys(originals):
        folded = [fold_name(_OWNED.sub("", word)) for word in _TOKEN.findall(text)]
        if category is Category.PERSON and folded:
            forms.add_person(text, folded)
        if category in _NAMES:
            forms.add_name(text, folded)
        if category in _PLACES:
            forms.beginnings.update(list_beginnings(folded))
            forms.towns.update(list_own_parts(folded))
        if category is Category.ADDRESS:
            forms.add_address(folded)
        if category in _CODES:
            forms.add_code(category, text)
        if category in _DATES and (day := read_one_day(text)) is not None:
            forms.days.add(day)
        if category in _AGES and (age := read_age(text)):
            forms.ages.add(age)
    return forms.index()


@dataclass(slots=True)
class _Collected:
    """The fields of ``OtherForms`` while they are collected; kept: folded words that may stay."""

    kept: frozenset[str]
    words: set[str] = field(default_factory=set[str])
    word_names: set[str] = field(default_factory=set[str])
    shown: set[str] = field(default_factory=set[str])
    towns: set[str] = field(default_factory=set[str])
    beginnings: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    streets: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    numbered: set[tuple[int, tuple[str, ...]]] = field(
        default_factory=set[tuple[int, tuple[str, ...]]]
    )
    spelled: set[str] = field(default_factory=set[str])
    initials: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    surname_sounds: set[str] = field(default_factory=set[str])
    torn: set[str] = field(default_factory=set[str])
    codes: set[str] = field(default_factory=set[str])
    numbers: set[str] = field(default_factory=set[str])
    local: set[str] = field(default_factory=set[str])
    days: set[SaidDay] = field(default_factory=set[SaidDay])
    ages: set[int] = field(default_factory=set[int])

    def add_person(self, text: str, folded: list[str]) -> None:
        """Add initials, the sound of a surname, and short forms of given names."""
        self.initials.update(list_initials(text))
        is_surname = len(folded) > 1 or not list_short_forms(*folded)
        if is_surname and len(folded[-1]) >= _SHORTEST_SURNAME:
            self.surname_sounds.add(folded[-1][0] + spell_by_sound(folded[-1]))
        for word in folded:
            for form in list_short_forms(word) - self.kept:
                is_both = is_ordinary_word(form)
                is_brief = len(form) <= _COMMON_SHORT
                (self.shown if is_brief else self.word_names if is_both else self.words).add(form)

    def add_name(self, text: str, folded: list[str]) -> None:
        """Add what is spelled or torn of a name, and its words joined."""
        own = [w for w in folded if w not in TITLES and w not in self.kept and w.isalpha()]
        self.spelled.update(w for w in own if len(w) >= _SHORTEST_SPELLED)
        self.torn.update(w for w in own if len(w) >= _SHORTEST_TORN and not _is_plain(w))
        joined = [w for w in join_words(text) if w not in self.kept]
        self.words.update(joined)
        self.torn.update(joined)

    def add_address(self, folded: list[str]) -> None:
        """Add the street of an address, and its number with it."""
        self.streets.update(list_streets(folded))
        for short in _SHORT_STREETS.get(folded[-1], ()):
            self.streets.update(list_streets([*folded[:-1], short]))
        number = read_number(folded, 0)
        if number and number[1] < len(folded):
            self.streets.add(tuple(folded[number[1] :]))
            self.numbered.add((number[0], tuple(folded[number[1] :])))

    def add_code(self, category: Category, text: str) -> None:
        """Add a number without its leading nought, or a code of letters and digits."""
        read = "".join(sign for sign, _ in read_said_code(_codes_of(text)) if sign != " ")
        if read.isdecimal():
            bare = read.lstrip("0")
            if len(bare) >= _SHORTEST_NUMBER:
                self.numbers.add(bare)
            if category is Category.PHONE and len(bare) >= _PHONE:
                self.local.add(bare[-_LOCAL:])
        elif len(read) >= _SHORTEST_CODE and not read.isalpha():
            self.codes.add(read)

    def index(self) -> OtherForms:
        """Return what was collected, as it is searched for."""
        by_start: dict[str, list[str]] = {}
        by_sound: dict[tuple[str, str], list[str]] = {}
        for name in sorted(self.torn):
            by_start.setdefault(name[:1], []).append(name)
            by_sound.setdefault((name[:2], _find_bones(name)), []).append(name)
        return OtherForms(
            words=frozenset(self.words),
            word_names=frozenset(self.word_names),
            shown=frozenset(self.shown),
            towns=frozenset(self.towns),
            beginnings=Index(self.beginnings),
            streets=Index(self.streets),
            numbered=frozenset(self.numbered),
            spelled=frozenset(self.spelled),
            long_spelled=Index(word for word in self.spelled if len(word) > _SHORTEST_SPELLED),
            initials=frozenset(self.initials),
            surname_sounds=frozenset(self.surname_sounds),
            torn=frozenset(self.torn),
            torn_beginnings=frozenset(n[:end] for n in self.torn for end in range(2, len(n))),
            torn_by_start={key: tuple(found) for key, found in by_start.items()},
            torn_by_sound={key: tuple(found) for key, found in by_sound.items()},
            codes=Index(self.codes),
            numbers=Index(self.numbers),
            local=Index(self.local),
            days=frozenset(self.days),
            ages=frozenset(self.ages),
        )


def _is_plain(word: str) -> bool:
    """Whether a word of a name is of so many names and so short that its pieces are chance."""
    return is_ordinary_word(word) and not is_town_word(word)


def _codes_of(text: str) -> list[str]:
    """Return the letters and digits of a code one by one, spoken or written."""
    signs: list[str] = []
    for word in _TOKEN.findall(fold_name(text)):
        is_said = word.isalpha() and (
            read_number([word], 0) or name_letter(word) or word == "double"
        )
        signs += [word] if is_said or word.isdecimal() else list(word)
    return signs
