from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from study import errors
from study.errors import EarshotError
from tests.every_error import CONCRETE, FAMILIES, SITUATIONS, made

ROOT = Path(__file__).parents[2]
PACKAGES = ("anonymise", "capture", "cli", "handoff", "models", "study", "transcribe", "tui")
OF_THE_SHELL = re.compile(r"`|\bearshot |(?<!\w)--\w")


def literals() -> Iterator[tuple[str, str]]:
    """Every piece of text that an error is made with, and where."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                if node.func.id in errors.__all__:
                    for part in (*node.args, *(keyword.value for keyword in node.keywords)):
                        for text in ast.walk(part):
                            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                                yield f"{path.relative_to(ROOT)}:{node.lineno}", text.value


def test_the_door_offers_every_error_of_every_family() -> None:
    inside = {kind.__name__ for kind in (EarshotError, *FAMILIES, *CONCRETE)}

    assert inside <= set(errors.__all__)
    assert all(inspect.isclass(getattr(errors, name)) for name in errors.__all__)


def test_every_error_has_an_exit_code_of_its_own() -> None:
    codes = [kind.exit_code for kind in CONCRETE]

    assert len(set(codes)) == len(codes)
    assert EarshotError.exit_code not in codes


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__name__)
def test_an_error_belongs_to_one_family_and_its_code_lies_in_the_familys_range(
    kind: type[EarshotError],
) -> None:
    (family,) = [family for family in FAMILIES if issubclass(kind, family)]

    assert kind.__module__ == family.__module__
    assert kind.exit_code in FAMILIES[family]


def test_the_ranges_of_families_do_not_meet_and_leave_the_shells_codes_alone() -> None:
    codes = [code for range_ in FAMILIES.values() for code in range_]

    assert len(set(codes)) == len(codes)
    assert min(codes) > 2
    # 126 and 127: a command that cannot be run; from 128 on: the signal that ended it, up to 64.
    assert not any(126 <= code <= 192 for code in codes)
    assert max(codes) < 255


def test_a_family_is_caught_as_one() -> None:
    with pytest.raises(errors.StepMissing):
        raise errors.TranscriptMissing


@pytest.mark.parametrize("error", SITUATIONS, ids=repr)
def test_an_error_is_one_sentence_without_a_command(error: EarshotError) -> None:
    assert str(error).endswith(".")
    assert "\n" not in str(error)
    assert not OF_THE_SHELL.search(str(error))


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__name__)
def test_what_an_error_is_told_is_kept_as_a_fact(kind: type[EarshotError]) -> None:
    facts = vars(made(kind))

    wanted = {name for name in inspect.signature(kind).parameters if name not in {"args", "kwargs"}}
    assert wanted <= set(facts)


def test_no_error_is_made_with_a_command_of_the_shell() -> None:
    found = list(literals())

    assert found
    assert [where for where, text in found if OF_THE_SHELL.search(text)] == []


def test_errors_lean_on_nothing_else() -> None:
    for path in (ROOT / "study" / "errors").glob("*.py"):
        imported = re.findall(r"^from (\S+) import", path.read_text(encoding="utf-8"), re.MULTILINE)
        inside = {name for name in imported if name.startswith("study.errors")}
        assert set(imported) - inside <= {"__future__", "enum", "typing"}
