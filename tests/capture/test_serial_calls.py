"""Calls to a library that may hang: one at a time, and none any more at the end of the program."""

from __future__ import annotations

import threading

import pytest

from capture.blocking_calls import SerialCalls
from study.errors import MicrophoneFailed


def test_once_they_are_closed_no_call_begins() -> None:
    """A microphone that was opened again on its own thread called beside the tidying at the end."""
    calls = SerialCalls("a library")
    assert calls.call_within(1.0, lambda: 7) == 7

    assert calls.close()

    with pytest.raises(MicrophoneFailed):
        calls.call_within(0.01, lambda: pytest.fail("it was called"))


def test_they_are_not_closed_while_a_call_is_under_way() -> None:
    calls, may_end = SerialCalls("a library"), threading.Event()

    def hang() -> None:
        may_end.wait()

    with pytest.raises(MicrophoneFailed):
        calls.call_within(0.01, hang)

    assert not calls.close()
    may_end.set()
    assert calls.call_within(60.0, lambda: 7) == 7
    assert calls.close()
