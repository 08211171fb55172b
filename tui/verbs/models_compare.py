"""``earshot models compare``: how well each pipeline here finds names, side by side."""

from __future__ import annotations

import argparse
import threading
from typing import TYPE_CHECKING

from study.errors import ModelBroken, Stopped
from study.steps import Progress
from tui.signals import interrupting
from tui.talk import Talk

if TYPE_CHECKING:
    from models.comparing import Tally
    from models.marked import Passage
    from models.shelf import ModelHere

Row = dict[str, str | float]


def run(given: argparse.Namespace, talk: Talk) -> int:
    """Measure every pipeline that finds names, or the named one, and show one table."""
    from models import marked, shelf
    from models.catalogue import ModelKind

    texts = {"hard lines": marked.hard_lines(), **(marked.sets(given.data) if given.data else {})}
    kind = ModelKind.NAMES
    models = [shelf.named(given.name, kind)] if given.name else shelf.here(kind)
    told = threading.Event()
    with interrupting(told.set):
        rows = [row for at, model in enumerate(models)
                for row in _measured(model, texts, (at, len(models)), told, talk)]  # fmt: skip
    order = {name: at for at, name in enumerate(texts)}
    rows.sort(key=lambda row: (order[str(row["text"])], row["as"] != "written"))
    talk.table(
        rows,
        ["text", "names", "as", "model", "found", "right", "words/s"],
        [_cells(row) for row in rows],
    )
    talk.say(
        "found: share of the names that are masked to the last letter. right: share of the masked"
        " words that belong to a name."
    )
    return 0


def _measured(
    model: ModelHere,
    texts: dict[str, list[Passage]],
    place: tuple[int, int],
    told: threading.Event,
    talk: Talk,
) -> list[Row]:
    """One row for each text and form; none for a pipeline that does not load.

    place: which one of how many this is.
    """
    from anonymise.recogniser import load
    from models.comparing import FORMS, tally

    try:
        finder = load(model.folder)
    except ModelBroken:
        talk.say(f"{model.name} does not load and is left out.")
        return []
    at, of = place
    rows: list[Row] = []
    for i, (text, passages) in enumerate(texts.items()):
        for form, change in FORMS.items():
            if told.is_set():
                raise Stopped("Comparing")
            talk.progress(Progress(at + i / len(texts), of, f"{model.name}, {text}"))
            rows.append(_row(text, form, model.name, tally(finder, map(change, passages))))
    return rows


def _row(text: str, form: str, name: str, count: Tally) -> Row:
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
