"""A check of redacted sound: the best speech model transcribes the covered places once more.

Only the places around covers are heard, so a better model than the one that transcribed the
interview can be used at no more than the cost of transcribing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from models import InstalledModel, ModelKind, find_speech_model, list_models
from study import GatedAction, Interval
from study.errors import ModelMissing
from study.store import Interview, is_consented, read_language, read_newest_transcript

if TYPE_CHECKING:
    from handoff import RedactedSound, TranscribeCovered

_AROUND_S = 2.0  # a name that a cover misses needs speech around it to be transcribed
_LONGEST_S = 28.0  # a window of the model is 30 s


def make_covered_transcriber(interview: Interview) -> TranscribeCovered | None:
    """Return a function that transcribes the covered places of redacted sound.

    None where the interview has no transcript, no speech model is on this computer, or somebody
    did not agree to a machine that transcribes.
    """
    source = read_newest_transcript(interview)
    if source is None or not is_consented(interview, GatedAction.TRANSCRIBE):
        return None
    recognition = source.transcript.recognition
    language = recognition.language if recognition else read_language(interview)
    try:
        usual = _find_usual(source.transcript.provenance.model, language)
    except ModelMissing:
        return None

    def transcribe_covered(
        sound: RedactedSound, covers: list[Interval]
    ) -> Iterator[tuple[Interval, str]]:
        from transcribe import DecodingOptions, SpeechEngine, read_excerpt

        duration_s = sound.frames / sound.form.rate
        windows = list_windows(covers, duration_s)
        # A window costs the same however short it is.
        share = len(windows) * _LONGEST_S / max(duration_s, _LONGEST_S)
        model = choose_listener(usual, list_models(ModelKind.SPEECH), language, share)
        engine = SpeechEngine(model, DecodingOptions(language=language))
        for start_s, end_s in windows:
            for track in range(sound.form.channels):
                samples = read_excerpt(sound, (track,), start_s, end_s)
                length_s = end_s - start_s
                for word in engine.transcribe_window(
                    samples, speech_s=length_s, until_s=length_s, seed=0
                ):
                    yield (start_s + word.start_s, start_s + word.end_s), word.text

    return transcribe_covered


def choose_listener(
    usual: InstalledModel, installed: Iterable[InstalledModel], language: str, share: float
) -> InstalledModel:
    """Return the best model that listens again at no more than the cost of transcribing.

    usual: the model that transcribed the interview. share: of the sound that is heard again. The
    size of a model stands for its quality and for the time that it takes, which memory does not:
    twice as many numbers take twice as long and less than twice the memory.
    """
    most_mb = usual.offer.size_mb / max(share, 0.01)
    affordable = [
        model
        for model in installed
        if model.offer.has_language(language) and model.offer.size_mb <= most_mb
    ]
    return max([usual, *affordable], key=lambda model: model.offer.size_mb)


def _find_usual(name: str, language: str) -> InstalledModel:
    """Return the model that made the transcript, or any where it is not here or made elsewhere."""
    try:
        return find_speech_model(name, language)
    except ModelMissing:
        return find_speech_model("", language)


def list_windows(covers: list[Interval], duration_s: float) -> list[Interval]:
    """Return stretches that hold every cover with some speech around it, each within 28 s.

    Covers near each other share a window, so that there are no more windows than the whole has.
    """
    found: list[Interval] = []
    for start_s, end_s in covers:
        begin, stop = max(0.0, start_s - _AROUND_S), min(duration_s, end_s + _AROUND_S)
        if found and stop - found[-1][0] <= _LONGEST_S:
            found[-1] = found[-1][0], stop
        else:
            while stop - begin > _LONGEST_S:
                found.append((begin, begin + _LONGEST_S))
                begin += _LONGEST_S
            found.append((begin, stop))
    return found
