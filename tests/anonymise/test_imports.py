"""spaCy takes seconds to load: nobody pays for it before a search begins."""

from __future__ import annotations

import subprocess
import sys

CHECK = """
import sys
import anonymise.clean_transcript, anonymise.mention_decisions, anonymise.review_order
import anonymise.keep_list, anonymise.search
sys.exit(any(name.partition(".")[0] in {"spacy", "thinc"} for name in sys.modules))
"""


def test_importing_anonymise_loads_no_spacy() -> None:
    assert subprocess.run([sys.executable, "-c", CHECK], check=False).returncode == 0
