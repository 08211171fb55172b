"""Read a returned Word copy: the rows of its table, and every difference from the copy we sent.

A reader may write anywhere in a copy: into the talk, beside a box, into a comment. So the document
is compared with the copies of this interview, and whatever is not of them becomes a part of the
list that a person goes through. What tracked changes, comments and rows say without a doubt is
read; all else is asked or not understood.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handoff.export_input import ExportInput
from handoff.participant_copy import (
    CORRECTION_COLUMNS,
    COVER_BLANKS,
    EMPTY_BOX,
    TICK_BOXES,
    build_participant_copy,
    list_readers,
)
from handoff.participant_word import list_fixed_paragraphs
from handoff.returned_lines import (
    CopyLines,
    is_like_line,
    is_take_out,
    read_free_text,
    read_new_text,
    read_numbered,
)
from handoff.transcript_lines import list_transcript_lines
from handoff.word_marks import STRUCK, MarkedDocument, MarkedText, read_marked_document
from study import ArtefactKind, ReturnedPart, ReturnedStanding, Transcript, find_repeated_lines
from study.errors import BadCorrections, NotTranscript, TranscriptFlaw
from study.store import Interview

# A day's talk has 15,000 turns. Up to these limits two texts are compared within seconds.
_MOST_PARAGRAPHS, _MOST_MATCHES = 20_000, 1_000_000
_NUMBERED = re.compile(r"(\d{1,6}) (\S.*?): ?(.*)")
_TICKS = frozenset(["☒", "☑", "✓", "✔", "✗", "✘", "√", "x", "yes"])
_ALIKE = 0.6  # of two texts, from which on one without its number is taken for the other
_LEAST_OF_COPY = 3  # one in so many lines of the copy has to be there
_GONE = "a line that is gone"
_TALK_END = "after the talk"
_ASKED, _READ, _UNCLEAR = ReturnedStanding.ASKED, ReturnedStanding.READ, ReturnedStanding.UNCLEAR


@dataclass(frozen=True, slots=True)
class SentCopy:
    """A copy as it was sent. texts: by line. speakers: what the speaker of each line is called.

    markers: lines that copies up to 0.7.0 had between the turns, which tell nothing.
    """

    version: int
    lines: CopyLines
    speakers: dict[int, str]
    events: tuple[str, ...]
    header: str
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of theirs that is a line of the talk."""

    number: int
    speaker: str
    text: MarkedText
    before: str  # the words as they came back, without changes that were tracked
    after: str
    kept: str


def read_returned_word(
    interview: Interview, material: ExportInput, raw: bytes
) -> tuple[SentCopy, list[ReturnedPart]]:
    """Return the copy that came back, as it was sent, and every part that is not of it.

    Raises:
        NotTranscript: this is no Word document, or a hostile one.
        BadCorrections: hardly anything in it is of the copy.
    """
    theirs = read_marked_document(raw)
    if len(theirs.paragraphs) > _MOST_PARAGRAPHS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_LINES)
    sent = find_sent_copy(interview, material, theirs)
    comparison = _Comparison(sent, theirs)
    parts = list(comparison.list_parts())
    if not comparison.is_of_copy(parts):
        raise BadCorrections(
            "is another document: fewer than a third of the lines of this interview's copy are in"
            " it"
        )
    return sent, settle_standings(parts)


def find_sent_copy(
    interview: Interview, material: ExportInput, theirs: MarkedDocument | None = None
) -> SentCopy:
    """Return the copy that is most like theirs: of any clean transcript, numbered then as now.

    Without a document, the one that would be made today.
    """
    newest = CopyLines({}, {})
    best, most = SentCopy(0, newest, {}, (), ""), -1
    there = Counter(_numbered_texts(theirs)) if theirs else Counter[str]()
    for version in range(interview.find_newest_version(ArtefactKind.CLEAN), 0, -1):
        clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript, version)
        if clean is None:
            continue
        then = replace(material, clean=clean, lines=list_transcript_lines(clean))
        for by_key in (False, True):  # up to 0.6.0 the keys of the turns were the numbers
            sent = _build_sent(then, version, material.clean, by_key=by_key)
            same = sum(
                there[f"{line} {_tidy(text)}"] > 0 for line, text in sent.lines.texts.items()
            )
            if same > most:
                best, most = sent, same
        if theirs is None or most == len(best.lines.texts):
            break
    return best


def _build_sent(then: ExportInput, version: int, newest: Transcript, *, by_key: bool) -> SentCopy:
    now = {turn.key: turn.text for turn in newest.turns}
    was = {turn.key: turn.text for turn in then.clean.turns}
    reader = next(iter(list_readers(then)), None)
    copy = build_participant_copy(then, reader) if reader else []
    talk = [one for one in copy if one.turn]
    numbers = [one.turn if by_key else int(one.number) for one in talk]
    turns = {number: one.turn for number, one in zip(numbers, talk, strict=True)}
    texts = {number: one.text for number, one in zip(numbers, talk, strict=True)}
    changed = frozenset(key for key, text in was.items() if now.get(key) != text)
    return SentCopy(
        version,
        CopyLines(turns, texts, changed),
        {number: one.code for number, one in zip(numbers, talk, strict=True)},
        tuple(_tidy(one.text) for one in copy if not one.turn),
        f"{then.label}, for ",
        tuple(_tidy(line.text) for line in then.lines if line.is_marker),
    )


def _numbered_texts(theirs: MarkedDocument) -> Iterator[str]:
    for one in theirs.paragraphs:
        if found := _NUMBERED.fullmatch(one.before):
            yield f"{found[1]} {found[3]}"


class _Comparison:
    """One returned document beside the copy that was sent."""

    def __init__(self, sent: SentCopy, theirs: MarkedDocument) -> None:
        self._sent, self._lines, self._theirs = sent, sent.lines, theirs
        self._fixed = Counter([*list_fixed_paragraphs(), *sent.events, *sent.markers])
        self._seen: set[int] = set()
        self._place = "on the cover"
        self._found = {id(one): line for one in theirs.paragraphs if (line := self._match(one))}
        self._match_unnumbered()
        self._called = self._collect_names()

    def list_parts(self) -> Iterator[ReturnedPart]:
        """Yield every part, in the order of the document."""
        last = max(self._lines.turns, default=0)
        for one in self._theirs.paragraphs:
            line = self._found.get(id(one))
            if line is not None:
                self._place = f"line {line.number} of the talk"
                yield from self._read_line(line)
                if line.number == last:
                    self._place = _TALK_END
            else:
                yield from self._read_other(one)
        for number in sorted(self._lines.turns.keys() - self._seen):
            text = self._lines.texts[number]
            change = (self._lines.change(number, ""),)
            where = f"line {number} of the talk"
            yield ReturnedPart(where, _GONE, _ASKED, text, change, line=number)
        for text in (self._fixed & Counter(self._sent.events)).elements():
            yield ReturnedPart("in the talk", "a silence or an event that is gone", _UNCLEAR, text)
        yield from self._read_rows()
        for text in sorted(self._theirs.around):
            if (
                not text.startswith(self._sent.header)
                or len(text.split()) > len(self._sent.header.split()) + 1
            ):
                yield ReturnedPart(
                    "the top or the foot of a page", "text that is not of the copy", _UNCLEAR, text
                )
        for text in self._theirs.notes:
            yield ReturnedPart("a note below a page", "a note", _UNCLEAR, text)

    def is_of_copy(self, parts: Iterable[ReturnedPart]) -> bool:
        """Whether the document is a copy that came back, or an answer that names its lines.

        A third of the lines of the copy has to be in it as they were, or nearly. Else somebody
        wrote a document of their own: it names lines, and holds no other numbered talk.
        """
        found = sum(
            is_like_line(self._lines.texts[line.number], line.before, line.kept)
            for line in self._found.values()
        )
        if _LEAST_OF_COPY * found >= len(self._lines.texts):
            return True
        named = sum(one.line > 0 and one.kind != _GONE for one in parts)
        numbered = sum(1 for _ in _numbered_texts(self._theirs))
        return named > 0 and numbered == 0

    def _match(self, one: MarkedText) -> _Line | None:
        found = _NUMBERED.fullmatch(one.before)
        if found is None or int(found[1]) not in self._lines.turns or int(found[1]) in self._seen:
            return None
        number, speaker = int(found[1]), found[2]
        self._seen.add(number)
        return self._line(one, number, speaker)

    def _line(self, one: MarkedText, number: int, speaker: str) -> _Line:
        head = f"{number} {speaker}:"
        return _Line(
            number, speaker, one, *(_cut(text, head) for text in (one.before, one.after, one.kept))
        )

    def _match_unnumbered(self) -> None:
        """Find lines that lost their number, by their words."""
        left = [n for n in sorted(self._lines.turns) if n not in self._seen]
        if not left:
            return
        exact = set(self._fixed)
        for one in self._theirs.paragraphs:
            if not left or id(one) in self._found or one.before in exact:
                continue
            words = one.before.rpartition(": ")[2] if one.before.count(": ") == 1 else one.before
            if len(left) * len(words) > _MOST_MATCHES:
                return
            alike = [
                (difflib.SequenceMatcher(None, _tidy(self._lines.texts[n]), words).ratio(), -n)
                for n in left[:20]
            ]
            ratio, number = max(alike)
            if ratio >= _ALIKE:
                left.remove(-number)
                self._seen.add(-number)
                line = _Line(-number, "", one, words, words, words)
                self._found[id(one)] = line

    def _collect_names(self) -> Mapping[str, str]:
        """Return what most lines of each speaker call them, which is what the sender chose."""
        names: dict[str, Counter[str]] = defaultdict(Counter)
        for line in self._found.values():
            if line.speaker:
                names[self._sent.speakers[line.number]][line.speaker] += 1
        return {code: counted.most_common(1)[0][0] for code, counted in names.items()}

    def _read_line(self, line: _Line) -> Iterator[ReturnedPart]:
        """Yield what was done to a line of the talk."""
        where, sent = self._place, _tidy(self._lines.texts[line.number])
        one = line.text
        named = self._called.get(self._sent.speakers[line.number], "")
        if line.speaker and line.speaker != named:
            kind = "another speaker than on the copy"
            yield ReturnedPart(where, kind, _ASKED, one.after, line=line.number)
        if one.is_deleted and not one.after:
            change = (self._lines.change(line.number, ""),)
            yield ReturnedPart(where, "a line deleted with tracking on", _READ, one.before, change,
                               line=line.number)  # fmt: skip
            return
        yield from self._read_words(where, line, sent)
        for kind, words in one.marked.items():
            if kind == STRUCK:
                text = "" if one.is_struck or not line.kept else line.kept
                change = (self._lines.change(line.number, text),)
                yield ReturnedPart(where, "words struck out", _ASKED, words, change,
                                   line=line.number)  # fmt: skip
            else:
                yield ReturnedPart(where, f"words {kind}", _ASKED, words, line=line.number)
        yield from self._read_comments(where, one, line)
        if one.has_picture:
            yield ReturnedPart(where, "a picture or a text box", _UNCLEAR, line=line.number)

    def _read_words(self, where: str, line: _Line, sent: str) -> Iterator[ReturnedPart]:
        """Yield a change of a line's words: read if it was tracked, asked if it was typed."""
        typed, tracked = line.before != sent, line.text.is_tracked and line.after != line.before
        if not typed and not tracked:
            return
        new = line.after
        if not new:
            change = (self._lines.change(line.number, ""),)
            standing = _READ if tracked and not typed else _ASKED
            yield ReturnedPart(where, "every word of a line taken out", standing, sent, change,
                               line=line.number)  # fmt: skip
            return
        part = read_new_text(where, line.number, new, self._lines)
        if tracked and not typed:
            is_read = part.line and part.changes[0].turn not in self._lines.changed
            standing = _READ if is_read else _ASKED
            yield replace(part, kind="a line changed with tracking on", standing=standing)
        else:
            kind = "a line typed into" if line.speaker else "a line without its number"
            yield replace(part, kind=kind, standing=_ASKED)

    def _read_comments(
        self, where: str, one: MarkedText, line: _Line | None
    ) -> Iterator[ReturnedPart]:
        for number in dict.fromkeys((*one.commented, *one.comments)):
            if number not in one.comments and number in self._theirs.comments:
                continue  # its range goes on in a later paragraph, where its sign is
            said = self._theirs.comments.get(number, "")
            about = one.commented.get(number, "")
            words = f"{said} (about: {about})" if about else said
            if line is None:
                yield ReturnedPart(where, "a comment", _UNCLEAR, words)
                continue
            is_whole = bool(about) and line.after in about
            if is_whole and is_take_out(said):
                change = (self._lines.change(line.number, ""),)
                kind = "a comment that asks to take a line out"
                yield ReturnedPart(where, kind, _READ, words, change, line=line.number)
            else:
                yield ReturnedPart(where, "a comment", _ASKED, words, line=line.number)

    def _read_other(self, one: MarkedText) -> Iterator[ReturnedPart]:
        """Yield what a paragraph says that is no line of the talk."""
        text = one.after
        where = self._place if self._place != _TALK_END else "beside the table"
        where = f"below {where}" if where.startswith("line") else where
        if tick := next((tick for tick in TICK_BOXES if tick in text), ""):
            yield from self._read_tick(where, text, tick)
        elif asked := next((asked for asked in COVER_BLANKS if text.startswith(asked)), ""):
            if filled := text.removeprefix(asked).strip(" _"):
                kind = "a blank of the cover, filled in by the sender or by them"
                yield ReturnedPart("on the cover", kind, _READ, f"{asked} {filled}")
        elif self._fixed[one.before]:
            self._fixed[one.before] -= 1
            if one.is_tracked and text != one.before:
                kind = "a sentence of ours changed with tracking on"
                yield ReturnedPart(where, kind, _UNCLEAR, text or one.before)
        elif text:
            yield read_free_text(where, text, self._lines)
        elif one.before:
            yield ReturnedPart(where, "deleted with tracking on", _UNCLEAR, one.before)
        for kind, words in one.marked.items():
            yield ReturnedPart(where, f"words {kind}", _UNCLEAR, words)
        yield from self._read_comments(where, one, None)
        if one.has_picture:
            yield ReturnedPart(where, "a picture or a text box", _UNCLEAR)

    def _read_tick(self, where: str, text: str, tick: str) -> Iterator[ReturnedPart]:
        before, _, after = text.partition(tick)
        sign = f"{before} {after}".strip(" .[]()")
        if sign == EMPTY_BOX:
            return
        if sign.replace(EMPTY_BOX, "").strip(" .[]()").casefold() in _TICKS:
            approves = tick == TICK_BOXES[0]
            yield ReturnedPart(where, _name_tick(tick), _READ, text, approves=approves)
        else:
            yield ReturnedPart(where, "something beside a box", _UNCLEAR, text)

    def _read_rows(self) -> Iterator[ReturnedPart]:
        place = 0
        for row in self._theirs.rows:
            cells = [cell.after for cell in row]
            if tuple(cells) == CORRECTION_COLUMNS:
                continue
            place += 1
            where = f"row {place} of the table"
            yield from self._read_row(where, row, cells)

    def _read_row(
        self, where: str, row: Sequence[MarkedText], cells: list[str]
    ) -> Iterator[ReturnedPart]:
        words = " | ".join(cell for cell in cells if cell)
        if not words and any(cell.before for cell in row):
            gone = " | ".join(cell.before for cell in row if cell.before)
            yield ReturnedPart(where, "deleted with tracking on", _UNCLEAR, gone)
        elif words and len(cells) != len(CORRECTION_COLUMNS):
            yield read_free_text(where, words, self._lines)
        elif words:
            part = read_numbered(where, cells[0], cells[1], self._lines)
            is_marked = any(cell.marked for cell in row)
            if is_marked and part.standing is _READ:
                part = replace(part, standing=_ASKED, kind=f"{part.kind}, with words marked")
            yield part
        for cell in row:
            yield from self._read_comments(where, cell, None)
            if cell.has_picture:
                yield ReturnedPart(where, "a picture or a text box", _UNCLEAR)


def settle_standings(parts: list[ReturnedPart]) -> list[ReturnedPart]:
    """Ask what two parts say differently, and what a ticked box says where nothing bears it out."""
    twice = find_repeated_lines(parts)
    changes = [change for part in parts for change in part.changes]
    borne_out: dict[str, bool] = dict(
        zip(
            map(str, TICK_BOXES),
            (
                not changes and all(part.standing is _READ for part in parts),
                bool(changes),
                any(not change.text for change in changes),
            ),
            strict=True,
        )
    )
    return [_settle(part, twice, borne_out) for part in parts]


def _settle(
    part: ReturnedPart, twice: frozenset[int], borne_out: Mapping[str, bool]
) -> ReturnedPart:
    if any(change.turn in twice for change in part.changes):
        kind = f"{part.kind}; the line is named more than once"
        return replace(part, standing=_ASKED, kind=kind)
    tick = next((tick for tick in TICK_BOXES if part.kind == _name_tick(tick)), "")
    if not tick or borne_out[tick]:
        return part
    why = "and something is written all the same" if part.approves else "and it is not clear what"
    return replace(part, standing=_ASKED, kind=f"{part.kind}, {why}")


def _name_tick(tick: str) -> str:
    return f'ticked: "{tick}"'


def _cut(text: str, head: str) -> str:
    return text.removeprefix(head).strip()


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
