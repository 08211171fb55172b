"""The study's report: figures that add up, on a page that holds nobody's words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from handoff.bundle import ExportOrder
from handoff.export import export_interviews, write_wordless_file
from handoff.study_report import ReportRow, collect_report_rows, render_report
from study import Category, InterviewDetails, Participant
from study.errors import TargetExists, TargetInStudy
from study.store import Study

WORDS = ("Rose", "O'Neill", "07700", "Margaret", "Wilson", "Skipton", "told", "number is", "May")


def many(count: int = 12) -> list[ReportRow]:
    """A study of a size that people have."""
    return [
        ReportRow(
            label=f"P{number:02}_i1",
            state="to review" if number % 3 else "signed off",
            sound_s=600.0 * number,
            speech_s=400.0 * number,
            covered_s=396.0 * number,
            gaps=number,
            doubts=2 * number,
            decisions=Counter(
                {
                    (Category.PERSON, "replaced"): 5 * number,
                    (Category.PLACE, "kept"): number,
                    (Category.PLACE, "changed by hand"): 3,
                    (Category.DATE, "undecided"): number % 3,
                }
            ),
            signed="" if number % 3 else "2026-11-25",
            hand_overs=number % 2,
        )
        for number in range(1, count + 1)
    ]


def test_it_tells_every_interview_and_adds_up(study: Study, approved: str) -> None:
    export_interviews(study, ExportOrder((approved,), ("txt",)))
    with study.change("made for a test") as change:
        change.add_interview(
            InterviewDetails("P08_i1", (Participant("P08", names=("Margaret Wilson",)),))
        )

    told = collect_report_rows(study)
    page = render_report(told, day="2026-11-25").decode()

    first, second = told
    assert (first.label, first.state, first.hand_overs) == ("P07_i1", "handed over", 1)
    assert first.decisions == {
        (Category.PERSON, "replaced"): 1,
        (Category.PERSON, "kept"): 1,
        (Category.PHONE, "replaced"): 1,
    }
    assert (second.label, second.state, second.mentions) == ("P08_i1", "empty", 0)
    assert "0 of 3 mentions wait for a person; 1 interview is signed off." in page
    assert not [word for word in WORDS if re.search(rf"\b{word}\b", page)]


def test_the_page_is_whole_fetches_nothing_and_runs_nothing() -> None:
    page = render_report(many(), day="2026-11-25").decode()

    as_xml = page.removeprefix("<!DOCTYPE html>\n").replace('<meta charset="utf-8">', "")
    assert fromstring(as_xml).tag == "html"  # noqa: S314 - it is our own
    assert not re.search(r"https?:|src=|href=|<script|@import|url\((?!#)", page)
    assert page == render_report(many(), day="2026-11-25").decode()


def test_a_study_without_interviews_has_a_report_too() -> None:
    assert b"0 interviews" in render_report([], day="2026-11-25")


def test_it_is_written_beside_nothing_and_never_into_the_study(
    study: Study, tmp_path: Path
) -> None:
    write_wordless_file(study, tmp_path / "a.html", b"page")

    for path, refusal in ((tmp_path / "a.html", TargetExists), (tmp_path, TargetExists),
                          (study.folder / "a.html", TargetInStudy)):  # fmt: skip
        with pytest.raises(refusal):
            write_wordless_file(study, path, b"other")
    assert (tmp_path / "a.html").read_bytes() == b"page"


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("chromium") and os.environ.get("EARSHOT_THOROUGH")),
    reason="Chromium is not installed, or EARSHOT_THOROUGH is not set",
)
def test_chromium_prints_it_with_the_network_blocked(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_bytes(render_report(many(), day="2026-11-25"))
    subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path}/profile"),
            *(f"--print-to-pdf={tmp_path}/report.pdf", f"file://{tmp_path}/report.html"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
