"""Zip files that are the same bytes whenever they are made of the same content.

Names in a fixed order, one fixed time, no attributes of a file system.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can hold
_UNIX, _READABLE = 3, 0o644 << 16


def packed(files: Mapping[str, bytes], *, smaller: bool = True) -> bytes:
    """Return a zip file with these files in this order.

    smaller: deflated; else stored as they are, which another version of zlib cannot change.
    """
    out = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if smaller else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, _TIME)
            member.create_system, member.external_attr = _UNIX, _READABLE
            archive.writestr(member, content, how)
    return out.getvalue()
