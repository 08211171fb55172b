from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from study.errors import EarshotError, StudyNotFound
from study.recordings import open_sound
from study.store import Study
from study.verify import check_file, check_study

FLIPS = 1000 if os.environ.get("EARSHOT_THOROUGH") else 60


def as_a_verb_would(folder: Path, passphrase: str) -> str:
    """Check a study from the outside in; returns all that a person would be told."""
    said = [f"{finding.where} {finding.what}" for finding in check_file(folder)]
    try:
        with Study.open(folder, passphrase) as study:
            said += [f"{finding.where} {finding.what}" for finding in check_study(study)]
    except EarshotError as problem:
        said.append(str(problem))
    return "\n".join(said)


def written(folder: Path) -> list[Path]:
    """Every file of the study in which a bit can be flipped."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def flip(path: Path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        (byte,) = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def test_a_study_that_nobody_touched_is_whole(closed: Path, passphrase: str) -> None:
    assert as_a_verb_would(closed, passphrase) == ""


def test_a_flipped_bit_in_any_file_is_noticed_by_name(
    closed: Path, passphrase: str, tmp_path: Path
) -> None:
    dice = random.Random(20261123)  # noqa: S311 - the same bits each time
    names = [path.relative_to(closed) for path in written(closed)]
    weights = [(closed / name).stat().st_size for name in names]
    missed: list[tuple[str, int]] = []
    for turn in range(FLIPS):
        copy = tmp_path / "copy"
        shutil.copytree(closed, copy)
        # By turns every file gets its share, and every byte of the study the same chance.
        name = names[turn % len(names)] if turn % 2 else dice.choices(names, weights)[0]
        bit = dice.randrange(8 * (copy / name).stat().st_size)
        flip(copy / name, bit)

        known_as = {name.name, *(["study.db"] if name.name == "study.sum" else [])}
        said = as_a_verb_would(copy, passphrase)
        if not any(one in said for one in known_as):
            missed.append((str(name), bit))
        shutil.rmtree(copy)

    assert missed == []


def test_a_flipped_bit_without_a_sum_never_breaks_more_than_words_can_tell(
    closed: Path, passphrase: str, tmp_path: Path
) -> None:
    """A killed process leaves no sum; then the seals, the trail and SQLite must bear it."""
    (closed / "study.sum").unlink()
    dice = random.Random(20261124)  # noqa: S311 - the same bits each time
    for _ in range(FLIPS):
        copy = tmp_path / "copy"
        shutil.copytree(closed, copy)
        flip(copy / "study.db", dice.randrange(8 * (copy / "study.db").stat().st_size))

        as_a_verb_would(copy, passphrase)
        try:
            with Study.open(copy, passphrase) as study:
                for summary in study.summaries():
                    sound = open_sound(study, summary.id)
                    if sound is not None:
                        sound.close()
        except EarshotError:
            pass
        shutil.rmtree(copy)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM artefact WHERE kind = 'raw'", "raw.1"),
        ("DELETE FROM interview", "interview"),
        ("UPDATE interview SET created_at = '2020-01-01T00:00:00+00:00'", "interview"),
        ("UPDATE stretch SET rate = 16000", "001.sealed"),
        ("UPDATE stretch SET frames = frames + 1", "001.sealed"),
        ("UPDATE stretch SET state = 'cut'", "001.sealed"),
        ("DELETE FROM data_key WHERE class = 'identifying'", "study.db"),
        ("UPDATE trail SET facts = '{}' WHERE number = 2", "trail line 2"),
        ("UPDATE trail SET facts = 'broken' WHERE number = 2", "trail line 2"),
        ("UPDATE trail SET mac = x'00' WHERE number = 2", "trail line 2"),
        ("DELETE FROM trail_key", "trail"),
        ("DROP TABLE entry", "study.db"),
    ],
)
def test_a_change_made_outside_earshot_is_named(
    closed: Path, passphrase: str, statement: str, named: str
) -> None:
    (closed / "study.sum").unlink()
    with Study.open(closed, passphrase) as study:
        study.db.execute("PRAGMA foreign_keys = OFF")
        study.db.execute(statement)

        assert any(named in finding.where for finding in check_study(study))


def test_a_missing_folder_of_sound_is_told_and_not_a_crash(closed: Path, passphrase: str) -> None:
    shutil.rmtree(closed / "audio")

    assert "001.sealed" in as_a_verb_would(closed, passphrase)


def test_a_folder_of_nobody_is_named(closed: Path, passphrase: str) -> None:
    (closed / "audio" / "zzzzzzzz").mkdir()
    assert as_a_verb_would(closed, passphrase) == ""
    (closed / "audio" / "zzzzzzzz" / "001.sealed").write_bytes(b"whose?")

    assert "audio/zzzzzzzz" in as_a_verb_would(closed, passphrase)


@pytest.mark.parametrize(
    "manifest", [b"\n", b"0123 P01.txt\n", b"  P01.txt\n", b"a" * 64 + b"  " + b"x" * 4000]
)
def test_a_manifest_that_was_changed_is_named(
    closed: Path, passphrase: str, manifest: bytes
) -> None:
    (closed / "handed-over" / "P01" / "SHA256SUMS").write_bytes(manifest)

    assert "handed-over/P01/" in as_a_verb_would(closed, passphrase)


def test_a_folder_without_a_study_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyNotFound):
        check_file(tmp_path)
