"""``earshot verify``: check a bundle against its own list of checksums."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.console import Console
from cli.verb import Verb
from study.errors import BundleChanged

if TYPE_CHECKING:
    from handoff import Manifest

FITS = "The bundle fits its own list; who made it is not proved."
COMPARE = "Compare it with the sender's: `earshot handed STUDY` lists it there."


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "bundle", type=Path, metavar="BUNDLE", help="a folder or zip file that export made"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from handoff import check_bundle

    checked = check_bundle(arguments.bundle)
    data = {
        "fits_its_list": not checked.findings,
        "fingerprint": checked.fingerprint,
        "findings": checked.findings,
        "manifest": checked.manifest,
    }
    if checked.findings:
        lines = [f"{one.where} {one.what}" for one in checked.findings]
    else:
        lines = [FITS, *_describe_manifest(checked.manifest)]
    console.print_result(data, [*lines, f"Fingerprint: {checked.fingerprint}", COMPARE])
    return BundleChanged.exit_code if checked.findings else 0


def _describe_manifest(manifest: Manifest | None) -> Iterator[str]:
    if manifest is None:
        return
    yield f"It says of itself: handed over on {manifest.made_on} with {manifest.program}"
    for one in manifest.interviews:
        signed = one.sign_off
        by = f", signed off {signed.at} by {signed.name or signed.slot_name}" if signed else ""
        yield f"  {one.label}{by}"
    yield f"  head of the audit trail: {manifest.audit_trail_head}"


VERB = Verb(
    name="verify",
    summary="Check that a bundle fits its own list, without the study or a passphrase.",
    example="earshot verify for-analysis",
    run=_run,
    arguments=_arguments,
)
