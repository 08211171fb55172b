"""kill -9 while something is destroyed, and the raw blocks of the disk afterwards."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from study.artefact_kinds import ArtefactKind
from study.destruction import KIND_ARTEFACTS, DataKind, DestructionPart, DestructionState
from study.records import SoundFormat, Transcript
from study.store.destruction import (
    ask_destruction,
    confirm_destruction,
    find_destruction,
    finish_destructions,
)
from study.store.keys import Argon2Cost
from study.store.study import Study
from study.store.verification import verify_study
from tests.disk import mounted
from tests.study.destroying import WORDS, destroy, enter, find_left, read_secrets, wanted, whole

KILLS = 100 if os.environ.get("EARSHOT_THOROUGH") else 6


def confirm_in_child(folder: Path, passphrase: str, name: str) -> int:
    """Let another process confirm it; returns its id."""
    child = os.fork()
    if child:
        return child
    try:
        with Study.open(folder, passphrase) as study:
            confirm_destruction(study, name)
    finally:
        os._exit(0)


@pytest.mark.slow
def test_a_destruction_that_is_killed_has_not_begun_or_is_finished_at_the_next_start(
    study: Study, form: SoundFormat, second: bytes, passphrase: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    one = enter(study, "P07_i1", "P07", form, second * 20)
    enter(study, "P08_i1", "P08", form, second)
    asked = ask_destruction(study, whole(one)).id
    gone = read_secrets(study, one)
    study.close()
    shutil.copytree(study.folder, tmp_path / "measured")
    start_s = time.monotonic()
    os.waitpid(confirm_in_child(tmp_path / "measured", passphrase, asked), 0)
    whole_s = time.monotonic() - start_s
    dice, found = random.Random(17), Counter[str]()  # noqa: S311 - repeatable dice are wanted

    for n in range(KILLS):
        folder = tmp_path / f"killed-{n}"
        shutil.copytree(study.folder, folder)
        child = confirm_in_child(folder, passphrase, asked)
        time.sleep(dice.uniform(0, whole_s))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with Study.open(folder, passphrase) as again:
            assert again.change_flaw is None
            state = find_destruction(again, asked).state
            found[state.value] += 1
            if state in {DestructionState.ASKED, DestructionState.CONFIRMED}:
                interview = again.interview("P07_i1")
                assert interview.read_artefact(ArtefactKind.RAW, Transcript) is not None
                sound = interview.open_sound()
                assert sound is not None
                with sound:
                    assert sound.frames == 20 * form.rate
                assert verify_study(again) == []
            else:
                assert [s.label for s in again.summaries()] == ["P08_i1"]
            finish_destructions(again)
            assert verify_study(again) == []
            is_gone = find_destruction(again, asked).state is DestructionState.ENDED
            assert is_gone == (state is not DestructionState.ASKED)
        if is_gone:
            assert not find_left(folder, gone)
        shutil.rmtree(folder)

    with capsys.disabled():
        told = ", ".join(f"{count} {state}" for state, count in sorted(found.items()))
        sys.stdout.write(f"\n{KILLS} kills within {whole_s:.2f} s of a destruction: {told}.\n")


SCOPES = {
    "sound": DestructionPart("", "P07_i1", tuple(KIND_ARTEFACTS[DataKind.SOUND]), sound=True),
    "transcript": DestructionPart("", "P07_i1", tuple(WORDS)),
    "everything": DestructionPart("", "P07_i1", sound=True, whole=True),
    "raw words": DestructionPart("", "P07_i1", tuple(KIND_ARTEFACTS[DataKind.RAW_WORDS])),
}


@pytest.mark.slow
@pytest.mark.parametrize("scope", SCOPES if KILLS > 6 else ["everything"])
def test_the_raw_disk_holds_nothing_of_what_was_destroyed(
    scope: str, tmp_path: Path, passphrase: str, cheap: Argon2Cost, form: SoundFormat,
    second: bytes, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with mounted(tmp_path) as disk:
        folder = disk.place / "study"
        study, _ = Study.create(folder, passphrase, cost=cheap)
        with study:
            one = enter(study, "P07_i1", "P07", form, second * 3)
            enter(study, "P08_i1", "P08", form, second)
        with Study.open(folder, passphrase) as study:
            before = read_secrets(study, one)
            with study.change("corrected") as change:  # the pages are written again, elsewhere
                change.append_entries(ArtefactKind.FOUND, ["three"] * 50, owner=one)
            before |= read_secrets(study, one)
        assert find_on(disk.image, before) == set(before)

        with Study.open(folder, passphrase) as study:
            destroy(study, wanted(scope, replace(SCOPES[scope], owner=one)))
            stays = read_secrets(study, one)

        kept = {name for name, raw in before.items() if raw in stays.values()}
        left = find_on(disk.image, before) - kept
    with capsys.disabled():
        size = sum(map(len, before.values()))
        sys.stdout.write(
            f"\n{scope}: {len(before)} sealed things ({size:,} bytes) lay on the raw disk;"
            f" {len(kept)} stay as they are, {len(left)} of the others are left.\n"
        )
    assert left == set()
    assert not {name for name in kept if name.startswith(("key", "sound key"))}


def find_on(image: Path, secrets: dict[str, bytes]) -> set[str]:
    os.sync()
    every = image.read_bytes()
    return {name for name, raw in secrets.items() if raw[-60:] in every or raw[:60] in every}
