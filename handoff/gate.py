"""The gate: nothing leaves while a mention is undecided or an original is still there.

It looks at the bytes that are about to leave, whatever wrote them, and at the names of the
files. It says where something was found and never what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from study import decided
from study.artefacts import Kind
from study.decided import Decided
from study.errors import MentionsUndecided, OriginalSurvives, StepMissing
from study.store import Study
from study.terms import About, Category, fold

_SHORTEST_NAME = 3  # letters; of a longer name, a part shorter than this may stand ("de", "Al")
_SHORTEST_NUMBER = 6  # digits; fewer occur by chance, in times for example
_TITLES = frozenset({"doctor", "mister", "sister", "nurse", "miss", "mrs", "professor", "father"})
_RUN_OF_LETTERS = re.compile(r"[^\W\d_]+")
_HASH = re.compile(r"\b[0-9a-f]{32,}\b")  # a manifest's: its digits are nobody's number
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What must not be in the output.

    forms: folded words with a blank around each, searched in text brought into the same form.
    names: parts of persons' names, searched as they are written, because "Rose" is a name and
    "rose" is a flower. digits: long numbers, searched in a line's digits alone.
    """

    forms: frozenset[str]
    names: frozenset[str]
    digits: frozenset[str]


def check(study: Study, interview: str, files: Mapping[str, bytes]) -> None:
    """Let the files pass, or say why not.

    files: names and contents, as they would be written.

    Raises:
        StepMissing: the interview has not been anonymised.
        MentionsUndecided: a person has not decided everything.
        OriginalSurvives: an original is in a file's text or name.
    """
    if not study.version(interview, Kind.MENTIONS):
        raise StepMissing("mentions", "Run `earshot anonymise STUDY INTERVIEW` first.")
    every = decided.read(study, interview)
    undecided = sum(1 for d in every if d.decision is None)
    if undecided:
        raise MentionsUndecided(undecided)
    forbidden = originals(study, interview, every)
    found = [where for name, content in files.items() for where in _found(name, content, forbidden)]
    if found:
        raise OriginalSurvives(found)


def originals(study: Study, interview: str, every: Iterable[Decided]) -> Forbidden:
    """Collect what was replaced in this interview, and the names entered for it.

    What a person rejected as harmless anywhere in the interview may stand.
    """
    words = decided.words(study, interview)
    kept: set[str] = set()
    gone = _entered(study, interview)
    for pair in every:
        said = words[pair.mention.key]
        if pair.is_replaced:
            gone.append((pair.mention.category, said))
        else:
            kept.add(fold(said))
    gone = [(category, text) for category, text in gone if fold(text) not in kept | {""}]
    parts = {
        part
        for category, text in gone
        if category is Category.PERSON
        for part in _RUN_OF_LETTERS.findall(text)
        if len(part) >= _SHORTEST_NAME and part[0].isupper() and fold(part) not in kept | _TITLES
    }
    numbers = {number for _, text in gone if len(number := _digits(text)) >= _SHORTEST_NUMBER}
    forms = {_spaced(text) for _, text in gone} - {"  "}
    return Forbidden(frozenset(forms), frozenset(parts), frozenset(numbers))


def _entered(study: Study, interview: str) -> list[tuple[Category, str]]:
    about = study.get(interview, Kind.ABOUT, About)
    if about is None:
        return []
    people = [(Category.PERSON, name) for p in about.participants for name in p.names]
    return people + [(entry.category, name) for entry in about.register for name in entry.names]


def _found(name: str, content: bytes, forbidden: Forbidden) -> Iterator[str]:
    if _holds(name, forbidden):
        yield "a file name"
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        if _holds(line, forbidden):
            yield f"line {number} of the {name.rpartition('.')[2]} file"


def _holds(text: str, forbidden: Forbidden) -> bool:
    spaced, digits = _spaced(text), _digits(text)
    return (
        any(form in spaced for form in forbidden.forms)
        or not forbidden.names.isdisjoint(_RUN_OF_LETTERS.findall(text))
        or any(number in digits for number in forbidden.digits)
    )


def _spaced(text: str) -> str:
    return f" {' '.join(_WORD.findall(fold(text)))} "


def _digits(text: str) -> str:
    return "".join(c for c in _HASH.sub(" ", text) if c.isdecimal())
