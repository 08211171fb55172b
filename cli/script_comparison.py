"""Compare what was heard of a demonstration interview with the script that was spoken.

Words are aligned by the fewest wrong, missing and added ones; case and punctuation do not count.
For the demonstration alone: of a real interview nobody has a script.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study import Transcript

WORD = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True)
class HeardDetail:
    """An identifying detail of a script, and what the recogniser wrote in its place.

    heard: "" where it wrote nothing. wrong: the runs of words that it misheard.
    """

    said: str
    heard: str
    wrong: tuple[str, ...]

    def is_left_in(self, clean: Transcript) -> bool:
        """Whether a clean transcript has the detail, half of a long one, or what stands for it."""
        text = " ".join(split_words(" ".join(turn.text for turn in clean.turns).casefold()))
        left = self.wrong or (self.heard, *_list_halves(self.heard))
        return any(f" {one.casefold()} " in f" {text} " for one in left if one)


_LEAST_OF_HALF = 4  # words: three in a row are in many a text


def _list_halves(heard: str) -> list[str]:
    """Return every run of half the words of a detail that was told in many."""
    words = split_words(heard)
    half = max(_LEAST_OF_HALF, (len(words) + 1) // 2)
    return [" ".join(words[at : at + half]) for at in range(len(words) - half + 1)]


@dataclass(frozen=True, slots=True)
class SpeakerMatch:
    """Who the speakers of a transcript are, by its script.

    names: the script's code by the transcript's, the voice with the most words of each speaker.
    share: of the words that were heard right, those with the right speaker, 0 to 1.
    """

    names: dict[str, str]
    share: float


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of the script and of the transcript that were aligned; ends exclusive."""

    is_right: bool
    said: tuple[int, int]
    heard: tuple[int, int]


def compute_word_error_rate(said: str, heard: str) -> float:
    """Return the word error rate: wrong, missing and added words per spoken word, 0 or more.

    Case and punctuation do not count.
    """
    from rapidfuzz.distance import Levenshtein

    truth, guess = split_words(said.casefold()), split_words(heard.casefold())
    return Levenshtein.distance(truth, guess) / max(1, len(truth))


def split_words(text: str) -> list[str]:
    """Return the words of a text without punctuation."""
    return WORD.findall(text)


class ScriptComparison:
    """One interview's transcript beside its script."""

    def __init__(self, said: Sequence[tuple[str, str]], heard: Transcript) -> None:
        """said: (speaker, text) of each turn of the script."""
        from rapidfuzz.distance import Levenshtein

        self._text = " ".join(text for _, text in said)
        self._spans = [found.span() for found in WORD.finditer(self._text)]
        self._said = split_words(self._text)
        self._said_by = [speaker for speaker, text in said for _ in split_words(text)]
        self._heard = [word for turn in heard.turns for word in split_words(turn.text)]
        self._heard_by = [turn.speaker for turn in heard.turns for _ in split_words(turn.text)]
        truth, guess = ([w.casefold() for w in words] for words in (self._said, self._heard))
        self.word_error_rate = Levenshtein.distance(truth, guess) / max(1, len(truth))
        self._runs = _join_wrong_runs(
            _Run(op.tag == "equal", (op.src_start, op.src_end), (op.dest_start, op.dest_end))
            for op in Levenshtein.opcodes(truth, guess)
        )
        self._firsts = [0]  # word of each turn of the transcript
        for turn in heard.turns:
            self._firsts.append(self._firsts[-1] + len(split_words(turn.text)))

    def find_said(self, turn: int) -> str:
        """Return the part of the script that was said where a turn of the transcript stands."""
        first, last = self._firsts[turn], self._firsts[turn + 1]
        found: list[int] = []
        for run in self._runs:
            start, end = max(first, run.heard[0]), min(last, run.heard[1])
            if run.is_right and start < end:
                shift = run.said[0] - run.heard[0]
                found += range(start + shift, end + shift)
            elif not run.is_right and first <= run.heard[0] < last:
                found += range(*run.said)
        if not found:
            return ""
        following = self._spans[found[-1] + 1 : found[-1] + 2] or [(len(self._text), 0)]
        return self._text[self._spans[found[0]][0] : following[0][0]].strip()

    def list_wrong_words(self, turn: int) -> set[int]:
        """Return which words of a turn, from 0, are not those of the script."""
        first, last = self._firsts[turn], self._firsts[turn + 1]
        return {
            word - first
            for run in self._runs
            if not run.is_right
            for word in range(max(first, run.heard[0]), min(last, run.heard[1]))
        }

    def match_speakers(self) -> SpeakerMatch:
        """Match the speakers of the script to those of the transcript, by the words heard right."""
        pairs = [
            (self._heard_by[run.heard[0] + n], self._said_by[run.said[0] + n])
            for run in self._runs
            if run.is_right
            for n in range(run.said[1] - run.said[0])
        ]
        counted = Counter(pairs)
        names: dict[str, str] = {}
        for (voice, speaker), _ in counted.most_common():
            if voice not in names and speaker not in names.values():
                names[voice] = speaker
        right = sum(count for (voice, who), count in counted.items() if names.get(voice) == who)
        return SpeakerMatch(names, right / max(1, len(pairs)))

    def compare_details(self, details: Sequence[str]) -> list[HeardDetail]:
        """Say of each place where a detail is said what was heard."""
        return [
            self._compare_detail(detail, first)
            for detail in details
            for first in self._list_places(detail)
        ]

    def _list_places(self, detail: str) -> list[int]:
        wanted = [word.casefold() for word in split_words(detail)]
        said = [word.casefold() for word in self._said]
        return [
            first
            for first in range(len(said) - len(wanted) + 1)
            if said[first : first + len(wanted)] == wanted
        ]

    def _compare_detail(self, detail: str, first: int) -> HeardDetail:
        last = first + len(split_words(detail))
        pieces: list[str] = []
        wrong: list[str] = []
        for run in self._runs:
            start, end = run.said
            if start >= last or end <= first:
                continue
            if run.is_right:
                shift = run.heard[0] - start
                pieces += self._heard[max(first, start) + shift : min(last, end) + shift]
            elif run.heard[0] < run.heard[1]:
                pieces += self._heard[slice(*run.heard)]
                wrong.append(" ".join(self._heard[slice(*run.heard)]))
        return HeardDetail(said=detail, heard=" ".join(pieces), wrong=tuple(wrong))


def _join_wrong_runs(runs: Iterable[_Run]) -> list[_Run]:
    """Join neighbours that are wrong: a name heard as two words is replaced and added to."""
    joined: list[_Run] = []
    for run in runs:
        if joined and not run.is_right and not joined[-1].is_right:
            before = joined.pop()
            run = _Run(  # noqa: PLW2901
                is_right=False,
                said=(before.said[0], run.said[1]),
                heard=(before.heard[0], run.heard[1]),
            )
        joined.append(run)
    return joined
