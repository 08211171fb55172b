"""Whatever stands in a transcript file is in its turns or is told as left out, in any format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.transcript_import.transcript_file import read_transcript_file
from tests.capture.import_kinds_text import READ_KINDS, TextKind, docx, rtf

Talk = list[tuple[str, str, int]]  # who, words, and the second at which they begin

_WORD = st.text("abcdefghijklmnopqrstuvwxyzäé'", min_size=1, max_size=8).map(lambda w: f"q{w}")
_WORDS = st.lists(_WORD, min_size=1, max_size=6).map(" ".join)
_SPEAKERS = ("INT01", "P07", "Margaret Wilson", "SPEAKER_00")
TALKS = st.lists(
    st.tuples(st.sampled_from(_SPEAKERS), _WORDS, st.integers(0, 5000)), min_size=1, max_size=8
)


def clock(second: float) -> str:
    whole = int(second)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def srt(talk: Talk) -> str:
    return "\n".join(
        f"{n}\n{clock(at)},000 --> {clock(at + 2)},500\n{who}: {words}\n\nqbehind {words}\n"
        for n, (who, words, at) in enumerate(talk, 1)
    )


def vtt(talk: Talk) -> str:
    return "WEBVTT qhead\n\nNOTE qnote\n\nSTYLE\nqstyle\n\n" + "\n".join(
        f"qname\n{clock(at)}.000 --> {clock(at + 2)}.500 qplace\n<v {who}>{words}</v>\n\nqmore\n"
        for who, words, at in talk
    )


def whisperx(talk: Talk) -> str:
    return json.dumps({
        "segments": [
            {"speaker": who, "text": words, "start": at, "end": at + 2,
             "words": [{"word": word, "start": at, "end": at + 1} for word in words.split()]}
            for who, words, at in talk
        ]
    })  # fmt: skip


def f4(talk: Talk) -> str:
    return rtf(*(f"{who}: {escape(words)} #{clock(at)}-5#" for who, words, at in talk)).decode(
        "cp1252"
    )


def escape(words: str) -> str:
    return "".join(c if c.isascii() else rf"\u{ord(c)}?" for c in words)


def otranscribe(talk: Talk) -> str:
    return json.dumps({
        "text": "".join(
            f'<p><span class="timestamp" data-timestamp="{at}">{clock(at)}</span>'
            f" {who}: {words}</p>"
            for who, words, at in talk
        ),
        "media": "", "media-time": 0,
    })  # fmt: skip


def noscribe(talk: Talk) -> str:
    return "<html><head><title>qtitle</title></head><p>qhead</p><!-- qnote -->" + "".join(
        f'<p><a name="ts_{at * 1000}_{at * 1000 + 900}_S00">S00: {words}</a> qtyped</p>'
        for _, words, at in talk
    )


def tsv(talk: Talk) -> str:
    rows = "".join(f"{at * 1000}\t{at * 1000 + 900}\t{w}\t{who}\tqmore\n" for who, w, at in talk)
    return f"start\tend\ttext\tspeaker\tcode\n{rows}"


def otter(talk: Talk) -> str:
    return "".join(f"{who}  {clock(at)}\n{words}\n\n" for who, words, at in talk) + (
        "Transcribed by https://otter.ai\n"
    )


def atrain(talk: Talk) -> str:
    return "Transcription for qname.mp3\n\n" + "".join(
        f"SPEAKER_01\n[{clock(at)}] - {words}\n\n" for _, words, at in talk
    )


def typed(talk: Talk) -> str:
    return "qtitle\n\n" + "".join(f"[{clock(at)}] {who}: {w}\nqmore\n" for who, w, at in talk)


FORMATS: dict[str, Callable[[Talk], str]] = {
    made.__name__: made
    for made in (srt, vtt, whisperx, f4, otranscribe, noscribe, tsv, otter, atrain, typed)
}


@pytest.mark.parametrize("written", FORMATS.values(), ids=FORMATS)
@given(talk=TALKS)
def test_every_word_is_read_or_told_as_left_out(written: Callable[[Talk], str], talk: Talk) -> None:
    text = written(talk)

    assert_all_is_there(text.encode(), re.findall(r"(?<!\w)q[a-zäé']+", plain(text)))


@given(talk=TALKS)
def test_every_word_of_a_word_document_is_read(talk: Talk) -> None:
    content = docx(*(f"{who}   {clock(at)}\n{words}" for who, words, at in talk))

    assert_all_is_there(content, [word for _, words, _ in talk for word in words.split()])


@pytest.mark.parametrize("kind", READ_KINDS, ids=lambda kind: kind.name)
def test_no_turn_of_any_kind_begins_before_the_one_above(kind: TextKind) -> None:
    times = [t.start_s for t in read_transcript_file(kind.content).said if t.start_s is not None]

    assert all(first <= second for first, second in pairwise(times))


def plain(text: str) -> str:
    """The words of a text, without what only writes them, or writes them a second time."""
    text = re.sub(r'"words": \[[^]]*\]', "", text)
    unescaped = re.sub(r"\\u(\d+)\?", lambda found: chr(int(found[1])), text)
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), unescaped)


def assert_all_is_there(content: bytes, wanted: list[str]) -> None:
    found = read_transcript_file(content)
    there = " ".join(
        [*(f"{t.speaker} {t.text}" for t in found.said), *(part.words for part in found.left)]
    )
    kept = re.findall(r"(?<!\w)q[a-zäé']+", there)
    for word in set(wanted):
        assert kept.count(word) >= wanted.count(word), word
    for turn in found.said:
        assert turn.end_s is None or turn.start_s is None or turn.start_s <= turn.end_s
        assert not turn.words or "".join(word.text for word in turn.words) == turn.text
