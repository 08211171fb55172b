"""List what an outsider could still use to recognise one person, over all of their interviews.

It reads the words that stay once every decision is applied, as somebody would who wants to know who
speaks: shapes of codes, names that were replaced elsewhere, words that no dictionary has, dates,
words that nobody else says, what others say about the person, and details that describe few people
together. Each line has its places; the lines come in order of weight. The weight orders, and says
nothing of how likely it is that somebody is recognised. One pass over the words: the work grows
with the length of the interviews.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from anonymise.keep_list import KeepList, build_keep_list
from anonymise.kept_details import YEARS, find_bodies, find_times
from anonymise.pieces import CutTurn, Piece
from anonymise.proposals import NAME_CATEGORIES
from anonymise.pseudonyms import normalise_form, read_pseudonym_book
from anonymise.risk_sheet import (
    Concern,
    DecidedInterview,
    RiskPlace,
    find_telling_words,
    read_decided_interview,
    still_tells,
)
from anonymise.shipped_lists import load_shipped_list, load_word_list
from models import look_up_word
from study import (
    DIGITS,
    TEENS,
    TENS,
    TIMES,
    Category,
    Turn,
    fold_name,
    list_others,
)
from study.errors import UnknownParticipant
from study.store import KeyClass, Study

_SIGNS = frozenset("-/.,:@_")
_SPOKEN_SIGNS = frozenset({"stroke", "slash", "oblique", "dash", "hyphen", "dot", "underscore"})
_MONEY_BEFORE, _MONEY_AFTER = frozenset("£$€"), frozenset({"pounds", "pound", "pence", "p", "%"})
_LEAST_IN_CODE, _LEAST_DIGITS = 4, 2  # letters and digits together; digits beside letters
_LONGEST_IN_CODE = 4  # letters of one part of a code: "LLEW"
_LEAST_NAME = 3  # letters of a word of a name that is looked for elsewhere
_LEAST_SELDOM = 5
_NAME_LIKE, _TOWN_LIKE, _EVERYBODY_SAYS = 0.5, 0.75, 1.0  # of WordFacts
_SELDOM_SAID = 0.5
_TOGETHER = 2  # kinds of details, from which on they are listed
_MASKED = "\x00"  # in place of each character that is replaced: no piece of a name or a code


class Trace(StrEnum):
    """The kinds of traces, the weightiest first; the value is the text that people read."""

    CODE = "a code, a number or an address"
    REPLACED = "replaced elsewhere, standing here"
    ABOUT = "said about them in another interview"
    TOGETHER = "details that fit few people together"
    JOB = "an occupation left in"
    CAPITAL = "a capitalised word left in"
    UNKNOWN = "a word in no dictionary"
    NAME = "a word that is also a name or a town"
    BODY = "a national body, kept on purpose"
    TIME = "a month, a feast or a year"
    NUMBER = "a number"
    SELDOM = "a rare word that nobody else says"


_WEIGHTS = {
    Trace.CODE: 100, Trace.REPLACED: 80, Trace.ABOUT: 60, Trace.TOGETHER: 50, Trace.JOB: 45,
    Trace.CAPITAL: 40, Trace.UNKNOWN: 25, Trace.NAME: 15, Trace.BODY: 13, Trace.TIME: 12,
    Trace.NUMBER: 8, Trace.SELDOM: 5,
}  # fmt: skip
_FROM_SHEET = {
    Concern.CAPITAL: Trace.CAPITAL, Concern.RARE: Trace.UNKNOWN, Concern.NUMBER: Trace.NUMBER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class IntruderLine:
    """One line of the list: what kind of trace, its words, a note without them, its places.

    ``weight`` is larger the more the line could help an outsider; it only orders.
    """

    trace: Trace
    words: str
    note: str
    places: tuple[RiskPlace, ...]
    weight: int


def list_traces(study: Study, code: str) -> list[IntruderLine]:
    """Return what an outsider could use about one participant, the weightiest line first.

    code: of the participant. All turns of the interviews that they take part in are read: what the
        interviewer repeats is heard as well.

    Raises:
        KeyNotHeld: the passphrase in use does not open transcripts.
        UnknownParticipant: nobody in the study has that code.
    """
    study.ring.get_key(KeyClass.IDENTIFYING)
    own, others, takes_part = list[DecidedInterview](), list[DecidedInterview](), False
    for summary in study.summaries():
        interview = study.interview(summary.id)
        is_own = code in list_others(interview.participants)
        takes_part = takes_part or is_own
        decided = read_decided_interview(interview)
        if decided is not None:
            (own if is_own else others).append(decided)
    if not takes_part:
        raise UnknownParticipant
    around = _Around(
        _count_replaced_words((*own, *others)), _collect_words(others), build_keep_list(study)
    )
    found = _Found()
    for decided in own:
        for turn in decided.turns:
            _find_in_turn(found, decided, turn, around)
    lines = [
        *found.list_lines(),
        *_list_about(study, code, own, others),
        *_list_together(own),
        *_list_jobs(own),
    ]
    return sorted(lines, key=lambda line: -line.weight)  # stable: else in order of the interviews


class _Found:
    """The traces in words, collected over turns."""

    def __init__(self) -> None:
        self._places: dict[tuple[Trace, str], list[RiskPlace]] = {}
        self._words: dict[tuple[Trace, str], str] = {}
        self._notes: dict[tuple[Trace, str], str] = {}

    def add(self, trace: Trace, words: str, place: RiskPlace, note: str = "") -> None:
        key = trace, fold_name(words)
        self._words.setdefault(key, words)
        self._notes.setdefault(key, note)
        self._places.setdefault(key, []).append(place)

    def list_lines(self) -> Iterator[IntruderLine]:
        for key, places in self._places.items():
            times = "once" if len(places) == 1 else f"{len(places)} times"
            note = f"{self._notes[key]}, {times}".removeprefix(", ")
            yield IntruderLine(
                key[0],
                self._words[key],
                note,
                tuple(places),
                _WEIGHTS[key[0]] + min(len(places), 4),
            )


def _cut_standing(decided: DecidedInterview, turn: Turn) -> CutTurn:
    """Return a turn with a sign of no meaning in place of each character that is replaced."""
    text = turn.text
    for d in decided.mentions.get(turn.key, ()):
        if d.is_replaced:
            start, end = d.mention.start, d.mention.end
            text = text[:start] + _MASKED * (end - start) + text[end:]
    return CutTurn.cut_text(text)


@dataclass(frozen=True, slots=True)
class _Around:
    """What words are compared with.

    replaced: how often each word of a name was replaced in the study. said_by_others: the words of
    the other participants' interviews.
    """

    replaced: dict[str, int]
    said_by_others: Collection[str]
    keep_list: KeepList

    def judge_word(self, piece: Piece, concern: Concern | None) -> tuple[Trace, str] | None:
        """Return what a word that stands is a trace of, and a note; None for nothing.

        concern: what the risk sheet says of it.
        """
        word = fold_name(piece.lowered_bare)
        times = self.replaced.get(word, 0)
        if times and (piece.is_capital or not look_up_word(word).is_word):
            return Trace.REPLACED, f"replaced {_count_times(times)}"
        if concern is not None:
            return _FROM_SHEET[concern], ""
        if _is_name_too(piece, self.keep_list):
            return Trace.NAME, ""
        return (Trace.SELDOM, "") if self._is_seldom(word) else None

    def _is_seldom(self, word: str) -> bool:
        facts = look_up_word(word)
        is_seldom = len(word) >= _LEAST_SELDOM and facts.is_word and facts.common <= _SELDOM_SAID
        return is_seldom and word not in self.said_by_others


def _find_in_turn(found: _Found, decided: DecidedInterview, turn: Turn, around: _Around) -> None:
    cut = _cut_standing(decided, turn)
    taken: list[tuple[int, int]] = []

    def add(trace: Trace, start: int, end: int, note: str = "") -> None:
        taken.append((start, end))
        found.add(trace, turn.text[start:end], decided.make_place(turn, start, end), note)

    traced = (
        (Trace.CODE, _find_codes(cut.pieces)),
        (Trace.BODY, find_bodies(cut)),
        (Trace.TIME, find_times(cut)),
    )
    for trace, spans in traced:
        for start, end in spans:
            add(trace, start, end)
    taken += [  # somebody looked at these
        (d.mention.start, d.mention.end)
        for d in decided.mentions.get(turn.key, ())
        if d.decision is not None and not d.is_replaced
    ]
    telling = {piece.start: concern for piece, concern in find_telling_words(cut, around.keep_list)}
    for piece in cut.pieces:
        if piece.is_name_part and not _is_inside(piece, taken):
            judged = around.judge_word(piece, telling.get(piece.start))
            if judged is not None:
                add(judged[0], piece.start, piece.end, judged[1])


def _is_inside(piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= piece.start < end for start, end in spans)


def _is_name_too(piece: Piece, keep_list: KeepList) -> bool:
    """Whether a word in small letters is a name or a town as well: "rose", "bath"."""
    if not piece.is_word or piece.is_capital:
        return False
    facts = look_up_word(piece.lowered_bare)
    if facts.common >= _EVERYBODY_SAYS:
        return False
    listed = fold_name(piece.lowered_bare) in keep_list.also_names
    return listed or facts.given >= _NAME_LIKE or facts.town >= _TOWN_LIKE


def _find_codes(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield the spans of runs of digits, letters said singly and numbers in words."""
    run: list[Piece] = []
    for piece in (*pieces, None):
        if piece is not None and (
            _count_signs(piece)
            or (run and (piece.text in _SIGNS or piece.lowered in _SPOKEN_SIGNS))
        ):
            run.append(piece)
            continue
        while run and not _count_signs(run[-1]):
            run.pop()
        if run and _is_code(run) and not _is_money(pieces, run):
            yield run[0].start, run[-1].end
        run = []


def _count_signs(piece: Piece) -> int:
    """Return how many letters and digits of a code a piece may stand for, 0 for none."""
    if piece.is_digits:
        return len(piece.text)
    word = piece.lowered
    if word in DIGITS or word in TIMES or word == "zed":
        return 1
    if word in TEENS or word in TENS:
        return 2
    if not piece.text.isalpha() or word in {"a", "i"}:
        return 0
    is_letters = len(word) == 1 or (piece.text.isupper() and len(word) <= _LONGEST_IN_CODE)
    return len(word) if is_letters else 0


def _is_code(run: Sequence[Piece]) -> bool:
    words = [piece for piece in run if _count_signs(piece)]
    digits = sum(_count_signs(p) for p in words if p.is_digits or not _is_letters(p))
    letters = sum(_count_signs(p) for p in words if _is_letters(p))
    if len(words) == 1 and words[0].is_digits and int(words[0].text) in YEARS:
        return False
    return digits + letters >= _LEAST_IN_CODE and (digits >= _LEAST_DIGITS or letters == len(words))


def _is_letters(piece: Piece) -> bool:
    return piece.is_word and piece.lowered not in DIGITS.keys() | TIMES.keys() | TEENS.keys() | (
        TENS.keys()
    )


def _is_money(pieces: Sequence[Piece], run: Sequence[Piece]) -> bool:
    first = bisect_right(pieces, run[0].start, key=lambda p: p.start) - 1
    last = bisect_right(pieces, run[-1].start, key=lambda p: p.start) - 1
    before = pieces[first - 1].text if first else ""
    after = pieces[last + 1].lowered if last + 1 < len(pieces) else ""
    return before in _MONEY_BEFORE or after in _MONEY_AFTER


def _count_replaced_words(every: Iterable[DecidedInterview]) -> dict[str, int]:
    """Return how often each word of a name was replaced in the whole study, folded."""
    words: Counter[str] = Counter()
    for decided in every:
        for turn, d, _ in decided.iterate_mentions():
            if d.is_replaced and d.mention.category in NAME_CATEGORIES:
                said = CutTurn.cut_text(turn.text[d.mention.start : d.mention.end])
                words.update({
                    fold_name(p.lowered_bare)
                    for p in said.pieces
                    if p.is_word
                    and len(p.lowered_bare) >= _LEAST_NAME
                    and look_up_word(p.lowered_bare).common < _EVERYBODY_SAYS
                })  # fmt: skip
    return dict(words)


def _collect_words(others: Iterable[DecidedInterview]) -> set[str]:
    return {
        fold_name(piece.lowered_bare)
        for decided in others
        for turn in decided.turns
        for piece in CutTurn.cut_text(turn.text).pieces
        if piece.is_word
    }


def _list_about(
    study: Study, code: str, own: Iterable[DecidedInterview], others: Iterable[DecidedInterview]
) -> Iterator[IntruderLine]:
    """List where other people's interviews speak about the participant."""
    if not study.ring.holds(KeyClass.KEY):
        return
    entered = {
        normalise_form(Category.PERSON, name)
        for decided in own
        for one in decided.interview.participants
        if one.code == code
        for name in one.names
    }
    names = {
        i.replacement
        for i in read_pseudonym_book(study).identities
        if i.role == code or (i.category is Category.PERSON and entered & i.forms)
    }
    for decided in others:
        places = tuple(
            place
            for _, d, place in decided.iterate_mentions()
            if d.is_replaced and d.mention.replacement in names
        )
        if places:
            note = f"{_count_times(len(places))} in {decided.interview.label}"
            weight = _WEIGHTS[Trace.ABOUT] + min(len(places), 4)
            yield IntruderLine(Trace.ABOUT, "", note, places, weight)


def _count_times(count: int) -> str:
    return "1 time" if count == 1 else f"{count} times"


def _list_together(own: Iterable[DecidedInterview]) -> Iterator[IntruderLine]:
    """List the kinds of details and the people that the clean text still tells, in one line."""
    unrelated = load_word_list("people", "not family")
    roles = {word: role for role, words in load_shipped_list("roles").items() for word in words}
    kinds: Counter[str] = Counter()
    named: Counter[str] = Counter()  # roles of people: sister, nurse
    places: list[RiskPlace] = []
    for decided in own:
        for _, d, place in decided.iterate_mentions():
            if not d.mention.is_direct and still_tells(d):
                kinds[d.mention.category.value] += 1
                places.append(place)
        for turn in decided.turns:
            pieces = _cut_standing(decided, turn).pieces
            named.update(roles[p.lowered_bare] for p in pieces if p.lowered_bare in roles)
    if len(kinds) + bool(named) >= _TOGETHER:
        family = [role for role in named if role not in unrelated]
        others = [role for role in named if role in unrelated]
        told = list(kinds)
        told += [f"family ({', '.join(family)})"] if family else []
        told += [f"others ({', '.join(others)})"] if others else []
        weight = _WEIGHTS[Trace.TOGETHER] + len(kinds)
        yield IntruderLine(Trace.TOGETHER, "", ", ".join(told), tuple(places), weight)


def _list_jobs(own: Iterable[DecidedInterview]) -> Iterator[IntruderLine]:
    """List occupations that were kept, with how many people had one of that group."""
    kept: dict[str, list[RiskPlace]] = {}
    said: dict[str, str] = {}
    for decided in own:
        for turn, d, place in decided.iterate_mentions():
            is_kept = d.decision is not None and not d.is_replaced
            if is_kept and d.mention.category is Category.OCCUPATION:
                words = turn.text[d.mention.start : d.mention.end]
                folded = fold_name(words)
                said.setdefault(folded, words)
                kept.setdefault(folded, []).append(place)
    for folded, places in kept.items():
        note = "" if (group := _find_job_group(folded)) is None else group.describe()
        yield IntruderLine(Trace.JOB, said[folded], note, tuple(places), _WEIGHTS[Trace.JOB])


@dataclass(frozen=True, slots=True)
class _JobGroup:
    """A group of occupations of the census of 2021, and how many people were at work in it."""

    title: str
    people: int

    def describe(self) -> str:
        """Return the count in words: of the whole group, in England and Wales."""
        group = f"the census of 2021 counts {self.people:,} people at work as “{self.title}”"
        return f"{group} in England and Wales; each further detail leaves fewer"


def _find_job_group(folded: str) -> _JobGroup | None:
    """Return the group of the longest listed occupation in folded words."""
    words = folded.split()
    groups = _load_job_groups()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            group = groups.get(" ".join(words[start : start + length]))
            if group is not None:
                return group
    return None


@cache
def _load_job_groups() -> dict[str, _JobGroup]:
    """Return the groups by each occupation that is listed for them, folded."""
    groups: dict[str, _JobGroup] = {}
    for section, occupations in load_shipped_list("census").items():
        _, people, title = section.split(" ", 2)
        group = _JobGroup(title, int(people))
        groups |= {fold_name(one): group for one in occupations}
    return groups
