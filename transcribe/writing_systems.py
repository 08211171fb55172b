"""Find words in a script that a language is not written in: the model may have changed language.

This cannot distinguish two languages of one script.
"""

from __future__ import annotations

import unicodedata

# By the first word of a letter's Unicode name; Whisper's other languages are written in Latin.
_CYRILLIC = frozenset({"CYRILLIC"})
_ARABIC = frozenset({"ARABIC"})
_DEVANAGARI = frozenset({"DEVANAGARI"})
_HEBREW = frozenset({"HEBREW"})
_SCRIPTS = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "kk", "mn", "tg", "tt", "ba"), _CYRILLIC),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "sd"), _ARABIC),
    **dict.fromkeys(("hi", "mr", "ne", "sa"), _DEVANAGARI),
    **dict.fromkeys(("he", "yi"), _HEBREW),
    **dict.fromkeys(("bn", "as"), frozenset({"BENGALI"})),
    "am": frozenset({"ETHIOPIC"}),
    "bo": frozenset({"TIBETAN"}),
    "el": frozenset({"GREEK"}),
    "gu": frozenset({"GUJARATI"}),
    "hy": frozenset({"ARMENIAN"}),
    "ja": frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    "ka": frozenset({"GEORGIAN"}),
    "km": frozenset({"KHMER"}),
    "kn": frozenset({"KANNADA"}),
    "ko": frozenset({"HANGUL", "CJK"}),
    "lo": frozenset({"LAO"}),
    "ml": frozenset({"MALAYALAM"}),
    "my": frozenset({"MYANMAR"}),
    "pa": frozenset({"GURMUKHI"}),
    "si": frozenset({"SINHALA"}),
    "sr": frozenset({"CYRILLIC"}),
    "ta": frozenset({"TAMIL"}),
    "te": frozenset({"TELUGU"}),
    "th": frozenset({"THAI"}),
    "yue": frozenset({"CJK"}),
    "zh": frozenset({"CJK"}),
}
_LATIN = frozenset({"LATIN"})  # names and brands are written in Latin in every language
_ANY = frozenset({"FEMININE", "MASCULINE", "MODIFIER", "MICRO"})  # the letters of "1st" and "5 um"


def is_foreign_word(word: str, language: str) -> bool:
    """Whether most letters of a word are of a script that the language is not written in."""
    own = _SCRIPTS.get(language, _LATIN) | _LATIN | _ANY
    letters = [unicodedata.name(c, "?").split(maxsplit=1)[0] for c in word if c.isalpha()]
    return 2 * sum(script not in own for script in letters) > len(letters)
