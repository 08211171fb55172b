from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.artefact_kinds import ArtefactKind
from study.errors import BadWords
from study.records import StudySettings
from study.screen_text import sanitise_text
from study.store.study import Study
from study.store.trail import read_trail_lines
from study.store.whole_study import change_settings, read_settings, read_vocabulary, save_vocabulary
from study.vocabulary import (
    LONGEST_TERM,
    MOST_VOCABULARY_BYTES,
    MOST_VOCABULARY_LINES,
    load_vocabulary,
    parse_vocabulary,
)

LIST = "\ufeff# Our course\r\nRecovery College\nAshfield  ward\n\n# people\nMargaret\nMargaret\n"


def test_each_line_is_a_word_or_name_and_lines_for_the_reader_are_not() -> None:
    assert parse_vocabulary(LIST.encode()).terms == (
        "Recovery College",
        "Ashfield ward",
        "Margaret",
    )


def test_a_comma_does_not_make_two_of_one() -> None:
    assert parse_vocabulary("Wilson, Margaret").terms == ("Wilson Margaret",)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (b"\xff\xfe\x00a", "not plain text"),
        (b"a\0b", "not plain text"),
        (b"a" * (MOST_VOCABULARY_BYTES + 1), "far too long"),
        (b"a\n" * (MOST_VOCABULARY_LINES + 1), "far too long"),
        (b"a" * (LONGEST_TERM + 1), "no word or name"),
    ],
)
def test_what_is_no_list_is_refused_and_the_study_keeps_its_own(
    study: Study, written: bytes, why: str
) -> None:
    save_vocabulary(study, LIST)

    with pytest.raises(BadWords, match=why):
        save_vocabulary(study, written)

    assert read_vocabulary(study)[0].terms[0] == "Recovery College"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_refused_and_nothing_of_it_reaches_a_terminal(raw: bytes) -> None:
    try:
        found = parse_vocabulary(raw)
    except BadWords:
        return
    for term in found.terms:
        assert term == sanitise_text(term)
        assert term
        assert parse_vocabulary(term).terms in {(term,), ()}


def test_a_list_is_kept_sealed_version_by_version(study: Study) -> None:
    assert read_vocabulary(study) == (parse_vocabulary(""), 0)
    assert [
        save_vocabulary(study, "Ashfield"),
        save_vocabulary(study, "Ashfield"),
        save_vocabulary(study, "Leeds"),
    ] == [1, 1, 2]

    assert read_vocabulary(study)[0].terms == ("Leeds",)
    assert study.whole.read_artefact(ArtefactKind.VOCABULARY, str, 1) == "Ashfield"
    verbs = [line.verb for line in read_trail_lines(study.db)]
    assert verbs.count("words kept") == 2
    study.close()
    stored = (study.folder / "study.db").read_bytes()
    assert b"Ashfield" not in stored


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadWords, match="not there"):
        load_vocabulary(tmp_path / "none")


def test_settings_of_before_voices_were_told_apart_are_read() -> None:
    stored = b'{"device":"USB","names_as_hints":true,"language":"de"}'

    settings = msgspec.json.decode(stored, type=StudySettings)

    assert settings == StudySettings("USB", names_as_hints=True, language="de")
    assert (settings.tells_voices_apart, settings.allows_voice_prints) == (True, False)


def test_one_setting_changes_and_the_others_stay(study: Study) -> None:
    assert read_settings(study) == StudySettings()
    change_settings(study, device="USB")

    assert change_settings(study, names_as_hints=True) == StudySettings("USB", names_as_hints=True)
    assert read_settings(study) == StudySettings("USB", names_as_hints=True)
    assert study.whole.find_newest_version(ArtefactKind.SETTINGS) == 2
    change_settings(study)
    assert study.whole.find_newest_version(ArtefactKind.SETTINGS) == 2
