"""Names by trained spaCy pipelines: the one that ships with Earshot, and any that is installed.

A model sees each turn's text in its own pipeline, with its own tokenizer; its finds come back
as characters. spaCy's name finder gives no confidence, so it is asked three times: eagerly, as it
is, and when it has to be surer (see ``recogniser``). What that, the letters' case and the
word lists say together is the score; what stays below ``study.terms.LIKELY`` is a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from anonymise import finding, lists, vocabulary
from anonymise.keep import COUNTRIES, shipped
from anonymise.pieces import Piece, Spoken, begins_sentence, low_at
from anonymise.proposals import Proposal
from anonymise.recogniser import Candidate, Recogniser, Sureness
from study.terms import Category

SOURCE = finding.NAMES
_CATEGORIES = {
    "PERSON": Category.PERSON, "PER": Category.PERSON,
    "PLACE": Category.PLACE, "GPE": Category.PLACE, "LOC": Category.PLACE, "FAC": Category.PLACE,
    "ORG": Category.ORGANISATION, "ORGANISATION": Category.ORGANISATION,
    "FACILITY": Category.ORGANISATION,
    "NORP": Category.BACKGROUND, "EVENT": Category.EVENT,
}  # fmt: skip
_ASIDE = frozenset({Category.BACKGROUND, Category.EVENT})
_ASIDE_SCORE = 0.4  # questions by nature: they point to somebody only with something else
_SITE_WORDS = frozenset({"home", "hospital", "house", "town", "village", "ward", "group", "bus"})
_INNER = frozenset({"of", "the", "and", "upon", "on", "in", "le", "de", "la", "van", "von", "for"})
_DIRECTIONS = frozenset({"new", "north", "south", "east", "west", "great", "st", "saint", "upper"})
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "some"})
_OWNERS = frozenset({"my", "your", "his", "her", "our", "their", "it", "me", "them"})
_BODIES = lists.words("sites", "bodies")


class Finder:
    """A trained pipeline's name finder; ``source`` is what its finds are said to come from.

    Raises:
        ModelMissing, ModelBroken: see ``recogniser.load``.
    """

    def __init__(self, folder: Path, source: str = SOURCE) -> None:
        self.source = source
        self._recogniser = Recogniser(folder)

    @property
    def kinds(self) -> set[Category]:
        """The categories that its labels stand for."""
        labels = self._recogniser.labels
        return {_CATEGORIES[label] for label in labels if label in _CATEGORIES}

    def found(self, texts: Sequence[str]) -> list[list[Proposal]]:
        """Return what it finds in each text, in order."""
        return [
            self._proposals(text, candidates)
            for text, candidates in zip(texts, self._recogniser.candidates(texts), strict=True)
        ]

    def marked(self, text: str) -> list[tuple[int, int]]:
        """Return what the model itself marks, before any of it is doubted; characters."""
        (candidates,) = self._recogniser.candidates([text])
        return [(one.start, one.end) for one in candidates if one.sureness is not Sureness.EAGER]

    def _proposals(self, text: str, candidates: Sequence[Candidate]) -> list[Proposal]:
        if not candidates:
            return []
        spoken = Spoken.of(text)
        found = (self._proposal(spoken, candidate) for candidate in candidates)
        return [one for one in found if one is not None]

    def _proposal(self, spoken: Spoken, candidate: Candidate) -> Proposal | None:
        category = _CATEGORIES.get(candidate.label)
        inside = list(spoken.within(candidate.start, candidate.end))
        named = _named(spoken, inside, category) if category is not None else []
        if category is None or not named:
            return None
        first, last = spoken.pieces[named[0]], spoken.pieces[named[-1]]
        score = _score(spoken, named, category, candidate.sureness)
        if category in _ASIDE:
            score = min(score, _ASIDE_SCORE) if candidate.sureness is not Sureness.EAGER else 0.0
        if not score:
            return None
        return Proposal(first.start, last.end, category, self.source, score, trained=True)


def _named(spoken: Spoken, inside: list[int], category: Category) -> list[int]:
    """Leave out everyday words at the edges: "Thanks Jorge" is Jorge, "gross CapEx" is CapEx."""

    def is_edge(at: int) -> bool:
        piece = spoken.pieces[at]
        if piece.text in COUNTRIES:
            return False
        if piece.low in _DIRECTIONS and category is not Category.PERSON and len(inside) > 1:
            return False
        if piece.bare in shipped().everyday:
            return True
        if spoken.cased:
            return piece.is_word and not piece.is_capital and vocabulary.is_plain(piece.bare)
        return category is Category.PERSON and vocabulary.is_plain(piece.bare)

    first, last = 0, len(inside)
    while first < last and is_edge(inside[first]):
        first += 1
    while (
        last > first
        and is_edge(inside[last - 1])
        and spoken.pieces[inside[last - 1]].bare not in _SITE_WORDS
    ):
        last -= 1
    return inside[first:last]


def _score(spoken: Spoken, inside: list[int], category: Category, sureness: Sureness) -> float:
    """How sure it is that these pieces are a name.

    The numbers are shares of right finds, rounded, on talk of which the names are marked: GUM's
    interviews and conversations, and earnings calls where those say too little.
    """
    parts = [spoken.pieces[at] for at in inside if spoken.pieces[at].is_word]
    if not parts:
        return 0.0
    if not spoken.cased:
        score = _share(_LOWERED, parts, category, sureness)
        return score + (_MORE if _is_named_lowered(spoken, inside[0], parts) else 0.0)
    shown = [piece for piece in parts if piece.bare not in _INNER]
    if not any(piece.is_capital for piece in shown):
        # Nearly all of these are wrong: what is ordinary goes, the rest is a question.
        is_ordinary = _kind(parts) in {"word", "words"}
        return 0.0 if is_ordinary or sureness is not Sureness.FIRM else 0.3
    score = _share(_WRITTEN, parts, category, sureness) + (_MORE if _is_body(parts) else 0.0)
    return score if len(parts) > 1 else _score_of_one(spoken, inside[0], score, sureness)


def _share(
    shares: _Shares, parts: Sequence[Piece], category: Category, sureness: Sureness
) -> float:
    kind = _kind(parts)
    return (shares.get((kind, category)) or shares[kind, None])[sureness]


def _is_named_lowered(spoken: Spoken, at: int, parts: Sequence[Piece]) -> bool:
    """Whether ordinary words without capitals are a name all the same: "bill", "crown court"."""
    if len(parts) > 1:
        return _is_body(parts)
    is_thing = low_at(spoken.pieces, at - 1) in _ARTICLES
    is_verb = low_at(spoken.pieces, at + 1) in _ARTICLES | _OWNERS  # "sue the lot of them"
    is_name = vocabulary.is_often_given(parts[0].bare) and not is_thing and not is_verb
    return _kind(parts) == "word" and is_name


def _is_body(parts: Sequence[Piece]) -> bool:
    """Whether it is ordinary words with one that bodies are called by: "Department of Health"."""
    ordinary = len(parts) > 1 and _kind(parts) == "words"
    return ordinary and any(piece.bare in _BODIES for piece in parts)


def _score_of_one(spoken: Spoken, at: int, score: float, sureness: Sureness) -> float:
    """Correct the score of a single word with a capital for what a capital may mean."""
    piece = spoken.pieces[at]
    if piece.text in COUNTRIES:
        return 0.8
    if len(piece.text) > 1 and piece.text.isupper():
        return 0.5 if sureness is Sureness.FIRM else 0.35
    if _kind([piece]) != "word":
        return score
    if begins_sentence(spoken.pieces, at):
        return score - 0.15
    return score + _MORE if vocabulary.may_be_given(piece.bare) else score


_MORE = 0.15  # "Bill" and "Grace" with a capital that no sentence gave them
_Shares = Mapping[tuple[str, Category | None], tuple[float, float, float]]
# Kind of words: the share when the model is eager, as it is, and when it has to be surer.
_WRITTEN: _Shares = {
    ("name", None): (0.5, 0.55, 0.8),
    ("names", None): (0.5, 0.5, 0.75),
    ("unknown", Category.PLACE): (0.4, 0.5, 0.65),
    ("unknown", Category.PERSON): (0.45, 0.5, 0.65),
    ("unknown", None): (0.5, 0.5, 0.65),
    ("word", Category.PERSON): (0.3, 0.45, 0.55),
    ("word", Category.PLACE): (0.45, 0.5, 0.7),
    ("word", None): (0.3, 0.3, 0.45),
    ("words", None): (0.35, 0.5, 0.6),
}
_LOWERED: _Shares = {
    ("name", None): (0.5, 0.55, 0.8),
    ("names", Category.ORGANISATION): (0.45, 0.45, 0.7),
    ("names", Category.PLACE): (0.45, 0.5, 0.75),
    ("names", None): (0.5, 0.55, 0.75),
    ("unknown", Category.PERSON): (0.5, 0.45, 0.5),
    ("unknown", Category.PLACE): (0.45, 0.45, 0.65),
    ("unknown", None): (0.5, 0.45, 0.5),
    ("word", Category.PERSON): (0.3, 0.35, 0.45),
    ("word", None): (0.25, 0.3, 0.4),
    ("words", None): (0.3, 0.4, 0.55),
}


def _kind(parts: Sequence[Piece]) -> str:
    """What the lists say: one word or several, that are names, in no list, or ordinary words."""
    kinds = {vocabulary.kind(piece.bare) for piece in parts if piece.bare not in _INNER}
    if len(parts) == 1:
        return next(iter(kinds), "word")
    return "words" if kinds <= {"word"} else "names"


def agreed(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return proposals, those that two trained models share with the score of both together."""
    every = list(proposals)
    trained = [p for p in every if p.trained]
    if len({p.source for p in trained}) < 2:  # noqa: PLR2004 - nobody to agree
        return every
    return [_backed(p, trained) if p.trained else p for p in every]


def _backed(proposal: Proposal, trained: Iterable[Proposal]) -> Proposal:
    doubt = 1.0 - proposal.score
    for other in trained:
        if other.source != proposal.source and other.overlaps(proposal):
            return replace(proposal, score=round(1.0 - doubt * (1.0 - other.score), 2))
    return proposal
