"""One identity, one replacement, in the whole study: "[Person 2]", "[Place 1]".

The book is the union of what every interview's identities are called. A form that was seen
before keeps its replacement; "Arthur", "Mr Bennett" and "Arthur Bennett" are one person while
only one person fits. A form that fits two stays ambiguous and gets a number of its own.
Numbers are never given twice: the highest of each kind stand beside the sealed artefact, in the
clear, so that they outlive what they were given to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anonymise.context import TITLES
from anonymise.pieces import without_possessive
from anonymise.register import Known
from study.artefacts import Counts, Kind
from study.store import Study
from study.terms import Category, Pseudonym, fold

_NUMBERED = re.compile(r"\[(.+) (\d+)\]")
# Places and organisations are told apart by guesswork: the same words are the same identity.
_SITES = frozenset({Category.PLACE, Category.ORGANISATION})


def form_of(category: Category, text: str) -> str:
    """Bring what was said into the form in which identities are compared."""
    form = fold(without_possessive(text.strip()))
    if category is Category.PERSON:
        words = [w for w in form.replace(".", " ").split() if w not in TITLES]
        return " ".join(words) or form
    return form.removeprefix("the ") if category in _SITES else form


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that want a replacement; ``form`` is their normal writing where one is known."""

    category: Category
    text: str
    form: str = ""

    @property
    def wanted(self) -> str:
        """The form to look up."""
        return form_of(self.category, self.form or self.text)


@dataclass(slots=True, eq=False)
class _Identity:
    """Somebody or something; ``replacement`` is "" until a mention asks for it."""

    category: Category
    forms: set[str]
    replacement: str = ""


@dataclass(slots=True)
class Book:
    """Who is called what in the study. ``highest`` holds the last number given per category."""

    identities: list[_Identity] = field(default_factory=list[_Identity])
    highest: dict[Category, int] = field(default_factory=dict[Category, int])

    def enter(self, pseudonyms: Iterable[Pseudonym]) -> None:
        """Take in what an interview's identities are called."""
        by_name = {i.replacement: i for i in self.identities if i.replacement}
        for one in pseudonyms:
            self._note_number(one.category, one.replacement)
            identity = by_name.get(one.replacement)
            if identity is None:
                identity = by_name[one.replacement] = _Identity(
                    one.category, set(), one.replacement
                )
                self.identities.append(identity)
            identity.forms.update(one.forms)

    def expect(self, known: Iterable[Known]) -> None:
        """Take in identities known beforehand; they get a number when they are mentioned."""
        for entry in known:
            forms = {form_of(entry.category, name) for name in entry.names} - {""}
            found = [i for f in sorted(forms) if (i := self._find(entry.category, f)) is not None]
            if found:
                found[0].forms |= forms
            elif forms:
                self.identities.append(_Identity(entry.category, forms))

    def replacements(self, asked: Sequence[Asked]) -> list[str]:
        """Return what stands for each of these, numbering new identities as they appear."""
        found: dict[tuple[Category, str], _Identity] = {}
        # The fullest name first: "Arthur" then finds the one "Arthur Bennett".
        for one in sorted(asked, key=lambda a: -len(a.wanted)):
            if (one.category, one.wanted) not in found:
                found[one.category, one.wanted] = self._identity(one)
            found[one.category, one.wanted].forms.add(form_of(one.category, one.text))
        identities = [found[one.category, one.wanted] for one in asked]
        for identity in identities:
            identity.replacement = identity.replacement or self._next(identity.category)
        return [identity.replacement for identity in identities]

    def _identity(self, asked: Asked) -> _Identity:
        identity = self._find(asked.category, asked.wanted)
        if identity is None:
            identity = _Identity(asked.category, set())
            self.identities.append(identity)
        identity.forms.add(asked.wanted)
        return identity

    def used(self, replacements: Iterable[str]) -> tuple[Pseudonym, ...]:
        """Return the identities that these replacements stand for."""
        wanted = set(replacements)
        return tuple(
            Pseudonym(i.category, i.replacement, tuple(sorted(i.forms)))
            for i in self.identities
            if i.replacement in wanted
        )

    def counts(self) -> Counts:
        """Return the highest number of each category, to stand in the clear."""
        return {category.value: n for category, n in sorted(self.highest.items()) if n}

    def note_counts(self, counts: Counts) -> None:
        """Remember numbers that were given in an interview, readable or not."""
        for category in Category:
            given = int(counts.get(category.value, 0))
            self.highest[category] = max(self.highest.get(category, 0), given)

    def _find(self, category: Category, form: str) -> _Identity | None:
        """Return the one identity that this form may mean, None where none or several fit."""
        kinds = _SITES if category in _SITES else {category}
        exact = [i for i in self.identities if i.category in kinds and form in i.forms]
        if category is not Category.PERSON:
            return exact[0] if exact else None
        fitting = exact + [
            i
            for i in self.identities
            if i.category is category and i not in exact and _fits(form, i.forms)
        ]
        if len(fitting) == 1 or (len(exact) == 1 and " " in form):
            return fitting[0]
        # Several fit: the form's own number, where it was given one before.
        return next((i for i in exact if i.forms == {form}), None)

    def _next(self, category: Category) -> str:
        number = self.highest.get(category, 0) + 1
        self.highest[category] = number
        return f"[{category.value[0].upper()}{category.value[1:]} {number}]"

    def _note_number(self, category: Category, replacement: str) -> None:
        numbered = _NUMBERED.fullmatch(replacement)
        if numbered is not None:
            self.highest[category] = max(self.highest.get(category, 0), int(numbered[2]))


def _fits(form: str, forms: set[str]) -> bool:
    """Whether a name is a part of another, "arthur" of "arthur bennett", or the other way.

    Two whole names that differ are never one person, whatever short form they share.
    """
    words = set(_words(form))
    others = [set(_words(other)) for other in forms]
    alike = [words <= other or other <= words for other in others]
    conflict = len(words) > 1 and any(
        len(other) > 1 and not same for other, same in zip(others, alike, strict=True)
    )
    return any(alike) and not conflict


def _words(form: str) -> list[str]:
    return form.replace("-", " ").split()


def read_book(study: Study) -> Book:
    """Read what everybody is called, from all interviews.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    book = Book()
    for summary in study.summaries():
        book.note_counts(summary.counts.get(Kind.PSEUDONYMS, {}))
        book.enter(of_interview(study, summary.id))
    return book


def of_interview(study: Study, interview: str) -> tuple[Pseudonym, ...]:
    """Return what one interview's identities are called."""
    return study.get(interview, Kind.PSEUDONYMS, tuple[Pseudonym, ...]) or ()
