"""Write the many hyphens and blanks of Unicode as the two that everybody types.

Word processors put a hyphen at which no line breaks into a telephone number, a spreadsheet a minus,
and a page a thin blank. To whoever reads they are one sign, so rules and the gate read one.
"""

from __future__ import annotations

import re

# Hyphens, the figure dash and minus signs. The longer dashes are pauses, except between digits.
_HYPHENS = "\u02d7\u05be\u2010\u2011\u2012\u2043\u207b\u208b\u2212\ufe63\uff0d"
_BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
_PLAIN = str.maketrans(dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_BLANKS, " "))
_DASH = re.compile(r"(?<=\d)[\u2013\u2014\u2015\ufe58](?=\d)")
# A soft hyphen inside a word is not seen; beside a digit somebody set it as a hyphen.
_SOFT = re.compile(r"(?<=\d)\u00ad(?=\w)|(?<=\w)\u00ad(?=\d)")
_UNSEEN = re.compile(
    r"(?<=\d)[\u200b-\u200d\u2060\ufeff](?=\w)|(?<=\w)[\u200b-\u200d\u2060\ufeff](?=\d)"
)


def write_plain_signs(text: str) -> str:
    """Return a text with "-" for every hyphen and " " for every blank; all stays in its place."""
    if text.isascii():
        return text
    plain = text.translate(_PLAIN)
    return _UNSEEN.sub(" ", _SOFT.sub("-", _DASH.sub("-", plain)))
