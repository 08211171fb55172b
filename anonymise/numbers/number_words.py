"""The words for numbers, and the words after a number that show what it counts."""

from __future__ import annotations

from anonymise.shipped_lists import load_word_list

ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
MONTHS_THAT_ARE_WORDS = frozenset({"may", "march"})
FILLERS = frozenset({"um", "uh", "er", "erm", "ah", "then"})

COUNTED = load_word_list("numbers", "counted")
