"""What is left after the decisions: where somebody might still be recognised, and where to look.

It counts nothing out of a hundred: no number tells how anonymous a conversation is. Each concern
names its places, so that a person can go there. What was decided word by word is not told again,
but for what was decided otherwise elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from anonymise import keeping, ledger, pseudonyms
from anonymise.keep import KeepList
from anonymise.pieces import Piece, Spoken, begins_sentence
from models import lexicon
from study import decided
from study.artefacts import Kind
from study.decided import Decided
from study.keys import KeyClass
from study.store import Study
from study.terms import Category, Mentions, Turn, fold

_SHORTEST_RARE = 4  # letters: shorter ones are sounds and slips
_SELDOM = 2  # a word that occurs more often is the interview's own subject
_NOBODY = frozenset({"i", "ok", "mm", "hm"})
_TOGETHER = 3  # kinds of indirect details of one speaker that are told together


class Concern(StrEnum):
    """What may be wrong. The value is what people read; the order is that of the sheet."""

    UNDECIDED = "not decided yet"
    DISAGREEMENT = "kept here, replaced elsewhere"
    PSEUDONYM = "a pseudonym that somebody really bears"
    CAPITAL = "a capitalised word that stands"
    TOGETHER = "details that together may name somebody"
    NUMBER = "a number that stands"
    RARE = "a rare word that stands"
    NOT_LOOKED_AT = "a turn that nobody looked at"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: characters ``start`` to ``end`` of a turn (0 and 0 for the whole turn)."""

    interview: str
    turn: int
    start_s: float
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet. ``words`` are what stands there; ``note`` says more, without words.

    ``is_said`` tells that the words are in no clean transcript of the interview it is replaced
    in: they are for the screen, not for a page.
    """

    concern: Concern
    words: str
    note: str
    places: tuple[Place, ...]
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class _Interview:
    """One interview as it was decided, its turns and the mentions of each."""

    id: str
    label: str
    turns: tuple[Turn, ...]
    mentions: dict[int, list[Decided]]

    def place(self, turn: Turn, start: int = 0, end: int = 0) -> Place:
        return Place(self.id, turn.key, turn.start_s, start, end)


def sheet(study: Study, interview: str = "") -> list[Line]:
    """Return what is left in one interview, or in all of the study, what matters most first.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
    """
    study.ring.key(KeyClass.IDENTIFYING)
    every = [one for s in study.summaries() if (one := _read(study, s.id, s.label)) is not None]
    wanted = [one for one in every if interview in {"", one.id}]
    words = keeping.words(study)
    lines = [*_disagreements(every, wanted), *_borne(study, wanted)]
    for one in wanted:
        lines += [*_undecided(one), *_standing(one, words), *_together(one), *_unseen(study, one)]
    order = list(Concern)
    return sorted(lines, key=lambda line: order.index(line.concern))


def _read(study: Study, interview: str, label: str) -> _Interview | None:
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    source = decided.searched(study, interview, mentions) if mentions else None
    if source is None:
        return None
    by_turn: dict[int, list[Decided]] = {}
    for one in decided.read(study, interview):
        by_turn.setdefault(one.mention.turn, []).append(one)
    return _Interview(interview, label, source.transcript.turns, by_turn)


def _undecided(one: _Interview) -> Iterator[Line]:
    places = [
        one.place(turn, d.mention.start, d.mention.end)
        for turn in one.turns
        for d in one.mentions.get(turn.key, ())
        if d.decision is None
    ]
    if places:
        yield Line(Concern.UNDECIDED, "", f"{len(places)} in all", tuple(places))


def _disagreements(every: list[_Interview], wanted: list[_Interview]) -> Iterator[Line]:
    """Find words that were rejected in one place and replaced in another."""
    kept: dict[str, list[Place]] = {}
    gone: dict[str, list[Place]] = {}
    spelled: dict[str, str] = {}
    for one in every:
        for turn in one.turns:
            for d in one.mentions.get(turn.key, ()):
                if d.decision is None:
                    continue
                said = turn.text[d.mention.start : d.mention.end]
                place = one.place(turn, d.mention.start, d.mention.end)
                spelled.setdefault(fold(said), said)
                (gone if d.is_replaced else kept).setdefault(fold(said), []).append(place)
    mine = {one.id for one in wanted}
    for words, places in kept.items():
        here = [place for place in places if place.interview in mine]
        if words in gone and (here or mine & {p.interview for p in gone[words]}):
            note = f"kept {len(places)} times, replaced {len(gone[words])} times"
            yield Line(
                Concern.DISAGREEMENT, spelled[words], note, (*places, *gone[words]), is_said=True
            )


def _borne(study: Study, wanted: list[_Interview]) -> Iterator[Line]:
    """Find pseudonyms that were said as real names, in an interview that came later."""
    if not study.ring.holds(KeyClass.KEY):
        return
    names = {
        fold(i.replacement): i.label
        for i in pseudonyms.read_book(study).identities
        if i.category is Category.PERSON and i.replacement and not i.replacement.startswith("[")
    }
    for one in wanted:
        for turn in one.turns:
            for piece in Spoken.of(turn.text).pieces:
                if fold(piece.bare) in names and piece.is_capital:
                    yield Line(
                        Concern.PSEUDONYM, piece.text, f"stands for {names[fold(piece.bare)]}",
                        (one.place(turn, piece.start, piece.end),),
                    )  # fmt: skip


def _standing(one: _Interview, keep: KeepList) -> Iterator[Line]:
    """Find capitalised words, numbers and rare words outside of all mentions."""
    found: dict[Concern, dict[str, list[Place]]] = {}
    spelled: dict[str, str] = {}
    for turn in one.turns:
        covered = [(d.mention.start, d.mention.end) for d in one.mentions.get(turn.key, ())]
        for piece, concern in _telling(Spoken.of(turn.text), keep):
            if not any(a < piece.end and piece.start < b for a, b in covered):
                spelled.setdefault(piece.bare, piece.text)
                places = found.setdefault(concern, {}).setdefault(piece.bare, [])
                places.append(one.place(turn, piece.start, piece.end))
    capitals = found.get(Concern.CAPITAL, {})
    for concern, words in found.items():
        for bare, places in words.items():
            if concern is not Concern.RARE or (len(places) <= _SELDOM and bare not in capitals):
                yield Line(concern, spelled[bare], _times(places), tuple(places))


def _telling(spoken: Spoken, keep: KeepList) -> Iterator[tuple[Piece, Concern]]:
    """Yield the words of a turn that could tell something, and why."""
    for at, piece in enumerate(spoken.pieces):
        if piece.is_digits and len(piece.text) > 1:
            yield piece, Concern.NUMBER
        if not piece.is_word or piece.bare in _NOBODY or _is_kept(keep, spoken, piece):
            continue
        if _is_shown(spoken, at, piece):
            yield piece, Concern.CAPITAL
        elif _is_rare(piece):
            yield piece, Concern.RARE


def _is_kept(keep: KeepList, spoken: Spoken, piece: Piece) -> bool:
    """Whether a word names nobody for sure: it is on the keep-list, or its singular is."""
    kept = keep.keeps_span(spoken, piece.start, piece.end)
    return kept or keep.is_kept(piece.bare.removesuffix("s"))


def _is_shown(spoken: Spoken, at: int, piece: Piece) -> bool:
    """Whether a word is written like a name; at the head of a sentence it must be no word."""
    if not piece.is_capital or "'" in piece.low:
        return False
    return not begins_sentence(spoken.pieces, at) or not lexicon.facts(piece.bare).is_word


def _is_rare(piece: Piece) -> bool:
    is_whole = piece.bare.isalpha() and len(piece.bare) >= _SHORTEST_RARE
    return is_whole and not lexicon.facts(piece.bare).is_word


def _together(one: _Interview) -> Iterator[Line]:
    """Find speakers in whose turns several kinds of indirect details still tell something."""
    by_speaker: dict[str, list[tuple[Turn, Decided]]] = {}
    for turn in one.turns:
        for d in one.mentions.get(turn.key, ()):
            if not d.mention.is_direct and _tells(d):
                by_speaker.setdefault(turn.speaker, []).append((turn, d))
    for speaker, told in by_speaker.items():
        kinds = Counter(d.mention.category.value for _, d in told)
        if len(kinds) >= _TOGETHER:
            places = tuple(one.place(t, d.mention.start, d.mention.end) for t, d in told)
            note = f"{speaker} tells: {', '.join(kinds)}"
            yield Line(Concern.TOGETHER, "", note, places)


def _tells(one: Decided) -> bool:
    """Whether what stands there still says something: a kept word, a band, a kind of place."""
    if one.decision is None:
        return False
    return not one.is_replaced or pseudonyms.label_of(one.replacement) != one.replacement


def _unseen(study: Study, one: _Interview) -> Iterator[Line]:
    turns = {turn.key: turn for turn in one.turns}
    keys = [key for key in ledger.never_looked_at(study, one.id) if key in turns]
    if keys:
        note = f"{len(keys)} of {len(turns)} turns"
        yield Line(Concern.NOT_LOOKED_AT, "", note, tuple(one.place(turns[key]) for key in keys))


def _times(places: Iterable[Place]) -> str:
    count = len(list(places))
    return "once" if count == 1 else f"{count} times"
