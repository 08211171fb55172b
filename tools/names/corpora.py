"""Read the openly licensed annotated text, and say which part of it is never trained on.

Two folders are read. ``data`` holds the measuring sets of the project as JSON lines. ``corpora``
holds checkouts of public repositories, each in a folder of its name; one that is missing is
left out and reported. Nothing of either is copied into the repository; CARD.md lists licences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.labelled_text import (
    LABEL_BY_NAME,
    LabelledSpan,
    LabelledText,
    is_held_out,
    read_jsonl_texts,
)
from tools.names import gum, lists
from tools.names.passage import joined

# The sources nearest to an interview: the threshold is chosen on their dev parts.
TALK = ("gum-conversation", "gum-court", "gum-interview", "gum-vlog")
_LEAST_WORDS = 4
_GLUED = re.compile(r"[.,!?:;)']|['\u2019]\w{1,2}|n't")  # stands against the word before it
PRESIDIO = "presidio"
_TWEETS = "broad_twitter_corpus"
_EMERGING = "emerging_entities_17"


@dataclass(frozen=True, slots=True)
class Document:
    """A passage, where it is from, and its part: train, dev (to choose by) or test."""

    source: str
    name: str
    passage: LabelledText
    part: str


def documents(data: Path, corpora: Path) -> list[Document]:
    """All that may be trained on, and the parts of it and of GUM's talk that never are."""
    found = list(_presidio(data / "presidio-synthetic.jsonl"))
    if (corpora / "gum").is_dir():
        found += [
            Document("gum-" + d.genre, d.name, d.passage, _part(d))
            for d in gum.documents(corpora / "gum")
        ]
    for name in ("a", "b", "e", "f", "g", "h"):
        path = corpora / _TWEETS / f"{name}.conll"
        found += _columns(path, f"tweets-{name}", part="test" if name == "a" else "train")
    for name in ("wnut17train", "emerging.dev"):
        found += _columns(corpora / _EMERGING / f"{name}.conll", "emerging", part="train")
    return found


def _presidio(path: Path) -> Iterator[Document]:
    for name, passage in read_jsonl_texts(path) if path.exists() else ():
        part = "test" if is_held_out(path.stem, name) else "train"
        yield Document(PRESIDIO, name, passage, part)


def _part(sample: gum.Sample) -> str:
    """GUM's own partition; conversation, the nearest to an interview, is never trained on."""
    if sample.genre == gum.MEASURED_GENRE:
        return "dev" if sample.partition == "dev" else "test"
    return sample.partition


def _columns(path: Path, source: str, *, part: str) -> Iterator[Document]:
    """Documents of a two-column file: a word and its label per line, blank lines between."""
    if not path.exists():
        return
    blocks = re.split(r"\n[ \t]*\n", path.read_text(encoding="utf-8"))
    tweets = [_tweet([line.split("\t") for line in block.splitlines()]) for block in blocks]
    # Six at a time: alone they are shorter than a turn of talk.
    said = [tweet for tweet in tweets if _is_english(tweet.text)]
    for i in range(0, len(said), 6):
        yield Document(source, f"{source}-{i}", joined(said[i : i + 6]), part)


def _tweet(rows: list[list[str]]) -> LabelledText:
    """The words of a tweet with its handles, links and hash signs taken out."""
    text, spans = "", list[LabelledSpan]()
    previous, began = "", False
    for row in (row for row in rows if len(row) == len(("word", "label"))):
        word, tag = row[0].strip(), row[1].strip()
        is_noise = word in ("@", "#", "RT", "&") or word.startswith(("http", "@", "#", "\ufffd"))
        if is_noise or previous == "@" or not word:
            previous, began = word, False
            continue
        previous = word
        glued = not text or _GLUED.fullmatch(word) is not None
        start = len(text) if glued else len(text) + 1
        text += word if glued else " " + word
        label = LABEL_BY_NAME.get(tag[2:])
        if label and tag[0] == "I" and began:
            spans[-1] = LabelledSpan(spans[-1].start, len(text), label)
        elif label:
            spans.append(LabelledSpan(start, len(text), label))
        began = label is not None
    return LabelledText(text, tuple(spans))


def _is_english(text: str) -> bool:
    """A rough test for a tweet in English that is more than a shout."""
    words, everyday = text.lower().split(), set(lists.words("everyday"))
    hits = len([word for word in words if word in everyday])
    return len(words) >= _LEAST_WORDS and hits >= max(1, len(words) // 8)
