"""Which tests need what Windows lacks: they are left out there, and where that is asked.

``EARSHOT_PLATFORM_FREE=1 pytest`` leaves them out on any system. A file that imports a POSIX module
is left out whole; a test that names such a call, a file of Linux's or a program of its own.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.windows_like.hidden import HIDDEN_MODULES, HIDDEN_NAMES

_IMPORTED = re.compile(rf"^(?:import|from) ({'|'.join(sorted(HIDDEN_MODULES))})\b", re.MULTILINE)
_CALLS = sorted({name for names in HIDDEN_NAMES.values() for name in names if len(name) > 4})
_NAMED = re.compile(
    rf"\b({'|'.join(_CALLS)})\b|/proc/|/dev/|/bin/|/sys/|\bchmod\b|\bumask\b|symlink_to|pass_fds"
    r"|\bos\.(nice|pipe|abort|symlink|fsdecode)\b|tmux|\bRLIMIT_"
)


def is_asked() -> bool:
    """Whether the tests that need more than every system has are left out."""
    return not hasattr(os, "fork") or bool(os.environ.get("EARSHOT_PLATFORM_FREE"))


@cache
def imports_posix(path: Path) -> bool:
    """Whether a file of tests imports what Windows has not."""
    return bool(_IMPORTED.search(path.read_text(encoding="utf-8")))


def names_posix(item: pytest.Item) -> bool:
    """Whether a test, or a fixture in its file, names what Windows has not."""
    function = getattr(item, "function", None)
    if function is None:
        return False
    sources = [inspect.getsource(inspect.unwrap(function))]
    module = sys.modules[function.__module__]
    for name in getattr(item, "fixturenames", ()):
        made = getattr(module, name, None)
        if made is not None:
            sources.append(inspect.getsource(inspect.unwrap(getattr(made, "__wrapped__", made))))
    return any(_NAMED.search(source) for source in sources)
