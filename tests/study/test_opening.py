"""What somebody with the disk did to a closed study is said when it is opened, in one sentence."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from study.artefact_kinds import ArtefactKind
from study.consent import ConsentRule
from study.errors import ChangeFlaw, SignOffVoid, StudyChanged, StudyDamaged
from study.person_roles import PersonRole
from study.records import Decision, StudyPolicy, Transcript, Verdict
from study.store import database, opening_checks
from study.store.database import DATABASE, SUM
from study.store.keys import Argon2Cost
from study.store.people import add_person, change_own_passphrase, remove_person
from study.store.seal import build_associated_data
from study.store.sign_offs import require_sign_off
from study.store.study import Study
from study.store.study_policy import change_study_policy, read_study_policy
from study.store.trail_witness import TrailWitness
from study.store.verification import verify_study
from tests.study.test_format_2 import PASSPHRASE, format_2

__all__ = ["format_2"]  # a fixture

LABEL = "P05_i1"
_OTHER_LINE = (
    "UPDATE trail SET hash = zeroblob(32) WHERE number = (SELECT max(number) - 1 FROM trail)"
)
_KEEP_KEYS = (
    "CREATE TRIGGER keep AFTER DELETE ON data_key BEGIN"
    " INSERT INTO data_key VALUES (old.interview, old.class, old.sealed); END"
)
Attack = Callable[[sqlite3.Connection], object]


def attack(folder: Path, *statements: str, sum_stays: bool = False) -> None:
    """Change a closed study without a passphrase; a careful attacker removes the sum as well."""
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as db, db:
        for statement in statements:
            db.execute(statement)
    if not sum_stays:
        (folder / SUM).unlink(missing_ok=True)


def flaw_of(folder: Path, passphrase: str = PASSPHRASE) -> ChangeFlaw | None:
    with Study.open(folder, passphrase) as study:
        return study.change_flaw


@pytest.fixture
def sent_back(format_2: Path) -> Path:
    """A study whose only interview was signed off, and sent back since."""
    from handoff import send_transcript_back
    from study import Objection

    with Study.open(format_2, PASSPHRASE) as study:
        send_transcript_back(study.interview(LABEL), [Objection("one more name is in it")])
    return format_2


def test_a_study_that_nobody_touched_is_unchanged(sent_back: Path) -> None:
    assert flaw_of(sent_back) is None
    (sent_back / SUM).unlink()  # as a crash leaves it

    assert flaw_of(sent_back) is None
    assert (sent_back / SUM).exists()


@pytest.mark.parametrize("sum_stays", [True, False])
def test_a_withdrawn_sign_off_does_not_come_back_to_life(sent_back: Path, sum_stays: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """One deleted row had made the older sign-off count again."""
    attack(sent_back, "DELETE FROM artefact WHERE kind = 'signed' AND version = 2",
           sum_stays=sum_stays)  # fmt: skip

    for _ in range(2):  # closing it once does not hide it
        with Study.open(sent_back, PASSPHRASE) as study:
            assert study.is_changed
            with pytest.raises(StudyChanged):
                study.require_unchanged()
            with pytest.raises(SignOffVoid, match="the audit trail tells of another ruling"):
                require_sign_off(study.interview(LABEL))
            told = [finding.where for finding in verify_study(study)]
            assert any("signed.2 of interview" in where for where in told)


def test_it_does_not_count_after_somebody_accepted_the_study_either(sent_back: Path) -> None:
    attack(sent_back, "DELETE FROM artefact WHERE kind = 'signed' AND version = 2")

    with Study.open(sent_back, PASSPHRASE) as study:
        study.accept_changes(verify_study(study), "restored from a backup")
        study.require_unchanged()
    (sent_back / SUM).unlink()
    with Study.open(sent_back, PASSPHRASE) as study:
        assert study.change_flaw is None  # what was accepted is not missed again
        assert verify_study(study) == []
        with pytest.raises(SignOffVoid):
            require_sign_off(study.interview(LABEL))


@pytest.mark.parametrize("kind", ["mentions", "raw", "clean", "log", "about", "progress", "handed"])
def test_a_row_that_was_taken_out_is_missed(format_2: Path, kind: str) -> None:
    Study.open(format_2, PASSPHRASE).close()
    attack(
        format_2,
        f"DELETE FROM entry WHERE kind = '{kind}'",  # noqa: S608 - constants of this test
        f"DELETE FROM artefact WHERE kind = '{kind}'",  # noqa: S608
    )
    if kind == "progress":  # this interview has none
        assert flaw_of(format_2) is None
        return

    assert flaw_of(format_2) is ChangeFlaw.ROWS


def test_a_decision_that_was_taken_out_is_missed(format_2: Path) -> None:
    Study.open(format_2, PASSPHRASE).close()
    attack(format_2, "DELETE FROM entry WHERE kind = 'mentions' AND number = 1")

    assert flaw_of(format_2) is ChangeFlaw.ROWS


def test_a_policy_that_was_taken_out_leaves_the_strictest(study: Study, passphrase: str) -> None:
    strict = StudyPolicy(
        second_person=True,
        consent=ConsentRule.RECORDED,
        two_to_destroy=True,
        asks_who_recognises=True,
    )
    change_study_policy(study, StudyPolicy(sound_may_leave=True))
    change_study_policy(study, strict)
    folder = study.folder
    study.close()
    attack(folder, "DELETE FROM artefact WHERE kind = 'policy' AND version = 2")

    with Study.open(folder, passphrase) as opened:
        assert opened.change_flaw is ChangeFlaw.ROWS
        assert read_study_policy(opened) == strict
    attack(folder, "DELETE FROM artefact WHERE kind = 'policy'")
    with Study.open(folder, passphrase) as opened:
        assert read_study_policy(opened) == strict


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (_KEEP_KEYS, "a trigger"),
        (
            "CREATE TRIGGER undo AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
            "a trigger",
        ),
        ("CREATE VIEW words AS SELECT 1", "a view"),
        ("CREATE TABLE copy AS SELECT * FROM data_key", "a table"),
        ("CREATE INDEX fast ON trail (interview)", "an index"),
        ("DROP TABLE entry", "a table that is missing"),
    ],
)
def test_a_planted_trigger_view_or_table_is_refused(
    closed: Path, passphrase: str, statement: str, what: str
) -> None:
    """One trigger undid every destroyed key, one every decision."""
    attack(closed, statement)

    with pytest.raises(StudyDamaged, match=what):
        Study.open(closed, passphrase)


def test_tables_of_sqlite_itself_are_let_be(closed: Path, passphrase: str) -> None:
    attack(closed, "ANALYZE")

    assert flaw_of(closed, passphrase) is None


@pytest.mark.parametrize("lost", [1, 21, 5000, None])
def test_a_recording_that_was_cut_short_is_said_at_once(
    closed: Path, passphrase: str, lost: int | None
) -> None:
    path = min((closed / "audio").glob("*/001.sealed"))
    if lost is None:
        path.unlink()
    else:
        os.truncate(path, path.stat().st_size - lost)

    for _ in range(2):
        with Study.open(closed, passphrase) as study:
            assert study.change_flaw is ChangeFlaw.SOUND
            with pytest.raises(StudyChanged, match="a recording is not as long as it was"):
                study.require_unchanged()


def test_a_recording_is_missed_also_where_its_row_was_made_to_fit(
    closed: Path, passphrase: str
) -> None:
    path = min((closed / "audio").glob("*/001.sealed"))
    os.truncate(path, path.stat().st_size - 5000)
    attack(
        closed,
        f"UPDATE stretch SET frames = 100, bytes = {path.stat().st_size}"  # noqa: S608
        f" WHERE interview = '{path.parent.name}' AND number = 1",
    )

    with Study.open(closed, passphrase) as study:
        assert study.change_flaw is ChangeFlaw.ROWS
        told = [finding.what for finding in verify_study(study)]
    assert "is not as long as the trail says" in told


@pytest.mark.parametrize("chained_anew", [False, True])
def test_a_cut_recording_is_seen_where_its_row_and_its_line_of_the_trail_were_made_to_fit(
    closed: Path, passphrase: str, cheap: Argon2Cost, *, chained_anew: bool
) -> None:
    """Without a passphrase a chain of hashes can be made anew, but no MAC and no signature."""
    with Study.open(closed, passphrase) as study:
        add_person(study, "Ann", PersonRole.INTERVIEWER, "only Ann knows this", cost=cheap)
    path = min((closed / "audio").glob("*/001.sealed"))
    os.truncate(path, path.stat().st_size - 5000)
    with contextlib.closing(sqlite3.connect(closed / DATABASE)) as db, db:
        make_fit(db, path, chained_anew=chained_anew)
    (closed / SUM).unlink()

    with Study.open(closed, passphrase) as study:
        assert study.change_flaw is ChangeFlaw.TRAIL
        with pytest.raises(StudyChanged):
            study.require_unchanged()
        told = [finding.what for finding in verify_study(study)]
        assert "is not what was written" in told
    with Study.open(closed, "only Ann knows this") as study:
        # She has no key for the MACs; but her passphrase knows the trail that it was chosen for.
        assert study.change_flaw is ChangeFlaw.TRAIL
        told = [finding.what for finding in verify_study(study)]
        assert ("was not signed by the person it names" in told) is chained_anew


def make_fit(db: sqlite3.Connection, path: Path, *, chained_anew: bool) -> None:
    """Write the length of a cut file into its row and into the line that tells of it."""
    size, interview = path.stat().st_size, path.parent.name
    db.execute(
        "UPDATE stretch SET frames = 100, bytes = ? WHERE interview = ? AND number = 1",
        [size, interview],
    )
    db.execute(
        "UPDATE trail SET facts = json_set(facts, '$.frames', 100, '$.bytes', ?)"
        " WHERE interview = ? AND facts LIKE '%bytes%'",
        [size, interview],
    )
    before = bytes(32)
    for number, *told in db.execute(
        "SELECT number, at, slot, verb, interview, facts FROM trail ORDER BY number"
    ).fetchall():
        before = hashlib.sha256(build_associated_data(before, *told)).digest()
        if chained_anew:
            db.execute("UPDATE trail SET hash = ? WHERE number = ?", [before, number])


def test_a_row_that_was_changed_in_place_without_a_sum_is_refused_when_it_is_read(
    format_2: Path,
) -> None:
    """Opening compares no bytes then; ``log verify`` does, and so does whoever reads the row."""
    Study.open(format_2, PASSPHRASE).close()
    attack(format_2, "UPDATE artefact SET sealed = zeroblob(500) WHERE kind = 'raw'")

    with Study.open(format_2, PASSPHRASE) as study:
        assert study.change_flaw is None
        with pytest.raises(StudyDamaged, match="raw of interview"):
            study.interview(LABEL).read_artefact(ArtefactKind.RAW, Transcript)
        assert any("raw.1 of interview" in finding.where for finding in verify_study(study))


def test_a_cut_recording_that_was_accepted_is_not_said_again(closed: Path, passphrase: str) -> None:
    path = min((closed / "audio").glob("*/001.sealed"))
    os.truncate(path, path.stat().st_size - 21)

    with Study.open(closed, passphrase) as study:
        study.accept_changes(verify_study(study), "the disk lost it")
    with Study.open(closed, passphrase) as study:
        assert study.change_flaw is None
        assert path.parent.name in " ".join(finding.where for finding in verify_study(study))


def test_sound_that_is_gone_is_counted_after_it_was_accepted_until_it_is_back(
    closed: Path, passphrase: str
) -> None:
    path = min((closed / "audio").glob("*/001.sealed"))
    path.rename(closed.parent / "aside")

    with Study.open(closed, passphrase) as study:
        study.accept_changes(verify_study(study), "the disk lost it")
        assert study.count_missing_sound() == 1
    with Study.open(closed, passphrase) as study:
        assert study.change_flaw is not None
    (closed.parent / "aside").rename(path)
    with Study.open(closed, passphrase) as study:
        assert study.change_flaw is None
        assert study.count_missing_sound() == 0


def test_an_older_trail_is_not_the_one_that_a_passphrase_was_chosen_for(
    closed: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    with Study.open(closed, passphrase) as study:
        change_own_passphrase(study, passphrase, cost=cheap)
    attack(closed, _OTHER_LINE)

    assert flaw_of(closed, passphrase) is ChangeFlaw.TRAIL


def test_an_older_copy_that_was_put_back_is_found_by_a_head_from_elsewhere_alone(
    format_2: Path, tmp_path: Path
) -> None:
    from study.store.kept_heads import keep_head, read_kept_heads
    from study.store.trail import contains_trail_head

    kept = tmp_path / "share" / "heads.txt"
    kept.parent.mkdir()
    Study.open(format_2, PASSPHRASE).close()
    shutil.copytree(format_2, tmp_path / "older")
    with Study.open(format_2, PASSPHRASE) as study:
        change_study_policy(study, replace(read_study_policy(study), heads_file=str(kept)))
        assert keep_head(study)
        with study.change("settings kept"):
            pass
        assert keep_head(study)
        heads = read_kept_heads(study, kept)
        assert all(contains_trail_head(study.db, head) for head in heads)

    assert flaw_of(tmp_path / "older") is None  # nothing in it tells
    with Study.open(tmp_path / "older", PASSPHRASE) as study:
        assert verify_study(study) == []
        assert not contains_trail_head(study.db, read_kept_heads(study, kept)[0])


def test_rows_are_compared_only_where_the_sum_says_nothing(
    sent_back: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[object] = []
    find = opening_checks.find_missing_rows

    def count(db: sqlite3.Connection, *trail: TrailWitness) -> object:
        compared.append(db)
        return find(db, *trail)

    monkeypatch.setattr(opening_checks, "find_missing_rows", count)

    assert flaw_of(sent_back) is None
    assert compared == []
    (sent_back / SUM).unlink()
    assert flaw_of(sent_back) is None
    assert len(compared) == 1


def test_the_trail_is_read_once_where_the_sum_says_nothing(
    sent_back: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read for its chain, for the rows and for the slots."""
    readings: list[str] = []
    connect = database.connect_database

    def watched(path: Path) -> sqlite3.Connection:
        db = connect(path)
        db.set_trace_callback(
            lambda asked: readings.append(asked) if "FROM trail ORDER BY number" in asked else None
        )
        return db

    flaw_of(sent_back)
    (sent_back / SUM).unlink()
    monkeypatch.setattr(database, "connect_database", watched)

    assert flaw_of(sent_back) is None
    assert len([asked for asked in readings if not asked.endswith("LIMIT 1")]) == 1


def test_what_another_process_writes_meanwhile_is_not_missed(sent_back: Path) -> None:
    with Study.open(sent_back, PASSPHRASE) as one:
        interview = one.interview(LABEL)
        with interview.change("mention undone") as change:
            key = interview.read_decisions()[0].mention.key
            change.append_entry(ArtefactKind.MENTIONS, Decision(key, Verdict.UNDONE, 1, ""))
        with Study.open(sent_back, PASSPHRASE) as other:
            assert other.change_flaw is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE interview SET created_at = '2020-01-01T00:00:00+00:00'",
        "UPDATE artefact SET created_at = '2020-01-01T00:00:00+00:00' WHERE kind = 'raw'",
        "UPDATE trail SET at = '2020-01-01T00:00:00+00:00' WHERE number = 2",
        "UPDATE stretch SET created_at = '2020-01-01T00:00:00+00:00'",
    ],
    ids=["interview", "artefact", "trail", "stretch"],
)
def test_a_time_that_was_changed_is_said_when_it_is_opened_and_is_found_without_a_sum(
    closed: Path, passphrase: str, statement: str
) -> None:
    attack(closed, statement, sum_stays=True)
    assert flaw_of(closed, passphrase) in {ChangeFlaw.SUM, ChangeFlaw.TRAIL}
    (closed / SUM).unlink()

    with Study.open(closed, passphrase) as study:
        assert verify_study(study) != []


def test_why_a_study_was_accepted_is_sealed(closed: Path, passphrase: str) -> None:
    attack(closed, "UPDATE meta SET value = '2020' WHERE name = 'created_at'", sum_stays=True)
    with Study.open(closed, passphrase) as study:
        study.accept_changes(verify_study(study), "Margaret Hollis moved it")
    with Study.open(closed, passphrase) as study:
        assert not study.is_changed
        assert study.whole.find_newest_version(ArtefactKind.ACCEPTED) == 1

    assert b"Hollis moved" not in (closed / DATABASE).read_bytes()


_NEW_RECEIVER = "UPDATE slot SET receiving = randomblob(32) WHERE role = 'recovery'"
_NEWEST_RULING_GONE = (
    "DELETE FROM artefact WHERE kind = 'signed'"
    " AND version = (SELECT max(version) FROM artefact WHERE kind = 'signed')"
)
_OTHER_VERB = (
    "UPDATE trail SET verb = 'words kept', facts = '{}'"
    " WHERE number = (SELECT max(number) FROM trail WHERE verb = 'sent back')"
)


def test_a_slot_that_somebody_gave_a_key_of_their_own_is_seen_and_gets_no_new_keys(
    closed: Path, passphrase: str
) -> None:
    """A key was planted, and the next removal of somebody sealed all keys for it."""
    attack(closed, _NEW_RECEIVER)

    with Study.open(closed, passphrase) as study:
        assert study.change_flaw is ChangeFlaw.ROWS
        with pytest.raises(StudyChanged):
            remove_person(study, "anybody")


def test_a_slot_that_somebody_took_away_is_seen_when_the_study_is_opened(
    closed: Path, passphrase: str
) -> None:
    """The recovery code was gone for good, and only `log verify` said so."""
    attack(closed, "DELETE FROM slot WHERE number = 2")

    assert flaw_of(closed, passphrase) is ChangeFlaw.ROWS


def test_an_older_row_of_a_slot_is_seen_when_it_is_put_back(closed: Path, passphrase: str) -> None:
    with contextlib.closing(sqlite3.connect(closed / DATABASE)) as db:
        row = db.execute("SELECT * FROM slot WHERE number = 1").fetchone()
    with Study.open(closed, passphrase) as study:
        change_own_passphrase(study, "another passphrase of mine")
    with contextlib.closing(sqlite3.connect(closed / DATABASE)) as db, db:
        db.execute("DELETE FROM slot WHERE number = 1")
        db.execute(f"INSERT INTO slot VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    (closed / SUM).unlink()

    assert flaw_of(closed, passphrase) is ChangeFlaw.ROWS


def test_a_line_of_the_trail_that_was_made_another_is_seen_without_a_sum(sent_back: Path) -> None:
    """With the ruling's row and line both gone, an interview that was sent back was exported."""
    attack(sent_back, _OTHER_VERB, _NEWEST_RULING_GONE)

    assert flaw_of(sent_back) is ChangeFlaw.TRAIL
