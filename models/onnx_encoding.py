"""Encode a network as ONNX: the few messages of its format that one needs, byte by byte.

The package ``onnx`` would do it too. It is not used, because a model's sha256 goes into every
artefact made with it: the bytes must not depend on which version of a library wrote them, and
nothing should be installed for a conversion that happens once. The numbers of the fields are those
of ``onnx.proto`` in ONNX 1.12 (IR version 8); the tests have the package itself check the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_IR_VERSION = 8
_VARINT, _BYTES = 0, 2  # protobuf's wire types
_FLOAT32, _INT64 = 1, 7  # TensorProto.DataType
_ATTRIBUTE_INT, _ATTRIBUTE_INTS = 2, 7  # AttributeProto.AttributeType


@dataclass(frozen=True, slots=True)
class OnnxTensor:
    """A constant of the network. content: its numbers, little-endian, last axis fastest."""

    name: str
    shape: tuple[int, ...]
    content: bytes
    is_int64: bool = False


@dataclass(frozen=True, slots=True)
class OnnxNode:
    """One operation; an input of "" is left out."""

    operation: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, int | tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class OnnxValue:
    """What goes in or comes out: float32; an axis with a name may have any length."""

    name: str
    shape: tuple[int | str, ...]


def encode_network(
    name: str,
    opset: int,
    nodes: Sequence[OnnxNode],
    constants: Sequence[OnnxTensor],
    inputs: Sequence[OnnxValue],
    outputs: Sequence[OnnxValue],
) -> bytes:
    """Return the ONNX file of a network: always the same bytes for the same network.

    opset: the version of ONNX's operations that the nodes are meant in.
    """
    graph = b"".join(
        (
            *(_message(1, _encode_node(node)) for node in nodes),
            _text(2, name),
            *(_message(5, _encode_tensor(constant)) for constant in constants),
            *(_message(11, _encode_value(value)) for value in inputs),
            *(_message(12, _encode_value(value)) for value in outputs),
        )
    )
    return b"".join(
        (_number(1, _IR_VERSION), _text(2, "earshot"), _message(7, graph),
         _message(8, _text(1, "") + _number(2, opset)))
    )  # fmt: skip


def _encode_node(node: OnnxNode) -> bytes:
    return b"".join(
        (
            *(_text(1, one) for one in node.inputs),
            *(_text(2, one) for one in node.outputs),
            _text(3, node.outputs[0]),
            _text(4, node.operation),
            *(_message(5, _encode_attribute(*one)) for one in node.attributes.items()),
        )
    )


def _encode_attribute(name: str, value: int | tuple[int, ...]) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    numbers = b"".join(_number(8, one) for one in value)
    return _text(1, name) + numbers + _number(20, _ATTRIBUTE_INTS)


def _encode_tensor(constant: OnnxTensor) -> bytes:
    shape = b"".join(_number(1, length) for length in constant.shape)
    kind = _number(2, _INT64 if constant.is_int64 else _FLOAT32)
    return shape + kind + _text(8, constant.name) + _message(9, constant.content)


def _encode_value(value: OnnxValue) -> bytes:
    axes = b"".join(
        _message(1, _number(1, axis) if isinstance(axis, int) else _text(2, axis))
        for axis in value.shape
    )
    tensor = _number(1, _FLOAT32) + _message(2, axes)
    return _text(1, value.name) + _message(2, _message(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _message(field, value.encode())


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Encode a number that is not negative, seven bits a byte, the lowest first."""
    encoded = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
