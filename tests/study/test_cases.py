"""Interviews are grouped by the people who take part in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from study.artefacts import InterviewSummary
from study.linked_cases import group_cases
from study.records import InterviewDetails, Participant, Role


def _interview(label: str, *people: tuple[str, Role]) -> InterviewSummary:
    about = InterviewDetails(label, tuple(Participant(code, role) for code, role in people))
    return InterviewSummary(label, "2026-11-23", about, 0.0, {}, is_recording=False)


def test_people_who_were_interviewed_together_make_one_case() -> None:
    interviews = [
        _interview("both", ("INT01", Role.INTERVIEWER), ("FAM01", Role.SUPPORTER),
                   ("P01", Role.PARTICIPANT)),
        _interview("staff", ("INT01", Role.INTERVIEWER), ("STAFF01", Role.STAFF)),
        _interview("wife", ("INT01", Role.INTERVIEWER), ("FAM01", Role.SUPPORTER)),
        _interview("other", ("P02", Role.PARTICIPANT), ("STAFF01", Role.STAFF)),
    ]  # fmt: skip

    found = [(case.name, [s.label for s in case.interviews]) for case in group_cases(interviews)]

    assert found == [
        ("P01, FAM01", ["both", "wife"]), ("STAFF01", ["staff"]), ("P02", ["other"]),
    ]  # fmt: skip


def test_somebody_who_links_two_cases_makes_them_one() -> None:
    interviews = [
        _interview("a", ("P01", Role.PARTICIPANT)),
        _interview("b", ("FAM01", Role.SUPPORTER)),
        _interview("c", ("P01", Role.PARTICIPANT), ("FAM01", Role.SUPPORTER)),
    ]

    (only,) = group_cases(interviews)

    assert only.codes == ("P01", "FAM01")
    assert [s.label for s in only.interviews] == ["a", "b", "c"]


def test_strangers_of_two_interviews_are_two_and_nobodys_case() -> None:
    def _with_stranger(label: str, code: str, name: str) -> InterviewSummary:
        people = (
            Participant(code, names=(code,)),
            Participant("S01", names=(name,) if name else ()),
        )
        about = InterviewDetails(label, people)
        return InterviewSummary(label, "2026-11-23", about, 0.0, {}, is_recording=False)

    def cases(*names: str) -> list[str]:
        every = [_with_stranger(f"i{n}", f"P0{n}", name) for n, name in enumerate(names, 1)]
        return [case.name for case in group_cases(every)]

    assert cases("Guest User", "Another Person") == ["P01", "P02"]
    assert cases("", "") == ["P01", "P02"]
    assert cases("Ann Lee", "Ann Lee") == ["P01, S01, P02"]


def test_an_interview_of_unknown_people_stands_by_itself() -> None:
    unknown = InterviewSummary("x", "2026-11-23", None, 0.0, {}, is_recording=False)

    assert [case.name for case in group_cases([unknown, _interview("y")])] == ["", ""]


_PEOPLE = st.lists(
    st.tuples(st.sampled_from(["P1", "P2", "P3", "F1", "S1"]), st.sampled_from(list(Role))),
    max_size=3,
)


@given(st.lists(_PEOPLE, max_size=8))
def test_every_interview_is_in_one_case_and_those_that_share_somebody_in_the_same(
    every: list[list[tuple[str, Role]]],
) -> None:
    interviews = [_interview(str(n), *people) for n, people in enumerate(every)]
    found = group_cases(interviews)
    case_of = {s.id: n for n, case in enumerate(found) for s in case.interviews}

    assert sorted(case_of) == sorted(s.id for s in interviews)
    assert sum(len(case.interviews) for case in found) == len(interviews)
    for one in interviews:
        for other in interviews:
            if _life(one) & _life(other):
                assert case_of[one.id] == case_of[other.id]


def _life(summary: InterviewSummary) -> set[str]:
    people = summary.about.participants if summary.about else ()
    return {p.code for p in people if p.role in {Role.PARTICIPANT, Role.SUPPORTER}}
