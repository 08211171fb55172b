"""No microphone is opened and no file is read where consent does not cover it."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from capture import RecordingSession, import_sound, import_transcript
from study import ConsentPurpose, InterviewDetails, Participant
from study.errors import ConsentMissing, ConsentWithheld
from study.store import Study, keep_consent
from tests.consents import agreed, keep_agreed

ABOUT = InterviewDetails("P07_i1", (Participant("P07"),))


def never() -> NoReturn:
    raise AssertionError("a microphone was opened")


def test_no_microphone_is_opened_for_who_did_not_agree(study: Study) -> None:
    with study.change("interview made") as change:
        made = change.add_interview(ABOUT)
    keep_agreed(study)

    for refusal in (ConsentMissing, ConsentWithheld):
        with pytest.raises(refusal):
            RecordingSession(study.interview(made), never).start()
        keep_consent(study, agreed("P07", but=ConsentPurpose.SOUND))

    assert study.find_interview(made).sound_s == 0


def test_no_file_is_read_for_who_did_not_agree(study: Study, tmp_path: Path) -> None:
    keep_agreed(study)
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nP07: Well.\n")

    with pytest.raises(ConsentMissing):
        import_sound(study, tmp_path / "nobody looks for this file.wav", ABOUT)
    with pytest.raises(ConsentMissing):
        import_transcript(study, tmp_path / "talk.vtt", ABOUT)
    keep_consent(study, agreed("P07", but=ConsentPurpose.SOUND))
    import_transcript(study, tmp_path / "talk.vtt", ABOUT)  # words that somebody typed

    assert len(study.summaries()) == 1
