"""Looking a study over when it is opened: is it what it was when it was last closed?

What costs little is always looked at: the sum of ``study.db``, the size of each recording's file,
and the head of the trail that the passphrase was chosen for. Where the sum says nothing (another
process has the study open, one died, or somebody removed it) the trail's chain is checked, and
every row and slot is compared with it as well: what it knows must be there. Whatever is found is
said in one sentence; nothing is signed, handed over or transcribed until a person has looked
(``earshot log accept``).
"""

from __future__ import annotations

import contextlib
import glob
import os
import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from study.errors import ChangeFlaw
from study.store.interview_sound import (
    ARRIVING_PREFIX,
    AUDIO_FOLDER,
    INCOMING_PREFIX,
    RECORDING_STATE,
    REDACTED_PREFIX,
)
from study.store.keys import KeyClass, Keyring
from study.store.slot_table import read_slots, tell_slot
from study.store.trail import TrailChain, read_trail_line, read_trail_lines
from study.store.trail_authors import TrailAuthors
from study.store.trail_witness import TrailWitness

SAMPLE_BYTES = 2  # of one channel: the least that a frame takes in a file


def find_changes(
    folder: Path,
    db: sqlite3.Connection,
    ring: Keyring,
    authors: TrailAuthors,
    *,
    is_sum_right: bool,
) -> Iterator[ChangeFlaw]:
    """Yield what is not as it was, each kind once.

    is_sum_right: whether there is a sum, and ``study.db`` is what it says.

    Raises:
        StudyDamaged: a line of the trail cannot be read.
    """
    with _one_moment(db):
        reading = None if is_sum_right else _read_trail(db, ring)
        is_trail_right = reading is None or reading.is_whole
        if not is_seen_head_there(db, ring) or not is_trail_right:
            yield ChangeFlaw.TRAIL
        if any(True for _ in find_short_sound(folder, db)):
            yield ChangeFlaw.SOUND
        if not authors.refresh().is_everybody_in_their_role():
            yield ChangeFlaw.ROLE
        if reading is not None and (
            _is_row_missing(db, reading.witness) or _is_slot_missing(db, authors)
        ):
            yield ChangeFlaw.ROWS


@dataclass(frozen=True, slots=True)
class _TrailReading:
    """The trail, read once. is_whole: each line is chained to the one before and authentic."""

    witness: TrailWitness
    is_whole: bool


def _read_trail(db: sqlite3.Connection, ring: Keyring) -> _TrailReading:
    """Read the trail and check its chain and, for who holds the key, its MACs on the way."""
    first = ring.get_key(KeyClass.KEY) if ring.holds(KeyClass.KEY) else None
    chain = TrailChain(db, ring.get_key(KeyClass.COMMON), first)
    witness = TrailWitness(read_trail_lines(db, chain))
    return _TrailReading(witness, not chain.list_findings())


def _is_row_missing(db: sqlite3.Connection, witness: TrailWitness) -> bool:
    missing = find_missing_rows(db, witness)
    return any(True for _ in missing) or any(True for _ in _find_foreign_slots(db, witness))


def _is_slot_missing(db: sqlite3.Connection, authors: TrailAuthors) -> bool:
    """Whether somebody of the trail has no slot, the recovery code among them."""
    return not authors.people.rows.keys() <= {slot.number for slot in read_slots(db)}


def _find_foreign_slots(db: sqlite3.Connection, witness: TrailWitness) -> Iterator[int]:
    """Yield the number of each slot that is not as the trail's newest line about it says.

    Slots of format 2 that were not opened since are in no line.
    """
    for slot in read_slots(db):
        ((fact, digest),) = tell_slot(slot).items()
        told = witness.slots.get(fact)
        if (slot.has_own_keys or told is not None) and told != digest:
            yield slot.number


def is_seen_head_there(db: sqlite3.Connection, ring: Keyring) -> bool:
    """Whether the trail has the head that is sealed under the passphrase in use."""
    count, _, digest = ring.seen.partition(":")
    if not ring.seen or count == "0":
        return True
    line = read_trail_line(db, int(count))
    return line is not None and line.hash.hex().startswith(digest)


def find_short_sound(folder: Path, db: sqlite3.Connection) -> Iterator[tuple[str, int, int]]:
    """Yield interview, number and size of each ended stretch whose file has not its size."""
    for interview, number, frames, size in db.execute(
        "SELECT interview, number, frames, bytes FROM stretch WHERE state != ?", [RECORDING_STATE]
    ):
        there = _measure_stretch(folder / AUDIO_FOLDER, interview, number)
        if there != size if size else there < SAMPLE_BYTES * frames:
            yield interview, number, there


def _measure_stretch(audio: Path, interview: object, number: object) -> int:
    """Return the size of a stretch's file, also before it got its name; 0 for none."""
    if not isinstance(interview, str) or not isinstance(number, int):  # a damaged row
        return 0
    places = [audio / interview / f"{number:03}.sealed"]
    # Killed between entering a stretch and naming its file: it is named presently.
    if number == 1:
        places.append(audio / f"{INCOMING_PREFIX}{interview}.sealed")
    places.append(audio / f"{REDACTED_PREFIX}{interview}-{number}.sealed")
    if not any(map(os.path.lexists, places)):
        places += sorted(audio.glob(f"{ARRIVING_PREFIX}*-{glob.escape(interview)}-{number}.sealed"))
    for place in places:
        with contextlib.suppress(OSError):
            return place.stat().st_size
    return 0


def find_missing_rows(
    db: sqlite3.Connection, witness: TrailWitness | None = None
) -> Iterator[tuple[str, str]]:
    """Yield interview and name of what the trail knows and the tables lack.

    A stretch is named ``stretch.1``; it is missing as well where its row has another length than
    the trail says. witness: the trail, where it was read already.
    """
    with _one_moment(db):
        witness = witness or TrailWitness(read_trail_lines(db))
        there = set(
            db.execute(
                "SELECT interview, kind || '.' || version FROM artefact UNION ALL"
                " SELECT interview, kind || '.' || version || '.' || number FROM entry"
            )
        )
        sound = {
            (interview, number): (frames, size)
            for interview, number, frames, size in db.execute(
                "SELECT interview, number, frames, bytes FROM stretch"
            )
        }
    yield from witness.rows.keys() - there
    for interview, stretches in witness.stretches.items():
        for number, told in stretches.items():
            if sound.get((interview, number)) != (told.frames, told.bytes):
                yield interview, f"stretch.{number}"


@contextlib.contextmanager
def _one_moment(db: sqlite3.Connection) -> Generator[None]:
    """Read the tables as they are in one moment, whatever another process writes meanwhile."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("COMMIT")
