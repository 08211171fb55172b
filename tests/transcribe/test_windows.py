"""Windows: joined speech, cut where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from models import LONGEST_WINDOW_S
from study import Word
from transcribe.vad_spans import FollowedUntil, SpeechSpan
from transcribe.windows import Window, build_windows, unpack_words


@st.composite
def talk(draw: st.DrawFn) -> list[SpeechSpan]:
    """Spans of one channel, in order, none overlapping, none longer than 6 s."""
    at, spans = 0.0, list[SpeechSpan]()
    for gap, length in draw(st.lists(st.tuples(st.floats(0, 20), st.floats(0.1, 6)), max_size=30)):
        start = round(at + gap, 3)
        at = round(start + length, 3)
        spans.append(SpeechSpan(0, start, at))
    return spans


@given(talk(), st.sampled_from([6.0, 28.0]))
def test_no_window_is_longer_than_the_model_may_hear(
    spans: list[SpeechSpan], longest_s: float
) -> None:
    made = list(build_windows(spans, longest_s))

    assert all(sum(b - a for a, b in w.pieces) <= longest_s + 0.61 for w in made)  # .3 s around


@given(talk(), st.sampled_from([6.0, 28.0]))
def test_every_second_of_speech_lies_in_exactly_one_window(
    spans: list[SpeechSpan], longest_s: float
) -> None:
    made = list(build_windows(spans, longest_s))

    heard = [piece for w in made for piece in w.speech]
    assert abs(sum(b - a for a, b in heard) - sum(s.end_s - s.start_s for s in spans)) < 0.01
    assert heard == sorted(heard)
    assert [w.number for w in made] == list(range(len(made)))


def test_passages_that_lie_apart_share_a_window_without_the_silence_between_them() -> None:
    spans = [SpeechSpan(0, 0.5, 1.0), SpeechSpan(0, 1.25, 3.0), SpeechSpan(0, 60.0, 61.0)]

    (packed,) = build_windows(spans, 28.0)

    assert packed.pieces == ((0.2, 3.3), (59.7, 61.3))
    assert packed.speech == ((0.5, 1.0), (1.25, 3.0), (60.0, 61.0))


def test_no_window_waits_for_ever_for_another_passage() -> None:
    spans = [SpeechSpan(0, 0.0, 1.0), SpeechSpan(0, 200.0, 201.0)]

    assert [(w.start_s, w.end_s) for w in build_windows(spans, 28.0)] == [
        (0.0, 1.0),
        (200.0, 201.0),
    ]


def test_faint_sound_is_heard_only_where_there_would_be_a_silence_of_over_5_s() -> None:
    def faint(start_s: float) -> SpeechSpan:
        return SpeechSpan(0, start_s, start_s + 1.0, is_faint=True)

    spans = [
        SpeechSpan(0, 0.0, 1.0),
        faint(2.0),
        SpeechSpan(0, 4.0, 5.0),
        faint(10.0),
        SpeechSpan(0, 20.0, 21.0),
    ]

    made = list(build_windows(spans, 28.0))

    assert [(w.start_s, w.is_faint) for w in made] == [(10.0, True), (0.0, False)]


words_in_window = st.lists(st.floats(0, 28), min_size=1, max_size=20)


@given(talk(), words_in_window)
def test_unpacked_words_lie_in_the_pieces_of_their_window_and_in_order(
    spans: list[SpeechSpan], at: list[float]
) -> None:
    for made in build_windows(spans, 28.0):
        said = [Word(" w", a, a + 0.25, 0.9) for a in sorted(at)]

        words = unpack_words(said, made.pieces)

        assert len(words) == len(said)
        assert [w.start_s for w in words] == sorted(w.start_s for w in words)
        assert all(any(a <= w.start_s <= w.end_s <= b for a, b in made.pieces) for w in words)


def test_the_first_word_after_a_pause_goes_behind_it() -> None:
    """Whisper begins it too early: "He" of "He was not" stood at the end of the turn before."""
    pieces = ((0.0, 5.0), (60.0, 65.0))
    said = [Word(" country", 4.0, 4.5, 0.9), Word(" He", 4.5, 5.5, 0.9), Word(" was", 5.5, 6, 0.9)]

    words = unpack_words(said, pieces)

    assert [w.end_s < 10 for w in words] == [True, False, False]


def test_the_last_word_of_a_sentence_stays_before_the_pause() -> None:
    pieces = ((0.0, 5.0), (60.0, 65.0))

    (word,) = unpack_words([Word(" them.", 4.0, 5.75, 0.9)], pieces)

    assert (word.start_s, word.end_s) == (4.0, 5.0)


def test_the_last_words_of_a_sentence_stay_together_before_the_pause() -> None:
    """Of "It's not an ill..." two words stood before the neighbour's turn, two behind it."""
    pieces = ((0.0, 1.0), (60.0, 65.0))
    said = [
        Word(" It's", 0.0, 0.25, 0.9), Word(" not", 0.25, 0.7, 0.9), Word(" an", 0.75, 0.9, 0.9),
        Word(" ill...", 0.9, 1.45, 0.9), Word(" He", 1.45, 1.9, 0.9),
    ]  # fmt: skip

    words = unpack_words(said, pieces)

    assert [w.end_s < 10 for w in words] == [True, True, True, True, False]


def test_an_answer_behind_a_finished_sentence_goes_behind_the_pause() -> None:
    pieces = ((0.0, 5.0), (60.0, 61.0))
    said = [Word(" them?", 4.0, 4.5, 0.9), Word(" No.", 4.8, 5.4, 0.9)]

    words = unpack_words(said, pieces)

    assert [w.end_s < 10 for w in words] == [True, False]


def test_an_answer_that_begins_too_early_goes_to_the_passage_that_would_have_no_words() -> None:
    """Of the answers "Fire fox" and "six" a model wrote "Firefox 6."; "six" came a second time."""
    pieces = ((32.6, 34.4), (51.3, 52.8), (70.8, 73.3))  # joints at 1.8 and 3.3
    said = [
        Word(" Firefox", 0.0, 1.08, 0.9), Word(" 6.", 1.08, 2.96, 0.6), Word(" In", 3.94, 4.0, 0.9),
    ]  # fmt: skip

    assert [w.start_s // 10 for w in unpack_words(said, pieces)] == [3, 5, 7]
    assert [w.start_s // 10 for w in unpack_words(said[:2], pieces[:2])] == [3, 5]
    assert [w.start_s // 10 for w in unpack_words(said[1:], pieces)] == [3, 7]  # it is alone there


def test_channels_have_windows_of_their_own() -> None:
    spans = [SpeechSpan(0, 0.0, 1.0), SpeechSpan(1, 0.5, 1.5), SpeechSpan(0, 1.6, 2.0)]

    made = list(build_windows(spans, 28.0))

    assert [(w.channel, w.start_s, w.end_s) for w in made] == [(0, 0.0, 2.0), (1, 0.5, 1.5)]


def test_the_first_window_comes_before_the_interview_ends() -> None:
    def endless() -> list[SpeechSpan]:
        return [SpeechSpan(0, 10.0 * n, 10.0 * n + 5) for n in range(3)]

    given_out = iter(endless())
    first = next(build_windows(given_out, 6.0))

    assert first.end_s == 5.0
    assert next(given_out).start_s == 20.0


def test_no_model_is_given_more_than_the_30_seconds_that_whisper_hears() -> None:
    """What is beyond them would be lost without a word."""
    assert LONGEST_WINDOW_S < 29


def test_a_window_comes_as_soon_as_nothing_can_join_it_any_more() -> None:
    """Else the last words of a recording would wait for whoever speaks next."""
    said = SpeechSpan(0, 0.0, 10.0)

    quiet = [FollowedUntil(at_s, (None,)) for at_s in (12.0, 17.0)]
    assert [len(_come(said, until)) for until in quiet] == [0, 1]
    later = [SpeechSpan(0, 0.0, 1.0), FollowedUntil(9.0, (None,)), SpeechSpan(0, 9.5, 10.0)]
    waiting = [FollowedUntil(at_s, (None,)) for at_s in (60.0, 140.0)]
    assert [len(_come(*later, until)) for until in waiting] == [1, 2]
    talking = [FollowedUntil(at_s, (11.0,)) for at_s in (20.0, 30.0)]
    assert [len(_come(said, until)) for until in talking] == [0, 1]


def test_the_windows_are_the_same_whoever_speaks_on_another_channel() -> None:
    spans = [SpeechSpan(0, 0.0, 4.0), SpeechSpan(1, 3.0, 9.0), SpeechSpan(0, 6.0, 8.0)]

    found = list(
        build_windows([spans[0], FollowedUntil(5.0, (None, 3.0)), spans[2], spans[1]], 28.0)
    )

    assert [(w.channel, w.start_s, w.end_s) for w in found] == [(0, 0.0, 8.0), (1, 3.0, 9.0)]


def _come(*found: SpeechSpan | FollowedUntil) -> list[Window]:
    """The windows that come before the sound has ended."""
    has_ended: list[bool] = []

    def told() -> Iterator[SpeechSpan | FollowedUntil]:
        yield from found
        has_ended.append(True)

    return [window for window in build_windows(told(), 28.0) if not has_ended]
