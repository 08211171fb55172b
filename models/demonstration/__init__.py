"""The spoken demonstration interviews that ship with Earshot, and their scripts.

Three interviews of one case: the participant, his wife, a member of staff. Everybody in them is
invented and every voice is synthetic; ``CARD.md`` says how they were made.
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

    sound: the recording. recorded: "microphones" (one for each speaker), "table" (one for all) or
    "telephone". speakers: codes of all who speak. channels: codes in the order of the sound's
    channels, () where one channel has everybody. turns: (speaker, text) with every "um". details:
    the identifying words, as spoken. names: (code, words) for each way a speaker of the case is
    named.
    """

    sound: Path
    recorded: str
    speakers: tuple[str, ...]
    channels: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    details: tuple[str, ...]
    names: tuple[tuple[str, str], ...]


@cache
def load_demonstration(name: str = FIRST_DEMONSTRATION) -> Demonstration:
    """Load one of ``DEMONSTRATION_NAMES``. Raises FileNotFoundError for another name."""
    path = _FOLDER / f"{name}.toml"
    script = tomllib.loads(path.read_text(encoding="utf-8"))
    speakers = tuple(speaker["code"] for speaker in script["speaker"])
    return Demonstration(
        sound=path.with_suffix(".flac"),
        recorded=script["recorded"],
        speakers=speakers,
        channels=speakers if script["recorded"] == "microphones" else (),
        turns=tuple((turn["speaker"], turn["text"]) for turn in script["turn"]),
        details=tuple(detail["text"] for detail in script["detail"]),
        names=tuple(
            (detail["about"], detail["text"])
            for detail in script["detail"]
            if detail["kind"] == "person" and detail["about"] != "other"
        ),
    )
