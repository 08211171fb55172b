"""Telling voices apart beside transcribing the same sound, each as a person would call it.

The voices' models are small ones of our own (``tools/apart.py``): the parts that Earshot
does itself, such as joining blocks and assigning words, cost what they cost; real models cost more.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks._place import EARSHOT, Place
from benchmarks._processes import ran
from benchmarks.frame import Row

_LABEL, _RATE = "P04", 16_000
_NOTE = "with small models of voices of our own; real ones cost more"


def rows(place: Place, quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes shorter sound."""
    seconds = 40 if quick else 780
    place.seal(_LABEL, seconds, _RATE)
    place.model("tiny")
    folder = place.folder / "models" / "speakers"
    subprocess.run([sys.executable, "-m", "tools.apart", str(folder)], check=True)
    words = ran([EARSHOT, "transcribe", place.study, _LABEL, "--model", "tiny"], place.around)
    voices = ran([EARSHOT, "speakers", place.study, _LABEL, "--count", "3"], place.around)
    share = 100 * voices.seconds / (voices.seconds + words.seconds)
    beside = f"transcribing {seconds} s with tiny: {words.seconds:.1f} s"
    return [Row("telling voices apart, of both", share, "%", beside, note=_NOTE)]
