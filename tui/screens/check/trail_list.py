"""The audit trail as a list: what was done, by whom, when; of one interview or of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app import OfficerCheck, describe_trail_verb, format_count
from study.store import IntegrityFinding, TrailHead, TrailLine
from tui.key_names import with_keys
from tui.screens.check.line_lists import ListedPlace
from tui.widgets.safe_text import TextPart
from tui.widgets.text_columns import ListColumn

_HASH = 16  # digits of a hash that are shown: as many as a printed head has


class TrailList:
    """Lines of the trail."""

    columns: Sequence[ListColumn] = (
        ListColumn("line", 5),
        ListColumn("at", 19),
        ListColumn("by", 10, most=20),
        ListColumn("what was done"),
        ListColumn("interview", 10),
    )

    def __init__(self, checking: OfficerCheck) -> None:
        self._checking = checking
        self._every: Sequence[TrailLine] = ()
        self._lines: list[TrailLine] = []
        self._labels: Mapping[str, str] = {}
        self.is_whole = False  # of the study, not of this interview alone
        self.verb, self.slot = "", 0
        self.problem = ""  # why it could not be read
        self.head = TrailHead(0, "")
        self.findings: Sequence[IntegrityFinding] | None = None  # None until it was verified
        self.verified = TrailHead(0, "")

    def show(self, lines: Sequence[TrailLine], head: TrailHead, labels: Mapping[str, str]) -> None:
        """Take over the lines of the trail, its head, and the labels of interviews."""
        self._every, self.head, self._labels = lines, head, labels
        self.refresh()

    def refresh(self) -> None:
        """Select the lines by the filters."""
        self._lines = [
            line
            for line in self._every
            if self._is_within(line)
            and (not self.verb or line.verb == self.verb)
            and (not self.slot or line.slot == self.slot)
        ]
        *others, about = TrailList.columns
        shown = {line.interview for line in self._lines}
        self.columns = (*others, about.widen(self._labels.get(one, one) for one in shown))

    @property
    def actions(self) -> list[str]:
        """The actions in the trail, sorted, each once."""
        return sorted({line.verb for line in self._every if self._is_within(line)})

    @property
    def slots(self) -> list[int]:
        """The key slots in the trail, sorted, each once."""
        return sorted({line.slot for line in self._every})

    def _is_within(self, line: TrailLine) -> bool:
        return self.is_whole or line.interview == self._checking.interview.id

    @property
    def is_read(self) -> bool:
        """Whether it could be read; it is when it is shown."""
        return not self.problem

    def __len__(self) -> int:
        """Count the lines that are shown."""
        return len(self._lines)

    def format_cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line."""
        line = self._lines[row]
        about = self._labels.get(line.interview, line.interview)
        at, verb = line.at[:19].replace("T", " "), describe_trail_verb(line.verb)
        return str(line.number), at, self._checking.name_slot(line.slot), verb, about

    def list_places(self, row: int) -> Sequence[ListedPlace]:
        """Return no place: the trail names none in a transcript."""
        del row
        return ()

    def describe_line(self, row: int) -> Sequence[TextPart]:
        """Return the facts of a line: versions, hashes, counts."""
        line = self._lines[row]
        facts = [f"{name} {_short(fact)}" for name, fact in line.facts.items()]
        return (
            (f"Line {line.number}: {describe_trail_verb(line.verb)}", "bold"),
            f"\nhash {line.hash.hex()[:_HASH]}\n" + "\n".join(facts),
        )

    def describe_list(self) -> str:
        """Say how many lines are shown, and how the verification ended."""
        if self.problem:
            return self.problem
        whole = "of the whole study" if self.is_whole else "about this interview"
        asked = ", ".join(
            part
            for part in (
                describe_trail_verb(self.verb),
                f"by {self._checking.name_slot(self.slot)}" if self.slot else "",
            )
            if part
        )
        lines = format_count(len(self), "line")
        return f"{lines} {whole}{': ' + asked if asked else ''}   {self._verified()}"

    def _verified(self) -> str:
        if self.findings is None:
            return with_keys(f"head {self.head}   {{check.verify}} verifies the study")
        if self.findings:
            found = format_count(len(self.findings), "finding")
            return with_keys(f"✗ {found}: {{check.verify}} shows them again")
        since = self.head.count - self.verified.count
        more = f", {format_count(since, 'line')} since" if since else ""
        return f"✓ whole, head {self.verified}{more}"


def _short(fact: str | float) -> str:
    text = str(fact)
    return f"{text[:_HASH]}…" if len(text) > 2 * _HASH else text
