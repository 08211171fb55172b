"""WebVTT with a byte order mark (Taguette reads it wrongly without) and the speaker as a prefix.

``<v P07>`` is shown or dropped by half of the readers. What happened stands in NOTE blocks, which
players skip.
"""

from __future__ import annotations

from collections.abc import Sequence

from handoff.lines import Line, clock_ms, times_ms


def web_vtt(given: Sequence[Line]) -> bytes:
    """Return the transcript as WebVTT."""
    times = iter(times_ms([line for line in given if line.speaker]))
    blocks = ["\ufeffWEBVTT\n"]
    number = 0
    for line in given:
        if not line.speaker:
            blocks.append(f"NOTE [{line.clock}] {_escaped(line.text)}\n")
            continue
        number += 1
        start, end = next(times)
        cue = f"{clock_ms(start, '.')} --> {clock_ms(end, '.')}"
        blocks.append(f"{number}\n{cue}\n{line.speaker}: {_escaped(line.text)}\n")
    return "\n".join(blocks).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
