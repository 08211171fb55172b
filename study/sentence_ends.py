"""Where sentences and questions end, by the sign at the end of a word.

The signs are those of writing systems that mark them, East Asian, Arabic and Indian ones among
them. The full stop of "Mr." and of an initial ends no sentence. A short form that may stand at the
end of one counts there: "etc.", "p.m.", and "No." and "I." are words as well.
"""

from __future__ import annotations

import re

from study.records import Word

QUESTION_ENDS = frozenset("?\uff1f\u061f")
SENTENCE_ENDS = QUESTION_ENDS | set(".!\u2026\u3002\uff01\u0964")
COMMAS = frozenset(",;:\u2013\u2014\u3001\uff0c\u060c")
_OPENING_SIGNS = "\"'([\u00ab\u201c\u2018\u201e"
_CLOSING_SIGNS = "\"')]\u00bb\u201d\u2019"

# In front of a name or a number, in English, German and French.
_SHORT_FORMS = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "rev", "st", "mt", "lt", "sgt", "capt", "col", "gen", "hon",
    "hr", "fr", "nr", "bzw", "z.b", "d.h", "vgl", "mme", "mlle", "e.g", "i.e", "vs", "approx",
})  # fmt: skip
_INITIALS = re.compile(r"(?!I$)[^\W\d_](?:\.[^\W\d_])*")  # "So do I." ends one


def find_last_sign(word: Word) -> str:
    """Return the last character of a word without brackets and quotation marks, "" for none."""
    return word.text.strip().rstrip(_CLOSING_SIGNS)[-1:]


def ends_sentence(word: Word) -> bool:
    """Whether a sentence ends with the word."""
    sign = find_last_sign(word)
    return sign in SENTENCE_ENDS and not (sign == "." and _is_short_form(word))


def text_ends_sentence(text: str) -> bool:
    """Whether a sentence ends with a text."""
    last = text.split()[-1:]
    return bool(last) and ends_sentence(Word(last[0], 0.0, 0.0, 1.0))


def ends_question(word: Word) -> bool:
    """Whether a question ends with the word."""
    return find_last_sign(word) in QUESTION_ENDS


def _is_short_form(word: Word) -> bool:
    bare = word.text.strip().strip(_OPENING_SIGNS + _CLOSING_SIGNS).removesuffix(".")
    is_initial = bare[:1].isupper() and _INITIALS.fullmatch(bare) is not None
    return is_initial or bare.casefold() in _SHORT_FORMS
