"""Read the ICSI meetings: real talk round a table, with the names in it marked by word lists.

The transcripts are in small letters and nobody marked their names. An utterance is used only
when every word of it is certain: an ordinary word, or a given name, a place or an organisation
that is no ordinary word. All others are left out, so little is marked wrongly; that what is left
is simple does no harm, for its worth is in the thousands of turns of talk that name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from models.labelled_text import LabelledSpan, LabelledText
from tools.names import lists
from tools.names.corpora import Document
from tools.names.passage import joined

PLAIN, NAMED = "meetings", "meetings-named"
_FOLDER = Path("MRDA-Corpus", "mrda_archive", "transcripts")
_NO_WORD = frozenset(("-", "|"))  # a restart, and the end of one act of speech
_BROKEN_OFF = "=="
_STOPS = frozenset((".", "?", "!"))
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_ENDING = re.compile(r"(?:n't|'\w+)$")
_LEAST_LETTERS = 3  # of a name: shorter ones are pieces of words
_GIVEN = ("male.first", "female.first")
_BIG_CITY = 100_000  # people
_MANY_CALLED = 0.03  # per cent of people: "Nancy" is a person here, "Washington" a place
_ABOUT = 3  # utterances on either side of one that names somebody


@dataclass(frozen=True)
class Known:
    """What a word in small letters may be; names with their label and the way to write them."""

    ordinary: frozenset[str]
    written: dict[str, str]
    names: dict[str, str]

    @classmethod
    def of(cls, scowl: str) -> Known:
        """From the lists; scowl: the folder of SCOWL's word lists."""
        common, plain = set(lists.common_words(scowl)), set(lists.words("meeting_plain"))
        given = {name.lower(): share for kind in _GIVEN for name, share in lists.census(kind)}
        capitals = {word.lower(): word for word in lists.words("meeting_capitals")}
        unsure = common | plain | {*lists.words("meeting_no_names")} | capitals.keys()
        cities = (name for name, people in lists.world_places() if people >= _BIG_CITY)
        names = dict.fromkeys(given, "PERSON")
        names |= {n: "PLACE" for n in map(str.lower, cities) if given.get(n, 0) < _MANY_CALLED}
        names |= dict.fromkeys(map(str.lower, lists.countries()), "PLACE")
        names = {n: k for n, k in names.items() if len(n) >= _LEAST_LETTERS and n not in unsure}
        organisations = {word.lower(): word for word in lists.words("meeting_orgs")}
        names |= dict.fromkeys(organisations, "ORG")
        ordinary = (common - given.keys() - organisations.keys()) | plain
        return cls(frozenset(ordinary), capitals | organisations, names)

    def knows(self, word: str) -> bool:
        """Whether it is certain what a word is."""
        bare = _ENDING.sub("", word)
        return any(w in self.ordinary or w in self.written or w in self.names for w in (word, bare))


def documents(corpora: Path, known: Known) -> list[Document]:
    """Every meeting twice: all that is certain, and only what stands about a name.

    corpora: the folder of the checkouts; empty when the meetings' is not there.
    """
    found: list[Document] = []
    for path in sorted((corpora / _FOLDER).glob("*.trans")):
        said = list(_utterances(path.read_text(encoding="utf-8"), known))
        found.append(Document(PLAIN, path.stem, joined(said), "train"))
        near = {j for i, p in enumerate(said) if p.spans for j in range(i - _ABOUT, i + _ABOUT + 1)}
        kept = groupby(range(len(said)), key=lambda i: i in near)
        stretches = [joined(said[i] for i in group) for is_near, group in kept if is_near]
        found += [Document(NAMED, path.stem, passage, "train") for passage in stretches]
    return found


def _utterances(text: str, known: Known) -> Iterator[LabelledText]:
    """The certain utterances of a meeting's file: its lines are id, words, words as sounded."""
    for line in text.splitlines():
        _, said, *_ = line.split(",")
        tokens = [word for word in said.split() if word not in _NO_WORD and word[-1] != "-"]
        words = [word for word in tokens if word not in _STOPS and word != _BROKEN_OFF]
        if words and all(_WORD.fullmatch(word) and known.knows(word) for word in words):
            yield _written(tokens, known)


def _written(tokens: list[str], known: Known) -> LabelledText:
    """An utterance with its capitals and its names marked; given names in a row are one name."""
    text, spans = "", list[LabelledSpan]()
    for token in tokens:
        glued = not text or token in _STOPS or token == _BROKEN_OFF
        start = len(text) if glued else len(text) + 1
        bare = token if token in known.names else _ENDING.sub("", token)
        label = None if token in known.ordinary else known.names.get(bare)
        word = "..." if token == _BROKEN_OFF else _capital(token, bare, known, first=not text)
        text += word if glued else " " + word
        end = start + len(bare)
        if label and spans and spans[-1].end == start - 1 and spans[-1].label == label == "PERSON":
            spans[-1] = LabelledSpan(spans[-1].start, end, label)
        elif label == "PLACE" and " ".join(text.lower().split()[-2:]) == f"new {word.lower()}":
            text = text[: start - 4] + text[start - 4 :].title()
            spans.append(LabelledSpan(start - 4, end, label))
        elif label:
            spans.append(LabelledSpan(start, end, label))
    return LabelledText(text, tuple(spans))


def _capital(token: str, bare: str, known: Known, *, first: bool) -> str:
    """A word as it would be written in a sentence."""
    if bare in known.written:
        return known.written[bare] + token[len(bare) :]
    is_name = bare in known.names and token not in known.ordinary
    return token[0].upper() + token[1:] if first or is_name or bare == "i" else token
