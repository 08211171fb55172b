"""Read RTF as f4, f5 and word processors write it: its text, with what is not in the text named.

Footnotes, comments, the heads of pages and deleted words are left out and told. Pictures, fonts and
styles hold no words. Every character is passed once; no group is read by calling itself.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from capture.transcript_import.imported_turn import LeftOut, LeftPart
from study.errors import NotTranscript, TranscriptFlaw

_MOST_CONTROLS = 1_000_000  # a day of talk in Word's own RTF has a few hundred thousand
_DEEPEST = 1_000
_PART = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})?[ ]?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_CHARS = {
    b"par": "\n", b"line": "\n", b"sect": "\n\n", b"page": "\n", b"row": "\n", b"tab": "\t",
    b"cell": "\t", b"nestcell": "\t", b"emdash": "\u2014", b"endash": "\u2013", b"bullet": "\u2022",
    b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d",
    b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SIGNS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_ASIDE = {
    b"footnote": LeftOut.FOOTNOTE, b"annotation": LeftOut.COMMENT,
    b"header": LeftOut.PAGE_HEAD, b"headerl": LeftOut.PAGE_HEAD, b"headerr": LeftOut.PAGE_HEAD,
    b"headerf": LeftOut.PAGE_HEAD, b"footer": LeftOut.PAGE_HEAD, b"footerl": LeftOut.PAGE_HEAD,
    b"footerr": LeftOut.PAGE_HEAD, b"footerf": LeftOut.PAGE_HEAD,
}  # fmt: skip
_WORDLESS = frozenset({
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"fldinst", b"listtable",
    b"listoverridetable", b"generator", b"themedata", b"colorschememapping", b"latentstyles",
    b"datastore", b"xmlnstbl", b"rsidtbl", b"filetbl", b"revtbl", b"bkmkstart", b"bkmkend",
    b"nonesttables", b"pntext", b"atnid", b"atnauthor", b"nonshppict",
})  # fmt: skip
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces. skip: how many characters stand behind a Unicode one."""

    aside: LeftOut | None = None
    is_wordless: bool = False
    is_deleted: bool = False
    is_hidden: bool = False
    font: int = -1
    skip: int = 1


def read_rich_text(content: bytes) -> tuple[str, list[LeftPart], bool]:
    """Return the text of an RTF file, the parts that are not in it, and whether its end is missing.

    Raises:
        NotTranscript: it has more marks or text than any transcript.
    """
    if content.count(b"\\") + content.count(b"{") > _MOST_CONTROLS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_LINES)
    reader = _Reader()
    is_whole = reader.read(content)
    return *reader.finish(), not is_whole


class _Reader:
    def __init__(self) -> None:
        self._text: list[str] = []
        self._left: list[LeftPart] = []
        self._aside: list[str] = []  # the text of the aside that is being read
        self._aside_kind: LeftOut | None = None
        self._raw = bytearray()  # bytes of a code page that are not decoded yet
        self._group = _Group()
        self._outer: list[_Group] = []  # the groups around it
        self._fonts: dict[int, str] = {}
        self._font_named = -1
        self._codec = "cp1252"
        self._to_skip = 0
        self._high = 0  # the first half of a character beyond the first 65,536

    def read(self, content: bytes) -> bool:
        """Read all parts; return whether the brace is there that ends the file."""
        at = 0
        while (part := _PART.match(content, at)) is not None:
            word, number, hexed, sign, brace, plain = part.groups()
            at = part.end()
            if hexed is not None:
                self._add_bytes(bytes.fromhex(hexed.decode("ascii")))
            elif plain is not None:
                self._add_bytes(plain)
            elif word == b"bin":
                at += max(0, int(number or 0))
            elif word is not None:
                self._obey(word, None if number is None else int(number))
            elif sign is not None:
                self._add_sign(sign)
            elif brace == b"{":
                self._open()
            elif brace == b"}" and not self._close():
                if content[at:].strip(b"\0\t\r\n "):
                    self._left.append(LeftPart(LeftOut.TAIL, ""))
                return True
        return False

    def finish(self) -> tuple[str, list[LeftPart]]:
        """Return the text and what is left out."""
        self._end_aside(None)
        return "".join(self._text), self._left

    def _open(self) -> None:
        self._flush()
        if len(self._outer) >= _DEEPEST:
            raise NotTranscript(TranscriptFlaw.TOO_MANY_LINES)
        self._outer.append(self._group)

    def _close(self) -> bool:
        """Leave a group; False where it was the outermost."""
        self._flush()
        if not self._outer:
            return False
        self._group, self._to_skip = self._outer.pop(), 0
        return bool(self._outer)

    def _add_sign(self, sign: bytes) -> None:
        self._to_skip = 0
        if sign == b"*":
            self._flush()
            self._group = replace(self._group, is_wordless=True)
        elif sign in _SIGNS:
            self._add(_SIGNS[sign])

    def _obey(self, word: bytes, number: int | None) -> None:
        self._flush_unless_unicode(word)
        group = self._group
        if word == b"u" and number is not None:
            self._add_unicode(number % 0x10000)
            self._to_skip = group.skip
            return
        self._to_skip = 0
        if word in _CHARS:
            self._add(_CHARS[word])
        else:
            self._note_codec(word, number)
            self._group = _change(group, word, number)

    def _note_codec(self, word: bytes, number: int | None) -> None:
        """Note which code page the file or one of its fonts has."""
        if word == b"f" and number is not None:
            self._font_named = number
        elif word == b"fcharset" and number in _CHARSETS:
            self._fonts[self._font_named] = _CHARSETS[number]
        elif word == b"ansicpg" and number is not None:
            self._codec = _find_codec(f"cp{number}")
        elif word == b"mac":
            self._codec = "mac_roman"

    def _add_bytes(self, raw: bytes) -> None:
        skipped = min(self._to_skip, len(raw))
        self._to_skip -= skipped
        self._raw += raw[skipped:]

    def _flush_unless_unicode(self, word: bytes) -> None:
        if self._raw or word != b"u":
            self._flush()

    def _flush(self) -> None:
        if self._raw:
            codec = self._fonts.get(self._group.font, self._codec)
            raw, self._raw = bytes(self._raw), bytearray()
            self._add(raw.decode(codec, errors="replace"))

    def _add_unicode(self, code: int) -> None:
        """Add a character; two halves of one come one after the other."""
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004 - UTF-16's high halves
            self._high = code
        elif 0xDC00 <= code < 0xE000:  # noqa: PLR2004 - UTF-16's low halves
            if self._high:
                self._add(chr(0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00)))
            self._high = 0
        else:
            self._add(chr(code))

    def _add(self, text: str) -> None:
        self._flush()
        group = self._group
        if group.is_wordless:
            return
        kind = LeftOut.DELETED if group.is_deleted or group.is_hidden else group.aside
        if kind is not self._aside_kind:
            self._end_aside(kind)
        (self._text if kind is None else self._aside).append(text)

    def _end_aside(self, following: LeftOut | None) -> None:
        self._flush()
        words = " ".join("".join(self._aside).split())
        if words and self._aside_kind is not None:
            self._left.append(LeftPart(self._aside_kind, words))
        self._aside, self._aside_kind = [], following


def _change(group: _Group, word: bytes, number: int | None) -> _Group:
    """Return what holds in a group behind a control word."""
    if word in _ASIDE:
        changed = replace(group, aside=_ASIDE[word], is_wordless=False)
    elif word in _WORDLESS:
        changed = replace(group, is_wordless=True)
    elif word == b"uc":
        changed = replace(group, skip=max(0, min(number or 0, 8)))
    elif word == b"f" and number is not None:
        changed = replace(group, font=number)
    elif word == b"deleted":
        changed = replace(group, is_deleted=number != 0)
    elif word == b"v":
        changed = replace(group, is_hidden=number != 0)
    elif word == b"plain":
        changed = replace(group, is_deleted=False, is_hidden=False, font=-1)
    else:
        changed = group
    return changed


def _find_codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
