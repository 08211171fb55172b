"""Hints: the study's words and names that a model is told to expect, as many as safely fit.

faster-whisper puts the hints before every window. They share the model's 448 positions with the
text that it decodes. It accepts up to 223 tokens of hints without a warning, and beside as many
tokens of earlier text the model fails ("No position encodings"). So this module counts tokens with
the model's own tokenizer, cuts between two words, and records what it cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from models import InstalledModel
from study import ArtefactKind, Hints, tidy_term
from study.store import Interview, read_settings, read_vocabulary
from transcribe.engine import DecodingOptions, join_hotwords
from transcribe.tokens import make_token_counter

MOST_HINT_TOKENS = 180  # the rest of the 448 positions is for the prompt and the window's own words


def fit_hints(
    terms: Iterable[str], tokens: Callable[[str], int], most: int = MOST_HINT_TOKENS
) -> Hints:
    """Split terms into those that fit into ``most`` tokens together and those that are cut.

    tokens: counts a text's tokens as the model does. The order of the terms stays: the study puts
    the most important ones first. Repeated terms count once.
    """
    every = tuple(dict.fromkeys(term for term in terms if term))

    def count_tokens(count: int) -> int:
        return tokens(join_hotwords(every[:count]) or "") if count else 0

    low, high = 0, len(every)
    while low < high:  # more terms never take fewer tokens
        middle = (low + high + 1) // 2
        if count_tokens(middle) <= most:
            low = middle
        else:
            high = middle - 1
    return Hints(every[:low], every[low:], count_tokens(low))


def add_hints(
    interview: Interview, model: InstalledModel, options: DecodingOptions
) -> DecodingOptions:
    """Return the options with an interview's hints, and save those hints.

    The study's list comes first, then the participants' names, if the study's settings say so. The
    hints that were used and cut are saved as an artefact of their own: a person who may read a
    clean transcript and its options may not read names.

    Raises:
        ModelBroken: the model's tokenizer cannot be read.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: nothing was saved.
    """
    terms = [*read_vocabulary(interview.study)[0].terms, *_list_participant_names(interview)]
    if not terms:
        return options
    hints = fit_hints(terms, make_token_counter(model))
    version = interview.find_newest_version(ArtefactKind.HINTS)
    if interview.read_artefact(ArtefactKind.HINTS, Hints) != hints:
        with interview.change("hints settled") as change:
            version = change.write_artefact(ArtefactKind.HINTS, hints)
    return replace(options, hints=hints.used, hints_cut=len(hints.cut), hints_version=version)


def _list_participant_names(interview: Interview) -> list[str]:
    if not read_settings(interview.study).names_as_hints:
        return []
    return [tidy_term(name) for person in interview.participants for name in person.names]
