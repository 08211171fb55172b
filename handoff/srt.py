"""SubRip: what every player takes, and MAXQDA and QualCoder as well.

UTF-8 with a byte order mark, as WebVTT has one and for the same reader. SRT knows no notes and
no escapes, so what happened is left out, and an arrow inside a text is written with other signs.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.lines import Line, clock_ms, times_ms


def srt(given: Iterable[Line]) -> bytes:
    """Return the turns as SubRip."""
    spoken = [line for line in given if line.speaker]
    blocks = (
        f"{number}\n{clock_ms(start, ',')} --> {clock_ms(end, ',')}\n"
        f"{line.speaker}: {line.text.replace('-->', '->')}\n"
        for number, (line, (start, end)) in enumerate(
            zip(spoken, times_ms(spoken), strict=True), start=1
        )
    )
    return ("\ufeff" + "\n".join(blocks)).encode()
