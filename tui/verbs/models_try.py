"""``earshot models try``, and the last check of ``get``: a model on a known sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from study.errors import ModelBabbles

if TYPE_CHECKING:
    from models.shelf import ModelHere
    from transcribe.hearing import Samples


def tried(model: ModelHere) -> None:
    """Load a model and give it a known sentence, spoken or written as its kind wants it.

    Raises:
        ModelBroken: it does not load.
        ModelBabbles: it makes something else of the sentence.
    """
    from models.catalogue import ModelKind

    checks = {ModelKind.SPEECH: _heard, ModelKind.NAMES: _marked}
    check = checks.get(model.offer.kind)
    fault = check(model) if check else ""
    if fault:
        raise ModelBabbles(model.offer.kind, fault)


def _heard(model: ModelHere) -> str:
    from models import trial
    from transcribe.engine import Engine, Options

    words = Engine(model, Options(beam_size=1)).hear(said(), 0.0, seed=1)
    return trial.fault([(word.text, word.probability) for word in words])


def said() -> Samples:
    """Return the spoken sentence, all voices in one channel."""
    import numpy as np

    from capture.decoders import decoder
    from models import trial
    from models.demonstration import SOUND
    from transcribe.hearing import RATE

    descriptor = os.open(SOUND, os.O_RDONLY)
    try:
        with decoder(descriptor) as sound:  # our own file, so it needs no confined child
            blocks = zip(range(int(trial.END_S) + 1), sound.blocks(), strict=False)
            pcm = b"".join(bytes(block) for _, block in blocks)
            frames = np.frombuffer(pcm, dtype="<i2").reshape(-1, sound.channels)
    finally:
        os.close(descriptor)
    said = frames[int(trial.START_S * RATE) : int(trial.END_S * RATE)].sum(axis=1, dtype=np.float32)
    return said / np.float32(32768)


def _marked(model: ModelHere) -> str:
    from anonymise.names import Finder
    from models import trial

    return trial.fault_of_names(Finder(model.folder).marked(trial.TALK))
