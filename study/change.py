"""What may be done inside one transaction on a study."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from study import schema, trail
from study.artefacts import Kind, key_class
from study.errors import BadName
from study.facts import Facts
from study.seal import seal
from study.terms import About
from study.words import as_written

if TYPE_CHECKING:
    from study.store import Study

_ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_ID_LENGTH = 8  # 31**8: a chance of 1 in 1.7 million that two of 1,000 interviews collide
_LONGEST_CODE = 40
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}


class Change:
    """What may be done inside one transaction; collects the facts of its trail line.

    ``interview`` is the one that the line is about; a new interview becomes it where none was
    named. A fact about any other interview carries that one's id in front: ``study:pseudonyms.2``.
    """

    def __init__(self, study: Study, at: str, interview: str = "") -> None:
        self.study = study
        self.at = at
        self.interview = interview
        self.facts: trail.Facts = {}

    def add_interview(self, about: About, interview: str | None = None) -> str:
        """Enter an interview and give it its own keys.

        Raises:
            BadName: its label or a code is not one, or the label is taken.
        """
        check(self.study, about)
        interview = interview or new_id()
        self.study.db.execute("INSERT INTO interview VALUES (?, ?)", [interview, self.at])
        self.study.make_data_keys(interview)
        self.interview = self.interview or interview
        self.put(interview, Kind.ABOUT, about)
        return interview

    def put(self, interview: str, kind: Kind, content: object, facts: Facts | None = None) -> int:
        """Seal a new version of an artefact; ``facts`` stand beside it in the clear."""
        version = self.study.version(interview, kind) + 1
        plain = _plain(facts)
        bound = self.study.bound(
            "artefact", interview, kind, version, 0, self.at, plain, schema.FORMAT
        )
        sealed = self._sealed(interview, kind, content, bound)
        self.study.db.execute(
            "INSERT INTO artefact VALUES (?, ?, ?, ?, ?, ?, ?)",
            [interview, kind, version, self.at, plain, sealed, schema.FORMAT],
        )
        self._witness(interview, f"{kind}.{version}", hashlib.sha256(sealed).hexdigest())
        return version

    def append(
        self, interview: str, kind: Kind, content: object, facts: Facts | None = None
    ) -> int:
        """Seal one more entry to the newest version of an artefact; return its number."""
        return self.append_all(interview, kind, [content], facts)

    def append_all(
        self, interview: str, kind: Kind, contents: Iterable[object], facts: Facts | None = None
    ) -> int:
        """Seal entries to the newest version of an artefact; return the number of the last."""
        version = self.study.version(interview, kind)
        number = self.study.entry_count(interview, kind, version)
        plain = _plain(facts)
        for content in contents:
            number += 1
            bound = self.study.bound(
                "entry", interview, kind, version, number, self.at, plain, schema.FORMAT
            )
            sealed = self._sealed(interview, kind, content, bound)
            self.study.db.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [interview, kind, version, number, self.at, plain, sealed, schema.FORMAT],
            )
            digest = hashlib.sha256(sealed).hexdigest()
            self._witness(interview, f"{kind}.{version}.{number}", digest)
        return number

    def drop(self, interview: str, kind: Kind) -> None:
        """Remove all versions of a provisional artefact (a transcription under way)."""
        self.study.recent.forget()
        for table in ("entry", "artefact"):
            self.study.db.execute(
                f"DELETE FROM {table} WHERE interview = ? AND kind = ?",  # noqa: S608 - two constants
                [interview, kind],
            )
        self._witness(interview, f"{kind}.dropped", 1)

    def _witness(self, interview: str, what: str, fact: str | int) -> None:
        name = what if interview == self.interview else f"{interview}:{what}"
        self.facts[name] = fact

    def _sealed(self, interview: str, kind: Kind, content: object, bound: bytes) -> bytes:
        key = self.study.data_key(interview, key_class(kind))
        return seal(key, msgspec.json.encode(content, enc_hook=as_written), bound)


def _plain(facts: Facts | None) -> str:
    return "{}" if facts is None else msgspec.json.encode(facts, order="sorted").decode()


def new_id() -> str:
    """Return a random id for an interview."""
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))


def check(study: Study, about: About) -> None:
    """Refuse an interview that could not be entered, before any work is done for it.

    Raises:
        BadName: its label or a code is not one, or the label is taken.
    """
    codes = [*(p.code for p in about.participants), *about.channels]
    for name, what in [(about.label, "label"), *((code, "participant code") for code in codes)]:
        if not is_code(name):
            raise BadName(what)
    if any(about.label in {s.label, s.id} for s in study.summaries()):
        raise BadName("label: another interview has it already")


def is_code(name: str) -> bool:
    """Whether a label or participant code holds only what every file system and format takes.

    It begins with a letter or digit: a dash in front would be an option on the command line and
    a formula in a spreadsheet. Names of Windows' own devices are no file names there.
    """
    return (
        name.casefold() not in _DEVICES
        and 0 < len(name) <= _LONGEST_CODE
        and name.isascii()
        and name[0].isalnum()
        and name.replace("-", "").replace("_", "").isalnum()
    )
