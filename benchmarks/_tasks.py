"""The assistant's tasks: how many keys each takes, and how long the program takes for them.

Each task is a script of keys, pressed one after the other in a real pseudo-terminal, each when all
was painted for the one before; what it had to bring about is then looked up in the study. The keys
of commands come from the command table. Seconds are the program's alone: a person thinks, too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app import COMMANDS, KEY_SIGNS
from benchmarks.frame import Row, at_most
from study import (
    UNSURE,
    ArtefactKind,
    Category,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    Turn,
    Word,
)
from study.store import (
    Argon2Cost,
    Interview,
    Study,
    read_decisions,
    read_newest_transcript,
)

_PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards nothing
_LABEL, _OTHER = "Long07", "Long08"
_BYTES = {"enter": "\r", "escape": "\x1b", "space": " ", "right": "\x1b[C", "down": "\x1b[B"}
_KEYS = {command.id: command.key.split(",")[0] for command in COMMANDS}
_MADE_BY = Provenance("transcribe", "benchmark", "none", "00" * 32)
_PERSON = 1 + list(Category).index(Category.PERSON)

_VOICES = (
    "I came here in nineteen seventy four with my mother and two bags.",
    "We all remember that, because you sang the whole way up the hill.",
    "Nobody told me that there would be so many stairs in this house.",
    "The nurse says that the lift will be mended before the summer comes.",
    "My husband does not like it, he would rather sit in the garden.",
    "So tell me then, who of you decides what happens on a Monday?",
)
_DOUBTED = "It was very {} in that room for all of us."
_NAMED = "Then Arthur said that he would rather stay at home with number {}."
_NAMES = 58


@dataclass(frozen=True, slots=True)
class Task:
    """A task: what is done, with which keys, and how to see that it is.

    keys: ids of commands with ``@`` in front, or keys; ``=`` and letters that are typed. before:
    how many keys it took in version 0.6; halved: whether half of them is the aim. told: what the
    same takes elsewhere, reckoned from what those programs can do.
    """

    what: str
    turns: Sequence[Turn]
    keys: Sequence[str]
    is_done: Callable[[Interview], bool]
    before: int
    halved: bool = False
    told: str = ""
    mentions: Sequence[Mention] = ()
    other: Sequence[Turn] = ()


Press = Callable[[Path, bytes, Sequence[bytes]], float]


def measure_tasks(press: Press) -> list[Row]:
    """Do each task in a study of its own.

    press: opens it, waits for the first words, presses the keys, and returns the seconds that the
    program took for them.
    """
    rows: list[Row] = []
    for task in list_tasks():
        keys = [byte for key in task.keys for byte in spell(key)]
        with tempfile.TemporaryDirectory(prefix="earshot-bench-") as place:
            folder = Path(place) / "study"
            make_study(folder, task)
            took_s = press(folder, task.turns[0].text.split()[0].encode(), keys)
            with Study.open(folder, _PASSPHRASE) as study:
                done = task.is_done(study.interview(study.find_interview(_LABEL).id))
        if not done:
            raise RuntimeError(f"{task.what}: the keys did not do it")
        against = f"{task.before} in version 0.6{'; ' if task.told else ''}{task.told}"
        limit = task.before / 2 if task.halved else task.before
        rows += [
            at_most(f"{task.what}: keys", len(keys), limit, "keys", compared_with=against),
            Row(f"{task.what}: the program's time", took_s, "s"),
        ]
    return rows


def spell(key: str) -> list[bytes]:
    """Return what a terminal sends: for a command, for letters that are typed, or for a key."""
    if key.startswith("="):
        return [letter.encode() for letter in key[1:]]
    key = _KEYS[key[1:]] if key.startswith("@") else key
    return [_BYTES.get(key, KEY_SIGNS.get(key, key)).encode()]


def make_study(folder: Path, task: Task) -> None:
    """Make a study with the interview of a task, and another where the task asks for one."""
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    study, _ = Study.create(folder, _PASSPHRASE, cost=cheap)
    people = tuple(Participant(f"P{n}") for n in range(1, 7))
    with study:
        for label, turns in ((_LABEL, task.turns), (_OTHER, task.other)):
            with study.change("entered") as change:
                change.add_interview(InterviewDetails(label, people))
                if not turns:
                    continue
                change.write_artefact(
                    ArtefactKind.RAW,
                    Transcript(tuple(turns), _MADE_BY),
                    TranscriptFacts(len(turns)),
                )
                if label == _LABEL:
                    searched = TranscriptRef(ArtefactKind.RAW, 1)
                    found = Mentions(searched, tuple(task.mentions), _MADE_BY, ("person",))
                    facts = MentionsFacts(searched, undecided=len(task.mentions))
                    change.write_artefact(ArtefactKind.MENTIONS, found, facts)


def list_tasks() -> list[Task]:
    """Return the tasks."""
    return [_fix(), _untangle(), _label(), _add(), _decide(), _replace(), _doubts()]


def _fix() -> Task:
    turns = [_turn(n, _NAMED.format(n)) for n in range(1, 5)]
    turns.append(_turn(5, "We all went to Skippden on a Monday.", {"Skippden": 0.3}))
    return Task(
        "fix a word",
        turns,
        ["@interview.next_doubt", "@interview.edit", "=Skipton", "@typing.done"],
        lambda interview: "to Skipton on" in _texts(interview)[4],
        before=10,
        told="9 in oTranscribe and Subtitle Edit: a double click and the word, once it is seen",
    )


def _untangle() -> Task:
    keys = [
        step
        for number in range(2, 7)
        for step in ("@interview.next_phrase", f"@interview.speaker_{number}")
    ]
    return Task(
        "untangle a turn of six voices",
        [_turn(1, " ".join(_VOICES)), _turn(2, "Well then, that was that.")],
        keys,
        lambda interview: (
            [(t.speaker, t.text) for t in _turns(interview)[:6]]
            == [(f"P{n}", text) for n, text in enumerate(_VOICES, 1)]
        ),
        before=80,
        halved=True,
        told="85 in oTranscribe: 12 words on, Enter, and a code such as S2 with colon and blank,"
        " for each of 5",
    )


def _label() -> Task:
    wanted = [1 + n % 2 for n in range(13)]
    return Task(
        "label 13 turns",
        [_turn(n, f"This is what was said as number {n} of them.", speaker="P3")
         for n in range(1, 14)],
        [f"@interview.speaker_{number}" for number in wanted],
        lambda interview: [t.speaker for t in _turns(interview)] == [f"P{n}" for n in wanted],
        before=25,
        halved=False,
        told="76 in oTranscribe: a code with colon and blank, and Down and Home between",
    )  # fmt: skip


def _add() -> Task:
    return Task(
        "add a missed name at all its 58 places",
        [_turn(n, _NAMED.format(n)) for n in range(1, _NAMES + 1)],
        ["@interview.find", "=Arthur", "enter", "@interview.mention", f"={_PERSON}",
         "@interview.same"],
        lambda interview: len(read_decisions(interview)) == _NAMES,
        before=239,
        halved=True,
        told="19 in Subtitle Edit: find and replace with a placeholder, which keeps no log",
    )  # fmt: skip


def _decide() -> Task:
    turns = [_turn(n, f"Then Margaret{n} came in.") for n in range(1, 21)]
    mentions = [
        Mention(f"m{t.key}", t.key, 5, 5 + len(f"Margaret{t.key}"), Category.PERSON, "names", 0.9,
                f"[Person {t.key}]")
        for t in turns
    ]  # fmt: skip
    return Task(
        "decide 20 mentions of 20 people",
        turns,
        ["@interview.accept"] * 20,
        lambda interview: all(one.decision for one in read_decisions(interview)),
        before=20,
        mentions=mentions,
    )


def _replace() -> Task:
    said = ["We moved to Skippden.", "In Skippden it rained.", "Then Leeds.", "Skippden again."]
    return Task(
        "fix a word, and what was heard as wrongly in two interviews",
        [_turn(n, text, {"Skippden": 0.3}) for n, text in enumerate(said, 1)],
        ["@interview.next_doubt", "@interview.edit", "=Skipton", "@typing.done", "@interview.same",
         "@replacing.replace"],
        lambda interview: "Skippden" not in " ".join(_texts(interview))
        and "Skiptun" not in " ".join(_texts(interview.study.interview(
            interview.study.find_interview(_OTHER).id))),
        before=49,
        halved=True,
        told="36 in Subtitle Edit: find and replace, once for each spelling, in each of two files",
        other=[_turn(1, "I was born in Skiptun, you know.")],
    )  # fmt: skip


def _doubts() -> Task:
    words = ("quiet", "cold", "light", "small", "warm", "bright", "full", "high", "long", "dark",
             "odd", "plain")  # fmt: skip
    return Task(
        "go through 12 doubts",
        [_turn(n, _DOUBTED.format(word), {word: 0.3}) for n, word in enumerate(words, 1)],
        ["@interview.next_doubt", *["@interview.settle"] * 12],
        lambda interview: not any(turn.is_doubtful for turn in _turns(interview)),
        before=24,
        told="neither oTranscribe nor Subtitle Edit knows doubts",
    )


def _turn(key: int, text: str, unsure: dict[str, float] | None = None, speaker: str = "P1") -> Turn:
    start_s = 10.0 * key
    words = tuple(
        Word(f" {word}", start_s + n * 0.1, start_s + (n + 1) * 0.1,
             (unsure or {}).get(word.strip(".,?"), 0.95))
        for n, word in enumerate(text.split())
    )  # fmt: skip
    flags = (UNSURE,) if unsure and any(word in text for word in unsure) else ()
    return Turn(key, speaker, start_s, start_s + 0.1 * len(words), text, words, flags)


def _turns(interview: Interview) -> list[Turn]:
    source = read_newest_transcript(interview)
    return list(source.transcript.turns) if source else []


def _texts(interview: Interview) -> list[str]:
    return [turn.text for turn in _turns(interview)]
