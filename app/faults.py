"""The name of a fault in Earshot that a person can report; it holds nothing of the study."""

from __future__ import annotations

from pathlib import Path

_OUR_FOLDER = Path(__file__).parent.parent


def name_fault(fault: BaseException) -> str:
    """Return a fault's type and the last line of our code that it passed, without its message."""
    place, trace = "", fault.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(_OUR_FOLDER) and "site-packages" not in path.parts:
            place = f" {path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(fault).__name__}{place}"
