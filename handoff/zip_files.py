"""Zip files whose bytes depend on their content alone.

They have one fixed time, and no attributes of a file system.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
_UNIX, _READABLE = 3, 0o644 << 16


def build_zip(files: Mapping[str, bytes], *, smaller: bool = True) -> bytes:
    """Return a zip file with these files in this order.

    smaller: compress them; else they are stored, which no other version of zlib changes.
    """
    out = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if smaller else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, _TIME)
            member.create_system, member.external_attr = _UNIX, _READABLE
            archive.writestr(member, content, how)
    return out.getvalue()
