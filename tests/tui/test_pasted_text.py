"""A pasted text arrives as its words in their order, and no part of it is a key."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.events import Key, Paste
from textual.message import Message

from tui.hardening import HardenedApp, PasteProofParser
from tui.pasted_text import PASTE_BEGINS, PASTE_ENDS, clean_pasted_text

_LATER = "and then we all walked home along the river, slowly"
_STEERED = [
    "\x1b",
    "\x1b[A",
    "\x1b[31m",
    "\r\n",
    "\t",
    "\x00",
    "\x07",
    "\x1b]0;title\x07",
    "\x1b\x1b",
]


def _read(*pieces: str) -> list[Message]:
    parser = PasteProofParser()
    return [event for piece in pieces for event in parser.feed(piece)]


def _words(events: list[Message]) -> list[str]:
    pasted = [event.text for event in events if isinstance(event, Paste)]
    return clean_pasted_text(" ".join(pasted), is_line=True).split()


@pytest.mark.parametrize("inside", _STEERED, ids=ascii)
def test_what_steers_a_terminal_puts_no_word_of_a_pasted_text_out_of_its_order(inside: str) -> None:
    """A raw escape made keys of what came after it: they came first, or it was Esc itself."""
    text = f"well {inside} {_LATER}"

    events = _read(f"{PASTE_BEGINS}{text}{PASTE_ENDS}")

    assert [type(event) for event in events] == [Paste]
    assert _words(events) == f"well {_LATER}".split()


def test_a_raw_escape_in_front_of_a_letter_takes_none_away() -> None:
    assert clean_pasted_text("we\x1bll (\x1b(Bsee\x1b)", is_line=True) == "well (see)"


def test_direction_marks_of_a_pasted_text_go() -> None:
    assert clean_pasted_text("so \u202ewell\u202c \u2066then\u2069", is_line=True) == "so well then"


def test_keys_before_and_after_a_pasted_text_stay_keys() -> None:
    events = _read(f"a\x1b[A{PASTE_BEGINS}we\x1bll{PASTE_ENDS}b\x1b[B")

    keys = [event.key for event in events if isinstance(event, Key)]
    assert keys == ["a", "up", "b", "down"]
    assert _words(events) == ["well"]


def test_a_text_that_holds_the_mark_of_its_own_end_goes_on_to_the_last_one() -> None:
    events = _read(
        f"{PASTE_BEGINS}one {PASTE_ENDS} two{PASTE_ENDS}q{PASTE_BEGINS}three{PASTE_ENDS}"
    )

    assert [event.key for event in events if isinstance(event, Key)] == ["q"]
    assert _words(events) == ["one", "two", "three"]


@given(
    parts=st.lists(st.sampled_from([*_STEERED, "well ", "so ", "home "]), max_size=12),
    cuts=st.lists(st.integers(0, 80), max_size=6),
)
def test_a_text_that_comes_in_pieces_is_read_as_in_one(parts: list[str], cuts: list[int]) -> None:
    text = f"a{PASTE_BEGINS}now {''.join(parts)}{PASTE_ENDS}b"
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})

    events = _read(*(text[a:b] for a, b in itertools.pairwise(places)))

    assert [event.key for event in events if isinstance(event, Key)] == ["a", "b"]
    said = [part for part in parts if part.endswith(" ")]
    assert "".join(_words(events)) == "".join(["now", *said]).replace(" ", "")


def test_the_driver_reads_with_this_parser_because_textuals_makes_keys_of_a_pasted_escape() -> None:
    HardenedApp()

    assert vars(linux_driver)["XTermParser"] is PasteProofParser
    events = list(XTermParser().feed(f"{PASTE_BEGINS}a\x1b {_LATER}{PASTE_ENDS}"))

    assert any(isinstance(event, Key) for event in events)  # if not, Textual has mended it
