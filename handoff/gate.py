"""The gate: nothing leaves while a mention is undecided or an original is still in a file.

It searches every file that is about to leave, and the names of the files, for the text that
``forbidden_text`` collects: exact and folded, misspelt and misheard, spelled out, numbers spoken or
written. It reports the place of a find, to the word, and never its text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Generic, TypeVar

from handoff.forbidden_text import (
    LETTERS,
    PLACEHOLDER,
    TIMES,
    WORD_PATTERN,
    ForbiddenText,
    collect_forbidden_text,
    is_also_word,
    read_address,
    read_code,
    read_digits,
)
from handoff.plain_text import format_paragraph
from handoff.transcript_lines import TranscriptLine
from models import is_ordinary_word
from study import (
    ArtefactKind,
    WordUse,
    compact_name,
    find_kept_spans,
    find_name_uses,
    fold_name,
    is_time_word,
)
from study.errors import MentionsUndecided, OriginalSurvives, SearchMissing
from study.store import Interview, read_decisions

# From 0.8 on two names "may well be one" (study/likeness.py). Words of a dictionary are not
# compared; benchmarks/gate.py counts the false alarms among the rest.
_LIKE, _LIKE_IF_SHORT = 0.8, 0.88  # short words resemble too many others
_SHORT = 5
_SHORTEST_LIKE = 4
_MOST_JOINED = 3  # pieces of one name
_LEAST_SPELLED = 4  # letters in a row
_HASH = re.compile(r"\b[0-9a-f]{32,}\b")  # a manifest's hash: its digits are nobody's number
_BRACKETED = re.compile(r"\[[^\[\]\n]*\]")
_CUT_OFF = re.compile(r"\b[^\W\d_]{1,3}[-\u2013\u2014](?=\s|$)")  # "Mar-": half a word
_MODALS = frozenset({"may", "will"})  # "so I said Will you listen"
_ENDS = frozenset(".?!:;\u2026\"'\u201c\u2018(")
# Earshot wrote these, so names that are merely similar are not searched in them.
_OWN_FILES = frozenset({"README.txt", "methods.txt", "manifest.json", "SHA256SUMS"})
_TALK_ALONE = frozenset({"txt", "vtt", "srt"})
_PACKED = (".docx", ".xlsx", ".qdpx")


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
    """Check that the files may leave.

    files: content by name, as a person could read it (``extract_readable_text``).

    Raises:
        StepMissing: the interview has not been anonymised.
        MentionsUndecided: a mention is undecided.
        OriginalSurvives: an original is in the text or the name of a file.
    """
    require_decided(interview)
    places = list(find_originals(files, collect_forbidden_text(interview)))
    if places:
        raise OriginalSurvives(places)


def check_clean_text(interview: Interview, lines: Sequence[TranscriptLine]) -> None:
    """Check that a clean transcript may leave; a refusal names the turns, as the review shows them.

    lines: of the clean transcript, in order.

    Raises:
        As ``check_export``.
    """
    require_decided(interview)
    wanted = _Wanted(collect_forbidden_text(interview))
    places, turns = list[str](), list[int]()
    if any(True for _ in _find(_Text(interview.label), wanted, exact_only=True)):
        places.append("the interview's label")
    text = _Text("\n".join(format_paragraph(line) for line in lines))
    for number, words, how in _find_lines(text, wanted, exact_only=False, is_talk=True):
        line = lines[number - 1]
        before = len(format_paragraph(replace(line, text="")).split())
        spoken = {word - before for word in words if word > before}
        what = _counted(spoken) if spoken else "the speaker"
        when = f" at {line.begins_at}" if line.is_timed else ""
        places.append(f"{what} of turn {line.turn}{when}{how}" if line.turn else f"a heading{when}")
        turns.append(line.turn)
    if places:
        raise OriginalSurvives(places, tuple(turn for turn in turns if turn))


def find_originals(files: Mapping[str, bytes], forbidden_text: ForbiddenText) -> Iterator[str]:
    """Yield a description of each line that holds originals, such as "word 2 of line 1 …"."""
    wanted = _Wanted(forbidden_text)
    for name, content in files.items():
        if any(True for _ in _find(_Text(name.replace("/", "\n")), wanted, exact_only=True)):
            yield "a file name"
        text = _Text(content.decode(errors="replace"))
        exact_only = name.rpartition("/")[2] in _OWN_FILES
        # A table says "place" in a column of its own, a page says "read it", and neither means Mrs
        # Place or Mr Read. What was said is checked before, line by line.
        is_talk = not exact_only and _kind(name) in _TALK_ALONE
        for line, words, how in _find_lines(text, wanted, exact_only=exact_only, is_talk=is_talk):
            yield f"{_counted(words)} of line {line} of the {_kind(name)} file{how}"


def _find_lines(
    text: _Text, wanted: _Wanted, *, exact_only: bool, is_talk: bool
) -> Iterator[tuple[int, set[int], str]]:
    """Yield each line with originals: its number and theirs, counted from 1, and how."""
    lines: dict[int, dict[str, set[int]]] = {}
    for character, how in _find(text, wanted, exact_only=exact_only, is_talk=is_talk):
        line, word = text.place(character)
        lines.setdefault(line, {}).setdefault(how, set()).add(word)
    for line, ways in sorted(lines.items()):
        how = min(ways)
        yield line, ways[how], how


def _counted(words: set[int]) -> str:
    """Return which words of a line these are: "word 4", "words 4 and 5"."""
    *first, last = map(str, sorted(words))
    return f"words {', '.join(first)} and {last}" if first else f"word {last}"


def _kind(name: str) -> str:
    whole = next((p for p in name.split("/") if p.endswith(_PACKED)), name)
    return whole.rpartition(".")[2]


_Key = TypeVar("_Key", str, tuple[str, ...])


class Index(Generic[_Key]):
    """Keys by their beginnings, so that many keys take no longer to search for than one.

    A key is a string of characters, or a tuple of words.
    """

    def __init__(self, keys: Iterable[_Key]) -> None:
        self._keys = frozenset(key for key in keys if key)
        self._least = min(map(len, self._keys), default=0)
        lengths: dict[_Key, set[int]] = {}
        for key in self._keys:
            lengths.setdefault(key[: self._least], set()).add(len(key))
        self._lengths = {beginning: sorted(found) for beginning, found in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._keys)

    def find_in(self, within: _Key) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of each key in a text, ends exclusive."""
        for start in range(len(within)):
            for length in self._lengths.get(within[start : start + self._least], ()):
                if within[start : start + length] in self._keys:
                    yield start, start + length

    def is_in(self, within: _Key) -> bool:
        """Whether any key is in a text."""
        return any(True for _ in self.find_in(within))


class _Wanted:
    """The forbidden text, indexed once for all files."""

    def __init__(self, forbidden_text: ForbiddenText) -> None:
        self.forbidden_text = forbidden_text
        self.anywhere = Index(tuple(phrase.split()) for phrase in forbidden_text.anywhere)
        self.phrases = Index(tuple(phrase.split()) for phrase in forbidden_text.phrases)
        self.letters = Index(forbidden_text.letters)
        self.numbers = (
            (Index(forbidden_text.digits), read_digits),
            (Index(forbidden_text.codes), read_code),
            (Index(forbidden_text.web), read_address),
        )
        self.labels = frozenset(forbidden_text.labels)
        bare = (label for label in forbidden_text.labels if not label.startswith("["))
        self.pseudonyms = Index(tuple(WORD_PATTERN.findall(label)) for label in bare)


class _Text:
    """The text of a file in the forms in which it is searched."""

    def __init__(self, text: str) -> None:
        self.plain = _HASH.sub(" ", text)

    @cached_property
    def words(self) -> list[re.Match[str]]:
        """The words as written."""
        return list(WORD_PATTERN.finditer(self.plain))

    @cached_property
    def folded(self) -> list[str]:
        """The folded words."""
        return [fold_name(word.group()) for word in self.words]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer(r"\n", self.plain))]

    @cached_property
    def _word_starts(self) -> list[int]:
        return [m.start() for m in re.finditer(r"\S+", self.plain)]

    def place(self, character: int) -> tuple[int, int]:
        """Return the line of a character and its word in that line, both counted from 1."""
        line = bisect_right(self._line_starts, character)
        before = bisect_left(self._word_starts, self._line_starts[line - 1])
        return line, bisect_right(self._word_starts, character) - before

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the start of each line, and the line."""
        yield from zip(self._line_starts, self.plain.split("\n"), strict=True)

    def find_phrases(self, phrases: Index[tuple[str, ...]]) -> Iterator[int]:
        """Yield the start of each word of these phrases."""
        words, starts = self._folded_words
        for first, last in phrases.find_in(words):
            yield from starts[first:last]

    @cached_property
    def _folded_words(self) -> tuple[tuple[str, ...], list[int]]:
        # Each word has its place in the text, for folding splits and joins words ("O'Neill").
        words, starts = list[str](), list[int]()
        for chunk in re.finditer(r"\S+", self.plain):
            for word in WORD_PATTERN.findall(fold_name(chunk.group())):
                words.append(word)
                starts.append(chunk.start())
        return tuple(words), starts

    def without(self, spans: Iterable[tuple[int, int]]) -> _Text:
        """Return the text with blanks in place of these spans, so that all else stays in place."""
        parts, done = list[str](), 0
        for start, end in sorted(spans):
            parts += [self.plain[done:start], " " * (end - max(start, done))]
            done = max(done, end)
        return _Text("".join([*parts, self.plain[done:]])) if parts else self


def _find(
    text: _Text, wanted: _Wanted, *, exact_only: bool, is_talk: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield (character, how) of every find; how is "" for the original itself.

    is_talk: what was said, so that a name in small letters may be one.
    """
    forbidden = wanted.forbidden_text
    # An original may be a word of a placeholder: "[Place 1]" holds nobody called Place.
    spoken = text.without(m.span() for m in PLACEHOLDER.finditer(text.plain))
    spoken = spoken.without(find_kept_spans(spoken.plain, forbidden.kept_phrases))
    spoken = spoken.without(m.span() for m in _CUT_OFF.finditer(spoken.plain))
    unlabelled = spoken.without(_find_labels(spoken, wanted))
    exact = (
        spoken.find_phrases(wanted.anywhere),
        unlabelled.find_phrases(wanted.phrases),
        _find_capitalised(spoken, forbidden.capitals),
        _find_named(spoken, forbidden, is_talk=is_talk),
        _find_numbers(text, wanted),
    )
    yield from ((start, "") for start in chain(*exact))
    if not exact_only:
        yield from ((start, " (spelled or torn apart)") for start in _find_torn(spoken, wanted))
        yield from ((start, " (a name like one)") for start in _find_similar(unlabelled, forbidden))


def _find_labels(text: _Text, wanted: _Wanted) -> Iterator[tuple[int, int]]:
    """Yield the spans of our replacements: "[2019]" may stay, though somebody said 2019."""
    for label in _BRACKETED.finditer(text.plain):
        if label.group() in wanted.labels:
            yield label.span()
    words = tuple(word.group() for word in text.words)
    for first, last in wanted.pseudonyms.find_in(words):
        yield text.words[first].start(), text.words[last - 1].end()


def _find_capitalised(text: _Text, names: frozenset[str]) -> Iterator[int]:
    """Yield the starts of these names, which are no words, where they have a capital."""
    for word in text.words:
        for part in re.finditer(r"[^\W\d_]+", word.group()):
            folded = fold_name(part.group())
            if part.group()[0].isupper() and folded in names and not is_also_word(folded):
                yield word.start() + part.start()


def _find_named(text: _Text, forbidden_text: ForbiddenText, *, is_talk: bool) -> Iterator[int]:
    """Yield the starts of names that are words as well: "told Rose", and not "a rose".

    With a capital that begins no sentence a word is a name unless something tells otherwise ("in
    May"); else it is one only where something tells so, or where the search asks.
    """
    words = frozenset(name for name in forbidden_text.capitals if is_also_word(name))
    if not words:
        return
    for start, word, use in find_name_uses(text.plain, words, forbidden_text.asked):
        folded = fold_name(word.removesuffix("'s").removesuffix("\u2019s"))
        is_small = word.islower() and not (is_talk and folded in forbidden_text.small)
        if use is WordUse.WORD or is_small:
            continue
        is_shown = word[0].isupper() and not _begins_sentence(text.plain, start)
        is_asked = word.islower() and folded in forbidden_text.asked
        if (
            use is WordUse.NAME
            or is_asked
            or (is_shown and not is_time_word(folded) and folded not in _MODALS)
        ):
            yield start


def _begins_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins here, so that a capital says nothing."""
    before = text[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in _ENDS or before[-1] in "\n]"


def _find_numbers(text: _Text, wanted: _Wanted) -> Iterator[int]:
    numbers = [(keys, read) for keys, read in wanted.numbers if keys]
    for start, line in text.lines():
        for keys, read in numbers:
            if keys.is_in(read(line)):
                yield start + _find_last_start(line, keys, read)


def _find_last_start(line: str, keys: Index[str], read: Callable[[str], str]) -> int:
    """Return the start of the last word from which on the line still holds a key."""
    starts = [m.start() for m in re.finditer(r"\S+", line)]
    beyond = bisect_left(starts, True, key=lambda at: not keys.is_in(read(line[at:])))  # noqa: FBT003 - the value to find
    return starts[max(0, beyond - 1)]


def _find_torn(text: _Text, wanted: _Wanted) -> Iterator[int]:
    """Yield the starts of the pieces of a name: "Ben Nett", "B-E-N-N-E-T-T"."""
    names = {name for name in wanted.forbidden_text.letters if len(name) > _LEAST_SPELLED}
    folded = text.folded
    for first in range(len(folded)):
        for last in range(first + 2, min(first + _MOST_JOINED, len(folded)) + 1):
            pieces = folded[first:last]
            if "".join(pieces) in names and not all(is_ordinary_word(word) for word in pieces):
                yield from (word.start() for word in text.words[first:last])
    for index, spelled in _join_spelled(folded):
        if wanted.letters.is_in(spelled):
            yield text.words[index].start()


def _join_spelled(words: list[str]) -> Iterator[tuple[int, str]]:
    """Yield runs of spelled letters with the index of their first word; "double n" is two."""
    run, times, first = "", 1, 0
    for index, spoken in enumerate([*words, "."]):
        word = LETTERS.get(spoken, spoken)
        if word in TIMES:
            times = TIMES[word]
            continue
        if len(word) == 1 and word.isalpha():
            first = first if run else index
            run += word * times
        else:
            if len(run) >= _LEAST_SPELLED:
                yield first, run
            run = ""
        times = 1


def _find_similar(text: _Text, forbidden_text: ForbiddenText) -> Iterator[int]:
    """Yield the starts of words that look or sound like a name that was replaced."""
    similar = {
        word
        for word in {word.group() for word in text.words}
        if len(word) >= _SHORTEST_LIKE and word.isalpha() and _is_similar(word, forbidden_text)
    }
    yield from (word.start() for word in text.words if word.group() in similar)


def _is_similar(word: str, forbidden_text: ForbiddenText) -> bool:
    folded = fold_name(word)
    if (
        folded in forbidden_text.kept_words
        or folded in forbidden_text.kept_phrases
        or is_also_word(folded)
        or is_ordinary_word(folded.removesuffix("s"))
    ):
        return False
    nearest = forbidden_text.similar_names.find_nearest(compact_name(word))
    least = _LIKE if len(folded) > _SHORT else _LIKE_IF_SHORT
    return nearest is not None and nearest.likeness >= least
