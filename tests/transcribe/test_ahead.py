"""Running one item ahead: in order, never further, and over when it is closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.prefetch import prefetch_items


@given(st.lists(st.integers(), max_size=20))
def test_what_is_found_ahead_comes_in_its_order(items: list[int]) -> None:
    assert list(prefetch_items(iter(items))) == items


def test_the_next_is_found_while_one_is_worked_on_and_no_further() -> None:
    found: list[int] = []
    second = threading.Event()

    def finding() -> Iterator[int]:
        for number in range(5):
            found.append(number)
            if number == 1:
                second.set()
            yield number

    coming = prefetch_items(finding())
    first = next(coming)

    assert second.wait(5)
    assert first == 0
    assert found == [0, 1]
    coming.close()
    assert found == [0, 1]


def test_what_goes_wrong_in_finding_is_raised_where_the_item_would_come() -> None:
    def finding() -> Iterator[int]:
        yield 1
        raise LookupError

    coming = prefetch_items(finding())

    assert next(coming) == 1
    with pytest.raises(LookupError):
        next(coming)


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    coming = prefetch_items(iter(range(100)))
    next(coming)
    assert threading.active_count() == before + 1

    coming.close()

    assert threading.active_count() == before
