"""Whether a disk is encrypted as a whole, as far as the system tells everybody (Linux alone)."""

from __future__ import annotations

import os
from pathlib import Path

_BLOCK_DEVICES = Path("/sys/dev/block")


def detect_disk_encryption(folder: Path) -> bool | None:
    """Whether the disk under a folder is encrypted as a whole; None where that cannot be told."""
    if not hasattr(os, "major") or not _BLOCK_DEVICES.is_dir():
        return None
    try:
        device = folder.stat().st_dev
    except OSError:
        return None
    block = _BLOCK_DEVICES / f"{os.major(device)}:{os.minor(device)}"
    known = [block / "dm" / "uuid", *block.glob("slaves/*/dm/uuid")]
    for path in known:
        try:
            if path.read_text(encoding="ascii").startswith("CRYPT-"):
                return True
        except (OSError, ValueError):
            continue
    return None
