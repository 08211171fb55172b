"""Who may open a study, at the shell."""

from __future__ import annotations

import pytest

from study.errors import NoPassphrase, PersonRefused, RoleForbids, WrongPassphrase
from study.store import Argon2Cost, Study
from tests.cli.conftest import Run, result

OFFICER = "only the officer knows this"


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch, cheap: Argon2Cost) -> None:
    """Give new passphrases the lowest cost: tests protect nobody."""
    monkeypatch.setattr("study.store.keys.Argon2Cost", lambda: cheap)


@pytest.fixture
def officer(run: Run, study: Study, monkeypatch: pytest.MonkeyPatch) -> str:
    """The passphrase of an officer whom the owner brought in."""
    monkeypatch.setenv("EARSHOT_NEW_PASSPHRASE", OFFICER)
    code, out, _ = run("people", study.folder, "add", "Okafor", "--role", "officer")
    assert code == 0
    assert out.startswith("Okafor can open the study as officer: sound, words and names, what")
    return OFFICER


def test_people_are_listed(run: Run, study: Study, officer: str) -> None:
    assert officer
    code, out, _ = run("people", study.folder, "--json")

    assert code == 0
    assert [(one["name"], one["role"], one["is_here"]) for one in result(out)] == [
        ("owner", "owner", True), ("recovery", "recovery", False), ("Okafor", "officer", False),
    ]  # fmt: skip
    assert "Okafor" in run("people", study.folder)[1]


def test_a_passphrase_is_changed_by_its_owner(
    run: Run, study: Study, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", officer)
    monkeypatch.setenv("EARSHOT_NEW_PASSPHRASE", "the officer's newer words")

    code, out, _ = run("people", study.folder, "passwd")

    assert (code, out) == (
        0,
        "Your passphrase is changed. The old one no longer works.\n",
    )
    assert run("people", study.folder)[0] == WrongPassphrase.exit_code
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "the officer's newer words")
    assert run("people", study.folder)[0] == 0


def test_an_officer_brings_nobody_in(
    run: Run, study: Study, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", officer)

    code, _, err = run("people", study.folder, "add", "Friend", "--role", "owner")

    assert code == RoleForbids.exit_code
    assert "Your role, officer, does not let you say who may open the study." in err


def test_a_removal_tells_what_they_may_have_copied(run: Run, study: Study, officer: str) -> None:
    assert officer
    study.close()

    code, out, _ = run("people", study.folder, "remove", "Okafor")

    assert code == 0
    first, second, third, *_ = out.splitlines()
    assert first == "Okafor is removed: that passphrase opens nothing in this study any more."
    assert second.startswith("New keys guard")
    assert third.startswith("They may have copied what they could open until now: sound, words")


def test_a_recovery_code_is_checked_and_renewed_at_the_shell(
    run: Run, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run("people", study.folder, "recovery", "--renew")
    assert (code, len(out.strip())) == (0, 29)
    assert "no longer works" in err

    monkeypatch.setenv("EARSHOT_NEW_PASSPHRASE", out.strip())
    assert run("people", study.folder, "recovery")[1] == "That recovery code opens this study.\n"
    monkeypatch.setenv("EARSHOT_NEW_PASSPHRASE", "not a code")
    assert run("people", study.folder, "recovery")[0] == WrongPassphrase.exit_code


@pytest.mark.parametrize(
    "words", [["add"], ["add", "Okafor"], ["remove"], ["add", "\x1b", "--role", "officer"]]
)
def test_what_lacks_a_name_or_a_role_is_refused_in_a_sentence(
    run: Run, study: Study, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_NEW_PASSPHRASE", OFFICER)

    assert run("people", study.folder, *words)[0] == PersonRefused.exit_code


def test_a_new_passphrase_is_never_the_one_that_opened_the_study(run: Run, study: Study) -> None:
    code, _, err = run("people", study.folder, "add", "Okafor", "--role", "officer")

    assert code == NoPassphrase.exit_code
    assert "Okafor" not in err


def test_who_was_there_last_is_tried_first(
    run: Run, study: Study, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    unlock = Study.open

    def note(*given: object, person: str = "", **named: object) -> Study:
        tried.append(person)
        return unlock(*given, person=person, **named)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Study, "open", note)
    monkeypatch.setenv("EARSHOT_PASSPHRASE", officer)
    run("status", study.folder)
    run("status", study.folder)
    monkeypatch.setenv("EARSHOT_PERSON", "owner")
    run("status", study.folder)

    assert tried == ["owner", "Okafor", "owner"]
