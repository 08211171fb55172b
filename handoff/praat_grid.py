"""TextGrid for Praat, in its long form: every tier is of intervals that fill the whole time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handoff.export_input import ExportInput
from handoff.time_tiers import build_tiers


def render_text_grid(material: ExportInput) -> bytes:
    """Return the transcript as a TextGrid in UTF-8."""
    tiers = build_tiers(material)
    end = max((span[1] for tier in tiers for span in tier.spans), default=1)
    out = [
        'File type = "ooTextFile"', 'Object class = "TextGrid"', "",
        "xmin = 0", f"xmax = {_seconds(end)}",
        "tiers? <exists>", f"size = {len(tiers)}", "item []:",
    ]  # fmt: skip
    for number, tier in enumerate(tiers, start=1):
        spans = list(_fill_gaps(tier.spans, end))
        out += [
            f"    item [{number}]:", '        class = "IntervalTier"',
            f"        name = {_quoted(tier.name)}", "        xmin = 0",
            f"        xmax = {_seconds(end)}", f"        intervals: size = {len(spans)}",
        ]  # fmt: skip
        for place, (start, stop, text) in enumerate(spans, start=1):
            out += [
                f"        intervals [{place}]:", f"            xmin = {_seconds(start)}",
                f"            xmax = {_seconds(stop)}", f"            text = {_quoted(text)}",
            ]  # fmt: skip
    return "\n".join([*out, ""]).encode()


def _fill_gaps(spans: Sequence[tuple[int, int, str]], end: int) -> Iterator[tuple[int, int, str]]:
    done = 0
    for start, stop, text in spans:
        if done < start:
            yield done, start, ""
        yield start, stop, text
        done = stop
    if done < end:
        yield done, end, ""


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03}" if ms % 1000 else str(ms // 1000)
