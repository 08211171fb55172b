"""What is installed: our packages as they lie, with what they need, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from study import VERSION

ROOT = Path(__file__).parents[1]
PACKAGES = {"anonymise", "app", "capture", "cli", "handoff", "models", "study", "transcribe", "tui"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of all files in a wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_only_our_packages_are_installed(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}

    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == PACKAGES


def test_nothing_is_laid_beside_the_packages_but_the_manual_page(wheel: list[str]) -> None:
    beside = [name for name in wheel if ".data/" in name]

    assert beside == [f"earshot-{VERSION}.data/data/share/man/man1/earshot.1"]


def test_the_version_of_the_package_is_that_of_the_program(wheel: list[str]) -> None:
    assert f"earshot-{VERSION}.dist-info/METADATA" in wheel


def test_what_the_packages_need_comes_with_them(wheel: list[str]) -> None:
    for needed in (
        "models/bundled/ner-en/CARD.md",
        "models/demonstration/CARD.md",
        "models/demonstration/interview.flac",
        "models/catalogue.toml",
        "models/hard_lines.txt",
        *(f"anonymise/{path.name}" for path in (ROOT / "anonymise").glob("*.txt")),
        "tui/app.tcss",
        *(f"{package}/__init__.pyi" for package in sorted(PACKAGES)),
        "study/store/__init__.pyi",
    ):
        assert needed in wheel


def test_the_scripts_that_made_the_models_stay_out(wheel: list[str]) -> None:
    assert not [name for name in wheel if name.startswith(("tools", "tests", "benchmarks"))]


def test_the_constraints_pin_every_dependency_by_hash_and_name_no_index() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==([^ \\;]+)", text, re.MULTILINE))

    names = {re.split(r"[<>=]", need)[0] for need in project["dependencies"]}
    assert names <= set(pinned)
    assert "://" not in text
    assert "--index" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block


def test_every_dependency_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("dependencies = [")

    listed = lines[begin + 1 : lines.index("]", begin)]

    assert listed
    assert all(re.search(r'",\s+# \S+', line) for line in listed)
