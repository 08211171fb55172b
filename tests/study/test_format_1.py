"""A study that Earshot 0.1.0 made is migrated when it is opened, and nothing of it is lost."""

from __future__ import annotations

import contextlib
import hashlib
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from study.artefact_facts import DecisionFacts
from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewState
from study.errors import StudyDamaged, StudyTooNew, WrongPassphrase
from study.records import Decision, Layout, Mentions, Recognition, Transcript, Verdict
from study.references import CleanBasis, DecisionsRef, SignOffBasis, TranscriptRef
from study.store import format_1, schema
from study.store.database import DATABASE, SUM, matches_noted_sum
from study.store.review_records import mark_review_ready, read_review_progress
from study.store.sign_offs import read_sign_off, require_sign_off
from study.store.study import Study
from study.store.trail import TrailHead
from study.store.transcripts import find_newest_ref, read_corrected_version, read_decisions
from study.store.verification import verify_database_file, verify_study
from tests.study.fixtures.sample_study import (
    BROKEN_OFF,
    HEARD,
    HEARD_ONCE,
    OFFICER,
    READY,
    RECORDED,
    SENT_BACK,
    SIGNED,
    STALE,
    VOID,
    WAITS,
)

STATES = {
    HEARD: InterviewState.HANDED,
    HEARD_ONCE: InterviewState.TRANSCRIBED,
    BROKEN_OFF: InterviewState.TRANSCRIBING,
    RECORDED: InterviewState.RECORDED,
    WAITS: InterviewState.REVIEW,
    STALE: InterviewState.CORRECTED,
    READY: InterviewState.READY,
    SENT_BACK: InterviewState.SENT_BACK,
    SIGNED: InterviewState.SIGNED,
    VOID: InterviewState.SIGN_AGAIN,
}
THIS_FORMAT = schema.SCHEMA_FORMAT
LINES = 59  # of its trail, as it was made
BROUGHT_UP = "format brought up"
COPY = "study.format-1.db"


def rows(path: Path) -> list[tuple[object, ...]]:
    """All sealed rows of a database, byte by byte."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(
            "SELECT interview, kind, version, 0, created_at, counts, sealed FROM artefact UNION ALL"
            " SELECT interview, kind, version, number, created_at, counts, sealed FROM entry"
            " ORDER BY 1, 2, 3, 4"
        ).fetchall()


def trail_of(path: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(
            "SELECT number, at, slot, verb, interview, facts, hash, mac FROM trail ORDER BY number"
        ).fetchall()


def test_it_opens_and_verifies_with_every_interview_in_its_state(
    format_1: Path, passphrase: str
) -> None:
    assert verify_database_file(format_1) == []

    with Study.open(format_1, passphrase) as study:
        assert {s.label: s.state for s in study.summaries()} == STATES
        assert study.find_interview(WAITS).undecided == 1
        assert [s.label for s in study.summaries() if s.is_draft] == [HEARD_ONCE]
        assert verify_study(study) == []

    assert matches_noted_sum(format_1) is True
    with Study.open(format_1, passphrase) as study:
        assert verify_study(study) == []


def test_its_trail_stays_and_has_one_line_more(format_1: Path, passphrase: str) -> None:
    before, sealed = trail_of(format_1 / DATABASE), rows(format_1 / DATABASE)

    for _ in range(2):
        Study.open(format_1, passphrase).close()

    *kept, last = trail_of(format_1 / DATABASE)
    assert kept == before
    assert len(kept) == LINES
    assert last[3] == BROUGHT_UP
    facts = msgspec.json.decode(str(last[5]))
    assert (facts["from_format"], facts["to_format"]) == (1, THIS_FORMAT)
    assert rows(format_1 / DATABASE) == sealed


def test_a_copy_of_it_is_kept_as_it_was(format_1: Path, passphrase: str) -> None:
    before, lines = rows(format_1 / DATABASE), trail_of(format_1 / DATABASE)

    Study.open(format_1, passphrase).close()

    assert rows(format_1 / COPY) == before
    assert trail_of(format_1 / COPY) == lines
    with contextlib.closing(sqlite3.connect(format_1 / COPY)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_its_sign_offs_hold_or_are_void_as_before(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        found = {
            label: read_sign_off(study.interview(study.find_interview(label).id))
            for label in STATES
        }
        heard = study.find_interview(HEARD)

        assert {label for label, one in found.items() if one} == {HEARD, SIGNED, VOID, SENT_BACK}
        assert {label for label, one in found.items() if one and one.is_valid} == {HEARD, SIGNED}
        void = found[VOID]
        assert void is not None
        assert void.why_void == "the transcript was edited since"
        told = heard.facts.sign_off
        assert told is not None
        assert told.basis == SignOffBasis(
            1, TranscriptRef(ArtefactKind.CORRECTED, 1, 3), DecisionsRef(1, 3), clean=1, log=1
        )


def test_what_stood_in_options_is_typed(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:

        def transcript(label: str, kind: ArtefactKind) -> Transcript:
            found = study.interview(study.find_interview(label).id).read_artefact(kind, Transcript)
            assert found is not None
            return found

        heard = study.find_interview(HEARD).id
        mentions = study.interview(heard).read_artefact(ArtefactKind.MENTIONS, Mentions)
        assert mentions is not None
        assert mentions.transcript == find_newest_ref(study.interview(heard))
        assert mentions.transcript == TranscriptRef(ArtefactKind.CORRECTED, 1, 3)
        assert [finder.source for finder in mentions.finders] == ["names"]
        assert transcript(HEARD, ArtefactKind.RAW).recognition == Recognition(
            layout=Layout(((0,), (1,)))
        )
        once = transcript(HEARD_ONCE, ArtefactKind.RAW).recognition
        assert once == Recognition(layout=Layout(((0, 1),)), is_draft=True)
        assert transcript(WAITS, ArtefactKind.RAW).recognition is None
        clean = transcript(HEARD, ArtefactKind.CLEAN)
        assert clean.made_from == CleanBasis(mentions.transcript, 1, pauses_from_s=3.0)


def test_channels_that_were_heard_as_one_were_joined_by_a_plus() -> None:
    options = '{"language":"de","channels":"1+2 3","hints":4,"hints_version":2,"is_draft":false}'
    told = f'{{"turns":[],"provenance":{{"step":"x","program":"y","options":{options}}}}}'

    found = format_1.read_format_1_content(told.encode(), Transcript)

    assert found.recognition == Recognition("de", Layout(((0, 1), (2,))), hints_version=2, hints=4)


def test_reviewing_goes_on_where_it_was(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        ready = study.interview(READY)
        assert len(read_review_progress(ready).looked_at) == 2
        with ready.change("decided") as change:
            again = Decision(ready.read_decisions()[0].mention.key, Verdict.REJECTED, 1, "")
            change.append_entry(ArtefactKind.MENTIONS, again, DecisionFacts(0))
        assert ready.summary.state is InterviewState.REVIEWED
        mark_review_ready(ready)
        assert ready.summary.state is InterviewState.READY
        heard = read_corrected_version(study.interview(HEARD), 1)
        assert heard is not None
        assert (heard.edits, heard.transcript.turns[0].text[:5]) == (3, "Well,")
        assert verify_study(study) == []


def test_who_may_read_only_what_is_clean_brings_it_up_as_well(
    format_1: Path, passphrase: str
) -> None:
    with Study.open(format_1, OFFICER) as study:
        assert study.find_interview(study.summaries()[0].id).about is None
        assert sorted(s.state for s in study.summaries()) == sorted(STATES.values())

    with Study.open(format_1, passphrase) as study:
        assert {s.label: s.state for s in study.summaries()} == STATES
        assert verify_study(study) == []
        lines, _ = study.read_trail()
    assert [line.slot for line in lines if line.verb == BROUGHT_UP] == [3]


def test_a_wrong_passphrase_changes_nothing(format_1: Path) -> None:
    before = {path: path.read_bytes() for path in format_1.rglob("*") if path.is_file()}

    with pytest.raises(WrongPassphrase):
        Study.open(format_1, "not the passphrase")

    assert {path: path.read_bytes() for path in format_1.rglob("*") if path.is_file()} == before


def test_an_older_earshot_refuses_what_was_brought_up(
    format_1: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Study.open(format_1, passphrase).close()
    monkeypatch.setattr("study.store.database.SCHEMA_FORMAT", 1)

    told = rf"has format {THIS_FORMAT}, and .* knows formats up to 1"
    with pytest.raises(StudyTooNew, match=told):
        Study.open(format_1, passphrase)


@pytest.mark.parametrize("table", ["artefact", "entry"])
def test_a_row_that_gives_itself_out_as_of_another_format_does_not_open(
    format_1: Path, passphrase: str, table: str
) -> None:
    with Study.open(format_1, passphrase) as study:
        interview = study.find_interview(HEARD).id
        study.db.execute(
            f"UPDATE {table} SET format = 2 WHERE kind = 'mentions' AND interview = ?",  # noqa: S608
            [interview],
        )
        with pytest.raises(StudyDamaged):
            read_decisions(study.interview(interview))
        assert any("mentions.1" in finding.where for finding in verify_study(study))


_KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from study.store import database, study_setup
from study.store.study import Study

folder, passphrase, where = sys.argv[1:]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def before(module, name):
    setattr(module, name, die)

def after(module, name):
    right = getattr(module, name)
    def done(*given, **named):
        right(*given, **named)
        die()
    setattr(module, name, done)

{
    "before the copy": lambda: before(database, "_copy"),
    "before the copy has its name": lambda: before(Path, "replace"),
    "after the copy": lambda: after(database, "_copy"),
    "after the sum is gone": lambda: after(database, "remove_file"),
    "after the tables": lambda: before(study_setup, "append_trail_line"),
    "after the line": lambda: after(study_setup, "append_trail_line"),
    "after the commit": lambda: after(database, "migrate_tables"),
}[where]()
Study.open(Path(folder), passphrase)
"""


@pytest.mark.parametrize(
    ("where", "is_done"),
    [
        ("before the copy", False),
        ("before the copy has its name", False),
        ("after the copy", False),
        ("after the sum is gone", False),
        ("after the tables", False),
        ("after the line", False),
        ("after the commit", True),
    ],
)
def test_a_kill_while_it_is_brought_up_leaves_a_study_that_opens(
    format_1: Path, passphrase: str, where: str, *, is_done: bool
) -> None:
    command = [sys.executable, "-c", _KILLED, str(format_1), passphrase, where]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with contextlib.closing(sqlite3.connect(format_1 / DATABASE)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (THIS_FORMAT if is_done else 1,)

    assert verify_database_file(format_1) == []
    with Study.open(format_1, passphrase) as study:
        assert {s.label: s.state for s in study.summaries()} == STATES
        assert require_sign_off(study.interview(study.find_interview(HEARD).id)).is_valid
        assert verify_study(study) == []
        lines, head = study.read_trail()
    assert [line.verb for line in lines].count(BROUGHT_UP) == 1
    assert head.count == LINES + 1
    assert (format_1 / COPY).is_file()
    assert (format_1 / SUM).is_file()


def test_a_head_that_was_printed_before_still_fits(format_1: Path, passphrase: str) -> None:
    *_, last = trail_of(format_1 / DATABASE)
    digest = last[6]
    assert isinstance(digest, bytes)
    head = TrailHead(LINES, digest.hex())

    with Study.open(format_1, passphrase) as study:
        assert verify_study(study, head) == []
        assert verify_study(study, TrailHead(LINES, hashlib.sha256().hexdigest())) != []
