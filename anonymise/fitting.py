"""Another name of the same kind: a woman's for a woman's, one from Gujarat for one from Gujarat.

``pseudonyms.txt`` tells where names come from and what was left out. A name that occurs anywhere
in the study, or is like one that does, is never chosen: somebody would be taken for somebody
else, and a reader of two transcripts could put them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cache

from anonymise import lists, roles
from anonymise.context import TITLES
from models import lexicon
from study import decided
from study.artefacts import Kind
from study.likeness import Likenesses
from study.store import Study
from study.terms import About, fold

Draw = Callable[[list[str]], str]  # picks one of several
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")

_GROUPS = ("british", "irish", "south asian", "west african")
_GENDERS = ("female", "male")
_TOO_LIKE = 0.8  # where ``study.likeness`` begins to think that two names are one
# Who is only called by a title keeps it: "Doctor Patel" becomes another doctor.
_KEPT_TITLES = frozenset({"doctor", "dr", "professor", "prof", "nurse", "matron", "reverend"})


@dataclass(frozen=True, slots=True)
class Taken:
    """Words that no pseudonym may be: all of them exactly, those that may be names nearly, too."""

    words: frozenset[str] = frozenset()
    names: Likenesses = field(default_factory=lambda: Likenesses(()))

    @classmethod
    def of(cls, study: Study) -> Taken:
        """Read every word that was said or entered in a study."""
        words: set[str] = set()
        for summary in study.summaries():
            source = decided.newest(study, summary.id)
            for turn in source.transcript.turns if source else ():
                words.update(_WORD.findall(turn.text))
            about = study.get(summary.id, Kind.ABOUT, About)
            if about is not None:
                names = [name for p in about.participants for name in p.names]
                names += [name for entry in about.register for name in entry.names]
                words.update(_WORD.findall(" ".join(names)))
        folded = frozenset(fold(word) for word in words)
        return cls(folded, Likenesses(w for w in folded if not lexicon.is_ordinary(w)))

    def holds(self, name: str) -> bool:
        """Whether a name was said, or one so like it that it could be taken for it."""
        if fold(name) in self.words:
            return True
        nearest = self.names.nearest(name)
        return nearest is not None and nearest.likeness >= _TOO_LIKE


def gender_of(forms: Iterable[str], role: str = "") -> str:
    """Return "female" or "male" where a role or the first of these names tells, else ""."""
    told = roles.gender_of_role(role)
    if told:
        return told
    for form in sorted(forms, key=len, reverse=True):
        first = form.split()[0] if form.split() else ""
        known = [gender for gender in _GENDERS if first in _given(gender)]
        if len(known) == 1 and first not in _either():
            return known[0]
    return ""


def choose(
    forms: Collection[str], role: str, *, title: str = "", taken: Callable[[], Taken],
    given: Collection[str], draw: Draw,
) -> str:  # fmt: skip
    """Choose a name that fits somebody; "" where every name of the list is taken.

    forms: what they are called, folded. title: how they are addressed. taken: reads the words of
    the study. given: what others are called.
    """
    gender = gender_of(forms, role) or roles.gender_of_role(title)
    by_title = title.lower().strip(".") in _KEPT_TITLES and all(" " not in f for f in forms)
    group = _group_of(forms)
    if by_title:
        wanted = [f"{group} surnames"]
    elif gender:
        wanted = [f"{group} {gender}", f"british {gender}"]
    else:
        wanted = ["either", "british female", "british male"]
    said = taken()
    others = {fold(word) for name in given for word in name.split()}
    for section in wanted:
        names = list(lists.shipped("pseudonyms").get(section, ()))
        while names:
            name = draw(names)
            if fold(name) not in others and not said.holds(name):
                return f"{title} {name}" if by_title else name
            names.remove(name)
    return ""


def title_of(text: str) -> str:
    """Return the title that stands in front of a name, as it was said: "Doctor"."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return first if first.lower().strip(".") in TITLES and len(text.split()) > 1 else ""


def _group_of(forms: Collection[str]) -> str:
    words = {word for form in forms for word in form.split()}
    counted = {group: len(words & _names(group)) for group in _GROUPS}
    best = max(_GROUPS, key=lambda group: counted[group])
    return best if counted[best] > counted["british"] else "british"


@cache
def _names(group: str) -> frozenset[str]:
    sections = lists.shipped("pseudonyms")
    return frozenset(
        fold(name) for kind in (*_GENDERS, "surnames") for name in sections[f"{group} {kind}"]
    )


@cache
def _given(gender: str) -> frozenset[str]:
    sections = lists.shipped("pseudonyms")
    groups = [f"{group} {gender}" for group in _GROUPS]
    return frozenset(fold(name) for key in (*groups, f"also {gender}") for name in sections[key])


@cache
def _either() -> frozenset[str]:
    return frozenset(fold(name) for name in lists.shipped("pseudonyms")["either"])
