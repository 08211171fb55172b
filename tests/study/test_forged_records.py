"""Records about people that somebody writes with a program of their own, and what comes of them.

The attacker has an assistant's or an approver's passphrase, so nothing stops the writing. ``log
verify`` names what they wrote, and it counts for nothing where it would allow something.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import replace

import pytest

from study.artefact_kinds import ArtefactKind
from study.consent import ConsentPurpose, ConsentRecord, ContactDetails
from study.consent_gates import GatedAction
from study.destruction import (
    Destruction,
    DestructionState,
    LegalHold,
    Withdrawal,
    WithdrawalScope,
)
from study.errors import ConsentFlaw, ConsentRefused, DestructionRefused, RoleForbids
from study.permissions import (
    CHANGES,
    CONSENT_RECORDED,
    KEYS_RENEWED,
    PERMITTED,
    WRITERS,
    is_permitted,
)
from study.person_roles import JOINING_ROLES, PersonRole
from study.records import (
    InterviewDetails,
    Participant,
    Role,
    SoundFormat,
    StudyPolicy,
)
from study.safeguarding import SafeguardingNote, SomebodyTold
from study.store.consent_checks import (
    is_consented,
    read_quote_permission,
    require_consent,
    require_interview_consent,
)
from study.store.consents import keep_consent, list_unproven_consents
from study.store.destruction import (
    ask_destruction,
    confirm_destruction,
    finish_destructions,
    lift_hold,
    list_destructions,
    list_holds,
    list_standing_withdrawals,
    record_withdrawal,
    set_hold,
    take_back_request,
)
from study.store.keys import Argon2Cost
from study.store.people import add_person
from study.store.safeguarding_notes import note_who_was_told, raise_concern
from study.store.study import WHOLE_STUDY, Study
from study.store.study_policy import change_study_policy, is_told_policy, read_study_policy
from study.store.verification import verify_study
from study.store.whole_study import set_language
from tests.consents import agreed, keep_agreed
from tests.study.conftest import Importer
from tests.study.destroying import enter, whole

ASSISTANT, OFFICER, APPROVER, INTERVIEWER = 3, 4, 5, 6
ROLES = (
    PersonRole.ASSISTANT, PersonRole.OFFICER, PersonRole.APPROVER, PersonRole.INTERVIEWER,
)  # fmt: skip


def own_words(slot: int) -> str:
    return f"only the person in slot {slot} knows this"


@pytest.fixture
def team(study: Study, cheap: Argon2Cost) -> Study:
    """A study with somebody in four roles, beside the owner who has it open."""
    for slot, role in enumerate(ROLES, ASSISTANT):
        add_person(study, role.value.title(), role, own_words(slot), cost=cheap)
    return study


@contextlib.contextmanager
def acting(study: Study, slot: int) -> Generator[Study]:
    """Open the study as one of its people, with a program that knows no roles."""
    with Study.open(study.folder, own_words(slot)) as opened:
        opened.ring.role = PersonRole.OWNER
        yield opened


def told(study: Study) -> list[str]:
    return [f"{one.where} {one.what}" for one in verify_study(study)]


def write_consent(study: Study, record: ConsentRecord) -> None:
    with study.change(CONSENT_RECORDED) as change:
        owner = study.db.execute(
            "SELECT interview FROM artefact WHERE kind = 'consent'"
        ).fetchone()[0]
        change.write_artefact(ArtefactKind.CONSENT, replace(record, at=change.made_at), owner=owner)


# Who takes part


@pytest.mark.parametrize(
    "forged",
    [(Participant("P07", Role.INTERVIEWER), Participant("FAM01")), (Participant("FAM01"),), ()],
)
@pytest.mark.parametrize("verb", ["language chosen", "corrected", "settings kept"])
def test_a_verb_changes_nothing_of_who_takes_part_but_what_it_is_for(
    team: Study, refused: str, verb: str, forged: tuple[Participant, ...]
) -> None:
    with acting(team, ASSISTANT) as study, study.change(verb, refused) as change:
        change.write_artefact(
            ArtefactKind.ABOUT, replace(study.interview(refused).details, participants=forged)
        )

    interview = team.interview(refused)
    for action in GatedAction:
        with pytest.raises(ConsentRefused) as no:
            require_interview_consent(interview, action)
        assert no.value.flaw is ConsentFlaw.OTHER_PEOPLE
        assert not is_consented(interview, action)
    assert any("changes who takes part, and slot 3 did something else" in one for one in told(team))


def test_what_a_verb_is_for_is_no_finding(team: Study, refused: str) -> None:
    interview = team.interview(refused)
    set_language(interview, "cy")
    with interview.change("recording prepared") as change:
        people = (*interview.participants, Participant("P08"))
        change.write_artefact(ArtefactKind.ABOUT, replace(interview.details, participants=people))
    keep_consent(team, agreed("P08"))

    assert verify_study(team) == []
    require_interview_consent(interview, GatedAction.TRANSCRIBE)
    with interview.change("language chosen") as change:
        change.write_artefact(ArtefactKind.ABOUT, replace(interview.details, label="Another"))
    assert any("changes its label" in one for one in told(team))


# Withdrawals that somebody takes away


def test_nobody_is_entered_while_a_withdrawal_that_the_trail_tells_of_is_missing(
    team: Study, bring_in: Importer
) -> None:
    interview = bring_in(team, "P08_i1", 1)
    record_withdrawal(team, "P07")
    with team.lock:
        team.db.execute("DELETE FROM artefact WHERE kind = 'withdrawn'")

    for code in ("P07", "P08"):  # nobody knows any more who has withdrawn
        with pytest.raises(ConsentRefused) as no:
            require_consent(
                team, GatedAction.IMPORT_SOUND, InterviewDetails("X1", (Participant(code),))
            )
        assert no.value.flaw is ConsentFlaw.WITHDRAWAL_MISSING
    with pytest.raises(ConsentRefused):
        require_interview_consent(team.interview(interview), GatedAction.HAND_OVER)

    record_withdrawal(team, "P07")
    require_consent(team, GatedAction.IMPORT_SOUND, InterviewDetails("X1", (Participant("P08"),)))


# Consent


@pytest.fixture
def refused(team: Study, bring_in: Importer) -> str:
    """An interview with somebody who said no to being quoted, and to an archive."""
    keep_agreed(team, "P07")
    keep_consent(team, agreed("P07", but=ConsentPurpose.ARCHIVE))
    return bring_in(team, "P07_i1", 1)


def test_a_consent_that_names_somebody_else_does_not_count_at_any_gate(
    team: Study, refused: str
) -> None:
    with acting(team, ASSISTANT) as study:
        write_consent(study, replace(agreed("P07"), by=OFFICER))

    assert list_unproven_consents(team) == {"P07"}
    for action in GatedAction:
        with pytest.raises(ConsentRefused) as no:
            require_interview_consent(team.interview(refused), action)
        assert no.value.flaw is ConsentFlaw.UNPROVEN, action
    assert "P07" in read_quote_permission(team.interview(refused)).refused
    assert any(
        f"names slot {OFFICER} as who did it, and slot {ASSISTANT} wrote it" in one
        for one in told(team)
    )


def test_a_consent_that_is_recorded_again_counts(team: Study, refused: str) -> None:
    with acting(team, ASSISTANT) as study:
        write_consent(study, replace(agreed("P07"), by=OFFICER))

    keep_consent(team, agreed("P07"))

    require_interview_consent(team.interview(refused), GatedAction.HAND_OVER)
    assert list_unproven_consents(team) == set()


def test_a_consent_of_an_honest_assistant_counts(team: Study, refused: str) -> None:
    with Study.open(team.folder, own_words(ASSISTANT)) as study:
        keep_consent(study, agreed("P07"))

    require_interview_consent(team.interview(refused), GatedAction.ARCHIVE)
    assert told(team) == []


@pytest.mark.usefixtures("refused")
def test_a_consent_under_another_verb_does_not_count(team: Study) -> None:
    with acting(team, ASSISTANT) as study, study.change("settings kept") as change:
        owner = study.db.execute("SELECT interview FROM artefact WHERE kind = 'consent'").fetchone()
        record = replace(agreed("P07"), by=ASSISTANT, at=change.made_at)
        change.write_artefact(ArtefactKind.CONSENT, record, owner=owner[0])

    assert list_unproven_consents(team) == {"P07"}


def test_an_earlier_consent_does_not_count_again_where_the_newest_was_taken_out(
    team: Study, refused: str
) -> None:
    keep_consent(team, agreed("P07", but=ConsentPurpose.ARCHIVE))
    with acting(team, ASSISTANT) as study:
        study.db.execute("DELETE FROM artefact WHERE kind = 'consent' AND version > 1")
        study.rows.forget()

    team.rows.forget()
    with pytest.raises(ConsentRefused) as no:
        require_interview_consent(team.interview(refused), GatedAction.ARCHIVE)
    assert no.value.flaw is ConsentFlaw.UNPROVEN
    assert any("consent.2" in one and "is missing" in one for one in told(team))


def test_a_consent_whose_line_names_another_slot_than_signed_it_does_not_count(
    team: Study, refused: str
) -> None:
    with acting(team, ASSISTANT) as study:
        study.ring.slot = OFFICER
        write_consent(study, replace(agreed("P07"), by=OFFICER))

    with pytest.raises(ConsentRefused):
        require_interview_consent(team.interview(refused), GatedAction.ARCHIVE)
    assert any("was not signed by the person it names" in one for one in told(team))


def test_contact_details_that_name_somebody_else_are_named(team: Study) -> None:
    with acting(team, ASSISTANT) as study, study.change("contact details kept") as change:
        details = ContactDetails("P07", by=OFFICER, at=change.made_at)
        change.write_artefact(ArtefactKind.CONTACTS, details, owner="abcdefgh")

    assert any("contacts.1" in one and f"slot {ASSISTANT} wrote it" in one for one in told(team))


# Notes, holds and withdrawals


def test_notes_about_safety_of_honest_people_are_not_accused(team: Study, refused: str) -> None:
    with Study.open(team.folder, own_words(ASSISTANT)) as study:
        note = raise_concern(study.interview(refused), "left alone for days")
    with Study.open(team.folder, own_words(OFFICER)) as study:
        note_who_was_told(study, note, "the safeguarding lead", "2026-11-29")
    note_who_was_told(team, note, "the family doctor", "2026-11-29")

    assert told(team) == []


@pytest.mark.parametrize(
    "forged",
    [
        SafeguardingNote("x", "P07_i1", "nothing", OFFICER, "2026-11-29"),
        SafeguardingNote("x", "P07_i1", "nothing", ASSISTANT, "2026-11-29"),
        SafeguardingNote(
            "x", "P07_i1", "?", OFFICER, "2026-11-29", (SomebodyTold("police", "", OFFICER),)
        ),
    ],
)
def test_a_note_about_safety_that_names_somebody_else_is_named(
    team: Study, refused: str, forged: SafeguardingNote
) -> None:
    with Study.open(team.folder, own_words(OFFICER)) as study:
        note = raise_concern(study.interview(refused), "left alone for days")

    with acting(team, ASSISTANT) as study, study.change("safeguarding raised") as change:
        change.write_artefact(ArtefactKind.SAFEGUARDING, forged, owner=note)

    assert any("safeguarding.2" in one and "names s" in one for one in told(team))


@pytest.mark.usefixtures("refused")
def test_holds_and_withdrawals_of_honest_people_are_not_accused(team: Study) -> None:
    with Study.open(team.folder, own_words(OFFICER)) as study:
        set_hold(study, "P07", "a court asks for it")
    set_hold(team, "", "the auditors come")
    with Study.open(team.folder, own_words(ASSISTANT)) as study:
        record_withdrawal(study, "P07")

    assert told(team) == []


def test_a_hold_that_nobody_set_is_named(team: Study) -> None:
    with acting(team, APPROVER) as study, study.change("hold lifted") as change:
        hold = LegalHold("", "?", OFFICER, "Officer", change.made_at)
        change.write_artefact(ArtefactKind.HOLDS, (hold,), owner=WHOLE_STUDY)

    assert any("holds.1" in one and "no line says so" in one for one in told(team))


def test_a_hold_in_the_name_of_somebody_else_is_named(team: Study) -> None:
    with acting(team, APPROVER) as study, study.change("hold set") as change:
        hold = LegalHold("", "?", APPROVER, "Officer", change.made_at)
        change.write_artefact(ArtefactKind.HOLDS, (hold,), owner=WHOLE_STUDY)

    assert any("holds.1" in one and "names somebody else" in one for one in told(team))


def test_a_withdrawal_that_nobody_recorded_is_named(team: Study) -> None:
    with acting(team, ASSISTANT) as study, study.change("withdrawal recorded") as change:
        one = Withdrawal("P07", WithdrawalScope.FURTHER, OFFICER, change.made_at)
        change.write_artefact(ArtefactKind.WITHDRAWN, (one,), owner=WHOLE_STUDY)

    assert any("withdrawn.1" in one and "no line says so" in one for one in told(team))


def test_a_withdrawal_that_was_left_out_is_named(team: Study, both: tuple[str, str]) -> None:
    record_withdrawal(team, "P08")
    asked = ask_destruction(team, whole(both[0]), WithdrawalScope.EVERYTHING)
    assert told(team) == []
    with acting(team, ASSISTANT) as study, study.change("withdrawal recorded") as change:
        change.write_artefact(ArtefactKind.WITHDRAWN, (), owner=WHOLE_STUDY)

    assert any("leaves out what slot 1 recorded at" in one for one in told(team))

    take_back_request(team, asked.id)
    record_withdrawal(team, "P09")
    assert any("withdrawn" in one and "leaves out what slot 1" in one for one in told(team))


# Who writes what


def test_every_kind_of_artefact_has_its_writers() -> None:
    assert set(WRITERS) == set(ArtefactKind)
    assert all(WRITERS.values())


@pytest.mark.parametrize("role", [r for r in JOINING_ROLES if r is not PersonRole.OWNER])
def test_whoever_writes_what_their_role_does_not_write_is_named_for_every_kind(
    team: Study, role: PersonRole
) -> None:
    forbidden = [k for k in ArtefactKind if not PERMITTED[role] & WRITERS[k]]
    verb = next(v for v, action in CHANGES.items() if action and is_permitted(role, action))
    first = team.read_trail()[1].count + 1

    with acting(team, ASSISTANT + ROLES.index(role)) as study:
        for kind in forbidden:
            with study.change(verb) as change:
                change.facts[f"abcdefgh:{kind}.1"] = "00"

    found = told(team)
    lines = [f"trail line {first + n} was written by slot" for n in range(len(forbidden))]
    assert [line for line in lines if not any(one.startswith(line) for one in found)] == []
    assert forbidden


@pytest.mark.parametrize("slot", [ASSISTANT, OFFICER, APPROVER, INTERVIEWER])
@pytest.mark.parametrize("verb", [v for v, action in CHANGES.items() if action is None])
def test_nobody_writes_under_a_verb_of_anybody_what_it_is_not_for(
    team: Study, slot: int, verb: str
) -> None:
    with acting(team, slot) as study, study.change(verb) as change:
        change.facts["abcdefgh:consent.1"] = "00"

    line = team.read_trail()[1].count
    assert any(
        one.startswith(f"trail line {line} was written by slot {slot}") for one in told(team)
    )


def swap(team: Study, **other: object) -> None:
    """Write the first withdrawal of the list otherwise, as somebody who may add to the list."""
    first, *rest = list_standing_withdrawals(team)
    with acting(team, ASSISTANT) as study, study.change("withdrawal recorded") as change:
        forged = (replace(first, **other), *rest)
        change.write_artefact(ArtefactKind.WITHDRAWN, forged, owner=WHOLE_STUDY)
        change.drop_versions(ArtefactKind.WITHDRAWN, owner=WHOLE_STUDY, before=2)


@pytest.mark.parametrize(
    "other", [{"code": "P09"}, {"scope": WithdrawalScope.SOUND}, {"salt": ""}, {"destruction": "x"}]
)
def test_a_withdrawal_that_says_something_else_than_its_line_is_named(
    team: Study, other: dict[str, object]
) -> None:
    record_withdrawal(team, "P08")
    line = team.read_trail()[0][-1]
    assert told(team) == []
    assert "P08" not in str(line.facts)

    swap(team, **other)

    assert any("says something else than slot 1 recorded at" in one for one in told(team))


@pytest.mark.usefixtures("both")
def test_a_hold_that_was_left_out_or_changed_is_named(team: Study) -> None:
    set_hold(team, "P07", "a court asks for it")
    set_hold(team, "P08", "a complaint")
    set_hold(team, "P08", "a complaint, and the police")  # in the place of the one before
    lift_hold(team, "P07")
    set_hold(team, "P07", "a court asks for it again")
    assert told(team) == []
    first, second = list_holds(team)

    with acting(team, OFFICER) as study, study.change("hold set") as change:
        change.write_artefact(ArtefactKind.HOLDS, (first,), owner=WHOLE_STUDY)

    assert any("holds" in one and "leaves out what slot 1" in one for one in told(team))
    with acting(team, OFFICER) as study, study.change("hold set") as change:
        forged = (first, replace(second, code="P09"))
        version = change.write_artefact(ArtefactKind.HOLDS, forged, owner=WHOLE_STUDY)
        change.drop_versions(ArtefactKind.HOLDS, owner=WHOLE_STUDY, before=version)
    assert any("holds" in one and "says something else" in one for one in told(team))


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("kind", [ArtefactKind.HOLDS, ArtefactKind.WITHDRAWN])
def test_a_list_that_was_taken_out_altogether_is_named(team: Study, kind: ArtefactKind) -> None:
    set_hold(team, "P07", "a court asks for it")
    record_withdrawal(team, "P08")

    with acting(team, OFFICER) as study, study.change("hold set") as change:
        change.drop_artefact(kind, owner=WHOLE_STUDY)

    assert any(kind in one and "leaves out what slot 1" in one for one in told(team))


# Keys renewed


def asked_by_officer(team: Study, wanted: Destruction) -> Destruction:
    with Study.open(team.folder, own_words(OFFICER)) as study:
        return ask_destruction(study, wanted)


@pytest.fixture
def both(team: Study, form: SoundFormat, second: bytes) -> tuple[str, str]:
    return (
        enter(team, "P07_i1", "P07", form, second),
        enter(team, "P08_i1", "P08", form, second),
    )


def seal_anew(study: Study, interview: str, destruction: str) -> None:
    """Seal the sign-off of an interview under a new key, with something else in it."""
    with study.change(KEYS_RENEWED) as change:
        change.facts["destruction"] = destruction
        change.write_artefact(ArtefactKind.SIGNED, {}, owner=interview)


def test_new_keys_without_a_destruction_are_named(team: Study, both: tuple[str, str]) -> None:
    with acting(team, OFFICER) as study:
        seal_anew(study, both[1], "")

    line = team.read_trail()[1].count
    found = told(team)
    assert f"trail line {line} seals anew what no destruction that has begun is about" in found
    assert any("was not there before what is left was sealed anew" in one for one in found)


def test_new_keys_for_what_a_destruction_is_not_about_are_named(
    team: Study, both: tuple[str, str]
) -> None:
    done = confirm_destruction(team, asked_by_officer(team, whole(both[0])).id)
    assert done.state is DestructionState.ENDED
    assert told(team) == []

    with acting(team, OFFICER) as study:
        seal_anew(study, both[1], done.id)

    assert any("seals anew what no destruction" in one for one in told(team))


def test_a_policy_that_was_sealed_anew_with_other_papers_counts_for_nothing(team: Study) -> None:
    change_study_policy(team, StudyPolicy(sheets=("2.1",), forms=("1.0",), heads_file="/a"))
    kept = read_study_policy(team)
    assert kept.sheets == ("2.1",)

    with acting(team, OFFICER) as study, study.change(KEYS_RENEWED) as change:
        study.db.execute("DELETE FROM artefact WHERE kind = 'policy'")
        study.rows.forget()
        change.write_artefact(ArtefactKind.POLICY, replace(kept, sheets=("9",)))

    team.rows.forget()
    assert read_study_policy(team).sheets == ()
    assert read_study_policy(team).two_to_destroy  # the strictest


@pytest.mark.parametrize(
    "other", [{"sheets": ("9",)}, {"forms": ("9",)}, {"heads_file": "/b"}, {"consent_seen_by": "X"}]
)
def test_what_a_policy_holds_is_bound_by_its_line(team: Study, other: dict[str, object]) -> None:
    change_study_policy(
        team, StudyPolicy(sheets=("2.1",), forms=("1.0",), heads_file="/a", consent_seen_by="Y")
    )
    kept = read_study_policy(team)
    number = next(
        n
        for n in range(team.read_trail()[1].count, 0, -1)
        if team.read_trail()[0][n - 1].verb == "policy set"
    )
    line = team.read_trail()[0][number - 1]

    assert is_told_policy(kept, line)
    assert not is_told_policy(replace(kept, **other), line)
    assert "2.1" not in str(line.facts)


def test_two_people_ask_for_the_same_papers_and_not_for_others(team: Study) -> None:
    change_study_policy(team, StudyPolicy(second_person=True, heads_file="/a"))
    wanted = StudyPolicy(second_person=True, heads_file="/b")
    assert change_study_policy(team, wanted).heads_file == "/a"

    with Study.open(team.folder, own_words(OFFICER)) as study:
        assert change_study_policy(study, replace(wanted, heads_file="/c")).heads_file == "/a"
        assert change_study_policy(team, replace(wanted, heads_file="/c")).heads_file == "/c"

    assert told(team) == []


# A request that was forged


def rewrite(study: Study, *rows: Destruction) -> None:
    with study.change("hold lifted") as change:  # an approver may write such a line
        change.write_artefact(ArtefactKind.DESTRUCTIONS, rows, owner=WHOLE_STUDY)


@pytest.mark.parametrize(
    "state", [DestructionState.CONFIRMED, DestructionState.BEGUN, DestructionState.ENDED]
)
def test_a_request_that_was_forged_further_is_taken_back_by_who_asked(
    team: Study, both: tuple[str, str], state: DestructionState
) -> None:
    asked = ask_destruction(team, whole(both[0]), WithdrawalScope.EVERYTHING)
    with acting(team, APPROVER) as study:
        rewrite(study, replace(asked, state=state))
    assert f"study.db (destruction {asked.id}) is not what was asked for and confirmed" in told(
        team
    )
    assert finish_destructions(team) == []

    taken = take_back_request(team, asked.id)

    assert taken.state is DestructionState.REFUSED
    last = team.read_trail()[0][-1]
    assert (last.verb, last.facts["stood_as"]) == ("destruction taken back", state.value)
    assert [w.scope for w in list_standing_withdrawals(team)] == [WithdrawalScope.FURTHER]
    assert not any("destruction" in one for one in told(team))
    again = asked_by_officer(team, whole(both[0]))
    assert confirm_destruction(team, again.id).state is DestructionState.ENDED


def test_a_request_that_nobody_made_is_taken_back_by_an_officer(
    team: Study, both: tuple[str, str]
) -> None:
    forged = replace(
        whole(both[0]), id="00000000", asked_by=OFFICER, state=DestructionState.CONFIRMED
    )
    with acting(team, APPROVER) as study:
        rewrite(study, forged)

    with Study.open(team.folder, own_words(OFFICER)) as study:
        assert take_back_request(study, "00000000").state is DestructionState.REFUSED

    assert not any("destruction 00000000" in one for one in told(team))
    assert team.find_interview("P07_i1").id == both[0]


def test_a_request_of_somebody_else_is_not_taken_back_by_who_may_only_ask(
    team: Study, both: tuple[str, str]
) -> None:
    asked = ask_destruction(team, whole(both[0]))
    with acting(team, APPROVER) as study:
        rewrite(study, replace(asked, asked_by=OFFICER, state=DestructionState.CONFIRMED))

    with Study.open(team.folder, own_words(OFFICER)) as study, pytest.raises(RoleForbids):
        take_back_request(study, asked.id)


def test_what_was_truly_confirmed_is_not_taken_back(team: Study, both: tuple[str, str]) -> None:
    done = confirm_destruction(team, asked_by_officer(team, whole(both[0])).id)

    with pytest.raises(DestructionRefused):
        take_back_request(team, done.id)


def test_a_request_that_was_left_out_is_named(team: Study, both: tuple[str, str]) -> None:
    asked = ask_destruction(team, whole(both[0]))
    with acting(team, APPROVER) as study:
        rewrite(study)

    assert list_destructions(team) == ()
    assert f"study.db (destruction {asked.id}) is missing" in told(team)
