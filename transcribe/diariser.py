"""The diariser, a program of its own: the only file that imports sherpa-onnx.

sherpa-onnx ends the whole process where a model is not the one it expects, and never gives its
memory back. So it never runs inside Earshot: ``transcribe.diarisation`` starts this file as a
program and sends blocks of sound to its standard input (a little-endian u32, the number of samples,
then float32 at 16 kHz); it answers each block with a line of JSON. It reads no file but the two
models.
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

from study.store import die_with_parent

RATE = 16_000
COUNT = struct.Struct("<I")
_FEWEST_S, _MOST_S = 0.3, 30.0  # of a voice's sound for its embedding; more sound adds nothing
_SHORTEST_S = 0.2  # speech and pauses shorter than this are ignored

Samples = npt.NDArray[np.float32]


class BlockVoice(msgspec.Struct, frozen=True):
    """One voice of a block: where it speaks (start, end in seconds of the block), its embedding.

    embedding: a point in the model's own space, () where the voice has too little sound.
    """

    spoken: tuple[tuple[float, float], ...]
    embedding: tuple[float, ...] = ()


class DiarisedBlock(msgspec.Struct, frozen=True):
    """The voices that the diariser found in a block of sound."""

    voices: tuple[BlockVoice, ...] = ()


def main() -> int:
    """Answer blocks until the standard input ends: ``diariser.py FOLDER VOICES PARENT``."""
    die_with_parent(int(sys.argv[3]))
    folder, voices = Path(sys.argv[1]), int(sys.argv[2])
    diariser, extractor = _load_models(folder, voices)
    answers = sys.stdout.buffer
    while (sound := _read_block(sys.stdin.buffer)) is not None:
        answers.write(msgspec.json.encode(_diarise(diariser, extractor, sound)) + b"\n")
        answers.flush()
    return 0


def _read_block(source: BinaryIO) -> Samples | None:
    head = source.read(COUNT.size)
    if len(head) < COUNT.size:
        return None
    (samples,) = COUNT.unpack(head)
    return np.frombuffer(source.read(4 * samples), dtype="<f4")


def _load_models(folder: Path, voices: int) -> tuple[Any, Any]:
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


def _diarise(diariser: Any, extractor: Any, sound: Samples) -> DiarisedBlock:  # noqa: ANN401 - no stubs
    spoken: dict[int, list[tuple[float, float]]] = {}
    for segment in diariser.process(sound).sort_by_start_time():
        stretch = (round(float(segment.start), 3), round(float(segment.end), 3))
        spoken.setdefault(int(segment.speaker), []).append(stretch)
    return DiarisedBlock(
        tuple(
            BlockVoice(tuple(stretches), _embed_voice(extractor, sound, stretches))
            for _, stretches in sorted(spoken.items())
        )
    )


def _embed_voice(
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
