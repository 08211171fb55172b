"""Search a text for what must not leave, line by line.

A line is searched once, whatever files it is in: what a line holds is remembered. What was said is
searched for more than a table or a page, and across the turn that a name or a number is torn over.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from handoff.forbidden_text import (
    PLACEHOLDER,
    WORD_PATTERN,
    ForbiddenText,
    is_also_word,
    read_address,
    read_code,
    read_digits,
)
from handoff.name_forms import is_another_name, load_gate_section
from handoff.name_uses import find_said_names
from handoff.other_forms import TORN, SaidLine
from handoff.plain_words import compile_phrases, find_amounts, find_plain_phrases
from handoff.text_index import Index
from models import is_ordinary_word
from study import (
    Role,
    compact_name,
    find_kept_spans,
    find_passed_spans,
    fold_name,
    write_plain_signs,
)

# From 0.8 on two names "may well be one" (study/likeness.py). Words of a dictionary are not
# compared; benchmarks/gate.py counts the false alarms among the rest.
_LIKE, _LIKE_IF_SHORT = 0.8, 0.88  # short words resemble too many others
_SHORT = 5
_SHORTEST_LIKE = 4
_HASH = re.compile(r"\b[0-9a-f]{32,}\b")  # a manifest's hash: its digits are nobody's number
_BRACKETED = re.compile(r"\[[^\[\]\n]*\]")
_CUT_OFF = re.compile(r"\b[^\W\d_]{1,3}[-\u2013\u2014](?=\s|$)")  # "Mar-": half a word
# What stands around the words of a turn in one format or another: a time, a speaker's code, and in
# a participant's copy a number and a role.
_ROLES = "|".join(("You", *(role.value.capitalize() for role in Role)))
# What is blanked out can be a long run of blanks: nothing is tried twice.
_BEFORE_SAID = re.compile(
    rf"^(?:\s++|\[[\d:.]*+\] ?+|\*?[A-Z][A-Z0-9_-]*+:\s++|\d*(?:{_ROLES})(?: [A-Z]+\d+)?:\s++)++"
    r"(?=\S)"
)
_NUMBERING = re.compile(r"\[[\d:.]*\]|^\d+(?=[A-Z])")  # a time, a line of a copy: nobody's number
_AFTER_SAID = re.compile(r"(?<!\s)(?:\s++|#[\d:.-]*+#)++$")
_NO_LETTER = re.compile(r"[\W_]+")
_LEAST_JOINED = 6  # letters: shorter names stand in longer words by chance
_HYPHENED = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:-[^\W\d_]++)+")
_DIGITED = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])[^\W_]+\b")
_LEAST_LETTERS, _LEAST_IF_UNLIKE = 3, 5  # of a name that has digits for others
_LIKE_DIGITS = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b",
    "9": "gq",
}  # fmt: skip
_NOT = re.compile(r"['\u2019\u2018\u02bc\u00b4`]t(?!\w)", re.IGNORECASE)
_INTO = frozenset({"in", "to", "from", "at", "near", "of", "outside", "through"})
_NEAR_END = 10  # words to either side of the end of a turn
_SHORT_TURN = 3  # words of "Mm-hm", over which somebody goes on
_LIKE_ONE = " (a name like one)"


def hide_hashes(text: str) -> str:
    """Return a text with blanks for the hashes of a manifest, whose digits are nobody's number."""
    return _HASH.sub(lambda found: " " * len(found[0]), text)


class TextPlaces:
    """The lines and words of a text by their characters, of which most texts need none."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = list[int]()
        self._words = list[int]()

    def find(self, character: int) -> tuple[int, int]:
        """Return the line of a character and its word in that line, both counted from 1."""
        if not self._lines:
            self._lines = [0, *(m.end() for m in re.finditer(r"\n", self._text))]
            self._words = [m.start() for m in re.finditer(r"\S+", self._text)]
        line = bisect_right(self._lines, character)
        before = bisect_left(self._words, self._lines[line - 1])
        return line, bisect_right(self._words, character) - before


@dataclass(frozen=True, slots=True)
class _Words:
    """Folded words, each with its place: folding splits and joins words ("O'Neill").

    begins: the numbers of those that a phrase may begin with. moved: by how many characters the
    places are later than ``starts``.
    """

    folded: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    moved: int = 0


@dataclass(frozen=True, slots=True)
class _LineLook:
    """What a line holds by itself: finds, and its words for what goes on in the next line.

    spoken: its words without our placeholders; unlabelled: without our replacements; unmeasured:
    without amounts either.
    """

    finds: tuple[tuple[int, str], ...]
    spoken: _Words
    unlabelled: _Words
    unmeasured: _Words
    said: str

    def put_behind(self, before: _LineLook, length: int) -> _LineLook:
        """Return what this line holds behind a speaker's code of so many characters."""
        finds = (*before.finds, *((start + length, how) for start, how in self.finds))
        said = f"{' ' * length}{self.said}"
        moved: dict[int, _Words] = {}  # mostly the three are one
        for words in (self.spoken, self.unlabelled, self.unmeasured):
            moved.setdefault(id(words), replace(words, moved=words.moved + length))
        return _LineLook(
            finds,
            moved[id(self.spoken)],
            moved[id(self.unlabelled)],
            moved[id(self.unmeasured)],
            said,
        )


class Wanted:
    """The forbidden text, indexed once for all files, and what was found in each line so far."""

    def __init__(self, forbidden_text: ForbiddenText) -> None:
        self.forbidden_text = forbidden_text
        self.anywhere = Index(tuple(phrase.split()) for phrase in forbidden_text.anywhere)
        self.phrases = Index(tuple(phrase.split()) for phrase in forbidden_text.phrases)
        self.ages = Index(tuple(phrase.split()) for phrase in forbidden_text.ages)
        self.first = self.anywhere.first | self.phrases.first | self.ages.first
        self._plain_places = compile_phrases(forbidden_text.plain_places)
        self._plain_phrases = compile_phrases(forbidden_text.plain_phrases)
        numbers = (
            (Index(forbidden_text.digits), read_digits),
            (Index(forbidden_text.codes), read_code),
            (Index(forbidden_text.web), read_address),
        )
        self.numbers = [(keys, read) for keys, read in numbers if keys]
        single = {phrase for phrase in forbidden_text.anywhere if " " not in phrase}
        single |= {phrase for phrase in forbidden_text.phrases if " " not in phrase}
        self.unparted = single | {n for n in forbidden_text.capitals if not is_also_word(n)}
        self.by_length: dict[int, list[str]] = {}
        for name in sorted(self.unparted | forbidden_text.capitals):
            self.by_length.setdefault(len(name), []).append(name)
        # Short forms that are words as well ("Sue") are searched as the capitals are.
        both = forbidden_text.other.word_names
        self.short_forms = ForbiddenText(capitals=both, small=both, named_words=both)
        self.labels = frozenset(forbidden_text.labels)
        bare = (label for label in forbidden_text.labels if not label.startswith("["))
        self.pseudonyms = Index(tuple(WORD_PATTERN.findall(label)) for label in bare)
        gone = forbidden_text.phrases | forbidden_text.anywhere | forbidden_text.capitals
        joined = (_NO_LETTER.sub("", name) for name in gone)
        self._run_together = frozenset(name for name in joined if len(name) >= _LEAST_JOINED)
        self._looks: dict[tuple[str, bool, bool], _LineLook] = {}
        self._similar: dict[str, bool] = {}

    def look(self, line: str, *, exact_only: bool, is_talk: bool) -> _LineLook:
        """Return what a line holds by itself."""
        key = line, exact_only, is_talk
        if key not in self._looks:
            self._looks[key] = self._look(line, exact_only=exact_only, is_talk=is_talk)
        return self._looks[key]

    def _look(self, line: str, *, exact_only: bool, is_talk: bool) -> _LineLook:
        if not exact_only and (parted := _part(line)) is not None:
            first, last = parted  # the same words are in other files with something else around
            around = _blank(line[:first], (m.span() for m in _NUMBERING.finditer(line[:first])))
            before = self.look(around, exact_only=True, is_talk=False)
            said = self.look(line[first:last], exact_only=False, is_talk=is_talk)
            return said.put_behind(before, first)
        # Where nothing is found in what was said, nothing is in a table of the same words.
        said = self._looks.get((line, False, True)) if not exact_only else None
        if said is not None and not said.finds:
            return said
        return _look(line, self, exact_only=exact_only, is_talk=is_talk)

    def find_plain_phrases(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the characters of names that are plain words where they stand."""
        return find_plain_phrases(text, self._plain_places, self._plain_phrases)

    def find_amounts(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the characters of ages that are an amount where they stand."""
        return find_amounts(text, self.forbidden_text.other.ages) if self.ages else iter(())

    def is_run_together(self, name: str) -> bool:
        """Whether a longer name stands in a file's name without its gaps: "for-margaretwilson"."""
        joined = _NO_LETTER.sub("", fold_name(name))
        return any(one in joined for one in self._run_together)

    def is_similar(self, word: str) -> bool:
        """Whether a word looks or sounds like a name that was replaced."""
        if word not in self._similar:
            self._similar[word] = _is_similar(word, self.forbidden_text)
        return self._similar[word]


def _part(line: str) -> tuple[int, int] | None:
    """Return where what is said begins and ends in a line; None where it is all of it."""
    before, after = _BEFORE_SAID.match(line), _AFTER_SAID.search(line)
    first, last = before.end() if before else 0, after.start() if after else len(line)
    return (first, last) if first < last and (first, last) != (0, len(line)) else None


def find_forbidden(
    text: str,
    wanted: Wanted,
    *,
    exact_only: bool,
    is_talk: bool = False,
    over_turns: bool = True,
) -> Iterator[tuple[int, str]]:
    """Yield (character, how) of every find; how is "" for the original itself.

    exact_only: nothing that is merely like a name. is_talk: what was said, so that a name in small
    letters may be one. over_turns: also what is torn over two turns of it.
    """
    starts, looks, at = list[int](), list[_LineLook](), 0
    for line in text.split("\n"):
        if line and not line.isspace():  # most lines of a Word file are blank
            look = wanted.look(line, exact_only=exact_only, is_talk=is_talk)
            if look.finds:
                yield from ((at + start, how) for start, how in look.finds)
            starts.append(at)
            looks.append(look)
        at += len(line) + 1
    for keys, chosen in (
        (wanted.anywhere, [look.spoken for look in looks]),
        (wanted.phrases, [look.unlabelled for look in looks]),
        (wanted.ages, [look.unmeasured for look in looks]),
    ):
        yield from ((start, "") for start in _find_phrases(keys, chosen, starts))
    if is_talk and over_turns:
        yield from _find_over_turns(wanted, looks, starts)


def _find_phrases(
    keys: Index[tuple[str, ...]], words: Sequence[_Words], starts: Sequence[int]
) -> Iterator[int]:
    """Yield the start of each word of these phrases, which may go on in the next line."""
    if not keys:
        return
    for line in [number for number, one in enumerate(words) if one.begins]:
        for begin in words[line].begins:
            if words[line].folded[begin] not in keys.first:
                continue
            following = list(_read_on(words, starts, line, begin, keys.longest))
            for last in keys.find_at(tuple(word for word, _ in following), 0):
                yield from (place for _, place in following[:last])


def _read_on(
    words: Sequence[_Words], starts: Sequence[int], line: int, begin: int, count: int
) -> Iterator[tuple[str, int]]:
    """Yield so many words from a word of a line on, each with its character."""
    while count > 0 and line < len(words):
        one, at = words[line], starts[line] + words[line].moved
        for number in range(begin, min(len(one.folded), begin + count)):
            yield one.folded[number], at + one.starts[number]
        count -= len(one.folded) - begin
        line, begin = line + 1, 0


def _look(line: str, wanted: Wanted, *, exact_only: bool, is_talk: bool) -> _LineLook:
    forbidden = wanted.forbidden_text
    line = _write_plainly(line)
    # An original may be a word of a placeholder: "[Place 1]" holds nobody called Place.
    spoken = _blank(line, (m.span() for m in PLACEHOLDER.finditer(line)))
    if forbidden.passed:
        passed = find_passed_spans(line, forbidden.passed)
        line, spoken = _blank(line, passed), _blank(spoken, passed)
    whole = spoken  # "the sun", a newspaper that names nobody, tells that "rose" is no Rose
    spoken = _blank(spoken, find_kept_spans(spoken, forbidden.kept_phrases))
    spoken = _blank(spoken, _find_made_of(spoken, forbidden.things))
    spoken = _blank(spoken, (m.span() for m in _CUT_OFF.finditer(spoken)))
    if not exact_only:
        spoken = _blank(spoken, wanted.find_plain_phrases(spoken))
    unlabelled = _blank(spoken, _find_labels(spoken, wanted))
    finds: list[tuple[int, str]] = [
        (start, "") for start in find_capitalised(spoken, forbidden.capitals)
    ]
    finds += [(start, "") for start in _find_hyphened(spoken, wanted.unparted)]
    finds += [(start, "") for start in _find_with_digits(spoken, wanted.by_length)]
    names = find_said_names(whole, forbidden, is_talk=is_talk)
    finds += [(start, "") for start in names if not spoken[start].isspace()]
    for keys, read in wanted.numbers:
        if keys.is_in(read(line)):
            finds.append((_find_last_start(line, keys, read), ""))
    said = unlabelled
    if not exact_only:
        seen = SaidLine.read(said if is_talk else spoken)
        ways = forbidden.other.find_in(seen) if is_talk else forbidden.other.find_torn(seen)
        for start, end, how in ways:
            starts = [t.start() for t in seen.tokens if start <= t.start() < end]
            finds += [(one, how) for one in (starts if how == TORN else [start])]
        finds += [(start, _LIKE_ONE) for start in _find_similar(unlabelled, wanted)]
        if is_talk and forbidden.other.word_names:
            short = find_said_names(said, wanted.short_forms, is_talk=True)
            finds += [(start, "") for start in short]
    words = _fold_words(spoken, wanted.first)
    bare = words if unlabelled is spoken else _fold_words(unlabelled, wanted.first)
    amounts = list(wanted.find_amounts(unlabelled))
    rest = _fold_words(_blank(unlabelled, amounts), wanted.first) if amounts else bare
    return _LineLook(tuple(finds), words, bare, rest, said)


# Letters of other alphabets that look like a Latin one; in one word with Latin letters they are it.
_ALIKE = str.maketrans(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458",
    "ABEZHIKMNOPTYXoABEKMHOPCTXSIJaeopcyxsij",
)


def _write_plainly(line: str) -> str:
    """Return a line with plain letters, digits, hyphens and blanks for signs that look like them.

    A circled M is an M, and a word of Latin letters holds no Cyrillic one. All stays in place.
    """
    if line.isascii():
        return line
    plain = "".join(map(_plain_sign, write_plain_signs(line)))
    return re.sub(
        r"\w+",
        lambda word: word[0].translate(_ALIKE) if re.search("[A-Za-z]", word[0]) else word[0],
        plain,
    )


@cache
def _plain_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKD", sign)
    if len(plain) == 1 and plain.isascii() and plain.isalnum():
        return plain
    return str(unicodedata.decimal(sign, sign))


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with blanks in place of these spans, so that all else stays in place."""
    parts, done = list[str](), 0
    for start, end in sorted(spans):
        parts += [text[done:start], " " * (end - max(start, done))]
        done = max(done, end)
    return "".join([*parts, text[done:]]) if parts else text


def _fold_words(text: str, first: frozenset[str]) -> _Words:
    words, starts = list[str](), list[int]()
    for chunk in re.finditer(r"\S+", text):
        for word in WORD_PATTERN.findall(fold_name(chunk.group())):
            words.append(word)
            starts.append(chunk.start())
    begins = tuple(number for number, word in enumerate(words) if word in first)
    return _Words(tuple(words), tuple(starts), begins)


def _find_labels(text: str, wanted: Wanted) -> Iterator[tuple[int, int]]:
    """Yield the spans of our replacements: "[2019]" may stay, though somebody said 2019."""
    if "[" in text:
        for label in _BRACKETED.finditer(text):
            if label.group() in wanted.labels:
                yield label.span()
    if wanted.pseudonyms:
        matches = list(WORD_PATTERN.finditer(text))
        words = tuple(word.group() for word in matches)
        for first, last in wanted.pseudonyms.find_in(words):
            yield matches[first].start(), matches[last - 1].end()


@cache
def _load_words(section: str) -> frozenset[str]:
    """Return the words of a section of lines."""
    return frozenset(word for line in load_gate_section(section) for word in line.split())


@cache
def _load_made_of() -> frozenset[str]:
    return frozenset(load_gate_section("made of"))


def _find_made_of(text: str, things: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of "lima beans" and "bath buns", in small letters, which are no places."""
    if not things:
        return
    made = _load_made_of()
    words = list(WORD_PATTERN.finditer(text))
    for at, (word, following) in enumerate(pairwise(words)):
        is_thing = word.group().islower() and following.group().lower() in made
        is_there = at and words[at - 1].group().lower() in _INTO
        if is_thing and fold_name(word.group()) in things and not is_there:
            yield word.span()


def find_capitalised(text: str, names: frozenset[str]) -> Iterator[int]:
    """Yield the starts of these names, which are no words, where they have a capital."""
    for part in re.finditer(r"[^\W\d_]+", text):
        word = part.group()
        if word[0].isupper():
            folded = fold_name(word)
            if folded in names and not is_also_word(folded):
                yield part.start()


def _find_hyphened(text: str, names: Collection[str]) -> Iterator[int]:
    """Yield the starts of these names with hyphens between their letters: "Skip-ton"."""
    for word in _HYPHENED.finditer(text):
        is_spelled = all(len(part) == 1 for part in word[0].split("-"))  # which others look for
        if not is_spelled and fold_name(word[0].replace("-", "")) in names:
            yield word.start()


def _find_with_digits(text: str, by_length: Mapping[int, Collection[str]]) -> Iterator[int]:
    """Yield the starts of names that have digits for some of their letters: "Wi1son".

    by_length: the names by how many letters they have. Two thirds of them at least are letters; in
    a short one a digit must look like the letter.
    """
    for word in _DIGITED.finditer(text):
        written = fold_name(word[0])
        letters = sum(c.isalpha() for c in written)
        if letters < _LEAST_LETTERS or 3 * letters < 2 * len(written):
            continue
        for name in by_length.get(len(written), ()):
            changed = [(c, own) for c, own in zip(written, name, strict=True) if c != own]
            is_long = letters >= _LEAST_IF_UNLIKE
            if all(c.isdecimal() and (is_long or own in _LIKE_DIGITS[c]) for c, own in changed):
                yield word.start()
                break


def _find_last_start(line: str, keys: Index[str], read: Callable[[str], str]) -> int:
    """Return the start of the last word from which on the line still holds a key."""
    starts = [m.start() for m in re.finditer(r"\S+", line)]
    beyond = bisect_left(starts, True, key=lambda at: not keys.is_in(read(line[at:])))  # noqa: FBT003 - the value to find
    return starts[max(0, beyond - 1)]


def _find_over_turns(
    wanted: Wanted, looks: Sequence[_LineLook], starts: Sequence[int]
) -> Iterator[tuple[int, str]]:
    """Yield the two places of a name or a number that is torn over two turns.

    What comes between may be a turn of a few words: "07700", "Mm-hm", "900123".
    """
    told = [at for at, look in enumerate(looks) if look.said.strip()]
    for place, at in enumerate(told[:-1]):
        following = told[place + 1]
        yield from _find_over(wanted, looks, starts, at, following)
        is_short = len(looks[following].said.split()) <= _SHORT_TURN
        if is_short and place + 2 < len(told):
            yield from _find_over(wanted, looks, starts, at, told[place + 2])


def _find_over(
    wanted: Wanted, looks: Sequence[_LineLook], starts: Sequence[int], one: int, other: int
) -> Iterator[tuple[int, str]]:
    before = list(re.finditer(r"\S+", looks[one].said))[-_NEAR_END:]
    after = list(re.finditer(r"\S+", looks[other].said))[:_NEAR_END]
    head = looks[one].said[before[0].start() :].rstrip().rstrip(".,;?!\u2026-")
    tail = looks[other].said[after[0].start() : after[-1].end()]
    seam = SaidLine.read(f"{head} {tail}")
    cut = len(head)
    other_forms = wanted.forbidden_text.other
    count = sum(token.start() < cut for token in seam.tokens)
    if not 0 < count < len(seam.tokens):
        return
    torn = other_forms.find_torn(seam, across=count)
    for start, end, how in (*torn, *other_forms.find_numbers(seam)):
        if start < cut < end:
            yield starts[one] + before[0].start() + start, how
            yield starts[other] + after[0].start(), how


def _find_similar(text: str, wanted: Wanted) -> Iterator[int]:
    """Yield the starts of words that look or sound like a name that was replaced."""
    for found in WORD_PATTERN.finditer(text):
        word = found.group()
        if len(word) < _SHORTEST_LIKE or not word.isalpha() or not wanted.is_similar(word):
            continue
        is_cut = _NOT.match(text, found.end()) and fold_name(word) in _load_words("before n't")
        if not is_cut:  # "couldn't" is in the dictionary as a whole
            yield found.start()


def _is_similar(word: str, forbidden_text: ForbiddenText) -> bool:
    folded = fold_name(word)
    if (
        folded in forbidden_text.kept_words
        or folded in forbidden_text.kept_phrases
        or is_also_word(folded)
        or folded in _load_words("contractions")
        or is_ordinary_word(folded.removesuffix("s"))
    ):
        return False
    nearest = forbidden_text.similar_names.find_nearest(compact_name(word))
    least = _LIKE if len(folded) > _SHORT else _LIKE_IF_SHORT
    return (
        nearest is not None
        and nearest.likeness >= least
        and not is_another_name(folded, fold_name(nearest.name))
    )
