"""Somebody sends a transcript that is made to take hours, or all memory: it is read, or refused."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from capture.transcript_import.transcript_file import read_transcript_file
from study import read_document
from study.errors import NotTranscript, TranscriptFlaw
from tests.capture.import_kinds_text import zipped

CUE = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HANGS_S = 60.0  # of processor time, where each takes a second or two and a product of sizes minutes


def pack(xml: str | bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as packed:
        packed.writestr("word/document.xml", xml)
    return out.getvalue()


def word(body: str) -> bytes:
    return pack(f"<w:document {WORD}><w:body>{body}</w:body></w:document>")


def swollen() -> bytes:
    """4 GB of blanks behind 4 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        one = zipfile.ZipInfo("word/document.xml")
        one.compress_type = zipfile.ZIP_DEFLATED
        with packed.open(one, "w", force_zip64=True) as part:
            part.write(bytes(60 << 20))
    raw = bytearray(out.getvalue())
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (1000).to_bytes(4, "little")  # and the list says: 1,000 bytes
    return bytes(raw)


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(100_000):
            packed.writestr(f"a{number}", "")
    return out.getvalue()


TEXTS: dict[str, Callable[[], str]] = {
    "voices begun": lambda: CUE + "<v " * 700_000,
    "voices begun, fewer": lambda: CUE + "<v " * 240_000,
    "voice of blanks": lambda: CUE + "<v" + " " * 5_000_000,
    "anchors begun": lambda: "<html><p>" + "<a" * 1_000_000,
    "anchors begun, fewer": lambda: "<html><p>" + "<a" * 240_000,
    "comments begun": lambda: "<html><p>" + "<!--" * 700_000,
    "comments begun, fewer": lambda: "<html><p>" + "<!--" * 240_000,
    "scripts begun": lambda: "<html><p>" + "<script>" * 240_000,
    "names of names": lambda: "<html><a " + " name" * 2_000_000 + ">x</a>",
    "a line of 10 MB": lambda: "P01: " + "word " * 2_000_000,
    "digits in a sign": lambda: "<html><p>&#" + "9" * 5_000_000 + ";",
    "digits in a subtitle": lambda: CUE + "&#" + "9" * 5_000_000,
    "digits in a time": lambda: "<html><a name=ts_" + "9" * 5_000 + "_1_P01>Yes</a>",
    "digits of a clock": lambda: "9" * 900_000 + ":00 Yes",
    "line ends": lambda: "\n" * 6_000_000,
    "turns": lambda: "P01: Yes.\n" * 240_000,
    "labels": lambda: "".join(f"Term{n}: what it is\n" for n in range(240_000)),
    "speakers": lambda: (
        "WEBVTT\n\n" + "".join(f"00:01.000 --> 00:02.000\n<v N{n}>Yes.\n\n" for n in range(60_000))
    ),
    "times in words": lambda: CUE + "<00:01.000>a" * 240_000,
    "times in a line": lambda: "P01: a" + "#00:00:01-0#" * 80_000,
    "blanks before a time": lambda: "P01:" + " " * 900_000 + "#00:00:01-0#",
    "brackets begun": lambda: "[" * 900_000 + "P01]: Yes.",
    "rows of a wide table": lambda: "start\ttext\n" + ("\t" * 1000 + "\n") * 5000,
    "a wide head": lambda: "text\t" * 200_000 + "\nYes.",
    "titles": lambda: "<title>" * 240_000,
    "groups in each other": lambda: "{\\rtf1" + "{" * 2_000_000,
    "groups beside each other": lambda: "{\\rtf1" + "{a}" * 900_000,
    "controls": lambda: "{\\rtf1" + "\\b" * 900_000,
    "signs": lambda: "{\\rtf1" + "\\'e4" * 900_000,
    "footnotes": lambda: "{\\rtf1" + "{\\footnote a}b" * 300_000,
    "a picture without end": lambda: "{\\rtf1 a\\bin999999999 b}",
    "lists in each other": lambda: '{"a":' + "[" * 900_000,
    "objects in each other": lambda: '{"segments":' + '{"a":' * 900_000,
    "segments": lambda: (
        '{"segments":[' + ",".join(['{"text":"a","start":0,"end":1}'] * 240_000) + "]}"
    ),
    "words": lambda: (
        '[{"text":"'
        + "a " * 300_000
        + '","start":0,"end":1,"words":['
        + ",".join(['{"word":" a"}'] * 300_000)
        + "]}]"
    ),
    "numbers": lambda: '{"segments":[{"text":"a","start":' + "9" * 9_000_000 + ',"end":1}]}',
    "blank lines": lambda: ("\t" * 900_000 + "\n") * 17,
}
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "6 million paragraphs": lambda: word("<w:p/>" * 6_000_000),
    "half a million": lambda: word("<w:p/>" * 490_000),
    "paragraphs in each other": lambda: word("<w:p>" * 200_000 + "</w:p>" * 200_000),
    "controls in each other": lambda: word("<w:sdt><w:sdtContent>" * 30 + "<w:p/>"),
    "tables in each other": lambda: word(
        ("<w:tbl><w:tr><w:tc>" * 18 + "<w:p/>" * 7000 + "</w:tc></w:tr></w:tbl>" * 18) * 60
    ),
    "swollen": swollen,
    "swollen otherwise": lambda: pack(bytes(60 << 20), zipfile.ZIP_LZMA),
    "parts": many_parts,
    "a hundred heads": lambda: zipped(
        {"word/document.xml": f"<w:document {WORD}/>"}
        | {
            f"word/header{n}.xml": f"<w:hdr {WORD}>" + "<w:t>a</w:t>" * 9_000 + "</w:hdr>"
            for n in range(100)
        }
    ),
    "another alphabet": lambda: pack(
        f'<?xml version="1.0" encoding="cp037"?><!DOCTYPE a><w:document {WORD}/>'.encode("cp037")
    ),
}


@pytest.mark.parametrize("made", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_is_read_or_refused(made: Callable[[], str]) -> None:
    read_in_time(made().encode())


@pytest.mark.parametrize("made", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_hostile_word_document_is_read_or_refused(
    made: Callable[[], bytes],
) -> None:
    read_in_time(made())


def read_in_time(content: bytes) -> None:
    began = time.process_time()
    try:
        read_transcript_file(content)
    except NotTranscript as refused:
        assert str(refused).startswith("That file ")  # noqa: PT017 - reading it is right as well
    assert time.process_time() - began < HANGS_S


def test_controls_in_each_other_give_their_words_once() -> None:
    nested = "<w:sdt><w:sdtContent>" * 20 + "<w:p><w:r><w:t>P01: Yes.</w:t></w:r></w:p>"
    nested += "</w:sdtContent></w:sdt>" * 20

    assert [turn.text for turn in read_transcript_file(word(nested)).said] == ["Yes."]


def test_a_page_on_one_long_line_is_read() -> None:
    page = "<html><body>" + "<p>P01: Well then, let us see.</p>" * 40_000

    assert len(read_transcript_file(page.encode()).said) == 40_000


def test_tags_that_hold_a_time_are_still_read_as_turns() -> None:
    page = "<HTML><head><title>x</title></head><p><A href=\"#\" NAME = 'ts_1000_2500_S00'>"
    page += "S00: Tom &amp; Sue</A> <!-- not <p> this --> 1 < 2"

    (turn,) = read_transcript_file(page.encode()).said

    assert (turn.speaker, turn.text, turn.start_s, turn.end_s) == (
        "S00",
        "Tom & Sue 1 < 2",
        1.0,
        2.5,
    )


def test_a_huge_file_is_refused_unread_and_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    huge, pipe = tmp_path / "huge.txt", tmp_path / "pipe.txt"
    with huge.open("wb") as file:
        file.truncate(6 << 30)
    os.mkfifo(pipe)

    for path, flaw in ((huge, TranscriptFlaw.TOO_LARGE), (pipe, TranscriptFlaw.NO_PLAIN_FILE)):
        with pytest.raises(NotTranscript) as refused:
            read_document(path)
        assert refused.value.flaw == flaw
