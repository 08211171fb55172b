"""Read word lists that ship as text: sections in [brackets], one entry a line, # for remarks.

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
def load_list_sections(package: str, name: str) -> ListSections:
    """Return a list of a package by its name: "places" of ``anonymise``."""
    return parse_list_sections((files(package) / f"{name}.txt").read_text(encoding="utf-8"))
