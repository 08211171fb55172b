"""Which model listens to covered sound again, and to which stretches of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from app.covered_speech import choose_listener, list_windows
from models import InstalledModel, list_offers


def installed(name: str) -> InstalledModel:
    return InstalledModel(next(o for o in list_offers() if o.name == name), Path("nowhere"))


TINY, BASE, SMALL, LARGE = (
    installed(name) for name in ("tiny.en", "base", "small.en", "large-v3-turbo")
)


@pytest.mark.parametrize(
    ("share", "chosen"), [(0.8, TINY), (0.5, BASE), (0.15, SMALL), (0.03, LARGE)]
)
def test_the_less_there_is_to_hear_again_the_better_a_model_listens(
    share: float, chosen: InstalledModel
) -> None:
    assert choose_listener(TINY, [LARGE, SMALL, BASE, TINY], "en", share).name == chosen.name


def test_a_model_that_does_not_know_the_language_never_listens() -> None:
    assert choose_listener(BASE, [SMALL, TINY], "de", 0.01) == BASE


def test_no_weaker_model_listens_than_the_one_that_transcribed() -> None:
    assert choose_listener(SMALL, [TINY, BASE], "en", 1.0) == SMALL


def test_covers_near_each_other_are_heard_in_one_window() -> None:
    covers = [(0.5, 1.0), (10.0, 11.0), (24.0, 25.0), (50.0, 51.0)]

    assert list_windows(covers, 52.0) == [(0.0, 27.0), (48.0, 52.0)]


def test_a_cover_longer_than_a_window_is_heard_whole() -> None:
    windows = list_windows([(10.0, 80.0)], 100.0)

    assert windows[0][0] == 8.0
    assert windows[-1][1] == 82.0
    assert all(end == begin for (_, end), (begin, _) in pairwise(windows))
    assert all(end - begin <= 28.0 for begin, end in windows)
