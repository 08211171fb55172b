"""Loading spaCy without a socket.

spaCy brings urllib3, which binds a socket to this computer when it is loaded, to see whether there
is IPv6. Nothing here fetches anything, so it is told that there is none.
"""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def load_without_sockets() -> Generator[None]:
    """Let libraries that are loaded in the block try no socket."""
    had = socket.has_ipv6
    socket.has_ipv6 = False
    try:
        yield
    finally:
        socket.has_ipv6 = had
