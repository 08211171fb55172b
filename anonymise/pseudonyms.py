"""One replacement for each identity in the whole study: "[Person 2, sister]", or a pseudonym.

The book holds the identities of all interviews. A form of a name that is in it keeps its
replacement; "Arthur", "Mr Bennett" and "Arthur Bennett" are one person while only one person fits.
A form that fits two stays ambiguous and gets a number of its own, unless its title tells them
apart. A bare first name or surname that was heard in another interview is nobody's yet: it gets a
number of its own, and a person says whether both are one (``same_people``). No number is assigned
twice: the highest of each category stands beside the sealed artefact, in the clear, so that it
outlives the identity that had it.

Ages and dates are no identities: ``generalisation`` has broader words for them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from anonymise.context import TITLES
from anonymise.generalisation import (
    BROADENED_CATEGORIES,
    GeneralisationPolicy,
    describe_kind,
    load_kind_words,
    parse_dated_event,
    propose_generalisation,
    read_births,
)
from anonymise.pieces import strip_possessive
from anonymise.pseudonym_choice import (
    DrawOne,
    TakenNames,
    choose_pseudonym,
    infer_gender,
    read_title,
)
from anonymise.register import KnownIdentity
from anonymise.roles import infer_title_gender
from anonymise.shipped_lists import load_word_list
from anonymise.two_names import are_two_names, names_another
from anonymise.word_kinds import is_common_given_name, is_place_name
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    JoinedPseudonym,
    Pseudonym,
    PseudonymStyle,
    StudySettings,
    compact_name,
    compare_names,
    fold_name,
    write_plain_signs,
)
from study.store import Interview, Study

_KINDS = "|".join(re.escape(category.value) for category in Category)
_NUMBERED = re.compile(rf"\[((?i:{_KINDS})) (\d+)(?:, [^\]]+)?\]")  # not "[May 2019]"
# Homes and hospitals are called Park View as well; hardly any is called Mill Road.
_STREETS = load_word_list("sites", "streets") - {
    "view", "park", "grove", "gardens", "court", "house", "hill", "rise", "mount", "green",
}  # fmt: skip
# Places and organisations are told apart by guesswork: the same words are the same identity.
_SHORTEST_VARIANT = 4  # letters: "Ann" and "Ian" sound alike and are two
_LIKE = 0.75  # likeness from which on a known name may have been taken for another
_SAME_SOUND = 0.93  # likeness of two names that sound the same (``study.compare_names``)
_SITES = frozenset({Category.PLACE, Category.ORGANISATION})


def normalise_form(category: Category, text: str) -> str:
    """Return the form of a name in which identities are compared."""
    form = fold_name(strip_possessive(write_plain_signs(text).strip()))
    if category is Category.PERSON:
        words = [w for w in form.replace(".", " ").split() if w not in TITLES]
        return " ".join(words) or form
    return form.removeprefix("the ") if category in _SITES else form


def read_label(replacement: str) -> str:
    """Return the label of a replacement, without the role; "" where it is no label."""
    numbered = _NUMBERED.fullmatch(replacement)
    return f"[{numbered[1]} {numbered[2]}]" if numbered else ""


def read_label_number(label: str) -> int:
    """Return the number in a label, by which labels are listed; 0 for none."""
    digits = "".join(c for c in label if c.isdigit())
    return int(digits) if digits else 0


def format_label(label: str, role: str) -> str:
    """Return a label with a role in it: "[Person 2, sister]"."""
    return f"{label[:-1]}, {role}]" if role else label


@dataclass(frozen=True, slots=True)
class ReplacementRequest:
    """Words that need a replacement.

    form: their normal form where one is known. role: who the person is to the speaker. kin: the
    same where no comma shows it ("jean my sister"): it tells two apart and stands in no label.
    """

    category: Category
    text: str
    form: str = ""
    role: str = ""
    kin: str = ""

    @property
    def form_to_look_up(self) -> str:
        """The form in which identities are compared."""
        return normalise_form(self.category, self.form or self.text)

    @property
    def gender(self) -> str:
        """The gender that the title in front of a name gives, "" for none."""
        return infer_title_gender(self.text) if self.category is Category.PERSON else ""


@dataclass(slots=True, eq=False)
class ReplacedIdentity:
    """A person, place or other identity; ``label`` is "" until a mention needs it.

    is_here: whether the interview at hand talks of it, or had it entered. joined, apart: as in
    ``Pseudonym``. kin: as in ``ReplacementRequest``, of this search alone.
    """

    category: Category
    forms: set[str]
    replacement: str = ""
    label: str = ""
    role: str = ""
    by_hand: bool = False
    is_here: bool = False
    joined: tuple[JoinedPseudonym, ...] = ()
    apart: set[str] = field(default_factory=set[str])
    kin: str = ""

    @property
    def gender(self) -> str:
        """A person's gender where names or role give one, else ""."""
        return infer_gender(self.forms, self.role)

    def is_site(self, form: str) -> bool:
        """Whether a name is this site with or without its kind: "park view", "... hospital"."""
        return self.category in _SITES and any(_is_one_site(form, other) for other in self.forms)

    def to_pseudonym(self) -> Pseudonym:
        """Return the record of it that the study stores."""
        return Pseudonym(
            self.category,
            self.replacement,
            tuple(sorted(self.forms)),
            self.label,
            self.role,
            self.by_hand,
            self.joined,
            tuple(sorted(self.apart)),
        )


@dataclass(slots=True)
class PseudonymBook:
    """The identities of a study and their replacements.

    highest: the last number assigned in each category. find_taken: reads the words of the whole
    study, when a pseudonym has to be chosen. draw: picks one of several names.
    """

    identities: list[ReplacedIdentity] = field(default_factory=list[ReplacedIdentity])
    highest: dict[Category, int] = field(default_factory=dict[Category, int])
    style: PseudonymStyle = PseudonymStyle.LABELS
    policy: GeneralisationPolicy = field(default_factory=GeneralisationPolicy)
    find_taken: Callable[[], TakenNames] = TakenNames
    draw: DrawOne = secrets.choice

    def add_pseudonyms(
        self,
        pseudonyms: Iterable[Pseudonym],
        *,
        is_here: bool = False,
        by_label: dict[str, ReplacedIdentity] | None = None,
    ) -> None:
        """Add the identities of an interview with their replacements.

        is_here: it is the interview at hand. by_label: all identities that have a label, which is
        kept up to date, for who adds those of many interviews.
        """
        if by_label is None:
            by_label = {i.label: i for i in self.identities if i.label}
        for one in pseudonyms:
            label = one.label or read_label(one.replacement) or one.replacement
            self._note_number(one.category, label)
            identity = by_label.get(label)
            if identity is None:
                identity = by_label[label] = ReplacedIdentity(
                    one.category, set(), one.replacement, label, one.role, one.by_hand
                )
                self.identities.append(identity)
            identity.forms.update(one.forms)
            identity.apart.update(one.apart)
            known = {joined.label for joined in identity.joined}
            identity.joined += tuple(j for j in one.joined if j.label not in known)
            identity.is_here |= is_here

    def add_known_identities(
        self, known: Iterable[KnownIdentity], *, elsewhere: Iterable[KnownIdentity] = ()
    ) -> None:
        """Add the identities entered with the interview at hand.

        Each gets its number with its first mention. elsewhere: those entered with other interviews;
        the same entry is the same identity.
        """
        entered = {
            (one.category, normalise_form(one.category, name), one.role)
            for one in elsewhere
            for name in one.names
        }
        for entry in known:
            forms = {normalise_form(entry.category, name) for name in entry.names} - {""}
            identity = self._find_entered(entry, forms, entered)
            if identity is None and forms:
                identity = ReplacedIdentity(entry.category, set(), role=entry.role)
                self.identities.append(identity)
            if identity is not None:
                identity.forms |= forms
                identity.is_here = True

    def _find_entered(
        self, entry: KnownIdentity, forms: set[str], entered: set[tuple[Category, str, str]]
    ) -> ReplacedIdentity | None:
        """Return the identity that an entry is; the role settles what a bare name leaves open."""
        for form in sorted(forms):
            is_known = (entry.category, form, entry.role) in entered
            found = self._find(entry.category, form)
            if found is None and entry.category is Category.PERSON and (is_known or entry.role):
                same = [i for i in self._list_people() if form in i.forms and i.label]
                found = next((i for i in same if i.role == entry.role), None)
                if found is None and is_known:
                    found = next((i for i in same if not i.role), None)
            if found is not None:
                return found
        return None

    def note_births(self, details: Iterable[tuple[Category, str]]) -> None:
        """Note the dates of birth of an interview: no other date there may tell more of them."""
        self.policy = replace(self.policy, births=read_births(details))

    def part_identity(self, identity: ReplacedIdentity, forms: set[str]) -> ReplacedIdentity:
        """Make an identity of its own of some forms of another; return it with its replacement."""
        identity.forms -= forms
        label = self._make_label(identity.category)
        parted = ReplacedIdentity(identity.category, set(forms), label=label)
        self.identities.append(parted)
        parted.replacement = self.format_replacement(parted)
        return parted

    def assign_replacements(self, asked: Sequence[ReplacementRequest]) -> list[str]:
        """Return the replacement for each request; new identities are numbered in their order."""
        found: dict[tuple[Category, str, str], ReplacedIdentity] = {}
        asked = [self._drop_strange_form(one) for one in asked]
        broader = [self._generalise(one) for one in asked]
        named = [one for one, words in zip(asked, broader, strict=True) if not words]
        roles: dict[tuple[Category, str, str], str] = {}
        kin: dict[tuple[Category, str, str], str] = {}
        for one in named:
            roles[_key(one)] = roles.get(_key(one), "") or one.role
            kin[_key(one)] = kin.get(_key(one), "") or one.kin
        # The longest name first: "Arthur" then finds the one "Arthur Bennett".
        for one in sorted(named, key=lambda a: -len(a.form_to_look_up)):
            if _key(one) not in found:
                found[_key(one)] = self._find_or_add(one, roles[_key(one)], kin[_key(one)])
            found[_key(one)].forms.add(normalise_form(one.category, one.text))
        for one in named:  # every role is read before a label is written
            identity = found[_key(one)]
            if not identity.label:
                identity.role = identity.role or one.role
        for one in named:
            self._label(found[_key(one)], one)
        return [
            words or found[_key(one)].replacement for one, words in zip(asked, broader, strict=True)
        ]

    def _generalise(self, asked: ReplacementRequest) -> str:
        if asked.category not in BROADENED_CATEGORIES:
            return ""
        return propose_generalisation(asked.category, asked.text, self.policy)

    def _drop_strange_form(self, asked: ReplacementRequest) -> ReplacementRequest:
        """Leave a known form out where the words name somebody else than all who have it.

        A known name is found by a likeness or a surname alone, so that none is missed; who is meant
        is another question.
        """
        said = normalise_form(asked.category, asked.text)
        form = asked.form_to_look_up
        if asked.category is not Category.PERSON or said == form:
            return asked
        if " " in said and not are_two_names(said, form) and said.count(" ") == form.count(" "):
            return asked  # "Arthur Zachary" is Arthur Thackray: nobody else is called that
        meant = [i.forms for i in self._list_people() if fits_name(form, i.forms)] or [{form}]
        return replace(asked, form="") if all(names_another(said, f) for f in meant) else asked

    def _find_or_add(self, asked: ReplacementRequest, role: str, kin: str) -> ReplacedIdentity:
        is_titled = bool(read_title(asked.text))
        identity = self._find(
            asked.category, asked.form_to_look_up, asked.gender, is_titled=is_titled
        )
        said = normalise_form(asked.category, asked.text)
        if identity is None and asked.category is Category.PERSON:
            identity = self._find(asked.category, said, asked.gender, is_titled=is_titled)
        if identity is None and asked.category is Category.PERSON:
            identity = self._find_variant(asked.form_to_look_up, asked.gender, role or kin)
        if identity is None:
            identity = ReplacedIdentity(asked.category, set(), role=role)
            self.identities.append(identity)
            if asked.category is Category.PERSON and _is_misheard(said, asked.form_to_look_up):
                asked = replace(asked, form=said)  # "Petra" is not the Peter of somebody else
        identity.forms.add(asked.form_to_look_up)
        identity.kin = identity.kin or kin
        identity.is_here = True
        return identity

    def _label(self, identity: ReplacedIdentity, asked: ReplacementRequest) -> None:
        """Give an identity its label and its replacement, where it has none yet."""
        if identity.replacement:
            return
        identity.label = identity.label or self._make_label(identity.category)
        if identity.category in _SITES and not identity.role:
            names = [asked.form or asked.text, *sorted(identity.forms)]
            kinds = (describe_kind(identity.category, name) for name in names)
            identity.role = next((kind for kind in kinds if kind), "")
        identity.replacement = self.format_replacement(identity, asked.text)

    def format_replacement(self, identity: ReplacedIdentity, mention_text: str = "") -> str:
        """Return the replacement of an identity in the style of the study.

        mention_text: the words of a mention, for a title in front of the name.
        """
        name = ""
        if self.style is PseudonymStyle.PSEUDONYMS and identity.category is Category.PERSON:
            name = choose_pseudonym(
                identity.forms,
                identity.role,
                title=read_title(mention_text),
                find_taken=self.find_taken,
                names_in_use=[i.replacement for i in self.identities],
                draw=self.draw,
            )
        return name or format_label(identity.label, identity.role)

    def list_used_identities(self, replacements: Iterable[str]) -> tuple[Pseudonym, ...]:
        """Return the identities that have these replacements."""
        wanted = set(replacements)
        return tuple(i.to_pseudonym() for i in self.identities if i.replacement in wanted)

    def index_pseudonyms(self) -> dict[str, list[tuple[int, Pseudonym]]]:
        """Return the identities by their replacements, each with its place in the book.

        For who asks for those of many interviews: ``list_used_identities`` looks at all each time.
        """
        found: dict[str, list[tuple[int, Pseudonym]]] = {}
        for place, identity in enumerate(self.identities):
            found.setdefault(identity.replacement, []).append((place, identity.to_pseudonym()))
        return found

    def count_given_numbers(self) -> dict[str, int]:
        """Return the highest number assigned in each category, which may stand in the clear."""
        return {category.value: n for category, n in sorted(self.highest.items()) if n}

    def note_given_numbers(self, counts: Mapping[str, int]) -> None:
        """Note the highest numbers of an interview, whether its pseudonyms can be read or not."""
        for category in Category:
            given = counts.get(category.value, 0)
            self.highest[category] = max(self.highest.get(category, 0), given)

    def _find(
        self, category: Category, form: str, gender: str = "", *, is_titled: bool = False
    ) -> ReplacedIdentity | None:
        """Return the one identity that has this form; None where none or several fit.

        is_titled: a title stands in front of it.
        """
        kinds = _SITES if category in _SITES else {category}
        exact = [i for i in self.identities if i.category in kinds and form in i.forms]
        if category is not Category.PERSON:
            same = exact or [i for i in self.identities if i.category in kinds and i.is_site(form)]
            return same[0] if same else None
        people = [
            i for i in self._list_people() if i.is_here or _is_told(form, i, is_titled=is_titled)
        ]
        exact = [i for i in people if form in i.forms]
        fits = exact + [i for i in people if i not in exact and fits_name(form, i.forms)]
        fits = _of_gender(fits, gender)
        if len(fits) == 1 or (len(exact) == 1 and " " in form and exact[0] in fits):
            return fits[0]
        # Several fit: the form's own number, where it was given one before.
        return next((i for i in exact if i.forms == {form}), None)

    def _list_people(self) -> list[ReplacedIdentity]:
        return [i for i in self.identities if i.category is Category.PERSON]

    def _find_variant(self, form: str, gender: str, role: str) -> ReplacedIdentity | None:
        """Return the one person of this interview whose name sounds the same: "Cathleen".

        A sister Mary and a daughter Marie are two, and so are Joan and John.
        """
        if len(form) < _SHORTEST_VARIANT:
            return None
        people = [
            i
            for i in self._list_people()
            if i.is_here and (not role or role in {i.role or i.kin or role, i.kin})
        ]
        alike = [
            i
            for i in people
            if any(
                len(f) >= _SHORTEST_VARIANT
                and compare_names(form, f) >= _SAME_SOUND
                and not are_two_names(form, f)
                for f in i.forms
            )
        ]
        alike = _of_gender(alike, gender)
        return alike[0] if len(alike) == 1 else None

    def give_label(self, identity: ReplacedIdentity) -> None:
        """Give an identity a label that none ever had."""
        identity.label = self._make_label(identity.category)

    def _make_label(self, category: Category) -> str:
        number = self.highest.get(category, 0) + 1
        self.highest[category] = number
        return f"[{category.value[0].upper()}{category.value[1:]} {number}]"

    def _note_number(self, category: Category, replacement: str) -> None:
        numbered = _NUMBERED.fullmatch(replacement)
        if numbered is not None:
            self.highest[category] = max(self.highest.get(category, 0), int(numbered[2]))


def _key(asked: ReplacementRequest) -> tuple[Category, str, str]:
    return asked.category, asked.form_to_look_up, asked.gender


def _of_gender(fits: list[ReplacedIdentity], gender: str) -> list[ReplacedIdentity]:
    """Return the identities that fit a title: "Mrs Bennett" is not Arthur."""
    if not gender:
        return fits
    possible = [i for i in fits if i.gender in {gender, ""}]
    certain = [i for i in possible if i.gender == gender]
    return certain if len(certain) == 1 else possible


def fits_name(form: str, forms: set[str]) -> bool:
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


def _is_misheard(said: str, form: str) -> bool:
    """Whether a known name only sounds like what was said; not where it was spelled out."""
    return compact_name(said) != compact_name(form) and compare_names(said, form) >= _LIKE


def _is_told(form: str, identity: ReplacedIdentity, *, is_titled: bool) -> bool:
    """Whether a name tells by itself that it is somebody of whom another interview talks.

    A whole name does, and a surname with its title; a bare first name or surname may be anybody's.
    """
    others = [other for other in identity.forms if " " in other]
    if " " in form:
        return any(fits_name(form, {other}) for other in others)
    return is_titled and not is_common_given_name(form) and fits_name(form, identity.forms)


def _is_one_site(form: str, other: str) -> bool:
    """Whether two names differ in words that only say what kind of site it is.

    A street and a town are no sites: "Mill Road" is not its surgery, Skipton not its hospital.
    """
    short, long = sorted((form, other), key=len)
    words, more = short.split(), long.split()
    head, rest = more[: len(words)], more[len(words) :]
    if not rest or not words or words[-1] in _STREETS or words[-1] in load_kind_words():
        return False
    same = [w.removesuffix("s") for w in words] == [w.removesuffix("s") for w in head]
    is_town = len(words) == 1 and is_place_name(words[0])
    return same and not is_town and all(word in load_kind_words() for word in rest)


def _words(form: str) -> list[str]:
    return form.replace("-", " ").split()


def read_pseudonym_book(study: Study, interview: Interview | None = None) -> PseudonymBook:
    """Read the identities of all interviews with their replacements.

    interview: the one whose events the distances of dates refer to.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    settings = study.whole.read_artefact(ArtefactKind.SETTINGS, StudySettings) or StudySettings()
    book = PseudonymBook(
        style=settings.style,
        policy=read_generalisation_policy(study, interview, settings),
        find_taken=lambda: TakenNames.collect_from_study(study),
    )
    pseudonyms = read_every_pseudonyms(study)
    by_label: dict[str, ReplacedIdentity] = {}
    for summary in study.summaries():
        if (numbers := summary.facts.pseudonyms) is not None:
            book.note_given_numbers(numbers.given)
        is_here = interview is not None and summary.id == interview.id
        book.add_pseudonyms(pseudonyms.get(summary.id, ()), is_here=is_here, by_label=by_label)
    return book


def read_generalisation_policy(
    study: Study, interview: Interview | None, settings: StudySettings | None = None
) -> GeneralisationPolicy:
    """Return how dates and ages of an interview are generalised."""
    settings = (
        settings
        or study.whole.read_artefact(ArtefactKind.SETTINGS, StudySettings)
        or StudySettings()
    )
    about = interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails) if interview else None
    entered = () if about is None else about.register
    events = (
        parse_dated_event(entry.role, name)
        for entry in entered
        if entry.category is Category.DATE and entry.role
        for name in entry.names
    )
    return GeneralisationPolicy(
        settings.dates, int(study.now()[:4]), tuple(e for e in events if e is not None)
    )


def read_every_pseudonyms(study: Study) -> dict[str, tuple[Pseudonym, ...]]:
    """Return the identities of each interview with their replacements, by the interview's id.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    return study.rows.read_newest_of_each(ArtefactKind.PSEUDONYMS, tuple[Pseudonym, ...])


def read_interview_pseudonyms(interview: Interview) -> tuple[Pseudonym, ...]:
    """Return the identities of one interview with their replacements."""
    return interview.read_artefact(ArtefactKind.PSEUDONYMS, tuple[Pseudonym, ...]) or ()
