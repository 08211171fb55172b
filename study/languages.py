"""The languages that can be spoken in an interview: codes, names, and how people write them.

A person writes ``de``, ``DE``, ``de-AT``, ``German`` or ``Deutsch``; the study, the models and the
options of a verb hold the code alone. ``languages.txt`` has the languages that Whisper has learnt;
whether one model has learnt one of them is for ``transcribe`` to say.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from study.errors import LanguageUnknown

AUTO_LANGUAGE = "auto"
"""In place of a code: the language that is heard in the first minutes of speech."""

_AFTER_CODE = re.compile(r"[-_.@].*")  # the region, script and encoding of a locale


@dataclass(frozen=True, slots=True)
class Language:
    """One language: ``code`` as Whisper has it, such as ``de``; ``name`` in English."""

    code: str
    name: str


@cache
def list_languages() -> tuple[Language, ...]:
    """Return all languages, in the order of their names."""
    every = {language.code: language for language in _read_names().values()}
    return tuple(sorted(every.values(), key=lambda language: language.name))


def parse_language(text: str) -> str:
    """Return the code of a language that a person named, or ``AUTO_LANGUAGE``.

    text: a code of two or three letters (``DE``, ``deu``), a locale (``de-AT``, ``de_DE.UTF-8``),
    or a name in English or in the language itself.

    Raises:
        LanguageUnknown: no language is called so.
    """
    named = _fold(text)
    if named == AUTO_LANGUAGE:
        return AUTO_LANGUAGE
    names = _read_names()
    found = names.get(named) or names.get(_AFTER_CODE.sub("", named))
    if found is None:
        raise LanguageUnknown(is_name=True)
    return found.code


def name_language(code: str) -> str:
    """Return the English name of a language by its code; a code that nobody knows as it is."""
    if code == AUTO_LANGUAGE:
        return "the language that is heard"
    found = _read_names().get(code)
    return found.name if found else code


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


@cache
def _read_names() -> dict[str, Language]:
    """Return each language under its code and all its names, folded."""
    names: dict[str, Language] = {}
    for line in (files("study") / "languages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, _, rest = line.partition(":")
        called = [name.strip() for name in rest.split(",")]
        language = Language(code, called[0])
        for name in (code, *called):
            assert names.setdefault(_fold(name), language) is language, name
    return names
