"""Where a cluster is, for whoever hands it on; this module loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """Where a cluster is: its scheduler's address, and the folder of the study's certificate."""

    scheduler: str
    folder: Path
