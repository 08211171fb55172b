"""A three-hour interview through the command line: how long, how much memory, when the first words.

Beside it, faster-whisper's own voice activity and whisper-ctranslate2 as a user would call it, on
the same sound with the same model.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import platformdirs

from benchmarks._place import EARSHOT, THREADS, Place, write_wav
from benchmarks._processes import Ran, ran
from benchmarks.frame import Row, at_most

_RATE = 16_000
_MIN, _QUICK_MIN = (10, 180), (1, 2)
_TOKENS = 30  # a fast model: all that is compared here does the rest as well
_FIRST_WORDS_S = 5.0
_GROWN_MB = 30.0
_LIMIT_S = 90.0
_PEER = ("whisper-ctranslate2==0.5.8", "faster-whisper==1.2.1", "av<19")


def rows(place: Place, quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes minutes for hours, and the peer only where it was fetched before."""
    short_min, long_min = _QUICK_MIN if quick else _MIN
    model = place.model("tiny", _TOKENS)
    short, long = (_transcribed(place, minutes) for minutes in (short_min, long_min))
    wav = write_wav(place.folder / "long.wav", 60 * long_min, _RATE)
    first_s = long.first(_HEARD)
    length = f"{long_min} min of sound"
    made = [
        Row(f"{long_min} min: earshot transcribe", long.seconds, "s", "tiny, 30 tokens a window"),
        Row("  its speed", 60 * long_min / long.seconds, "x", "real time"),
        at_most("  first words saved after", first_s or long.seconds, _FIRST_WORDS_S, "s",
                compared_with=length),
        at_most("  memory, grown with length", long.peak_mb - short.peak_mb, _GROWN_MB, "MB",
                compared_with=f"{long_min} min against {short_min} min, {short.peak_mb:.0f} MB"),
        _own_voice_activity(place, model, wav, 10 if quick else _LIMIT_S),
    ]  # fmt: skip
    return made + _against_peer(place, model, wav, long, only_if_there=quick)


_HEARD = '"what":"transcribing"'


def _transcribed(place: Place, minutes: int) -> Ran:
    label = f"L{minutes}"
    place.seal(label, 60 * minutes, _RATE)
    command = [EARSHOT, "transcribe", place.study, label, "--model", "tiny", "--json"]
    return ran(command, place.around)


def _own_voice_activity(place: Place, model: Path, wav: Path, limit_s: float) -> Row:
    """Wait for faster-whisper's first words."""
    command = [sys.executable, "-m", "benchmarks._plain", "own-voice-activity"]
    peer = ran([*command, model, wav, THREADS], place.around, limit_s=limit_s)
    first_s = peer.first("words")
    figure = "  first words of faster-whisper with its own voice activity"
    if first_s is None:
        return Row(figure, None, "s", note=f"none within {limit_s:.0f} s")
    return Row(figure, first_s, "s", f"{len(peer.lines)} segments within {limit_s:.0f} s")


def _against_peer(
    place: Place, model: Path, wav: Path, ours: Ran, *, only_if_there: bool
) -> list[Row]:
    figure = "  whisper-ctranslate2, the same sound and model"
    try:
        program = _peer(only_if_there=only_if_there)
    except (OSError, subprocess.CalledProcessError) as missing:
        return [Row(figure, None, "s", note=f"not fetched ({type(missing).__name__})")]
    # As its own help says, and no more: a user gives the model, the language and the file. Only
    # the text before is kept from the model, whose places in the text it would shift.
    command = [program, wav, "--model_directory", model, "--language", "en", "--device", "cpu",
               "--compute_type", "int8", "--output_dir", place.folder / "peer",
               "--condition_on_previous_text", "False"]  # fmt: skip
    peer = ran(command, place.around)
    return [
        Row(figure, peer.seconds, "s"),
        at_most("  Earshot's time against it", ours.seconds / peer.seconds, 1, "x",
                compared_with="whisper-ctranslate2"),
        Row("  its peak memory", peer.peak_mb, "MB", f"Earshot: {ours.peak_mb:.0f} MB"),
    ]  # fmt: skip


def _peer(*, only_if_there: bool) -> Path:
    """Return the peer's program, in an environment of its own that is kept for the next time.

    Raises:
        FileNotFoundError: it is not there, and was not to be fetched.
        CalledProcessError: it could not be fetched.
    """
    place = Path(platformdirs.user_cache_dir("earshot-benchmarks")) / "whisper-ctranslate2"
    program = place / "bin" / "whisper-ctranslate2"
    if not program.exists():
        if only_if_there:
            raise FileNotFoundError
        venv.create(place, with_pip=True, clear=True)
        fetching = [place / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*fetching, "--only-binary", ":all:", *_PEER], check=True)
    return program
