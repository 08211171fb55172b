"""The whole walk by three people with three passphrases, and what each of them is refused.

``tests/tui/test_three_people_by_keys.py`` walks it at the screen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import main
from study.errors import (
    ConsentMissing,
    KeyNotHeld,
    NotSignedOff,
    OwnWork,
    RoleForbids,
    UnknownInterview,
    WrongPassphrase,
)
from study.store import Argon2Cost, Study, verify_study

OWNER = "four unrelated small words"
PEOPLE = {
    "interviewer": ("Iris", "what iris alone knows"),
    "assistant": ("Anders", "what anders alone knows"),
    "officer": ("Okafor", "what okafor alone knows"),
    "approver": ("Petra", "what petra alone knows"),
}
SAID = "INT01: Who came with you?\n\nP05: My sister Jean Bennett, from Halifax.\n"
LABEL = "P05_i1"
Act = Callable[..., tuple[int, str]]


@pytest.fixture
def act(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cheap: Argon2Cost,
) -> Act:
    """Run a verb as one of the people; returns the exit code, and stdout or stderr."""
    monkeypatch.setattr("study.store.keys.Argon2Cost", lambda: cheap)
    made, _ = Study.create(tmp_path / "study", OWNER, cost=cheap)
    made.close()

    def run(who: str, verb: str, *words: object) -> tuple[int, str]:
        own = OWNER if who == "owner" else PEOPLE[who][1]
        monkeypatch.setenv("EARSHOT_PASSPHRASE", own)
        monkeypatch.setenv("EARSHOT_PERSON", "owner" if who == "owner" else PEOPLE[who][0])
        code = main([verb, str(tmp_path / "study"), *map(str, words)])
        told = capsys.readouterr()
        return code, told.err if code else told.out

    for role, (name, own) in PEOPLE.items():
        monkeypatch.setenv("EARSHOT_NEW_PASSPHRASE", own)
        assert run("owner", "people", "add", name, "--role", role)[0] == 0
    return run


PAPERS = (
    "--sheet", "1", "--sheet-date", "2026-03-01", "--form", "1", "--form-date", "2026-03-01",
    "--taken-by", "INT01", "--taken-on", "2026-03-02",
)  # fmt: skip


def refused(act: Act, who: str, verb: str, *words: object) -> int:
    """Run a verb that is refused; what it says is one sentence and one piece of advice."""
    code, told = act(who, verb, *words)
    assert code
    assert told.startswith("earshot: "), told
    return code


def test_three_people_with_three_passphrases_walk_from_the_words_to_the_files(
    act: Act, tmp_path: Path
) -> None:
    typed = tmp_path / "typed.txt"
    typed.write_text(SAID, encoding="utf-8")
    bring = ("import", typed, "--label", LABEL, "--participant", "INT01:interviewer",
             "--participant", "P05")  # fmt: skip
    sign = ("sign", LABEL, "--as", "O. Okafor", "--role", "data officer")
    to = tmp_path / "out"

    # The officer brings nothing in, the interviewer does, and decides nothing.
    assert refused(act, "officer", *bring) == RoleForbids.exit_code
    assert refused(act, "approver", *bring) != 0
    assert act("owner", "policy", "--consent", "recorded")[0] == 0
    assert refused(act, "interviewer", *bring) == ConsentMissing.exit_code
    assert act("interviewer", "consent", "P05", *PAPERS, "--sound", "yes")[0] == 0
    assert act("interviewer", *bring)[0] == 0
    assert act("interviewer", "status")[0] == 0  # whose keys do not open the policy
    assert refused(act, "interviewer", "review", LABEL, "--accept-all") != 0
    assert refused(act, "interviewer", *sign) == RoleForbids.exit_code
    assert refused(act, "interviewer", "export", LABEL, "--to", to) == RoleForbids.exit_code

    # The assistant searches and decides, and neither signs nor says who may open the study.
    assert act("assistant", "anonymise", LABEL)[0] == 0
    assert act("assistant", "review", LABEL, "--accept-all", "--reason", "it names her")[0] == 0
    assert refused(act, "assistant", *sign) == RoleForbids.exit_code
    assert refused(act, "assistant", "policy", "--sound-may-leave", "yes") == RoleForbids.exit_code
    add = ("people", "add", "Friend", "--role", "officer")
    assert refused(act, "assistant", *add) == RoleForbids.exit_code
    assert refused(act, "assistant", "export", LABEL, "--to", to) == NotSignedOff.exit_code

    # The officer corrects nothing, reads under notice, and signs.
    say = ("correct", LABEL, "--say", "1=something else")
    assert refused(act, "officer", *say) == RoleForbids.exit_code
    assert act("officer", "mentions", LABEL, "--words")[0] == 0
    assert act("officer", *sign)[0] == 0

    # The approver reads no words and hands nothing over; the assistant does.
    assert refused(act, "approver", "correct", LABEL) == UnknownInterview.exit_code  # no label
    shown = act("approver", "status", "--json")[1]
    interview = json.loads(shown.splitlines()[-1])["result"][0]["interview"]
    assert refused(act, "approver", "correct", interview) == KeyNotHeld.exit_code
    assert refused(act, "approver", "export", interview, "--to", to) == RoleForbids.exit_code
    assert act("assistant", "export", LABEL, "--to", to, "--for", "the analysts")[0] == 0
    assert "Jean" not in (to / f"{LABEL}.txt").read_text(encoding="utf-8")

    # Loosening takes two; whoever is removed opens nothing; the trail names who did what.
    loosen = ("policy", "--sound-may-leave", "yes")
    assert act("owner", *loosen)[1].splitlines()[1].startswith("no ")
    assert act("approver", *loosen)[1].splitlines()[1].startswith("yes ")
    assert act("owner", "people", "remove", "Anders")[0] == 0
    assert refused(act, "assistant", "status") == WrongPassphrase.exit_code
    with Study.open(tmp_path / "study", PEOPLE["officer"][1]) as study:
        assert verify_study(study) == []
        names, (lines, _) = study.slot_names(), study.read_trail()
    told = {line.verb: names[line.slot] for line in lines}
    assert told["transcript imported"] == "Iris"
    assert told["anonymised"] == told["mentions accepted"] == told["handed over"] == "Anders"
    assert told["words opened to read"] == told["signed off"] == "Okafor"
    assert told["policy set"] == "Petra"


def test_an_officer_never_signs_what_they_decided_themselves(act: Act, tmp_path: Path) -> None:
    typed = tmp_path / "typed.txt"
    typed.write_text(SAID, encoding="utf-8")
    who = ("--participant", "INT01:interviewer", "--participant", "P05")
    assert act("assistant", "import", typed, "--label", LABEL, *who)[0] == 0
    assert act("assistant", "anonymise", LABEL)[0] == 0
    assert act("officer", "review", LABEL, "--accept-all", "--reason", "it names her")[0] == 0

    assert refused(act, "officer", "sign", LABEL) == OwnWork.exit_code
    assert act("owner", "sign", LABEL)[0] == 0  # the policy asks for no second person
