"""Finding what identifies a person: Earshot beside plain spaCy and Presidio, as said and lowered.

Every text is searched as written and in small letters, by Earshot as it comes, by Earshot
together with spaCy's en_core_web_sm, by that pipeline alone, and by Presidio with it. Nothing is
decided by a person: what counts is what each finder proposes by itself, of Earshot's finds those
that it counts as found. Peers stand beside each figure of Earshot's.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from benchmarks import _marked
from benchmarks._finders import Answered, Finder, earshot, peers
from benchmarks._marked import Set
from benchmarks._questions import Decisions
from benchmarks._scoring import DIRECT, INDIRECT, NAMED, SITED, Score
from benchmarks.frame import Row, at_least, at_most
from study import LIKELY_SCORE

_FORMS: dict[str, Callable[[Set], Set]] = {
    "as written": lambda given: given,
    "lower-cased": _marked.lower,
}
_SPOKEN = ("addresses", "births", "emails", "identity_numbers", "phones", "postcodes", "vehicles")
_PERSONS, _SITES = (
    {"as written": 0.92, "lower-cased": 0.85},
    {"as written": 0.85, "lower-cased": 0.75},
)
_DIRECT_AIM, _REGISTER_AIM, _PRECISION_AIM, _KEEP_AIM, _SPEED_AIM = 0.97, 0.97, 0.70, 0.05, 3.0
_SPEED_WORDS = 20_000  # two hours of talk
_MOST_S = 5.0  # for so many words


@dataclass(frozen=True, slots=True)
class _Searched:
    """One finder's answers to all sets in one form."""

    finder: str
    sets: tuple[Set, ...]
    answered: Answered

    def score(self, names: Collection[str], *, least: float = LIKELY_SCORE) -> Score:
        """Count over the sets of these names."""
        score = Score()
        for given, found in zip(self.sets, self.answered.found, strict=True):
            if given.name in names:
                score.add(given, found, least if self.finder.startswith("Earshot") else 0.0)
        return score


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes the hard lines and a third of the other texts, and no peers."""
    hard, real = _marked.hard_lines(), _marked.sets(share=3 if quick else 1)
    later = _marked.later_lines()
    with ExitStack() as stack:
        finders, note = [earshot()], ""
        if not quick:
            try:
                beside, model = stack.enter_context(peers())
                finders += [earshot(model), *beside]
            except subprocess.CalledProcessError:
                note = "no peers: their packages could not be installed"
        rows = [row for form in _FORMS for row in _quality(finders, hard, [later, *real], form)]
        rows += _cost(finders, real or hard)
    if note:
        rows.append(Row("peers", None, "", note=note))
    return rows


def _quality(
    finders: Sequence[Finder], hard: Sequence[Set], real: Sequence[Set], form: str
) -> list[Row]:
    sets = tuple(_FORMS[form](one) for one in (*hard, *real))
    searched = [_Searched(finder.name, sets, finder.answer(sets)) for finder in finders]
    kinds = {one.name for one in hard}
    about = f"hard lines, {form}"
    named = NAMED | SITED
    rows = [
        _recall(searched, f"{about}: spoken direct identifiers", _SPOKEN, DIRECT, _DIRECT_AIM),
        _recall(searched, f"{about}: names spelled out", ("spelled",), named, _DIRECT_AIM),
        _recall(searched, f"{about}: register names", ("register",), named, _REGISTER_AIM),
        *_names(searched, about, kinds - {"register", "spelled"}, form),
        _recall(searched, f"{about}: indirect identifiers", kinds, INDIRECT, None),
        _precision(searched, about, kinds),
        _kept(searched, about, "keep"),
        _kept(searched, f"{real[0].name}, {form}", real[0].name),
        *_count_decisions(searched[0], f"hard lines, {form}", kinds),
        *_count_decisions(searched[0], f"{real[0].name}, {form}", {real[0].name}),
    ]
    for one in real:
        about = f"{one.name}, {form}"
        rows += _names(searched, about, {one.name}, form)
        rows += [
            row
            for title, of in (("direct identifiers", DIRECT), ("indirect identifiers", INDIRECT))
            if (row := _recall(searched, f"{about}: {title}", {one.name}, of, None)).value
            is not None
        ]
        rows.append(_precision(searched, about, {one.name}))
    return rows


def _count_decisions(searched: _Searched, about: str, names: Collection[str]) -> list[Row]:
    decisions = Decisions()
    for given, found in zip(searched.sets, searched.answered.found, strict=True):
        if given.name in names:
            decisions.add(given, found)
    return decisions.make_rows(about)


def _names(
    searched: Sequence[_Searched], about: str, names: Collection[str], form: str
) -> list[Row]:
    return [
        _recall(searched, f"{about}: persons", names, NAMED, _PERSONS[form]),
        _recall(searched, f"{about}: places and organisations", names, SITED, _SITES[form]),
    ]


def _recall(
    searched: Sequence[_Searched], figure: str, names: Collection[str], kinds: Collection[str],
    aim: float | None,
) -> Row:  # fmt: skip
    values = {one.finder: one.score(names).recall(kinds) for one in searched}
    looked = searched[0].score(names, least=0.0).recall(kinds)
    queue = "" if looked is None else f"with questions {looked:.3f}"
    return _row(figure, values, "recall", aim, queue)


def _precision(searched: Sequence[_Searched], about: str, names: Collection[str]) -> Row:
    values = {one.finder: one.score(names).precision for one in searched}
    looked = searched[0].score(names, least=0.0).precision
    return _row(f"{about}: token precision", values, "of masked words", _PRECISION_AIM,
                f"with questions {looked:.3f}")  # fmt: skip


def _kept(searched: Sequence[_Searched], about: str, name: str) -> Row:
    values = {one.finder: one.score((name,)).kept_wrongly for one in searched}
    queue = searched[0].score((name,), least=0.0).kept_wrongly
    beside = _beside(values, f"with questions {queue:.3f}")
    return at_most(
        f"{about}: keep-strings masked", values[searched[0].finder], _KEEP_AIM, "of them",
        compared_with=beside,
    )  # fmt: skip


def _row(
    figure: str,
    values: dict[str, float | None] | dict[str, float],
    unit: str,
    aim: float | None,
    queue: str,
) -> Row:
    first = next(iter(values))
    value = values[first]
    if value is None:
        return Row(figure, None, unit)
    row = Row(figure, value, unit) if aim is None else at_least(figure, value, aim, unit)
    return replace(row, compared_with=_beside(values, queue))


def _beside(values: dict[str, float | None] | dict[str, float], queue: str) -> str:
    told = [f"{name} {value:.3f}" for name, value in list(values.items())[1:] if value is not None]
    return ", ".join([*told, queue] if queue else told)


def _cost(finders: Sequence[Finder], sets: Sequence[Set]) -> list[Row]:
    """Words a second from the start of the process to its end, and memory, on two hours of talk."""
    talk = _talk(sets)
    answers = {finder.name: finder.answer([talk]) for finder in finders}
    speeds = {name: talk.words / one.wall_s for name, one in answers.items()}
    rows = [
        Row(f"{name}: words a second, start included", speed, "words/s", f"{talk.words:,} words")
        for name, speed in speeds.items()
    ]
    rows += [
        at_most(
            f"{name}: 20,000 words, start included", _SPEED_WORDS / speed, _MOST_S, "s",
        )
        for name, speed in speeds.items()
        if name.startswith("Earshot")
    ]  # fmt: skip
    rows += [Row(f"{name}: most memory", one.peak_mb, "MB") for name, one in answers.items()]
    if "Presidio" in speeds:
        ratio = speeds["Earshot"] / speeds["Presidio"]
        rows.append(at_least("Earshot's speed", ratio, _SPEED_AIM, "of Presidio's"))
    return rows


def _talk(sets: Sequence[Set]) -> Set:
    """Return the first turns of the longest set, as one interview."""
    longest = max(sets, key=lambda one: one.words)
    turns: list[_marked.Turn] = []
    words = 0
    for turn in (turn for document in longest.documents for turn in document):
        if words >= _SPEED_WORDS:
            break
        turns.append(turn)
        words += len(turn.text.split())
    return replace(longest, documents=(tuple(turns),))


def faults(name: str, form: str = "as written") -> tuple[list[str], list[str]]:
    """Return what Earshot misses and what it masks wrongly in one set, for whoever improves it."""
    given = _FORMS[form](
        next(
            s
            for s in (*_marked.hard_lines(), _marked.later_lines(), *_marked.sets())
            if s.name == name
        )
    )
    score = _Searched("Earshot", (given,), earshot().answer([given])).score({name})
    return score.missed, score.wrong
