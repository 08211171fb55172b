"""Whether a word is a replaced name where it stands, at the gate: "told Rose", and not "a rose".

``study.find_name_uses`` weighs what stands around a word, as the search does; what it leaves open
is judged here as the gate must: a place does nothing, a person does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from handoff.forbidden_text import ForbiddenText
from handoff.name_forms import load_gate_section
from study import WordUse, find_name_uses, fold_name, is_time_word, load_kept_sections

_MODALS = frozenset({"may", "will"})  # "so I said Will you listen"
_ENDS = frozenset(".?!:;\u2026\"'\u201c\u2018(")
_BEFORE = re.compile(r"([^\W\d_]+)['\u2019]?[^\W\d_]*[,]? *$")
_SAID_BEFORE = re.compile(r"[^\W\d_]+|[^\w\s'\u2019]")
_AFTER = re.compile(r"[^\S\n]*([^\W\d_]+)(?: +([^\W\d_]+))?")
_MET = frozenset({"saw", "met", "rang", "phoned", "visited", "married", "seen", "asked", "told"})
_GONE_ON = frozenset({"and", "on", "in", "at", "with", "there", "yesterday", "today", "last"})
_DOES = frozenset({
    "does", "did", "never", "always", "came", "comes", "says", "said", "told", "went", "gave",
    "rang", "took", "sat", "slept", "wouldn", "didn", "doesn", "helps", "helped", "used", "liked",
    "likes", "works", "worked", "drove", "stayed", "lives", "lived", "brought", "brings", "cried",
    "knew", "knows", "thought", "thinks", "wanted", "wants", "has", "had", "was", "is", "looks",
})  # fmt: skip
_STATES = frozenset({
    "in", "at", "with", "there", "here", "on", "upset", "crying", "ill", "asleep", "born", "my",
    "always", "sitting", "waiting", "working", "frightened", "worried", "tired", "married",
})  # fmt: skip
_GAVE = frozenset({"gave", "give", "gives", "giving", "sent", "lent", "handed", "showed"})
_THINGS = frozenset({"the", "a", "an", "my", "his", "her", "our", "some", "it", "them"})
_BE = frozenset({"is", "was", "are", "were", "been", "be", "s"})
_COUNTS = frozenset({
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "half", "whole",
})  # fmt: skip
_BECOME = frozenset({"went", "gone", "going", "turned"})
_AFTER_VERB = frozenset({"when", "if", "a", "so", ""})
_BELIEVED = frozenset({"believe", "believed", "confide", "confided", "trust", "trusted"})
_SUBJECTS = frozenset({"i", "we", "you", "he", "she", "they", "it"})


@cache
def _load(section: str) -> frozenset[str]:
    return frozenset(load_gate_section(section))


@cache
def _load_calendar() -> frozenset[str]:
    """Return the words of the calendar, which have a capital though they name nobody."""
    words = map(fold_name, load_kept_sections()["calendar"])
    return frozenset(word for word in words if " " not in word)


def find_said_names(text: str, forbidden_text: ForbiddenText, *, is_talk: bool) -> Iterator[int]:
    """Yield the starts of names that are words as well, where they are names.

    With a capital that begins no sentence, or alone in what is said ("Mags."), a word is a name
    unless something tells otherwise ("in May"); else it is one only where something tells so, or
    where the search asks.
    """
    words = forbidden_text.named_words
    if not words:
        return
    for start, word, use in find_name_uses(text, words, forbidden_text.asked):
        if _is_name(text, start, word, use, forbidden_text, is_talk=is_talk):
            yield start


def _is_name(
    text: str,
    start: int,
    word: str,
    use: WordUse,
    forbidden_text: ForbiddenText,
    *,
    is_talk: bool,
) -> bool:
    folded = fold_name(word.removesuffix("'s").removesuffix("\u2019s"))
    if word.islower() and not (is_talk and folded in forbidden_text.small):
        return False
    begins = _begins_sentence(text, start)
    before, following = _near(text, start, start + len(word))
    if _is_surely_somebody(folded, before, following) or (
        word.islower() and _is_given_or_lived_in(folded, forbidden_text, before, following, use)
    ):
        return True
    is_answer = is_talk and begins and _is_answer(text, start, start + len(word))
    # "Reading was her great love": a place does nothing. "Little did we know".
    is_lost = folded in forbidden_text.things and begins and not is_answer
    if use is WordUse.WORD or is_lost or (following[0] == "did" and following[1] in _SUBJECTS):
        return False
    if use is WordUse.NAME:
        return True
    if word.islower():
        is_asked = folded in forbidden_text.asked
        return is_asked and not _is_plain(folded, text[:start], following, forbidden_text)
    # A capital tells, but one that only begins a sentence; where it is all that is said ("Mags.",
    # "Mags, yes."), it is what somebody is called.
    return (not begins or is_answer) and folded not in _load_calendar() and folded not in _MODALS


def _is_answer(text: str, start: int, end: int) -> bool:
    """Whether a word begins what is said, and nothing or a mark follows it."""
    before, rest = text[max(0, start - 40) : start].rstrip(" "), text[end : end + 3].lstrip(" ")
    return before[-1:] in {"", ":", "\n"} and rest[:1] in {"", "\n", *".,?!;:"}


def _is_surely_somebody(word: str, before: str, following: tuple[str, str]) -> bool:
    """Whether a word that is a time or a modal is somebody: "saw may on the ward", "May never"."""
    if not (is_time_word(word) or word in _MODALS):
        return False
    if word in _MODALS and before in _MET and following[0] in _GONE_ON:
        return True
    is_doing = following[0] in _DOES
    if following[0] in {"was", "is"} and following[1] in _STATES:
        return before in {"", "and"}  # "April was in tears"
    if word == "may":
        return before == "" and following[0] in _DOES - {"is", "was"}
    return (
        word not in _load_calendar()
        and not before
        and is_doing
        and following[0] not in {"was", "is"}
    )


def _is_given_or_lived_in(
    word: str,
    forbidden_text: ForbiddenText,
    before: str,
    following: tuple[str, str],
    use: WordUse,
) -> bool:
    """Whether a word is a name though little tells: "gave iris the pills", "lived in bath"."""
    if word in forbidden_text.things:
        return before == "in" and use is WordUse.UNSURE
    is_given = before in _GAVE and following[0] in _THINGS
    return is_given or (following[0] == "who" and before in _BE | {"only"})


def _is_plain(
    word: str, before: str, following: tuple[str, str], forbidden_text: ForbiddenText
) -> bool:
    """Whether a word that was entered as a name is the word here: "prices rose", "a ham sandwich".

    Nothing sure tells so, which ``judge_word_use`` would know; a person was asked about it.
    """
    two, one = _SAID_BEFORE.findall(f". . {before.lower()}")[-2:]
    if word in forbidden_text.things:
        is_doing = word.endswith("ing") or word in _load("kinds")
        return is_doing if one in _BE else one.isalpha() and one not in _load("before places")
    is_kind = word in _load("kinds") and one in _BECOME and following[0] != "s"
    is_of_many = one in {"were", "are"} and two not in _SUBJECTS and two.isalpha()
    return (
        (word in _load("solids") and (one in _load("before solids") or one in _COUNTS))
        or (word == "rose" and one in _load("rise"))
        # Nobody is in somebody; "bath" and "hope" may be towns.
        or (one == "in" and word in _load("within") and two not in _BELIEVED)
        or (is_of_many and not following[0])
        or is_kind
        or (one == "it" and word.endswith("s") and following[0] in _AFTER_VERB)
    )


def _near(text: str, start: int, end: int) -> tuple[str, tuple[str, str]]:
    """Return the word before in the same sentence, "" where there is none, and the two after."""
    before = _BEFORE.search(text, max(0, start - 30), start)
    after = _AFTER.match(text, end)
    return (
        before[1].lower() if before else "",
        (after[1].lower(), (after[2] or "").lower()) if after else ("", ""),
    )


def _begins_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins here, so that a capital says nothing."""
    before = text[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in _ENDS or before[-1] in "\n]"
