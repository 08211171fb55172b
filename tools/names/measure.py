"""The table of CARD.md: the counting is the application's own, the sets are more than it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.finder_scores import TEXT_FORMS, EntityPipeline, FinderScore, score_finder
from models.labelled_text import ENTITY_LABELS, LabelledText, load_hard_lines, load_test_sets
from tools.names.corpora import PRESIDIO, documents


def measured_sets(data: Path, folder: Path) -> dict[str, list[LabelledText]]:
    """The sets of the table by name: nothing in them was trained on.

    data: the project's sets; folder: the checkouts of the public corpora.
    """
    kept = [d for d in documents(data, folder) if d.part == "test"]
    found = {"our hard lines": load_hard_lines()}
    found |= {f"{name}.jsonl": passages for name, passages in load_test_sets(data).items()}
    for source in sorted({d.source for d in kept if d.source != PRESIDIO}):
        found[source] = [d.passage for d in kept if d.source == source]
    return found


def table(finder: EntityPipeline, named: dict[str, list[LabelledText]]) -> Iterator[str]:
    """The lines of the table, one by one: every set as written and in lower case."""
    labels = " | ".join(ENTITY_LABELS)
    yield f"| text | as | recall | token precision | {labels} | entities | words/s |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for name, passages in named.items():
        for form, change in TEXT_FORMS.items():
            yield f"| {name} | {form} | {_row(score_finder(finder, map(change, passages)))} |"


def _row(count: FinderScore) -> str:
    """Recall, token precision, recall per label, entities, words a second."""
    each = (f"{count.found[k] / max(1, count.there[k]):.3f}" for k in ENTITY_LABELS)
    cells = [f"{count.recall:.3f}", f"{count.precision:.3f}", *each]
    return " | ".join([*cells, str(sum(count.there.values())), f"{count.speed:,.0f}"])
