"""Check a bundle without its study: does it fit its own list of checksums?

The check makes the list again from the files that are there, and packs a zip file again from its
content; both must be the same byte for byte, so one changed bit is found wherever it is. It does
not prove who made the list: anybody can change a file and make a new list. Such a list has another
*fingerprint* than the one that the study keeps: compare it with ``earshot handed STUDY``.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from handoff.bundle import MANIFEST_FILE, Manifest, format_checksums, hash_bytes, hash_files
from handoff.zip_files import build_zip
from study.errors import NotABundle
from study.store import MANIFEST_NAME, IntegrityFinding, map_os_errors


@dataclass(frozen=True, slots=True)
class BundleFindings:
    """The result of a check. ``manifest`` is None where the bundle's own cannot be read."""

    findings: tuple[IntegrityFinding, ...]
    fingerprint: str
    manifest: Manifest | None


def check_bundle(path: Path) -> BundleFindings:
    """Check whether a folder or a zip file fits its own list of checksums.

    Raises:
        NotABundle: the path holds no bundle.
    """
    findings: list[IntegrityFinding] = []
    try:
        with map_os_errors():
            there, kept = _read_folder(path) if path.is_dir() else _read_zip(path, findings)
    except (OSError, ValueError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as broken:
        raise NotABundle from broken
    listed = kept.get(MANIFEST_NAME)
    if there.pop(MANIFEST_NAME, None) is None or listed is None or MANIFEST_FILE not in kept:
        raise NotABundle
    if format_checksums(there) != listed:
        findings += _differences(there, listed)
    try:
        manifest = msgspec.json.decode(kept[MANIFEST_FILE], type=Manifest)
    except msgspec.DecodeError:
        manifest = None
        findings.append(IntegrityFinding(MANIFEST_FILE, "cannot be read"))
    return BundleFindings(tuple(findings), hash_bytes(listed), manifest)


_Files = tuple[dict[str, str], dict[str, bytes]]  # SHA-256 of each by name, content of the two


def _read_folder(path: Path) -> _Files:
    """Hash a folder one file at a time; what is no file, such as a folder, has the hash ""."""
    there: dict[str, str] = {}
    for one in path.iterdir():
        if one.is_file():
            with one.open("rb") as file:
                there[one.name] = hashlib.file_digest(file, "sha256").hexdigest()
        else:
            there[one.name] = ""
    names = [name for name in (MANIFEST_NAME, MANIFEST_FILE) if there.get(name)]
    return there, {name: (path / name).read_bytes() for name in names}


def _read_zip(path: Path, findings: list[IntegrityFinding]) -> _Files:
    raw = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        if any(one.compress_type != zipfile.ZIP_STORED for one in members):
            raise NotABundle  # ours are stored: a compressed one could unpack into anything
        contents = {one.filename: _content(archive, one, findings) for one in members}
    if build_zip(contents, smaller=False) != raw:
        findings.append(IntegrityFinding("the zip file", "is not what was written"))
    files = {name.rpartition("/")[2]: content for name, content in contents.items()}
    return hash_files(files), files


def _content(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, findings: list[IntegrityFinding]
) -> bytes:
    try:
        return archive.read(member)
    except zipfile.BadZipFile:
        findings.append(IntegrityFinding(Path(member.filename).name, "is not what was written"))
        return b""


def _differences(there: Mapping[str, str], listed: bytes) -> list[IntegrityFinding]:
    """Name the files that differ; where none does, the list itself does."""
    wanted = {
        name: digest
        for line in listed.decode(errors="replace").splitlines()
        for digest, _, name in [line.partition("  ")]
    }
    found = [
        IntegrityFinding(name, "is not what was written")
        for name in sorted(there)
        if name in wanted and wanted[name] != there[name]
    ]
    found += [IntegrityFinding(name, "is missing") for name in sorted(wanted.keys() - there)]
    found += [
        IntegrityFinding(name, "was not part of it") for name in sorted(there.keys() - wanted)
    ]
    return found or [IntegrityFinding(MANIFEST_NAME, "is not what was written")]
