"""The text that must not leave with an interview: every original of the study, in many forms.

Originals are the words that were replaced, in this interview and in all others, and the names in
any register. Words that a person decided to keep may stay, and so may words that name nobody: a
phrase of the keep-list ("mark my words") frees its words. Where a name is an ordinary word as well,
what stands around it tells (``study.judge_word_use``), with a capital letter and without.

Names are searched by their letters and by their sound; numbers and codes by their digits and
letters alone, spoken or written; e-mail and web addresses without their signs. Ages, dates and
other indirect details count in their own interview only, and only as they were spoken: "92" alone
is everywhere, "ninety two years old" is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from weakref import WeakKeyDictionary

from handoff.name_forms import are_ordinary, load_gate_section
from handoff.other_forms import OtherForms, collect_other_forms
from handoff.said_letters import read_number
from models import is_ordinary_word, look_up_word
from study import (
    LETTERS,
    NEVER_NAMES,
    TIMES,
    ArtefactKind,
    Category,
    InterviewDetails,
    NameMatcher,
    compact_name,
    fold_name,
    is_time_word,
    list_passed_words,
    load_everyday_words,
    load_kept_phrases,
    load_words_that_name,
    write_plain_signs,
)
from study.store import Interview, Study, read_decisions, read_gate_passes, read_mention_words

WORD_PATTERN = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_KINDS = "|".join(re.escape(category.value) for category in Category)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# Where Earshot puts a place that it makes coarser (anonymise/places.txt).
REGIONS = (
    "Africa", "Asia", "Europe", "London", "North America", "Northern Ireland", "Oceania",
    "Scotland", "South America", "Wales", "eastern England", "northern England",
    "southern England", "the Caribbean", "the Midlands", "the far south",
)  # fmt: skip
# What Earshot itself writes: "[Place 1]", "[Person 2" of "[Person 2, sister]", "[May 2019]".
# Roles and events are a researcher's words, so they are searched.
_IN_REGION = rf"(?i:city|town|village|country) in (?:{'|'.join(REGIONS)})"
PLACEHOLDER = re.compile(
    rf"\[(?i:{_KINDS}) \d+(?:, {_IN_REGION})?(?=[\],])|\[{_IN_REGION}(?: \d+)?\]"
    rf"|\[(?:day in )?(?:{_MONTHS})(?: \d{{4}})?\]"
)
NAME_CATEGORIES = frozenset({Category.PERSON, Category.PLACE, Category.ORGANISATION})
_CODES = frozenset({
    Category.POSTCODE, Category.NI_NUMBER, Category.NHS_NUMBER, Category.VEHICLE, Category.BANK,
    Category.PHONE, Category.NUMBER,
})  # fmt: skip
_WEB = frozenset({Category.EMAIL, Category.WEB})
_AGES = frozenset({Category.AGE, Category.HIGH_AGE})
_QUANTITIES = frozenset({Category.AGE, Category.HIGH_AGE, Category.DATE, Category.NUMBER})
_SHORTEST_NAME = 3  # letters; shorter parts of a name may stay ("de", "Al")
_SHORTEST_LIKE = 4  # letters of a name that is compared by its sound: "Ian" sounds like "Ann"
_SHORTEST_DIGITS, _SHORTEST_CODE, _SHORTEST_WEB = 6, 5, 8
_EVERYBODYS = 1.0  # how common a word is that everybody uses
_SHORTEST_YEAR = 4  # digits; fewer occur by chance
_SMALL = frozenset({
    "of", "the", "and", "in", "at", "on", "to", "for", "von", "van", "de", "la", "le", "st",
})  # fmt: skip
_ARTICLES = frozenset({"the", "a", "an", "my", "our", "his", "her"})
_TITLES = frozenset({
    "doctor", "dr", "mister", "mr", "sister", "nurse", "miss", "mrs", "ms", "professor", "father",
    "reverend", "aunt", "auntie", "uncle",
})  # fmt: skip
_DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SIGNS = {"at", "dot", "dash", "hyphen", "underscore", "slash", "www", "https", "http"}

# What each interview of an open study gives all others to look for, in memory alone: the gate
# looks at every interview, and most of them are as they were when it looked last.
_GIVEN: WeakKeyDictionary[Study, dict[str, tuple[object, tuple[tuple[Category, str], ...]]]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True, slots=True)
class ForbiddenText:
    """The text that must not be in the output, by the way in which the gate searches for it.

    phrases: folded words with a blank around each, searched in the text but not in replacements.
    anywhere: the same for people, searched in replacements, too. capitals: folded words that are
    names as well as words, searched where they have a capital. small: those of them that are
    searched without one, where they are names by what stands around them. asked: those that were
    entered here, so that the search asks wherever nothing tells. digits, codes, web:
    without blanks and signs. similar_names: names compared
    by letters and sound. kept_words: folded words that may stay. labels: replacements that Earshot
    made. kept_phrases: folded words and phrases that name nobody, wherever they are. things: those
    of the capitals that are places and organisations alone. other: other forms of all these, that
    are searched in what was said. passed: folded words that a person
    let through wherever they are, with a reason.
    named_words: those of the capitals that are words as well. plain_places, plain_phrases: names
    of places, and of organisations, that are ordinary words one after the other. ages: phrases that
    are an age and nothing else, which may be an amount instead.
    """

    phrases: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()
    capitals: frozenset[str] = frozenset()
    digits: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    web: frozenset[str] = frozenset()
    similar_names: NameMatcher = field(default_factory=lambda: NameMatcher(()))
    kept_words: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()
    small: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    kept_phrases: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    other: OtherForms = field(default_factory=OtherForms)
    passed: tuple[tuple[str, ...], ...] = ()
    named_words: frozenset[str] = frozenset()
    plain_places: frozenset[tuple[str, ...]] = frozenset()
    plain_phrases: frozenset[tuple[str, ...]] = frozenset()
    ages: frozenset[str] = frozenset()

    def without_names(self) -> ForbiddenText:
        """Return what of this are numbers, codes, addresses of the web, days and ages alone."""
        return ForbiddenText(
            digits=self.digits, codes=self.codes, web=self.web, other=self.other.without_names()
        )


@dataclass(frozen=True, slots=True)
class GatheredText:
    """What is gathered of interviews before it is sorted; arguments as ``sort_originals`` has."""

    originals: tuple[tuple[Category, str], ...]
    kept: frozenset[str]
    labels: tuple[str, ...]
    kept_small: frozenset[str]
    entered: tuple[tuple[Category, str], ...]
    kept_phrases: frozenset[str]

    def sort(self) -> ForbiddenText:
        """Sort it by the ways in which the gate searches."""
        return sort_originals(
            self.originals,
            set(self.kept),
            self.labels,
            kept_small=self.kept_small,
            entered=self.entered,
            kept_phrases=self.kept_phrases,
        )


def collect_forbidden_text(interview: Interview) -> ForbiddenText:
    """Collect the text that must not leave with an interview."""
    return gather_forbidden_text(interview).sort()


def join_gathered(gathered: Sequence[GatheredText]) -> GatheredText:
    """Return what must not leave with several interviews together.

    All that is an original of one is so for all: a person who has an ordinary word for a name, an
    age, what somebody kept in another one. Only what was kept in every one of them may stay, and
    the replacements of each are no originals.
    """
    first = gathered[0]
    labels = {label for one in gathered for label in one.labels}
    return GatheredText(
        tuple(dict.fromkeys(chain.from_iterable(one.originals for one in gathered))),
        first.kept.intersection(*(one.kept for one in gathered)),
        tuple(sorted(labels, key=lambda label: (-len(label), label))),
        first.kept_small.intersection(*(one.kept_small for one in gathered)),
        tuple(dict.fromkeys(chain.from_iterable(one.entered for one in gathered))),
        first.kept_phrases.intersection(*(one.kept_phrases for one in gathered)),
    )


def gather_forbidden_text(interview: Interview) -> GatheredText:
    """Gather the text that must not leave with an interview, from it and from all others."""
    given = read_mention_words(interview)
    words = {key: write_plain_signs(text) for key, text in given.items()}
    pairs = read_decisions(interview)
    rejected = {words[d.mention.key] for d in pairs if not d.is_replaced}
    here = [(d.mention.category, words[d.mention.key]) for d in pairs if d.is_replaced]
    entered = _registered(interview)
    everywhere = [*here, *entered, *_elsewhere(interview)]
    # "rose", rejected as the flower, says nothing of Rose, who was entered or replaced here.
    named = {
        part for _, text in [*here, *entered] for part in WORD_PATTERN.findall(fold_name(text))
    }
    flowers = {word for word in rejected if word.islower() and word in named and is_also_word(word)}
    kept = {fold_name(word) for word in rejected - flowers}
    own = {d.mention.replacement for d in pairs if d.replacement == d.mention.replacement}
    lines = interview.study.whole.read_artefact(ArtefactKind.KEPT, tuple[str, ...]) or ()
    return GatheredText(
        tuple((c, text) for c, text in everywhere if fold_name(text) not in kept),
        frozenset(kept),
        tuple(sorted((label for label in own if label), key=len, reverse=True)),
        frozenset(flowers),
        tuple(entered),
        # A phrase that a person kept frees its words where it stands whole.
        load_kept_phrases(lines) | {word for word in kept if " " in word},
    )


def collect_passed_words(interview: Interview) -> tuple[tuple[str, ...], ...]:
    """Collect the words that somebody let through the gate wherever they are."""
    return list_passed_words(read_gate_passes(interview))


def _elsewhere(interview: Interview) -> Iterator[tuple[Category, str]]:
    """Yield names and numbers of the other interviews; indirect details count in theirs alone."""
    study = interview.study
    known = _GIVEN.setdefault(study, {})
    for summary in study.summaries():
        if summary.id == interview.id:
            continue
        # Every search, decision, edit and change of its details makes another state.
        state = summary.sign_off_basis(), summary.versions.get(ArtefactKind.ABOUT)
        if summary.id not in known or known[summary.id][0] != state:
            known[summary.id] = state, tuple(_list_given(study.interview(summary.id)))
        yield from known[summary.id][1]


def _list_given(interview: Interview) -> Iterator[tuple[Category, str]]:
    """Yield what an interview gives all others to look for."""
    yield from _registered(interview)
    pairs = read_decisions(interview)
    words = read_mention_words(interview) if any(pair.is_replaced for pair in pairs) else {}
    given = dict[tuple[Category, str], None]()
    for pair in pairs:
        category, text = pair.mention.category, words.get(pair.mention.key, "")
        is_telling = not _is_common(text) if category in NAME_CATEGORIES else category.is_direct
        if pair.is_replaced and is_telling:
            given[category, text] = None
    yield from given


def _is_common(name: str) -> bool:
    """Whether a name consists of ordinary words, which say nothing about who is called so."""
    return all(is_ordinary_word(word) for word in WORD_PATTERN.findall(name))


def _registered(interview: Interview) -> list[tuple[Category, str]]:
    about = interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails)
    if about is None:
        return []
    people = [(Category.PERSON, name) for p in about.participants for name in p.names]
    return people + [(entry.category, name) for entry in about.register for name in entry.names]


def is_also_word(name: str) -> bool:
    """Whether a folded name is an ordinary word as well, a month or a weekday ("rose", "may")."""
    return is_ordinary_word(name) or is_time_word(name) or name in load_words_that_name()


def sort_originals(
    originals: Iterable[tuple[Category, str]],
    kept_words: set[str],
    labels: tuple[str, ...],
    *,
    kept_small: Collection[str] = (),
    entered: Iterable[tuple[Category, str]] = (),
    kept_phrases: frozenset[str] | None = None,
) -> ForbiddenText:
    """Sort originals by the ways in which the gate searches for them.

    originals: category and words of each. kept_words: folded words that may stay. labels:
    replacements that Earshot made, the longest first. kept_small: folded words that may stay
    without a capital. entered: those originals that were entered with the interview.
    kept_phrases: what names nobody, by default the list that ships.
    """
    originals = tuple((kind, write_plain_signs(text)) for kind, text in originals)
    freed = load_kept_phrases() if kept_phrases is None else kept_phrases
    phrases, anywhere, capitals = set[str](), set[str](), set[str]()
    numbers, codes, web, parts = set[str](), set[str](), set[str](), set[str]()
    people, others, ages = set[str](), set[str](), set[str]()
    for category, text in dict.fromkeys(originals):
        words = WORD_PATTERN.findall(fold_name(text))
        if _tells_nothing(category, words, freed):
            continue
        bare = words[1:] if len(words) > 1 and words[0] in _ARTICLES else words
        if category in NAME_CATEGORIES and len(bare) == 1 and is_also_word(bare[0]):
            capitals.add(bare[0])
        elif _is_telling(category, words):
            group = ages if _is_age(category, words) else phrases
            (anywhere if category is Category.PERSON else group).add(fold_and_pad(text))
        if category is Category.PERSON:
            parts.update(_parts(text, kept_words))
        if category not in _QUANTITIES and len(number := read_digits(text)) >= _SHORTEST_DIGITS:
            numbers.add(number)
        if category in _CODES and len(key := read_code(text)) >= _SHORTEST_CODE and _is_mixed(key):
            codes.add(key)
        if category in _WEB:
            web.update(_list_addresses(text))
        if category in NAME_CATEGORIES:
            parts.update(w for w in _LETTERS.findall(text) if not is_also_word(fold_name(w)))
            (people if category is Category.PERSON else others).update(set(words) - NEVER_NAMES)
    freed_words = {word for word in freed if " " not in word} | _possessed(freed | kept_words)
    stay = kept_words | NEVER_NAMES | _SMALL | _TITLES | freed_words
    telling = {p for p in parts if fold_name(p) not in stay}
    named = {p for p in telling if len(p) >= _SHORTEST_NAME and p[0].isupper()}
    # A name that is also a word needs more letters: "Rosie" is hardly a misheard "Rose".
    similar = {
        p for p in telling if len(compact_name(p)) >= _SHORTEST_LIKE + is_also_word(fold_name(p))
    }
    capitalised = frozenset(capitals | set(map(fold_name, named)))
    here = {word for _, text in entered for word in WORD_PATTERN.findall(fold_name(text))}
    small = frozenset(p for p in capitalised if is_also_word(p) and len(p) >= _SHORTEST_NAME)
    known = {" ".join(phrase.split()) for phrase in phrases | anywhere} | capitals
    sections = map(load_gate_section, ("longer names", "plain phrases"))
    longer = frozenset(fold_name(phrase) for section in sections for phrase in section)
    return ForbiddenText(
        frozenset(phrases), frozenset(anywhere), capitalised,
        frozenset(numbers), frozenset(codes), frozenset(web),
        NameMatcher(sorted(similar)), frozenset(kept_words), labels,
        small - frozenset(kept_small), (small & here) - frozenset(kept_small),
        (freed | longer) - known, frozenset(others - people),
        collect_other_forms(originals, kept_words | freed_words),
        named_words=frozenset(name for name in capitalised if is_also_word(name)),
        plain_places=_list_plain(originals, Category.PLACE)
        - _list_plain(originals, Category.ORGANISATION),
        plain_phrases=_list_plain(originals, Category.ORGANISATION),
        ages=frozenset(ages - phrases),
    )  # fmt: skip


def _is_age(category: Category, words: list[str]) -> bool:
    """Whether folded words are an age and nothing else, so that they may be an amount instead."""
    read = read_number(words, 0) if category in _AGES else None
    return read is not None and read[1] == len(words)


def _list_plain(
    originals: Iterable[tuple[Category, str]], wanted: Category
) -> frozenset[tuple[str, ...]]:
    """Return the names of this category that are ordinary words one after the other, folded."""
    every = (WORD_PATTERN.findall(fold_name(text)) for kind, text in originals if kind is wanted)
    bare = (tuple(one[1:] if one[:1] and one[0] in _ARTICLES else one) for one in every)
    return frozenset(one for one in bare if len(one) > 1 and are_ordinary(one))


def _possessed(words: Iterable[str]) -> set[str]:
    """Return whose a kept word is: "alzheimer" of "Alzheimer's", whose apostrophe is folded."""
    return {w.removesuffix("s") for w in words if w.endswith("s") and " " not in w}


def _list_addresses(text: str) -> Iterator[str]:
    """Yield an address without its signs, and what of it tells alone.

    That is "jean.ramsay" of an e-mail address, and a site's name.
    """
    site = re.sub(r"^(?:https?://)?(?:www\.)?", "", text)
    parts = (text, text.partition("@")[0], "" if "@" in text else site.partition(".")[0])
    yield from (key for key in map(read_address, parts) if len(key) >= _SHORTEST_WEB)


def _tells_nothing(category: Category, words: list[str], freed: frozenset[str]) -> bool:
    """Whether an original is in every text: the "S" of "S?", or Christmas, somebody's event.

    So is a pronoun that somebody accepted as a name.
    """
    is_feast = category not in NAME_CATEGORIES and " ".join(words) in freed
    return is_feast or _is_letter(words) or NEVER_NAMES.issuperset(words)


def _is_letter(words: list[str]) -> bool:
    """Whether these folded words are one letter; a single Chinese character may be a name."""
    return len(words) == 1 and len(words[0]) == 1 and words[0].islower()


def _parts(text: str, kept: set[str]) -> Iterator[str]:
    for part in _LETTERS.findall(text):
        if part[0].isupper() and fold_name(part) not in kept:
            yield part


def _is_telling(category: Category, words: list[str]) -> bool:
    """Whether these words, if they are in a text, are hardly there by chance."""
    if not words:
        return False
    if len(words) > 1:
        return True
    (word,) = words
    if word.isdecimal():
        return len(word) >= _SHORTEST_YEAR
    if category not in NAME_CATEGORIES and (
        word in load_everyday_words() or look_up_word(word).common >= _EVERYBODYS
    ):
        return False  # "teacher", somebody's occupation, and "black" are everybody's words
    return category not in _QUANTITIES


def _is_mixed(key: str) -> bool:
    return any(c.isdecimal() for c in key) and any(c.isalpha() for c in key)


def fold_and_pad(text: str) -> str:
    """Return the folded words of a text with a blank before, between and after them."""
    return f" {' '.join(WORD_PATTERN.findall(fold_name(text)))} "


def read_digits(text: str) -> str:
    """Return the digits of a text, written or spoken: "oh double seven" is 077."""
    return "".join(c for c in read_code(text) if c.isdecimal())


def read_code(text: str) -> str:
    """Return the letters and digits of a text without blanks; spoken digits become digits."""
    code, times = "", 1
    for word in WORD_PATTERN.findall(fold_name(text)):
        if word in TIMES:
            times = TIMES[word]
            continue
        said: str = _DIGITS.get(word) or LETTERS.get(word) or word
        # "double 206", as a speech model writes it, is two twos, a nought and a six.
        is_repeated = len(said) == 1 or said.isdecimal()
        code += said[0] * (times - 1) + said if is_repeated else said
        times = 1
    return code


def read_address(text: str) -> str:
    """Return an address without its signs, also those in words: "graham dot walker at …"."""
    return "".join(word for word in WORD_PATTERN.findall(fold_name(text)) if word not in _SIGNS)
