"""Real human recordings of many kinds walk through every room.

What words are heard is the benchmarks' business; lengths, times and what is covered must be right.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from anonymise import accept_all_mentions, search_transcript, write_clean_transcript
from capture import import_sound
from handoff import ExportOrder, export_interviews, sign_transcript
from models import InstalledModel
from study import InterviewDetails
from study.store import Study, verify_study
from transcribe import transcribe_interview

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "speech"


def recordings() -> list[dict[str, str]]:
    manifest = FOLDER / "manifest.tsv"
    if not manifest.exists():
        return []
    with manifest.open(encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t"))


@pytest.mark.slow
@pytest.mark.skipif(not recordings(), reason="the recordings for measuring are not beside it")
@pytest.mark.parametrize(
    "recording",
    [
        pytest.param(one, id=one["file"], marks=[pytest.mark.thorough] * bool(number % 4))
        for number, one in enumerate(recordings())
    ],
)
def test_every_real_recording_goes_in_and_comes_out(
    study: Study, recording: dict[str, str], tiny_en: InstalledModel
) -> None:
    """Each in a study of its own, for a name in one would hold the others back."""
    seconds = float(recording["seconds"])

    interview = import_sound(study, FOLDER / recording["file"], InterviewDetails("P01_i1"))
    transcript = transcribe_interview(study.interview(interview), tiny_en)
    search_transcript(study.interview(interview), name_model=None)
    accept_all_mentions(study.interview(interview))
    write_clean_transcript(study.interview(interview))
    sign_transcript(study.interview(interview))
    files = export_interviews(study, ExportOrder((interview,)))

    covered = transcript.coverage
    assert covered is not None
    assert covered.sound_s == pytest.approx(seconds, abs=0.1)
    assert 0.3 < covered.speech_s <= covered.sound_s
    assert covered.covered_s <= covered.speech_s
    times = [t for turn in transcript.turns for t in (turn.start_s, turn.end_s)]
    assert 0 <= min(times) <= max(times) <= covered.sound_s
    assert [turn.start_s for turn in transcript.turns] == sorted(times[::2])
    text = next(f for f in files if f.name == "P01_i1.txt").read_text(encoding="utf-8")
    assert text.count("] S?: ") == len(transcript.turns)

    assert verify_study(study) == []
