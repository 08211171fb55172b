"""The log tells a data officer who decided what, how often, what changed, what nobody saw."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymise.anonymisation_log import (
    LogFilter,
    compare_logs,
    count_log_lines,
    list_decision_history,
    list_unseen_turns,
    read_anonymisation_log,
    read_originals,
    sample_log_lines,
)
from anonymise.clean_transcript import write_clean_transcript
from anonymise.mention_decisions import accept_all_mentions, decide_mention
from anonymise.search import search_transcript
from study import PROGRAM_VERSION, Category, LogLine, Verdict
from study.errors import KeyNotHeld
from study.store import Argon2Cost, Interview, KeyClass, Study, read_decisions, record_viewed_turns

Hear = Callable[..., Interview]
TALK = ("My name is Arthur Bennett.", "It was twice, Arthur.", "I live in Skipton.", "Yes.")


@pytest.fixture
def one(hear: Hear) -> Interview:
    interview = hear(*TALK)
    search_transcript(interview, name_model=None)
    return interview


def keys(interview: Interview) -> list[str]:
    return [d.mention.key for d in read_decisions(interview)]


def actions(lines: tuple[LogLine, ...] | list[LogLine]) -> list[str]:
    return [line.action for line in lines]


def test_the_log_stands_before_anything_is_handed_over(one: Interview) -> None:
    full, first, _ = keys(one)
    decide_mention(one, full, Verdict.CHANGED, replacement="our friend")
    decide_mention(one, first, Verdict.REJECTED)
    found = read_anonymisation_log(one)
    assert actions(found) == ["replaced by hand", "kept", "undecided"]
    assert [line.component for line in found] == [PROGRAM_VERSION] * 3
    assert "Arthur" not in str(found)


def test_lines_are_chosen_and_counted(one: Interview) -> None:
    accept_all_mentions(one)
    decide_mention(one, keys(one)[2], Verdict.REJECTED)
    lines = read_anonymisation_log(one)
    assert actions([x for x in lines if LogFilter(category=Category.PLACE).matches(x)]) == ["kept"]
    assert len([x for x in lines if LogFilter(direct=True, in_bulk=True, slot=1).matches(x)]) == 2
    assert [x for x in lines if LogFilter(slot=2).matches(x)] == []
    assert count_log_lines(lines) == {
        (Category.PERSON, "replaced"): 2, (Category.PLACE, "kept"): 1,
    }  # fmt: skip


@given(st.lists(st.uuids(), max_size=60, unique=True), st.integers(0, 100), st.text(max_size=3))
def test_a_sample_is_that_large_and_the_same_each_time(
    mentions: list[object], percent: int, seed: str
) -> None:
    lines = [
        LogLine(str(m), 1, 0.0, Category.PERSON, direct=True, action="kept", replacement="",
                source="s", score=1.0, by=1, at="")
        for m in mentions
    ]  # fmt: skip
    drawn = sample_log_lines(lines, percent, seed)
    assert len(drawn) == -(-len(lines) * percent // 100)
    assert drawn == sample_log_lines(lines, percent, seed)
    assert {x.mention for x in sample_log_lines(lines, percent // 2, seed)} <= {
        x.mention for x in drawn
    }


def test_two_versions_are_compared(one: Interview) -> None:
    accept_all_mentions(one)
    write_clean_transcript(one)
    town = keys(one)[2]
    decide_mention(one, town, Verdict.REJECTED, reason="everybody does")
    (change,) = compare_logs(
        read_anonymisation_log(one, 1),
        read_anonymisation_log(one),
    )
    assert change.before is not None
    assert change.after is not None
    assert (change.before.action, change.after.action) == ("replaced", "kept")
    write_clean_transcript(one)
    assert compare_logs(
        read_anonymisation_log(one, 1),
        read_anonymisation_log(one, 2),
    ) == [change]
    assert len(compare_logs((), read_anonymisation_log(one))) == 3


def test_who_decided_otherwise_before_is_never_lost(one: Interview) -> None:
    (full, *_) = keys(one)
    decide_mention(one, full, Verdict.ACCEPTED)
    search_transcript(one, name_model=None)  # carries decisions over into a new version
    decide_mention(one, full, Verdict.REJECTED, reason="the actor")
    made = list_decision_history(one, full)
    assert sorted(d.verdict for d in made) == [Verdict.ACCEPTED, Verdict.REJECTED]
    assert len(list_decision_history(one)) == 2


def test_turns_that_nobody_looked_at_are_told(one: Interview) -> None:
    full, *_ = keys(one)
    decide_mention(one, full, Verdict.ACCEPTED)
    accept_all_mentions(one)  # is no look
    assert list_unseen_turns(one) == [2, 3, 4]
    record_viewed_turns(one, [4])
    assert list_unseen_turns(one) == [2, 3]


def officer(study: Study, *classes: KeyClass) -> Study:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    study.add_slot("officer", "another long passphrase", classes, cost=cheap)
    return Study.open(study.folder, "another long passphrase")


def test_originals_are_for_the_holder_of_the_key_and_the_reading_is_noted(
    study: Study, one: Interview
) -> None:
    accept_all_mentions(one, reason="a trial")
    write_clean_transcript(one)
    with officer(study, KeyClass.KEY, KeyClass.CLEAN) as holder:
        assert len(read_anonymisation_log(holder.interview(one.id))) == 3
        said = read_originals(holder.interview(one.id))
        assert {(o.words, o.reason) for o in said.values()} == {
            ("Arthur Bennett", "a trial"), ("Arthur", "a trial"), ("Skipton", "a trial"),
        }  # fmt: skip
        (verb,) = holder.db.execute(
            "SELECT verb FROM trail ORDER BY number DESC LIMIT 1"
        ).fetchone()
    assert verb == "originals read"


def test_without_the_key_there_is_the_log_and_nothing_more(study: Study, one: Interview) -> None:
    accept_all_mentions(one)
    write_clean_transcript(one)
    with officer(study, KeyClass.CLEAN) as reader:
        assert actions(read_anonymisation_log(reader.interview(one.id))) == ["replaced"] * 3
        with pytest.raises(KeyNotHeld):
            read_originals(reader.interview(one.id))
