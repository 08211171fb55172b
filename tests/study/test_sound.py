from __future__ import annotations

import errno
import json
import os
import struct
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from study.errors import DiskFailed, DiskFull, Stopped, StudyDamaged
from study.records import Mark, MarkKind, SoundFormat
from study.store import sound_file as sound
from study.store.seal import generate_key
from study.store.sound_file import (
    SoundReader,
    SoundWriter,
    claim_file,
    is_being_written,
    is_without_sound,
)
from study.store.sound_records import FileEnding, SoundHeader, encode_header
from tests.study.sound_version_1 import write_version_1

KEY = generate_key()
TINY = SoundFormat(rate=100, channels=1)
BLOCK = struct.pack("<20h", *range(20))


PAUSE, AFFIRMED = Mark(0.4, "pause"), Mark(0.6, "consent affirmed again")


@pytest.fixture(params=[1, 2], ids="version {}".format)
def whole(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A small file: two blocks, a mark, a block, a mark, the end."""
    path = tmp_path / "001.sealed"
    if request.param == 1:
        write_version_1(path, KEY, TINY, [BLOCK, BLOCK, PAUSE, BLOCK, AFFIRMED])
        return path
    writer = SoundWriter(path, KEY, "abcd2345", TINY)
    for _ in range(2):
        writer.write(BLOCK)
    writer.write_mark(PAUSE)
    writer.write(BLOCK)
    writer.write_mark(AFFIRMED)
    finish(writer)
    return path


def finish(writer: SoundWriter) -> None:
    writer.end()
    writer.abandon()


def ending(path: Path, key: bytes = KEY) -> FileEnding | None:
    """The ending that a full check reports, None where the file cannot be opened."""
    try:
        with SoundReader(path, key) as reader:
            return reader.verify_records()
    except StudyDamaged:
        return None


def records(raw: bytes) -> tuple[bytes, list[bytes]]:
    """Split a file into its header and its records."""
    at = 8 + int.from_bytes(raw[4:8], "big")
    head, found = raw[:at], list[bytes]()
    record = json.loads(raw[8:at]).get("record", 0)
    while at < len(raw):
        open_length = 5 + int.from_bytes(raw[at : at + 4], "big")
        until = at + (21 + record + 16 if record else open_length)
        found.append(raw[at:until])
        at = until
    return head, found


def test_sound_comes_back_as_it_went_in(whole: Path) -> None:
    with SoundReader(whole, KEY) as reader:
        assert reader.read(0, 100) == BLOCK * 3
        assert list(reader.blocks()) == [BLOCK] * 3
        assert [mark.kind for mark in reader.marks()] == ["pause", "consent affirmed again"]
        assert (reader.form, reader.frames, reader.duration_s) == (TINY, 60, 0.6)
        assert reader.verify_records() is FileEnding.COMPLETE


def test_a_check_of_long_sound_stops_between_two_records(whole: Path) -> None:
    """Taking in a parcel with hours of sound went on for seconds after it was stopped."""
    with SoundReader(whole, KEY) as reader, pytest.raises(Stopped):
        reader.verify_records(lambda: True)


@given(first=st.integers(0, 80), frames=st.integers(0, 80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_is_read_as_if_it_lay_in_memory(whole: Path, first: int, frames: int) -> None:
    with SoundReader(whole, KEY) as reader:
        assert reader.read(first, frames) == (BLOCK * 3)[2 * first : 2 * (first + frames)]


def test_a_flipped_bit_at_any_place_is_noticed(whole: Path) -> None:
    raw = bytearray(whole.read_bytes())

    for place in range(len(raw)):
        raw[place] ^= 1 << place % 8
        whole.write_bytes(raw)
        assert ending(whole) is not FileEnding.COMPLETE, f"byte {place}"
        raw[place] ^= 1 << place % 8


def test_a_cut_at_any_length_is_noticed(whole: Path) -> None:
    raw = whole.read_bytes()

    for length in range(len(raw)):
        whole.write_bytes(raw[:length])
        assert ending(whole) in {None, FileEnding.TRUNCATED}, f"length {length}"


def test_a_disk_that_fails_while_sound_is_read_is_no_fault_of_ours(whole: Path) -> None:
    with SoundReader(whole, KEY) as reader, Path("/proc/self/mem").open("rb") as failing:
        reader.close()
        reader._file = failing  # its first pages answer EIO

        with pytest.raises(DiskFailed):
            reader.read(0, 10)


def test_what_lies_before_a_cut_can_be_read(whole: Path) -> None:
    head, parts = records(whole.read_bytes())
    whole.write_bytes(head + b"".join(parts[:3]) + parts[3][:-1])

    with SoundReader(whole, KEY) as reader:
        assert reader.read(0, 100) == BLOCK * 2
        assert reader.ending is FileEnding.TRUNCATED


@pytest.mark.parametrize("moved", [(1, 2), (1, 4), (3, 5), (2, 3)])
def test_swapped_records_are_noticed(whole: Path, moved: tuple[int, int]) -> None:
    head, parts = records(whole.read_bytes())
    one, other = moved
    parts[one], parts[other] = parts[other], parts[one]
    whole.write_bytes(head + b"".join(parts))

    assert ending(whole) is not FileEnding.COMPLETE


@pytest.mark.parametrize("lost", range(7))
def test_a_lost_record_is_noticed(whole: Path, lost: int) -> None:
    head, parts = records(whole.read_bytes())
    del parts[lost]
    whole.write_bytes(head + b"".join(parts))

    assert ending(whole) is not FileEnding.COMPLETE


def test_a_repeated_record_and_a_second_end_are_noticed(whole: Path) -> None:
    head, parts = records(whole.read_bytes())

    whole.write_bytes(head + b"".join([*parts[:2], parts[1], *parts[2:]]))
    assert ending(whole) is not FileEnding.COMPLETE
    whole.write_bytes(head + b"".join([*parts, parts[-1]]))
    assert ending(whole) is FileEnding.TRAILING


def test_a_file_does_not_open_with_another_key(whole: Path) -> None:
    assert ending(whole, generate_key()) is None


@pytest.mark.parametrize(
    "raw",
    [b"", b"EAR1", b"RIFF" + bytes(60), b"EAR1\xff\xff\xff\xff", b"EAR1\0\0\0\2{}", bytes(5000)],
)
def test_what_is_no_sound_file_is_damage(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "001.sealed"
    path.write_bytes(raw)

    with pytest.raises(StudyDamaged):
        SoundReader(path, KEY)


@pytest.mark.parametrize("whole", [1], indirect=True)
def test_a_record_that_claims_four_gigabytes_is_not_read(whole: Path) -> None:
    head, parts = records(whole.read_bytes())
    whole.write_bytes(head + parts[0] + b"\xff\xff\xff\xff\x01" + bytes(100))

    assert ending(whole) is FileEnding.TAMPERED


def test_a_header_that_claims_records_of_four_gigabytes_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "001.sealed"
    header = SoundHeader(2, "abcd2345", bytes(7), record=2**32)
    path.write_bytes(encode_header(header) + bytes(5000))

    with pytest.raises(StudyDamaged):
        SoundReader(path, KEY)


def test_no_record_shows_what_it_holds_or_how_much(tmp_path: Path) -> None:
    """Kind, place and length of "distress" could be read without a passphrase."""
    told = [
        [BLOCK, Mark(0.2, MarkKind.DISTRESS), Mark(0.2, MarkKind.DISTRESS, "she wept", 90.0)],
        [BLOCK, BLOCK, BLOCK[:2]],
        [Mark(0.0, MarkKind.TOPIC, "x" * 20), BLOCK, BLOCK[:8]],
    ]
    sizes: set[tuple[int, ...]] = set()
    for number, content in enumerate(told):
        path = tmp_path / f"{number}.sealed"
        writer = SoundWriter(path, KEY, "abcd2345", TINY)
        for one in content:
            writer.write(one) if isinstance(one, bytes) else writer.write_mark(one)
        finish(writer)
        head, parts = records(path.read_bytes())
        assert set(json.loads(head[8:])) == {"version", "owner", "prefix", "record"}
        sizes.add(tuple(len(part) for part in parts))
        assert len({part[:5] for part in parts}) == len(parts)  # no kind, no length: chance

    assert len(sizes) == 1
    ((*each,),) = sizes
    assert len(set(each)) == 1


def test_a_mark_longer_than_a_record_comes_back_whole(tmp_path: Path) -> None:
    path, long = tmp_path / "001.sealed", Mark(0.2, MarkKind.TOPIC, "é" * 1000)
    writer = SoundWriter(path, KEY, "abcd2345", TINY)
    writer.write(BLOCK)
    writer.write_mark(long)
    writer.write_mark(PAUSE)
    finish(writer)

    with SoundReader(path, KEY) as reader:
        assert reader.marks() == [long, PAUSE]
        assert reader.verify_records() is FileEnding.COMPLETE
        assert reader.records == writer.records


def test_a_second_of_sound_is_written_at_once_as_two_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = SoundFormat(8000, 2)
    writer = SoundWriter(tmp_path / "001.sealed", KEY, "abcd2345", form)
    synced: list[int] = []
    monkeypatch.setattr(sound.os, "fdatasync", synced.append)

    writer.write(bytes(4 * 8000))

    assert (len(synced), writer.records) == (1, 3)
    finish(writer)


@pytest.mark.parametrize(("blocks", "is_without"), [(0, True), (1, False)])
def test_a_file_without_sound_is_told_from_its_size(
    tmp_path: Path, blocks: int, *, is_without: bool
) -> None:
    for version in (1, 2):
        path = tmp_path / f"{version}.sealed"
        block = bytes(1000)
        if version == 1:
            write_version_1(path, KEY, SoundFormat(1000, 1), [block] * blocks, ends=False)
        else:
            writer = SoundWriter(path, KEY, "abcd2345", SoundFormat(1000, 1))
            for _ in range(blocks):
                writer.write(block)
            writer.abandon()

        assert is_without_sound(path) is is_without


def test_a_full_disk_leaves_the_last_record_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "001.sealed"
    writer = SoundWriter(path, KEY, "abcd2345", TINY)
    writer.write(BLOCK)
    really = os.write

    def half(descriptor: int, raw: bytes) -> int:
        if len(raw) < 20:  # the rest of what was written half
            raise OSError(errno.ENOSPC, "no space left")
        return really(descriptor, raw[: len(raw) - 10])

    with monkeypatch.context() as full:
        full.setattr(sound.os, "write", half)
        with pytest.raises(DiskFull):
            writer.write(BLOCK)
    finish(writer)

    assert writer.frames == 20
    with SoundReader(path, KEY) as reader:
        assert reader.read(0, 100) == BLOCK
        assert reader.verify_records() is FileEnding.COMPLETE


def test_after_a_full_disk_no_nonce_seals_a_second_plaintext(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = SoundWriter(tmp_path / "001.sealed", KEY, "abcd2345", TINY)

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as full:
        full.setattr(sound.os, "write", refuse)
        with pytest.raises(DiskFull):
            writer.write(BLOCK)

    with pytest.raises(DiskFull):
        writer.write(BLOCK[::-1])
    writer.abandon()


def test_a_file_that_could_not_be_begun_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as full:
        full.setattr(sound.os, "write", refuse)
        with pytest.raises(DiskFull):
            SoundWriter(tmp_path / "001.sealed", KEY, "abcd2345", TINY)

    assert list(tmp_path.iterdir()) == []


def test_marks_from_another_thread_do_not_tear_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "001.sealed"
    writer = SoundWriter(path, KEY, "abcd2345", TINY, sync_each=False)

    def mark_often() -> None:
        for _ in range(200):
            writer.write_mark(Mark(0.0, "pause"))

    thread = threading.Thread(target=mark_often)
    thread.start()
    for _ in range(200):
        writer.write(BLOCK)
    thread.join()
    finish(writer)

    with SoundReader(path, KEY) as reader:
        assert reader.verify_records() is FileEnding.COMPLETE
        assert reader.records == writer.records == 402


def test_a_file_is_claimed_as_long_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "001.sealed"
    writer = SoundWriter(path, KEY, "abcd2345", TINY)

    with claim_file(path) as is_ours:
        assert not is_ours
    writer.end()
    assert is_being_written(path)
    writer.abandon()

    with claim_file(path) as is_ours:
        assert is_ours
    with claim_file(tmp_path / "gone") as is_ours:
        assert not is_ours


def test_a_name_taken_away_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "001.sealed"
    really = sound.take_lock
    taken: list[Path] = []

    def be_late(descriptor: int, *, is_shared: bool = False, waits: bool = False) -> bool:
        if not taken:
            taken.append(path)
            path.unlink()
        return really(descriptor, is_shared=is_shared, waits=waits)

    monkeypatch.setattr(sound, "take_lock", be_late)
    finish(SoundWriter(path, KEY, "abcd2345", TINY))

    assert ending(path) is FileEnding.COMPLETE
