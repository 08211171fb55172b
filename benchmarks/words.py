"""The words themselves, with genuine weights: Earshot beside faster-whisper on real recordings.

    python -m benchmarks words [--model tiny.en|base|both] [--only NAME…] [--ours-only] [--wrong]

``_word_sounds`` makes the sounds, ``_word_runs`` transcribes them, each way in a process of its
own, ``_word_errors`` counts. faster-whisper runs three times as its documentation calls it, with
its voice activity on, with it off, and batched; same weights, int8, two threads. Its words of
two microphones are compared with both speakers' together, for it averages them; Earshot's are
compared speaker by speaker, which is harder.

``--ours-only`` takes the peers' transcripts from an earlier run on the same sounds, so that a
change of the engine is measured in a third of the time. Only a run without options is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import platformdirs

from benchmarks import frame
from benchmarks._place import EARSHOT, PASSPHRASE
from benchmarks._word_errors import Score, list_errors, pair_speakers, score_words
from benchmarks._word_runs import OURS, PEERS, SoundJob, Transcriptions
from benchmarks._word_sounds import (
    APART,
    NOTHING,
    RATE,
    SPARSE,
    Case,
    Sound,
    Workshop,
    find_recordings,
    read_recordings,
    sparse_blocks,
)
from benchmarks.frame import Row, at_most
from models import find_speech_model
from study import InterviewDetails, SoundFormat
from study.errors import EarshotError
from study.store import Argon2Cost, IncomingSound, Study

MODELS = ("tiny.en", "base")
LONG = "three hours, sparse"

_QUICK_CASES = ("question and answer", "hum")
_MOST_CPU = {APART: 1.1, SPARSE: 2.0}
_MOST_CPU_ON_TALK = 1.1
_HOURS = 3
_FIRST_WORDS_S = 5.0
_PATIENCE_S = 180.0
_FIRST_WORDS = b'"what":"transcribing"'
_TOLD = 2000  # characters of what a process that failed has said


@dataclass(frozen=True, slots=True)
class Choice:
    """What is measured: the models, the cases by name (none: all), and what is reused or shown."""

    models: Sequence[str] = MODELS
    only: Sequence[str] = ()
    ours_only: bool = False
    shows_wrong: bool = False
    cache: Path = field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("earshot-benchmarks"), "words")
    )

    def wants(self, name: str) -> bool:
        """Whether a case of that name is measured; a part of the name is enough."""
        return not self.only or any(part in name for part in self.only)


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes the smaller model and two sounds."""
    return measure(Choice(MODELS[:1], _QUICK_CASES) if quick else Choice())


def choose(arguments: Sequence[str]) -> Callable[[bool], list[Row]]:
    """Return the run that the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks words")
    parser.add_argument("--model", choices=(*MODELS, "both"), default="both")
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="parts of names")
    parser.add_argument("--ours-only", action="store_true", help="take the peers from earlier runs")
    parser.add_argument("--wrong", action="store_true", help="print Earshot's wrong words")
    given = parser.parse_args(arguments)
    models = MODELS if given.model == "both" else (given.model,)
    wanted = Choice(models, given.only, given.ours_only, given.wrong)
    return lambda _: measure(wanted)


def measure(choice: Choice) -> list[Row]:
    """Measure what is chosen; what is not on this computer is told in a row without a value."""
    recordings = find_recordings()
    if recordings is None:
        note = "the recordings in ../shared/data/speech are not on this computer"
        return [Row("word error rate", None, "%", note=note)]
    rows = [row for model in choice.models if (row := _note_missing(model))]
    models = [model for model in choice.models if _note_missing(model) is None]
    if models:
        with tempfile.TemporaryDirectory(prefix="earshot-words-") as folder:
            workshop = Workshop(Path(folder), read_recordings(recordings))
            cases = [make() for name, make in workshop.cases.items() if choice.wants(name)]
            for model in models:
                for case in cases:
                    rows += _show(measure_case(choice, model, case))
                if choice.wants(LONG):
                    rows += _show([_measure_first_words(model, workshop, Path(folder))])
    if choice.wants("stop"):
        note = "measured with the virtual microphone by `python -m benchmarks transcribe`"
        rows.append(Row("base: transcript after the stop", None, "s", aim="<= 10", note=note))
    return rows


def _note_missing(model: str) -> Row | None:
    """Return the row that tells why a model is not measured, None if it is installed."""
    try:
        find_speech_model(model)
    except EarshotError as missing:
        return Row(f"{model}: word error rate", None, "%", note=str(missing))
    return None


def _show(rows: list[Row]) -> list[Row]:
    """Print what is measured at once: the whole takes long."""
    print(f"{frame.table(rows)}\n", file=sys.stderr, flush=True)
    return rows


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way made of a case."""

    score: Score
    cpu_s: float
    peak_mb: float

    @property
    def errors(self) -> str:
        """The error rate in %, and the words substituted, missing and added."""
        s = self.score
        return f"{s.rate:.1f} ({s.substituted}/{s.missing}/{s.added})"


def measure_case(choice: Choice, model: str, case: Case) -> list[Row]:
    """Transcribe the sounds of a case each way, and return its rows."""
    name = f"{model}, {case.name}"
    try:
        found = {
            way: made
            for way in (OURS, *PEERS)
            if (made := _transcribe_case(choice, way, model, case)) is not None
        }
    except RuntimeError as broken:  # costs the other cases nothing
        return [Row(name, None, "%", holds=False, note=str(broken))]
    if choice.shows_wrong:
        _print_wrong(case, found[OURS])
    figures = {way: count_figures(case.sounds, made) for way, made in found.items()}
    return make_rows(name, case.kind, figures)


def count_figures(sounds: Iterable[Sound], made: Transcriptions) -> Figures:
    """Score every sound of a case and add it up."""
    total = Score()
    for sound, heard in zip(sounds, made.sounds, strict=True):
        total += score_words(sound.said, heard.words, heard.gaps)
    return Figures(total, sum(heard.cpu_s for heard in made.sounds), made.peak_mb)


def make_rows(name: str, kind: str, figures: Mapping[str, Figures]) -> list[Row]:
    """Return a case's rows: Earshot's figures, the peers' beside them, and what they should be."""
    ours = figures[OURS]
    peers = {way: figures[way] for way in PEERS if way in figures}

    def beside(show: Callable[[Figures], str]) -> str:
        return ", ".join(f"{PEERS[way]} {show(one)}" for way, one in peers.items())

    silent = at_most("  words where nobody speaks", ours.score.in_silence, 0, "words",
                     compared_with=beside(lambda one: str(one.score.in_silence)))  # fmt: skip
    memory = Row("  peak memory", ours.peak_mb, "MB", beside(lambda one: f"{one.peak_mb:.0f}"))
    cpu = Row("  processor", ours.cpu_s, "CPU s", beside(lambda one: f"{one.cpu_s:.1f}"))
    if kind == NOTHING:
        return [Row(name, None, ""), silent, cpu, memory]
    rates = beside(lambda one: one.errors)
    untold = at_most("  speech without a word, untold", round(ours.score.untold_s, 2), 0, "s",
                     compared_with=beside(lambda one: f"{one.score.untold_s:.1f}"))  # fmt: skip
    errors = Row(f"{name}: {ours.errors} of {ours.score.spoken}", ours.score.rate, "%", rates)
    if peers:
        best = min(one.score.rate for one in peers.values())
        errors = at_most(errors.figure, round(ours.score.rate, 2), round(best, 2), "%",
                         compared_with=rates)  # fmt: skip
    if plain := [peers[way] for way in ("vad", "plain") if way in peers]:
        fair = min(plain, key=lambda one: (one.score.errors, one.cpu_s))
        times = _MOST_CPU.get(kind, _MOST_CPU_ON_TALK)
        tracks = 2 if kind == APART else 1
        cpu = at_most(cpu.figure, ours.cpu_s, round(times * tracks * fair.cpu_s, 1), cpu.unit,
                      compared_with=cpu.compared_with)  # fmt: skip
    return [errors, untold, silent, cpu, memory]


def _print_wrong(case: Case, made: Transcriptions) -> None:
    for sound, heard in zip(case.sounds, made.sounds, strict=True):
        for spoken, words in pair_speakers(sound.said, heard.words):
            wrong = [f"{said or '+'}>{got or '-'}" for said, got in list_errors(spoken, words)]
            print(case.name, " ".join(wrong), file=sys.stderr)


def _transcribe_case(choice: Choice, way: str, model: str, case: Case) -> Transcriptions | None:
    """Transcribe the sounds of a case; a peer that is to be reused is None where there is none."""
    kept = choice.cache / f"{way}-{model}-{_digest(case)}.json"
    if choice.ours_only and way != OURS:
        if not kept.exists():
            return None
        return msgspec.json.decode(kept.read_bytes(), type=Transcriptions)
    made = _run_way(way, model, case)
    choice.cache.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(made)
    return msgspec.json.decode(made, type=Transcriptions)


def _run_way(way: str, model: str, case: Case) -> bytes:
    """Transcribe the sounds of a case in a process of its own; returns ``Transcriptions``.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    speakers = ["A", "B"] if case.kind == APART else []
    jobs = msgspec.json.encode([SoundJob(str(sound.path), speakers) for sound in case.sounds])
    command = [sys.executable, "-m", "benchmarks._word_runs", way, model]
    done = subprocess.run(command, input=jobs, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-_TOLD:]
        raise RuntimeError(f"{way} failed on {case.name}: {said}")
    return done.stdout


def _digest(case: Case) -> str:
    """Return a name for the very sounds of a case, and for the peer that hears them."""
    sums = hashlib.sha256(importlib.metadata.version("faster-whisper").encode())
    for sound in case.sounds:
        sums.update(sound.path.read_bytes())
    return f"{case.name.replace(' ', '-')}-{sums.hexdigest()[:12]}"


def _measure_first_words(model: str, workshop: Workshop, folder: Path) -> Row:
    """Start on three hours with a piece a minute, and stop when the first words are saved."""
    place = folder / f"long-{model}"
    cost = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    with (
        Study.create(place, PASSPHRASE, cost=cost)[0] as study,
        IncomingSound(study, SoundFormat(RATE, 1)) as incoming,
    ):
        for block in sparse_blocks(workshop.pieces, _HOURS):
            incoming.write(np.asarray(block).tobytes())
        incoming.keep(InterviewDetails("P01"), {})
    command = [EARSHOT, "transcribe", place, "P01", "--model", model, "--json"]
    begun_s = time.monotonic()
    process = subprocess.Popen(
        command,
        env=os.environ | {"EARSHOT_PASSPHRASE": PASSPHRASE},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    patience = threading.Timer(_PATIENCE_S, process.terminate)
    patience.start()
    try:
        found = any(_FIRST_WORDS in line for line in _read_lines(process))
        first_s = time.monotonic() - begun_s
    finally:
        patience.cancel()
        process.terminate()
        process.wait()
    figure = f"{model}, {LONG}: first words saved"
    if not found:
        note = "it ended before it had any"
        return Row(figure, None, "s", aim=f"<= {_FIRST_WORDS_S:g}", holds=False, note=note)
    return at_most(figure, first_s, _FIRST_WORDS_S, "s")


def _read_lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    assert process.stdout is not None
    with process.stdout as lines:
        yield from lines
