"""Who speaks: voices told apart on one microphone, beside sherpa-onnx's clustering and "S?".

    EARSHOT_NATURAL_VOICES=FOLDER EARSHOT_CONVERSATIONS=FOLDER python -m benchmarks speakers

``_speaker_sounds`` makes the sounds, base transcribes them as anybody would (its words stay in the
cache), ``_speaker_runs`` tells voices apart, ``_speaker_scores`` counts. sherpa-onnx clusters the
same model's embeddings of a piece every quarter of a second, and each word gets the cluster of the
piece around it. "S?" is one speaker for everybody: what a transcript says without all this.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path

import msgspec
import numpy as np
import platformdirs
import soundfile

from benchmarks._speaker_runs import OURS, SHERPA, ApartJob, Told, ToldApart
from benchmarks._speaker_scores import (
    OverlapScore,
    SpeakerScore,
    score_overlaps,
    score_speakers,
)
from benchmarks._speaker_sounds import (
    AT_ONCE,
    CONVERSATION,
    CONVERSATIONS_FOLDER,
    INTERVIEW,
    READERS,
    VOICES_FOLDER,
    SpeakerCase,
    make_interruptions,
    make_interviews,
    make_readings,
    read_conversations,
)
from benchmarks._word_errors import HeardWord
from benchmarks._word_runs import OURS as TRANSCRIBE
from benchmarks._word_runs import SoundJob, Transcriptions
from benchmarks._word_sounds import RATE
from benchmarks.frame import Row, at_least, at_most
from models import find_speech_model, find_voice_model
from study.errors import EarshotError

_MODEL = "base"
_TURN_PAUSE_S = 0.8  # between words: a transcript without speakers ends a turn there
_HOUR_S = 3600.0
_MOST_SHARE = 8.0  # % of the processor's seconds of transcribing
_AIMS = {
    (INTERVIEW, "two people"): 0.98, (INTERVIEW, "three people"): 0.95,
    (READERS, "two readers"): 0.95, (READERS, "three readers"): 0.95,
    (READERS, "four readers"): 0.95,
}  # fmt: skip
_MISSING = {
    READERS: "the recordings in ../shared/data/speech are not on this computer",
    INTERVIEW: f"no natural voices: {VOICES_FOLDER} names no folder, or ../shared/tools is missing",
    AT_ONCE: "no natural voices",
    CONVERSATION: f"{CONVERSATIONS_FOLDER} names no folder of recordings with their truth",
}


@dataclass(frozen=True, slots=True)
class HeardCase:
    """A case, its words in turns without speakers, and what transcribing it took."""

    case: SpeakerCase
    turns: list[list[HeardWord]]
    cpu_s: float


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes the readers that nothing was fitted on."""
    for find in (find_voice_model, lambda: find_speech_model(_MODEL)):
        try:
            find()
        except EarshotError as missing:
            return [Row("words with the right speaker", None, "", note=str(missing))]
    with tempfile.TemporaryDirectory(prefix="earshot-speakers-") as name:
        return _measure(Path(name), quick=quick)


def _measure(folder: Path, *, quick: bool) -> list[Row]:
    made = {
        READERS: make_readings(folder),
        INTERVIEW: [] if quick else make_interviews(folder),
        AT_ONCE: [] if quick else make_interruptions(folder),
        CONVERSATION: [] if quick else read_conversations(folder),
    }
    rows = [
        Row(f"{kind}: words with the right speaker", None, "", note=_MISSING[kind])
        for kind, cases in made.items()
        if not cases and not quick
    ]
    cases = [case for some in made.values() for case in some if not (quick and case.is_fitted)]
    if not cases:
        return rows
    heard = [_transcribe(case) for case in cases]
    given = _tell_apart(heard, [len(case.speakers) for case in cases])
    alone = [one for one in heard if one.case.kind != AT_ONCE]
    guessed = _tell_apart(alone, [None] * len(alone))
    peer = _tell_apart(heard, [len(case.speakers) for case in cases], SHERPA)
    for is_fitted in (False, True):
        groups = dict.fromkeys((c.kind, c.name) for c in cases if c.is_fitted == is_fitted)
        for group in groups:
            chosen = [n for n, case in enumerate(cases)
                      if (case.kind, case.name, case.is_fitted) == (*group, is_fitted)]  # fmt: skip
            rows += _make_rows(heard, chosen, given.sounds, peer.sounds or None)
    rows.append(_count_guesses([one.case for one in alone], guessed.sounds))
    return rows + ([] if quick else _measure_hour(folder, heard))


def _make_rows(
    heard: Sequence[HeardCase],
    chosen: Sequence[int],
    given: Sequence[ToldApart],
    peer: Sequence[ToldApart] | None,
) -> list[Row]:
    case = heard[chosen[0]].case
    ours = _add_scores(heard, chosen, given)
    others = {"S?": _add_scores(heard, chosen, [_say_nobody(one) for one in heard])}
    if peer is not None:
        others = {"sherpa-onnx": _add_scores(heard, chosen, peer), **others}

    def beside(show: Callable[[SpeakerScore], float]) -> str:
        return ", ".join(f"{name} {show(one):.3f}" for name, one in others.items())

    def row(figure: str, show: Callable[[SpeakerScore], float], aim: float | None = None) -> Row:
        value = round(show(ours), 3)
        if aim is None or case.is_fitted:
            return Row(figure, value, "", beside(show))
        return at_least(figure, value, aim, "", compared_with=beside(show))

    seconds = sum(heard[n].case.seconds for n in chosen)
    at_once = reduce(
        add, (score_overlaps(heard[n].case.said, given[n].mixed) for n in chosen), OverlapScore()
    )
    name = f"{case.name}, {seconds:.0f} s{', fitted on' if case.is_fitted else ''}"
    talks = case.kind == INTERVIEW
    return [
        row(f"{name}: words right", lambda s: s.words.value, _AIMS.get((case.kind, case.name))),
        row("  first three words of a turn right", lambda s: s.first_words.value),
        row(f"  changes within .5 s, of {ours.changes.of:.0f}", lambda s: s.changes.value, 0.9),
        row("  of the changes found, true ones", lambda s: s.found_changes.value),
        *([row(f"  replies under 1 s right, of {ours.replies.of:.0f}", lambda s: s.replies.value)]
          if talks else []),
        *([Row(f"  of {at_once.marked.of:.0f} stretches that are perhaps two at once, true ones",
               round(at_once.marked.value, 3), ""),
           Row(f"  two at once for a second, of {at_once.found.of:.0f}: found",
               round(at_once.found.value, 3), "")]
          if case.kind in {INTERVIEW, AT_ONCE} else []),
        row("  diarisation error", lambda s: 1 - s.diarisation.value),
        row("  of it the wrong person", lambda s: 1 - s.confusion.value),
    ]  # fmt: skip


def _add_scores(
    heard: Sequence[HeardCase], chosen: Sequence[int], told: Sequence[ToldApart]
) -> SpeakerScore:
    scores = (score_speakers(heard[n].case.said, told[n].words) for n in chosen)
    return reduce(add, scores, SpeakerScore())


def _say_nobody(heard: HeardCase) -> ToldApart:
    words = [replace(word, speaker="S?") for turn in heard.turns for word in turn]
    return ToldApart(words, 1, 0.0)


def _count_guesses(cases: Sequence[SpeakerCase], guessed: Sequence[ToldApart]) -> Row:
    aside = [(case, told) for case, told in zip(cases, guessed, strict=True) if not case.is_fitted]
    right = sum(told.count == len(case.speakers) for case, told in aside)
    wrong = ", ".join(f"{case.name}: {told.count}" for case, told in aside
                      if told.count != len(case.speakers))  # fmt: skip
    figure = f"number of people guessed right, of {len(aside)} not fitted on"
    made = at_least(figure, right / len(aside), 0.8, "")
    return replace(made, note=f"guessed wrong: {wrong}" if wrong else "")


def _measure_hour(folder: Path, heard: Sequence[HeardCase]) -> list[Row]:
    """Join two people's interviews to an hour, and tell voices apart in it."""
    pairs = [one for one in heard if one.case.kind == INTERVIEW and len(one.case.speakers) == 2]  # noqa: PLR2004
    if not pairs:
        return []
    one = pairs[-1]
    sound, _ = soundfile.read(one.case.path, dtype="int16")
    length_s = len(sound) / RATE
    times = round(_HOUR_S / length_s)
    path = folder / "hour.wav"
    soundfile.write(path, np.tile(sound, times), RATE, subtype="PCM_16")
    turns = [
        [HeardWord(w.text, w.start_s + n * length_s, w.end_s + n * length_s) for w in turn]
        for n in range(times)
        for turn in one.turns
    ]
    told = _run_jobs([ApartJob(str(path), turns, 2)])
    hours = times * length_s / _HOUR_S
    cpu_s = told.sounds[0].cpu_s / hours
    words_s = one.cpu_s / length_s * _HOUR_S
    return [
        at_most("an hour of two people: processor, of transcribing with base",
                100 * cpu_s / words_s, _MOST_SHARE, "%",
                compared_with=f"{cpu_s:.0f} of {words_s:.0f} CPU s"),
        Row("  peak memory", told.peak_mb, "MB"),
    ]  # fmt: skip


def _transcribe(case: SpeakerCase) -> HeardCase:
    """Transcribe a case with base, once: its words stay in the cache."""
    cache = Path(platformdirs.user_cache_dir("earshot-benchmarks"), "speakers")
    cache.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(case.path.read_bytes()).hexdigest()[:16]
    kept = cache / f"words-{_MODEL}-{digest}.json"
    if not kept.exists():
        jobs = msgspec.json.encode([SoundJob(str(case.path), [])])
        command = [sys.executable, "-m", "benchmarks._word_runs", TRANSCRIBE, _MODEL]
        kept.write_bytes(
            subprocess.run(command, input=jobs, capture_output=True, check=True).stdout
        )
    (made,) = msgspec.json.decode(kept.read_bytes(), type=Transcriptions).sounds
    turns: list[list[HeardWord]] = []
    for word in made.words:
        if not turns or word.start_s - turns[-1][-1].end_s >= _TURN_PAUSE_S:
            turns.append([])
        turns[-1].append(word)
    return HeardCase(case, turns, made.cpu_s)


def _tell_apart(heard: Sequence[HeardCase], counts: Sequence[int | None], way: str = OURS) -> Told:
    if way == SHERPA and importlib.util.find_spec("sherpa_onnx") is None:
        return Told([], 0.0)
    return _run_jobs([
        ApartJob(str(one.case.path), one.turns, count, way)
        for one, count in zip(heard, counts, strict=True)
    ])  # fmt: skip


def _run_jobs(jobs: Sequence[ApartJob]) -> Told:
    command = [sys.executable, "-m", "benchmarks._speaker_runs"]
    done = subprocess.run(
        command, input=msgspec.json.encode(jobs), capture_output=True, check=False, env=os.environ
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return msgspec.json.decode(done.stdout, type=Told)
