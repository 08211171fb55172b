"""Long tasks: how a stage is asked to stop and reports its progress; the program's version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

VERSION = "0.9.0"  # stands here alone: pyproject.toml has it read from this line
PROGRAM_VERSION = f"earshot {VERSION}"


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far a task is, in seconds of sound or in any other unit that adds up."""

    done: float
    total: float
    what: str = ""


ShouldStop = Callable[[], bool]
ReportProgress = Callable[[TaskProgress], None]


def no_stop() -> bool:
    """Never ask to stop: the default of ``stop``."""
    return False


def no_report(_: TaskProgress) -> None:
    """Ignore progress: the default of ``report``."""
