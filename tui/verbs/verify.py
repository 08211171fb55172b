"""``earshot verify``: was anything in a bundle changed since it was handed over?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from handoff.bundle import Manifest
from handoff.checking import check_bundle
from study.errors import BundleChanged
from tui.talk import Talk
from tui.verb import Verb


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "bundle", type=Path, metavar="BUNDLE", help="a folder or zip file that export made"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    checked = check_bundle(given.bundle)
    data = {
        "whole": not checked.findings,
        "fingerprint": checked.fingerprint,
        "findings": checked.findings,
        "manifest": checked.manifest,
    }
    if checked.findings:
        lines = [f"{one.where} {one.what}" for one in checked.findings]
    else:
        lines = ["Every byte is as it was handed over.", *_told(checked.manifest)]
    talk.result(data, [*lines, f"Fingerprint: {checked.fingerprint}"])
    return BundleChanged.exit_code if checked.findings else 0


def _told(manifest: Manifest | None) -> Iterator[str]:
    if manifest is None:
        return
    yield f"Handed over on {manifest.made_on} with {manifest.program}"
    for one in manifest.interviews:
        signed = one.sign_off
        by = f", signed off {signed.at} by {signed.name or signed.slot_name}" if signed else ""
        yield f"  {one.label}{by}"
    yield f"Head of the audit trail: {manifest.audit_trail_head}"


VERB = Verb(
    name="verify",
    summary="Check a bundle that was handed over, without the study and without a passphrase.",
    example="earshot verify for-analysis",
    run=_run,
    arguments=_arguments,
)
