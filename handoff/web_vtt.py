"""WebVTT with a byte order mark, without which Taguette misreads it, and the speaker as a prefix.

Half of the readers show or drop ``<v P07>``. Events between turns are NOTE blocks, which players
skip.
"""

from __future__ import annotations

from collections.abc import Sequence

from handoff.transcript_lines import TranscriptLine, compute_times_ms, format_clock_ms


def render_web_vtt(lines: Sequence[TranscriptLine]) -> bytes:
    """Return the transcript as WebVTT."""
    times = iter(compute_times_ms([line for line in lines if line.speaker]))
    blocks = ["\ufeffWEBVTT\n"]
    number = 0
    for line in lines:
        if not line.speaker:
            blocks.append(f"NOTE [{line.begins_at}] {_escaped(line.text)}\n")
            continue
        number += 1
        start, end = next(times)
        cue = f"{format_clock_ms(start, '.')} --> {format_clock_ms(end, '.')}"
        blocks.append(f"{number}\n{cue}\n{line.speaker}: {_escaped(line.text)}\n")
    return "\n".join(blocks).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
