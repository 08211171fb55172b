from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.screen_text import sanitise_text

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
hostile = st.text(st.one_of(st.characters(), st.sampled_from(BIDI + "\x1b\x07\x9b\r\n\t\u2028")))


@given(hostile, st.booleans())
def test_nothing_that_a_terminal_obeys_comes_through(text: str, keep: bool) -> None:  # noqa: FBT001 - hypothesis hands it in
    shown = sanitise_text(text, keep_newlines=keep)

    allowed = {0x0A} if keep else set[int]()
    assert all(byte >= 0x20 or byte in allowed for byte in shown.encode())
    assert not any(0x7F <= ord(char) < 0xA0 for char in shown)


@given(hostile)
def test_nothing_turns_the_direction_of_what_follows(text: str) -> None:
    assert not set(sanitise_text(text)) & set(BIDI)


@given(hostile)
def test_every_ordinary_letter_stays(text: str) -> None:
    ordinary = [c for c in text if unicodedata.category(c)[0] in "LMNPS"]

    assert [c for c in sanitise_text(text) if c in ordinary] == [
        c for c in sanitise_text("".join(ordinary)) if c in ordinary
    ]
    assert sanitise_text("".join(ordinary)) == "".join(ordinary)


@given(hostile)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert sanitise_text(sanitise_text(text)) == sanitise_text(text)


def test_newlines_stay_where_they_are_asked_for() -> None:
    assert sanitise_text("one\ntwo", keep_newlines=True) == "one\ntwo"
    assert sanitise_text("one\ntwo") == "one\u240atwo"


@pytest.mark.parametrize(
    ("hostile_text", "shown"),
    [
        ("\x1b]0;title\x07", "\u241b]0;title\u2407"),
        ("\x1b]52;c;aGk=\x07", "\u241b]52;c;aGk=\u2407"),
        ("gnp.\u202eexe", "gnp.exe"),
        ("\udcff.wav", "\ufffd.wav"),
        ("[/red]", "[/red]"),
        ("\x9b2J", "\ufffd2J"),
        ("\x7f", "\u2421"),
    ],
)
def test_known_tricks_become_text(hostile_text: str, shown: str) -> None:
    assert sanitise_text(hostile_text) == shown
