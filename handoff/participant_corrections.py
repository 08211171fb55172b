"""Read the corrections that a participant sent back, have a person rule on each, and enter them.

A participant read a text with replacements in it. Where a correction still holds a replacement,
the original words are put back, and the transcript editor enters it like every other correction. So
the sign-off is void afterwards, and the words are searched again before anything leaves.

People write their wishes anywhere in a document, so all that it holds is kept in the study as a
list. Nothing is entered, and the list is not done, before a person ruled on every part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from handoff.export_input import read_export_input
from handoff.hand_overs import list_hand_overs
from handoff.returned_lines import (
    CopyLines,
    drop_number,
    parse_lines,
    read_text_line,
    read_text_lines,
)
from handoff.returned_word import find_sent_copy, read_returned_word, settle_standings
from study import (
    ArtefactKind,
    DecidedMention,
    ReturnedChange,
    ReturnedCopy,
    ReturnedList,
    ReturnedPart,
    ReturnedRuling,
    ReturnedStanding,
    collect_rulings,
    decode_document,
    read_document,
)
from study.errors import BadCorrections, NotTranscript, TranscriptFlaw
from study.store import Change, Interview, TranscriptEditor, read_decisions, read_mention_words

_COPY_FORMAT = "participant"
NO_COPY = "cannot be found: no copy of this interview came back, or it was discarded"
_MOST_PARTS = 2_000  # more than anybody goes through; a wrong document has tens of thousands
_OTHER_KINDS = (
    (b"%PDF", "is a PDF file"), (b"{\\rtf", "is an RTF file"), (b"\xff\xd8\xff", "is a picture"),
    (b"\x89PNG", "is a picture"), (b"RIFF", "is a picture or sound"),
)  # fmt: skip
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_WORD_OR_TEXT = (
    ", which is not read: save it as Word, or type what it says into a text, with lines like"
    " 12: text"
)


def read_returned(interview: Interview, path: Path, received_on: str = "") -> ReturnedCopy:
    """Read a returned Word copy, or a text with lines such as ``12: text``; nothing is stored.

    received_on: the day that it came back, as YYYY-MM-DD; today where none is given.

    Raises:
        BadCorrections: it cannot be read, nothing or far too much is in it, it is another
            document than the copy, or the day is none or still to come.
        StepMissing: the interview never had a clean transcript, of which a copy could be.
    """
    today = interview.study.now()[:10]
    day = received_on or today
    _require_day(day, today, _find_first_copy(interview))
    try:
        raw = read_document(path)
        _refuse_other_kinds(raw)
        copy = _read(interview, raw, day)
    except NotTranscript as refused:
        raise BadCorrections(str(refused.flaw)) from refused
    except OSError as unread:
        raise BadCorrections("is not there, or may not be read") from unread
    except ValueError as unread:
        raise BadCorrections from unread
    if not copy.parts:
        raise BadCorrections("is as it was sent: nobody wrote anything into it")
    if len(copy.parts) > _MOST_PARTS:
        raise BadCorrections(f"holds more than {_MOST_PARTS:,} parts that are not of the copy")
    return copy


def _find_first_copy(interview: Interview) -> str:
    """Return the day on which the first copy was handed over, "" where the study has none."""
    copies = (one.at[:10] for one in list_hand_overs(interview) if _COPY_FORMAT in one.formats)
    return min(copies, default="")


def _require_day(day: str, today: str, made: str) -> None:
    try:
        is_past = date.fromisoformat(day) <= date.fromisoformat(today)
    except ValueError as bad:
        raise BadCorrections("has no day on which it came back, such as 2026-11-29") from bad
    if not is_past:
        raise BadCorrections("is dated on a day that is still to come")
    if day < made:
        raise BadCorrections(f"is dated before the first copy was made, on {made}")


def _refuse_other_kinds(raw: bytes) -> None:
    if not raw.strip():
        raise BadCorrections("is empty: perhaps it was not saved, or not received whole")
    what = next((what for begin, what in _OTHER_KINDS if raw.startswith(begin)), "")
    if raw.startswith(b"PK") and _ODT in raw[:200]:
        what = "is an OpenDocument file"
    if what:
        raise BadCorrections(f"{what}{_WORD_OR_TEXT}")


def _read(interview: Interview, raw: bytes, day: str) -> ReturnedCopy:
    material = read_export_input(interview, date.fromisoformat(day))
    if raw.startswith(b"PK"):
        sent, parts = read_returned_word(interview, material, raw)
    else:
        sent = find_sent_copy(interview, material)
        parts = settle_standings(list(read_text_lines(_decode(raw), sent.lines)))
    turns = tuple(sent.lines.turns[line] for line in sorted(sent.lines.turns))
    return ReturnedCopy(day, sent.version, turns, tuple(parts))


def _decode(raw: bytes) -> str:
    text = decode_document(raw)
    if "\ufffd" in text:  # a sign that cannot be read could be in the middle of a correction
        raise NotTranscript(TranscriptFlaw.NOT_TEXT)
    return text


def find_returned(interview: Interview) -> ReturnedList | None:
    """Return the newest copy that came back, with the rulings about it; None where none did.

    One that was discarded counts as none.

    Raises:
        KeyNotHeld: the passphrase in use does not open it.
    """
    version = interview.find_newest_version(ArtefactKind.RETURNED)
    copy = interview.read_artefact(ArtefactKind.RETURNED, ReturnedCopy)
    if copy is None:
        return None
    rulings = interview.read_entries(ArtefactKind.RETURNED, ReturnedRuling, version)
    there = collect_rulings(version, copy, rulings)
    return None if there.is_discarded else there


def list_entered_returns(interview: Interview) -> list[ReturnedList]:
    """Return every copy that came back of which all was entered, oldest first.

    Raises:
        KeyNotHeld: the passphrase in use does not open one.
    """
    found: list[ReturnedList] = []
    for version in range(1, interview.find_newest_version(ArtefactKind.RETURNED) + 1):
        copy = interview.read_artefact(ArtefactKind.RETURNED, ReturnedCopy, version)
        if copy is not None:
            rulings = interview.read_entries(ArtefactKind.RETURNED, ReturnedRuling, version)
            found.append(collect_rulings(version, copy, rulings))
    return [one for one in found if one.is_entered and not one.is_discarded]


def keep_returned(interview: Interview, copy: ReturnedCopy) -> ReturnedList:
    """Keep what came back as the list that a person goes through.

    Raises:
        BadCorrections: the list of a copy that came before is not done; it stays as it is.
    """
    last = find_returned(interview)
    if last is not None and not last.is_entered:
        raise BadCorrections("has to wait: the list of the copy that came before is not done")
    with interview.change("participant's copy came back") as change:
        version = change.write_artefact(ArtefactKind.RETURNED, copy)
        change.facts["parts"] = len(copy.parts)
        change.facts["received"] = copy.received_on
    return ReturnedList(version, copy, {})


def discard_returned(interview: Interview) -> None:
    """End the list of the copy that came back without entering anything of it.

    It stays sealed in the study until the interview's words are destroyed.

    Raises:
        BadCorrections: there is no list, or all of it was entered.
    """
    there = _require_open(interview)
    with interview.change("participant's copy discarded") as change:
        ruling = ReturnedRuling(0, interview.study.ring.slot, change.made_at, discards=True)
        change.append_entry(ArtefactKind.RETURNED, ruling)
        change.facts["parts"] = len(there.copy.parts)


def rule_on_part(
    interview: Interview, number: int, changes: Iterable[ReturnedChange], *, approves: bool = False
) -> ReturnedList:
    """Note what a person ruled about a part: what is to be entered for it, nothing included.

    Raises:
        BadCorrections: there is no list, no such part of it, or all of it was entered.
    """
    there = _require_open(interview)
    _find_part(there, number)
    with interview.change("participant's wish ruled on") as change:
        ruling = ReturnedRuling(
            number, interview.study.ring.slot, change.made_at, tuple(changes), approves=approves
        )
        change.append_entry(ArtefactKind.RETURNED, ruling)
        change.facts["part"] = number
    there.rulings[number] = ruling
    return there


def take_part(interview: Interview, number: int) -> ReturnedList:
    """Rule that a part is meant as it was read.

    Raises:
        BadCorrections: as for ``rule_on_part``, or nobody can tell what the part means.
    """
    part = _require_read(_require_open(interview), number)
    return rule_on_part(interview, number, part.changes, approves=part.approves)


def check_ruling(there: ReturnedList, number: int, meaning: str | None) -> None:
    """Check what a person says of a part before any ruling of several is kept.

    meaning: as ``read_meaning`` takes it, "" for nothing to enter; None for as it was read.

    Raises:
        BadCorrections: as ``take_part`` and ``read_meaning``.
    """
    _find_part(there, number)
    if meaning is None:
        _require_read(there, number)
    elif meaning:
        read_meaning(there, meaning)


def _find_part(there: ReturnedList, number: int) -> ReturnedPart:
    if not 1 <= number <= len(there.copy.parts):
        raise BadCorrections(f"has no part {number}: they count from 1 to {len(there.copy.parts)}")
    return there.copy.parts[number - 1]


def _require_read(there: ReturnedList, number: int) -> ReturnedPart:
    part = _find_part(there, number)
    if not part.is_ready and part.standing is not ReturnedStanding.READ:
        raise BadCorrections(f"leaves open what part {number} means: say it, or leave the part out")
    return part


def read_meaning(there: ReturnedList, text: str) -> tuple[ReturnedChange, ...]:
    """Return what a person says that a part means: "12: text", "4-5: take out", with ";;" between.

    Raises:
        BadCorrections: it names no line of the copy, or not what it should say.
    """
    turns = dict(enumerate(there.copy.turns, start=1))
    lines = CopyLines(turns, dict.fromkeys(turns, ""))
    changes: list[ReturnedChange] = []
    for one in filter(None, (piece.strip() for piece in text.split(";;"))):
        part = read_text_line("", one, one, lines)
        if part.changes:
            changes += part.changes
        elif part.line and len(parse_lines(one.partition(":")[0])) == 1 and ":" in one[:-1]:
            said = one.partition(":")[2]  # what would be a remark of theirs is meant so here
            words = drop_number(" ".join(said.split()), part.line)
            changes.append(lines.change(part.line, words))
        else:
            raise BadCorrections(
                "has no such line, or that does not say what it should say: type it like 12: text,"
                " or 12: take out"
            )
    if not changes:
        raise BadCorrections("has no such line: type it like 12: text, or 12: take out")
    return tuple(changes)


def _require_open(interview: Interview) -> ReturnedList:
    there = find_returned(interview)
    if there is None:
        raise BadCorrections(NO_COPY)
    if there.is_entered:
        raise BadCorrections("was gone through, and all of it entered")
    return there


def enter_corrections(interview: Interview) -> int:
    """Enter everything that was ruled on, end the list, and return the number of changed turns.

    Raises:
        StepMissing: there is no transcript.
        BadCorrections: there is no list, a part of it is open, two rulings differ about a line, or
            a line is no longer there; nothing was entered.
    """
    there = _require_open(interview)
    if some := len(there.open_parts):
        raise BadCorrections(
            f"holds {some} {'part' if some == 1 else 'parts'} that nobody has ruled on yet"
        )
    wanted = _collect_changes(there)
    editor = TranscriptEditor(interview)
    if not wanted.keys() <= {turn.key for turn in editor.transcript.turns}:
        raise BadCorrections("names a line that is no longer there")
    replaced = _list_replaced(interview)
    changed: set[int] = set()
    for turn, text in wanted.items():
        if text:
            changed |= editor.set_text(turn, restore_originals(text, replaced.get(turn, [])))
        else:
            changed |= editor.remove_turn(turn)
    with interview.change("participant's corrections entered") as change:
        _end_list(change, there, len(changed))
    return len(changed)


def _collect_changes(there: ReturnedList) -> dict[int, str]:
    wanted: dict[int, str] = {}
    for change in there.changes:
        if wanted.setdefault(change.turn, change.text) != change.text:
            raise BadCorrections(f"holds two rulings about line {change.line} that differ")
    return wanted


def _end_list(change: Change, there: ReturnedList, turns: int) -> None:
    ruling = ReturnedRuling(
        0, change.study.ring.slot, change.made_at, there.changes, approves=there.is_approved
    )
    change.append_entry(ArtefactKind.RETURNED, ruling)
    change.facts["turns"] = turns
    if there.is_approved:
        change.facts["approved"] = there.copy.received_on


def restore_originals(text: str, replaced: Iterable[tuple[str, str]]) -> str:
    """Return the text with originals for those replacements that are still in it.

    replaced: pairs of replacement and original words, in the order of the turn.
    """
    restored, rest = "", text
    for replacement, original in replaced:
        before, found, after = rest.partition(replacement)
        if found:
            restored, rest = f"{restored}{before}{original}", after
    return restored + rest


def _list_replaced(interview: Interview) -> dict[int, list[tuple[str, str]]]:
    words = read_mention_words(interview)
    mentions = [one for one in read_decisions(interview) if one.is_replaced]
    by_turn: dict[int, list[tuple[str, str]]] = {}
    for one in sorted(mentions, key=_place):
        by_turn.setdefault(one.mention.turn, []).append((one.replacement, words[one.mention.key]))
    return by_turn


def _place(one: DecidedMention) -> tuple[int, int]:
    return one.mention.turn, one.mention.start
