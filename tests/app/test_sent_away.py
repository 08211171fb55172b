"""What left a study sealed is told on every paper that tells what left it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app import plan_withdrawal, receive_parcel, render_data_flow_sheet, write_own_data
from handoff import ExportOrder, render_bundle
from study import (
    SOUND_SEALED_FOR_CLUSTER,
    ArtefactKind,
    JointWithdrawal,
    StudyPolicy,
    Transcript,
    WithdrawalScope,
)
from study.store import (
    Study,
    change_study_policy,
    list_heard_elsewhere,
    list_sent_away,
    send_interviews,
)
from tests.study.travelling import agree, bring_in, places

SENT = "The study office has a sealed copy of P07_i1 (sent 20"
AT = date(2026, 11, 29)
LOCAL = "send no sound and no word anywhere"


def send_to_a_cluster(study: Study, interview: str) -> None:
    """Leave the line that ``transcribe --scheduler`` leaves."""
    with study.interview(interview).change(SOUND_SEALED_FOR_CLUSTER):
        pass


def test_a_sealed_copy_is_on_the_data_flow_sheet_and_on_the_participant_s_own_page(
    tmp_path: Path,
) -> None:
    """Both said who received something, and left other studies out."""
    with places(tmp_path, "field", "office") as at:
        field = at["field"].study
        agree(field, "P07")
        made = bring_in(field, "P07_i1")
        assert "<td>office</td>" not in render_data_flow_sheet(field).decode()

        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")

        sheet = render_data_flow_sheet(field).decode()
        assert "Sealed copies in other studies" in sheet
        assert "<td>office</td>" in sheet
        page, *_ = write_own_data(field, "P07", tmp_path / "own")
        assert "<td>the study office</td>" in page.read_text()
        assert "<td>sealed copy</td>" in page.read_text()
        (sent,) = list_sent_away(field, [made])
        assert (sent.study, sent.how.value) == ("office", "sent")
        assert list_sent_away(field, ["another"]) == []


def test_who_withdraws_is_told_which_other_study_has_a_copy(tmp_path: Path) -> None:
    with places(tmp_path, "field", "office") as at:
        field = at["field"].study
        agree(field, "P07")
        made = bring_in(field, "P07_i1")
        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        change_study_policy(field, StudyPolicy(joint_withdrawal=JointWithdrawal.REDACT))

        for scope in (WithdrawalScope.EVERYTHING, WithdrawalScope.SOUND):
            copies = [one.what for one in plan_withdrawal(field, "P07", scope).order.copies]
            assert [one for one in copies if one.startswith(SENT)] != []
        stops = plan_withdrawal(field, "P07", WithdrawalScope.FURTHER)
        assert stops.order.copies == ()


def test_no_paper_says_that_nothing_was_sent_where_a_cluster_transcribed(tmp_path: Path) -> None:
    """They said that no sound and no word is sent anywhere, by no part of the program."""
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        agree(field, "P07")
        made = bring_in(field, "P07_i1")
        assert LOCAL in render_data_flow_sheet(field).decode()
        send_to_a_cluster(field, made)

        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        receive_parcel(office, tmp_path / "p")

        for study in (field, office):  # the second knows it by the lines that came along
            (interview,) = (summary.id for summary in study.summaries())
            assert list_heard_elsewhere(study, [interview]) == {interview}
            sheet = render_data_flow_sheet(study).decode()
            assert LOCAL not in sheet
            assert "but for 1 interview: the sound went over the network" in sheet
            assert "on this computer or on others of a cluster" in sheet


def test_the_methods_paragraph_tells_of_a_cluster(tmp_path: Path) -> None:
    """It said that the model sends neither sound nor text to any service."""
    with places(tmp_path, "field", "office") as at:
        field = at["field"].study
        made = [bring_in(field, label) for label in ("P07_i1", "P07_i2")]
        for one in made:
            with field.interview(one).change("made for a test") as change:
                raw = field.interview(one).read_artefact(ArtefactKind.RAW, Transcript)
                assert raw is not None
                change.write_artefact(ArtefactKind.CLEAN, raw)
                change.write_artefact(ArtefactKind.LOG, ())

        def read_methods(*interviews: str) -> str:
            order = ExportOrder(interviews, ("txt",))
            return render_bundle(field, order, AT)["methods.txt"].decode()

        assert "sends neither sound nor text to any service" in read_methods(*made)
        send_to_a_cluster(field, made[0])
        mixed, alone = read_methods(*made), read_methods(made[0])
        assert "service" not in mixed + alone
        cluster = "on other computers of a cluster, to which the sound went encrypted."
        assert f": 1 on the computer itself and 1 {cluster}" in mixed
        assert f", {cluster}" in alone
        assert "sends neither sound nor text" in read_methods(made[1])
