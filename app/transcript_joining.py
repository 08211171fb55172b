"""Join a transcript made elsewhere to the sound that it is of.

The transcript is read before the sound is brought in. Its times are then held against the speech in
the sound: a small difference is left, a steady one moves the transcript and is told, and where
nothing fits the transcript is not joined.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.transcript_times import TimesMatch, TimesVerdict, match_times
from study import (
    ArtefactKind,
    GatedAction,
    InterviewDetails,
    ReportProgress,
    TaskProgress,
    TranscriptFacts,
    no_report,
)
from study.errors import JoinFlaw, NotJoined, OtherRecording
from study.store import Interview, require_consent

if TYPE_CHECKING:
    from capture import ReadTranscript
    from study.store import InterviewSound

_CHECKING = "looking for speech"


@dataclass(frozen=True, slots=True)
class JoinedTranscript:
    """A transcript that was joined to its sound: as it was read, and how its times lay.

    is_moved: whether its times were changed to fit.
    """

    read: ReadTranscript
    match: TimesMatch
    is_moved: bool


def read_transcript_for(
    interview: Interview, path: Path, added: InterviewDetails
) -> ReadTranscript:
    """Read a transcript file for an interview that has sound and no transcript.

    added: its participants take the place of those with the same codes, or come to them.

    Raises:
        NotJoined: the interview has a transcript, no sound, or is being recorded.
        SoundNotFound, NotTranscript: as ``capture.read_transcript``.
    """
    from capture import read_transcript

    summary = interview.study.find_interview(interview.id)
    if ArtefactKind.RAW in summary.versions:
        raise NotJoined(summary.label, JoinFlaw.HAS_TRANSCRIPT)
    if summary.is_recording:
        raise NotJoined(summary.label, JoinFlaw.NO_SOUND_YET)
    details = interview.details
    people = {p.code: p for p in (*details.participants, *added.participants)}
    register = (*details.register, *(one for one in added.register if one not in details.register))
    about = replace(details, participants=tuple(people.values()), register=register)
    return read_transcript(path, about)


def join_transcript(
    interview: Interview,
    read: ReadTranscript,
    *,
    keep_times: bool = False,
    is_unchecked: bool = False,
    report: ReportProgress = no_report,
) -> JoinedTranscript:
    """Enter a transcript into an interview that has its sound.

    keep_times: its times stay as they are in the file. is_unchecked: it is joined whatever its
    times say. Progress is reported in seconds of sound.

    Raises:
        OtherRecording: its times do not fit the speech; nothing was changed.
        ConsentError: a participant's consent does not cover it.
    """
    from capture import make_transcript

    require_consent(interview.study, GatedAction.IMPORT_TEXT, read.about)
    match, turns, sound_s = TimesMatch(TimesVerdict.UNTOLD), read.turns, 0.0
    sound = interview.open_sound()
    if sound is not None and read.is_timed:
        with sound:
            sound_s = sound.frames / sound.form.rate
            match = match_times(turns, _find_speech(sound, report), sound_s)
    if match.verdict is TimesVerdict.OTHER and not is_unchecked:
        raise OtherRecording(interview.study.find_interview(interview.id).label)
    is_moved = match.verdict is TimesVerdict.DIFFER and not keep_times
    if is_moved:
        turns = match.move_turns(turns, sound_s)
    transcript = make_transcript(replace(read, turns=turns))
    options = transcript.provenance.options | {
        "sha256": read.origin["sha256"],
        "times": str(match.verdict),
        "moved_s": match.shift_s if is_moved else 0.0,
        "stretched": match.stretch if is_moved else 1.0,
    }
    provenance = replace(transcript.provenance, options=options)
    with interview.change("transcript imported") as change:
        if read.about != interview.details:
            change.write_artefact(ArtefactKind.ABOUT, read.about)
        change.write_artefact(
            ArtefactKind.RAW,
            replace(transcript, provenance=provenance),
            TranscriptFacts(len(turns)),
        )
        change.facts["turns"] = len(turns)
    return JoinedTranscript(read, match, is_moved)


def _find_speech(sound: InterviewSound, report: ReportProgress) -> list[tuple[float, float]]:
    from transcribe import (
        CompleteSound,
        VadOptions,
        choose_tracks,
        find_speech_spans,
        read_pieces,
    )

    total_s, done_s = sound.frames / sound.form.rate, 0.0
    found: list[tuple[float, float]] = []
    tracks = choose_tracks(sound, 0)
    for span in find_speech_spans(read_pieces(CompleteSound(sound), tracks), VadOptions()):
        found.append((span.start_s, span.end_s))
        done_s = max(done_s, span.end_s)
        report(TaskProgress(done_s, total_s, _CHECKING))
    return sorted(found)
