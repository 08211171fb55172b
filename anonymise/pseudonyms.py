"""One identity, one replacement, in the whole study: "[Person 2, sister]", or another name.

The book is the union of what every interview's identities are called. A form that was seen
before keeps its replacement; "Arthur", "Mr Bennett" and "Arthur Bennett" are one person while
only one person fits. A form that fits two stays ambiguous and gets a number of its own, unless
its title tells them apart. Numbers are never given twice: the highest of each kind stand beside
the sealed artefact, in the clear, so that they outlive what they were given to.

Ages and dates are no identities: ``generalising`` has broader words for them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from anonymise import fitting, generalising, roles
from anonymise.context import TITLES
from anonymise.fitting import Taken
from anonymise.generalising import Policy
from anonymise.pieces import without_possessive
from anonymise.register import Known
from study.artefacts import Kind
from study.store import WHOLE_STUDY, Study
from study.terms import About, Category, Pseudonym, Settings, Style, fold

_KINDS = "|".join(re.escape(category.value) for category in Category)
_NUMBERED = re.compile(rf"\[((?i:{_KINDS})) (\d+)(?:, [^\]]+)?\]")  # not "[May 2019]"
# Places and organisations are told apart by guesswork: the same words are the same identity.
_SITES = frozenset({Category.PLACE, Category.ORGANISATION})


def form_of(category: Category, text: str) -> str:
    """Bring what was said into the form in which identities are compared."""
    form = fold(without_possessive(text.strip()))
    if category is Category.PERSON:
        words = [w for w in form.replace(".", " ").split() if w not in TITLES]
        return " ".join(words) or form
    return form.removeprefix("the ") if category in _SITES else form


def label_of(replacement: str) -> str:
    """Return the bare label of a labelled replacement, "" of anything else."""
    numbered = _NUMBERED.fullmatch(replacement)
    return f"[{numbered[1]} {numbered[2]}]" if numbered else ""


def labelled(label: str, role: str) -> str:
    """Return a label that tells a role: "[Person 2, sister]"."""
    return f"{label[:-1]}, {role}]" if role else label


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that want a replacement.

    form: their normal writing where one is known. role: who it is to the one who speaks.
    """

    category: Category
    text: str
    form: str = ""
    role: str = ""

    @property
    def wanted(self) -> str:
        """The form to look up."""
        return form_of(self.category, self.form or self.text)

    @property
    def gender(self) -> str:
        """What the title in front of a name tells of a person."""
        return roles.gender_of_title(self.text) if self.category is Category.PERSON else ""


@dataclass(slots=True, eq=False)
class Identity:
    """Somebody or something; ``label`` is "" until a mention asks for it."""

    category: Category
    forms: set[str]
    replacement: str = ""
    label: str = ""
    role: str = ""
    by_hand: bool = False

    @property
    def gender(self) -> str:
        """What is known of a person's gender, "" for nothing."""
        return fitting.gender_of(self.forms, self.role)

    def kept(self) -> Pseudonym:
        """Return what is written of it."""
        forms = tuple(sorted(self.forms))
        return Pseudonym(
            self.category, self.replacement, forms, self.label, self.role, self.by_hand
        )


@dataclass(slots=True)
class Book:
    """Who is called what in the study. ``highest`` holds the last number given per category.

    taken: reads the words of the whole study, when a name has to be chosen. draw: picks one.
    """

    identities: list[Identity] = field(default_factory=list[Identity])
    highest: dict[Category, int] = field(default_factory=dict[Category, int])
    style: Style = Style.LABELS
    policy: Policy = field(default_factory=Policy)
    taken: Callable[[], Taken] = Taken
    draw: fitting.Draw = secrets.choice

    def enter(self, pseudonyms: Iterable[Pseudonym]) -> None:
        """Take in what an interview's identities are called."""
        by_label = {i.label: i for i in self.identities if i.label}
        for one in pseudonyms:
            label = one.label or label_of(one.replacement) or one.replacement
            self._note_number(one.category, label)
            identity = by_label.get(label)
            if identity is None:
                identity = by_label[label] = Identity(
                    one.category, set(), one.replacement, label, one.role, one.by_hand
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
                self.identities.append(Identity(entry.category, forms, role=entry.role))

    def replacements(self, asked: Sequence[Asked]) -> list[str]:
        """Return what stands for each of these, numbering new identities as they appear."""
        found: dict[tuple[Category, str, str], Identity] = {}
        broader = [self._broader(one) for one in asked]
        named = [one for one, words in zip(asked, broader, strict=True) if not words]
        # The fullest name first: "Arthur" then finds the one "Arthur Bennett".
        for one in sorted(named, key=lambda a: -len(a.wanted)):
            if _key(one) not in found:
                found[_key(one)] = self._identity(one)
            found[_key(one)].forms.add(form_of(one.category, one.text))
        for one in named:  # every role is heard before a label is written
            identity = found[_key(one)]
            if not identity.label:
                identity.role = identity.role or one.role
        for one in named:
            self._name(found[_key(one)], one)
        return [
            words or found[_key(one)].replacement for one, words in zip(asked, broader, strict=True)
        ]

    def _broader(self, one: Asked) -> str:
        if one.category not in generalising.BROADENED:
            return ""
        return generalising.proposed(one.category, one.text, self.policy)

    def _identity(self, asked: Asked) -> Identity:
        identity = self._find(asked.category, asked.wanted, asked.gender)
        if identity is None:
            identity = Identity(asked.category, set())
            self.identities.append(identity)
        identity.forms.add(asked.wanted)
        return identity

    def _name(self, identity: Identity, asked: Asked) -> None:
        """Give an identity its label and what stands in the text, where it has none yet."""
        if identity.replacement:
            return
        identity.label = identity.label or self._next(identity.category)
        if identity.category in _SITES and not identity.role:
            identity.role = generalising.kind_of(identity.category, asked.form or asked.text)
        identity.replacement = self.styled(identity, asked.text)

    def styled(self, identity: Identity, said: str = "") -> str:
        """Return what stands for an identity in the style of the study."""
        name = ""
        if self.style is Style.PSEUDONYMS and identity.category is Category.PERSON:
            name = fitting.choose(
                identity.forms, identity.role, title=fitting.title_of(said), taken=self.taken,
                given=[i.replacement for i in self.identities], draw=self.draw,
            )  # fmt: skip
        return name or labelled(identity.label, identity.role)

    def used(self, replacements: Iterable[str]) -> tuple[Pseudonym, ...]:
        """Return the identities that these replacements stand for."""
        wanted = set(replacements)
        return tuple(i.kept() for i in self.identities if i.replacement in wanted)

    def counts(self) -> dict[str, int]:
        """Return the highest number of each category, to stand in the clear."""
        return {category.value: n for category, n in sorted(self.highest.items()) if n}

    def note_counts(self, counts: Mapping[str, int]) -> None:
        """Remember numbers that were given in an interview, readable or not."""
        for category in Category:
            given = counts.get(category.value, 0)
            self.highest[category] = max(self.highest.get(category, 0), given)

    def _find(self, category: Category, form: str, gender: str = "") -> Identity | None:
        """Return the one identity that this form may mean, None where none or several fit."""
        kinds = _SITES if category in _SITES else {category}
        exact = [i for i in self.identities if i.category in kinds and form in i.forms]
        if category is not Category.PERSON:
            return exact[0] if exact else None
        fits = exact + [
            i
            for i in self.identities
            if i.category is category and i not in exact and _fits(form, i.forms)
        ]
        fits = _of_gender(fits, gender)
        if len(fits) == 1 or (len(exact) == 1 and " " in form and exact[0] in fits):
            return fits[0]
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


def _key(asked: Asked) -> tuple[Category, str, str]:
    return asked.category, asked.wanted, asked.gender


def _of_gender(fits: list[Identity], gender: str) -> list[Identity]:
    """Leave out whom a title contradicts: "Mrs Bennett" is not Arthur."""
    if not gender:
        return fits
    possible = [i for i in fits if i.gender in {gender, ""}]
    certain = [i for i in possible if i.gender == gender]
    return certain if len(certain) == 1 else possible


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


def read_book(study: Study, interview: str = "") -> Book:
    """Read what everybody is called, from all interviews.

    interview: whose events dates are told by.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    settings = study.get(WHOLE_STUDY, Kind.SETTINGS, Settings) or Settings()
    book = Book(
        style=settings.style,
        policy=policy_of(study, interview, settings),
        taken=lambda: Taken.of(study),
    )
    for summary in study.summaries():
        if (told := summary.facts.pseudonyms) is not None:
            book.note_counts(told.given)
        book.enter(of_interview(study, summary.id))
    return book


def policy_of(study: Study, interview: str, settings: Settings | None = None) -> Policy:
    """Return how dates and ages of an interview are generalised."""
    settings = settings or study.get(WHOLE_STUDY, Kind.SETTINGS, Settings) or Settings()
    about = study.get(interview, Kind.ABOUT, About) if interview else None
    entered = () if about is None else about.register
    events = (
        generalising.event_of(entry.role, name)
        for entry in entered
        if entry.category is Category.DATE and entry.role
        for name in entry.names
    )
    return Policy(settings.dates, int(study.now()[:4]), tuple(e for e in events if e is not None))


def of_interview(study: Study, interview: str) -> tuple[Pseudonym, ...]:
    """Return what one interview's identities are called."""
    return study.get(interview, Kind.PSEUDONYMS, tuple[Pseudonym, ...]) or ()
