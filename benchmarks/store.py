"""The sealed store: importing against a plain copy, a large study, memory of a long import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.frame import Row, at_least, at_most
from capture import import_sound
from study import (
    ArtefactKind,
    InterviewDetails,
    MentionsFacts,
    Participant,
    SoundFormat,
    TranscriptFacts,
    TranscriptRef,
)
from study.store import Argon2Cost, IncomingSound, Keyring, Study, make_slot, open_slot

_RATE = 16_000
_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
_PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards noise
_MB = 1e6

_IMPORT_ONE = """
import resource, sys
from pathlib import Path
from capture.sound_import import import_sound
from study.store.study import Study
from study import InterviewDetails

with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    import_sound(study, Path(sys.argv[3]), InterviewDetails(sys.argv[4]))
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
own = [s for s in Path("/proc/self/status").read_text().splitlines() if s.startswith("VmHWM")]
print(int(own[0].split()[1]), children)
"""


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes shorter sound and builds the same study."""
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        place = Path(folder)
        rows = _importing(place, minutes=3 if quick else 60)
        rows += _listing(place, interviews=1000)
        rows += _memory(place, long_min=20 if quick else 180)
    return rows


def _importing(place: Path, minutes: int) -> list[Row]:
    sound, what = place / "talk.wav", f"{minutes} min at 16 kHz mono"
    brief = place / "brief.wav"
    _make_wav(sound, 60 * minutes)
    _make_wav(brief, 1)
    megabytes = sound.stat().st_size / _MB
    study, _ = Study.create(place / "importing", _PASSPHRASE, cost=_CHEAP)
    with study:
        plain_s = median(_timed(lambda: _copy(sound, place / "copy.wav")) for _ in range(3))
        sealed_s = median(_timed(lambda: _seal(study, sound)) for _ in range(3))
        labels = iter(f"P{n}" for n in range(10))

        def bring_in(one: Path) -> None:
            import_sound(study, one, InterviewDetails(next(labels)))

        brief_s = median(_timed(lambda: bring_in(brief)) for _ in range(3))
        whole_s = median(_timed(lambda: bring_in(sound)) for _ in range(3))
    plain, sealed = megabytes / plain_s, megabytes / sealed_s
    whole = megabytes / (whole_s - brief_s)  # without starting the decoder
    return [
        Row("plain copy, made durable", plain, "MB/s", what),
        Row("sealing alone, made durable", sealed, "MB/s", "the same, from memory"),
        at_most("starting an import", brief_s, 2, "s", compared_with="one second of sound"),
        at_least("sealed import, once started", whole, 20, "MB/s", compared_with="the same file"),
        Row("sealed import, time", whole_s / plain_s, "x", "the plain copy"),
        Row("sealed import, speed", 60 * minutes / whole_s, "x", "real time"),
    ]


def _listing(place: Path, interviews: int) -> list[Row]:
    study, _ = Study.create(place / "large", _PASSPHRASE, cost=_CHEAP)
    with study:
        _fill(study, interviews)
    opening: list[float] = []
    listing: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        with Study.open(place / "large", _PASSPHRASE) as opened:
            between = time.perf_counter()
            assert len(opened.summaries()) == interviews
            listing.append(time.perf_counter() - between)
            opening.append(between - start)
    slot = make_slot(Keyring.generate(), 1, "owner", _PASSPHRASE)
    unlocking = [_timed(lambda: open_slot(slot, _PASSPHRASE)) for _ in range(3)]
    size = f"{interviews} interviews"
    return [
        at_most("opening without the passphrase's cost", median(opening), 0.1, "s",
                compared_with=size),
        at_most("listing", median(listing), 0.5, "s", compared_with=size),
        at_most("a passphrase, at its real cost", median(unlocking), 1.0, "s",
                compared_with="Argon2id t3, 64 MiB, p4"),
    ]  # fmt: skip


def _memory(place: Path, long_min: int) -> list[Row]:
    short, long = place / "short.wav", place / "long.wav"
    _make_wav(short, 3 * 60)
    _make_wav(long, long_min * 60)
    folder = place / "memory"
    Study.create(folder, _PASSPHRASE, cost=_CHEAP)[0].close()
    (few, few_child), (many, many_child) = (
        _peaks(folder, sound, label) for sound, label in ((short, "P1"), (long, "P2"))
    )
    compared = f"{long_min} min against 3 min"
    return [
        Row("peak memory of an import", few, "MB", "3 min at 16 kHz mono"),
        at_most("growth with length", many - few, 10, "MB", compared_with=compared),
        at_most("the same, its decoder", many_child - few_child, 10, "MB", compared_with=compared),
    ]


def _peaks(folder: Path, sound: Path, label: str) -> tuple[float, float]:
    """Import in a child process; returns its own peak and its decoder's, in MB."""
    told = subprocess.run(
        [sys.executable, "-c", _IMPORT_ONE, folder, _PASSPHRASE, sound, label],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    own, decoder = (int(kib) * 1024 / _MB for kib in told)
    return own, decoder


def _make_wav(path: Path, seconds: int) -> None:
    """Write noise, which no codec or disk can make smaller."""
    second = os.urandom(2 * _RATE)
    with path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        for _ in range(seconds):
            sound.writeframes(second)
        file.flush()


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _seal(study: Study, sound: Path) -> None:
    """Seal a file's bytes second by second as an import would, and leave nothing."""
    raw = sound.read_bytes()[44:]
    second = 2 * _RATE
    with IncomingSound(study, SoundFormat(_RATE, 1)) as incoming:
        for start in range(0, len(raw), second):
            incoming.write(raw[start : start + second])
        incoming._writer.end()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - without entering it


def _fill(study: Study, interviews: int) -> None:
    """Enter interviews as they are after transcription, in one transaction."""
    with study.change("filled") as change:
        for number in range(interviews):
            interview = f"{number:08}"
            about = InterviewDetails(f"P{number:04}", (Participant(f"P{number:04}"),))
            study.db.execute("INSERT INTO interview VALUES (?, ?)", [interview, change.made_at])
            study.rows.make_data_keys(interview)
            change.write_artefact(ArtefactKind.ABOUT, about, owner=interview)
            change.write_artefact(
                ArtefactKind.RAW, "x" * 20_000, TranscriptFacts(120), owner=interview
            )
            change.write_artefact(
                ArtefactKind.MENTIONS,
                "x" * 5_000,
                MentionsFacts(TranscriptRef(ArtefactKind.RAW, 1), undecided=4),
                owner=interview,
            )


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
