"""A correction is in the study when the call returns, and can be taken back for ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study import corrected, decided
from study.artefacts import Kind
from study.correcting import Correcting, Scope, start_over
from study.edits import Edit
from study.errors import BadName, NotCorrectable, StepMissing
from study.facts import TranscriptFacts
from study.finding import Replacing
from study.keys import Argon2Cost
from study.references import TranscriptRef
from study.store import Study
from study.terms import (
    About,
    Coverage,
    Flag,
    Mark,
    MarkKind,
    Provenance,
    Transcript,
    Turn,
    Word,
)

PASSPHRASE = "four unrelated small words"
HEARD = Provenance("transcribe", "earshot tests", "demo", "00" * 32, {"language": "en"})


def _turn(key: int, speaker: str, start_s: float, text: str, *flags: Flag) -> Turn:
    said = text.split()
    step = 4.0 / max(1, len(said))
    words = tuple(
        Word(f" {w}", start_s + n * step, start_s + (n + 1) * step, 0.7) for n, w in enumerate(said)
    )
    return Turn(key, speaker, start_s, start_s + 4.0, text, words, flags)


TURNS = (
    _turn(1, "INT", 0.0, "who comes with you"),
    _turn(2, "P07", 5.0, "my sister margaret she works on ashfield ward"),
    _turn(3, "INT", 10.0, "how long", Flag("repetition")),
    _turn(4, "INT", 15.0, "has margaret done that"),
    _turn(5, "S1", 20.0, "since the spring"),
)
EVENTS = (Mark(0.0, MarkKind.TOPIC, "Margaret and the ward"), Mark(12.0, MarkKind.MARKER, "tea"))


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("transcribed") as change:
        made = change.add_interview(About("P07_i1"))
        told = TranscriptFacts(len(TURNS), speech_s=20.0, covered_s=20.0)
        transcript = Transcript(TURNS, HEARD, Coverage(24.0, 20.0, 20.0), EVENTS)
        change.put(made, Kind.RAW, transcript, told)
    return made


@pytest.fixture
def pen(study: Study, interview: str) -> Correcting:
    return Correcting(study, interview)


def _texts(study: Study, interview: str) -> list[str]:
    source = decided.newest(study, interview)
    assert source is not None
    return [turn.text for turn in source.transcript.turns]


def test_a_corrected_turn_is_what_counts_from_then_on(
    study: Study, interview: str, pen: Correcting
) -> None:
    touched = pen.set_text(2, "My sister Margaret, she works on Ashfield ward.")

    assert touched == {2}
    source = decided.newest(study, interview)
    assert source is not None
    assert source.ref == TranscriptRef(Kind.CORRECTED, 1, 1)
    assert source.texts()[2] == "My sister Margaret, she works on Ashfield ward."
    assert [w.start_s for w in source.transcript.turns[1].words] == [
        w.start_s for w in TURNS[1].words
    ]
    raw = study.get(interview, Kind.RAW, Transcript)
    assert raw is not None
    assert raw.turns == TURNS


def test_one_word_writes_one_turn_and_one_line_in_the_trail(
    study: Study, interview: str, pen: Correcting
) -> None:
    pen.set_text(1, "Who comes with you?")
    versions = study.version(interview, Kind.CORRECTED)
    pen.set_text(5, "Since the spring.")

    (first, second) = study.entries(interview, Kind.CORRECTED, Edit)
    assert (versions, study.version(interview, Kind.CORRECTED)) == (1, 1)
    assert [t.key for t in first.turns] == [1]
    assert [t.key for t in second.turns] == [5]
    verbs = [row[0] for row in study.db.execute("SELECT verb FROM trail ORDER BY number")]
    assert verbs[-2:] == ["corrected", "corrected"]


def test_saying_the_same_again_writes_nothing(study: Study, pen: Correcting) -> None:
    (lines,) = study.db.execute("SELECT count(*) FROM trail").fetchone()

    assert pen.set_text(1, f"  {TURNS[0].text} ") == frozenset()
    assert pen.set_speaker(1, "INT") == frozenset()
    assert pen.settle_doubt(1) == frozenset()
    assert not pen.set_note(0, EVENTS[0].note)
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == (lines,)


def test_a_turn_is_split_before_a_word_and_joined_again(
    study: Study, interview: str, pen: Correcting
) -> None:
    pen.split(2, TURNS[1].text.index("she"))
    split = pen.transcript.turns
    pen.join(2)
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
    study: Study, interview: str, pen: Correcting
) -> None:
    for at in (-3, 0, len(TURNS[0].text), 999):
        with pytest.raises(NotCorrectable):
            pen.split(1, at)
    with pytest.raises(NotCorrectable):
        pen.split(77, 3)
    with pytest.raises(NotCorrectable):
        pen.join(5)
    with pytest.raises(NotCorrectable):
        pen.set_text(1, " \n ")

    assert study.version(interview, Kind.CORRECTED) == 0


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope.ONE, ["INT", "P07", "INT2", "INT", "S1"]),
        (Scope.ONWARD, ["INT", "P07", "INT2", "INT2", "S1"]),
        (Scope.ALL, ["INT2", "P07", "INT2", "INT2", "S1"]),
    ],
)
def test_a_speaker_is_set_for_a_turn_from_there_on_or_everywhere(
    pen: Correcting, scope: Scope, expected: list[str]
) -> None:
    pen.set_speaker(3, "INT2", scope)

    assert [turn.speaker for turn in pen.transcript.turns] == expected


def test_a_speaker_is_a_code_and_never_a_name(pen: Correcting) -> None:
    with pytest.raises(BadName):
        pen.set_speaker(1, "Margaret Wilson")


def test_a_doubt_is_settled_by_a_key_or_by_typing(pen: Correcting) -> None:
    pen.settle_doubt(3)
    settled = pen.transcript.turns[2].flags
    pen.undo()
    back = pen.transcript.turns[2].flags
    pen.set_text(3, "How long?")

    assert (settled, back, pen.transcript.turns[2].flags) == ((), TURNS[2].flags, ())


def test_a_heading_with_a_name_in_it_can_be_changed(
    study: Study, interview: str, pen: Correcting
) -> None:
    assert pen.set_note(0, "  The sister and   the ward ")

    source = decided.newest(study, interview)
    assert source is not None
    assert [e.note for e in source.transcript.events] == ["The sister and the ward", "tea"]


def test_found_words_are_replaced_in_turns_and_headings_and_undone_at_once(
    pen: Correcting,
) -> None:
    replacing = Replacing("margaret", "Margret")
    finds = replacing.finds(pen.state)
    previews = [replacing.preview(pen.state, find) for find in finds]
    count = pen.replace(finds, replacing)

    assert count == 3
    assert [p[1] for p in previews] == ["margaret", "margaret", "Margaret"]
    assert pen.transcript.turns[3].text == "has Margret done that"
    assert pen.transcript.events[0].note == "Margret and the ward"
    assert pen.undo() == {2, 4}
    assert pen.transcript.turns == TURNS
    assert pen.transcript.events == EVENTS


def test_undo_goes_back_through_all_sessions_and_redo_forward_again(
    study: Study, interview: str, pen: Correcting
) -> None:
    pen.set_text(1, "Who comes with you?")
    pen.split(2, TURNS[1].text.index("she"))
    pen.set_speaker(6, "S1")
    after = pen.transcript
    again = Correcting(study, interview)

    assert [again.undo(), again.undo(), again.undo()] == [{6}, {2, 6}, {1}]
    assert again.undo() is None
    assert again.transcript.turns == TURNS
    once_more = Correcting(study, interview)
    assert [once_more.redo(), once_more.redo(), once_more.redo()] == [{1}, {2, 6}, {6}]
    assert once_more.redo() is None
    assert once_more.transcript == after


def test_an_edit_after_an_undo_leaves_nothing_to_do_again(pen: Correcting) -> None:
    pen.set_text(1, "Who comes?")
    pen.undo()
    pen.set_text(5, "Since spring.")

    assert pen.redo() is None
    assert pen.state.redoable is None


def test_one_piece_of_typing_is_undone_as_one(pen: Correcting) -> None:
    pen.set_text(1, "Who com")
    pen.set_text(1, "Who comes wi", goes_on=True)
    pen.set_text(1, "Who comes with you?", goes_on=True)
    pen.undo()

    assert pen.transcript.turns == TURNS
    assert pen.redo() == {1}
    assert pen.transcript.turns[0].text == "Who comes with you?"


def test_a_removed_turn_comes_back_where_it_was(pen: Correcting) -> None:
    pen.remove(3)
    without = [t.key for t in pen.transcript.turns]
    pen.undo()

    assert without == [1, 2, 4, 5]
    assert pen.transcript.turns == TURNS


def test_two_people_who_edit_at_once_lose_nothing(study: Study, interview: str) -> None:
    one, other = Correcting(study, interview), Correcting(study, interview)

    one.set_text(1, "Who comes with you?")
    other.set_text(5, "Since the spring.")
    one.split(2, TURNS[1].text.index("she"))
    other.split(4, TURNS[3].text.index("done"))

    state = corrected.read(study, interview)
    assert state is not None
    assert other.transcript == state.transcript
    assert one.catch_up()
    assert one.transcript == state.transcript
    assert [t.key for t in state.turns] == [1, 2, 6, 3, 4, 7, 5]


def test_a_turn_that_somebody_removed_meanwhile_is_refused_in_words(
    study: Study, interview: str
) -> None:
    one, other = Correcting(study, interview), Correcting(study, interview)
    one.join(3)

    with pytest.raises(NotCorrectable, match="no longer there"):
        other.set_text(4, "Has Margaret?")


def test_starting_over_takes_the_newest_transcription_and_keeps_the_old_corrections(
    study: Study, interview: str, pen: Correcting
) -> None:
    pen.set_text(1, "Who comes with you?")
    with study.change("transcribed", interview) as change:
        change.put(interview, Kind.RAW, Transcript((_turn(1, "INT", 0.0, "who is coming"),), HEARD))

    new = start_over(study, interview)

    assert [t.text for t in new.transcript.turns] == ["who is coming"]
    assert _texts(study, interview) == ["who is coming"]
    old = corrected.at(study, interview, 1)
    assert old is not None
    assert old.turns[0].text == "Who comes with you?"
    assert new.transcript.provenance.options["raw_version"] == 2


def test_the_list_of_interviews_still_knows_how_much_has_words(
    study: Study, interview: str, pen: Correcting
) -> None:
    pen.set_text(1, "Who comes with you?")

    known = study.find(interview).facts
    assert known.corrected is not None
    assert (known.corrected.speech_s, known.edits) == (20.0, 1)


def test_an_interview_without_a_transcript_is_refused(study: Study) -> None:
    with study.change("entered") as change:
        empty = change.add_interview(About("P08_i1"))

    with pytest.raises(StepMissing):
        Correcting(study, empty)
    with pytest.raises(StepMissing):
        start_over(study, empty)


_ACTS: list[Callable[[Correcting, int, int], object]] = [
    lambda pen, key, n: pen.set_text(key, f"so it is {n}"),
    lambda pen, key, n: pen.set_text(key, f"so it is not {n}", goes_on=True),
    lambda pen, key, n: pen.split(key, n),
    lambda pen, key, _: pen.join(key),
    lambda pen, key, _: pen.remove(key),
    lambda pen, key, n: pen.set_speaker(key, f"S{n % 3}", list(Scope)[n % 3]),
    lambda pen, key, _: pen.settle_doubt(key),
    lambda pen, _, n: pen.set_note(n % 2, f"heading {n}"),
    lambda pen, _, n: pen.replace(
        (r := Replacing("margaret", f"M{n}")).finds(pen.state), r
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
    acts: list[tuple[Callable[[Correcting, int, int], object], int, int]],
) -> None:
    folder: Path = tmp_path_factory.mktemp("study") / "s"
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    made, _ = Study.create(folder, PASSPHRASE, cost=cheap)
    with made as study:
        with study.change("transcribed") as change:
            interview = change.add_interview(About("P07_i1"))
            change.put(interview, Kind.RAW, Transcript(TURNS, HEARD, events=EVENTS))
        pen = Correcting(study, interview)
        for act, key, n in acts:
            try:
                act(pen, key, n)
            except NotCorrectable:
                continue
        state = corrected.read(study, interview)
        assert state is not None
        assert state.transcript.turns == pen.transcript.turns
        assert state.transcript.events == pen.transcript.events
        starts = [turn.start_s for turn in state.turns]
        assert starts == sorted(starts)
        while pen.undo() is not None:
            pass

        assert pen.transcript.turns == TURNS
        assert pen.transcript.events == EVENTS
