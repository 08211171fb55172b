"""Packages are entered by their doors, a name stands once, and no import goes in a circle."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).parent.parent
PACKAGES = (
    "anonymise", "app", "capture", "cli", "handoff", "models", "study", "transcribe", "tui",
)  # fmt: skip
DOORS = (*PACKAGES, "study.errors", "study.store")
VISITORS = ("tests", "benchmarks", "docs")  # they enter by the doors as well; tools/ is a workshop


def dotted(path: Path) -> str:
    """The name by which Python imports a file."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Module(NamedTuple):
    """What these tests ask of a file; its tree itself would fill the memory."""

    imports: tuple[tuple[str, str], ...]  # each of ours, also inside functions: module and name
    classes: tuple[str, ...]  # public ones
    functions: tuple[str, ...]  # public ones


@cache
def read(path: Path) -> Module:
    whole = ast.parse(path.read_text(encoding="utf-8"))
    public = [
        node
        for node in whole.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    ]
    return Module(
        tuple(list_imports(whole)),
        tuple(node.name for node in public if isinstance(node, ast.ClassDef)),
        tuple(node.name for node in public if isinstance(node, ast.FunctionDef)),
    )


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))


@cache
def door_offers(door: str) -> dict[str, str]:
    """Each name that a door offers, with the module that holds it."""
    folder = HOUSE / door.replace(".", "/")
    stub = folder / ("__init__.py" if door == "study.errors" else "__init__.pyi")
    offers: dict[str, str] = {}
    for statement in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom) and statement.module not in {None, "__future__"}:
            home = f"{door}.{statement.module}" if statement.level else str(statement.module)
            offers |= {alias.name: home for alias in statement.names}
    return offers


def list_imports(whole: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(whole):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.split(".")[0] in PACKAGES:
                yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((n.name, "") for n in node.names if n.name.split(".")[0] in PACKAGES)


def room(path: Path) -> str:
    """The package that a file belongs to: its folder, or the folder that its tests mirror."""
    parts = path.relative_to(HOUSE).parts
    return parts[1] if parts[0] == "tests" and parts[1] in PACKAGES else parts[0]


@pytest.mark.parametrize("path", files(*PACKAGES, *VISITORS), ids=dotted)
def test_another_package_is_entered_by_its_door_alone(path: Path) -> None:
    past = [
        f"{module}: {name}"
        for module, name in read(path).imports
        if module.split(".")[0] != room(path)
        and f"{module}.{name}" not in DOORS
        and (module not in DOORS or (name and name not in door_offers(module)))
    ]

    assert past == []


@pytest.mark.parametrize("door", DOORS)
def test_what_a_door_offers_is_there_and_says_what_it_is_for(door: str) -> None:
    package = importlib.import_module(door)

    offered = {name: getattr(package, name) for name in door_offers(door)}

    assert sorted(package.__all__) == sorted(offered)
    mute = [
        name
        for name, thing in offered.items()
        if (inspect.isclass(thing) or inspect.isfunction(thing)) and not inspect.getdoc(thing)
    ]
    assert mute == []


def test_no_two_public_classes_share_a_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in files(*PACKAGES):
        for name in read(path).classes:
            homes[name].append(dotted(path))

    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_two_public_functions_of_a_package_share_a_name(package: str) -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in files(package):
        for name in read(path).functions:
            homes[name].append(dotted(path))

    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_no_module_leads_back_to_itself_lazy_imports_counted() -> None:
    modules = {dotted(path): path for path in files(*PACKAGES)}
    offers = {door: door_offers(door) for door in DOORS}
    leads_to: dict[str, set[str]] = {module: set() for module in modules}
    for module, path in modules.items():
        for source, name in read(path).imports:
            if f"{source}.{name}" in modules:
                leads_to[module].add(f"{source}.{name}")
            else:
                leads_to[module].add(offers.get(source, {}).get(name, source))

    try:
        TopologicalSorter(leads_to).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))
