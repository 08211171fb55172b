"""The interface, found by its entry point: the command line imports no screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.metadata import entry_points
from typing import Protocol

from cli.verb import VERB_PROGRAM
from study.errors import Fault
from study.store import RescuedRecording, Study


class RunInterface(Protocol):
    """What an interface offers: open on a study, and return the exit code when it is left."""

    def __call__(
        self,
        study: Study,
        *,
        rescued: Sequence[RescuedRecording] = (),
        broken_off: Sequence[str] = (),
        is_guided: bool = False,
        speech_model: str = "",
    ) -> int:
        """Open.

        rescued: recordings that were cut off. broken_off: sentences about other work that was.
        is_guided: say at each place which key comes next. speech_model: the name of the model that
        transcribes, "" for the best that is installed.
        """
        ...


def load_interface() -> RunInterface:
    """Load the installed interface; it runs the verbs of this command line in child processes.

    Raises:
        Fault: the installation lacks the interface.
    """
    found = entry_points(group="earshot.interface", name="terminal")
    if not found:
        raise Fault("its interface is not installed")
    (entry,) = found
    return partial(entry.load(), program=VERB_PROGRAM)
