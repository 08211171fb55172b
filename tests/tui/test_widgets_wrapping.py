"""Breaking into lines: nothing is lost, nothing is too long."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from study import sanitise_text
from tui.widgets.line_breaks import StyledPiece, find_line_breaks, is_narrow, wrap_pieces

_NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("  []/\x1b\n\u0301\u200d\ufe0f界❤")), max_size=200
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_NASTY, max_size=5), st.integers(4, 60))
def test_the_lines_joined_are_the_text_and_each_fits(texts: list[str], width: int) -> None:
    pieces = [
        StyledPiece(sanitise_text(text), look=str(number)) for number, text in enumerate(texts)
    ]

    rows = wrap_pieces(pieces, width)

    assert "".join(p.text for row in rows for p in row) == "".join(p.text for p in pieces)
    for row in rows:
        line = "".join(p.text for p in row)
        assert cell_len(line.removesuffix(" ")) <= width


def test_lines_break_at_blanks_and_long_words_anywhere() -> None:
    text = "one two three incomprehensibilities"

    starts = [0, *find_line_breaks(text, 9)]

    assert [text[a:b] for a, b in itertools.pairwise(starts)] == [
        "one two ",
        "three ",
        "incompreh",
        "ensibilit",
        "ies",
    ]


def test_an_empty_turn_is_one_empty_line() -> None:
    assert wrap_pieces([StyledPiece("")], 10) == [()]
    assert wrap_pieces([], 10) == [()]


def test_a_piece_that_is_split_keeps_its_look_and_mention() -> None:
    rows = wrap_pieces([StyledPiece("aa "), StyledPiece("bb cc", "open", 3)], 5)

    assert rows == [
        (StyledPiece("aa "), StyledPiece("bb ", "open", 3)),
        (StyledPiece("cc", "open", 3),),
    ]


def test_what_is_taken_for_narrow_without_measuring_takes_one_cell() -> None:
    every = map(chr, itertools.chain(range(0xD800), range(0xE000, 0x110000)))

    assert {
        cell_len(sign) for sign in every if is_narrow(sign) and sanitise_text(sign) == sign
    } == {1}
