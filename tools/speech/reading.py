"""How a written word is read aloud, where espeak-ng would read it otherwise.

Telephone numbers are read digit by digit, years of the last century as two pairs. All other
numbers are left to espeak-ng.
"""

import re

# Shorter runs of digits are counts and ages, unless a leading zero says otherwise.
_LONG_NUMBER = 5

_YEAR = re.compile(r"19[1-9]\d")
_CLOSING = ".,?"


def spoken_form(word: str) -> str:
    """The text to give to the voice for one written word; its punctuation stays.

    "07700" gives "0 7 7 0 0", "1951," gives "19 51,", "74" stays "74".
    """
    core = word.rstrip(_CLOSING)
    closing = word[len(core) :]
    if not core.isdecimal():
        return word
    if len(core) >= _LONG_NUMBER or core.startswith("0"):
        return " ".join(core) + closing
    if _YEAR.fullmatch(core):
        return f"{core[:2]} {core[2:]}{closing}"
    return word
