"""Give turns their speakers where one microphone recorded everybody: after the words, at any time.

The transcript exists first, and a failure here never changes it. What people know counts more than
voices: a turn that was given to a speaker by hand, and the interviewer's keys during a recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models import InstalledModel, ModelKind
from study import (
    ArtefactKind,
    GatedAction,
    Layout,
    Recognition,
    ReportProgress,
    ShouldStop,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    TranscriptSource,
    Voices,
    Word,
    no_report,
    no_stop,
)
from study.errors import (
    DiariserFailed,
    SpeakersKnown,
    TranscriptMissing,
)
from study.store import (
    Interview,
    InterviewSound,
    explain_missing_sound,
    require_interview_consent,
    require_whole,
)
from transcribe.audio_tracks import Track
from transcribe.diariser_process import diarise_sound
from transcribe.speaker_assignment import assign_speakers, doubt_mixed_turns, explain_keyed_turns
from transcribe.speaker_changes import weigh_changes
from transcribe.turn_assembly import find_keyed_speech, join_own_turns
from transcribe.voice_encoder import VoiceEncoder
from transcribe.voice_overlaps import find_mixed_spans, find_mixed_voices
from transcribe.voice_pieces import cut_short_pieces
from transcribe.voice_reading import VoiceReader
from transcribe.voice_separation import (
    Anchor,
    SeparatedVoices,
    find_inner_changes,
    separate_voices,
)

_EDGE_S = 0.15  # speech that the times of words leave out


def diarise_interview(
    interview: Interview,
    model: InstalledModel,
    *,
    count: int | None,
    anchors: Sequence[Anchor] = (),
    uses_keys: bool = True,
    keeps_prints: bool = False,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Transcript:
    """Give the turns of an interview's newest transcript speakers, and save it.

    count: how many people speak, None to guess, 1 to 6. anchors: where somebody is known to speak;
    they count more than the interviewer's keys, and those more than voices. uses_keys: whether
    those keys count at all. keeps_prints: whether
    the numbers that a voice is known again by are saved, which are biometric data. Voices that no
    anchor names are called S1, S2, ... in the order in which they begin. Each run starts from the
    transcript as the speech model made it, so that a second run does not build on the first; a
    transcript that a person corrected is used as it is. Turns of one speaker that a breath parted
    are joined while nothing hangs on them. ``ArtefactKind.VOICES`` is saved beside it.

    Raises:
        ConsentError: somebody who was heard did not agree to a machine that transcribes.
        TranscriptMissing, SoundMissing: there is no transcript or no sound.
        SoundIncomplete: part of the recording is missing on the disk.
        HasWithdrawn: somebody in it has taken back what was said.
        SpeakersKnown: each speaker has a microphone.
        NoDiariser, DiariserFailed, ModelBroken, Stopped: the transcript is unchanged.
    """
    source = _find_source(interview)
    require_interview_consent(interview, GatedAction.TRANSCRIBE)
    recognition = source.transcript.recognition or Recognition()
    track = _require_one_track(recognition.layout)
    interview.require_workable()
    require_whole(interview)
    model.require_unchanged()
    sound = interview.open_sound()
    if sound is None or not sound.frames:
        raise explain_missing_sound(interview)
    keyed = list_key_anchors(source.transcript) if uses_keys else []
    every = (*keyed, *anchors)
    is_sherpa = model.offer.kind is ModelKind.SPEAKERS
    with sound:
        if is_sherpa:
            found = diarise_sound(
                sound, track, model, count=count, anchors=every, stop=stop, report=report
            )
        else:
            found = _compare_voices(
                sound, track, source.transcript, model, count, every, stop, report
            )
    if not found.stretches:
        raise DiariserFailed
    source = _find_source(interview)  # again: somebody may have corrected it meanwhile
    codes = name_voices(found.speakers)
    turns = assign_speakers(
        source.transcript.turns, found.stretches, codes, is_by_word=not is_sherpa
    )
    turns = doubt_mixed_turns(turns, found.mixed)
    turns = explain_keyed_turns(turns, [(key.start_s, key.end_s) for key in keyed])
    if not _has_work(interview, source):
        turns = join_own_turns(turns, source.transcript.events)
    made = replace(source.transcript, turns=turns)
    prints = tuple(tuple(float(v) for v in row) for row in found.prints) if keeps_prints else ()
    voices = _describe_voices(found, model, prints, uses_keys=uses_keys)
    return _save(interview, source, voices, made)


def list_key_anchors(transcript: Transcript) -> list[Anchor]:
    """Return where the interviewer's keys say who speaks: what was said when they were pressed.

    Where the voice changes afterwards and no key is pressed, the voices tell.
    """
    said = find_keyed_speech(transcript.events, _list_words(transcript))
    return [Anchor(max(0.0, a - _EDGE_S), b + _EDGE_S, code) for (a, b), code in said]


def name_voices(speakers: Sequence[str]) -> tuple[str, ...]:
    """Return a code for each voice: its own, or S and its number where it has none."""
    taken = set(speakers)
    codes: list[str] = []
    number = 0
    for speaker in speakers:
        number += 1
        while not speaker and f"S{number}" in taken:
            number += 1
        codes.append(speaker or f"S{number}")
    return tuple(codes)


def _compare_voices(
    sound: InterviewSound,
    track: Track,
    transcript: Transcript,
    model: InstalledModel,
    count: int | None,
    anchors: Sequence[Anchor],
    stop: ShouldStop,
    report: ReportProgress,
) -> SeparatedVoices:
    """Compare the voices of all words; a change inside a phrase is looked at more closely."""
    reader = VoiceReader(sound, track, VoiceEncoder(model), stop, report)
    words = _list_words(transcript)
    heard = reader.read_voices(words)
    spoken = weigh_changes(words, heard.phrases)

    def separate() -> SeparatedVoices:
        return separate_voices(
            heard.pieces, heard.points, heard.phrases, spoken, count=count, anchors=anchors
        )

    found = separate()
    changes = find_inner_changes(found, heard.phrases)
    if changes:
        heard = reader.add_fine_pieces(heard, changes)
        found = separate()
    spans = find_mixed_spans(heard.pieces, heard.points, found.prints)
    short = cut_short_pieces(spans)
    mixed = find_mixed_voices(short, reader.embed_pieces(short), found.prints)
    return replace(found, mixed=mixed)


def _list_words(transcript: Transcript) -> list[Word]:
    words = [word for turn in transcript.turns for word in turn.words]
    return sorted(words, key=lambda word: (word.start_s, word.end_s))


def _describe_voices(
    found: SeparatedVoices,
    model: InstalledModel,
    prints: tuple[tuple[float, ...], ...],
    *,
    uses_keys: bool,
) -> Voices:
    return Voices(
        found.stretches,
        name_voices(found.speakers),
        found.count,
        found.is_guessed,
        found.sureness,
        model.name,
        model.sha256(),
        prints,
        found.mixed,
        uses_keys,
    )


def _save(
    interview: Interview, source: TranscriptSource, voices: Voices, made: Transcript
) -> Transcript:
    """Save the transcript and the record of its voices in one change."""
    options = {
        "speakers_model": voices.model,
        "speakers_sha256": voices.model_sha256,
        "speakers": voices.count,
        "speakers_guessed": voices.is_guessed,
    }
    made = replace(
        made,
        provenance=replace(made.provenance, options=made.provenance.options | options),
        recognition=replace(made.recognition or Recognition(), speakers_model=voices.model),
    )
    known = interview.summary.facts
    facts = known.corrected if source.ref.kind is ArtefactKind.CORRECTED else known.raw
    facts = replace(facts or TranscriptFacts(), turns=len(made.turns), unsure=_count_unsure(made))
    with interview.change("speakers told apart") as change:
        change.write_artefact(source.ref.kind, made, facts)
        change.write_artefact(ArtefactKind.VOICES, voices)
    return made


def _count_unsure(transcript: Transcript) -> int:
    return sum(turn.is_speaker_unsure for turn in transcript.turns)


def _find_source(interview: Interview) -> TranscriptSource:
    """Return the corrected transcript, else the newest one without speakers from a diariser."""
    newest = interview.read_transcript()
    if newest is None:
        raise TranscriptMissing
    if newest.ref.kind is ArtefactKind.CORRECTED:
        return newest
    for version in range(newest.ref.version, 0, -1):
        transcript = interview.read_artefact(ArtefactKind.RAW, Transcript, version)
        if transcript is not None and not _has_diarised_speakers(transcript):
            return TranscriptSource(TranscriptRef(ArtefactKind.RAW, version), transcript)
    return newest


def _has_work(interview: Interview, source: TranscriptSource) -> bool:
    """Whether corrections or mentions hang on the keys of the turns."""
    is_corrected = source.ref.kind is ArtefactKind.CORRECTED
    return is_corrected or bool(interview.find_newest_version(ArtefactKind.MENTIONS))


def _has_diarised_speakers(transcript: Transcript) -> bool:
    """Whether a diariser chose the speakers."""
    return transcript.recognition is not None and bool(transcript.recognition.speakers_model)


def _require_one_track(layout: Layout) -> Track:
    """Return the channels that were transcribed as one.

    Raises:
        SpeakersKnown: the channels were transcribed apart.
    """
    if layout.is_apart:
        raise SpeakersKnown
    return layout.tracks[0]
