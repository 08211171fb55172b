"""The replacements of an interview that comes from another study, brought into line with this one.

Each study numbers its people by itself, so "[Person 2]" of the one is somebody else than "[Person
2]" of the other. Only a whole name that both have, or a participant's code, makes two identities
one, as between two interviews of one study; anything else gets a number that nobody had. A person
joins or parts identities afterwards as always (``replacements``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import msgspec

from anonymise.pseudonyms import (
    PseudonymBook,
    ReplacedIdentity,
    read_label,
    read_pseudonym_book,
)
from study import (
    ArtefactKind,
    Category,
    Decision,
    InterviewDetails,
    Mentions,
    Pseudonym,
    PseudonymFacts,
)
from study.store import ProvenRow, Study

_SITES = frozenset({Category.PLACE, Category.ORGANISATION})


def settle_arriving_replacements(
    study: Study,
    rows: list[ProvenRow],
    *,
    version: int = 1,
    known: Collection[Pseudonym] = (),
) -> list[ProvenRow]:
    """Return the rows of an interview with the replacements that its identities have here.

    version: the number that its pseudonyms get. known: those that the interview had when it was
    lent from here: in it any name that both have makes two identities one. Two identities of the
    other study never become one here.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    arriving = [one for one in rows if one.row.kind is ArtefactKind.PSEUDONYMS]
    others = [one for one in rows if one.row.kind is not ArtefactKind.PSEUDONYMS]
    if not arriving:
        return rows
    newest = arriving[-1]
    book = read_pseudonym_book(study)
    codes = {code for one in rows for code in _list_codes(one)}
    used = set[str]()
    places = [(one, _place(book, one, known, codes, used)) for one in _typed(newest.content)]
    renamed = {one.replacement: identity.replacement for one, identity in places}
    labels = {_label(one): identity.label for one, identity in places}
    merged: dict[str, Pseudonym] = {}
    for one, identity in places:
        before = merged.get(identity.label)
        merged[identity.label] = replace(
            one,
            replacement=identity.replacement,
            label=identity.label,
            role=identity.role,
            by_hand=identity.by_hand,
            forms=tuple(sorted({*one.forms, *(before.forms if before else ())})),
            joined=(),
            apart=tuple(sorted(labels[label] for label in one.apart if label in labels)),
        )
    counts = msgspec.json.encode(PseudonymFacts(book.count_given_numbers()), order="sorted")
    row = msgspec.structs.replace(newest.row, version=version)
    kept = replace(newest, row=row, content=tuple(merged.values()), counts=counts.decode())
    return [*(_rename(one, renamed) for one in others), kept]


def _typed(came: object) -> tuple[Pseudonym, ...]:
    return msgspec.convert(came, tuple[Pseudonym, ...])


def _list_codes(one: ProvenRow) -> tuple[str, ...]:
    return one.content.codes if isinstance(one.content, InterviewDetails) else ()


def _label(one: Pseudonym) -> str:
    return one.label or read_label(one.replacement) or one.replacement


def _place(
    book: PseudonymBook,
    one: Pseudonym,
    known: Collection[Pseudonym],
    codes: Collection[str],
    used: set[str],
) -> ReplacedIdentity:
    """Return the identity here that one of another study is, a new one where there is none."""
    free = [i for i in book.identities if i.label and i.replacement and i.label not in used]
    found = _find_lent(free, one, known) or _find_same(free, one, codes)
    if found is None:
        found = ReplacedIdentity(one.category, set(one.forms), role=one.role)
        book.give_label(found)
        is_free = all(i.replacement != one.replacement for i in book.identities)
        found.by_hand = one.by_hand and is_free
        found.replacement = one.replacement if found.by_hand else book.format_replacement(found)
        book.identities.append(found)
    found.forms |= set(one.forms)
    used.add(found.label)
    return found


def _find_lent(
    free: list[ReplacedIdentity], one: Pseudonym, known: Collection[Pseudonym]
) -> ReplacedIdentity | None:
    """Return the identity that this one was when the interview was lent, by most of its names."""
    shared = [
        (len({*one.forms} & {*before.forms}), _label(before))
        for before in known
        if before.category is one.category
    ]
    best, label = max(shared, default=(0, ""))
    return next((i for i in free if i.label == label), None) if best else None


def _find_same(
    free: list[ReplacedIdentity], one: Pseudonym, codes: Collection[str]
) -> ReplacedIdentity | None:
    """Return the one identity that has a whole name of this one, or its participant's code."""
    kinds = _SITES if one.category in _SITES else {one.category}
    there = [i for i in free if i.category in kinds]
    if one.role in codes and one.role:
        return next((i for i in there if i.role == one.role), None)
    is_person = one.category is Category.PERSON
    whole = {form for form in one.forms if not is_person or " " in form}
    alike = [i for i in there if i.forms & whole and not (i.role in codes and i.role)]
    return alike[0] if len(alike) == 1 else None


def _rename(one: ProvenRow, renamed: dict[str, str]) -> ProvenRow:
    content = one.content
    if isinstance(content, Mentions):
        mentions = tuple(
            replace(m, replacement=renamed.get(m.replacement, m.replacement))
            for m in content.mentions
        )
        return replace(one, content=replace(content, mentions=mentions))
    if isinstance(content, Decision) and content.replacement in renamed:
        return replace(one, content=replace(content, replacement=renamed[content.replacement]))
    return one
