"""What each participant of a hand-over agreed to, by code, as a table that goes to an archive.

It holds no name: neither of who took the consent nor of a consultee. The signed form stays where it
is. The day is as broad as the study's dates are: often it is that of the interview.
"""

from __future__ import annotations

from collections.abc import Sequence

from handoff.case_table import list_cases
from handoff.csv_table import render_csv
from handoff.export_input import ExportInput, generalise_day
from study import ConsentPurpose
from study.store import Study, list_consents, read_settings

_HEAD = ("participant", "information sheet", "consent form", "taken on", "basis", "law")


def render_consent_summary(study: Study, materials: Sequence[ExportInput]) -> bytes:
    """Return the table as CSV; whoever has no record is in it with empty cells."""
    records = {record.code: record for record in list_consents(study)}
    dates = read_settings(study).dates
    rows: list[Sequence[str]] = [(*_HEAD, *ConsentPurpose)]
    for case in list_cases(materials):
        record = records.get(case.code)
        if record is None:
            rows.append((case.code, *[""] * (len(_HEAD) - 1 + len(ConsentPurpose))))
            continue
        rows.append((
            case.code,
            f"{record.sheet.version} of {record.sheet.date}",
            f"{record.form.version} of {record.form.date}",
            generalise_day(record.taken_on, dates),
            record.basis,
            record.jurisdiction,
            *(record.read_answer(purpose) for purpose in ConsentPurpose),
        ))  # fmt: skip
    return render_csv(rows)
