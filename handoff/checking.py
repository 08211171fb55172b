"""Checking a bundle without the study: does it fit its own list?

The list of checksums is made again from what is there and must be the same, byte for byte; a zip
file is packed again from what is in it and must be the same as well. So one changed bit is
found wherever it is. Who made the list is not proved by that: anybody can change a file and make
a new list. That leaves another *fingerprint* than the one that the study keeps: compare it with
``earshot handed STUDY``.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from handoff.bundle import PROOF, Manifest, digests, sha256, sums
from handoff.packing import packed
from study.disk import told
from study.errors import NotABundle
from study.trail import Finding
from study.verify import MANIFEST


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. ``manifest`` is what the bundle says of itself, None where it cannot."""

    findings: tuple[Finding, ...]
    fingerprint: str
    manifest: Manifest | None


def check_bundle(path: Path) -> Checked:
    """Check whether a folder or a zip file fits its own list of checksums.

    Raises:
        NotABundle: there is nothing of that kind there.
    """
    findings: list[Finding] = []
    try:
        with told():
            there, kept = _of_folder(path) if path.is_dir() else _of_zip(path, findings)
    except (OSError, ValueError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as broken:
        raise NotABundle from broken
    listed = kept.get(MANIFEST)
    if there.pop(MANIFEST, None) is None or listed is None or PROOF not in kept:
        raise NotABundle
    if sums(there) != listed:
        findings += _differences(there, listed)
    try:
        manifest = msgspec.json.decode(kept[PROOF], type=Manifest)
    except msgspec.DecodeError:
        manifest = None
        findings.append(Finding(PROOF, "cannot be read"))
    return Checked(tuple(findings), sha256(listed), manifest)


_Files = tuple[dict[str, str], dict[str, bytes]]  # SHA-256 of each by name, content of the two


def _of_folder(path: Path) -> _Files:
    """Read a folder, a file at a time; what is no file has no content of ours."""
    there: dict[str, str] = {}
    for one in path.iterdir():
        if one.is_file():
            with one.open("rb") as file:
                there[one.name] = hashlib.file_digest(file, "sha256").hexdigest()
        else:
            there[one.name] = ""
    names = [name for name in (MANIFEST, PROOF) if there.get(name)]
    return there, {name: (path / name).read_bytes() for name in names}


def _of_zip(path: Path, findings: list[Finding]) -> _Files:
    raw = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        if any(one.compress_type != zipfile.ZIP_STORED for one in members):
            raise NotABundle  # we store; what unpacks into more than it is was not made by us
        found = {one.filename: _content(archive, one, findings) for one in members}
    if packed(found, smaller=False) != raw:
        findings.append(Finding("the zip file", "is not what was written"))
    files = {name.rpartition("/")[2]: content for name, content in found.items()}
    return digests(files), files


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, findings: list[Finding]) -> bytes:
    try:
        return archive.read(member)
    except zipfile.BadZipFile:
        findings.append(Finding(Path(member.filename).name, "is not what was written"))
        return b""


def _differences(there: Mapping[str, str], listed: bytes) -> list[Finding]:
    """Name what differs; where nothing in particular does, it is the list itself."""
    wanted = {
        name: digest
        for line in listed.decode(errors="replace").splitlines()
        for digest, _, name in [line.partition("  ")]
    }
    found = [
        Finding(name, "is not what was written")
        for name in sorted(there)
        if name in wanted and wanted[name] != there[name]
    ]
    found += [Finding(name, "is missing") for name in sorted(wanted.keys() - there)]
    found += [Finding(name, "was not part of it") for name in sorted(there.keys() - wanted)]
    return found or [Finding(MANIFEST, "is not what was written")]
