"""The text formats byte for byte, and as other programs' readers see them."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false
# webvtt-py says of little what it is.

from __future__ import annotations

import html
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from handoff.csv_table import guard_formula
from handoff.log_table import render_log_csv
from handoff.plain_text import render_plain_text
from handoff.subrip import render_srt
from handoff.timestamped_text import render_f4, render_maxqda
from handoff.transcript_lines import TranscriptLine, compute_times_ms, list_transcript_lines
from handoff.web_vtt import render_web_vtt
from study import (
    SECOND_HEARING,
    Category,
    DoubtFlag,
    LogLine,
    Mark,
    MarkKind,
    Provenance,
    Transcript,
    Turn,
    TurnNumbers,
)


def lines_of(*turns: tuple[float, float, str]) -> list[TranscriptLine]:
    made = tuple(Turn(n, "P07", a, b, text) for n, (a, b, text) in enumerate(turns, start=1))
    return list_transcript_lines(Transcript(made, Provenance("test", "earshot")))


def test_plain_text_is_one_paragraph_a_turn_with_its_time_and_speaker() -> None:
    text = render_plain_text(
        lines_of((4.2, 5.0, "Yes."), (3725.0, 3726.0, "I lived in [Place 1]."))
    )

    assert text == b"[00:00:04] P07: Yes.\n\n[01:02:05] P07: I lived in [Place 1].\n"


def test_plain_text_has_no_byte_order_mark_and_no_carriage_return() -> None:
    text = render_plain_text(lines_of((0, 1, "one\r\ntwo")))

    assert text == b"[00:00:00] P07: one two\n"


def test_web_vtt_begins_with_a_byte_order_mark_and_prefixes_the_speaker() -> None:
    text = render_web_vtt(lines_of((0.5, 1.25, "A & B <i> -->"))).decode()

    assert text == (
        "\ufeffWEBVTT\n\n1\n00:00:00.500 --> 00:00:01.250\nP07: A &amp; B &lt;i&gt; --&gt;\n"
    )


@given(st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 9000)), max_size=20))
def test_web_vtt_cues_never_overlap_and_last_at_least_a_millisecond(
    times: list[tuple[float, float]],
) -> None:
    ordered = sorted(times)

    text = render_web_vtt(lines_of(*((a, b, "x") for a, b in ordered))).decode()

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


TALK = (Turn(1, "INT01", 4.0, 5.0, "Yes?"), Turn(2, "P07", 9.0, 12.0, "Well."))
EVENTS = (
    Mark(0.0, MarkKind.TOPIC, "First\ncontact --> <b>"),
    Mark(4.0, MarkKind.SPEAKER, "INT01"),
    Mark(6.0, MarkKind.PAUSED, "", 130.0),
    Mark(6.0, MarkKind.OFF_RECORD, "", 40.0),
    Mark(7.0, MarkKind.GAP, "the microphone is gone", 3.0),
    Mark(8.0, MarkKind.DISTRESS, "wept", 20.0),
    Mark(9.0, MarkKind.MARKER, "the photograph"),
    Mark(10.0, MarkKind.CLIPPED),
    Mark(11.0, MarkKind.SLOW_DISK),
    Mark(12.0, MarkKind.SOURCE, "Margaret's headset"),
    Mark(12.5, "of a newer version", "Margaret"),
)
HAPPENED = list_transcript_lines(Transcript(TALK, Provenance("test", "earshot"), events=EVENTS))


def test_plain_text_tells_topics_and_what_was_not_recorded_between_the_turns() -> None:
    text = render_plain_text(HAPPENED).decode()

    assert text.split("\n\n") == [
        "[00:00:00] Topic: First contact --> <b>",
        "[00:00:04] INT01: Yes?",
        "[00:00:06] (recording paused, 2 min 10 s)",
        "[00:00:06] (off the record, 40 s)",
        "[00:00:07] (sound missing, 3 s)",
        "[00:00:08] (recording paused, 20 s)",
        "[00:00:09] (marker)",
        "[00:00:09] P07: Well.\n",
    ]


def test_a_pause_in_which_the_microphone_gave_exact_zeros_is_told_and_never_dropped() -> None:
    """A microphone that cuts off what is quiet has no other silences, and none was handed over."""
    muted = Mark(5.2, MarkKind.MUTED, length_s=3.5)

    lines = list_transcript_lines(Transcript(TALK, Provenance("t", "earshot"), events=(muted,)))

    assert [line.text for line in lines] == [
        "Yes?",
        "(no sound from the microphone, 4 s)",
        "Well.",
    ]
    assert (lines[1].start_s, lines[1].end_s, lines[1].is_silence) == (5.2, 8.7, False)


def test_web_vtt_tells_the_same_in_notes_that_players_skip() -> None:
    text = render_web_vtt(HAPPENED).decode()

    assert text.split("\n\n") == [
        "\ufeffWEBVTT",
        "NOTE [00:00:00] Topic: First contact --&gt; &lt;b&gt;",
        "1\n00:00:04.000 --> 00:00:05.000\nINT01: Yes?",
        "NOTE [00:00:06] (recording paused, 2 min 10 s)",
        "NOTE [00:00:06] (off the record, 40 s)",
        "NOTE [00:00:07] (sound missing, 3 s)",
        "NOTE [00:00:08] (recording paused, 20 s)",
        "NOTE [00:00:09] (marker)",
        "2\n00:00:09.000 --> 00:00:12.000\nP07: Well.\n",
    ]


def test_subrip_has_the_speaker_and_no_arrow_that_is_not_a_time() -> None:
    text = render_srt(lines_of((0.5, 1.25, "A --> B"), (1.0, 1.0, "Yes."))).decode()

    assert text == (
        "\ufeff1\n00:00:00,500 --> 00:00:01,000\nP07: A -> B\n"
        "\n2\n00:00:01,000 --> 00:00:01,001\nP07: Yes.\n"
    )


def test_maxqda_finds_the_time_at_the_start_and_the_speaker_right_behind_it() -> None:
    text = render_maxqda(lines_of((4.25, 5.0, "Yes."), (3725.96, 3727.0, "No."))).decode()

    assert text == "00:00:04.2P07: Yes.\n\n01:02:05.9P07: No.\n"


def test_f4_finds_the_speaker_at_the_start_and_the_time_at_the_end() -> None:
    text = render_f4(lines_of((4.25, 5.0, "Yes."), (3725.96, 3727.0, "No."))).decode()

    assert text == "P07: Yes. #00:00:04-2#\n\nP07: No. #01:02:05-9#\n"


@pytest.mark.parametrize("write", [render_plain_text, render_maxqda, render_f4])
def test_text_is_utf8_nfc_with_line_feeds_and_without_a_byte_order_mark(
    write: Callable[[list[TranscriptLine]], bytes],
) -> None:
    raw = write(lines_of((0, 1, "Cafe\u0301\r\n\ufeff\x1b[31m\ufffe \U0001f642")))

    assert "Caf\u00e9 \u241b[31m\ufffd \U0001f642" in raw.decode()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")


@given(st.lists(st.tuples(st.floats(0, 9000), st.text(max_size=30)), max_size=12))
def test_webvtt_py_and_pysubs2_read_back_what_was_said(said: list[tuple[float, str]]) -> None:
    given_lines = lines_of(*((a, a + 1, f"w{text}") for a, text in sorted(said)))
    wanted = [f"P07: {line.text}" for line in given_lines]

    captions = webvtt.from_string(render_web_vtt(given_lines).decode().removeprefix("\ufeff"))
    assert [html.unescape(c.text) for c in captions] == wanted
    events = pysubs2.SSAFile.from_string(
        render_srt(given_lines).decode().removeprefix("\ufeff"), "srt"
    )
    assert [(e.start, e.end) for e in events] == compute_times_ms(given_lines)


def test_pysubs2_and_webvtt_py_take_the_files_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_bytes(render_web_vtt(HAPPENED))
    (tmp_path / "a.srt").write_bytes(render_srt(HAPPENED))

    for read in (webvtt.read(str(tmp_path / "a.vtt")), webvtt.from_srt(str(tmp_path / "a.srt"))):
        assert [c.text for c in read] == ["INT01: Yes?", "P07: Well."]
    loaded = pysubs2.SSAFile()
    for name in ("a.vtt", "a.srt"):
        loaded = pysubs2.load(str(tmp_path / name), encoding="utf-8-sig")
        assert [(e.start, e.end) for e in loaded] == [(4000, 5000), (9000, 12000)]
    assert [e.plaintext for e in loaded] == ["INT01: Yes?", "P07: Well."]


def test_pysubs2_still_takes_the_notes_of_webvtt_for_words(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_bytes(
        render_web_vtt(HAPPENED)
    )  # its fault: noticed here once mended

    first, _ = pysubs2.load(str(tmp_path / "a.vtt"), encoding="utf-8-sig")

    assert first.plaintext.startswith("INT01: Yes?\n\nNOTE [00:00:06] (recording paused")


def test_a_cell_that_looks_like_a_formula_is_guarded() -> None:
    assert [guard_formula(c) for c in ("=1+1", "+44", "-no", "@x", "plain")] == [
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

    table = render_log_csv([line], TurnNumbers([1, 3, 7]))

    assert table.startswith("\ufeff".encode())
    assert table.endswith(
        b'"2","12.0","person","direct","accepted","[Person 1]","rule","0.90","1","t"\r\n'
    )


def test_where_the_next_of_several_files_begins_is_handed_over_with_its_number() -> None:
    turns = (Turn(1, "P07", 0.0, 1.0, "Yes."), Turn(2, "P07", 2.0, 3.0, "No."))
    events = (Mark(1.5, MarkKind.JOINT, "2 of 2"),)

    lines = list_transcript_lines(Transcript(turns, Provenance("t", "earshot"), events=events))

    assert [line.text for line in lines] == ["Yes.", "(file 2 of 2 begins)", "No."]


def test_silences_and_who_spoke_at_once_are_handed_over() -> None:
    events = (
        Mark(5.0, MarkKind.SILENCE, length_s=4.1),
        Mark(9.0, MarkKind.OVERLAP, "INT01 P07", 1.2),
    )

    text = render_plain_text(
        list_transcript_lines(Transcript(TALK, Provenance("test", "earshot"), events=events))
    )

    assert "[00:00:05] (4 s)" in text.decode().split("\n\n")
    assert "[00:00:09] (INT01 and P07 at once, 1 s)" in text.decode().split("\n\n")


def test_a_transcript_without_times_is_told_without_them() -> None:
    typed = Transcript((Turn(1, "P07", 0.0, 0.0, "Well."),), Provenance("test", "earshot"))

    assert render_plain_text(list_transcript_lines(typed)) == b"P07: Well.\n"


def test_what_a_second_hearing_brought_is_no_doubt_in_a_hand_over() -> None:
    flags = (DoubtFlag("loop"), DoubtFlag(SECOND_HEARING))
    made = Transcript((Turn(1, "P07", 0.0, 1.0, "Yes.", flags=flags),), Provenance("test", "x"))

    assert [line.doubts for line in list_transcript_lines(made)] == [("loop",)]
