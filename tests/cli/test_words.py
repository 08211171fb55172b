"""The verbs ``words`` and ``settings``, as a person or a script calls them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from study import ArtefactKind, Hints, InterviewDetails, Provenance, Recognition, Transcript
from study.errors import BadWords, TextTooLong, TranscriptMissing
from study.store import Study
from tests.cli.conftest import Run


@pytest.fixture
def run(study: Study, run: Run) -> Run:
    """Call a verb on a study."""
    study.close()

    def call(verb: str, *words: str | Path) -> tuple[int, str, str]:
        return run(verb, study.folder, *words)

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text("# ours\nRecovery College\nAshfield\n", encoding="utf-8")
    return path


def test_a_list_is_set_from_a_file_and_shown(run: Run, file: Path) -> None:
    code, _, told = run("words", "--from", file)

    assert code == 0
    assert told.startswith("version 1: 2 words and names")
    assert run("words")[1] == "Recovery College\nAshfield\n"
    assert run("words", "--text")[1] == "# ours\nRecovery College\nAshfield\n"
    answer = json.loads(run("words", "--json")[1])["result"]
    assert answer["terms"] == ["Recovery College", "Ashfield"]


def test_a_list_may_come_from_another_program(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Leeds\n")))

    assert run("words", "--from", "-")[1] == "Leeds\n"


def test_no_list_says_how_to_set_one(run: Run) -> None:
    code, out, err = run("words")

    assert (code, out) == (0, "")
    assert "--from" in err


def test_what_is_no_list_is_one_sentence_and_leaves_the_one_before(run: Run, file: Path) -> None:
    run("words", "--from", file)
    file.write_bytes(b"\0\1")

    code, out, err = run("words", "--from", file)

    assert (code, out) == (BadWords.exit_code, "")
    assert len(err.splitlines()) == 2
    assert "Ashfield" in run("words")[1]


def test_what_was_given_for_a_transcript_can_be_looked_up(
    tmp_path: Path, run: Run, passphrase: str
) -> None:
    with Study.open(tmp_path / "study", passphrase) as again:
        with again.change("made") as change:
            heard = change.add_interview(InterviewDetails("P01_i1"))
            change.write_artefact(
                ArtefactKind.HINTS, Hints(("Ashfield",), ("Leeds",), 3), owner=heard
            )
            made_by = Provenance("transcribe", "earshot", "tiny.en", "")
            change.write_artefact(
                ArtefactKind.RAW,
                Transcript((), made_by, recognition=Recognition(hints_version=1)),
                owner=heard,
            )
            change.write_artefact(ArtefactKind.HINTS, Hints(("Later",)), owner=heard)
        with again.change("made") as change:
            change.add_interview(InterviewDetails("P02_i1"))

    code, out, err = run("words", "--used-in", "P01_i1")

    assert (code, out) == (0, "Ashfield\n(did not fit) Leeds\n")
    assert err == "Given to tiny.en: 1 of 2 words and names, 3 of its tokens\n"
    assert run("words", "--used-in", "P02_i1")[0] == TranscriptMissing.exit_code


def test_settings_are_changed_one_by_one_and_shown(run: Run) -> None:
    code, out, _ = run("settings", "--names-as-hints", "yes")

    assert code == 0
    assert "names as hints   yes" in out
    answer = json.loads(run("settings", "--json")[1])["result"]
    assert answer["names_as_hints"] is True


def test_voices_are_told_apart_and_not_remembered_unless_somebody_says_so(run: Run) -> None:
    out = run("settings")[1]
    assert "speakers         told apart by their voices" in out
    assert "voice prints     not kept" in out

    out = run("settings", "--tell-voices-apart", "no", "--voice-prints", "yes")[1]

    assert "speakers         not told apart" in out
    assert "biometric data" in out


def test_pauses_and_text_are_settled_and_what_is_no_pause_is_refused(run: Run) -> None:
    assert "pauses           shown from 3 s on" in run("settings")[1]

    out = run("settings", "--pauses", "1.5", "--text", "intelligent")[1]

    assert "pauses           shown from 1.5 s on" in out
    assert "intelligent verbatim" in out
    assert "pauses           not shown" in run("settings", "--pauses", "0")[1]
    for wrong in ("0.3", "90", "nan", "-3", "long"):
        with pytest.raises(SystemExit):
            run("settings", "--pauses", wrong)


def test_a_study_has_a_title_until_it_is_taken_away(run: Run) -> None:
    assert "title            none" in run("settings")[1]

    assert "title            Living well\n" in run("settings", "--title", " Living  well ")[1]
    assert run("settings", "--title", "a" * 90_000)[0] == TextTooLong.exit_code
    assert "title            Living well\n" in run("settings")[1]
    assert "title            none" in run("settings", "--title", "-")[1]
