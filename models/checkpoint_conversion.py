"""Convert the checkpoint that a model is made from: verified first, read without running it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from models.catalogue import ModelOffer
from models.torch_checkpoint import CheckpointUnreadable
from models.voice_conversion import convert_voice_weights
from study.errors import ModelBroken, ModelFlaw

CARD_NAME = "CARD.md"
_CARDS = Path(__file__).with_name("cards")


def convert_checkpoint_file(offer: ModelOffer, path: Path) -> bytes:
    """Return the model's only file, made from its checkpoint.

    Raises:
        ModelBroken: the checkpoint is not the one that the catalogue pins.
        OSError: it cannot be read.
    """
    wanted = offer.checkpoint
    assert wanted is not None
    content = path.read_bytes() if path.stat().st_size == wanted.size else b""
    if hashlib.sha256(content).hexdigest() != wanted.sha256:
        raise ModelBroken(offer.kind, ModelFlaw.NOT_CATALOGUED)
    try:
        return convert_voice_weights(content)
    except CheckpointUnreadable as unreadable:
        raise ModelBroken(offer.kind, ModelFlaw.NOT_CATALOGUED) from unreadable


def find_card(offer: ModelOffer) -> Path:
    """Return the card of a model whose package has none."""
    return _CARDS / f"{offer.name}.md"
