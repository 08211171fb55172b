"""The first five minutes: a demonstration recording to a hand-over, by keys alone.

The keys are those that the line on top tells. Transcribing, searching and handing over are the
real ones, in processes of their own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cli import DEMONSTRATION_PASSPHRASE, LABEL, VERB_PROGRAM, main
from study import InterviewState
from study.store import Study, read_sign_off
from tests.keys import key_of, sign_of
from tests.walk.terminal import Terminal, needs_tmux
from tui import Earshot, read_screen_lines

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny_en_alone")]


def _seen(app: Earshot) -> str:
    return "\n".join(strip.text.rstrip() for strip in read_screen_lines(app))


async def _until(pilot: Pilot[None], app: Earshot, wanted: str) -> None:
    for _ in range(6000):  # five minutes: as for a slow computer with other work
        if wanted in _seen(app):
            return
        await pilot.pause(0.05)
    pytest.fail(f"never seen: {wanted}\n{_seen(app)}")


async def test_a_newcomer_comes_from_a_recording_to_a_hand_over_by_the_keys_that_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "try"
    assert main(["demo", str(folder), "--guided", "--json"]) == 0  # a script is shown nothing
    assert json.loads(capsys.readouterr().out.splitlines()[-1])

    with Study.open(folder, DEMONSTRATION_PASSPHRASE) as study:
        app = Earshot(study, is_guided=True, program=VERB_PROGRAM)
        async with app.run_test(size=(80, 24)) as pilot:
            for wanted, keys in (
                ("1 of 6", ["t"]), ("2 of 6", [key_of("home.anonymise")]), ("3 of 6", ["enter"]),
            ):  # fmt: skip
                await _until(pilot, app, wanted)
                await pilot.press(*keys)
            await _until(pilot, app, "Decide about")
            while study.find_interview(LABEL).undecided:
                await pilot.press("a")
            for wanted, keys in (
                ("4 of 6", [key_of("interview.ready"), "y"]),
                (f"press {sign_of('interview.check')}", [key_of("interview.check")]),
                ("Each line is a decision", [key_of("check.right")]),
                ("2 shows what", ["2"]),
                ("Read each one", [key_of("check.verify")]),
                (
                    "Nothing was changed outside Earshot",
                    ["escape", "1", key_of("check.sign"), *"Demo", "enter"],
                ),
                ("In which role?", ["enter"]),
                ("Sign this transcript off?", ["y"]),
                ("Signed off by Demo", ["escape"]),
                ("6 of 6", ["escape", "escape"]),
                ("Press e", ["e"]),
                (f"Who receives {LABEL}?", ["enter"]),
                ("with nobody named who receives it?", ["y"]),
                ("Handed over, into", ["escape"]),
            ):
                await _until(pilot, app, wanted)
                await pilot.press(*keys)
            await _until(pilot, app, "That was everything.")
        app.stop_everything()

        found = read_sign_off(study.interview(study.find_interview(LABEL).id))
        assert found is not None
        assert found.is_valid
        assert (found.sign_off.name, found.sign_off.checked) == ("Demo", 1)
        assert study.find_interview(LABEL).state is InterviewState.HANDED
    assert (folder / "handed-over" / LABEL / f"{LABEL}.txt").is_file()


@needs_tmux
def test_the_first_command_of_the_readme_opens_the_interface_in_a_terminal(tmp_path: Path) -> None:
    command = f"{sys.executable} -P -m cli.command_line demo try --guided"
    told = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    terminal = Terminal(
        (80, 24), f"cd {tmp_path} && {command}; echo left: $?; read x", told, tmp_path
    )
    try:
        seen = terminal.until("1 of 6", "to transcribe")
        terminal.press("q")
        left = terminal.until("left: 0")
    finally:
        terminal.close()

    assert seen.startswith(" → 1 of 6")  # nothing is drawn above or over it
    assert "100%" not in seen
    assert f"the passphrase is: {DEMONSTRATION_PASSPHRASE}" in " ".join(left.split())
    assert DEMONSTRATION_PASSPHRASE in [
        line.strip() for line in left.splitlines()
    ]  # alone, to be copied
