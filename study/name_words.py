"""Tell a name from the word that it also is: "said to May" from "in May", by what stands around it.

The search and the gate ask the same question, so the answer is one. It reads at most three words to
either side, in any case, with or without signs. Nothing here knows which words are names: a caller
asks about a word that may be one. ``name_words.txt`` has the words that tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from study.records import fold_name
from study.word_sections import load_list_sections

_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+|\S|\n")
_REACH = 3  # words to either side
PHRASE_REACH = 5  # of a phrase that names nobody
_ENDS = frozenset({"", ".", "?", "!", ";", ":", ",", "-", "\u2013", "\u2014", "\u2026", ")", "\n"})
_ARTICLED = frozenset({"a", "an", "the", "some", "any", "no", "every", "each", "my", "your"})
_HEADED = frozenset(".?!:;\u2026\"'\u201c\u2018(]\n")  # a capital after these says nothing
_JOINTS = _ENDS | frozenset({
    "and", "but", "so", "then", "or", "because", "well", "oh", "yeah", "yes", "no", "when", "if",
    "where", "think", "like", "anyway", "(", "\u201c", '"',
})  # fmt: skip
_DOERS = frozenset({"i", "you", "we", "they", "he", "she"})
_FRIENDS = frozenset({"me", "him", "i", "her", "us"})
_SHORTEST_PAST = 4  # letters of "need" and "feed", which are no past tense
_OWNED = "'s"
_PLACED = frozenset({"in", "on", "to", "at", "for", "with", "by", "up", "out", "over", "from"})
_UNKNOWN = "\0"  # a piece that is no word
_BEING = frozenset(
    {"is", "was", "were", "he's", "she's", "i'm", "we're", "they're", "comes", "came"}
)
_SHOWN = 3  # the weight of a capital that no sentence gave
_SURER = 3
_SURE = 2  # from this sum of signs on, either way


class WordUse(IntEnum):
    """What a word that may be a name is at one place."""

    WORD = -1
    UNSURE = 0
    NAME = 1


class NameUse(NamedTuple):
    """A word of a text that may be a name: where it begins, and what it is there."""

    start: int
    word: str
    use: WordUse


@cache
def _section(name: str) -> frozenset[str]:
    return frozenset(load_list_sections("study", "name_words")[name])


class _Place(NamedTuple):
    """A word with the three pieces to either side, nearest first, in small letters."""

    word: str
    one: str
    two: str
    three: str
    following: str
    second: str
    third: str

    def is_after(self, *sections: str) -> bool:
        """Whether the word right before is in one of these sections."""
        return any(self.one in _section(name) for name in sections)

    def is_before(self, *sections: str) -> bool:
        """Whether the word right after is in one of these sections."""
        return any(self.following in _section(name) for name in sections)

    def is_in(self, section: str) -> bool:
        """Whether the word itself is in a section."""
        return self.word in _section(section)

    @property
    def address(self) -> int:
        """3 where somebody is surely spoken to or of: "told X", "said to X", "my sister X"."""
        is_kin = self.is_after("kin") and self.two not in _section("articles")
        called = (
            self.is_after("told")
            or is_kin
            or (self.one == "to" and self.two in _section("told to"))
            or (self.one == "to" and "next" in {self.two, self.three})
            or (self.one == "and" and self.two in _FRIENDS)
            or (self.one == "me" and self.two in {"call", "calls", "called", "calling"})
            or (self.one == "name's" or (self.one in {"is", "was"} and self.two == "name"))
            or (self.one == "," and self.two in _section("kin"))
        )
        return 3 if called else 0

    @property
    def joined(self) -> int:
        """3 where what follows only follows somebody: "X and me", "X next door", "X, my wife"."""
        owner, kin = self.following, self.second
        if owner == ",":
            owner, kin = self.second, self.third
        is_kin = owner in {"my", "his", "her", "our", "their"} and kin in _section("kin")
        is_friend = self.following == "and" and self.second in {"me", "i", "his", "her", "my"}
        is_near = self.following == "next" and self.second == "door"
        return 3 if is_kin or is_friend or is_near else 0

    @property
    def town(self) -> int:
        """3 for "moved to Bath", "born in Hull", "near Wells", 1 for "live in Hope", else 0."""
        if not self.is_in("towns"):
            return 0
        if self.one in {"near", "outside"}:
            return 3
        if self.one == "from" and self.two in _BEING and self.word != "hope":
            return 3 if self.following in _ENDS | {"originally", "and", "way"} else 0
        if self.one in {"in", "to", "from", "at", "through"} and self.two in _section("moved"):
            lives = self.is_in("masses") and self.one == "in" and self.two.startswith("li")
            return 1 if lives else 3
        return 0


_Sign = Callable[[_Place], int | None]  # None where it says nothing


def judge_word_use(
    before: Sequence[str],
    word: str,
    after: Sequence[str],
    *,
    is_shown: bool = False,
    is_entered: bool = False,
) -> WordUse:
    """Say whether a word that may be a name is one here.

    before, after: the three pieces to either side, in small letters, signs among them; a
    possessive ("Carol's") is the piece "'s" after the word. is_shown: it has a capital letter that
    no sentence gave it. is_entered: somebody of this name is known to be talked of, so that only a
    sure sign makes a word of it.
    """
    place = _make_place(before, word, after)
    signs = _weigh(place, _MODAL_SIGNS if place.is_in("modals") else _NOUN_SIGNS)
    if place.is_in("times"):
        signs += _weigh(place, _TIME_SIGNS)
    elif is_shown:
        signs += _SHOWN
    if signs >= _SURE:
        return WordUse.NAME
    return WordUse.WORD if signs <= -(_SURER if is_entered else _SURE) else WordUse.UNSURE


def is_in_town(before: Sequence[str], word: str, after: Sequence[str] | None = None) -> bool:
    """Whether the words around say that a word is a town: "moved to Bath", "near Wells".

    after: the pieces behind it; without them "was from Bath" says nothing.
    """
    return _make_place(before, word, (_UNKNOWN,) if after is None else after).town > 0


def _make_place(before: Sequence[str], word: str, after: Sequence[str]) -> _Place:
    one, two, three = (*reversed(before[-_REACH:]), "", "", "")[:_REACH]
    following, second, third = (*after[:_REACH], "", "", "")[:_REACH]
    return _Place(word, one, two, three, following, second, third)


def _weigh(place: _Place, signs: Sequence[_Sign]) -> int:
    """Return the weight of the first sign that says something."""
    return next((weight for sign in signs if (weight := sign(place)) is not None), 0)


def _weigh_owner(place: _Place) -> int | None:
    if place.is_after("numbers") or (place.one == "no" and place.is_before("done")):
        return -2  # "one penny", and "the other one, Mark"
    return -4 if place.is_after("owners", "articles") else None


def _weigh_modal_owner(place: _Place) -> int | None:
    return -3 if place.is_after("owners") or place.one in {"a", "the"} else None


def _weigh_modal_doer(place: _Place) -> int | None:
    """Weigh a verb that "may" and "will" never stand before: "Will said"."""
    if place.joined or place.is_before("said by somebody", "does") or place.following == _OWNED:
        return 3
    if _is_past(place.following):
        return 2
    if place.is_before("done") and (place.address or place.following not in {"never", "always"}):
        return 3 if place.address or not place.is_after("subjects") else 1
    if place.following == "from" and place.one in {"and", ","}:
        return 2  # "and May from the kitchen"
    if place.following in {"that", "who", "all", "both"} and place.second in _section("done"):
        return 2
    return None


def _weigh_modal_end(place: _Place) -> int | None:
    """Weigh what is no plain verb: the end, a cry, "in the next bed"."""
    if place.following in _ENDS | _PLACED or place.is_before("cries"):
        return place.address or (-3 if place.is_after("subjects") else 0)
    return None


def _weigh_modal_question(place: _Place) -> int | None:
    """Weigh "will he come" against "Will he never liked it"."""
    if place.following not in {"he", "she"}:
        return None
    is_plain = place.second not in _section("done") and not place.second.endswith("ed")
    return -3 if is_plain and not place.address else 2


def _weigh_modal_verb(place: _Place) -> int | None:
    return place.address if place.following not in {"be", "have", "not"} and place.address else -3


def _weigh_repeat(place: _Place) -> int | None:
    """Weigh "Mark, Mark", which is called twice, or stammered."""
    return 0 if place.word in {place.one, place.following} else None


def _weigh_town(place: _Place) -> int | None:
    return place.town or None


def _weigh_description(place: _Place) -> int | None:
    """Weigh "a lovely summer", which is no Summer, and "got a pen, Penny", who may be one."""
    if place.two not in _ARTICLED or place.address or place.one in _JOINTS | _section("done"):
        return None
    is_called = place.following in _ENDS and not place.is_after("adjectives before")
    return -1 if is_called else -3


def _weigh_of(place: _Place) -> int | None:
    if place.following == _OWNED:
        return 3 if place.one != "of" else 0
    return -3 if place.following == "of" else None


def _weigh_verb(place: _Place) -> int | None:
    """Weigh "I hope", "to mark it", "hope she comes"."""
    if not place.is_in("verbs"):
        return None
    if place.joined:
        return place.joined
    is_done_to = place.is_before("things done to") or place.word == "hope"
    is_doer = place.is_before("said by somebody") and place.one not in _DOERS
    if place.is_after("subjects") and not (place.one == "to" and place.address):
        is_open = is_doer or (place.one in {"that", "to"} and not is_done_to)
        return 0 if is_open else -3
    if not place.address and place.one in _JOINTS and place.is_before("things done to"):
        return place.joined or -2
    if place.following in {"she", "he", "i", "we", "they", "so", "not", "that"}:
        return place.address or (-3 if place.word == "hope" else 0)
    return None


def _weigh_adjective(place: _Place) -> int | None:
    if not place.is_in("adjectives"):
        return None
    if place.is_after("degrees") or place.following in {"enough", "about"}:
        return 0 if place.one in {"is", "was"} and place.following in _ENDS else -3
    return None


def _weigh_address(place: _Place) -> int | None:
    return max(place.address, place.joined) or (3 if place.one == "our" else None)


def _weigh_mass(place: _Place) -> int | None:
    """Weigh "in hope", "with joy", which are nobody, and "with Rose", who is somebody."""
    if place.is_in("masses"):
        return -2 if place.is_after("within") else None
    return 2 if place.one == "with" else None


def _weigh_doer(place: _Place) -> int | None:
    """Weigh the verb that follows a noun: "Rose noticed"."""
    if place.is_in("masses") and place.is_before("lasts"):
        return -3
    if place.one not in _JOINTS | {"that", "which", "was", "is", "it's"}:
        return None
    if place.is_before("said by somebody"):
        return 3
    if place.is_before("does") and not place.is_in("masses"):
        return 3
    if place.is_before("done", "does") or _is_past(place.following):
        return 1 if place.is_in("masses") and place.following in {"is", "was", "has"} else 2
    return 2 if place.following == "and" and place.second in {"his", "her"} else None


def _is_past(word: str) -> bool:
    return word.endswith("ed") and len(word) > _SHORTEST_PAST


def _weigh_call(place: _Place) -> int | None:
    if place.one == "," and place.following in {".", "?", "!", ","}:
        return 2  # "Have a think, Grace."
    if place.is_before("said by somebody"):
        return 1
    return -1 if place.three in _section("articles") and place.one not in _JOINTS else None


def _weigh_date(place: _Place) -> int | None:
    """Weigh what makes it a time: nearly all Sundays are days."""
    one = place.one
    if place.following.isdecimal() or one.isdecimal() or one[:-2].isdecimal():
        return -6
    if place.is_after("before a time") and not (one == "that" and place.is_before("done")):
        return -6
    return -6 if place.is_before("after a time") else None


def _weigh_season(place: _Place) -> int | None:
    if place.one == "our" or place.is_in("modals"):
        return 0
    if place.following in {"comes", "came"} and place.second in {"early", "late", "round"}:
        return -4
    if place.following in {"was", "is", "came", "comes", "and", "we", "i", "he", "she", "they"}:
        return -1
    return -1 if place.second else None


_MODAL_SIGNS = (
    _weigh_modal_owner, _weigh_modal_doer, _weigh_modal_end, _weigh_modal_question,
    _weigh_modal_verb,
)  # fmt: skip
_NOUN_SIGNS = (
    _weigh_repeat, _weigh_town, _weigh_owner, _weigh_description, _weigh_of, _weigh_verb,
    _weigh_adjective, _weigh_address, _weigh_mass, _weigh_doer, _weigh_call,
)  # fmt: skip
_TIME_SIGNS = (_weigh_date, _weigh_season)


def is_phrase_word(before: Sequence[str], word: str, after: Sequence[str]) -> bool:
    """Whether a word in small letters stands in a phrase that names nobody: "the gas bill".

    before, after: the pieces to either side, ``PHRASE_REACH`` of them, in small letters.
    """
    for leading, following in _load_phrases().get(word, ()):
        is_led = not leading or tuple(before[-len(leading) :]) == leading
        if is_led and tuple(after[: len(following)]) == following:
            return True
    return False


_Phrase = tuple[tuple[str, ...], tuple[str, ...]]  # the words before, and after


@cache
def _load_phrases() -> dict[str, tuple[_Phrase, ...]]:
    """Return the phrases in small letters by each of their words, as what stands around it."""
    phrases: dict[str, list[_Phrase]] = {}
    for line in _section("phrases in small letters"):
        words = tuple(line.split())
        for at, word in enumerate(words):
            phrases.setdefault(word, []).append((words[:at], words[at + 1 :]))
    return {word: tuple(found) for word, found in phrases.items()}


def find_name_uses(
    text: str, words: Collection[str], entered: Collection[str] = ()
) -> Iterator[NameUse]:
    """Yield each place of these words in a text, with what they are there.

    words: folded, each a single word. entered: those of them that were entered.
    """
    tokens = list(_TOKEN.finditer(text))
    lowered = [token.group().lower().replace("\u2019", "'") for token in tokens]
    for at, token in enumerate(tokens):
        bare = lowered[at].removesuffix("'s")
        if fold_name(bare) not in words:
            continue
        owned = [_OWNED] if bare != lowered[at] else []
        after = [*owned, *lowered[at + 1 : at + 1 + _REACH]]
        before = lowered[max(0, at - _REACH) : at]
        is_shown = token.group()[0].isupper() and not (not before or before[-1] in _HEADED)
        use = judge_word_use(
            before, bare, after, is_shown=is_shown, is_entered=fold_name(bare) in entered
        )
        if use is WordUse.UNSURE and token.group().islower():
            around = lowered[max(0, at - PHRASE_REACH) : at], lowered[at + 1 : at + PHRASE_REACH]
            use = WordUse.WORD if is_phrase_word(around[0], lowered[at], around[1]) else use
        yield NameUse(token.start(), token.group(), use)


def is_time_word(word: str) -> bool:
    """Whether a word is a month, a weekday, a season or a feast that may be a name as well."""
    return word in _section("times")


def is_town_word(word: str) -> bool:
    """Whether a word is a town in Britain as well ("hull")."""
    return word in _section("towns")
