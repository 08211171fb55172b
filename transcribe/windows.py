"""Windows: as much speech as the model gets in one call, cut where nobody speaks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transcribe.vad_spans import FollowedUntil, SpeechSpan

# Inside a window; a longer one separates windows. A model recognises a word after a pause better
# with the speech before it than alone, and every window costs it the same half minute: the
# demonstration has 33 windows with 5 s and 39 with 3 s. Models invent words in long silences.
_LONGEST_PAUSE_S = 5.0
_SETTLING_S = 1.0  # voice activity needs less to notice that somebody speaks or has stopped


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one track that goes to the model in one call.

    number: counts the windows from 0. channel: index of the track. speech: the spans of speech in
    the window, in seconds of the interview.
    """

    number: int
    channel: int
    start_s: float
    end_s: float
    speech: tuple[tuple[float, float], ...]


def build_windows(
    spans: Iterable[SpeechSpan | FollowedUntil], longest_s: float
) -> Iterator[Window]:
    """Join the spans of each channel into windows of at most ``longest_s``, and number them.

    No single span may be longer than that. A window is yielded as soon as no span can join it any
    more, so the first does not wait for the end of the interview, nor the last for the next
    speaker.
    """
    held: dict[int, list[SpeechSpan]] = {}
    number = 0
    for one in spans:
        if isinstance(one, FollowedUntil):
            full = [c for c in sorted(held) if held[c] and _is_full(held[c], one, longest_s)]
        else:
            own = held.setdefault(one.channel, [])
            full = [one.channel] if own and not _fits(own, one, longest_s) else []
        for channel in full:
            yield _window(number, held[channel])
            number += 1
            held[channel].clear()
        if isinstance(one, SpeechSpan):
            held[one.channel].append(one)
    for channel in sorted(held):
        if held[channel]:
            yield _window(number, held[channel])
            number += 1


def _fits(held: list[SpeechSpan], span: SpeechSpan, longest_s: float) -> bool:
    pause_s = span.start_s - held[-1].end_s
    return pause_s <= _LONGEST_PAUSE_S and span.end_s - held[0].start_s <= longest_s


def _is_full(held: list[SpeechSpan], until: FollowedUntil, longest_s: float) -> bool:
    """Whether the next span comes too late to join, or would make the window too long."""
    ends_s = until.at_s - _SETTLING_S  # at the earliest
    begun_s = until.begun_s[held[0].channel]
    begins_s = ends_s if begun_s is None else begun_s
    too_late = begins_s - held[-1].end_s > _LONGEST_PAUSE_S
    return too_late or ends_s - held[0].start_s > longest_s


def _window(number: int, held: list[SpeechSpan]) -> Window:
    speech = tuple((s.start_s, s.end_s) for s in held)
    return Window(number, held[0].channel, held[0].start_s, held[-1].end_s, speech)
