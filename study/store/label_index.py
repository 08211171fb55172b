"""Which interview has which label, so that many can be entered without opening every label anew.

The trail tells what changed since a label was looked up last: only those interviews are read again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


class LabelIndex:
    """The labels of an open study's interviews; call it with the study's lock held.

    read_label: returns the label of an interview by its id, "" where the keys do not open it.
    """

    def __init__(self, db: sqlite3.Connection, read_label: Callable[[str], str]) -> None:
        self._db = db
        self._read_label = read_label
        self._labels: dict[str, str] = {}  # by id
        self._taken: dict[str, str] = {}  # ids by label
        self._read_to = 0  # the last line of the trail that was followed, 0 for none

    def is_taken(self, name: str) -> bool:
        """Whether an interview has this label or id.

        Raises:
            StudyDamaged: as ``ArtefactHandle.read_artefact``.
        """
        self._catch_up()
        return name in self._taken or self._is_there(name)

    def note(self, interview: str, label: str) -> None:
        """Note the label of an interview that a change enters, before its line is in the trail."""
        self._labels[interview] = label
        self._taken[label] = interview

    def forget(self) -> None:
        """Forget everything: a change that entered some of it was rolled back."""
        self._labels.clear()
        self._taken.clear()
        self._read_to = 0

    def _catch_up(self) -> None:
        changed, is_elsewhere, last = set[str](), not self._read_to, self._read_to
        # Every line that enters, renames or destroys an interview has a fact of its details.
        for number, interview, is_own, is_other in self._db.execute(
            """SELECT number, interview, facts LIKE '%"about.%', facts LIKE '%:about.%'"""
            " FROM trail WHERE number > ?",
            [self._read_to],
        ):
            last = max(last, number)
            if is_own:
                changed.add(interview)
            is_elsewhere = is_elsewhere or bool(is_other)
        if is_elsewhere:
            self.forget()
            changed = {row[0] for row in self._db.execute("SELECT id FROM interview")}
        for interview in changed:
            before = self._labels.pop(interview, "")
            if self._taken.get(before) == interview:
                del self._taken[before]
            label = self._read_label(interview) if self._is_there(interview) else ""
            if label:
                self.note(interview, label)
        self._read_to = last

    def _is_there(self, interview: str) -> bool:
        found = self._db.execute("SELECT 1 FROM interview WHERE id = ?", [interview])
        return found.fetchone() is not None
