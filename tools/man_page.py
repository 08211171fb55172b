"""Write the manual page of ``earshot`` from its verbs.

    python -m tools.man_page > docs/earshot.1

It is installed with the package, so that ``man earshot`` opens it; a test holds it to the verbs.
"""

from __future__ import annotations

import os
import re
from unittest import mock

from argparse_manpage.manpage import Manpage

from cli.command_line import build_parser
from study import VERSION

_ABOUT = {
    "project_name": "earshot",
    "version": VERSION,
    "date": " ",  # none, or the page would change from day to day
    "manual_title": "Earshot",
    "description": "record, transcribe and anonymise research interviews on this computer",
}
# Whose lines are as they should be read: troff would fill them into a paragraph.
_LAID_OUT = re.compile(r"^(?:usage: |example:\n).*?(?=\n\n|\n\.)", re.MULTILINE | re.DOTALL)


def render_man_page() -> str:
    """Return the page in troff; the same on every day and in every terminal."""
    with mock.patch.dict(os.environ, {"COLUMNS": "76"}):  # what argparse wraps its usage to
        page = str(Manpage(build_parser(), dict(_ABOUT)))
    return _LAID_OUT.sub(lambda found: f".nf\n{found[0]}\n.fi", page)


if __name__ == "__main__":
    print(render_man_page(), end="")
