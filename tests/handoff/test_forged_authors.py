"""What somebody can do with a passphrase and a program of their own, and how it is noticed.

The attacker holds real keys, so nothing stops the writing: a role is set aside by one assignment.
What they write does not count, is named by ``log verify``, and is said when the study is opened.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial

import pytest

from handoff import export
from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from handoff.sign_off import send_transcript_back, sign_transcript
from study import (
    ArtefactKind,
    ConsentRule,
    Decision,
    DecisionFacts,
    InterviewState,
    LogLine,
    Mentions,
    MentionsFacts,
    Objection,
    PersonRole,
    SignOff,
    SignOffFacts,
    SpotCheck,
    StudyPolicy,
    UnfinishedHandOver,
    Verdict,
)
from study.errors import ChangeFlaw, SignOffVoid, StudyChanged
from study.store import (
    ALL_CLASSES,
    Argon2Cost,
    KeyClass,
    Study,
    add_person,
    change_study_policy,
    make_slot,
    read_decisions,
    read_sign_off,
    read_study_policy,
    remove_person,
    require_sign_off,
    sign_as_openssh,
    verify_study,
)
from tests.handoff.conftest import SEARCHED
from tests.handoff.deciding import decide

ASSISTANT, OFFICER, APPROVER, INTERVIEWER = 3, 4, 5, 6
ROLES = (
    PersonRole.ASSISTANT, PersonRole.OFFICER, PersonRole.APPROVER, PersonRole.INTERVIEWER,
)  # fmt: skip
STRICT = StudyPolicy(
    second_person=True, consent=ConsentRule.RECORDED, two_to_destroy=True, asks_who_recognises=True
)
LOOSE = StudyPolicy(sound_may_leave=True)


@pytest.fixture(autouse=True, params=[10, 0], ids=["one by one", "all at once"])
def reads_rulings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of many interviews reads their rulings at once, and believes no more of them."""
    monkeypatch.setattr("study.store.proven_rulings._FEW", request.param)


def own_words(slot: int) -> str:
    return f"only the person in slot {slot} knows this"


@pytest.fixture
def team(study: Study, cheap: Argon2Cost) -> Study:
    """A study with somebody in four roles, beside the owner who has it open."""
    for slot, role in enumerate(ROLES, ASSISTANT):
        add_person(study, role.value.title(), role, own_words(slot), cost=cheap)
    return study


@contextlib.contextmanager
def acting(study: Study, slot: int, *, as_slot: int = 0) -> Generator[Study]:
    """Open the study as one of its people, with a program that knows no roles.

    as_slot: the slot whose name they write, where that is not their own.
    """
    with Study.open(study.folder, own_words(slot)) as opened:
        opened.ring.role = PersonRole.OWNER
        opened.ring.slot = as_slot or slot
        yield opened


def told(study: Study) -> list[str]:
    return [f"{one.where} {one.what}" for one in verify_study(study)]


def assert_counts_for_nothing(study: Study, interview: str, why: str) -> None:
    """The gate, the sheet, the export and the list of interviews all leave a sign-off out."""
    with pytest.raises(SignOffVoid, match=why):
        require_sign_off(study.interview(interview))
    with pytest.raises(SignOffVoid):
        export_interviews(study, ExportOrder((interview,)))
    found = read_sign_off(study.interview(interview))
    assert found is not None
    assert not found.is_valid
    assert study.find_interview(interview).state is InterviewState.SIGN_AGAIN


def test_an_honest_day_of_five_people_is_not_accused(team: Study, decided: str) -> None:
    with Study.open(team.folder, own_words(OFFICER)) as study:
        sign_transcript(study.interview(decided))
        change_study_policy(study, STRICT)
    assert change_study_policy(team, LOOSE) == STRICT  # asks for it
    with Study.open(team.folder, own_words(APPROVER)) as study:
        assert change_study_policy(study, LOOSE) == LOOSE
    with Study.open(team.folder, own_words(ASSISTANT)) as study:
        export_interviews(study, ExportOrder((decided,)))

    assert told(team) == []
    assert team.find_interview(decided).state is InterviewState.HANDED
    team.close()
    with Study.open(team.folder, own_words(OFFICER)) as study:
        assert study.change_flaw is None


def test_decisions_that_a_search_by_somebody_else_keeps_are_not_held_against_it(
    team: Study, decided: str
) -> None:
    with Study.open(team.folder, own_words(ASSISTANT)) as study:
        interview = study.interview(decided)
        with interview.change("mention accepted") as change:
            made = Decision("may1", Verdict.ACCEPTED, ASSISTANT, change.made_at)
            change.append_entry(ArtefactKind.MENTIONS, made, DecisionFacts())
    for _ in range(2):
        interview = team.interview(decided)
        with interview.change("anonymised") as change:
            standing = [one.decision for one in read_decisions(interview) if one.decision]
            mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
            change.write_artefact(ArtefactKind.MENTIONS, mentions, MentionsFacts(SEARCHED))
            change.append_entries(ArtefactKind.MENTIONS, standing, DecisionFacts())

    assert told(team) == []


def test_an_assistant_who_signs_off_with_a_program_of_their_own_is_named(
    team: Study, decided: str
) -> None:
    with acting(team, ASSISTANT) as study:
        sign_transcript(study.interview(decided))

    line = team.read_trail()[1].count
    why = f"slot {ASSISTANT}, whose role (assistant) does not let them sign off or send back"
    assert f"trail line {line} was written by {why}" in told(team)
    assert_counts_for_nothing(team, decided, f"line {line} of the audit trail was written by slot")


def test_it_is_said_when_the_study_is_opened_until_somebody_has_looked(
    team: Study, decided: str, passphrase: str
) -> None:
    with acting(team, ASSISTANT) as study:
        sign_transcript(study.interview(decided))
    team.close()

    for own in (passphrase, own_words(OFFICER), own_words(APPROVER)):
        with Study.open(team.folder, own) as study:
            assert study.change_flaw is ChangeFlaw.ROLE
            with pytest.raises(StudyChanged, match="somebody did what their role does not allow"):
                study.require_unchanged()
    with acting(team, ASSISTANT) as study:  # who did it accepts nothing
        study.accept_changes([], "all is well")
    with Study.open(team.folder, passphrase) as study:
        assert study.change_flaw is ChangeFlaw.ROLE
        study.accept_changes(verify_study(study), "the assistant has explained it")
    with Study.open(team.folder, passphrase) as study:
        assert study.change_flaw is None
        assert any(f"slot {ASSISTANT}, whose role" in one for one in told(study))
        assert_counts_for_nothing(study, decided, "whose role")


def test_an_assistant_who_signs_off_in_the_officer_s_name_is_named(
    team: Study, decided: str
) -> None:
    with acting(team, ASSISTANT, as_slot=OFFICER) as study:
        sign_transcript(study.interview(decided))

    line = team.read_trail()[1].count
    assert f"trail line {line} was not signed by the person it names" in told(team)
    assert_counts_for_nothing(team, decided, "was not signed by the person it names")


def write_ruling(study: Study, interview: str, verb: str, made: SignOff) -> None:
    """Write a ruling whose words and whose line need not fit each other."""
    summary = study.find_interview(interview)
    with study.interview(interview).change(verb) as change:
        facts = SignOffFacts(is_signed=True, basis=summary.sign_off_basis())
        change.write_artefact(ArtefactKind.SIGNED, made, facts)


def forge_ruling(team: Study, decided: str, slot: int, **changed: object) -> None:
    made = sign_transcript(team.interview(decided))
    with acting(team, slot) as study:
        own = replace(made, by=slot, slot_name=study.slot_names()[slot])
        write_ruling(study, decided, "signed off", replace(own, **changed))  # pyright: ignore[reportArgumentType]


def test_who_signs_off_and_writes_somebody_else_s_number_into_it_is_named(
    team: Study, decided: str
) -> None:
    forge_ruling(team, decided, OFFICER, by=1, slot_name="owner")

    where = f"study.db (signed.2 of interview {decided})"
    assert told(team) == [f"{where} names slot 1 as who did it, and slot {OFFICER} wrote it"]
    assert_counts_for_nothing(team, decided, "names somebody else than who wrote it")


def test_who_signs_off_and_writes_somebody_else_s_name_into_it_is_named(
    team: Study, decided: str
) -> None:
    forge_ruling(team, decided, OFFICER, slot_name="owner")

    where = f"study.db (signed.2 of interview {decided})"
    assert told(team) == [f"{where} names somebody else than slot {OFFICER}, who wrote it"]
    assert_counts_for_nothing(team, decided, "names somebody else than who wrote it")


def test_a_ruling_under_another_verb_does_not_count(team: Study, decided: str) -> None:
    made = sign_transcript(team.interview(decided))
    with acting(team, ASSISTANT) as study:
        own = replace(made, by=ASSISTANT, slot_name="Assistant")
        write_ruling(study, decided, "cleaned", own)

    why = f"slot {ASSISTANT}, whose role (assistant) does not let them sign off or send back"
    assert any(why in one for one in told(team))
    assert_counts_for_nothing(team, decided, "the audit trail tells of another ruling")


def decide_as(study: Study, interview: str, named: int) -> None:
    """Decide a mention, with any name in the decision and in the log."""
    handle = study.interview(interview)
    with handle.change("mention rejected") as change:
        made = Decision("may1", Verdict.REJECTED, named, change.made_at)
        change.append_entry(ArtefactKind.MENTIONS, made, DecisionFacts())
        log = handle.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
        fresh = tuple(
            replace(one, by=named, at=made.at) if one.mention == "may1" else one for one in log
        )
        change.write_artefact(ArtefactKind.LOG, fresh)


def test_who_decides_in_somebody_else_s_name_is_named_and_it_is_not_handed_over(
    team: Study, decided: str
) -> None:
    with acting(team, ASSISTANT) as study:
        decide_as(study, decided, named=OFFICER)
    sign_transcript(team.interview(decided))

    where = f"study.db (mentions.1.4 of interview {decided})"
    assert told(team) == [
        f"{where} names slot {OFFICER} as who did it, and slot {ASSISTANT} wrote it"
    ]
    with pytest.raises(SignOffVoid, match="a decision in it names somebody else"):
        require_sign_off(team.interview(decided))
    with pytest.raises(SignOffVoid):
        export_interviews(team, ExportOrder((decided,)))


def test_a_log_that_names_somebody_else_than_who_decided_is_named(
    team: Study, decided: str
) -> None:
    with acting(team, ASSISTANT) as study:
        handle = study.interview(decided)
        log = handle.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
        with handle.change("cleaned") as change:
            change.write_artefact(ArtefactKind.LOG, tuple(replace(one, by=OFFICER) for one in log))

    where = f"study.db (log.3 of interview {decided})"
    assert told(team) == [f"{where} names somebody else than who decided"]


@pytest.mark.parametrize("named", [OFFICER, ASSISTANT])
def test_an_officer_who_signs_off_what_they_decided_is_named(
    team: Study, decided: str, named: int
) -> None:
    """Also where the decision names somebody else, as a program of their own may write it."""
    with acting(team, OFFICER) as study:
        decide_as(study, decided, named)
        sign_transcript(study.interview(decided))

    where = f"study.db (signed.1 of interview {decided})"
    assert f"{where} was signed off by slot {OFFICER}, who decided some of it" in told(team)
    with Study.open(team.folder, own_words(OFFICER)) as study:
        assert_counts_for_nothing(study, decided, "decided some of it|names somebody else")
    assert_counts_for_nothing(team, decided, "decided some of it|names somebody else")


def _calls_nothing_own_work(*_: object) -> bool:
    return False


def test_who_decided_and_signed_off_where_the_policy_asks_for_two_is_named(
    team: Study, decided: str
) -> None:
    change_study_policy(team, STRICT)
    with pytest.MonkeyPatch.context() as own_program:
        own_program.setattr("handoff.sign_off._is_own_work", _calls_nothing_own_work)
        sign_transcript(team.interview(decided), who_recognises="The ward.")

    where = f"study.db (signed.1 of interview {decided})"
    assert told(team) == [f"{where} was signed off by slot 1, who decided some of it"]
    with pytest.raises(SignOffVoid, match="decided some of it"):
        require_sign_off(team.interview(decided))


def set_policy(study: Study, wanted: StudyPolicy) -> None:
    with study.change("policy set") as change:
        change.write_artefact(ArtefactKind.POLICY, wanted)


def test_an_assistant_who_loosens_the_policy_is_named_and_the_strictest_counts(
    team: Study,
) -> None:
    change_study_policy(team, replace(STRICT, heads_file="/media/stick/heads.txt"))
    with acting(team, ASSISTANT) as study:
        set_policy(study, LOOSE)

    why = f"slot {ASSISTANT}, whose role (assistant) does not let them change what the study's"
    assert any(one.startswith("trail line") and why in one for one in told(team))
    assert read_study_policy(team) == replace(STRICT, heads_file="/media/stick/heads.txt")
    team.close()
    with Study.open(team.folder, own_words(OFFICER)) as study:
        assert study.change_flaw is ChangeFlaw.ROLE


@pytest.mark.parametrize("slot", [OFFICER, APPROVER])
def test_who_may_set_the_policy_and_loosens_it_alone_is_named(team: Study, slot: int) -> None:
    change_study_policy(team, STRICT)
    with acting(team, slot) as study:
        set_policy(study, LOOSE)

    assert told(team) == ["study.db (policy.2 of interview study) was loosened by one person alone"]
    assert read_study_policy(team) == STRICT


def test_who_asks_for_a_looser_policy_in_another_s_name_is_not_two_people(team: Study) -> None:
    change_study_policy(team, STRICT)
    with acting(team, ASSISTANT, as_slot=OFFICER) as study:
        change_study_policy(study, LOOSE)
    with acting(team, APPROVER) as study:
        assert change_study_policy(study, LOOSE) == LOOSE  # who is deceived agrees

    assert read_study_policy(team) == STRICT
    assert "study.db (policy.2 of interview study) was loosened by one person alone" in told(team)


Deed = Callable[[Study], None]


def give_themselves_the_officer_s_role(study: Study) -> None:
    change_own_row(study, PersonRole.OFFICER)


def give_themselves_all_keys(study: Study) -> None:
    change_own_row(study, PersonRole.APPROVER, classes=ALL_CLASSES[:3])


def change_own_row(study: Study, role: PersonRole, **columns: tuple[KeyClass, ...]) -> None:
    number, ring = study.ring.slot, study.ring
    fresh = make_slot(
        ring, number, study.slot_name, own_words(number), Argon2Cost(1, 1, 64),
        role=role, person=ring.person,
    )  # fmt: skip
    with study.change("passphrase changed") as change:
        change.write_slots([replace(fresh, **columns)])


@pytest.mark.parametrize("deed", [give_themselves_the_officer_s_role, give_themselves_all_keys])
def test_who_gives_themselves_another_role_or_more_keys_gets_none(team: Study, deed: Deed) -> None:
    """The next removal of somebody would have sealed all new keys for such a slot."""
    with acting(team, APPROVER) as study:
        deed(study)
    team.close()

    with Study.open(team.folder, "four unrelated small words") as study:
        assert study.change_flaw is ChangeFlaw.ROLE
        with pytest.raises(StudyChanged):
            remove_person(study, "Interviewer")
        assert told(study) == [
            f"study.db (slot {APPROVER}) has another role or more keys than it was given"
        ]


def remove_the_officer(study: Study) -> None:
    with study.change("corrected") as change:
        change.facts[f"slot.{OFFICER}.removed"] = 1


def take_the_ruling_off(study: Study) -> None:
    with study.change("corrected") as change:
        change.facts["study:signed.1.missing"] = 1


def note_that_all_is_well(study: Study) -> None:
    study.accept_changes([], "all is well")


def write_what_nobody_knows(study: Study) -> None:
    with study.change("something else"):
        pass


@pytest.mark.parametrize(
    ("deed", "what"),
    [
        (remove_the_officer, "say who may open the study"),
        (take_the_ruling_off, "accept a study that was changed outside Earshot"),
        (note_that_all_is_well, "accept a study that was changed outside Earshot"),
        (write_what_nobody_knows, "do that"),
    ],
)
def test_other_lines_that_an_assistant_may_not_write_are_named(
    team: Study, deed: Deed, what: str
) -> None:
    with acting(team, ASSISTANT) as study:
        deed(study)
    with Study.open(team.folder, own_words(OFFICER)) as study, study.change("words opened to read"):
        pass  # who was not removed writes on

    why = f"was written by slot {ASSISTANT}, whose role (assistant) does not let them {what}"
    line = team.read_trail()[1].count - 1
    assert told(team) == [f"trail line {line} {why}"]


def test_an_interviewer_who_works_on_somebody_else_s_interview_is_named(
    team: Study, decided: str
) -> None:
    with acting(team, INTERVIEWER) as study, study.interview(decided).change("hints settled"):
        pass

    line = team.read_trail()[1].count
    why = "does not let them work on interviews that somebody else entered"
    assert told(team) == [
        f"trail line {line} was written by slot {INTERVIEWER}, whose role (interviewer) {why}"
    ]


def test_a_check_of_the_log_that_names_somebody_else_is_named(team: Study, decided: str) -> None:
    with (
        acting(team, OFFICER) as study,
        study.interview(decided).change("line of the log right") as change,
    ):
        change.write_artefact(ArtefactKind.CHECKS, {})
        change.append_entry(ArtefactKind.CHECKS, SpotCheck("may1", "", "right", 1, change.made_at))

    where = f"study.db (checks.1.1 of interview {decided})"
    assert told(team) == [f"{where} names slot 1 as who did it, and slot {OFFICER} wrote it"]


def _name_the_owner(make: Callable[..., UnfinishedHandOver], *given: object) -> UnfinishedHandOver:
    note = make(*given)
    assert note.hand_over is not None
    return replace(note, hand_over=replace(note.hand_over, by=1))


def test_a_hand_over_that_names_somebody_else_is_named(team: Study, decided: str) -> None:
    with Study.open(team.folder, own_words(OFFICER)) as study:
        sign_transcript(study.interview(decided))
    with acting(team, ASSISTANT) as study, pytest.MonkeyPatch.context() as own_program:
        own_program.setattr(export, "_note", partial(_name_the_owner, export._note))
        export_interviews(study, ExportOrder((decided,)))

    where = f"study.db (handed.1 of interview {decided})"
    assert told(team) == [f"{where} names slot 1 as who did it, and slot {ASSISTANT} wrote it"]


def test_a_bundle_that_somebody_else_signed_than_handed_it_over_is_named(
    team: Study, decided: str
) -> None:
    with Study.open(team.folder, own_words(OFFICER)) as study:
        sign_transcript(study.interview(decided))
    export_interviews(team, ExportOrder((decided,)))
    folder = team.folder / "handed-over" / "P07_i1"
    with acting(team, ASSISTANT) as study:
        assert study.ring.person is not None
        signed = sign_as_openssh(study.ring.person, (folder / "SHA256SUMS").read_bytes())
    (folder / "SHA256SUMS.sig").write_bytes(signed)

    assert told(team) == ["handed-over/P07_i1/SHA256SUMS.sig was not signed by who handed it over"]


def test_who_sends_back_without_the_role_stops_nothing_for_good(team: Study, decided: str) -> None:
    """It does not count as a ruling; the officer signs again, and that counts."""
    with Study.open(team.folder, own_words(OFFICER)) as study:
        sign_transcript(study.interview(decided))
    with acting(team, ASSISTANT) as study:
        send_transcript_back(study.interview(decided), [Objection("never mind")])
    with Study.open(team.folder, own_words(OFFICER)) as study:
        study.accept_changes([], "the assistant may not do that")
    with Study.open(team.folder, own_words(OFFICER)) as study:
        sign_transcript(study.interview(decided))

        assert require_sign_off(study.interview(decided)).is_valid


def test_a_later_decision_of_the_owner_is_theirs(team: Study, decided: str) -> None:
    decide(team, decided, may1=Verdict.ACCEPTED)

    assert told(team) == []


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (ArtefactKind.DESTRUCTIONS, "destroy"),
        (ArtefactKind.HOLDS, "destroyed"),
        (ArtefactKind.RETENTION, "change what the study's protocol asks"),
    ],
)
def test_an_assistant_who_writes_what_others_decide_is_named(
    team: Study, kind: ArtefactKind, what: str
) -> None:
    with acting(team, ASSISTANT) as study, study.change("settings kept") as change:
        change.write_artefact(kind, ())

    assert any(f"slot {ASSISTANT}, whose role" in one and what in one for one in told(team))


def test_an_assistant_who_says_that_consents_are_gone_is_named(team: Study) -> None:
    with acting(team, ASSISTANT) as study, study.change("settings kept") as change:
        change.facts["abcdefgh:consent.dropped"] = 1

    line = team.read_trail()[1].count
    assert f"trail line {line} destroys what nobody who may has confirmed" in told(team)


def test_an_interviewer_who_rewrites_another_s_words_under_any_verb_is_named(
    team: Study, decided: str
) -> None:
    with (
        acting(team, INTERVIEWER) as study,
        study.interview(decided).change("hand-over ended") as change,
    ):
        change.facts["raw.1"] = "00"

    assert any("interviews that somebody else entered" in one for one in told(team))
