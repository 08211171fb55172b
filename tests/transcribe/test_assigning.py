"""Words to speakers, snapped to sentences and pauses, unsure where unsure."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from study import SPEAKER_UNSURE, DoubtFlag, Turn, VoiceStretch, Word
from transcribe.doubt import DoubtfulPassage, flag_turns
from transcribe.speaker_assignment import assign_speakers
from transcribe.speaker_clustering import group_voices, measure_margins

CODES = ["S1", "S2", "S3"]


def turn(text: str, key: int = 1, start_s: float = 0.0, word_s: float = 0.4) -> Turn:
    words = tuple(
        Word(f" {w}", start_s + n * word_s, start_s + (n + 1) * word_s, 0.9)
        for n, w in enumerate(text.split())
    )
    return Turn(key, "S?", start_s, words[-1].end_s, text, words)


def said(*parts: tuple[float, float, int], margin: float = 1.0) -> list[VoiceStretch]:
    return [VoiceStretch(a, b, voice, margin) for a, b, voice in parts]


def spoken(turns: tuple[Turn, ...]) -> list[tuple[str, str]]:
    return [(one.speaker, one.text) for one in turns]


def test_a_turn_in_which_the_speaker_changes_is_parted_there_and_keeps_its_key() -> None:
    whole = turn("How are you? Fine thanks.", key=7)

    made = assign_speakers([whole], said((0.0, 1.2, 0), (1.2, 2.0, 1)), CODES)

    assert spoken(made) == [("S1", "How are you?"), ("S2", "Fine thanks.")]
    assert [one.key for one in made] == [7, 8]
    assert (made[0].start_s, made[-1].end_s) == (whole.start_s, whole.end_s)


def test_the_first_word_of_an_answer_does_not_stay_with_the_question() -> None:
    """Peers give it to the wrong person: word times and voices are off by some tenths."""
    whole = turn("How are you? Fine thanks.")

    early = assign_speakers([whole], said((0.0, 0.8, 0), (0.8, 2.0, 1)), CODES)
    late = assign_speakers([whole], said((0.0, 1.7, 0), (1.7, 2.0, 1)), CODES)

    assert spoken(early) == spoken(late) == [("S1", "How are you?"), ("S2", "Fine thanks.")]


def test_a_pause_parts_where_no_sentence_ends() -> None:
    first, second = turn("and then we"), turn("no we did", start_s=1.8)
    words = (*first.words, *second.words)
    whole = Turn(1, "S?", 0.0, words[-1].end_s, "and then we no we did", words)

    made = assign_speakers([whole], said((0.0, 0.8, 0), (0.8, 3.0, 1)), CODES)

    assert spoken(made) == [("S1", "and then we"), ("S2", "no we did")]


def test_a_voice_between_two_is_unsure() -> None:
    (made,) = assign_speakers([turn("well yes")], said((0.0, 2.0, 0), margin=0.02), CODES)

    assert made.speaker == "S1"
    assert [flag.kind for flag in made.flags] == [SPEAKER_UNSURE]


def test_two_voices_in_the_same_words_are_unsure() -> None:
    (made,) = assign_speakers([turn("well yes")], said((0.0, 0.8, 0), (0.0, 0.7, 1)), CODES)

    assert [flag.kind for flag in made.flags] == [SPEAKER_UNSURE]


def test_words_where_the_diariser_heard_nobody_keep_their_speaker_and_are_unsure() -> None:
    (made,) = assign_speakers([turn("well yes", start_s=50.0)], said((0.0, 2.0, 0)), CODES)

    assert (made.speaker, [flag.kind for flag in made.flags]) == ("S?", [SPEAKER_UNSURE])


def test_a_second_run_does_not_doubt_twice() -> None:
    once = assign_speakers([turn("well yes")], said((0.0, 2.0, 0), margin=0.02), CODES)

    assert assign_speakers(once, said((0.0, 2.0, 0)), CODES)[0].flags == ()


def test_a_corrected_turn_is_never_parted() -> None:
    whole = turn("How are you? Fine thanks.")
    corrected = Turn(1, "S?", 0.0, 2.0, "How are they? Fine.", whole.words)

    (made,) = assign_speakers([corrected], said((0.0, 1.2, 0), (1.2, 2.0, 1)), CODES)

    assert (made.speaker, made.text) == ("S1", "How are they? Fine.")
    assert SPEAKER_UNSURE in {flag.kind for flag in made.flags}


def test_what_has_no_words_stays_as_it_is() -> None:
    gap = Turn(3, "S?", 0.0, 2.0, "(not transcribed)", (), (DoubtFlag("gap"),))

    assert assign_speakers([gap], said((0.0, 2.0, 0)), CODES) == (gap,)


_SAID = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0.1, 5), st.integers(0, 2), st.floats(-1, 2)),
    max_size=12,
).map(
    lambda every: sorted(
        (VoiceStretch(a, a + b, v, m) for a, b, v, m in every), key=lambda s: s.start_s
    )
)
_TEXTS = st.lists(
    st.lists(st.sampled_from(["yes", "no.", "well,", "you?"]), min_size=1, max_size=8).map(
        " ".join
    ),
    max_size=5,
)


@given(_TEXTS, _SAID)
def test_no_word_is_lost_doubled_moved_or_changed(
    texts: list[str], voices: list[VoiceStretch]
) -> None:
    turns = [turn(text, key=n + 1, start_s=4.0 * n) for n, text in enumerate(texts)]

    made = assign_speakers(turns, voices, CODES)

    assert [w for t in made for w in t.words] == [w for t in turns for w in t.words]
    assert " ".join(t.text for t in made) == " ".join(t.text for t in turns)
    keys = [t.key for t in made]
    assert len(set(keys)) == len(keys)
    assert {t.key for t in turns} <= set(keys)
    assert all(t.start_s <= t.end_s for t in made)


def test_points_are_joined_to_as_many_people_as_there_are() -> None:
    dice = np.random.default_rng(1)
    people = np.eye(3)
    which = [0, 0, 1, 2, 1, 0, 2, 2, 1]
    points = [list(people[n] + dice.normal(0, 0.1, 3)) for n in which]

    groups = group_voices(points, [1.0] * len(which), 3)

    assert groups == [0, 0, 1, 2, 1, 0, 2, 2, 1]
    assert min(measure_margins(points, [1.0] * len(which), groups)) > 0.5


def test_fewer_points_than_people_are_people_each() -> None:
    assert group_voices([[1.0, 0.0], [0.0, 1.0]], [1.0, 1.0], 5) == [0, 1]
    assert measure_margins([[1.0, 0.0]], [1.0], [0]) == [2.0]


def test_a_point_among_strangers_has_a_negative_margin() -> None:
    points = [[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]]

    assert measure_margins(points, [1.0] * 4, [0, 0, 0, 1])[2] < 0


def test_each_part_keeps_only_the_doubts_that_its_own_words_earn() -> None:
    """The part that was said slowly was called "too fast" as well."""
    slow, fast = turn("How are you?"), turn("Fine thanks so.", start_s=1.2, word_s=0.05)
    told = Turn(1, "S?", 0.0, 1.4, "How are you? Fine thanks so.", (*slow.words, *fast.words))
    hurried = DoubtfulPassage(tuple(fast.words), DoubtFlag("too fast", "3 words in 0.2 s"))

    made = assign_speakers(flag_turns([told], [hurried]), said((0, 1.2, 0), (1.2, 2, 1)), CODES)

    assert [[flag.kind for flag in one.flags] for one in made] == [[], ["too fast"]]
