"""``earshot verify``: check a bundle against its own list of checksums, and who signed that."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.console import Console
from cli.verb import Verb
from study.errors import BundleChanged, NoFingerprint, OtherSigner
from study.store import (
    format_fingerprint,
    format_fingerprint_groups,
    is_told_key,
    matches_fingerprint,
)

if TYPE_CHECKING:
    from handoff import Manifest

FITS = "The bundle matches its own list; who made it is not proved."
SIGNED = "The bundle matches its own list, and the key that you named signed it."
_LONGEST_KEY = 16 * 1024  # bytes
COMPARE = "Compare it with the sender's: `earshot handed STUDY` lists it there."


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "bundle", type=Path, metavar="BUNDLE", help="a folder or zip file that export made"
    )
    parser.add_argument(
        "--key",
        default="",
        metavar="FINGERPRINT|FILE",
        help="whose bundle it must be: the fingerprint on the sign-off sheet, or a file with the"
        " key; only this proves who made it",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from handoff import check_bundle

    told = _read_key(arguments.key)
    checked = check_bundle(arguments.bundle)
    is_theirs = bool(told and checked.signer) and matches_fingerprint(checked.signer or b"", told)
    data = {
        "fits_its_list": not checked.findings,
        "signed_with": format_fingerprint(checked.signer) if checked.signer else "",
        "is_proved": is_theirs and not checked.findings,
        "fingerprint": checked.fingerprint,
        "findings": checked.findings,
        "manifest": checked.manifest,
    }
    if checked.findings:
        lines = [f"{one.where} {one.what}" for one in checked.findings]
    else:
        first = SIGNED if is_theirs else FITS
        lines = [first, *_describe_signer(checked.signer), *_describe_manifest(checked.manifest)]
    if arguments.key and not is_theirs and not checked.findings:
        raise OtherSigner(is_signed=checked.signer is not None)
    console.print_result(data, [*lines, f"Fingerprint: {checked.fingerprint}", COMPARE])
    return BundleChanged.exit_code if checked.findings else 0


def _read_key(key: str) -> str:
    """Return what names a key, "" where nobody named any.

    Raises:
        NoFingerprint: it names none.
    """
    told = key
    with contextlib.suppress(OSError, ValueError):
        if Path(key).is_file():
            with Path(key).open("rb") as file:
                told = file.read(_LONGEST_KEY).decode()
    if key and not is_told_key(told):
        raise NoFingerprint
    return told


def _describe_signer(signer: bytes | None) -> Iterator[str]:
    if signer is None:
        yield "It has no signature."
        return
    yield f"It is signed with the key {format_fingerprint(signer)}"
    yield f"  {format_fingerprint_groups(signer)}"


def _describe_manifest(manifest: Manifest | None) -> Iterator[str]:
    if manifest is None:
        return
    by = f" by {manifest.handed_over_by}" if manifest.handed_over_by else ""
    yield f"It says: handed over{by} on {manifest.made_on} with {manifest.program}"
    for one in manifest.interviews:
        signed = one.sign_off
        off = f", signed off {signed.at} by {signed.name or signed.slot_name}" if signed else ""
        yield f"  {one.label}{off}"
    yield f"  head of the audit trail: {manifest.audit_trail_head}"


VERB = Verb(
    name="verify",
    summary="Check that a bundle matches its own list, and who signed it, without the study.",
    example="earshot verify for-analysis --key SHA256:x5kM0pTqfVfXzQ1q8wYcX0b8vZs7m1xwqvYg9Wc1b2E",
    run=_run,
    arguments=_arguments,
)
