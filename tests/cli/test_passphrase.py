"""Where a passphrase comes from, and where it is never put."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import keyring
import pytest

from app import save_to_keyring
from cli import main
from cli import passphrase as passphrase_source
from study.errors import NoPassphrase, WrongPassphrase
from study.store import Study


class _Memory:
    """A keyring in memory, standing where a system's own would."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> _Memory:
    made = _Memory()

    def given() -> _Memory:
        return made

    monkeypatch.setattr(keyring, "get_keyring", given)
    monkeypatch.setattr(keyring, "get_password", made.get_password)
    monkeypatch.setattr(keyring, "set_password", made.set_password)
    return made


@pytest.mark.parametrize(
    ("consent", "next_step"),
    [
        ([], "Next, what each participant agreed to: `earshot consent"),
        (
            ["--consent", "paper", "--consent-seen-by", "A. Boss"],
            "Consent is on paper. Next, record an interview: `earshot open",
        ),
    ],
)
def test_a_new_study_says_what_comes_next_where_consent_is_on_paper_too(
    consent: list[str],
    next_step: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "four unrelated small words")

    assert main(["new", str(tmp_path / "s"), *consent]) == 0

    said = " ".join(capsys.readouterr().err.split())
    assert next_step in said
    assert ("agreed to" in said) is (not consent)


def test_a_keyring_that_is_not_known_to_be_secure_is_never_written_to(
    memory: _Memory, tmp_path: Path
) -> None:
    assert not save_to_keyring(tmp_path, "four unrelated small words")

    assert memory.kept == {}


def test_a_keyring_that_is_not_known_to_be_secure_is_never_read(
    memory: _Memory, study: Study, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.set_password("earshot", str(study.folder.resolve()), passphrase)
    monkeypatch.delenv("EARSHOT_PASSPHRASE", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    assert main(["status", str(study.folder)]) != 0


@pytest.mark.usefixtures("memory")
def test_a_secure_keyring_opens_the_study_without_asking(
    study: Study, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Memory, "__module__", "keyring.backends.SecretService")
    monkeypatch.delenv("EARSHOT_PASSPHRASE", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    assert save_to_keyring(study.folder, passphrase)

    assert main(["status", str(study.folder)]) == 0


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the questions that come, in order; after the last the terminal is closed."""
    answers: list[str] = []

    def ask(_: str) -> str:
        if not answers:
            raise NoPassphrase
        return answers.pop(0)

    monkeypatch.delenv("EARSHOT_PASSPHRASE", raising=False)
    monkeypatch.setattr(passphrase_source, "_ask", ask)
    return answers


def test_two_different_answers_make_no_study_and_are_asked_again(
    tmp_path: Path, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    typed += ["four unrelated small words", "four unrelated small wards"]

    assert main(["new", str(tmp_path / "s")]) == NoPassphrase.exit_code
    assert not (tmp_path / "s").exists()
    told = capsys.readouterr().err
    assert "The two were not the same; type it again." in told
    assert "does not open" not in told


def test_a_new_passphrase_that_was_mistyped_once_is_taken_the_second_time(typed: list[str]) -> None:
    right = "four unrelated small words"
    typed += [right, "four unrelated small wards", right, right]

    assert passphrase_source.ask_new_passphrase(None) == right


@pytest.mark.parametrize("command", ["new", "people"])
def test_a_new_passphrase_that_is_too_short_is_asked_for_again_and_never_left_to_the_shell(
    command: str,
    study: Study,
    passphrase: str,
    tmp_path: Path,
    typed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = "four unrelated small words"
    typed += ["short", "", right, right]
    words = ["new", str(tmp_path / "s")]
    if command == "people":
        monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
        words = ["people", str(study.folder), "add", "Ann", "--role", "assistant"]

    assert main(words) == 0
    assert not typed
    told = capsys.readouterr().err
    assert told.count("That passphrase is too short. Type one of 10 characters or more.") == 2


def test_a_new_study_says_what_comes_next_with_its_own_folder(
    tmp_path: Path, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    typed += ["four unrelated small words"] * 2

    assert main(["new", str(tmp_path / "my study")]) == 0
    assert f"`earshot consent '{tmp_path / 'my study'}' P07 --sheet" in capsys.readouterr().err


def test_a_wrong_passphrase_in_the_environment_is_named_as_the_cause(
    study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "not the one that opens it")

    assert main(["status", str(study.folder)]) == WrongPassphrase.exit_code
    assert "The passphrase in EARSHOT_PASSPHRASE does not open" in capsys.readouterr().err
