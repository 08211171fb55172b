"""Read the numbers out of a PyTorch checkpoint, without PyTorch and without running anything in it.

A checkpoint is a pickle, which can call any function when it is loaded. This reader knows three
names, all of them harmless, and refuses every other. It reads the older of PyTorch's two forms
(before its version 1.6): a magic number, a version, facts about the computer, the object, the names
of the storages, each pickled, and then the storages' numbers themselves.
"""

from __future__ import annotations

import io
import math
import pickle
import struct
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_MAGIC = 119547037146038801333356
_VERSION = 1001
_COUNT = struct.Struct("<q")
_FLOAT_BYTES = 4


class CheckpointUnreadable(ValueError):
    """The bytes are no checkpoint of this form, or it holds something else than float32 numbers."""


@dataclass(frozen=True, slots=True)
class CheckpointTensor:
    """Float32 numbers, little-endian, the last axis running fastest."""

    shape: tuple[int, ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class _View:
    """Where a tensor lies: so many numbers into a storage, contiguous."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]


class _FloatStorage:
    """Stands for PyTorch's class of that name, which says only what kind of numbers there are."""


def read_checkpoint(content: bytes, part: str) -> dict[str, CheckpointTensor]:
    """Return the tensors of one part of a checkpoint, such as "model_state", by their names.

    Raises:
        CheckpointUnreadable: it is no such checkpoint, it names anything to call or to make but
            tensors, or it ends early.
    """
    file = io.BytesIO(content)
    try:
        if _load(file) != _MAGIC or _load(file) != _VERSION:
            raise CheckpointUnreadable("another form")
        _load(file)
        views = _load(file)[part]
        places = _find_storages(file, _load(file), len(content))
        return {
            name: _cut(content, places, view)
            for name, view in views.items()
            if isinstance(view, _View)
        }
    except CheckpointUnreadable:
        raise
    except Exception as broken:
        raise CheckpointUnreadable("not to be read") from broken


def _load(file: io.BytesIO) -> Any:  # noqa: ANN401 - a pickle holds whatever it holds
    return _Reader(file).load()


class _Reader(pickle.Unpickler):
    """Makes dictionaries, numbers, text and the places of tensors; refuses everything else."""

    def persistent_load(self, pid: Any) -> _Storage:  # noqa: ANN401 - as the base class has it
        what, kind, key, _, count, view = pid
        if what != "storage" or kind is not _FloatStorage or view is not None:
            raise CheckpointUnreadable("other numbers")
        return _Storage(str(key), int(count))

    def find_class(self, module_name: str, global_name: str, /) -> Any:  # noqa: ANN401 - the same
        known: dict[tuple[str, str], type | Callable[..., _View]] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): _FloatStorage,
            ("torch._utils", "_rebuild_tensor_v2"): _note_place,
        }
        found = known.get((module_name, global_name))
        if found is None:
            raise CheckpointUnreadable("names something to call")
        return found


def _note_place(
    storage: _Storage, offset: int, shape: tuple[int, ...], steps: tuple[int, ...], *_: object
) -> _View:
    """Stand in for PyTorch's function that makes a tensor of a storage."""
    contiguous = tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))
    if steps != contiguous or offset < 0 or offset + math.prod(shape) > storage.count:
        raise CheckpointUnreadable("a tensor in pieces")
    return _View(storage, offset, shape)


def _find_storages(file: io.BytesIO, keys: list[str], size: int) -> dict[str, range]:
    """Return the bytes of each storage: its number of float32 as int64, then these."""
    places: dict[str, range] = {}
    for key in keys:
        (count,) = _COUNT.unpack(file.read(_COUNT.size))
        begin = file.tell()
        end = begin + _FLOAT_BYTES * count
        if count < 0 or end > size:
            raise CheckpointUnreadable("ends early")
        places[key] = range(begin, end)
        file.seek(end)
    return places


def _cut(content: bytes, places: dict[str, range], view: _View) -> CheckpointTensor:
    place = places[view.storage.key]
    begin = place.start + _FLOAT_BYTES * view.offset
    end = begin + _FLOAT_BYTES * math.prod(view.shape)
    if end > place.stop:
        raise CheckpointUnreadable("ends early")
    return CheckpointTensor(view.shape, content[begin:end])
