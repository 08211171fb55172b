"""Play sound at another speed and the same pitch, from any place on, block by block.

At speed 1 the sound is passed on bit for bit. At any other, FFmpeg's ``atempo`` moves small pieces
of it closer together or further apart, where they fit best; so a piece may come from up to 23 ms
before or after its nominal place (measured on noise, 0.5 to 2). Memory holds a tenth of a second at
a time, however long the sound is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import av
import numpy as np
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as NothingMore
from av.filter import Graph
from numpy.typing import NDArray

Samples = NDArray[np.int16]  # shape (frames, channels)

# Returns frames of the sound from a place on, fewer at its end, none after it.
ReadSamples = Callable[[int, int], Samples]

SLOWEST_SPEED, FASTEST_SPEED = 0.5, 2.0  # what ``atempo`` does in one pass, and what speech bears
_FED_S = 0.1
_LAYOUTS = {1: "mono", 2: "stereo"}


class StretchedSound:
    """Sound of one rate from frame ``first`` to ``end`` (exclusive) at one speed, read once.

    channels: 1 or 2. speed: 0.5 to 2.0, seconds of sound per second.
    """

    def __init__(
        self, read: ReadSamples, first: int, end: int, *, rate: int, channels: int, speed: float
    ) -> None:
        self.speed = speed
        self._read = read
        self._next, self._end = first, max(first, end)
        self._rate, self._channels = rate, channels
        self._at = float(first)
        self._pieces = self._stretch_pieces(first) if speed != 1.0 else self._read_pieces()
        self._held: Samples = np.zeros((0, channels), np.int16)

    @property
    def next_frame(self) -> float:
        """The frame of the sound that the next block begins with."""
        return min(self._at, float(self._end))

    def next_block(self, frames: int) -> Samples:
        """Return the next ``frames``, shape (frames, channels); fewer at the end, then none."""
        held = [self._held]
        missing = frames - len(self._held)
        while missing > 0:
            piece = next(self._pieces, None)
            if piece is None:
                break
            held.append(piece)
            missing -= len(piece)
        whole = np.concatenate(held)
        block, self._held = whole[:frames], whole[frames:]
        self._at += len(block) * self.speed
        return block

    def is_over(self) -> bool:
        """Whether there is no further block."""
        while not len(self._held):
            piece = next(self._pieces, None)
            if piece is None:
                return True
            self._held = piece
        return False

    def _read_pieces(self) -> Iterator[Samples]:
        while self._next < self._end:
            wanted = min(round(_FED_S * self._rate), self._end - self._next)
            piece = self._read(self._next, wanted)
            self._next += len(piece)
            if not len(piece):
                self._end = self._next
            yield piece

    def _stretch_pieces(self, first: int) -> Iterator[Samples]:
        graph = self._make_graph()
        given = 0
        for piece in self._read_pieces():
            for stretched in self._stretch(graph, piece):
                given += len(stretched)
                yield stretched
        left = round((self._next - first) / self.speed) - given
        silence = np.zeros((round(_FED_S * self._rate), self._channels), np.int16)
        while left > 0:  # atempo gives the end of the sound only if more follows
            for stretched in self._stretch(graph, silence):
                yield stretched[: max(0, left)]
                left -= len(stretched)

    def _make_graph(self) -> Graph:
        graph = Graph()
        layout = _LAYOUTS[self._channels]
        source = graph.add_abuffer(format="s16", sample_rate=self._rate, layout=layout)
        tempo, sink = graph.add("atempo", str(self.speed)), graph.add("abuffersink")
        graph.link_nodes(source, tempo, sink)
        graph.configure()
        return graph

    def _stretch(self, graph: Graph, piece: Samples) -> Iterator[Samples]:
        """Put a piece in, and yield the stretched sound that is ready."""
        if not len(piece):
            return
        packed = np.ascontiguousarray(piece).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=_LAYOUTS[self._channels])
        frame.sample_rate = self._rate
        graph.push(frame)
        with contextlib.suppress(NothingYet, NothingMore):
            while isinstance(stretched := graph.pull(), av.AudioFrame):
                yield np.array(stretched.to_ndarray(), np.int16).reshape(-1, self._channels)
