"""The keep-list: diseases, medicines, days, national bodies, words that are also names.

``study/keep.txt`` ships with Earshot, by section; a study adds its own words, or takes shipped ones
out.
A phrase of the list is never proposed as a name; a name that is also a word is proposed only where
it is written like a name.

A study's own list is plain text, one word or phrase a line. A line that begins with ``-`` takes a
shipped one out ("- mind", where Mind is the name of a dog). It is sealed, and every version stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from anonymise.pieces import (
    CutTurn,
    Pieces,
    begins_sentence,
    lowered_at,
    strip_possessive,
)
from anonymise.shipped_lists import load_word_list
from study import (
    ALSO_NAMES,
    EVERYDAY,
    ArtefactKind,
    WordUse,
    expand_phrases,
    find_kept_spans,
    fold_name,
    is_in_town,
    is_time_word,
    is_town_word,
    judge_word_use,
    load_kept_sections,
    parse_vocabulary,
)

if TYPE_CHECKING:
    from study.store import Study

_REMEMBERED_TURNS = 1024
_REACH = 3  # pieces to either side that tell a name from a word
_OUT = "-"  # begins a line of a study's own list that takes a shipped phrase out
_VERBS_FOLLOW = load_word_list("verbs", "after a verb")
COUNTRY_INITIALS = frozenset({"US", "USA", "UAE", "NZ"})  # ordinary words in small letters
_WHERE = frozenset({"in", "from", "near", "at"})
_FINITE = load_word_list("verbs", "finite")


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

    def may_name(self, word: str) -> bool:
        """Whether a word is a name as often as a word, so that what stands around it tells."""
        return word in self.also_names or is_time_word(word)

    def is_used_as_word(self, pieces: Pieces, index: int) -> bool:
        """Whether the word at an index, though it may be a name, is used as a word here."""
        piece, following = pieces[index], lowered_at(pieces, index + 1)
        if not self.is_common(piece.lowered_bare):
            return False
        if self.may_name(piece.lowered_bare):
            use = judge_piece(pieces, index)
            if use is not WordUse.UNSURE:
                return use is WordUse.WORD
        if not piece.is_capital:
            return not (following in _FINITE or _is_past(following))
        return begins_sentence(pieces, index) and lowered_at(pieces, index + 1) in _VERBS_FOLLOW

    def is_in_phrase(self, spoken: CutTurn, start: int, end: int) -> bool:
        """Whether these characters are part of a kept phrase: "Clinic" of "Memory Clinic"."""
        return any(a <= start and end <= b for a, b in self.list_kept_spans(spoken.text))

    def list_kept_spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return the characters of each phrase of two words or more in a turn's text."""
        return _list_kept_spans(text, self.phrases)

    def is_kept_span(self, spoken: CutTurn, start: int, end: int) -> bool:
        """Whether the characters ``start`` to ``end``, found as a name, name nobody here."""
        if spoken.keeps_capitals and spoken.text[start:end] in COUNTRY_INITIALS:
            return False
        words = [i for i in spoken.list_indices_within(start, end) if spoken.pieces[i].is_word]
        alone = words[0] if len(words) == 1 else None
        if alone is not None and self.may_name(spoken.pieces[alone].lowered_bare):
            use = judge_piece(spoken.pieces, alone)
            if use is not WordUse.UNSURE:
                return use is WordUse.WORD or self.is_in_phrase(spoken, start, end)
        if alone is not None and spoken.keeps_capitals and is_kept_town(spoken.pieces, alone):
            return False
        owner = spoken.text[start : end + len("'s")]
        if owner.endswith(("'s", "\u2019s")) and fold_name(owner) in self.phrases:
            return True  # "Huntington's" is an illness, "Huntington" is not
        if self.is_kept_phrase(spoken.text[start:end]) or self.is_in_phrase(spoken, start, end):
            return True
        return (
            alone is not None
            and spoken.keeps_capitals
            and self.is_used_as_word(spoken.pieces, alone)
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


@lru_cache(maxsize=_REMEMBERED_TURNS)
def _list_kept_spans(text: str, phrases: frozenset[str]) -> tuple[tuple[int, int], ...]:
    return tuple(find_kept_spans(text, phrases))


def judge_piece(pieces: Pieces, index: int, *, is_entered: bool = False) -> WordUse:
    """Say whether the word at an index, which may be a name, is one here.

    is_entered: it is the name of somebody who was entered.
    """
    piece = pieces[index]
    before = [p.lowered for p in pieces[max(0, index - _REACH) : index]]
    after = [p.lowered for p in pieces[index + 1 : index + 1 + _REACH]]
    owned = ["'s"] if piece.bare_end != piece.end else []
    is_shown = piece.is_capital and not begins_sentence(pieces, index)
    return judge_word_use(
        before, piece.lowered_bare, [*owned, *after], is_shown=is_shown, is_entered=is_entered
    )


def is_kept_town(pieces: Pieces, index: int) -> bool:
    """Whether a word that is kept elsewhere is a town where it stands: "home from Bramley".

    Of a word that may name somebody as well, and of a month, ``judge_piece`` tells more.
    """
    piece = pieces[index]
    word = piece.lowered_bare
    if not piece.is_capital or not is_town_word(word) or load_shipped_keep_list().may_name(word):
        return False
    before = [p.lowered for p in pieces[max(0, index - _REACH) : index]]
    after = [p.lowered for p in pieces[index + 1 : index + 1 + _REACH]]
    return lowered_at(pieces, index - 1) in _WHERE or is_in_town(before, word, after)


@cache
def load_shipped_keep_list() -> KeepList:
    """Return the list that ships with Earshot."""
    entries = {k: frozenset(expand_phrases(v)) for k, v in load_kept_sections().items()}
    everyday, also_names = entries.pop(EVERYDAY), entries.pop(ALSO_NAMES)
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
