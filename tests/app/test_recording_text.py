"""The sentences about a recording that is under way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import describe_disk, describe_mark
from study import Mark, MarkKind
from tests.recordings import STILL


@pytest.mark.parametrize("kind", MarkKind)
def test_every_mark_is_confirmed_in_words(kind: MarkKind) -> None:
    told = describe_mark(Mark(751.2, kind, "so"))

    assert told.endswith(" at 00:12:31: so")
    assert told[0].isupper()


def test_little_disk_has_a_sign() -> None:
    assert describe_disk(replace(STILL, disk_left_s=600.0)) == "! 10 min of disk left"
    assert describe_disk(replace(STILL, disk_left_s=7_200.0)) == "2 h 0 min of disk left"
    assert describe_disk(replace(STILL, disk_left_s=1e9)) == "over 2 days of disk left"
