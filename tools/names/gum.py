"""Names in the GUM corpus (Georgetown), from its coreference annotation in CoNLL-U.

GUM marks every mention of every entity, "my two children" as well as "Nick Bos". A mention
counts as a name when its head is a proper noun (or a title in front of one); what surrounds the
proper nouns is cut away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.labelled_text import LabelledSpan, LabelledText, drop_overlaps
from tools.names.lists import words
from tools.names.passage import joined

# Genres whose text may be trained on and shipped from: see the table in CARD.md.
TRAINED_GENRES = ("interview", "news", "academic", "court", "textbook", "vlog", "speech")
# Text of another licence inside an allowed genre: a recording of the Santa Barbara corpus, which
# is kept for measuring, textbooks that are not OpenStax books, and speeches that are neither
# works of the United States' government nor under a Creative Commons licence.
_LEFT_OUT = {
    "GUM_court_carpet", "GUM_textbook_alamo", "GUM_textbook_artwork", "GUM_textbook_evoethics",
    "GUM_speech_albania", "GUM_speech_austria", "GUM_speech_destiny", "GUM_speech_humanitarian",
    "GUM_speech_trump",
}  # fmt: skip
MEASURED_GENRE = "conversation"

_LABELS = {"person": "PERSON", "place": "PLACE", "organization": "ORG"}
_EVENT = re.compile(r"\((\d+)-([a-z]+)-[^()]*(\))?|(\d+)\)")
_TITLES = frozenset(words("office"))
# Small words and signs that may stand inside a name.
_INNER = frozenset(("of", "the", "for", "and", "&", "'s", "\u2019s", "/"))
_INNER_PERSON = frozenset(
    ("-", "\u2013", "'", "\u2019", ".", "de", "du", "van", "von", "al", "el", "la", "le")
)
_COLUMNS = 10  # of CoNLL-U


@dataclass(frozen=True, slots=True)
class Sample:
    """One document of GUM; partition: train, dev or test, as the corpus has it."""

    name: str
    genre: str
    partition: str
    passage: LabelledText


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    tag: str
    head: int
    space: bool
    entity: str


def documents(folder: Path) -> Iterator[Sample]:
    """All documents of the genres we use, from a checkout of the corpus."""
    partitions = _partitions(folder / "splits.md")
    for path in sorted((folder / "dep").glob("GUM_*.conllu")):
        genre = path.stem.split("_")[1]
        if genre in (*TRAINED_GENRES, MEASURED_GENRE) and path.stem not in _LEFT_OUT:
            partition = partitions.get(path.stem, "train")
            yield Sample(path.stem, genre, partition, _document(path))


def _partitions(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    partition = "train"
    for line in path.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"#+ *(train|dev|test2?)\b", line)
        partition = heading[1] if heading else partition
        for name in re.findall(r"GUM_\w+", line):
            found[name] = partition
    return found


def _document(path: Path) -> LabelledText:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    sentences = [_sentence(_tokens(block)) for block in blocks if block.strip()]
    return joined(s for s in sentences if s.text)


def _tokens(block: str) -> list[_Token]:
    tokens: list[_Token] = []
    joined_to, joined_space = -1, True  # "do" and "n't" are two tokens of one written word
    for line in block.splitlines():
        cells = line.split("\t")
        if len(cells) != _COLUMNS or "." in cells[0]:
            continue
        misc = dict(item.split("=", 1) for item in cells[9].split("|") if "=" in item)
        space = misc.get("SpaceAfter") != "No"
        if "-" in cells[0]:
            joined_to, joined_space = int(cells[0].split("-")[1]), space
            continue
        number = int(cells[0])
        if number <= joined_to:
            space = joined_space and number == joined_to
        tokens.append(_Token(cells[1], cells[4], int(cells[6]) - 1, space, misc.get("Entity", "")))
    return tokens


def _sentence(tokens: list[_Token]) -> LabelledText:
    starts, ends, text = [], [], ""
    for token in tokens:
        starts.append(len(text))
        text += token.text
        ends.append(len(text))
        text += " " if token.space else ""
    spans = [
        LabelledSpan(starts[name[0]], ends[name[-1]], _LABELS[kind])
        for first, last, kind in _mentions(tokens)
        if (name := _name(tokens, first, last, kind))
    ]
    return LabelledText(text.strip(), drop_overlaps(spans))


def _mentions(tokens: list[_Token]) -> Iterator[tuple[int, int, str]]:
    """(first token, last token, kind) of the persons, places and organisations."""
    opened: dict[str, list[tuple[int, str]]] = {}
    for i, token in enumerate(tokens):
        for number, opening, closed, ending in _EVENT.findall(token.entity):
            if ending:
                if opened.get(ending):
                    first, kind = opened[ending].pop()
                    if kind in _LABELS:
                        yield first, i, kind
            elif closed:
                if opening in _LABELS:
                    yield i, i, opening
            else:
                opened.setdefault(number, []).append((i, opening))


def _name(tokens: list[_Token], first: int, last: int, kind: str) -> list[int]:
    """The tokens of a mention that are its name; empty when it has none."""
    inside = range(first, last + 1)
    head = next((i for i in inside if tokens[i].head not in inside), first)
    if not _proper(tokens[head]):
        # "biologist Nick Bos": the head is a common noun and the name hangs on it.
        following = head + 1
        if kind != "person" or following not in inside or not _proper(tokens[following]):
            return []
        head = following
    low = high = head
    inner = _INNER | _INNER_PERSON if kind != "person" else _INNER_PERSON
    while low > first and (_proper(tokens[low - 1]) or _bridges(tokens, low - 1, first, inner, -1)):
        low -= 1
    while high < last and (_proper(tokens[high + 1]) or _bridges(tokens, high + 1, last, inner, 1)):
        high += 1
    name = list(range(low, high + 1))
    while kind == "person" and name and tokens[name[0]].text.lower() in _TITLES:
        name = name[1:]
    if kind == "person" and all(tokens[i].tag == "NNPS" for i in name):
        return []  # "Americans" are a people, not a person
    return name


def _proper(token: _Token) -> bool:
    return token.tag in ("NNP", "NNPS")


def _bridges(tokens: list[_Token], at: int, limit: int, inner: frozenset[str], step: int) -> bool:
    """Whether a small word or sign at ``at`` joins two proper nouns of one name."""
    while at != limit and tokens[at].text.lower() in inner:
        at += step
        if _proper(tokens[at]):
            return True
    return False
