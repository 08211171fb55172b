"""Known names that were heard as words that sound like them: "my husband cereal", for Cyril.

A speech model that does not know a name writes the words that it sounds like. Where somebody is
told of or spoken to, one word or two that sound like a name of this study are a question; after
"in" and "at" so are words that sound like one of its places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from anonymise.pieces import Pieces, lowered_at
from anonymise.shipped_lists import load_word_list
from models import look_up_word
from study import (
    NEVER_NAMES,
    LikelyName,
    NameMatcher,
    WordUse,
    compare_names,
    is_in_town,
    judge_word_use,
    spell_by_sound,
)

_REACH = 3  # pieces to either side that tell where a name stands
_SOMEBODY = "x"  # stands for the words in question: in no list
_EVERYBODYS = 1.0  # how common a word is that everybody uses
# Likeness of what stands where a name does: of words that everybody uses, of others, of two words,
# and after "with", where anything stands.
_LIKE_EVERYBODYS, _LIKE_ANY, _LIKE_TWO, _LIKE_WITH, _LIKE_SITE = 0.86, 0.69, 0.84, 0.9, 0.85
_LIKE_FULL = 0.75  # of two words with a given name and a surname
_SHORTEST, _SHORTEST_TWO, _SHORTEST_SITE = 4, 5, 7  # letters
_SHORTEST_BONES = 3  # consonants
_MOST_SITE = 3  # words into which the name of a place is torn
_VOWELS = str.maketrans("", "", "aiu")
_INTO = load_word_list("sites", "before heard places")
_TOLD = load_word_list("people", "before heard names")
_DOES = load_word_list("verbs", "finite") | load_word_list("people", "after heard names")


class HeardNames:
    """Finds words that sound like names of a study where such a name stands.

    people, sites: names of persons, and of places and organisations, folded.
    """

    def __init__(self, people: Iterable[str], sites: Iterable[str]) -> None:
        people = [name for name in people if len(name) >= _SHORTEST]  # "how" is like "Huw"
        sites = list(sites)
        self._people = NameMatcher(people) if people else None
        self._sites = NameMatcher(sites) if sites else None
        self._starts = {_find_start(name) for name in people}
        self._bones: dict[str, str] = {}
        full: dict[str, list[str]] = {}
        for name in people:
            if " " in name:
                full.setdefault(name.split()[0], []).append(name)
        self._full = {given: NameMatcher(names) for given, names in full.items()}
        for name in people:
            bones = _find_bones(name)
            if len(bones) >= _SHORTEST_BONES:
                self._bones.setdefault(bones, name)

    def find(self, pieces: Pieces, at: int) -> tuple[int, str] | None:
        """Return the index after words from ``at`` that sound like a name, and that name."""
        for count in (2, 1):
            last = at + count
            if not _are_words(pieces, at, last):
                continue
            likely = self._find_person(pieces, at, last)
            if likely is not None:
                return last, likely.name
        return self._find_site(pieces, at)

    def _find_person(self, pieces: Pieces, at: int, last: int) -> LikelyName | None:
        words = [p.lowered_bare for p in pieces[at:last]]
        if self._people is None or words[0] in NEVER_NAMES:
            return None
        likely = self._find_like(words[0]) if len(words) == 1 else self._find_like_two(words)
        if likely is None or not _is_slot(pieces, at, last):
            return None
        wanted = _LIKE_ANY
        if lowered_at(pieces, at - 1) == "with":
            wanted = _LIKE_WITH
        elif len(words) == 1 and lowered_at(pieces, at - 1) == "our":
            wanted = _LIKE_EVERYBODYS  # "our earnings"
        elif len(words) == 1 and _is_everybodys(words[0]) and not _is_sure_slot(pieces, at, last):
            wanted = _LIKE_EVERYBODYS
        return likely if likely.likeness >= wanted else None

    def _find_like(self, word: str) -> LikelyName | None:
        if self._people is None or len(word) < _SHORTEST or word.endswith("ly"):
            return None  # "frankly" is no Frank
        likely = self._people.find_nearest(word)
        return likely if likely is not None and likely.likeness >= _LIKE_ANY else None

    def _find_like_two(self, words: Sequence[str]) -> LikelyName | None:
        spoken = " ".join(words)
        is_like = _find_start(words[0]) in self._starts  # most words are told apart by that
        if self._people is None or len(spoken) <= _SHORTEST_TWO or not is_like:
            return None
        given = self._find_like(words[0])
        if given is not None and given.name in self._full:
            whole = self._full[given.name].find_nearest(spoken)
            return whole if whole is not None and whole.likeness >= _LIKE_FULL else None
        likely = self._people.find_same_sounding(spoken)
        bones = (_find_bones(spoken), _find_bones(spoken.replace(" ", "")))
        for name in (self._bones[one] for one in bones if one in self._bones):
            alike = max(compare_names(spoken, name), compare_names(spoken.replace(" ", ""), name))
            if likely is None or alike > likely.likeness:
                likely = LikelyName(name, alike)
        return likely if likely is not None and likely.likeness >= _LIKE_TWO else None

    def _find_site(self, pieces: Pieces, at: int) -> tuple[int, str] | None:
        if self._sites is None or lowered_at(pieces, at - 1) not in _INTO:
            return None
        before = [p.lowered for p in pieces[max(0, at - _REACH) : at]]
        for last in range(at + _MOST_SITE, at, -1):
            if not _are_words(pieces, at, last):
                continue
            spoken = " ".join(p.lowered_bare for p in pieces[at:last])
            likely = self._sites.find_nearest(spoken)
            if likely is None:
                continue
            if last == at + 1:
                is_town = not _is_everybodys(spoken) and is_in_town(before, _TOWN)
                if is_town and likely.likeness >= _LIKE_ANY:
                    return last, likely.name
            elif len(spoken) >= _SHORTEST_SITE and likely.likeness >= _LIKE_SITE:
                return last, likely.name
        return None


_TOWN = "hull"  # stands for any town: whether somebody lives or moves there


def _is_slot(pieces: Pieces, at: int, last: int) -> bool:
    """Whether somebody's name stands where these words do: "told X", "my brother X", "X said"."""
    before = [p.lowered for p in pieces[max(0, at - _REACH) : at]]
    after = [p.lowered for p in pieces[last : last + _REACH]]
    if before[-2:] == ["married", "to"]:
        return True
    return judge_word_use(before, _SOMEBODY, after) is WordUse.NAME


def _is_sure_slot(pieces: Pieces, at: int, last: int) -> bool:
    """Whether hardly anything but a name stands here: "told X", "my brother X was", "Mr X"."""
    before, following = lowered_at(pieces, at - 1), lowered_at(pieces, last)
    is_married = before == "to" and lowered_at(pieces, at - 2) == "married"
    return (
        is_married
        or before in _TOLD
        or (following in _DOES and before not in {"", "and", "so", "then"})
    )


def _are_words(pieces: Pieces, at: int, last: int) -> bool:
    """Whether these pieces are words, all of them ordinary ones."""
    return last <= len(pieces) and all(
        p.is_word and (p.lowered_bare == "a" or look_up_word(p.lowered_bare).is_word)
        for p in pieces[at:last]
    )


@lru_cache(maxsize=1 << 14)
def _is_everybodys(word: str) -> bool:
    return look_up_word(word).common >= _EVERYBODYS


@lru_cache(maxsize=1 << 14)
def _find_start(words: str) -> str:
    """Return the consonant that words begin with by their sound, "a" for any vowel."""
    sound = spell_by_sound(words)
    return "a" if sound[:1] in set("aiu") else sound[:1]


@lru_cache(maxsize=1 << 14)
def _find_bones(words: str) -> str:
    """Return the consonants of what words sound like, and whether a vowel begins them."""
    sound = spell_by_sound(words)
    return ("a" if sound[:1] in set("aiu") else "") + sound.translate(_VOWELS)
