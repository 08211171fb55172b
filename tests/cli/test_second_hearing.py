"""A passage heard again at the shell: it is shown beside what stands, and taken over by number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from anonymise import decide_mention, search_transcript
from models import InstalledModel
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    InterviewState,
    Provenance,
    Recognition,
    RegisterEntry,
    SecondHearing,
    SoundFormat,
    Transcript,
    Turn,
    Verdict,
    Word,
)
from study.errors import NotHeardAgain
from study.store import (
    IncomingSound,
    Interview,
    Study,
    TranscriptEditor,
    read_decisions,
    read_mention_words,
    read_newest_transcript,
)
from tests.cli.conftest import Run, result
from tests.transcribe.conftest import demonstration

Samples = npt.NDArray[np.int16]
_RATE = 16_000
_MADE_BY = Provenance("transcribe", "earshot tests", "tiny.en", "cd" * 32)
_STANDING = ("We met in Leeds.", "My sister told me about the collage.", "No.")


def _turn(key: int, text: str) -> Turn:
    words = tuple(
        Word(f" {word}", 4.0 * key + n / 2, 4.0 * key + n / 2 + 0.4, 0.9)
        for n, word in enumerate(text.split())
    )
    return Turn(key, "P07", words[0].start_s, words[-1].end_s, text, words)


def _said(interview: Interview) -> list[str]:
    source = read_newest_transcript(interview)
    assert source is not None
    return [turn.text for turn in source.transcript.turns]


@pytest.fixture
def interview(study: Study, tiny_en_alone: InstalledModel) -> Interview:
    """An interview with sound, three turns at 4, 8 and 12 s, and a place known beforehand."""
    assert tiny_en_alone.name == "tiny.en"
    samples = demonstration(0, 20)
    with IncomingSound(study, SoundFormat(_RATE, 1)) as incoming:
        incoming.write(samples.tobytes())
        places = (RegisterEntry(Category.PLACE, ("Leeds", "Whitby")),)
        made = incoming.keep(InterviewDetails("P07_i1", register=places), {})
    turns = tuple(_turn(key, text) for key, text in enumerate(_STANDING, 1))
    with study.interview(made).change("transcribed") as change:
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, _MADE_BY, recognition=Recognition())
        )
    return study.interview(made)


def _hear(interview: Interview, *texts: str) -> None:
    """Save a hearing of the whole interview, as if a model had heard these turns."""
    turns = tuple(_turn(key, text) for key, text in enumerate(texts, 1))
    sound_s = interview.summary.sound_s
    with interview.change("heard again") as change:
        change.write_artefact(
            ArtefactKind.HEARING,
            SecondHearing(0.0, sound_s, (0.0, sound_s), Transcript(turns, _MADE_BY)),
        )


def test_a_passage_is_shown_beside_what_stands_and_nothing_changes(
    study: Study, run: Run, interview: Interview
) -> None:
    code, out, err = run(
        "transcribe", study.folder, "P07_i1", "--model", "tiny.en", "--from", "0:07", "--to", "11.5"
    )

    assert code == 0
    assert "collage." in out
    assert "Leeds" not in out
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "Nothing was changed." in err
    assert _said(interview) == list(_STANDING)
    assert interview.find_newest_version(ArtefactKind.CORRECTED) == 0
    hearing = interview.read_artefact(ArtefactKind.HEARING, SecondHearing)
    assert hearing is not None
    assert hearing.heard.provenance.model == "tiny.en"


def test_scripts_get_both_versions_of_each_turn(
    study: Study, run: Run, interview: Interview
) -> None:
    _hear(interview, _STANDING[0], "My sister told me about the college.")

    code, out, _ = run("transcribe", study.folder, "P07_i1", "--take", "2,3", "--json")

    told = result(out)
    assert code == 0
    assert [(t["number"], t["stands"], t["heard"], t["is_same"]) for t in told["turns"]] == [
        ("1", _STANDING[0], _STANDING[0], True),
        ("2", _STANDING[1], "My sister told me about the college.", False),
        ("3", _STANDING[2], None, False),
    ]
    assert told["taken"] == ["2", "3"]
    assert _said(interview) == [_STANDING[0], "My sister told me about the college."]


def test_all_takes_other_words_and_never_removes_a_turn(
    study: Study, run: Run, interview: Interview
) -> None:
    _hear(interview, "We met in leeds", "My sister told me about the college.")

    code, _, err = run("transcribe", study.folder, "P07_i1", "--take", "all")

    assert (code, err.splitlines()[-1]) == (
        0,
        "1 turn changed; `earshot correct` takes that back with --undo.",
    )
    assert _said(interview) == [_STANDING[0], "My sister told me about the college.", _STANDING[2]]
    run("correct", study.folder, "P07_i1", "--undo")
    assert _said(interview) == list(_STANDING)


def test_what_was_heard_is_taken_over_later_without_hearing_it_again(
    study: Study, run: Run, interview: Interview
) -> None:
    passage = (
        "transcribe",
        study.folder,
        "P07_i1",
        "--model",
        "tiny.en",
        "--from",
        "7",
        "--to",
        "11",
    )
    run(*passage)

    code, _, err = run(*passage, "--take", "2")

    assert code == 0
    assert "1 turn changed" in err
    assert interview.find_newest_version(ArtefactKind.HEARING) == 1
    assert _said(interview)[1] != _STANDING[1]
    assert [_said(interview)[0], _said(interview)[2]] == [_STANDING[0], _STANDING[2]]


@pytest.mark.parametrize(
    "options",
    [("--take", "9"), ("--from", "9", "--to", "5"), ("--from", "5:00")],
)
def test_what_cannot_be_heard_or_taken_is_one_sentence(
    study: Study, run: Run, interview: Interview, options: tuple[str, ...]
) -> None:
    code, out, err = run("transcribe", study.folder, "P07_i1", "--model", "tiny.en", *options)

    refusals = [line for line in err.splitlines() if line.startswith("earshot: ")]
    assert (code, out, len(refusals)) == (NotHeardAgain.exit_code, "", 1)
    assert _said(interview) == list(_STANDING)


@pytest.mark.parametrize("option", [("--from", "0"), ("--take", "all"), ("--anew",)])
def test_several_interviews_are_not_heard_again_at_once(
    study: Study, run: Run, interview: Interview, option: tuple[str, ...]
) -> None:
    with study.change("entered") as change:
        change.add_interview(InterviewDetails("P08_i1"))

    code, _, err = run("transcribe", study.folder, interview.label, "P08_i1", *option)

    assert code == NotHeardAgain.exit_code
    assert "in one interview at a time" in err


def test_nothing_was_heard_again_yet(study: Study, run: Run, interview: Interview) -> None:
    code, _, err = run("transcribe", study.folder, interview.label, "--take", "all")

    assert code == NotHeardAgain.exit_code
    assert "Nothing of this interview has been heard again yet." in err


@pytest.mark.parametrize(
    "option", [("--from", "12:60"), ("--to", "soon"), ("--take", "two"), ("--take", "1,")]
)
def test_a_time_or_number_that_is_none_is_said_in_one_sentence(
    study: Study,
    run: Run,
    interview: Interview,
    option: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        run("transcribe", study.folder, interview.id, *option)

    assert left.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(f"earshot transcribe: argument {option[0]}: give ")


def test_a_corrected_interview_heard_again_keeps_its_corrections(
    study: Study, run: Run, interview: Interview
) -> None:
    TranscriptEditor(interview).set_text(1, "We met in Whitby.")

    code, out, err = run("transcribe", study.folder, "P07_i1", "--model", "tiny.en")

    assert code == 0
    assert "They are kept; you can compare them with the new words" in err
    assert "We met in Whitby." in out
    assert _said(interview) == ["We met in Whitby.", *_STANDING[1:]]
    assert interview.find_newest_version(ArtefactKind.RAW) == 1


def test_beginning_anew_puts_the_new_transcript_in_front_of_the_corrections(
    study: Study, run: Run, interview: Interview
) -> None:
    TranscriptEditor(interview).set_text(1, "We met in Whitby.")

    code, _, _ = run("transcribe", study.folder, "P07_i1", "--model", "tiny.en", "--anew")

    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    assert code == 0
    assert raw is not None
    assert raw.provenance.model == "tiny.en"
    assert _said(interview) == [turn.text for turn in raw.turns]
    assert interview.find_newest_version(ArtefactKind.CORRECTED) == 2


def test_a_transcript_whose_corrections_were_undone_is_replaced_by_the_next(
    study: Study, run: Run, interview: Interview
) -> None:
    """It used to stand behind the old one, and nobody saw it."""
    editor = TranscriptEditor(interview)
    editor.set_text(1, "We met in Whitby.")
    editor.undo()

    run("transcribe", study.folder, "P07_i1", "--model", "tiny.en")

    assert interview.find_newest_version(ArtefactKind.RAW) == 2
    assert _said(interview) != list(_STANDING)


def test_a_name_that_is_taken_over_is_found_and_other_decisions_stay(
    study: Study, run: Run, interview: Interview
) -> None:
    search_transcript(interview, name_model=None)
    (leeds,) = read_decisions(interview)
    decide_mention(interview, leeds.mention.key, Verdict.ACCEPTED)
    assert interview.summary.state is InterviewState.REVIEWED
    _hear(interview, _STANDING[0], "My sister told me about Whitby.")
    assert interview.summary.state is InterviewState.REVIEWED  # hearing changes nothing

    run("transcribe", study.folder, "P07_i1", "--take", "2")

    assert interview.summary.state is InterviewState.CORRECTED
    search_transcript(interview, name_model=None)
    words = read_mention_words(interview)
    assert {
        words[one.mention.key]: one.decision.verdict if one.decision else None
        for one in read_decisions(interview)
    } == {"Leeds": Verdict.ACCEPTED, "Whitby": None}


def test_the_language_is_that_of_the_transcript_unless_another_is_named(
    study: Study, run: Run, interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = Transcript((_turn(1, "Ja."),), _MADE_BY, recognition=Recognition(language="de"))
    with interview.change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, german)
    monkeypatch.setenv("COLUMNS", "80")

    refused, _, _ = run("transcribe", study.folder, "P07_i1", "--model", "tiny.en", "--from", "0")
    heard, _, _ = run(
        "transcribe",
        study.folder,
        "P07_i1",
        "--model",
        "tiny.en",
        "--from",
        "0",
        "--language",
        "en",
    )

    assert (refused, heard) == (59, 0)  # tiny.en knows English alone
