"""``earshot play``: listen to an interview."""

from __future__ import annotations

import argparse
import re
import threading
from typing import TYPE_CHECKING

from cli.console import Console
from cli.recording_signals import call_on_interrupt
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from cli.verbs.record import parse_duration_s
from study import format_clock
from study.errors import NoChannel, SoundIncomplete
from study.store import Interview

if TYPE_CHECKING:
    from capture import SoundPlayer

_SLOWEST, _FASTEST = 0.5, 2.0  # as capture.time_stretch's, which takes 0.3 s to load
_LOOK_S = 0.1
_GOODBYE_S = 2.0  # closing a device took 0.04 s


def parse_moment_s(text: str) -> float:
    """Return seconds from ``1:30``, ``1:02:03``, or a length such as ``90s``.

    Raises:
        argparse.ArgumentTypeError: the text is none of these.
    """
    found = re.fullmatch(r"(?:(\d+):)?(\d+):(\d\d(?:\.\d+)?)", text.strip())
    if found is not None:
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])
    return 0.0 if text.strip() == "0" else parse_duration_s(text)


def _speed(text: str) -> float:
    try:
        times = float(text)
    except ValueError:
        times = 0.0
    if not _SLOWEST <= times <= _FASTEST:
        raise argparse.ArgumentTypeError(f"give a speed from {_SLOWEST} to {_FASTEST}")
    return times


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument(
        "--from",
        dest="from_s",
        type=parse_moment_s,
        default=0.0,
        metavar="1:30",
        help="begin there",
    )
    parser.add_argument(
        "--for",
        dest="length_s",
        type=parse_duration_s,
        metavar="10s",
        help="play this much of the sound",
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="1.25",
        help="0.5 to 2 times as fast, at the same pitch",
    )
    parser.add_argument(
        "--channel", type=int, metavar="N", help="play this channel alone; the first is 1"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_interview(arguments, console) as interview:
        _play(interview, arguments, console)
    return 0


def _play(interview: Interview, arguments: argparse.Namespace, console: Console) -> None:
    from capture import SoundPlayer
    from study.store import explain_missing_sound, open_sound_for_listener, require_whole

    try:
        require_whole(interview)
    except SoundIncomplete as incomplete:
        console.say(f"{incomplete} What is left of it is played.")
    sound = open_sound_for_listener(interview)
    if sound is None:
        raise explain_missing_sound(interview)
    with sound:
        player = SoundPlayer(sound, channel=_channel(arguments.channel, sound.form.channels))
        try:
            until_s = arguments.from_s + arguments.length_s if arguments.length_s else None
            player.set_speed(arguments.speed)
            player.play(arguments.from_s, until_s)
            _listen(player, sound.duration_s, console)
        finally:
            player.close(_GOODBYE_S)
        if player.failure is not None:
            raise player.failure
        played = {"from_s": min(arguments.from_s, sound.duration_s), "until_s": player.position_s}
    console.print_result(
        played, [f"{format_clock(played['from_s'])} to {format_clock(played['until_s'])} played"]
    )


def _listen(player: SoundPlayer, duration_s: float, console: Console) -> None:
    """Show the position in the sound until it ends or somebody presses Ctrl+C."""
    ended = threading.Event()
    console.say("Playing. Ctrl+C stops it.")
    with call_on_interrupt(ended.set):
        while player.is_playing and not ended.is_set():
            console.show_line(
                f"\u25b6 {format_clock(player.position_s)} of {format_clock(duration_s)}"
            )
            ended.wait(_LOOK_S)


def _channel(number: int | None, count: int) -> int | None:
    """Return the index of a channel from its number, which counts from 1; None for all.

    Raises:
        NoChannel: the sound has no channel of this number.
    """
    if number is None:
        return None
    if not 1 <= number <= count:
        raise NoChannel(count)
    return number - 1


VERB = Verb(
    name="play",
    summary="Play an interview's sound from any time, slower or faster at the same pitch.",
    example="earshot play dementia-course P07_i1 --from 1:30 --for 10s --speed 1.25",
    run=_run,
    arguments=_arguments,
    uses_sound=True,
)
