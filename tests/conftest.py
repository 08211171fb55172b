"""What tests of every room share: a small study, made cheaply."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from study.keys import Argon2Cost
from study.store import Study


@pytest.fixture
def passphrase() -> str:
    return "four unrelated small words"


@pytest.fixture
def cheap() -> Argon2Cost:
    """The least that Argon2id takes: a test guards nobody."""
    return Argon2Cost(iterations=1, lanes=1, memory_kib=64)


@pytest.fixture
def study(tmp_path: Path, passphrase: str, cheap: Argon2Cost) -> Iterator[Study]:
    """An empty study that is open."""
    made, _ = Study.create(tmp_path / "study", passphrase, cost=cheap)
    with made:
        yield made


@pytest.fixture
def format_1(tmp_path: Path) -> Path:
    """The folder of a study that Earshot 0.1.0 made; its README says what is in it."""
    packed = Path(__file__).parent / "study" / "fixtures" / "format-1" / "study.tar.xz"
    folder = tmp_path / "format-1"
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder
