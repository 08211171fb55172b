"""Finding the next window while the model hears this one.

A model of several threads does not keep all of a processor busy, and voice activity takes a tenth
of what the smallest model does: beside it, it costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Generator[T]:
    """Yield items, none of them None, the next being found on a thread meanwhile.

    Close it: then the thread has ended. What finding raises is raised where the item would come.
    """
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
