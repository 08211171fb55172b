"""A check of redacted sound: its speech model transcribes the covered places once more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models import find_speech_model
from study import GatedAction, Interval
from study.errors import ModelMissing
from study.store import Interview, is_consented, read_language, read_newest_transcript

if TYPE_CHECKING:
    from handoff import RedactedSound, TranscribeCovered

_AROUND_S = 2.0  # a name that a cover misses needs speech around it to be transcribed
_LONGEST_S = 28.0  # a window of the model is 30 s


def make_covered_transcriber(interview: Interview) -> TranscribeCovered | None:
    """Return a function that transcribes the covered places of redacted sound.

    None where the interview has no transcript, its speech model is not on this computer, or
    somebody did not agree to a machine that transcribes.
    """
    source = read_newest_transcript(interview)
    if source is None or not is_consented(interview, GatedAction.TRANSCRIBE):
        return None
    try:
        model = find_speech_model(source.transcript.provenance.model)
    except ModelMissing:
        return None
    recognition = source.transcript.recognition
    language = recognition.language if recognition else read_language(interview)

    def transcribe_covered(
        sound: RedactedSound, covers: list[Interval]
    ) -> Iterator[tuple[Interval, str]]:
        from transcribe import DecodingOptions, SpeechEngine, read_excerpt

        engine = SpeechEngine(model, DecodingOptions(language=language))
        for start_s, end_s in _windows(covers, sound.frames / sound.form.rate):
            for track in range(sound.form.channels):
                samples = read_excerpt(sound, (track,), start_s, end_s)
                length_s = end_s - start_s
                for word in engine.transcribe_window(
                    samples, speech_s=length_s, until_s=length_s, seed=0
                ):
                    yield (start_s + word.start_s, start_s + word.end_s), word.text

    return transcribe_covered


def _windows(covers: list[Interval], duration_s: float) -> list[Interval]:
    """Return stretches that hold every cover with some speech around it, each within 28 s."""
    found: list[Interval] = []
    for start_s, end_s in covers:
        begin, stop = max(0.0, start_s - _AROUND_S), min(duration_s, end_s + _AROUND_S)
        if found and begin <= found[-1][1] and stop - found[-1][0] <= _LONGEST_S:
            found[-1] = found[-1][0], stop
        else:
            while stop - begin > _LONGEST_S:
                found.append((begin, begin + _LONGEST_S))
                begin += _LONGEST_S
            found.append((begin, stop))
    return found
