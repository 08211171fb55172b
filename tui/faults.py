"""The code of a fault in Earshot: what a person can report, with nothing of the study in it."""

from __future__ import annotations

from pathlib import Path

_OUR_FOLDER = Path(__file__).parent.parent


def code(fault: BaseException) -> str:
    """Name a fault without quoting it: its type, and the last line of ours it came through."""
    place, trace = "", fault.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(_OUR_FOLDER) and "site-packages" not in path.parts:
            place = f" {path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(fault).__name__}{place}"
