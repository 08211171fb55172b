"""Windows: joined speech, cut where nobody speaks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import offers
from transcribe.following import Span
from transcribe.windows import windows


@st.composite
def talk(draw: st.DrawFn) -> list[Span]:
    """Spans of one channel, in order, none overlapping, none longer than 6 s."""
    at, spans = 0.0, list[Span]()
    for gap, length in draw(st.lists(st.tuples(st.floats(0, 20), st.floats(0.1, 6)), max_size=30)):
        start = round(at + gap, 3)
        at = round(start + length, 3)
        spans.append(Span(0, start, at))
    return spans


@given(talk(), st.sampled_from([6.0, 28.0]))
def test_no_window_is_longer_than_the_model_may_hear(spans: list[Span], longest_s: float) -> None:
    made = list(windows(spans, longest_s))

    assert all(w.end_s - w.start_s <= longest_s + 0.01 for w in made)


@given(talk(), st.sampled_from([6.0, 28.0]))
def test_every_second_of_speech_lies_in_exactly_one_window(
    spans: list[Span], longest_s: float
) -> None:
    made = list(windows(spans, longest_s))

    heard = [piece for w in made for piece in w.speech]
    assert abs(sum(b - a for a, b in heard) - sum(s.end_s - s.start_s for s in spans)) < 0.01
    assert heard == sorted(heard)
    assert [w.number for w in made] == list(range(len(made)))


def test_a_long_silence_separates_windows() -> None:
    spans = [Span(0, 0.0, 1.0), Span(0, 2.0, 3.0), Span(0, 10.0, 11.0)]

    made = list(windows(spans, 28.0))

    assert [(w.start_s, w.end_s) for w in made] == [(0.0, 3.0), (10.0, 11.0)]


def test_channels_have_windows_of_their_own() -> None:
    spans = [Span(0, 0.0, 1.0), Span(1, 0.5, 1.5), Span(0, 1.6, 2.0)]

    made = list(windows(spans, 28.0))

    assert [(w.channel, w.start_s, w.end_s) for w in made] == [(0, 0.0, 2.0), (1, 0.5, 1.5)]


def test_the_first_window_comes_before_the_interview_ends() -> None:
    def endless() -> list[Span]:
        return [Span(0, 10.0 * n, 10.0 * n + 5) for n in range(3)]

    given_out = iter(endless())
    first = next(windows(given_out, 6.0))

    assert first.end_s == 5.0
    assert next(given_out).start_s == 20.0


def test_no_model_is_given_more_than_the_30_seconds_that_whisper_hears() -> None:
    """What is beyond them would be lost without a word."""
    assert all(offer.longest_window_s < 29 for offer in offers())
