"""How alike two names are, in writing or sound: "Cathleen" is Kathleen, "Shivorn" is Siobhan.

A speech model writes a name as it sounds. ``spell_by_sound`` spells a name as it is pronounced in
Britain (no "r" before a consonant, no "gh" and other mute letters, "f" for "v"); for names that
are pronounced unlike their spelling it uses ``respelt.txt``. Two names are compared by their
letters and by their sounds; the higher of the two scores counts. Nothing here knows which words
are ordinary ones: the caller decides what to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from study.records import fold_name

_REMEMBERED = 1 << 14
# Order matters: each rule sees what those before it left. Capitals stand for one sound that two
# letters spell: C as in church, S as in ship, T as in thin.
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"^(?:kn|gn|pn)", "n"), (r"(?:^|(?<=[bcdfgkpst]))wr", "r"), (r"^ps", "s"),
        (r"^x", "s"), (r"^rh", "r"),
        (r"^mac(?=[bcdfghjklmnpqrstvwxyz])", "mc"), (r"^mck?", "mik"), (r"^wh(?=o)", "h"),
        (r"^(?:ll|fl)(?=[aeiouwy])", "l"), (r"^ff", "f"), (r"^dzh", "j"), (r"^(?:sz|cz)", "C"),
        (r"wh", "w"), (r"ph", "f"), (r"tch", "C"), (r"sch", "S"), (r"chr", "kr"), (r"ch", "C"),
        (r"sh", "S"), (r"(?:ti|ci|si)(?=on|an)", "S"), (r"th|dd(?=[aeiouwy]?$)", "T"),
        (r"dge?(?=[aeiouy]|$|l|s)", "j"), (r"(?<=[aeiou])ugh(?=t|$)", "u"), (r"ough", "uf"),
        (r"(?<=[aeiou])gh", ""), (r"gh", "g"), (r"sc(?=[eiy])", "s"), (r"c(?=[eiy])", "s"),
        (r"c?[kq]u?|c", "k"), (r"g(?=[ey])", "j"), (r"x", "ks"), (r"z", "s"), (r"v", "f"),
        (r"mb(?=$|[bdfgklmnpst])", "m"), (r"(?<=s)t(?=l|en)", ""), (r"(?<=[aou])l(?=[mkf])", ""),
        (r"(?<=n)d(?=s)", ""), (r"(?<=m)p(?=[st])", ""), (r"ng", "n"), (r"n(?=[pb])", "m"),
        (r"a[wu](?![aeiouy])", "o"),
        (r"(.)\1", r"\1"), (r"(?<=[aeiou])[hw](?![aeiouy])", ""), (r"(?<=[^aeiou])h", ""),
        (r"(?<=[aeiouy])r(?![aeiouy])", ""), (r"(?<=[^aeiou])es?$", ""), (r"y(?![aeiou])", "i"),
        (r"[aeio]?u[aeioy]*|[ao]*o[aeiy]*", "u"), (r"[ei][aeiy]*", "i"), (r"a[aeiy]*", "a"),
        (r"(.)\1", r"\1"),
    )
)  # fmt: skip
_VOWELS = str.maketrans("", "", "aiu")
_SHORTEST_SKELETON = 3  # consonants: "sn" alone would be Sean, Ian's son and Susan
_LEAST = 0.6
# A name that sounds quite the same counts almost as one written the same; sounds that only
# resemble each other count for less, for a sound is shorter than a word.
_SAME_SOUND, _SAME_BONES, _LIKE_SOUND = 0.94, 0.86, 0.95


@lru_cache(maxsize=_REMEMBERED)
def spell_by_sound(name: str) -> str:
    """Spell a name by its sound, in lower case letters and C, S, T: "Knight" gives "nit".

    Words are spelled one by one and joined. A name without Latin letters gives "".
    """
    return "".join(_word_sound(word) for word in fold_name(name).replace("-", " ").split())


@lru_cache(maxsize=_REMEMBERED)
def _word_sound(word: str) -> str:
    sound = load_respellings().get(word, word)
    for pattern, plain in _RULES:
        sound = pattern.sub(plain, sound)
    return sound


@cache
def load_respellings() -> dict[str, str]:
    """Return phonetic spellings of names that are not written as they sound, by the folded name."""
    lines = (files("study") / "respelt.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line and line[0] != "#")
    return {fold_name(name): spelling for name, spelling in pairs}


def compare_names(name: str, other: str) -> float:
    """Return how alike two names are, 0.0 to 1.0, by their letters or their sounds.

    From 0.8 on they may well be the same name: one letter in five is wrong, or the same sound is
    spelled otherwise.
    """
    first, second = compact_name(name), compact_name(other)
    if not first or not second:
        return 0.0
    return max(
        fuzz.ratio(first, second) / 100, _by_sound(spell_by_sound(name), spell_by_sound(other))
    )


def compact_name(name: str) -> str:
    """Fold a name and take the spaces, hyphens and full stops out: "mcdonald" of "Mc Donald"."""
    return fold_name(name).replace(" ", "").replace("-", "").replace(".", "")


def _by_sound(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return _SAME_SOUND if len(one) > 1 else 0.0
    alike = fuzz.ratio(one, other) / 100 * _LIKE_SOUND
    bones = one.translate(_VOWELS)
    same_start = (one[0] in "aiu") == (other[0] in "aiu")
    if same_start and len(bones) >= _SHORTEST_SKELETON and bones == other.translate(_VOWELS):
        return max(alike, _SAME_BONES)
    return alike


@dataclass(frozen=True, slots=True)
class LikelyName:
    """The known name that some words resemble most, and how much, 0.0 to 1.0."""

    name: str
    likeness: float


class NameMatcher:
    """Finds the known name that some words may be. Caches its answers."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(dict.fromkeys(name for name in names if compact_name(name)))
        self._letters = [compact_name(name) for name in self._names]
        self._sounds = [spell_by_sound(name) for name in self._names]
        self._bones: dict[str, int] = {}
        for place, sound in enumerate(self._sounds):
            self._bones.setdefault(sound.translate(_VOWELS), place)
        by_letters = {name: place for place, name in reversed(list(enumerate(self._letters)))}
        by_sound = {sound: place for place, sound in reversed(list(enumerate(self._sounds)))}
        self._exact = by_sound | by_letters  # of the same spelling, the name that came first
        self._asked: dict[tuple[str, str], LikelyName | None] = {}

    def find_nearest(self, words: str, *, name_sound: str = "") -> LikelyName | None:
        """Return the name most like these words, None where no likeness reaches 0.6.

        name_sound: their phonetic spelling, where it is not that of the words as written.
        """
        key = words, name_sound
        if key not in self._asked:
            self._asked[key] = self._nearest(
                compact_name(words), name_sound or spell_by_sound(words)
            )
        return self._asked[key]

    def find_same_sounding(self, words: str) -> LikelyName | None:
        """Return the name that all of these words together sound like, None where there is none.

        It only looks words up and compares with one name, so it may be called for every word of a
        text.
        """
        letters, sound = compact_name(words), spell_by_sound(words)
        place = self._exact.get(letters, self._exact.get(sound) if len(sound) > 1 else None)
        if place is None and len(bones := sound.translate(_VOWELS)) > _SHORTEST_SKELETON:
            place = self._bones.get(bones)
        if place is None:
            return None
        return LikelyName(self._names[place], self._likeness(place, letters, sound))

    def _nearest(self, letters: str, sound: str) -> LikelyName | None:
        if not letters:
            return None
        candidates = set[int]()
        for query, among in ((letters, self._letters), (sound, self._sounds)):
            if query and (
                best := process.extractOne(
                    query, among, scorer=fuzz.ratio, score_cutoff=100 * _LEAST
                )
            ):
                candidates.add(best[2])
        if (same := self._bones.get(sound.translate(_VOWELS))) is not None:
            candidates.add(same)
        best_first = sorted(
            (LikelyName(self._names[n], self._likeness(n, letters, sound)) for n in candidates),
            key=lambda likely: (-likely.likeness, likely.name),
        )
        return best_first[0] if best_first and best_first[0].likeness >= _LEAST else None

    def _likeness(self, place: int, letters: str, sound: str) -> float:
        by_letters = fuzz.ratio(letters, self._letters[place]) / 100
        return max(by_letters, _by_sound(sound, self._sounds[place]))
