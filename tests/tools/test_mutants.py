"""The changes that `make mutants` makes are wrong programs, each in one line."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tools.changes import changes_of
from tools.mutants import MODULES, ROOT, equivalents, main, sample

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


@pytest.mark.parametrize("module", ["study/store/seal.py", "transcribe/speech_coverage.py"])
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


def test_a_module_whose_tests_are_not_named_is_refused() -> None:
    with pytest.raises(SystemExit) as refused:
        main(["study/nothing.py"])

    assert refused.value.code == 2


def test_changes_are_made_in_a_copy_and_the_table_tells_what_was_noticed() -> None:
    before = (ROOT / "study" / "store" / "seal.py").read_bytes()

    done = subprocess.run(
        [sys.executable, "-m", "tools.mutants", "study/store/seal.py", "--most", "2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    row = done.stdout.splitlines()[-1].split()
    assert (done.returncode, row) == (0, ["study/store/seal.py", "2", "2", "0", "100%"])
    assert (ROOT / "study" / "store" / "seal.py").read_bytes() == before


def test_the_same_seed_takes_the_same_sample() -> None:
    assert sample("study/store/trail.py", 10, 7) == sample("study/store/trail.py", 10, 7)
    assert sample("study/store/trail.py", 10, 7) != sample("study/store/trail.py", 10, 8)
    assert len(sample("study/store/trail.py", 10, 7)) == 10
