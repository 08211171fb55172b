"""Fixtures for the tests of every package: small studies, made quickly."""

from __future__ import annotations

import gc
import itertools
import os
import sys
import tarfile
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import InstalledModel, find_speech_model
from study.store import Argon2Cost, Study
from tests import platform_free
from tests.course import MENTIONS, TURNS, add_interview
from tests.genuine import find_tiny_en

_TESTS_BETWEEN = 50
_ended = itertools.count(1)


def pytest_configure() -> None:
    """Look for garbage as seldom as the program does."""
    gc.set_threshold(10_000)


def pytest_runtest_logfinish() -> None:
    """Set apart what outlives tests, models and what Textual remembers of its lines.

    Looking through it again and again for garbage took two fifths of the time of the screens'
    tests.
    """
    if next(_ended) % _TESTS_BETWEEN == 0:
        gc.collect()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is too long for the gate, and say so."""
    if not os.environ.get("EARSHOT_THOROUGH"):
        skip = pytest.mark.skip(reason="with EARSHOT_THOROUGH=1")
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(skip)
    if platform_free.is_asked():
        skip = pytest.mark.skip(reason="needs what Windows lacks")
        for item in items:
            if platform_free.names_posix(item):
                item.add_marker(skip)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out files that could not even be imported on Windows, there or where that is asked."""
    if collection_path.suffix != ".py" or not platform_free.is_asked():
        return None
    return platform_free.imports_posix(collection_path) or None


@pytest.fixture
def passphrase() -> str:
    return "four unrelated small words"


@pytest.fixture
def cheap() -> Argon2Cost:
    """The lowest cost that Argon2id allows: tests protect nobody."""
    return Argon2Cost(iterations=1, lanes=1, memory_kib=64)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what Earshot remembers between its starts out of the folders of whoever tests it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def study(tmp_path: Path, passphrase: str, cheap: Argon2Cost) -> Iterator[Study]:
    """An empty study that is open."""
    made, _ = Study.create(tmp_path / "study", passphrase, cost=cheap)
    with made:
        yield made


@pytest.fixture(scope="session")
def tiny_en() -> InstalledModel:
    """The genuine tiny.en; the test is skipped where it is not installed."""
    return find_tiny_en()


@pytest.fixture
def tiny_en_alone(
    tiny_en: InstalledModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> InstalledModel:
    """The genuine tiny.en, as the only speech model that Earshot finds."""
    folder = tmp_path / "models-here"
    folder.mkdir()
    (folder / tiny_en.name).symlink_to(tiny_en.folder)
    monkeypatch.setenv("EARSHOT_MODELS", str(folder))
    return find_speech_model(tiny_en.name)


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small model that tells the demonstration's voices apart."""
    from tools import apart  # fitted in seconds, so only where a test asks for it

    folder = tmp_path_factory.mktemp("voices") / "speakers"
    apart.build(folder)
    return folder


@pytest.fixture
def voices_alone(voices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That model, as the only one that Earshot finds."""
    folder = tmp_path / "voices-here"
    folder.mkdir()
    (folder / voices.name).symlink_to(voices)
    monkeypatch.setenv("EARSHOT_MODELS", str(folder))


@pytest.fixture
def format_1(tmp_path: Path) -> Path:
    """The folder of a study that Earshot 0.1.0 made; its README says what is in it."""
    packed = Path(__file__).parent / "study" / "fixtures" / "format-1" / "study.tar.xz"
    folder = tmp_path / "format-1"
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def course(tmp_path: Path, passphrase: str, cheap: Argon2Cost) -> Iterator[Study]:
    """A study with one interview to review, one transcribed and one just entered."""
    ticks = itertools.count()

    def clock() -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=next(ticks))

    made, _ = Study.create(tmp_path / "course", passphrase, cost=cheap, clock=clock)
    with made:
        not_looked_for = ("vehicle registration",)
        add_interview(made, "P07_i1", TURNS, MENTIONS, not_looked_for=not_looked_for)
        add_interview(made, "P08_i1", TURNS[:1])
        add_interview(made, "P09_i1")
        yield made


@pytest.fixture
def add() -> Callable[..., str]:
    """Enter an interview, as far as its parts are given; returns its id."""
    return add_interview


@pytest.fixture
def verb(tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """Make a program in the place of ``earshot``; it may use ``tell``, ``keys`` and ``argv``."""

    def make(body: str) -> tuple[str, ...]:
        script = tmp_path / "verb.py"
        script.write_text(_PREAMBLE + textwrap.dedent(body))
        return sys.executable, "-P", str(script)

    return make


_PREAMBLE = """
import json, os, sys
argv = sys.argv[1:]
keys = open(int(argv[argv.index("--keys-fd") + 1]), "rb", 0, closefd=False).readline().rstrip()
def tell(**event):
    print(json.dumps(event), flush=True)
"""
