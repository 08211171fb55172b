"""What Windows and macOS lack is called in few places, and the rest goes on without it.

``tests/windows_like`` makes a process look like Windows: see there how far.
"""

from __future__ import annotations

import ast
import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from study import open_descriptor, read_at, sync_descriptor
from tests.windows_like.hidden import HIDDEN_MODULES, HIDDEN_NAMES

HOUSE = Path(__file__).parents[1]
LIKE_WINDOWS = HOUSE / "tests" / "windows_like"
PACKAGES = (
    "anonymise", "app", "capture", "cli", "handoff", "models", "study", "transcribe", "tui",
)  # fmt: skip
ONLY_LINUX_FILES = ("/proc", "/sys/", "/dev/", "/run/", "/etc/", "/var/")

# Each module that calls what not every system has, what it calls, and what it does without it.
ALLOWED = {
    "study.windows": {"os.fork": "asks for it alone, to tell Windows by its absence"},
    "study.descriptors": {
        "os.O_NOFOLLOW": "Windows opens the link itself and looks (study.windows)",
        "os.O_NONBLOCK": "Windows has no pipes under names of files",
        "os.pread": "elsewhere the position is moved there and back, under a lock",
        "os.fdatasync": "elsewhere fsync, or what is stronger",
        "os.geteuid": "elsewhere the folder's access list keeps others out",
        "fcntl": "F_FULLFSYNC on macOS; elsewhere fsync",
    },
    "study.store.file_locks": {"fcntl": "flock; on Windows LockFileEx (study.windows)"},
    "study.store.core_files": {
        "resource": "RLIMIT_CORE; on Windows error reports are kept without memory",
        "/proc": "what a core that is piped to a program holds; Linux alone has it",
    },
    "study.store.workers": {
        "signal.SIGKILL": "os._exit on Windows",
        "os.getpriority": "psutil on Windows",
        "os.setpriority": "psutil on Windows",
        "os.PRIO_PROCESS": "psutil on Windows",
        "/proc": "who is killed first for want of memory; only Linux is told",
    },
    "study.store.network_share": {"/proc": "elsewhere psutil lists the mounts"},
    "study.store.second_mounts": {
        "/proc": "elsewhere a second path is not noticed",
        "socket.AF_UNIX": "the same",
    },
    "models.machine": {
        "os.sched_getaffinity": "elsewhere all processors count",
        "/proc": "the processor's name and the card; elsewhere platform and nvidia-smi",
        "/sys/": "a container's limit and the cores; elsewhere psutil",
    },
    "capture.confinement": {"resource": "on Windows a job of the kernel's (study.windows)"},
    "capture.child_pipe": {
        "fcntl": "a larger pipe, on Linux alone",
        "select.select": "on Windows a thread reads",
        "os.readv": "on Windows a thread reads",
    },
    "capture.clocks": {
        "time.CLOCK_BOOTTIME": "elsewhere the clock that stands still in sleep",
        "time.clock_gettime": "elsewhere the clock that stands still in sleep",
    },
    "cli.command_line": {
        "signal.SIGHUP": "Windows closes no terminal by a signal",
        "signal.SIGCONT": "the same",
    },
    "handoff.pdf_process": {
        "os.killpg": "on Windows psutil ends what is known to have been started",
        "signal.SIGKILL": "the same",
    },
    "cli.terminal_keys": {
        "termios": "on Windows the console's own keys",
        "tty": "on Windows the console's own keys",
        "select.select": "on Windows the console is asked",
    },
    "app.disk_encryption": {
        "os.major": "asked where Linux lists its disks; elsewhere it says that it cannot tell",
        "os.minor": "the same",
        "/sys/": "the same",
    },
}


def name_module(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def list_calls(tree: ast.Module) -> Iterator[str]:
    """The modules, names and files of one system that a module names, outside its docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from list_imported(node)
        elif isinstance(node, ast.Attribute):
            yield from list_named(node.value, node.attr)
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            if isinstance(node.func, ast.Name) and node.func.id in {"getattr", "hasattr"}:
                yield from list_named(node.args[0], getattr(node.args[1], "value", None))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            files = ONLY_LINUX_FILES if id(node) not in told else ()
            yield from (one for one in files if node.value.startswith(one))


def list_imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = [one.name for one in node.names]
    if isinstance(node, ast.Import):
        yield from (name for name in names if name in HIDDEN_MODULES)
    elif node.module in HIDDEN_MODULES:
        yield str(node.module)
    else:
        hidden = HIDDEN_NAMES.get(node.module or "", ())
        yield from (f"{node.module}.{name}" for name in names if name in hidden)


def list_named(of: ast.expr, name: object) -> Iterator[str]:
    if isinstance(of, ast.Name) and name in HIDDEN_NAMES.get(of.id, ()):
        yield f"{of.id}.{name}"


@cache
def find_calls() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sorted((HOUSE / package).rglob("*.py")):
            if called := set(list_calls(ast.parse(path.read_text(encoding="utf-8")))):
                found[name_module(path)] = called
    return found


def test_what_one_system_alone_has_is_called_in_the_modules_that_know_a_way_without() -> None:
    assert find_calls() == {module: set(calls) for module, calls in ALLOWED.items()}


def test_windows_is_asked_for_by_those_modules_alone() -> None:
    asking = {
        name_module(path)
        for package in PACKAGES
        for path in (HOUSE / package).rglob("*.py")
        if re.search(r"\bIS_WINDOWS\b|\bwin32\b", path.read_text(encoding="utf-8"))
    }

    assert asking <= {*ALLOWED, "app.system_parts"}  # which names what is installed there


def look_like_windows(
    *words: str | Path, cwd: Path | None = None, limit_s: float = 300, **more: str
) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "PYTHONPATH": f"{LIKE_WINDOWS}{os.pathsep}{HOUSE}", **more}
    return subprocess.run(
        [sys.executable, *map(str, words)],
        env=around, cwd=cwd, capture_output=True, text=True, check=False, timeout=limit_s,
    )  # fmt: skip


def test_every_module_is_imported_where_windows_is_all_there_is() -> None:
    names = [
        name_module(path)
        for package in PACKAGES
        for path in sorted((HOUSE / package).rglob("*.py"))
        if path.name != "__main__.py"
    ]
    script = (
        "import importlib, os, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "from study import IS_WINDOWS\n"
        "assert IS_WINDOWS and hasattr(os, 'fork')\n"
    )

    done = look_like_windows("-c", script, *names)

    assert done.returncode == 0, done.stderr


def test_an_interview_goes_all_the_way_where_windows_is_all_there_is(tmp_path: Path) -> None:
    done = look_like_windows(
        LIKE_WINDOWS / "walk.py", tmp_path, EARSHOT_MODELS=str(tmp_path / "models")
    )

    assert done.returncode == 0, done.stdout[-500:] + done.stderr
    assert "Nothing was changed outside Earshot." in done.stdout
    assert (tmp_path / "bundle" / "P07_i2.docx").is_file()


KEYS = """
from cli.terminal_keys import read_pressed_keys, read_single_keys, wait_for_key
with read_single_keys():
    print(wait_for_key(), read_pressed_keys(), read_pressed_keys() == "")
"""


def test_keys_come_from_the_console_of_windows() -> None:
    done = look_like_windows("-c", KEYS, EARSHOT_TEST_KEYS="yms")

    assert done.stdout == "y ms True\n", done.stderr


CTRL_C = """
from cli.terminal_keys import wait_for_key
wait_for_key()
"""


def test_the_workflow_for_three_systems_can_be_read() -> None:
    flow = yaml.safe_load((HOUSE / ".github/workflows/systems.yml").read_text(encoding="utf-8"))

    named = " ".join(step.get("run", "") for job in flow["jobs"].values() for step in job["steps"])
    asked = {word for word in named.split() if word.startswith(("tests/", "constraints"))}
    assert asked
    assert all((HOUSE / word).exists() for word in asked)
    assert len(flow["jobs"]["tests"]["strategy"]["matrix"]["os"]) == 4


@pytest.mark.thorough
def test_what_every_system_has_to_pass_passes_where_windows_is_all_there_is() -> None:
    parts = [f"tests/{part}" for part in ("study", "app", "handoff", "models", "cli")]

    # Of each test as much as in the gate: three hundred kills more take hours, and say no more.
    done = look_like_windows(
        *("-m", "pytest", "-q", *parts), cwd=HOUSE, limit_s=3 * 3600,
        EARSHOT_PLATFORM_FREE="1", EARSHOT_THOROUGH="",
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-4000:]


def test_ctrl_c_is_no_answer_in_the_console_of_windows() -> None:
    assert "KeyboardInterrupt" in look_like_windows("-c", CTRL_C, EARSHOT_TEST_KEYS="\x03").stderr


LOCKS = """
import sys
import time
from pathlib import Path
from study.errors import StudyInUse
from study.store import PresenceLock
folder = Path(sys.argv[1]) / "folder"
folder.mkdir()
for place in (folder, folder.parent / "file"):
    one, other = PresenceLock(place), PresenceLock(place)
    one.hold_shared()
    other.hold_shared()
    assert not one.try_exclusive()
    assert other.try_exclusive()
    if place == folder:
        folder.rename(folder.with_name("renamed"))
        place = folder.with_name("renamed")
    try:
        PresenceLock(place).hold_shared()
    except StudyInUse:
        print("held")
    other.release()
    assert PresenceLock(place).try_exclusive()
"""


def test_a_lock_of_windows_goes_with_a_folder_that_is_renamed(tmp_path: Path) -> None:
    done = look_like_windows("-c", LOCKS, tmp_path, TMPDIR=str(tmp_path))

    assert done.stdout == "held\nheld\n", done.stderr


PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
print(child.stdout.readline().decode().strip(), flush=True)
"""
CHILD = """
import os, time
from study.store import die_with_parent
die_with_parent(os.getppid())
print(os.getpid(), flush=True)
time.sleep(600)
"""


def test_a_child_ends_with_its_parent_where_the_kernel_does_not_see_to_it() -> None:
    done = look_like_windows("-c", PARENT, CHILD)  # comes back once both have closed their streams

    assert has_ended(int(done.stdout))


def has_ended(process: int) -> bool:
    """Whether a process whose streams are closed has ended, or does so now."""
    state, end_s = Path(f"/proc/{process}/stat"), time.monotonic() + 10
    while time.monotonic() < end_s:
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_reading_in_place_needs_no_pread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pread")
    (tmp_path / "file").write_bytes(b"0123456789")
    descriptor = open_descriptor(tmp_path / "file", os.O_RDONLY)
    try:
        assert (read_at(descriptor, 3, 4), os.read(descriptor, 2)) == (b"456", b"01")
        assert read_at(descriptor, 9, 8) == b"89"
        assert os.read(descriptor, 2) == b"23"
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("has_it", [True, False])
def test_on_macos_the_drive_itself_is_asked_and_where_it_cannot_be_fsync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_it: bool
) -> None:
    asked: list[int] = []

    def ask(_: int, what: int) -> int:
        asked.append(what)
        if not has_it:
            raise OSError
        return 0

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", ask)
    monkeypatch.setattr(os, "fsync", asked.append)
    descriptor = open_descriptor(tmp_path / "file", os.O_WRONLY | os.O_CREAT)
    try:
        sync_descriptor(descriptor)
    finally:
        os.close(descriptor)

    assert asked == ([51] if has_it else [51, descriptor])
