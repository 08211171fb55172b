"""The keep-list: diseases, medicines, days, national bodies, words that are also names.

``keep.txt`` ships with Earshot, by section; a study adds its own words, or takes shipped ones out.
A phrase of the list is never proposed as a name; a name that is also a word is proposed only where
it is written like a name.

A study's own list is plain text, one word or phrase a line. A line that begins with ``-`` takes a
shipped one out ("- mind", where Mind is the name of a dog). It is sealed, and every version stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from anonymise.pieces import (
    CutTurn,
    Pieces,
    begins_sentence,
    lowered_at,
    split_listed_words,
    strip_possessive,
)
from anonymise.shipped_lists import load_shipped_list, load_word_list
from study import ArtefactKind, fold_name, parse_vocabulary

if TYPE_CHECKING:
    from study.store import Study

_LONGEST_PHRASE = 5  # pieces: "university of the third age"
_EVERYDAY, _ALSO_NAMES = "everyday words", "names that are words"
_OUT = "-"  # begins a line of a study's own list that takes a shipped phrase out
_VERBS_FOLLOW = load_word_list("verbs", "after a verb")
COUNTRY_INITIALS = frozenset({"US", "USA", "UAE", "NZ"})  # ordinary words in small letters
_FINITE = load_word_list("verbs", "finite")
_MONTHS = split_listed_words("may june april august")
_BEFORE_MONTHS = split_listed_words(
    "in of since by until till last next this early late mid from every"
)


@dataclass(frozen=True, slots=True)
class KeepList:
    """Words and phrases that name nobody, folded.

    phrases: kept as a whole. everyday: single words that are no names. also_names: single words
    that are names as well.
    """

    phrases: frozenset[str]
    everyday: frozenset[str]
    also_names: frozenset[str]

    def is_kept_phrase(self, text: str) -> bool:
        """Whether these words, as a whole, name nobody ("the Alzheimer's Society")."""
        words = fold_name(text).removeprefix("the ")
        if words in self.also_names:
            return False
        if words in self.phrases or words in self.everyday:
            return True
        return fold_name(strip_possessive(text)).removeprefix("the ") in self.phrases

    def is_listed(self, word: str) -> bool:
        """Whether a word is a phrase of the list, though it may be a name as well ("May")."""
        return fold_name(word) in self.phrases

    def is_common(self, word: str) -> bool:
        """Whether one word is too common to be searched for without a capital letter."""
        bare = fold_name(word)
        return bare in self.everyday or bare in self.also_names or bare in self.phrases

    def is_used_as_word(self, pieces: Pieces, index: int) -> bool:
        """Whether the word at an index, though it may be a name, is used as a word here."""
        piece, following = pieces[index], lowered_at(pieces, index + 1)
        if not self.is_common(piece.lowered_bare):
            return False
        if piece.lowered in _MONTHS and _is_dated(lowered_at(pieces, index - 1), following):
            return True
        if not piece.is_capital:
            return not (following in _FINITE or _is_past(following))
        return begins_sentence(pieces, index) and lowered_at(pieces, index + 1) in _VERBS_FOLLOW

    def is_in_phrase(self, spoken: CutTurn, start: int, end: int) -> bool:
        """Whether these characters are part of a kept phrase: "Clinic" of "Memory Clinic"."""
        inside = spoken.list_indices_within(start, end)
        if not inside:
            return False
        for first in range(max(0, inside[-1] - _LONGEST_PHRASE + 1), inside[0] + 1):
            for last in range(inside[-1] + 1, first + _LONGEST_PHRASE + 1):
                words = " ".join(fold_name(p.text) for p in spoken.pieces[first:last])
                if last - first > 1 and words in self.phrases:
                    return True
        return False

    def is_kept_span(self, spoken: CutTurn, start: int, end: int) -> bool:
        """Whether the characters ``start`` to ``end``, found as a name, name nobody here."""
        if spoken.keeps_capitals and spoken.text[start:end] in COUNTRY_INITIALS:
            return False
        owner = spoken.text[start : end + len("'s")]
        if owner.endswith(("'s", "\u2019s")) and fold_name(owner) in self.phrases:
            return True  # "Huntington's" is an illness, "Huntington" is not
        if self.is_kept_phrase(spoken.text[start:end]) or self.is_in_phrase(spoken, start, end):
            return True
        words = [i for i in spoken.list_indices_within(start, end) if spoken.pieces[i].is_word]
        return (
            len(words) == 1
            and spoken.keeps_capitals
            and self.is_used_as_word(spoken.pieces, words[0])
        )

    def with_study_lines(self, lines: Iterable[str]) -> KeepList:
        """Return this list with a study's lines added, or taken out where they begin with "-"."""
        every = list(lines)
        out = frozenset(
            fold_name(line.removeprefix(_OUT)) for line in every if line.startswith(_OUT)
        )
        more = frozenset(fold_name(line) for line in every if not line.startswith(_OUT))
        return KeepList(
            (self.phrases | more) - out,
            self.everyday - out,
            # A phrase of which the study says that it names nobody is no longer a name, either.
            self.also_names - out - more,
        )


def _is_past(word: str) -> bool:
    """Whether a word looks like a past tense, which "may" and "will" never stand before."""
    return word.endswith("ed") and len(word) > 5  # noqa: PLR2004 - "need", "feed"


def _is_dated(before: str, after: str) -> bool:
    """Whether a month stands between these words: "in May", "8 May", "May 2019"."""
    numbered = before.removesuffix("th").isdecimal() or after.isdecimal()
    return numbered or before in _BEFORE_MONTHS


@cache
def load_shipped_keep_list() -> KeepList:
    """Return the list that ships with Earshot."""
    entries = {k: frozenset(map(fold_name, v)) for k, v in load_shipped_list("keep").items()}
    everyday, also_names = entries.pop(_EVERYDAY), entries.pop(_ALSO_NAMES)
    return KeepList(frozenset[str]().union(*entries.values()), everyday, also_names)


def read_study_keep_list(study: Study) -> tuple[str, ...]:
    """Return the lines of the study's own list; empty where it has none.

    Raises:
        KeyNotHeld: the passphrase in use does not open it.
        StudyDamaged: it does not fit its seal.
    """
    return study.whole.read_artefact(ArtefactKind.KEPT, tuple[str, ...]) or ()


def write_study_keep_list(study: Study, text: str | bytes) -> tuple[str, ...]:
    """Replace the study's own list and return its lines; an equal list is not written again.

    Raises:
        BadWords: the text is no list (see ``study.parse_vocabulary``).
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: as for every change of a study.
    """
    lines = parse_vocabulary(text).terms
    with study.lock:
        if lines != read_study_keep_list(study):
            with study.change("keep-list kept") as change:
                change.write_artefact(ArtefactKind.KEPT, lines)
    return lines


def build_keep_list(study: Study) -> KeepList:
    """Return the keep-list of a study: the one that ships, changed by the study's own lines.

    Raises:
        KeyNotHeld, StudyDamaged: as for ``read_study_keep_list``.
    """
    return load_shipped_keep_list().with_study_lines(read_study_keep_list(study))
