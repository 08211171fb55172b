"""What every stage shares: how it is stopped, how it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

VERSION = "0.1.0"  # stands here alone: pyproject.toml has it read from this line
PROGRAM = f"earshot {VERSION}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is, in seconds of sound or in any other unit that adds up."""

    done: float
    total: float
    what: str = ""


Stop = Callable[[], bool]
Report = Callable[[Progress], None]


def never() -> bool:
    """Be the stop of a step that nobody stops."""
    return False


def quietly(_: Progress) -> None:
    """Be the report of a step that nobody watches."""
