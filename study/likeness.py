"""How like two names are, written or heard: "Cathleen" is Kathleen, "Shivorn" is Siobhan.

A recogniser writes a name as it sounds. ``sound`` spells a name by what is heard of it in
Britain (no "r" before a consonant, "gh" and other mute letters gone, "f" for "v"), names that
are spelled unlike their sound by way of ``respelt.txt``. Two names are compared by their
letters and by their sounds; the better of the two counts. Nothing here knows which words are
ordinary ones: whoever searches a text decides what to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from study.terms import fold

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


def sound(name: str) -> str:
    """Spell a name by its sound, lower case letters and C, S, T: ``sound("Knight") == "nit"``.

    Words are sounded one by one and joined. A name of no Latin letter sounds as "".
    """
    return "".join(_word_sound(word) for word in fold(name).replace("-", " ").split())


@lru_cache(maxsize=_REMEMBERED)
def _word_sound(word: str) -> str:
    heard = respelt().get(word, word)
    for pattern, plain in _RULES:
        heard = pattern.sub(plain, heard)
    return heard


@cache
def respelt() -> dict[str, str]:
    """Names that are not spelled as they sound, folded, and a spelling that is."""
    lines = (files("study") / "respelt.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line and line[0] != "#")
    return {fold(name): heard for name, heard in pairs}


def likeness(one: str, other: str) -> float:
    """How like two names are, 0.0 to 1.0, by their letters or their sounds.

    From 0.8 on they may well be one name: a letter wrong in five, or another spelling of the
    same sound.
    """
    first, second = joined(one), joined(other)
    if not first or not second:
        return 0.0
    return max(fuzz.ratio(first, second) / 100, _by_sound(sound(one), sound(other)))


def joined(name: str) -> str:
    """Fold a name and take the spaces, hyphens and full stops out: "mcdonald" of "Mc Donald"."""
    return fold(name).replace(" ", "").replace("-", "").replace(".", "")


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
class Likely:
    """The known name that some words resemble most, and how much, 0.0 to 1.0."""

    name: str
    likeness: float


class Likenesses:
    """Many known names, to be asked which of them some words may be. Remembers what was asked."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(dict.fromkeys(name for name in names if joined(name)))
        self._letters = [joined(name) for name in self._names]
        self._sounds = [sound(name) for name in self._names]
        self._bones: dict[str, int] = {}
        for at, heard in enumerate(self._sounds):
            self._bones.setdefault(heard.translate(_VOWELS), at)
        self._exact = {name: at for at, name in reversed(list(enumerate(self._letters)))}
        self._exact = {h: at for at, h in reversed(list(enumerate(self._sounds)))} | self._exact
        self._asked: dict[tuple[str, str], Likely | None] = {}

    def nearest(self, words: str, *, heard: str = "") -> Likely | None:
        """Return the name most like these words, None where none is alike by 0.6 or more.

        heard: their sound, where it is not that of the words as written.
        """
        key = words, heard
        if key not in self._asked:
            self._asked[key] = self._nearest(joined(words), heard or sound(words))
        return self._asked[key]

    def same(self, words: str) -> Likely | None:
        """Return the name that these words sound like from end to end, None where there is none.

        Cheap, so that it may be asked of all words of a text: no name is compared with another.
        """
        heard = sound(words)
        at = self._exact.get(joined(words), self._exact.get(heard) if len(heard) > 1 else None)
        if at is None and len(bones := heard.translate(_VOWELS)) > _SHORTEST_SKELETON:
            at = self._bones.get(bones)
        if at is None:
            return None
        return Likely(self._names[at], self._likeness(at, joined(words), heard))

    def _nearest(self, letters: str, heard: str) -> Likely | None:
        if not letters:
            return None
        candidates = set[int]()
        for query, among in ((letters, self._letters), (heard, self._sounds)):
            if query and (
                best := process.extractOne(
                    query, among, scorer=fuzz.ratio, score_cutoff=100 * _LEAST
                )
            ):
                candidates.add(best[2])
        if (same := self._bones.get(heard.translate(_VOWELS))) is not None:
            candidates.add(same)
        best_first = sorted(
            (Likely(self._names[at], self._likeness(at, letters, heard)) for at in candidates),
            key=lambda likely: (-likely.likeness, likely.name),
        )
        return best_first[0] if best_first and best_first[0].likeness >= _LEAST else None

    def _likeness(self, at: int, letters: str, heard: str) -> float:
        by_letters = fuzz.ratio(letters, self._letters[at]) / 100
        return max(by_letters, _by_sound(heard, self._sounds[at]))
