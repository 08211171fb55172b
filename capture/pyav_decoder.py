"""Decoding through PyAV: every sound track of a file, on the file's own time line.

Files of phones, cameras and messengers have several tracks, gaps in their times, and sound that
begins later than the picture. Each track is decoded by a container of its own over the same bytes,
so memory does not grow however the tracks lie in the file.
"""

from __future__ import annotations

import contextlib
import io
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from capture.container_length import ContainerClaim
from capture.file_view import FileView
from capture.limits import MOST_CHANNELS, check_reasonable
from capture.mp4_tracks import SPATIAL_CODEC, list_mp4_tracks
from capture.track_timeline import SoundGap, TrackTimeline
from study.errors import NotSound, SoundEmpty, SoundFlaw, SoundKindRefused, SoundUnreasonable

if TYPE_CHECKING:
    from av import AudioFrame, Packet
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# The only demuxers PyAV may choose from: sound and video files, and none that opens a link in a
# file (playlists, "concat") or takes any bytes for sound (raw PCM).
_DEMUXERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,loas,matroska,mov,mp3,mpc,mpc8,mpeg,"
    "mpegts,mxf,nut,ogg,qcp,rm,tak,tta,voc,w64,wav,wv,xwma"
)
# Demuxers of files without times: they count, so that what cannot be decoded takes no time.
_WITHOUT_TIMES = frozenset({"aac", "ac3", "dts", "eac3", "loas", "mp3"})
# An index at the end takes a twentieth at most (of an AVI with small pictures), tags some kB; that
# of an MP4 may take more, but its boxes are counted.
_LEAST_UNREAD, _LEAST_UNREAD_SHARE = 8 << 10, 0.1
_PACKETS_TO_MEASURE = 32  # about a second, in which silence and speech take much the same room
_TWIN_S = 1.0  # by which two tracks with the same sound may differ in length
_TAGS = (b"ID3", b"TAG", b"APETAGEX", b"LYRICSBEGIN")  # no sound, wherever they are
_FLAC_SYNC = 0xFF
_TIME_BASE = 1_000_000  # of a container's own start and length
_LONGEST_CLAIM = 100 * 12 * 3600 * _TIME_BASE


def list_pyav_failures() -> tuple[type[Exception], ...]:
    """Return all that broken files were seen to raise.

    IndexError comes from streams that a broken MPEG stream gains while it is read.
    """
    from av.error import FFmpegError

    return FFmpegError, ValueError, OSError, IndexError


class PyavFile:
    """What PyAV finds in a file, before anything is decoded.

    tracks: the indexes of the sound tracks that can be decoded. left_out: the names of the codecs
    of those that cannot; "" where not even that is known. container_s: its length in seconds, 0.0
    where it states none.

    Raises:
        NotSound: PyAV knows no such file.
        SoundKindRefused: it is a video without sound, or no track can be decoded.
    """

    def __init__(
        self, file: FileView, held: contextlib.ExitStack, options: dict[str, str] | None = None
    ) -> None:
        from av.logging import PANIC, set_level

        set_level(PANIC)
        self._file = file
        self.size = file.size
        self._held = held
        self._options = {"format_whitelist": _DEMUXERS} | (options or {})
        container = self.open_container()
        self.name = container.format.name
        self.tracks: list[int] = []
        self.left_out: list[str] = []
        # By MP4's own index: PyAV names no codec that it does not know.
        self._known = list_mp4_tracks(file) if "mp4" in self.name.split(",") else []
        for stream in container.streams:
            if stream.type == "audio":
                self._sort_stream(cast("AudioStream", stream))
        if not self.tracks:
            if self.left_out:
                raise SoundKindRefused(SoundFlaw.CODEC)
            raise SoundKindRefused(SoundFlaw.NO_TRACK) if container.streams.video else NotSound
        claimed = container.duration or 0
        self.container_s = claimed / _TIME_BASE if 0 < claimed < _LONGEST_CLAIM else 0.0

    def open_container(self) -> InputContainer:
        """Open the file once more, with a position of its own."""
        import av

        file = self._held.enter_context(io.BufferedReader(self._file.part(0, self.size), 1 << 16))
        try:
            return self._held.enter_context(
                av.open(file, "r", options=self._options, metadata_errors="ignore")
            )
        except list_pyav_failures():
            raise NotSound from None

    def _sort_stream(self, stream: AudioStream) -> None:
        # A stream of an unknown kind has no decoder, whatever the types of PyAV say.
        context = cast("AudioCodecContext | None", stream.codec_context)
        if context is not None and context.sample_rate and context.channels:
            self.tracks.append(stream.index)
        else:
            self.left_out.append(self._name_codec())

    def _name_codec(self) -> str:
        """Return the name of the codec of the track that is looked at, "" where it is not known.

        Spatial audio is named only beside a track as long as it, which is the same sound.
        """
        number = len(self.tracks) + len(self.left_out)
        if number >= len(self._known):
            return ""
        one, others = self._known[number], self._known[:number] + self._known[number + 1 :]
        has_twin = any(
            other.codec != one.codec and abs(other.length_s - one.length_s) <= _TWIN_S
            for other in others
        )
        return one.codec if one.codec != SPATIAL_CODEC or has_twin else ""


class PyavTrack:
    """Decodes one track of a file.

    Raises:
        NotSound: it holds packets, and none of them can be decoded.
        SoundEmpty: it holds no sound.
        SoundUnreasonable: its rate or channels.
    """

    def __init__(self, file: PyavFile, index: int, said: ContainerClaim) -> None:
        container = file.open_container()
        stream = cast("AudioStream", container.streams[index])
        context = stream.codec_context
        check_reasonable(context.sample_rate, context.channels, None)  # before a frame is decoded
        self._said = said
        self._has_times = file.name not in _WITHOUT_TIMES
        self._is_flac = file.name == "flac"
        # Bytes of the last packets that were decoded, and the frames that they gave.
        self._sizes: deque[tuple[int, int]] = deque(maxlen=_PACKETS_TO_MEASURE)
        self._broken_bytes = 0  # of packets that were not, since the last sound
        self._broken_packets = 0
        self._flac_block = 0
        self._size, self._read_to = file.size, 0
        self._packets = self._most_bytes = self._last_bytes = 0  # the most of all but the last
        self._lost_end = False
        self._line: TrackTimeline | None = None
        self._rate = 0
        self._end_silence = 0
        self._frames = self._decode(container, stream)
        try:
            first = next(self._frames, None)
        except list_pyav_failures():
            raise NotSound from None
        if first is None:
            raise NotSound if self._broken_packets else SoundEmpty
        self._first, self._lead = first
        self.container = said.container or file.name.split(",")[0].upper()
        self.codec = context.name
        self.rate = self._rate
        self.channels = self._first.layout.nb_channels
        self.claimed = said.frames
        self.links = 1
        self.tracks = 1
        self.left_out: tuple[str, ...] = ()
        # Elsewhere PyAV may only estimate the length, from the file's size and its first bit rate.
        if said.container in {"MP4", "FLAC", "CAF"} and stream.duration and stream.time_base:
            self.claimed = self._lead + int(stream.duration * stream.time_base * self.rate)
        self.header_frames = said.header_frames
        self.estimated_s = file.container_s
        self.container_s = file.container_s if self._has_times else 0.0

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Yield interleaved 16-bit PCM, at most a second at a time, with silence in the gaps."""
        second = self.rate * self.channels * 2
        held = bytearray()
        try:
            for pcm in self._convert():
                held += pcm
                while len(held) >= second:
                    yield bytes(held[:second])
                    del held[:second]
        except list_pyav_failures():
            self._lost_end = True
        while held:
            yield bytes(held[:second])
            del held[:second]

    def is_cut(self, frames: int) -> bool:
        """Whether the end is missing; damage in the middle is a gap, and no cut."""
        # Encoders add up to 0.1 s or four of their own frames, which decoders take away again.
        slack = self.rate // 10 + 4096
        is_short = self.claimed is not None and frames < self.claimed - slack
        has_broken_off = self._lost_end and not self.unread_bytes
        return self._said.is_cut or has_broken_off or (is_short and not self._said.is_whole)

    def take_gaps(self, *, all_of_them: bool = False) -> list[SoundGap]:
        """Return the gaps since the last call; see ``TrackTimeline.take_gaps``."""
        return self._line.take_gaps(all_of_them=all_of_them) if self._line else []

    @property
    def damaged_places(self) -> int:
        """How many places could not be decoded."""
        return self._line.damaged_places if self._line else 0

    @property
    def unread_bytes(self) -> int:
        """How many bytes behind the last packet are no index or tag, by their number."""
        if self._said.container == "AVI" and self._said.is_whole:
            return 0  # its lengths account for every byte: an index stands behind the sound
        if self._is_flac and self._packets > 1:
            # A frame of FLAC goes on to the next one: the last takes all that stands behind it.
            excess = self._last_bytes - self._most_bytes
            return excess if excess > _LEAST_UNREAD else 0
        left = self._size - self._read_to
        is_much = left > max(_LEAST_UNREAD, self._size * _LEAST_UNREAD_SHARE)
        return left if is_much and self._read_to and self._said.container != "MP4" else 0

    def _decode(
        self, container: InputContainer, stream: AudioStream
    ) -> Iterator[tuple[AudioFrame, int]]:
        """Yield frames, each with the frames of silence before it.

        Broken packets are skipped: what follows them is still somebody's words.
        """
        broken_end: float | None = None
        for packet in self._demux(container, stream):
            try:
                frames = packet.decode()
            except list_pyav_failures():
                self._note_broken(packet)
                broken_end = _find_end(packet) or broken_end
                continue
            if frames:
                self._sizes.append((packet.size, sum(frame.samples for frame in frames)))
                at_s = self._find_time(packet, frames[0])
                for frame in frames:
                    yield self._place(frame, container, at_s)
                    at_s = None if at_s is None else at_s + frame.samples / frame.sample_rate
        self._close(broken_end)

    def _demux(
        self, container: InputContainer, stream: AudioStream
    ) -> Iterator[Packet[AudioStream]]:
        """Yield the packets of one stream; those of all tell how far the file was read."""
        packets = container.demux(tuple(container.streams))
        while True:
            try:
                packet = next(packets, None)
            except list_pyav_failures():
                self._lost_end = True
                return
            if packet is None:
                return
            if packet.pos is not None:
                self._read_to = max(self._read_to, packet.pos + packet.size)
            if packet.size:
                self._packets += 1
                self._most_bytes = max(self._most_bytes, self._last_bytes)
                self._last_bytes = packet.size
            if packet.stream_index == stream.index:
                yield cast("Packet[AudioStream]", packet)

    def _find_time(self, packet: Packet[AudioStream], frame: AudioFrame) -> float | None:
        if not self._has_times:
            return None
        if self._is_flac:
            self._flac_block = self._flac_block or frame.samples
            number = _read_flac_number(packet)
            if number is None:
                return None
            # A fixed size of blocks: the last one is shorter, and counts as the others.
            frames = number[0] if number[1] else number[0] * self._flac_block
            return frames / frame.sample_rate
        if frame.pts is None or frame.time_base is None:
            return None
        return float(frame.pts * frame.time_base)

    def _place(
        self, frame: AudioFrame, container: InputContainer, at_s: float | None
    ) -> tuple[AudioFrame, int]:
        if self._line is None:
            self._rate = frame.sample_rate  # of a frame: headers halve the rate of HE-AAC
            start = cast("int | None", container.start_time)
            known = start is not None and self._has_times and not self._is_flac
            self._line = TrackTimeline(self._rate, (start or 0) / _TIME_BASE if known else None)
            self._broken_packets = self._broken_bytes = 0  # tags and pictures before the sound
        is_damaged = self._broken_packets > 0 or frame.is_corrupt
        silence = 0
        if is_damaged and at_s is None:
            silence = self._estimate_lost_frames()
            self._line.add_gap(silence, is_damage=True)
            is_damaged = False
        samples = round(frame.samples * self._rate / frame.sample_rate)
        silence += self._line.place(at_s, samples, after_damage=is_damaged)
        self._broken_packets = self._broken_bytes = 0
        return frame, silence

    def _note_broken(self, packet: Packet[AudioStream]) -> None:
        # A tag in the middle is the joint of two files, and loses nothing.
        if not bytes(memoryview(packet)[:16]).startswith(_TAGS):
            self._broken_packets += 1
            self._broken_bytes += packet.size

    def _estimate_lost_frames(self) -> int:
        """Return how long what was broken is, by the bytes that such sound takes here."""
        size = sum(size for size, _ in self._sizes)
        frames = sum(frames for _, frames in self._sizes)
        return round(self._broken_bytes * frames / size) if size else 0

    def _close(self, broken_end: float | None) -> None:
        """Note sound at the end that could not be decoded; ``_convert`` adds its silence."""
        if self._line is None or not self._broken_packets:
            return
        if broken_end is not None and self._has_times and not self._is_flac:
            self._end_silence = self._line.place(broken_end, 0, after_damage=True)
            return
        lost = self._estimate_lost_frames()
        if lost > self._rate // 2:  # less may be a tag that nobody knows
            self._end_silence = lost
            self._line.add_gap(lost, is_damage=True)

    def _convert(self) -> Iterator[bytes]:
        """Convert every frame to interleaved 16 bit, at the first frame's rate and layout."""
        resampler, form = self._make_resampler(), _read_form(self._first)
        yield from self._silence(self._lead)
        yield from self._pcm(resampler, self._first)
        for frame, silence in self._frames:
            if silence:
                # The resampler holds a little back where it changes the rate.
                yield from self._pcm(resampler, None)
                yield from self._silence(silence)
                resampler, form = self._make_resampler(), _read_form(frame)
            elif _read_form(frame) != form:
                yield from self._pcm(resampler, None)
                resampler, form = self._make_resampler(), _read_form(frame)
            yield from self._pcm(resampler, frame)
        yield from self._pcm(resampler, None)
        yield from self._silence(self._end_silence)

    def _silence(self, frames: int) -> Iterator[bytes]:
        size = 2 * self.channels
        while frames > 0:
            part = min(frames, self.rate)
            yield bytes(part * size)
            frames -= part

    def _make_resampler(self) -> AudioResampler:
        import av

        return av.AudioResampler("s16", self._first.layout, self.rate)

    def _pcm(self, resampler: AudioResampler, frame: AudioFrame | None) -> Iterator[bytes]:
        if frame is not None:
            frame.pts = None  # its place is settled; a resampler would complain of jumps
        for done in resampler.resample(frame):
            # A plane is padded for the processor's sake: take what belongs to the samples.
            yield bytes(memoryview(done.planes[0])[: done.samples * self.channels * 2])


def open_pyav_tracks(
    file: PyavFile, said: ContainerClaim, track: int = 0
) -> tuple[list[PyavTrack], tuple[str, ...]]:
    """Open the tracks of a file that hold sound, or the one of a number, counted from 1.

    Returns them, and the codecs of those that cannot be decoded.

    Raises:
        NotSound, SoundEmpty, SoundKindRefused, SoundUnreasonable: no track gives sound.
    """
    opened: list[PyavTrack] = []
    left_out = list(file.left_out)
    refused: list[NotSound | SoundEmpty] = []
    numbers = file.tracks[track - 1 : track] if track else file.tracks
    if len(numbers) > MOST_CHANNELS:
        raise SoundUnreasonable(f"{len(numbers)} sound tracks")
    for index in numbers:
        try:
            opened.append(PyavTrack(file, index, said))
        except SoundEmpty as empty:
            refused.append(empty)
        except NotSound as broken:
            refused.append(broken)
            left_out.append("")
    if not opened:
        raise refused[0] if refused else SoundEmpty()
    return opened, tuple(left_out) if not track else ()


def _find_end(packet: Packet[AudioStream]) -> float | None:
    if packet.pts is None:
        return None
    return float((packet.pts + (packet.duration or 0)) * packet.time_base)


def _read_form(frame: AudioFrame) -> tuple[int, str, str]:
    return frame.sample_rate, frame.layout.name, frame.format.name


def _read_flac_number(packet: Packet[AudioStream]) -> tuple[int, bool] | None:
    """Return the number in a FLAC frame's header, and whether it counts samples, not blocks."""
    head = bytes(memoryview(packet)[:12])
    if len(head) < 6 or head[0] != _FLAC_SYNC:  # noqa: PLR2004 - sync, sizes, a number, a check
        return None
    lead = head[4]
    length = 8 - (lead ^ 0xFF).bit_length()  # as in UTF-8: ones before the first zero
    if length == 1 or length > 7 or len(head) < 4 + max(1, length):  # noqa: PLR2004
        return None
    number = lead if not length else lead & (0x7F >> length)
    for byte in head[5 : 4 + length]:
        number = number << 6 | byte & 0x3F
    return number, bool(head[1] & 1)
