"""Which labels are taken, whoever entered, renamed or removed an interview meanwhile."""

from __future__ import annotations

import pytest

from study.artefact_kinds import ArtefactKind
from study.errors import BadName
from study.records import InterviewDetails
from study.store import sealed_rows
from study.store.study import Study, check_new_interview


def enter(study: Study, label: str) -> str:
    with study.change("interview made") as change:
        return change.add_interview(InterviewDetails(label))


def test_entering_many_interviews_opens_no_label_twice(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    unseal = sealed_rows.unseal_bytes

    def count(key: bytes, sealed: bytes, bound: bytes) -> bytes:
        opened.append(sealed)
        return unseal(key, sealed, bound)

    for number in range(20):
        enter(study, f"P{number:02}_i1")
    monkeypatch.setattr(sealed_rows, "unseal_bytes", count)
    for number in range(20, 40):
        enter(study, f"P{number:02}_i1")
        check_new_interview(study, InterviewDetails("P99_i1"))

    assert len(opened) <= 3 * 20  # a label and two keys of each new one


def test_a_label_or_id_is_taken_wherever_it_was_entered(study: Study, passphrase: str) -> None:
    first = enter(study, "P01_i1")

    with Study.open(study.folder, passphrase) as other:
        for name in ("P01_i1", first):
            with pytest.raises(BadName):
                check_new_interview(other, InterviewDetails(name))
        enter(other, "P02_i1")
        with pytest.raises(BadName):
            check_new_interview(study, InterviewDetails("P02_i1"))


def test_two_in_one_change_cannot_have_one_label_and_a_rolled_back_one_is_free(
    study: Study,
) -> None:
    def enter_twice() -> None:
        with study.change("interview made") as change:
            change.add_interview(InterviewDetails("P01_i1"))
            change.add_interview(InterviewDetails("P01_i1"))

    with pytest.raises(BadName):
        enter_twice()

    check_new_interview(study, InterviewDetails("P01_i1"))


def test_a_new_label_takes_the_place_of_the_old_one(study: Study) -> None:
    made = enter(study, "P01_i1")

    with study.interview(made).change("language chosen") as change:
        change.write_artefact(ArtefactKind.ABOUT, InterviewDetails("P01_i2"))

    check_new_interview(study, InterviewDetails("P01_i1"))
    with pytest.raises(BadName):
        check_new_interview(study, InterviewDetails("P01_i2"))
