"""``earshot settings``: the choices that hold for all transcripts of a study."""

from __future__ import annotations

import argparse

from app import forget_voice_prints, format_count
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from models import find_speech_model
from study import (
    AUTO_LANGUAGE,
    BEST_MODEL,
    LONGEST_PAUSE_S,
    NO_MODEL,
    SHORTEST_PAUSE_S,
    StudySettings,
    name_language,
    parse_language,
    require_short,
    sanitise_text,
)
from study.store import change_settings

_NO_TITLE = "-"
_FOLLOWED = {
    BEST_MODEL: "transcribed by the best model that was fetched and fits this computer",
    NO_MODEL: "not transcribed",
}
_VERBATIM = "verbatim: every word as it was heard"
_TOLD_APART = "told apart by their voices after the words, where one microphone heard all"
_NOT_TOLD_APART = "not told apart by their voices"
_PRINTS_KEPT = "kept, to name the same voices in other interviews (biometric data)"
_INTELLIGENT = "intelligent verbatim: fillers and stumbles are left out when it is handed over"


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument("--title", help="the study's title, as an archive is given it; - for none")
    parser.add_argument(
        "--language",
        help="the language of interviews that name none: de, de-AT, German, Deutsch, or auto",
    )
    parser.add_argument(
        "--names-as-hints",
        choices=("yes", "no"),
        help="whether the speech model is told the participants' names, to spell them correctly",
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
        help="show silences from this many seconds on, such as 3; 0 shows none",
    )
    parser.add_argument(
        "--text",
        choices=("verbatim", "intelligent"),
        help="what is handed over: every word that was heard, or without fillers and stumbles",
    )
    parser.add_argument(
        "--tell-voices-apart",
        choices=("yes", "no"),
        help="whether the speakers of one microphone are told apart once the words are there",
    )
    parser.add_argument(
        "--voice-prints",
        choices=("yes", "no"),
        help="whether voices are remembered, to name them in other interviews: biometric data",
    )


def _seconds(typed: str) -> float:
    """Read the shortest pause that transcripts show, in seconds; 0 for none.

    Raises:
        ValueError: the text is no number; argparse reports it.
        argparse.ArgumentTypeError: the number is out of range.
    """
    seconds = float(typed)
    if seconds and not SHORTEST_PAUSE_S <= seconds <= LONGEST_PAUSE_S:
        raise argparse.ArgumentTypeError(
            f"give {SHORTEST_PAUSE_S:.0f} to {LONGEST_PAUSE_S:.0f} seconds, or 0 for none"
        )
    return seconds


def _read_title(typed: str) -> str:
    title = sanitise_text(" ".join(typed.split()))
    require_short(title)
    return "" if title == _NO_TITLE else title


def _run(arguments: argparse.Namespace, console: Console) -> int:
    changed = _read_changes(arguments)
    with open_named_study(arguments, console) as study:
        settings = change_settings(study, **changed)
        if not settings.allows_voice_prints and arguments.voice_prints:
            forgotten = forget_voice_prints(study)
            console.say(f"Voice prints of {format_count(forgotten, 'interview')} were removed.")
    console.print_result(settings, _lines(settings))
    return 0


def _read_changes(arguments: argparse.Namespace) -> dict[str, str | float | bool]:
    changed: dict[str, str | float | bool] = {}
    if arguments.title is not None:
        changed["title"] = _read_title(arguments.title)
    if arguments.language is not None:
        changed["language"] = parse_language(arguments.language)
    if arguments.names_as_hints:
        changed["names_as_hints"] = arguments.names_as_hints == "yes"
    if arguments.while_recording:
        if arguments.while_recording not in {BEST_MODEL, NO_MODEL}:
            find_speech_model(arguments.while_recording)
        changed["while_recording"] = arguments.while_recording
    if arguments.pauses is not None:
        changed["pause_s"] = arguments.pauses
    if arguments.text:
        changed["is_intelligent"] = arguments.text == "intelligent"
    if arguments.tell_voices_apart:
        changed["tells_voices_apart"] = arguments.tell_voices_apart == "yes"
    if arguments.voice_prints:
        changed["allows_voice_prints"] = arguments.voice_prints == "yes"
    return changed


def _lines(settings: StudySettings) -> list[str]:
    pauses = f"shown from {settings.pause_s:g} s on" if settings.pause_s else "not shown"
    is_auto = settings.language == AUTO_LANGUAGE
    language = "found out for each interview" if is_auto else name_language(settings.language)
    return [
        f"title            {settings.title or 'none: a deposit with an archive states it'}",
        f"language         {language}",
        f"pauses           {pauses}",
        f"text             {_INTELLIGENT if settings.is_intelligent else _VERBATIM}",
        f"while recording  {_FOLLOWED.get(settings.while_recording, settings.while_recording)}",
        f"microphone       {settings.device or 'not chosen yet'}",
        f"names as hints   {'yes' if settings.names_as_hints else 'no'}",
        f"speakers         {_TOLD_APART if settings.tells_voices_apart else _NOT_TOLD_APART}",
        f"voice prints     {_PRINTS_KEPT if settings.allows_voice_prints else 'not kept'}",
    ]


VERB = Verb(
    name="settings",
    summary="Show or change a study's settings for all its transcripts.",
    example="earshot settings dementia-course --names-as-hints yes",
    run=_run,
    arguments=_arguments,
)
