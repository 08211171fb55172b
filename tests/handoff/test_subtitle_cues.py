"""Subtitles that can be read: short rows, short cues, cut between words; no word is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.readable_text import extract_readable_text
from handoff.spoken_words import TimedWord
from handoff.subrip import render_srt
from handoff.subtitle_cues import CUE_ROWS, LONGEST_CUE_S, ROW_LETTERS, Cue, cut_cues
from handoff.transcript_lines import TranscriptLine, list_transcript_lines
from handoff.web_vtt import render_web_vtt
from study import Mark, MarkKind, Provenance, Transcript, Turn

WORDS = st.text("ab,.?'-\u00e9\U0001f642", min_size=1, max_size=14)
REPLACED = st.sampled_from(["[Person 1]", "[Person 2, sister]'s", "[Place 1, a town by the sea]."])


def line_of(text: str, start_s: float = 0.0, end_s: float = 60.0) -> TranscriptLine:
    turn = Turn(1, "P07", start_s, end_s, text)
    (line,) = list_transcript_lines(Transcript((turn,), Provenance("test", "earshot")))
    return line


def timed(*words: tuple[str, float, float]) -> TranscriptLine:
    line = line_of(" ".join(text for text, *_ in words), words[0][1], words[-1][2])
    return replace(line, words=tuple(TimedWord(*word) for word in words))


def said(cues: list[Cue]) -> list[str]:
    """What the cues say, without the speaker in front of each."""
    return " ".join(" ".join(cue.rows).removeprefix("P07:") for cue in cues).split()


def test_a_marker_in_mid_sentence_stands_beside_the_cues_of_that_sentence() -> None:
    text = "Then we moved. My father had found work on the railway, which was good to have in those"
    turns = (Turn(1, "P07", 0.0, 14.0, f"{text} days, you know. And then he died."),)
    for at_s in range(15):
        for kind in (MarkKind.MARKER, MarkKind.TOPIC):
            mark = Mark(float(at_s), kind, "Home")
            made = Transcript(turns, Provenance("test", "earshot"), events=(mark,))

            blocks = render_web_vtt(list_transcript_lines(made)).decode().split("\n\n")

            place = next(n for n, block in enumerate(blocks) if block.startswith("NOTE"))
            before = blocks[place - 1].rstrip()
            assert before.startswith("\ufeff") or before.endswith("."), (at_s, before)


def test_a_turn_of_a_minute_is_cut_at_sentences_and_says_its_speaker_each_time() -> None:
    text = (
        "I was born in [Place 1], and we lived there until I was ten. Then we moved. My father"
        " had found work on the railway, which was a good thing to have in those days, you know."
    )

    cues = cut_cues(line_of(text, 0.0, 12.0))

    assert [cue.rows for cue in cues] == [
        ("P07: I was born in [Place 1], and we lived", "there until I was ten. Then we moved."),
        ("P07: My father had found work on the", "railway, which was a good thing to have in"),
        ("P07: those days, you know.",),
    ]
    assert cues[0].start_s == 0.0
    assert cues[-1].end_s == 12.0


def test_a_cue_takes_the_times_of_its_words_and_does_not_stand_over_a_silence() -> None:
    line = timed(("Well.", 1.0, 1.5), ("That", 6.0, 6.3), ("was", 6.4, 6.6), ("all.", 6.7, 7.0))

    assert cut_cues(line) == [
        Cue(1.0, 1.5, ("P07: Well.",)),
        Cue(6.0, 7.0, ("P07: That was all.",)),
    ]


def test_a_replacement_stays_on_one_row_and_never_begins_one() -> None:
    text = "And so that was when I met [Person 2, her sister] and also [Person 3, the neighbour]."

    rows = [row for cue in cut_cues(line_of(text, 0.0, 7.0)) for row in cue.rows]

    assert rows == [
        "P07: And so that was when I", "met [Person 2, her sister] and",
        "P07: also [Person 3, the neighbour].",
    ]  # fmt: skip


def test_words_that_must_not_be_quoted_are_marked_in_each_cue() -> None:
    line = replace(line_of("so it was " * 20), is_quotable=False)
    line = replace(line, text=f"[do not quote] {line.text}")

    cues = cut_cues(line)

    assert len(cues) > 1
    assert all(cue.rows[0].startswith("P07: [do not quote] ") for cue in cues)


@given(st.lists(st.one_of(WORDS, REPLACED), max_size=60), st.floats(0, 900), st.floats(0, 90))
def test_no_word_is_lost_and_every_cue_can_be_read(
    words: list[str], start_s: float, length_s: float
) -> None:
    line = line_of(" ".join(words), start_s, start_s + length_s)

    cues = cut_cues(line)

    assert said(cues) == line.text.split()
    for cue in cues:
        assert len(cue.rows) <= CUE_ROWS
        assert all(len(row) <= ROW_LETTERS for row in cue.rows)
        assert 0 <= cue.end_s - cue.start_s <= LONGEST_CUE_S + 1e-9
        assert cue.rows[0].startswith("P07:")
    assert all(a.start_s <= b.start_s for a, b in pairwise(cues))


def test_a_word_longer_than_a_row_has_a_row_of_its_own() -> None:
    cues = cut_cues(line_of(f"so {'x' * 60} it was"))

    assert said(cues) == ["so", "x" * 60, "it", "was"]
    assert all(len(row) <= ROW_LETTERS or row == "x" * 60 for cue in cues for row in cue.rows)


SHORT = st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 30), st.text(max_size=200)), max_size=6)


@given(SHORT)
def test_pysubs2_reads_every_word_in_order_and_no_cue_overlaps(
    talk: list[tuple[float, float, str]],
) -> None:
    turns, at = list[Turn](), 0.0
    for number, (gap_s, length_s, text) in enumerate(talk, start=1):
        turns.append(Turn(number, "P07", at + gap_s, at + gap_s + length_s, f"w{text}"))
        at += gap_s + length_s
    lines = list_transcript_lines(Transcript(tuple(turns), Provenance("test", "earshot")))

    read = pysubs2.SSAFile.from_file(
        io.StringIO(render_srt(lines).decode().removeprefix("\ufeff")), "srt"
    )

    assert all(a.end <= b.start for a, b in pairwise(read))
    assert all(0 < one.end - one.start <= 7001 for one in read)
    told = [w for one in read for w in one.text.replace("\\N", " ").removeprefix("P07:").split()]
    assert told == " ".join(line.text for line in lines).replace("-->", "->").split()


@pytest.mark.parametrize(("write", "name"), [(render_srt, "a.srt"), (render_web_vtt, "a.vtt")])
def test_the_gate_reads_on_over_rows_and_cues(
    write: Callable[[list[TranscriptLine]], bytes], name: str
) -> None:
    texts = [f"so {'it was ' * n}& my number is 07700 900 418 and so on" for n in range(12)]
    cut = {t: write([line_of(t, 0.0, 5.0)]) for t in texts}
    text, raw = next((t, raw) for t, raw in cut.items() if b"07700 900 418" not in raw)

    seen = extract_readable_text({name: raw}, date(2026, 11, 25))[name].decode()

    assert f"P07: {text}" in seen


def test_an_event_stands_between_the_cues_of_the_turn_in_which_it_happened() -> None:
    turn = Turn(1, "P07", 0.0, 10.0, "Well. " + "So it was, and so it is. " * 6)
    events = (Mark(9.0, MarkKind.MARKER),)
    lines = list_transcript_lines(Transcript((turn,), Provenance("t", "e"), events=events))

    blocks = render_web_vtt(lines).decode().split("\n\n")

    assert blocks[-2] == "NOTE [00:00:09] (marker)" or blocks[-1] == "NOTE [00:00:09] (marker)\n"
