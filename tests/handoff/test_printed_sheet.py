"""Pages to print keep their heading in LibreOffice, which leaves their first paragraph out."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff.consent_page import render_consent_page
from handoff.export_input import ExportInput
from handoff.participant_page import render_participant_page
from handoff.printed_sheet import PrintedTable, render_printed_sheet
from handoff.study_report import render_figures_page

# Each page with its first heading.
PAGES: dict[str, Callable[[ExportInput], bytes]] = {
    "Where it is": lambda _: render_printed_sheet(
        "Where it is", ["One."], [PrintedTable("Files", ["name"], [["a.txt"]])]
    ),
    "Words by speaker": lambda _: render_figures_page("", "<h1>Words by speaker</h1><p>One.</p>"),
    "What do you agree to?": lambda _: render_consent_page("P07"),
    "Your interview": lambda material: render_participant_page(material, material.cases[1]),
}


@pytest.mark.parametrize("heading", PAGES)
def test_a_page_to_print_begins_with_a_table_that_nobody_sees(
    material: ExportInput, heading: str
) -> None:
    """LibreOffice 7.4 printed a blank sheet, and the page without its heading."""
    page = PAGES[heading](material).decode()

    assert page.partition("<body>\n")[2].startswith("<table hidden=")
    assert page.index("<table hidden=") < page.index(heading, page.index("<body>"))


@pytest.mark.slow
@pytest.mark.skipif(
    not (
        shutil.which("soffice") and shutil.which("pdftotext") and os.environ.get("EARSHOT_THOROUGH")
    ),
    reason="LibreOffice or pdftotext is not installed, or EARSHOT_THOROUGH is not set",
)
@pytest.mark.parametrize("heading", PAGES)
def test_libreoffice_begins_the_first_sheet_with_the_heading(
    material: ExportInput, heading: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGES[heading](material))
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
            *("--convert-to", "pdf", "--outdir", str(tmp_path), str(page)),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )

    first = subprocess.run(
        ["pdftotext", "-l", "1", str(page.with_suffix(".pdf")), "-"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert first.stdout.strip().startswith(heading)
