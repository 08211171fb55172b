"""Who speaks each word: changes between words, short replies kept, people's word counts most."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study import VoiceStretch
from tests.transcribe.voices import MadeTalk, make_talk, take_turns
from transcribe.voice_pieces import VoicePiece
from transcribe.voice_separation import (
    Anchor,
    SeparatedVoices,
    SpokenWord,
    choose_voices,
    find_inner_changes,
    impose_anchors,
    separate_voices,
)


def separate(
    talk: MadeTalk, count: int | None = 2, anchors: tuple[Anchor, ...] = ()
) -> SeparatedVoices:
    return separate_voices(
        talk.pieces, talk.points, talk.phrases, talk.words, count=count, anchors=anchors
    )


def read_voices(talk: MadeTalk, found: SeparatedVoices) -> list[int]:
    """Return the voice of each word."""
    middles = [(word.start_s + word.end_s) / 2 for word in talk.words]
    return [next(s.voice for s in found.stretches if s.start_s <= at < s.end_s) for at in middles]


def test_every_word_gets_the_voice_of_its_speaker_numbered_as_they_begin() -> None:
    talk = make_talk([2, 0, 1, 0, 2, 1], [4.0] * 6)

    found = separate(talk, None)

    number = {2: 0, 0: 1, 1: 2}
    assert read_voices(talk, found) == [number[speaker] for speaker in talk.truth]
    assert (found.count, found.is_guessed, found.speakers) == (3, True, ("", "", ""))
    assert found.prints.shape == (3, talk.points.shape[1])


def test_a_reply_of_one_word_between_two_pauses_is_not_swallowed() -> None:
    talk = make_talk([0, 1, 0, 1, 0, 1, 0], [4.0, 4.0, 4.0, 0.4, 4.0, 4.0, 4.0])

    assert read_voices(talk, separate(talk)) == list(talk.truth)


def test_a_change_is_put_at_the_sentence_end_and_not_at_the_word_beside_it() -> None:
    """The likeness turns over one word too early; the first words of a turn go astray elsewhere."""
    words = [SpokenWord(0.3 * n, 0.3 * n + 0.3, 0.8 if n == 4 else 8.0) for n in range(8)]
    scores = np.array([[0.9, 0.5]] * 3 + [[0.68, 0.7]] + [[0.5, 0.9]] * 4)

    assert choose_voices(words, scores) == [0, 0, 0, 0, 1, 1, 1, 1]


def test_an_anchor_names_its_voice_and_overrules_it_where_it_stands() -> None:
    talk = take_turns(2, 8)
    start_s, end_s = talk.phrases[2]
    anchors = (Anchor(*talk.phrases[0], "INT01"), Anchor(start_s, end_s, "P07"))

    found = separate(talk, 2, anchors)

    codes = [found.speakers[voice] for voice in read_voices(talk, found)]
    expected = ["INT01" if speaker == 0 else "P07" for speaker in talk.truth]
    inside = [start_s <= word.start_s < end_s for word in talk.words]
    assert [c for c, i in zip(codes, inside, strict=True) if i] == ["P07"] * sum(inside)
    assert [c for c, i in zip(codes, inside, strict=True) if not i] == [
        c for c, i in zip(expected, inside, strict=True) if not i
    ]


def test_two_named_people_are_never_one_voice() -> None:
    """Even if a person gave one and the same voice two names, both stay."""
    talk = take_turns(1, 8)
    anchors = (Anchor(*talk.phrases[0], "INT01"), Anchor(*talk.phrases[1], "P07"))

    found = separate(talk, 1, anchors)

    assert sorted(found.speakers) == ["INT01", "P07"]


def test_nobody_is_heard_where_there_is_no_word_or_no_piece() -> None:
    talk = take_turns(2, 4)

    silent = separate_voices((), talk.points[:0], (), talk.words, count=2)
    wordless = separate_voices(talk.pieces, talk.points, talk.phrases, (), count=None)

    assert (silent.stretches, silent.count, silent.sureness) == ((), 0, 0.0)
    assert wordless.stretches == ()


def test_a_change_inside_a_phrase_is_told_from_one_at_a_pause() -> None:
    stretches = (VoiceStretch(0, 2, 0, 1), VoiceStretch(2, 4, 1, 1), VoiceStretch(5, 6, 0, 1))
    found = SeparatedVoices(stretches, ("", ""), np.eye(2, dtype=np.float32), 2, False, 1.0)  # noqa: FBT003 - a record

    assert find_inner_changes(found, [(0.0, 4.0), (5.0, 6.0)]) == [2.0]


def test_anchors_overrule_the_stretches_of_another_diariser() -> None:
    stretches = [VoiceStretch(0, 4, 0, 1.0), VoiceStretch(4, 8, 1, 1.0)]

    made, speakers = impose_anchors(stretches, 2, [Anchor(0, 1, "INT01"), Anchor(3, 5, "P07")])

    assert speakers == ("INT01", "P07")
    assert [(s.start_s, s.end_s, s.voice) for s in made] == [
        (0, 1, 0), (1, 3, 0), (3, 5, 1), (5, 8, 1),
    ]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.slow
def test_three_hours_need_little_more_memory_than_their_points() -> None:
    talk = take_turns(3, 2400)
    tracemalloc.start()

    found = separate(talk, None)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read_voices(talk, found) == list(talk.truth)
    assert peak < 100e6


_PARTS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 10)), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(_PARTS, st.none() | st.integers(1, 4), st.randoms(use_true_random=False))
def test_each_word_has_one_voice_and_the_order_of_anchors_and_pieces_is_the_same_to_it(
    parts: list[tuple[int, int]], count: int | None, dice: object
) -> None:
    talk = make_talk([who for who, _ in parts], [0.4 * words for _, words in parts])
    anchors = [
        Anchor(*phrase, f"P0{who}") for phrase, (who, _) in zip(talk.phrases, parts, strict=True)
    ][:2]
    order = list(range(len(talk.pieces)))
    dice.shuffle(order)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - a Random

    one = separate(talk, count, tuple(anchors))
    shuffled = separate_voices(
        [talk.pieces[n] for n in order], talk.points[order], talk.phrases, talk.words,
        count=count, anchors=anchors[::-1],
    )  # fmt: skip

    voices = read_voices(talk, one)
    assert len(voices) == len(talk.words)
    for anchor in anchors:
        inside = [v for v, w in zip(voices, talk.words, strict=True)
                  if anchor.start_s <= w.start_s < anchor.end_s]  # fmt: skip
        assert {one.speakers[voice] for voice in inside} == {anchor.speaker}
    assert {s for s in one.speakers if s} == {s for s in shuffled.speakers if s}
    bounds = {word.start_s for word in talk.words} | {word.end_s for word in talk.words}
    assert {s.start_s for s in one.stretches} | {s.end_s for s in one.stretches} <= bounds


def test_a_piece_of_a_phrase_that_is_heard_more_closely_counts_before_the_others() -> None:
    talk = take_turns(2, 6)
    first = talk.phrases[0]
    other = next(n for n, piece in enumerate(talk.pieces) if talk.speakers[piece.phrase] == 1)
    fine = VoicePiece(first[1] - 0.8, first[1], 0, is_fine=True)

    found = separate_voices(
        [*talk.pieces, fine], np.vstack([talk.points, talk.points[other]]),
        talk.phrases, talk.words, count=2,
    )  # fmt: skip

    voices = read_voices(talk, found)
    assert voices[:8] == [0] * 8
    assert voices[8:10] == [1, 1]
