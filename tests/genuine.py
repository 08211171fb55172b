"""The genuine speech model that tests transcribe with, where it is installed.

Nothing is fetched for a test. The model is looked for where this computer has it when the tests
begin, so that a test may point Earshot at another folder of models.
"""

from __future__ import annotations

import pytest

from models import InstalledModel, ModelKind, find_models_folder, find_offer, is_model_whole

NAME = "tiny.en"
FOLDER = find_models_folder() / NAME
IS_HERE = is_model_whole(ModelKind.SPEECH, FOLDER)
MISSING = f"{NAME} is not installed: earshot models get {NAME}"

needs_tiny_en = pytest.mark.skipif(not IS_HERE, reason=MISSING)


def find_tiny_en() -> InstalledModel:
    """Return the installed tiny.en; skips the test where there is none."""
    offer = find_offer(NAME)
    assert offer is not None
    if not IS_HERE:
        pytest.skip(MISSING)
    return InstalledModel(offer, FOLDER)
