"""Loading spaCy without a socket, and without its command line.

spaCy brings its command line, and with that clients of the network and templates, which are a
third of the time that it takes to load. Nothing here needs them: they are loaded if somebody asks
for them afterwards. One of them, urllib3, binds a socket to this computer when it is loaded, to
see whether there is IPv6. Nothing here fetches anything, so it is told that there is none.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

_COMMAND_LINE, _ITS_PART = "spacy.cli", "spacy.cli.info"  # what spaCy loads of it with itself


@contextmanager
def load_without_sockets() -> Generator[None]:
    """Let libraries that are loaded in the block try no socket, and spaCy no command line."""
    had = socket.has_ipv6
    socket.has_ipv6 = False
    stand_ins = {} if "spacy" in sys.modules else _make_stand_ins()
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        socket.has_ipv6 = had
        for name in stand_ins:
            del sys.modules[name]


def _make_stand_ins() -> dict[str, ModuleType]:
    part = ModuleType(_ITS_PART)
    part.__dict__["info"] = _print_info
    return {_COMMAND_LINE: ModuleType(_COMMAND_LINE), _ITS_PART: part}


def _print_info(*arguments: object, **options: object) -> object:
    """Stand in for ``spacy.info``: load the command line when it is called."""
    return import_module(_ITS_PART).info(*arguments, **options)
