"""Small sound files of every kind, made by PyAV and the standard library: two beeps in silence.

The beeps stand at known seconds, so that a test sees not only that sound came in but where.
"""

from __future__ import annotations

import importlib
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
BEEPS = (1.0, 2.0)  # seconds at which a beep of BEEP_S begins
BEEP_S, LENGTH_S = 0.5, 3.0

_av = cast("Any", av)  # its types are partly unknown
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def beeping(rate: int = 16_000, channels: int = 1, seconds: float = LENGTH_S) -> Samples:
    """Two beeps of 500 Hz in silence; float64 (frames, channels), peak 0.5."""
    at_s = np.arange(round(seconds * rate)) / rate
    loud = np.zeros_like(at_s)
    for begin_s in BEEPS:
        loud[(at_s >= begin_s) & (at_s < begin_s + BEEP_S)] = 0.5
    return np.repeat((loud * np.sin(2 * np.pi * 500 * at_s))[:, None], channels, axis=1)


def find_onsets(pcm: NDArray[np.int16], rate: int) -> list[float]:
    """The seconds at which something becomes loud, to the hundredth, of 16-bit mono."""
    step = rate // 100
    blocks = pcm[: len(pcm) // step * step].reshape(-1, step).astype(np.float64)
    loud = np.sqrt((blocks**2).mean(axis=1)) > 2000
    quiet_for, onsets = 99, list[float]()
    for number, is_loud in enumerate(loud):
        if is_loud and quiet_for >= 20:
            onsets.append(number / 100)
        quiet_for = 0 if is_loud else quiet_for + 1
    return onsets


def write_libsndfile(path: Path, samples: Samples, rate: int = 16_000, **how: str) -> Path:
    """Write samples through libsndfile."""
    library = cast("Any", importlib.import_module("soundfile"))
    library.write(path, samples, rate, **how)
    return path


class Track:
    """A sound track to encode; ``skip_s``: seconds of time stamps to jump at ``skip_at_s``."""

    def __init__(
        self, samples: Samples, rate: int, codec: str, *, form: str = "", start_s: float = 0.0,
        skips: Sequence[tuple[float, float]] = (), bit_rate: int = 0,
    ) -> None:  # fmt: skip
        self.samples, self.rate, self.codec, self.form = samples, rate, codec, form
        self.start_s, self.skips, self.bit_rate = start_s, skips, bit_rate


def write_tracks(
    path: Path, tracks: Sequence[Track], *, container: str = "", video_s: float = 0.0,
    **options: str,
) -> Path:  # fmt: skip
    """Write sound tracks, and a small picture of ``video_s`` seconds where asked, through PyAV.

    Skips shift what an encoder gave out, so that a gap in the times is a gap between packets.
    """
    with _av.open(path, "w", format=container or None, options=options) as made:
        video = _add_video(made, video_s)
        streams = [_add_sound(made, track) for track in tracks]
        packets = list[Any]()
        if video is not None:
            packets += _encode_video(video, video_s)
        for stream, track in zip(streams, tracks, strict=True):
            packets += _encode_sound(stream, track)
        packets.sort(key=lambda packet: float((packet.dts or 0) * packet.time_base))
        for packet in packets:
            made.mux(packet)
    return path


def _add_sound(made: Any, track: Track) -> Any:  # noqa: ANN401
    layout = _LAYOUTS[track.samples.shape[1]]
    stream = made.add_stream(track.codec, rate=track.rate, layout=layout)
    if track.form:
        stream.format = track.form
    if track.bit_rate:
        stream.bit_rate = track.bit_rate
    return stream


def _encode_sound(stream: Any, track: Track) -> list[Any]:  # noqa: ANN401
    layout = _LAYOUTS[track.samples.shape[1]]
    pcm = np.rint(track.samples * 32767).astype(np.int16)
    stream.codec_context.open(strict=False)
    form, size = stream.codec_context.format.name, stream.codec_context.frame_size or 1000
    resampler = _av.AudioResampler(form, layout, track.rate, frame_size=size)
    packets = list[Any]()
    for first in range(0, len(pcm), 1000):
        block = np.ascontiguousarray(pcm[first : first + 1000].reshape(1, -1))
        frame = _av.AudioFrame.from_ndarray(block, format="s16", layout=layout)
        frame.sample_rate, frame.pts = track.rate, first
        for ready in resampler.resample(frame):
            packets += stream.encode(ready)
    for ready in resampler.resample(None):
        packets += stream.encode(ready)
    packets += stream.encode(None)
    for packet in packets:
        at_s = float(packet.pts * packet.time_base)
        shift_s = track.start_s + sum(by_s for from_s, by_s in track.skips if at_s >= from_s)
        packet.pts += round(shift_s / packet.time_base)
        packet.dts = packet.pts
    return packets


def _add_video(made: Any, seconds: float) -> Any:  # noqa: ANN401
    if not seconds:
        return None
    stream = made.add_stream("mpeg2video" if made.format.name in _BROADCAST else "mpeg4", rate=25)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
    return stream


_BROADCAST = {"mpegts", "mpeg", "vob", "mxf"}


def _encode_video(stream: Any, seconds: float) -> list[Any]:  # noqa: ANN401
    grey = np.full((64, 64, 3), 128, np.uint8)
    packets = list[Any]()
    for number in range(round(seconds * 25)):
        frame = _av.VideoFrame.from_ndarray(grey, format="rgb24")
        frame.pts = number
        packets += stream.encode(frame)
    return packets + list(stream.encode(None))


def write_wave(
    path: Path, pcm: bytes, *, claimed: int, tail: bytes = b"", rate: int = 16_000
) -> Path:
    """Write a WAV of 16-bit mono whose header claims ``claimed`` bytes."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + claimed) + b"WAVE" + form
    path.write_bytes(head + b"data" + struct.pack("<I", claimed) + pcm + tail)
    return path


def as_pcm(samples: Samples) -> bytes:
    """16-bit little-endian PCM of samples."""
    return np.rint(samples * 32767).astype("<i2").tobytes()


def join_files(path: Path, parts: Iterable[Path]) -> Path:
    """Write the bytes of files one after the other."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path
