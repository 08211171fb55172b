"""For any edits, searches and decisions, clean text is the original with just what was accepted.

Real studies, real searches by the rules. With EARSHOT_THOROUGH=1 it takes 10,000 cases, some
minutes; else a handful.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymise.clean_transcript import write_clean_transcript
from anonymise.mention_decisions import (
    accept_all_mentions,
    add_mention,
    decide_mention,
    undo_decisions,
)
from anonymise.search import search_transcript
from study import (
    ArtefactKind,
    Category,
    DecidedMention,
    InterviewDetails,
    Provenance,
    Transcript,
    Turn,
    Verdict,
)
from study.errors import BadReplacement, NotCorrectable, StepMissing, UnknownMention, WordsChanged
from study.store import (
    Argon2Cost,
    Interview,
    Study,
    TranscriptEditor,
    read_decisions,
    read_newest_transcript,
)

CASES = 10_000 if os.environ.get("EARSHOT_THOROUGH") else 30
_PER_STUDY = 40  # interviews, before the next study is made: each search looks at all of them
PARTS = st.sampled_from([
    "My name is Arthur Bennett.", "my sister Jean", "Arthur", "Mr Bennett", "in Skipton",
    "07700 900418", "on 14 March 2019", "I am 92", "well", "yes", "\u00e9", "e\u0301", "\u200d",
    "\U0001f600", "\u05e9\u05dc\u05d5\u05dd", "[Person 1]", "Jean\u200dBennett", "a\r\nb",
    "Rose Ward", "x@example.org", "A man called Derek.",
])  # fmt: skip
TEXTS = st.lists(PARTS, min_size=1, max_size=5).map(" ".join)
ACTS = st.lists(
    st.tuples(st.sampled_from(["decide", "add", "undo", "edit", "search", "all"]),
              st.integers(0, 99), st.integers(0, 99), TEXTS),
    max_size=6,
)  # fmt: skip


@dataclass(slots=True)
class Rooms:
    """Makes interviews for many cases, some in each study."""

    make: Callable[[], Study]
    study: Study | None = None
    used: int = 0

    def make_interview(self, texts: list[str]) -> Interview:
        if self.study is None or self.used >= _PER_STUDY:
            if self.study is not None:
                self.study.close()
            self.study, self.used = self.make(), 0
            self.study.db.execute("PRAGMA synchronous = OFF")  # what is tested is no power cut
        self.used += 1
        turns = tuple(Turn(k, "P01", k, k + 1.0, text) for k, text in enumerate(texts, 1))
        with self.study.change("heard") as change:
            interview = change.add_interview(InterviewDetails(f"I{self.used}"))
            change.write_artefact(
                ArtefactKind.RAW, Transcript(turns, Provenance("transcribe", "test"))
            )
        return self.study.interview(interview)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)

    def make() -> Study:
        folder = tmp_path_factory.mktemp("laws") / "study"
        return Study.create(folder, "four unrelated words", cost=cheap)[0]

    return Rooms(make)


def act(interview: Interview, what: tuple[str, int, int, str]) -> None:
    kind, one, two, text = what
    every = read_decisions(interview)
    source = read_newest_transcript(interview)
    assert source is not None
    turns = source.transcript.turns
    turn = turns[one % len(turns)]
    if kind == "search":
        search_transcript(interview, name_model=None)
    elif kind == "edit":
        TranscriptEditor(interview).set_text(turn.key, text)
    elif kind == "undo":
        undo_decisions(interview)
    elif kind == "all":
        accept_all_mentions(interview)
    elif kind == "add":
        start = two % max(1, len(turn.text))
        add_mention(
            interview,
            turn.key,
            start,
            start + 1 + one % 9,
            list(Category)[one % 20],
        )
    elif every:
        verdict = [Verdict.ACCEPTED, Verdict.REJECTED, Verdict.CHANGED][two % 3]
        key = every[one % len(every)].mention.key
        decide_mention(interview, key, verdict, replacement=text, alike=two % 2 == 0)


@given(st.lists(TEXTS, min_size=1, max_size=3), ACTS)
@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_clean_text_is_the_original_with_exactly_the_accepted_spans_replaced(
    rooms: Rooms, texts: list[str], acts: list[tuple[str, int, int, str]]
) -> None:
    interview = rooms.make_interview(texts)
    search_transcript(interview, name_model=None)
    for what in acts:
        try:
            act(interview, what)
        except (UnknownMention, WordsChanged, StepMissing, NotCorrectable, BadReplacement):
            continue  # refused in words, and nothing happened
    search_transcript(interview, name_model=None)
    accept_all_mentions(interview)

    cleaned = write_clean_transcript(interview)

    source = read_newest_transcript(interview)
    assert source is not None
    pairs = read_decisions(interview)
    assert [t.key for t in cleaned.turns] == [t.key for t in source.transcript.turns]
    for before, after in zip(source.transcript.turns, cleaned.turns, strict=True):
        mentions = [d for d in pairs if d.mention.turn == before.key]
        assert after.text == expected(before.text, mentions)
    assert "Arthur Bennett." not in " ".join(
        after.text for after in cleaned.turns if not kept(pairs, after.key)
    )


def expected(text: str, mentions: list[DecidedMention]) -> str:
    """Put replacements in, character by character: slow, and plainly right."""
    made: list[str] = []
    at = 0
    for one in sorted(mentions, key=lambda d: d.mention.start):
        start, end = one.mention.start, one.mention.end
        assert at <= start < end <= len(text), "mentions overlap or drift"
        while at < start:
            made.append(text[at])
            at += 1
        made.append(one.replacement if one.is_replaced else text[start:end])
        at = end
    joined = "".join([*made, *text[at:]])
    return unicodedata.normalize("NFC", joined.replace("\r\n", "\n").replace("\r", "\n"))


def kept(pairs: list[DecidedMention], turn: int) -> bool:
    """Whether a person let something stand in a turn, or typed it there."""
    return any(
        d.mention.turn == turn and d.decision is not None
        and d.decision.verdict in {Verdict.REJECTED, Verdict.CHANGED}
        for d in pairs
    )  # fmt: skip


@given(st.lists(TEXTS, min_size=2, max_size=3), TEXTS, st.integers(0, 2))
@settings(max_examples=max(10, CASES // 10), deadline=None)
def test_a_decision_stays_where_its_words_still_stand(
    rooms: Rooms, texts: list[str], edit: str, at: int
) -> None:
    interview = rooms.make_interview(texts)
    search_transcript(interview, name_model=None)
    for number, one in enumerate(read_decisions(interview)):
        verdict = Verdict.REJECTED if number % 2 else Verdict.ACCEPTED
        decide_mention(interview, one.mention.key, verdict)
    before = {d.mention.key: d for d in read_decisions(interview)}
    edited = at % len(texts) + 1
    try:
        TranscriptEditor(interview).set_text(edited, edit)
    except NotCorrectable:
        return
    search_transcript(interview, name_model=None)

    after = {d.mention.key: d for d in read_decisions(interview)}
    for key, was in before.items():
        if was.mention.turn != edited and was.is_replaced:
            assert after[key].decision == was.decision
            assert after[key].mention.start == was.mention.start
