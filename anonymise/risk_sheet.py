"""List where somebody might still be recognised after the decisions, and where to look.

The sheet gives no score: no number can tell how anonymous a conversation is. Each line names its
places, so that a person can go there. A mention that was decided is not listed again, unless it was
decided differently elsewhere, is an entered name that was taken for a word, or is of a kind that
alone names somebody and was left in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from anonymise.anonymisation_log import list_unseen_turns
from anonymise.context import TITLES
from anonymise.keep_list import KeepList, build_keep_list
from anonymise.kept_details import find_bodies, find_times
from anonymise.misheard_passages import rank_passages
from anonymise.pieces import CutTurn, Piece, begins_sentence, strip_possessive
from anonymise.proposals import NAME_CATEGORIES
from anonymise.pseudonyms import read_interview_pseudonyms, read_label, read_pseudonym_book
from anonymise.same_people import PossibleJoin, list_possible_joins
from anonymise.search import list_entered_identities
from anonymise.small_letters import is_surely_word
from models import look_up_word
from study import (
    NEVER_NAMES,
    ArtefactKind,
    Category,
    DecidedMention,
    Mentions,
    Turn,
    fold_name,
    list_third_parties,
)
from study.store import Interview, KeyClass, Study, read_decisions, read_searched_transcript

_SHORTEST_RARE = 4  # letters: shorter ones are sounds and slips
_SHORTEST_NAME = 3  # letters of one word of an entered name
_SELDOM = 2  # a word that occurs more often is the interview's own subject
_NOBODY = frozenset({"i", "ok", "mm", "hm"})
_TOGETHER = 3  # kinds of indirect details of one speaker from which on they are listed


class Concern(StrEnum):
    """The kinds of lines, in the order of the sheet; the value is the text that people read."""

    UNDECIDED = "not decided yet"
    DISAGREEMENT = "kept here, replaced elsewhere"
    ENTERED = "an entered name that was left in, in small letters"
    LEFT_IN = "left in by a person"
    ONE_PERSON = "two labels that may be one person"
    PSEUDONYM = "a pseudonym that somebody really bears"
    CAPITAL = "a capitalised word left in"
    TOGETHER = "details that together may identify somebody"
    THIRD_PARTY = "a speaker who is not on the list"
    NUMBER = "a number left in"
    MISHEARD = "words that may be a misheard name or place"
    RARE = "a rare word left in"
    BODY = "a national body, kept on purpose"
    TIME = "a month, a feast or a year"
    NOT_LOOKED_AT = "a turn that nobody read"


@dataclass(frozen=True, slots=True)
class RiskPlace:
    """A place to look at: characters ``start`` to ``end`` of a turn (0 and 0 for all of it)."""

    interview: str
    turn: int
    start_s: float
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One line of the sheet.

    words: the words at its places. note: an explanation that quotes none of them.
    is_said: whether the words may stand on the screen, never on a printed page: they were replaced
        in some interview, or may be somebody's name.
    """

    concern: Concern
    words: str
    note: str
    places: tuple[RiskPlace, ...]
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class DecidedInterview:
    """An interview with its turns as searched, and the decided mentions by turn key."""

    interview: Interview
    turns: tuple[Turn, ...]
    mentions: dict[int, list[DecidedMention]]

    def make_place(self, turn: Turn, start: int = 0, end: int = 0) -> RiskPlace:
        """Return the place of characters of a turn, of all of it by default."""
        return RiskPlace(self.interview.id, turn.key, turn.start_s, start, end)

    def list_mentioned(self) -> dict[int, list[tuple[int, int]]]:
        """Return the characters of all mentions, by the key of their turn."""
        return {
            key: [(one.mention.start, one.mention.end) for one in mentions]
            for key, mentions in self.mentions.items()
        }

    def is_mentioned(self, turn: Turn, start: int, end: int) -> bool:
        """Whether any of these characters of a turn are in a mention."""
        return any(
            one.mention.start < end and start < one.mention.end
            for one in self.mentions.get(turn.key, ())
        )

    def iterate_mentions(self) -> Iterator[tuple[Turn, DecidedMention, RiskPlace]]:
        """Yield each mention with its turn and its place, in the order of the turns."""
        for turn in self.turns:
            for d in self.mentions.get(turn.key, ()):
                yield turn, d, self.make_place(turn, d.mention.start, d.mention.end)


def build_risk_sheet(study: Study, interview: Interview | None = None) -> list[RiskLine]:
    """Return the lines for one interview, or for the whole study, the most important first.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
    """
    study.ring.get_key(KeyClass.IDENTIFYING)
    every = [
        read
        for summary in study.summaries()
        if (read := read_decided_interview(study.interview(summary.id))) is not None
    ]
    wanted = [d for d in every if interview is None or interview.id == d.interview.id]
    keep_list = build_keep_list(study)
    within = interview.id if interview else ""
    joins = list_possible_joins(study, within) if study.ring.holds(KeyClass.KEY) else []
    lines = [*_list_disagreements(every, wanted), *_list_real_pseudonyms(study, wanted)]
    told = {fold_name(line.words) for line in lines}
    names = _collect_names(every)
    for decided in wanted:
        telling = [*_list_telling_words(decided, keep_list), *_list_kept(decided)]
        misheard = list(_list_misheard(decided, telling, names, keep_list))
        lines += [
            *_list_undecided(decided),
            *_list_entered_names(decided, told),
            *_list_left_in(study, decided, told),
            *_leave_out_rare(telling, misheard),
            *misheard,
            *_list_possible_joins(joins, decided),
            *_list_details_together(decided),
            *_list_third_parties(decided),
            *_list_unseen(decided),
        ]
    order = list(Concern)
    return sorted(lines, key=lambda line: order.index(line.concern))


def read_decided_interview(interview: Interview) -> DecidedInterview | None:
    """Return an interview with its decisions, None where it was never searched."""
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    source = read_searched_transcript(interview, mentions) if mentions else None
    if source is None:
        return None
    by_turn: dict[int, list[DecidedMention]] = {}
    for one in read_decisions(interview):
        by_turn.setdefault(one.mention.turn, []).append(one)
    return DecidedInterview(interview, source.transcript.turns, by_turn)


def _list_possible_joins(
    joins: Sequence[PossibleJoin], decided: DecidedInterview
) -> Iterator[RiskLine]:
    """List the places of two labels that may be one person, where nobody has said so yet."""
    interview = decided.interview
    known = read_interview_pseudonyms(interview) if joins else ()
    label_of = {one.replacement: one.label or read_label(one.replacement) for one in known}
    named: dict[str, list[tuple[int, RiskPlace]]] = {}
    for number, (_, d, place) in enumerate(decided.iterate_mentions() if joins else ()):
        if d.is_replaced and (label := label_of.get(d.replacement)):
            named.setdefault(label, []).append((number, place))
    for join in joins:
        places = sorted((*named.get(join.label, ()), *named.get(join.other, ())), key=itemgetter(0))
        if places:
            told = tuple(place for _, place in places)
            yield RiskLine(Concern.ONE_PERSON, f"{join.label}, {join.other}", join.why, told)


def _list_third_parties(decided: DecidedInterview) -> Iterator[RiskLine]:
    """List the turns of those whom only the file of a transcript names."""
    for code in list_third_parties(decided.interview.participants):
        places = tuple(decided.make_place(turn) for turn in decided.turns if turn.speaker == code)
        if places:
            note = f"{code}: no consent is asked of them; decide whether their words stay"
            yield RiskLine(Concern.THIRD_PARTY, "", note, places)


def _list_undecided(decided: DecidedInterview) -> Iterator[RiskLine]:
    places = tuple(place for _, d, place in decided.iterate_mentions() if d.decision is None)
    if places:
        yield RiskLine(Concern.UNDECIDED, "", f"{len(places)} in all", places)


def _list_disagreements(
    every: list[DecidedInterview], wanted: list[DecidedInterview]
) -> Iterator[RiskLine]:
    """List words that were rejected in one place and replaced in another."""
    kept: dict[str, list[RiskPlace]] = {}
    replaced: dict[str, list[RiskPlace]] = {}
    spelled: dict[str, str] = {}
    for decided in every:
        for turn, d, place in decided.iterate_mentions():
            if d.decision is None:
                continue
            words = turn.text[d.mention.start : d.mention.end]
            folded = fold_name(words)
            spelled.setdefault(folded, words)
            (replaced if d.is_replaced else kept).setdefault(folded, []).append(place)
    wanted_ids = {decided.interview.id for decided in wanted}
    for folded, places in kept.items():
        others = replaced.get(folded, [])
        if others and any(place.interview in wanted_ids for place in (*places, *others)):
            note = f"kept {_format_count(places)}, replaced {_format_count(others)}"
            yield RiskLine(
                Concern.DISAGREEMENT, spelled[folded], note, (*places, *others), is_said=True
            )


def _list_entered_names(decided: DecidedInterview, told: Collection[str]) -> Iterator[RiskLine]:
    """List entered names that were taken for words: nothing but a capital shows which it is.

    They were rejected by somebody, or stand in a turn without capitals where the search took them
    for the word. told: folded words that stand on the sheet already.
    """
    entered = list_entered_identities(decided.interview)
    names = {fold_name(name) for one in entered for name in one.names}
    people = (one for one in entered if one.category is Category.PERSON)
    names |= {
        word
        for one in people
        for name in one.names
        for word in fold_name(name).split()
        if len(word) >= _SHORTEST_NAME and word not in TITLES
    }
    places: dict[str, list[RiskPlace]] = {}
    for turn, d, place in decided.iterate_mentions():
        words = turn.text[d.mention.start : d.mention.end]
        if d.decision is not None and not d.is_replaced and words == words.lower():
            folded = fold_name(strip_possessive(words))
            if folded not in told and not names.isdisjoint((folded, *folded.split())):
                places.setdefault(words, []).append(place)
    for piece, place in _find_in_small_letters(decided, names - NEVER_NAMES):
        if piece.lowered_bare not in told:
            places.setdefault(piece.lowered_bare, []).append(place)
    for words, found in places.items():
        note = _format_count(found)
        yield RiskLine(Concern.ENTERED, words, note, tuple(found), is_said=True)


def _find_in_small_letters(
    decided: DecidedInterview, names: Collection[str]
) -> Iterator[tuple[Piece, RiskPlace]]:
    """Yield these names outside of all mentions, in turns where no capital tells what they are."""
    for turn in decided.turns:
        spoken = CutTurn.cut_text(turn.text)
        if spoken.keeps_capitals:
            continue
        covered = [(d.mention.start, d.mention.end) for d in decided.mentions.get(turn.key, ())]
        for at, piece in enumerate(spoken.pieces):
            if piece.lowered_bare not in names or is_surely_word(spoken.pieces, at):
                continue
            if not any(a < piece.end and piece.start < b for a, b in covered):
                yield piece, decided.make_place(turn, piece.start, piece.bare_end)


def _list_left_in(
    study: Study, decided: DecidedInterview, told: Collection[str]
) -> Iterator[RiskLine]:
    """List what was found as a kind that alone names somebody, and that somebody rejected.

    Entered names in small letters have a line of their own. told: folded words that stand on the
    sheet already.
    """
    entered = {line.words for line in _list_entered_names(decided, ())}
    names = study.slot_names()
    places: dict[tuple[str, str], list[RiskPlace]] = {}
    for turn, d, place in decided.iterate_mentions():
        words = turn.text[d.mention.start : d.mention.end]
        if d.decision is None or d.is_replaced or not d.mention.category.is_direct:
            continue
        if words not in entered and fold_name(words) not in told:
            who = names.get(d.decision.by, "")
            note = f"{d.mention.category.value}, {who}" if who else d.mention.category.value
            places.setdefault((words, note), []).append(place)
    for (words, note), found in places.items():
        counted = f"{note}, {_format_count(found)}"
        yield RiskLine(Concern.LEFT_IN, words, counted, tuple(found), is_said=True)


def _list_real_pseudonyms(study: Study, wanted: list[DecidedInterview]) -> Iterator[RiskLine]:
    """List pseudonyms that were said as real names, in an interview that came later."""
    if not study.ring.holds(KeyClass.KEY):
        return
    labels = {
        fold_name(i.replacement): i.label
        for i in read_pseudonym_book(study).identities
        if i.category is Category.PERSON and i.replacement and not i.replacement.startswith("[")
    }
    for decided in wanted:
        for turn in decided.turns:
            for piece in CutTurn.cut_text(turn.text).pieces:
                label = labels.get(fold_name(piece.lowered_bare))
                if label is not None and piece.is_capital:
                    place = decided.make_place(turn, piece.start, piece.end)
                    yield RiskLine(Concern.PSEUDONYM, piece.text, f"stands for {label}", (place,))


def _list_telling_words(decided: DecidedInterview, keep_list: KeepList) -> Iterator[RiskLine]:
    """List capitalised words, numbers and rare words outside of all mentions."""
    by_concern: dict[Concern, dict[str, list[RiskPlace]]] = {}
    spelled: dict[str, str] = {}
    for turn in decided.turns:
        covered = [(d.mention.start, d.mention.end) for d in decided.mentions.get(turn.key, ())]
        for piece, concern in find_telling_words(CutTurn.cut_text(turn.text), keep_list):
            if not any(a < piece.end and piece.start < b for a, b in covered):
                spelled.setdefault(piece.lowered_bare, piece.text)
                places = by_concern.setdefault(concern, {}).setdefault(piece.lowered_bare, [])
                places.append(decided.make_place(turn, piece.start, piece.end))
    capitals = by_concern.get(Concern.CAPITAL, {})
    for concern, words in by_concern.items():
        for bare, places in words.items():
            if concern is not Concern.RARE or (len(places) <= _SELDOM and bare not in capitals):
                yield RiskLine(concern, spelled[bare], _format_count(places), tuple(places))


def _list_kept(decided: DecidedInterview) -> Iterator[RiskLine]:
    """List what is kept on purpose and may tell: national bodies, months and years."""
    for concern, find in ((Concern.BODY, find_bodies), (Concern.TIME, find_times)):
        places: dict[str, list[RiskPlace]] = {}
        for turn in decided.turns:
            for start, end in find(CutTurn.cut_text(turn.text)):
                if not decided.is_mentioned(turn, start, end):
                    place = decided.make_place(turn, start, end)
                    places.setdefault(turn.text[start:end], []).append(place)
        for words, found in places.items():
            yield RiskLine(concern, words, _format_count(found), tuple(found))


def _list_misheard(
    decided: DecidedInterview, told: Sequence[RiskLine], names: Collection[str], keep: KeepList
) -> Iterator[RiskLine]:
    """List the passages that may be a misheard name, the likeliest first.

    told: lines whose places are on the sheet already; a rare word may be part of a passage.
    names: those replaced in the study.
    """
    taken = decided.list_mentioned()
    others = (line for line in told if line.concern is not Concern.RARE)
    for place in (place for line in others for place in line.places):
        taken.setdefault(place.turn, []).append((place.start, place.end))
    turns = [(turn, taken.get(turn.key, [])) for turn in decided.turns]
    places: dict[str, list[RiskPlace]] = {}
    for one in rank_passages(turns, names, keep):
        words = one.turn.text[one.start : one.end]
        places.setdefault(words, []).append(decided.make_place(one.turn, one.start, one.end))
    for words, found in places.items():
        yield RiskLine(Concern.MISHEARD, words, _format_count(found), tuple(found))


def _leave_out_rare(lines: Iterable[RiskLine], misheard: Iterable[RiskLine]) -> Iterator[RiskLine]:
    """Yield lines without rare words that stand in a passage of the sheet as well."""
    passages = [place for line in misheard for place in line.places]
    for line in lines:
        if line.concern is not Concern.RARE or not all(
            any(p.turn == rare.turn and p.start <= rare.start < p.end for p in passages)
            for rare in line.places
        ):
            yield line


def _collect_names(every: Iterable[DecidedInterview]) -> set[str]:
    """Return the names that are replaced somewhere, and the words of people's names, folded."""
    names: set[str] = set()
    for decided in every:
        for turn, d, _ in decided.iterate_mentions():
            if d.is_replaced and d.mention.category in NAME_CATEGORIES:
                name = fold_name(strip_possessive(turn.text[d.mention.start : d.mention.end]))
                is_person = d.mention.category is Category.PERSON
                names |= {name, *(w for w in name.split() if is_person and w not in TITLES)}
    return names


def find_telling_words(spoken: CutTurn, keep_list: KeepList) -> Iterator[tuple[Piece, Concern]]:
    """Yield the words of a turn that could identify somebody, each with its concern."""
    for at, piece in enumerate(spoken.pieces):
        if piece.is_digits and len(piece.text) > 1:
            yield piece, Concern.NUMBER
        if not piece.is_word or piece.lowered_bare in _NOBODY or _is_kept(keep_list, spoken, piece):
            continue
        if _is_shown(spoken, at, piece):
            yield piece, Concern.CAPITAL
        elif _is_rare(piece):
            yield piece, Concern.RARE


def _is_kept(keep_list: KeepList, spoken: CutTurn, piece: Piece) -> bool:
    """Whether a word surely names nobody: it is on the keep-list, or its singular is."""
    kept = keep_list.is_kept_span(spoken, piece.start, piece.end)
    return kept or keep_list.is_listed(piece.lowered_bare.removesuffix("s"))


def _is_shown(spoken: CutTurn, at: int, piece: Piece) -> bool:
    """Whether a word is written like a name; at the start of a sentence, and is in no list."""
    if not piece.is_capital or "'" in piece.lowered:
        return False
    return not begins_sentence(spoken.pieces, at) or not look_up_word(piece.lowered_bare).is_word


def _is_rare(piece: Piece) -> bool:
    is_whole = piece.lowered_bare.isalpha() and len(piece.lowered_bare) >= _SHORTEST_RARE
    return is_whole and not look_up_word(piece.lowered_bare).is_word


def _list_details_together(decided: DecidedInterview) -> Iterator[RiskLine]:
    """List speakers whose turns still hold several kinds of indirect details."""
    by_speaker: dict[str, list[tuple[DecidedMention, RiskPlace]]] = {}
    for turn, d, place in decided.iterate_mentions():
        if not d.mention.is_direct and still_tells(d):
            by_speaker.setdefault(turn.speaker, []).append((d, place))
    for speaker, details in by_speaker.items():
        kinds = Counter(d.mention.category.value for d, _ in details)
        if len(kinds) >= _TOGETHER:
            note = f"{speaker} tells: {', '.join(kinds)}"
            yield RiskLine(Concern.TOGETHER, "", note, tuple(place for _, place in details))


def still_tells(decided: DecidedMention) -> bool:
    """Whether the clean text still says something: a kept word, an age band, a kind of place."""
    if decided.decision is None:
        return False
    return not decided.is_replaced or read_label(decided.replacement) != decided.replacement


def _list_unseen(decided: DecidedInterview) -> Iterator[RiskLine]:
    turns = {turn.key: turn for turn in decided.turns}
    keys = [key for key in list_unseen_turns(decided.interview) if key in turns]
    if keys:
        places = tuple(decided.make_place(turns[key]) for key in keys)
        yield RiskLine(Concern.NOT_LOOKED_AT, "", f"{len(keys)} of {len(turns)} turns", places)


def _format_count(places: Sequence[RiskPlace]) -> str:
    return "once" if len(places) == 1 else f"{len(places)} times"
