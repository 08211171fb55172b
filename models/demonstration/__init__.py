"""The spoken demonstration interview that ships with Earshot, and the script it was made from.

Everybody in it is invented and every voice is synthetic.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOUND = Path(__file__).with_name("interview.flac")
SCRIPT = Path(__file__).with_name("interview.toml")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the script says: the truth that the pipeline is compared with.

    speakers: codes in the order of the sound's channels. turns: (speaker, text) as a good
    transcript would have them. details: what identifies somebody, as it is said.
    """

    speakers: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    details: tuple[str, ...]


@cache
def demonstration() -> Demonstration:
    """Return the script of the demonstration interview."""
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    return Demonstration(
        speakers=tuple(speaker["code"] for speaker in script["speaker"]),
        turns=tuple((turn["speaker"], turn["text"]) for turn in script["turn"]),
        details=tuple(detail["text"] for detail in script["detail"]),
    )
