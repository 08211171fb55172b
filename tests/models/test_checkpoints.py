"""A checkpoint is read without running it, and becomes the same network as an ONNX file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import onnxruntime
import pytest

from models.torch_checkpoint import CheckpointUnreadable, read_checkpoint
from models.voice_conversion import convert_voice_weights
from tests.models.checkpoints import Stored, build_checkpoint, hear, make_weights

SMALL = np.arange(6, dtype="<f4").reshape(2, 3)


class Caller:
    """Something that calls a function when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.target),)


def test_tensors_are_read_with_their_shapes_and_numbers() -> None:
    found = read_checkpoint(build_checkpoint({"a": SMALL, "b": SMALL[0], "n": 3}), "model_state")

    assert {name: tensor.shape for name, tensor in found.items()} == {"a": (2, 3), "b": (3,)}
    assert found["a"].content == SMALL.tobytes()
    assert found["b"].content == SMALL[0].tobytes()


def test_a_function_that_a_checkpoint_names_is_never_called(tmp_path: Path) -> None:
    hostile = build_checkpoint({"a": SMALL}, extra=Caller(tmp_path / "called"))

    with pytest.raises(CheckpointUnreadable):
        read_checkpoint(hostile, "model_state")

    assert not (tmp_path / "called").exists()


def test_a_function_before_the_checkpoint_itself_is_never_called(tmp_path: Path) -> None:
    import pickle

    hostile = pickle.dumps(Caller(tmp_path / "called"), protocol=2)

    with pytest.raises(CheckpointUnreadable):
        read_checkpoint(hostile + build_checkpoint({"a": SMALL}), "model_state")

    assert not (tmp_path / "called").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        build_checkpoint({"a": SMALL})[:-4],
        build_checkpoint({"a": SMALL}, kind="DoubleStorage"),
        build_checkpoint({"a": Stored(SMALL, steps=(1, 2))}),
        build_checkpoint({"a": Stored(SMALL[0], length=9)}),
    ],
    ids=["nothing", "another form", "cut", "other numbers", "turned over", "beyond its storage"],
)
def test_what_is_no_whole_checkpoint_of_plain_numbers_is_refused(content: bytes) -> None:
    with pytest.raises(CheckpointUnreadable):
        read_checkpoint(content, "model_state")


def test_the_converted_network_is_one_that_onnx_accepts_in_its_own_order_of_fields() -> None:
    content = convert_voice_weights(build_checkpoint(make_weights()))

    network = onnx.load_from_string(content)

    cast("Any", onnx.checker).check_model(network, full_check=True)
    assert network.SerializeToString(deterministic=True) == content
    assert network.ir_version == 8
    assert [(one.domain, one.version) for one in network.opset_import] == [("", 17)]


def test_the_converted_network_computes_what_the_checkpoint_s_would() -> None:
    weights = make_weights()
    mel = np.random.default_rng(2).exponential(0.1, (3, 20, 40)).astype(np.float32)

    content = convert_voice_weights(build_checkpoint(weights))
    (voices,) = cast("Any", onnxruntime).InferenceSession(content).run(None, {"mel": mel})

    assert np.abs(voices - hear(weights, mel)).max() < 1e-5


def test_the_same_checkpoint_becomes_the_same_bytes_whatever_else_it_holds() -> None:
    weights = make_weights()
    backwards = dict(reversed(weights.items()))

    content = convert_voice_weights(build_checkpoint(weights))

    assert convert_voice_weights(build_checkpoint(backwards, extra=[1, "training"])) == content
    assert convert_voice_weights(build_checkpoint(make_weights(2))) != content


@pytest.mark.parametrize("name", ["lstm.weight_hh_l2", "linear.bias"])
def test_a_checkpoint_of_another_network_is_refused(name: str) -> None:
    weights = make_weights()
    del weights[name]

    with pytest.raises(CheckpointUnreadable):
        convert_voice_weights(build_checkpoint(weights))
    with pytest.raises(CheckpointUnreadable):
        convert_voice_weights(build_checkpoint(weights | {name: SMALL}))
