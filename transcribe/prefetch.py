"""Find the next window while the model transcribes this one.

A model with several threads does not keep a processor busy all the time, and voice activity takes a
tenth of the time of the smallest model: beside the model it costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def prefetch_items(items: Iterator[T]) -> Generator[T]:
    """Yield items, none of which may be None, and take the next one on a thread meanwhile.

    Closing the generator ends the thread. An error of ``items`` is raised in place of its item.
    """
    with ThreadPoolExecutor(1, "prefetch") as thread:
        following = thread.submit(next, items, None)
        while (item := following.result()) is not None:
            following = thread.submit(next, items, None)
            yield item
