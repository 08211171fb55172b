"""A transcription that was stopped or killed: what its saved windows depend on, and which they are.

It goes on with the first window that is not saved, as long as nothing has changed on which the
words depend.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import msgspec

from study import ArtefactKind, Interval, Provenance
from study.store import Interview
from transcribe.audio_tracks import Track
from transcribe.engine import DecodingOptions
from transcribe.speech_coverage import TranscribedWindow


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A transcription that has saved windows and no transcript yet.

    way: sha256 of all that its words depend on beside the sound; "" in a study of format 1, whose
    unfinished runs start again.
    """

    way: str = ""


def fingerprint_run(
    made_by: Provenance,
    options: DecodingOptions,
    tracks: tuple[Track, ...],
    passage: Interval | tuple[()] = (),
) -> UnfinishedRun:
    """Return the run in which these words would come; the number of threads changes none."""
    model = (made_by.program, made_by.model, made_by.model_sha256)
    content = msgspec.json.encode((*model, replace(options, threads=0), tracks, *passage))
    return UnfinishedRun(hashlib.sha256(content).hexdigest())


def resume_windows(
    interview: Interview, run: UnfinishedRun, kind: ArtefactKind = ArtefactKind.WINDOWS
) -> dict[int, TranscribedWindow]:
    """Return the saved windows of the same unfinished run by number, or start a new run."""
    unfinished = interview.read_artefact(kind, UnfinishedRun)
    if unfinished == run:
        saved = interview.read_entries(kind, TranscribedWindow)
        return {window.number: window for window in saved}
    with interview.change("transcription begun") as change:
        if unfinished is not None:
            change.drop_artefact(kind)
        change.write_artefact(kind, run)
    return {}
