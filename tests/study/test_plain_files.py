"""A pipe, a device or a folder where a file should be is refused in words, not waited for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app import read_last_person, save_last_person
from models import load_test_sets
from study import load_topic_guide, load_vocabulary, read_plain_file
from study.errors import BadGuide, BadWords, ChangeFlaw, NoKeptHeads, NoMarkedText
from study.plain_files import NoPlainFileError
from study.records import InterviewDetails, SoundFormat
from study.store import Study, read_kept_heads, verify_study
from study.store.recordings import IncomingSound

PLANTED: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a folder": os.mkdir,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}
planted = pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
Plant = Callable[[Path], object]


@planted
def test_what_is_no_plain_file_is_not_read(plant: Plant, tmp_path: Path) -> None:
    plant(tmp_path / "it")

    with pytest.raises(NoPlainFileError):
        read_plain_file(tmp_path / "it", 10)


@planted
def test_it_is_no_guide_no_vocabulary_and_no_list_of_heads(
    plant: Plant, study: Study, tmp_path: Path
) -> None:
    plant(tmp_path / "it")

    with pytest.raises(BadGuide):
        load_topic_guide(tmp_path / "it")
    with pytest.raises(BadWords):
        load_vocabulary(tmp_path / "it")
    with pytest.raises(NoKeptHeads):
        read_kept_heads(study, tmp_path / "it")


def test_a_head_whose_count_has_no_end_is_no_head(study: Study, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text(f"{study.id} {'9' * 5_000}:{'a' * 16} 2026-11-29T10:00:00Z\n")

    with pytest.raises(NoKeptHeads):
        read_kept_heads(study, tmp_path / "heads")


def test_millions_of_empty_lines_hold_no_head(study: Study, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("\n" * 12_000_000)
    began_s = time.process_time()

    with pytest.raises(NoKeptHeads):
        read_kept_heads(study, tmp_path / "heads")
    assert time.process_time() - began_s < 30  # a file is read no further than heads can reach


@planted
def test_nobody_was_there_last_where_it_stands_for_the_name(
    plant: Plant, study: Study, tmp_path: Path
) -> None:
    save_last_person(study.folder, "owner")
    (remembered,) = (tmp_path / "state").rglob("people/*")
    remembered.unlink()
    plant(remembered)

    assert read_last_person(study.folder) == ""


@planted
def test_a_study_whose_sum_it_is_counts_as_changed(
    plant: Plant, study: Study, passphrase: str
) -> None:
    study.close()
    (study.folder / "study.sum").unlink()
    plant(study.folder / "study.sum")

    with Study.open(study.folder, passphrase) as opened:
        assert opened.change_flaw is ChangeFlaw.SUM


@planted
def test_sound_that_it_stands_for_is_named_as_damaged(
    plant: Plant, study: Study, form: SoundFormat, second: bytes
) -> None:
    with IncomingSound(study, form) as incoming:
        incoming.write(second)
        incoming.keep(InterviewDetails("P01"), {})
    (sealed,) = study.folder.glob("audio/*/001.sealed")
    sealed.unlink()
    plant(sealed)

    assert verify_study(study)


@planted
def test_it_is_no_text_with_marked_names(plant: Plant, tmp_path: Path) -> None:
    plant(tmp_path / "x.jsonl")

    with pytest.raises(NoMarkedText):
        load_test_sets(tmp_path)


def test_a_text_that_no_model_reads_at_once_is_no_text_with_marked_names(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(f'{{"id": 1, "text": "{"a" * 300_000}", "spans": []}}\n')

    with pytest.raises(NoMarkedText):
        load_test_sets(tmp_path)
