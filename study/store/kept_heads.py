"""Heads of the trail that are kept outside the study, on a share or a stick.

An owner can rewrite the end of the trail that they wrote themselves, or put back an older copy of
the whole study; only a head that was kept elsewhere shows that. One is appended whenever somebody
signs.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from study.descriptors import open_descriptor, sync_descriptor
from study.errors import NoKeptHeads
from study.plain_files import read_plain_file
from study.store.disk import PRIVATE_FILE
from study.store.study import Study
from study.store.study_policy import read_study_policy
from study.store.trail import TrailHead, read_trail_head

_COUNT = re.compile(r"[0-9]{1,18}")
_MOST_BYTES, _MOST_LINES = 16 << 20, 200_000  # some 100,000 heads have 16 MB


def keep_head(study: Study) -> bool:
    """Append the trail's head to the file that the study's policy names.

    Returns false where it could not be written: the share may not be there. True where the policy
    names none.
    """
    path = read_study_policy(study).heads_file
    if not path:
        return True
    head = read_trail_head(study.db)
    line = f"{study.id} {head.count}:{head.hash} {study.now()}\n"
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        descriptor = open_descriptor(Path(path), flags, PRIVATE_FILE, follows=False)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return False
            os.write(descriptor, line.encode())
            sync_descriptor(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        return False
    return True


def read_kept_heads(study: Study, path: Path) -> list[TrailHead]:
    """Return the heads of this study in a file, in its order; those of others are left out.

    Raises:
        NoKeptHeads: the file cannot be read, or holds no head of this study.
    """
    try:
        text = read_plain_file(path, _MOST_BYTES).decode("ascii")
    except (OSError, ValueError) as refused:
        raise NoKeptHeads from refused
    if text.count("\n") > _MOST_LINES:
        raise NoKeptHeads
    heads: list[TrailHead] = []
    for line in text.split("\n"):
        whose, _, rest = line.partition(" ")
        count, _, digest = rest.partition(" ")[0].partition(":")
        if whose == study.id and _COUNT.fullmatch(count) and digest:
            heads.append(TrailHead(int(count), digest))
    if not heads:
        raise NoKeptHeads
    return heads
