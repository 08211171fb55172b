"""Word copies that came back as people send them, and what each of them says.

Written before the rules were looked at. Each way of answering is a function that marks our copy up
as a word processor would, beside the parts that a person should be shown: whether it is read, asked
or not understood, and the turns that it would change.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from study import ReturnedStanding, Turn

Fill = Callable[[Document], None]
READ, ASKED, UNCLEAR = ReturnedStanding.READ, ReturnedStanding.ASKED, ReturnedStanding.UNCLEAR
# The third turn has the key of one that was broken in two; its line on the copy is the third.
SAID = (
    Turn(1, "INT01", 0.0, 2.0, "How have you been since the spring?"),
    Turn(2, "P07", 2.5, 6.0, "Rose took me to the Ashfield clinic on Monday."),
    Turn(12, "P07", 6.0, 8.0, "I did not like the tea there."),
    Turn(3, "INT01", 8.5, 9.5, "Who else came?"),
    Turn(4, "P07", 10.0, 13.0, "My neighbour did. He talks too much."),
    Turn(5, "P07", 18.0, 21.0, "We sang the old songs, and I sang loudest."),
    Turn(6, "INT01", 21.5, 22.5, "And the garden?"),
    Turn(7, "P07", 23.0, 26.0, "The garden is mine. Nobody else touches it."),
    Turn(8, "FAM02", 26.5, 28.0, "She waters it at night, you know."),
)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


PNG = b"".join((
    b"\x89PNG\r\n\x1a\n",
    _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
    _chunk(b"IDAT", zlib.compress(b"\x00\xff")),
    _chunk(b"IEND", b""),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part that should be listed. changes: key of a turn and what it should say, "" for out."""

    standing: ReturnedStanding
    changes: tuple[tuple[int, str], ...] = ()
    approves: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A way of answering: marks that somebody made, the parts, and words that may not be lost."""

    fills: tuple[Fill, ...]
    parts: tuple[Part, ...]
    words: tuple[str, ...] = ()


def find_line(document: Document, number: int) -> Paragraph:
    return next(p for p in document.paragraphs if p.text.startswith(f"{number}  "))


def rows(*filled: tuple[str, str]) -> Fill:
    def fill(document: Document) -> None:
        for row, (number, text) in zip(document.tables[-1].rows[1:], filled, strict=False):
            row.cells[0].text, row.cells[1].text = number, text

    return fill


def _run_xml(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def _tracked(kind: str, inner: str) -> str:
    return (
        f'<w:{kind} {nsdecls("w")} w:id="9" w:author="a reader" w:date="2026-11-20T10:00:00Z">'
        f"{inner}</w:{kind}>"
    )


def _append(paragraph: Paragraph, xml: str) -> None:
    paragraph._p.append(parse_xml(xml))  # pyright: ignore[reportUnknownMemberType, reportPrivateUsage]


def retyped(number: int, *pieces: str) -> Fill:
    """Track changes in a line: "-word" was deleted, "+word" inserted, the others stay."""

    def fill(document: Document) -> None:
        paragraph = find_line(document, number)
        last = paragraph.runs[-1]
        last._r.getparent().remove(last._r)  # pyright: ignore[reportUnknownMemberType, reportPrivateUsage, reportOptionalMemberAccess]
        for piece in pieces:
            if piece.startswith("-"):
                _append(paragraph, _tracked("del", _run_xml(piece[1:], "delText")))
            elif piece.startswith("+"):
                _append(paragraph, _tracked("ins", _run_xml(piece[1:])))
            else:
                paragraph.add_run(piece)

    return fill


def tracked_away(number: int) -> Fill:
    """Delete a whole line, its mark as well, with tracking on."""

    def fill(document: Document) -> None:
        paragraph = find_line(document, number)
        whole = paragraph.text
        for run in paragraph.runs:
            run._r.getparent().remove(run._r)  # pyright: ignore[reportUnknownMemberType, reportPrivateUsage, reportOptionalMemberAccess]
        properties = paragraph._p.get_or_add_pPr()  # pyright: ignore[reportPrivateUsage]
        made = parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="8"/></w:rPr>')
        properties.append(made)  # pyright: ignore[reportUnknownMemberType]
        _append(paragraph, _tracked("del", _run_xml(whole, "delText")))

    return fill


def typed(number: int, text: str) -> Fill:
    return lambda document: find_line(document, number).add_run(text) and None


def deleted(number: int) -> Fill:
    def fill(document: Document) -> None:
        one = find_line(document, number)._p  # pyright: ignore[reportPrivateUsage]
        one.getparent().remove(one)  # pyright: ignore[reportUnknownMemberType, reportOptionalMemberAccess]

    return fill


def cut_runs(paragraph: Paragraph, words: str) -> Run:
    """Give some words of a line a run of their own, as a word processor does for a mark."""
    last = paragraph.runs[-1]
    before, found, after = last.text.partition(words)
    assert found
    last.text = before
    run = paragraph.add_run(words)
    paragraph.add_run(after)
    return run


def struck(number: int, words: str = "") -> Fill:
    def fill(document: Document) -> None:
        paragraph = find_line(document, number)
        for run in [cut_runs(paragraph, words)] if words else paragraph.runs:
            run.font.strike = True

    return fill


def highlighted(number: int, words: str) -> Fill:
    def fill(document: Document) -> None:
        run = cut_runs(find_line(document, number), words)
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    return fill


def commented(number: int, text: str, words: str = "") -> Fill:
    def fill(document: Document) -> None:
        paragraph = find_line(document, number)
        runs = [cut_runs(paragraph, words)] if words else paragraph.runs
        document.add_comment(runs, text, author="a reader")

    return fill


def ticked(sentence: str, sign: str = "\u2612") -> Fill:
    def fill(document: Document) -> None:
        next(p for p in document.paragraphs if p.text.endswith(sentence)).runs[0].text = sign

    return fill


def free(*texts: str) -> Fill:
    def fill(document: Document) -> None:
        for text in texts:
            document.add_paragraph(text)

    return fill


def in_header(text: str) -> Fill:
    return lambda document: document.sections[0].header.paragraphs[0].add_run(f" {text}") and None


def pictured(document: Document) -> None:
    document.add_picture(io.BytesIO(PNG))


RIGHT, CHANGE, OUT = "It is right.", "I want to change something.", "I want to take something out."

WAYS: dict[str, Way] = {
    "1 words changed with tracking on": Way(
        (retyped(5, " My ", "-neighbour", "+brother", " did. He talks too much."),),
        (Part(READ, ((4, "My brother did. He talks too much."),), line=5),),
    ),
    "2 a comment on some words": Way(
        (commented(8, "Not true, my son does", "Nobody else"),),
        (Part(ASKED, line=8),),
        ("Not true, my son does",),
    ),
    "3 text typed into the talk itself": Way(
        (typed(5, " But I like him."),),
        (Part(ASKED, ((4, "My neighbour did. He talks too much. But I like him."),), line=5),),
    ),
    "4 a row with 7 and a point": Way(
        (rows(("7.", "And how is the garden?")),),
        (Part(READ, ((6, "And how is the garden?"),), line=7),),
    ),
    "5 a row with 4-5": Way(
        (rows(("4-5", "take out"), ("8 and 9", "Take out.")),),
        (
            Part(READ, ((3, ""), (4, "")), line=4),
            Part(READ, ((7, ""), (8, "")), line=8),
        ),
    ),
    "6 a row with the word line": Way(
        (rows(("Line 7", "take it out please"), ("line no. 9", "Please delete this, thank you")),),
        (Part(READ, ((6, ""),), line=7), Part(READ, ((8, ""),), line=9)),
    ),
    "7 it is right": Way((ticked(RIGHT),), (Part(READ, approves=True),)),
    "8 something to take out, and what": Way(
        (ticked(OUT, "X"), rows(("3", "take out"))),
        (Part(READ), Part(READ, ((12, ""),), line=3)),
    ),
    "9 something to take out, and not what": Way((ticked(OUT, "\u2713"),), (Part(ASKED),)),
    "10 free text as on a photographed page": Way(
        (
            free(
                "I was not well that day.",
                "Please leave out what I said about my neighbour.",
                "In line 6 it was not old songs.",
            ),
        ),
        (Part(UNCLEAR), Part(UNCLEAR), Part(ASKED, line=6)),
        ("I was not well that day.", "my neighbour", "it was not old songs"),
    ),
    "11 lines deleted": Way(
        (tracked_away(9), deleted(4), struck(3)),
        (
            Part(READ, ((8, ""),), line=9),
            Part(ASKED, ((3, ""),), line=4),
            Part(ASKED, ((12, ""),), line=3),
        ),
    ),
    "12 it is right, and a change all the same": Way(
        (
            ticked(RIGHT),
            rows(("2", "[Person 1] took me to the [Place 1] clinic on Tuesday.")),
        ),
        (
            Part(ASKED, approves=True),
            Part(READ, ((2, "[Person 1] took me to the [Place 1] clinic on Tuesday."),), line=2),
        ),
    ),
    "13 remarks where a whole line should stand": Way(
        (rows(("5", "He is my cousin"), ("8", "should say we, not I"), ("4-5", "only me")),),
        (
            Part(ASKED, ((4, "He is my cousin"),), line=5),
            Part(ASKED, line=8),
            Part(ASKED, line=4),
        ),
        ("He is my cousin", "should say we, not I", "only me"),
    ),
    "14 numbers without words, and words without numbers": Way(
        (rows(("99", "take out"), ("", "I never said that about the clinic"), ("3", "")),),
        (Part(UNCLEAR), Part(UNCLEAR), Part(ASKED, line=3)),
        ("99", "I never said that about the clinic"),
    ),
    "15 everything at once": Way(
        (
            commented(8, "Take this out please."),
            highlighted(6, "old songs"),
            struck(5, "He talks too much."),
            in_header("Phone me about this"),
            pictured,
            ticked(CHANGE, "yes"),
            rows(("1.", "How have you been since the summer?")),
        ),
        (
            Part(READ, ((7, ""),), line=8),
            Part(ASKED, line=6),
            Part(ASKED, ((4, "My neighbour did."),), line=5),
            Part(UNCLEAR),
            Part(UNCLEAR),
            Part(READ),
            Part(READ, ((1, "How have you been since the summer?"),), line=1),
        ),
        ("Phone me about this", "old songs", "Take this out please."),
    ),
    "16 one line in a row and in the talk": Way(
        (
            retyped(3, " I ", "-did not like", "+liked", " the tea there."),
            rows(("3", "I liked all the tea there.")),
        ),
        (
            Part(ASKED, ((12, "I liked the tea there."),), line=3),
            Part(ASKED, ((12, "I liked all the tea there."),), line=3),
        ),
    ),
    "17 a line broken in two while typing": Way(
        (free("We had cake."), typed(9, " At night!"), ticked(RIGHT, "no")),
        (
            Part(UNCLEAR),
            Part(ASKED, ((8, "She waters it at night, you know. At night!"),), line=9),
            Part(UNCLEAR),
        ),
        ("We had cake.", "no"),
    ),
}
TEXT = """\
Dear all,
Line 7: take it out please
4-5 take out
3. I liked the tea there.

2\t[Person 1] took me to the [Place 1] clinic on Tuesday.
12.30 was too late for me.
8: should say we, not I
Thank you for line 6!
99: take out
"""
TEXT_PARTS = (
    Part(UNCLEAR),
    Part(READ, ((6, ""),), line=7),
    Part(READ, ((3, ""), (4, "")), line=4),
    Part(READ, ((12, "I liked the tea there."),), line=3),
    Part(READ, ((2, "[Person 1] took me to the [Place 1] clinic on Tuesday."),), line=2),
    Part(UNCLEAR),
    Part(ASKED, line=8),
    Part(ASKED, line=6),
    Part(UNCLEAR),
)
