"""``earshot settings``: how a study writes down what was said."""

from __future__ import annotations

import argparse

from models import shelf
from study import conventions
from study.conventions import BEST, LONGEST_PAUSE_S, NOT, SHORTEST_PAUSE_S
from study.terms import Settings
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

_FOLLOWED = {
    BEST: "transcribed by the best model that was fetched and fits this computer",
    NOT: "not transcribed",
}
_VERBATIM = "verbatim: every word as it was heard"
_INTELLIGENT = "intelligent verbatim: fillers and stumbles are left out when it is handed over"


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "--names-as-hints",
        choices=("yes", "no"),
        help="whether the speech model is told the participants' names, to write them rightly",
    )
    parser.add_argument(
        "--while-recording",
        metavar="MODEL",
        help="the speech model that follows a recording in the interface: its name, best, or no",
    )
    parser.add_argument(
        "--pauses",
        type=_seconds,
        metavar="SECONDS",
        help="tell silences from so long on, such as 3; 0 tells none",
    )
    parser.add_argument(
        "--text",
        choices=("verbatim", "intelligent"),
        help="what is handed over: every word that was heard, or without fillers and stumbles",
    )


def _seconds(typed: str) -> float:
    """Read a number of seconds that pauses may be told from.

    Raises:
        ValueError: it is none; argparse says so.
    """
    seconds = float(typed)
    if seconds and not SHORTEST_PAUSE_S <= seconds <= LONGEST_PAUSE_S:
        raise argparse.ArgumentTypeError(
            f"give {SHORTEST_PAUSE_S:.0f} to {LONGEST_PAUSE_S:.0f} seconds, or 0 for none"
        )
    return seconds


def _run(given: argparse.Namespace, talk: Talk) -> int:
    changed: dict[str, str | float | bool] = {}
    if given.names_as_hints:
        changed["names_as_hints"] = given.names_as_hints == "yes"
    if given.while_recording:
        if given.while_recording not in {BEST, NOT}:
            shelf.speech(given.while_recording)
        changed["while_recording"] = given.while_recording
    if given.pauses is not None:
        changed["pause_s"] = given.pauses
    if given.text:
        changed["is_intelligent"] = given.text == "intelligent"
    with opened(given, talk) as study:
        settings = conventions.settle(study, **changed)
    talk.result(settings, _lines(settings))
    return 0


def _lines(settings: Settings) -> list[str]:
    pauses = f"told from {settings.pause_s:g} s on" if settings.pause_s else "not told"
    return [
        f"pauses           {pauses}",
        f"text             {_INTELLIGENT if settings.is_intelligent else _VERBATIM}",
        f"while recording  {_FOLLOWED.get(settings.while_recording, settings.while_recording)}",
        f"microphone       {settings.device or 'not chosen yet'}",
        f"names as hints   {'yes' if settings.names_as_hints else 'no'}",
    ]


VERB = Verb(
    name="settings",
    summary="Show or change what a study has settled for all its transcripts.",
    example="earshot settings dementia-course --names-as-hints yes",
    run=_run,
    arguments=_arguments,
)
