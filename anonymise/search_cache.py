"""The finds of a search by turn, stored so that the next search covers only the edited turns.

What is found in a turn depends on its words, the ways of finding and the names known beforehand,
and on nothing else: the finds of an earlier search are used again while all three are the same.
Overlaps and repeated names are settled over the whole interview each time. A search with a cache
gives exactly what one without gives: a test holds that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from anonymise.proposals import Proposal
from study import ArtefactKind
from study.store import Change, Interview

# What the search takes from ``study``: a change there finds other things as well.
_SHARED = (
    "likeness.py", "respelt.txt", "name_words.py", "name_words.txt", "kept_phrases.py", "keep.txt",
    "plain_signs.py",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CachedTurn:
    """The finds of a turn; ``sha256`` is the hash of its words, ``failed`` as in ``TurnFinds``."""

    sha256: str
    proposals: tuple[Proposal, ...]
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchCache:
    """The finds of a whole search, and what it looked for; ``stamp`` identifies its ingredients."""

    stamp: str = ""
    turns: tuple[CachedTurn, ...] = ()
    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()

    def turns_by_digest(self) -> dict[str, CachedTurn]:
        """Return the finds by the hash of the words of their turn."""
        return {turn.sha256: turn for turn in self.turns}


def hash_words(text: str) -> str:
    """Return the hash of a turn's words, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def compute_search_stamp(*ingredients: object) -> str:
    """Return a hash of all that a search is made of, the code of the rules included."""
    made_of = msgspec.json.encode([_hash_rules(), *ingredients])
    return hashlib.sha256(made_of).hexdigest()


def read_search_cache(interview: Interview, stamp: str) -> SearchCache:
    """Return the finds of the last search; none where it had another stamp."""
    cached = interview.read_artefact(ArtefactKind.FOUND, SearchCache)
    return cached if cached is not None and cached.stamp == stamp else SearchCache()


def write_search_cache(change: Change, finds: SearchCache) -> None:
    """Store the finds of a search of the interview that the change is about, in place of others."""
    change.drop_artefact(ArtefactKind.FOUND)
    change.write_artefact(ArtefactKind.FOUND, finds)


def list_unsearched_texts(by_digest: Mapping[str, CachedTurn], texts: Iterable[str]) -> list[str]:
    """Return the texts that are not in the cache, each once."""
    return list({text: None for text in texts if hash_words(text) not in by_digest})


@cache
def _hash_rules() -> str:
    """Return a hash of this package: a rule that changed finds other things in the same words."""
    digest = hashlib.sha256()
    folders = [files("anonymise"), files("anonymise.numbers"), files("anonymise.context")]
    parts = [part for folder in folders for part in folder.iterdir()]
    parts += [files("study") / name for name in _SHARED]
    for part in sorted(parts, key=lambda p: p.name):
        if part.name.endswith((".py", ".txt")):
            digest.update(part.read_bytes())
    return digest.hexdigest()
