"""``earshot speakers``, as a person or a script calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app import tell_speakers_apart
from cli import main
from study import (
    ArtefactKind,
    InterviewDetails,
    Layout,
    Mark,
    MarkKind,
    Participant,
    Provenance,
    Recognition,
    SoundFormat,
    Transcript,
    Turn,
    Word,
)
from study.errors import (
    BadName,
    ModelBroken,
    ModelMissing,
    NotCorrectable,
    SpeakersKnown,
    UnknownSpeaker,
)
from study.store import IncomingSound, Study, TranscriptEditor, verify_study
from tests.transcribe.conftest import demonstration
from tools import apart

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    apart.build(folder / "speakers")
    return folder


@pytest.fixture
def run(
    study: Study,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    passphrase: str,
) -> Run:
    """Call the verb on an interview of 7 s, two people, one microphone."""
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
    monkeypatch.setenv("EARSHOT_MODELS", str(models))
    sound = demonstration(0, 7)
    with IncomingSound(study, SoundFormat(16_000, 1)) as incoming:
        for first in range(0, len(sound), 16_000):
            incoming.write(np.ascontiguousarray(sound[first : first + 16_000]).tobytes())
        interview = incoming.keep(InterviewDetails("P01_i1"), {})
    turns = tuple(
        Turn(n, "S?", a, b, "word", (Word(" word", a, b, 0.9),))
        for n, (a, b) in enumerate([(1.0, 2.0), (3.2, 4.4), (5.5, 6.8)], start=1)
    )
    made_by = Provenance("transcribe", "earshot", "tiny.en", "")
    with study.change("transcribed") as change:
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, made_by, recognition=Recognition()), owner=interview
        )
        change.add_interview(InterviewDetails("P02_i1"))
        apart = Recognition(layout=Layout(((0,), (1,))))
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, made_by, recognition=apart))
    with study.change("transcribed") as change:
        people = (Participant("INT01"), Participant("P01"))
        change.add_interview(InterviewDetails("P03_i1", people))
        told = tuple(replace(turn, speaker=f"S{1 + turn.key % 2}") for turn in turns)
        change.write_artefact(ArtefactKind.RAW, Transcript(told, made_by))
    study.close()

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["speakers", str(study.folder), *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_it_tells_how_many_turns_each_has(run: Run) -> None:
    code, out, _ = run("P01_i1", "--count", "2")

    assert code == 0
    assert [line.split()[:3] for line in out.splitlines()[:2]] == [
        ["S1", "1", "turn"],  # made of two: no sentence ends between them
        ["S2", "1", "turn"],
    ]


def test_a_script_gets_the_same(run: Run) -> None:
    events = [json.loads(line) for line in run("P01_i1", "--count", "2", "--json")[1].splitlines()]

    assert events[-1]["result"]["turns"] == {"S1": 1, "S2": 1}


@pytest.mark.parametrize("count", ["1", "0", "-2", "10", "two", ""])
def test_the_number_of_people_makes_sense(run: Run, count: str) -> None:
    with pytest.raises(SystemExit):
        run("P01_i1", "--count", count)


def test_voices_are_named_without_telling_them_apart_again(run: Run) -> None:
    run("P01_i1", "--count", "2")

    code, out, _ = run("P01_i1", "--name", "S1=INT01", "--name", "S2=P01")

    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["INT01", "P01"]
    assert run("P01_i1", "--list")[1] == out


def test_a_voice_that_nobody_has_is_not_named(run: Run) -> None:
    run("P01_i1", "--count", "2")

    code, out, err = run("P01_i1", "--name", "S7=P01")

    assert (code, out) == (NotCorrectable.exit_code, "")
    assert "No turn has that speaker." in err


def test_a_voice_is_named_only_for_somebody_whom_the_interview_has(run: Run) -> None:
    """A slip of the finger, PO1 for P01, was one more person."""
    before = run("P03_i1", "--list")[1]

    code, out, err = run("P03_i1", "--name", "S1=PO1", "--name", "S2=INT01")

    assert (code, out) == (UnknownSpeaker.exit_code, "")
    assert "Nobody in this interview has that code; it has INT01, P01, S2 and S1." in err
    assert "PO1" not in err  # somebody may have typed a name
    assert run("P03_i1", "--list")[1] == before


def test_somebody_whom_nobody_entered_is_entered_with_what_they_are(
    run: Run, study: Study, passphrase: str
) -> None:
    """The README's own line was refused: INT01 asks the questions, and was not entered."""
    code, out, err = run("P03_i1", "--name", "S1=INT02:interviewer", "--name", "S2=FAM01:supporter")

    assert (code, err) == (0, "")
    assert {line.split()[0] for line in out.splitlines()} == {"INT02", "FAM01"}
    with Study.open(study.folder, passphrase) as again:
        interview = again.interview(again.find_interview("P03_i1").id)
        entered = [(one.code, one.role.value) for one in interview.participants]
        assert entered[2:] == [("INT02", "interviewer"), ("FAM01", "supporter")]
        assert verify_study(again) == []
    code, out, err = run("P03_i1", "--name", "INT02=P99:doctor")
    assert (code, out) == (BadName.exit_code, "")


@pytest.mark.parametrize("name", ["S1", "S1=", "=P01", ""])
def test_a_name_has_a_voice_and_a_code(run: Run, name: str) -> None:
    with pytest.raises(SystemExit):
        run("P01_i1", "--name", name)


def test_a_list_says_who_speaks_how_much_and_what_first(run: Run) -> None:
    code, out, _ = run("P01_i1", "--list", "--json")

    (voice,) = json.loads(out)["result"]["voices"]
    assert code == 0
    assert voice == {"code": "S?", "turns": 3, "seconds": 3.5, "share": 1.0, "first_s": 5.5}


def test_where_each_has_a_microphone_it_is_refused_in_one_sentence(run: Run) -> None:
    code, out, err = run("P02_i1", "--count", "2")

    assert (code, out) == (SpeakersKnown.exit_code, "")
    assert len(err.splitlines()) == 2


def test_without_its_model_it_says_how_to_get_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "none"))

    code, _, err = run("P01_i1", "--count", "2")

    assert code == ModelMissing.exit_code
    assert "earshot models get voices" in err


def test_a_speech_model_is_no_model_for_voices(run: Run) -> None:
    assert run("P01_i1", "--count", "2", "--model", "tiny.en")[0] == ModelMissing.exit_code


def test_a_model_that_lacks_a_file_is_refused(run: Run, models: Path, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    (tmp_path / "speakers").mkdir()
    (tmp_path / "speakers" / "embedding.onnx").write_bytes(
        (models / "speakers" / "embedding.onnx").read_bytes()
    )
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path))

    code, _, err = run("P01_i1", "--count", "2", "--model", "speakers")

    assert code == ModelBroken.exit_code
    assert len(err.splitlines()) == 2


def test_a_turn_given_by_hand_keeps_its_speaker_however_often_voices_are_told_apart(
    run: Run, study: Study, passphrase: str
) -> None:
    run("P01_i1", "--count", "2")
    with Study.open(study.folder, passphrase) as again:
        TranscriptEditor(again.interview("P01_i1")).set_speaker(3, "P09")

    for _ in range(3):
        assert run("P01_i1", "--count", "3")[0] == 0
        with Study.open(study.folder, passphrase) as again:
            source = again.interview("P01_i1").read_transcript()
            assert source is not None
            (turn,) = (turn for turn in source.transcript.turns if turn.key == 3)
            assert (turn.speaker, turn.is_speaker_unsure) == ("P09", False)


def test_keys_that_were_left_out_stay_so_until_somebody_lets_them_count_again(
    run: Run, study: Study, passphrase: str
) -> None:
    """So "the voices alone" was forgotten, and the next time the keys said who speaks again."""
    with Study.open(study.folder, passphrase) as again:
        interview = again.interview("P01_i1")
        heard = interview.read_artefact(ArtefactKind.RAW, Transcript)
        assert heard is not None
        keyed = replace(heard, events=(Mark(5.4, MarkKind.SPEAKER, "INT09"),))
        with interview.change("transcribed") as change:
            change.write_artefact(ArtefactKind.RAW, keyed)

    def speakers(*options: str) -> bool:
        code, out, _ = run("P01_i1", "--count", "2", *options)
        assert code == 0
        return "INT09" in out

    assert speakers()
    assert not speakers("--ignore-keys")
    assert not speakers()
    with Study.open(study.folder, passphrase) as again:  # as after a transcription
        tell_speakers_apart(again.interview("P01_i1"), count=2)
    assert "INT09" not in run("P01_i1", "--list")[1]
    assert speakers("--use-keys")
    assert speakers()


def test_voices_that_were_named_keep_their_names_when_they_are_told_apart_again(run: Run) -> None:
    run("P01_i1", "--count", "2")
    run("P01_i1", "--name", "S1=INT01", "--name", "S2=P01")

    out = run("P01_i1", "--count", "2")[1]

    assert [line.split()[0] for line in out.splitlines()[:2]] == ["INT01", "P01"]


def test_a_guessed_number_is_asked_for_by_a_word(run: Run) -> None:
    assert run("P01_i1", "--count", "auto")[0] == 0
