"""The spoken demonstration interviews that ship with Earshot, and their scripts.

Three interviews of one case: the participant with his wife, the wife alone, a member of staff.
Everybody in them is invented and every voice is synthetic.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FIRST_DEMONSTRATION = "interview"
DEMONSTRATION_NAMES = (FIRST_DEMONSTRATION, "spouse", "staff")

_FOLDER = Path(__file__).parent

DEMONSTRATION_SOUND = _FOLDER / f"{FIRST_DEMONSTRATION}.flac"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A demonstration interview as its script has it, to compare results with.

    sound: the recording. speakers: codes in the order of the sound's channels. turns: (speaker,
    text) as a correct transcript has them. details: the identifying words, as spoken.
    """

    sound: Path
    speakers: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    details: tuple[str, ...]


@cache
def load_demonstration(name: str = FIRST_DEMONSTRATION) -> Demonstration:
    """Load one of ``DEMONSTRATION_NAMES``. Raises FileNotFoundError for another name."""
    path = _FOLDER / f"{name}.toml"
    script = tomllib.loads(path.read_text(encoding="utf-8"))
    return Demonstration(
        sound=path.with_suffix(".flac"),
        speakers=tuple(speaker["code"] for speaker in script["speaker"]),
        turns=tuple((turn["speaker"], turn["text"]) for turn in script["turn"]),
        details=tuple(detail["text"] for detail in script["detail"]),
    )
