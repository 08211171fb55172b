"""Who speaks, in the review: voices are heard and named, turns and half turns given away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from study import (
    SPEAKER_UNSURE,
    ArtefactKind,
    DoubtFlag,
    InterviewDetails,
    Mark,
    MarkKind,
    Participant,
    Provenance,
    Recognition,
    Role,
    Transcript,
    Turn,
    Word,
)
from study.store import Interview, Study, read_newest_transcript
from tests.keys import key_of
from tests.tui.gallery import Picture, settle, walk
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog
from tui.screens.review_screen import ReviewScreen
from tui.screens.voices_screen import VoicesScreen
from tui.widgets.safe_text import SafeText

Shown = Callable[[Earshot], str]
Verb = Callable[[str], tuple[str, ...]]
_PEOPLE = (Participant("INT01", Role.INTERVIEWER), Participant("P07"))
_UNSURE = (DoubtFlag(SPEAKER_UNSURE, "the voice lies between two"),)
_SAID = (
    ("S1", "How did you hear of the college?", ()),
    ("S2", "My sister told me. And what did she say?", ()),
    ("S1", "Yes.", _UNSURE),
    ("S2", "She said that it is good to be asked.", ()),
    ("S1", "Thank you for telling me about that.", _UNSURE),
)


def _turn(number: int, speaker: str, text: str, flags: tuple[DoubtFlag, ...]) -> Turn:
    start_s = 5.0 * number
    words = tuple(
        Word(f" {word}", start_s + 0.4 * n, start_s + 0.4 * n + 0.3, 0.9)
        for n, word in enumerate(text.split())
    )
    return Turn(number + 1, speaker, start_s, words[-1].end_s, text, words, flags)


@pytest.fixture
def interview(study: Study) -> Interview:
    """A talk of two people whose voices were told apart, and nobody named them."""
    turns = tuple(_turn(number, *said) for number, said in enumerate(_SAID))
    made_by = Provenance("transcribe", "earshot tests", "tiny.en")
    with study.change("transcribed") as change:
        made = change.add_interview(InterviewDetails("P07_i1", _PEOPLE))
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, made_by, recognition=Recognition()), owner=made
        )
    return study.interview(made)


def _spoken(interview: Interview) -> list[tuple[str, str]]:
    source = read_newest_transcript(interview)
    assert source is not None
    return [(turn.speaker, turn.text) for turn in source.transcript.turns]


def _speakers(interview: Interview) -> str:
    return " ".join(speaker for speaker, _ in _spoken(interview))


async def _open(app: Earshot, pilot: Pilot[None]) -> ReviewScreen:
    await pilot.press("enter")
    await settle(app, pilot)
    assert isinstance(app.screen, ReviewScreen)
    return app.screen


async def _wait_for_message(app: Earshot, pilot: Pilot[None]) -> str:
    """Return the message that work in the background ends with."""
    for _ in range(1500):
        await pilot.pause(0.02)
        if isinstance(app.screen, MessageDialog):
            break
    await pilot.pause()
    return app.screen.query_one(".words", SafeText).said


async def test_both_voices_of_a_talk_are_named_with_three_keys(
    study: Study, interview: Interview, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", "1", "enter")
        await pilot.pause()

        assert _speakers(interview) == "INT01 P07 INT01 P07 INT01"
        assert "5 turns named" in shown(app)
        await pilot.press("z")
        assert _speakers(interview) == "S1 S2 S1 S2 S1"


async def test_the_numbers_of_turns_stand_below_one_another(
    study: Study, add: Callable[..., str], shown: Shown
) -> None:
    turns = [_turn(0, "INT01", "How are you?", ())]
    turns += [_turn(n, "P07", "I am well.", ()) for n in range(1, 13)]
    add(study, "P09_i1", tuple(turns))
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press(key_of("home.open"), key_of("interview.voices"))
        await pilot.pause()
        lines = [line for line in shown(app).splitlines() if "INT01 " in line or "12 turns" in line]

    rows = [line for line in lines if "turn" in line]
    assert rows[0].index("1 turn") == rows[1].index("2 turns")


async def test_nothing_is_named_before_enter(study: Study, interview: Interview) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", "1", "2", "escape")

    assert _speakers(interview) == "S1 S2 S1 S2 S1"


async def test_a_voice_that_is_nobodys_keeps_its_code(study: Study, interview: Interview) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", "x", "2", "enter")

    assert _speakers(interview) == "S1 P07 S1 P07 S1"


async def test_one_person_who_was_taken_for_two_gets_both_voices(
    study: Study, interview: Interview
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", "2", "2", "enter")

    assert set(_speakers(interview).split()) == {"P07"}


async def test_a_digit_without_a_participant_names_nobody(
    study: Study, interview: Interview, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", "9")
        assert "There is no participant 9." in shown(app)
        await pilot.press("enter")

    assert _speakers(interview) == "S1 S2 S1 S2 S1"


async def test_each_press_of_space_plays_another_turn_of_the_voice(
    study: Study, interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert interview.id
    heard: list[tuple[float, float]] = []
    app = Earshot(study)
    async with app.run_test() as pilot:
        screen = await _open(app, pilot)

        def note(from_s: float | None, until_s: float | None, **_: Any) -> None:  # noqa: ANN401
            heard.append((from_s or 0.0, until_s or 0.0))

        monkeypatch.setattr(screen.playback, "_play", note)
        await pilot.press("V", "down", "space", "space", "space")

    turns = [_turn(number, *_SAID[number]) for number in (1, 3, 1)]
    assert heard == [(turn.start_s, turn.end_s) for turn in turns]


@pytest.mark.parametrize(("count", "wanted"), [("3", "3"), ("backspace", "auto")])
async def test_voices_are_told_apart_again_in_the_background_as_many_as_typed(
    study: Study, interview: Interview, verb: Verb, shown: Shown, count: str, wanted: str
) -> None:
    assert interview.id
    program = verb("""
        tell(event="error", message=" ".join(argv[:1] + argv[argv.index("--count"):][:2]))
        sys.exit(1)
    """)
    app = Earshot(study, program=program)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", key_of("voices.again"))
        asked = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        led_back = isinstance(app.screen, VoicesScreen)
        await pilot.press(key_of("voices.again"), "1", "enter")
        await pilot.pause()
        refused = shown(app)
        await pilot.press("backspace", count, "enter")
        for _ in range(200):
            await pilot.pause(0.02)
            if f"speakers --count {wanted}" in shown(app):
                break
        assert f"speakers --count {wanted}" in shown(app)
    assert "2 to 9, or nothing to let Earshot guess." in asked
    assert "Type a number from 2 to 9, or nothing." in refused
    assert led_back


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (
            {"changed": 0, "unsure": 2, "keys": 3},
            "and nothing changed. Keys pressed while recording",
        ),
        (
            {"changed": 0, "unsure": 0, "keys": 0},
            "Voices were told apart again, and nothing changed.",
        ),
        ({"changed": 1, "unsure": 0, "keys": 0}, "1 turn has another speaker; 0 turns are unsure."),
        (
            {"changed": 5, "unsure": 1, "keys": 3},
            "5 turns have another speaker; 1 turn is unsure. U",
        ),
    ],
)
async def test_in_the_end_it_is_said_what_came_of_telling_the_voices_apart(
    study: Study, interview: Interview, verb: Verb, result: dict[str, int], said: str
) -> None:
    assert interview.id
    app = Earshot(study, program=verb(f'tell(event="done", result={result!r})'))
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", key_of("voices.again"), "enter")
        text = await _wait_for_message(app, pilot)

    assert said in text


@pytest.mark.parametrize(("choice", "leaves_out"), [("1", False), ("2", True)])
async def test_where_keys_said_who_speaks_it_is_asked_what_counts_more(
    study: Study, interview: Interview, verb: Verb, shown: Shown, *, choice: str, leaves_out: bool
) -> None:
    source = read_newest_transcript(interview)
    assert source is not None
    events = (Mark(0.0, MarkKind.SPEAKER, "INT01"),)
    with interview.change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, replace(source.transcript, events=events))
    program = verb("""
        tell(event="error", message=" ".join(argv[argv.index("--count") + 2:] + ["end"]))
        sys.exit(1)
    """)
    app = Earshot(study, program=program)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("V", key_of("voices.again"), "enter")
        await pilot.pause()
        asked = shown(app)
        await pilot.press(choice)
        told = await _wait_for_message(app, pilot)

    assert "What counts more?" in asked
    assert ("--ignore-keys" in told) is leaves_out
    assert ("--use-keys" in told) is not leaves_out


async def test_who_nobody_knows_has_no_digit_and_a_line_says_which_keys_name_them(
    study: Study, add: Callable[..., str], shown: Shown
) -> None:
    add(study, "P08_i1", (_turn(0, "P08", "Yes, that is so.", ()), _turn(1, "S?", "No.", ())))
    app = Earshot(study)
    async with app.run_test() as pilot:
        await pilot.press(key_of("home.open"), key_of("interview.speaker_2"))
        await pilot.pause()
        told = shown(app)
        await pilot.press(key_of("interview.whole_voice"))
        await pilot.pause()
        offered = shown(app)

    assert "S?: not known yet who speaks. 1 and S say who, V names whole voices." in told
    assert "There is no speaker 2" in told
    assert "1  P08" in offered
    assert "2  somebody else" in offered


async def test_speakers_appear_in_a_review_that_is_open(
    study: Study, interview: Interview, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        screen = await _open(app, pilot)
        with Study.open_with_keys(study.folder, study.ring) as other:
            told = tuple(
                _turn(number, "P07", text, flags) for number, (_, text, flags) in enumerate(_SAID)
            )
            made_by = Provenance("transcribe", "earshot tests", "tiny.en")
            with other.interview(interview.id).change("speakers told apart") as change:
                change.write_artefact(ArtefactKind.RAW, Transcript(told, made_by))
        screen.notice_other_programs()
        await pilot.pause()

        assert "2 P07 > How did" in shown(app)


async def test_the_number_beside_the_words_is_the_key_that_gives_a_turn_away(
    study: Study, interview: Interview, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        assert "3 S1  > How did" in shown(app)
        await pilot.press("2")
        await pilot.pause()

        assert "2 P07   How did" in shown(app)  # and the cursor is on the turn after
    assert _speakers(interview) == "P07 S2 S1 S2 S1"


async def test_the_unsure_are_gone_through_and_are_sure_once_given(
    study: Study, interview: Interview, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        assert "3≈S1    Yes." in shown(app)
        await pilot.press("U")
        assert "2 turns left" in shown(app)
        await pilot.press("3", "U", "3", "U")
        await pilot.pause()

        assert "No turn has an unsure speaker." in shown(app)
    source = read_newest_transcript(interview)
    assert source is not None
    assert [turn.flags for turn in source.transcript.turns] == [()] * 5


async def test_the_second_half_goes_to_the_other_speaker_in_one_key(
    study: Study, interview: Interview
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("down", *["right"] * 5, "B")

    assert _spoken(interview)[1:3] == [
        ("S2", "My sister told me."),
        ("S1", "And what did she say?"),
    ]


async def test_of_several_others_the_next_speaker_gets_the_second_half(
    study: Study, interview: Interview
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("end", "2", "home", "down", *["right"] * 5, "B")

    assert _speakers(interview) == "S1 S2 S1 S1 S2 P07"


async def test_no_turn_is_broken_before_a_word_is_chosen(
    study: Study, interview: Interview, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press("B")
        assert "Choose the first word of the other speaker" in shown(app)

    assert len(_spoken(interview)) == 5


async def test_a_whole_voice_is_given_to_somebody(study: Study, interview: Interview) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        await _open(app, pilot)
        await pilot.press(key_of("interview.whole_voice"), "1")

    assert _speakers(interview) == "INT01 S2 INT01 S2 INT01"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_voices_read_as_they_should(
    study: Study, interview: Interview, shown: Shown, size: tuple[int, int]
) -> None:
    assert interview.id
    pictures = (
        Picture("speakers", ReviewScreen, ["enter"]),
        Picture("voices", VoicesScreen, ["V"]),
        Picture("voices-named", VoicesScreen, ["1"]),
    )
    await walk(Earshot(study), pictures, shown, size)
