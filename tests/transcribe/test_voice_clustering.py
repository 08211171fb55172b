"""How many voices there are, and which pieces are whose."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transcribe.voices import MadeTalk, make_talk, take_turns
from transcribe.voice_clustering import VoiceClusters, cluster_voices


def cluster(talk: MadeTalk, count: int | None, known: list[int] | None = None) -> VoiceClusters:
    return cluster_voices(
        talk.points,
        [piece.end_s - piece.start_s for piece in talk.pieces],
        [piece.phrase for piece in talk.pieces],
        count=count,
        known=known,
    )


def is_right(talk: MadeTalk, found: VoiceClusters) -> bool:
    """Whether voices and speakers are the same but for their numbers."""
    pairs = {
        (talk.speakers[piece.phrase], int(label))
        for piece, label in zip(talk.pieces, found.labels, strict=True)
    }
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_voices_are_told_apart_whether_their_number_is_given_or_not() -> None:
    for voices in (2, 3, 4):
        talk = take_turns(voices, 12)

        given_number, guessed = cluster(talk, voices), cluster(talk, None)

        assert len(given_number.centres) == len(guessed.centres) == voices
        assert is_right(talk, given_number)
        assert is_right(talk, guessed)
        assert given_number.sureness == 1.0


def test_one_voice_is_one_voice() -> None:
    found = cluster(take_turns(1, 12), None)

    assert len(found.centres) == 1
    assert found.sureness > 0


def test_six_at_most_are_guessed_and_ten_are_told_apart_where_somebody_says_ten() -> None:
    talk = take_turns(10, 30)

    assert len(cluster(talk, None).centres) <= 6
    assert is_right(talk, cluster(talk, 10))


def test_more_people_than_speak_leave_those_who_speak_apart() -> None:
    """Two speak and four were entered: a voice may be divided, but nobody is mixed up."""
    talk = take_turns(2, 12)

    found = cluster(talk, 4)

    owners: dict[int, set[int]] = {}
    for piece, label in zip(talk.pieces, found.labels, strict=True):
        owners.setdefault(int(label), set()).add(talk.speakers[piece.phrase])
    assert all(len(speakers) == 1 for speakers in owners.values())


def test_a_cough_is_no_voice() -> None:
    """Its one short piece is like nobody's: the division in two would fit best."""
    talk = make_talk([0, 1, 0, 2, 1, 0, 1, 0, 1], [4.0, 4.0, 4.0, 0.4, *[4.0] * 5])

    found = cluster(talk, 2)

    first, second = (
        {int(label) for piece, label in zip(talk.pieces, found.labels, strict=True)
         if talk.speakers[piece.phrase] == speaker}
        for speaker in (0, 1)
    )  # fmt: skip
    assert first.isdisjoint(second)


def test_a_microphone_that_is_moved_half_way_makes_no_new_people() -> None:
    talk = make_talk([n % 2 for n in range(16)], [4.0] * 16, drift=0.6)

    assert is_right(talk, cluster(talk, 2))
    assert len(cluster(talk, None).centres) == 2


def test_what_a_person_said_about_a_piece_is_never_changed() -> None:
    talk = take_turns(2, 8)
    known = [1 if piece.phrase == 0 else -1 for piece in talk.pieces]

    found = cluster(talk, 2, known)

    labels = {int(label) for piece, label in zip(talk.pieces, found.labels, strict=True)
              if piece.phrase in {0, 2, 4, 6}}  # fmt: skip
    assert labels == {1}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 12)), min_size=1, max_size=8),
    st.none() | st.integers(1, 6),
)
def test_every_piece_has_a_voice_and_no_voice_is_invented(
    parts: list[tuple[int, int]], count: int | None
) -> None:
    talk = make_talk([who for who, _ in parts], [0.4 * words for _, words in parts])

    found = cluster(talk, count)

    assert len(found.labels) == len(talk.points)
    assert 1 <= len(found.centres) <= min(len(talk.points), count or 6)
    assert set(map(int, found.labels)) <= set(range(len(found.centres)))
    assert 0.0 <= found.sureness <= 1.0
