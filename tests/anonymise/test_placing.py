"""Decisions about mentions find their words after the transcript was corrected."""

from __future__ import annotations

from collections.abc import Callable

from anonymise import deciding, steps
from anonymise.cleaning import clean
from anonymise.placing import Placing
from study import decided
from study.artefacts import State
from study.correcting import Correcting
from study.store import Study
from study.terms import Verdict

Hear = Callable[..., str]


def test_words_are_followed_into_the_turns_they_went_to() -> None:
    old = {1: "my sister Margaret works at Ashfield", 2: "so does Tom"}
    split = {1: "my sister Margaret", 3: "works at Ashfield", 2: "so does Tom"}
    joined = {1: "my sister Margaret works at Ashfield so does Tom"}

    assert Placing(old, split, {1: [3]}).place(1, 28, 36) == (3, 9, 17)
    assert Placing(old, split, {1: [3]}).place(1, 10, 18) == (1, 10, 18)
    assert Placing(old, joined, {2: [1]}).place(2, 8, 11) == (1, 45, 48)
    assert Placing(old, {1: old[1]}).place(2, 8, 11) is None
    assert Placing(old, {1: "my sister Margret", 2: old[2]}).place(1, 10, 18) is None


def _standing(study: Study, interview: str) -> dict[str, tuple[int, str, str]]:
    source = decided.newest(study, interview)
    assert source is not None
    texts = source.texts()
    return {
        texts[d.mention.turn][d.mention.start : d.mention.end]: (
            d.mention.turn,
            d.mention.key,
            d.decision.verdict.value if d.decision else "open",
        )
        for d in decided.read(study, interview)
    }


def test_a_decision_stands_after_its_turn_was_corrected_split_and_searched_again(
    study: Study, hear: Hear
) -> None:
    interview = hear("Call me on 07700 900123 or write to mary@example.org please", "Thank you.")
    steps.propose(study, interview, ner=None)
    before = _standing(study, interview)
    for _, key, _ in before.values():
        deciding.decide(study, interview, key, Verdict.ACCEPTED)
    pen = Correcting(study, interview)

    pen.set_text(1, "Do call me on 07700 900123, or write to mary@example.org please.")
    pen.split(1, pen.transcript.turns[0].text.index("or write"))
    steps.propose(study, interview, ner=None)

    after = _standing(study, interview)
    assert {words: (key, verdict) for words, (_, key, verdict) in after.items()} == {
        words: (key, "accepted") for words, (_, key, _) in before.items()
    }
    assert after["07700 900123"][0] == 1
    assert after["mary@example.org"][0] == 3
    assert study.find(interview).undecided == 0


def test_a_correction_makes_the_mentions_stale_until_it_is_searched_again(
    study: Study, hear: Hear
) -> None:
    interview = hear("Call me on 07700 900123.")
    steps.propose(study, interview, ner=None)
    pen = Correcting(study, interview)
    was = study.find(interview).is_stale
    pen.set_text(1, "Please call me on 07700 900123.")
    stale = study.find(interview).is_stale
    steps.propose(study, interview, ner=None)

    assert (was, stale, study.find(interview).is_stale) == (False, True, False)


def test_a_correction_of_what_was_decided_asks_for_another_search(study: Study, hear: Hear) -> None:
    interview = hear("Call me on 07700 900123.")
    for mention in steps.propose(study, interview, ner=None).mentions:
        deciding.decide(study, interview, mention.key, Verdict.ACCEPTED)
    reviewed = study.find(interview).state
    Correcting(study, interview).set_text(1, "Call Margaret on 07700 900123.")

    assert reviewed is State.REVIEWED
    assert study.find(interview).state is State.CORRECTED


def test_the_same_words_said_twice_and_then_once_are_one_mention(study: Study, hear: Hear) -> None:
    interview = hear("My name is Arthur Bennett. My name is Arthur Bennett.")
    steps.propose(study, interview, ner=None)
    first, second = decided.read(study, interview)
    deciding.decide(study, interview, first.mention.key, Verdict.REJECTED)
    deciding.decide(study, interview, second.mention.key, Verdict.ACCEPTED)
    Correcting(study, interview).set_text(1, "My name is Arthur Bennett.")
    steps.propose(study, interview, ner=None)

    (left,) = decided.read(study, interview)
    assert (left.mention.start, left.mention.end) == (11, 25)
    assert clean(study, interview).turns[0].text == "My name is [Person 1]."
