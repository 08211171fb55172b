"""List people under two labels who may be one, for a person to say so or to tell them apart.

A first name alone says little, so a name that was heard in one interview is nobody in another one
until a person says so. Nothing is joined here: each pair is offered until the two are joined or
told apart (``replacements``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from anonymise.pseudonyms import ReplacedIdentity as Identity
from anonymise.pseudonyms import (
    fits_name,
    read_interview_pseudonyms,
    read_label,
    read_label_number,
    read_pseudonym_book,
)
from anonymise.roles import infer_role_gender, infer_title_gender
from anonymise.shipped_lists import load_word_list
from anonymise.two_names import are_two_names
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    Mention,
    Mentions,
    compare_names,
    fold_name,
    spell_by_sound,
)
from study.store import (
    Interview,
    KeyClass,
    Study,
    read_decisions,
    read_mention_words,
    read_searched_texts,
)

_SHORTEST = 4  # letters: "Ann" and "Ian" sound alike and are two
# Likeness of the only names of two people, and of one word of several that fit otherwise.
_LIKE_ALONE, _LIKE_AMONG = 0.87, 0.85
# Likeness of two whole names that many bear, and of two short ones in one interview: heard as well
# as they were, one may be the other, "Ann Taylor" and "Anne Tyler".
_LIKE_WHOLE, _LIKE_TOGETHER = 0.85, 0.93
_NEAR = 80  # characters between two names of which one is said to be the other
_ALSO = load_word_list("people", "before another name")
_ALSO_AFTER = load_word_list("people", "after another name")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


class Likeness(StrEnum):
    """Why two people may be one, the surest first; the value is the text that people read."""

    SAID = "somebody says so"
    SAME_NAME = "the same name"
    INITIAL = "the same surname and initial"
    SPELLING = "spelled or said alike"
    PART = "one name is part of the other"


@dataclass(frozen=True, slots=True)
class PossibleJoin:
    """Two people who may be one, by their labels; ``other`` had its label first.

    forms, other_forms: how each is said. interviews, other_interviews: the ids of those in which
    each is spoken of.
    """

    label: str
    other: str
    why: Likeness
    forms: tuple[str, ...]
    other_forms: tuple[str, ...]
    interviews: tuple[str, ...]
    other_interviews: tuple[str, ...]


def list_possible_joins(study: Study, within: str = "") -> list[PossibleJoin]:
    """Return the people of a study who may be one, the surest first.

    within: the id of an interview; then only pairs of which one is spoken of there, and no words
    are read but of interviews that speak of the same people or of those they may be.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    book = read_pseudonym_book(study)
    people = {i.label: i for i in book.identities if i.category is Category.PERSON and i.label}
    order = {label: (read_label_number(label), label) for label in people}
    where: dict[str, list[str]] = {}
    found: dict[tuple[str, str], Likeness] = {}
    titles: dict[str, str] = {}
    codes: set[str] = set()
    labels_of: dict[str, dict[str, str]] = {}
    for summary in study.summaries():
        interview = study.interview(summary.id)
        about = interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails)
        codes.update(one.code for one in (about.participants if about else ()))
        labels: dict[str, str] = {}
        for one in read_interview_pseudonyms(interview):
            label = one.label or read_label(one.replacement)
            if label in people:
                where.setdefault(label, []).append(interview.id)
                labels[one.replacement] = label
        labels_of[interview.id] = labels
    wanted = set(labels_of.get(within, {}).values()) if within else set(people)
    near = [
        (one, other)
        for one, other in _list_near(people.values())
        if not wanted.isdisjoint((one.label, other.label))
    ]
    asked = wanted.union(one.label for pair in near for one in pair)  # their titles count as well
    for interview_id, labels in labels_of.items():
        if study.ring.holds(KeyClass.IDENTIFYING) and not asked.isdisjoint(labels.values()):
            interview = study.interview(interview_id)
            _note_titles(interview, labels, titles)
            for pair in _list_said(interview, labels):
                found.setdefault(_sort(pair, order), Likeness.SAID)
    genders = {label: one.gender or titles.get(label, "") for label, one in people.items()}
    there = {label: set(interviews) for label, interviews in where.items()}
    for one, other in near:
        pair = _sort((one.label, other.label), order)
        together = not there.get(one.label, set()).isdisjoint(there.get(other.label, ()))
        if pair in found:
            continue
        known = [(genders[i.label], _tell_gender(i, titles)) for i in (one, other)]
        if (why := _compare(one, other, known, together=together)) is not None:
            found[pair] = why
    rank = list(Likeness)
    return [
        PossibleJoin(
            label,
            other,
            why,
            tuple(sorted(people[label].forms)),
            tuple(sorted(people[other].forms)),
            tuple(where.get(label, ())),
            tuple(where.get(other, ())),
        )
        for (other, label), why in sorted(
            found.items(), key=lambda f: (rank.index(f[1]), order[f[0][0]], order[f[0][1]])
        )
        if not wanted.isdisjoint((label, other))
        and not _are_apart(people[label], people[other], codes)
    ]


def _sort(pair: tuple[str, str], order: dict[str, tuple[int, str]]) -> tuple[str, str]:
    first, second = sorted(pair, key=lambda label: order[label])
    return first, second


def _are_apart(one: Identity, other: Identity, codes: set[str]) -> bool:
    """Whether a person told two apart, or they are two participants, by their codes."""
    names = [{i.label, *(joined.label for joined in i.joined)} for i in (one, other)]
    if not (one.apart.isdisjoint(names[1]) and other.apart.isdisjoint(names[0])):
        return True
    return one.role != other.role and {one.role, other.role} <= codes


def _list_near(people: Iterable[Identity]) -> Iterator[tuple[Identity, Identity]]:
    """Yield each pair of people once who share a word, its beginning or how its sound begins."""
    near: dict[str, dict[str, Identity]] = {}
    for one in people:
        words = {word for form in one.forms for word in form.replace("-", " ").split()}
        keys = {key for word in words for key in (word[:2], "/" + spell_by_sound(word)[:2])}
        for key in keys:
            near.setdefault(key, {})[one.label] = one
    seen: set[tuple[str, str]] = set()
    for group in near.values():
        for one, other in itertools.combinations(group.values(), 2):
            if (one.label, other.label) not in seen:
                seen.add((one.label, other.label))
                yield one, other


def _tell_gender(one: Identity, titles: dict[str, str]) -> str:
    """Return the gender that a role or title gives; a name may be misheard."""
    return infer_role_gender(one.role) or titles.get(one.label, "")


def _compare(
    one: Identity, other: Identity, genders: Iterable[tuple[str, str]], *, together: bool
) -> Likeness | None:
    """Say why two may be one by their names, None where nothing says so.

    genders: of each, by all that tells it, and by more than the name. together: one interview
    speaks of both, with two roles perhaps: a sister and a daughter.
    """
    if together and one.role and other.role and one.role != other.role:
        return None
    likely, certain = ({*of} - {""} for of in zip(*genders, strict=True))
    may_be_misheard = len(certain) <= 1 and _may_be_misheard(one, other, together=together)
    if len(likely) > 1:
        return Likeness.SPELLING if may_be_misheard else None
    if one.forms & other.forms:
        return Likeness.SAME_NAME
    if may_be_misheard:
        return Likeness.SPELLING
    if _differ(one, other):
        return None
    pairs = [(a, b) for a in one.forms for b in other.forms]
    checks = (
        (Likeness.INITIAL, _share_initial),
        (Likeness.SPELLING, _are_alike),
        (Likeness.PART, _is_part),
    )
    return next((why for why, is_so in checks if any(is_so(a, b) for a, b in pairs)), None)


def _may_be_misheard(one: Identity, other: Identity, *, together: bool) -> bool:
    """Whether two have names that many bear, and a hearing may have made one of the other.

    together: one interview speaks of both, whose first names alone are then enough.
    """
    return any(
        are_two_names(a, b) and _are_heard_alike(a, b, together=together)
        for a in one.forms
        for b in other.forms
    )


def _are_heard_alike(name: str, other: str, *, together: bool) -> bool:
    words, more = name.split(), other.split()
    if len(words) == 1:
        long = min(len(name), len(other)) >= _SHORTEST
        return together and long and compare_names(name, other) >= _LIKE_TOGETHER
    starts = ({spell_by_sound(w)[:1] for w in pair} for pair in zip(words, more, strict=True))
    is_near = all(len(pair) == 1 for pair in starts) and compare_names(name, other) >= _LIKE_WHOLE
    return is_near or _are_alike(name, other)


def _differ(one: Identity, other: Identity) -> bool:
    """Whether both have a whole name, and no two of these could be one."""
    pairs = [(a, b) for a in one.forms for b in other.forms if " " in a and " " in b]
    return bool(pairs) and not any(
        _is_part(a, b) or _share_initial(a, b) or _are_alike(a, b) for a, b in pairs
    )


def _is_part(name: str, other: str) -> bool:
    return fits_name(name, {other})


def _share_initial(name: str, other: str) -> bool:
    """Whether two names have one surname and one is given by its initial: "j fitzgerald"."""
    words, more = name.split(), other.split()
    if min(len(words), len(more)) < 2 or words[-1] != more[-1]:  # noqa: PLR2004 - a surname and more
        return False
    one, two = words[0], more[0]
    return min(len(one), len(two)) == 1 and one[0] == two[0]


def _are_alike(name: str, other: str) -> bool:
    """Whether two names are one that was spelled or heard in two ways, word by word."""
    words, more = name.split(), other.split()
    if len(words) != len(more):
        return _match_words([name], [other]) if _joined(name) == _joined(other) else False
    return _match_words(words, more)


def _match_words(words: list[str], more: list[str]) -> bool:
    wanted = _LIKE_ALONE if len(words) == 1 else _LIKE_AMONG
    return all(
        one == two
        or (min(len(one), len(two)) >= _SHORTEST and compare_names(one, two) >= wanted)
        or (len(words) > 1 and spell_by_sound(one) == spell_by_sound(two))
        for one, two in zip(words, more, strict=True)
    )


def _joined(name: str) -> str:
    return name.replace(" ", "").replace("-", "")


def _note_titles(interview: Interview, labels: dict[str, str], titles: dict[str, str]) -> None:
    """Note for each label the gender that a title in front of a name gives."""
    words = read_mention_words(interview)
    for one in read_decisions(interview):
        label = labels.get(one.mention.replacement)
        gender = infer_title_gender(words[one.mention.key]) if label else ""
        if label and gender:
            titles.setdefault(label, gender)


def _list_said(interview: Interview, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the labels of two whom somebody calls one: "I'm William. Everybody calls me Bill."."""
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    if mentions is None or not (texts := read_searched_texts(interview, mentions)):
        return
    people = (m for m in mentions.mentions if m.replacement in labels)
    by_turn = itertools.groupby(people, key=lambda m: m.turn)
    for turn, group in by_turn:
        for one, other in itertools.pairwise(sorted(group, key=lambda m: m.start)):
            pair = labels[one.replacement], labels[other.replacement]
            if pair[0] != pair[1] and _says_one(texts[turn], one, other):
                yield pair


def _says_one(text: str, one: Mention, other: Mention) -> bool:
    between = text[one.end : other.start]
    if len(between) > _NEAR:
        return False
    before = _fold_words(between)
    after = _fold_words(text[other.end : other.end + _NEAR])
    # In "Jean called me Derek" Jean is who called; in "Robert, known as Bob" nobody else is.
    by_cue = (before.endswith(f" {c} ") and not before.startswith(" call") for c in _ALSO)
    return any(by_cue) or any(after.startswith(f" {cue} ") for cue in _ALSO_AFTER)


def _fold_words(text: str) -> str:
    return f" {' '.join(fold_name(word) for word in _WORD.findall(text))} "
