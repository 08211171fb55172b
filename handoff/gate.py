"""The gate: nothing leaves while a mention is undecided or an original is still there.

It looks at all that is about to leave, whatever wrote it, and at the names of the files: exact
and folded, misspelt and misheard, spelled out, numbers said or written. It says where something
was found and never what. What ``forbidden`` gathers, this finds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from handoff import forbidden
from handoff.forbidden import WORD, Forbidden
from models import lexicon
from study import decided
from study.artefacts import Kind
from study.errors import MentionsUndecided, OriginalSurvives, StepMissing
from study.likeness import joined
from study.store import Study
from study.terms import fold

# From 0.8 on two names "may well be one" (study/likeness.py). Words of a dictionary are not
# compared; benchmarks/gate.py tells how often what is left is a false alarm.
_LIKE, _LIKE_IF_SHORT = 0.8, 0.88  # in four or five letters one more resembles everything
_SHORT = 5
_CALENDAR = frozenset({  # "June" sounds like John
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "easter", "christmas",
})  # fmt: skip
_SHORTEST_LIKE = 4
_MOST_JOINED = 3  # words that one name may have been torn into
_LEAST_SPELLED = 4  # letters in a row
_HASH = re.compile(r"\b[0-9a-f]{32,}\b")  # a manifest's: its digits are nobody's number
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
        raise StepMissing("mentions", "Run `earshot anonymise STUDY INTERVIEW` first.")
    undecided = sum(1 for d in decided.read(study, interview) if d.decision is None)
    if undecided:
        raise MentionsUndecided(undecided)
    if not files:
        return
    found = list(look(files, forbidden.collect(study, interview)))
    if found:
        raise OriginalSurvives(found)


def look(files: Mapping[str, bytes], gone: Forbidden) -> Iterator[str]:
    """Yield where originals stand, in words, each place once."""
    for name, content in files.items():
        if any(True for _ in _places(_Text(name.replace("/", "\n")), gone, exact_only=True)):
            yield "a file name"
        text = _Text(content.decode(errors="replace"))
        exact_only = name.rpartition("/")[2] in _OURS
        places = dict(sorted(_places(text, gone, exact_only=exact_only), reverse=True))
        for line, how in sorted(places.items()):
            yield f"line {line} of the {_kind(name)} file{how}"


def _kind(name: str) -> str:
    whole = next((p for p in name.split("/") if p.endswith(_PACKED)), name)
    return whole.rpartition(".")[2]


class _Text:
    """A file's text, brought into the forms in which it is searched, each word with its line."""

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

    def line(self, character: int) -> int:
        """Return the number of the line that holds a character, from 1."""
        return bisect_right(self._line_starts, character)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line with its number."""
        yield from enumerate(self.plain.split("\n"), start=1)

    def phrase(self, phrases: Iterable[str]) -> Iterator[int]:
        """Yield the lines in which one of these spaced phrases begins."""
        # Words are kept in step with the text: some fold to two, "O'Neill" is two and folds to one.
        text, starts = [" "], [0]
        at = 1
        for chunk in re.finditer(r"\S+", self.plain):
            for word in WORD.findall(fold(chunk.group())):
                text.append(f"{word} ")
                starts.append(chunk.start())
                at += len(word) + 1
        whole = "".join(text)
        ends = [0]
        for part in text:
            ends.append(ends[-1] + len(part))
        for phrase in phrases:
            found = whole.find(phrase)
            while found >= 0:
                yield self.line(starts[bisect_right(ends, found + 1) - 1])
                found = whole.find(phrase, found + 1)


def _places(text: _Text, gone: Forbidden, *, exact_only: bool) -> Iterator[tuple[int, str]]:
    """Yield (line, how) of every find; how is "" where it is the original itself."""
    for line in text.phrase(gone.anywhere):
        yield line, ""
    for line in _without_labels(text, gone.labels).phrase(gone.phrases):
        yield line, ""
    yield from ((line, "") for line in _capitals(text, gone.capitals))
    yield from ((line, "") for line in _numbers(text, gone))
    if not exact_only:
        yield from ((line, " (spelled or torn apart)") for line in _apart(text, gone))
        yield from ((line, " (a name like one)") for line in _alike(text, gone))


def _without_labels(text: _Text, labels: Iterable[str]) -> _Text:
    """Leave out our own replacements: "[2019]" stands for a day, though 2019 was said as well."""
    plain = text.plain
    for label in labels:
        plain = plain.replace(label, " " * len(label))
    return _Text(plain)


def _capitals(text: _Text, names: frozenset[str]) -> Iterator[int]:
    """Yield lines with these words as they are written: "Rose" is a name, "rose" is a flower."""
    for word in text.words:
        for part in re.finditer(r"[^\W\d_]+", word.group()):
            if part.group()[0].isupper() and fold(part.group()) in names:
                at = word.start() + part.start()
                if not (lexicon.is_ordinary(part.group()) and _begins(text.plain, at)):
                    yield text.line(at)


def _begins(text: str, at: int) -> bool:
    """Whether a capital here is only that of a sentence."""
    before = text[max(0, at - 3) : at].rstrip(" ")
    return not before or before[-1] in _ENDS or before[-1] in "\n]"


def _numbers(text: _Text, gone: Forbidden) -> Iterator[int]:
    ways = (
        (gone.digits, forbidden.digits),
        (gone.codes, forbidden.code),
        (gone.web, forbidden.address),
    )
    for number, line in text.lines():
        if any(key in form(line) for keys, form in ways if keys for key in keys):
            yield number


def _apart(text: _Text, gone: Forbidden) -> Iterator[int]:
    """Yield lines in which a name stands in pieces: "Ben Nett", "B-E-N-N-E-T-T"."""
    folded = text.folded
    for at in range(len(folded)):
        whole = ""
        for reach in range(min(_MOST_JOINED, len(folded) - at)):
            whole += folded[at + reach]
            is_torn = reach and len(whole) > _LEAST_SPELLED and whole in gone.letters
            if is_torn and not all(lexicon.is_ordinary(w) for w in folded[at : at + reach + 1]):
                yield text.line(text.words[at].start())
    for at, spelled in _spelled(folded):
        if any(name in spelled for name in gone.letters):
            yield text.line(text.words[at].start())


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
    """Yield lines with a word that is written or sounds like a name that was replaced."""
    judged: dict[str, bool] = {}
    plain = _without_labels(text, gone.labels)
    for word in plain.words:
        said = word.group()
        if len(said) < _SHORTEST_LIKE or not said.isalpha():
            continue
        if said not in judged:
            judged[said] = _is_alike(said, gone)
        if judged[said]:
            yield plain.line(word.start())


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
