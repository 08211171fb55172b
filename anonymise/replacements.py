"""Change the replacement of an identity in the whole study.

A person types another replacement, enters a role, joins two identities that are one, or turns the
study from labels to pseudonyms. Each is one transaction over all interviews: at no moment has one
person two names. Decisions stay; a file that was handed over before does not change, and the next
export is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from anonymise.generalisation import BROADENED_CATEGORIES, propose_generalisation, read_births
from anonymise.pseudonyms import (
    PseudonymBook,
    ReplacedIdentity,
    format_label,
    normalise_form,
    read_generalisation_policy,
    read_interview_pseudonyms,
    read_label,
    read_pseudonym_book,
)
from anonymise.search import write_mentions
from study import (
    ArtefactKind,
    Category,
    DateDetail,
    Mention,
    Mentions,
    Pseudonym,
    PseudonymFacts,
    PseudonymStyle,
    StudySettings,
    sanitise_text,
)
from study.errors import BadReplacement, UnknownReplacement
from study.store import Change, Interview, Study, read_decisions, read_mention_words

_LONGEST = 80  # characters of a replacement: more is a remark


@dataclass(slots=True)
class _Renaming:
    """New replacements, by the label of their identity.

    parted_from: the label of an identity from which ``parted`` was parted, with its own forms.
    """

    book: PseudonymBook
    by_label: dict[str, str] = field(default_factory=dict[str, str])
    parted_from: str = ""
    parted: ReplacedIdentity | None = None

    def find_replacement(self, label: str, old: str, category: Category, words: str) -> str:
        """Return the replacement now of a mention of the identity with this label."""
        parted = self.parted
        if parted and label == self.parted_from and normalise_form(category, words) in parted.forms:
            return parted.replacement
        return self.by_label.get(label, old)


def list_pseudonyms(study: Study) -> list[Pseudonym]:
    """Return the pseudonyms of the whole study, in the order of their labels.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    named = [i.to_pseudonym() for i in read_pseudonym_book(study).identities if i.replacement]
    return sorted(named, key=lambda p: (p.category, _read_number(p.label), p.label))


def rename_identity(study: Study, label: str, replacement: str) -> int:
    """Set a typed replacement for an identity in the whole study; return how many mentions changed.

    label: such as "[Person 2]" or "Person 2". A change of style leaves typed replacements as they
        are.

    Raises:
        UnknownReplacement: no identity has this label.
        BadReplacement: the text is empty, too long, or stands for another.
    """
    typed = tidy_replacement(replacement)
    with study.change("replacement renamed") as change:
        book = read_pseudonym_book(study)
        identity = _find(book, label)
        if any(i.replacement == typed for i in book.identities if i is not identity):
            raise BadReplacement("stands for another already")
        identity.replacement, identity.by_hand = typed, True
        return _write(change, _Renaming(book, {identity.label: typed}))


def set_identity_role(study: Study, label: str, role: str) -> int:
    """Set the role in the label of an identity ("sister"); return how many mentions changed.

    Raises:
        UnknownReplacement, BadReplacement: as for ``rename_identity``.
    """
    with study.change("role told") as change:
        book = read_pseudonym_book(study)
        identity = _find(book, label)
        identity.role = tidy_replacement(role).translate(str.maketrans("", "", "[],"))
        if not identity.by_hand:
            identity.replacement = book.format_replacement(identity)
        return _write(change, _Renaming(book, {identity.label: identity.replacement}))


def join_identities(study: Study, label: str, into: str) -> int:
    """Join two identities, with the replacement of ``into``; return how many mentions changed.

    Raises:
        UnknownReplacement: no identity has one of the labels, they are the same identity, or of
            different categories.
    """
    with study.change("replacements joined") as change:
        book = read_pseudonym_book(study)
        gone, stays = _find(book, label), _find(book, into)
        if gone is stays or gone.category is not stays.category:
            raise UnknownReplacement
        stays.forms |= gone.forms
        book.identities.remove(gone)
        return _write(change, _Renaming(book, {gone.label: stays.replacement}))


def part_identity(study: Study, label: str, names: str) -> int:
    """Part names from an identity, as one of their own; return how many mentions changed.

    It undoes a join, with a new number. names: with commas between, as they were said.

    Raises:
        UnknownReplacement: no identity has this label, or not all of these names and one more.
    """
    with study.change("replacements parted") as change:
        book = read_pseudonym_book(study)
        identity = _find(book, label)
        forms = {normalise_form(identity.category, name) for name in names.split(",")}
        if not forms < identity.forms:
            raise UnknownReplacement
        parted = book.part_identity(identity, forms)
        return _write(change, _Renaming(book, parted_from=identity.label, parted=parted))


def change_replacement_style(
    study: Study, *, style: PseudonymStyle | None = None, dates: DateDetail | None = None
) -> int:
    """Set the style of replacements, and change all existing ones except those that were typed.

    Returns how many mentions changed.
    """
    with study.change("replacing settled") as change:
        before = study.whole.read_artefact(ArtefactKind.SETTINGS, StudySettings) or StudySettings()
        settings = replace(before, style=style or before.style, dates=dates or before.dates)
        if settings == before:
            return 0
        change.write_artefact(ArtefactKind.SETTINGS, settings)
        book = read_pseudonym_book(study)
        named = [i for i in book.identities if i.replacement and not i.by_hand]
        if settings.style is not before.style:
            for identity in named:
                identity.replacement = format_label(identity.label, identity.role)
            for identity in named:
                identity.replacement = book.format_replacement(identity)
        return _write(change, _Renaming(book, {i.label: i.replacement for i in named}))


def tidy_replacement(text: str) -> str:
    """Return a typed replacement in a form for every file: one line, no control characters.

    Raises:
        BadReplacement: it is empty or too long.
    """
    plain = " ".join(sanitise_text(" ".join(text.split())).split())
    plain = plain.replace("-->", "\u2192")  # subtitles have it between two times
    if not any(c.isalnum() for c in plain):
        raise BadReplacement("says nothing")
    if len(plain) > _LONGEST:
        raise BadReplacement(f"is longer than {_LONGEST} characters")
    return plain


def _find(book: PseudonymBook, label: str) -> ReplacedIdentity:
    wanted = label.strip().strip("[]").partition(",")[0].casefold()
    for identity in book.identities:
        if identity.label and identity.label.strip("[]").casefold() == wanted:
            return identity
    raise UnknownReplacement


def _write(change: Change, renaming: _Renaming) -> int:
    """Write every interview in which a replacement changes; return how many mentions changed."""
    study = change.study
    total = sum(_write_one(change, study.interview(s.id), renaming) for s in study.summaries())
    change.facts["mentions"] = total
    return total


def _write_one(change: Change, interview: Interview, renaming: _Renaming) -> int:
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    if mentions is None:
        return 0
    before = read_interview_pseudonyms(interview)
    labels = {p.replacement: p.label or read_label(p.replacement) for p in before}
    words = read_mention_words(interview)
    births = read_births((m.category, words[m.key]) for m in mentions.mentions)
    policy = replace(read_generalisation_policy(interview.study, interview), births=births)

    def choose_replacement(mention: Mention) -> str:
        label = labels.get(mention.replacement)
        if label is not None:
            return renaming.find_replacement(
                label, mention.replacement, mention.category, words[mention.key]
            )
        if mention.category in BROADENED_CATEGORIES:
            broader = propose_generalisation(mention.category, words[mention.key], policy)
            return broader or mention.replacement
        return mention.replacement

    pairs = read_decisions(interview)
    now = tuple(replace(m, replacement=choose_replacement(m)) for m in mentions.mentions)
    changed = sum(a != b for a, b in zip(mentions.mentions, now, strict=True))
    book = renaming.book
    wanted = {renaming.by_label.get(label, old) for old, label in labels.items()}
    kept = book.list_used_identities(wanted | ({m.replacement for m in now} & _new(renaming)))
    if not changed and kept == before:
        return 0
    write_mentions(change, interview, replace(mentions, mentions=now), pairs)
    numbers = PseudonymFacts(book.count_given_numbers())
    change.write_artefact(ArtefactKind.PSEUDONYMS, kept, numbers, owner=interview.id)
    return changed


def _new(renaming: _Renaming) -> set[str]:
    return {renaming.parted.replacement} if renaming.parted else set()


def _read_number(label: str) -> int:
    digits = "".join(c for c in label if c.isdigit())
    return int(digits) if digits else 0
