"""Read the word lists that ship as text: sections in [brackets], one entry a line, # for remarks.

The head of each list gives its origin and its licence.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

ListSections = dict[str, tuple[str, ...]]


def parse_list_sections(text: str) -> ListSections:
    """Return the entries of a list by section, in order; lines before the first one are ignored."""
    sections: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        entry = line.strip()
        if entry.startswith("["):
            name = entry.strip("[]")
        elif entry and not entry.startswith("#"):
            sections.setdefault(name, []).append(entry)
    return {section: tuple(entries) for section, entries in sections.items()}


@cache
def load_shipped_list(name: str) -> ListSections:
    """Return a list of this package by its name, such as "places"."""
    return parse_list_sections((files("anonymise") / f"{name}.txt").read_text(encoding="utf-8"))


@cache
def load_word_list(name: str, section: str) -> frozenset[str]:
    """Return the words of one section of a list of this package.

    Raises:
        KeyError: there is no such section, or it is empty.
    """
    return frozenset(load_shipped_list(name)[section])
