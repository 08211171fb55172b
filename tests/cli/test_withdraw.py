"""Withdrawing, and destroying what is due, at the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from study import InterviewDetails, Participant, PersonRole, Role
from study.errors import (
    DataDestroyed,
    DataDue,
    DestructionRefused,
    HasWithdrawn,
    HoldStands,
    KeyNotHeld,
    RetentionRefused,
    RoleForbids,
    Stopped,
    TargetExists,
    TextTooLong,
)
from study.store import Argon2Cost, Study, add_person
from tests.cli.conftest import Run, result
from tests.study.destroying import hand_over

AGREED = (
    "--sheet", "2.1", "--sheet-date", "2026-03-01", "--form", "1.0", "--form-date", "2026-03-01",
    "--sound", "yes",
)  # fmt: skip
OWN = {"officer": "only the officer knows this", "approver": "only the approver knows this"}


@pytest.fixture
def team(signed: Path, passphrase: str, cheap: Argon2Cost) -> Path:
    """A study with two interviews of P07 and one of P08, an officer and an approver."""
    with Study.open(signed, passphrase) as study:
        for role, own in OWN.items():
            add_person(study, role.title(), PersonRole(role), own, cost=cheap)
        with study.change("interview made") as change:
            change.add_interview(InterviewDetails("P08_i1", (Participant("P08"),)))
    return signed


def labels(run: Run, folder: Path) -> list[str]:
    return [one["label"] for one in result(run("status", folder, "--json")[1])]


def test_a_withdrawal_is_shown_first_asked_for_by_one_and_confirmed_by_another(
    run: Run, team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("export", team, "P07_i1", "--to", tmp_path / "out", "--for", "Dr Jones")[0] == 0
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["officer"])
    code, out, err = run("withdraw", team, "P07", "--scope", "everything")
    assert (code, out) == (Stopped.exit_code, ""), err
    for shown in (
        "This goes for good:", "  P07_i1: the words", "This stays:", "The audit trail: ids, counts",
        "P07_i1 to Dr Jones on", "Backups of the study's folder", "Somebody else has to confirm it",
        "Nothing was done: add --yes.",
    ):  # fmt: skip
        assert shown in err

    code, out, err = run("withdraw", team, "P07", "--scope", "everything", "--yes")
    assert code == 0
    assert "asked for" in out
    assert f"`earshot withdraw {team} P07 --confirm`" in err
    assert run("withdraw", team, "P07", "--confirm", "--yes")[0] == RoleForbids.exit_code

    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["approver"])
    assert run("withdraw", team, "P07", "--confirm", "--yes")[0] == 0
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "four unrelated small words")
    code, out, err = run("withdraw", team, "--json")
    assert result(out)[0]["state"] == "done"  # whoever holds the keys has finished it
    assert labels(run, team) == ["P08_i1"]
    assert run("log", "verify", team)[0] == 0

    pages = (tmp_path / "certificate.html", tmp_path / "notices")
    code, out, err = run("withdraw", team, "P07", "--certificate", pages[0], "--notices", pages[1])
    told = " ".join((out + err).split())
    assert "The certificate is in" in told
    assert "1 notice is in" in told
    assert code == 0
    certificate = pages[0].read_text()
    for told in ("Asked for by Officer", "Confirmed by Approver", "Dr Jones", "key of the class",
                 "SSD, stick, card", "New keys were made"):  # fmt: skip
        assert told in certificate
    (notice, *_) = sorted(pages[1].iterdir())
    assert "Please delete: interview P07_i1" in notice.read_text()
    assert [one["interview"] for one in result(run("handed", team, "--json")[1])] == ["P07_i1"]


def test_an_owner_who_is_alone_withdraws_somebody_and_records_them_no_more(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    for wrong in (("P99",), ("INT01",)):
        code, _, err = run("withdraw", signed, *wrong, "--scope", "further", "--yes")
        assert code == DestructionRefused.exit_code
        assert "Nobody of that code takes part in this study." in err

    code, out, _ = run("withdraw", signed, "P07", "--scope", "further", "--yes")
    assert code == 0
    assert out.startswith("Recorded: P07 has withdrawn (further: no further interviews;")
    assert "recorded" in run("withdraw", signed)[1]
    code, _, err = run("withdraw", signed, "P07", "--scope", "further", "--yes")
    assert code == DestructionRefused.exit_code
    assert "That has already been withdrawn." in err
    words = tmp_path / "more.txt"
    words.write_text("P07: Hello again.\n")
    code, _, err = run("import", signed, words, "--label", "P07_i3", "--participant", "P07")
    assert code == HasWithdrawn.exit_code

    assert run("export", signed, "P07_i1")[0] == 0
    assert any((signed / "handed-over").glob("*/P07_i1.txt"))
    assert run("withdraw", signed, "P07", "--scope", "transcript", "--yes")[0] == 0
    assert not any((signed / "handed-over").glob("*"))
    assert run("log", "verify", signed)[0] == 0
    page, letters = tmp_path / "certificate.html", tmp_path / "letters"
    assert run("withdraw", signed, "P07", "--certificate", page)[0] == 0
    erased, _, received = page.read_text().partition("Handed over before, and not to be")
    assert "Hand-overs in the study's own folder" in erased.replace("&#x27;", "'")
    assert "<td>P07_i1</td><td>P07_i1.txt</td>" in erased
    assert "not named" not in received.partition("For a person")[0]  # nobody was given it
    code, _, err = run("withdraw", signed, "P07", "--notices", letters)
    assert code == DestructionRefused.exit_code
    assert sorted(labels(run, signed)) == ["P07_i1", "P07_i2"]
    assert run("export", signed, "P07_i1")[0] != 0
    assert run("withdraw", signed, "P07", "--done", "1")[0] == 0
    assert " 1 done: Backups" in run("withdraw", signed, "P07")[1]


def test_an_interviewer_records_that_somebody_takes_part_no_more_and_destroys_nothing(
    run: Run, signed: Path, cheap: Argon2Cost, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Study.open(signed, passphrase) as study:
        add_person(study, "Ines", PersonRole.INTERVIEWER, "only Ines knows this", cost=cheap)
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "only Ines knows this")

    assert run("withdraw", signed, "P07", "--scope", "further", "--yes")[0] == 0
    assert "P07" in run("withdraw", signed)[1]
    code, _, _ = run("withdraw", signed, "P07", "--scope", "everything", "--yes")
    assert code in {RoleForbids.exit_code, KeyNotHeld.exit_code}


def test_the_code_is_typed_before_it_is_done(
    run: Run, signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        typed = "p08\n"

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return self.typed

    monkeypatch.setattr("sys.stdin", Terminal())
    assert run("withdraw", signed, "P07", "--scope", "everything")[0] == Stopped.exit_code
    assert len(labels(run, signed)) == 2
    Terminal.typed = "P07\n"
    assert run("withdraw", signed, "P07", "--scope", "everything")[0] == 0
    assert labels(run, signed) == []


def test_what_is_due_is_told_by_an_exit_code_and_goes_when_two_have_agreed(
    run: Run, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("due", team)[0] == 0
    assert "sound kept until somebody decides" in " ".join(run("due", team)[1].split())
    code, out, err = run("due", team, "--set", "raw=sign-off", "--set", "clean=end+10")
    assert code == DataDue.exit_code
    assert out.count("! due since") == 2  # P08 was not signed off
    assert "1 kind of data is due to be destroyed." in err
    assert (
        run("due", team, "--end", "2010-01-01")[0] == DataDue.exit_code
    )  # now the clean text, too
    assert run("due", team, "--set", "clean=keep", "--destroy", "sound", "--yes")[0] == (
        DestructionRefused.exit_code
    )

    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["officer"])
    assert run("due", team, "--hold", "P07", "--because", "a complaint")[0] == 0
    assert run("due", team, "--destroy", "raw", "--yes")[0] == DestructionRefused.exit_code
    code, _, err = run("withdraw", team, "P07", "--scope", "transcript", "--yes")
    assert (code, "A legal hold that Officer set on" in err) == (HoldStands.exit_code, True)
    assert run("due", team, "--lift", "P07")[0] == RoleForbids.exit_code
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["approver"])
    assert run("due", team, "--lift", "P07")[0] != HoldStands.exit_code

    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["officer"])
    asked = result(run("due", team, "--destroy", "raw", "--yes", "--json")[1])
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["approver"])
    taken = team.parent / "taken.html"
    taken.write_text("something else")
    confirm = ("due", team, "--confirm", asked["id"], "--yes")
    assert run(*confirm, "--certificate", taken)[0] == TargetExists.exit_code
    code, _, err = run(*confirm)
    assert code == 0  # a certificate that has no place has confirmed nothing
    assert "P07_i1" in err  # what goes is shown, whoever says yes beforehand
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "four unrelated small words")
    assert run("due", team)[0] == 0
    assert sorted(one["state"] for one in result(run("status", team, "--json")[1])) == [
        "empty", "signed off", "signed off",
    ]  # fmt: skip
    assert run("log", "verify", team)[0] == 0


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (["clean=sign-off", "raw=end+1"], "The clean text would go before the raw words"),
        (["clean=2030-01-01", "raw=2031-01-01"], "The clean text would go before the raw words"),
        (["consent=end", "sound=end+3"], "The consent would go before the data"),
        (["trail=end+1", "clean=end+10"], "The trail would go before the data"),
        (
            ["key=end+20", "raw=end+1", "clean=end+10"],
            "What each replacement stands for would outlive",
        ),
        (["sound=soon"], "That is not a date such as 2031-12-31."),
        (["sound=2031-02-30"], "That is not a date such as 2031-12-31."),
        (["sound=end+101"], "Data is kept for 0 to 100 years."),
        (["consent=2031-01-01"], "The consent would go while words or clean text have no rule"),
        (["consent=end+9", "raw=end+1"], "The consent would go while words or clean text"),
        (["trail=2031-01-01", "clean=end+1"], "The trail would go while words or clean text"),
        (["consent=sign-off"], "That kind of data belongs to no interview"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused_in_a_sentence(
    run: Run, signed: Path, rules: list[str], sentence: str
) -> None:
    code, _, err = run("due", signed, *(word for rule in rules for word in ("--set", rule)))

    assert code == RetentionRefused.exit_code
    assert sentence in err
    assert run("due", signed)[0] == 0


@pytest.mark.parametrize(
    "typed",
    [("--end", "9999-12-31"), ("--end", "0001-01-01"), ("--set", "sound=9999-12-31")],
)
def test_a_day_that_nobody_lives_to_see_is_refused_in_a_sentence(
    run: Run, signed: Path, typed: tuple[str, str]
) -> None:
    code, _, err = run("due", signed, *typed, "--set", "clean=end+10")
    assert code == RetentionRefused.exit_code
    assert "A date lies between the years 1900 and 2200." in err
    assert run("due", signed)[0] == 0


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_who_has_withdrawn_comes_in_again_in_no_role_and_by_no_verb(
    run: Run, signed: Path, tmp_path: Path, role: str
) -> None:
    assert run("withdraw", signed, "P07", "--scope", "further", "--yes")[0] == 0
    words, sound = tmp_path / "more.txt", tmp_path / "more.wav"
    sound.write_bytes(b"RIFF")
    words.write_text("P07: Hello again.\n")
    who = ("--participant", "P11", "--participant", f"P07:{role}")
    assert run("consent", signed, "P11", *AGREED)[0] == 0

    for name, verb in {
        "words": ("import", signed, words, "--label", "P11_i1", *who),
        "sound": ("import", signed, sound, "--label", "P11_i1", *who),
        "cases": ("cases", signed, "--declare", "age=60s|70s", "--set", "P07:age=70s"),
    }.items():
        assert run(*verb)[0] == HasWithdrawn.exit_code, name
    assert "P11_i1" not in labels(run, signed)


def test_nobody_of_whom_everything_was_taken_back_gets_a_consent(run: Run, signed: Path) -> None:
    assert run("withdraw", signed, "P07", "--scope", "everything", "--yes")[0] == 0

    assert run("consent", signed, "P07", *AGREED)[0] == HasWithdrawn.exit_code
    assert run("consent", signed, "P07", *AGREED, "--name", "M. Hollis")[0] == (
        HasWithdrawn.exit_code
    )


def test_a_reason_of_ninety_thousand_letters_is_one_sentence(run: Run, signed: Path) -> None:
    long = "a" * 90_000
    for verb in (
        ("due", signed, "--hold", "P07", "--because", long),
        ("withdraw", signed, "P07", "--scope", "everything", "--yes", "--because", long),
        ("safeguarding", signed, "P07_i1", "--concern", long),
        ("sign", signed, "P07_i1", "--send-back", long),
        ("sign", signed, "P07_i1", "--as", long),
        ("export", signed, "P07_i1", "--for", long),
        ("export", signed, "P07_i1", "--purpose", long),
    ):
        code, out, err = run(*verb)
        assert (code, out) == (TextTooLong.exit_code, ""), verb[0]
        assert "That text has 90,000 letters: at most 1,000 are kept." in err
    assert run("due", signed)[0] == 0


def test_a_hand_over_stays_known_until_everything_is_gone(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    assert run("export", signed, "P07_i1", "--to", tmp_path / "out", "--for", "Dr Jones")[0] == 0
    assert run("withdraw", signed, "P07", "--scope", "transcript", "--yes")[0] == 0

    code, _, err = run("withdraw", signed, "P07", "--scope", "everything", "--yes")

    assert code == 0
    assert "P07_i1 to Dr Jones on" in err
    page, notices = tmp_path / "certificate.html", tmp_path / "notices"
    assert run("withdraw", signed, "P07", "--certificate", page, "--notices", notices)[0] == 0
    assert "Dr Jones" in page.read_text()
    assert len(list(notices.iterdir())) == 1
    handed = result(run("handed", signed, "--json")[1])
    assert [one["interview"] for one in handed] == ["P07_i1"]


def test_a_hand_over_stays_known_where_its_clean_text_was_due(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    assert run("export", signed, "P07_i1", "--to", tmp_path / "out", "--for", "Dr Jones")[0] == 0
    run("due", signed, "--set", "clean=sign-off", "--set", "raw=sign-off")
    assert run("due", signed, "--destroy", "clean", "--yes")[0] == 0

    _, _, err = run("withdraw", signed, "P07", "--scope", "everything", "--yes")

    assert "P07_i1 to Dr Jones on" in err


def test_the_certificate_is_written_where_there_is_nobody_to_write_to(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    assert run("withdraw", signed, "P07", "--scope", "everything", "--yes")[0] == 0
    page = tmp_path / "certificate.html"

    code, _, err = run(
        "withdraw", signed, "P07", "--certificate", page, "--notices", tmp_path / "notices"
    )

    assert code == DestructionRefused.exit_code
    assert "nobody to write to" in err
    assert "key of the class" in page.read_text()


def test_what_else_is_in_a_hand_over_that_goes_is_said_beforehand(run: Run, signed: Path) -> None:
    with Study.open(signed, "four unrelated small words") as study:
        hand_over(study, study.find_interview("P07_i1").id, "handed-over/both", b"words",
                  study.find_interview("P07_i2").id)  # fmt: skip
        with study.change("interview made") as change:
            other = change.add_interview(InterviewDetails("P08_i1", (Participant("P08"),)))
        hand_over(study, other, "handed-over/three", b"more", study.find_interview("P07_i1").id)

    err = run("withdraw", signed, "P07", "--scope", "everything")[2]

    said = " ".join(err.split())
    assert "P08_i1 is in a hand-over in the study's own folder that goes as a whole" in said
    assert "P07_i2 is in a hand-over" not in said


def test_who_has_withdrawn_everything_is_not_called_unknown(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    assert run("withdraw", signed, "P07", "--scope", "everything", "--yes")[0] == 0

    for verb in (
        ("withdraw", signed, "P07", "--scope", "everything", "--yes"),
        ("papers", signed, "own-data", "P07", "--to", tmp_path / "own"),
    ):
        code, _, err = run(*verb)
        assert code == HasWithdrawn.exit_code
        assert "P07 has withdrawn from this study on 2" in err


def test_what_was_recorded_is_said_with_its_scope(run: Run, signed: Path) -> None:
    assert run("withdraw", signed, "P07", "--scope", "further", "--yes")[0] == 0

    code, out, _ = run("withdraw", signed, "P07")

    assert code == 0
    assert out.startswith("P07 has withdrawn on 2")
    assert "(further: no further interviews" in out


def test_a_request_that_is_taken_back_leaves_nothing_to_do(
    run: Run, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["officer"])
    assert run("withdraw", team, "P07", "--scope", "everything", "--yes")[0] == 0

    code, out, _ = run("withdraw", team, "P07", "--take-back")

    assert code == 0
    assert "to do" not in out.replace("left to do", "")
    assert "P07 is recorded no more, unless a new consent is recorded with them." in out


def test_nobody_finds_words_of_somebody_whose_request_waits(
    run: Run, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = result(run("find", team, "Yes", "--json")[1])
    assert before
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["officer"])
    assert run("withdraw", team, "P07", "--scope", "everything", "--yes")[0] == 0
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "four unrelated small words")

    assert result(run("find", team, "Yes", "--json")[1]) == []
    assert run("find", team, "Yes", "--in", "P07_i1")[0] == HasWithdrawn.exit_code

    assert run("withdraw", team, "P07", "--take-back")[0] == 0
    assert result(run("find", team, "Yes", "--json")[1]) == before


def test_a_request_for_what_is_due_no_more_is_not_confirmed(
    run: Run, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("due", team, "--set", "raw=sign-off")
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["officer"])
    asked = result(run("due", team, "--destroy", "raw", "--yes", "--json")[1])
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "four unrelated small words")
    run("due", team, "--set", "raw=sign-off+10")
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["approver"])

    for confirm in (
        ("due", team, "--confirm", asked["id"], "--yes"),
        ("withdraw", team, asked["id"], "--confirm", "--yes"),
    ):
        code, _, err = run(*confirm)
        assert code == DestructionRefused.exit_code
        assert "Nothing of that kind is due." in err


def test_a_withdrawal_promises_to_destroy_only_what_is_there(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    """It named handed-over/ in the study, where the only hand-over had gone elsewhere."""
    assert run("export", signed, "P07_i1", "--to", tmp_path / "out")[0] == 0
    plan = run("withdraw", signed, "P07", "--scope", "everything")[2]
    assert "study's own folder:" not in plan
    assert "This was handed over, and Earshot cannot call it back:" in plan

    assert run("export", signed, "P07_i2")[0] == 0
    plan = run("withdraw", signed, "P07", "--scope", "everything")[2]
    (kept,) = (signed / "handed-over").iterdir()
    assert f"the study's own folder: handed-over/{kept.name}/" in plan


def test_where_everybody_has_withdrawn_the_list_says_so(run: Run, signed: Path) -> None:
    """It said "No interviews yet.", as of a study that nobody used."""
    assert run("withdraw", signed, "P07", "--scope", "everything", "--yes")[0] == 0

    told = run("status", signed)[2]

    assert "Withdrawn, with no interview left: P07 (everything, 20" in told
    assert "No interviews. `earshot import" in told
    assert "No interviews yet" not in told


def test_who_asked_is_told_that_somebody_else_confirms_and_not_to_add_yes(
    run: Run, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", OWN["officer"])
    assert run("withdraw", team, "P07", "--scope", "everything", "--yes")[0] == 0

    code, _, told = run("withdraw", team, "P07", "--confirm")

    assert code == RoleForbids.exit_code
    assert "add --yes" not in told


@pytest.mark.parametrize("verb", ["export", "sign"])
def test_words_that_were_taken_back_are_not_told_as_still_to_be_made(
    run: Run, signed: Path, verb: str
) -> None:
    assert run("withdraw", signed, "P07", "--scope", "transcript", "--yes")[0] == 0

    code, _, err = run(verb, signed, "P07_i1")

    assert code == HasWithdrawn.exit_code
    assert "P07" in err
    assert "transcribe" not in err


def test_words_that_were_due_are_told_as_destroyed(run: Run, signed: Path) -> None:
    run("due", signed, "--set", "clean=sign-off", "--set", "raw=sign-off")
    for kind in ("raw", "clean"):
        run("due", signed, "--destroy", kind, "--yes")

    assert run("export", signed, "P07_i1")[0] == DataDestroyed.exit_code
