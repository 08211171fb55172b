"""A cluster at the shell: its certificates, what is refused at once, and a queue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from study import ArtefactKind, Transcript
from study.errors import CertificateRefused
from study.store import Study, read_transcription_queue
from tests.cli.conftest import Run
from tests.cli.test_transcribe import enter
from tests.transcribe.conftest import demonstration

pytest.importorskip("distributed")


def test_the_certificates_are_made_and_it_is_said_where_each_belongs(
    run: Run, tmp_path: Path
) -> None:
    code, out, _ = run("cluster", "certificates", tmp_path / "ours", "--days", "3")

    assert code == 0
    assert {one.name for one in (tmp_path / "ours").iterdir() if one.is_dir()} == {
        "study", "scheduler", "worker",
    }  # fmt: skip
    for verb in ("transcribe", "scheduler", "worker"):
        assert f"earshot {verb}" in out
    # The folder stood behind the command, so a copied one named none.
    assert f"--cert {tmp_path / 'ours' / 'study'}`" in out
    assert "`earshot scheduler --cert scheduler`" in out
    assert "--cert worker`" in out


@pytest.mark.usefixtures("tiny_en_alone")
@pytest.mark.parametrize("role", ["worker", "scheduler", "nothing"])
def test_a_certificate_for_another_part_is_refused_before_a_passphrase_is_asked_for(
    study: Study, run: Run, tmp_path: Path, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("cluster", "certificates", tmp_path / "ours")
    monkeypatch.delenv("EARSHOT_PASSPHRASE", raising=False)

    code, _, err = run(
        "transcribe", study.folder, "--all", "--scheduler", "tls://127.0.0.1:9",
        "--cert", tmp_path / "ours" / role,
    )  # fmt: skip

    assert code == CertificateRefused.exit_code
    assert "certificate" in err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "http://x", "tls://", "tls://a:99999"])
def test_an_address_without_tls_is_none(
    study: Study, run: Run, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("transcribe", study.folder, "--all", "--scheduler", address)

    assert "tls://HOST:PORT" in capsys.readouterr().err


@pytest.mark.thorough
@pytest.mark.usefixtures("tiny_en_alone")
def test_a_queue_is_transcribed_by_workers_of_this_computer(study: Study, run: Run) -> None:
    interviews = [enter(study, f"P0{n}_i1", demonstration(0, 8)) for n in (1, 2, 3)]

    code, out, _ = run("transcribe", study.folder, "--all", "--workers", "2", "--json")

    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert sum(event["event"] == "transcribed" for event in told) == len(interviews)
    assert read_transcription_queue(study) == ()
    for one in interviews:
        assert study.interview(one).read_artefact(ArtefactKind.RAW, Transcript) is not None


@pytest.mark.thorough
@pytest.mark.usefixtures("tiny_en_alone")
def test_without_a_scheduler_one_sentence_is_said_and_what_waits_goes_on_waiting(
    study: Study, run: Run, tmp_path: Path
) -> None:
    for n in (1, 2):
        enter(study, f"P0{n}_i1", demonstration(0, 8))
    run("cluster", "certificates", tmp_path / "ours")

    code, _, err = run(
        "transcribe", study.folder, "--all", "--scheduler", "tls://127.0.0.1:9",
        "--cert", tmp_path / "ours" / "study",
    )  # fmt: skip

    assert code == 222
    assert "The scheduler does not answer." in err
    assert len(read_transcription_queue(study)) == 2
