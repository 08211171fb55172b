"""Interview turns drawn from the grammar in ``grammar/*.txt``.

A section is ``[name]`` or ``[name : LABEL]`` and one alternative per line; ``{other}`` stands
for one line of another section. What a labelled section yields becomes one span. The same seed
gives the same turns.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.labelled_text import ENTITY_LABELS, LabelledSpan, LabelledText
from tools.names.lists import Names, names
from tools.names.passage import joined

_FOLDER = Path(__file__).parent / "grammar"
_HEADING = re.compile(r"\[(\w+)(?: : (\w+))?\]")
_SLOT = re.compile(r"\{(\w+)\}")
# Shares of the kinds of sentence. Two of three name nobody, as in real talk: templates with a
# name in every sentence taught an earlier model to mask a third of all words.
_KINDS = ("named", "named_question", "question", "plain")
_SHARES = (34, 8, 12, 46)


@dataclass(frozen=True)
class Section:
    """The alternatives of one section and the label of what they yield, if any."""

    lines: tuple[str, ...]
    label: str | None


@cache
def sections() -> dict[str, Section]:
    """All sections of the grammar, those from the name lists included."""
    found = _listed(names())
    for path in sorted(_FOLDER.glob("*.txt")):
        found |= _read(path.read_text(encoding="utf-8"))
    return found


def _listed(lists: Names) -> dict[str, Section]:
    """Sections whose lines are names and places from the lists."""
    drawn = {
        "first": lists.given,
        "last": lists.last,
        "surname_word": lists.last,
        "gb_place": lists.gb_places,
        "gb_village": lists.gb_villages,
        "world_place": lists.world_places,
        "country": lists.countries,
    }
    return {name: Section(lines, None) for name, lines in drawn.items()}


def _read(text: str) -> dict[str, Section]:
    found: dict[str, list[str]] = {}
    labels: dict[str, str | None] = {}
    current = ""
    for raw in text.splitlines():
        line = raw.strip("\n")
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            current = heading[1]
            found[current], labels[current] = [], heading[2]
        elif line.strip() and not line.startswith("#"):
            found[current].append(line)
    assert all(label in (None, *ENTITY_LABELS) for label in labels.values())
    return {name: Section(tuple(lines), labels[name]) for name, lines in found.items()}


def expand(name: str, rng: random.Random) -> LabelledText:
    """One random sentence of a section, its labelled parts as spans."""
    section = sections()[name]
    text, spans = "", []
    line = rng.choice(section.lines)
    cursor = 0
    for slot in _SLOT.finditer(line):
        text += line[cursor : slot.start()]
        inner = expand(slot[1], rng)
        spans += [
            LabelledSpan(s.start + len(text), s.end + len(text), s.label) for s in inner.spans
        ]
        text += inner.text
        cursor = slot.end()
    text += line[cursor:]
    if section.label:
        # "the Lake District": the article is said, but it is not part of the name.
        start = 4 if text.lower().startswith("the ") else 0
        spans = [LabelledSpan(start, len(text), section.label)]
    return LabelledText(text, tuple(spans))


def turn(rng: random.Random) -> LabelledText:
    """One to eight sentences of interview talk."""
    kinds = rng.choices(_KINDS, _SHARES, k=rng.randint(1, 8))
    return joined(_sentence(expand(kind, rng)) for kind in kinds)


def _sentence(passage: LabelledText) -> LabelledText:
    """The passage with a capital at its start, as a transcriber would write it."""
    return LabelledText(passage.text[:1].upper() + passage.text[1:], passage.spans)


def turns(seed: int, count: int) -> list[LabelledText]:
    """``count`` turns, always the same for the same seed."""
    rng = random.Random(seed)
    return [turn(rng) for _ in range(count)]
