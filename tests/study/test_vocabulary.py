from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study import conventions, trail
from study.artefacts import Kind
from study.errors import BadWords
from study.screen_text import safe
from study.store import WHOLE_STUDY, Study
from study.terms import Settings
from study.vocabulary import LONGEST, MOST_BYTES, MOST_LINES, keep, load, parse, read

LIST = "\ufeff# Our course\r\nRecovery College\nAshfield  ward\n\n# people\nMargaret\nMargaret\n"


def test_each_line_is_a_word_or_name_and_lines_for_the_reader_are_not() -> None:
    assert parse(LIST.encode()).terms == ("Recovery College", "Ashfield ward", "Margaret")


def test_a_comma_does_not_make_two_of_one() -> None:
    assert parse("Wilson, Margaret").terms == ("Wilson Margaret",)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (b"\xff\xfe\x00a", "not plain text"),
        (b"a\0b", "not plain text"),
        (b"a" * (MOST_BYTES + 1), "far too long"),
        (b"a\n" * (MOST_LINES + 1), "far too long"),
        (b"a" * (LONGEST + 1), "no word or name"),
    ],
)
def test_what_is_no_list_is_refused_and_the_study_keeps_its_own(
    study: Study, written: bytes, why: str
) -> None:
    keep(study, LIST)

    with pytest.raises(BadWords, match=why):
        keep(study, written)

    assert read(study)[0].terms[0] == "Recovery College"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_refused_and_nothing_of_it_reaches_a_terminal(raw: bytes) -> None:
    try:
        found = parse(raw)
    except BadWords:
        return
    for term in found.terms:
        assert term == safe(term)
        assert term
        assert parse(term).terms in {(term,), ()}


def test_a_list_is_kept_sealed_version_by_version(study: Study) -> None:
    assert read(study) == (parse(""), 0)
    assert [keep(study, "Ashfield"), keep(study, "Ashfield"), keep(study, "Leeds")] == [1, 1, 2]

    assert read(study)[0].terms == ("Leeds",)
    assert study.get(WHOLE_STUDY, Kind.VOCABULARY, str, 1) == "Ashfield"
    verbs = [line.verb for line in trail.lines(study.db)]
    assert verbs.count("words kept") == 2
    study.close()
    stored = (study.folder / "study.db").read_bytes()
    assert b"Ashfield" not in stored


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadWords, match="not there"):
        load(tmp_path / "none")


def test_one_setting_changes_and_the_others_stay(study: Study) -> None:
    assert conventions.settings(study) == Settings()
    conventions.settle(study, device="USB")

    assert conventions.settle(study, names_as_hints=True) == Settings("USB", names_as_hints=True)
    assert conventions.settings(study) == Settings("USB", names_as_hints=True)
    assert study.version(WHOLE_STUDY, Kind.SETTINGS) == 2
    conventions.settle(study)
    assert study.version(WHOLE_STUDY, Kind.SETTINGS) == 2
