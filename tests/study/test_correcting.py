"""A correction is in the study when the call returns, and can always be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.artefact_facts import TranscriptFacts
from study.artefact_kinds import ArtefactKind
from study.corrected_transcript import CorrectedTranscript, replay_edits
from study.edits import Edit, EditKind
from study.errors import BadName, NotCorrectable, StepMissing
from study.find_replace import FindReplace
from study.records import (
    Coverage,
    DoubtFlag,
    InterviewDetails,
    Mark,
    MarkKind,
    Provenance,
    Transcript,
    Turn,
    Word,
)
from study.references import TranscriptRef
from study.store.keys import Argon2Cost
from study.store.speaker_edits import SpeakerScope
from study.store.study import Study
from study.store.trail import read_trail_lines
from study.store.transcript_editor import TranscriptEditor, restart_correction
from study.store.transcripts import (
    read_corrected_transcript,
    read_corrected_version,
    read_newest_transcript,
)

PASSPHRASE = "four unrelated small words"
HEARD = Provenance("transcribe", "earshot tests", "tiny.en", "00" * 32, {"language": "en"})


def _turn(key: int, speaker: str, start_s: float, text: str, *flags: DoubtFlag) -> Turn:
    said = text.split()
    step = 4.0 / max(1, len(said))
    words = tuple(
        Word(f" {w}", start_s + n * step, start_s + (n + 1) * step, 0.7) for n, w in enumerate(said)
    )
    return Turn(key, speaker, start_s, start_s + 4.0, text, words, flags)


TURNS = (
    _turn(1, "INT", 0.0, "who comes with you"),
    _turn(2, "P07", 5.0, "my sister margaret she works on ashfield ward"),
    _turn(3, "INT", 10.0, "how long", DoubtFlag("repetition")),
    _turn(4, "INT", 15.0, "has margaret done that"),
    _turn(5, "S1", 20.0, "since the spring"),
)
EVENTS = (Mark(0.0, MarkKind.TOPIC, "Margaret and the ward"), Mark(12.0, MarkKind.MARKER, "tea"))


def test_what_is_split_off_stands_behind_its_first_part_where_nothing_has_a_time() -> None:
    turns = tuple(Turn(n, "P07", 0.0, 0.0, text) for n, text in enumerate(("a b", "c d", "e"), 1))
    state = CorrectedTranscript(Transcript(turns, HEARD))
    first, second = replace(turns[0], text="a"), replace(turns[0], key=4, text="b")

    state.apply_edit(Edit(EditKind.SPLIT, 1, "", (first, second)))
    state.apply_edit(Edit(EditKind.UNDO, 1, ""))
    state.apply_edit(Edit(EditKind.REDO, 1, ""))

    assert [turn.text for turn in state.turns] == ["a", "b", "c d", "e"]


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("transcribed") as change:
        made = change.add_interview(InterviewDetails("P07_i1"))
        told = TranscriptFacts(len(TURNS), speech_s=20.0, covered_s=20.0)
        transcript = Transcript(TURNS, HEARD, Coverage(24.0, 20.0, 20.0), EVENTS)
        change.write_artefact(ArtefactKind.RAW, transcript, told)
    return made


@pytest.fixture
def pen(study: Study, interview: str) -> TranscriptEditor:
    return TranscriptEditor(study.interview(interview))


def _texts(study: Study, interview: str) -> list[str]:
    source = read_newest_transcript(study.interview(interview))
    assert source is not None
    return [turn.text for turn in source.transcript.turns]


def test_a_corrected_turn_is_what_counts_from_then_on(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    touched = pen.set_text(2, "My sister Margaret, she works on Ashfield ward.")

    assert touched == {2}
    source = read_newest_transcript(study.interview(interview))
    assert source is not None
    assert source.ref == TranscriptRef(ArtefactKind.CORRECTED, 1, 1)
    assert source.turn_texts()[2] == "My sister Margaret, she works on Ashfield ward."
    assert [w.start_s for w in source.transcript.turns[1].words] == [
        w.start_s for w in TURNS[1].words
    ]
    raw = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert raw is not None
    assert raw.turns == TURNS


def test_one_word_writes_one_turn_and_one_line_in_the_trail(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    pen.set_text(1, "Who comes with you?")
    versions = study.interview(interview).find_newest_version(ArtefactKind.CORRECTED)
    pen.set_text(5, "Since the spring.")

    (first, second) = study.interview(interview).read_entries(ArtefactKind.CORRECTED, Edit)
    assert (versions, study.interview(interview).find_newest_version(ArtefactKind.CORRECTED)) == (
        1,
        1,
    )
    assert [t.key for t in first.turns] == [1]
    assert [t.key for t in second.turns] == [5]
    verbs = [row[0] for row in study.db.execute("SELECT verb FROM trail ORDER BY number")]
    assert verbs[-2:] == ["corrected", "corrected"]


def test_saying_the_same_again_writes_nothing(study: Study, pen: TranscriptEditor) -> None:
    (lines,) = study.db.execute("SELECT count(*) FROM trail").fetchone()

    assert pen.set_text(1, f"  {TURNS[0].text} ") == frozenset()
    assert pen.set_speaker(1, "INT") == frozenset()
    assert pen.confirm_doubtful_turn(1) == frozenset()
    assert not pen.set_note(0, EVENTS[0].note)
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == (lines,)


def test_a_turn_is_split_before_a_word_and_joined_again(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    pen.split_turn(2, TURNS[1].text.index("she"))
    split = pen.transcript.turns
    pen.join_turns(2)
    joined = pen.transcript.turns

    assert [t.key for t in split] == [1, 2, 6, 3, 4, 5]
    assert (split[1].text, split[2].text) == ("my sister margaret", "she works on ashfield ward")
    assert split[2].start_s == split[2].words[0].start_s
    assert split[1].end_s <= split[2].start_s
    assert [t.key for t in joined] == [1, 2, 3, 4, 5]
    assert joined[1].text == TURNS[1].text
    assert joined[1].words == TURNS[1].words
    assert _texts(study, interview) == [t.text for t in TURNS]


def test_a_split_in_the_middle_of_nothing_is_refused(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    for at in (-3, 0, len(TURNS[0].text), 999):
        with pytest.raises(NotCorrectable):
            pen.split_turn(1, at)
    with pytest.raises(NotCorrectable):
        pen.split_turn(77, 3)
    with pytest.raises(NotCorrectable):
        pen.join_turns(5)
    with pytest.raises(NotCorrectable):
        pen.set_text(1, " \n ")

    assert study.interview(interview).find_newest_version(ArtefactKind.CORRECTED) == 0


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (SpeakerScope.ONE, ["INT", "P07", "INT2", "INT", "S1"]),
        (SpeakerScope.ONWARD, ["INT", "P07", "INT2", "INT2", "S1"]),
        (SpeakerScope.ALL, ["INT2", "P07", "INT2", "INT2", "S1"]),
    ],
)
def test_a_speaker_is_set_for_a_turn_from_there_on_or_everywhere(
    pen: TranscriptEditor, scope: SpeakerScope, expected: list[str]
) -> None:
    pen.set_speaker(3, "INT2", scope)

    assert [turn.speaker for turn in pen.transcript.turns] == expected


def test_a_speaker_is_a_code_and_never_a_name(pen: TranscriptEditor) -> None:
    with pytest.raises(BadName):
        pen.set_speaker(1, "Margaret Wilson")


def test_a_doubt_is_settled_by_a_key_or_by_typing(pen: TranscriptEditor) -> None:
    pen.confirm_doubtful_turn(3)
    settled = pen.transcript.turns[2].flags
    pen.undo()
    back = pen.transcript.turns[2].flags
    pen.set_text(3, "How long?")

    assert (settled, back, pen.transcript.turns[2].flags) == ((), TURNS[2].flags, ())


def test_a_heading_with_a_name_in_it_can_be_changed(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    assert pen.set_note(0, "  The sister and   the ward ")

    source = read_newest_transcript(study.interview(interview))
    assert source is not None
    assert [e.note for e in source.transcript.events] == ["The sister and the ward", "tea"]


def test_found_words_are_replaced_in_turns_and_headings_and_undone_at_once(
    pen: TranscriptEditor,
) -> None:
    replacing = FindReplace("margaret", "Margret")
    finds = replacing.find_matches(pen.state)
    previews = [replacing.preview_match(pen.state, find) for find in finds]
    count = pen.replace_matches(finds, replacing)

    assert count == 3
    assert [p[1] for p in previews] == ["margaret", "margaret", "Margaret"]
    assert pen.transcript.turns[3].text == "has Margret done that"
    assert pen.transcript.events[0].note == "Margret and the ward"
    assert pen.undo() == {2, 4}
    assert pen.transcript.turns == TURNS
    assert pen.transcript.events == EVENTS


def test_undo_goes_back_through_all_sessions_and_redo_forward_again(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    pen.set_text(1, "Who comes with you?")
    pen.split_turn(2, TURNS[1].text.index("she"))
    pen.set_speaker(6, "S1")
    after = pen.transcript
    again = TranscriptEditor(study.interview(interview))

    assert [again.undo(), again.undo(), again.undo()] == [{6}, {2, 6}, {1}]
    assert again.undo() is None
    assert again.transcript.turns == TURNS
    once_more = TranscriptEditor(study.interview(interview))
    assert [once_more.redo(), once_more.redo(), once_more.redo()] == [{1}, {2, 6}, {6}]
    assert once_more.redo() is None
    assert once_more.transcript == after


def test_an_edit_after_an_undo_leaves_nothing_to_do_again(pen: TranscriptEditor) -> None:
    pen.set_text(1, "Who comes?")
    pen.undo()
    pen.set_text(5, "Since spring.")

    assert pen.redo() is None
    assert pen.state.redoable is None


def test_one_piece_of_typing_is_undone_as_one(pen: TranscriptEditor) -> None:
    pen.set_text(1, "Who com")
    pen.set_text(1, "Who comes wi", goes_on=True)
    pen.set_text(1, "Who comes with you?", goes_on=True)
    pen.undo()

    assert pen.transcript.turns == TURNS
    assert pen.redo() == {1}
    assert pen.transcript.turns[0].text == "Who comes with you?"


def test_one_piece_of_typing_stays_one_when_it_is_done_again(pen: TranscriptEditor) -> None:
    pen.set_text(1, "Who com")
    pen.set_text(1, "Who comes wi", goes_on=True)
    pen.undo()
    pen.redo()

    assert pen.transcript.turns[0].text == "Who comes wi"
    assert pen.undo() == {1}
    assert pen.transcript.turns == TURNS
    assert pen.state.undoable is None
    assert pen.redo() == {1}
    assert pen.transcript.turns[0].text == "Who comes wi"


def test_a_transcript_is_read_as_it_was_after_so_many_edits(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    for text in ("Who?", "Who comes?", "Who comes with you?"):
        pen.set_text(1, text)

    def after(edits: int | None) -> tuple[str, int]:
        state = read_corrected_version(study.interview(interview), 1, edits)
        assert state is not None
        return state.turns[0].text, state.edits

    assert [after(edits) for edits in (0, 1, 2, 3, None)] == [
        ("who comes with you", 0),
        ("Who?", 1),
        ("Who comes?", 2),
        ("Who comes with you?", 3),
        ("Who comes with you?", 3),
    ]
    assert read_corrected_version(study.interview(interview), 2) is None


def test_typing_goes_on_only_where_the_last_edit_was_typing_in_the_same_turn(
    pen: TranscriptEditor,
) -> None:
    pen.set_text(1, "Who", goes_on=True)
    pen.set_text(5, "Since", goes_on=True)  # another turn
    pen.set_speaker(5, "S2")
    pen.set_text(5, "Since spring", goes_on=True)  # another act between
    pen.set_text(5, "Since the spring.")  # typed anew

    steps = [pen.undo() for _ in range(5)]

    assert steps == [{5}, {5}, {5}, {5}, {1}]
    assert pen.undo() is None


def test_what_comes_next_is_told_by_name(pen: TranscriptEditor) -> None:
    assert (pen.state.undoable, pen.state.redoable, pen.state.last_edit) == (None, None, None)

    pen.set_text(1, "Who?")
    pen.split_turn(2, TURNS[1].text.index("she"))
    last = pen.state.last_edit
    assert last is not None
    assert (last.act, pen.state.undoable) == (EditKind.SPLIT, EditKind.SPLIT)

    pen.undo()
    last = pen.state.last_edit
    assert last is not None
    assert (last.act, pen.state.undoable, pen.state.redoable) == (
        EditKind.TEXT,
        EditKind.TEXT,
        EditKind.SPLIT,
    )


def test_where_the_words_of_a_turn_went_is_known_after_splits_and_joins(
    pen: TranscriptEditor,
) -> None:
    pen.set_text(1, "Who?")
    assert pen.state.trace_turns() == {}

    pen.split_turn(2, TURNS[1].text.index("she"))
    pen.split_turn(2, TURNS[1].text.index("margaret"))
    pen.join_turns(3)

    assert pen.state.trace_turns() == {2: [6, 7], 4: [3]}
    pen.undo()
    assert pen.state.trace_turns() == {2: [6, 7]}


def test_a_turn_is_found_by_its_key_and_its_follower_by_its_place(pen: TranscriptEditor) -> None:
    pen.split_turn(2, TURNS[1].text.index("she"))
    state = pen.state

    assert [turn.key for turn in state.turns] == [1, 2, 6, 3, 4, 5]
    followers = [state.next_turn(key) for key in (1, 2, 6, 5)]
    assert [turn.key if turn else None for turn in followers] == [2, 6, 3, None]
    assert state.find_turn(6) == state.turns[2]
    assert state.find_turn(77) is None
    assert state.next_key == 7


def test_a_key_is_never_given_twice(pen: TranscriptEditor) -> None:
    pen.split_turn(2, TURNS[1].text.index("she"))
    pen.undo()
    pen.split_turn(4, TURNS[3].text.index("done"))

    assert [turn.key for turn in pen.transcript.turns] == [1, 2, 3, 4, 7, 5]
    empty = CorrectedTranscript(Transcript((), HEARD))
    assert (empty.next_key, empty.version, empty.edits) == (1, 0, 0)


def test_a_join_taken_back_leaves_both_turns_as_they_were(pen: TranscriptEditor) -> None:
    assert pen.join_turns(2) == {2, 3}
    assert [turn.key for turn in pen.transcript.turns] == [1, 2, 4, 5]
    assert pen.undo() == {2, 3}
    assert pen.transcript.turns == TURNS
    assert pen.redo() == {2, 3}
    assert [turn.key for turn in pen.transcript.turns] == [1, 2, 4, 5]


def test_what_is_replayed_says_which_turns_are_not_as_they_were(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    pen.set_text(1, "Who?")
    pen.remove_turn(3)
    pen.undo()
    state = read_corrected_version(study.interview(interview), 1, 0)
    assert state is not None

    touched = replay_edits(
        state, study.interview(interview).read_entries(ArtefactKind.CORRECTED, Edit)
    )

    assert touched == {1, 3}
    assert (state.edits, state.transcript.turns) == (3, pen.transcript.turns)


def test_an_undo_or_redo_of_nothing_changes_nothing() -> None:
    state = CorrectedTranscript(Transcript(TURNS, HEARD, events=EVENTS))

    assert state.apply_edit(Edit(EditKind.UNDO, 1, "")) == frozenset()
    assert state.apply_edit(Edit(EditKind.REDO, 1, "")) == frozenset()
    assert (state.transcript.turns, state.edits) == (TURNS, 2)


def test_an_edit_of_what_is_not_there_changes_nothing() -> None:
    state = CorrectedTranscript(Transcript(TURNS, HEARD, events=EVENTS))

    state.apply_edit(Edit(EditKind.REMOVE, 1, "", gone=(77,)))
    state.apply_edit(Edit(EditKind.SPEAKER, 1, "", keys=(77,), speaker="S9"))
    state.apply_edit(Edit(EditKind.HEADING, 1, "", notes=((-1, "x"), (2, "y"))))
    assert (state.turns, state.events) == ([*TURNS], EVENTS)
    for _ in range(3):
        state.apply_edit(Edit(EditKind.UNDO, 1, ""))
    assert (state.turns, state.events) == ([*TURNS], EVENTS)


def test_topics_that_are_added_come_into_the_order_of_time_and_go_again() -> None:
    state = CorrectedTranscript(Transcript(TURNS, HEARD, events=EVENTS))
    early, late = Mark(-1.0, MarkKind.TOPIC, "a"), Mark(9000.0, MarkKind.TOPIC, "b")

    state.apply_edit(Edit(EditKind.TOPIC, 1, "", events=(late,)))
    state.apply_edit(Edit(EditKind.TOPIC, 1, "", events=(early,)))

    assert state.events == (early, *EVENTS, late)
    state.apply_edit(Edit(EditKind.UNDO, 1, ""))
    assert state.events == (*EVENTS, late)
    state.apply_edit(Edit(EditKind.UNDO, 1, ""))
    assert state.events == EVENTS
    state.apply_edit(Edit(EditKind.REDO, 1, ""))
    assert state.events == (*EVENTS, late)


def test_an_edit_that_goes_on_with_nothing_begins_a_step() -> None:
    state = CorrectedTranscript(Transcript(TURNS, HEARD))

    state.apply_edit(Edit(EditKind.REMOVE, 1, "", gone=(1,), goes_on=True))

    assert state.undoable is EditKind.REMOVE


def test_an_interview_that_was_never_transcribed_has_nothing_to_correct(study: Study) -> None:
    with study.change("entered") as change:
        empty = change.add_interview(InterviewDetails("P08_i1"))

    assert read_corrected_transcript(study.interview(empty)) is None


def test_catching_up_tells_whether_there_was_something(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    other = TranscriptEditor(study.interview(interview))
    assert not pen.catch_up()  # nobody has corrected anything

    other.set_text(1, "Who?")
    assert pen.catch_up()
    assert not pen.catch_up()
    other.set_text(1, "Who comes?")
    assert pen.catch_up()
    assert pen.transcript.turns[0].text == "Who comes?"
    restart_correction(study.interview(interview))
    assert pen.catch_up()
    assert not pen.catch_up()
    assert pen.transcript.turns == TURNS


def test_the_first_correction_makes_the_first_version_and_no_other_does(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    pen.set_text(1, "Who?")
    pen.set_text(1, "Who comes?")

    assert (
        pen.state.version,
        study.interview(interview).find_newest_version(ArtefactKind.CORRECTED),
    ) == (1, 1)
    assert pen.transcript.provenance.options == {"language": "en", "raw_version": 1}
    again = TranscriptEditor(study.interview(interview))
    again.set_text(5, "Since spring.")
    assert (again.state.version, again.state.edits) == (1, 3)
    assert not again.catch_up()


def test_a_heading_that_is_not_there_is_refused(pen: TranscriptEditor) -> None:
    for place in (-1, 2):
        with pytest.raises(NotCorrectable, match="no such heading"):
            pen.set_note(place, "anything")
    assert pen.set_note(1, "coffee")
    assert [event.note for event in pen.transcript.events] == [EVENTS[0].note, "coffee"]


def test_finds_that_are_no_longer_there_are_left_out(study: Study, pen: TranscriptEditor) -> None:
    replacing = FindReplace("margaret", "Margret")
    finds = replacing.find_matches(pen.state)
    pen.remove_turn(2)
    pen.remove_turn(4)
    pen.set_note(0, "the ward")
    (lines,) = study.db.execute("SELECT count(*) FROM trail").fetchone()

    assert pen.replace_matches(finds, replacing) == 0
    assert pen.replace_matches([], replacing) == 0
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == (lines,)


def test_the_trail_says_which_kind_of_edit_it_was_and_no_word_of_it(
    study: Study, pen: TranscriptEditor
) -> None:
    pen.set_text(1, "Margaret")
    pen.split_turn(2, TURNS[1].text.index("she"))
    pen.undo()

    facts = [line.facts for line in read_trail_lines(study.db) if line.verb == "corrected"]
    assert [fact["edit"] for fact in facts] == ["text", "split", "undo"]
    assert "Margaret" not in str(facts)


def test_two_turns_joined_read_as_one_and_last_as_long_as_both(
    study: Study, interview: str
) -> None:
    said = (
        Turn(1, "INT", 0.0, 6.0, "well", (Word("well", 0.0, 1.0, 0.9),), (DoubtFlag("loop"),)),
        Turn(
            2, "P07", 2.0, 5.0, "yes I do",
            (Word("yes", 2.0, 3.0, 0.9), Word(" I", 3.0, 4.0, 0.9), Word(" do", 4.0, 5.0, 0.9)),
            (DoubtFlag("unsure"), DoubtFlag("loop")),
        ),
        Turn(3, "INT", 7.0, 8.0, "good", (Word(" good", 7.0, 8.0, 0.9),)),
    )  # fmt: skip
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(said, HEARD))
    pen = TranscriptEditor(study.interview(interview))

    pen.join_turns(1)
    one = pen.transcript.turns[0]
    pen.join_turns(1)
    whole = pen.transcript.turns[0]

    assert (one.speaker, one.text, one.start_s, one.end_s) == ("INT", "well yes I do", 0.0, 6.0)
    assert [w.text for w in one.words] == ["well", " yes", " I", " do"]
    assert [w.start_s for w in one.words] == [0.0, 2.0, 3.0, 4.0]
    assert one.flags == (DoubtFlag("loop"), DoubtFlag("unsure"))
    assert (whole.text, whole.end_s) == ("well yes I do good", 8.0)
    assert [w.text for w in whole.words][-2:] == [" do", " good"]
    assert pen.undo() == {1, 3}


def test_a_turn_without_words_takes_those_of_the_next_as_they_are(
    study: Study, interview: str
) -> None:
    said = (
        Turn(1, "INT", 0.0, 1.0, "well"),
        Turn(2, "P07", 2.0, 3.0, "yes", (Word("yes", 2.0, 3.0, 0.9),)),
        Turn(3, "P07", 4.0, 5.0, "no"),
    )
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(said, HEARD))
    pen = TranscriptEditor(study.interview(interview))

    pen.join_turns(1)
    assert [w.text for w in pen.transcript.turns[0].words] == ["yes"]
    pen.join_turns(1)
    assert [w.text for w in pen.transcript.turns[0].words] == ["yes"]
    assert pen.transcript.turns[0].text == "well yes no"


def test_the_halves_of_a_turn_end_and_begin_with_their_own_words(pen: TranscriptEditor) -> None:
    pen.split_turn(2, TURNS[1].text.index("she") + 1)  # within a word: it goes with the second half

    _, left, right = pen.transcript.turns[:3]
    assert (left.text, right.text) == ("my sister margaret s", "he works on ashfield ward")
    pen.undo()
    pen.split_turn(2, TURNS[1].text.index(" she"))
    _, left, right = pen.transcript.turns[:3]
    assert [w.text for w in left.words] == [" my", " sister", " margaret"]
    assert [w.text for w in right.words][:2] == [" she", " works"]
    assert (left.start_s, left.end_s) == (5.0, left.words[-1].end_s)
    assert (right.start_s, right.end_s) == (right.words[0].start_s, 9.0)


def test_a_turn_without_words_is_split_where_its_time_is(study: Study, interview: str) -> None:
    said = (Turn(1, "INT", 10.0, 20.0, "who comes with you"), Turn(2, "P07", 30.0, 31.0, "no"))
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(said, HEARD))
    pen = TranscriptEditor(study.interview(interview))

    pen.split_turn(1, 10)

    left, right = pen.transcript.turns[:2]
    assert (left.text, right.text) == ("who comes", "with you")
    assert left.start_s == 10.0
    assert 10.0 <= left.end_s <= right.start_s <= right.end_s == 20.0
    assert (left.words, right.words) == ((), ())


def test_a_removed_turn_comes_back_where_it_was(pen: TranscriptEditor) -> None:
    pen.remove_turn(3)
    without = [t.key for t in pen.transcript.turns]
    pen.undo()

    assert without == [1, 2, 4, 5]
    assert pen.transcript.turns == TURNS


def test_two_people_who_edit_at_once_lose_nothing(study: Study, interview: str) -> None:
    one, other = (
        TranscriptEditor(study.interview(interview)),
        TranscriptEditor(study.interview(interview)),
    )

    one.set_text(1, "Who comes with you?")
    other.set_text(5, "Since the spring.")
    one.split_turn(2, TURNS[1].text.index("she"))
    other.split_turn(4, TURNS[3].text.index("done"))

    state = read_corrected_transcript(study.interview(interview))
    assert state is not None
    assert other.transcript == state.transcript
    assert one.catch_up()
    assert one.transcript == state.transcript
    assert [t.key for t in state.turns] == [1, 2, 6, 3, 4, 7, 5]


def test_a_turn_that_somebody_removed_meanwhile_is_refused_in_words(
    study: Study, interview: str
) -> None:
    one, other = (
        TranscriptEditor(study.interview(interview)),
        TranscriptEditor(study.interview(interview)),
    )
    one.join_turns(3)

    with pytest.raises(NotCorrectable, match="no longer there"):
        other.set_text(4, "Has Margaret?")


def test_starting_over_takes_the_newest_transcription_and_keeps_the_old_corrections(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    pen.set_text(1, "Who comes with you?")
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(
            ArtefactKind.RAW, Transcript((_turn(1, "INT", 0.0, "who is coming"),), HEARD)
        )

    new = restart_correction(study.interview(interview))

    assert [t.text for t in new.transcript.turns] == ["who is coming"]
    assert _texts(study, interview) == ["who is coming"]
    old = read_corrected_version(study.interview(interview), 1)
    assert old is not None
    assert old.turns[0].text == "Who comes with you?"
    assert new.transcript.provenance.options["raw_version"] == 2


def test_the_list_of_interviews_still_knows_how_much_has_words(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    pen.set_text(1, "Who comes with you?")

    known = study.find_interview(interview).facts
    assert known.corrected is not None
    assert (known.corrected.speech_s, known.edits) == (20.0, 1)


def test_an_interview_without_a_transcript_is_refused(study: Study) -> None:
    with study.change("entered") as change:
        empty = change.add_interview(InterviewDetails("P08_i1"))

    with pytest.raises(StepMissing):
        TranscriptEditor(study.interview(empty))
    with pytest.raises(StepMissing):
        restart_correction(study.interview(empty))


_ACTS: list[Callable[[TranscriptEditor, int, int], object]] = [
    lambda pen, key, n: pen.set_text(key, f"so it is {n}"),
    lambda pen, key, n: pen.set_text(key, f"so it is not {n}", goes_on=True),
    lambda pen, key, n: pen.split_turn(key, n),
    lambda pen, key, _: pen.join_turns(key),
    lambda pen, key, _: pen.remove_turn(key),
    lambda pen, key, n: pen.set_speaker(key, f"S{n % 3}", list(SpeakerScope)[n % 3]),
    lambda pen, key, _: pen.confirm_doubtful_turn(key),
    lambda pen, _, n: pen.set_note(n % 2, f"heading {n}"),
    lambda pen, _, n: pen.replace_matches(
        (r := FindReplace("margaret", f"M{n}")).find_matches(pen.state), r
    ),
    lambda pen, _, __: pen.undo(),
    lambda pen, _, __: pen.redo(),
]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(_ACTS), st.integers(1, 9), st.integers(0, 20)), max_size=14)
)
def test_whatever_was_done_is_what_is_read_again_and_undone_to_the_beginning(
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[Callable[[TranscriptEditor, int, int], object], int, int]],
) -> None:
    folder: Path = tmp_path_factory.mktemp("study") / "s"
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    made, _ = Study.create(folder, PASSPHRASE, cost=cheap)
    with made as study:
        with study.change("transcribed") as change:
            interview = change.add_interview(InterviewDetails("P07_i1"))
            change.write_artefact(ArtefactKind.RAW, Transcript(TURNS, HEARD, events=EVENTS))
        pen = TranscriptEditor(study.interview(interview))
        for act, key, n in acts:
            try:
                act(pen, key, n)
            except NotCorrectable:
                continue
        state = read_corrected_transcript(study.interview(interview))
        assert state is not None
        assert state.transcript.turns == pen.transcript.turns
        assert state.transcript.events == pen.transcript.events
        starts = [turn.start_s for turn in state.turns]
        assert starts == sorted(starts)
        while pen.undo() is not None:
            pass

        assert pen.transcript.turns == TURNS
        assert pen.transcript.events == EVENTS


def test_who_speaks_was_told_apart_meanwhile_and_is_what_gets_corrected(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    told = tuple(replace(turn, speaker="S9") for turn in TURNS)
    with study.interview(interview).change("speakers told apart") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(told, HEARD, events=EVENTS))

    assert pen.catch_up()
    assert not pen.catch_up()
    pen.set_text(1, "Who comes with you?")

    source = read_newest_transcript(study.interview(interview))
    assert source is not None
    assert {turn.speaker for turn in source.transcript.turns} == {"S9"}


def test_a_first_edit_goes_into_the_newest_transcript(
    study: Study, interview: str, pen: TranscriptEditor
) -> None:
    told = tuple(replace(turn, speaker="S9") for turn in TURNS)
    with study.interview(interview).change("speakers told apart") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(told, HEARD, events=EVENTS))

    pen.set_text(1, "Who comes with you?")

    assert {turn.speaker for turn in pen.transcript.turns} == {"S9"}
