"""Word lists that ship as text: sections in [brackets], one entry a line, # for remarks.

Each says at its head where it comes from and under which licence.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

Sections = dict[str, tuple[str, ...]]


def sections(text: str) -> Sections:
    """Read a list: its entries by section, in order; what stands before the first is left out."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        entry = line.strip()
        if entry.startswith("["):
            name = entry.strip("[]")
        elif entry and not entry.startswith("#"):
            found.setdefault(name, []).append(entry)
    return {section: tuple(entries) for section, entries in found.items()}


@cache
def shipped(name: str) -> Sections:
    """Return a list of this package, such as "places"."""
    return sections((files("anonymise") / f"{name}.txt").read_text(encoding="utf-8"))


@cache
def words(name: str, section: str) -> frozenset[str]:
    """Return the words of one section of a list of this package.

    Raises:
        KeyError: there is no such section, or it is empty.
    """
    return frozenset(shipped(name)[section])
