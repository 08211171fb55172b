"""By which a file that was imported is known again: hashes of what is in it, and no name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileHash:
    """Two hashes of a file, SHA-256 in hexadecimal.

    whole: of all of it. head: of its size and its first 64 KiB, so that a file that is another one
    is known as such without reading it to the end. Neither tells anything without the file.
    """

    whole: str
    head: str
