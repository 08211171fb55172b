"""What each role may do, and what it is refused: the table of the people who work in a study."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from study.artefact_kinds import ArtefactKind
from study.errors import KeyNotHeld, RoleForbids
from study.permissions import CHANGES, PERMITTED, PersonAction, is_permitted
from study.person_roles import JOINING_ROLES, PersonRole
from study.records import InterviewDetails, StudyPolicy, Transcript
from study.store.keys import Argon2Cost
from study.store.people import add_person
from study.store.recordings import note_words_opened
from study.store.study import Study
from study.store.study_policy import (
    change_study_policy,
    find_open_request,
    read_study_policy,
)
from study.store.verification import verify_study
from tests.study.conftest import Importer

HOUSE = Path(__file__).parents[2]
OWN = {role: f"only the {role} knows this" for role in JOINING_ROLES}

# One line for each action: who may. o owner, i interviewer, a assistant, f officer, p approver,
# r the recovery code.
TABLE = {
    PersonAction.RECORD: "oia",
    PersonAction.KEEP_CONSENT: "oiaf",
    PersonAction.SET_UP: "oia",
    PersonAction.TRANSCRIBE: "oia",
    PersonAction.CORRECT: "oia",
    PersonAction.DECIDE: "oaf",
    PersonAction.HAND_ON: "oa",
    PersonAction.LISTEN: "oiafr",
    PersonAction.READ_WORDS: "oiafr",
    PersonAction.READ_ORIGINALS: "oafr",
    PersonAction.CHECK: "of",
    PersonAction.SIGN: "of",
    PersonAction.HAND_OVER: "oaf",
    PersonAction.SET_POLICY: "ofp",
    PersonAction.ACCEPT: "ofr",
    PersonAction.KEEP_PEOPLE: "or",
    PersonAction.RAISE_CONCERN: "oiaf",
    PersonAction.KEEP_SAFE: "of",
    PersonAction.ASK_DESTRUCTION: "of",
    PersonAction.CONFIRM_DESTRUCTION: "op",
    PersonAction.DESTROY: "ofp",
    PersonAction.SEND: "oia",
    PersonAction.TAKE_IN: "oa",
}
LETTERS = dict(zip("oiafpr", PersonRole, strict=True))


@pytest.fixture
def team(study: Study, cheap: Argon2Cost) -> Study:
    """A study with somebody in each role, beside the owner who has it open."""
    for role in JOINING_ROLES[1:]:
        add_person(study, role.value.title(), role, OWN[role], cost=cheap)
    return study


def opened(study: Study, role: PersonRole) -> Study:
    return Study.open(study.folder, OWN[role], person=role.value)


def test_the_table_says_who_may_do_what() -> None:
    assert {
        action: "".join(letter for letter, role in LETTERS.items() if action in PERMITTED[role])
        for action in PersonAction
    } == TABLE


@pytest.mark.parametrize("role", JOINING_ROLES[1:])
def test_every_change_is_allowed_or_refused_by_the_table(team: Study, role: PersonRole) -> None:
    with opened(team, role) as study:
        for verb, action in CHANGES.items():
            before = study.read_trail()[1]
            if action is None or is_permitted(role, action):
                with study.change(verb):
                    pass
                assert study.read_trail()[1] != before, verb
                continue
            with pytest.raises(RoleForbids) as refused, study.change(verb):
                pass
            assert str(refused.value) == f"Your role, {role}, does not let you {action}."
            assert study.read_trail()[1] == before, verb


@pytest.mark.parametrize("role", [role for role in JOINING_ROLES if role is not PersonRole.OWNER])
def test_a_change_that_the_table_does_not_know_is_refused(team: Study, role: PersonRole) -> None:
    with opened(team, role) as study, pytest.raises(RoleForbids), study.change("something else"):
        pass


def changes_in_the_source() -> Iterator[str]:
    for package in ("anonymise", "app", "capture", "cli", "handoff", "study", "transcribe", "tui"):
        for path in (HOUSE / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "change":
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value


def test_every_change_that_the_program_makes_stands_in_the_table() -> None:
    found = set(changes_in_the_source())

    assert "signed off" in found
    assert found - set(CHANGES) == set()


def test_the_recovery_code_opens_and_repairs_and_never_signs(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    made, code = Study.create(tmp_path / "study", passphrase, cost=cheap)
    made.close()

    with Study.open(tmp_path / "study", code) as study:
        with study.change("changed study verified"), pytest.raises(AssertionError):
            study.change("recording rescued").__enter__()
        for verb in ("signed off", "handed over", "mention accepted", "corrected"):
            with pytest.raises(RoleForbids, match="The recovery code does not let you"):
                study.change(verb).__enter__()


def test_an_interviewer_works_on_own_interviews_alone(
    team: Study, bring_in: Importer, transcript: Transcript
) -> None:
    theirs = bring_in(team, "P01_i1", 1)
    with team.interview(theirs).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, transcript)

    with opened(team, PersonRole.INTERVIEWER) as study:
        own = bring_in(study, "P02_i1", 1)
        with study.interview(own).change("transcribed") as change:
            change.write_artefact(ArtefactKind.RAW, transcript)

        assert study.interview(own).read_artefact(ArtefactKind.RAW, Transcript) == transcript
        sound = study.interview(own).open_sound()
        assert sound is not None
        sound.close()
        assert {s.label for s in study.summaries()} == {"P01_i1", "P02_i1"}
        for refused in (
            lambda: study.interview(theirs).read_artefact(ArtefactKind.RAW, Transcript),
            lambda: study.interview(theirs).open_sound(),
            lambda: study.interview(theirs).change("corrected").__enter__(),
        ):
            with pytest.raises(RoleForbids, match="interviews that somebody else entered"):
                refused()
        assert verify_study(study) == []


def test_an_officer_who_reads_what_was_said_leaves_a_line(team: Study) -> None:
    with team.change("interview made") as change:
        interview = change.add_interview(InterviewDetails("P01_i1"))
    before = team.read_trail()[1].count

    note_words_opened(team.interview(interview))
    with opened(team, PersonRole.ASSISTANT) as study:
        note_words_opened(study.interview(interview))
    with opened(team, PersonRole.OFFICER) as study:
        note_words_opened(study.interview(interview))

    lines, _ = team.read_trail()
    told = [(line.verb, line.slot, line.interview) for line in lines[before:]]
    assert told == [("words opened to read", 5, interview)]


def test_an_approver_reads_what_is_clean_and_nothing_else(
    team: Study, transcript: Transcript
) -> None:
    with team.change("interview made") as change:
        interview = change.add_interview(InterviewDetails("P01_i1"))
        change.write_artefact(ArtefactKind.RAW, transcript)
        change.write_artefact(ArtefactKind.CLEAN, transcript)

    with opened(team, PersonRole.APPROVER) as study:
        one = study.interview(interview)
        assert one.read_artefact(ArtefactKind.CLEAN, Transcript) == transcript
        with pytest.raises(KeyNotHeld):
            one.read_artefact(ArtefactKind.RAW, Transcript)


STRICT, LOOSE = StudyPolicy(second_person=True), StudyPolicy()


def test_one_person_loosens_the_policy_of_a_study_that_is_theirs_alone(study: Study) -> None:
    assert change_study_policy(study, STRICT) == STRICT
    assert change_study_policy(study, LOOSE) == LOOSE


def test_loosening_a_policy_takes_a_second_person(team: Study) -> None:
    assert change_study_policy(team, STRICT) == STRICT

    for _ in range(2):  # asking twice is asking
        assert change_study_policy(team, LOOSE) == STRICT
    with opened(team, PersonRole.ASSISTANT) as study, pytest.raises(RoleForbids):
        change_study_policy(study, LOOSE)
    with opened(team, PersonRole.APPROVER) as study:
        assert find_open_request(study) is not None
        assert change_study_policy(study, LOOSE) == LOOSE

    assert read_study_policy(team) == LOOSE
    assert find_open_request(team) is None
    last = team.read_trail()[0][-1]
    assert (last.verb, last.slot, last.facts["asked_by"]) == ("policy set", 6, 1)
    assert verify_study(team) == []


def test_who_is_asked_for_something_else_does_not_loosen_it(team: Study) -> None:
    change_study_policy(team, STRICT)
    change_study_policy(team, LOOSE)
    sound = StudyPolicy(second_person=True, sound_may_leave=True)

    with opened(team, PersonRole.OFFICER) as study:
        assert change_study_policy(study, sound) == STRICT


def test_tightening_counts_at_once_and_ends_what_was_asked_for(team: Study) -> None:
    change_study_policy(team, StudyPolicy(sound_may_leave=True))
    with opened(team, PersonRole.OFFICER) as study:
        assert change_study_policy(study, STRICT) == STRICT
        assert find_open_request(study) is None
