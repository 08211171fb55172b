"""The spoken demonstration interviews that ship with Earshot, and the scripts they were made from.

Three interviews of one case: the participant with his wife, the wife alone, a member of staff.
Everybody in them is invented and every voice is synthetic.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FIRST = "interview"
NAMES = (FIRST, "spouse", "staff")

_FOLDER = Path(__file__).parent

SOUND = _FOLDER / f"{FIRST}.flac"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a script says: the truth that the pipeline is compared with.

    sound: what was spoken from it. speakers: codes in the order of the sound's channels. turns:
    (speaker, text) as a good transcript would have them. details: what identifies somebody, as
    it is said.
    """

    sound: Path
    speakers: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    details: tuple[str, ...]


@cache
def demonstration(name: str = FIRST) -> Demonstration:
    """Return the script of one of NAMES. Raises FileNotFoundError for another name."""
    path = _FOLDER / f"{name}.toml"
    script = tomllib.loads(path.read_text(encoding="utf-8"))
    return Demonstration(
        sound=path.with_suffix(".flac"),
        speakers=tuple(speaker["code"] for speaker in script["speaker"]),
        turns=tuple((turn["speaker"], turn["text"]) for turn in script["turn"]),
        details=tuple(detail["text"] for detail in script["detail"]),
    )
