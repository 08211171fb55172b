"""Correcting in the review screen: every key does what it says, and nothing has to be saved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from textual.events import Key
from textual.pilot import Pilot

from anonymise import decide_mention
from study import (
    SECOND_HEARING,
    UNSURE,
    ArtefactKind,
    Category,
    DoubtFlag,
    InterviewState,
    Mark,
    MarkKind,
    Mention,
    Provenance,
    Transcript,
    Turn,
    Verdict,
    Word,
)
from study.store import (
    Study,
    TranscriptEditor,
    read_decisions,
    read_newest_transcript,
    read_review_progress,
)
from tests.keys import key_of
from tui.app import Earshot
from tui.screens import replacement_screen
from tui.screens.dialogs import MessageDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.review_screen import ReviewScreen
from tui.widgets.turn_editor import TurnEditor

Shown = Callable[[Earshot], str]
_FIRST = "Could you tell me who comes to the course with you?"


def _turns(study: Study, label: str = "P07_i1") -> list[Turn]:
    source = read_newest_transcript(study.interview(label))
    assert source is not None
    return list(source.transcript.turns)


def _texts(study: Study) -> list[str]:
    return _texts_of(study, "P07_i1")


def _texts_of(study: Study, label: str) -> list[str]:
    return [turn.text for turn in _turns(study, label)]


def _screen(app: Earshot) -> ReviewScreen:
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    return screen


async def _settled(pilot: Pilot[None]) -> None:
    """Let what was typed be kept, as it is after half a second without a key."""
    await pilot.pause(0.6)


async def test_a_turn_is_corrected_in_its_place_and_kept_without_a_key(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", "end", "backspace", *", I mean?")
        await _settled(pilot)
        kept, while_typing = _texts(course)[0], shown(app)
        await pilot.press("escape")
        await pilot.pause()
        after = shown(app)

    assert kept == "Could you tell me who comes to the course with you, I mean?"
    assert "✓ kept" in while_typing
    assert "mean?" in while_typing
    assert "mean?" in after


async def test_leaving_a_turn_keeps_what_was_typed_last(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"So. ", "escape")

        assert _texts(course)[0] == f"So. {_FIRST}"


async def test_up_and_down_go_on_typing_in_the_turn_before_and_after(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"A ", "down", *"B ", "down", "down", *"C ")
        await pilot.press("up", "end", *" D", "escape")
        await pilot.pause()

    texts = _texts(course)
    assert texts[0].startswith("A Could")
    assert texts[1].startswith("B My sister")
    assert texts[1].endswith(" D") or texts[2].endswith(" D") or " D" in texts[1]
    assert texts[2].startswith("C How long")


async def test_undo_and_redo_take_a_whole_piece_of_typing(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"One ")
        await _settled(pilot)
        await pilot.press(*"two ")
        await _settled(pilot)
        await pilot.press("escape", "z")
        undone = _texts(course)[0]
        await pilot.pause()
        said = shown(app)
        await pilot.press("Z")
        redone = _texts(course)[0]
        await pilot.press("z", "z")
        await pilot.pause()
        nothing = shown(app)

    assert undone == _FIRST
    assert "Undone: words corrected." in said
    assert redone == f"One two {_FIRST}"
    assert "No edit to undo" in nothing


async def test_undo_reaches_what_was_corrected_before_this_sitting(course: Study) -> None:
    TranscriptEditor(course.interview("P07_i1")).set_text(1, "Who comes?")
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "z")

    assert _texts(course)[0] == _FIRST


async def test_a_turn_is_split_at_the_chosen_word_and_joined(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "down", *["right"] * 5, "b")
        split = _turns(course)
        await pilot.press("up", "J")
        joined = _turns(course)
        await pilot.press("b")
        await pilot.pause()
        told = shown(app)

    assert [t.text for t in split[1:3]] == [
        "My sister Margaret does.", "She works at Ashfield ward, you know.",
    ]  # fmt: skip
    assert [t.text for t in joined][1] == (
        "My sister Margaret does. She works at Ashfield ward, you know."
    )
    assert "Choose the word that begins the new turn" in told


async def test_a_turn_is_split_while_typing(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press(
            "enter", "home", "enter", "end", *["ctrl+left"] * 3, key_of("typing.split")
        )
        await pilot.pause()

        assert _texts(course)[:2] == ["Could you tell me who comes to the course", "with you?"]


async def test_mentions_stay_on_their_words_through_edits(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "a", "home", "down", "enter", "home", *"Well, ", "escape")
        await pilot.pause()
        text = shown(app)

    assert "Well, My sister ✓[Person 2]ᵖ does." in text or (
        "Well, My sister ▸[Person 2]◂ does." in text
    )
    assert "M searches it again" in text


async def test_speakers_are_set_by_their_number_and_by_scope(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "2")
        one = [t.speaker for t in _turns(course)]
        await pilot.press("z", "S", "2")
        await pilot.pause()
        await pilot.press("3")
        await pilot.pause()
        every = [t.speaker for t in _turns(course)]
        await pilot.press("7")
        await pilot.pause()
        none = shown(app)
        await pilot.press("S", "3")  # INT keeps its number though nobody has it any more
        await pilot.pause()
        await pilot.press(*"S1", "enter")
        await pilot.pause()
        await pilot.press("1")
        await pilot.pause()

    assert one == ["P07", "P07", "INT", "P07"]
    assert every == ["P07", "P07", "P07", "P07"]
    assert "There is no speaker 7" in none
    assert _turns(course)[0].speaker == "S1"


async def test_a_doubt_is_found_and_settled(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "d")
        at = _screen(app).widgets.view.turn
        await pilot.press("y", "d")
        await pilot.pause()

        assert at == 4
        assert _turns(course)[3].flags == ()
        assert "The model was sure of every word here" in shown(app)


_UNSURE_TURNS = (
    Turn(1, "P10", 0.0, 1.0, "Yes.", (Word(" Yes.", 0.0, 1.0, 0.9),)),
    Turn(2, "P10", 1.5, 4.0, "To Skippden by bus", (
        Word(" To", 1.5, 2.0, 0.9), Word(" Skippden", 2.0, 3.0, 0.08), Word(" by", 3.0, 3.5, 0.4),
        Word(" bus", 3.5, 4.0, 0.9),
    ), (UNSURE,)),
    Turn(3, "P10", 4.0, 5.0, "No no", flags=(DoubtFlag("loop", "over and over"),)),
)  # fmt: skip


async def test_d_goes_from_weak_word_to_weak_word_and_the_sign_is_no_part_of_the_text(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    add(course, "P10_i1", _UNSURE_TURNS)
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter", "home", "d")
        await pilot.pause()
        first = shown(app)
        word = _screen(app).cursor.pointed_words()
        places = [(_screen(app).widgets.view.turn, word)]
        round_the_end = round_the_beginning = ""
        for number, key in enumerate("dddDDD"):
            await pilot.press(key)
            await pilot.pause()
            round_the_end = shown(app) if number == 2 else round_the_end
            round_the_beginning = shown(app) if number == 3 else round_the_beginning
            places.append((_screen(app).widgets.view.turn, _screen(app).cursor.pointed_words()))
        await pilot.press("enter")
        await pilot.pause()
        typed = _screen(app).widgets.editor.text
        await pilot.press(*"Skipton")
        await pilot.press("escape")
        await pilot.pause()
        after = shown(app)

    assert "To Skippden≈ by≈ bus" in first
    assert "3 places to check: 8% sure of this word." in first
    assert "Again" not in first
    assert "Back at the first. 3 places to check: 8% sure of this word." in round_the_end
    assert "Back at the last." in round_the_beginning
    assert "≈ check: over and over" in first
    assert "(unsure" not in first
    assert places == [
        (2, (3, 11)), (2, (12, 14)), (3, None), (2, (3, 11)),
        (3, None), (2, (12, 14)), (2, (3, 11)),
    ]  # fmt: skip
    assert typed == "To Skippden by bus"
    assert "≈" not in "".join(_texts_of(course, "P10_i1"))
    assert "To Skipton by≈ bus" in after


async def test_at_a_weak_word_the_line_of_keys_names_what_settles_it(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    add(course, "P10_i1", _UNSURE_TURNS)
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end", "enter", "home", "d")
        await pilot.pause()
        doubt = shown(app)
        await pilot.press("slash", *"bus", "enter")
        await pilot.pause()
        word = shown(app)

    assert "y Right as it is  Enter Edit  o Play turn  d Doubt" in doubt
    assert "y Right as it is" not in word
    assert "Enter Edit  m Mention" in word


async def test_a_doubted_word_that_is_typed_over_with_itself_and_more_is_doubted_no_longer(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    add(course, "P10_i1", _UNSURE_TURNS)
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter", "home", "d", "d", "enter", *"close by", "escape")
        await pilot.pause()
        after = shown(app)

    assert "To Skippden≈ close by bus" in after


async def test_a_weak_word_in_a_mention_has_its_sign_until_it_is_replaced(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    place = Mention("place", 2, 3, 11, Category.PLACE, "names", 0.9, "[Place 1]")
    add(course, "P10_i1", _UNSURE_TURNS, (place,))
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter")
        await pilot.pause()
        undecided = shown(app).replace("\N{NO-BREAK SPACE}", " ")
        await pilot.press("a")
        await pilot.pause()
        replaced = shown(app)

    assert "▸Skippden≈◂ by≈ bus" in undecided
    assert "▸[Place 1]◂ by≈ bus" in replaced.replace("\N{NO-BREAK SPACE}", " ")


async def test_what_a_second_hearing_brought_is_told_and_not_called_doubtful(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    told = DoubtFlag(SECOND_HEARING, "some of these words came late")
    add(course, "P10_i1", (Turn(1, "P10", 0.0, 1.0, "Yes.", flags=(told,)),))
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter", "d")
        await pilot.pause()
        text = shown(app)

    assert "(some of these words came late)" in text
    assert "The model was sure of every word here" in text
    assert "≈" not in text


async def test_a_pause_is_found(course: Study, add: Callable[..., str], shown: Shown) -> None:
    add(course, "P10_i1", (Turn(1, "P10", 0.0, 1.0, "Yes."), Turn(2, "P10", 1.5, 2.0, "I think."),
                           Turn(3, "P10", 9.0, 10.0, "No.")))  # fmt: skip
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter", key_of("interview.next_pause"))
        await pilot.pause()

        assert _screen(app).widgets.view.turn == 3
        assert "A pause of 7.0 s" in shown(app)


async def test_words_are_found_one_after_the_other(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "slash", *"tom", "enter")
        await pilot.pause()
        first = shown(app)
        await pilot.press(
            key_of("interview.next_find"),
            key_of("interview.previous_find"),
            "slash",
            *"nowhere",
            "enter",
        )
        await pilot.pause()

        assert _screen(app).widgets.view.turn == 4
        assert "Place 1 of 2" in first
        assert "Not found in this interview" in shown(app)


async def test_words_are_replaced_after_each_place_was_shown(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "R", *"Tom", "enter", *"Tim", "enter")
        await pilot.pause()
        preview = shown(app)
        await pilot.press(key_of("replacing.tick"), "enter")
        await pilot.pause()

    assert "2 places in this interview, 2 ticked." in preview
    assert "Tom → Tim" in preview
    assert _texts(course)[3].count("Tom") == 1
    assert _texts(course)[3].count("Tim") == 1


async def test_a_long_search_tells_how_far_it_is_and_takes_keys_meanwhile(
    course: Study, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen stood still until all transcripts of a large study were read."""
    monkeypatch.setattr(replacement_screen, "_SLICE_S", -1.0)  # a pause after each interview
    monkeypatch.setattr(replacement_screen, "_REST_S", 0.3)
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "R", *"course", "enter", *"class", "enter")
        await pilot.pause(0.6)
        await pilot.press(key_of("replacing.everywhere"))
        searching = shown(app)
        await pilot.press(key_of("replacing.replace"))
        still = isinstance(app.screen, ReplacementScreen)
        await pilot.pause(1.5)
        found = shown(app)
        await pilot.press(key_of("replacing.everywhere"), key_of("replacing.everywhere"))
        await pilot.press("escape")
        await pilot.pause(0.6)
        left = not isinstance(app.screen, ReplacementScreen)

    assert re.search(r"Looked through \d of 3 interviews.*\. Esc stops it\.", searching)
    assert still
    assert "2 places in the whole study" in found
    assert left
    assert not course.find_interview("P07_i1").facts.edits


async def test_replacing_reaches_through_the_study_and_can_be_left(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press(
            "enter", "R", *"course", "enter", *"class", "enter", key_of("replacing.everywhere")
        )
        await pilot.pause()
        everywhere = shown(app)
        await pilot.press("slash", "escape")
        await pilot.pause()
        left = not isinstance(app.screen, ReplacementScreen)
        untouched = course.interview("P07_i1").find_newest_version(ArtefactKind.CORRECTED)
        await pilot.press(
            "R", *"course", "enter", *"class", "enter", key_of("replacing.everywhere"), "enter"
        )
        await pilot.pause()

    assert "2 places in the whole study" in everywhere
    assert "P08_i1" in everywhere
    assert left
    assert untouched == 0
    assert "class with you" in _texts(course)[0]
    assert "class with you" in _turns(course, "P08_i1")[0].text


async def test_the_list_of_mentions_says_what_was_left_in(course: Study, shown: Shown) -> None:
    """It said "place (0)" over a line, and "→ [Place 1]" of what nothing replaces."""
    decide_mention(course.interview("P07_i1"), "m4", Verdict.REJECTED)  # Leeds
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter", key_of("interview.list"))
        await pilot.pause()
        listed = shown(app)

    assert "place (1)" in listed
    assert "✗ Leeds  left in" in listed
    assert "Leeds →" not in listed


async def test_the_words_that_a_label_hides_are_one_step(course: Study) -> None:
    """The chosen word went on through hidden words, and nothing on the screen moved."""
    interview = course.interview("P07_i1")
    decide_mention(interview, "m2", Verdict.ACCEPTED)  # Ashfield ward
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "down", *["right"] * 9, key_of("interview.split"))
        await pilot.pause()

    read = interview.read_transcript()
    assert read is not None
    assert [turn.text for turn in read.transcript.turns[1:3]] == [
        "My sister Margaret does. She works at Ashfield ward,", "you know.",
    ]  # fmt: skip


async def test_chosen_words_become_a_mention(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "m")
        await pilot.pause()
        told = shown(app)
        await pilot.press("home", "down", "down", "down", "right", "v", "right", "right", "m")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("1")
        await pilot.pause()
        await pilot.pause()

        found = read_decisions(course.interview("P07_i1"))
        added = [d for d in found if d.mention.source == "person"]
        assert "Select the words first" in told
        assert "Oh, since the" in asked or added
        assert [(d.mention.turn, d.mention.start, d.mention.end) for d in added] == [(4, 0, 13)]


async def test_a_heading_with_a_name_in_it_is_corrected(
    course: Study, turns: tuple[Turn, ...], add: Callable[..., str], shown: Shown
) -> None:
    interview = add(course, "P10_i1")
    events = (Mark(0.0, MarkKind.TOPIC, "Margaret and the ward"),)
    with course.change("transcribed", interview) as change:
        made_by = Provenance("test", "earshot tests")
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, made_by, events=events))
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter", key_of("interview.headings"), "1")
        await pilot.pause()
        await pilot.press("end", *[*["backspace"] * 9], "enter")
        await pilot.pause()

        assert "Topic: Margaret and" in shown(app)
        assert "Topic: Margaret and the ward" not in shown(app)


async def test_a_turn_is_removed_after_asking_and_comes_back(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "delete", "n")
        await pilot.pause()
        asked = len(_texts(course))
        await pilot.press("delete", "y")
        await pilot.pause()
        removed = len(_texts(course))
        await pilot.press("z")

    assert (asked, removed, len(_texts(course))) == (4, 3, 4)


async def test_a_turn_that_was_typed_empty_is_removed_only_after_asking(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", "end", "ctrl+u", "escape", "n")
        await pilot.pause()
        kept = _texts(course)[0]
        await pilot.press("enter", "end", "ctrl+u", "escape", "y")
        await pilot.pause()

    assert kept == _FIRST
    assert len(_texts(course)) == 3


async def test_the_list_and_the_timeline_lead_to_their_places(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", key_of("interview.list"), "end")
        await pilot.pause()
        listed = shown(app)
        await pilot.press("enter")
        by_list = _screen(app).widgets.view.cursor
        await pilot.press("T", *["left"] * 60, "enter")
        by_time = _screen(app).widgets.view.turn
        await pilot.press("T", "pagedown", "escape")

        assert "person (1): 2 to decide" in listed
        assert "? Margaret → [Person 2] \N{MULTIPLICATION SIGN}2" in listed
        assert by_list == 3
        assert by_time == 1
        assert isinstance(app.screen, ReviewScreen)


async def test_what_was_looked_at_is_counted_and_kept(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "down", "down")
        await pilot.pause()
        text = shown(app)
        await pilot.press("escape")

    assert "2 of 4 looked at" in text
    assert read_review_progress(course.interview("P07_i1")).looked_at == {
        1,
        2,
    }


async def test_it_is_handed_to_the_officer_once_all_is_decided(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", key_of("interview.ready"))
        await pilot.pause()
        refused = shown(app)
        await pilot.press(*"aaaa", key_of("interview.ready"))
        await pilot.pause()
        asked = shown(app)
        await pilot.press("y")
        await pilot.pause()

        assert "4 to decide before it can go to the data officer" in refused
        assert "1 turn was never looked at" in asked
        assert course.find_interview("P07_i1").state is InterviewState.READY
        assert "→ ready to sign" in shown(app)


async def test_what_another_program_corrects_is_shown(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        with Study.open_with_keys(course.folder, course.ring) as other:
            TranscriptEditor(other.interview("P07_i1")).set_text(1, "Who comes along?")
        await pilot.pause(2.3)
        text = shown(app)
        await pilot.press("home", "down", "enter", *"Well, ", "escape")

    assert "Who comes along?" in text
    assert _texts(course)[0] == "Who comes along?"
    assert _texts(course)[1].startswith("Well, ")


async def test_a_correction_that_cannot_be_written_is_told(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"So. ")
        course.db.execute("PRAGMA query_only = ON")
        await pilot.press("escape")
        await pilot.pause()
        told, is_told = shown(app), isinstance(app.screen, MessageDialog)
        course.db.execute("PRAGMA query_only = OFF")

    assert is_told
    assert "The study cannot be written." in told


async def test_escape_keeps_what_is_typed_where_a_small_window_took_the_focus(
    course: Study,
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter", "end", "enter")
        editor = _screen(app).widgets.editor
        editor.move_cursor(editor.document.end)
        await pilot.press(*" And so on.")
        app.screen.set_focus(None)
        await pilot.press("escape")
        await pilot.pause()
        is_in_review = isinstance(app.screen, ReviewScreen)

    assert is_in_review
    assert _texts(course)[3].endswith("with my tea. And so on.")


async def test_the_window_may_be_resized_while_typing(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter", "end", "enter")
        editor = _screen(app).widgets.editor
        editor.move_cursor(editor.document.end)
        await pilot.press(*" And so on.")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        await pilot.press(*" Yes.")
        await pilot.pause()
        narrow = shown(app)
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()

    assert "so on. Yes." in " ".join(narrow.replace("▌", " ").split())
    assert _texts(course)[3].endswith("with my tea. And so on. Yes.")


async def test_escapes_in_a_turn_are_no_escapes_in_the_field(
    course: Study, add: Callable[..., str], shown: Shown
) -> None:
    hostile = "so \x1b[2J [red]it[/red] \u202eis"
    add(course, "P10_i1", (Turn(1, "P10", 0.0, 1.0, hostile),))
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("end", "enter", "enter")
        await pilot.pause()
        text = shown(app)
        await pilot.press("escape")

        assert "so ␛[2J [red]it[/red] is" in text
        assert "\x1b" not in text
        assert _turns(course, "P10_i1")[0].text == hostile


async def test_cut_words_can_be_pasted_and_never_reach_the_terminals_clipboard(
    course: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        written: list[str] = []
        monkeypatch.setattr(app._driver, "write", written.append)
        await pilot.press("enter", "home", "enter", *["shift+right"] * 6, "ctrl+x", "end", "ctrl+v")
        await pilot.press("escape")

    assert _texts(course)[0] == f"{_FIRST[6:]}Could"
    assert not any("\x1b]52" in part for part in written)


async def test_an_interview_without_sound_says_so(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "space")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()

        assert "This interview has no sound." in shown(app)


async def test_the_field_takes_letters_that_are_keys_elsewhere(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"xzJ12?/qn ", "escape", "escape")
        await pilot.pause()

        assert _texts(course)[0].startswith("xzJ12?/qn Could")
        assert isinstance(app.screen, HomeScreen)
        assert not app.screen.query(TurnEditor)


async def test_letters_that_follow_enter_at_once_are_typed_and_never_keys(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home")
        for keys in (("enter", "t", "a", "x", "escape"), ("down", "enter", "z", "escape")):
            before = _texts(course)
            for key in keys:  # all at once, as they come in where a busy computer held them back
                app.post_message(Key(key, key if len(key) == 1 else None))
            for _ in range(100):  # until they were taken
                await pilot.pause(0.05)
                if _texts(course) != before:
                    break
            await _settled(pilot)

        assert _texts(course)[0] == f"tax{_FIRST}"
        assert _texts(course)[1].startswith("zMy sister")
        assert app.work is None
