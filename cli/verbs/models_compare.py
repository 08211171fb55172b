"""``earshot models compare``: how well each model that finds names does, side by side."""

from __future__ import annotations

import argparse
import threading
from typing import TYPE_CHECKING

from cli.console import Console
from cli.recording_signals import call_on_interrupt
from models import find_model, list_models, load_hard_lines, load_test_sets
from study import TaskProgress
from study.errors import ModelBroken, Stopped

if TYPE_CHECKING:
    from models import FinderScore, InstalledModel, LabelledText

Row = dict[str, str | float]


def run_comparison(arguments: argparse.Namespace, console: Console) -> int:
    """Measure every model that finds names, or the named one, and show one table."""
    from models import ModelKind

    texts = {
        "hard lines": load_hard_lines(),
        **(load_test_sets(arguments.data) if arguments.data else {}),
    }
    kind = ModelKind.NAMES
    models = [find_model(arguments.name, kind)] if arguments.name else list_models(kind)
    stopped = threading.Event()
    with call_on_interrupt(stopped.set):
        rows = [
            row
            for index, model in enumerate(models)
            for row in _measured(model, texts, (index, len(models)), stopped, console)
        ]
    order = {name: place for place, name in enumerate(texts)}
    rows.sort(key=lambda row: (order[str(row["text"])], row["as"] != "written"))
    console.print_table(
        rows,
        ["text", "names", "as", "model", "found", "right", "words/s"],
        [_cells(row) for row in rows],
    )
    console.say(
        "found: share of the names that are masked to the last letter. right: share of the masked"
        " words that belong to a name."
    )
    return 0


def _measured(
    model: InstalledModel,
    texts: dict[str, list[LabelledText]],
    place: tuple[int, int],
    stopped: threading.Event,
    console: Console,
) -> list[Row]:
    """Measure one model; one row for each text and form, none where it does not load.

    place: the index of this model and the number of models, for the progress.
    """
    from anonymise import load_recogniser
    from models import TEXT_FORMS, score_finder

    try:
        finder = load_recogniser(model.folder)
    except ModelBroken:
        console.say(f"{model.name} does not load and is left out.")
        return []
    index, count = place
    rows: list[Row] = []
    for i, (text, passages) in enumerate(texts.items()):
        for form, change in TEXT_FORMS.items():
            if stopped.is_set():
                raise Stopped("Comparing")
            console.show_progress(
                TaskProgress(index + i / len(texts), count, f"{model.name}, {text}")
            )
            rows.append(_row(text, form, model.name, score_finder(finder, map(change, passages))))
    return rows


def _row(text: str, form: str, name: str, count: FinderScore) -> Row:
    return {
        "text": text,
        "names": sum(count.there.values()),
        "as": form,
        "model": name,
        "recall": round(count.recall, 3),
        "token_precision": round(count.precision, 3),
        "words_per_second": round(count.speed),
    }


def _cells(row: Row) -> list[str]:
    shares = [f"{row[key]:.3f}" for key in ("recall", "token_precision")]
    first = [str(row[key]) for key in ("text", "names", "as", "model")]
    return [*first, *shares, f"{row['words_per_second']:,}"]
