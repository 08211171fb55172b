"""The attacks in the table of the privacy model: who can rewrite the trail, and who notices."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from study.errors import StudyDamaged
from study.store.keys import KeyClass
from study.store.schema import create_tables
from study.store.seal import build_associated_data, seal_bytes, unseal_bytes
from study.store.study import Study
from study.store.trail import (
    IntegrityFinding,
    TrailHead,
    append_trail_line,
    begin_trail,
    contains_trail_head,
    read_trail_head,
    read_trail_lines,
    verify_trail,
)

Attack = Callable[[Study], None]


@pytest.fixture
def told(study: Study) -> Study:
    """A study whose trail has six lines."""
    for verb in ("imported", "transcribed", "anonymised", "reviewed", "handed over"):
        with study.change(verb) as change:
            change.facts["words"] = 10
    return study


def verify(study: Study, anchor: TrailHead | None = None) -> list[IntegrityFinding]:
    return verify_trail(
        study.db, study.ring.get_key(KeyClass.COMMON), study.ring.get_key(KeyClass.KEY), anchor
    )


def chain_again(db: sqlite3.Connection, start: int, mac_of: Callable[[bytes], bytes]) -> None:
    """Recompute hashes and MACs from a line on, as somebody with the file could."""
    (before,) = db.execute("SELECT hash FROM trail WHERE number = ?", [start - 1]).fetchone()
    rows = db.execute(
        "SELECT number, at, slot, verb, interview, facts FROM trail WHERE number >= ?"
        " ORDER BY number",
        [start],
    ).fetchall()
    for number, *content in rows:
        before = hashlib.sha256(build_associated_data(before, *content)).digest()
        db.execute(
            "UPDATE trail SET hash = ?, mac = ? WHERE number = ?", [before, mac_of(before), number]
        )


def current_key(study: Study) -> bytes:
    """The MAC key that is on the laptop now, for somebody with any slot."""
    (sealed,) = study.db.execute("SELECT sealed FROM trail_key WHERE name = 'now'").fetchone()
    count = read_trail_head(study.db).count
    return unseal_bytes(
        study.ring.get_key(KeyClass.COMMON), sealed, build_associated_data("now", count)
    )


def edit(study: Study) -> None:
    study.db.execute("UPDATE trail SET facts = ? WHERE number = 3", [json.dumps({"words": 11})])


def edit_and_chain_again(study: Study) -> None:
    edit(study)
    chain_again(study.db, 3, lambda _: b"\0" * 32)


def reseal_an_old_line_with_the_key_of_today(study: Study) -> None:
    """A forgery that journald's verifier accepted: CVE-2023-31439."""
    edit(study)
    now = current_key(study)
    chain_again(study.db, 3, lambda digest: hmac.digest(now, digest, "sha256"))


def remove_a_line(study: Study) -> None:
    study.db.execute("DELETE FROM trail WHERE number = 3")
    study.db.execute("UPDATE trail SET number = number - 1 WHERE number > 3")


def swap_two_lines(study: Study) -> None:
    study.db.execute("UPDATE trail SET number = -3 WHERE number = 3")
    study.db.execute("UPDATE trail SET number = 3 WHERE number = 4")
    study.db.execute("UPDATE trail SET number = 4 WHERE number = -3")


def cut_the_tail(study: Study) -> None:
    study.db.execute("DELETE FROM trail WHERE number > 4")


def cut_the_tail_and_go_on_with_the_key_of_today(study: Study) -> None:
    now = current_key(study)
    cut_the_tail(study)
    resealed = seal_bytes(study.ring.get_key(KeyClass.COMMON), now, build_associated_data("now", 4))
    study.db.execute("UPDATE trail_key SET sealed = ? WHERE name = 'now'", [resealed])
    with study.change("anonymised"):
        pass


def forget_the_key_of_today(study: Study) -> None:
    study.db.execute("DELETE FROM trail_key WHERE name = 'now'")


def plant_another_first_key(study: Study) -> None:
    forged = seal_bytes(study.ring.get_key(KeyClass.COMMON), b"\0" * 32, b"first")
    study.db.execute("UPDATE trail_key SET sealed = ? WHERE name = 'first'", [forged])


def cut_the_tail_and_move_the_key_of_today_to_its_end(study: Study) -> None:
    now = current_key(study)
    cut_the_tail(study)
    resealed = seal_bytes(study.ring.get_key(KeyClass.COMMON), now, build_associated_data("now", 4))
    study.db.execute("UPDATE trail_key SET sealed = ? WHERE name = 'now'", [resealed])


def remove_the_first_key_and_write_history_anew(study: Study) -> None:
    """Without the first key no MAC can be checked, so its removal must be a finding."""
    study.db.execute("DELETE FROM trail_key WHERE name = 'first'")
    edit_and_chain_again(study)


def number_the_lines_from_two(study: Study) -> None:
    study.db.execute("UPDATE trail SET number = number + 100")
    study.db.execute("UPDATE trail SET number = number - 99")


def test_a_trail_that_nobody_touched_is_whole(told: Study) -> None:
    assert verify(told) == []
    assert verify(told, read_trail_head(told.db)) == []
    assert [line.verb for line in read_trail_lines(told.db)][-1] == "handed over"


@pytest.mark.parametrize(
    "attack",
    [
        edit,
        edit_and_chain_again,
        reseal_an_old_line_with_the_key_of_today,
        remove_a_line,
        swap_two_lines,
        cut_the_tail,
        cut_the_tail_and_go_on_with_the_key_of_today,
        forget_the_key_of_today,
        plant_another_first_key,
        cut_the_tail_and_move_the_key_of_today_to_its_end,
        remove_the_first_key_and_write_history_anew,
        number_the_lines_from_two,
    ],
    ids=lambda attack: attack.__name__,
)
def test_an_attack_is_found(told: Study, attack: Attack) -> None:
    attack(told)

    assert verify(told)


def test_a_return_to_an_older_copy_is_found_by_a_head_kept_outside_alone(told: Study) -> None:
    older = sqlite3.connect(":memory:")
    told.db.backup(older)
    with told.change("withdrawn"):
        pass
    outside = read_trail_head(told.db)
    older.backup(told.db)
    older.close()

    assert verify(told) == []
    assert [finding.where for finding in verify(told, outside)] == ["trail"]


def test_another_history_of_the_same_length_is_found_by_a_head_kept_outside(told: Study) -> None:
    older = sqlite3.connect(":memory:")
    told.db.backup(older)
    with told.change("withdrawn"):
        pass
    outside = read_trail_head(told.db)
    older.backup(told.db)
    older.close()
    with told.change("nothing to see"):
        pass

    assert verify(told) == []
    assert [finding.where for finding in verify(told, outside)] == ["trail line 7"]


def test_the_first_sixteen_digits_of_a_head_are_enough(told: Study) -> None:
    count, _, digits = str(read_trail_head(told.db)).partition(":")

    assert verify(told, TrailHead(int(count), digits)) == []
    assert verify(told, TrailHead(int(count), "0" * 16))


def test_without_the_first_key_the_chain_is_still_checked(told: Study) -> None:
    common = told.ring.get_key(KeyClass.COMMON)

    assert verify_trail(told.db, common, None) == []
    edit(told)
    assert verify_trail(told.db, common, None)


def test_nothing_is_added_to_a_trail_that_does_not_end_where_it_should(told: Study) -> None:
    cut_the_tail(told)

    with pytest.raises(StudyDamaged), told.change("went on"):
        pass
    assert read_trail_head(told.db).count == 4


def test_facts_that_cannot_be_read_are_damage(told: Study) -> None:
    told.db.execute("UPDATE trail SET facts = '{' WHERE number = 2")

    with pytest.raises(StudyDamaged, match="trail line 2"):
        list(read_trail_lines(told.db))


@given(st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_letter_of_any_line_is_found(told: Study, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from(["at", "verb", "interview", "facts"]))
    number = data.draw(st.integers(1, 6))
    letter = data.draw(st.characters(codec="ascii"))
    told.db.execute("BEGIN")
    told.db.execute(
        f"UPDATE trail SET {column} = {column} || ? WHERE number = ?",  # noqa: S608 - constants
        [letter, number],
    )

    assert [finding.where for finding in verify(told)] == [f"trail line {number}"]
    told.db.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        (edit, [("trail line 3", "is not what was written")]),
        (remove_a_line, [("trail line 3", "is not what was written")]),
        (edit_and_chain_again, [("trail line 3", "is not what was written")]),
        (cut_the_tail, [("trail", "does not end where it should, at line 4")]),
        (
            cut_the_tail_and_move_the_key_of_today_to_its_end,
            [("trail", "does not end where it should, at line 4")],
        ),
        (plant_another_first_key, [("trail key", "is not what was written")]),
        (remove_the_first_key_and_write_history_anew, [("trail key", "is missing")]),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_is_found_is_named_and_nothing_else(
    told: Study, attack: Attack, found: list[tuple[str, str]]
) -> None:
    attack(told)

    assert [(finding.where, finding.what) for finding in verify(told)] == found


@pytest.fixture
def new() -> sqlite3.Connection:
    """The tables of an empty trail."""
    db = sqlite3.connect(":memory:")
    create_tables(db)
    begin_trail(db, KEEPER, COMMON)
    return db


KEEPER, COMMON = b"k" * 32, b"c" * 32


def test_an_empty_trail_is_whole_and_its_head_is_nothing(new: sqlite3.Connection) -> None:
    assert verify_trail(new, COMMON, KEEPER) == []
    assert read_trail_head(new) == TrailHead(0, "00" * 32)
    assert str(read_trail_head(new)) == "0:0000000000000000"
    assert verify_trail(new, COMMON, KEEPER, read_trail_head(new)) == []
    assert [*read_trail_lines(new)] == []
    new.close()


def test_a_line_says_what_was_done_by_whom_and_when(new: sqlite3.Connection) -> None:
    append_trail_line(new, COMMON, made_at="2026-03-01", slot=2, action="imported")
    append_trail_line(
        new,
        COMMON,
        made_at="2026-03-02",
        slot=1,
        action="read",
        interview="i1",
        facts={"b": 2, "a": 1.5},
    )

    first, second = read_trail_lines(new)
    told = (second.number, second.at, second.slot, second.verb, second.interview, second.facts)
    assert told == (2, "2026-03-02", 1, "read", "i1", {"a": 1.5, "b": 2})
    assert (first.number, first.interview, first.facts) == (1, "", {})
    assert read_trail_head(new) == TrailHead(2, second.hash.hex())
    assert first.hash == hashlib.sha256(
        build_associated_data(b"\0" * 32, "2026-03-01", 2, "imported", "", "{}")
    ).digest()  # fmt: skip
    new.close()


def test_the_key_of_a_line_is_gone_once_the_line_is_written(new: sqlite3.Connection) -> None:
    def now(count: int) -> bytes:
        (sealed,) = new.execute("SELECT sealed FROM trail_key WHERE name = 'now'").fetchone()
        return unseal_bytes(COMMON, sealed, build_associated_data("now", count))

    first = now(0)
    append_trail_line(new, COMMON, made_at="", slot=1, action="imported")

    (line,) = read_trail_lines(new)
    assert line.mac == hmac.digest(first, line.hash, "sha256")
    assert now(1) == hashlib.sha256(b"earshot trail" + first).digest()
    new.close()


def test_a_trail_still_has_the_line_that_was_its_head_once(told: Study) -> None:
    then = read_trail_head(told.db)
    with told.change("went on"):
        pass

    assert contains_trail_head(told.db, then)
    assert contains_trail_head(told.db, TrailHead(0, "00" * 32))
    assert not contains_trail_head(told.db, TrailHead(then.count, "00" * 32))
    assert not contains_trail_head(told.db, TrailHead(99, then.hash))
    assert not contains_trail_head(told.db, TrailHead(then.count - 1, then.hash))


def test_a_head_from_outside_is_compared_with_its_own_line(told: Study) -> None:
    then = read_trail_head(told.db)
    with told.change("went on"):
        pass

    assert verify(told, then) == []
    assert verify(told, TrailHead(5, then.hash)) == [
        IntegrityFinding("trail line 5", "differs from the head kept outside")
    ]
    assert verify(told, TrailHead(9, then.hash)) == [
        IntegrityFinding("trail", "has 7 lines where 9 were once witnessed")
    ]
