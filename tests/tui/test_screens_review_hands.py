"""Hands stay put in the review: digits and doubts go on, and one key does the same for others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise import accept_all_mentions, decide_mention, write_clean_transcript
from study import Category, InterviewState, Mention, Role, Turn, Verdict, Word
from study.store import (
    Study,
    mark_review_ready,
    read_decisions,
    read_newest_transcript,
    read_vocabulary,
)
from tests.keys import key_of, sign_of
from tui.app import Earshot
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.review.cursor import list_phrases
from tui.widgets.transcript_view import TranscriptView

Shown = Callable[[Earshot], str]
Add = Callable[..., str]
SAME, SAME_SIGN = key_of("interview.same"), sign_of("interview.same")


def _turn(key: int, text: str, speaker: str = "P07") -> Turn:
    words = tuple(
        Word(f" {word}", 10.0 * key + n, 10.0 * key + n + 0.9, 0.9)
        for n, word in enumerate(text.split())
    )
    return Turn(key, speaker, 10.0 * key, 10.0 * key + len(words), text, words)


def _turns(study: Study, label: str) -> list[Turn]:
    source = read_newest_transcript(study.interview(study.find_interview(label).id))
    return list(source.transcript.turns) if source else []


@pytest.mark.parametrize(
    ("text", "pause_after", "begins"),
    [
        ("Yes. No, never. Well?", None, ["No", "Well"]),
        ("so I said and she went home", 3, ["she"]),
        ("“Is it?” he asked. (Quite.) Then", None, ["he", "(Quite", "Then"]),
        ("one long sentence without any end", None, []),
        ("Alone.", None, []),
    ],
)
def test_a_phrase_begins_after_a_sentence_or_a_pause(
    text: str, pause_after: int | None, begins: list[str]
) -> None:
    said = text.split()
    times = [float(n) + (0.6 if pause_after is not None and n > pause_after else 0.0)
             for n in range(len(said))]  # fmt: skip
    words = tuple(Word(f" {w}", at, at + 1.0, 0.9) for w, at in zip(said, times, strict=True))
    turn = Turn(1, "P07", 0.0, 9.0, text, words)
    spans = [(text.index(w), text.index(w) + len(w)) for w in said]

    assert [said[n].rstrip(".,?)”") for n in list_phrases(turn, spans)] == [
        word.rstrip(".,?)”") for word in begins
    ]


async def test_a_digit_labels_a_turn_and_goes_on_to_the_next(study: Study, add: Add) -> None:
    add(study, "P07_i1", tuple(_turn(n, "It was so.", f"S{1 + (n - 1) % 3}") for n in range(1, 6)))
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", *"32123")

    assert [turn.speaker for turn in _turns(study, "P07_i1")] == ["S3", "S2", "S1", "S2", "S3"]


async def test_the_key_to_the_next_speaker_goes_by_turns_where_no_voices_were_told_apart(
    study: Study, add: Add, shown: Shown
) -> None:
    add(study, "P07_i1", tuple(_turn(n, f"It was {n}.", "S?") for n in range(1, 5)))
    app = Earshot(study)
    async with app.run_test() as pilot:
        following, before = key_of("interview.next_voice"), key_of("interview.previous_voice")
        await pilot.press("enter", "home", following, following, before)
        await pilot.pause()
        told, turn = shown(app), app.screen.query_one(TranscriptView).turn

    assert turn == 2
    assert "All turns have one speaker, so this goes by turns." in told


async def test_no_digit_is_spent_on_who_nobody_knows_once_two_voices_were_told_apart(
    study: Study, add: Add, shown: Shown
) -> None:
    turns = (_turn(1, "It was so.", "S?"), _turn(2, "Was it?", "S1"), _turn(3, "Yes.", "S2"))
    add(study, "P07_i1", turns)
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home")
        await pilot.pause()
        hint = shown(app)
        await pilot.press("2")
        await pilot.pause()
        told = shown(app)

    assert [turn.speaker for turn in _turns(study, "P07_i1")] == ["S2", "S1", "S2"]
    assert "S?: not known yet who speaks. 1 to 2 say who, V names whole voices." in hint
    assert "1 S1" in told
    assert "2 S2" in told


async def test_a_digit_at_a_chosen_word_breaks_the_turn_there(
    study: Study, add: Add, shown: Shown
) -> None:
    said = "We came late. You did not. Who says that?"
    add(study, "P07_i1", (_turn(1, said, "S1"), _turn(2, "Well.", "S2"), _turn(3, "Yes.", "S3")))
    app = Earshot(study)
    async with app.run_test() as pilot:
        phrase = key_of("interview.next_phrase")
        await pilot.press("enter", "home", phrase, "2", phrase, "3")
        await pilot.pause()
        told = shown(app)

    assert [(turn.speaker, turn.text) for turn in _turns(study, "P07_i1")[:3]] == [
        ("S1", "We came late."), ("S2", "You did not."), ("S3", "Who says that?"),
    ]  # fmt: skip
    assert "Broken: S3 speaks from here on." in told


async def test_a_name_that_was_missed_is_added_at_all_its_places_and_taken_back(
    study: Study, add: Add, shown: Shown
) -> None:
    turns = tuple(_turn(n, f"Then Arthur left number {n}.") for n in range(1, 8))
    there = (Mention("m1", 7, 5, 11, Category.PERSON, "register", 0.9, "[Person 1]"),)
    interview = add(study, "P07_i1", turns, there)
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "right", "right", "m", "1")
        await pilot.pause()
        offered = shown(app)
        await pilot.press(SAME)
        await pilot.pause()
        added = [one.mention.turn for one in read_decisions(study.interview(interview))]
        told = shown(app)
        await pilot.press(SAME)  # decides what was found at another of its places
        await pilot.pause()
        decided = read_decisions(study.interview(interview))
        await pilot.press(SAME)
        await pilot.pause()
        nothing = shown(app)

    assert f"{SAME_SIGN} does the same for the other 5." in offered
    assert sorted(added) == list(range(1, 8))
    assert "5 mentions added, and replaced." in told
    assert all(one.decision is not None for one in decided)
    assert "Nothing else like it here." in nothing


async def test_a_comma_after_a_name_that_is_added_stays_and_hides_none_of_its_other_places(
    study: Study, add: Add, shown: Shown
) -> None:
    turns = (_turn(1, "“Nest,” he said."), _turn(2, "The nest was shut. We like the nest."))
    interview = add(study, "P07_i1", turns, ())
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "right", "m", "2")
        await pilot.pause()
        offered = shown(app)

    (added,) = (one.mention for one in read_decisions(study.interview(interview)))
    assert turns[0].text[added.start : added.end] == "Nest"
    assert f"{SAME_SIGN} does the same for the other 2." in offered


@pytest.mark.parametrize(("key", "verdict"), [("a", Verdict.ACCEPTED), ("x", Verdict.REJECTED)])
async def test_a_decision_about_one_is_offered_for_all_alike(
    key: str, verdict: Verdict, study: Study, add: Add, shown: Shown
) -> None:
    turns = tuple(_turn(n, f"Then Arthur left number {n}.") for n in range(1, 7))
    found = tuple(
        Mention(f"m{n}", n, 5, 11, Category.PERSON, "register", 0.9, "[Person 1]")
        for n in range(1, 7)
    )
    interview = add(study, "P07_i1", turns, found)
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", key)
        await pilot.pause()
        offered = shown(app)
        await pilot.press(SAME)
        await pilot.pause()

    made = [one.decision for one in read_decisions(study.interview(interview))]
    assert f"{SAME_SIGN} does the same for the other 5." in offered
    assert [one.verdict if one else None for one in made] == [verdict] * 6


async def test_what_was_decided_earlier_is_done_for_all_like_it_once_the_cursor_is_there_again(
    study: Study, add: Add, shown: Shown
) -> None:
    """It said "Nothing else like it here." while five like it stood undecided."""
    turns = tuple(_turn(n, f"Then Arthur left number {n}.") for n in range(1, 4))
    found = tuple(
        Mention(f"m{n}", n, 5, 11, Category.PERSON, "register", 0.9, "[Person 1]")
        for n in range(1, 4)
    )
    interview = add(study, "P07_i1", turns, found)
    decide_mention(study.interview(interview), "m1", Verdict.REJECTED)
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", key_of("interview.previous"), SAME)
        await pilot.pause()
        told = shown(app)

    made = [one.decision for one in read_decisions(study.interview(interview))]
    assert [one.verdict if one else None for one in made] == [Verdict.REJECTED] * 3, told


async def test_a_word_that_was_corrected_brings_up_its_twins_in_every_interview(
    study: Study, add: Add, shown: Shown
) -> None:
    here = ("We moved to Skippden.", "In Skippton it rained.", "Skipping down the lane.")
    add(study, "P07_i1", tuple(_turn(n, text) for n, text in enumerate(here, 1)))
    add(study, "P08_i1", (_turn(1, "I was born in skip ton."),))
    app = Earshot(study)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(key_of("home.filter"), *"P07", "enter", "enter")
        await pilot.press("home", "left", "enter", *"Skipton.", "escape")
        await pilot.pause()
        offered = shown(app)
        await pilot.press(SAME)
        await pilot.pause()
        assert isinstance(app.screen, ReplacementScreen), offered
        places = shown(app)
        await pilot.press("enter")
        await pilot.pause()
        told = shown(app)

    assert f"{SAME_SIGN} looks for “Skippden” and what sounds like “Skipton”" in offered
    assert "2 places in the whole study, 2 ticked." in places
    assert [turn.text for turn in _turns(study, "P07_i1")] == [
        "We moved to Skipton.", "In Skipton it rained.", "Skipping down the lane.",
    ]  # fmt: skip
    assert _turns(study, "P08_i1")[0].text == "I was born in Skipton."
    assert "“Skipton” is one of the study's words now" in told
    assert read_vocabulary(study)[0].terms == ("Skipton",)


async def test_the_list_of_twins_that_was_left_is_offered_again(study: Study, add: Add) -> None:
    """The key said "Nothing else like it here." after Esc, and the twins were still there."""
    add(study, "P07_i1", (_turn(1, "We moved to Skippden."), _turn(2, "In Skippton it rained.")))
    app = Earshot(study)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("enter", "home", "left", "enter", *"Skipton.", "escape", SAME)
        await pilot.pause()
        first = app.screen
        await pilot.press("escape", SAME)
        await pilot.pause()
        second = app.screen

    assert isinstance(first, ReplacementScreen)
    assert isinstance(second, ReplacementScreen)


async def test_a_settled_doubt_goes_on_to_the_next(study: Study, add: Add, shown: Shown) -> None:
    weak = tuple(
        Turn(n, "P07", 10.0 * n, 10.0 * n + 2, "It was cold.",
             (Word(" It", 10.0 * n, 10.0 * n + 0.5, 0.9), Word(" was", 10.0 * n + 0.5,
              10.0 * n + 1, 0.9), Word(" cold.", 10.0 * n + 1, 10.0 * n + 2, 0.2)))
        for n in range(1, 4)
    )  # fmt: skip
    add(study, "P07_i1", weak)
    app = Earshot(study)
    seen: list[int] = []
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", key_of("interview.next_doubt"))
        screen = app.screen
        view = screen.query_one(TranscriptView)
        for _ in range(3):
            seen.append(view.turn or 0)
            await pilot.press(key_of("interview.settle"))
            await pilot.pause()
        done = shown(app)

    assert seen == [1, 2, 3]
    assert "Nothing is left to check." in done


async def test_one_key_takes_no_hand_over_back_and_undo_restores_what_was_decided(
    course: Study, shown: Shown
) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    mark_review_ready(interview)
    reject, undo = key_of("interview.reject"), key_of("interview.undo")

    def verdicts() -> list[Verdict | None]:
        return [one.decision.verdict if one.decision else None for one in read_decisions(interview)]

    app = Earshot(course)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(reject)
        await pilot.pause()
        asked = " ".join(shown(app).replace("│", " ").split())
        await pilot.press("n")
        refused, stayed = verdicts(), interview.summary.state
        await pilot.press(reject)
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        changed, taken_back = verdicts(), interview.summary.state
        await pilot.press(undo)
        await pilot.pause()
        told = shown(app)

    accepted = [Verdict.ACCEPTED] * len(refused)
    assert "It is with the data officer. What you decide here takes it back" in asked
    assert (refused, stayed) == (accepted, InterviewState.READY)
    assert (changed, taken_back) == ([Verdict.REJECTED, *accepted[1:]], InterviewState.REVIEWED)
    assert verdicts() == accepted
    assert "It is accepted again, as it was before." in told


async def test_undo_takes_two_changes_of_mind_back_one_by_one(course: Study) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    reject, undo = key_of("interview.reject"), key_of("interview.undo")
    seen: list[object] = []
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        for key in (reject, key_of("interview.next"), reject, key_of("interview.previous"), undo,
                    key_of("interview.next"), undo):  # fmt: skip
            await pilot.press(key)
            await pilot.pause()
            decided = read_decisions(interview)
            seen.append([one.decision.verdict if one.decision else None for one in decided[:2]])

    yes, no = Verdict.ACCEPTED, Verdict.REJECTED
    assert seen == [[no, yes], [no, yes], [no, no], [no, no], [yes, no], [yes, no], [yes, yes]]


async def test_the_key_for_all_alike_says_why_there_is_nothing_to_do(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    said: list[str] = []
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("enter")
        for key in (SAME, key_of("interview.next"), key_of("interview.reject"), SAME):
            await pilot.press(key)
            await pilot.pause()
            said.append(shown(app))

    assert "Decide, add or correct one first." in said[0]
    assert "Nothing else like it here." in said[-1]


async def test_the_line_of_keys_offers_what_waits_only_where_something_waits(
    study: Study, add: Add, shown: Shown
) -> None:
    found = (Mention("m1", 1, 5, 11, Category.PERSON, "register", 0.9, "[Person 1]"),)
    add(study, "P07_i1", (_turn(1, "Then Arthur left."), _turn(2, "Well.")), found)
    to_doubt = f"{sign_of('interview.next_doubt')} Doubt"
    to_decide = f"{sign_of('interview.next_undecided')} Undecided"
    app = Earshot(study)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter", "end")
        await pilot.pause()
        before = shown(app)
        await pilot.press("home", key_of("interview.accept"), "end")
        await pilot.pause()
        after = shown(app)

    assert to_decide in before
    assert to_decide not in after
    assert to_doubt not in before + after


async def test_who_is_new_is_entered_with_what_they_are(
    study: Study, add: Add, shown: Shown
) -> None:
    """A code that was typed was nobody's: no consent was asked, and no role stood anywhere."""
    interview = add(study, "P07_i1", (_turn(1, "Well.", "S1"), _turn(2, "Yes.", "S2")))
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", key_of("interview.speaker"), "3", *"INT07", "enter")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("1")
        await pilot.pause()
        await pilot.press("1")
        await pilot.pause()

    assert "Nobody has entered INT07. What are they in this interview?" in asked
    assert [turn.speaker for turn in _turns(study, "P07_i1")] == ["INT07", "S2"]
    people = study.interview(interview).participants
    assert [(one.code, one.role) for one in people][-1] == ("INT07", Role.INTERVIEWER)
