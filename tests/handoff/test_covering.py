"""Identifying passages of the sound are covered, and nothing else is changed."""

from __future__ import annotations

import numpy as np
import pytest

from handoff.sound_redaction import (
    MARGIN_S,
    RedactedSound,
    find_spans_to_cover,
    list_understood_originals,
)
from study import (
    ArtefactKind,
    Category,
    Coverage,
    Decision,
    InterviewDetails,
    Mention,
    Mentions,
    Provenance,
    SoundFormat,
    Transcript,
    TranscriptRef,
    Turn,
    Verdict,
    Word,
)
from study.errors import SoundRefused
from study.store import (
    IncomingSound,
    InterviewSound,
    Study,
    TranscriptEditor,
    read_newest_transcript,
)

RATE = 8000
WORDS = (
    Word("Rose", 1.0, 1.4, 0.9),
    Word(" lives", 1.4, 1.8, 0.9),
    Word(" in", 1.8, 2.0, 0.9),
    Word(" Leeds.", 2.0, 2.6, 0.9),
)
TURNS = (
    Turn(1, "P07", 1.0, 2.6, "Rose lives in Leeds.", WORDS),
    Turn(2, "P07", 6.0, 8.0, "Ask Rose.", ()),
)
MENTIONS = (
    Mention("rose", 1, 0, 4, Category.PERSON, "names", 0.9, "[Person 1]"),
    Mention("leed", 1, 14, 19, Category.PLACE, "names", 0.9, "[Place 1]"),
    Mention("ask1", 2, 4, 8, Category.PERSON, "names", 0.9, "[Person 1]"),
)


@pytest.fixture
def interview(study: Study) -> str:
    """Ten seconds of sound in two channels, with three mentions, none decided."""
    with IncomingSound(study, SoundFormat(RATE, 2)) as incoming:
        for second in range(10):
            incoming.write(np.full((RATE, 2), 100 + second, "<i2").tobytes())
        made = incoming.keep(InterviewDetails("P07_i1"), {"container": "WAV"})
    provenance = Provenance("transcribe", "earshot")
    coverage = Coverage(10.0, 4.0, 3.5, gaps=((8.5, 9.0),))
    with study.interview(made).change("made for a test") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(TURNS, provenance, coverage))
        searched = Provenance("anonymise", "earshot")
        change.write_artefact(
            ArtefactKind.MENTIONS, Mentions(TranscriptRef(ArtefactKind.RAW, 1), MENTIONS, searched)
        )
    return made


def accept(study: Study, interview: str, *keys: str) -> None:
    with study.interview(interview).change("decided") as change:
        for key in keys:
            change.append_entry(
                ArtefactKind.MENTIONS, Decision(key, Verdict.ACCEPTED, 1, change.made_at)
            )


def approx(*wanted: tuple[float, float]) -> list[object]:
    return [pytest.approx(span) for span in wanted]


def test_accepted_words_are_covered_with_a_margin_and_so_is_what_nobody_read(
    study: Study, interview: str
) -> None:
    accept(study, interview, "rose")

    assert find_spans_to_cover(study.interview(interview), 10.0) == approx(
        (1.0 - MARGIN_S, 1.4 + MARGIN_S), (8.5 - MARGIN_S, 9.0 + MARGIN_S)
    )


def test_a_mention_whose_words_have_no_times_covers_its_whole_turn(
    study: Study, interview: str
) -> None:
    accept(study, interview, "ask1")

    assert find_spans_to_cover(study.interview(interview), 8.1)[0] == pytest.approx((5.7, 8.1))


def test_spans_that_meet_are_one(study: Study, interview: str) -> None:
    accept(study, interview, "rose", "leed")

    assert find_spans_to_cover(study.interview(interview), 10.0)[0] == pytest.approx((0.7, 2.9))


def test_words_and_turns_that_were_taken_out_of_the_text_are_covered(
    study: Study, interview: str
) -> None:
    editor = TranscriptEditor(study.interview(interview))
    editor.set_text(1, "Rose lives.")
    editor.remove_turn(2)

    found = find_spans_to_cover(study.interview(interview), 10.0)

    assert any(a <= 1.9 <= b for a, b in found)  # "in"
    assert any(a <= 6.0 and b >= 8.0 for a, b in found)  # the turn
    assert not any(a <= 1.2 <= b for a, b in found)  # "Rose", which still stands


def test_a_transcript_without_times_cannot_be_covered(study: Study) -> None:
    with study.change("made for a test") as change:
        made = change.add_interview(InterviewDetails("P08_i1"))
        typed = Transcript((Turn(1, "P07", 0.0, 0.0, "Well."),), Provenance("import", "earshot"))
        change.write_artefact(ArtefactKind.RAW, typed)

    with pytest.raises(SoundRefused, match="no times"):
        find_spans_to_cover(study.interview(made), 10.0)


def open_interview_sound(study: Study, interview: str) -> InterviewSound:
    sound = study.interview(interview).open_sound()
    assert sound is not None
    return sound


@pytest.mark.parametrize("silent", [True, False])
def test_what_is_covered_is_gone_in_every_channel_and_the_rest_is_as_it_was(
    study: Study, interview: str, *, silent: bool
) -> None:
    over = [(0.5, 1.25), (9.75, 10.0)]
    with open_interview_sound(study, interview) as sound:
        covered = RedactedSound(sound, over, silent=silent)
        heard = np.frombuffer(b"".join(covered.iterate_blocks()), "<i2").reshape(-1, 2)
        before = np.frombuffer(sound.read(0, sound.frames), "<i2").reshape(-1, 2)
        excerpt = covered.read(RATE, 100)

    hidden = np.zeros(len(heard), bool)
    for start_s, end_s in over:
        hidden[int(start_s * RATE) : int(end_s * RATE)] = True
    assert (heard[~hidden] == before[~hidden]).all()
    assert (heard[:, 0] == heard[:, 1]).all()
    level = np.sqrt(np.mean(heard[hidden].astype(float) ** 2))
    assert (level == 0) if silent else (2000 < level < 2600)  # -20 dBFS, as a sine
    assert excerpt == heard[RATE : RATE + 100].tobytes()


def type_name(study: Study, interview: str, text: str) -> tuple[float, float]:
    """Type the first turn anew, let its name be replaced, and return what that covers of it."""
    handle = study.interview(interview)
    TranscriptEditor(handle).set_text(1, text)
    source = read_newest_transcript(handle)
    assert source is not None
    start = text.index("Margaret")
    with handle.change("made for a test") as change:
        found = Mention("marg", 1, start, start + 8, Category.PERSON, "names", 1.0, "[Person 1]")
        searched = Mentions(source.ref, (found,), Provenance("anonymise", "earshot"))
        change.write_artefact(ArtefactKind.MENTIONS, searched)
        change.append_entry(
            ArtefactKind.MENTIONS, Decision("marg", Verdict.ACCEPTED, 1, change.made_at)
        )
    spans = find_spans_to_cover(handle, 10.0)
    return next((a, b) for a, b in spans if a <= 1.8 <= b)


def test_where_a_person_typed_a_name_all_between_the_measured_words_is_covered(
    study: Study, interview: str
) -> None:
    # "Rose" ends at 1.4, "Leeds." begins at 2.0: nobody knows where the name is between them.
    a, b = type_name(study, interview, "Rose likes Margaret Leeds.")

    assert a <= 1.4 - MARGIN_S + 1e-6
    assert b >= 2.0 + MARGIN_S - 1e-6


def test_a_name_that_was_added_without_a_pause_is_covered_as_long_as_it_takes_to_say(
    study: Study, interview: str
) -> None:
    # No sound is left between "lives", to 1.8, and "in", from 1.8 on: others ran into the name.
    a, b = type_name(study, interview, "Rose lives Margaret in Leeds.")

    assert b - a >= 8 * 0.08 + 2 * MARGIN_S - 1e-6  # these words take 0.08 to 0.1 s a letter
    assert a < 1.8 < b


def test_a_name_of_three_letters_is_listened_for_and_everyday_words_are_not(
    study: Study, interview: str
) -> None:
    handle = study.interview(interview)
    TranscriptEditor(handle).set_text(2, "Ask Ann and the.")
    source = read_newest_transcript(handle)
    assert source is not None
    with handle.change("made for a test") as change:
        found = Mention("annn", 2, 4, 15, Category.PERSON, "names", 1.0, "[Person 1]")
        searched = Mentions(source.ref, (found,), Provenance("anonymise", "earshot"))
        change.write_artefact(ArtefactKind.MENTIONS, searched)
        change.append_entry(
            ArtefactKind.MENTIONS, Decision("annn", Verdict.ACCEPTED, 1, change.made_at)
        )

    for word, is_found in (("Ann", True), ("the", False), ("and", False), ("ask", False)):
        understood = list_understood_originals(handle, [((6.5, 7.0), word)])
        assert bool(understood) == is_found, word
    assert list_understood_originals(handle, [((3.0, 4.0), "Ann")]) == []  # elsewhere
