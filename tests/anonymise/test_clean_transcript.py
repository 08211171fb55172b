"""The clean transcript follows the study's conventions: what is signed is what is handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from anonymise.clean_transcript import write_clean_transcript
from anonymise.search import search_transcript
from study import ArtefactKind, Mark, MarkKind, Transcript
from study.store import Interview, Study, change_settings

Hear = Callable[..., Interview]


def search_talk(hear: Hear) -> Interview:
    interview = hear("Um, I I went.", "Mm.")
    search_transcript(interview, name_model=None)
    return interview


def texts(transcript: Transcript) -> list[str]:
    return [turn.text for turn in transcript.turns]


def test_every_word_stays_unless_the_study_wants_it_otherwise(hear: Hear) -> None:
    made = write_clean_transcript(search_talk(hear))

    assert texts(made) == ["Um, I I went.", "Mm."]
    assert made.provenance.options["text"] == "verbatim"


def test_intelligent_verbatim_is_derived_and_the_raw_words_stay(study: Study, hear: Hear) -> None:
    interview = search_talk(hear)
    verbatim = write_clean_transcript(interview)
    change_settings(study, is_intelligent=True)

    made = write_clean_transcript(interview)

    # A new version: a sign-off of the other text is void.
    assert interview.find_newest_version(ArtefactKind.CLEAN) == 2
    assert texts(made) == ["I went.", "Mm."]
    assert made.provenance.options["text"] == "intelligent verbatim"
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    assert raw is not None
    assert texts(raw) == ["Um, I I went.", "Mm."]
    assert interview.read_artefact(ArtefactKind.CLEAN, Transcript, 1) == verbatim


def test_only_silences_that_the_study_tells_are_handed_on(study: Study, hear: Hear) -> None:
    interview = hear("Yes.", "No.")
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    assert raw is not None
    silences = tuple(Mark(2.0, MarkKind.SILENCE, length_s=s) for s in (1.4, 4.0))
    with interview.change("heard") as change:
        change.write_artefact(ArtefactKind.RAW, replace(raw, events=silences))
    search_transcript(interview, name_model=None)

    assert write_clean_transcript(interview).events == silences[1:]
    change_settings(study, pause_s=1.0)
    assert write_clean_transcript(interview).events == silences
    change_settings(study, pause_s=0.0)
    assert write_clean_transcript(interview).events == ()
