"""``make mutants``: change one line at a time and see whether the module's own tests notice.

A proof holds only if it would have failed. For each module on which trust rests, a sample of
one-line changes (``tools.changes``) is made in a copy of the source, and the tests that
``MODULES`` names for it run until the first fails. Nine in ten must be noticed. What changes
nothing that anybody could see stands in ``equivalent.toml``, each with its reason.

Not mutmut 3 (quick as well): it leaves constants, properties and all else that is decorated alone.

Each run is a fork of this process, which has imported the libraries but nothing of Earshot.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest

from tools.changes import Change, changes_of

# Each module and its own tests, the likeliest to notice first.
MODULES: dict[str, tuple[str, ...]] = {
    "transcribe/speech_coverage.py": ("transcribe/test_heard.py",),
    "transcribe/doubt.py": ("transcribe/test_doubt.py",),
    "study/corrected_transcript.py": ("study/test_correcting.py",),
    "study/store/transcript_editor.py": ("study/test_correcting.py",),
    "study/store/keys.py": ("study/test_keys.py",),
    "study/store/seal.py": ("study/test_seal.py",),
    "study/store/trail.py": ("study/test_trail.py",),
    "study/store/verification.py": ("study/test_verify.py",),
    "anonymise/mention_decisions.py": ("anonymise/test_mention_decisions.py",),
    "anonymise/clean_transcript.py": (
        "anonymise/test_mention_decisions.py",
        "anonymise/test_clean_transcript.py",
    ),
    "anonymise/register.py": ("anonymise/test_names.py",),
    "handoff/gate.py": ("handoff/test_gate_places.py", "handoff/test_gate.py"),
    "handoff/sign_off.py": ("handoff/test_signing.py",),
    "capture/recorder.py": ("capture/test_recorder.py",),
    "capture/watchdog.py": ("capture/test_watchdog.py",),
}
ROOT = Path(__file__).parents[1]
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
_COPIED = (
    "anonymise", "app", "benchmarks", "capture", "cli", "handoff", "models", "study", "tests",
    "tools", "transcribe", "tui", "pyproject.toml",
)  # fmt: skip
_LIBRARIES = (
    "cryptography.hazmat.primitives.ciphers.aead", "hypothesis", "msgspec", "numpy",
    "pytest_asyncio", "rapidfuzz", "sqlite3",
)  # fmt: skip
_HEAVY = {"anonymise": ("spacy",)}  # imported only where a module of this package is changed
_LEAST_NOTICED = 0.9
_AT_ONCE = 2
_LOOK_S = 0.01
_PATIENCE, _PATIENCE_S = 4, 10.0  # a run may take so many times what it took unchanged, and more
_MEMORY = 8 << 30  # bytes: a loop that fills a list must not fill the machine


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of a change: a changed program that hangs is noticed as well."""

    change: Change
    is_noticed: bool


@dataclass(slots=True)
class _Outcome:
    """What came of one module."""

    module: str
    results: list[_Result] = field(default_factory=list[_Result])

    @property
    def survivors(self) -> list[Change]:
        """The changes that no test noticed."""
        return [one.change for one in self.results if not one.is_noticed]

    @property
    def share(self) -> float:
        """Which part was noticed, from 0 to 1."""
        return 1 - len(self.survivors) / len(self.results) if self.results else 1.0

    def row(self) -> str:
        """Return the module's line of the table."""
        made, left = len(self.results), len(self.survivors)
        return f"{self.module:<34}{made:>6}{made - left:>9}{left:>11}{self.share:>8.0%}"


_HEADING = f"{'module':<34}{'made':>6}{'noticed':>9}{'survivors':>11}{'share':>8}"


class _QuickFirst:
    """Runs the tests in the order of what they took when nothing was changed."""

    def __init__(self, took_s: Path) -> None:
        self._file = took_s
        self._took_s: dict[str, float] = {}
        if took_s.is_file():
            rows = (row.rpartition(" ") for row in took_s.read_text().splitlines())
            self._took_s = {name: float(seconds) for name, _, seconds in rows}
        self._is_first = not self._took_s

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._took_s.get(item.nodeid, 0.0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self._is_first and report.when == "call":
            with self._file.open("a") as file:
                file.write(f"{report.nodeid} {report.duration:.4f}\n")


class _Tree:
    """A copy of the source in which one module is changed at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, folder / name)

    def start(self, tests: Sequence[str], took_s: Path) -> int:
        """Run tests in a process of their own; returns its number."""
        if number := os.fork():
            return number
        code = 70
        try:
            code = self._run(tests, took_s)
        finally:
            os._exit(code)

    def _run(self, tests: Sequence[str], took_s: Path) -> int:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        out = os.open(self.folder / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(out, stream)
        os.chdir(self.folder)
        os.environ["PYTHONPATH"] = str(self.folder)
        sys.path.insert(0, str(self.folder))
        given = [
            "-x", "-q", "-o", "addopts=", "--import-mode=importlib", "-p", "no:randomly",
            "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning",
            "--hypothesis-seed=0", f"--basetemp={self.folder / 'temp'}",
            *(f"tests/{test}" for test in tests),
        ]  # fmt: skip
        code = pytest.main(given, plugins=[_QuickFirst(took_s)])
        sys.stdout.flush()
        return int(code)


def _end(number: int, *, is_over: bool = False) -> None:
    """End a run and whatever it started. is_over: it has ended, and was waited for."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(number, signal.SIGKILL)
    if not is_over:
        os.waitpid(number, 0)


def _leave(number: int, _: FrameType | None) -> None:
    """Leave as at Ctrl-C, so that no run and no folder stays behind."""
    sys.exit(128 + number)


def _unchanged_s(module: str, tree: _Tree, took_s: Path) -> float:
    """Run the tests of an unchanged module; returns how long they take.

    Raises:
        SystemExit: they fail as it is, so that they would prove nothing.
    """
    began_s = time.monotonic()
    number = tree.start(MODULES[module], took_s)
    _, status = os.waitpid(number, 0)
    _end(number, is_over=True)
    if status:
        print((tree.folder / "output").read_text()[-3000:])
        sys.exit(f"The tests of {module} fail with nothing changed: mend them first.")
    return time.monotonic() - began_s


def _try_all(module: str, made: Iterable[Change], trees: Sequence[_Tree]) -> _Outcome:
    """Try changes, as many at once as there are trees."""
    took_s = trees[0].folder / "took"
    took_s.unlink(missing_ok=True)
    limit_s = _PATIENCE_S + _PATIENCE * _unchanged_s(module, trees[0], took_s)
    source = (ROOT / module).read_bytes()
    outcome, left, free = _Outcome(module), deque(made), [*trees]
    running: dict[int, tuple[Change, _Tree, float]] = {}
    try:
        while left or running:
            while left and free:
                change, tree = left.popleft(), free.pop()
                (tree.folder / module).write_bytes(change.made_in(source))
                number = tree.start(MODULES[module], took_s)
                running[number] = change, tree, time.monotonic() + limit_s
            for number, (change, tree, until_s) in [*running.items()]:
                ended, status = os.waitpid(number, os.WNOHANG)
                if ended or time.monotonic() > until_s:
                    _end(number, is_over=bool(ended))
                    del running[number]
                    free.append(tree)
                    result = _Result(change, is_noticed=not ended or status != 0)
                    outcome.results.append(result)
                    _say(result)
            time.sleep(_LOOK_S)
    finally:
        for number in running:
            _end(number)
    for tree in trees:
        (tree.folder / module).write_bytes(source)
    return outcome


def _say(result: _Result) -> None:
    """Tell the person at the terminal how it goes: a dot for what was noticed."""
    shown = "." if result.is_noticed else f"\n{result.change.number}: {result.change.what}"
    print(shown, end="", flush=True)


def equivalents() -> dict[tuple[str, str, str], str]:
    """Return what changes nothing: module, text of the line and change, and why."""
    entries = tomllib.loads(EQUIVALENT.read_text()).get("change", [])
    return {(one["module"], one["line"], one["change"]): one["reason"] for one in entries}


def sample(module: str, most: int | None, seed: int) -> list[Change]:
    """Return the changes to try in a module, without those that are known to change nothing."""
    known = equivalents()
    every = changes_of((ROOT / module).read_bytes())
    every = [one for one in every if (module, one.line, one.what) not in known]
    if most is None or len(every) <= most:
        return every
    return random.Random(f"{seed} {module}").sample(every, most)


def _prepare(modules: Iterable[str]) -> None:
    """Import what every run needs, once."""
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    sys.dont_write_bytecode = True  # two changes within a second could share one compiled file
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    heavy = {name for module in modules for name in _HEAVY.get(module.partition("/")[0], ())}
    for name in (*_LIBRARIES, *heavy):
        importlib.import_module(name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the modules that are named; returns 1 where one in ten changes goes unnoticed."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="such as study/store/seal.py")
    parser.add_argument("--most", type=int, default=40, help="changes in each module; 0: all")
    parser.add_argument("--seed", type=int, default=0, help="which sample is taken")
    given = parser.parse_args(arguments)
    modules: list[str] = given.modules or [*MODULES]
    if unknown := [module for module in modules if module not in MODULES]:
        parser.error(f"no tests are named for {', '.join(unknown)} in MODULES")
    _prepare(modules)
    signal.signal(signal.SIGTERM, _leave)
    outcomes: list[_Outcome] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees = [_Tree(Path(folder) / str(n)) for n in range(_AT_ONCE)]
        for module in modules:
            print(f"\n{module} ", end="", flush=True)
            made = sample(module, given.most or None, given.seed)
            outcomes.append(_try_all(module, made, trees))
    print(f"\n\n{_HEADING}")
    for outcome in outcomes:
        print(outcome.row())
        for change in sorted(outcome.survivors, key=lambda one: one.number):
            print(f"    {change.number}: {change.line}\n        {change.what}")
    return int(any(outcome.share < _LEAST_NOTICED for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
