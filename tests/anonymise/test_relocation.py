"""Decisions about mentions find their words after the transcript was corrected."""

from __future__ import annotations

from collections.abc import Callable

from anonymise.clean_transcript import write_clean_transcript
from anonymise.mention_decisions import decide_mention
from anonymise.relocation import MentionRelocation
from anonymise.search import search_transcript
from study import InterviewState, Verdict
from study.store import Interview, TranscriptEditor, read_decisions, read_newest_transcript

Hear = Callable[..., Interview]


def test_words_are_followed_into_the_turns_they_went_to() -> None:
    old = {1: "my sister Margaret works at Ashfield", 2: "so does Tom"}
    split = {1: "my sister Margaret", 3: "works at Ashfield", 2: "so does Tom"}
    joined = {1: "my sister Margaret works at Ashfield so does Tom"}

    assert MentionRelocation(old, split, {1: [3]}).relocate_span(1, 28, 36) == (3, 9, 17)
    assert MentionRelocation(old, split, {1: [3]}).relocate_span(1, 10, 18) == (1, 10, 18)
    assert MentionRelocation(old, joined, {2: [1]}).relocate_span(2, 8, 11) == (1, 45, 48)
    assert MentionRelocation(old, {1: old[1]}).relocate_span(2, 8, 11) is None
    assert (
        MentionRelocation(old, {1: "my sister Margret", 2: old[2]}).relocate_span(1, 10, 18) is None
    )


def _standing(interview: Interview) -> dict[str, tuple[int, str, str]]:
    source = read_newest_transcript(interview)
    assert source is not None
    texts = source.turn_texts()
    return {
        texts[d.mention.turn][d.mention.start : d.mention.end]: (
            d.mention.turn,
            d.mention.key,
            d.decision.verdict.value if d.decision else "open",
        )
        for d in read_decisions(interview)
    }


def test_a_decision_stands_after_its_turn_was_corrected_split_and_searched_again(
    hear: Hear,
) -> None:
    interview = hear("Call me on 07700 900123 or write to mary@example.org please", "Thank you.")
    search_transcript(interview, name_model=None)
    before = _standing(interview)
    for _, key, _ in before.values():
        decide_mention(interview, key, Verdict.ACCEPTED)
    pen = TranscriptEditor(interview)

    pen.set_text(1, "Do call me on 07700 900123, or write to mary@example.org please.")
    pen.split_turn(1, pen.transcript.turns[0].text.index("or write"))
    search_transcript(interview, name_model=None)

    after = _standing(interview)
    assert {words: (key, verdict) for words, (_, key, verdict) in after.items()} == {
        words: (key, "accepted") for words, (_, key, _) in before.items()
    }
    assert after["07700 900123"][0] == 1
    assert after["mary@example.org"][0] == 3
    assert interview.summary.undecided == 0


def test_a_correction_makes_the_mentions_stale_until_it_is_searched_again(hear: Hear) -> None:
    interview = hear("Call me on 07700 900123.")
    search_transcript(interview, name_model=None)
    pen = TranscriptEditor(interview)
    was = interview.summary.is_stale
    pen.set_text(1, "Please call me on 07700 900123.")
    stale = interview.summary.is_stale
    search_transcript(interview, name_model=None)

    assert (was, stale, interview.summary.is_stale) == (False, True, False)


def test_a_correction_of_what_was_decided_asks_for_another_search(hear: Hear) -> None:
    interview = hear("Call me on 07700 900123.")
    for mention in search_transcript(interview, name_model=None).mentions:
        decide_mention(interview, mention.key, Verdict.ACCEPTED)
    reviewed = interview.summary.state
    TranscriptEditor(interview).set_text(1, "Call Margaret on 07700 900123.")

    assert reviewed is InterviewState.REVIEWED
    assert interview.summary.state is InterviewState.CORRECTED


def test_the_same_words_said_twice_and_then_once_are_one_mention(hear: Hear) -> None:
    interview = hear("My name is Arthur Bennett. My name is Arthur Bennett.")
    search_transcript(interview, name_model=None)
    first, second = read_decisions(interview)
    decide_mention(interview, first.mention.key, Verdict.REJECTED)
    decide_mention(interview, second.mention.key, Verdict.ACCEPTED)
    TranscriptEditor(interview).set_text(1, "My name is Arthur Bennett.")
    search_transcript(interview, name_model=None)

    (left,) = read_decisions(interview)
    assert (left.mention.start, left.mention.end) == (11, 25)
    assert write_clean_transcript(interview).turns[0].text == "My name is [Person 1]."
