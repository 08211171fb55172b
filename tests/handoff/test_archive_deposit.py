"""A deposit with an archive: its data list, README, layout, and what is never in it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handoff import ExportOrder, export_interviews, sign_transcript
from handoff.archive_deposit import DataListEntry, render_archive_readme, render_data_list
from handoff.archive_text import render_archive_text
from handoff.export_input import ExportInput, generalise_day, read_export_input
from handoff.readable_text import extract_readable_text
from handoff.transcript_lines import list_transcript_lines
from study import (
    AccessLevel,
    ArtefactKind,
    ConsentBasis,
    ConsentPurpose,
    ConsentRecord,
    Contact,
    ContactDetails,
    DateDetail,
    QuotePermission,
    RecordingSetup,
)
from study.errors import AccessTooOpen, OriginalSurvives
from study.store import Study, change_settings, keep_consent, keep_contact_details
from tests.consents import agreed, keep_agreed

ON = date(2026, 11, 29)
SECRETS = ("Margaret", "Wilson", "Skipton", "O'Neill", "3 Mill Lane", "Jean", "INT77", "900418")


def deposit(study: Study, interview: str, place: Path, order: ExportOrder) -> dict[str, bytes]:
    export_interviews(study, replace(order, interviews=(interview,), is_for_archive=True), place)
    return {path.name: path.read_bytes() for path in place.iterdir()}


def rows_of(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


def test_the_data_list_has_a_row_with_the_hash_of_every_file_but_the_proofs(
    study: Study, approved: str, tmp_path: Path
) -> None:
    keep_agreed(study, "P07")

    files = deposit(study, approved, tmp_path / "out", ExportOrder(()))

    listed = {row["file"]: row for row in rows_of(files["data-list.csv"])}
    assert set(files) - set(listed) == {
        "data-list.csv", "manifest.json", "SHA256SUMS", "SHA256SUMS.sig",
    }  # fmt: skip
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in listed}
    assert {name: row["SHA-256"] for name, row in listed.items()} == hashes
    assert listed["P07_i1-table.docx"] == {
        "file": "P07_i1-table.docx", "format": "docx-table", "interview": "P07_i1",
        "date of the interview": "", "interviewer": "INT01", "participants": "P07 (participant)",
        "speakers in the text": "INT01 P07", "turns": "2", "words": "11",
        "SHA-256": hashes["P07_i1-table.docx"],
    }  # fmt: skip
    assert [listed["project.qdpx"][k] for k in ("format", "interview", "words")] == [
        "qdpx", "P07_i1", "",
    ]  # fmt: skip


def test_neither_a_name_nor_a_contact_nor_an_exact_day_is_in_a_deposit(
    study: Study, approved: str, tmp_path: Path
) -> None:
    keep_agreed(study)
    keep_consent(study, replace(agreed("P07"), taken_by="INT77"))
    jean = Contact("Jean", "3 Mill Lane")
    keep_contact_details(study, ContactDetails("P07", Contact("Margaret Wilson"), jean))

    files = deposit(study, approved, tmp_path / "out", ExportOrder((), formats=("txt",)))

    everything = "\n".join(one.decode() for name, one in files.items() if name != "SHA256SUMS.sig")
    assert [secret for secret in SECRETS if secret in everything] == []
    assert "2026-11-20" not in everything  # when the consent was taken


@pytest.mark.parametrize(
    ("consent", "asked", "written"),
    [
        (agreed(), None, "open"),
        (agreed(), AccessLevel.CONTROLLED, "controlled"),
        (agreed(but=ConsentPurpose.QUOTES), None, "safeguarded"),
        (agreed(but=ConsentPurpose.QUOTES), AccessLevel.OPEN, ""),
        (replace(agreed(), basis=ConsentBasis.PERSONAL_CONSULTEE), None, "controlled"),
        (replace(agreed(), basis=ConsentBasis.GUARDIAN), AccessLevel.SAFEGUARDED, ""),
    ],
)  # fmt: skip
def test_the_access_level_is_never_above_what_was_agreed(
    study: Study, decided: str, tmp_path: Path, consent: ConsentRecord, asked: AccessLevel | None,
    written: str,
) -> None:  # fmt: skip
    keep_agreed(study)
    keep_consent(study, consent)
    sign_transcript(study.interview(decided))
    order = ExportOrder((), formats=("txt",), access=asked)

    if not written:
        with pytest.raises(AccessTooOpen):
            deposit(study, decided, tmp_path / "out", order)
        assert not (tmp_path / "out").exists()
        return
    files = deposit(study, decided, tmp_path / "out", order)

    assert f"Access level: {written} (" in files["README-archive.txt"].decode()
    assert json.loads(files["manifest.json"])["options"]["access"] == written


def test_the_layout_of_archives_is_a_header_above_the_plain_text_that_was_signed(
    study: Study, approved: str, tmp_path: Path
) -> None:
    keep_agreed(study, "P07")

    files = deposit(study, approved, tmp_path / "out", ExportOrder((), formats=("txt",)))

    header, _, below = files["P07_i1-archive.txt"].partition(b"\n\n")
    assert below == files["P07_i1.txt"]
    assert header.decode().splitlines() == [
        "Interview: P07_i1",
        "Date of the interview: not stated",
        "Interviewer: INT01",
        "Participants: P07 (participant)",
        "Speakers in the text: INT01 P07",
        "Language: en",
    ]


def test_the_header_names_everybody_by_code(material: ExportInput) -> None:
    text = render_archive_text(replace(material, recorded="2020s", language="de")).decode()

    assert text.splitlines()[1:6] == [
        "Date of the interview: 2020s",
        "Interviewer: INT01",
        "Participants: P07 (participant), FAM02 (supporter)",
        "Speakers in the text: FAM02 INT01 P07",
        "Language: de",
    ]


@pytest.mark.parametrize(
    ("detail", "day"),
    [
        (DateDetail.MONTH, "2026-11"),
        (DateDetail.YEAR, "2026"),
        (DateDetail.DECADE, "2020s"),
        (DateDetail.DISTANCE, ""),
    ],
)
def test_the_day_is_as_broad_as_the_dates_of_the_study(
    study: Study, decided: str, detail: DateDetail, day: str
) -> None:
    with study.interview(decided).change("made for a test") as change:
        change.write_artefact(ArtefactKind.SETTING, RecordingSetup(("P07",), "a microphone"))
    change_settings(study, dates=detail)

    exported = read_export_input(study.interview(decided), ON)

    made = study.interview(decided).summary.created_at[:10]
    assert exported.recorded == generalise_day(made, detail)
    assert generalise_day("2026-11-29", detail) == day


def test_cells_of_the_data_list_are_no_formulas(material: ExportInput) -> None:
    table = render_data_list(
        [DataListEntry("=1+1.txt", replace(material, label="@P07"), "txt", "00")], [material]
    )

    (row,) = rows_of(table)
    assert (row["file"], row["interview"]) == ("'=1+1.txt", "'@P07")


def test_a_file_about_several_interviews_names_them_all(material: ExportInput) -> None:
    other = replace(material, label="P08_i1")

    (row,) = rows_of(
        render_data_list([DataListEntry("project.qdpx", None, "qdpx", "00")], [material, other])
    )

    assert (row["interview"], row["words"]) == ("P07_i1 P08_i1", "")


def test_the_readme_tells_what_was_withheld(material: ExportInput) -> None:
    quotes = QuotePermission(frozenset({"INT01", "FAM02"}), frozenset({"P07"}))
    marked = replace(material, lines=list_transcript_lines(material.clean, quotes))

    pages = [
        render_archive_readme([one], "Methods.", AccessLevel.SAFEGUARDED, sound)
        for one, sound in ((material, ""), (marked, "flac"))
    ]
    texts = [" ".join(page.decode().split()) for page in pages]

    assert "do not quote" not in texts[0]
    assert "- The sound. -" in texts[0]
    assert "(P07; turns 2): they are here to be analysed, and none may be printed." in texts[1]
    assert "in the sound here, what was replaced is covered" in texts[1]
    assert "by role: participant 1, supporter 1. In all: turns 4," in texts[0]
    assert "How it was made Methods." in texts[0]


def test_a_day_that_the_deposit_states_is_no_original_but_a_name_beside_it_is() -> None:
    files: Mapping[str, bytes] = {
        "P07_i1-archive.txt": b"Interview: P07_i1\nDate of the interview: 2026\n\nP07: In 2026.\n",
        "data-list.csv": b'"file","2026","2026-11","2020s","Rose"\r\n',
        "consent.csv": b'"P07","2026"\r\n',
    }

    readable = extract_readable_text(files, ON)

    assert readable["P07_i1-archive.txt"] == b"Interview: P07_i1\n\n\nP07: In 2026.\n"
    assert readable["data-list.csv"] == b"file\nRose"
    assert readable["consent.csv"] == b"P07"


def test_the_readme_begins_with_the_study_s_title(
    study: Study, approved: str, tmp_path: Path
) -> None:
    keep_agreed(study, "P07")
    order = ExportOrder((), formats=("txt",))

    files = deposit(study, approved, tmp_path / "untitled", order)
    assert files["README-archive.txt"].startswith(b"The study\nIts title is not stated.\n")

    change_settings(study, title="Living well with dementia at home")
    files = deposit(study, approved, tmp_path / "titled", order)
    assert files["README-archive.txt"].startswith(b"The study\nLiving well with dementia at home\n")


def test_a_title_with_a_name_that_was_replaced_does_not_pass_the_gate(
    study: Study, approved: str, tmp_path: Path
) -> None:
    keep_agreed(study, "P07")
    change_settings(study, title="The Skipton study")

    with pytest.raises(OriginalSurvives):
        deposit(study, approved, tmp_path / "out", ExportOrder((), formats=("txt",)))

    assert not (tmp_path / "out").exists()


def test_a_deposit_with_sound_asks_what_was_agreed_about_sound(
    study: Study, approved: str, tmp_path: Path
) -> None:
    keep_agreed(study, "P07")
    order = ExportOrder((), formats=("txt",), sound="flac", access=AccessLevel.OPEN)

    with pytest.raises(AccessTooOpen) as refused:
        deposit(study, approved, tmp_path / "out", order)

    assert refused.value.exit_code == 125
    deposit(study, approved, tmp_path / "out", replace(order, sound=""))
