"""Windows: as much speech as the model is given at once, cut where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transcribe.following import Span, Until

# Inside a window; a longer one separates windows. A word after a pause is heard better with what
# went before it than alone, and every window costs a model the same half minute: in the
# demonstration's talk 5 s make 33 windows of what 3 s make 39 of. Models invent in long silences.
_LONGEST_PAUSE_S = 5.0
_SETTLING_S = 1.0  # more than it takes to tell that somebody speaks, or has stopped


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one channel that goes to the model in one call.

    ``speech`` are the spans of speech inside it, in seconds of the interview.
    """

    number: int
    channel: int
    start_s: float
    end_s: float
    speech: tuple[tuple[float, float], ...]


def windows(found: Iterable[Span | Until], longest_s: float) -> Iterator[Window]:
    """Join spans of a channel to windows of at most ``longest_s``, and number them.

    No span is longer than that by itself. A window comes as soon as nothing more can join it, so
    the first does not wait for the end of the interview, nor the last for whoever speaks next.
    """
    held: dict[int, list[Span]] = {}
    number = 0
    for one in found:
        if isinstance(one, Until):
            full = [c for c in sorted(held) if held[c] and _is_full(held[c], one, longest_s)]
        else:
            own = held.setdefault(one.channel, [])
            full = [one.channel] if own and not _fits(own, one, longest_s) else []
        for channel in full:
            yield _window(number, held[channel])
            number += 1
            held[channel].clear()
        if isinstance(one, Span):
            held[one.channel].append(one)
    for channel in sorted(held):
        if held[channel]:
            yield _window(number, held[channel])
            number += 1


def _fits(held: list[Span], span: Span, longest_s: float) -> bool:
    pause_s = span.start_s - held[-1].end_s
    return pause_s <= _LONGEST_PAUSE_S and span.end_s - held[0].start_s <= longest_s


def _is_full(held: list[Span], until: Until, longest_s: float) -> bool:
    """Whether what is spoken next comes too late, or will have gone on for too long."""
    ends_s = until.at_s - _SETTLING_S  # at the earliest
    begun_s = until.begun_s[held[0].channel]
    begins_s = ends_s if begun_s is None else begun_s
    too_late = begins_s - held[-1].end_s > _LONGEST_PAUSE_S
    return too_late or ends_s - held[0].start_s > longest_s


def _window(number: int, held: list[Span]) -> Window:
    speech = tuple((s.start_s, s.end_s) for s in held)
    return Window(number, held[0].channel, held[0].start_s, held[-1].end_s, speech)
