"""Names by trained models: the spaCy pipeline that ships with Earshot, and any that is installed.

A model sees each turn's text with its own tokenizer; its finds come back as characters. spaCy's
name finder gives no confidence, so ``recogniser`` runs it three times. That, capital letters and
the word lists make up the score; a find below ``study.LIKELY_SCORE`` is a question to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from anonymise.keep_list import COUNTRY_INITIALS, load_shipped_keep_list
from anonymise.name_marks import Candidate, Sureness
from anonymise.pieces import CutTurn, Piece, begins_sentence, lowered_at
from anonymise.proposals import Proposal
from anonymise.recogniser import Recogniser
from anonymise.rule_registry import NAMES_SOURCE
from anonymise.shipped_lists import load_word_list
from anonymise.token_classifier import TokenClassifier
from anonymise.word_kinds import (
    classify_word,
    is_common_given_name,
    is_everyday_word,
    may_be_given_name,
)
from models import find_token_network
from study import Category
from study.errors import ModelBroken, ModelFlaw

_CATEGORIES = {
    "PERSON": Category.PERSON, "PER": Category.PERSON,
    "PLACE": Category.PLACE, "GPE": Category.PLACE, "LOC": Category.PLACE, "FAC": Category.PLACE,
    "ORG": Category.ORGANISATION, "ORGANISATION": Category.ORGANISATION,
    "FACILITY": Category.ORGANISATION,
    "NORP": Category.BACKGROUND, "EVENT": Category.EVENT,
    # As models of other makers call them, many of which look for what identifies a person.
    "NAME": Category.PERSON, "GIVENNAME": Category.PERSON, "SURNAME": Category.PERSON,
    "FIRSTNAME": Category.PERSON, "MIDDLENAME": Category.PERSON, "LASTNAME": Category.PERSON,
    "PATIENT": Category.PERSON, "STAFF": Category.PERSON, "DOCTOR": Category.PERSON,
    "LOCATION": Category.PLACE, "CITY": Category.PLACE, "COUNTY": Category.PLACE,
    "STREET": Category.PLACE, "HOSPITAL": Category.ORGANISATION, "HOSP": Category.ORGANISATION,
    "ORGANIZATION": Category.ORGANISATION, "COMPANYNAME": Category.ORGANISATION,
}  # fmt: skip
_ASIDE = frozenset({Category.BACKGROUND, Category.EVENT})
_ASIDE_SCORE = 0.4  # questions by nature: they point to somebody only with something else
_SITE_WORDS = frozenset({"home", "hospital", "house", "town", "village", "ward", "group", "bus"})
_INNER = frozenset({"of", "the", "and", "upon", "on", "in", "le", "de", "la", "van", "von", "for"})
_LEADING = frozenset({"for", "at", "with", "by", "from"})
_DIRECTIONS = frozenset({"new", "north", "south", "east", "west", "great", "st", "saint", "upper"})
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "some"})
_OWNERS = frozenset({"my", "your", "his", "her", "our", "their", "it", "me", "them"})
_BODIES = load_word_list("sites", "bodies")


class TrainedNameFinder:
    """A trained pipeline's name finder; ``source`` is the name that its finds carry.

    is_own: it is a folder of the user's own, which no catalogue can fetch again.

    Raises:
        ModelMissing, ModelBroken: see ``load_recogniser``.
    """

    def __init__(self, folder: Path, source: str = NAMES_SOURCE, *, is_own: bool = False) -> None:
        self.source = source
        is_network = find_token_network(folder) is not None
        try:
            self._recogniser = TokenClassifier(folder) if is_network else Recogniser(folder)
        except ModelBroken as broken:
            if is_own and broken.flaw is ModelFlaw.DAMAGED:
                raise ModelBroken(broken.kind, ModelFlaw.NO_FINDER) from broken
            raise
        if not self.categories:
            raise ModelBroken("name-finding", ModelFlaw.NO_NAMES)

    @property
    def categories(self) -> set[Category]:
        """The categories that its labels stand for."""
        labels = self._recogniser.labels
        return {_CATEGORIES[name] for name in map(_name_label, labels) if name in _CATEGORIES}

    def find_names(self, texts: Sequence[str]) -> list[list[Proposal]]:
        """Return the finds of each text, in order."""
        return [
            self._propose_all(text, candidates)
            for text, candidates in zip(texts, self._recogniser.find_candidates(texts), strict=True)
        ]

    def list_model_marks(self, text: str) -> list[tuple[int, int]]:
        """Return the marks of the unchanged model before any scoring: start and end, characters."""
        (candidates,) = self._recogniser.find_candidates([text])
        return [(c.start, c.end) for c in candidates if c.sureness is not Sureness.EAGER]

    def _propose_all(self, text: str, candidates: Sequence[Candidate]) -> list[Proposal]:
        if not candidates:
            return []
        spoken = CutTurn.cut_text(text)
        found = (self._propose(spoken, candidate) for candidate in candidates)
        return [proposal for proposal in found if proposal is not None]

    def _propose(self, spoken: CutTurn, candidate: Candidate) -> Proposal | None:
        category = _CATEGORIES.get(_name_label(candidate.label))
        inside = list(spoken.list_indices_within(candidate.start, candidate.end))
        named = _strip_edges(spoken, inside, category) if category is not None else []
        if category is None or not named:
            return None
        first, last = spoken.pieces[named[0]], spoken.pieces[named[-1]]
        score = _score(spoken, named, category, candidate.sureness)
        if category in _ASIDE:
            score = min(score, _ASIDE_SCORE) if candidate.sureness is not Sureness.EAGER else 0.0
        if not score:
            return None
        return Proposal(first.start, last.end, category, self.source, score, trained=True)


def _name_label(label: str) -> str:
    """Return a label as ``_CATEGORIES`` has it: "FIRST_NAME" and "firstname" are one."""
    return label.upper().replace("_", "").replace("-", "").replace(" ", "")


def _strip_edges(spoken: CutTurn, inside: list[int], category: Category) -> list[int]:
    """Leave out everyday words at the edges: "Thanks Jorge" is Jorge, "gross CapEx" is CapEx."""

    def is_edge(at: int) -> bool:
        piece = spoken.pieces[at]
        if piece.text in COUNTRY_INITIALS:
            return False
        if piece.lowered in _DIRECTIONS and category is not Category.PERSON and len(inside) > 1:
            return False
        if piece.lowered_bare in load_shipped_keep_list().everyday:
            return True
        if spoken.keeps_capitals:
            return piece.is_word and not piece.is_capital and is_everyday_word(piece.lowered_bare)
        return category is Category.PERSON and is_everyday_word(piece.lowered_bare)

    def leads(at: int) -> bool:
        """Whether a word and the next lead to a name: "joiner for Smith and Sons"."""
        small = spoken.keeps_capitals and not spoken.pieces[at].is_capital
        return small and lowered_at(spoken.pieces, at + 1) in _LEADING

    first, last = 0, len(inside)
    while first < last and is_edge(inside[first]):
        first += 1
    while first + 2 < last and leads(inside[first]):
        first += 2
    while (
        last > first
        and is_edge(inside[last - 1])
        and spoken.pieces[inside[last - 1]].lowered_bare not in _SITE_WORDS
    ):
        last -= 1
    return inside[first:last]


def _score(spoken: CutTurn, inside: list[int], category: Category, sureness: Sureness) -> float:
    """How likely these pieces are a name, 0.0 to 1.0.

    The numbers are shares of right finds, rounded, in talk whose names are marked: GUM's interviews
    and conversations, and earnings calls where those have too few.
    """
    parts = [spoken.pieces[at] for at in inside if spoken.pieces[at].is_word]
    if not parts:
        return 0.0
    if not spoken.keeps_capitals:
        score = _share(_LOWERED, parts, category, sureness)
        return score + (_MORE if _is_named_lowered(spoken, inside[0], parts) else 0.0)
    shown = [piece for piece in parts if piece.lowered_bare not in _INNER]
    if not any(piece.is_capital for piece in shown):
        # Nearly all of these are wrong: ordinary words are dropped, the rest are questions.
        is_ordinary = _kind(parts) in {"word", "words"}
        return 0.0 if is_ordinary or sureness is not Sureness.FIRM else 0.3
    score = _share(_WRITTEN, parts, category, sureness) + (_MORE if _is_body(parts) else 0.0)
    return score if len(parts) > 1 else _score_of_one(spoken, inside[0], score, sureness)


def _share(
    shares: _Shares, parts: Sequence[Piece], category: Category, sureness: Sureness
) -> float:
    kind = _kind(parts)
    return (shares.get((kind, category)) or shares[kind, None])[sureness]


def _is_named_lowered(spoken: CutTurn, at: int, parts: Sequence[Piece]) -> bool:
    """Whether ordinary words without capitals are a name all the same: "bill", "crown court"."""
    if len(parts) > 1:
        return _is_body(parts)
    is_thing = lowered_at(spoken.pieces, at - 1) in _ARTICLES
    is_verb = lowered_at(spoken.pieces, at + 1) in _ARTICLES | _OWNERS  # "sue the lot of them"
    is_name = is_common_given_name(parts[0].lowered_bare) and not is_thing and not is_verb
    return _kind(parts) == "word" and is_name


def _is_body(parts: Sequence[Piece]) -> bool:
    """Whether it is ordinary words with one that bodies are called by: "Department of Health"."""
    ordinary = len(parts) > 1 and _kind(parts) == "words"
    return ordinary and any(piece.lowered_bare in _BODIES for piece in parts)


def _score_of_one(spoken: CutTurn, at: int, score: float, sureness: Sureness) -> float:
    """Adjust the score of a single word for what its capital letter may mean."""
    piece = spoken.pieces[at]
    if piece.text in COUNTRY_INITIALS:
        return 0.8
    if len(piece.text) > 1 and piece.text.isupper():
        return 0.5 if sureness is Sureness.FIRM else 0.35
    if _kind([piece]) != "word":
        return score
    if begins_sentence(spoken.pieces, at):
        return score - 0.15
    return score + _MORE if may_be_given_name(piece.lowered_bare) else score


_MORE = 0.15  # "Bill" and "Grace" with a capital that no sentence gave them
_Shares = Mapping[tuple[str, Category | None], tuple[float, float, float]]
# By kind of words: the share for a find of the eager run alone, the unchanged run, all three.
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
    """Say what the lists make of the words: "name", "word" or "unknown"; "names" or "words"."""
    kinds = {
        classify_word(piece.lowered_bare) for piece in parts if piece.lowered_bare not in _INNER
    }
    if len(parts) == 1:
        return next(iter(kinds), "word")
    return "words" if kinds <= {"word"} else "names"


def merge_agreeing_finds(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposals; where two trained models agree, the score is that of both together."""
    every = list(proposals)
    trained = [p for p in every if p.trained]
    if len({p.source for p in trained}) < 2:  # noqa: PLR2004 - nobody to agree
        return every
    return [_add_score_of_others(p, trained) if p.trained else p for p in every]


def _add_score_of_others(proposal: Proposal, trained: Iterable[Proposal]) -> Proposal:
    doubt = 1.0 - proposal.score
    for other in trained:
        if other.source != proposal.source and other.overlaps(proposal):
            return replace(proposal, score=round(1.0 - doubt * (1.0 - other.score), 2))
    return proposal
