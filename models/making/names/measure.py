"""The table of CARD.md: the counting is the application's own, the sets are more than it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.comparing import FORMS, Finder, Tally, tally
from models.making.names import corpora
from models.marked import LABELS, Passage, hard_lines, sets


def measured_sets(data: Path, folder: Path) -> dict[str, list[Passage]]:
    """The sets of the table by name: nothing in them was trained on.

    data: the project's sets; folder: the checkouts of the public corpora.
    """
    kept = [d for d in corpora.documents(data, folder) if d.part == "test"]
    found = {"our hard lines": hard_lines()}
    found |= {f"{name}.jsonl": passages for name, passages in sets(data).items()}
    for source in sorted({d.source for d in kept if d.source != corpora.PRESIDIO}):
        found[source] = [d.passage for d in kept if d.source == source]
    return found


def table(finder: Finder, named: dict[str, list[Passage]]) -> Iterator[str]:
    """The lines of the table, one by one: every set as written and in lower case."""
    yield f"| text | as | recall | token precision | {' | '.join(LABELS)} | entities | words/s |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for name, passages in named.items():
        for form, change in FORMS.items():
            yield f"| {name} | {form} | {_row(tally(finder, map(change, passages)))} |"


def _row(count: Tally) -> str:
    """Recall, token precision, recall per label, entities, words a second."""
    each = (f"{count.found[k] / max(1, count.there[k]):.3f}" for k in LABELS)
    cells = [f"{count.recall:.3f}", f"{count.precision:.3f}", *each]
    return " | ".join([*cells, str(sum(count.there.values())), f"{count.speed:,.0f}"])
