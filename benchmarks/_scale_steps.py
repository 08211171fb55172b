"""What is asked of a large study, each step in a process of its own: ``FOLDER STEP``.

Prints one line of JSON: by the figure's name, seconds by the clock and of the processor. What was
imported and opened before counts for a figure only where it says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from datetime import date
from pathlib import Path

import msgspec

from anonymise import list_possible_joins, list_pseudonyms, rename_identity
from app import find_withdrawals, list_transcribed_elsewhere, list_withdrawn, search_interviews
from benchmarks._many_interviews import PASSPHRASE, RARE_WORD
from handoff import (
    ExportOrder,
    check_export,
    export_interviews,
    extract_readable_text,
    render_bundle,
)
from study import FindReplace, InterviewSummary
from study.errors import OriginalSurvives
from study.store import Study
from tui import Earshot

Took = dict[str, tuple[float, float]]
_EXPORTED = 5  # interviews that leave together


def main(folder: Path, step: str) -> None:
    """Do one step in the study and print how long its parts took."""
    gc.set_threshold(10_000)  # as the program's own process has it
    took: Took = {}
    with _timed(took, "open"):
        study = Study.open(folder, PASSPHRASE)
    with study:
        _STEPS[step](study, took)
    sys.stdout.write(msgspec.json.encode(took).decode() + "\n")


@contextlib.contextmanager
def _timed(took: Took, name: str) -> Generator[None]:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    yield
    took[name] = time.perf_counter() - wall_s, time.process_time() - cpu_s


def _list(study: Study, took: Took) -> None:
    with _timed(took, "the first list"):
        _read_list(study)
    with _timed(took, "each later list"):
        _read_list(study)
    asyncio.run(_show_list(study, took))


def _read_list(study: Study) -> list[InterviewSummary]:
    """Read what ``earshot status`` shows of each interview."""
    summaries, withdrawn = study.summaries(), list_withdrawn(study)
    for one in summaries:
        find_withdrawals(one, withdrawn)
    list_transcribed_elsewhere(study, summaries)
    return summaries


async def _show_list(study: Study, took: Took) -> None:
    app = Earshot(study)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        with _timed(took, "the interface's list, drawn anew"):
            assert await app.run_action("refresh", app.screen)
            await pilot.pause()


def _find(study: Study, took: Took) -> None:
    with _timed(took, "find"):
        found = list(search_interviews(study, FindReplace(RARE_WORD)))
    assert found
    with _timed(took, "find a word that all have"):
        for _ in search_interviews(study, FindReplace("the")):
            pass


def _gate(study: Study, took: Took) -> None:
    summaries = study.summaries()
    with _timed(took, "the first gate"):
        _passes(study, summaries[0].id)
    with _timed(took, "each later gate"):
        _passes(study, summaries[1].id)
    # Some made-up names are like words that are said elsewhere.
    free = (one.id for one in summaries if _passes(study, one.id))
    chosen = tuple(next(free) for _ in range(_EXPORTED))
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as place:
        for name, interviews in (("hand over one", chosen[:1]), ("hand over five", chosen)):
            with _timed(took, name):
                export_interviews(study, ExportOrder(interviews), Path(place) / name)


def _passes(study: Study, interview: str) -> bool:
    on = date(2026, 11, 29)
    files = extract_readable_text(render_bundle(study, ExportOrder((interview,)), on), on)
    try:
        check_export(study.interview(interview), files)
    except OriginalSurvives:
        return False
    return True


def _replacements(study: Study, took: Took) -> None:
    with _timed(took, "list the replacements"):
        known = list_pseudonyms(study)
    with _timed(took, "change one everywhere"):
        # Of the interview that was entered last: its sign-off is void then.
        rename_identity(study, known[-1].label, f"Zz{time.time_ns()}")
    with _timed(took, "who may be one person"):
        list_possible_joins(study)


_STEPS: dict[str, Callable[[Study, Took], None]] = {
    "list": _list,
    "find": _find,
    "gate": _gate,
    "replacements": _replacements,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
