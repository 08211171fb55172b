"""What participants agreed to, in what is handed over: quotes, archives, sound."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handoff import (
    DEFAULT_FORMATS,
    ExportOrder,
    export,
    export_interviews,
    extract_readable_text,
    sign_transcript,
)
from handoff.export_input import read_export_input
from handoff.formats import FORMATS, ExportFormat, FormatOptions
from handoff.participant_copy import build_participant_copy, list_readers
from study import (
    AccessLevel,
    ArtefactKind,
    CapacityState,
    ConsentPurpose,
    EarlierData,
    GatedAction,
    InterviewState,
    Role,
    Transcript,
    WithdrawalScope,
)
from study.errors import (
    ConsentRefused,
    ConsentWithheld,
    HasWithdrawn,
    PersonNotEntered,
    SignOffVoid,
)
from study.store import (
    Study,
    change_study_policy,
    choose_access,
    keep_consent,
    read_sign_off,
    read_study_policy,
    record_withdrawal,
    require_interview_consent,
    set_language,
)
from tests.consents import agreed, keep_agreed

ON = date(2026, 11, 29)
MARK, WORDS = "[do not quote]", "[Person 1] did."
# The report has figures alone.
WITHOUT_WORDS = {
    "cases",
    "log",
    "participant",
    "report",
    "pdf",  # LibreOffice makes it of docx-compact
}  # and a participant's own copy is their own words


@pytest.mark.parametrize("name", sorted({f.name for f in FORMATS} - WITHOUT_WORDS))
def test_every_format_marks_each_turn_of_who_must_not_be_quoted(
    study: Study, decided: str, name: str
) -> None:
    form = next(f for f in FORMATS if f.name == name)

    keep_agreed(study, "P07", but=ConsentPurpose.QUOTES)
    marked = _readable(study, decided, form)
    keep_consent(study, agreed("P07"))
    unmarked = _readable(study, decided, form)

    assert WORDS in marked
    assert (MARK in marked) is (name not in {"json", "words"})
    if name == "json":
        assert '"do_not_quote": true' in marked.replace('":true', '": true')
    assert MARK not in unmarked
    assert 'do_not_quote": true' not in unmarked


def _readable(study: Study, interview: str, form: ExportFormat) -> str:
    material = read_export_input(study.interview(interview), ON)
    files = form.render([material], FormatOptions())
    bodies = [body.decode(errors="replace") for name, body in files.items() if "schema" not in name]
    return "\n".join([
        *bodies, *(b.decode() for b in extract_readable_text(files, ON).values()),
    ])  # fmt: skip


def test_a_participants_own_copy_is_their_own_words(study: Study, decided: str) -> None:
    keep_agreed(study, "P07", but=ConsentPurpose.QUOTES)
    material = read_export_input(study.interview(decided), ON)

    (reader,) = list_readers(material)

    assert all(MARK not in one.text for one in build_participant_copy(material, reader))


def test_an_answer_that_changes_how_words_may_be_quoted_voids_a_sign_off(
    study: Study, decided: str, tmp_path: Path
) -> None:
    keep_agreed(study, "P07")
    sign_transcript(study.interview(decided))
    keep_consent(study, agreed("P07", but=ConsentPurpose.QUOTES))

    with pytest.raises(SignOffVoid, match="may be quoted otherwise"):
        export_interviews(study, ExportOrder((decided,)), tmp_path / "out")

    sign_transcript(study.interview(decided))
    export_interviews(study, ExportOrder((decided,)), tmp_path / "out")
    assert MARK in (tmp_path / "out" / "P07_i1.txt").read_text(encoding="utf-8")
    assert MARK in (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("purpose", "order"),
    [
        (ConsentPurpose.ARCHIVE, ExportOrder((), is_for_archive=True)),
        (ConsentPurpose.ARCHIVE, ExportOrder((), formats=("txt", "archive"))),
        (ConsentPurpose.SOUND_HAND_OVER, ExportOrder((), sound="flac")),
    ],
)
def test_an_archive_and_sound_need_their_own_answers(
    study: Study, approved: str, tmp_path: Path, purpose: ConsentPurpose, order: ExportOrder
) -> None:
    keep_agreed(study, "P07", but=purpose)

    with pytest.raises(ConsentWithheld, match=purpose.value):
        export_interviews(study, replace(order, interviews=(approved,)), tmp_path / "out")

    assert not (tmp_path / "out").exists()
    export_interviews(study, ExportOrder((approved,)), tmp_path / "out")


def test_a_bundle_for_an_archive_says_what_was_agreed_to_and_names_nobody(
    study: Study, approved: str, tmp_path: Path
) -> None:
    keep_agreed(study, "P07")
    order = ExportOrder((approved,), DEFAULT_FORMATS, is_for_archive=True)

    export_interviews(study, order, tmp_path / "out")

    rows = list(csv.reader(io.StringIO((tmp_path / "out" / "consent.csv").read_text("utf-8-sig"))))
    assert dict(zip(rows[0], rows[1], strict=True)) == {
        "participant": "P07", "information sheet": "1 of 2026-03-01",
        "consent form": "1 of 2026-03-01", "taken on": "2026", "basis": "own consent",
        "law": "England and Wales", **dict.fromkeys(ConsentPurpose, "yes"),
    }  # fmt: skip
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["options"]["for_archive"] is True
    assert "consent.csv" in manifest["files"]


@pytest.mark.parametrize("verb", ["language chosen", "recording prepared"])
def test_a_sign_off_falls_when_somebody_else_takes_part_or_in_another_role(
    study: Study, approved: str, tmp_path: Path, verb: str
) -> None:
    interview = study.interview(approved)
    before = interview.details
    others = tuple(replace(p, role=Role.INTERVIEWER) for p in before.participants)
    with interview.change(verb) as change:
        change.write_artefact(ArtefactKind.ABOUT, replace(before, participants=others))

    standing = read_sign_off(interview)

    assert standing is not None
    assert "who takes part" in standing.why_void
    assert interview.summary.state is not InterviewState.SIGNED
    with pytest.raises((SignOffVoid, ConsentRefused)):
        export_interviews(study, ExportOrder((approved,)), tmp_path / "out")


def test_a_sign_off_stands_when_the_language_is_chosen(study: Study, approved: str) -> None:
    set_language(study.interview(approved), "cy")

    standing = read_sign_off(study.interview(approved))

    assert standing is not None
    assert standing.is_valid


def test_nothing_is_handed_over_of_who_has_taken_their_words_back(
    study: Study, decided: str, tmp_path: Path
) -> None:
    sign_transcript(study.interview(decided))
    record_withdrawal(study, "P07", WithdrawalScope.TRANSCRIPT)

    with pytest.raises(HasWithdrawn):
        export_interviews(study, ExportOrder((decided,)), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_answer_that_changes_while_files_are_written_stops_them(
    study: Study, decided: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_agreed(study, "P07")
    sign_transcript(study.interview(decided))
    write = export._write_folder

    def change_meanwhile(folder: Path, place: Path, files: Mapping[str, bytes]) -> str:
        written = write(folder, place, files)
        keep_consent(study, agreed("P07", capacity=CapacityState.LOST))
        change_study_policy(
            study, replace(read_study_policy(study), after_capacity_lost=EarlierData.ERASE)
        )
        return written

    monkeypatch.setattr(export, "_write_folder", change_meanwhile)
    with pytest.raises(SignOffVoid):
        export_interviews(study, ExportOrder((decided,)), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("is_for_archive", [False, True])
def test_who_speaks_under_a_code_that_nobody_entered_is_asked_as_well(
    study: Study, approved: str, tmp_path: Path, *, is_for_archive: bool
) -> None:
    """P99, typed where somebody else speaks, went to an archive without having been asked."""
    _give_second_turn(study, approved, "P99")
    keep_agreed(study, "P07")
    order = ExportOrder((approved,), ("txt",), is_for_archive=is_for_archive)

    with pytest.raises(PersonNotEntered, match="P99 speaks in this transcript"):
        export_interviews(study, order, tmp_path / "out")

    keep_consent(study, agreed("P99"))  # a yes is one, whoever was entered
    if is_for_archive:
        assert choose_access([study.interview(approved)], None) == AccessLevel.OPEN
        keep_consent(study, agreed("P99", but=ConsentPurpose.ARCHIVE))
        with pytest.raises(ConsentWithheld):
            require_interview_consent(study.interview(approved), GatedAction.ARCHIVE)
    else:
        require_interview_consent(study.interview(approved), GatedAction.HAND_OVER)


@pytest.mark.parametrize("code", ["S1", "S01", "UNK", "S?"])
def test_a_voice_without_a_name_has_nobody_to_be_asked(
    study: Study, approved: str, code: str
) -> None:
    _give_second_turn(study, approved, code)
    keep_agreed(study, "P07")

    require_interview_consent(study.interview(approved), GatedAction.HAND_OVER)


def _give_second_turn(study: Study, interview: str, code: str) -> None:
    handle = study.interview(interview)
    clean = handle.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    with handle.change("made for a test") as change:
        turns = (*clean.turns[:1], replace(clean.turns[1], speaker=code))
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=turns))
