"""Several decoders as one: tracks side by side, links one after the other, and another form.

Tracks become channels, one each, because a track is somebody's microphone or somebody's side of a
call. Links of a chained file may differ in rate and channels; the whole takes the highest of each,
so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from capture.track_timeline import SoundGap
from study import SoundFormat

if TYPE_CHECKING:
    from av.audio.resampler import AudioResampler


class SoundDecoder(Protocol):
    """An open sound file: its format, its sound block by block, and whether its end is missing.

    ``claimed`` is the number of frames it should have, None if it does not say. ``header_frames``
    is what its header says where that is known to be wrong. ``tracks`` and ``links`` are how many
    sound tracks and joined files are in it, ``left_out`` the codecs of tracks that cannot be
    decoded, ``damaged_places`` how many places could not be. ``container_s`` is the length by the
    container's own clock, 0.0 where it has none; ``estimated_s`` may be made of the file's size.
    """

    container: str
    codec: str
    rate: int
    channels: int
    claimed: int | None
    header_frames: int | None
    tracks: int
    links: int
    left_out: tuple[str, ...]
    container_s: float
    estimated_s: float

    @property
    def damaged_places(self) -> int:
        """How many places could not be decoded, so far."""
        ...

    @property
    def unread_bytes(self) -> int:
        """How many bytes behind the sound are something else than an index or a tag."""
        ...

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Yield interleaved little-endian 16-bit PCM; a block is valid until the next."""
        ...

    def is_cut(self, frames: int) -> bool:
        """Whether ``frames``, all that could be decoded, are fewer than the file should have."""
        ...

    def take_gaps(self, *, all_of_them: bool = False) -> list[SoundGap]:
        """Return the gaps found since the last call that are complete; at the end, all."""
        ...


def convert_blocks(
    blocks: Iterator[bytes | memoryview], form: SoundFormat, target: SoundFormat
) -> Iterator[bytes]:
    """Yield the sound of ``blocks`` at another rate or with other channels, a second at a time.

    More channels are mixed to one where one is wanted; a single one is given to each channel.
    """
    if form == target:
        yield from (bytes(block) for block in blocks)
        return
    held = bytearray()
    second = target.rate * target.frame_bytes
    for part in _resample(_remix(blocks, form.channels, target.channels), form.rate, target):
        held += part
        while len(held) >= second:
            yield bytes(held[:second])
            del held[:second]
    if held:
        yield bytes(held)


def _remix(blocks: Iterator[bytes | memoryview], have: int, want: int) -> Iterator[bytes]:
    import numpy as np

    for block in blocks:
        if have == want:
            yield bytes(block)
            continue
        samples = np.frombuffer(block, "<i2").reshape(-1, have)
        if want == 1:
            mixed = np.rint(samples.mean(axis=1)).astype("<i2")
        elif have == 1:
            mixed = np.repeat(samples, want, axis=1)
        else:
            mixed = np.zeros((len(samples), want), "<i2")
            mixed[:, : min(have, want)] = samples[:, :want]
        yield mixed.tobytes()


def _resample(blocks: Iterator[bytes], rate: int, target: SoundFormat) -> Iterator[bytes]:
    if rate == target.rate:
        yield from blocks
        return
    import av
    import numpy as np

    # One resampler for each channel: a layout of any number of channels has no name.
    resamplers = [av.AudioResampler("s16", "mono", target.rate) for _ in range(target.channels)]
    for block in blocks:
        if not block:
            continue
        samples = np.frombuffer(block, "<i2").reshape(-1, target.channels)
        yield _interleave([
            _pull(one, rate, np.ascontiguousarray(samples[:, number]).tobytes())
            for number, one in enumerate(resamplers)
        ])  # fmt: skip
    yield _interleave([_pull(one, rate, b"") for one in resamplers])


def _pull(resampler: AudioResampler, rate: int, pcm: bytes) -> bytes:
    """Pass mono sound through a resampler; none of it ends the sound."""
    import av

    frame = None
    if pcm:
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2, align=1)
        frame.planes[0].update(pcm)
        frame.sample_rate = rate
    return b"".join(bytes(done.planes[0])[: done.samples * 2] for done in resampler.resample(frame))


def _interleave(channels: Sequence[bytes]) -> bytes:
    import numpy as np

    if len(channels) == 1:
        return channels[0]
    least = min(map(len, channels)) // 2 * 2
    return np.stack([np.frombuffer(c[:least], "<i2") for c in channels], axis=1).tobytes()


class ConvertedDecoder:
    """A decoder at another rate, or with other channels."""

    def __init__(self, inner: SoundDecoder, target: SoundFormat) -> None:
        self._inner = inner
        self.container, self.codec = inner.container, inner.codec
        self.rate, self.channels = target.rate, target.channels
        self.claimed = _scale(inner.claimed, inner.rate, target.rate)
        self.header_frames = _scale(inner.header_frames, inner.rate, target.rate)
        self.tracks, self.links, self.left_out = inner.tracks, inner.links, inner.left_out
        self.container_s, self.estimated_s = inner.container_s, inner.estimated_s

    @property
    def damaged_places(self) -> int:
        """How many places could not be decoded, so far."""
        return self._inner.damaged_places

    @property
    def unread_bytes(self) -> int:
        """How many bytes behind the sound are something else."""
        return self._inner.unread_bytes

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Yield interleaved 16-bit PCM, at most a second at a time."""
        inner = self._inner
        form, target = (
            SoundFormat(inner.rate, inner.channels),
            SoundFormat(self.rate, self.channels),
        )
        yield from convert_blocks(inner.blocks(), form, target)

    def is_cut(self, frames: int) -> bool:
        """Whether the end is missing."""
        # A resampler may give or keep a few frames.
        return self._inner.is_cut(-(-frames * self._inner.rate // self.rate) + self.rate // 100)

    def take_gaps(self, *, all_of_them: bool = False) -> list[SoundGap]:
        """Return the gaps since the last call; their times are in seconds."""
        return self._inner.take_gaps(all_of_them=all_of_them)


class TracksDecoder:
    """Tracks side by side, a channel each; one that ends earlier is silent to the end."""

    def __init__(self, tracks: Sequence[SoundDecoder], left_out: tuple[str, ...]) -> None:
        self.rate = max(track.rate for track in tracks)
        self._tracks = [ConvertedDecoder(one, SoundFormat(self.rate, 1)) for one in tracks]
        self.container = tracks[0].container
        self.codec = ", ".join(dict.fromkeys(track.codec for track in tracks))
        self.channels = self.tracks = len(tracks)
        claimed = [track.claimed for track in self._tracks if track.claimed is not None]
        self.claimed = max(claimed) if len(claimed) == len(tracks) else None
        self.header_frames: int | None = None
        self.links = 1
        self.left_out = left_out
        self._frames = [0] * len(tracks)
        self.container_s, self.estimated_s = tracks[0].container_s, tracks[0].estimated_s

    @property
    def damaged_places(self) -> int:
        """How many places could not be decoded, so far, in all tracks."""
        return sum(track.damaged_places for track in self._tracks)

    @property
    def unread_bytes(self) -> int:
        """How many bytes behind the sound are something else."""
        return min(track.unread_bytes for track in self._tracks)

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Yield interleaved 16-bit PCM, at most a second at a time."""
        import numpy as np

        sources = [_Seconds(track.blocks(), 2 * self.rate) for track in self._tracks]
        while True:
            parts = [source.take() for source in sources]
            for number, part in enumerate(parts):
                self._frames[number] += len(part) // 2
            longest = max(map(len, parts))
            if not longest:
                return
            mixed = np.stack([np.frombuffer(p.ljust(longest, b"\0"), "<i2") for p in parts], axis=1)
            yield mixed.tobytes()

    def is_cut(self, frames: int) -> bool:
        """Whether the end of a track is missing."""
        del frames
        own = zip(self._tracks, self._frames, strict=True)
        return any(track.is_cut(frames) for track, frames in own)

    def take_gaps(self, *, all_of_them: bool = False) -> list[SoundGap]:
        """Return the gaps of all tracks; a track that begins later than another has none there."""
        gaps = [gap for one in self._tracks for gap in one.take_gaps(all_of_them=all_of_them)]
        return [gap for gap in gaps if gap.at_s > 0.0 or gap.is_damage]


class _Seconds:
    """Blocks of any length, given out in seconds."""

    def __init__(self, blocks: Iterator[bytes | memoryview], second: int) -> None:
        self._blocks = blocks
        self._second = second
        self._held = bytearray()

    def take(self) -> bytes:
        """Return a second of sound; less at the end, nothing behind it."""
        while len(self._held) < self._second:
            block = next(self._blocks, None)
            if block is None:
                break
            self._held += block
        taken = bytes(self._held[: self._second])
        del self._held[: self._second]
        return taken


class LinksDecoder:
    """The links of a chained file, one after the other; each is opened when it is its turn.

    openers: open one link each, None where it holds no sound that can be decoded. The first has
    been opened to learn the form, which is that of the link with the highest rate and the most
    channels. unread: bytes of further files that are no sound.
    """

    def __init__(
        self, openers: Sequence[Callable[[], SoundDecoder | None]], form: SoundFormat,
        first: SoundDecoder, claimed: int | None, unread: int = 0,
    ) -> None:  # fmt: skip
        self._openers = openers
        self._form = form
        self.container, self.codec = first.container, first.codec
        self.rate, self.channels = form.rate, form.channels
        self.claimed = claimed
        self.header_frames: int | None = None
        self.tracks = 1
        self.links = len(openers)
        self.left_out: tuple[str, ...] = ()
        self.damaged_places, self.unread_bytes = 0, unread
        self.container_s = self.estimated_s = 0.0
        self._is_cut = False
        self._gaps: list[SoundGap] = []

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Yield interleaved 16-bit PCM, at most a second at a time."""
        done = 0
        for opener in self._openers:
            link = opener()
            if link is None:
                self.damaged_places += 1
                continue
            one, begun = ConvertedDecoder(link, self._form), done
            for block in one.blocks():
                done += len(block) // self._form.frame_bytes
                yield block
            self._is_cut = one.is_cut(done - begun)
            self.damaged_places += link.damaged_places
            self.unread_bytes += link.unread_bytes
            self.unread_bytes = link.unread_bytes
            offset_s = begun / self.rate
            self._gaps += [
                replace(gap, at_s=gap.at_s + offset_s) for gap in link.take_gaps(all_of_them=True)
            ]

    def is_cut(self, frames: int) -> bool:
        """Whether the end of the last link is missing."""
        del frames
        return self._is_cut

    def take_gaps(self, *, all_of_them: bool = False) -> list[SoundGap]:
        """Return the gaps of the links that are done."""
        del all_of_them
        taken, self._gaps = self._gaps, []
        return taken


def _scale(frames: int | None, rate: int, target: int) -> int | None:
    return None if frames is None else frames * target // rate
