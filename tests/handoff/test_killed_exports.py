"""An export is killed at random moments: it leaves no words, and no hand-over that is forgotten."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handoff import export as room
from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from handoff.hand_overs import list_hand_overs
from study.errors import DiskFull
from study.store import (
    HANDED_OVER_FOLDER,
    STAGING_PREFIX,
    Study,
    list_unfinished_hand_overs,
    settle_hand_overs,
    verify_study,
)

KILLS = 150 if os.environ.get("EARSHOT_THOROUGH") else 12
# Exports over and over, each to a new place, until it is killed; it says when the first begins.
EXPORTING = """
import sys
from pathlib import Path
from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from study.store import Keyring, Study
folder, place, interview, suffix = sys.argv[1:5]
keys = Keyring.from_bytes(sys.stdin.buffer.read())
with Study.open_with_keys(Path(folder), keys) as study:
    print("begins", flush=True)
    for number in range(1000):
        export_interviews(study, ExportOrder((interview,)), Path(place) / f"{number}{suffix}")
"""


def hash_of(bundle: Path) -> str:
    listed = bundle / "SHA256SUMS" if bundle.is_dir() else bundle
    return hashlib.sha256(listed.read_bytes()).hexdigest()


# Dies in the middle, as by kill -9, with words on the disk.
DYING = """
import os, sys
from pathlib import Path
from study.store import Keyring, Study, begin_hand_over
folder, place, interview, _ = sys.argv[1:5]
keys = Keyring.from_bytes(sys.stdin.buffer.read())
staging = Path(place) / ".earshot-0123"
with Study.open_with_keys(Path(folder), keys) as study:
    staging.mkdir()
    with begin_hand_over(study, staging, Path(place) / "out"):
        (staging / "P07_i1.txt").write_text("words")
        os._exit(9)
"""


# Dies after the record was written, before anything is tidied up.
DYING_AT_THE_END = """
import os, shutil, sys
from pathlib import Path
from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from study.store import Keyring, Study
folder, place, interview, suffix = sys.argv[1:5]
keys = Keyring.from_bytes(sys.stdin.buffer.read())
shutil.rmtree = lambda *_, **__: os._exit(9)
with Study.open_with_keys(Path(folder), keys) as study:
    export_interviews(study, ExportOrder((interview,)), Path(place) / f"0{suffix}")
"""


def run_export(
    script: str, study: Study, interview: str, place: Path, suffix: str
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(study.folder), str(place), interview, suffix],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(study.ring.to_bytes())
    process.stdin.close()
    process.stdin = None
    return process


def kill_while_exporting(
    study: Study, interview: str, place: Path, suffix: str, after_s: float
) -> None:
    process = run_export(EXPORTING, study, interview, place, suffix)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begins\n"
    end_s = time.monotonic() + 10
    while time.monotonic() < end_s and not list(place.glob(".earshot-*")):
        time.sleep(0.001)
    time.sleep(after_s)
    process.kill()
    process.communicate(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [pytest.param("", marks=pytest.mark.thorough), ".zip"])
def test_an_export_killed_at_random_moments_is_tidied_up_and_remembered(
    study: Study, approved: str, tmp_path: Path, suffix: str
) -> None:
    dice = random.Random(2026)  # noqa: S311 - repeatable dice are wanted
    broken_off = 0
    for number in range(KILLS):
        place = tmp_path / f"out-{number}"
        kill_while_exporting(
            study, approved, place, suffix, dice.choice((0.02, 0.5)) * dice.random()
        )
        # Killed before the note, it leaves an empty folder, and no words.
        left = len({one.parent for one in place.glob(".earshot-*/*")})
        before = verify_study(study)
        settled = settle_hand_overs(study)

        broken_off += len(settled)
        assert bool(settled) == bool(before)  # whatever is left is named beforehand
        assert left <= len(settled)
        assert list(place.glob(".earshot-*/*")) == []
        assert verify_study(study) == []
        known = {made.fingerprint for made in list_hand_overs(study.interview(approved))}
        if not suffix:
            assert {hash_of(bundle) for bundle in place.glob("[0-9]*")} <= known
    handed = len(list_hand_overs(study.interview(approved)))
    made = sum(len(list((tmp_path / f"out-{n}").glob("[0-9]*"))) for n in range(KILLS))
    assert handed == made  # as many records as bundles, and no more
    assert broken_off


@pytest.mark.parametrize("suffix", [pytest.param("", marks=pytest.mark.thorough), ".zip"])
def test_an_export_killed_after_its_record_left_its_words_in_one_place(
    study: Study, approved: str, tmp_path: Path, suffix: str
) -> None:
    """A zip file had its first name in the hidden folder, too, and no note told of it."""
    place = tmp_path / "out"
    process = run_export(DYING_AT_THE_END, study, approved, place, suffix)
    process.communicate(timeout=60)

    assert process.returncode == 9
    assert len(list_hand_overs(study.interview(approved))) == 1
    assert list(place.glob(".earshot-*/*")) == []


def test_a_broken_off_export_whose_words_cannot_be_removed_stays_noted(
    study: Study, approved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(staging: Path, target: Path) -> None:
        del staging, target
        raise DiskFull

    def leave(folder: Path, *, ignore_errors: bool) -> None:
        del folder, ignore_errors

    with monkeypatch.context() as at_the_end:
        at_the_end.setattr(room, "_give_name", full)
        at_the_end.setattr("shutil.rmtree", leave)
        with pytest.raises(DiskFull):
            export_interviews(study, ExportOrder((approved,)), tmp_path / "out")
    assert len(list_unfinished_hand_overs(study)) == 1

    settle_hand_overs(study)

    assert list(tmp_path.glob(".earshot-*")) == []
    assert list_unfinished_hand_overs(study) == ()


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_files_that_got_their_names_before_the_record_are_recorded_later(
    study: Study, approved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The disk is full in the moment of the commit: the files are there, the record is not."""
    give_name, place = room._give_name, tmp_path / name

    def full(staging: Path, target: Path) -> None:
        give_name(staging, target)
        raise DiskFull

    with monkeypatch.context() as at_the_end:
        at_the_end.setattr(room, "_give_name", full)
        with pytest.raises(DiskFull):
            export_interviews(study, ExportOrder((approved,)), place)
    assert list_hand_overs(study.interview(approved)) == []
    assert [one.what for one in verify_study(study)] == [
        f"was broken off: files may lie at {place}"
    ]

    (found,) = settle_hand_overs(study)

    assert str(found).endswith("so it was recorded as handed over.")
    assert verify_study(study) == []
    assert len(list_hand_overs(study.interview(approved))) == 1


def test_an_export_killed_before_it_was_noted_is_no_finding_and_leaves_nothing(
    study: Study, approved: str, passphrase: str
) -> None:
    del approved
    left = study.folder / HANDED_OVER_FOLDER / f"{STAGING_PREFIX}0123"
    left.mkdir(parents=True)

    assert verify_study(study) == []
    study.close()

    assert not left.exists()
    left.mkdir()
    (left / "P07_i1.txt").write_text("words")
    with Study.open(study.folder, passphrase) as opened:
        assert [one.where for one in verify_study(opened)] == ["handed-over/.earshot-0123"]


def test_an_empty_folder_of_a_killed_export_is_gone_after_the_next_one_to_that_place(
    study: Study, approved: str, tmp_path: Path
) -> None:
    """Killed between making its folder and noting it, an export left it there for ever."""
    old, young, full = (tmp_path / f"{STAGING_PREFIX}{name}" for name in ("old", "young", "full"))
    for one in (old, young, full):
        one.mkdir()
    (full / "P07_i1.txt").write_text("of somebody else's study")
    for one in (old, full):
        os.utime(one, (0, 0))

    export_interviews(study, ExportOrder((approved,), ("txt",)), tmp_path / "out")

    assert sorted(one.name for one in tmp_path.glob(f"{STAGING_PREFIX}*")) == [
        full.name,
        young.name,
    ]


def test_a_hand_over_under_way_is_left_alone_by_others(
    study: Study, approved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    give_name = room._give_name

    def look(staging: Path, place: Path) -> None:
        with Study.open_with_keys(study.folder, study.ring) as other:
            seen.extend((settle_hand_overs(other), verify_study(other), staging.is_dir()))
        give_name(staging, place)

    monkeypatch.setattr(room, "_give_name", look)

    export_interviews(study, ExportOrder((approved,)), tmp_path / "out")

    assert seen == [[], [], True]


def test_a_stick_that_is_not_here_is_asked_for_and_not_forgotten(
    study: Study, approved: str, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    run_export(DYING, study, approved, stick, "").communicate(timeout=60)
    assert len(list(stick.glob(".earshot-*/*.txt"))) == 1
    stick.rename(tmp_path / "pulled out")

    (found,) = settle_hand_overs(study)

    assert "its disk is not here" in str(found)
    assert len(list_unfinished_hand_overs(study)) == 1
    (tmp_path / "pulled out").rename(stick)
    assert len(settle_hand_overs(study)) == 1
    assert list(stick.iterdir()) == []
    assert list_unfinished_hand_overs(study) == ()
