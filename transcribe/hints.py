"""The hints of an interview: the study's words and the participants' names, as many as fit."""

from __future__ import annotations

from dataclasses import replace

from models import InstalledModel
from study import ArtefactKind, Hints, tidy_term
from study.store import Interview, read_settings, read_vocabulary
from transcribe.engine import DecodingOptions
from transcribe.hotwords import fit_hints
from transcribe.tokens import make_token_counter


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
