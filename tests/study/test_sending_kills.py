"""kill -9 at each step by which a parcel gets its name: it is sent once, whole, or not at all."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import receive_parcel
from study import ParcelKind
from study.errors import InterviewLent
from study.permissions import PARCEL_SENT
from study.store import Study, disk, read_travels, send_interviews, sending, verify_study
from study.store.disk import STAGING_PREFIX
from tests.study.travelling import PASSPHRASE, Place, bring_in, places

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it needs fork")


def die(*_: Any, **__: Any) -> None:  # noqa: ANN401 - whatever is asked of it
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(does: Callable[..., object]) -> Callable[..., None]:
    def do_and_die(*given: Any, **more: Any) -> None:  # noqa: ANN401
        does(*given, **more)
        die()

    return do_and_die


def has_no_links(*_: Any) -> None:  # noqa: ANN401
    raise PermissionError(1, "as on a stick")


Patch = Callable[[pytest.MonkeyPatch], None]
NOTHING_SENT: dict[str, Patch] = {
    "when it is written": lambda patch: patch.setattr(sending, "sync_file", die),
    "within the change": lambda patch: patch.setattr(
        sending, "note_travel", then_die(sending.note_travel)
    ),
}


def take_name_and_die(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disk, "give_second_name", has_no_links)
    patch.setattr(Path, "replace", die)


SENT: dict[str, Patch] = {
    "when it is noted": lambda patch: patch.setattr(disk, "give_free_name", die),
    "when it has two names": lambda patch: patch.setattr(
        disk, "give_second_name", then_die(disk.give_second_name)
    ),
    "when its name is taken": take_name_and_die,
}


def send_and_die(
    at: dict[str, Place], made: str, target: Path, kind: ParcelKind, how: Patch
) -> None:
    """Send in another process, which is killed on the way."""
    child = os.fork()
    if not child:
        try:
            with pytest.MonkeyPatch.context() as patch:
                study = Study.open(at["field"].study.folder, PASSPHRASE)
                how(patch)
                send_interviews(
                    study, [study.interview(made)], at["office"].card, target, kind=kind
                )
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def count_sent(study: Study) -> int:
    return sum(line.verb == PARCEL_SENT for line in study.read_trail()[0])


@pytest.mark.parametrize("kind", [ParcelKind.SENT, ParcelKind.MOVED, ParcelKind.LENT])
@pytest.mark.parametrize("moment", [*NOTHING_SENT, *SENT])
def test_a_parcel_whose_sender_was_killed_is_sent_once_by_the_same_command(
    tmp_path: Path, moment: str, kind: ParcelKind
) -> None:
    target = tmp_path / "stick" / "P07.parcel"
    target.parent.mkdir()
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        send_and_die(at, made, target, kind, (NOTHING_SENT | SENT)[moment])

        assert count_sent(field) == (moment in SENT)
        assert len(read_travels(field)) == (moment in SENT)
        sent = send_interviews(field, [field.interview(made)], at["office"].card, target, kind=kind)

        assert count_sent(field) == 1
        assert [note.parcel for note in read_travels(field)] == [sent.note.parcel]
        assert [path.name for path in target.parent.iterdir()] == ["P07.parcel"]
        assert receive_parcel(office, target).labels == ("P07_i1",)
        assert [*verify_study(field), *verify_study(office)] == []


def test_a_file_of_somebody_else_under_the_name_stays_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "P07.parcel"
    with places(tmp_path, "field", "office") as at:
        made = bring_in(at["field"].study, "P07_i1")
        send_and_die(at, made, target, ParcelKind.SENT, SENT["when it is noted"])
        target.write_text("a letter", encoding="utf-8")

        with pytest.raises(FileExistsError):
            send_interviews(
                at["field"].study,
                [at["field"].study.interview(made)],
                at["office"].card,
                target,
            )
        assert target.read_text(encoding="utf-8") == "a letter"


def test_a_loan_whose_parcel_has_no_name_yet_is_refused_elsewhere_until_it_has(
    tmp_path: Path,
) -> None:
    target = tmp_path / "P07.parcel"
    with places(tmp_path, "field", "office") as at:
        field, card = at["field"].study, at["office"].card
        made = bring_in(field, "P07_i1")
        send_and_die(at, made, target, ParcelKind.LENT, SENT["when it is noted"])
        (left,) = tmp_path.glob(f"{STAGING_PREFIX}*")

        with pytest.raises(InterviewLent):  # under another name
            send_interviews(
                field, [field.interview(made)], card, tmp_path / "other", kind=ParcelKind.LENT
            )
        assert left.is_dir()
        send_interviews(field, [field.interview(made)], card, target, kind=ParcelKind.LENT)
        assert target.is_file()
