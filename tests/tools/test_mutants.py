"""The changes that `make mutants` makes are wrong programs, each in one line."""

from __future__ import annotations

import ast

import pytest

from tools.changes import changes_of
from tools.mutants import MODULES, ROOT, equivalents

SOURCE = b'''"""A module."""
LIMIT = 0.5

def first(names: list[str], most: int = 3) -> str:
    """Say `not this`."""
    found: list[str] = []
    for name in names:
        if not name or len(name) > most:
            continue
        found.append(name)
    if not found:
        raise ValueError
    return min(found)[:most]
'''


def test_each_kind_of_change_is_made_once() -> None:
    made = [change.what for change in changes_of(SOURCE)]

    assert made == [
        "0.5 -> 1.0",
        "3 -> 4",
        "not name -> (name)",
        "not name or len(name) > most -> (not name and len(name) > most)",
        "not name or len(name) > most -> False",
        "not name or len(name) > most -> True",
        "len(name) > most -> (len(name) <= most)",
        "len(name) > most -> (len(name) >= most)",
        "continue -> break",
        "found.append(name) -> pass",
        "not found -> (found)",
        "not found -> False",
        "not found -> True",
        "raise ValueError -> pass",
        'return min(found)[:most] -> return ""',
        "min -> max",
        "most -> (most + 1)",
    ]


@pytest.mark.parametrize("module", ["study/seal.py", "transcribe/heard.py"])
def test_every_change_of_a_module_leaves_a_program(module: str) -> None:
    source = (ROOT / module).read_bytes()
    before = ast.dump(ast.parse(source))

    for change in changes_of(source):
        assert ast.dump(ast.parse(change.made_in(source))) != before, change


def test_each_module_and_its_tests_are_there() -> None:
    tests = {f"tests/{test}" for named in MODULES.values() for test in named}

    assert [name for name in [*MODULES, *tests] if not (ROOT / name).is_file()] == []


def test_a_change_that_is_said_to_change_nothing_is_still_one_that_is_made() -> None:
    modules = {module for module, _, _ in equivalents()}
    made = {
        (module, change.line, change.what)
        for module in modules
        for change in changes_of((ROOT / module).read_bytes())
    }

    assert set(equivalents()) - made == set()
