"""Stored words: decoded to the same words, and written again as the same bytes."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.artefact_kinds import ArtefactKind
from study.errors import StudyDamaged
from study.records import InterviewDetails, Provenance, Transcript, Turn, Word
from study.store.study import Study
from study.store.transcript_editor import TranscriptEditor
from study.turn_words import StoredWords, encode_stored_words

_SECONDS = st.floats(0.0, 36_000.0)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_WORDS = st.lists(st.builds(Word, _TEXTS, _SECONDS, _SECONDS, st.floats(0.0, 1.0)), max_size=4)


@given(_WORDS)
def test_stored_words_are_the_words_and_are_written_as_they_were(said: list[Word]) -> None:
    turn = Turn(1, "P07", 0.0, 4.0, "".join(word.text for word in said), tuple(said))
    written = msgspec.json.encode(turn)

    read = msgspec.json.decode(written, type=Turn)

    assert read == turn
    assert turn == read
    assert hash(read) == hash(turn)
    assert list(read.words) == said
    assert len(read.words) == len(said)
    assert read.words[1:] == tuple(said[1:])
    assert msgspec.json.encode(read, enc_hook=encode_stored_words) == written
    assert replace(read, speaker="P08") == replace(turn, speaker="P08")


def test_a_long_transcript_is_read_without_making_its_words(study: Study) -> None:
    said = tuple(Word(f" word{n}", n / 2, n / 2 + 0.4, 0.9) for n in range(3))
    turns = (Turn(1, "P07", 0.0, 2.0, "word0 word1 word2", said), Turn(2, "P08", 2.0, 3.0, "Yes."))
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P07_i1"))
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, Provenance("transcribe", "none")))
    study.rows.cache.clear()

    pen = TranscriptEditor(study.interview(interview))
    read = pen.transcript.turns
    pen.set_text(2, "Yes, I do.")
    study.rows.cache.clear()
    again = TranscriptEditor(study.interview(interview)).transcript.turns

    assert isinstance(read[0].words, StoredWords)
    assert read == turns
    assert read[1].words == ()
    assert again[0] == turns[0]
    assert isinstance(again[0].words, StoredWords)


@pytest.mark.parametrize("content", ["7", '["hello"]', '[{"text": 1}]', '{"text": "no"}'])
def test_what_is_no_word_is_damage_and_not_a_fault(content: str) -> None:
    bytes_of_turn = f'{{"key":1,"speaker":"A","start_s":0,"end_s":1,"text":"x","words":{content}}}'
    turn = msgspec.json.decode(bytes_of_turn, type=Turn)

    with pytest.raises(StudyDamaged):
        len(turn.words)
