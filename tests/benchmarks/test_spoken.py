"""What the benchmark of spoken interviews calls replaced, standing, recognisable and gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks._spoken_scores import Outcome, score_details, spell_letters
from benchmarks._spoken_scripts import Script, read_scripts
from study import Category, Turn


def script(folder: Path, line: str) -> Script:
    (folder / "A.txt").write_text(f"# One line.\n@ P01 jf_alpha Ann Lee\nP01: {line}\n", "utf-8")
    (one,) = read_scripts(folder)
    return one


def outcome(folder: Path, line: str, written: str, masked: str = "") -> Outcome:
    """Return what became of the one detail of a line when ``masked`` is replaced in the text."""
    start = written.index(masked) if masked else 0
    covered = range(start, start + len(masked))
    turns = [Turn(1, "P01", 0.0, 1.0, written)]
    (detail,), _ = score_details(script(folder, line), turns, lambda _, at: at in covered)
    return detail.outcome


def spelled(text: str) -> str:
    return "".join(letter.sign for letter in spell_letters(text))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("oh seven seven double oh, nine hundred", "07700 900"),
        ("the ninth of November nineteen forty one", "the 9th of November 1941"),
        ("two thousand and four", "2004"),
        ("a hundred and two", "102"),
        ("number seventeen", "Number 17"),
        ("P E thirty one, seven L double D", "PE31 7LDD"),
        ("rose dot smith at gmail dot com", "rose.smith@gmail.com"),
        ("Doctor Szymanski", "Dr. Szymanski"),
        ("double u double u", "W W"),
        ("B Zed", "BZ"),
    ],
)
def test_one_thing_said_in_two_spellings_has_the_same_letters(said: str, written: str) -> None:
    assert spelled(said) == spelled(written)


def test_a_detail_whose_place_is_masked_is_replaced(tmp_path: Path) -> None:
    line, written = "I saw [Nisha Patel|PERSON] there.", "I saw Nisha Patel there."

    assert outcome(tmp_path, line, written, "Nisha Patel") is Outcome.REPLACED


def test_a_surname_beside_a_masked_given_name_stands(tmp_path: Path) -> None:
    line, written = "I saw [Nisha Patel|PERSON] there.", "I saw Nisha Patel there."

    assert outcome(tmp_path, line, written, "Nisha") is Outcome.AS_SAID


def test_a_place_that_was_misheard_a_little_is_recognisable(tmp_path: Path) -> None:
    line = "We went to [Skipton|PLACE] by bus."

    assert outcome(tmp_path, line, "We went to Skippden by bus.") is Outcome.RECOGNISABLE


def test_a_name_that_was_misheard_altogether_is_gone(tmp_path: Path) -> None:
    line = "I rang [Siobhan|PERSON] today."

    assert outcome(tmp_path, line, "I rang quickly today.") is Outcome.GONE


def test_a_title_that_stays_is_no_detail(tmp_path: Path) -> None:
    line, written = "So [Mrs Pickersgill|PERSON] rang.", "So Mrs. Pickersgill rang."

    assert outcome(tmp_path, line, written, "Pickersgill") is Outcome.REPLACED


def test_half_a_number_that_stands_is_recognisable(tmp_path: Path) -> None:
    line = "Ring [oh one four eight four, double five two|PHONE] please."
    written = "Ring 01484 552 please."

    assert outcome(tmp_path, line, written) is Outcome.AS_SAID
    assert outcome(tmp_path, line, written, "552") is Outcome.RECOGNISABLE
    assert outcome(tmp_path, line, written, "01484 552") is Outcome.REPLACED


def test_masked_words_to_keep_are_counted(tmp_path: Path) -> None:
    one = script(tmp_path, "He takes {Donepezil} daily.")
    turns = [Turn(1, "P01", 0.0, 1.0, "He takes Donepezil daily.")]

    assert score_details(one, turns, lambda _, at: 9 <= at < 18) == ([], 1)


def test_every_script_has_voices_for_its_turns_and_marks_of_every_kind() -> None:
    scripts = read_scripts()

    kinds = {span.kind for one in scripts for turn in one.turns for span in turn.spans}
    assert kinds >= {c.value for c in Category}
    assert all(turn.speaker in one.voices for one in scripts for turn in one.turns)
    assert all("[" not in turn.text and "|" not in turn.text for s in scripts for turn in s.turns)
