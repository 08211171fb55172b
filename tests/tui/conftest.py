"""A real study with interviews in every state, and eyes for the screen."""

from __future__ import annotations

import itertools
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from study.artefacts import Kind
from study.facts import MentionsFacts, TranscriptFacts
from study.keys import Argon2Cost
from study.references import TranscriptRef
from study.store import Study
from study.terms import (
    About,
    Category,
    Coverage,
    Flag,
    Mention,
    Mentions,
    Provenance,
    Transcript,
    Turn,
)
from tui import quiet
from tui.app import Earshot
from tui.cli import main

SEARCHED = TranscriptRef(Kind.RAW, 1)

Run = Callable[..., tuple[int, str, str]]


def result(out: str) -> Any:  # noqa: ANN401 - JSON is whatever a verb says
    """What the last line of JSON says."""
    return json.loads(out.splitlines()[-1])["result"]


CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
MADE_BY = Provenance("test", "earshot tests")

TURNS = (
    Turn(1, "INT", 0.0, 4.0, "Could you tell me who comes to the course with you?"),
    Turn(2, "P07", 4.5, 12.0, "My sister Margaret does. She works at Ashfield ward, you know."),
    Turn(3, "INT", 13.0, 15.0, "How long has Margaret been doing that?"),
    Turn(
        4, "P07", 15.5, 31.0,
        "Oh, since the spring. [pause] Before that it was Tom, but Tom moved to Leeds, and then "
        "nobody came for a while, and I sat there by myself with my tea.",
        flags=(Flag("repetition", "said three times"),),
    ),
)  # fmt: skip


def mention(key: str, turn: Turn, words: str, category: Category, replacement: str) -> Mention:
    start = turn.text.index(words)
    return Mention(
        key, turn.key, start, start + len(words), category, "register", 0.98, replacement
    )


MENTIONS = (
    mention("m1", TURNS[1], "Margaret", Category.PERSON, "[Person 2]"),
    mention("m2", TURNS[1], "Ashfield ward", Category.ORGANISATION, "[Organisation 1]"),
    mention("m3", TURNS[2], "Margaret", Category.PERSON, "[Person 2]"),
    mention("m4", TURNS[3], "Leeds", Category.PLACE, "[Place 1]"),
)


def add_interview(
    study: Study,
    label: str,
    turns: tuple[Turn, ...] = (),
    mentions: tuple[Mention, ...] | None = None,
    *,
    not_looked_for: tuple[str, ...] = (),
    coverage: Coverage | None = None,
) -> str:
    with study.change("imported") as change:
        interview = change.add_interview(About(label))
        if turns:
            covered = coverage or Coverage(31.0, 25.0, 24.6, ((12.2, 12.6),))
            told = TranscriptFacts(speech_s=covered.speech_s, covered_s=covered.covered_s)
            change.put(interview, Kind.RAW, Transcript(turns, MADE_BY, covered), told)
        if mentions is not None:
            found = Mentions(SEARCHED, mentions, MADE_BY, ("person",), not_looked_for)
            change.put(
                interview,
                Kind.MENTIONS,
                found,
                MentionsFacts(SEARCHED, undecided=len(mentions)),
            )
    return interview


@pytest.fixture
def course(tmp_path: Path, passphrase: str) -> Iterator[Study]:
    """A study with one interview to review, one transcribed and one just entered."""
    ticks = itertools.count()

    def clock() -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=next(ticks))

    made, _ = Study.create(tmp_path / "course", passphrase, cost=CHEAP, clock=clock)
    with made:
        not_looked_for = ("vehicle registration",)
        add_interview(made, "P07_i1", TURNS, MENTIONS, not_looked_for=not_looked_for)
        add_interview(made, "P08_i1", TURNS[:1])
        add_interview(made, "P09_i1")
        yield made


@pytest.fixture
def turns() -> tuple[Turn, ...]:
    return TURNS


@pytest.fixture
def mentions() -> tuple[Mention, ...]:
    return MENTIONS


@pytest.fixture
def add() -> Callable[..., str]:
    """Enter an interview with what is given of it; returns its id."""
    return add_interview


@pytest.fixture
def shown() -> Callable[[Earshot], str]:
    """Read the screen, blanks at the ends of lines left out."""

    def read(app: Earshot) -> str:
        text = "\n".join(strip.text.rstrip() for strip in quiet.strips(app))
        return text.replace("\N{NO-BREAK SPACE}", " ")

    return read


@pytest.fixture
def verb(tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """Make a program that stands for ``earshot``; its text sees ``tell``, ``keys`` and ``argv``."""

    def make(body: str) -> tuple[str, ...]:
        script = tmp_path / "verb.py"
        script.write_text(_PREAMBLE + textwrap.dedent(body))
        return sys.executable, "-P", str(script)

    return make


_PREAMBLE = """
import json, os, sys
argv = sys.argv[1:]
keys = open(int(argv[argv.index("--keys-fd") + 1]), "rb").read()
def tell(**event):
    print(json.dumps(event), flush=True)
"""


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], passphrase: str
) -> Run:
    """Call Earshot; returns its exit code, what stood on stdout, and what on stderr."""
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)

    def call(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call
