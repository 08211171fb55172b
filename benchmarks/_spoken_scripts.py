"""The interviews of the benchmark of what is really spoken, with every detail that could identify.

``spoken_interviews/NAME.txt`` are our own, each written for this in another manner, before anybody
saw what Earshot makes of them. "@ CODE VOICE NAME, OTHER NAME" is somebody who speaks, the names
being those entered for a participant; "CODE: words" is a turn. "[words|KIND]" is a detail, of the
kinds of ``study.Category``; "{words}" should stay. One detail said twice is marked twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks._marked import Span, read_marked_line
from study import Participant

SCRIPTS = Path(__file__).parent / "spoken_interviews"
INTERVIEWER = "INT"
_LONGEST = 240  # characters that a voice says at once: it knows 500 sounds


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """What one person says, and the details in it; a span's kind is the value of a category."""

    speaker: str
    text: str
    spans: tuple[Span, ...]

    @property
    def parts(self) -> Iterator[str]:
        """The text in parts that a voice says at once, cut where sentences end."""
        part = ""
        for sentence in self.text.replace("? ", "?\n").replace(". ", ".\n").splitlines():
            if part and len(part) + len(sentence) > _LONGEST:
                yield part
                part = ""
            part = f"{part} {sentence}" if part else sentence
        yield part


@dataclass(frozen=True, slots=True)
class Script:
    """An interview: its label, who speaks with which voice, the participants' names, the turns."""

    label: str
    voices: dict[str, str]
    participants: tuple[Participant, ...]
    turns: tuple[SpokenTurn, ...]


def read_scripts(folder: Path = SCRIPTS) -> list[Script]:
    """Read all interviews, in the order of their labels."""
    return [_read_script(path) for path in sorted(folder.glob("*.txt"))]


def _read_script(path: Path) -> Script:
    voices: dict[str, str] = {}
    participants: list[Participant] = []
    turns: list[SpokenTurn] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("@ "):
            code, voice, *names = line[2:].split(" ", 2)
            voices[code] = voice
            if names:
                participants.append(Participant(code, names=tuple(names[0].split(", "))))
        elif line and not line.startswith("#"):
            code, _, said = line.partition(": ")
            marked = read_marked_line(said)
            turns.append(SpokenTurn(code, marked.text, marked.spans))
    return Script(path.stem, voices, tuple(participants), tuple(turns))
