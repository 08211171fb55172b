"""Take a recording and a transcript through the verbs, in a process that looks like Windows.

Called as ``python walk.py FOLDER`` with the folder of ``sitecustomize`` on PYTHONPATH. Prints the
exit code of each verb that did not end as it should, and what the trail says at the end.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import soundfile

from cli import main
from study.store import Argon2Cost

SPOKEN = "P07: Well, I lived in Halifax, near the Royal Infirmary.\nP07: My sister Joan did too.\n"
AGREED = (
    "--sheet", "1.0", "--sheet-date", "2026-03-01", "--form", "1.0", "--form-date", "2026-03-01",
    "--sound", "yes", "--transcription", "yes",
)  # fmt: skip


def call(*words: str | Path) -> None:
    """Call a verb."""
    code = main([str(word) for word in words])
    if code:
        sys.exit(f"{words[0]} ended with {code}")


def walk(folder: Path) -> None:
    """Make a study, bring two interviews in, review, sign and hand over one, and check it all."""
    study, sound, talk = folder / "study", folder / "visit.wav", folder / "talk.txt"
    noise = np.random.default_rng(7).normal(0, 0.1, 3 * 16_000)
    soundfile.write(sound, noise, 16_000)
    talk.write_text(SPOKEN, encoding="utf-8")
    call("new", study)
    call("consent", study, "P07", *AGREED)
    call("import", study, sound, "--label", "P07_i1", "--participant", "P07=Margaret Wilson")
    call("transcribe", study, "P07_i1", "--by-hand")
    call("import", study, talk, "--label", "P07_i2", "--participant", "P07=Margaret Wilson")
    call("anonymise", study, "P07_i2")
    call("review", study, "P07_i2", "--accept-all")
    call("sign", study, "P07_i2", "--as", "A. Officer")
    call("export", study, "P07_i2", "--to", folder / "bundle")
    call("export", study, "P07_i2", "--to", folder / "bundle.zip")
    call("verify", folder / "bundle")
    call("verify", folder / "bundle.zip")
    call("status", study)
    call("risk", study)
    call("log", "verify", study)
    call("doctor", "--json")


if __name__ == "__main__":
    Argon2Cost.__init__.__defaults__ = (1, 1, 64)  # a passphrase that costs no time
    os.environ["EARSHOT_PASSPHRASE"] = "four unrelated words"
    walk(Path(sys.argv[1]))
