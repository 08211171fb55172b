from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from study.artefact_kinds import ArtefactKind
from study.errors import DiskFailed, EarshotError, Stopped, StudyNotFound
from study.store.artefact_keys import find_key_class
from study.store.keys import KeyClass
from study.store.seal import seal_bytes, unseal_bytes
from study.store.study import Study
from study.store.trail import IntegrityFinding, TrailHead, read_trail_head, read_trail_lines
from study.store.transcript_editor import TranscriptEditor
from study.store.verification import verify_database_file, verify_study
from study.tasks import TaskProgress

FLIPS = 1000 if os.environ.get("EARSHOT_THOROUGH") else 60


def as_a_verb_would(folder: Path, passphrase: str) -> str:
    """Check a study as ``earshot log verify`` does; returns all that a person would read."""
    said = [f"{finding.where} {finding.what}" for finding in verify_database_file(folder)]
    try:
        with Study.open(folder, passphrase) as study:
            said += [f"{finding.where} {finding.what}" for finding in verify_study(study)]
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
    """A killed process leaves no sum; then seals, trail and SQLite must find the change."""
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
                    sound = study.interview(summary.id).open_sound()
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

        assert any(named in finding.where for finding in verify_study(study))


@pytest.fixture
def whole(closed: Path, passphrase: str) -> Iterator[Study]:
    """An open study in which nothing is wrong."""
    with Study.open(closed, passphrase) as study:
        assert verify_study(study) == []
        yield study


def found(study: Study, anchor: TrailHead | None = None) -> list[tuple[str, str]]:
    return [(finding.where, finding.what) for finding in verify_study(study, anchor)]


def of_label(study: Study, label: str) -> str:
    return next(summary.id for summary in study.summaries() if summary.label == label)


def test_what_is_wrong_is_named_once_and_nothing_else(whole: Study) -> None:
    one, other = of_label(whole, "P01"), of_label(whole, "P02")

    whole.db.execute("DELETE FROM artefact WHERE kind = 'raw'")
    whole.db.execute(
        "UPDATE artefact SET counts = '{\"turns\": 9}' WHERE kind = 'about' AND interview = ?",
        [other],
    )
    (whole.folder / "handed-over" / "P01" / "P01.txt").write_bytes(b"P07: Margaret.\n")
    (whole.folder / "audio" / "zzzzzzzz").write_bytes(b"whose?")

    assert found(whole) == [
        (f"study.db (about.1 of interview {other})", "is not what was written"),
        (f"study.db (raw.1 of interview {one})", "is missing"),
        ("audio/zzzzzzzz", "belongs to no interview of this study"),
        ("handed-over/P01/P01.txt", "does not fit its line in SHA256SUMS"),
    ]


def test_a_row_that_was_sealed_with_the_right_key_but_not_by_the_trail_is_named(
    whole: Study,
) -> None:
    interview = of_label(whole, "P01")
    at, counts, written, sealed = whole.db.execute(
        "SELECT created_at, counts, format, sealed FROM artefact WHERE kind = 'raw'"
    ).fetchone()
    bound = whole.rows.bind_row("artefact", interview, ArtefactKind.RAW, 1, 0, at, counts, written)
    key = whole.rows.get_data_key(interview, find_key_class(ArtefactKind.RAW))

    again = seal_bytes(key, unseal_bytes(key, sealed, bound), bound)
    whole.db.execute("UPDATE artefact SET sealed = ? WHERE kind = 'raw'", [again])

    where = f"study.db (raw.1 of interview {interview})"
    assert found(whole) == [(where, "is not what was written")]


def test_a_row_that_the_trail_knows_but_its_key_does_not_open_is_named(whole: Study) -> None:
    interview = of_label(whole, "P01")

    whole.db.execute(
        "UPDATE artefact SET created_at = '2020-01-01T00:00:00+00:00' WHERE kind = 'raw'"
    )

    where = f"study.db (raw.1 of interview {interview})"
    assert found(whole) == [(where, "is not what was written")]


def test_entries_are_known_by_their_numbers(whole: Study) -> None:
    interview = of_label(whole, "P01")
    pen = TranscriptEditor(whole.interview(interview))
    pen.set_text(0, "My name is Margret.")
    pen.set_text(0, "My name is Margaret.")
    assert found(whole) == []

    whole.db.execute("DELETE FROM entry WHERE number = 2")

    where = f"study.db (corrected.1.2 of interview {interview})"
    assert found(whole) == [(where, "is missing")]


def test_what_was_dropped_is_not_missed_and_all_else_is(whole: Study) -> None:
    one, other = of_label(whole, "P01"), of_label(whole, "P02")
    for interview in (one, other):
        with whole.change("heard", interview) as change:
            change.write_artefact(ArtefactKind.WINDOWS, {"windows": 2})
            change.append_entry(ArtefactKind.WINDOWS, {"window": 1})
    with whole.change("transcribed", one) as change:
        change.drop_artefact(ArtefactKind.WINDOWS)
    assert found(whole) == []

    with whole.change("put again", one) as change:
        change.write_artefact(ArtefactKind.WINDOWS, {"windows": 1})
    assert found(whole) == []
    whole.db.execute("DELETE FROM artefact WHERE kind IN ('windows', 'raw')")
    whole.db.execute("DELETE FROM entry")

    assert sorted(found(whole)) == sorted(
        (f"study.db ({name} of interview {interview})", "is missing")
        for interview, name in [
            (one, "windows.1"), (one, "raw.1"), (other, "windows.1"), (other, "windows.1.1"),
        ]
    )  # fmt: skip


def test_sound_that_the_trail_does_not_know_is_named_and_sound_that_is_gone(whole: Study) -> None:
    one, other = of_label(whole, "P01"), of_label(whole, "P02")
    whole.db.execute("PRAGMA foreign_keys = OFF")

    whole.db.execute("UPDATE stretch SET number = 2 WHERE interview = ?", [one])

    wrong = {where for where, _ in found(whole)}
    assert wrong >= {
        f"study.db (sound 1 of interview {one})",
        f"study.db (sound 2 of interview {one})",
    }
    assert not any(other in where for where in wrong)


def test_a_database_that_breaks_its_own_rules_is_named(whole: Study) -> None:
    whole.db.execute("PRAGMA writable_schema = ON")
    whole.db.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'value TEXT NOT NULL',"
        " 'value TEXT NOT NULL CHECK (value IS NULL)') WHERE name = 'meta'"
    )
    whole.db.execute("PRAGMA writable_schema = RESET")

    assert ("study.db", "is not a sound database") in found(whole)


def test_whoever_may_read_only_what_is_clean_checks_all_that_they_can(whole: Study) -> None:
    whole.ring = whole.ring.copy_with_classes((KeyClass.CLEAN,))
    assert found(whole) == []

    whole.db.execute("UPDATE artefact SET sealed = x'00' WHERE kind = 'raw'")

    where = f"study.db (raw.1 of interview {of_label_by_trail(whole)})"
    assert found(whole) == [(where, "is not what was written")]


def of_label_by_trail(study: Study) -> str:
    """The id of the transcribed interview, found without its label."""
    return next(line.interview for line in read_trail_lines(study.db) if line.verb == "transcribed")


def test_a_sum_that_nobody_with_a_key_noted_is_named(closed: Path, passphrase: str) -> None:
    (closed / "study.sum").write_text("{}")

    with Study.open(closed, passphrase) as study:
        assert ("study.sum", "was not noted by us") in found(study)


def test_a_head_that_was_kept_outside_is_asked_for(whole: Study) -> None:
    then = read_trail_head(whole.db)

    assert found(whole, then) == []
    assert found(whole, TrailHead(then.count + 1, then.hash)) == [
        ("trail", f"has {then.count} lines where {then.count + 1} were once witnessed")
    ]


def test_a_check_tells_how_far_it_is_and_ends_at_its_whole(whole: Study) -> None:
    told: list[TaskProgress] = []

    verify_study(whole, report=told.append)

    assert len({one.total for one in told}) == 1
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert told[-1].done == told[-1].total > 3 * 2 * 8000  # all sound, two bytes for each frame
    (rows,) = whole.db.execute("SELECT count(*) FROM artefact").fetchone()
    assert len(told) == rows + 2  # each row, then each interview's sound


def test_a_check_can_be_stopped_at_any_row(whole: Study) -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 3

    with pytest.raises(Stopped):
        verify_study(whole, stop=stop)
    assert len(asked) == 4


def test_a_disk_that_cannot_be_read_is_told_and_the_rest_is_checked(
    whole: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[str]:
        raise DiskFailed

    monkeypatch.setattr("study.store.verification.verify_interview_sound", broken)
    whole.db.execute("DELETE FROM artefact WHERE kind = 'raw'")

    wrong = found(whole)

    assert any(name == "study.db" and "could not be checked" in what for name, what in wrong)
    assert any("raw.1" in name for name, _ in wrong)


STRAY = ("handed-over/P01", "belongs to no hand-over of this study")


def test_files_that_fit_their_list_are_named_where_no_hand_over_has_that_list(whole: Study) -> None:
    folder = whole.folder / "handed-over" / "P01"
    (folder / "b.txt").write_bytes(b"b")
    line = f"{hashlib.sha256(b'b').hexdigest()}  b.txt\n"
    with (folder / "SHA256SUMS").open("a") as manifest:
        manifest.write(line)
    assert found(whole) == [STRAY]

    with (folder / "SHA256SUMS").open("a") as manifest:
        manifest.write(f"{'0' * 64}  gone.txt\n\n")

    assert found(whole) == [
        ("handed-over/P01/gone.txt", "does not fit its line in SHA256SUMS"),
        ("handed-over/P01/SHA256SUMS", "is not what was written"),
        STRAY,
    ]


def test_what_lies_among_the_hand_overs_and_is_none_is_named(whole: Study) -> None:
    place = whole.folder / "handed-over"
    (place / ".earshot-0123").mkdir()
    (place / ".earshot-0123" / "P01.txt").write_bytes(b"words")
    (place / "P01.txt").write_bytes(b"words")

    assert found(whole) == [
        ("handed-over/.earshot-0123", "belongs to no hand-over of this study"),
        ("handed-over/P01.txt", "belongs to no hand-over of this study"),
    ]


def test_a_file_that_was_changed_after_it_was_closed_is_named_before_it_is_opened(
    closed: Path,
) -> None:
    assert verify_database_file(closed) == []
    flip(closed / "study.db", 8 * 5000)

    assert verify_database_file(closed) == [
        IntegrityFinding("study.db or study.sum", "is not what was last closed")
    ]


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
        verify_database_file(tmp_path)
