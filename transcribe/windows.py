"""Windows: as much speech as the model is given at once, cut where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transcribe.following import Span

# Inside a window; a longer one separates windows. A word after a pause is heard better with what
# went before it than alone, and every window costs a model the same half minute: in the
# demonstration's talk 5 s make 33 windows of what 3 s make 39 of. Models invent in long silences.
_LONGEST_PAUSE_S = 5.0


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


def windows(spans: Iterable[Span], longest_s: float) -> Iterator[Window]:
    """Join spans of a channel to windows of at most ``longest_s``, and number them.

    No span is longer than that by itself. Windows come as soon as they are complete, so the
    first does not wait for the end of the interview.
    """
    open_spans: dict[int, list[Span]] = {}
    number = 0
    for span in spans:
        held = open_spans.setdefault(span.channel, [])
        if held and not _fits(held, span, longest_s):
            yield _window(number, held)
            number += 1
            held.clear()
        held.append(span)
    for channel in sorted(open_spans):
        yield _window(number, open_spans[channel])
        number += 1


def _fits(held: list[Span], span: Span, longest_s: float) -> bool:
    pause_s = span.start_s - held[-1].end_s
    return pause_s <= _LONGEST_PAUSE_S and span.end_s - held[0].start_s <= longest_s


def _window(number: int, held: list[Span]) -> Window:
    speech = tuple((s.start_s, s.end_s) for s in held)
    return Window(number, held[0].channel, held[0].start_s, held[-1].end_s, speech)
