"""Checkpoints in PyTorch's older form, written without PyTorch, and the network that they hold."""

from __future__ import annotations

import io
import pickle
import struct
import sys
import types
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from models.voice_conversion import convert_voice_weights

Floats = npt.NDArray[np.float32]

MAGIC, VERSION = 119547037146038801333356, 1001
WIDTH = 256


@dataclass(frozen=True)
class Stored:
    """A tensor to be written: its numbers, and what says of them that they are a tensor."""

    numbers: Floats
    steps: tuple[int, ...] | None = None
    length: int | None = None


def make_weights(seed: int = 1) -> dict[str, Floats]:
    """The tensors of a voice encoder that has learnt nothing, in their true shapes."""
    dice = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {"similarity_weight": (1,)}
    for layer in range(3):
        shapes |= {
            f"lstm.weight_ih_l{layer}": (4 * WIDTH, WIDTH if layer else 40),
            f"lstm.weight_hh_l{layer}": (4 * WIDTH, WIDTH),
            f"lstm.bias_ih_l{layer}": (4 * WIDTH,),
            f"lstm.bias_hh_l{layer}": (4 * WIDTH,),
        }
    shapes |= {"linear.weight": (WIDTH, WIDTH), "linear.bias": (WIDTH,)}
    return {name: dice.normal(0, 0.1, shape).astype("<f4") for name, shape in shapes.items()}


def build_checkpoint(
    state: Mapping[str, Any], *, extra: object = None, kind: str = "FloatStorage"
) -> bytes:
    """Write a checkpoint whose part "model_state" this is, as PyTorch before 1.6 wrote it."""
    kept: dict[str, Floats] = {}
    storage = type(kind, (), {"__module__": "torch"})
    rebuild = _name_function("_rebuild_tensor_v2", "torch._utils")

    class Writer(pickle.Pickler):
        def persistent_id(self, obj: object) -> object:
            if not isinstance(obj, np.ndarray):
                return None
            key = str(len(kept))
            kept[key] = obj
            return ("storage", storage, key, "cpu", obj.size, None)

        def reducer_override(self, obj: object) -> Any:  # noqa: ANN401 - as the base class has it
            if not isinstance(obj, Stored):
                return NotImplemented
            shape = obj.numbers.shape
            steps = obj.steps or tuple(int(np.prod(shape[n + 1 :])) for n in range(len(shape)))
            shape = shape if obj.length is None else (obj.length,)
            whole = obj.numbers.ravel()
            hooks: OrderedDict[str, object] = OrderedDict()
            return rebuild, (whole, 0, shape, steps, False, hooks)

    torch, inside = types.ModuleType("torch"), types.ModuleType("torch._utils")
    setattr(torch, kind, storage)
    setattr(inside, "_rebuild_tensor_v2", rebuild)  # noqa: B010 - a module's attribute
    before = {name: sys.modules.get(name) for name in ("torch", "torch._utils")}
    sys.modules.update({"torch": torch, "torch._utils": inside})
    try:
        file = io.BytesIO()
        for part in (MAGIC, VERSION, {"little_endian": True}):
            pickle.dump(part, file, protocol=2)
        written = {
            name: Stored(cast("Floats", value)) if isinstance(value, np.ndarray) else value
            for name, value in state.items()
        }
        whole = {"step": 1, "model_state": OrderedDict(written), "optimizer_state": extra}
        Writer(file, protocol=2).dump(whole)
        pickle.dump(list(kept), file, protocol=2)
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    for numbers in kept.values():
        file.write(struct.pack("<q", numbers.size) + numbers.tobytes())
    return file.getvalue()


def build_network(weights: Mapping[str, Floats]) -> bytes:
    """The ONNX file that Earshot makes of a checkpoint with these tensors."""
    return convert_voice_weights(build_checkpoint(weights))


def _name_function(name: str, module: str) -> Callable[..., None]:
    def stand_in(*_: object) -> None:
        """Be named in a pickle; nobody calls it."""

    stand_in.__name__ = stand_in.__qualname__ = name
    stand_in.__module__ = module
    return stand_in


def hear(weights: Mapping[str, Floats], mel: Floats) -> Floats:
    """Compute the network in plain numpy, with the gates in PyTorch's order.

    mel: shape (pieces, frames, 40). Returns shape (pieces, 256), unit length.
    """
    heard = mel
    for layer in range(3):
        enter, keep = weights[f"lstm.weight_ih_l{layer}"], weights[f"lstm.weight_hh_l{layer}"]
        offset = weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
        hidden = cell = np.zeros((len(mel), WIDTH), dtype=np.float32)
        each: list[Floats] = []
        for frame in range(mel.shape[1]):
            gates = heard[:, frame] @ enter.T + hidden @ keep.T + offset
            let_in, forget, new, show = np.split(gates, 4, axis=1)
            cell = _open(forget) * cell + _open(let_in) * np.tanh(new)
            hidden = _open(show) * np.tanh(cell)
            each.append(hidden)
        heard = np.stack(each, axis=1)
    last = np.maximum(0, heard[:, -1] @ weights["linear.weight"].T + weights["linear.bias"])
    return np.asarray(last / np.linalg.norm(last, axis=1, keepdims=True), dtype=np.float32)


def _open(gates: npt.NDArray[Any]) -> Floats:
    return np.asarray(1 / (1 + np.exp(-gates)), dtype=np.float32)
