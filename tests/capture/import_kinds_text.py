"""Transcripts as other programs write them: each kind once, and what is to be read of it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass

from study.errors import TranscriptFlaw


@dataclass(frozen=True)
class TextKind:
    """A kind of file, a small one of it, and what becomes of it.

    said: speaker, text, start and end of each turn; the last two are None where a time is not
    looked at. words: how many words have times of their own. lost: what the file holds and a study
    has no place for. flaw: why it is refused, if it is.
    """

    name: str
    file: str
    content: bytes
    said: tuple[tuple[str, str, float | None, float | None], ...] = ()
    words: int = 0
    lost: str = ""
    flaw: TranscriptFlaw | None = None


def docx(*paragraphs: str, table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A small Word document: paragraphs, and a table below them."""

    def written(text: str) -> str:
        runs = text.replace("&", "&amp;").replace("\n", "</w:t><w:br/><w:t>")
        return f"<w:p><w:r><w:t>{runs}</w:t></w:r></w:p>"

    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{written(cell)}</w:tc>' for cell in row)}</w:tr>" for row in table
    )
    body = "".join(map(written, paragraphs)) + (f"<w:tbl>{rows}</w:tbl>" if rows else "")
    return zipped({
        "word/document.xml": (
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>"
        )
    })  # fmt: skip


def zipped(parts: dict[str, str]) -> bytes:
    """A zip file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(
                name, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def rtf(*lines: str, head: str = r"\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}") -> bytes:
    r"""A rich text of paragraphs, which may hold control words."""
    body = "".join(rf"\pard {line}\par" + "\n" for line in lines)
    return ("{\\rtf1" + head + "\n" + body + "}").encode("cp1252")


def lines(*text: str) -> bytes:
    """A text of lines."""
    return ("\n".join(text) + "\n").encode()


def timed(*words: tuple[str, float, float, float], key: str = "probability") -> list[object]:
    """Words as Whisper's JSON holds them."""
    return [
        {"word": word, "start": start, "end": end, key: sure} for word, start, end, sure in words
    ]


GREETING = ("Good morning Margaret.", "Good morning.")
TWO = (("SPEAKER_00", GREETING[0], 1.0, 3.0), ("SPEAKER_01", GREETING[1], 3.0, 5.0))
UNNAMED = tuple(("", *turn[1:]) for turn in TWO)

READ_KINDS: tuple[TextKind, ...] = (
    TextKind(
        "WebVTT", "a.vtt",
        lines("WEBVTT", "", "00:01.000 --> 00:03.000 align:start", GREETING[0], "",
              "NOTE not said", "", "00:03.000 --> 00:05.000", GREETING[1]),
        UNNAMED, lost="notes, styles, places on the screen",
    ),
    TextKind(
        "WebVTT with a time for each word", "words.vtt",
        lines("WEBVTT", "", "00:01.000 --> 00:03.000",
              "<v INT>Good<00:01.500> morning<00:02.200> Margaret.</v>"),
        (("INT", GREETING[0], 1.0, 3.0),), words=3,
    ),
    TextKind(
        "Microsoft Teams, WebVTT", "teams.vtt",
        lines("WEBVTT", "", "6f1c/12-0", "00:00:01.000 --> 00:00:03.000",
              "<v Wilson, Margaret (Guest)>Hello there.</v>", "", "6f1c/13-0",
              "00:00:03.500 --> 00:00:05.000", "<v Dr Ravi Patel>Yes &amp; no.</v>"),
        (("Wilson, Margaret (Guest)", "Hello there.", 1.0, 3.0),
         ("Dr Ravi Patel", "Yes & no.", 3.5, 5.0)),
        lost="the names of subtitles",
    ),
    TextKind(
        "Microsoft Teams, Word", "teams.docx",
        docx("Meeting with Margaret-Meeting Recording", "January 5, 2026, 10:00AM", "35m 12s",
             "Ravi Patel started transcription", "Ravi Patel   0:03\nGood morning.",
             "Margaret Wilson   1:02:03\nGood morning & welcome.",
             "Ravi Patel stopped transcription"),
        (("Ravi Patel", "Good morning.", 3.0, None),
         ("Margaret Wilson", "Good morning & welcome.", 3723.0, None)),
        lost="the meeting's title, date and length",
    ),
    TextKind(
        "Zoom, WebVTT", "zoom.vtt",
        lines("WEBVTT", "", "1", "00:00:01.000 --> 00:00:04.000",
              "Margaret Wilson: It was two things: the car and the dog.", "", "2",
              "00:00:05.000 --> 00:00:06.000", "Interviewer: And then?"),
        (("Margaret Wilson", "It was two things: the car and the dog.", 1.0, 4.0),
         ("Interviewer", "And then?", 5.0, 6.0)),
    ),
    TextKind(
        "SubRip", "a.srt",
        lines("1", "00:00:01,000 --> 00:00:03,000", "P07: <i>Well.</i>", "", "2",
              "00:00:03,000 --> 00:00:05,000", "INT: And?"),
        (("P07", "Well.", 1.0, 3.0), ("INT", "And?", 3.0, 5.0)),
    ),
    TextKind(
        "SubRip with blank lines in a cue, and out of order", "odd.srt",
        lines("1", "00:00:01,000 --> 00:00:03,000", "First line", "", "goes on", "", "3",
              "00:00:05,000 --> 00:00:04,000", "ends early", "", "00:00:06,000 --> 00:00:07,000",
              "no number", "4", "00:00:03,500 --> 00:00:05,500", "out of order"),
        (("", "First line goes on", 1.0, 3.0), ("", "out of order", 3.5, 5.5),
         ("", "ends early", 5.0, 5.0), ("", "no number", 6.0, 7.0)),
        lost="nothing: what was moved or had an impossible end is told",
    ),
    TextKind(
        "SBV (YouTube)", "a.sbv",
        lines("0:00:01.000,0:00:03.000", GREETING[0], "", "0:00:03.000,0:00:05.000", GREETING[1]),
        UNNAMED,
    ),
    TextKind(
        "Whisper, JSON with words", "whisper.json",
        json.dumps({"text": "…", "language": "en", "segments": [
            {"id": 0, "start": 1.0, "end": 3.0, "text": " Good morning Margaret.", "words": timed(
                (" Good", 1.0, 1.5, 0.9), (" morning", 1.5, 2.0, 0.8), (" Margaret.", 2.0, 3.0, 0.4)
            )},
            {"id": 1, "start": 3.0, "end": 5.0, "text": " Good morning.", "words": timed(
                (" Good", 3.0, 4.0, 0.9), (" morning.", 4.0, 5.0, 0.9)
            )},
        ]}).encode(),
        UNNAMED, words=5, lost="tokens and scores of whole segments",
    ),
    TextKind(
        "Whisper, JSON without words", "plain.json",
        json.dumps({"text": "…", "segments": [
            {"id": n, "start": turn[2], "end": turn[3], "text": f" {turn[1]}"}
            for n, turn in enumerate(UNNAMED)
        ], "language": "en"}, indent=1).encode(),
        UNNAMED, lost="tokens and scores of whole segments",
    ),
    TextKind(
        "Whisper, TSV", "whisper.tsv",
        lines("start\tend\ttext", f"1000\t3000\t{GREETING[0]}", f"3000\t5000\t{GREETING[1]}"),
        UNNAMED,
    ),
    TextKind(
        "Whisper, what it prints", "printed.txt",
        lines(f"[00:01.000 --> 00:03.000]  {GREETING[0]}",
              f"[00:03.000 --> 00:05.000]  {GREETING[1]}"),
        UNNAMED,
    ),
    TextKind(
        "WhisperX, SubRip", "x.srt",
        lines("1", "00:00:01,000 --> 00:00:03,000", f"[SPEAKER_00]: {GREETING[0]}", "", "2",
              "00:00:03,000 --> 00:00:05,000", f"[SPEAKER_01]: {GREETING[1]}"),
        TWO,
    ),
    TextKind(
        "WhisperX, WebVTT", "x.vtt",
        lines("WEBVTT", "", "00:01.000 --> 00:03.000", f"[SPEAKER_00]: {GREETING[0]}", "",
              "00:03.000 --> 00:05.000", f"[SPEAKER_01]: {GREETING[1]}"),
        TWO,
    ),
    TextKind(
        "WhisperX, text", "x.txt",
        lines(f"[SPEAKER_00]: {GREETING[0]}", f"[SPEAKER_01]: {GREETING[1]}"),
        tuple((*turn[:2], None, None) for turn in TWO),
        lost="nothing: it has no times",
    ),
    TextKind(
        "WhisperX, JSON with words", "x.json",
        json.dumps({"segments": [
            {"start": 1.0, "end": 3.0, "text": "Good morning Margaret.", "speaker": "SPEAKER_00",
             "words": [*timed(("Good", 1.0, 1.5, 0.9), key="score"), {"word": "morning"},
                       *timed(("Margaret.", 2.0, 3.0, 0.7), key="score")]},
            {"start": 3.0, "end": 5.0, "text": "Good morning.", "speaker": "SPEAKER_01",
             "words": timed(("Good", 3.0, 4.0, 0.9), ("morning.", 4.0, 5.0, 0.9), key="score")},
        ], "word_segments": [], "language": "en"}).encode(),
        TWO, words=5, lost="scores of the alignment, which are no probabilities of words",
    ),
    TextKind(
        "faster-whisper, JSON list", "faster.json",
        json.dumps([
            {"id": 1, "seek": 0, "start": 1.0, "end": 3.0, "text": " Good morning Margaret.",
             "words": None},
            {"id": 2, "seek": 0, "start": 3.0, "end": 5.0, "text": " Good morning.", "words": None},
        ]).encode(),
        UNNAMED,
    ),
    TextKind(
        "whisper.cpp, JSON with tokens", "cpp.json",
        json.dumps({"systeminfo": "", "result": {"language": "en"}, "transcription": [
            {"timestamps": {"from": "00:00:01,000", "to": "00:00:03,000"},
             "offsets": {"from": 1000, "to": 3000}, "text": " Good morning Margaret.", "tokens": [
                {"text": "[_BEG_]", "offsets": {"from": 1000, "to": 1000}, "id": 1, "p": 0.9},
                {"text": " Good", "offsets": {"from": 1000, "to": 1500}, "id": 2, "p": 0.9},
                {"text": " morning", "offsets": {"from": 1500, "to": 2000}, "id": 3, "p": 0.9},
                {"text": " Marg", "offsets": {"from": 2000, "to": 2500}, "id": 4, "p": 0.5},
                {"text": "aret", "offsets": {"from": 2500, "to": 2900}, "id": 5, "p": 0.8},
                {"text": ".", "offsets": {"from": 2900, "to": 3000}, "id": 6, "p": 0.9}]},
        ]}).encode(),
        (UNNAMED[0],), words=3, lost="numbers of tokens",
    ),
    TextKind(
        "whisper-timestamped, JSON", "stamped.json",
        json.dumps({"text": "…", "segments": [
            {"start": 3.0, "end": 5.0, "text": " Good morning.", "confidence": 0.8, "words": [
                {"text": "Good", "start": 3.0, "end": 4.0, "confidence": 0.9},
                {"text": "morning.", "start": 4.0, "end": 5.0, "confidence": 0.7}]},
        ], "language": "en"}).encode(),
        (UNNAMED[1],), words=2,
    ),
    TextKind(
        "aTrain, text with speakers", "atrain.txt",
        lines("Transcription for interview.mp3", "", "SPEAKER_00",
              f"[00:00:01] - {GREETING[0]}", "", "SPEAKER_01", f"[00:00:03] - {GREETING[1]}"),
        (("SPEAKER_00", GREETING[0], 1.0, None), ("SPEAKER_01", GREETING[1], 3.0, None)),
        lost="its head line, which names the sound file",
    ),
    TextKind(
        "aTrain, text without speakers", "atrain-plain.txt",
        lines("Transcription for visit 1.m4a", "", f"[00:00:01] - {GREETING[0]}",
              f"[00:00:03] - {GREETING[1]}"),
        (("", GREETING[0], 1.0, None), ("", GREETING[1], 3.0, None)),
        lost="its head line, which names the sound file",
    ),
    TextKind(
        "noScribe, HTML", "noscribe.html",
        (b'<html><head><style>p {margin: 1px}</style></head><body><p>Visit 1</p>'
         b'<p>Transcribed with noScribe<br>Audio source: /home/x/1.wav</p>'
         b'<p><a name="ts_540_3120_S00" >S00: <span>[00:00:00]</span> Good morning.</a>'
         b'<a name="ts_3120_4000_S00" > How are you?</a> (typed in later)</p>'
         b'<p><a name="ts_5000_6000_S01" >S01: Fine &amp; well.</a></p></body></html>'),
        (("S00", "Good morning. How are you? (typed in later)", 0.54, 4.0),
         ("S01", "Fine & well.", 5.0, 6.0)),
        lost="its head, which names the sound file",
    ),
    TextKind(
        "noScribe, WebVTT", "noscribe.vtt",
        lines("WEBVTT Visit 1", "", "NOTE", "Transcribed with noScribe vers. 0.7",
              "Audio file: /home/x/1.wav", "", "", "NOTE media: /home/x/1.wav", "", "1",
              "00:00:01.930 --> 00:00:03.310", "<v S00>Good morning.", "", "2",
              "00:00:06.410 --> 00:00:10.01", "<v S01>(12 seconds pause) Yes."),
        (("S00", "Good morning.", 1.93, 3.31), ("S01", "(12 seconds pause) Yes.", 6.41, 10.01)),
        lost="its notes, which name the sound file",
    ),
    TextKind(
        "oTranscribe, its own file", "a.otr",
        json.dumps({
            "text": '<p><span class="timestamp" data-timestamp="1.2">00:01</span> Margaret: I live'
            ' in Ramsbottom.<br /></p><p><span class="timestamp" data-timestamp="4.5">00:04</span>'
            " INT: Since when?</p>",
            "media": "a.mp3", "media-time": 1.2,
        }).encode(),
        (("Margaret", "I live in Ramsbottom.", 1.2, None), ("INT", "Since when?", 4.5, None)),
        lost="the name of the sound file, and where it was last played",
    ),
    TextKind(
        "oTranscribe, text or Markdown", "otranscribe.txt",
        lines("00:01 Margaret: I live in Ramsbottom.", "", "00:04 INT: Since when?"),
        (("Margaret", "I live in Ramsbottom.", 1.0, None), ("INT", "Since when?", 4.0, None)),
    ),
    TextKind(
        "f4transkript, RTF", "f4.rtf",
        rtf(r"I: Wie lange wohnen Sie schon in M\'fcnchen? #00:00:04-3#",
            r"B: {\b Seit} 1961. \u8222?Da\u8220? war ich drei\{ #00:00:09-0#"),
        (("I", "Wie lange wohnen Sie schon in München?", 0.0, 4.3),
         ("B", "Seit 1961. „Da“ war ich drei{", 4.3, 9.0)),
        lost="bold, italics and colours",
    ),
    TextKind(
        "f5transkript, RTF from a Mac", "f5.rtf",
        rtf(r"[00:00:01] I: How long?", r"[00:00:04] B: Since May, end\'85",
            head=r"\ansi\ansicpg10000\cocoartf2639{\fonttbl\f0\fswiss\fcharset77 Helvetica;}"
                 r"{\colortbl;\red255\green255\blue255;}{\*\expandedcolortbl;;}\f0"),
        (("I", "How long?", 1.0, None), ("B", "Since May, endÖ", 4.0, None)),
        lost="bold, italics and colours",
    ),
    TextKind(
        "RTF with footnotes, comments and deleted words", "word.rtf",
        rtf(r"P07: Well{\footnote\pard A doctor.}, yes{\deleted  and no}.",
            r"{\*\atnid x}{\*\annotation Check this.}INT: And?",
            head=r"\ansi{\fonttbl{\f0 Arial;}}{\info{\title Visit to Margaret}}"
                 r"{\header\pard Page 1\par}{\pict 00ff}"),
        (("P07", "Well, yes.", None, None), ("INT", "And?", None, None)),
        lost="footnotes, comments, deleted words and page heads, each of them told",
    ),
    TextKind(
        "MAXQDA, text with times", "maxqda.txt",
        lines("#00:00:01-2# I: How long?", "#00:00:04-0# B: Since May #00:00:05-0# or June."),
        (("I", "How long?", 1.2, None), ("B", "Since May or June.", 4.0, None)),
        lost="a time inside a turn, which is told",
    ),
    TextKind(
        "MAXQDA, text with tabs", "tabs.txt",
        lines("I:\tHow long? [00:00:04]", "B:\tSince May. [00:00:09]"),
        (("I", "How long?", 0.0, 4.0), ("B", "Since May.", 4.0, 9.0)),
    ),
    TextKind(
        "NVivo, transcript rows as text", "nvivo.txt",
        lines("Timespan\tContent\tSpeaker\tTopic", "0:01.0 - 0:03.0\tHow long?\tINT\tHome",
              "0:03.0 - 0:05.5\tSince May.\tMargaret\t"),
        (("INT", "How long?", 1.0, 3.0), ("Margaret", "Since May.", 3.0, 5.5)),
        lost="other columns of the table, each of them told",
    ),
    TextKind(
        "Otter, text", "otter.txt",
        lines("SUMMARY KEYWORDS", "home, May", "", "SPEAKERS", "Speaker 1, Margaret Wilson", "",
              "Speaker 1  0:01  ", "How long?", "", "Margaret Wilson  0:04  ",
              "Since May.", "And it was cold.", "", "Transcribed by https://otter.ai"),
        (("Speaker 1", "How long?", 1.0, None),
         ("Margaret Wilson", "Since May. And it was cold.", 4.0, None)),
        lost="the summary above and the credit below",
    ),
    TextKind(
        "Otter, text with a title and a date", "otter_title.txt",
        lines("Interview with Margaret", "Tue, Mar 3, 2026 10:02AM \u2022 15:05", "",
              "SUMMARY KEYWORDS", "home, May", "", "SPEAKERS", "Speaker 1, Margaret Wilson", "",
              "Speaker 1  00:01", "How long?", "", "Margaret Wilson  1:02:33",
              "Since May.", "And it was cold.", "", "Transcribed by https://otter.ai"),
        (("Speaker 1", "How long?", 1.0, None),
         ("Margaret Wilson", "Since May. And it was cold.", 3753.0, None)),
        lost="the title, the date and the summary above, and the credit below",
    ),
    TextKind(
        "Otter, names and times on lines of their own", "otter_lines.txt",
        lines("Speaker 1", "0:01", "How long?", "", "Margaret Wilson", "0:04", "Since May.",
              "And it was cold.", "", "Speaker 1", "1:02:33", "At 10:30?"),
        (("Speaker 1", "How long?", 1.0, None),
         ("Margaret Wilson", "Since May. And it was cold.", 4.0, None),
         ("Speaker 1", "At 10:30?", 3753.0, None)),
    ),
    TextKind(
        "Audacity, label track", "labels.txt",
        lines(f"1.000000\t3.000000\t{GREETING[0]}", f"3.000000\t5.000000\t{GREETING[1]}"),
        UNNAMED,
    ),
    TextKind(
        "Word, typed", "typed.docx",
        docx("Interviewer: How long?", "Mrs Wilson: Since May.\nIt was cold.", "Interviewer: And?",
             "Mrs Wilson: Nothing."),
        (("Interviewer", "How long?", None, None),
         ("Mrs Wilson", "Since May. It was cold.", None, None),
         ("Interviewer", "And?", None, None), ("Mrs Wilson", "Nothing.", None, None)),
        lost="pictures and formats; comments, footnotes and deleted words are told",
    ),
    TextKind(
        "Word, a table of speakers and words", "table.docx",
        docx(table=(("00:01:02", "P07", "Well."), ("00:01:04", "INT", "And?"))),
        (("P07", "Well.", 62.0, None), ("INT", "And?", 64.0, None)),
    ),
    TextKind(
        "HTML, another page", "page.html",
        b"<html><head><title>Visit</title></head><body><p>P07: Well.</p><p>INT: And?</p></body>",
        (("P07", "Well.", None, None), ("INT", "And?", None, None)),
        lost="styles, comments and the page's title",
    ),
    TextKind(
        "Text with speakers, as an old Windows editor writes it", "old.txt",
        "P07: Café.\r\nINT: Yes.\r\n".encode("cp1252"),
        (("P07", "Café.", None, None), ("INT", "Yes.", None, None)),
    ),
    TextKind(
        "Text with speakers in UTF-16", "utf16.txt",
        "P07: Café.\nINT: Yes.\n".encode("utf-16"),
        (("P07", "Café.", None, None), ("INT", "Yes.", None, None)),
    ),
)  # fmt: skip

REFUSED_KINDS: tuple[TextKind, ...] = (
    TextKind("Word before 2007", "a.doc", b"\xd0\xcf\x11\xe0" + bytes(60),
             flaw=TranscriptFlaw.OLD_WORD),
    TextKind("PDF", "a.pdf", b"%PDF-1.7\n", flaw=TranscriptFlaw.PDF),
    TextKind("OpenDocument text", "a.odt",
             zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
             flaw=TranscriptFlaw.OPEN_DOCUMENT),
    TextKind("Excel workbook", "a.xlsx", zipped({"xl/workbook.xml": "<a/>"}),
             flaw=TranscriptFlaw.WORKBOOK),
    TextKind("Zip file of others", "a.zip", zipped({"visit.vtt": "WEBVTT"}),
             flaw=TranscriptFlaw.ARCHIVE),
    TextKind("REFI-QDA project", "a.qdpx", zipped({"project.qde": "<a/>"}),
             flaw=TranscriptFlaw.PROJECT),
    TextKind("MAXQDA project", "a.mx24", b"SQLite format 3\x00" + bytes(80),
             flaw=TranscriptFlaw.PROJECT),
    TextKind("ELAN", "a.eaf", b'<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT/>',
             flaw=TranscriptFlaw.ELAN),
    TextKind("Praat TextGrid", "a.TextGrid",
             b'File type = "ooTextFile"\nObject class = "TextGrid"\n',
             flaw=TranscriptFlaw.TEXT_GRID),
    TextKind("EXMARaLDA", "a.exb", b'<?xml version="1.0"?>\n<basic-transcription/>',
             flaw=TranscriptFlaw.EXMARALDA),
    TextKind("ASS subtitles", "a.ass", b"[Script Info]\nTitle: x\n",
             flaw=TranscriptFlaw.OTHER_SUBTITLES),
    TextKind("TTML subtitles", "a.ttml", b'<?xml version="1.0"?><tt xmlns="x"><body/></tt>',
             flaw=TranscriptFlaw.OTHER_SUBTITLES),
    TextKind("Other XML", "a.xml", b'<?xml version="1.0"?><note>P07: Well.</note>',
             flaw=TranscriptFlaw.OTHER_XML),
    TextKind("Other JSON", "other.json", b'{"results": {"channels": []}}',
             flaw=TranscriptFlaw.OTHER_JSON),
    TextKind("CSV", "a.csv", b"start,end,text\n1,2,Good morning.\n",
             flaw=TranscriptFlaw.OTHER_TABLE),
    TextKind("Text of another ending, without speakers or times", "a.log",
             b"nothing to see here\nnor here\n", flaw=TranscriptFlaw.OTHER_TEXT),
)  # fmt: skip

TEXT_KINDS = READ_KINDS + REFUSED_KINDS
