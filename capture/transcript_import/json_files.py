"""Read JSON of Whisper, WhisperX, faster-whisper, whisper.cpp and aTrain, and oTranscribe's files.

Records of these forms are decoded, and nothing else of the file: its depth and its other fields
take no memory. Probabilities of words are kept where they are the speech model's own; WhisperX's
score says how well a word fits its place, and is not.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple, TypeVar

import msgspec

from capture.transcript_import.html_pages import read_html_page
from capture.transcript_import.imported_turn import (
    LONGEST_TRANSCRIPT_S,
    ImportedTurn,
    LeftOut,
    LeftPart,
    ReadTurns,
    fit_words,
    tidy_line,
)
from study import VOUCHED_FOR, Word
from study.errors import NotTranscript, TranscriptFlaw

_MOST_RECORDS = 1_000_000  # twelve hours are 110,000 words, of each a few records
_MS = 1000
_T = TypeVar("_T")


class _JsonWord(msgspec.Struct):
    """A word, or ``text`` and ``confidence`` of whisper-timestamped; WhisperX times no numbers."""

    word: str = ""
    text: str = ""
    start: float | None = None
    end: float | None = None
    probability: float | None = None
    confidence: float | None = None
    speaker: str | None = None


class _Segment(msgspec.Struct):
    """A segment of Whisper, WhisperX, faster-whisper or aTrain."""

    text: str
    start: float | None
    end: float | None
    speaker: str | None = None
    words: list[_JsonWord] | None = None


class _Offsets(msgspec.Struct, rename={"start": "from", "end": "to"}):
    start: float
    end: float


class _Token(msgspec.Struct):
    text: str
    offsets: _Offsets
    p: float = VOUCHED_FOR


class _Passage(msgspec.Struct):
    """A segment of whisper.cpp, in milliseconds."""

    text: str
    offsets: _Offsets
    tokens: list[_Token] | None = None
    speaker: str | None = None


class _Whisper(msgspec.Struct):
    segments: list[_Segment]


class _WhisperCpp(msgspec.Struct):
    transcription: list[_Passage]


class _OTranscribe(msgspec.Struct):
    text: str
    media: str | None
    media_time: float | str | None = msgspec.field(name="media-time")


class JsonTranscript(NamedTuple):
    """The kind of JSON, and what was read."""

    kind: str
    read: ReadTurns


def read_json(content: bytes) -> JsonTranscript:
    """Return the turns of a JSON file.

    content: UTF-8, with or without a byte order mark.

    Raises:
        NotTranscript: no transcription program known here writes such JSON, or it has too much.
    """
    raw = content.removeprefix(b"\xef\xbb\xbf")
    if raw.count(b"{") + raw.count(b"[") > _MOST_RECORDS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_LINES)
    if (heard := _decode(raw, _OTranscribe)) is not None:
        return JsonTranscript("otr", read_html_page(heard.text))
    if (listed := _decode(raw, list[_Segment])) is not None:
        return JsonTranscript("json", _read_segments(listed))
    if (whisper := _decode(raw, _Whisper)) is not None:
        return JsonTranscript("json", _read_segments(whisper.segments))
    if (cpp := _decode(raw, _WhisperCpp)) is not None:
        return JsonTranscript("json", _read_passages(cpp.transcription))
    raise NotTranscript(TranscriptFlaw.OTHER_JSON)


def _decode(raw: bytes, kind: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _read_segments(segments: list[_Segment]) -> ReadTurns:
    """Read segments; one whose words have several speakers is a turn of each."""
    said, left = list[ImportedTurn](), list[LeftPart]()
    for segment in segments:
        text, start_s, end_s = tidy_line(segment.text), _time(segment.start), _time(segment.end)
        words = fit_words(text, _time_words(segment.words or [], start_s, end_s))
        if segment.words and text and not words:
            left.append(LeftPart(LeftOut.WORD_TIMES, ""))
        speakers = [word.speaker or segment.speaker or "" for word in segment.words or []]
        if len(set(speakers)) > 1 and len(words) == len(speakers):
            said += _split_by_speaker(words, speakers)
        elif text:
            said.append(ImportedTurn(tidy_line(segment.speaker or ""), text, start_s, end_s, words))
    return ReadTurns(said, left, by_time=True)


def _split_by_speaker(words: tuple[Word, ...], speakers: list[str]) -> list[ImportedTurn]:
    made: list[ImportedTurn] = []
    for speaker, group in groupby(zip(speakers, words, strict=True), key=lambda pair: pair[0]):
        own = [word for _, word in group]
        text = tidy_line("".join(word.text for word in own))
        made.append(
            ImportedTurn(
                tidy_line(speaker), text, own[0].start_s, own[-1].end_s, fit_words(text, own)
            )
        )
    return made


def _time_words(words: list[_JsonWord], start_s: float | None, end_s: float | None) -> list[Word]:
    """Give words their times; one that has none takes the gap between its neighbours."""
    made: list[Word] = []
    at = start_s or 0.0
    following = _following_starts(words, end_s)
    for word, next_s in zip(words, following, strict=True):
        begin, end = _time(word.start), _time(word.end)
        begin = at if begin is None else begin
        end = (begin if next_s is None else next_s) if end is None else end
        at = max(begin, end)
        own = word.confidence if word.probability is None else word.probability
        sure = VOUCHED_FOR if own is None else min(1.0, max(0.0, own))
        made.append(Word(word.word or word.text, begin, at, sure))
    return made


def _following_starts(words: list[_JsonWord], end_s: float | None) -> list[float | None]:
    """Return for each word when the next one with a time begins."""
    found: list[float | None] = []
    for word in reversed(words):
        found.append(end_s)
        start_s = _time(word.start)
        end_s = end_s if start_s is None else start_s
    return found[::-1]


def _read_passages(passages: list[_Passage]) -> ReadTurns:
    said, left = list[ImportedTurn](), list[LeftPart]()
    for passage in passages:
        text = tidy_line(passage.text)
        tokens = [t for t in passage.tokens or [] if not t.text.startswith("[_")]
        words = fit_words(text, _join_tokens(tokens))
        if tokens and text and not words:
            left.append(LeftPart(LeftOut.WORD_TIMES, ""))
        if text:
            start_s, end_s = _time(passage.offsets.start / _MS), _time(passage.offsets.end / _MS)
            said.append(ImportedTurn(tidy_line(passage.speaker or ""), text, start_s, end_s, words))
    return ReadTurns(said, left, by_time=True)


def _join_tokens(tokens: list[_Token]) -> list[Word]:
    """Join whisper.cpp's tokens to words: a blank begins each; the least sure token counts."""
    made: list[Word] = []
    for token in tokens:
        start_s = _time(token.offsets.start / _MS) or 0.0
        end_s = max(start_s, _time(token.offsets.end / _MS) or 0.0)
        sure = min(1.0, max(0.0, token.p))
        if made and not token.text[:1].isspace():
            last = made[-1]
            made[-1] = Word(
                last.text + token.text, last.start_s, max(last.end_s, end_s),
                min(last.probability, sure),
            )  # fmt: skip
        else:
            made.append(Word(token.text, start_s, end_s, sure))
    return made


def _time(seconds: float | None) -> float | None:
    """Return a time that a file may give, None for one that no interview has."""
    if seconds is None or not -1.0 <= seconds <= LONGEST_TRANSCRIPT_S:
        return None
    return max(0.0, seconds)
