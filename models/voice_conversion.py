"""Convert the weights of the voice encoder from PyTorch's checkpoint into an ONNX file, once.

The network is that of "Generalized end-to-end loss for speaker verification" (Wan and others, 2018)
as its makers trained it: three LSTM layers of 256 cells over 40 bands of mel power, a linear layer,
a rectifier, unit length. PyTorch keeps the gates of an LSTM in another order than ONNX.
"""

from __future__ import annotations

import struct

from models.onnx_encoding import OnnxNode, OnnxTensor, OnnxValue, encode_network
from models.torch_checkpoint import CheckpointTensor, CheckpointUnreadable, read_checkpoint

_OPSET = 17
_BANDS, _WIDTH, _LAYERS = 40, 256, 3
_GATES = 4
_ORDER = (0, 3, 1, 2)  # ONNX: input, output, forget, cell; PyTorch: input, forget, cell, output


def convert_voice_weights(checkpoint: bytes) -> bytes:
    """Return the ONNX file of the voice encoder whose checkpoint this is.

    The file's input ``mel`` is float32 of shape (pieces, frames, 40), its output ``voices`` of
    shape (pieces, 256), each row of unit length. The same checkpoint always gives the same bytes.

    Raises:
        CheckpointUnreadable: it is no such checkpoint.
    """
    weights = read_checkpoint(checkpoint, "model_state")
    nodes = [OnnxNode("Transpose", ("mel",), ("hear_0",), {"perm": (1, 0, 2)})]
    constants = [
        OnnxTensor("direction", (1,), struct.pack("<q", 1), is_int64=True),
        OnnxTensor("first", (1,), struct.pack("<q", 0), is_int64=True),
    ]
    for layer in range(_LAYERS):
        constants += _convert_layer(weights, layer)
        nodes += _build_layer(layer)
    constants += [
        OnnxTensor("linear_w", (_WIDTH, _WIDTH), _take(weights, "linear.weight", _WIDTH, _WIDTH)),
        OnnxTensor("linear_b", (_WIDTH,), _take(weights, "linear.bias", _WIDTH)),
    ]
    nodes += [
        OnnxNode("Squeeze", ("last", "first"), ("heard",), {}),
        OnnxNode("Gemm", ("heard", "linear_w", "linear_b"), ("mapped",), {"transB": 1}),
        OnnxNode("Relu", ("mapped",), ("positive",), {}),
        OnnxNode("LpNormalization", ("positive",), ("voices",), {"axis": 1, "p": 2}),
    ]
    mel = OnnxValue("mel", ("pieces", "frames", _BANDS))
    voices = OnnxValue("voices", ("pieces", _WIDTH))
    return encode_network("voice_encoder", _OPSET, nodes, constants, [mel], [voices])


def _build_layer(layer: int) -> list[OnnxNode]:
    """Return the nodes of one layer; of the topmost only the state after the last frame is used."""
    names = (f"hear_{layer}", f"w_{layer}", f"r_{layer}", f"b_{layer}")
    size = {"hidden_size": _WIDTH}
    if layer == _LAYERS - 1:
        return [OnnxNode("LSTM", names, ("", "last"), size)]
    each = f"each_{layer}"
    return [
        OnnxNode("LSTM", names, (each,), size),
        OnnxNode("Squeeze", (each, "direction"), (f"hear_{layer + 1}",), {}),
    ]


def _convert_layer(weights: dict[str, CheckpointTensor], layer: int) -> list[OnnxTensor]:
    rows, width = _GATES * _WIDTH, _WIDTH if layer else _BANDS
    heard = _take(weights, f"lstm.weight_ih_l{layer}", rows, width)
    kept = _take(weights, f"lstm.weight_hh_l{layer}", rows, _WIDTH)
    offsets = [_take(weights, f"lstm.bias_{of}_l{layer}", rows) for of in ("ih", "hh")]
    return [
        OnnxTensor(f"w_{layer}", (1, rows, width), _reorder_gates(heard)),
        OnnxTensor(f"r_{layer}", (1, rows, _WIDTH), _reorder_gates(kept)),
        OnnxTensor(f"b_{layer}", (1, 2 * rows), b"".join(map(_reorder_gates, offsets))),
    ]


def _reorder_gates(content: bytes) -> bytes:
    gate = len(content) // _GATES
    return b"".join(content[n * gate : (n + 1) * gate] for n in _ORDER)


def _take(weights: dict[str, CheckpointTensor], name: str, *shape: int) -> bytes:
    found = weights.get(name)
    if found is None or found.shape != shape:
        raise CheckpointUnreadable("another network")
    return found.content
