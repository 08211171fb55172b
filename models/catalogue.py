"""The models worth offering, from ``catalogue.toml``: what they are for and what they cost."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("catalogue.toml")
LONGEST_WINDOW_S = 28.0  # Whisper hears 30 s at most; the rest is room for a late cut


class ModelKind(StrEnum):
    """What a model does."""

    SPEECH = "speech"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Offer:
    """One model that can be had, or that is bundled (then ``repository`` is empty).

    size_mb: of the download. longest_window_s: how much sound it may be given at once.
    """

    name: str
    kind: ModelKind
    repository: str
    size_mb: int
    licence: str
    languages: tuple[str, ...]
    good_for: str
    longest_window_s: float = LONGEST_WINDOW_S
    is_demonstration: bool = False

    @property
    def is_bundled(self) -> bool:
        """Whether it ships with Earshot."""
        return not self.repository


@cache
def offers() -> tuple[Offer, ...]:
    """Return the catalogue, best known first."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))["model"]
    return tuple(
        Offer(
            name=table["name"],
            kind=ModelKind(table["kind"]),
            repository=table.get("repository", ""),
            size_mb=table["size_mb"],
            licence=table["licence"],
            languages=tuple(table["languages"]),
            good_for=table["good_for"],
            longest_window_s=table.get("longest_window_s", LONGEST_WINDOW_S),
            is_demonstration=table.get("demonstration", False),
        )
        for table in tables
    )
