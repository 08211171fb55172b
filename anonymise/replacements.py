"""Change the replacement of an identity in the whole study.

A person types another replacement, enters a role, joins two identities that are one, tells two
apart, or turns the study from labels to pseudonyms. Each is one transaction over all interviews: at
no moment has one person two names. Decisions stay; a file that was handed over before does not
change, and the next export is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from anonymise.generalisation import BROADENED_CATEGORIES, propose_generalisation, read_births
from anonymise.pseudonyms import (
    PseudonymBook,
    ReplacedIdentity,
    format_label,
    normalise_form,
    read_every_pseudonyms,
    read_generalisation_policy,
    read_interview_pseudonyms,
    read_label,
    read_label_number,
    read_pseudonym_book,
)
from anonymise.search import write_mentions
from study import (
    ArtefactKind,
    DateDetail,
    JoinedPseudonym,
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

    parted_from: the label of an identity from which ``parted`` was parted. parted_forms: the forms
    that are the parted one's alone. parted_where: what else is its own: ids of interviews, and
    mentions as in ``JoinedPseudonym``. is_of_all: dates and ages get other words, too.
    """

    book: PseudonymBook
    by_label: dict[str, str] = field(default_factory=dict[str, str])
    parted_from: str = ""
    parted: ReplacedIdentity | None = None
    parted_forms: frozenset[str] = frozenset()
    parted_where: frozenset[str] = frozenset()
    is_of_all: bool = False

    def find_replacement(self, label: str, mention: Mention, words: str, interview: str) -> str:
        """Return the replacement now of a mention of the identity with this label."""
        if self.parted and label == self.parted_from:
            where = {interview, f"{interview}:{mention.key}"}
            form = normalise_form(mention.category, words)
            if form in self.parted_forms or not where.isdisjoint(self.parted_where):
                return self.parted.replacement
        return self.by_label.get(label, mention.replacement)


def list_pseudonyms(study: Study) -> list[Pseudonym]:
    """Return the pseudonyms of the whole study, in the order of their labels.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    named = [i.to_pseudonym() for i in read_pseudonym_book(study).identities if i.replacement]
    return sorted(named, key=lambda p: (p.category, read_label_number(p.label), p.label))


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
        stays.joined += (*gone.joined, _note_joined(study, gone, stays))
        stays.forms |= gone.forms
        stays.apart = (stays.apart | gone.apart) - {gone.label, stays.label}
        book.identities.remove(gone)
        return _write(change, _Renaming(book, {gone.label: stays.replacement}))


def part_identity(study: Study, label: str, names: str) -> int:
    """Part names from an identity, as one of their own; return how many mentions changed.

    ``tell_apart`` takes back a join. names: with commas between, as they were said.

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
        return _write(
            change,
            _Renaming(
                book,
                parted_from=identity.label,
                parted=parted,
                parted_forms=frozenset(forms),
            ),
        )


def tell_apart(study: Study, label: str, other: str) -> int:
    """Note that two identities are two; return how many mentions changed.

    Where a person had joined them, each has again what it had before, with the number it had. They
    are not offered as one again.

    Raises:
        UnknownReplacement: no identity has one of the labels, or they are not two of one category.
    """
    with study.change("replacements parted") as change:
        book = read_pseudonym_book(study)
        joined = _find_joined(book, label, other)
        if joined is None:
            one, two = _find(book, label), _find(book, other)
            if one is two or one.category is not two.category:
                raise UnknownReplacement
            renaming = _Renaming(book)
        else:
            two, record = joined
            one = _take_out(book, two, record)
            renaming = _Renaming(
                book,
                parted_from=two.label,
                parted=one,
                parted_forms=frozenset(record.added),
                parted_where=frozenset((*record.alone_in, *record.mentions)),
            )
        one.apart.add(two.label)
        two.apart.add(one.label)
        return _write(change, renaming)


def _note_joined(study: Study, gone: ReplacedIdentity, stays: ReplacedIdentity) -> JoinedPseudonym:
    """Return what an identity is before it is joined to another, and where it stands."""
    alone: list[str] = []
    keys: list[str] = []
    for summary in study.summaries():
        interview = study.interview(summary.id)
        here = read_interview_pseudonyms(interview)
        labels = {p.label or read_label(p.replacement) for p in here}
        if gone.label not in labels:
            continue
        if stays.label not in labels:
            alone.append(interview.id)
            continue
        mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
        every = mentions.mentions if mentions else ()
        keys += [f"{interview.id}:{m.key}" for m in every if m.replacement == gone.replacement]
    return JoinedPseudonym(
        gone.label,
        stays.label,
        gone.replacement,
        tuple(sorted(gone.forms)),
        tuple(sorted(gone.forms - stays.forms)),
        gone.role,
        gone.by_hand,
        tuple(alone),
        tuple(keys),
    )


def _find_joined(
    book: PseudonymBook, label: str, other: str
) -> tuple[ReplacedIdentity, JoinedPseudonym] | None:
    """Return the identity to which one of two was joined, and what that one was; None for none."""
    for wanted, rest in ((_name(label), _name(other)), (_name(other), _name(label))):
        for identity in book.identities:
            names = {_name(identity.label), *(_name(j.label) for j in identity.joined)}
            found = [j for j in identity.joined if _name(j.label) == wanted]
            if found and rest in names - {wanted}:
                return identity, found[-1]
    return None


def _take_out(
    book: PseudonymBook, identity: ReplacedIdentity, record: JoinedPseudonym
) -> ReplacedIdentity:
    """Make of what was joined to an identity one of its own again; return it."""
    with_it = [record]
    for joined in reversed(identity.joined):  # what was joined to it goes with it
        if any(joined.into == one.label for one in with_it):
            with_it.append(joined)
    identity.forms -= set(record.added)
    identity.joined = tuple(j for j in identity.joined if j not in with_it)
    restored = ReplacedIdentity(
        identity.category,
        set(record.forms),
        record.replacement,
        record.label,
        record.role,
        record.by_hand,
        joined=tuple(j for j in reversed(with_it) if j is not record),
    )
    was_label = read_label(record.replacement) == record.label
    is_taken = any(i.replacement == record.replacement for i in book.identities)
    if is_taken or not (record.by_hand or was_label is (book.style is PseudonymStyle.LABELS)):
        restored.replacement = restored.label
        restored.replacement = book.format_replacement(restored)
    book.identities.append(restored)
    return restored


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
        return _write(
            change, _Renaming(book, {i.label: i.replacement for i in named}, is_of_all=True)
        )


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
    wanted = _name(label)
    for identity in book.identities:
        if identity.label and _name(identity.label) == wanted:
            return identity
    raise UnknownReplacement


def _name(label: str) -> str:
    """Return a label as a person may type it: "person 2" of "[Person 2, sister]"."""
    return label.strip().strip("[]").partition(",")[0].casefold()


def _write(change: Change, renaming: _Renaming) -> int:
    """Write every interview in which a replacement changes; return how many mentions changed."""
    study = change.study
    by_replacement = renaming.book.index_pseudonyms()
    pseudonyms = read_every_pseudonyms(study)
    total = 0
    for summary in study.summaries():
        before = pseudonyms.get(summary.id, ())
        if renaming.is_of_all or _is_about(renaming, before, by_replacement):
            total += _write_one(change, study.interview(summary.id), renaming)
    change.facts["mentions"] = total
    return total


def _is_about(
    renaming: _Renaming,
    before: tuple[Pseudonym, ...],
    by_replacement: dict[str, list[tuple[int, Pseudonym]]],
) -> bool:
    """Whether something of an interview may change, by its pseudonyms alone: of most, nothing."""
    labels = {p.label or read_label(p.replacement) for p in before}
    if not labels.isdisjoint(renaming.by_label) or renaming.parted_from in labels:
        return True
    stands = sorted(
        one for old in {p.replacement for p in before} for one in by_replacement.get(old, ())
    )
    return tuple(pseudonym for _, pseudonym in stands) != before


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
            return renaming.find_replacement(label, mention, words[mention.key], interview.id)
        if mention.category in BROADENED_CATEGORIES:
            broader = propose_generalisation(mention.category, words[mention.key], policy)
            return broader or mention.replacement
        return mention.replacement

    pairs = read_decisions(interview)
    now = tuple(replace(m, replacement=choose_replacement(m)) for m in mentions.mentions)
    changed = sum(a != b for a, b in zip(mentions.mentions, now, strict=True))
    book = renaming.book
    used = {mention.replacement for mention in now}
    wanted = {
        renaming.by_label.get(label, old)
        for old, label in labels.items()
        if label != renaming.parted_from or old in used or not changed
    }
    kept = book.list_used_identities(wanted | (used & _new(renaming)))
    if not changed and kept == before:
        return 0
    write_mentions(change, interview, replace(mentions, mentions=now), pairs)
    numbers = PseudonymFacts(book.count_given_numbers())
    change.write_artefact(ArtefactKind.PSEUDONYMS, kept, numbers, owner=interview.id)
    return changed


def _new(renaming: _Renaming) -> set[str]:
    return {renaming.parted.replacement} if renaming.parted else set()
