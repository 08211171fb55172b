"""Where a cluster is, for whoever hands it on; this module loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_LOOPBACK = "tls://127.0.0.1:"  # reached from this computer alone


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """Where a cluster is: its scheduler's address, and the folder of the study's certificate."""

    scheduler: str
    folder: Path

    @property
    def is_elsewhere(self) -> bool:
        """Whether its scheduler is on another computer, or may have workers there."""
        return not self.scheduler.startswith(_LOOPBACK)
