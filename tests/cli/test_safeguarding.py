"""A note that somebody's safety is in doubt, at the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from study import PersonRole
from study.errors import RetentionRefused, RoleForbids, UnknownNote
from study.store import Argon2Cost, Study, add_person
from tests.cli.conftest import Run, result

ASSISTANT = "only the assistant knows this"


def test_one_notes_it_and_an_owner_or_officer_alone_reads_it(
    run: Run, signed: Path, cheap: Argon2Cost, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Study.open(signed, passphrase) as study:
        add_person(study, "Bello", PersonRole.ASSISTANT, ASSISTANT, cost=cheap)
    monkeypatch.setenv("EARSHOT_PASSPHRASE", ASSISTANT)
    code, out, _ = run("safeguarding", signed, "P07_i1", "--concern", "left alone for days")
    assert code == 0
    name = out.split()[2].rstrip(".")
    assert run("safeguarding", signed)[0] == RoleForbids.exit_code

    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
    assert run("safeguarding", signed, name, "--told", "the lead", "--on", "2026-11-30")[0] == 0
    (one,) = result(run("safeguarding", signed, "--json")[1])

    assert one["note"]["what"] == "left alone for days"
    assert [(told["who"], told["on"]) for told in one["note"]["told"]] == [
        ("the lead", "2026-11-30")
    ]
    with Study.open(signed, passphrase) as study:
        lines, _ = study.read_trail()
        told = [(line.verb, line.slot) for line in lines if line.verb.startswith("safeguarding")]
        assert told[:2] == [("safeguarding raised", 3), ("safeguarding told", 1)]
        assert told[-1] == ("safeguarding read", 1)
    assert run("safeguarding", signed, "nothing", "--told", "x")[0] == UnknownNote.exit_code
    assert run("safeguarding", signed, name, "--told", "x", "--on", "soon")[0] == (
        RetentionRefused.exit_code
    )
    assert run("withdraw", signed, "P07", "--scope", "everything", "--yes")[0] == 0
    assert len(result(run("safeguarding", signed, "--json")[1])) == 1
    assert run("log", "verify", signed)[0] == 0
