"""Every error that there is, each made as a caller would, for the tests that go through all."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import product
from typing import Any

from study import errors
from study.errors import EarshotError

FAMILIES: dict[type[EarshotError], Collection[int]] = {
    errors.WorkError: range(3, 10),
    errors.StudyError: range(10, 30),
    errors.SoundError: range(30, 50),
    errors.ModelError: range(50, 60),
    errors.StepMissing: range(60, 70),
    errors.TranscriptError: range(70, 90),
    errors.AnonymisationError: range(90, 94),
    errors.ConsentError: {*range(94, 100), *range(240, 250)},
    errors.PeopleError: range(100, 110),
    errors.ExportError: {*range(110, 126), *range(230, 240)},
    errors.TravelError: {*range(200, 220), *range(250, 255)},
    errors.ClusterError: range(220, 230),
}
_PLAUSIBLE: dict[str, tuple[object, ...]] = {
    "int": (3, 0),
    "str": ("plain", ""),
    "bool": (True, False),
    "float | None": (2.5, None),
    "list[str]": (["turn 4"],),
    "tuple[int, ...]": ((4,), ()),
    "tuple[int, ...] | None": (None, (1, 2, 3, 7), ()),
    "tuple[str, ...]": (("some words",), ()),
    "tuple[LeakPlace, ...]": ((errors.LeakPlace.TURN,), tuple(errors.LeakPlace)),
}


def _below(kind: type[EarshotError]) -> Iterator[type[EarshotError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


CONCRETE = sorted(set(_below(EarshotError)) - set(FAMILIES), key=lambda kind: kind.exit_code)
"""All classes that can be raised: what is neither the root nor a family."""


def ways(kind: type[EarshotError]) -> Iterator[EarshotError]:
    """Make an error in every way that its arguments offer: each flaw, with and without counts."""
    told = [one for name, one in inspect.signature(kind).parameters.items() if name != "args"]
    offered = [_values(str(one.annotation)) for one in told if one.name != "kwargs"]
    for values in product(*offered):
        yield kind(**{one.name: value for one, value in zip(told, values, strict=True)})


def made(kind: type[EarshotError]) -> EarshotError:
    """Make an error with something plausible for each argument."""
    return next(ways(kind))


def _values(annotation: str) -> tuple[object, ...]:
    flaws: Any = getattr(errors, annotation, None)
    if inspect.isclass(flaws) and issubclass(flaws, StrEnum):
        return tuple(flaws)
    return _PLAUSIBLE[annotation]


SITUATIONS = [error for kind in CONCRETE for error in ways(kind)]
"""Every error in every way."""
