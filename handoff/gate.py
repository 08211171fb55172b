"""The gate: nothing leaves while a mention is undecided or an original is still in a file.

It searches what was said, line by line, every file that is about to leave, and the names of the
files, for the text that ``forbidden_text`` collects: exact and folded, misspelt and misheard,
short, spelled out, numbers spoken or written. It reports the place of a find, to the word; its text
is apart, for the screen of whoever holds the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from handoff.forbidden_text import (
    ForbiddenText,
    collect_forbidden_text,
    collect_passed_words,
    gather_forbidden_text,
    join_gathered,
)
from handoff.marked_lines import blank_passed, read_line_numbers
from handoff.plain_text import format_paragraph
from handoff.text_search import (
    TextPlaces,
    Wanted,
    find_forbidden,
    hide_hashes,
)
from handoff.transcript_lines import TranscriptLine
from handoff.typed_texts import TypedText, check_typed, is_in_name, leave_out
from study import ArtefactKind, GatePass, find_passed_spans, list_passed_words
from study.errors import LeakPlace, MentionsUndecided, OriginalSurvives, SearchMissing
from study.store import Interview, read_decisions, read_gate_passes

# Earshot wrote these, so names that are merely similar are not searched in them.
_OWN_FILES = frozenset({"README.txt", "methods.txt", "manifest.json", "SHA256SUMS"})
_TALK_ALONE = frozenset({"txt", "vtt", "srt"})
GAP = " \u2026 "  # between words of a turn that do not follow each other
_PACKED = (".docx", ".odt", ".xlsx", ".qdpx")
_FEW = 3  # names of files in a sentence


@dataclass(frozen=True, slots=True)
class MarkedFiles:
    """The same files, written of lines with signs in place of letters (``marked_lines``).

    passed: where words that somebody let pass have signs; a file that holds none of the lines is
    left out. write_by_line: writes those in which each letter tells its line, for a refusal.
    """

    passed: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    write_by_line: Callable[[], Mapping[str, bytes]] = dict


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
    *,
    typed: Sequence[TypedText] = (),
    marked: MarkedFiles | None = None,
) -> None:
    """Check interviews that leave together: what was said in each, then all files for all.

    texts: each interview with the lines of its clean transcript. files: as for ``check_export``.
    declared: names of staff that Earshot's own files tell ("signed off by"); they are no leak
    there. typed: texts that people typed for the hand-over, which its files hold. marked: the files
    once more, of all lines of ``texts`` in their order.

    Raises:
        As ``check_export``; a refusal names the interview and its turns where it can.
    """
    several = len(texts) > 1
    marked = marked or MarkedFiles()
    for interview, _ in texts:
        require_decided(interview)
    gathered = [gather_forbidden_text(interview) for interview, _ in texts]
    wanted = Wanted(join_gathered(gathered).sort() if several else gathered[0].sort())
    passes = [read_gate_passes(interview) for interview, _ in texts]
    for (interview, lines), one, own in zip(texts, gathered, passes, strict=True):
        # What is found in a line is remembered: of one interview, for the files as well.
        here = Wanted(one.sort()) if several else wanted
        _check_lines(interview, lines, here, own, is_named=several)
    # A pass is about words of a talk: what is typed for the hand-over can be typed otherwise.
    check_typed(typed, wanted, declared)
    if not several and (everywhere := list_passed_words(passes[0])):
        wanted = Wanted(replace(wanted.forbidden_text, passed=everywhere))
    found = list(_search_files(files, wanted, declared, passed=marked.passed, over_turns=False))
    if found:
        raise _tell_files(found, texts, marked.write_by_line())


def check_clean_text(
    interview: Interview, lines: Sequence[TranscriptLine], typed: Iterable[TypedText] = ()
) -> None:
    """Check that a clean transcript may leave; a refusal names the turns, as the review shows them.

    lines: of the clean transcript, in order. typed: what somebody typed to sign it off.

    Raises:
        As ``check_export``.
    """
    require_decided(interview)
    passes = read_gate_passes(interview)
    wanted = Wanted(collect_forbidden_text(interview))
    _check_lines(interview, lines, wanted, passes)
    check_typed(typed, wanted, ())


def _check_lines(
    interview: Interview,
    lines: Sequence[TranscriptLine],
    wanted: Wanted,
    passes: Sequence[GatePass],
    *,
    is_named: bool = False,
) -> None:
    """Check what was said, line by line; words that somebody let pass leave in their turn alone."""
    where, turns, said, kinds = list[str](), list[int](), list[str](), list[LeakPlace]()
    of = f" of {interview.label}" if is_named else ""
    label = Wanted(replace(wanted.forbidden_text, passed=list_passed_words(passes)))
    if is_in_name(interview.label, label):
        where.append("the interview's label")
        kinds.append(LeakPlace.LABEL)
    text = "\n".join(format_paragraph(_blank_passed(line, passes)) for line in lines)
    found = find_forbidden(text, wanted, exact_only=False, is_talk=True)
    whole = "\n".join(format_paragraph(line) for line in lines)
    for number, words, how in _place_finds(whole, found):
        line = lines[number - 1]
        before = len(format_paragraph(replace(line, text="")).split())
        spoken = {word - before for word in words if word > before}
        where.append(_name_line(line, spoken, of, how))
        kinds.append(_name_kind(line, is_speaker=not spoken))
        said.append(GAP.join(_list_runs(line.text.split(), spoken)))
        turns.append(line.turn)
    if where:
        raise OriginalSurvives(
            where, tuple(turn for turn in turns if turn), tuple(said), tuple(kinds)
        )


def _name_line(line: TranscriptLine, spoken: set[int], of: str, how: str) -> str:
    """Name the place of a find in a line.

    spoken: the numbers of its words, none where the speaker's code is meant. of: the interview.
    """
    if line.turn:
        what = _counted(spoken) if spoken else "the speaker"
        return f"{what} of {_name_turn(line)}{of}{_at(line)}{how}"
    return f"{_name_turn(line)}{of}{_at(line)}"


def _name_turn(line: TranscriptLine) -> str:
    return f"turn {line.number}" if line.number else "a heading" if line.is_topic else "an event"


def _at(line: TranscriptLine) -> str:
    return f" at {line.begins_at}" if line.is_timed else ""


def _name_kind(line: TranscriptLine, *, is_speaker: bool = False) -> LeakPlace:
    if line.turn:
        return LeakPlace.SPEAKER if is_speaker else LeakPlace.TURN
    return LeakPlace.HEADING if line.is_topic else LeakPlace.EVENT


def _blank_passed(line: TranscriptLine, passes: Sequence[GatePass]) -> TranscriptLine:
    """Return a line with blanks in place of the words that somebody let pass in it."""
    text = line.text
    for start, end in find_passed_spans(text, list_passed_words(passes, line.turn)):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return replace(line, text=text)


@dataclass(frozen=True, slots=True)
class _FileFinds:
    """What was found in a file: (character, how) in its text. is_name: in its name instead."""

    name: str
    text: str
    finds: tuple[tuple[int, str], ...] = ()
    is_name: bool = False


def find_originals(files: Mapping[str, bytes], forbidden_text: ForbiddenText) -> Iterator[str]:
    """Yield a description of each line that holds originals, such as "word 2 of line 1 …"."""
    named = set[str]()
    for one in _search_files(files, Wanted(forbidden_text)):
        if one.is_name:
            named.add(one.name)
            yield "a file name"
        file = f"the {_kind(one.name)} file" if one.name in named else _whole(one.name)
        for line, words, how in _place_finds(one.text, one.finds):
            yield f"{_counted(words)} of line {line} of {file}{how}"


def _search_files(
    files: Mapping[str, bytes],
    wanted: Wanted,
    declared: Collection[str] = (),
    *,
    passed: Mapping[str, bytes] | None = None,
    over_turns: bool = True,
) -> Iterator[_FileFinds]:
    """Yield each file that holds originals; arguments as ``check_hand_over`` has them."""
    for name, content in files.items():
        if is_in_name(name, wanted):
            yield _FileFinds(name, "", is_name=True)
        text = content.decode(errors="replace")
        searched = text
        if passed and name in passed:
            searched = blank_passed(text, passed[name].decode(errors="replace"))
        searched = hide_hashes(searched)
        exact_only = name.rpartition("/")[2] in _OWN_FILES
        if exact_only:
            searched = leave_out(searched, declared)
        # A table says "place" in a column of its own, a page says "read it", and neither means Mrs
        # Place or Mr Read. What was said is checked before, line by line.
        is_talk = not exact_only and _kind(name) in _TALK_ALONE
        finds = find_forbidden(
            searched, wanted, exact_only=exact_only, is_talk=is_talk, over_turns=over_turns
        )
        if found := tuple(finds):
            yield _FileFinds(name, text, found)


def _tell_files(
    found: Sequence[_FileFinds],
    texts: Sequence[tuple[Interview, Sequence[TranscriptLine]]],
    by_line: Mapping[str, bytes],
) -> OriginalSurvives:
    """Return the refusal of what was found in files: by its turn where the files tell that.

    by_line: the files, written of lines in which each letter tells its line.
    """
    every = [(interview, line) for interview, lines in texts for line in lines]
    files: dict[int, dict[str, None]] = {}  # by the number of a line
    words: dict[int, str] = {}
    elsewhere: dict[str, None] = {}
    for one in found:
        whole = _whole(one.name)
        if one.is_name:
            elsewhere.setdefault("a file name")
            continue
        starts = sorted({character for character, _ in one.finds})
        marked = by_line.get(one.name, b"").decode(errors="replace")
        numbers = read_line_numbers(one.text, marked)
        of_line: dict[int, list[int]] = {}
        for start in starts:
            number = _find_line(one.text, numbers, start)
            if number is None or number >= len(every):
                elsewhere.setdefault(whole)
            else:
                of_line.setdefault(number, []).append(start)
        for number, places in of_line.items():
            files.setdefault(number, {}).setdefault(whole)
            words.setdefault(number, _read_words(one.text, places))
    told = [(number, *every[number]) for number in sorted(files)]
    where = [
        f"{_name_turn(line)} of {interview.label}{_at(line)} (in {_list_few(files[number])})"
        for number, interview, line in told
    ]
    kinds = [_name_kind(line) for *_, line in told]
    return OriginalSurvives(
        [*where, *elsewhere],
        tuple(line.turn for *_, line in told if line.turn),
        tuple(words[number] for number, _, line in told if line.turn),
        (*kinds, *([LeakPlace.FILE] if elsewhere else ())),
    )


def _find_line(text: str, numbers: Sequence[int | None], start: int) -> int | None:
    """Return the number of the line that a word of a file is of, None where nothing tells.

    A word of digits has no number of its own: what stands nearest in the same line of the file has.
    """
    if not numbers:
        return None
    first = text.rfind("\n", 0, start) + 1
    last = (text + "\n").index("\n", start)
    told = [place for place in range(first, last) if numbers[place] is not None]
    nearest = min(told, key=lambda place: (place < start, abs(place - start)), default=None)
    return None if nearest is None else numbers[nearest]


def _read_words(text: str, starts: Sequence[int]) -> str:
    """Return the words that begin there; those that follow each other together."""
    runs: list[str] = []
    end = -1
    for start in starts:
        word = re.compile(r"\S+").match(text, start)
        if word is None:
            continue
        if runs and not text[end:start].strip() and end <= start:
            runs[-1] += f" {word[0]}"
        else:
            runs.append(word[0])
        end = word.end()
    return GAP.join(runs)


def _list_few(names: Iterable[str]) -> str:
    every = list(names)
    some = ", ".join(every[:_FEW])
    return f"{some} and more" if len(every) > _FEW else some


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
