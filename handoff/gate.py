"""The gate: nothing leaves while a mention is undecided or an original is still in a file.

It searches what was said, line by line, every file that is about to leave, and the names of the
files, for the text that ``forbidden_text`` collects: exact and folded, misspelt and misheard,
short, spelled out, numbers spoken or written. It reports the place of a find, to the word; its text
is apart, for the screen of whoever holds the key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from handoff.forbidden_text import (
    ForbiddenText,
    collect_forbidden_text,
    collect_passed_words,
)
from handoff.plain_text import format_paragraph
from handoff.text_search import (
    TextPlaces,
    Wanted,
    find_capitalised,
    find_forbidden,
    hide_hashes,
)
from handoff.transcript_lines import TranscriptLine
from study import ArtefactKind, SaidAndPassed, list_passed_in_common, list_passed_words
from study.errors import MentionsUndecided, OriginalSurvives, SearchMissing
from study.store import Interview, read_decisions, read_gate_passes

# Earshot wrote these, so names that are merely similar are not searched in them.
_OWN_FILES = frozenset({"README.txt", "methods.txt", "manifest.json", "SHA256SUMS"})
_TALK_ALONE = frozenset({"txt", "vtt", "srt"})
GAP = " \u2026 "  # between words of a turn that do not follow each other
# Where one word of a file's name ends and the next begins: "MargaretWilson_2".
_RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_")
_PACKED = (".docx", ".odt", ".xlsx", ".qdpx")


def require_decided(interview: Interview) -> None:
    """Check that a person decided on every mention.

    Raises:
        StepMissing: the interview has not been anonymised.
        MentionsUndecided: a mention is undecided.
    """
    if not interview.find_newest_version(ArtefactKind.MENTIONS):
        raise SearchMissing
    undecided = sum(one.decision is None for one in read_decisions(interview))
    if undecided:
        raise MentionsUndecided(undecided)


def check_export(interview: Interview, files: Mapping[str, bytes]) -> None:
    """Check that the files of one interview may leave.

    files: content by name, as a person could read it (``extract_readable_text``).

    Raises:
        StepMissing: the interview has not been anonymised.
        MentionsUndecided: a mention is undecided.
        OriginalSurvives: an original is in the text or the name of a file.
    """
    require_decided(interview)
    gone = replace(collect_forbidden_text(interview), passed=collect_passed_words(interview))
    if places := list(find_originals(files, gone)):
        raise OriginalSurvives(places)


def check_hand_over(
    texts: Sequence[tuple[Interview, Sequence[TranscriptLine]]],
    files: Mapping[str, bytes],
    declared: Collection[str] = (),
) -> None:
    """Check interviews that leave together: what was said in each, then all files for each.

    texts: each interview with the lines of its clean transcript. files: as for ``check_export``.
    declared: names of staff that Earshot's own files tell ("signed off by"); they are no leak
    there.

    Raises:
        As ``check_export``; a refusal names the interview and its turns where it can.
    """
    several = len(texts) > 1
    said = [_read_passes(interview, lines) for interview, lines in texts]
    in_files = list_passed_in_common(said) if several else ()
    for (interview, lines), one in zip(texts, said, strict=True):
        require_decided(interview)
        gone = collect_forbidden_text(interview)
        wanted = Wanted(replace(gone, passed=list_passed_words(one.passes, one.turns)))
        _check_lines(interview, lines, wanted, is_named=several)
        if several and wanted.forbidden_text.passed != in_files:
            wanted = Wanted(replace(gone, passed=in_files))
        if places := list(_find_in_files(files, wanted, declared, over_turns=False)):
            raise OriginalSurvives(places)


def _read_passes(interview: Interview, lines: Sequence[TranscriptLine]) -> SaidAndPassed:
    turns = {line.turn: line.text for line in lines if line.number}
    beside = tuple(line.text for line in lines if not line.number)
    return SaidAndPassed(turns, beside, read_gate_passes(interview))


def check_clean_text(interview: Interview, lines: Sequence[TranscriptLine]) -> None:
    """Check that a clean transcript may leave; a refusal names the turns, as the review shows them.

    lines: of the clean transcript, in order.

    Raises:
        As ``check_export``.
    """
    require_decided(interview)
    one = _read_passes(interview, lines)
    passed = list_passed_words(one.passes, one.turns)
    wanted = Wanted(replace(collect_forbidden_text(interview), passed=passed))
    _check_lines(interview, lines, wanted)


def _check_lines(
    interview: Interview, lines: Sequence[TranscriptLine], wanted: Wanted, *, is_named: bool = False
) -> None:
    places, turns, said = list[str](), list[int](), list[str]()
    of = f" of {interview.label}" if is_named else ""
    if _is_in_name(interview.label, wanted):
        places.append("the interview's label")
    text = "\n".join(format_paragraph(line) for line in lines)
    found = find_forbidden(text, wanted, exact_only=False, is_talk=True)
    for number, words, how in _place_finds(text, found):
        line = lines[number - 1]
        before = len(format_paragraph(replace(line, text="")).split())
        spoken = {word - before for word in words if word > before}
        what = _counted(spoken) if spoken else "the speaker"
        when = f" at {line.begins_at}" if line.is_timed else ""
        where = f"turn {line.number}" if line.number else "a heading"
        places.append(f"{what} of {where}{of}{when}{how}" if line.number else f"{where}{of}{when}")
        if line.number:
            said.append(GAP.join(_list_runs(line.text.split(), spoken)))
            turns.append(line.turn)
    if places:
        raise OriginalSurvives(places, tuple(turns), tuple(said))


def find_originals(files: Mapping[str, bytes], forbidden_text: ForbiddenText) -> Iterator[str]:
    """Yield a description of each line that holds originals, such as "word 2 of line 1 …"."""
    yield from _find_in_files(files, Wanted(forbidden_text))


def _find_in_files(
    files: Mapping[str, bytes],
    wanted: Wanted,
    declared: Collection[str] = (),
    *,
    over_turns: bool = True,
) -> Iterator[str]:
    for name, content in files.items():
        file = _whole(name)
        if _is_in_name(name, wanted):
            yield "a file name"
            file = f"the {_kind(name)} file"
        text = hide_hashes(content.decode(errors="replace"))
        exact_only = name.rpartition("/")[2] in _OWN_FILES
        if exact_only:
            for one in sorted(declared, key=len, reverse=True):
                # Whole words: a receiver called "Ski" declares no Skipton.
                text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " " * len(one), text)
        # A table says "place" in a column of its own, a page says "read it", and neither means Mrs
        # Place or Mr Read. What was said is checked before, line by line.
        is_talk = not exact_only and _kind(name) in _TALK_ALONE
        found = find_forbidden(
            text, wanted, exact_only=exact_only, is_talk=is_talk, over_turns=over_turns
        )
        for line, words, how in _place_finds(text, found):
            yield f"{_counted(words)} of line {line} of {file}{how}"


def _is_in_name(name: str, wanted: Wanted) -> bool:
    """Whether the name of a file, or an interview's label, holds an original.

    Its words are looked at as it has them and apart: "MargaretWilson_2". Many write names of files
    in small letters, "wilson2".
    """
    shown = name.replace("/", "\n")
    apart = _RUN_TOGETHER.sub(" ", shown)
    capitals = find_capitalised(apart.title(), wanted.forbidden_text.capitals)
    found = (find_forbidden(one, wanted, exact_only=True) for one in (shown, apart))
    return any(True for _ in chain(capitals, *found))


def _list_runs(words: Sequence[str], numbers: Collection[int]) -> Iterator[str]:
    """Yield the words of these numbers, those that follow each other together."""
    run: list[str] = []
    for number, word in enumerate([*words, ""], start=1):
        if number in numbers:
            run.append(word)
        elif run:
            yield " ".join(run)
            run = []


def _place_finds(
    text: str, found: Iterable[tuple[int, str]]
) -> Iterator[tuple[int, set[int], str]]:
    """Yield each line with originals: its number and theirs, counted from 1, and how."""
    lines: dict[int, dict[str, set[int]]] = {}
    places = TextPlaces(text)
    for character, how in found:
        line, word = places.find(character)
        lines.setdefault(line, {}).setdefault(how, set()).add(word)
    for line, ways in sorted(lines.items()):
        how = min(ways)
        yield line, ways[how], how


def _counted(words: set[int]) -> str:
    """Return which words of a line these are: "word 4", "words 4 and 5"."""
    *first, last = map(str, sorted(words))
    return f"words {', '.join(first)} and {last}" if first else f"word {last}"


def _whole(name: str) -> str:
    """Return the file that a receiver sees, of a part that is packed into it."""
    return next((part for part in name.split("/") if part.endswith(_PACKED)), name)


def _kind(name: str) -> str:
    return _whole(name).rpartition(".")[2]
