"""Which of the study's words and names a model is told to expect: as many as it safely takes.

faster-whisper puts them before every window. They share the model's 448 places with the text
that is being written; it takes 223 tokens of them in silence, and beside as many tokens of
earlier text the model fails ("No position encodings"). So they are counted with the model's own
tokenizer and cut between two words, and what was cut is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from models.shelf import ModelHere
from study import vocabulary
from study.artefacts import Kind
from study.conventions import settings
from study.store import Study
from study.terms import About
from study.vocabulary import Hints
from transcribe.engine import Options, hotwords
from transcribe.tokens import token_counter

MOST_TOKENS = 180  # with all that stands before a window; the rest of 448 is for its own words


def fitting(terms: Iterable[str], tokens: Callable[[str], int], most: int = MOST_TOKENS) -> Hints:
    """Return the first terms that take at most ``most`` tokens together, and those after them.

    tokens: counts a text's tokens as the model does. Nothing is reordered: what stands first in
    the list is what the study wants most.
    """
    every = tuple(dict.fromkeys(term for term in terms if term))

    def taken(count: int) -> int:
        return tokens(hotwords(every[:count]) or "") if count else 0

    low, high = 0, len(every)
    while low < high:  # more terms never take fewer tokens
        middle = (low + high + 1) // 2
        if taken(middle) <= most:
            low = middle
        else:
            high = middle - 1
    return Hints(every[:low], every[low:], taken(low))


def settled(study: Study, interview: str, model: ModelHere, options: Options) -> Options:
    """Return the options with the hints that hold for an interview, and keep those.

    The study's list comes first, then the participants' names, where the study wants that. What
    was used and what was cut is an artefact of its own: whoever may read a clean transcript, with
    the options that made it, may not read names.

    Raises:
        ModelBroken: its tokenizer cannot be read.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: nothing was kept.
    """
    terms = [*vocabulary.read(study)[0].terms, *_names(study, interview)]
    if not terms:
        return options
    hints = fitting(terms, token_counter(model))
    version = study.version(interview, Kind.HINTS)
    if study.get(interview, Kind.HINTS, Hints) != hints:
        with study.change("hints settled", interview) as change:
            version = change.put(interview, Kind.HINTS, hints)
    return replace(options, hints=hints.used, hints_cut=len(hints.cut), hints_version=version)


def _names(study: Study, interview: str) -> list[str]:
    about = study.get(interview, Kind.ABOUT, About)
    if about is None or not settings(study).names_as_hints:
        return []
    return [vocabulary.tidy(name) for person in about.participants for name in person.names]
