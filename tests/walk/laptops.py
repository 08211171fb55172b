"""Laptops of people who call Earshot; everything that it tells them is kept, to be read.

What differs from one run to the next stands in the kept text as a word in angle brackets.
"""

from __future__ import annotations

import io
import json
import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from cli import main

_DIFFERS = (  # another processor may hear other turns
    (re.compile(r"\b[0-9a-f]{8,64}\b"), "<hex>"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}\b"), "<day>"),
    (re.compile(r"\b([a-z]{3,8} ){11}[a-z]{3,8}\b"), "<twelve words>"),
    (re.compile(r"^( +\d+  )[a-z]+( [a-z]+){3}$", re.MULTILINE), r"\1<four words>"),
    (
        re.compile(r"\b(?:[3-9]|\d\d+) (turns|decisions)\b"),
        r"<n> \1",
    ),
    (re.compile(r"(\d+\.\d MB|[\d,]+ sealed bytes)"), "<size>"),
    (re.compile(r"trail: \d+:"), "trail: <n>:"),
)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Laptop:
    """A computer with a home, a study of its name, and somebody who knows its passphrase."""

    def __init__(
        self,
        name: str,
        home: Path,
        told: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """told: what was said on all laptops so far."""
        self.name, self.home = name, home
        self.passphrase = f"what only {name} knows"
        self._told, self._monkeypatch = told, monkeypatch
        home.mkdir(parents=True)
        (home / "stick").symlink_to("../stick")

    @property
    def study(self) -> Path:
        """The folder of its study."""
        return self.home / self.name

    def call(self, verb: str, *words: str) -> None:
        """Call a verb that others tell of: nothing of it is kept."""
        self._run(verb, self.name, *words, code=0, typed=None)

    def call_refused(self, code: int, verb: str, *words: str) -> str:
        """Call a verb that may be refused with ``code``; returns what that said, "" where not."""
        code_found, said = self._try(verb, self.name, *words, typed=None)
        assert code_found in {0, code}, said
        return " ".join(said.split()) if code_found else ""

    def do(self, verb: str, *words: str, code: int = 0, typed: str | None = None) -> None:
        """Call a verb, such as "log verify", with the study of this laptop; what it says is kept.

        code: the exit code that is meant. typed: what is typed at a terminal; None: there is none.
        """
        said = self._run(*verb.split(), self.name, *words, code=code, typed=typed)
        call = shlex.join(["earshot", *verb.split(), self.name, *words])
        self._told.append(f"{_mask(f'{self.name}$ {call}')}{_mask(said, '  ')}")

    def ask(self, verb: str, *words: str) -> Any:  # noqa: ANN401 - JSON is whatever a verb says
        """Call a verb as a script does; nothing of it is kept. Returns its result."""
        said = self._run(verb, self.name, *words, "--json", code=0, typed=None)
        return json.loads(said.splitlines()[-1])["result"]

    def _run(self, *words: str, code: int, typed: str | None) -> str:
        found, said = self._try(*words, typed=typed)
        assert found == code, said
        return said

    def _try(self, *words: str, typed: str | None) -> tuple[int, str]:
        said = io.StringIO()
        with self._monkeypatch.context() as own:
            own.chdir(self.home)
            own.setenv("HOME", str(self.home))
            for kind in ("STATE", "CONFIG", "CACHE", "DATA"):
                own.setenv(f"XDG_{kind}_HOME", str(self.home / kind.lower()))
            own.setenv("EARSHOT_PASSPHRASE", self.passphrase)
            own.setenv("COLUMNS", "100")
            if typed is not None:
                own.setattr("sys.stdin", _Terminal(typed))
            with redirect_stdout(said), redirect_stderr(said):
                found = main(list(words))
        return found, said.getvalue()


def _mask(said: str, before: str = "") -> str:
    for pattern, word in _DIFFERS:
        said = pattern.sub(word, said)
    return "".join(f"{before}{line}".rstrip() + "\n" for line in said.splitlines())
