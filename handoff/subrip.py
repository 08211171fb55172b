"""SubRip, for every player, MAXQDA and QualCoder.

UTF-8 with a byte order mark, which Taguette needs as it does in WebVTT. SubRip has no notes and no
escapes, so events between turns are left out, and an arrow inside a text loses a dash.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.subtitle_cues import Cue, list_cues
from handoff.transcript_lines import TranscriptLine, compute_times_ms, format_clock_ms


def render_srt(lines: Iterable[TranscriptLine]) -> bytes:
    """Return the turns as SubRip."""
    cues = [cue for cue in list_cues(lines) if isinstance(cue, Cue)]
    blocks: list[str] = []
    for number, (cue, (start, end)) in enumerate(
        zip(cues, compute_times_ms(cues), strict=True), start=1
    ):
        rows = "\n".join(cue.rows).replace("-->", "->")
        times = f"{format_clock_ms(start, ',')} --> {format_clock_ms(end, ',')}"
        blocks.append(f"{number}\n{times}\n{rows}\n")
    return ("\ufeff" + "\n".join(blocks)).encode()
