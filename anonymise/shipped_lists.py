"""The word lists of this package, by section (see ``study.parse_list_sections``)."""

from __future__ import annotations

from functools import cache

from study import ListSections, load_list_sections


def load_shipped_list(name: str) -> ListSections:
    """Return a list of this package by its name, such as "places"."""
    return load_list_sections("anonymise", name)


@cache
def load_word_list(name: str, section: str) -> frozenset[str]:
    """Return the words of one section of a list of this package.

    Raises:
        KeyError: there is no such section, or it is empty.
    """
    return frozenset(load_shipped_list(name)[section])
