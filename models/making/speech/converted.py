"""Begin training where a converted model left off.

The weights that ship are CTranslate2's: 8-bit numbers with a scale for each row. That is
enough to go on from. Reads its binary format (version 6) and fills a network; words that the
old tokenizer did not know, and the phoneme head, begin anew.
"""

import json
import struct
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from models.making.speech.network import Network, sinusoids
from models.making.speech.tokenizer import TIMESTAMPS

_FORMAT = 6
_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)

# The parts of fused projections, in CTranslate2's order.
_SELF = ("q_proj", "k_proj", "v_proj")
_CROSS = ("k_proj", "v_proj")


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Read a `model.bin`: arrays by name, 8-bit ones turned back into float32; no aliases."""
    data = path.read_bytes()
    at = 0

    def take(form: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(f"<{form}", data, at)
        at += struct.calcsize(form)
        return value

    def text() -> str:
        nonlocal at
        length = take("H")
        at += length
        return data[at - length : at].rstrip(b"\0").decode()

    if (version := take("I")) != _FORMAT:
        raise ValueError(f"Version {version} of CTranslate2's format is not known here.")
    text()
    take("I")
    found: dict[str, np.ndarray] = {}
    for _ in range(take("I")):
        name = text()
        shape = [take("I") for _ in range(take("B"))]
        kind = np.dtype(_TYPES[take("B")])
        size = take("I")
        found[name] = np.frombuffer(data, kind, size // kind.itemsize, at).reshape(shape)
        at += size
    return {name: _unpacked(name, found) for name in found if not name.endswith("_scale")}


def _unpacked(name: str, found: dict[str, np.ndarray]) -> np.ndarray:
    array = found[name]
    if array.dtype != np.int8 or array.ndim < 2:  # noqa: PLR2004  matrices only
        return array
    scale = found[f"{name}_scale"].reshape(-1, *[1] * (array.ndim - 1))
    return array.astype(np.float32) / scale


def fill(network: Network, folder: Path, tokenizer: Tokenizer) -> int:
    """Fill a network from a converted model; returns how many of its tokens were known."""
    weights = read_weights(folder / "model.bin")
    state = dict(network.state_dict())
    for part, layers in (
        ("encoder", network.size.encoder_layers),
        ("decoder", network.size.decoder_layers),
    ):
        state |= _norm(f"{part}.layer_norm", weights, f"{part}/layer_norm")
        for number in range(layers):
            state |= _layer(f"{part}.layers.{number}", weights, f"{part}/layer_{number}")
    for name in ("conv1", "conv2"):
        state |= _linear(f"encoder.{name}", weights, f"encoder/{name}")
    positions = weights["decoder/position_encodings/encodings"]
    state["decoder.text_positions"] = torch.from_numpy(positions.astype(np.float32))
    embeddings = weights["decoder/embeddings/weight"].astype(np.float32)
    known = _embed(state, embeddings, folder, tokenizer)
    network.load_state_dict(state)
    return known


def _embed(
    state: dict[str, torch.Tensor], embeddings: np.ndarray, folder: Path, tokenizer: Tokenizer
) -> int:
    names = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    words = state["decoder.word_embeddings"].clone()
    known = 0
    for number, name in enumerate(names[:-TIMESTAMPS]):
        place = tokenizer.token_to_id(name)
        if place is not None and place < len(words):
            words[place] = torch.from_numpy(embeddings[number])
            known += 1
    state["decoder.word_embeddings"] = words
    # Timestamps share a linear map of their sinusoid: take the one that fits best.
    waves = sinusoids(TIMESTAMPS, embeddings.shape[1])
    fit = torch.linalg.lstsq(waves, torch.from_numpy(embeddings[-TIMESTAMPS:]), driver="gelsd")
    state["decoder.time_map.weight"] = fit.solution.T.contiguous()
    return known


def _layer(ours: str, weights: dict[str, np.ndarray], theirs: str) -> dict[str, torch.Tensor]:
    found = _norm(f"{ours}.self_attn_layer_norm", weights, f"{theirs}/self_attention/layer_norm")
    found |= _fused(f"{ours}.self_attn", weights, f"{theirs}/self_attention/linear_0", _SELF)
    found |= _linear(f"{ours}.self_attn.out_proj", weights, f"{theirs}/self_attention/linear_1")
    if f"{theirs}/attention/linear_0/weight" in weights:
        look = f"{ours}.encoder_attn"
        found |= _norm(f"{look}_layer_norm", weights, f"{theirs}/attention/layer_norm")
        found |= _linear(f"{look}.q_proj", weights, f"{theirs}/attention/linear_0")
        found |= _fused(look, weights, f"{theirs}/attention/linear_1", _CROSS)
        found |= _linear(f"{look}.out_proj", weights, f"{theirs}/attention/linear_2")
    found |= _norm(f"{ours}.final_layer_norm", weights, f"{theirs}/ffn/layer_norm")
    found |= _linear(f"{ours}.fc1", weights, f"{theirs}/ffn/linear_0")
    return found | _linear(f"{ours}.fc2", weights, f"{theirs}/ffn/linear_1")


def _norm(ours: str, weights: dict[str, np.ndarray], theirs: str) -> dict[str, torch.Tensor]:
    return {
        f"{ours}.weight": torch.from_numpy(weights[f"{theirs}/gamma"].copy()),
        f"{ours}.bias": torch.from_numpy(weights[f"{theirs}/beta"].copy()),
    }


def _linear(ours: str, weights: dict[str, np.ndarray], theirs: str) -> dict[str, torch.Tensor]:
    return {
        f"{ours}.weight": torch.from_numpy(weights[f"{theirs}/weight"].copy()),
        f"{ours}.bias": torch.from_numpy(weights[f"{theirs}/bias"].copy()),
    }


def _fused(
    ours: str, weights: dict[str, np.ndarray], theirs: str, parts: tuple[str, ...]
) -> dict[str, torch.Tensor]:
    """Take apart projections that CTranslate2 stacks; Whisper's keys have no bias."""
    found: dict[str, torch.Tensor] = {}
    for kind in ("weight", "bias"):
        stacked = torch.from_numpy(weights[f"{theirs}/{kind}"].copy())
        for part, piece in zip(parts, stacked.chunk(len(parts)), strict=True):
            if (part, kind) != ("k_proj", "bias"):
                found[f"{ours}.{part}.{kind}"] = piece.clone()
    return found
