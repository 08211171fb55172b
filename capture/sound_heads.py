"""Whether a sound file begins at a place of a file, by marks that no sound holds by chance.

A file that another one is joined to goes on where the first ends. So a head counts only where it is
several bytes long, or where three frames follow each other as they do in MPEG sound.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from capture.file_view import FileView

ASF_HEAD = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
SOUND_MAGIC = re.compile(
    rb"(?:RIFF|RIFX|RF64)....(?:WAVE|AVI )|FORM....AIF[FC]|\x00\x00..ftyp|caff\x00\x01|FLV\x01"
    rb"|OggS\x00[\x02\x06]|fLaC[\x00\x80]\x00\x00\x22|\x1a\x45\xdf\xa3|#!AMR(?:-WB)?\n"
    rb"|riff\x2e\x91\xcf\x11|\.snd\x00\x00|" + re.escape(ASF_HEAD),
    re.DOTALL,
)
"""How files begin, but for MPEG sound, which has no head."""

_FRAMES_TO_KNOW = 3
_SYNC_SAFE_BITS = 7
_ID3_HEAD = 10
# Bit rates in kbit/s by (is it MPEG 1, layer), rates by version; as the standards number them.
_BIT_RATES = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def begins_sound_file(file: FileView, offset: int) -> bool:
    """Whether a sound file of a known kind begins at this place."""
    offset = skip_id3(file, offset)
    if SOUND_MAGIC.match(file.read_at(16, offset)):
        return True
    return any(
        _has_frames(file, offset, measure) for measure in (measure_mpeg_frame, measure_adts_frame)
    )


def skip_id3(file: FileView, offset: int) -> int:
    """Return the place behind an ID3 tag, whose length is coded in 7-bit bytes."""
    head = file.read_at(_ID3_HEAD, offset)
    if not head.startswith(b"ID3") or len(head) < _ID3_HEAD:
        return offset
    length = 0
    for byte in head[6:]:
        length = length << _SYNC_SAFE_BITS | byte & 0x7F
    return offset + _ID3_HEAD + length


def measure_mpeg_frame(head: bytes, at: int = 0) -> int:
    """Return the bytes of the MP3, MP2 or MP1 frame that begins with these; 0 where none does."""
    return _MPEG_FRAMES.get(head[at : at + 3], 0)


def measure_adts_frame(head: bytes) -> int:
    """Return the bytes of a frame of AAC without a container; 0 where none begins."""
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:  # noqa: PLR2004 - its sync
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > 7 else 0  # noqa: PLR2004 - no more than its header


def _has_frames(file: FileView, offset: int, measure: Callable[[bytes], int]) -> bool:
    for _ in range(_FRAMES_TO_KNOW):
        length = measure(file.read_at(8, offset))
        if not length:
            return False
        offset += length
    return True


def _list_mpeg_frames() -> dict[bytes, int]:
    """Return the length of a frame by its first three bytes."""
    lengths: dict[bytes, int] = {}
    for second in range(0xE0, 0x100):
        version, layer = second >> 3 & 3, 4 - (second >> 1 & 3)
        rates, bits = _RATES.get(version), _BIT_RATES.get((version == 3, layer))  # noqa: PLR2004
        if rates is None or bits is None:
            continue
        for third in range(0x100):
            kbit, rate, padding = third >> 4, third >> 2 & 3, third >> 1 & 1
            if not 0 < kbit < 15 or rate == 3:  # noqa: PLR2004 - free and reserved ones
                continue
            bit_rate = bits[kbit - 1] * 1000
            if layer == 1:
                length = (12 * bit_rate // rates[rate] + padding) * 4
            else:
                is_half = layer == 3 and version != 3  # noqa: PLR2004 - MPEG 2 has half the samples
                length = (72 if is_half else 144) * bit_rate // rates[rate] + padding
            lengths[bytes((0xFF, second, third))] = length
    return lengths


_MPEG_FRAMES = _list_mpeg_frames()
