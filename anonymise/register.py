"""Names known beforehand, found however they were heard: exact, in parts, or misspelt.

The researcher enters them with the interview; what was accepted in other interviews of the
study is known, too. Short names match exactly only, and a name that is also a word needs a
capital letter: a register may hold "May", and nobody wants every "may" masked. In turns without
capitals the same word is a question: nothing else could tell that "everybody calls me will" names
somebody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from anonymise import finding, vocabulary
from anonymise.context import TITLES
from anonymise.keep import KeepList
from anonymise.pieces import Piece, Pieces, begins_sentence, has_case, low_at
from anonymise.proposals import Proposal
from study.likeness import Likely, Likenesses
from study.terms import Category, fold

SOURCE, AGAIN = finding.REGISTER, finding.AGAIN
_MOST_WORDS = 6  # of a known name
_MOST_JOINED = 3  # words that one misheard name may have been torn into
_SHORTEST_NAME = 2  # letters: neither "S." nor "Mrs S" can be looked for
_SHORTEST_PART = 3  # "Al" of "Al Green" alone would be everywhere
_TORN = 2  # more words than it has: "hope well recovery college"
_SHORTEST_HEARD, _SHORTEST_FUZZY, _SHORTEST_TORN = 4, 5, 8  # letters
# Likeness of a name with one letter wrong: .80 at five letters, .83 at six, .86 at seven; with the
# same consonants and other vowels .86; with the same sound .94.
_LIKE, _VERY_LIKE, _SAME = 0.8, 0.86, 0.9
_HEARSAY = 0.95  # of the score of the name as it is known
_ASKED = 0.3  # a question: a name that is an everyday word, and nothing shows which it is here
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "la", "le", "of", "the", "and", "st", "mac"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person, place or organisation known beforehand, in all the forms it is called.

    role: who or what it is, for the label that stands for it.
    """

    category: Category
    names: tuple[str, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class _Target:
    category: Category
    form: str
    score: float


class Register:
    """Looks for known names in a turn; make one for a search, its memory of words is shared."""

    def __init__(self, known: Iterable[Known], keep: KeepList, *, source: str = SOURCE) -> None:
        self._keep = keep
        self._source = source
        self._targets: dict[str, _Target] = {}
        for entry in known:
            for name in entry.names:
                self._enter(entry.category, name)
        # The forms, not the joined keys: words sound one by one.
        heard = [t.form for key, t in self._targets.items() if len(key) >= _SHORTEST_HEARD]
        self._heard = Likenesses(heard) if source == SOURCE and heard else None
        # Where nothing is looked for that only resembles a name, most words are begun by none.
        self._begun = frozenset(t[:n] for t in self._targets for n in range(1, len(t) + 1))
        self._longest = max((t.form.count(" ") + 1 for t in self._targets.values()), default=0)

    def _enter(self, category: Category, name: str) -> None:
        form = fold(name)
        words = [w for w in form.replace("-", " ").split() if w not in TITLES]
        if category is Category.PERSON and words:
            form = " ".join(words)
        if sum(c.isalnum() for c in form) < _SHORTEST_NAME or len(words) > _MOST_WORDS:
            return
        if category is Category.PERSON:
            for word in words:
                if len(words) > 1 and len(word) >= _SHORTEST_PART and word not in _PARTICLES:
                    self._targets.setdefault(word, _Target(category, word, 0.9))
        self._targets[_joined(form)] = _Target(category, form, 0.99)

    def proposals(self, pieces: Pieces, *, cased: bool | None = None) -> list[Proposal]:
        """Return the known names of one turn, longest first at each place.

        cased: whether capitals tell something; None takes it from this turn alone.
        """
        if not self._targets:
            return []
        found: list[Proposal] = []
        cased, at = has_case(pieces) if cased is None else cased, 0
        while at < len(pieces):
            match = self._match(pieces, at, cased=cased) if pieces[at].is_name_part else None
            if match is None:
                at += 1
                continue
            last, target = match
            is_titled = target.category is Category.PERSON and target.score > _ASKED
            first = _with_title(pieces, at) if is_titled else at
            found.append(
                Proposal(
                    pieces[first].start, pieces[last - 1].bare_end,
                    target.category, self._source, target.score, target.form,
                )
            )  # fmt: skip
            at = last
        return found

    def _match(self, pieces: Pieces, at: int, *, cased: bool) -> tuple[int, _Target] | None:
        if self._heard is None and _joined(pieces[at].bare) not in self._begun:
            return None
        windows = _windows(pieces, at, max(self._longest + _TORN, _MOST_JOINED))
        asked: tuple[int, _Target] | None = None
        for last, joined in reversed(windows):
            target = self._targets.get(joined)
            if target is None:
                continue
            if self._is_asked(pieces, at, last, cased=cased):
                asked = last, replace(target, score=_ASKED)
            elif self._is_meant(pieces, at, last, cased=cased):
                return last, target
        if self._heard is None:
            return None
        for last, joined in reversed(windows[: self._longest + 1]):
            target = self._like(pieces, at, last, joined)
            if target is not None:
                is_within = self._is_known_within(pieces, at + 1, last)
                return asked if is_within else (last, target)
        return asked

    def _is_known_within(self, pieces: Pieces, first: int, last: int) -> bool:
        """Whether a name stands in these pieces to the letter: "came Siobhan" is no Siobhan."""
        return any(
            joined in self._targets
            for at in range(first, last)
            for end, joined in _windows(pieces, at, last - at)
            if end <= last
        )

    def _is_asked(self, pieces: Pieces, at: int, last: int, *, cased: bool) -> bool:
        """Whether a person has to say if an entered name or an everyday word stands here."""
        if self._source != SOURCE or last - at > 1 or pieces[at].is_capital:
            return False
        if self._keep.is_used_as_word(pieces, at):
            return not cased
        return vocabulary.is_plain(pieces[at].bare) and not self._keep.is_common(pieces[at].bare)

    def _is_meant(self, pieces: Pieces, at: int, last: int, *, cased: bool) -> bool:
        """Whether these words are written like a name here, as far as they have to be."""
        if self._source == AGAIN and cased and not pieces[at].is_capital:
            return False
        return last - at > 1 or not self._keep.is_used_as_word(pieces, at)

    def _like(self, pieces: Pieces, at: int, last: int, joined: str) -> _Target | None:
        """Return the known name that this looks or sounds like, None for ordinary words."""
        words = [p for p in pieces[at:last] if p.is_word]
        if not words or len(joined) < _SHORTEST_HEARD or self._heard is None:
            return None
        said = " ".join(p.bare for p in words)
        shown = words[0].is_capital and not begins_sentence(pieces, at)
        if any(self._is_ordinary(word) for word in words):
            return self._torn(words, said, shown=shown)
        likely = self._heard.nearest(said)
        short = len(joined) < _SHORTEST_FUZZY
        wanted = _SAME if short else _LIKE if words[0].is_capital else _VERY_LIKE
        if likely is None or likely.likeness < wanted or (short and not shown):
            return None
        return self._misheard(likely)

    def _torn(self, words: list[Piece], said: str, *, shown: bool) -> _Target | None:
        """Return the name that ordinary words sound like from end to end: "ark right"."""
        if self._heard is None or all(word.bare in self._keep.everyday for word in words):
            return None
        if len(words) == 1 and not shown:
            return None
        likely = self._heard.same(said)
        long = len(_joined(said)) >= _SHORTEST_TORN
        if likely is None or likely.likeness < _SAME or not (long or shown):
            return None
        return self._misheard(likely)

    def _is_ordinary(self, word: Piece) -> bool:
        return self._keep.is_common(word.bare) or vocabulary.kind(word.bare) == "word"

    def _misheard(self, likely: Likely) -> _Target:
        target = self._targets[_joined(likely.name)]
        score = round(target.score * likely.likeness * _HEARSAY, 2)
        return _Target(target.category, target.form, score)


def _windows(pieces: Pieces, at: int, most: int) -> list[tuple[int, str]]:
    """Return (index after, words joined and folded) for 1, 2, … words that stand together."""
    found: list[tuple[int, str]] = []
    joined, following = "", at
    while len(found) < most and following < len(pieces) and pieces[following].is_name_part:
        joined += _joined(pieces[following].bare)
        following += 1
        found.append((following, joined))
        if pieces[following - 1].bare_end != pieces[following - 1].end:
            found.append((following, joined + "s"))  # "St James's" may be known with its "s"
        if low_at(pieces, following) in {"-", "."}:
            following += 1
    return found


def _joined(form: str) -> str:
    return fold(form).replace(" ", "").replace("-", "").replace(".", "")


def _with_title(pieces: Pieces, at: int) -> int:
    """Take in "Mrs" or "Dr." before a person's name."""
    back = 2 if low_at(pieces, at - 1) == "." else 1
    is_title = low_at(pieces, at - back) in TITLES
    spoken_of = low_at(pieces, at - back - 1) in {"my", "his", "her", "our", "their", "your"}
    return at - back if is_title and not spoken_of else at
