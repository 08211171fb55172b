"""What a person is told to type next is what starts Earshot in their shell."""

from __future__ import annotations

import pytest

from cli.verb import name_program


@pytest.mark.parametrize(
    ("running", "on_path", "named"),
    [
        ("/home/x/earshot/.venv/bin/earshot", "", "/home/x/earshot/.venv/bin/earshot"),
        (".venv/bin/earshot", "", ".venv/bin/earshot"),
        (".venv/bin/earshot", "/usr/bin/earshot", "earshot"),
        ("/usr/bin/pytest", "", "earshot"),
    ],
)
def test_the_program_is_named_by_its_path_where_the_shell_does_not_find_it(
    running: str, on_path: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [running])

    def which(_: str) -> str | None:
        return on_path or None

    monkeypatch.setattr("shutil.which", which)

    assert name_program() == named
