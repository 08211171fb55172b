"""What a speech model's tokenizer tells before the model is loaded: its languages, and lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.shelf import ModelHere
from study.errors import ModelBroken

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_CODE = 3  # letters of a language at most: <|transcribe|> is a token too, and no language


def knows(model: ModelHere, language: str) -> bool:
    """Whether a model has learnt a language, given as a code such as ``en``.

    faster-whisper would hear English instead with a warning that nobody sees, or break off.

    Raises:
        ModelBroken: its tokenizer cannot be read.
    """
    if "*" not in model.offer.languages:
        return language in model.offer.languages
    return _tokenizer(model).token_to_id(f"<|{language}|>") is not None and len(language) <= _CODE


def token_counter(model: ModelHere) -> Callable[[str], int]:
    """Return what counts the tokens of a text as this model does, without loading the model.

    Raises:
        ModelBroken: its tokenizer cannot be read.
    """
    tokenizer = _tokenizer(model)

    def count(text: str) -> int:
        # faster-whisper puts a space before them.
        return len(tokenizer.encode(f" {text}", add_special_tokens=False).ids)

    return count


def _tokenizer(model: ModelHere) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        # As bytes: with a path, tokenizers shows it in its message.
        return Tokenizer.from_buffer((model.folder / "tokenizer.json").read_bytes())
    except Exception as broken:  # tokenizers raises the bare class
        if type(broken) is not Exception and not isinstance(broken, (OSError, ValueError)):
            raise
        raise ModelBroken("speech") from broken
