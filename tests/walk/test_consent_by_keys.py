"""A participant's whole way by keys in a real terminal, recorded from a real sound server.

She agrees, is interviewed twice, loses capacity, gets a consultee, is interviewed once more, and is
withdrawn in part. ``tests/cli/test_consent.py`` walks the same by verbs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from study import (
    CONSENT_KINDS,
    CapacityState,
    ConsentAnswer,
    ConsentBasis,
    ConsentPurpose,
    ConsentRule,
    MarkKind,
    WithdrawalScope,
)
from study.store import (
    Study,
    list_standing_withdrawals,
    read_consent_versions,
    read_contact_details,
    verify_study,
)
from tests.consents import ask_for
from tests.keys import sign_of
from tests.microphone import Microphone, virtual_microphone
from tests.walk.terminal import Terminal, needs_tmux

pytestmark = [pytest.mark.slow, needs_tmux]

_THOROUGH = pytest.mark.skipif(
    not os.environ.get("EARSHOT_THOROUGH"), reason="the other size: EARSHOT_THOROUGH=1"
)
_PROGRAM = f"{sys.executable} -P -m cli.command_line open"
_ASKED = "do they want to be recorded"
_BETWEEN_KEYS_S = 0.1
_RUNS = "Off the record"
_KEEPS = "Ctrl-S"
_LIST = "Filter"  # in the bottom line of the list of interviews


@pytest.fixture
def microphone() -> Iterator[Microphone]:
    with virtual_microphone() as made:
        yield made


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=_THOROUGH)])
def test_somebody_agrees_loses_capacity_gets_a_consultee_and_is_withdrawn_in_part(
    study: Study, passphrase: str, microphone: Microphone, tmp_path: Path, size: tuple[int, int]
) -> None:
    ask_for(study, ConsentRule.RECORDED)
    study.close()
    server = {n: value for n, value in microphone.around.items() if n[:4] in {"PULS", "ALSA"}}
    own = {
        "EARSHOT_PASSPHRASE": passphrase, "XDG_STATE_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
        "EARSHOT_MODELS": str(tmp_path / "no-models"),
    }  # fmt: skip
    terminal = Terminal(size, f"exec {_PROGRAM} {study.folder}", server | own, tmp_path)
    try:
        _agree(terminal)
        _record_twice(terminal)
        _lose_capacity(terminal)
        _advise_and_record(terminal)
        with Study.open(study.folder, passphrase) as seen:
            asked = {label: _asked(seen, label) for label in ("P07_i1", "P07_i2", "P07_i3")}
            before = [summary.sound_s for summary in seen.summaries()]
        _withdraw_the_sound(terminal)
        terminal.press("q")
    finally:
        terminal.close()

    assert asked == {
        "P07_i1": [MarkKind.AFFIRMED, MarkKind.AFFIRMED],
        "P07_i2": [MarkKind.AFFIRMED, MarkKind.DISSENT],
        "P07_i3": [MarkKind.ASSENT],
    }
    assert all(before)
    with Study.open(study.folder, passphrase) as left:
        _what_is_left_is_as_it_should(left)


def _agree(at: Terminal) -> None:
    """The papers are typed, the questions read aloud: no to the fourth, an archive."""
    at.until("No interviews yet", "C Consent")
    at.press("C")
    at.until("Nobody is recorded unless a record", f"{sign_of('consent.new')} New code")
    at.press(sign_of("consent.new"))
    at.until("Which participant?")
    _type(at, "P07")
    seen = at.until("Consent   P07", "▸ Information sheet")
    for _ in range(100):  # the first frame may not be laid out yet
        seen = at.shown()
        if ("↓ " in seen) == (f"{_KEEPS} saves it" not in seen):
            break
        time.sleep(0.1)
    assert ("↓ " in seen) == (f"{_KEEPS} saves it" not in seen)  # what is below the edge is counted
    for text in ("2.1", "2026-03-01", "1.0", "2026-03-01"):
        at.press("Enter")
        _type(at, text)
        at.press("Down")
    at.press(sign_of("consent_form.read"))
    at.until("Question 1 of 7")
    for number, answer in enumerate("yyynyyy", 1):
        at.until(f"Question {number} of 7")
        at.press(answer)
    at.until("✗ no")
    at.press("C-s")
    at.until("P07", "✗ no", "Own consent. Law of England and Wales.")
    at.press("Escape")
    at.until(_LIST)


def _record_twice(at: Terminal) -> None:
    """Asked before each and after a pause; the second time she does not want to go on."""
    _begin(at, "P07_i1", "y")
    at.press("Space")
    at.until("Space asks to go on")
    at.press("Space")
    at.until("go on?")
    at.press("y")
    at.until(_RUNS)
    _end(at)
    _begin(at, "P07_i2", "y")
    at.press(sign_of("record.dissent"))
    at.until("Somebody does not want to go on")
    at.press("Enter")  # does not dismiss it
    at.until("Somebody does not want to go on")
    at.press(sign_of("dissent.close"))
    at.until(_LIST, "P07_i2")


def _lose_capacity(at: Terminal) -> None:
    """What follows is shown before it is noted, and no third interview begins."""
    at.press("C")
    at.until(f"{sign_of('consent.lost')} Lost capacity")
    at.press(sign_of("consent.lost"))
    at.until("No further interview with them is recorded", "y yes")
    at.press("y")
    at.until_gone("╭")
    at.until("! lost capacity: no further interviews")
    at.press("Escape")
    at.until(_LIST)
    at.press(sign_of("home.new"))
    at.until("What is the new interview called?")
    _type(at, "P07_i3")
    at.until("r Record")
    at.press("r")
    at.until("P07 has lost capacity")
    at.press("Escape")
    at.until_gone("╭")


def _advise_and_record(at: Terminal) -> None:
    """A consultee advises, and she shows that she is willing."""
    at.until("C Consent", "r Record")
    at.press("C")
    at.until("P07", "Enter Record")
    at.press("Enter")
    at.until("Consent   P07")
    at.press(*["Down"] * 7)
    at.until("▸ Who decided")
    at.press("Enter")
    at.until("personal consultee")
    at.press("2")
    at.until("▸ Who decided             personal consultee")
    at.press("Down", "Down")
    at.until("▸ Consultee or guardian")
    at.press("Enter")
    at.until("Their name.")
    _type(at, "Jean Hollis")
    at.until("Jean Hollis", "▸ Consultee or guardian")
    at.press("C-s")
    at.until("Lost capacity; advised by: personal consultee.")
    seen = at.shown()
    assert "Jean" not in seen
    assert "No further" not in seen
    at.press("Escape")
    at.until("K Sound check", "r Record")  # "r Spoken consent" is a key of the consents
    at.press("r")
    at.until(_ASKED)
    at.press(sign_of("willing.assent"))
    at.until(_RUNS)
    _end(at)


def _withdraw_the_sound(at: Terminal) -> None:
    """What goes and stays is shown, the code is typed, and the list says so."""
    at.press("DC")
    at.until("Who is withdrawing, and what goes?", "▸ P07")
    at.press("2")
    at.until("P07 withdraws: the sound", "This goes for good:", "This stays:", "P07_i3: the sound")
    at.press("Enter")
    at.until("Type P07 to go on.")
    _type(at, "P07")
    at.until("withdrawn: sound, done")
    at.press("Escape")
    seen = at.until(_LIST, "P07 has withdrawn (sound, ", "⊘ withdrawn")
    assert f"{sign_of('home.go_on')} record" not in seen
    assert f"Press {sign_of('home.go_on')}" not in seen
    at.press(sign_of("home.go_on"))
    at.until("nothing more is recorded with them")
    at.press("C")
    seen = at.until("⊘ withdrawn: sound, ")
    assert "✓ yes" not in seen
    at.press("Escape")
    at.until(_LIST)


def _begin(at: Terminal, label: str, answer: str) -> None:
    at.press(sign_of("home.new"))
    at.until("What is the new interview called?")
    _type(at, label)
    at.until("r Record", label)
    at.press("r")
    at.until(_ASKED)
    at.press(answer)
    at.until(_RUNS)
    while "Marker at 00:00:01" not in at.shown():  # a second of sound is there
        at.press("m")
        at.until("Marker at")


def _end(at: Terminal) -> None:
    at.press("s")
    at.until("S end it here")
    at.press("S")
    at.until("recorded and sealed")
    at.press("Escape")
    at.until_gone("recorded and sealed")
    at.until(_LIST)


def _type(at: Terminal, text: str) -> None:
    """Type into a field that is open, as slowly as a person does."""
    at.until("╭")
    for letter in text:
        at.type(letter)
        time.sleep(_BETWEEN_KEYS_S)
    at.until(text)
    at.press("Enter")
    at.until_gone("╭")


def _asked(study: Study, label: str) -> list[str]:
    sound = study.interview(label).open_sound()
    assert sound is not None
    with sound:
        return [mark.kind for mark in sound.marks() if mark.kind in CONSENT_KINDS]


def _what_is_left_is_as_it_should(study: Study) -> None:
    versions = read_consent_versions(study, "P07")
    assert [one.capacity for one in versions] == [
        CapacityState.HAS_CAPACITY, CapacityState.LOST, CapacityState.ADVISED,
    ]  # fmt: skip
    assert versions[-1].basis is ConsentBasis.PERSONAL_CONSULTEE
    assert versions[-1].read_answer(ConsentPurpose.ARCHIVE) is ConsentAnswer.NO
    contacts = read_contact_details(study, "P07")
    assert contacts is not None
    assert contacts.deputy.name == "Jean Hollis"
    assert [summary.sound_s for summary in study.summaries()] == [0.0] * 3
    assert [one.scope for one in list_standing_withdrawals(study)] == [WithdrawalScope.SOUND]
    assert verify_study(study) == []
