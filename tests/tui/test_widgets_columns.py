"""Cells in columns: shown as they are stored, and never wider than their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from study import sanitise_text
from tui.widgets.text_columns import ColumnLines, ListColumn

_WORDS = st.text(max_size=30)


@given(_WORDS, _WORDS)
def test_what_is_stored_is_what_is_shown_where_there_is_room(one: str, two: str) -> None:
    columns = (ListColumn("a", 70), ListColumn("b"))

    (line,) = ColumnLines(columns, 1, lambda _: (one, two), 400)

    assert line.startswith(sanitise_text(one).rstrip() or " " * bool(sanitise_text(two).rstrip()))
    assert line.endswith(sanitise_text(two).rstrip())


@given(st.lists(st.tuples(_WORDS, _WORDS), max_size=5), st.integers(24, 200))
def test_no_line_is_wider_than_its_room_and_columns_stand_below_each_other(
    cells: list[tuple[str, str]], room: int
) -> None:
    columns = (ListColumn("kind", 9), ListColumn("words"), ListColumn("x", 1))

    lines = ColumnLines(columns, len(cells), lambda n: (*cells[n], "x"), room)

    assert all(cell_len(line) <= room for line in (lines.heading, *lines))
    assert len({cell_len(line) for line in (lines.heading, *lines)}) == 1


def test_columns_for_wide_windows_are_left_out_of_narrow_ones() -> None:
    columns = (ListColumn("kind", 6), ListColumn("class", 6, from_width=100), ListColumn("words"))

    narrow = ColumnLines(columns, 1, lambda _: ("a", "b", "c"), 80)
    wide = ColumnLines(columns, 1, lambda _: ("a", "b", "c"), 120)

    assert (narrow.heading.split(), narrow[0].split()) == (["kind", "words"], ["a", "c"])
    assert wide[0].split() == ["a", "b", "c"]


def test_lines_are_made_when_they_come_into_sight() -> None:
    made: list[int] = []

    def cells(number: int) -> tuple[str]:
        made.append(number)
        return (str(number),)

    lines = ColumnLines((ListColumn("n"),), 100_000, cells, 40)

    assert len(lines) == 100_000
    assert [line.strip() for line in lines[7:9]] == ["7", "8"]
    assert lines[-1] == "99999"
    assert made == [7, 8, 99_999]
    with pytest.raises(IndexError):
        lines[100_000]


def test_a_column_grows_where_another_one_has_more_room_than_it_needs() -> None:
    columns = (ListColumn("kind", 6, most=20), ListColumn("words"), ListColumn("by", 5, most=8))
    cells = ("vehicle registration", "[Number 1]", "demonstr")

    narrow, wide = (ColumnLines(columns, 1, lambda _: cells, room)[0] for room in (40, 90))

    assert narrow.split() == ["vehic…", "[Number", "1]", "demo…"]
    assert wide.split() == ["vehicle", "registration", "[Number", "1]", "demonstr"]


def test_a_column_of_labels_is_as_wide_as_they_need_and_never_takes_all_the_room() -> None:
    column = ListColumn("interview", 14)

    assert column.widen(["P01_i1"]) == column
    assert column.widen(["P01_i1", "WETHERDALE-P042_i1"]).width == 18
    assert column.widen(["x" * 70]).width == 24
    assert column.widen([]) == column
