"""Who a person said speaks a turn: read from the edits, for a second telling apart."""

from __future__ import annotations

import pytest

from study import (
    SPEAKER_UNSURE,
    ArtefactKind,
    DoubtFlag,
    InterviewDetails,
    NamedTurns,
    Provenance,
    Transcript,
    Turn,
    find_named_turns,
)
from study.errors import BadName, NotCorrectable
from study.store import SpeakerScope, Study, TranscriptEditor, read_standing_edits

UNSURE = DoubtFlag(SPEAKER_UNSURE, "the voice lies between two")


@pytest.fixture
def pen(study: Study) -> TranscriptEditor:
    """Sixteen turns of two voices in turn, of 1 to 16 s; the last of each is unsure."""
    turns = tuple(
        Turn(n, f"S{2 - n % 2}", 20.0 * n, 21.0 * n, "one two", flags=(UNSURE,) * (n > 14))
        for n in range(1, 17)
    )
    with study.change("transcribed") as change:
        made = change.add_interview(InterviewDetails("P07_i1"))
        transcript = Transcript(turns, Provenance("transcribe", "earshot"))
        change.write_artefact(ArtefactKind.RAW, transcript, owner=made)
    return TranscriptEditor(study.interview(made))


def named(pen: TranscriptEditor) -> NamedTurns:
    return find_named_turns(read_standing_edits(pen.interview), pen.state.turns)


def keys(turns: tuple[Turn, ...]) -> list[int]:
    return [turn.key for turn in turns]


def test_a_turn_given_to_somebody_by_itself_is_known(pen: TranscriptEditor) -> None:
    pen.set_speaker(3, "P07")

    (turn,) = named(pen).by_hand
    assert (turn.key, turn.speaker) == (3, "P07")


def test_a_turn_given_to_its_own_speaker_is_known_and_doubted_no_more(
    pen: TranscriptEditor,
) -> None:
    pen.set_speaker(16, "S2")

    assert keys(named(pen).by_hand) == [16]
    assert pen.state.turns[-1].flags == ()
    assert pen.set_speaker(16, "S2") == frozenset()


def test_a_doubtful_turn_that_is_right_has_the_right_speaker(pen: TranscriptEditor) -> None:
    pen.confirm_doubtful_turn(15)

    assert keys(named(pen).by_hand) == [15]


@pytest.mark.parametrize("scope", [SpeakerScope.ALL, SpeakerScope.ONWARD])
def test_of_a_voice_the_longest_sure_turns_are_trusted(
    pen: TranscriptEditor, scope: SpeakerScope
) -> None:
    pen.set_speaker(2, "P07", scope)

    assert named(pen).by_hand == ()
    assert keys(named(pen).by_voice) == [2, 4, 6, 8, 10, 12, 14]


def test_at_most_ten_turns_of_a_voice_are_trusted(study: Study, pen: TranscriptEditor) -> None:
    del study
    pen.name_voices({"S1": "P07", "S2": "P07"})

    assert keys(named(pen).by_voice) == list(range(5, 15))


def test_a_turn_given_by_hand_stays_so_when_its_voice_gets_a_name(pen: TranscriptEditor) -> None:
    pen.set_speaker(4, "S1")
    pen.name_voices({"S1": "INT01", "S2": "P07"})

    assert [(turn.key, turn.speaker) for turn in named(pen).by_hand] == [(4, "INT01")]
    assert 4 not in keys(named(pen).by_voice)


def test_what_somebody_said_last_counts(pen: TranscriptEditor) -> None:
    pen.set_speaker(4, "P07")
    pen.set_speaker(4, "P08")

    assert [turn.speaker for turn in named(pen).by_hand] == ["P08"]


def test_the_speaker_whom_a_person_named_is_told_whatever_voices_say_later(
    pen: TranscriptEditor,
) -> None:
    pen.set_speaker(4, "P07")
    told_again = [turn.give_to("S9") for turn in pen.state.turns]

    (turn,) = find_named_turns(pen.state.standing, told_again).by_hand
    assert (turn.key, turn.speaker) == (4, "P07")


def test_both_halves_are_known_where_the_second_was_given_away(pen: TranscriptEditor) -> None:
    made = pen.split_turn(15, 4, "P07")

    first, second = (turn for turn in pen.state.turns if turn.key in made)
    assert [(t.text, t.speaker, t.flags) for t in (first, second)] == [
        ("one", "S1", ()),
        ("two", "P07", ()),
    ]
    assert keys(named(pen).by_hand) == [15, 17]


def test_a_plain_split_says_nothing_of_a_speaker(pen: TranscriptEditor) -> None:
    pen.split_turn(15, 4)

    assert named(pen) == NamedTurns()


def test_nothing_is_known_from_what_was_undone(pen: TranscriptEditor) -> None:
    pen.set_speaker(3, "P07")
    pen.undo()

    assert named(pen) == NamedTurns()


def test_voices_are_named_in_one_step_and_may_change_their_codes(pen: TranscriptEditor) -> None:
    before = [turn.speaker for turn in pen.state.turns]

    touched = pen.name_voices({"S1": "S2", "S2": "S1"})

    assert len(touched) == 16
    assert [turn.speaker for turn in pen.state.turns] == [
        {"S1": "S2", "S2": "S1"}[code] for code in before
    ]
    pen.undo()
    assert [turn.speaker for turn in pen.state.turns] == before


def test_a_voice_that_has_its_name_already_changes_nothing(pen: TranscriptEditor) -> None:
    assert pen.name_voices({"S1": "S1"}) == frozenset()
    assert pen.state.edits == 0


@pytest.mark.parametrize(
    ("names", "error"),
    [
        ({"S1": "P07", "S9": "P08"}, NotCorrectable),
        ({"S1": "P07", "S2": "Margaret Wilson"}, BadName),
    ],
)
def test_nothing_is_named_where_one_code_is_wrong(
    pen: TranscriptEditor, names: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        pen.name_voices(names)

    assert pen.state.edits == 0


def test_half_a_turn_is_given_to_a_code_and_never_to_a_name(pen: TranscriptEditor) -> None:
    with pytest.raises(BadName):
        pen.split_turn(1, 4, "Margaret Wilson")

    assert pen.state.edits == 0
