"""Two small models that tell the demonstration's voices apart, in the shapes of the real ones.

No fetched diariser can be had where Earshot is built and tested. These stand in for one: a
segmentation network with the inputs, outputs and metadata of pyannote's segmentation 3.0 as
sherpa-onnx takes it, and an embedding network as WeSpeaker's. Both are linear in the spectrum,
fitted to the demonstration's synthetic voices in seconds; they know no other voice.

    python -m tools.apart FOLDER
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import soundfile
from onnx import TensorProto, helper, numpy_helper

from models import ModelKind, hash_model, write_checksums

RATE = 16_000
WINDOW = 10 * RATE  # what pyannote's network hears at once
FIELD, SHIFT = 991, 270  # samples; of pyannote's network, 589 frames a window
BANDS, BINS = 24, 200
AROUND = 25  # frames to either side, 0.42 s
VOICES = 3
_CLASSES = 7  # nobody, one of three, two of three
_MELS = 80  # of the embedding's input
_STRETCH_S, _LEAST_S = 2.0, 0.5
_STEPS = 200  # of the fitting
_THINNED = 3  # of so many frames one is learnt from

Floats = npt.NDArray[np.float32]
_HERE = Path(__file__).parents[1] / "models" / "demonstration"
# Which of the window's three voices each is; no interview has both of the second.
_PLACES = {"INT01": 1, "P01": 2, "STAFF01": 2, "FAM01": 3}
_TALKS = ("interview", "spouse", "staff")


def spoken(name: str) -> tuple[Floats, list[tuple[float, float, str]]]:
    """Return an interview mixed to one channel, and who says each word, from when to when."""
    sound, _ = soundfile.read(_HERE / f"{name}.flac", dtype="float32", always_2d=True)
    truth = json.loads((_HERE / f"{name}.truth.json").read_text(encoding="utf-8"))
    words = [
        (word["start_s"], word["end_s"], turn["speaker"])
        for turn in truth["turns"]
        for word in turn["words"]
    ]
    return sound.sum(axis=1), words


def _filters() -> tuple[Floats, Floats, Floats]:
    """Return a windowed Fourier transform as two convolutions, and what joins bins to bands."""
    at = np.arange(FIELD)
    window = np.hanning(FIELD)
    turns = np.outer(np.arange(1, BINS + 1) * (4000 / BINS) / RATE, at) * 2 * np.pi
    edges = np.geomspace(80, 4000, BANDS + 1)
    hertz = np.arange(1, BINS + 1) * (4000 / BINS)
    bands = np.stack([(hertz >= a) & (hertz < b) for a, b in itertools.pairwise(edges)])
    bands = bands / np.maximum(bands.sum(axis=1, keepdims=True), 1)
    return (
        (np.cos(turns) * window).astype(np.float32),
        (np.sin(turns) * window).astype(np.float32),
        bands.astype(np.float32),
    )


def _bands(sound: Floats) -> Floats:
    """Return the logarithm of the power in each band, shape (frames, bands)."""
    cosine, sine, bands = _filters()
    frames = np.lib.stride_tricks.sliding_window_view(sound, FIELD)[::SHIFT]
    power = (frames @ cosine.T) ** 2 + (frames @ sine.T) ** 2
    return np.log(power @ bands.T + 1e-3)


def _around(frames: Floats) -> Floats:
    """Return the mean of the frames nearby, those outside being zeros as in a convolution."""
    padded = np.pad(frames, ((AROUND, AROUND), (0, 0)))
    sums = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0)
    return (sums[2 * AROUND + 1 :] - sums[: -2 * AROUND - 1]) / (2 * AROUND + 1)


def _fitted(features: Floats, classes: npt.NDArray[np.int64], count: int) -> tuple[Floats, Floats]:
    """Return weights and offsets of a softmax that tells classes apart."""
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    x = np.c_[(features - middle) / spread, np.ones(len(features))]
    weights = np.zeros((x.shape[1], count))
    wanted = np.eye(count)[classes]
    for step in range(_STEPS):
        guess = np.exp(x @ weights - (x @ weights).max(axis=1, keepdims=True))
        guess /= guess.sum(axis=1, keepdims=True)
        weights -= (2.0 if step < _STEPS // 2 else 0.5) * (
            x.T @ (guess - wanted) / len(x) + 1e-4 * weights
        )
    inner = weights[:-1] / spread[:, None]
    return inner.astype(np.float32), (weights[-1] - middle @ inner).astype(np.float32)


def _learn_segments() -> tuple[Floats, Floats]:
    features: list[Floats] = []
    classes: list[npt.NDArray[np.int64]] = []
    for name in _TALKS:
        sound, words = spoken(name)
        raw = _bands(sound)
        seen = np.c_[raw, _around(raw)]
        who = np.zeros(len(seen), dtype=np.int64)
        for start_s, end_s, code in words:
            who[int(start_s * RATE / SHIFT) : int(end_s * RATE / SHIFT)] = _PLACES[code]
        features.append(seen)
        classes.append(who)
    every = slice(None, None, _THINNED)
    return _fitted(np.concatenate(features)[every], np.concatenate(classes)[every], 1 + VOICES)


def segmentation() -> onnx.ModelProto:
    """Return the network that says, frame by frame, which voices of a window speak."""
    cosine, sine, bands = _filters()
    weights, offsets = _learn_segments()
    nearby = np.zeros((BANDS, 1, 2 * AROUND + 1), dtype=np.float32) + 1 / (2 * AROUND + 1)
    constants = {
        "cosine": cosine[:, None, :],
        "sine": sine[:, None, :],
        "bands": bands[:, :, None],
        "least": np.float32(1e-3),
        "nearby": nearby,
        "weights": weights,
        "offsets": offsets,
        "nought": np.float32(0.0),
        "two": np.full((1, 1, _CLASSES - 1 - VOICES), -30.0, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["x", "cosine"], ["c"], strides=[SHIFT]),
        helper.make_node("Conv", ["x", "sine"], ["s"], strides=[SHIFT]),
        helper.make_node("Mul", ["c", "c"], ["cc"]),
        helper.make_node("Mul", ["s", "s"], ["ss"]),
        helper.make_node("Add", ["cc", "ss"], ["power"]),
        helper.make_node("Conv", ["power", "bands"], ["banded"]),
        helper.make_node("Add", ["banded", "least"], ["some"]),
        helper.make_node("Log", ["some"], ["log"]),
        helper.make_node("Conv", ["log", "nearby"], ["near"], group=BANDS, pads=[AROUND, AROUND]),
        helper.make_node("Concat", ["log", "near"], ["seen"], axis=1),
        helper.make_node("Transpose", ["seen"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["frames", "weights"], ["told"]),
        helper.make_node("Add", ["told", "offsets"], ["scores"]),
        helper.make_node("ReduceMax", ["scores"], ["most"], axes=[2], keepdims=1),
        helper.make_node("Mul", ["most", "nought"], ["nothing"]),
        helper.make_node("Add", ["nothing", "two"], ["never"]),  # nobody speaks at once here
        helper.make_node("Concat", ["scores", "never"], ["all"], axis=2),
        helper.make_node("LogSoftmax", ["all"], ["y"], axis=2),
    ]
    told = {
        "model_type": "pyannote-segmentation-3.0", "version": 1, "model_author": "Earshot",
        "sample_rate": RATE, "window_size": WINDOW, "receptive_field_size": FIELD,
        "receptive_field_shift": SHIFT, "num_speakers": VOICES, "powerset_max_classes": 2,
        "num_classes": _CLASSES,
    }  # fmt: skip
    return _model(nodes, constants, ["N", 1, "T"], ["N", "frames", _CLASSES], told)


def _stretches(words: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Join the words of one voice to stretches of half a second to 2 s."""
    made: list[tuple[float, float, str]] = []
    for start_s, end_s, code in words:
        if made and made[-1][2] == code and end_s - made[-1][0] <= _STRETCH_S:
            made[-1] = (made[-1][0], end_s, code)
        else:
            made.append((start_s, end_s, code))
    return [one for one in made if one[1] - one[0] >= _LEAST_S]


def embedding(projection: Floats, offsets: Floats) -> onnx.ModelProto:
    """Return the network that makes of a voice's spectrum a point in space.

    projection: shape (80, dimensions), applied to the mean of the frames, each less its level.
    """
    constants = {"projection": projection, "offsets": offsets}
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["level"], axes=[2], keepdims=1),
        helper.make_node("Sub", ["x", "level"], ["shape"]),
        helper.make_node("ReduceMean", ["shape"], ["profile"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["profile", "projection"], ["turned"]),
        helper.make_node("Add", ["turned", "offsets"], ["y"]),
    ]
    told = {
        "framework": "wespeaker", "language": "English", "url": "", "comment": "Earshot",
        "sample_rate": RATE, "output_dim": projection.shape[1], "normalize_samples": 0,
        "feature_normalize_type": "",
    }  # fmt: skip
    return _model(nodes, constants, ["N", "T", _MELS], ["N", projection.shape[1]], told)


def _learn_voices(folder: Path) -> tuple[Floats, Floats]:
    """Return the projection in which the demonstration's voices lie apart.

    The spectra are those that sherpa-onnx's own extractor gives, through a network that leaves
    them as they are.
    """
    import sherpa_onnx

    plain = folder / "plain.onnx"
    onnx.save(embedding(np.eye(_MELS, dtype=np.float32), np.zeros(_MELS, np.float32)), plain)
    extractor = sherpa_onnx.SpeakerEmbeddingExtractor(
        sherpa_onnx.SpeakerEmbeddingExtractorConfig(model=str(plain))
    )
    spectra: list[Floats] = []
    voices: list[str] = []
    for name in _TALKS:
        sound, words = spoken(name)
        for start_s, end_s, code in _stretches(words):
            stream = extractor.create_stream()
            stream.accept_waveform(RATE, sound[int(start_s * RATE) : int(end_s * RATE)])
            stream.input_finished()
            spectra.append(np.array(extractor.compute(stream)))
            voices.append(code)
    plain.unlink()
    return _apart(np.stack(spectra), voices)


def _apart(x: Floats, voices: Sequence[str]) -> tuple[Floats, Floats]:
    """Fisher's discriminant: wide between voices, narrow within each."""
    groups = sorted(set(voices))
    which = np.array([groups.index(voice) for voice in voices])
    means = np.stack([x[which == g].mean(axis=0) for g in range(len(groups))])
    spreads, turned = np.linalg.eigh(np.cov((x - means[which]).T))
    white = turned / np.sqrt(spreads + 0.05 * spreads.max())
    middle = means.mean(axis=0)
    _, _, axes = np.linalg.svd((means - middle) @ white, full_matrices=False)
    projection = white @ axes[: len(groups) - 1].T
    return projection.astype(np.float32), (-middle @ projection).astype(np.float32)


def _model(
    nodes: list[onnx.NodeProto],
    constants: dict[str, Floats],
    given: list[str | int],
    made: list[str | int],
    told: dict[str, str | int],
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "earshot",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, given)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, made)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8  # what sherpa-onnx's own onnxruntime reads
    helper.set_model_props(model, {name: str(value) for name, value in told.items()})
    onnx.checker.check_model(model)
    return model


def build(folder: Path) -> None:
    """Write both models into an empty or new folder, named as Earshot names them."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(segmentation(), folder / "segmentation.onnx")
    onnx.save(embedding(*_learn_voices(folder)), folder / "embedding.onnx")
    note_sums(folder)


def note_sums(folder: Path) -> None:
    """Note the sums of both files, as an installation does."""
    write_checksums(folder, hash_model(folder, "speakers", ModelKind.SPEAKERS, "tools.apart", ""))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
