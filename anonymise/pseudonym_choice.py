"""Choose a pseudonym of the same kind: a woman's name for a woman's, an Irish one for an Irish one.

The head of ``pseudonyms.txt`` says where its names come from and which were left out. A name that
occurs anywhere in the study, or resembles one that does, is never chosen: one person would be taken
for another, and a reader of two transcripts could link them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cache

from anonymise.context import TITLES
from anonymise.roles import infer_role_gender
from anonymise.shipped_lists import load_shipped_list
from models import is_ordinary_word
from study import ArtefactKind, InterviewDetails, NameMatcher, fold_name
from study.store import Study, read_newest_transcript

DrawOne = Callable[[list[str]], str]  # picks one of several
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")

_GROUPS = ("british", "irish", "south asian", "west african")
_GENDERS = ("female", "male")
_TOO_LIKE = 0.8  # from this likeness on two names may be taken for one (``study.NameMatcher``)
# A person who is only called by a title keeps it: "Doctor Patel" becomes another doctor.
_KEPT_TITLES = frozenset({"doctor", "dr", "professor", "prof", "nurse", "matron", "reverend"})


@dataclass(frozen=True, slots=True)
class TakenNames:
    """Words that no pseudonym may equal, and names that none may resemble."""

    words: frozenset[str] = frozenset()
    names: NameMatcher = field(default_factory=lambda: NameMatcher(()))

    @classmethod
    def collect_from_study(cls, study: Study) -> TakenNames:
        """Read every word of the newest transcripts of a study, and every entered name."""
        words: set[str] = set()
        for summary in study.summaries():
            source = read_newest_transcript(study.interview(summary.id))
            for turn in source.transcript.turns if source else ():
                words.update(_WORD.findall(turn.text))
            about = study.interview(summary.id).read_artefact(ArtefactKind.ABOUT, InterviewDetails)
            if about is not None:
                names = [name for p in about.participants for name in p.names]
                names += [name for entry in about.register for name in entry.names]
                words.update(_WORD.findall(" ".join(names)))
        folded = frozenset(fold_name(word) for word in words)
        return cls(folded, NameMatcher(w for w in folded if not is_ordinary_word(w)))

    def is_taken(self, name: str) -> bool:
        """Whether the study has this name, or one that could be taken for it."""
        if fold_name(name) in self.words:
            return True
        nearest = self.names.find_nearest(name)
        return nearest is not None and nearest.likeness >= _TOO_LIKE


def infer_gender(forms: Iterable[str], role: str = "") -> str:
    """Return "female" or "male" where a role or the given name of a form tells, else ""."""
    by_role = infer_role_gender(role)
    if by_role:
        return by_role
    for form in sorted(forms, key=len, reverse=True):
        first = form.split()[0] if form.split() else ""
        known = [gender for gender in _GENDERS if first in _load_given_names(gender)]
        if len(known) == 1 and first not in _load_names_of_either():
            return known[0]
    return ""


def choose_pseudonym(
    forms: Collection[str], role: str, *, title: str = "", find_taken: Callable[[], TakenNames],
    names_in_use: Collection[str], draw: DrawOne,
) -> str:  # fmt: skip
    """Return a pseudonym that fits a person; "" where every name of the list is taken.

    forms: the person's names, folded. title: the title they are addressed by, "" for none.
    find_taken: reads the words of the study. names_in_use: the replacements of others. draw: picks
    one of several names.
    """
    gender = infer_gender(forms, role) or infer_role_gender(title)
    by_title = title.lower().strip(".") in _KEPT_TITLES and all(" " not in f for f in forms)
    group = _infer_group(forms)
    if by_title:
        wanted = [f"{group} surnames"]
    elif gender:
        wanted = [f"{group} {gender}", f"british {gender}"]
    else:
        wanted = ["either", "british female", "british male"]
    taken = find_taken()
    others = {fold_name(word) for name in names_in_use for word in name.split()}
    for section in wanted:
        names = list(load_shipped_list("pseudonyms").get(section, ()))
        while names:
            name = draw(names)
            if fold_name(name) not in others and not taken.is_taken(name):
                return f"{title} {name}" if by_title else name
            names.remove(name)
    return ""


def read_title(text: str) -> str:
    """Return the title in front of a name, as it is written there: "Doctor"; "" for none."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return first if first.lower().strip(".") in TITLES and len(text.split()) > 1 else ""


def _infer_group(forms: Collection[str]) -> str:
    words = {word for form in forms for word in form.split()}
    counted = {group: len(words & _load_names(group)) for group in _GROUPS}
    best = max(_GROUPS, key=lambda group: counted[group])
    return best if counted[best] > counted["british"] else "british"


@cache
def _load_names(group: str) -> frozenset[str]:
    sections = load_shipped_list("pseudonyms")
    return frozenset(
        fold_name(name) for kind in (*_GENDERS, "surnames") for name in sections[f"{group} {kind}"]
    )


@cache
def _load_given_names(gender: str) -> frozenset[str]:
    sections = load_shipped_list("pseudonyms")
    groups = [f"{group} {gender}" for group in _GROUPS]
    return frozenset(
        fold_name(name) for key in (*groups, f"also {gender}") for name in sections[key]
    )


@cache
def _load_names_of_either() -> frozenset[str]:
    return frozenset(fold_name(name) for name in load_shipped_list("pseudonyms")["either"])
