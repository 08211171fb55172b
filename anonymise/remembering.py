"""What a search found in each turn, kept so that the next one looks only at what was edited.

What a component finds in a turn depends on nothing but its words, the components and the names
known beforehand. So the finds stand as long as all of these are the same; deciding what stands
of them, over the whole interview, is done anew each time. A search that remembers gives just what
one without memory gives: a test holds that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from anonymise.proposals import Proposal
from study.artefacts import Kind
from study.change import Change
from study.store import Study


@dataclass(frozen=True, slots=True)
class Remembered:
    """The finds of one turn. ``sha256`` is of its words; ``failed`` as in ``pipeline.Found``."""

    sha256: str
    proposals: tuple[Proposal, ...]
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """The finds of a whole search, and what it could look for. ``stamp`` names what made them."""

    stamp: str = ""
    turns: tuple[Remembered, ...] = ()
    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()

    def by_words(self) -> dict[str, Remembered]:
        """Return the finds by the hash of the words they were found in."""
        return {turn.sha256: turn for turn in self.turns}


def digest(text: str) -> str:
    """Return the hash by which a turn's words are known again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def stamp(*made_of: object) -> str:
    """Name a way of searching: all that it was made of, and the rules themselves."""
    said = msgspec.json.encode([_rules(), *made_of])
    return hashlib.sha256(said).hexdigest()


def read(study: Study, interview: str, wanted: str) -> Memory:
    """Return what the last search found, nothing where it searched in another way."""
    memory = study.get(interview, Kind.FOUND, Memory)
    return memory if memory is not None and memory.stamp == wanted else Memory()


def write(change: Change, interview: str, memory: Memory) -> None:
    """Keep the finds of a search; those of the one before go."""
    change.drop(interview, Kind.FOUND)
    change.put(interview, Kind.FOUND, memory)


def unknown(memory: Mapping[str, Remembered], texts: Iterable[str]) -> list[str]:
    """Return the texts that were not searched before, each once."""
    return list({text: None for text in texts if digest(text) not in memory})


@cache
def _rules() -> str:
    """Return a hash of this package: a rule that changed finds other things in the same words."""
    found = hashlib.sha256()
    folders = [files("anonymise"), files("anonymise.numbers"), files("anonymise.context")]
    parts = [part for folder in folders for part in folder.iterdir()]
    parts += [files("study") / "likeness.py", files("study") / "respelt.txt"]
    for part in sorted(parts, key=lambda p: p.name):
        if part.name.endswith((".py", ".txt")):
            found.update(part.read_bytes())
    return found.hexdigest()
