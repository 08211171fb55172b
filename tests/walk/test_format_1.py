"""What was begun with Earshot 0.1.0 is finished with this one: searched, signed, exported."""

from __future__ import annotations

from pathlib import Path

from anonymise import (
    accept_all_mentions,
    draft_clean_transcript,
    search_transcript,
    write_clean_transcript,
)
from handoff import ExportOrder, check_bundle, export_interviews, sign_transcript
from models import InstalledModel, find_names_model
from study import ArtefactKind, InterviewState, Mentions
from study.store import HANDED_OVER_FOLDER, Study, require_sign_off, verify_study
from tests.study.fixtures.sample_study import BROKEN_OFF, HEARD, SIGNED, STALE, VOID
from transcribe import transcribe_interview


def test_it_exports_the_same_words_on_the_same_sign_off(
    format_1: Path, passphrase: str, tmp_path: Path
) -> None:
    then = format_1 / HANDED_OVER_FOLDER / HEARD
    with Study.open(format_1, passphrase) as study:
        heard, typed = study.find_interview(HEARD).id, study.find_interview(SIGNED).id
        export_interviews(study, ExportOrder((heard,)), tmp_path / "again")
        export_interviews(study, ExportOrder((typed,)), tmp_path / "first")
        assert study.find_interview(SIGNED).state is InterviewState.HANDED
        assert verify_study(study) == []

    for name in (f"{HEARD}.txt", f"{HEARD}-log.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (then / name).read_bytes()
    assert check_bundle(tmp_path / "first").findings == ()


def test_what_was_signed_is_not_made_anew(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        for label in (HEARD, SIGNED):
            interview = study.find_interview(label).id
            write_clean_transcript(study.interview(interview))
            assert draft_clean_transcript(study.interview(interview)) is None
            assert study.interview(interview).find_newest_version(ArtefactKind.CLEAN) == 1
            assert require_sign_off(study.interview(interview)).is_valid


def test_what_was_begun_is_finished(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        for label in (STALE, VOID):
            interview = study.find_interview(label).id
            search_transcript(study.interview(interview), name_model=find_names_model())
            mentions = study.interview(interview).read_artefact(ArtefactKind.MENTIONS, Mentions)
            assert mentions is not None
            assert mentions.transcript == study.find_interview(label).transcript
            accept_all_mentions(study.interview(interview))
            write_clean_transcript(study.interview(interview))
            sign_transcript(study.interview(interview))
            assert study.find_interview(label).state is InterviewState.SIGNED
        assert verify_study(study) == []


def test_a_transcription_that_was_broken_off_is_begun_anew(
    format_1: Path, passphrase: str, tiny_en: InstalledModel
) -> None:
    with Study.open(format_1, passphrase) as study:
        interview = study.find_interview(BROKEN_OFF).id
        heard = transcribe_interview(study.interview(interview), tiny_en)
        assert heard.recognition is not None
        assert heard.recognition.language == "en"
        assert study.find_interview(BROKEN_OFF).state is InterviewState.TRANSCRIBED
        assert verify_study(study) == []
