"""Read an interview's sound, and turn the speech in it into pieces with embeddings.

Only sound around words is read, in blocks of about a minute; of an hour of speech 7,000 embeddings
stay in memory, 7 MB.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from study import Interval, ReportProgress, ShouldStop, TaskProgress, Word, ends_sentence
from study.errors import Stopped
from study.store import ReadableSound
from transcribe.audio_tracks import Samples, Track, read_excerpt
from transcribe.voice_clustering import Points
from transcribe.voice_pieces import (
    PIECE_S,
    VoicePiece,
    choose_step,
    cut_fine_pieces,
    cut_pieces,
    find_phrases,
    join_pieces,
    split_phrases,
)

_BLOCK_S = 60.0  # of sound at once, from the first word to the last
_MARGIN_S = 0.5  # around the words of a block
_GAP_S = 0.3  # between two words, so that a block may end there before it is full


class Encoder(Protocol):
    """What turns pieces of sound into points (see ``transcribe.voice_encoder``)."""

    def embed(self, samples: Samples, starts_s: Sequence[float]) -> Points:
        """Return the points of the pieces of ``PIECE_S`` that begin at ``starts_s``."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class HeardVoices:
    """The phrases of an interview, their pieces, and of each piece its point.

    A phrase ends at a pause, or where a sentence does.
    """

    phrases: tuple[Interval, ...]
    pieces: tuple[VoicePiece, ...]
    points: Points


@dataclass(frozen=True, slots=True)
class VoiceReader:
    """Reads one track of a sound and hears its voices."""

    sound: ReadableSound
    track: Track
    encoder: Encoder
    stop: ShouldStop
    report: ReportProgress

    def read_voices(self, words: Sequence[Word]) -> HeardVoices:
        """Return the phrases in which the words are, with their pieces.

        words: in order of time.

        Raises:
            Stopped: ``stop`` asked for it.
        """
        phrases: list[Interval] = []
        pieces: list[VoicePiece] = []
        points: list[Points] = []
        step_s = choose_step(sum(word.end_s - word.start_s for word in words))
        for start_s, samples, block in self._read_blocks(words):
            spans = [(word.start_s - start_s, word.end_s - start_s) for word in block]
            ends = [at_s - start_s for at_s in _find_sentence_ends(block)]
            found = split_phrases(find_phrases(samples, spans), ends)
            cut = cut_pieces(found, step_s)
            points.append(self._embed(samples, [(p.start_s, p.end_s) for p in cut]))
            pieces += [_place_piece(piece, start_s, len(phrases)) for piece in cut]
            phrases += [(a + start_s, b + start_s) for a, b in found]
        return HeardVoices(tuple(phrases), tuple(pieces), _stack(points))

    def add_fine_pieces(self, heard: HeardVoices, changes: Iterable[float]) -> HeardVoices:
        """Return what was heard with short pieces around changes that lie inside phrases."""
        fine = cut_fine_pieces(heard.phrases, changes)
        points = _stack([heard.points, self.embed_pieces(fine)])
        return HeardVoices(heard.phrases, (*heard.pieces, *fine), points)

    def embed_pieces(self, pieces: Sequence[VoicePiece]) -> Points:
        """Return the points of pieces, which are in order of time.

        Raises:
            Stopped: ``stop`` asked for it.
        """
        points: list[Points] = []
        for (start_s, end_s), some in self._group_pieces(pieces):
            if self.stop():
                raise Stopped("Telling voices apart")
            samples = read_excerpt(self.sound, self.track, start_s, end_s)
            spans = [(p.start_s - start_s, p.end_s - start_s) for p in some]
            points.append(self._embed(samples, spans))
        return _stack(points)

    def _group_pieces(
        self, pieces: Sequence[VoicePiece]
    ) -> Iterator[tuple[Interval, list[VoicePiece]]]:
        """Yield the pieces of each minute, and the span that they are in."""
        some: list[VoicePiece] = []
        for piece in pieces:
            if some and piece.end_s - some[0].start_s > _BLOCK_S:
                yield (some[0].start_s, some[-1].end_s), some
                some = []
            some.append(piece)
        if some:
            yield (some[0].start_s, max(piece.end_s for piece in some)), some

    def _read_blocks(
        self, words: Sequence[Word]
    ) -> Iterator[tuple[float, Samples, Sequence[Word]]]:
        """Yield where each block begins, its sound, and its words."""
        total_s = self.sound.frames / self.sound.form.rate
        self.report(TaskProgress(0.0, total_s, "telling voices apart"))
        for block in _group_words(words):
            if self.stop():
                raise Stopped("Telling voices apart")
            start_s = max(0.0, block[0].start_s - _MARGIN_S)
            end_s = min(total_s, max(word.end_s for word in block) + _MARGIN_S)
            if end_s > start_s:
                yield start_s, read_excerpt(self.sound, self.track, start_s, end_s), block
            self.report(TaskProgress(min(end_s, total_s), total_s, "telling voices apart"))

    def _embed(self, samples: Samples, spans: Sequence[Interval]) -> Points:
        joined = join_pieces(samples, spans)
        return self.encoder.embed(joined, [PIECE_S * number for number in range(len(spans))])


def _find_sentence_ends(words: Sequence[Word]) -> list[float]:
    """Return the moments between a sentence and the next, in seconds."""
    return [
        (before.end_s + after.start_s) / 2
        for before, after in itertools.pairwise(words)
        if ends_sentence(before)
    ]


def _group_words(words: Sequence[Word]) -> Iterator[list[Word]]:
    block: list[Word] = []
    for word in words:
        if block:
            length_s = word.end_s - block[0].start_s
            gap_s = word.start_s - block[-1].end_s
            if (
                length_s > _BLOCK_S
                or gap_s > _BLOCK_S / 2
                or (length_s > _BLOCK_S / 2 and gap_s >= _GAP_S)
            ):
                yield block
                block = []
        block.append(word)
    if block:
        yield block


def _place_piece(piece: VoicePiece, start_s: float, phrases: int) -> VoicePiece:
    return VoicePiece(
        piece.start_s + start_s, piece.end_s + start_s, piece.phrase + phrases, piece.is_fine
    )


def _stack(points: Sequence[Points]) -> Points:
    kept = [some for some in points if len(some)]
    return np.concatenate(kept) if kept else np.zeros((0, 1), np.float32)
