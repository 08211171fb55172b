from __future__ import annotations

import inspect

import pytest

from study import errors
from study.errors import EarshotError

EVERY = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, EarshotError)
]


def made(kind: type[EarshotError]) -> EarshotError:
    """Make an error as a caller would, with something plausible for each argument."""
    plausible = {"int": 3, "float | None": 2.5, "list[str]": ["turn 4"]}
    wanted = inspect.signature(kind.__init__).parameters.values()
    given = [
        plausible.get(str(one.annotation), "raw transcript")
        for one in wanted
        if one.name != "self" and one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    return kind(*given)


def test_every_error_has_an_exit_code_of_its_own() -> None:
    codes = {kind.exit_code for kind in EVERY}

    assert len(codes) == len(EVERY)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_exit_code_is_one_that_a_shell_keeps_apart_from_its_own(
    kind: type[EarshotError],
) -> None:
    assert kind.exit_code == 1 or 3 <= kind.exit_code < 126


@pytest.mark.parametrize(
    "kind", [kind for kind in EVERY if kind is not EarshotError], ids=lambda kind: kind.__name__
)
def test_an_error_is_one_sentence_and_says_what_to_do(kind: type[EarshotError]) -> None:
    error = made(kind)

    assert str(error).endswith(".")
    assert "\n" not in str(error)
    assert error.advice
