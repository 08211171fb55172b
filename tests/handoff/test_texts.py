"""What the text formats look like, byte for byte."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handoff.log_table import guarded, log_csv
from handoff.texts import plain_text, web_vtt
from study.terms import Category, LogLine, Provenance, Transcript, Turn


def transcript(*turns: tuple[float, float, str]) -> Transcript:
    made = tuple(Turn(n, "P07", a, b, text) for n, (a, b, text) in enumerate(turns, start=1))
    return Transcript(made, Provenance("test", "earshot"))


def test_plain_text_is_one_paragraph_a_turn_with_its_time_and_speaker() -> None:
    text = plain_text(transcript((4.2, 5.0, "Yes."), (3725.0, 3726.0, "I lived in [Place 1].")))

    assert text == b"[00:00:04] P07: Yes.\n\n[01:02:05] P07: I lived in [Place 1].\n"


def test_plain_text_has_no_byte_order_mark_and_no_carriage_return() -> None:
    text = plain_text(transcript((0, 1, "one\r\ntwo")))

    assert text == b"[00:00:00] P07: one two\n"


def test_web_vtt_begins_with_a_byte_order_mark_and_prefixes_the_speaker() -> None:
    text = web_vtt(transcript((0.5, 1.25, "A & B <i> -->"))).decode()

    assert text == (
        "\ufeffWEBVTT\n\n1\n00:00:00.500 --> 00:00:01.250\nP07: A &amp; B &lt;i&gt; --&gt;\n"
    )


@given(st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 9000)), max_size=20))
def test_web_vtt_cues_never_overlap_and_last_at_least_a_millisecond(
    times: list[tuple[float, float]],
) -> None:
    ordered = sorted(times)

    text = web_vtt(transcript(*((a, b, "x") for a, b in ordered))).decode()

    cues = [
        tuple(int(h) * 3600000 + int(m) * 60000 + int(s) * 1000 + int(ms) for h, m, s, ms in pair)
        for pair in (
            re.findall(r"(\d\d):(\d\d):(\d\d)\.(\d{3})", line)
            for line in text.splitlines()
            if "-->" in line
        )
    ]
    assert len(cues) == len(ordered)
    assert all(start < end for start, end in cues)
    assert all(a[1] <= b[0] for a, b in pairwise(cues))


def test_a_cell_that_looks_like_a_formula_is_guarded() -> None:
    assert [guarded(c) for c in ("=1+1", "+44", "-no", "@x", "plain")] == [
        "'=1+1",
        "'+44",
        "'-no",
        "'@x",
        "plain",
    ]


def test_the_log_is_a_table_that_spreadsheets_read() -> None:
    line = LogLine(
        mention="k",
        turn=3,
        start_s=12.0,
        category=Category.PERSON,
        direct=True,
        action="accepted",
        replacement="[Person 1]",
        source="rule",
        score=0.9,
        by=1,
        at="t",
    )

    table = log_csv([line])

    assert table.startswith("\ufeff".encode())
    assert table.endswith(
        b'"3","12.0","person","direct","accepted","[Person 1]","rule","0.90","1","t"\r\n'
    )
