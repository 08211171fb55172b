"""Join a transcript made elsewhere and the sound that it is of, whichever comes first, or both.

The times of the transcript are held against the speech in the sound: a small difference is left, a
steady one moves the transcript and is told, and where nothing fits they are not joined. Sound that
comes with a transcript or after it is sealed first, and is in the study only once the two fit.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    Transcript,
    TranscriptFacts,
    TranscriptSource,
    Turn,
    no_report,
)
from study.errors import JoinFlaw, NotJoined, OtherRecording
from study.store import Change, Interview, Study, check_new_interview, require_consent

if TYPE_CHECKING:
    from capture import ImportChoices, ReadTranscript
    from study.store import InterviewSound

_CHECKING = "looking for speech"


@dataclass(frozen=True, slots=True)
class JoinedTranscript:
    """A transcript and its sound that were joined in an interview, by its id.

    read: the transcript's file, None where it was in the study. turns: how many it has. match: how
    its times lay. is_moved: whether they were changed to fit.
    """

    interview: str
    read: ReadTranscript | None
    turns: int
    match: TimesMatch
    is_moved: bool


def read_transcript_for(
    interview: Interview, path: Path, added: InterviewDetails, *, partial: bool = False
) -> ReadTranscript:
    """Read a transcript file for an interview that has sound and no transcript.

    added: its participants take the place of those with the same codes, or come to them.
    partial: as ``capture.read_transcript``.

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
    about = _add_details(interview.details, replace(added, channels=()))
    return read_transcript(path, about, partial=partial)


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
    require_consent(interview.study, GatedAction.IMPORT_TEXT, read.about, interview=interview.id)
    fitting = _Fitting(interview.label, is_unchecked=is_unchecked, report=report)
    sound = interview.open_sound()
    if sound is not None:
        with sound:
            fitting.compare(read.turns, sound)
    fit = fitting.make_fit(read.turns, keep_times=keep_times)
    with interview.change("transcript imported") as change:
        if read.about != interview.details:
            change.write_artefact(ArtefactKind.ABOUT, read.about)
        _write_transcript(change, read, fit)
    return JoinedTranscript(interview.id, read, len(fit.turns), fit.match, fit.is_moved)


def import_sound_with_transcript(
    study: Study,
    paths: Sequence[Path],
    read: ReadTranscript,
    choices: ImportChoices | None = None,
    *,
    keep_times: bool = False,
    is_unchecked: bool = False,
    report: ReportProgress = no_report,
) -> JoinedTranscript:
    """Bring in the sound of files and its transcript as one new interview, or neither.

    keep_times, is_unchecked: as for ``join_transcript``.

    Raises:
        OtherRecording: the times do not fit the speech.
        What ``capture.seal_sound_parts`` raises. Nothing was changed.
    """
    from capture import seal_sound_parts

    check_new_interview(study, read.about)
    require_consent(study, GatedAction.IMPORT_TEXT, read.about)
    with seal_sound_parts(study, paths, read.about, choices, report=report) as sealed:
        fitting = _Fitting(read.about.label, is_unchecked=is_unchecked, report=report)
        with sealed.open_sound() as sound:
            fitting.compare(read.turns, sound)
        fit = fitting.make_fit(read.turns, keep_times=keep_times)
        interview = sealed.keep(lambda change: _write_transcript(change, read, fit))
    return JoinedTranscript(interview, read, len(fit.turns), fit.match, fit.is_moved)


def join_sound(
    interview: Interview,
    paths: Sequence[Path],
    added: InterviewDetails,
    choices: ImportChoices | None = None,
    *,
    keep_times: bool = False,
    is_unchecked: bool = False,
    report: ReportProgress = no_report,
) -> JoinedTranscript:
    """Bring in the sound of an interview that has only its transcript.

    added: as for ``read_transcript_for``, and who speaks on which channel. The times of the
    transcript are held against the speech, and moved where nobody has worked on it yet.
    keep_times, is_unchecked: as for ``join_transcript``.

    Raises:
        NotJoined: the interview has sound or no transcript, or its times would have to be moved and
            it has been corrected or searched.
        HasWithdrawn: somebody in it has withdrawn.
        OtherRecording: the times do not fit the speech.
        What ``capture.seal_sound_parts`` raises. Nothing was changed.
    """
    from capture import seal_sound_parts

    about = _add_details(interview.details, added)
    before = _require_transcript(interview)
    with seal_sound_parts(
        interview.study, paths, about, choices, to=interview, report=report
    ) as sealed:
        fitting = _Fitting(interview.label, is_unchecked=is_unchecked, report=report)
        with sealed.open_sound() as sound:
            fitting.compare(before.transcript.turns, sound)
        fit = fitting.make_fit(before.transcript.turns, keep_times=keep_times)
        if fit.is_moved and not _is_as_imported(interview, before):
            raise NotJoined(interview.label, JoinFlaw.IN_WORK)

        def write(change: Change) -> None:
            if (now := _require_transcript(interview)).ref != before.ref:
                raise NotJoined(interview.label, JoinFlaw.IN_WORK)
            if fit.is_moved:
                _write_moved(change, now.transcript, fit)

        sealed.keep(write)
    return JoinedTranscript(interview.id, None, len(fit.turns), fit.match, fit.is_moved)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How the times of turns lie to the sound; turns: with the times that they are given."""

    match: TimesMatch
    turns: tuple[Turn, ...]
    is_moved: bool

    def describe(self) -> dict[str, str | float]:
        """Return what the provenance of the transcript tells of it."""
        return {
            "times": str(self.match.verdict),
            "moved_s": self.match.shift_s if self.is_moved else 0.0,
            "stretched": self.match.stretch if self.is_moved else 1.0,
        }


class _Fitting:
    """Holds the times of turns against the speech in a sound."""

    def __init__(self, label: str, *, is_unchecked: bool, report: ReportProgress) -> None:
        self._label = label
        self._is_unchecked = is_unchecked
        self._report = report
        self._match = TimesMatch(TimesVerdict.UNTOLD)
        self._sound_s = 0.0

    def compare(self, turns: Sequence[Turn], sound: InterviewSound) -> None:
        """Look for speech where the turns have times.

        Raises:
            OtherRecording: the times fit nowhere.
        """
        if not any(turn.end_s > 0 for turn in turns):
            return
        self._sound_s = sound.duration_s
        self._match = match_times(turns, _find_speech(sound, self._report), self._sound_s)
        if self._match.verdict is TimesVerdict.OTHER and not self._is_unchecked:
            raise OtherRecording(self._label)

    def make_fit(self, turns: tuple[Turn, ...], *, keep_times: bool) -> _Fit:
        """Return the turns as they lie on the sound."""
        is_moved = self._match.verdict is TimesVerdict.DIFFER and not keep_times
        moved = self._match.move_turns(turns, self._sound_s) if is_moved else turns
        return _Fit(self._match, moved, is_moved)


def _require_transcript(interview: Interview) -> TranscriptSource:
    source = interview.read_transcript()
    if source is None:
        raise NotJoined(interview.label, JoinFlaw.NO_TRANSCRIPT)
    return source


def _is_as_imported(interview: Interview, source: TranscriptSource) -> bool:
    """Whether nobody has worked on a transcript since its file was imported."""
    is_raw = source.ref.kind is ArtefactKind.RAW and source.transcript.recognition is None
    return is_raw and ArtefactKind.MENTIONS not in interview.summary.versions


def _write_transcript(change: Change, read: ReadTranscript, fit: _Fit) -> None:
    from capture import make_transcript

    transcript = make_transcript(replace(read, turns=fit.turns))
    options = transcript.provenance.options | {"sha256": read.origin["sha256"]}
    provenance = replace(transcript.provenance, options=options)
    _write_moved(change, replace(transcript, provenance=provenance), fit)


def _write_moved(change: Change, transcript: Transcript, fit: _Fit) -> None:
    provenance = transcript.provenance
    provenance = replace(provenance, options=provenance.options | fit.describe())
    change.write_artefact(
        ArtefactKind.RAW,
        replace(transcript, turns=fit.turns, provenance=provenance),
        TranscriptFacts(len(fit.turns)),
    )
    change.facts["turns"] = len(fit.turns)


def _add_details(details: InterviewDetails, added: InterviewDetails) -> InterviewDetails:
    """Return the details of an interview with those that were named for it now."""
    people = {p.code: p for p in (*details.participants, *added.participants)}
    register = (*details.register, *(one for one in added.register if one not in details.register))
    return replace(
        details,
        participants=tuple(people.values()),
        register=register,
        channels=added.channels or details.channels,
    )


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
