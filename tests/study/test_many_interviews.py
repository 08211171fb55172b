"""What a large study asks of the store: one interview is read without all others, none in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from study import ArtefactKind, FindReplace, InterviewState, PersonRole, Turn
from study.errors import RoleForbids, StudyDamaged
from study.store import (
    Argon2Cost,
    Study,
    TranscriptEditor,
    add_person,
    read_mention_words,
    read_transcript_texts,
)
from tests.course import MENTIONS, TURNS, add_interview


def break_row(study: Study, interview: str, kind: ArtefactKind) -> None:
    """Put other bytes in the place of a sealed row."""
    study.db.execute(
        "UPDATE artefact SET sealed = zeroblob(length(sealed)) WHERE interview = ? AND kind = ?",
        [interview, kind],
    )


def test_one_interview_is_read_though_another_cannot_be(study: Study) -> None:
    """A line of the list was made by reading the lines of all interviews, for each of them."""
    good, bad = (add_interview(study, label, TURNS) for label in ("P07_i1", "P08_i1"))
    break_row(study, bad, ArtefactKind.ABOUT)

    assert study.interview(good).label == "P07_i1"
    assert study.read_summary(good).state is InterviewState.TRANSCRIBED
    with pytest.raises(StudyDamaged):
        study.summaries()


def test_a_line_of_one_interview_is_that_of_the_list(course: Study) -> None:
    assert [course.read_summary(one.id) for one in course.summaries()] == course.summaries()


def count_read_bytes() -> int:
    """Return how many bytes this process has asked the system for."""
    told = Path("/proc/self/io").read_text(encoding="ascii").split()
    return int(told[told.index("rchar:") + 1])


def test_the_list_does_not_read_through_long_transcripts(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    """It read them to their last page, to find the number of a format that stands behind them."""
    study, _ = Study.create(tmp_path / "long", passphrase, cost=cheap)
    with study:
        text = "We sat by the window. " * 200_000
        add_interview(study, "P07_i1", (Turn(1, "P07", 0.0, 1.0, text),))
    with Study.open(tmp_path / "long", passphrase) as opened:
        before = count_read_bytes()
        (one,) = opened.summaries()
        read = count_read_bytes() - before

    assert one.state is InterviewState.TRANSCRIBED
    assert read < 1_000_000


def test_the_texts_of_a_transcript_are_those_that_stand_after_its_corrections(
    study: Study,
) -> None:
    interview = study.interview(add_interview(study, "P07_i1", TURNS))
    editor = TranscriptEditor(interview)
    editor.set_text(2, "My sister Margaret does.")
    editor.split_turn(4, 28)
    editor.remove_turn(3)
    editor.undo()
    whole = TranscriptEditor(study.interview(interview.id)).state
    with Study.open_with_keys(study.folder, study.ring) as fresh:
        texts = read_transcript_texts(fresh.interview(interview.id))

    assert texts is not None
    assert [(t.key, t.speaker, t.text) for t in texts.turns] == [
        (t.key, t.speaker, t.text) for t in whole.turns
    ]
    assert FindReplace("Margaret").find_matches(texts) == FindReplace("Margaret").find_matches(
        whole
    )


def test_the_words_of_mentions_are_the_same_whether_the_whole_transcript_was_read_or_not(
    study: Study,
) -> None:
    interview = study.interview(add_interview(study, "P07_i1", TURNS, MENTIONS))
    alone = read_mention_words(interview)
    interview.read_transcript()

    assert read_mention_words(interview) == alone
    assert alone["m2"] == "Ashfield ward"


def test_no_transcript_has_no_texts(study: Study) -> None:
    assert read_transcript_texts(study.interview(add_interview(study, "P07_i1"))) is None


def test_who_entered_an_interview_is_looked_up_once(study: Study, cheap: Argon2Cost) -> None:
    """For a role that is held to its own interviews, each reading read through the trail."""
    own = "only the interviewer knows this"
    others = add_interview(study, "P07_i1", TURNS)
    add_person(study, "Interviewer", PersonRole.INTERVIEWER, own, cost=cheap)
    asked: list[str] = []
    with Study.open(study.folder, own) as opened:
        mine = opened.interview(add_interview(opened, "P08_i1", TURNS))
        opened.db.set_trace_callback(asked.append)
        for _ in range(3):
            read_transcript_texts(mine)
            opened.rows.cache.clear()
            with pytest.raises(RoleForbids):
                read_transcript_texts(opened.interview(others))
        opened.db.set_trace_callback(None)

    assert len([one for one in asked if "FROM trail WHERE interview" in one]) == 2
