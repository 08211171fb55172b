"""Anonymising opens no socket, not even one to this computer: an audit hook sees every one."""

from __future__ import annotations

import subprocess
import sys

WATCHED = """
import sys
made = []
sys.addaudithook(lambda event, _: made.append(event) if event.startswith("socket.") else None)
from anonymise.pipeline import SearchPipeline
from anonymise.recogniser import spacy
from anonymise.spacy_component import make_finder
spacy.blank("en").add_pipe("sentencizer")
print(made)
"""


def test_loading_all_that_finds_names_makes_no_socket() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
