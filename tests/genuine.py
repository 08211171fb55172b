"""The genuine models that tests transcribe and tell voices apart with, where they are installed.

Nothing is fetched for a test. They are looked for where this computer has them when the tests
begin, so that a test may point Earshot at another folder of models.
"""

from __future__ import annotations

import pytest

from models import InstalledModel, ModelKind, find_models_folder, find_offer, is_model_whole

NAME = "tiny.en"
FOLDER = find_models_folder() / NAME
IS_HERE = is_model_whole(ModelKind.SPEECH, FOLDER)
MISSING = f"{NAME} is not installed: earshot models get {NAME}"

VOICES = "voices"
VOICES_FOLDER = find_models_folder() / VOICES
VOICES_ARE_HERE = is_model_whole(ModelKind.VOICES, VOICES_FOLDER)
VOICES_MISSING = f"{VOICES} is not installed: earshot models get {VOICES}"

needs_voices = pytest.mark.skipif(not VOICES_ARE_HERE, reason=VOICES_MISSING)
needs_tiny_en = pytest.mark.skipif(not IS_HERE, reason=MISSING)


def find_tiny_en() -> InstalledModel:
    """Return the installed tiny.en; skips the test where there is none."""
    offer = find_offer(NAME)
    assert offer is not None
    if not IS_HERE:
        pytest.skip(MISSING)
    return InstalledModel(offer, FOLDER)


def find_voices() -> InstalledModel:
    """Return the installed voice model; skips the test where there is none."""
    offer = find_offer(VOICES)
    assert offer is not None
    if not VOICES_ARE_HERE:
        pytest.skip(VOICES_MISSING)
    return InstalledModel(offer, VOICES_FOLDER)
