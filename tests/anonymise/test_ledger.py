"""The log answers a data officer: who, what, how many, what changed, what nobody looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymise import ledger
from anonymise.cleaning import clean
from anonymise.deciding import accept_all, decide
from anonymise.ledger import Wanted
from anonymise.steps import propose
from study import decided, progress
from study.errors import KeyNotHeld
from study.keys import Argon2Cost, KeyClass
from study.steps import PROGRAM
from study.store import Study
from study.terms import Category, LogLine, Verdict

Hear = Callable[..., str]
TALK = ("My name is Arthur Bennett.", "It was twice, Arthur.", "I live in Skipton.", "Yes.")


@pytest.fixture
def one(study: Study, hear: Hear) -> str:
    interview = hear(*TALK)
    propose(study, interview, ner=None)
    return interview


def keys(study: Study, interview: str) -> list[str]:
    return [d.mention.key for d in decided.read(study, interview)]


def actions(lines: tuple[LogLine, ...] | list[LogLine]) -> list[str]:
    return [line.action for line in lines]


def test_the_log_stands_before_anything_is_handed_over(study: Study, one: str) -> None:
    full, first, _ = keys(study, one)
    decide(study, one, full, Verdict.CHANGED, replacement="our friend")
    decide(study, one, first, Verdict.REJECTED)
    found = ledger.read(study, one)
    assert actions(found) == ["replaced by hand", "kept", "undecided"]
    assert [line.component for line in found] == [PROGRAM] * 3
    assert "Arthur" not in str(found)


def test_lines_are_chosen_and_counted(study: Study, one: str) -> None:
    accept_all(study, one)
    decide(study, one, keys(study, one)[2], Verdict.REJECTED)
    lines = ledger.read(study, one)
    assert actions([x for x in lines if Wanted(category=Category.PLACE).fits(x)]) == ["kept"]
    assert len([x for x in lines if Wanted(direct=True, in_bulk=True, by=1).fits(x)]) == 2
    assert [x for x in lines if Wanted(by=2).fits(x)] == []
    assert ledger.counts(lines) == {
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
    drawn = ledger.sample(lines, percent, seed)
    assert len(drawn) == -(-len(lines) * percent // 100)
    assert drawn == ledger.sample(lines, percent, seed)
    assert {x.mention for x in ledger.sample(lines, percent // 2, seed)} <= {
        x.mention for x in drawn
    }


def test_two_versions_are_compared(study: Study, one: str) -> None:
    accept_all(study, one)
    clean(study, one)
    town = keys(study, one)[2]
    decide(study, one, town, Verdict.REJECTED, reason="everybody does")
    (change,) = ledger.compare(ledger.read(study, one, 1), ledger.read(study, one))
    assert change.before is not None
    assert change.after is not None
    assert (change.before.action, change.after.action) == ("replaced", "kept")
    clean(study, one)
    assert ledger.compare(ledger.read(study, one, 1), ledger.read(study, one, 2)) == [change]
    assert len(ledger.compare((), ledger.read(study, one))) == 3


def test_who_decided_otherwise_before_is_never_lost(study: Study, one: str) -> None:
    (full, *_) = keys(study, one)
    decide(study, one, full, Verdict.ACCEPTED)
    propose(study, one, ner=None)  # carries decisions over into a new version
    decide(study, one, full, Verdict.REJECTED, reason="the actor")
    made = ledger.history(study, one, full)
    assert sorted(d.verdict for d in made) == [Verdict.ACCEPTED, Verdict.REJECTED]
    assert len(ledger.history(study, one)) == 2


def test_turns_that_nobody_looked_at_are_told(study: Study, one: str) -> None:
    full, *_ = keys(study, one)
    decide(study, one, full, Verdict.ACCEPTED)
    accept_all(study, one)  # is no look
    assert ledger.never_looked_at(study, one) == [2, 3, 4]
    progress.look(study, one, [4])
    assert ledger.never_looked_at(study, one) == [2, 3]


def officer(study: Study, *classes: KeyClass) -> Study:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    study.add_slot("officer", "another long passphrase", classes, cost=cheap)
    return Study.open(study.folder, "another long passphrase")


def test_originals_are_for_the_holder_of_the_key_and_the_reading_is_noted(
    study: Study, one: str
) -> None:
    accept_all(study, one, reason="a trial")
    clean(study, one)
    with officer(study, KeyClass.KEY, KeyClass.CLEAN) as holder:
        assert len(ledger.read(holder, one)) == 3
        said = ledger.originals(holder, one)
        assert {(o.words, o.reason) for o in said.values()} == {
            ("Arthur Bennett", "a trial"), ("Arthur", "a trial"), ("Skipton", "a trial"),
        }  # fmt: skip
        (verb,) = holder.db.execute(
            "SELECT verb FROM trail ORDER BY number DESC LIMIT 1"
        ).fetchone()
    assert verb == "originals read"


def test_without_the_key_there_is_the_log_and_nothing_more(study: Study, one: str) -> None:
    accept_all(study, one)
    clean(study, one)
    with officer(study, KeyClass.CLEAN) as reader:
        assert actions(ledger.read(reader, one)) == ["replaced"] * 3
        with pytest.raises(KeyNotHeld):
            ledger.originals(reader, one)
