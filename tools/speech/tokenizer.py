"""A tokenizer in Whisper's layout that knows each word of the grammar as one token.

One token a word spares a small decoder from learning to spell, which is what takes hours.
It is byte-level BPE, so any other text still has a spelling. The order of the numbers is
what faster-whisper and CTranslate2 expect: text, end of text, the other special tokens, and
the timestamps last.
"""

import string
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from tools.speech.grammar import known_words

# Whisper's languages, in its order. Only "en" is used, but faster-whisper lists them all.
_LANGUAGES = """
en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur
hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si
km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha
ba jw su yue
"""
LANGUAGES = tuple(_LANGUAGES.split())

TIMESTAMP_STEP_S = 0.02
TIMESTAMPS = 1501  # 0.00 to 30.00 s

# Never reached: training stops when each known word is one token.
_ENOUGH = 20_000


def build() -> Tokenizer:
    """Build the tokenizer from the grammar's words; the same words give the same numbers."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_ENOUGH,
        min_frequency=2,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=[],
        show_progress=False,
    )
    tokenizer.train_from_iterator(_corpus(), trainer)
    tokenizer.add_special_tokens(
        [AddedToken(name, special=True, normalized=False) for name in special_names()]
    )
    return tokenizer


def special_names() -> list[str]:
    """The special tokens in the order of their numbers."""
    return [
        "<|endoftext|>",
        "<|startoftranscript|>",
        *(f"<|{language}|>" for language in LANGUAGES),
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nospeech|>",
        "<|notimestamps|>",
        *(f"<|{step * TIMESTAMP_STEP_S:.2f}|>" for step in range(TIMESTAMPS)),
    ]


def save(path: Path) -> Tokenizer:
    """Build the tokenizer and write it as `tokenizer.json`."""
    tokenizer = build()
    path.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path))
    return tokenizer


def _corpus() -> list[str]:
    """Each word in both cases, equally often, and each sign behind a space.

    faster-whisper forbids the first token of " -" and of " '". Were that the bare space, no
    word could begin, so space and sign must be one token: hence the second line, often.
    """
    both = {form for word in known_words() for form in (word, _other_case(word))}
    signs = " " + " ".join(string.ascii_letters + string.digits + "-'(\"£&")
    return [f" {word}" for word in sorted(both)] * 5 + [signs] * 200


def _other_case(word: str) -> str:
    return word[0].swapcase() + word[1:]
