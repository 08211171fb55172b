"""People who know no key follow what the screen says, in a real terminal, with the real tiny.en.

``tests/tui/test_follow_the_screen.py`` is the short version, from every state and without a model.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from capture import import_sound
from cli import DEMONSTRATION_PASSPHRASE, LABEL, main
from models import InstalledModel, load_demonstration
from study import InterviewDetails, InterviewState, Participant, Role
from study.store import Study, read_newest_transcript, read_sign_off
from tests.following import read_next_keys
from tests.walk.terminal import Terminal, needs_tmux

pytestmark = [pytest.mark.slow, pytest.mark.thorough, needs_tmux]

_PEOPLE = (
    ("Iris", "interviewer", "what iris alone knows", InterviewState.TRANSCRIBED),
    ("Anders", "assistant", "what anders alone knows", InterviewState.READY),
    ("Okafor", "officer", "what okafor alone knows", InterviewState.HANDED),
)
_THERE = (
    Participant("INT01", Role.INTERVIEWER),
    Participant("P01", Role.PARTICIPANT, ("Arthur Thackray",)),
)
_TMUX = {"Enter": "Enter", "Esc": "Escape", "Space": "Space"}
_PATIENCE_S, _LOOK_EACH_S, _SETTLED_S = 300.0, 0.1, 0.5  # of a screen that stays as it is
_ANSWER_S = 20.0
_MOST_KEYS = 120


def _follow(terminal: Terminal, study: Study, wanted: InterviewState) -> list[str]:
    """Press what is told until the interview is in a state; return the keys."""
    pressed: list[str] = []
    changed_s, before, answered = time.monotonic(), "", ""
    while study.find_interview(LABEL).state is not wanted:
        seen = terminal.shown()
        if seen != before:
            before, changed_s = seen, time.monotonic()
        keys = read_next_keys(seen)
        still_s = time.monotonic() - changed_s
        answering = seen == answered and still_s < _ANSWER_S  # a slow computer is still at it
        if not keys or answering or still_s < _SETTLED_S:
            assert still_s < _PATIENCE_S, f"no key is told, after {pressed}:\n{seen}"
            time.sleep(_LOOK_EACH_S)
            continue
        assert len(pressed) < _MOST_KEYS, f"it leads round, by {pressed}:\n{seen}"
        for key in keys:
            terminal.press(_TMUX.get(key, key))
        pressed += keys
        answered = seen
        changed_s = time.monotonic()
    return pressed


def _open(size: tuple[int, int], words: str, told: dict[str, str], at: Path) -> Terminal:
    at.mkdir()
    told = told | {"XDG_STATE_HOME": str(at), "XDG_CONFIG_HOME": str(at), "LC_ALL": "C.UTF-8"}
    command = f"{sys.executable} -P -m cli.command_line {words}"
    return Terminal(size, f"cd {at.parent} && {command}; echo left: $?; read x", told, at)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_newcomer_comes_to_a_signed_transcript_by_the_tour_alone(
    size: tuple[int, int], tmp_path: Path, tiny_en: InstalledModel
) -> None:
    terminal = _open(size, "demo study --guided", {}, tmp_path / "person")
    try:
        terminal.until("1 of 6")
        with Study.open(tmp_path / "study", DEMONSTRATION_PASSPHRASE) as study:
            _follow(terminal, study, InterviewState.HANDED)
            found = read_newest_transcript(study.interview(study.find_interview(LABEL).id))
    finally:
        terminal.close()

    assert found is not None
    assert found.transcript.provenance.model == tiny_en.name


@pytest.mark.usefixtures("tiny_en_alone")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_three_people_hand_an_interview_on_by_what_the_screen_says(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    monkeypatch.setenv("EARSHOT_PASSPHRASE", DEMONSTRATION_PASSPHRASE)
    assert main(["new", str(folder), "--consent", "paper", "--consent-seen-by", "Dr Reed"]) == 0
    for name, role, own, _ in _PEOPLE:
        monkeypatch.setenv("EARSHOT_NEW_PASSPHRASE", own)
        assert main(["people", str(folder), "add", name, "--role", role]) == 0
    script = load_demonstration("interview")
    about = InterviewDetails(LABEL, _THERE, script.channels)
    with Study.open(folder, _PEOPLE[0][2]) as study:  # it is hers: an interviewer works on her own
        import_sound(study, script.sound, about)

    with Study.open(folder, DEMONSTRATION_PASSPHRASE) as study:
        for name, _, own, wanted in _PEOPLE:
            told = {"EARSHOT_PASSPHRASE": own, "EARSHOT_PERSON": name}
            terminal = _open(size, "open study", told, tmp_path / name)
            try:
                terminal.until(LABEL)
                assert _follow(terminal, study, wanted)
            finally:
                terminal.close()
        standing = read_sign_off(study.interview(study.find_interview(LABEL).id))

    assert standing is not None
    assert standing.is_valid
    assert standing.sign_off.slot_name == "Okafor"
