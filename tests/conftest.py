"""What tests of every room share: a small study, made cheaply."""

from __future__ import annotations

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
