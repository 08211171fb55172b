"""Hostile files, made of small real ones: bytes changed, cut, repeated, nested, swollen."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

Mutation = Callable[[bytes, Random], bytes]

_ODD = (
    "\0", "\x1b[2J\x1b]0;x\x07", "\u202e", "\u2066", "\ufeff", "\ufffe", "\u2028", "\x85",
    "\U000e0041", "\U0001f642", "e\u0301" * 50, "\u0661\u0662", "\u00b2", "\x0b\x0c", "\r", "&#0;",
    "&#xD800;", "&#99999999999;", "]]>", "<!--", "-->", "{" * 60, "[" * 60, '"', "\\", "%s%n",
    "../" * 20, "=1+1",
)  # fmt: skip
_RAW = (
    b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xed\xa0\x80", b"\xc0\x80",
    b"\xf4\x90\x80\x80", b"\xff" * 8, b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"\x00" * 64,
    b"PK\x03\x04", b"PK\x01\x02", b"RIFF", b"OggS", b"fLaC", b"%PDF", b"\x1f\x8b",
)  # fmt: skip
_LARGEST = 12_000_000
_DIGITS = re.compile(rb"\d+")


def _flip(content: bytes, dice: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(content: bytes, dice: Random) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def _take_out(content: bytes, dice: Random) -> bytes:
    first, last = sorted(dice.randrange(len(content) + 1) for _ in range(2))
    return content[:first] + content[last:]


def _blot(content: bytes, dice: Random) -> bytes:
    """Overwrite a part with one byte, or with noise."""
    first = dice.randrange(len(content) + 1)
    length = min(dice.choice((1, 4, 64, 4096)), len(content) - first)
    blot = dice.choice((bytes(length), b"\xff" * length, dice.randbytes(length)))
    return content[:first] + blot + content[first + length :]


def _put_in(content: bytes, dice: Random) -> bytes:
    put = dice.choice((*(odd.encode() for odd in _ODD), *_RAW))
    first = dice.choice((0, len(content), dice.randrange(len(content) + 1)))
    return content[:first] + put + content[first:]


def _repeat(content: bytes, dice: Random) -> bytes:
    """Repeat a part of it until the file is large."""
    first = dice.randrange(len(content) + 1)
    part = content[first : first + dice.choice((1, 3, 8, 40, 400))] or b"x"
    times = min(dice.choice((10, 1_000, 100_000, 3_000_000)), _LARGEST // len(part))
    return content[:first] + part * times + content[first:]


def _count_without_end(content: bytes, dice: Random) -> bytes:
    """Put a huge number where a number stands."""
    places = list(_DIGITS.finditer(content))
    number = dice.choice(
        (b"9" * 400, b"9" * 5_000, b"1" + b"0" * 2_000_000, b"-1", b"1e999", b"4294967296")
    )
    if not places:
        return content + number
    place = dice.choice(places)
    return content[: place.start()] + number + content[place.end() :]


def _one_line(content: bytes, dice: Random) -> bytes:
    """Take out all line ends, or all but one, and make it long."""
    flat = content.replace(b"\r", b"").replace(
        b"\n", dice.choice((b"", b" ", b"\x0b", b"\xe2\x80\xa8"))
    )
    return flat * max(1, min(dice.choice((1, 100, 30_000)), _LARGEST // max(1, len(flat))))


def _encode_otherwise(content: bytes, dice: Random) -> bytes:
    text = content.decode("latin-1")
    return text.encode(dice.choice(("utf-16", "utf-16-be", "utf-32", "utf-7", "cp037")), "replace")


def _nest(content: bytes, dice: Random) -> bytes:
    """Open something over and over."""
    opened = dice.choice(
        (
            b"<p>",
            b"<a ",
            b"<v ",
            b"<!--",
            b"[",
            b"{",
            b"<w:p>",
            b"a.",
            b"> ",
            b"- ",
            b"    ",
            b"[[",
            b"('",
        )
    )
    times = dice.choice((100, 10_000, 700_000))
    first = dice.choice((0, len(content), dice.randrange(len(content) + 1)))
    return content[:first] + opened * times + content[first:]


def _leave_nothing(content: bytes, dice: Random) -> bytes:
    del content
    return dice.choice(
        (b"", b"\xef\xbb\xbf", b"\n", b" " * 5_000_000, b"\n" * 3_000_000, bytes(1_000_000))
    )


_PLAIN: tuple[Mutation, ...] = (
    _flip, _flip, _cut, _take_out, _blot, _put_in, _repeat, _count_without_end, _one_line,
    _encode_otherwise, _nest, _leave_nothing,
)  # fmt: skip


def _change_member(content: bytes, dice: Random) -> bytes:
    """Change one part of a zip file, and pack it again as if nothing was wrong."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
        how = packed.infolist()[0].compress_type
    chosen = dice.choice([*parts])
    parts[chosen] = dice.choice(_PLAIN)(parts[chosen], dice)
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", how, compresslevel=1) as packed:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def _swell(content: bytes, dice: Random) -> bytes:
    """Add to a zip file what unpacks to far more, or many parts, or a name that leads out of it."""
    out = io.BytesIO(content)
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
    ):
        warnings.simplefilter("ignore")
        first = packed.namelist()[0]
        what = dice.randrange(5)
        if what == 0:
            packed.writestr("word/more.xml", bytes(80 << 20))
        elif what == 1:
            for number in range(20_000):
                packed.writestr(f"a{number}", b"")
        elif what == 2:  # noqa: PLR2004 - one of five
            packed.writestr(
                dice.choice(("../../out", "/etc/x", "C:\\x", "a\0b", "x" * 60_000)), b"x"
            )
        elif what == 3:  # noqa: PLR2004 - one of five
            packed.writestr(first, bytes(1000))  # twice
        else:
            packed.writestr("inner.zip", content)
    return out.getvalue()


def _lie_about_size(content: bytes, dice: Random) -> bytes:
    """Change what a zip file's list of contents says of a part."""
    changed = bytearray(content)
    first = changed.rfind(b"PK\x01\x02")
    if first >= 0:
        at = first + dice.choice((10, 16, 20, 24, 28, 42))
        changed[at : at + 4] = dice.choice((b"\xff" * 4, bytes(4), dice.randbytes(4)))
    return bytes(changed)


_ZIPPED: tuple[Mutation, ...] = (_change_member, _change_member, _swell, _lie_about_size)


def mutate(content: bytes, others: list[bytes], dice: Random) -> bytes:
    """Return a hostile file made of a good one, or another kind of file in its place."""
    if dice.random() < 0.04:  # noqa: PLR2004 - a share of them
        return dice.choice(others)
    is_zip = content.startswith(b"PK\x03\x04")
    changed = content
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        ways = _ZIPPED if is_zip and changed is content and dice.random() < 0.6 else _PLAIN  # noqa: PLR2004
        changed = dice.choice(ways)(changed, dice)
    return changed[: 4 * _LARGEST]


def _pipe(path: Path) -> None:
    import os

    os.mkfifo(path)


def _socket(path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(6 << 30)


HUGE = "6 GB of nothing"
SPECIAL: dict[str, Callable[[Path], None]] = {
    "a pipe": _pipe,
    "a folder": Path.mkdir,
    "a socket": _socket,
    "/dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "/dev/urandom": lambda path: path.symlink_to("/dev/urandom"),
    "/dev/stdin": lambda path: path.symlink_to("/dev/stdin"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nothing": lambda path: path.symlink_to(path.with_name("nothing")),
    "/proc/self/mem": lambda path: path.symlink_to("/proc/self/mem"),
    HUGE: _huge,
}
"""What is no file, or no small one, in the place of one."""
