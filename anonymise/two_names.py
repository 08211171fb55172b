"""Tell two names from two spellings of one: Joan and John are two, Stephen and Steven are one.

``study.compare_names`` is made for finding: it takes all vowels of a kind for one sound, so that no
misheard name is missed. Whether two names are one person's wants a finer ear. Where many bear
both, and they differ in what is heard most, the first vowel, the ending or a consonant, they are
two; a spelling that nobody bears is a misheard one, whatever it sounds like.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from anonymise.pseudonym_choice import infer_gender
from models import look_up_word
from study import compact_name, compare_names, fold_name, load_respellings, spell_by_sound

_REMEMBERED = 1 << 14
_BORNE = 0.5  # a name that many bear
# Likeness of words to a name that was heard in pieces, and to a name that few bear.
_IN_PIECES, _LIKE = 0.8, 0.69
_SHORTEST = 3  # letters of a name that is the beginning of another: "Dan" of Daniel
_VOWELS = str.maketrans("", "", "aiu")
_MANY = 3  # syllables from which on an ending "ine" or "elle" is mostly not stressed
# Spellings of one name that the rules below would take for two, and a stress that none shows.
_RESPELT = {
    "eileen": "aileen", "matthew": "mathew", "matthews": "mathews", "michele": "michelle",
    "nichola": "nicola", "sheppard": "shepherd", "stewart": "stuart", "zoe": "zoey",
}  # fmt: skip
_STRESSED_LAST = frozenset({"marie"})  # not Mary
_GROUP = re.compile(r"[aeiouy]+(?:w(?![aeiouy]))?")
_SPELLINGS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"[^a-z]", ""), (r"^ma?c(?=[b-df-hj-np-tv-z])", "mac"), (r"(?<=[aeiou])gh|ph(?=o?n)", "h"),
        (r"(?<=[aeiouy])h(?![aeiouy])", ""), (r"(?<=[aeiouy])h(?=a)", ""),
        (r"^y(?=[aeiou])", "j"), (r"(?<=[aeoiuy])ye$", "y"), (r"eo(?=[fn])", "e"),
    )
)  # fmt: skip
_STRESSED = re.compile(r"(?:nne|lle|tte)$")
_MAGIC = re.compile(r"[aeiouy](?:[bcdfgklmnpstvz]|th)e$")
_LONG = {
    "ai": "A", "ay": "A", "ei": "E", "ey": "A", "ee": "E", "ea": "E", "oa": "O", "oe": "O",
    "ow": "W", "au": "W", "aw": "W", "oo": "U", "ou": "U", "ue": "U", "ew": "U", "ui": "U",
    "oy": "Y", "oi": "Y",
}  # fmt: skip


def are_two_names(name: str, other: str) -> bool:
    """Whether two names, word by word, hold two that many people bear and that sound unlike.

    Names of more and of fewer words are never told apart here.
    """
    words, more = (fold_name(one).replace("-", " ").split() for one in (name, other))
    return len(words) == len(more) and any(map(_are_two, words, more))


def names_another(said: str, forms: Collection[str]) -> bool:
    """Whether what was said holds a name that many bear, and that is in none of somebody's names.

    "rose" is not William Frost, though it is like him; "Jane Reid" is not Paul Reid, whose surname
    she has; "arthur ark right" is Arthur Arkwright.
    """
    known = {word for form in forms for word in fold_name(form).replace("-", " ").split()}
    words = fold_name(said).replace("-", " ").split()
    strange = [w for w in words if is_borne(w) and not any(_may_be(w, other) for other in known)]
    if not strange or not known:
        return False
    joined = compact_name(said)
    in_pieces = (f for f in (*forms, *known) if len(f.split()) < len(words))
    return not any(compare_names(joined, compact_name(form)) >= _IN_PIECES for form in in_pieces)


def _may_be(word: str, known: str) -> bool:
    """Whether a name may be this known one, heard or spelled in another way, or cut short."""
    if word == known or _sound_same(word, known):
        return True
    if not is_borne(known):
        return compare_names(word, known) >= _LIKE
    genders = {infer_gender([word]), infer_gender([known])} - {""}
    is_cut = len(word) >= _SHORTEST and known.startswith(word) and not _STRESSED.search(known)
    return is_cut and len(known) - len(word) > 1 and len(genders) <= 1


@lru_cache(maxsize=_REMEMBERED)
def _are_two(word: str, other: str) -> bool:
    return word != other and is_borne(word) and is_borne(other) and not _sound_same(word, other)


@lru_cache(maxsize=_REMEMBERED)
def is_borne(word: str) -> bool:
    """Whether many people have this given name or surname, though it may be a word as well."""
    known = look_up_word(word)
    return max(known.given, known.surname) >= _BORNE or bool(infer_gender([word]))


def _sound_same(word: str, other: str) -> bool:
    """Whether two names are pronounced alike: "Jean" and "Gene", "Catherine" and "Kathryn"."""
    sounds = spell_by_sound(word), spell_by_sound(other)
    if len({infer_gender([word]), infer_gender([other])} - {""}) > 1 and sounds[0] != sounds[1]:
        return False
    return _hear(word) == _hear(other)


@lru_cache(maxsize=_REMEMBERED)
def _hear(word: str) -> tuple[str, ...]:
    """Return the consonants of a name, its first vowel and its ending, as they are heard."""
    is_stressed = word in _STRESSED_LAST
    word = _RESPELT.get(word, word)
    spelling = load_respellings().get(word, word)
    for pattern, plain in _SPELLINGS:
        spelling = pattern.sub(plain, spelling)
    sound = spell_by_sound(word)
    bones = sound[:1].translate(_VOWELS) + re.sub(r"[aiuhy]", "", sound[1:])
    bones = re.sub(r"(.)\1", r"\1", bones)
    begins = spelling[:1] if spelling[:1] in set("vz") else ""  # as "f" and "s" elsewhere
    ending = "E" if is_stressed else _find_ending(spelling)
    return bones, begins, _find_first_vowel(spelling), ending


def _find_first_vowel(spelling: str) -> str:
    group = _GROUP.search(spelling)
    if group is None:
        return ""
    rest = spelling[group.end() :]
    if rest.startswith("r"):
        return "r" if rest == "re" or group.end() - group.start() > 1 else group[0]
    return _name_vowel(spelling, group)


def _find_ending(spelling: str) -> str:
    """Return the last vowel where it is stressed or ends the name, "" for any other."""
    is_mute = bool(re.search(r"[^aeiouy]e$", spelling))
    groups = [g for g in _GROUP.finditer(spelling) if not (is_mute and g.end() == len(spelling))]
    if not groups:
        return ""
    last, many = groups[-1], len(groups) >= _MANY
    if last.end() == len(spelling):
        return _name_vowel(spelling, last) if len(groups) == 1 else _name_last(last[0])
    if len(groups) == 1 and len(last[0]) <= 2:  # noqa: PLR2004 - more are two syllables
        return spelling[-3:] if _is_oanne(spelling) else ""
    if _STRESSED.search(spelling) and not (many and spelling.endswith("lle")):
        return spelling[-3:]
    if is_mute and len(last[0]) > 1:
        return "-" + last[0]
    is_weak = last[0] == "ie" or spelling.endswith("ole") or (many and spelling.endswith("ine"))
    vowel = _name_vowel(spelling, last)
    return vowel if vowel.isupper() and not is_weak else ""


def _name_last(vowels: str) -> str:
    """Return the sound of the vowels that end a name of several syllables."""
    return "i" if vowels[-1] in "iye" else vowels[-1]


def _is_oanne(spelling: str) -> bool:
    """Whether two vowels are two syllables: "Joanne", "Leanne", "Noelle"."""
    return bool(re.search(r"[eo]anne$|oelle$", spelling))


def _name_vowel(spelling: str, group: re.Match[str]) -> str:
    """Return the sound of a group of vowels: a capital for a long one."""
    vowels, rest = group[0].replace("y", "i") if len(group[0]) == 1 else group[0], group.end()
    if len(vowels) == 1:
        is_long = rest == len(spelling) or _MAGIC.fullmatch(spelling[group.start() :])
        return vowels.upper() if is_long else vowels
    if vowels == "ae":
        return "A" if rest == len(spelling) else "a"
    if vowels == "ie":
        return "E" if rest < len(spelling) else "I"
    if vowels == "ei" and group.start() == 0:
        return "I"
    return _LONG.get(vowels[:2], vowels[:1].replace("y", "i"))
