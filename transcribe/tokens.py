"""Read a speech model's languages and token counts from its tokenizer, without the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models import InstalledModel
from study.errors import ModelBroken

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LONGEST_CODE = 3  # letters of a language code: <|transcribe|> is a token, but no language


def knows_language(model: InstalledModel, language: str) -> bool:
    """Whether a model has learnt a language, given as a code such as ``en``.

    For others, faster-whisper transcribes as English with a warning that nobody sees, or fails.

    Raises:
        ModelBroken: its tokenizer cannot be read.
    """
    if "*" not in model.offer.languages:
        return language in model.offer.languages
    is_token = _load_tokenizer(model).token_to_id(f"<|{language}|>") is not None
    return is_token and len(language) <= _LONGEST_CODE


def make_token_counter(model: InstalledModel) -> Callable[[str], int]:
    """Return a function that counts the tokens of a text as the model does.

    Raises:
        ModelBroken: its tokenizer cannot be read.
    """
    tokenizer = _load_tokenizer(model)

    def count(text: str) -> int:
        # faster-whisper puts a space before the hints.
        return len(tokenizer.encode(f" {text}", add_special_tokens=False).ids)

    return count


def _load_tokenizer(model: InstalledModel) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        # As bytes: given a path, tokenizers puts it into its error messages.
        return Tokenizer.from_buffer((model.folder / "tokenizer.json").read_bytes())
    except Exception as broken:  # tokenizers raises the bare class
        if type(broken) is not Exception and not isinstance(broken, (OSError, ValueError)):
            raise
        raise ModelBroken("speech") from broken
