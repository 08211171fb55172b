"""The documents say only what is there: every command, option, key and file that they name."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
from pathlib import Path

import pytest

from cli import VERB_NAMES, build_parser
from tests.every_error import CONCRETE

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *ROOT.glob("docs/*.md"),
]


def options(verb: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The options of a verb, as its help tells them."""
    with pytest.raises(SystemExit):
        build_parser().parse_args([verb, "--help"])
    return set(re.findall(r"--[a-z-]+", capsys.readouterr().out))


def commands(page: Path) -> list[list[str]]:
    """Every call of Earshot on a page, as words; continued lines are joined."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^\s*(?:\.venv/bin/)?(earshot .*)$", text, re.MULTILINE)
    lines += re.findall(r"`(?:\.venv/bin/)?(earshot [^`]*)`", text)
    return [shlex.split(line, comments=True)[1:] for line in lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_that_a_page_names_is_there(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = set(VERB_NAMES)

    for verb, *rest in commands(page):
        if verb == "VERB":
            continue
        assert verb in known
        named = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert named <= options(verb, capsys), (verb, rest)


def test_every_verb_stands_in_the_walk_or_the_readme() -> None:
    named = {
        words[0] for page in ("README.md", "docs/walk.md") for words in commands(ROOT / page)
    } | set(re.findall(r"earshot (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert set(VERB_NAMES) <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_make_target_that_the_documents_name_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for page in PAGES:
        for target in re.findall(
            r"`make (\w+)`|^make (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE), target


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| (\d+) \| (\w+) \| (.+) \|$", page, re.MULTILINE)

    assert rows == [
        (str(kind.exit_code), kind.__name__, (kind.__doc__ or "").partition("\n")[0])
        for kind in CONCRETE
    ]


def test_the_house_page_names_files_and_doors_that_are_there() -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")

    for path in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.[a-z]+)?)`", page):
        assert (ROOT / path).exists(), path
    rows = re.findall(r"^\| `([a-z.]+)` \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert len(rows) == len(re.findall(r"^\| `[a-z.]+` \|", page, re.MULTILINE))
    for door, purpose, examples in rows:
        offered = importlib.import_module(door)
        for name in re.findall(r"`(\w+)`", f"{purpose} {examples}"):
            assert name in offered.__all__, (door, name)


def test_the_example_of_the_house_page_uses_the_doors() -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    names = {
        (line.module, alias.name)
        for line in ast.parse(example).body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }

    assert ("study.store", "Study") in names
    for module, name in names:
        assert hasattr(importlib.import_module(str(module)), name)
