"""Open a network in ONNX form, on one thread of this processor."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any, cast

from models.catalogue import ModelKind
from study.errors import ModelBroken, ModelFlaw

# onnxruntime reports its use to its makers since 1.32, and stores a number for this computer,
# unless this is set before it loads.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def open_network(path: Path, kind: ModelKind, flaw: ModelFlaw = ModelFlaw.DAMAGED) -> object:
    """Return onnxruntime's session of a network, for its caller to cast: it has no types.

    flaw: what is told where it cannot be opened.

    Raises:
        ModelBroken: the file is missing, or is no network.
    """
    onnxruntime = cast("Any", importlib.import_module("onnxruntime"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as broken:  # the library's errors have no common base
        raise ModelBroken(kind, flaw) from broken
