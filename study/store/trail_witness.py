"""What must be in a study according to its trail: the newest hash of each row, and all sound."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from study.permissions import KEYS_RENEWED
from study.store.trail import TrailLine


@dataclass(frozen=True, slots=True)
class WitnessedSound:
    """What the newest line about a stretch says of it.

    bytes: the size of its file, 0 where the line does not say (before format 3). begun_at: the time
    of the first line about it.
    """

    records: int
    frames: int
    bytes: int
    begun_at: str


class WitnessedRow(NamedTuple):
    """What the newest line about a sealed row says of it: its SHA-256; and that line."""

    sha256: str
    line: int
    slot: int
    verb: str


class TrailWitness:
    """What the lines of the trail tell, which are read from its beginning.

    rows: each sealed row, by interview and name (``raw.1``, ``mentions.2.17``).
    stretches: by interview and number. slots: the hash of each slot's row, by its fact's name.
    """

    def __init__(self, lines: Iterable[TrailLine]) -> None:
        """Read all lines.

        Raises:
            StudyDamaged: a line cannot be read.
        """
        self.rows: dict[tuple[str, str], WitnessedRow] = {}
        self.stretches: dict[str, dict[int, WitnessedSound]] = {}
        self.slots: dict[str, str] = {}
        for line in lines:
            self._take_facts(line)

    def _take_facts(self, line: TrailLine) -> None:
        interview, facts = line.interview, line.facts
        for full in facts:
            who, _, name = full.rpartition(":")
            self._drop(who or interview, name)
        for full, fact in facts.items():
            who, _, name = full.rpartition(":")
            if full.startswith(_SLOT) and full.endswith(_SLOT_ROW):
                self.slots[full] = str(fact)
            elif _is_row(name):
                self._take_row((who or interview, name), str(fact), line)
            elif name.startswith(_STRETCH) and name.endswith(_FRAMES):
                of_one = full.removesuffix(_FRAMES)  # made of others: a line may tell of several
                number = of_one.rpartition(".")[2]
                if number.isdecimal():
                    self._take_sound(who or interview, int(number), f"{of_one}.", line)
        if _STRETCH in facts:
            self._take_sound(interview, int(facts[_STRETCH]), "", line)

    def _take_row(self, row: tuple[str, str], sha256: str, line: TrailLine) -> None:
        """Take what a line says of a row; one that was sealed anew keeps its author."""
        before = self.rows.get(row) if line.verb == KEYS_RENEWED else None
        self.rows[row] = (
            WitnessedRow(sha256, line.number, line.slot, line.verb)
            if before is None
            else before._replace(sha256=sha256)
        )

    def _drop(self, owner: str, name: str) -> None:
        """Miss no longer what a fact says is gone."""
        kind, _, what = name.partition(".")
        if what == "dropped":
            for row in [r for r in self.rows if r[0] == owner and _is_of(r[1], kind)]:
                del self.rows[row]
        elif kind == _STRETCH and what.endswith(DESTROYED):
            number = what.removesuffix(DESTROYED)
            self.stretches.get(owner, {}).pop(int(number) if number.isdecimal() else 0, None)
        elif what.endswith(MISSING):  # a person has looked, and knows that it is gone
            self.rows.pop((owner, name.removesuffix(MISSING)), None)

    def _take_sound(self, owner: str, number: int, prefix: str, line: TrailLine) -> None:
        stretches = self.stretches.setdefault(owner, {})
        told_at = str(line.facts.get(f"{prefix}recorded_at", line.at))  # in another study
        begun_at = stretches[number].begun_at if number in stretches else told_at
        records, frames, size = (
            int(line.facts.get(prefix + name, 0)) for name in ("records", "frames", "bytes")
        )
        stretches[number] = WitnessedSound(records, frames, size, begun_at)


MISSING, DESTROYED = ".missing", ".destroyed"
EMPTIED = hashlib.sha256(b"").hexdigest()  # of a row of which a shell is left
_STRETCH, _FRAMES = "stretch", ".frames"
_SLOT, _SLOT_ROW = "slot.", ".row"


def _is_of(name: str, kind: str) -> bool:
    return name.partition(".")[0] == kind


def _is_row(name: str) -> bool:
    """Whether a fact is the hash of a sealed row: ``raw.1``, or ``mentions.2.17``."""
    kind, *numbers = name.split(".")
    return bool(kind and numbers) and all(number.isdecimal() for number in numbers)
