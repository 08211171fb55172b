"""A study that Earshot 0.1.0 made is brought up when it is opened, and nothing of it is lost."""

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

from study import decided, format_1, progress, schema, signed, trail
from study.artefacts import Kind, State
from study.corrected import at
from study.database import DATABASE, SUM, matches_sum
from study.errors import StudyDamaged, StudyTooNew, WrongPassphrase
from study.references import CleanBasis, DecisionsRef, SignOffBasis, TranscriptRef
from study.store import Study
from study.terms import Layout, Mentions, Recognition, Transcript
from study.verify import check_file, check_study
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
    HEARD: State.HANDED,
    HEARD_ONCE: State.TRANSCRIBED,
    BROKEN_OFF: State.TRANSCRIBING,
    RECORDED: State.RECORDED,
    WAITS: State.REVIEW,
    STALE: State.CORRECTED,
    READY: State.READY,
    SENT_BACK: State.SENT_BACK,
    SIGNED: State.SIGNED,
    VOID: State.SIGN_AGAIN,
}
LINES = 59  # of its trail, as it was made
BROUGHT_UP = "format brought up"
COPY = "study.format-1.db"


def rows(path: Path) -> list[tuple[object, ...]]:
    """All sealed rows of a database, as they lie."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(
            "SELECT interview, kind, version, 0, created_at, counts, sealed FROM artefact UNION ALL"
            " SELECT interview, kind, version, number, created_at, counts, sealed FROM entry"
            " ORDER BY 1, 2, 3, 4"
        ).fetchall()


def trail_of(path: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT * FROM trail ORDER BY number").fetchall()


def test_it_opens_and_verifies_with_every_interview_in_its_state(
    format_1: Path, passphrase: str
) -> None:
    assert check_file(format_1) == []

    with Study.open(format_1, passphrase) as study:
        assert {s.label: s.state for s in study.summaries()} == STATES
        assert study.find(WAITS).undecided == 1
        assert [s.label for s in study.summaries() if s.is_draft] == [HEARD_ONCE]
        assert check_study(study) == []

    assert matches_sum(format_1) is True
    with Study.open(format_1, passphrase) as study:
        assert check_study(study) == []


def test_its_trail_stays_and_has_one_line_more(format_1: Path, passphrase: str) -> None:
    before, sealed = trail_of(format_1 / DATABASE), rows(format_1 / DATABASE)

    for _ in range(2):
        Study.open(format_1, passphrase).close()

    *kept, last = trail_of(format_1 / DATABASE)
    assert kept == before
    assert len(kept) == LINES
    assert last[3] == BROUGHT_UP
    assert msgspec.json.decode(str(last[5])) == {"from_format": 1, "to_format": 2}
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
        found = {label: signed.read(study, study.find(label).id) for label in STATES}
        heard = study.find(HEARD)

        assert {label for label, one in found.items() if one} == {HEARD, SIGNED, VOID, SENT_BACK}
        assert {label for label, one in found.items() if one and one.is_valid} == {HEARD, SIGNED}
        void = found[VOID]
        assert void is not None
        assert void.why_void == "the transcript was edited since"
        told = heard.facts.sign_off
        assert told is not None
        assert told.basis == SignOffBasis(
            1, TranscriptRef(Kind.CORRECTED, 1, 3), DecisionsRef(1, 3), clean=1, log=1
        )


def test_what_stood_in_options_is_typed(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:

        def transcript(label: str, kind: Kind) -> Transcript:
            found = study.get(study.find(label).id, kind, Transcript)
            assert found is not None
            return found

        heard = study.find(HEARD).id
        mentions = study.get(heard, Kind.MENTIONS, Mentions)
        assert mentions is not None
        assert mentions.transcript == decided.newest_ref(study, heard)
        assert mentions.transcript == TranscriptRef(Kind.CORRECTED, 1, 3)
        assert [finder.source for finder in mentions.finders] == ["names"]
        assert transcript(HEARD, Kind.RAW).recognition == Recognition(layout=Layout(((0,), (1,))))
        once = transcript(HEARD_ONCE, Kind.RAW).recognition
        assert once == Recognition(layout=Layout(((0, 1),)), is_draft=True)
        assert transcript(WAITS, Kind.RAW).recognition is None
        clean = transcript(HEARD, Kind.CLEAN)
        assert clean.made_from == CleanBasis(mentions.transcript, 1, pauses_from_s=3.0)


def test_channels_that_were_heard_as_one_were_joined_by_a_plus() -> None:
    options = '{"language":"de","channels":"1+2 3","hints":4,"hints_version":2,"is_draft":false}'
    told = f'{{"turns":[],"provenance":{{"step":"x","program":"y","options":{options}}}}}'

    found = format_1.content(told.encode(), Transcript)

    assert found.recognition == Recognition("de", Layout(((0, 1), (2,))), hints_version=2, hints=4)


def test_reviewing_goes_on_where_it_was(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        ready = study.find(READY).id
        assert len(progress.read(study, ready).looked_at) == 2
        progress.take_back(study, ready)
        assert study.find(READY).state is State.REVIEWED
        progress.make_ready(study, ready)
        assert study.find(READY).state is State.READY
        heard = at(study, study.find(HEARD).id, 1)
        assert heard is not None
        assert (heard.edits, heard.transcript.turns[0].text[:5]) == (3, "Well,")
        assert check_study(study) == []


def test_who_may_read_only_what_is_clean_brings_it_up_as_well(
    format_1: Path, passphrase: str
) -> None:
    with Study.open(format_1, OFFICER) as study:
        assert study.find(study.summaries()[0].id).about is None
        assert sorted(s.state for s in study.summaries()) == sorted(STATES.values())

    with Study.open(format_1, passphrase) as study:
        assert {s.label: s.state for s in study.summaries()} == STATES
        assert check_study(study) == []
        lines, _ = study.trail()
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
    monkeypatch.setattr(schema, "FORMAT", 1)

    with pytest.raises(StudyTooNew, match=r"has format 2, and .* knows formats up to 1"):
        Study.open(format_1, passphrase)


@pytest.mark.parametrize("table", ["artefact", "entry"])
def test_a_row_that_gives_itself_out_as_of_another_format_does_not_open(
    format_1: Path, passphrase: str, table: str
) -> None:
    with Study.open(format_1, passphrase) as study:
        interview = study.find(HEARD).id
        study.db.execute(
            f"UPDATE {table} SET format = 2 WHERE kind = 'mentions' AND interview = ?",  # noqa: S608
            [interview],
        )
        with pytest.raises(StudyDamaged):
            decided.read(study, interview)
        assert any("mentions.1" in finding.where for finding in check_study(study))


_KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from study import database, schema, trail
from study.store import Study

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
    "after the sum is gone": lambda: after(database, "remove"),
    "after the tables": lambda: before(trail, "add"),
    "after the line": lambda: after(trail, "add"),
    "after the commit": lambda: after(schema, "migrate"),
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
        assert db.execute("PRAGMA user_version").fetchone() == (2 if is_done else 1,)

    assert check_file(format_1) == []
    with Study.open(format_1, passphrase) as study:
        assert {s.label: s.state for s in study.summaries()} == STATES
        assert signed.required(study, study.find(HEARD).id).is_valid
        assert check_study(study) == []
        lines, head = study.trail()
    assert [line.verb for line in lines].count(BROUGHT_UP) == 1
    assert head.count == LINES + 1
    assert (format_1 / COPY).is_file()
    assert (format_1 / SUM).is_file()


def test_a_head_that_was_printed_before_still_fits(format_1: Path, passphrase: str) -> None:
    *_, last = trail_of(format_1 / DATABASE)
    digest = last[6]
    assert isinstance(digest, bytes)
    head = trail.Head(LINES, digest.hex())

    with Study.open(format_1, passphrase) as study:
        assert check_study(study, head) == []
        assert check_study(study, trail.Head(LINES, hashlib.sha256().hexdigest())) != []
