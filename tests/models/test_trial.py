"""A known sentence tells a model that works from one that loads and makes nonsense of it."""

from __future__ import annotations

import json
import random
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
import spacy
from spacy.pipeline import EntityRuler

from app import check_model
from cli import main
from models.catalogue import find_offer
from models.installed_models import InstalledModel, ModelBroken, find_names_model
from models.self_test import find_speech_fault
from study.errors import ModelBabbles

Spoil = Callable[[Path], None]


@pytest.mark.usefixtures("tiny_en_alone")
@pytest.mark.parametrize("name", ["tiny.en", "names-en"])
def test_a_genuine_model_and_our_own_understand(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "try", name]) == 0
    assert f"{name} works" in capsys.readouterr().out


def exchange_words(folder: Path) -> None:
    """A tokenizer of another model: the same words under other numbers."""
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    numbers = tokenizer["model"]["vocab"]
    words = [word for word in numbers if len(word) > 2]
    others = [numbers[word] for word in words]
    random.Random(1).shuffle(others)  # noqa: S311 - repeatable
    numbers.update(zip(words, others, strict=True))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))


def tensors(content: bytes | bytearray) -> Iterator[tuple[str, int, int]]:
    """Yield where each tensor lies in CTranslate2's file: its name, first byte and end."""
    place = 4

    def text() -> str:
        nonlocal place
        (size,) = struct.unpack_from("<H", content, place)
        place += 2 + size
        return bytes(content[place - size : place - 1]).decode()

    text()
    (count,) = struct.unpack_from("<I", content, place + 4)
    place += 8
    for _ in range(count):
        name = text()
        place += 2 + 4 * content[place]
        (size,) = struct.unpack_from("<I", content, place)
        place += 4 + size
        yield name, place - size, place


def damage(folder: Path, change: Callable[[bytes], bytes]) -> None:
    """Change the encoder's weights, not what says how large each is: it still loads."""
    content = bytearray((folder / "model.bin").read_bytes())
    for name, first, end in list(tensors(content)):
        if name.startswith("encoder") and name.endswith("/weight"):
            content[first:end] = change(bytes(content[first:end]))
    (folder / "model.bin").write_bytes(content)


def exchange_weights(folder: Path) -> None:
    dice = random.Random(1)  # noqa: S311 - repeatable
    damage(folder, lambda tensor: dice.randbytes(len(tensor)))


def clear_half_of_the_weights(folder: Path) -> None:
    damage(folder, lambda tensor: tensor[: len(tensor) // 2].ljust(len(tensor), b"\0"))


@pytest.mark.parametrize("spoil", [exchange_words, exchange_weights, clear_half_of_the_weights])
def test_a_damaged_speech_model_that_still_loads_is_refused(
    spoil: Spoil, tmp_path: Path, tiny_en: InstalledModel
) -> None:
    folder = tmp_path / "spoilt"
    shutil.copytree(tiny_en.folder, folder)
    spoil(folder)

    with pytest.raises(ModelBabbles, match="in a known sentence"):
        check_model(InstalledModel(tiny_en.offer, folder))


@pytest.mark.parametrize(
    ("heard", "fault"),
    [
        ("Thank you for coming today. Are you happy for me to record it?", ""),
        ("", "nothing"),
        ("you you you you you you", "same word"),
        ("Zanzibar quickly the blue eleven", "other words"),
        ("Thank you for watching.", "other words"),  # what models invent
    ],
)
def test_nonsense_is_told_from_errors(heard: str, fault: str) -> None:
    told = find_speech_fault([(word, 0.9) for word in heard.split()])

    assert fault in told
    assert bool(told) == bool(fault)


def test_impossible_probabilities_are_nonsense() -> None:
    assert "impossible" in find_speech_fault([("Thank", 0.9), (" you", float("nan"))])


Patterns = list[dict[str, str | list[dict[str, object]]]]
NOTHING: Patterns = [{"label": "PERSON", "pattern": "Nobody"}]
ONE: Patterns = [{"label": "PERSON", "pattern": "David"}]
THREE: Patterns = [*ONE, {"label": "PERSON", "pattern": "Sarah Thompson"}]
EVERYTHING: Patterns = [{"label": "PERSON", "pattern": [{"OP": "+"}]}]
EVERY_WORD: Patterns = [{"label": "PERSON", "pattern": [{"IS_ALPHA": True}]}]


def pipeline(folder: Path, patterns: Patterns) -> InstalledModel:
    """A pipeline whose finder marks what the patterns say."""
    model = spacy.blank("en")
    cast("EntityRuler", model.add_pipe("entity_ruler", name="ner")).add_patterns(patterns)
    model.to_disk(folder)
    offer = find_offer("en_core_web_sm")
    assert offer is not None
    return InstalledModel(offer, folder)


@pytest.mark.parametrize(
    ("patterns", "words"),
    [(NOTHING, "hardly any"), (ONE, "hardly any"), (EVERYTHING, "no names"),
     (EVERY_WORD, "no names")],
)  # fmt: skip
def test_a_pipeline_that_finds_nothing_or_everything_is_refused(
    tmp_path: Path, patterns: Patterns, words: str
) -> None:
    with pytest.raises(ModelBabbles, match=words):
        check_model(pipeline(tmp_path / "en", patterns))


def test_a_pipeline_that_finds_most_names_works(tmp_path: Path) -> None:
    check_model(pipeline(tmp_path / "en", THREE))


def test_our_own_finder_with_exchanged_weights_is_refused(tmp_path: Path) -> None:
    whole = find_names_model()
    folder = tmp_path / "en"
    shutil.copytree(whole.folder, folder)
    weights = bytearray((folder / "ner" / "model").read_bytes())
    third = len(weights) // 3
    weights[third : 2 * third] = random.Random(1).randbytes(third)  # noqa: S311 - repeatable
    (folder / "ner" / "model").write_bytes(weights)

    with pytest.raises((ModelBabbles, ModelBroken)):
        check_model(InstalledModel(whole.offer, folder))
