"""The clean transcript is written as the study writes: what is signed is what is handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from anonymise.cleaning import clean
from anonymise.steps import propose
from study import conventions
from study.artefacts import Kind
from study.store import Study
from study.terms import Mark, MarkKind, Transcript

Hear = Callable[..., str]


def searched(study: Study, hear: Hear) -> str:
    interview = hear("Um, I I went.", "Mm.")
    propose(study, interview, ner=None)
    return interview


def texts(transcript: Transcript) -> list[str]:
    return [turn.text for turn in transcript.turns]


def test_every_word_stays_unless_the_study_wants_it_otherwise(study: Study, hear: Hear) -> None:
    made = clean(study, searched(study, hear))

    assert texts(made) == ["Um, I I went.", "Mm."]
    assert made.provenance.options["text"] == "verbatim"


def test_intelligent_verbatim_is_derived_and_the_raw_words_stay(study: Study, hear: Hear) -> None:
    interview = searched(study, hear)
    verbatim = clean(study, interview)
    conventions.settle(study, is_intelligent=True)

    made = clean(study, interview)

    assert study.version(interview, Kind.CLEAN) == 2  # so a sign-off of the other text is void
    assert texts(made) == ["I went.", "Mm."]
    assert made.provenance.options["text"] == "intelligent verbatim"
    raw = study.get(interview, Kind.RAW, Transcript)
    assert raw is not None
    assert texts(raw) == ["Um, I I went.", "Mm."]
    assert study.get(interview, Kind.CLEAN, Transcript, 1) == verbatim


def test_only_silences_that_the_study_tells_are_handed_on(study: Study, hear: Hear) -> None:
    interview = hear("Yes.", "No.")
    raw = study.get(interview, Kind.RAW, Transcript)
    assert raw is not None
    silences = tuple(Mark(2.0, MarkKind.SILENCE, length_s=s) for s in (1.4, 4.0))
    with study.change("heard", interview) as change:
        change.put(interview, Kind.RAW, replace(raw, events=silences))
    propose(study, interview, ner=None)

    assert clean(study, interview).events == silences[1:]
    conventions.settle(study, pause_s=1.0)
    assert clean(study, interview).events == silences
    conventions.settle(study, pause_s=0.0)
    assert clean(study, interview).events == ()
