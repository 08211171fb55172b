"""Whether a word is a replaced name where it stands, at the gate: "told Rose", and not "a rose".

``study.find_name_uses`` weighs what stands around a word, as the search does; what it leaves open
is judged here as the gate must: a place does nothing, a person does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from handoff.forbidden_text import ForbiddenText
from study import WordUse, find_name_uses, fold_name, is_time_word, load_kept_sections

_MODALS = frozenset({"may", "will"})  # "so I said Will you listen"
_ENDS = frozenset(".?!:;\u2026\"'\u201c\u2018(")
_BEFORE = re.compile(r"([^\W\d_]+)['\u2019]?[^\W\d_]*[,]? *$")
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
_SUBJECTS = frozenset({"i", "we", "you", "he", "she", "they", "it"})


@cache
def _load_calendar() -> frozenset[str]:
    """Return the words of the calendar, which have a capital though they name nobody."""
    words = map(fold_name, load_kept_sections()["calendar"])
    return frozenset(word for word in words if " " not in word)


def find_said_names(text: str, forbidden_text: ForbiddenText, *, is_talk: bool) -> Iterator[int]:
    """Yield the starts of names that are words as well, where they are names.

    With a capital that begins no sentence a word is a name unless something tells otherwise ("in
    May"); else it is one only where something tells so, or where the search asks.
    """
    words = forbidden_text.named_words
    if not words:
        return
    for start, word, use in find_name_uses(text, words, forbidden_text.asked):
        folded = fold_name(word.removesuffix("'s").removesuffix("\u2019s"))
        if word.islower() and not (is_talk and folded in forbidden_text.small):
            continue
        begins = _begins_sentence(text, start)
        before, following = _near(text, start, start + len(word))
        if use is not WordUse.NAME and _is_surely_somebody(folded, before, following):
            yield start
        if use is WordUse.WORD:
            continue
        if folded in forbidden_text.things and begins:
            continue  # "Reading was her great love": a place does nothing
        if following[0] == "did" and following[1] in _SUBJECTS:
            continue  # "Little did we know"
        is_shown = word[0].isupper() and not begins
        is_asked = word.islower() and folded in forbidden_text.asked
        may_be_shown = folded not in _load_calendar() and folded not in _MODALS
        if use is WordUse.NAME or is_asked or (is_shown and may_be_shown):
            yield start


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
