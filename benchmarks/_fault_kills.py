"""Earshot killed (kill -9), or its power cut, at random moments of every verb.

The moments are spread evenly over the time that the verb took when nothing happened to it, and a
little beyond. Faults build up: one study goes through many before a new one begins.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks._fault_process import Ending
from benchmarks._fault_study import Life, Struck, begin_life, inspect, run_verb
from benchmarks._fault_verbs import VERBS, FaultVerb
from tests.disk import Disk

FAULT_EXIT = 4  # a fault in Earshot itself
_LIFE = 50  # faults that one study goes through
_BEYOND = 1.1
_MOST_WAITING, _LOOKED_AT = 3, 0.6
_ALONE = "people"  # whose passphrase is whose must be known before and after


@dataclass
class Tally:
    """What became of one verb under faults. faults: sentences, each with how often."""

    count: int = 0
    struck: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.count + other.count, self.struck + other.struck, self.faults + other.faults
        )


@dataclass(frozen=True, slots=True)
class Blow:
    """A fault under way: ``strike`` is what is done in place of a kill, ``restore`` undoes it."""

    strike: Callable[[], None] | None = None
    restore: Callable[[], None] | None = None


class _Striker:
    """Strikes one verb after the other on a study, and looks at it after one or several."""

    def __init__(
        self, sources: Path, place: Path, dice: Random, blow: Blow, say: Callable[[str], None]
    ) -> None:
        self._sources, self._place, self._dice = sources, place, dice
        self._blow, self._say = blow, say
        self.tallies: dict[str, Tally] = {}
        self._lasts: dict[str, float] = {}
        self._waiting: list[tuple[FaultVerb, Struck]] = []
        self._calls = 0
        self._life: Life | None = None
        self._is_well = True

    @property
    def life(self) -> Life:
        """The study that goes through it now."""
        if not self._is_well:
            self._life, self._is_well = None, True  # what was found once is not counted again
            self._waiting.clear()
        if self._life is None:
            self._life = begin_life(self._sources, self._place / f"{self._calls}", self._dice)
            os.sync()  # what was copied is on the disk, whatever happens to it
        self._calls += 1
        self._life.calls = self._calls
        return self._life

    def strike(self, verb: FaultVerb, *, is_alone: bool) -> None:
        """Strike a call of a verb at a random moment.

        is_alone: the study is looked at straight after; else it may be the next call, which may be
        struck as well, that tidies up.
        """
        tally = self.tallies.setdefault(verb.name, Tally())
        if verb.name not in self._lasts:
            self._lasts[verb.name] = self.call(verb)
        if is_alone:
            self.look()
        life = self.life
        call, after_s = verb.make(life), self._dice.uniform(0, self._lasts[verb.name] * _BEYOND)
        ended = run_verb(life, call, kill_after_s=after_s, strike=self._blow.strike)
        if self._blow.restore is not None:
            self._blow.restore()
        tally.count += 1
        tally.struck += ended.was_struck
        self._waiting.append((verb, Struck(call, ended, verb.check)))
        for fault in _find_outbursts(ended):
            self._note(verb, fault)
        if is_alone or len(self._waiting) == _MOST_WAITING or self._dice.random() < _LOOKED_AT:
            self.look()

    def call(self, verb: FaultVerb) -> float:
        """Call a verb that nothing happens to; return how long it took, in seconds."""
        self.look()
        life = self.life
        call = verb.make(life)
        ended = run_verb(life, call)
        if ended.code:
            self._note(verb, f"it does not go on ({ended.code}): {ended.out[-500:]}")
        self._waiting.append((verb, Struck(call, ended, verb.check)))
        self.look()
        return ended.wall_s

    def look(self) -> None:
        """Look at the study, if anything happened to it since."""
        if not self._waiting or self._life is None:
            return
        standing = inspect(self._life, [struck for _, struck in self._waiting])
        self._life.people = dict(standing.people)
        for fault in standing.faults:
            self._note(self._waiting[-1][0], fault)
        self._waiting.clear()

    def end_life(self, verbs: Sequence[FaultVerb]) -> None:
        """Do everything once more, undisturbed; forget the study where all went well."""
        for verb in verbs:
            self.call(verb)
        if self._is_well and self._life is not None:
            shutil.rmtree(self._life.place, ignore_errors=True)
        self._life, self._is_well = None, True

    def _note(self, verb: FaultVerb, fault: str) -> None:
        self._is_well = False
        self.tallies.setdefault(verb.name, Tally()).faults[fault] += 1
        struck = ", ".join(
            f"{' '.join(one.call.words[:4])} ({one.ended.code} after {one.ended.wall_s:.3f} s)"
            for _, one in self._waiting
        )
        self._say(f"{self._calls}: {struck}: {fault}")


def strike_verbs(
    sources: Path,
    place: Path,
    *,
    seed: int,
    count: int,
    only: str = "",
    first: int = 0,
    until_s: float = math.inf,
    blow: Blow | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, Tally]:
    """Strike calls of verbs at random moments, and look at the study after them.

    sources: see ``make_sources``. place: an empty folder, on the disk that is struck. only: one
    verb. first: the number of the verb to begin with. until_s: it ends then, by the monotonic
    clock. say: is told each fault as it is found.
    """
    chosen = [verb for verb in VERBS if only in {"", verb.name}]
    striker = _Striker(sources, place, Random(seed), blow or Blow(), say)
    for number in range(count if chosen else 0):
        verb = chosen[(first + number) % len(chosen)]
        striker.strike(verb, is_alone=len(chosen) == 1 or verb.name == _ALONE)
        is_over = number + 1 == count or time.monotonic() > until_s
        if (number + 1) % _LIFE == 0 or is_over:
            striker.end_life(chosen)
        if is_over:
            break
    return striker.tallies


def _find_outbursts(ended: Ending) -> Sequence[str]:
    """Name what a process said that no person should read."""
    said = [f"it ended with a fault: {ended.out[-300:]}"] if ended.code == FAULT_EXIT else []
    return [*said, *(["a traceback"] if "Traceback" in ended.err else [])]


@contextlib.contextmanager
def cuttable(disk: Disk) -> Generator[Blow]:
    """Yield the blow that cuts a disk's power."""

    def restore() -> None:
        for _ in range(100):  # the kernel may still close the files of a process that is gone
            with contextlib.suppress(Exception):
                disk.again()
                return
            time.sleep(0.05)
        disk.again()

    yield Blow(disk.cut, restore)
