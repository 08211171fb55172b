"""The register: names known beforehand, found exactly, in parts, or misspelt.

The researcher enters them with the interview; names accepted in other interviews of the study are
known as well. Short names match exactly only, and a name that is also a word needs a capital
letter: a register may hold "May", and nobody wants every "may" masked. In turns without capitals
such a word is a question: nothing else tells that "everybody calls me will" names somebody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from anonymise.context import TITLES
from anonymise.heard_names import HeardNames
from anonymise.keep_list import KeepList, judge_piece
from anonymise.pieces import (
    Piece,
    Pieces,
    begins_sentence,
    keeps_capitals,
    lowered_at,
)
from anonymise.proposals import Proposal
from anonymise.rule_registry import REGISTER_SOURCE, REPEAT_SOURCE
from anonymise.small_letters import judge_in_small_letters
from anonymise.word_kinds import classify_word, is_rather_a_word
from models import look_up_word
from study import NEVER_NAMES, Category, LikelyName, NameMatcher, WordUse, fold_name

_MOST_WORDS = 6  # of a known name
_MOST_JOINED = 3  # words into which the recogniser may have split one misheard name
_SHORTEST_NAME = 2  # letters: neither "S." nor "Mrs S" can be looked for
_SHORTEST_PART = 3  # "Al" of "Al Green" alone would be everywhere
_MORE_WORDS = 2  # than the name has: "hope well recovery college"
_SHORTEST_MISHEARD, _SHORTEST_FUZZY, _SHORTEST_SPLIT = 4, 5, 8  # letters
# Likeness of a name with one letter wrong: .80 at five letters, .83 at six, .86 at seven; with the
# same consonants and other vowels .86; with the same sound .94.
_LIKE, _VERY_LIKE, _SAME = 0.8, 0.86, 0.9
_EVERYBODYS = 1.0  # how common a word is that everybody uses
_HEARSAY = 0.95  # of the score of the name written as it is known
_ASKED = 0.3  # a question: an everyday word that is a known name, and nothing shows which it is
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "la", "le", "of", "the", "and", "st", "mac"}
)


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """A person, place or organisation known beforehand, with all its names.

    role: who or what it is, for its label.
    """

    category: Category
    names: tuple[str, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class _Target:
    category: Category
    form: str
    score: float


class KnownNameRegister:
    """Finds known names in turns; one register serves a whole search."""

    def __init__(
        self, known: Iterable[KnownIdentity], keep_list: KeepList, *, source: str = REGISTER_SOURCE
    ) -> None:
        self._keep_list = keep_list
        self._source = source
        self._targets: dict[str, _Target] = {}
        for entry in known:
            for name in entry.names:
                self._add_name(entry.category, name)
        # The forms, not the joined keys: the matcher compares the sound of each word.
        long = [t.form for key, t in self._targets.items() if len(key) >= _SHORTEST_MISHEARD]
        self._matcher = NameMatcher(long) if source == REGISTER_SOURCE and long else None
        forms: dict[bool, list[str]] = {True: [], False: []}
        for target in self._targets.values():
            forms[target.category is Category.PERSON].append(target.form)
        self._heard = HeardNames(forms[True], forms[False]) if self._matcher else None
        # Without a matcher a word can only match where a name begins with it; most words do not.
        self._beginnings = frozenset(t[:n] for t in self._targets for n in range(1, len(t) + 1))
        self._longest = max((t.form.count(" ") + 1 for t in self._targets.values()), default=0)

    def _add_name(self, category: Category, name: str) -> None:
        form = fold_name(name)
        words = [w for w in form.replace("-", " ").split() if w not in TITLES]
        if category is Category.PERSON and words:
            form = " ".join(words)
        if sum(c.isalnum() for c in form) < _SHORTEST_NAME or len(words) > _MOST_WORDS:
            return
        if NEVER_NAMES.issuperset(words):
            return
        if category is Category.PERSON:
            for word in words:
                is_part = len(word) >= _SHORTEST_PART and word not in _PARTICLES | NEVER_NAMES
                if len(words) > 1 and is_part:
                    self._targets.setdefault(word, _Target(category, word, 0.9))
        self._targets[_join_words(form)] = _Target(category, form, 0.99)

    def propose_known_names(self, pieces: Pieces, *, cased: bool | None = None) -> list[Proposal]:
        """Return the known names of one turn; at each place the longest.

        cased: whether the transcript keeps capitals; None takes that from this turn alone.
        """
        if not self._targets:
            return []
        proposals: list[Proposal] = []
        cased, at = keeps_capitals(pieces) if cased is None else cased, 0
        while at < len(pieces):
            match = self._match(pieces, at, cased=cased) if pieces[at].is_name_part else None
            if match is None:
                at += 1
                continue
            last, target = match
            is_titled = target.category is Category.PERSON and target.score > _ASKED
            first = _with_title(pieces, at) if is_titled else at
            proposals.append(
                Proposal(
                    pieces[first].start, pieces[last - 1].bare_end,
                    target.category, self._source, target.score, target.form,
                )
            )  # fmt: skip
            at = last
        return proposals

    def _match(self, pieces: Pieces, at: int, *, cased: bool) -> tuple[int, _Target] | None:
        if self._matcher is None and _join_words(pieces[at].lowered_bare) not in self._beginnings:
            return None
        windows = _list_windows(pieces, at, max(self._longest + _MORE_WORDS, _MOST_JOINED))
        asked: tuple[int, _Target] | None = None
        for last, joined in reversed(windows):
            target = self._targets.get(joined)
            if target is None:
                continue
            use = self._judge(pieces, at, last, cased=cased)
            if use is WordUse.UNSURE:
                asked = last, replace(target, score=_ASKED)
            elif use is WordUse.NAME:
                return last, target
        if self._matcher is None:
            return None
        for last, joined in reversed(windows[: self._longest + 1]):
            target = self._match_like(pieces, at, last, joined)
            if target is not None:
                is_within = self._is_known_within(pieces, at + 1, last)
                return asked if is_within else (last, target)
        return asked or self._match_heard(pieces, at)

    def _match_heard(self, pieces: Pieces, at: int) -> tuple[int, _Target] | None:
        """Return the index after words that sound like a known name, as a question."""
        if _join_words(pieces[at].lowered_bare) in self._targets:
            return None  # what is written as the name is judged as that
        heard = self._heard.find(pieces, at) if self._heard else None
        if heard is None:
            return None
        last, name = heard
        return last, replace(self._targets[_join_words(name)], score=_ASKED)

    def _is_known_within(self, pieces: Pieces, first: int, last: int) -> bool:
        """Whether these pieces hold a name exactly: "came Siobhan" is not a misspelt Siobhan."""
        return any(
            joined in self._targets
            for at in range(first, last)
            for end, joined in _list_windows(pieces, at, last - at)
            if end <= last
        )

    def _judge(self, pieces: Pieces, at: int, last: int, *, cased: bool) -> WordUse:
        """Say whether these words, which are a known name, are one here.

        An entered name that is an ordinary word is asked about where nothing tells.
        """
        piece = pieces[at]
        if self._source == REPEAT_SOURCE and cased and not piece.is_capital:
            return WordUse.WORD
        if last - at > 1 or not self._is_word_as_well(piece.lowered_bare):
            return WordUse.NAME
        if self._source == REPEAT_SOURCE:
            is_word = self._keep_list.is_used_as_word(pieces, at)
            return WordUse.WORD if is_word else WordUse.NAME
        use = judge_piece(pieces, at, is_entered=True)
        if not piece.is_capital:
            return use if cased else judge_in_small_letters(pieces, at, use)
        if begins_sentence(pieces, at):
            is_word = self._keep_list.is_used_as_word(pieces, at)
            return WordUse.WORD if is_word else use
        # A capital that no sentence gave: a name, or "in May".
        return WordUse.NAME if use is WordUse.UNSURE else use

    def _is_word_as_well(self, word: str) -> bool:
        return self._keep_list.is_common(word) or is_rather_a_word(word)

    def _match_like(self, pieces: Pieces, at: int, last: int, joined: str) -> _Target | None:
        """Return the known name that this looks or sounds like, None for ordinary words."""
        words = [p for p in pieces[at:last] if p.is_word]
        if not words or len(joined) < _SHORTEST_MISHEARD or self._matcher is None:
            return None
        spoken = _join_hyphened(pieces, at, last)
        shown = words[0].is_capital and not begins_sentence(pieces, at)
        if any(self._is_ordinary(word) for word in words):
            return self._match_split_name(words, spoken, shown=shown)
        likely = self._matcher.find_nearest(spoken)
        short = len(joined) < _SHORTEST_FUZZY
        wanted = _SAME if short else _LIKE if words[0].is_capital else _VERY_LIKE
        if likely is None or likely.likeness < wanted or (short and not shown):
            return None
        return self._make_misheard_target(likely)

    def _match_split_name(self, words: list[Piece], spoken: str, *, shown: bool) -> _Target | None:
        """Return the name that ordinary words together sound like: "ark right"."""
        if self._matcher is None or all(
            word.lowered_bare in self._keep_list.everyday for word in words
        ):
            return None
        if len(words) == 1 and not shown:
            return None
        if len(words) > 1 and all(map(_is_everybodys_word, words)):
            return None  # "it was brown when we bought it": where a name stands, it is asked
        likely = self._matcher.find_same_sounding(spoken)
        long = len(_join_words(spoken)) >= _SHORTEST_SPLIT
        if likely is None or likely.likeness < _SAME or not (long or shown):
            return None
        return self._make_misheard_target(likely)

    def _is_ordinary(self, word: Piece) -> bool:
        return (
            self._keep_list.is_common(word.lowered_bare)
            or classify_word(word.lowered_bare) == "word"
        )

    def _make_misheard_target(self, likely: LikelyName) -> _Target:
        target = self._targets[_join_words(likely.name)]
        score = round(target.score * likely.likeness * _HEARSAY, 2)
        return _Target(target.category, target.form, score)


def match_surnames(known: Iterable[KnownIdentity]) -> NameMatcher | None:
    """Return a matcher of the surnames of known people, None where there is none."""
    people = (name for one in known if one.category is Category.PERSON for name in one.names)
    names = ([w for w in fold_name(name).split() if w not in TITLES] for name in people)
    surnames = dict.fromkeys(words[-1] for words in names if len(words) > 1)
    return NameMatcher(surnames) if surnames else None


def _list_windows(pieces: Pieces, at: int, most: int) -> list[tuple[int, str]]:
    """Return (index after, words joined and folded) for the next 1, 2, … words."""
    windows: list[tuple[int, str]] = []
    joined, following = "", at
    while len(windows) < most and following < len(pieces) and pieces[following].is_name_part:
        joined += _join_words(pieces[following].lowered_bare)
        following += 1
        windows.append((following, joined))
        if pieces[following - 1].bare_end != pieces[following - 1].end:
            windows.append((following, joined + "s"))  # "St James's" may be known with its "s"
        if lowered_at(pieces, following) in {"-", "."}:
            following += 1
    return windows


@lru_cache(maxsize=1 << 14)  # the form is asked for wherever a word may begin a name
def _join_words(form: str) -> str:
    return fold_name(form).replace(" ", "").replace("-", "").replace(".", "")


def _join_hyphened(pieces: Pieces, at: int, last: int) -> str:
    """Return the words of a window, those in one that a hyphen joins: "reannon" of "re-annon"."""
    spoken = ""
    for i in range(at, last):
        if pieces[i].is_word:
            apart = " " if spoken and pieces[i - 1].text != "-" else ""
            spoken += apart + pieces[i].lowered_bare
    return spoken


def _is_everybodys_word(word: Piece) -> bool:
    return look_up_word(word.lowered_bare).common >= _EVERYBODYS


def _with_title(pieces: Pieces, at: int) -> int:
    """Return the index of "Mrs" or "Dr." before a person's name, else that of the name."""
    back = 2 if lowered_at(pieces, at - 1) == "." else 1
    is_title = lowered_at(pieces, at - back) in TITLES
    spoken_of = lowered_at(pieces, at - back - 1) in {"my", "his", "her", "our", "their", "your"}
    return at - back if is_title and not spoken_of else at
