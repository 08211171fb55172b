"""An edited turn is looked at again at once: the search that remembers against the whole one.

An interview of 8,000 words, all of it decided, in a study with two more. One turn is corrected;
the time is from the call to the last byte on disk. Both are measured in one run, the model warm.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

from anonymise import accept_all_mentions, search_transcript
from benchmarks.frame import Row, at_least, at_most
from models import DEMONSTRATION_NAMES, find_names_model, load_demonstration
from study import ArtefactKind, InterviewDetails, Provenance, Transcript, Turn, Word
from study.store import Argon2Cost, Interview, Study, TranscriptEditor

_WORDS, _QUICK_WORDS = 8_000, 2_000
_TIMES, _QUICK_TIMES = 15, 5
_LIMIT_MS = 100.0
_FILLERS = (
    "and", "so", "we", "then", "sat", "down", "there", "with", "it", "all", "again", "you", "know",
    "but", "not", "now", "because", "of", "that",
)  # fmt: skip


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - as every benchmark's
    """Search, decide, correct a turn, search again."""
    words = _QUICK_WORDS if quick else _WORDS
    with tempfile.TemporaryDirectory() as made:
        cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
        study, _ = Study.create(Path(made) / "study", "four unrelated words", cost=cheap)
        with study:
            interviews = [_entered(study, f"P0{n}", words) for n in (1, 2, 3)]
            model = find_names_model()
            begun = time.perf_counter()
            search_transcript(study.interview(interviews[0]), name_model=model)
            first_s = time.perf_counter() - begun
            for interview in interviews:
                search_transcript(study.interview(interview), name_model=model)
                accept_all_mentions(study.interview(interview))
            search_transcript(study.interview(interviews[0]), name_model=model)
            accept_all_mentions(study.interview(interviews[0]))
            again_ms = _again_ms(study.interview(interviews[0]), _QUICK_TIMES if quick else _TIMES)
            whole_ms = _whole_ms(study.interview(interviews[0]))
    name = f"one edited turn of {words:,} words, searched again"
    return [
        Row("the first search of all, model loaded", 1000 * first_s, "ms"),
        Row("a search without memory, model warm", whole_ms, "ms"),
        at_most(name, again_ms, _LIMIT_MS, "ms"),
        at_least(
            "times faster than without memory", whole_ms / again_ms, 3, "x",
            compared_with="the same search without memory",
        ),
    ]  # fmt: skip


def _entered(study: Study, label: str, words: int) -> str:
    dice = random.Random(label)
    spoken = [turn for name in DEMONSTRATION_NAMES for turn in load_demonstration(name).turns]
    turns: list[Turn] = []
    count = 0
    while count < words:
        speaker, text = spoken[len(turns) % len(spoken)]
        said = f"{text} {' '.join(dice.choices(_FILLERS, k=25))}."
        turns.append(_heard(len(turns) + 1, speaker, said, dice))
        count += len(said.split())
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails(label))
        change.write_artefact(
            ArtefactKind.RAW, Transcript(tuple(turns), Provenance("transcribe", "b"))
        )
    return interview


def _heard(key: int, speaker: str, said: str, dice: random.Random) -> Turn:
    """Return a turn of one second as a model hears it: each word with its times and probability."""
    parts = said.split()
    step = 1 / len(parts)
    words = tuple(
        Word(part, key - 1 + n * step, key - 1 + (n + 1) * step, dice.betavariate(8, 1))
        for n, part in enumerate(parts)
    )
    return Turn(key, speaker, key - 1, key, said, words)


def _again_ms(interview: Interview, times: int) -> float:
    """Return the median time of a search after one turn was corrected."""
    pen = TranscriptEditor(interview)
    model = find_names_model()
    taken: list[float] = []
    for number in range(times):
        key = 7 + 3 * number
        pen.set_text(key, f"Well, {number} of us went there with her.")
        begun = time.perf_counter()
        search_transcript(interview, name_model=model)
        taken.append(time.perf_counter() - begun)
    return 1000 * statistics.median(taken)


def _whole_ms(interview: Interview) -> float:
    with interview.change("forgotten") as change:
        change.drop_artefact(ArtefactKind.FOUND)
    begun = time.perf_counter()
    search_transcript(interview, name_model=find_names_model())
    return 1000 * (time.perf_counter() - begun)
