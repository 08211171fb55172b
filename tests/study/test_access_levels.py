"""How open an archive may keep a deposit: every set of answers, and the strictest of several."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from study.access_levels import AccessLevel, find_highest_access, find_strictest, is_more_open
from study.consent import CapacityState, ConsentAnswer, ConsentBasis, ConsentPurpose
from study.errors import AccessTooOpen
from study.records import InterviewDetails, Participant, Role
from study.store.consent_checks import REFUSED, choose_access
from study.store.consents import keep_consent
from study.store.study import Interview, Study
from tests.consents import agreed

YES, NO, UNASKED = ConsentAnswer.YES, ConsentAnswer.NO, ConsentAnswer.NOT_ASKED
OPEN, SAFEGUARDED, CONTROLLED = AccessLevel
HAS, LOST, ADVISED = CapacityState
OWN = ConsentBasis.OWN
ALLOWED = {  # basis, capacity, archive, quotes: whatever is not here is controlled
    (OWN, HAS, YES, YES): OPEN,
    (OWN, HAS, YES, NO): SAFEGUARDED,
    (OWN, HAS, YES, UNASKED): SAFEGUARDED,
}


@pytest.mark.parametrize("basis", ConsentBasis)
def test_each_set_of_answers_allows_one_level(basis: ConsentBasis) -> None:
    for case in product([basis], CapacityState, ConsentAnswer, ConsentAnswer):
        _, capacity, archive, quotes = case
        answers = {ConsentPurpose.ARCHIVE: archive, ConsentPurpose.QUOTES: quotes}
        record = replace(agreed(), basis=basis, capacity=capacity, answers=answers)

        assert find_highest_access(record) is ALLOWED.get(case, CONTROLLED), case


def test_without_a_record_access_is_controlled() -> None:
    assert find_highest_access(None) is CONTROLLED
    assert find_strictest([]) is CONTROLLED


def test_levels_are_in_order() -> None:
    assert [is_more_open(a, b) for a, b in product(AccessLevel, AccessLevel)] == [
        False, True, True, False, False, True, False, False, False,
    ]  # fmt: skip
    assert find_strictest([OPEN, SAFEGUARDED, OPEN]) is SAFEGUARDED


@pytest.fixture
def joint(study: Study) -> Interview:
    """An interview of P07 and P08, of whom P08 may not be quoted."""
    people = (Participant("INT01", Role.INTERVIEWER), Participant("P07"), Participant("P08"))
    with study.change("made for a test") as change:
        made = change.add_interview(InterviewDetails("P07_i1", people))
    keep_consent(study, agreed("P07"))
    keep_consent(study, agreed("P08", but=ConsentPurpose.QUOTES))
    return study.interview(made)


def test_the_strictest_of_everybody_is_chosen_or_something_stricter(joint: Interview) -> None:
    chosen = [choose_access([joint], wanted) for wanted in (None, SAFEGUARDED, CONTROLLED)]

    assert chosen == [SAFEGUARDED, SAFEGUARDED, CONTROLLED]


def test_a_level_that_is_too_open_is_refused_by_code_and_noted(joint: Interview) -> None:
    with pytest.raises(AccessTooOpen, match="what P08 agreed to allows safeguarded access") as no:
        choose_access([joint], OPEN)

    (line,) = [line for line in joint.study.read_trail()[0] if line.verb == REFUSED]
    assert (no.value.code, line.facts["exit_code"]) == ("P08", AccessTooOpen.exit_code)
    assert "P08" not in str(line.facts)


@pytest.mark.parametrize("basis", ConsentBasis)
def test_sound_is_never_more_open_than_what_was_agreed_about_it(basis: ConsentBasis) -> None:
    for archive, quotes, sound in product(ConsentAnswer, repeat=3):
        answers = {
            ConsentPurpose.ARCHIVE: archive, ConsentPurpose.QUOTES: quotes,
            ConsentPurpose.SOUND_HAND_OVER: sound,
        }  # fmt: skip
        record = replace(agreed(), basis=basis, answers=answers)
        text, both = (find_highest_access(record, has_sound=h) for h in (False, True))

        assert not is_more_open(both, text)
        assert both is not OPEN
        if (basis, archive, sound) != (OWN, YES, YES):
            assert both is CONTROLLED


def test_a_deposit_with_sound_takes_the_strictest_of_everybody_s_answers_about_sound(
    joint: Interview,
) -> None:
    answers = {ConsentPurpose.SOUND_HAND_OVER: UNASKED}
    kept = agreed("P08")
    assert choose_access([joint], None, has_sound=True) is SAFEGUARDED

    keep_consent(joint.study, replace(kept, answers=kept.answers | answers))

    assert choose_access([joint], None) is OPEN
    assert choose_access([joint], None, has_sound=True) is CONTROLLED
    with pytest.raises(AccessTooOpen, match="P08"):
        choose_access([joint], SAFEGUARDED, has_sound=True)
