"""The gate: nothing leaves while a mention is undecided or an original is still there.

It looks at all that is about to leave, whatever wrote it, and at the names of the files: exact
and folded, misspelt and misheard, spelled out, numbers said or written. It says where something
was found, to the word, and never what. What ``forbidden`` gathers, this finds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from handoff import forbidden
from handoff.forbidden import WORD, Forbidden
from models import lexicon
from study import decided
from study.artefacts import Kind
from study.errors import MentionsUndecided, OriginalSurvives, SearchMissing
from study.likeness import joined
from study.store import Study
from study.terms import fold

# From 0.8 on two names "may well be one" (study/likeness.py). Words of a dictionary are not
# compared; benchmarks/gate.py tells how often what is left is a false alarm.
_LIKE, _LIKE_IF_SHORT = 0.8, 0.88  # in four or five letters one more resembles everything
_SHORT = 5
_SHORTEST_LIKE = 4
_MOST_JOINED = 3  # words that one name may have been torn into
_LEAST_SPELLED = 4  # letters in a row
_HASH = re.compile(r"\b[0-9a-f]{32,}\b")  # a manifest's: its digits are nobody's number
_BRACKETED = re.compile(r"\[[^\[\]\n]*\]")
_ENDS = frozenset(".?!:;\u2026\"'\u201c\u2018(")
# What is in these is written by us alone, but for what is looked for exactly everywhere.
_OURS = frozenset({"README.txt", "methods.txt", "manifest.json", "SHA256SUMS"})
_PACKED = (".docx", ".xlsx", ".qdpx")


def check(study: Study, interview: str, files: Mapping[str, bytes]) -> None:
    """Let the files pass, or say why not.

    files: names and contents, as a person could read them (``readable``).

    Raises:
        StepMissing: the interview has not been anonymised.
        MentionsUndecided: a person has not decided everything.
        OriginalSurvives: an original is in a file's text or name.
    """
    if not study.version(interview, Kind.MENTIONS):
        raise SearchMissing
    undecided = sum(1 for d in decided.read(study, interview) if d.decision is None)
    if undecided:
        raise MentionsUndecided(undecided)
    if not files:
        return
    found = list(look(files, forbidden.collect(study, interview)))
    if found:
        raise OriginalSurvives(found)


def look(files: Mapping[str, bytes], gone: Forbidden) -> Iterator[str]:
    """Yield where originals stand, in words, each line once."""
    wanted = _Wanted(gone)
    for name, content in files.items():
        if any(True for _ in _places(_Text(name.replace("/", "\n")), wanted, exact_only=True)):
            yield "a file name"
        text = _Text(content.decode(errors="replace"))
        exact_only = name.rpartition("/")[2] in _OURS
        lines: dict[int, dict[str, set[int]]] = {}
        for character, how in _places(text, wanted, exact_only=exact_only):
            line, word = text.place(character)
            lines.setdefault(line, {}).setdefault(how, set()).add(word)
        for line, ways in sorted(lines.items()):
            how = min(ways)
            yield f"{_counted(ways[how])} of line {line} of the {_kind(name)} file{how}"


def _counted(words: set[int]) -> str:
    """Say which words of a line these are: "word 4", "words 4 and 5"."""
    *first, last = map(str, sorted(words))
    return f"words {', '.join(first)} and {last}" if first else f"word {last}"


def _kind(name: str) -> str:
    whole = next((p for p in name.split("/") if p.endswith(_PACKED)), name)
    return whole.rpartition(".")[2]


_Key = TypeVar("_Key", str, tuple[str, ...])


class Index(Generic[_Key]):
    """Keys by how they begin: a search takes as long as the text is, however many keys there are.

    Keys are signs in a string, or words in a tuple.
    """

    def __init__(self, keys: Iterable[_Key]) -> None:
        self._keys = frozenset(key for key in keys if key)
        self._least = min(map(len, self._keys), default=0)
        lengths: dict[_Key, set[int]] = {}
        for key in self._keys:
            lengths.setdefault(key[: self._least], set()).add(len(key))
        self._lengths = {begin: sorted(those) for begin, those in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._keys)

    def found(self, within: _Key) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of each key that stands in this."""
        if not self._keys:
            return
        for at in range(len(within) - self._least + 1):
            for length in self._lengths.get(within[at : at + self._least], ()):
                if within[at : at + length] in self._keys:
                    yield at, at + length

    def is_in(self, within: _Key) -> bool:
        """Whether any key stands in this."""
        return any(True for _ in self.found(within))


class _Wanted:
    """What is looked for, indexed once for all files."""

    def __init__(self, gone: Forbidden) -> None:
        self.gone = gone
        self.anywhere = Index(tuple(phrase.split()) for phrase in gone.anywhere)
        self.phrases = Index(tuple(phrase.split()) for phrase in gone.phrases)
        self.letters = Index(gone.letters)
        self.numbers = (
            (Index(gone.digits), forbidden.digits),
            (Index(gone.codes), forbidden.code),
            (Index(gone.web), forbidden.address),
        )
        self.labels = frozenset(gone.labels)
        bare = (label for label in gone.labels if not label.startswith("["))
        self.pseudonyms = Index(tuple(WORD.findall(label)) for label in bare)


class _Text:
    """A file's text, brought into the forms in which it is searched."""

    def __init__(self, text: str) -> None:
        self.plain = _HASH.sub(" ", text)

    @cached_property
    def words(self) -> list[re.Match[str]]:
        """The words as they are written."""
        return list(WORD.finditer(self.plain))

    @cached_property
    def folded(self) -> list[str]:
        """The words folded."""
        return [fold(word.group()) for word in self.words]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer(r"\n", self.plain))]

    @cached_property
    def _word_starts(self) -> list[int]:
        return [m.start() for m in re.finditer(r"\S+", self.plain)]

    def place(self, character: int) -> tuple[int, int]:
        """Return the line that holds a character and the word in it, as a reader counts, from 1."""
        line = bisect_right(self._line_starts, character)
        before = bisect_left(self._word_starts, self._line_starts[line - 1])
        return line, bisect_right(self._word_starts, character) - before

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line with the character that it begins at."""
        yield from zip(self._line_starts, self.plain.split("\n"), strict=True)

    def phrase(self, phrases: Index[tuple[str, ...]]) -> Iterator[int]:
        """Yield where each word of these phrases stands."""
        if not phrases:
            return
        said, starts = self._said
        for first, last in phrases.found(said):
            yield from starts[first:last]

    @cached_property
    def _said(self) -> tuple[tuple[str, ...], list[int]]:
        # Words are kept in step with the text: some fold to two, "O'Neill" is two and folds to one.
        said, starts = list[str](), list[int]()
        for chunk in re.finditer(r"\S+", self.plain):
            for word in WORD.findall(fold(chunk.group())):
                said.append(word)
                starts.append(chunk.start())
        return tuple(said), starts

    def without(self, spans: Iterable[tuple[int, int]]) -> _Text:
        """Return the text with blanks for these stretches, so that all else stays in place."""
        parts, done = list[str](), 0
        for start, end in sorted(spans):
            parts += [self.plain[done:start], " " * (end - max(start, done))]
            done = max(done, end)
        return _Text("".join([*parts, self.plain[done:]])) if parts else self


def _places(text: _Text, wanted: _Wanted, *, exact_only: bool) -> Iterator[tuple[int, str]]:
    """Yield (character, how) of every find; how is "" where it is the original itself."""
    # What was said may be a word of a placeholder: somebody called Place is not in "[Place 1]".
    said = text.without(m.span() for m in forbidden.PLACEHOLDER.finditer(text.plain))
    unlabelled = said.without(_labels(said, wanted))
    for at in said.phrase(wanted.anywhere):
        yield at, ""
    for at in unlabelled.phrase(wanted.phrases):
        yield at, ""
    yield from ((at, "") for at in _capitals(said, wanted.gone.capitals))
    yield from ((at, "") for at in _numbers(text, wanted))
    if not exact_only:
        yield from ((at, " (spelled or torn apart)") for at in _apart(said, wanted))
        yield from ((at, " (a name like one)") for at in _alike(unlabelled, wanted.gone))


def _labels(text: _Text, wanted: _Wanted) -> Iterator[tuple[int, int]]:
    """Yield our own replacements: "[2019]" stands for a day, though 2019 was said as well."""
    for label in _BRACKETED.finditer(text.plain):
        if label.group() in wanted.labels:
            yield label.span()
    if wanted.pseudonyms:
        words = tuple(word.group() for word in text.words)
        for first, last in wanted.pseudonyms.found(words):
            yield text.words[first].start(), text.words[last - 1].end()


def _capitals(text: _Text, names: frozenset[str]) -> Iterator[int]:
    """Yield where these words stand as they are written: "Rose" is a name, "rose" is a flower."""
    for word in text.words:
        for part in re.finditer(r"[^\W\d_]+", word.group()):
            if part.group()[0].isupper() and fold(part.group()) in names:
                at = word.start() + part.start()
                if not (lexicon.is_ordinary(part.group()) and _begins(text.plain, at)):
                    yield at


def _begins(text: str, at: int) -> bool:
    """Whether a capital here is only that of a sentence."""
    before = text[max(0, at - 3) : at].rstrip(" ")
    return not before or before[-1] in _ENDS or before[-1] in "\n]"


def _numbers(text: _Text, wanted: _Wanted) -> Iterator[int]:
    ways = [(keys, form) for keys, form in wanted.numbers if keys]
    for start, line in text.lines():
        for keys, form in ways:
            if keys.is_in(form(line)):
                yield start + _last_start(line, keys, form)


def _last_start(line: str, keys: Index[str], form: Callable[[str], str]) -> int:
    """Return where the last word stands from which on one of the keys is still in a line."""
    starts = [m.start() for m in re.finditer(r"\S+", line)]
    beyond = bisect_left(starts, True, key=lambda at: not keys.is_in(form(line[at:])))  # noqa: FBT003 - what is looked for
    return starts[max(0, beyond - 1)]


def _apart(text: _Text, wanted: _Wanted) -> Iterator[int]:
    """Yield where a name stands in pieces: "Ben Nett", "B-E-N-N-E-T-T"."""
    folded = text.folded
    for at in range(len(folded)):
        whole = ""
        for reach in range(min(_MOST_JOINED, len(folded) - at)):
            whole += folded[at + reach]
            is_torn = reach and len(whole) > _LEAST_SPELLED and whole in wanted.gone.letters
            if is_torn and not all(lexicon.is_ordinary(w) for w in folded[at : at + reach + 1]):
                yield from (word.start() for word in text.words[at : at + reach + 1])
    for at, spelled in _spelled(folded):
        if wanted.letters.is_in(spelled):
            yield text.words[at].start()


def _spelled(words: list[str]) -> Iterator[tuple[int, str]]:
    """Yield runs of single letters, "double n" taken for two and "zed" for one."""
    run, times, begun = "", 1, 0
    for at, said in enumerate([*words, "."]):
        word = forbidden.LETTERS.get(said, said)
        if word in forbidden.TIMES:
            times = forbidden.TIMES[word]
            continue
        if len(word) == 1 and word.isalpha():
            begun = at if not run else begun
            run += word * times
        else:
            if len(run) >= _LEAST_SPELLED:
                yield begun, run
            run = ""
        times = 1


def _alike(text: _Text, gone: Forbidden) -> Iterator[int]:
    """Yield where a word is written or sounds like a name that was replaced."""
    judged: dict[str, bool] = {}
    for word in text.words:
        said = word.group()
        if len(said) < _SHORTEST_LIKE or not said.isalpha():
            continue
        if said not in judged:
            judged[said] = _is_alike(said, gone)
        if judged[said]:
            yield word.start()


def _is_alike(word: str, gone: Forbidden) -> bool:
    folded = fold(word)
    if (
        folded in gone.kept
        or lexicon.is_ordinary(word)
        or lexicon.is_ordinary(folded.removesuffix("s"))
    ):
        return False
    nearest = gone.like.nearest(joined(word))
    least = _LIKE if len(folded) > _SHORT else _LIKE_IF_SHORT
    return nearest is not None and nearest.likeness >= least
