"""Anonymising opens no socket, not even one to this computer: an audit hook sees every one.

Nor does it load spaCy's command line, which brings the clients of the network.
"""

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
clients = {"requests", "weasel", "typer", "spacy.cli"}
print(sorted(clients & set(sys.modules)))
print(spacy.info(silent=True)["spacy_version"] == spacy.__version__, "spacy.cli" in sys.modules)
"""


def test_loading_all_that_finds_names_makes_no_socket_and_no_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True
    )

    sockets, clients, on_demand = done.stdout.splitlines()
    assert sockets == "[]"
    assert clients == "[]"
    assert on_demand == "True True"
