"""SubRip, for every player, MAXQDA and QualCoder.

UTF-8 with a byte order mark, which Taguette needs as it does in WebVTT. SubRip has no notes and no
escapes, so events between turns are left out, and an arrow inside a text loses a dash.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.transcript_lines import TranscriptLine, compute_times_ms, format_clock_ms


def render_srt(lines: Iterable[TranscriptLine]) -> bytes:
    """Return the turns as SubRip."""
    spoken = [line for line in lines if line.speaker]
    blocks = (
        f"{number}\n{format_clock_ms(start, ',')} --> {format_clock_ms(end, ',')}\n"
        f"{line.speaker}: {line.text.replace('-->', '->')}\n"
        for number, (line, (start, end)) in enumerate(
            zip(spoken, compute_times_ms(spoken), strict=True), start=1
        )
    )
    return ("\ufeff" + "\n".join(blocks)).encode()
