"""A process that looks for identifying details in turns, for one that has many interviews.

It is given the words of turns, and the names to look for, on its standard input, and answers on its
standard output: two pipes of this computer that nobody else has an end of. It has no key of the
study, opens nothing but the trained models and the lists that are installed, and writes no file.
Where it fails it ends without a word, and the process that started it searches by itself.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import IO

import msgspec

from anonymise.keep_list import KeepList
from anonymise.proposals import Proposal
from anonymise.register import KnownIdentity
from study.store import die_with_parent, disable_core_files

_LENGTH = struct.Struct("<I")


class SearchTask(msgspec.Struct, frozen=True, array_like=True):
    """What a search is made of, and the texts of the turns to search.

    trained: the source and the folder of each trained model. The rest as for ``SearchPipeline``.
    """

    known: tuple[KnownIdentity, ...]
    trained: tuple[tuple[str, str], ...]
    keep_list: KeepList
    skipped_rules: frozenset[str]
    texts: tuple[str, ...]


class SearchedTexts(msgspec.Struct, frozen=True, array_like=True):
    """The finds of each text, in order, with the names of the ways of finding that failed in it."""

    looked_for: tuple[str, ...]
    not_looked_for: tuple[str, ...]
    finds: tuple[tuple[tuple[Proposal, ...], tuple[str, ...]], ...]


def search_texts(task: SearchTask) -> SearchedTexts:
    """Search texts with a pipeline made for them; the trained models stay loaded.

    Raises:
        ModelMissing, ModelBroken: a trained model is not there, or does not load.
    """
    from anonymise.pipeline import SearchPipeline

    pipeline = SearchPipeline(
        task.known,
        trained={name: Path(folder) for name, folder in task.trained},
        keep_list=task.keep_list,
        skipped_rules=task.skipped_rules,
    )
    found = tuple((turn.proposals, turn.failed) for turn in pipeline.search_turns(task.texts))
    return SearchedTexts(pipeline.looked_for, pipeline.not_looked_for, found)


def write_message(pipe: IO[bytes], message: SearchTask | SearchedTexts) -> None:
    """Write one message into a pipe."""
    raw = msgspec.msgpack.encode(message)
    pipe.write(_LENGTH.pack(len(raw)))
    pipe.write(raw)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes | None:
    """Read one encoded message; None where the pipe ends."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    raw = pipe.read(length)
    return raw if len(raw) == length else None


def main() -> int:
    """Answer tasks until the standard input ends: ``search_process.py PARENT``."""
    die_with_parent(int(sys.argv[1]))
    disable_core_files()
    while (raw := read_message(sys.stdin.buffer)) is not None:
        task = msgspec.msgpack.decode(raw, type=SearchTask)
        write_message(sys.stdout.buffer, search_texts(task))
    return 0


if __name__ == "__main__":
    sys.exit(main())
