"""Bad sound, bad models and a study in use, through the verb: a sentence, an exit code, no loss."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from cli import main
from models import CHECKSUMS_NAME, InstalledModel
from study import ArtefactKind, InterviewDetails, SoundFormat, Transcript
from study.errors import LanguageUnknown, ModelBroken, ModelMissing, NoSpeech, StudyInUse
from study.store import AUDIO_FOLDER, IncomingSound, PresenceLock, Study
from tests.transcribe.conftest import demonstration

pytestmark = pytest.mark.usefixtures("tiny_en_alone")

Samples = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
Run = Callable[..., tuple[int, str, str]]
RATE = 16_000
SECONDS = np.arange(20 * RATE) / RATE


@pytest.fixture
def enter(study: Study) -> Callable[..., str]:
    """Seal int16 samples, shape (frames, channels), as an interview; returns its id."""

    def entered(samples: Samples, rate: int = RATE, label: str = "P01_i1") -> str:
        with IncomingSound(study, SoundFormat(rate, samples.shape[1])) as incoming:
            for first in range(0, len(samples), rate):
                incoming.write(samples[first : first + rate].tobytes())
            return incoming.keep(InterviewDetails(label), {})

    return entered


@pytest.fixture
def run(study: Study, capsys: pytest.CaptureFixture[str]) -> Run:
    """Transcribe in this process, as the child of a shell or a screen does; the code, out, err."""

    def call(*words: str) -> tuple[int, str, str]:
        reading, writing = os.pipe()
        os.write(writing, study.ring.to_bytes())
        os.close(writing)
        code = main(["transcribe", str(study.folder), *words, "--keys-fd", str(reading)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def one_channel(sound: Floats) -> Samples:
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16).reshape(-1, 1)


def at_level(samples: Samples, dbfs: float) -> Samples:
    sound = samples[:, 0] / 32768
    return one_channel(sound * 10 ** (dbfs / 20) / np.sqrt((sound**2).mean()))


def told(out: str) -> dict[str, object]:
    return json.loads(out.splitlines()[-1])["result"]


def is_a_sentence(err: str) -> bool:
    return err.startswith("earshot: ") and len(err.splitlines()) == 2


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(np.zeros(5 * RATE), id="silence"),
        pytest.param(np.zeros(1), id="one sample"),
        pytest.param(np.zeros(RATE // 10), id="a tenth of a second"),
        pytest.param(
            sum(
                np.sin(2 * np.pi * tone * over * SECONDS) * np.exp(-4 * (SECONDS % 0.5)) / over
                for tone in (220.0, 277.2, 329.6)
                for over in (1, 2, 3, 4)
            )
            * 0.08,
            id="chords",
        ),
    ],
)
def test_where_nobody_speaks_it_says_so_and_leaves_the_interview_as_it_was(
    study: Study, enter: Callable[..., str], run: Run, sound: Floats
) -> None:
    enter(one_channel(sound))

    code, out, err = run("P01_i1")

    assert (code, out) == (NoSpeech.exit_code, "")
    assert is_a_sentence(err)
    assert not set(study.find_interview("P01_i1").versions) & {
        ArtefactKind.RAW,
        ArtefactKind.WINDOWS,
    }


def a_tune() -> Floats:
    notes = [
        np.sin(2 * np.pi * tone * SECONDS[: RATE // 2]) * np.exp(-3 * SECONDS[: RATE // 2])
        for tone in 10 * [262.0, 330.0, 392.0, 523.0]
    ]
    return 0.2 * np.concatenate(notes)


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(a_tune(), id="a tune"),
        pytest.param(np.random.default_rng(1).normal(0, 0.1, 20 * RATE), id="loud noise"),
        pytest.param(np.random.default_rng(1).normal(0, 0.01, 20 * RATE), id="noise"),
    ],
)
def test_a_moment_of_noise_that_is_taken_for_speech_is_doubted_or_has_no_words(
    study: Study, enter: Callable[..., str], run: Run, sound: Floats
) -> None:
    interview = enter(one_channel(sound))

    code, _, _ = run("P01_i1")

    transcript = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert code == (0 if transcript else NoSpeech.exit_code)
    if transcript is not None:
        assert transcript.coverage is not None
        assert transcript.coverage.speech_s < 2  # of 20
        assert all(turn.flags for turn in transcript.turns)


def eight_khz() -> tuple[Samples, int]:
    heard = soxr.resample(demonstration(0, 20)[:, 0] / 32768, RATE, 8000)
    return one_channel(np.asarray(heard, dtype=np.float64)), 8000


def five_channels() -> tuple[Samples, int]:
    talk = demonstration(0, 20)
    return np.concatenate([talk * 0, talk, talk // 2, talk // 4, talk], axis=1), RATE


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(eight_khz, id="8 kHz"),
        pytest.param(five_channels, id="five channels, the first dead"),
        pytest.param(lambda: (at_level(demonstration(0, 20), -50), RATE), id="-50 dBFS"),
    ],
)
def test_odd_and_quiet_sound_is_heard_whole(
    study: Study,
    enter: Callable[..., str],
    run: Run,
    make: Callable[[], tuple[Samples, int]],
) -> None:
    interview = enter(*make())

    code, out, _ = run("P01_i1", "--json")

    assert code == 0
    coverage = told(out)["coverage"]
    assert isinstance(coverage, dict)
    assert coverage["speech_s"] > 16  # of 18.7 as it is
    assert coverage["covered_s"] > 0.95 * coverage["speech_s"]
    transcript = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert transcript is not None
    assert "my name is" in " ".join(turn.text for turn in transcript.turns).casefold()


@pytest.fixture
def models(tiny_en: InstalledModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with tiny.en, and copies of it, without checksums, under other names."""
    folder = tmp_path / "models"
    without = shutil.ignore_patterns(CHECKSUMS_NAME)
    shutil.copytree(tiny_en.folder, folder / "small.en", ignore=without)
    (folder / "small").symlink_to(folder / "small.en")
    (folder / "tiny.en").symlink_to(tiny_en.folder)
    monkeypatch.setenv("EARSHOT_MODELS", str(folder))
    return folder


@pytest.mark.parametrize("missing", ["model.bin", "tokenizer.json", "config.json"])
def test_a_model_without_one_of_its_files_is_refused(
    study: Study, enter: Callable[..., str], run: Run, models: Path, missing: str
) -> None:
    enter(demonstration(4, 8))
    run("P01_i1", "--model", "tiny.en")
    before = study.find_interview("P01_i1").versions
    (models / "small.en" / missing).unlink()

    code, out, err = run("P01_i1", "--model", "small.en")

    assert (code, out) == (ModelBroken.exit_code, "")
    assert is_a_sentence(err)
    assert study.find_interview("P01_i1").versions == before


@pytest.mark.parametrize("broken", ["model.bin", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"\x06\0\0\0" + b"\xff" * 64])
def test_a_corrupt_model_is_refused_and_a_transcript_made_before_stays(
    study: Study,
    enter: Callable[..., str],
    run: Run,
    models: Path,
    broken: str,
    content: bytes,
) -> None:
    interview = enter(demonstration(4, 8))
    run("P01_i1", "--model", "tiny.en")
    before = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    (models / "small.en" / broken).write_bytes(content)

    code, out, err = run("P01_i1", "--model", "small.en")

    assert (code, out) == (ModelBroken.exit_code, "")
    assert is_a_sentence(err)
    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == before


@pytest.mark.parametrize("model", ["names-en", "speakers", "nonsense", "../small"])
def test_a_model_of_another_kind_or_of_no_name_is_refused(
    enter: Callable[..., str], run: Run, model: str
) -> None:
    enter(demonstration(4, 8))

    code, out, err = run("P01_i1", "--model", model)

    assert (code, out) == (ModelMissing.exit_code, "")
    assert is_a_sentence(err)


@pytest.mark.parametrize(
    ("model", "language"),
    [
        ("tiny.en", "de"),
        ("small.en", "cy"),
        ("small", "xx"),
        ("small", "transcribe"),
        ("tiny.en", ""),
    ],
)
def test_a_model_for_another_language_is_refused_and_never_hears_english_instead(
    study: Study, enter: Callable[..., str], run: Run, models: Path, model: str, language: str
) -> None:
    del models  # is in place
    enter(demonstration(4, 8))

    code, out, err = run("P01_i1", "--model", model, "--language", language)

    assert (code, out) == (LanguageUnknown.exit_code, "")
    assert is_a_sentence(err)
    assert not set(study.find_interview("P01_i1").versions) & {
        ArtefactKind.RAW,
        ArtefactKind.WINDOWS,
    }


def test_a_study_that_another_program_writes_is_waited_for_and_then_refused(
    study: Study, enter: Callable[..., str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("study.store.database._PATIENCE_S", 0.2)
    enter(demonstration(4, 8))
    other = sqlite3.connect(study.folder / "study.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    code, out, err = run("P01_i1")
    other.execute("ROLLBACK")
    other.close()

    assert (code, out) == (StudyInUse.exit_code, "")
    assert is_a_sentence(err)
    assert run("P01_i1")[0] == 0


def test_a_second_transcription_of_one_interview_is_refused_and_another_interview_is_not(
    study: Study, enter: Callable[..., str], run: Run
) -> None:
    interview = enter(demonstration(4, 8))
    enter(demonstration(4, 8), label="P02_i1")
    first = PresenceLock(study.folder / AUDIO_FOLDER / interview)
    assert first.try_exclusive()

    code, out, err = run("P01_i1")

    assert (code, out) == (StudyInUse.exit_code, "")
    assert is_a_sentence(err)
    assert run("P02_i1")[0] == 0
    first.release()
    assert run("P01_i1")[0] == 0
