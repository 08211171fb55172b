"""The diariser at work, in a process of its own: the one file that knows sherpa-onnx.

Its library ends the whole process where a model is not what it expects, and takes memory that it
does not give back. So it never runs inside Earshot: this is started as a program, takes blocks
of sound from its standard input (a little-endian u32 of how many samples, then float32 at 16
kHz), and answers each with a line of JSON. It reads no file but the two models.
"""

from __future__ import annotations

import importlib
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import numpy as np
import numpy.typing as npt

RATE = 16_000
COUNT = struct.Struct("<I")
_FEWEST_S, _MOST_S = 0.3, 30.0  # of a voice's sound for its embedding: more adds nothing
_SHORTEST_S = 0.2  # of speech and of a pause; Earshot's words are finer than that

Samples = npt.NDArray[np.float32]


class Voice(msgspec.Struct, frozen=True):
    """One voice of a block: where it speaks (start, end in seconds), and what it sounds like.

    embedding: a point in the model's own space, () where there is too little sound of it.
    """

    spoken: tuple[tuple[float, float], ...]
    embedding: tuple[float, ...] = ()


class Block(msgspec.Struct, frozen=True):
    """What the diariser found in a block of sound."""

    voices: tuple[Voice, ...] = ()


def main() -> int:
    """Answer blocks until there are no more: ``diariser.py FOLDER VOICES``."""
    folder, voices = Path(sys.argv[1]), int(sys.argv[2])
    diariser, extractor = _loaded(folder, voices)
    answers = sys.stdout.buffer
    while (sound := _block(sys.stdin.buffer)) is not None:
        answers.write(msgspec.json.encode(_heard(diariser, extractor, sound)) + b"\n")
        answers.flush()
    return 0


def _block(given: BinaryIO) -> Samples | None:
    head = given.read(COUNT.size)
    if len(head) < COUNT.size:
        return None
    (samples,) = COUNT.unpack(head)
    return np.frombuffer(given.read(4 * samples), dtype="<f4")


def _loaded(folder: Path, voices: int) -> tuple[Any, Any]:
    sherpa = cast("Any", importlib.import_module("sherpa_onnx"))  # an extra, without types
    segmentation = sherpa.OfflineSpeakerSegmentationModelConfig(
        pyannote=sherpa.OfflineSpeakerSegmentationPyannoteModelConfig(
            model=str(folder / "segmentation.onnx")
        )
    )
    embedding = sherpa.SpeakerEmbeddingExtractorConfig(model=str(folder / "embedding.onnx"))
    config = sherpa.OfflineSpeakerDiarizationConfig(
        segmentation=segmentation,
        embedding=embedding,
        clustering=sherpa.FastClusteringConfig(num_clusters=voices),
        min_duration_on=_SHORTEST_S,
        min_duration_off=_SHORTEST_S,
    )
    return sherpa.OfflineSpeakerDiarization(config), sherpa.SpeakerEmbeddingExtractor(embedding)


def _heard(diariser: Any, extractor: Any, sound: Samples) -> Block:  # noqa: ANN401 - no stubs
    spoken: dict[int, list[tuple[float, float]]] = {}
    for segment in diariser.process(sound).sort_by_start_time():
        stretch = (round(float(segment.start), 3), round(float(segment.end), 3))
        spoken.setdefault(int(segment.speaker), []).append(stretch)
    return Block(
        tuple(
            Voice(tuple(stretches), _embedding(extractor, sound, stretches))
            for _, stretches in sorted(spoken.items())
        )
    )


def _embedding(
    extractor: Any,  # noqa: ANN401 - no stubs
    sound: Samples,
    stretches: list[tuple[float, float]],
) -> tuple[float, ...]:
    parts = [sound[int(a * RATE) : int(b * RATE)] for a, b in stretches]
    voice = np.concatenate(parts)[: int(_MOST_S * RATE)]
    if len(voice) < _FEWEST_S * RATE:
        return ()
    stream = extractor.create_stream()
    stream.accept_waveform(RATE, voice)
    stream.input_finished()
    return tuple(float(number) for number in extractor.compute(stream))


if __name__ == "__main__":
    sys.exit(main())
