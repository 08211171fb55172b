"""spaCy takes seconds to load: nobody pays for it before a search begins."""

from __future__ import annotations

import subprocess
import sys

CHECK = """
import sys, anonymise, anonymise.steps, anonymise.deciding, anonymise.cleaning, anonymise.ordering
sys.exit(any(name.partition(".")[0] in {"spacy", "thinc"} for name in sys.modules))
"""


def test_importing_anonymise_loads_no_spacy() -> None:
    assert subprocess.run([sys.executable, "-c", CHECK], check=False).returncode == 0
