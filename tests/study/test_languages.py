"""How a person may name a language, and the one code that the study keeps of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from study import AUTO_LANGUAGE, InterviewDetails, list_languages, name_language, parse_language
from study.errors import LanguageUnknown
from study.store import Study, change_settings, read_language, read_settings, set_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("english", "en"),
        ("en-GB", "en"),
        ("en_GB.UTF-8", "en"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("  DEUTSCH ", "de"),
        ("de-AT", "de"),
        ("deu", "de"),
        ("ger", "de"),
        ("franc\u0327ais", "fr"),  # typed with a combining sign
        ("Français", "fr"),
        ("nb-NO", "no"),
        ("haitian  creole", "ht"),
        ("zh-Hans-CN", "zh"),
        ("auto", AUTO_LANGUAGE),
        ("Auto", AUTO_LANGUAGE),
    ],
)
def test_codes_names_and_locales_are_understood(text: str, code: str) -> None:
    assert parse_language(text) == code


@pytest.mark.parametrize("text", ["", " ", "klingon", "xx", "transcribe", "-", "e", "en de"])
def test_what_no_language_is_called_is_refused(text: str) -> None:
    with pytest.raises(LanguageUnknown):
        parse_language(text)


def test_every_language_is_found_by_its_code_and_its_name() -> None:
    every = list_languages()

    assert len(every) == 100
    for language in every:
        assert parse_language(language.code) == language.code
        assert parse_language(language.name.upper()) == language.code
        assert name_language(language.code) == language.name


def test_the_languages_are_those_of_whisper() -> None:
    from faster_whisper.tokenizer import (
        _LANGUAGE_CODES,  # pyright: ignore[reportPrivateUsage] - it has no public list
    )

    assert {language.code for language in list_languages()} == set(_LANGUAGE_CODES)


def test_an_interview_is_in_the_studys_language_until_it_has_its_own(study: Study) -> None:
    with study.change("made") as change:
        interview = study.interview(change.add_interview(InterviewDetails("P01_i1")))
    assert read_language(interview) == "en"

    change_settings(study, language="de")
    assert read_language(interview) == "de"

    set_language(interview, "fr")
    assert read_language(interview) == "fr"
    assert read_settings(study).language == "de"
    assert interview.details == InterviewDetails("P01_i1", language="fr")


def test_a_study_of_format_1_is_in_english_as_it_was(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        interviews = [study.interview(summary.id) for summary in study.summaries()]

        assert interviews
        assert {read_language(interview) for interview in interviews} == {"en"}
