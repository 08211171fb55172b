"""``earshot status``: how far each interview is, in a line."""

from __future__ import annotations

from dataclasses import replace

from cli.verbs.status import _row
from study import ArtefactKind, InterviewSummary, TranscriptFacts


def test_less_than_all_of_the_speech_is_never_told_as_all_of_it() -> None:
    bare = InterviewSummary("a", "2026-11-29", None, 0.0, {ArtefactKind.RAW: 1}, is_recording=False)
    shares = list[str]()
    for covered_s in (995.0, 1000.0):
        raw = TranscriptFacts(turns=3, length_s=1000.0, covered_s=covered_s, speech_s=1000.0)
        summary = replace(bare, facts=replace(bare.facts, raw=raw))
        shares.append(_row(summary, (), is_running=False)[4])

    assert shares == ["99% of speech", "100% of speech"]
