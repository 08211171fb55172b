"""Where sentences and questions end, by the sign at the end of a word.

The signs are those of writing systems that mark them, East Asian, Arabic and Indian ones among
them.
"""

from __future__ import annotations

from study import Word

QUESTION_ENDS = frozenset("?\uff1f\u061f")
SENTENCE_ENDS = QUESTION_ENDS | set(".!\u2026\u3002\uff01\u0964")
COMMAS = frozenset(",;:\u2013\u2014\u3001\uff0c\u060c")
_CLOSING_SIGNS = "\"')]\u00bb\u201d\u2019"


def find_last_sign(word: Word) -> str:
    """Return the last character of a word without brackets and quotation marks, "" for none."""
    return word.text.strip().rstrip(_CLOSING_SIGNS)[-1:]


def ends_sentence(word: Word) -> bool:
    """Whether a sentence ends with the word."""
    return find_last_sign(word) in SENTENCE_ENDS


def ends_question(word: Word) -> bool:
    """Whether a question ends with the word."""
    return find_last_sign(word) in QUESTION_ENDS
