"""A self-test of a model: it transcribes or marks a known sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from models import (
    TRIAL_END_S,
    TRIAL_START_S,
    TRIAL_TALK,
    TRIAL_VOICES_S,
    find_names_fault,
    find_speech_fault,
    find_voices_fault,
)
from study import open_descriptor
from study.errors import ModelBabbles

if TYPE_CHECKING:
    from models import InstalledModel
    from transcribe import Samples


def check_model(model: InstalledModel) -> None:
    """Load a model and test it on a known sentence, spoken or written, as its kind needs.

    Raises:
        ModelBroken: the model does not load.
        ModelBabbles: its result is not that of the sentence.
    """
    from models import ModelKind

    checks = {
        ModelKind.SPEECH: _test_speech_model,
        ModelKind.NAMES: _test_names_model,
        ModelKind.VOICES: _test_voice_model,
    }
    check = checks.get(model.offer.kind)
    fault = check(model) if check else ""
    if fault:
        raise ModelBabbles(model.offer.kind, fault)


def _test_speech_model(model: InstalledModel) -> str:
    from transcribe import DecodingOptions, SpeechEngine

    length_s = TRIAL_END_S - TRIAL_START_S
    # A single try: a model that is whole needs no more, and of nonsense one is enough.
    words = SpeechEngine(model, DecodingOptions(is_draft=True)).transcribe_window(
        load_test_sentence(), speech_s=length_s, until_s=length_s, seed=1
    )
    return find_speech_fault([(word.text, word.probability) for word in words])


def load_test_sentence() -> Samples:
    """Return the spoken sentence: float32 at ``MODEL_RATE``, all voices in one channel."""
    from transcribe import MODEL_RATE

    return _load_demonstration(TRIAL_END_S)[int(TRIAL_START_S * MODEL_RATE) :]


def _load_demonstration(end_s: float) -> Samples:
    """Return the demonstration interview up to ``end_s``, all voices in one channel."""
    import numpy as np

    from capture import open_decoder
    from models import DEMONSTRATION_SOUND
    from transcribe import MODEL_RATE

    descriptor = open_descriptor(DEMONSTRATION_SOUND, os.O_RDONLY)
    try:
        with open_decoder(descriptor) as sound:  # our own file, so it needs no confined child
            blocks = zip(range(int(end_s) + 1), sound.blocks(), strict=False)
            pcm = b"".join(bytes(block) for _, block in blocks)
            frames = np.frombuffer(pcm, dtype="<i2").reshape(-1, sound.channels)
    finally:
        os.close(descriptor)
    said = frames[: int(end_s * MODEL_RATE)].sum(axis=1, dtype=np.float32)
    return said / np.float32(32768)


def _test_voice_model(model: InstalledModel) -> str:
    from transcribe import PIECE_S, VoiceEncoder

    starts_s = [start_s for voice in TRIAL_VOICES_S for start_s in voice]
    voices = VoiceEncoder(model).embed(_load_demonstration(max(starts_s) + PIECE_S), starts_s)
    return find_voices_fault((voices @ voices.T).tolist())


def _test_names_model(model: InstalledModel) -> str:
    from anonymise import TrainedNameFinder

    return find_names_fault(TrainedNameFinder(model.folder).list_model_marks(TRIAL_TALK))
