"""Check a bundle without its study: does it fit its own list of checksums?

The check makes the list again from the files that are there, and packs a zip file again from its
content; both must be the same byte for byte, so one changed bit is found wherever it is. It does
not prove who made the list: anybody can change a file and make a new list. Its signature does, to
who knows the sender's key.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from handoff.bundle import MANIFEST_FILE, Manifest, format_checksums, hash_bytes
from handoff.zip_files import is_built_zip, iterate_blocks
from study import open_plain_file
from study.errors import NotABundle
from study.store import (
    MANIFEST_NAME,
    SIGNATURE_NAME,
    IntegrityFinding,
    find_signer,
    map_os_errors,
)

_MOST_LIST_BYTES = 64 << 20  # of the manifest or the list: 10,000 interviews have 20 MB
_BROKEN = (ValueError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError)


@dataclass(frozen=True, slots=True)
class BundleFindings:
    """The result of a check. ``manifest`` is None where the bundle's own cannot be read.

    signer: the public key that signed the list, None where there is no signature that fits.
    """

    findings: tuple[IntegrityFinding, ...]
    fingerprint: str
    manifest: Manifest | None
    signer: bytes | None = None


def check_bundle(path: Path) -> BundleFindings:
    """Check whether a folder or a zip file fits its own list of checksums.

    Raises:
        NotABundle: the path holds no bundle.
    """
    findings: list[IntegrityFinding] = []
    try:
        with map_os_errors():
            there, kept = _read_folder(path) if path.is_dir() else _read_zip(path, findings)
    except (*_BROKEN, OSError) as broken:
        raise NotABundle from broken
    listed = kept.get(MANIFEST_NAME)
    if there.pop(MANIFEST_NAME, None) is None or listed is None or MANIFEST_FILE not in kept:
        raise NotABundle
    signer = None
    if there.pop(SIGNATURE_NAME, None) is not None:
        signer = find_signer(kept.get(SIGNATURE_NAME, b""), listed)
        if signer is None:
            findings.append(IntegrityFinding(SIGNATURE_NAME, "is no signature of the list"))
    if format_checksums(there) != listed:
        findings += _differences(there, listed)
    try:
        manifest = msgspec.json.decode(kept[MANIFEST_FILE], type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        manifest = None
        findings.append(IntegrityFinding(MANIFEST_FILE, "cannot be read"))
    return BundleFindings(tuple(findings), hash_bytes(listed), manifest, signer)


_Files = tuple[dict[str, str], dict[str, bytes]]  # SHA-256 of each by name, content of the three


def _read_folder(path: Path) -> _Files:
    """Hash a folder one file at a time; what is no file, as a folder or a link, has the hash ""."""
    there: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    for one in path.iterdir():
        if one.is_symlink() or not one.is_file():  # what lies elsewhere is no part of it
            there[one.name] = ""
            continue
        with open_plain_file(one) as file:
            there[one.name], kept_here = _digest(one.name, file)
            kept |= kept_here
    return there, kept


def _read_zip(path: Path, findings: list[IntegrityFinding]) -> _Files:
    there: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    with open_plain_file(path) as raw, zipfile.ZipFile(raw) as archive:
        members = archive.infolist()
        if any(one.compress_type != zipfile.ZIP_STORED for one in members):
            raise NotABundle  # ours are stored: a compressed one could unpack into anything
        if sum(one.file_size for one in members) > os.fstat(raw.fileno()).st_size:
            raise NotABundle  # members that lie over each other: a small file could take days
        for member in members:
            name = member.filename.rpartition("/")[2]
            try:
                with archive.open(member) as file:
                    there[name], kept_here = _digest(name, file)
            except zipfile.BadZipFile:
                there[name], kept_here = "", {}
                findings.append(IntegrityFinding(name, "is not what was written"))
            kept |= kept_here
        if findings or not is_built_zip(archive, raw):
            findings.append(IntegrityFinding("the zip file", "is not what was written"))
    return there, kept


def _digest(name: str, file: IO[bytes]) -> tuple[str, dict[str, bytes]]:
    """Return the SHA-256 of a file that is read in blocks, and its content if it is a list."""
    if name in {MANIFEST_NAME, MANIFEST_FILE, SIGNATURE_NAME}:
        content = file.read(_MOST_LIST_BYTES + 1)
        if len(content) > _MOST_LIST_BYTES:
            raise NotABundle
        return hash_bytes(content), {name: content}
    digest = hashlib.sha256()
    for block in iterate_blocks(file):
        digest.update(block)
    return digest.hexdigest(), {}


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
