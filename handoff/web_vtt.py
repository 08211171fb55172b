"""WebVTT with a byte order mark, without which Taguette misreads it, and the speaker as a prefix.

Half of the readers show or drop ``<v P07>``. Events between turns are NOTE blocks, which players
skip.
"""

from __future__ import annotations

from collections.abc import Sequence

from handoff.subtitle_cues import Cue, list_cues
from handoff.transcript_lines import TranscriptLine, compute_times_ms, format_clock_ms


def render_web_vtt(lines: Sequence[TranscriptLine]) -> bytes:
    """Return the transcript as WebVTT."""
    every = list_cues(lines)
    times = iter(compute_times_ms([one for one in every if isinstance(one, Cue)]))
    blocks = ["\ufeffWEBVTT\n"]
    number = 0
    for one in every:
        if not isinstance(one, Cue):
            blocks.append(f"NOTE [{one.begins_at}] {_escaped(one.text)}\n")
            continue
        number += 1
        start, end = next(times)
        time = f"{format_clock_ms(start, '.')} --> {format_clock_ms(end, '.')}"
        rows = "\n".join(map(_escaped, one.rows))
        blocks.append(f"{number}\n{time}\n{rows}\n")
    return "\n".join(blocks).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
