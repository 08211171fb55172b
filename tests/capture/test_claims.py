"""What a file's structure claims, whatever its bytes are."""

from __future__ import annotations

import itertools
import os
import struct
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.container_length import ContainerClaim, read_claim
from capture.file_view import FileView
from capture.joined_files import find_file_parts
from capture.ogg_links import find_ogg_links

_BEGINNINGS = [
    b"RIFF\0\0\0\0WAVE", b"RIFX\0\0\0\0WAVE", b"RF64\xff\xff\xff\xffWAVE", b"FORM\0\0\0\0AIFF",
    b"fLaC", b"OggS\0", b"ID3\x04\0\0\0\0\0\0", b"\xff\xfb\x90\0", b"\xff\xf1", b"",
    b"\0\0\0\x10ftypM4A \0\0\0\0", b".snd\0\0\0\x18\0\0\0\x10\0\0\0\x03", b"caff\0\1\0\0",
    b"riff\x2e\x91\xcf\x11" + bytes(32), b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67",
    b"RIFF\0\0\0\0AVI ",
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), b"FLV\1",
]  # fmt: skip
_MIDDLES = [
    b"data",
    b"SSND",
    b"COMM",
    b"desc",
    b"pakt",
    b"RIFF",
    b"caff",
    b"FLV\1",
    b"fmt ",
    b"ds64",
    b"moov",
    b"mdat",
    b"OggS\0",
    b"Xing",
    b"\xff\xfb",
    b"",
]
CONTENT = st.tuples(
    st.sampled_from(_BEGINNINGS), st.binary(max_size=40), st.sampled_from(_MIDDLES),
    st.binary(max_size=40),
).map(b"".join)  # fmt: skip


def claimed(content: bytes) -> ContainerClaim:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return read_claim(FileView(file.fileno()))


def wave(length: int, present: int, tag: int = 1) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, tag, 2, 16_000, 64_000, 4, 16)
    odd = struct.pack("<4sI", b"LIST", 3) + b"abc\0"  # a chunk of odd length is padded
    head = b"RIFF\0\0\0\0WAVE" + form + odd
    return head + struct.pack("<4sI", b"data", length) + bytes(present)


@settings(max_examples=300, deadline=None)
@given(CONTENT)
def test_no_content_is_a_failure(content: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        view = FileView(file.fileno())
        found, parts, links = read_claim(view), find_file_parts(view), find_ogg_links(view)

    assert found.frames is None or found.frames >= 0
    assert parts[0][0] == 0
    assert parts[-1][1] == len(content)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(parts))
    assert all(0 <= link.start < link.end <= len(content) for link in links)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5000), st.integers(0, 6000))
def test_a_wav_is_cut_exactly_when_bytes_are_missing(length: int, present: int) -> None:
    found = claimed(wave(length, present))

    assert found.is_cut == (present < length)
    if found.sound is None:
        assert found.frames == length // 4


@settings(max_examples=50, deadline=None)
@given(st.integers(4, 2000), st.integers(300, 6000))
def test_a_length_that_is_too_short_is_seen(length: int, more: int) -> None:
    noise = b"\xff\x00" * (more // 2)

    found = claimed(wave(length, length) + noise)

    assert found.sound is not None
    assert found.header_frames == length // 4
    assert found.sound.length == length + len(noise)


@pytest.mark.parametrize("tail", [b"", b"\0", b"LIST\4\0\0\0INFO", b"id3 \2\0\0\0ab" * 9])
def test_titles_and_marks_behind_the_sound_are_no_sound(tail: bytes) -> None:
    assert claimed(wave(1000, 1000) + tail).sound is None


@pytest.mark.parametrize("wraps", [1, 2])
def test_a_length_beyond_4_gib_is_what_the_file_holds(wraps: int) -> None:
    true = (wraps << 32) + 40_000
    with tempfile.TemporaryFile() as file:
        file.write(wave(40_000, 0))
        begins = file.tell()
        file.truncate(begins + true)  # sparse: it takes no room on the disk
        file.seek(begins + true)
        file.write(b"LIST\4\0\0\0INFO")
        file.flush()
        found = read_claim(FileView(file.fileno()))

    assert found.sound is not None
    assert (found.sound.offset, found.sound.length) == (begins, true)
    assert found.header_frames == 10_000


@pytest.mark.parametrize("unknown", [0, 0xFFFFFFFF, 0x7FFFF000])
def test_a_length_that_was_never_noted_claims_nothing(unknown: int) -> None:
    assert claimed(wave(unknown, 100)) == ContainerClaim("WAV")


def test_a_compressed_wav_claims_bytes_and_no_frames() -> None:
    assert claimed(wave(1000, 500, tag=17)) == ContainerClaim("WAV", None, is_cut=True)


def test_an_ogg_is_cut_unless_its_last_page_is_whole_and_says_it_is_the_last() -> None:
    def page(flags: int, body: int) -> bytes:
        return b"OggS\0" + bytes([flags]) + bytes(20) + bytes([1, body])

    last = page(2, 5) + bytes(5) + page(4, 9)

    assert not claimed(last + bytes(9)).is_cut
    assert claimed(last + bytes(8)).is_cut
    assert claimed(page(2, 5) + bytes(5)).is_cut


def test_an_m4a_needs_its_index() -> None:
    def box(name: bytes, size: int) -> bytes:
        return struct.pack(">I4s", size, name) + os.urandom(size - 8)

    begin = box(b"ftyp", 24)

    assert claimed(begin + box(b"moov", 50) + box(b"mdat", 90)) == ContainerClaim("MP4")
    assert claimed(begin + box(b"moov", 50) + box(b"mdat", 90)[:-9]) == ContainerClaim(
        "MP4", is_cut=True
    )
    assert claimed(begin + box(b"mdat", 90)) == ContainerClaim(
        "MP4", is_cut=True, is_readable=False
    )
