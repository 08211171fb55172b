"""Making text safe for a screen: the one sanitiser, and times as a clock shows them.

A transcript, a file name, a device name or a model's output can hold control characters that
a terminal obeys (set the title, write the clipboard, clear the screen) and marks that reverse
the direction of the text. ``sanitise_text`` shows or drops them, and leaves every word.
"""

from __future__ import annotations

import re
import unicodedata

_DROPPED = frozenset([
    0x200E, 0x200F, 0x061C, 0x2028, 0x2029, 0xFEFF,
    *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xE0000, 0xE0080),
])  # fmt: skip
_PICTURES = 0x2400  # Unicode's pictures of the control characters begin here
_DELETE = 0x7F


def _shown(char: str) -> str:
    code = ord(char)
    if code in _DROPPED:
        return ""
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return "\u2421"
    if unicodedata.category(char) in {"Cc", "Cn", "Cs"}:
        return "\ufffd"
    return char


def sanitise_text(text: str, *, keep_newlines: bool = False) -> str:
    r"""Return ``text`` with nothing in it that a terminal would obey.

    C0 controls become their pictures (``\x1b`` shows as ``␛``), C1 and unassigned code points
    the replacement character; direction marks, line separators and tag characters go. Newlines
    stay only if asked for. Square brackets are ordinary text: show it with markup off.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == "\n" and keep_newlines else _shown(c) for c in text)


def tidy_text(text: str) -> str:
    """Return the text as one line, NFC, without control characters."""
    return unicodedata.normalize("NFC", sanitise_text(" ".join(text.split())))


_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6}(?:\.\d+)?)", re.ASCII)


def parse_clock(text: str) -> float:
    """Return the seconds of ``12:30``, ``1:02:03``, ``750`` or ``12:30.5``.

    Raises:
        ValueError: it is no such time, or has 60 or more minutes or seconds behind a colon.
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError("no time")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    sixty = 60
    if (found[2] and seconds >= sixty) or (found[1] and minutes >= sixty):
        raise ValueError("no time")
    return hours * 3600 + minutes * 60 + seconds


def format_clock(seconds: float) -> str:
    """Return seconds as ``hh:mm:ss``, cut off to the second."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
