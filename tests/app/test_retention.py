"""What is due to go: records of consent and contact details as well, and sound with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import (
    ask_for_due,
    confirm_request,
    count_due,
    describe_unseen,
    list_due,
    read_retention_plan,
    set_retention_plan,
)
from study import (
    Contact,
    ContactDetails,
    DataKind,
    DestructionState,
    InterviewDetails,
    Participant,
    PersonRole,
    RetentionPlan,
    RetentionRule,
    RetentionTrigger,
    SoundFormat,
)
from study.errors import DestructionFlaw, DestructionRefused
from study.store import (
    Argon2Cost,
    IncomingSound,
    Study,
    add_person,
    keep_contact_details,
    lift_hold,
    read_contact_details,
    set_hold,
    verify_study,
)

END = RetentionTrigger.END
Opened = Callable[[int], Study]


@pytest.fixture
def held(tmp_path: Path, passphrase: str, cheap: Argon2Cost) -> Opened:
    """A study of 2026 with a recording and contact details, opened in another year."""
    folder = tmp_path / "held"
    made, _ = Study.create(
        folder, passphrase, cost=cheap, clock=lambda: datetime(2026, 11, 29, tzinfo=UTC)
    )
    with made:
        with IncomingSound(made, SoundFormat(8000, 1)) as incoming:
            incoming.write(bytes(16_000))
            incoming.keep(InterviewDetails("P07_i1", (Participant("P07"),)), {"container": "WAV"})
        keep_contact_details(made, ContactDetails("P07", Contact("Margaret", "3 Mill Lane")))
        rules = (
            RetentionRule(DataKind.SOUND, END, 1), RetentionRule(DataKind.RAW_WORDS, END, 10),
            RetentionRule(DataKind.CLEAN_TEXT, END, 10), RetentionRule(DataKind.CONTACTS, END, 3),
            RetentionRule(DataKind.TRAIL, END, 20),
        )  # fmt: skip
        set_retention_plan(made, RetentionPlan(rules, "2027-06-30"))

    def open_in(year: int) -> Study:
        return Study.open(folder, passphrase, clock=lambda: datetime(year, 7, 1, tzinfo=UTC))

    return open_in


@pytest.mark.parametrize(("year", "kinds"), [(2027, 0), (2028, 1), (2029, 1), (2030, 2)])
def test_each_kind_is_due_on_its_day(held: Opened, year: int, kinds: int) -> None:
    with held(year) as study:
        assert count_due(study) == kinds


def test_sound_that_nobody_wrote_down_goes_with_a_reason_alone(held: Opened) -> None:
    with held(2028) as study:
        (item,) = list_due(study)
        assert item.has_gaps
        with pytest.raises(DestructionRefused) as refused:
            ask_for_due(study, DataKind.SOUND)
        assert refused.value.flaw is DestructionFlaw.GAPS

        done = ask_for_due(study, DataKind.SOUND, "nobody can understand it")

        assert done.state is DestructionState.ENDED
        assert study.interview("P07_i1").open_sound() is None
        assert count_due(study) == 0
        assert verify_study(study) == []


def test_contact_details_go_when_they_are_due_and_what_is_held_stays(held: Opened) -> None:
    with held(2030) as study:
        set_hold(study, "P07", "a complaint")
        assert count_due(study) == 0
        with pytest.raises(DestructionRefused) as refused:
            ask_for_due(study, DataKind.CONTACTS)
        assert refused.value.flaw is DestructionFlaw.NOT_DUE
        assert read_contact_details(study, "P07") is not None
    with held(2031) as study:
        lift_hold(study, "P07")
        ask_for_due(study, DataKind.CONTACTS)
        assert read_contact_details(study, "P07") is None
        assert verify_study(study) == []


def test_the_trail_goes_with_the_study_alone(held: Opened) -> None:
    with held(2050) as study, pytest.raises(DestructionRefused) as refused:
        ask_for_due(study, DataKind.TRAIL)
    assert refused.value.flaw is DestructionFlaw.TRAIL


@pytest.mark.parametrize(
    ("role", "shown", "unseen"),
    [
        (PersonRole.INTERVIEWER, {DataKind.SOUND, DataKind.CONTACTS}, "a legal hold"),
        (PersonRole.APPROVER, {DataKind.SOUND}, "whose consent and contact details"),
        (PersonRole.ASSISTANT, {DataKind.SOUND, DataKind.CONTACTS}, ""),
    ],
)
def test_whoever_sees_the_list_sees_what_is_due_and_who_sees_the_rest(
    held: Opened, cheap: Argon2Cost, role: PersonRole, shown: set[DataKind], unseen: str
) -> None:
    with held(2030) as study:
        add_person(study, "Ines", role, "only Ines knows this", cost=cheap)
        folder, plan = study.folder, read_retention_plan(study)

    def in_2030() -> datetime:
        return datetime(2030, 7, 1, tzinfo=UTC)

    with Study.open(folder, "only Ines knows this", clock=in_2030) as study:
        assert {item.kind for item in list_due(study)} == shown
        assert read_retention_plan(study) == plan
        told = " ".join(describe_unseen(study))
        assert unseen in told
        assert ("an owner or officer does" in told) is bool(unseen)


def test_a_plan_that_was_written_by_who_may_not_is_not_told(
    held: Opened, cheap: Argon2Cost
) -> None:
    with held(2030) as study:
        folder, plan = study.folder, read_retention_plan(study)
        for name, role in (("Ines", PersonRole.INTERVIEWER), ("Ada", PersonRole.ASSISTANT)):
            add_person(study, name, role, f"only {name} knows this", cost=cheap)
    with Study.open(folder, "only Ada knows this") as study:
        study.ring.role = PersonRole.OWNER
        with study.change("retention set") as change:
            change.facts |= {"sound": "1999-01-01", "end": ""}

    with Study.open(folder, "only Ines knows this") as study:
        assert read_retention_plan(study) == plan


@pytest.mark.parametrize(("year", "is_due"), [(2028, True), (2027, False)])
def test_a_request_is_confirmed_where_the_clock_of_that_day_says_so(
    held: Opened, cheap: Argon2Cost, year: int, *, is_due: bool
) -> None:
    own = "only the approver knows this"
    with held(2028) as study:  # the clock of who asked may have been ahead
        add_person(study, "A", PersonRole.APPROVER, own, cost=cheap)
        asked = ask_for_due(study, DataKind.SOUND, "nobody can understand it")
        assert asked.state is DestructionState.ASKED

    def clock() -> datetime:
        return datetime(year, 7, 1, tzinfo=UTC)

    with Study.open(study.folder, own, clock=clock) as again:
        if is_due:
            assert confirm_request(again, asked.id).begun_at
        else:
            with pytest.raises(DestructionRefused) as refused:
                confirm_request(again, asked.id)
            assert refused.value.flaw is DestructionFlaw.NOT_DUE
